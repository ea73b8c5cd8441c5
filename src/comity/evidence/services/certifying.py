# SPDX-License-Identifier: Apache-2.0
"""Certifying copies of items: number, certificate, document, seal, and the copy as an item.

(1) The custody bears it, and the content is what was put there. (2) The door lets the item out.
(3) A number is taken. (4) Where the forum wants it, another officer certifies finally. (5) The
document is set and sealed. (6) The copy becomes an item, bound by all of the original's
conditions. Only 3 and 6 are in transactions; a number whose document fails is void for good.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db import connection, transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.instrument import Instrument
from comity.agreements.provision import ProvisionType
from comity.agreements.queries import own_administration
from comity.agreements.queries.registered import register
from comity.evidence import models
from comity.evidence.certified_copy import (
    Basis,
    Certificate,
    CertificationWithheldError,
    Issuer,
    Official,
    attached_name,
    certificate_document,
    check_capacity,
    check_languages,
    digest_of_pages,
    require_certifiable,
)
from comity.evidence.copy_register import (
    CertifiedCopy,
    CopyGivenUpError,
    CopyState,
    NotAwaitingFinalError,
    SameOfficialError,
    UnknownCertifiedCopyError,
    number_of,
    official_document,
    read_official,
)
from comity.evidence.custody import Custody, CustodyAct
from comity.evidence.forum_profiles import forum_profile
from comity.evidence.item import Description, Item, ItemKind, Rank
from comity.evidence.new_item import NewItem
from comity.evidence.previewing import NotDrawnError
from comity.evidence.queries import certified_copies as queries
from comity.evidence.queries import items as items_queries
from comity.evidence.queries.custody import custody as custody_of
from comity.evidence.seal import Sealed
from comity.evidence.services import custody, items, keeping, previewing, seals, way_out
from comity.evidence.services.custody import NewAct
from comity.evidence.services.rows import _locked_item
from comity.evidence.typesetting import Attachment, typeset
from comity.evidence.way_out import IntendedRecipient, IntendedUse, Let, WayOut
from comity.exchange.queries.own_card import own_name
from comity.journal.entry import Actor
from comity.journal.services import record
from comity.reference.countries import country_name

TEMPLATE = "certified_copy"
REGISTER_PAGE = "evidence/verify/"
"""Where, under the node's public address, anybody has a number or a document verified."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """An item that may be copied and certified now, with all that its certificate says of it."""

    item: Item
    custody: Custody
    let: Let
    description: Description


def certify_copy(
    item: str,
    profile: str,
    languages: Sequence[str],
    *,
    by: Officer,
    official: Official,
    at: datetime,
    use: IntendedUse | None = None,
    recipient: IntendedRecipient | None = None,
    instrument: str = "",
    article: str = "",
) -> CertifiedCopy:
    """Certify a copy of an item; where the profile wants a final certification it waits for it.

    `official` is who signs, as the certificate names them; `by` is the officer who acts here.

    Raises:
        PermissionMissingError: the officer does not certify evidence.
        UnknownProfileError, LanguagesError, CapacityNotSuitableError: what was asked for.
        CertificationWithheldError, NothingToCertifyError: the item bears no certificate.
        NotLetOutError: the law or what was laid on the item does not permit a copy.
        MissingGlyphError: a name is written in a script that no shipped font has.
    """
    actor = by.acting(Permission.CERTIFY_EVIDENCE)
    wanted = forum_profile(profile)
    spoken = check_languages(languages)
    check_capacity(wanted, official)
    ready = _ready(item, by=by, at=at, use=use, recipient=recipient)
    basis = _basis(ready.let, instrument, article)
    row = _numbered(ready, wanted.code, spoken, official, basis, actor=actor, at=at)
    if wanted.final_certification:
        return _attested(row.number, actor=actor, at=at)
    return _issued_or_void(row.number, ready, actor=actor, at=at)


def certify_finally(number: str, *, by: Officer, official: Official, at: datetime) -> CertifiedCopy:
    """Certify the attestation itself, by another officer than who recorded it; then issue it.

    Raises:
        SameOfficialError: the same officer. NotAwaitingFinalError: it does not wait for it.
        CapacityNotSuitableError: the forum wants another official's word. Else as `certify_copy`.
    """
    actor = by.acting(Permission.CERTIFY_EVIDENCE)
    waiting = queries.certified_copy(number)
    _require_awaiting(waiting, by)
    check_capacity(forum_profile(waiting.profile), official, final=True)
    ready = _ready(waiting.item, by=by, at=at)
    with transaction.atomic():
        row = _locked(number)
        _require_awaiting(queries.certified_copy(number), by)
        officials = _officials(row)
        officials["final"] = official_document(official)
        row.sealed = _sealed_officials(waiting.item, officials)
        row.final_by, row.final_at, row.state = by.reference, at, CopyState.PREPARED
        row.save(update_fields=["sealed", "final_by", "final_at", "state"])
        record("copy-certified-finally", number, by=actor, at=at, facts={"item": waiting.item})
    return _issued_or_void(number, ready, actor=actor, at=at)


