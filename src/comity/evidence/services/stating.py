# SPDX-License-Identifier: Apache-2.0
"""Certifying items: every field, custody event, page and mebibyte becomes a leaf of one statement.

What is certified is read as it lies there and held against what was recorded; an item whose
custody has a gap or a mismatch is not certified. Reading and sealing come before the transaction.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.queries import own_administration, register
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotPermittedError
from comity.evidence import models
from comity.evidence.custody import Custody, CustodyAct, CustodyWords, event_document
from comity.evidence.item import Item, ItemState
from comity.evidence.package import custody_leaves
from comity.evidence.previewing import NotDrawnError, is_drawable
from comity.evidence.queries import items as items_queries
from comity.evidence.queries.custody import custodies
from comity.evidence.queries.decisions import laid_on_each
from comity.evidence.services import custody as custody_services
from comity.evidence.services import keeping, seals
from comity.evidence.services.custody import NewAct
from comity.evidence.services.previewing import page_images
from comity.evidence.services.rows import _locked_items
from comity.evidence.services.stated import Stated, Values, _keep_all_stated, every_inside
from comity.evidence.stated_fields import stated_fields
from comity.evidence.statement import CHUNK, CertifiedItem, Head, ItemLeaves, state, value_digest
from comity.handling.marking import Marking
from comity.journal.services import record
from comity.storage.blob_store import BlobDamagedError

LETTERS = "STM"
MOST_ITEMS = 5_000
AT_ONCE = 250
"""So many items are read together."""


class NotCertifiableError(NotPermittedError):
    """An item cannot be certified as it stands."""

    code = "item-not-certifiable"
    message = N_("{item} was not certified: {obstacle}.")
    remedy = N_("Read the item's custody, and explain what is missing there.")


class NothingToCertifyError(InvalidInputError):
    """No items were named, or too many."""

    code = "nothing-to-certify"
    message = N_("Name at least one item and at most {most}; {found} were named.")
    remedy = N_("Certify the items of a case in several statements.")


class CustodyMovedOnError(ConflictError):
    """Something was done with an item while it was being certified."""

    code = "custody-moved-on"
    message = N_("{item} was not certified: its custody went on meanwhile.")
    remedy = N_("Certify it again.")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that was made."""

    reference: str
    root: str
    items: tuple[str, ...]
    leaves: int
    at: datetime
    pilot: bool
    """Whether the seal or its time stamp is of a built-in pilot authority."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An item as it was read to be certified."""

    item: Item
    certified: CertifiedItem
    values: Values
    """Without salts."""
    custody_head: str
    measured: str


def certify(
    references: Sequence[str],
    *,
    by: Officer,
    at: datetime,
    instrument: str = "",
    article: str = "",
) -> Statement:
    """Certify these items as they are now, at once and under one seal.

    Raises:
        PermissionMissingError: the officer does not certify.
        UnknownInstrumentError: the register has no such instrument.
        NotCertifiableError: custody, content or state of an item stands against it.
        CustodyMovedOnError: something was done with an item meanwhile.
    """
    actor = by.acting(Permission.CERTIFY_EVIDENCE)
    wanted = tuple(dict.fromkeys(references))
    if not 0 < len(wanted) <= MOST_ITEMS:
        raise NothingToCertifyError(most=MOST_ITEMS, found=len(wanted))
    if instrument:
        register().instrument(instrument)  # what the register does not have certifies nothing
    read = [each for at_once in _parts(wanted) for each in _read_all(at_once)]
    number, reference = _next_reference()
    head, leaves = state(
        (each.certified for each in read),
        reference=reference,
        issuer=own_administration(),
        at=at,
        instrument=instrument,
        article=article,
        official=by.reference,
    )
    sealed = seals.seal_files({"head.json": head.canonical()}, at=at)
    with transaction.atomic():
        rows = _locked_unchanged(read)
        pilot = sealed.pilot_seal or sealed.pilot_stamp
        row = _kept(number, head, sealed.content, at=at, pilot=pilot)
        said = zip(read, leaves, strict=True)
        _keep_all_stated(row, [_stated(rows, each, stated) for each, stated in said])
        custody_services.record_acts(
            wanted,
            NewAct(CustodyAct.CERTIFIED, counterpart=reference),
            by=actor,
            at=at,
            measured={each.item.reference: each.measured for each in read},
        )
        facts = {"digest": head.root, "count": str(head.items), "size": str(head.leaves)}
        record(
            "statement-certified", reference, by=actor, at=at, instrument=instrument, facts=facts
        )
    return Statement(reference, head.root, wanted, head.leaves, at, pilot)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is kept of items that are read together, each by its item's reference."""

    custodies: Mapping[str, Custody]
    words: Mapping[str, Mapping[int, tuple[CustodyWords, bytes]]]
    stated: Mapping[str, tuple[Stated, ...]]
    held: Mapping[str, keeping.Held]
    markings: Mapping[str, Marking]
    identities: Mapping[str, str]
    """Of what the items were made of."""


