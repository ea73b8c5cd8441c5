# SPDX-License-Identifier: Apache-2.0
"""What a package carries beside its items: the law, the exchange's evidences, journal and trust.

Everything stands in it as it was signed by whoever signed it, so that the verifier needs nothing
else. Keys of administrations are listed as we know them; a reader compares them by their cards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from comity.agreements.answers import document_of
from comity.agreements.assessment import Determination
from comity.agreements.queries import register
from comity.evidence import models, verify
from comity.evidence.package import KEYS_FORMAT
from comity.evidence.queries.renewals import renewals_of
from comity.evidence.services.seals import trust_snapshot
from comity.exchange.law import instrument_text
from comity.exchange.partner import KeyUse
from comity.exchange.queries.messages import evidences
from comity.exchange.queries.own import own_code
from comity.exchange.queries.partners import partner as partner_value
from comity.exchange.queries.witnessed import journal_keys_of, latest_cosigned
from comity.exchange.services.own_keys import journal_keys, own_keys
from comity.journal import queries as journal
from comity.journal import services as journal_services
from comity.journal.entry import Entry
from comity.journal.proof import Proof
from comity.sealing.canonical_json import canonical
from comity.sealing.checkpoint import read_checkpoint
from comity.sealing.merkle import inclusion_proof
from comity.sealing.renewals import renewal_document

ASSESSMENT_FORMAT, TRUST_FORMAT = "comity-assessment/2", "comity-trust/1"
MOST_EVIDENCES = 500
STATED = frozenset(("statement-certified", "statement-kept"))
"""Acts by which a statement enters our journal, with its root."""


def law_files(determinations: Mapping[str, Determination]) -> dict[str, bytes]:
    """How the law was applied to each item (by identity), and the text of every instrument."""
    governing = dict.fromkeys(one.governing for one in determinations.values() if one.governing)
    files: dict[str, bytes] = {}
    instruments: list[dict[str, str]] = []
    for number, reference in enumerate(governing, start=1):
        text = instrument_text(register().instrument(reference))
        files[f"law/{number:04}.json"] = text
        version = hashlib.sha256(text).hexdigest()
        instruments.append({"file": f"{number:04}", "reference": reference, "version": version})
    worst = max(determinations.values(), key=lambda found: found.verdict.rank, default=None)
    assessment: dict[str, Any] = {  # any: documents are JSON
        "format": ASSESSMENT_FORMAT,
        "instruments": instruments,
        "verdict": worst.verdict.value if worst else "",
        "items": {identity: document_of(found) for identity, found in determinations.items()},
    }
    return {**files, "law/assessment.json": canonical(assessment)}


def exchange_files(messages: Sequence[str]) -> dict[str, bytes]:
    """Receipts and other evidences about these messages, as they were signed."""
    documents = [
        each.document for message in dict.fromkeys(messages) for each in evidences(message)
    ]
    chosen = documents[:MOST_EVIDENCES]
    return {f"exchange/{n:04}.json": document for n, document in enumerate(chosen, start=1)}


def journal_files(
    statements: Sequence[str], partners: Iterable[str], *, at: datetime
) -> dict[str, bytes]:
    """Proofs that journals have these statements: ours, and those of partners, as they came."""
    own = _own_journal_files(statements, at=at)
    others = [canonical(proof) for proof in _proofs_of_others(statements, partners)]
    return own | {
        f"journal/{n:04}.json": each for n, each in enumerate(others, start=len(own) or 1)
    }


def _own_journal_files(statements: Iterable[str], *, at: datetime) -> dict[str, bytes]:
    """Proof that our journal has each of these statements: that we made it, or took it in."""
    entries = _entries(statements)
    if not entries:
        return {}
    last = max(entry.sequence for entry in entries)
    latest = journal.latest_checkpoint()
    if latest is None or latest.size < last:
        latest = journal_services.checkpoint(at=at)
    assert latest is not None  # there are entries
    cosigned = latest_cosigned()  # by any partner: better than our own word, where it covers all
    note = cosigned if cosigned and read_checkpoint(cosigned).size >= last else latest.note
    size, read = read_checkpoint(note).size, journal.read_hash()
    files = {"journal/checkpoint.txt": note.encode()}
    for number, entry in enumerate(entries, start=1):
        path = inclusion_proof(entry.sequence - 1, size, read)
        files[f"journal/{number:04}.json"] = canonical(Proof(entry, path, note).as_dict())
    return files


def last_entry(statements: Iterable[str]) -> int:
    """The number of the last of our journal's entries on these statements; 0 for none."""
    return max((entry.sequence for entry in _entries(statements)), default=0)