@transaction.atomic
def void_copy(number: str, *, by: Officer, at: datetime) -> CertifiedCopy:
    """Give up a number that was prepared or awaits its final certification."""
    actor = by.acting(Permission.CERTIFY_EVIDENCE)
    row = _locked(number)
    if row.state not in (CopyState.PREPARED, CopyState.AWAITING_FINAL):
        raise NotAwaitingFinalError(number=number, state=row.state)
    return _voided(row, actor=actor, at=at)


def _ready(
    reference: str,
    *,
    by: Officer,
    at: datetime,
    use: IntendedUse | None = None,
    recipient: IntendedRecipient | None = None,
) -> _Ready:
    """Steps 1 and 2."""
    found, kept = items_queries.item(reference), custody_of(reference)
    require_certifiable(found, kept)
    if custody.measure(reference) != found.digest:
        raise CertificationWithheldError(item=reference, count=1)
    [let] = way_out.let_out(
        (reference,), WayOut.CERTIFIED_COPY, by=by, at=at, use=use, recipient=recipient
    )
    return _Ready(found, kept, let, way_out.description(let))


def _basis(let: Let, instrument: str, article: str) -> Basis:
    """The instrument named, or the one under which the law let the item out; and its article."""
    governing = instrument or (let.determination.governing if let.determination else "")
    if not governing:
        return Basis()
    found = register().instrument(governing)
    return Basis(governing, found.title, article or _article_on_copies(found))


def _article_on_copies(instrument: Instrument) -> str:
    """The article that speaks of documents and copies, where the register knows one."""
    on_copies = (p.article for p in instrument.provisions if p.type is ProvisionType.DOCUMENTS)
    return next(on_copies, "")


@transaction.atomic
def _numbered(
    ready: _Ready,
    profile: str,
    languages: Sequence[str],
    official: Official,
    basis: Basis,
    *,
    actor: Actor,
    at: datetime,
) -> models.CertifiedCopy:
    """Step 3: the next number, without a hole and without waiting for a document."""
    table = models.CertifiedCopy._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
    last = models.CertifiedCopy.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    reference = ready.item.reference
    row = models.CertifiedCopy(
        pk=last + 1,
        number=number_of(own_administration(), at.year, last + 1),
        item=models.Item.objects.get(reference=reference),
        profile=profile,
        languages=list(languages),
        prepared_by=actor.reference,
        prepared_at=at,
        decision=ready.let.decision,
        instrument=basis.instrument,
        article=basis.article,
        sealed=_sealed_officials(reference, {"first": official_document(official)}),
    )
    row.save(force_insert=True)
    facts = {"item": reference, "kind": profile, "count": str(len(languages))}
    record("copy-number-taken", row.number, by=actor, at=at, facts=facts)
    return row


@transaction.atomic
def _attested(number: str, *, actor: Actor, at: datetime) -> CertifiedCopy:
    row = _locked(number)
    row.state = CopyState.AWAITING_FINAL
    row.save(update_fields=["state"])
    record("copy-attested", number, by=actor, at=at, facts={"item": row.item.reference})
    return queries.certified_copy(row.number)


def _issued_or_void(number: str, ready: _Ready, *, actor: Actor, at: datetime) -> CertifiedCopy:
    """Steps 5 and 6; whatever stops them leaves a void number behind."""
    issued = False
    try:
        copy = _issued(number, ready, actor=actor, at=at)
        issued = True
        return copy
    finally:
        if not issued:
            with transaction.atomic():
                row = _locked(number)
                if row.state == CopyState.PREPARED:  # nobody gave it up meanwhile
                    _voided(row, actor=actor, at=at)


def _issued(number: str, ready: _Ready, *, actor: Actor, at: datetime) -> CertifiedCopy:
    pages = _pages(ready.item.reference)
    sealed = _sealed_document(number, ready, pages, at=at)
    return _kept(number, ready, pages, sealed, actor=actor, at=at)


def _pages(reference: str) -> tuple[bytes, ...]:
    """The pages as pictures, all of them or none: a copy never shows a part as if it were all."""
    try:
        return tuple(previewing.page_images(reference))
    except NotDrawnError:
        return ()


def _sealed_document(number: str, ready: _Ready, pages: Sequence[bytes], *, at: datetime) -> Sealed:
    """Step 5; set again where it turns out that a pilot authority had to stamp after all."""
    seal = seals.make_seal(at=at)
    pilot = seal.pilot or not seal.stamp_address
    while True:
        certificate = _certificate(number, ready, pages, pilot=pilot)
        document = _set(certificate, ready.let, pages, at=at)
        sealed = seals.seal_document(document, at=at, reason=number, field_name=number)
        if pilot or not (sealed.pilot_seal or sealed.pilot_stamp):
            return sealed
        pilot = True