def _parts(references: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many items as are read together."""
    for begin in range(0, len(references), AT_ONCE):
        yield references[begin : begin + AT_ONCE]


def _read_all(references: Sequence[str]) -> Iterator[_Read]:
    """Read everything that is certified of these items."""
    found, recorded = items_queries.several(references), custodies(references)
    for item in found:
        _require_certifiable(item, holds=recorded[item.reference].holds)
    sources = tuple({each for item in found for each in item.derived_from})
    around = _Around(
        custodies=recorded,
        words=custody_services.all_words_inside(references),
        stated=every_inside(references),
        held=keeping.held_inside(references),
        markings=laid_on_each(references),
        identities={each.reference: each.identity for each in items_queries.several(sources)},
    )
    return (_read(item, around) for item in found)


def _read(item: Item, around: _Around) -> _Read:
    """Read everything that is certified of an item."""
    recorded, words = around.custodies[item.reference], around.words[item.reference]
    stated, held = around.stated[item.reference], around.held[item.reference]
    events = tuple(
        event_document(event, *words.get(event.number, (None, b""))) for event in recorded.events
    )
    sources = [around.identities[each] for each in item.derived_from]
    rendered = _is_rendition(stated)
    known = replace(item, digest="") if rendered else item
    fields = stated_fields(known, held.description(), around.markings[item.reference], sources)
    digests = {name: value_digest(value) for name, value in fields.items()}
    for event in events:
        digests |= {name: value_digest(v) for name, v in custody_leaves(event).items()}
    pages, chunks = _pages(item, stated), [] if rendered else _chunks(item, held)
    digests |= {f"pages/{n:05}": digest for n, (_, digest) in pages.items()}
    digests |= {f"chunks/{n:05}": digest for n, digest in enumerate(chunks, start=1)}
    return _Read(
        item=item,
        certified=CertifiedItem(item.identity, digests),
        values=Values({}, fields, events, {n: blob for n, (blob, _) in pages.items()}),
        custody_head=recorded.events[-1].digest,
        measured=item.digest,
    )


def _is_rendition(stated: Sequence[Stated]) -> bool:
    """Whether its supplier withheld the file, so that what lies here was made of what came.

    Such a file is not certified: the parts that came are, by their supplier.
    """
    return any(
        leaf.name.startswith("chunks/") and not leaf.disclosed
        for each in stated
        for leaf in each.leaves.leaves
    )


def _require_certifiable(item: Item, *, holds: bool) -> None:
    obstacle = ""
    if item.state is ItemState.DESTROYED:
        obstacle = N_("it was destroyed")
    elif not item.certifiable or not holds:
        obstacle = N_("its custody has a gap or a mismatch")
    if obstacle:
        raise NotCertifiableError(item=item.reference, obstacle=obstacle)


def _pages(item: Item, stated: Sequence[Stated]) -> dict[int, tuple[str, str]]:
    """Each page's picture: where it lies, and its digest. A supplier's pictures stay its own."""
    if item.is_object or not (is_drawable(item.media_type) or item.channels[0].supplier):
        return {}
    for each in stated:
        if each.values.pages:
            return {n: _known_page(item, blob) for n, blob in each.values.pages.items()}
    found = {}
    try:
        for number, png in enumerate(page_images(item.reference), start=1):
            blob = keeping.put_content(item.reference, io.BytesIO(png))
            found[number] = (blob.name, hashlib.sha256(png).hexdigest())
    except NotDrawnError:  # then the file alone is certified
        return {}
    return found


def _known_page(item: Item, blob: str) -> tuple[str, str]:
    with keeping.open_stored(item.reference, blob) as page:
        return blob, hashlib.sha256(page.read()).hexdigest()


def _chunks(item: Item, held: keeping.Held) -> list[str]:
    """The digests of the file's mebibytes; the whole must be what was recorded."""
    if not item.digest:
        return []
    found, whole = [], hashlib.sha256()
    try:
        with held.content() as content:
            while chunk := content.read(CHUNK):
                found.append(hashlib.sha256(chunk).hexdigest())
                whole.update(chunk)
    except BlobDamagedError as error:
        raise _another_content(item) from error
    if whole.hexdigest() != item.digest:
        raise _another_content(item)
    return found


def _another_content(item: Item) -> NotCertifiableError:
    return NotCertifiableError(
        item=item.reference, obstacle=N_("its content is not what was recorded")
    )


def _locked_unchanged(read: Sequence[_Read]) -> dict[str, models.Item]:
    """Lock the items; the custody of each must end where it ended when it was read."""
    rows = {row.reference: row for row in _locked_items(each.item.reference for each in read)}
    events = models.CustodyEvent.objects.filter(item__in=[row.pk for row in rows.values()])
    last = events.order_by("item", "-number").distinct("item").values_list("item", "digest")
    ends = dict(last)
    for each in read:
        row = rows[each.item.reference]
        if ends.get(row.pk) != each.custody_head or not row.certifiable:
            raise CustodyMovedOnError(item=row.reference)
    return rows


def _next_reference() -> tuple[int, str]:
    with connection.cursor() as cursor:
        table = models.SealedStatement._meta.db_table
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        number = int(cursor.fetchone()[0])
    return number, f"{LETTERS}-{number:05d}"


def _kept(
    number: int, head: Head, signature: bytes, *, at: datetime, pilot: bool
) -> models.SealedStatement:
    row = models.SealedStatement(
        pk=number,
        reference=head.reference,
        named=head.reference,
        issuer=head.issuer,
        head=head.canonical(),
        digest=hashlib.sha256(head.canonical()).hexdigest(),
        signature=signature,
        root=head.root,
        at=at,
        pilot=pilot,
        own=True,
    )
    row.save(force_insert=True)
    return row


def _stated(
    rows: Mapping[str, models.Item], read: _Read, leaves: ItemLeaves
) -> tuple[models.Item, ItemLeaves, Values]:
    """What is kept of one item of the statement."""
    salts = {leaf.name: leaf.salt for leaf in leaves.leaves}
    return rows[read.item.reference], leaves, replace(read.values, salts=salts)
