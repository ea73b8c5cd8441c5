# SPDX-License-Identifier: Apache-2.0
"""The certificate of a destruction: what was destroyed, why, by whose two decisions, sealed.

It holds references, identities, digests and codes, no name and no content, so it is kept for ever.
The JSON is sealed (XAdES), the document that a person reads carries it inside and is sealed itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_, translate
from comity.errors import ConflictError
from comity.evidence import models
from comity.evidence.lifetime import (
    DESTRUCTION_WORDS,
    ENTRY_WORDS,
    DestructionGround,
    EntryOutcome,
    ListState,
    UnknownListError,
)
from comity.evidence.services import seals
from comity.evidence.services.rows import EVIDENCE
from comity.evidence.typesetting import Attachment, typeset
from comity.exchange.queries.own import own_code
from comity.exchange.queries.own_card import own_name
from comity.journal.services import record
from comity.sealing.canonical_json import canonical

FORMAT = "comity-destruction/1"
FILE = "certificate.json"
TITLE = N_("Certificate of destruction")
NOTICE = N_(
    "The keys that opened these items were destroyed, and with them their content, their "
    "descriptions and everything that was made of them. Their custody and the proofs of what was "
    "certified are kept, and still verify."
)
HEAD = (N_("Item"), N_("Identity"), N_("Reason"), N_("Outcome"))
DRAFTED, APPROVED, SUBJECT = N_("Drafted by"), N_("Approved by"), N_("Person whose data are erased")
CARRIED_OUT, DIGESTS = N_("Carried out"), N_("SHA-256 of what was destroyed")


class NotCarriedOutError(ConflictError):
    """The list was not carried out, so nothing can be certified."""

    code = "destruction-not-carried-out"
    message = N_("{reference} was not carried out: it is {state}.")
    remedy = N_("A second person approves it first.")


@dataclass(frozen=True, slots=True)
class DestructionCertificate:
    """A certificate as it was sealed."""

    list: str
    document: bytes
    """The JSON, canonical."""
    seal: bytes
    """XAdES over the JSON, named `certificate.json`."""
    pdf: bytes
    """What a person reads, sealed, with the JSON inside."""


def certificate(
    reference: str, *, by: Officer, at: datetime, language: str = "en"
) -> DestructionCertificate:
    """The certificate of a list that was carried out; made where there is none yet.

    Raises:
        UnknownListError, NotCarriedOutError: there is nothing to certify.
    """
    by.require(Permission.VIEW_EVIDENCE)
    return certify(reference, at=at, language=language)


def certify(reference: str, *, at: datetime, language: str = "en") -> DestructionCertificate:
    """Make and seal a list's certificate, once; doing it again gives the same one."""
    row = models.DestructionList.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownListError(reference=reference)
    if row.state != ListState.DONE:
        raise NotCarriedOutError(reference=reference, state=row.state)
    if row.certificate:
        return _as_value(row)
    document = _document(row)
    content = canonical(document)
    seal = seals.seal_files({FILE: content}, at=at).content
    pdf = seals.seal_document(_typeset(document, content, row, language), at=at).content
    return _kept(reference, content, seal, pdf, at=at)


def certify_all(*, at: datetime) -> int:
    """Certify whatever was carried out and has no certificate yet; how many that were."""
    waiting = models.DestructionList.objects.filter(state=ListState.DONE, certificate=b"")
    references = list(waiting.values_list("reference", flat=True))
    for reference in references:
        certify(reference, at=at)
    return len(references)


@transaction.atomic
def _kept(
    reference: str, content: bytes, seal: bytes, pdf: bytes, *, at: datetime
) -> DestructionCertificate:
    row = models.DestructionList.objects.select_for_update().get(reference=reference)
    if row.certificate:
        return _as_value(row)
    row.certificate, row.certificate_seal, row.certificate_pdf = content, seal, pdf
    row.save(update_fields=["certificate", "certificate_seal", "certificate_pdf"])
    facts = {"digest": hashlib.sha256(content).hexdigest()}
    record("destruction-certified", reference, by=EVIDENCE, at=at, facts=facts)
    return _as_value(row)


def _document(row: models.DestructionList) -> dict[str, Any]:
    at = row.decided_at or row.drafted_at
    return {
        "format": FORMAT,
        "issuer": own_code(),
        "list": row.reference,
        "subject": row.subject.reference if row.subject else "",
        "drafted_by": row.drafted_by,
        "drafted_at": row.drafted_at.isoformat(),
        "approved_by": row.decided_by,
        "carried_out_at": at.isoformat(),
        "entries": [_entry(one) for one in row.entries.select_related("item")],
    }


def _entry(entry: models.DestructionEntry) -> dict[str, str]:
    last = entry.item.custody.order_by("-number").first()
    return {
        "item": entry.item.reference,
        "identity": str(entry.item.identity),
        "kind": entry.item.kind,
        "ground": entry.ground,
        "outcome": entry.outcome,
        "hold": entry.hold,
        "digest": entry.digest,
        "custody": last.digest if last else "",
    }


def _typeset(
    document: dict[str, Any], content: bytes, row: models.DestructionList, language: str
) -> bytes:
    """The document that a person reads; the sealed JSON travels inside it."""
    with translation.override(language):
        issuer = own_name()
    said = {
        "title": translate(TITLE, language),
        "issuer": issuer,
        "number": row.reference,
        "language": language,
        "subtitle": "",
        "blocks": list(_blocks(document, language)),
    }
    attached = Attachment(
        FILE, content, "application/json", translate(TITLE, language), relationship="data"
    )
    at = row.decided_at or row.drafted_at
    return typeset("document", said, at=at, attachments=[attached])


def _blocks(document: dict[str, Any], language: str) -> list[dict[str, Any]]:
    facts = [
        [translate(CARRIED_OUT, language), document["carried_out_at"]],
        [translate(DRAFTED, language), document["drafted_by"]],
        [translate(APPROVED, language), document["approved_by"]],
    ]
    if document["subject"]:
        facts.append([translate(SUBJECT, language), document["subject"]])
    rows = [
        [
            entry["item"],
            entry["identity"],
            translate(DESTRUCTION_WORDS[DestructionGround(entry["ground"])], language),
            translate(ENTRY_WORDS[EntryOutcome(entry["outcome"])], language),
        ]
        for entry in document["entries"]
    ]
    digests = [[one["item"], one["digest"]] for one in document["entries"] if one["digest"]]
    blocks: list[dict[str, Any]] = [
        {"kind": "facts", "rows": facts},
        {"kind": "paragraph", "text": translate(NOTICE, language)},
        {
            "kind": "table",
            "head": [translate(word, language) for word in HEAD],
            "rows": rows,
            "widths": [2, 4, 3, 3],
        },
    ]
    if digests:
        blocks.append({"kind": "heading", "text": translate(DIGESTS, language)})
        blocks.append({"kind": "digests", "rows": digests})
    return blocks


def _as_value(row: models.DestructionList) -> DestructionCertificate:
    return DestructionCertificate(
        list=row.reference,
        document=bytes(row.certificate),
        seal=bytes(row.certificate_seal),
        pdf=bytes(row.certificate_pdf),
    )