def _certificate(number: str, ready: _Ready, pages: Sequence[bytes], *, pilot: bool) -> Certificate:
    row = models.CertifiedCopy.objects.select_related("item").get(number=number)
    officials = _officials(row)
    title = register().instrument(row.instrument).title if row.instrument else ""
    return Certificate(
        number=number,
        profile=forum_profile(row.profile),
        languages=tuple(row.languages),
        issuer=_issuer(row.languages[0], pilot=pilot),
        official=read_official(officials["first"]),
        on=row.prepared_at.date(),
        basis=Basis(row.instrument, title, row.article),
        item=ready.item,
        description=ready.description,
        custody=ready.custody,
        marking=ready.let.marking,
        pages=len(pages),
        pages_digest=digest_of_pages(pages),
        final=read_official(officials["final"]) if "final" in officials else None,
        final_on=row.final_at.date() if row.final_at else None,
    )


def _issuer(language: str, *, pilot: bool) -> Issuer:
    code = own_administration()
    address = str(settings.ENVIRONMENT.public_url)
    return Issuer(
        code=code,
        country=country_name(code, language),
        name=own_name(),
        address=urljoin(address.rstrip("/") + "/", REGISTER_PAGE) if address else "",
        pilot=pilot,
    )


def _set(certificate: Certificate, let: Let, pages: Sequence[bytes], *, at: datetime) -> bytes:
    attachments = []
    if certificate.embeds:
        with way_out.content(let) as content:
            original = content.read()
        attachments.append(
            Attachment(
                name=attached_name(certificate.item),
                content=original,
                media_type=certificate.item.media_type or "application/octet-stream",
                description=f"{certificate.item.reference}, SHA-256 {certificate.item.digest}",
            )
        )
    document = certificate_document(certificate, at)
    return typeset(TEMPLATE, document, at=at, pictures=pages, attachments=attachments)


@transaction.atomic
def _kept(
    number: str,
    ready: _Ready,
    pages: Sequence[bytes],
    sealed: Sealed,
    *,
    actor: Actor,
    at: datetime,
) -> CertifiedCopy:
    """Step 6: the copy as an item, the act in the original's custody, the line in the register."""
    source, row = ready.item, _locked(number)
    if row.state != CopyState.PREPARED:
        raise CopyGivenUpError(number=number)
    _locked_item(source.reference)  # before anything is journalled
    new = NewItem(
        kind=ItemKind.DOCUMENT,
        rank=Rank.CERTIFIED_COPY,
        description=Description(ready.description.title, text=number, file_name=f"{number}.pdf"),
        case=source.case,
        media_type="application/pdf",
        derived_from=(source.reference,),
    )
    copy = items.add(new, io.BytesIO(sealed.content), by=actor, at=at)
    act = NewAct(CustodyAct.CERTIFIED, counterpart=number, outcome=copy.identity)
    custody.record_act(source.reference, act, by=actor, at=at, measured=source.digest)
    digest = hashlib.sha256(sealed.content).hexdigest()
    row.copy = models.Item.objects.get(reference=copy.reference)
    row.state, row.issued_at, row.pages = CopyState.ISSUED, at, len(pages)
    row.digest, row.pages_digest = digest, digest_of_pages(pages)
    row.pilot = sealed.pilot_seal or sealed.pilot_stamp
    row.save()
    record(
        "copy-certified",
        number,
        by=actor,
        at=at,
        instrument=row.instrument,
        article=row.article,
        facts={
            "item": source.reference,
            "references": copy.reference,
            "kind": row.profile,
            "digest": digest,
            "count": str(len(pages)),
        },
    )
    return queries.certified_copy(row.number)


def _voided(row: models.CertifiedCopy, *, actor: Actor, at: datetime) -> CertifiedCopy:
    row.state = CopyState.VOID
    row.save(update_fields=["state"])
    record("copy-number-void", row.number, by=actor, at=at, facts={"item": row.item.reference})
    return queries.certified_copy(row.number)


def _locked(number: str) -> models.CertifiedCopy:
    row = models.CertifiedCopy.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise UnknownCertifiedCopyError(number=number)
    return row


def _require_awaiting(copy: CertifiedCopy, by: Officer) -> None:
    if copy.state is not CopyState.AWAITING_FINAL:
        raise NotAwaitingFinalError(number=copy.number, state=copy.state)
    if by.reference == copy.prepared_by:
        raise SameOfficialError(number=copy.number, officer=by.reference)


def _sealed_officials(item: str, officials: dict[str, dict[str, str]]) -> bytes:
    return keeping.seal_for_item(item, json.dumps(officials).encode(), queries.OFFICIALS)


def _officials(row: models.CertifiedCopy) -> dict[str, dict[str, str]]:
    opened = keeping.unseal_of_item(row.item.reference, bytes(row.sealed), queries.OFFICIALS)
    found: dict[str, dict[str, str]] = json.loads(opened)
    return found