def _entries(statements: Iterable[str]) -> list[Entry]:
    return [
        entry
        for statement in statements
        for entry in journal.entries_about(statement)
        if entry.act in STATED
    ]


def _proofs_of_others(statements: Iterable[str], partners: Iterable[str]) -> list[Any]:
    """What came with these statements: that they stand in the journals of these partners.

    A proof whose journal's key we do not know would prove nothing to a reader, and stays here.
    """
    keys = [(known.name, known.key.raw) for code in partners for known in journal_keys_of(code)]
    rows = models.SealedStatement.objects.filter(reference__in=list(statements)).order_by("pk")
    held = [proof for row in rows for proof in row.proofs]
    return [each for each in held if verify.verify_note(each["checkpoint"], keys).signed_by]


def renewal_files(statements: Iterable[str]) -> dict[str, bytes]:
    """The renewals of the time stamps on our own seals of these statements."""
    rows = models.SealedStatement.objects.filter(reference__in=list(statements), own=True)
    digests = [hashlib.sha256(bytes(row.signature)).hexdigest() for row in rows.order_by("pk")]
    kept = models.SealedDocument.objects.filter(digest__in=digests, renewals__isnull=False)
    renewed = set(kept.values_list("digest", flat=True))
    found = [each for digest in digests if digest in renewed for each in renewals_of(digest)]
    return {
        f"trust/renewal-{number:04}.json": renewal_document(renewal)
        for number, renewal in enumerate(found, start=1)
    }


def trust_files(partners: Iterable[str], *, at: datetime) -> dict[str, bytes]:
    """Certificates, lists of revoked ones, and the keys of us and of these partners."""
    snapshot = trust_snapshot(at=at)
    certificates = list(
        dict.fromkeys((*snapshot.certificates, *(r.certificate for r in snapshot.roots)))
    )
    roots = [
        {
            "administration": root.administration,
            "sha256": root.certificate.fingerprint,
            "state": root.state.value,
            "pilot": root.pilot,
        }
        for root in snapshot.roots
    ]
    document: dict[str, Any] = {"format": TRUST_FORMAT, "at": at.isoformat(), "roots": roots}
    files = {
        "trust/snapshot.json": canonical(document),
        "trust/certificates.pem": b"".join(each.pem for each in certificates),
        "trust/keys.json": canonical({"format": KEYS_FORMAT, "administrations": _keys(partners)}),
    }
    if snapshot.revocations:
        files["trust/revocations.pem"] = b"".join(each.pem for each in snapshot.revocations)
    return files


def _keys(partners: Iterable[str]) -> dict[str, Any]:
    """The public keys by which each administration signs evidences and its journal."""
    envelope = [key.public for key in own_keys() if key.use is KeyUse.ENVELOPE]
    notes = dict.fromkeys(key.text for key in (*journal_keys(), *journal.trusted_keys()))
    found: dict[str, Any] = {own_code(): {"envelope": envelope, "journal": list(notes)}}
    for code in dict.fromkeys(partners):
        partner = partner_value(code)
        keys = [key for key in partner.keys if key.use is KeyUse.ENVELOPE]
        found[code] = {
            "envelope": [key.public for key in keys],
            "journal": [key.text for key in journal_keys_of(code)],
            "fingerprint": partner.fingerprint,
        }
    return found
