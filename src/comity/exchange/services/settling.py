# SPDX-License-Identifier: Apache-2.0
"""What is decided of one envelope that a partner signed for us: taken, waiting for parts, refused.

`Judge` holds what a transaction knows; an `Entry` is an envelope with the rows that follow from
the decision, to be written by `receiving` or `completing`. Nothing is written here.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from comity.agreements.known_law import KnownLaw
from comity.agreements.register import UnknownInstrumentError
from comity.errors import ComityError, InvalidInputError
from comity.exchange import law, models
from comity.exchange.alarm import AlarmKind
from comity.exchange.arrival import KeyRing, Sound, Unsound, obstacle
from comity.exchange.envelope import PAYLOAD_TYPE, Envelope, LegalBasis
from comity.exchange.evidence import EvidenceKind, LegalFinding, Reason
from comity.exchange.kind import Arrived, Kinds
from comity.exchange.law import Assessment, Course
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.outcome import Held, Outcome, Stated, Wanted, WantedPart
from comity.exchange.partner import KeyUse, Partner
from comity.exchange.queries.messages import PART_KEYS
from comity.exchange.reasons import ReasonCode
from comity.exchange.services.alarms import raise_alarm
from comity.exchange.services.entering import (
    Done,
    _message_row,
    _note_law,
    _part_rows,
    facts_of,
)
from comity.exchange.services.stating import Statements
from comity.exchange.signed_document import read_signed
from comity.storage.services import seal_text_record, store, unseal_text_record

logger = logging.getLogger(__name__)
NOT_NOW_SECONDS = 30
"""After so long a failure on our side may be over."""
ALARMS = {
    ReasonCode.SENDER_DIFFERS: AlarmKind.FOREIGN_SENDER,
    ReasonCode.RECIPIENT_DIFFERS: AlarmKind.FOREIGN_SENDER,
    ReasonCode.ID_CONFLICT: AlarmKind.ID_CONFLICT,
    ReasonCode.SIGNATURE_BROKEN: AlarmKind.SIGNATURE_FAILURES,
    ReasonCode.KEY_REVOKED: AlarmKind.SIGNATURE_FAILURES,
    ReasonCode.KEY_NOT_YET_VALID: AlarmKind.SIGNATURE_FAILURES,
    ReasonCode.KEY_EXPIRED: AlarmKind.SIGNATURE_FAILURES,
}
"""What somebody must look at, by the reason; what cannot be read is nonsense."""

THEY_HAVE = (MessageState.RELAYED, MessageState.DELIVERED, MessageState.OPENED)
"""Of ours: what the partner proved to have."""


@dataclass(slots=True)
class Entry:
    """One new envelope and everything that is written about it."""

    row: models.Message
    envelope: Envelope
    kinds: Kinds = field(repr=False)
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    """Of its parts."""
    parts: list[models.Part] = field(default_factory=list)
    law: LegalFinding | None = None
    evidence: models.Evidence | None = None
    """The receipt or the refusal; None while parts are missing."""
    act: Done | None = None
    failed: bool = False
    """Undone, because what takes it failed; it is tried again."""

    def receive(self, at: datetime) -> None:
        """Let the kind's service take it, where it is whole."""
        if self.row.state == MessageState.RECEIVED:
            blobs = tuple(part.blob for part in self.parts)
            arrived = Arrived(self.row.reference, self.envelope, blobs)
            self.kinds[self.row.kind].receive(arrived, at)

    def outcome(self) -> Outcome:
        """What the partner is answered."""
        message = str(self.row.identifier)
        if self.failed:
            return Held(message, ReasonCode.NOT_NOW.value, NOT_NOW_SECONDS)
        if self.evidence is not None:
            return Stated(message, bytes(self.evidence.document))
        missing = [WantedPart(part.number, 0) for part in self.parts if not part.blob]
        return Wanted(message, tuple(missing))


@dataclass(slots=True)
class Judge:
    """What a transaction knows when it decides."""

    number: int
    """Of the partner's row."""
    partner: Partner
    stating: Statements
    kinds: Kinds
    officials: KeyRing
    known: KnownLaw
    at: datetime

    def entry(self, sound: Sound, place: tuple[int, str]) -> Entry:
        """The envelope as it is to be written: refused, or waiting to be found whole."""
        row = _message_row(
            sound.envelope,
            sound.document,
            place=place,
            direction=Direction.IN,
            partner=self.number,
            state=MessageState.ARRIVING,
            digest=sound.digest,
            at=self.at,
        )
        entry = Entry(row, sound.envelope, self.kinds, sound.part_keys)
        reason = obstacle(
            sound, partner=self.partner, kinds=self.kinds, officials=self.officials, at=self.at
        ) or self.put_law(entry)
        if reason is not None:
            self.refuse(entry, reason)
        return entry

    def find_parts(self, entries: Sequence[Entry]) -> None:
        """Which parts are here already; what is whole is receipted.

        Only what this partner and we exchanged before counts: whoever names the digest of a file
        must not learn from us that somebody else has it.
        """
        waiting = [entry for entry in entries if entry.evidence is None]
        here = self._exchanged({p.digest for e in waiting for p in e.envelope.parts})
        for entry in waiting:
            blobs = [here.get(part.digest, "") for part in entry.envelope.parts]
            entry.parts = _part_rows(entry.row.pk, entry.envelope, blobs=blobs, keys=entry.keys)
            if all(blobs):
                self.receipt(entry)

    def signature(self, document: bytes, entry: Entry) -> Reason | None:
        """Why the envelope's signature counts no longer; a key may be revoked while parts come."""
        ring = KeyRing.of(self.partner.keys, KeyUse.ENVELOPE)
        signed = read_signed(document, PAYLOAD_TYPE)
        fault, key = ring.judged(signed, entry.envelope.header.created)
        return None if fault is None else Reason(fault, {"key": key} if key else {})

    def put_law(self, entry: Entry) -> Reason | None:
        """Our own answer to the sender's question, on this day; why it is refused, if it is."""
        basis = entry.envelope.header.basis
        if basis is None or not self.kinds[entry.row.kind].needs_basis:
            return None
        entry.row.their_verdict = basis.verdict
        entry.row.their_law = _stated(basis)
        try:
            found = law.assess_arrival(basis, self.known, own=self.stating.own, on=self.at.date())
        except UnknownInstrumentError:
            return Reason(ReasonCode.INSTRUMENT_UNKNOWN, {"instrument": basis.instrument})
        except InvalidInputError as error:
            return Reason(ReasonCode.QUESTION_UNREADABLE, {"error": error.code})
        entry.law = found.finding
        _note_law(entry.row, found.finding)
        entry.row.differs = bool(law.differences(found.finding, basis))
        return self._of_the_law(found, basis, entry.envelope)

    def refuse(self, entry: Entry, reason: Reason) -> None:
        """The entry as refused, with the evidence that says why."""
        entry.row.state, entry.row.settled_at = MessageState.REFUSED, self.at
        entry.row.problem = reason.code
        entry.evidence = self.stating.row(
            EvidenceKind.REFUSED, entry.row, reason=reason, law=entry.law
        )
        entry.act = self._act("message-refused", entry, reason=reason.code)

    def receipt(self, entry: Entry) -> None:
        """The entry as received, with its receipt."""
        entry.row.state, entry.row.settled_at = MessageState.RECEIVED, self.at
        digests = tuple(part.digest for part in entry.envelope.parts)
        entry.evidence = self.stating.row(
            EvidenceKind.RELAYED, entry.row, parts=digests, law=entry.law
        )
        entry.act = self._act("message-received", entry)

    def note_keys(self, row: models.Message, sound: Sound) -> None:
        """The keys of parts that are still missing, as the sender seals them now."""
        if row.state != MessageState.ARRIVING:
            return
        for part in row.parts.filter(blob=""):
            key = sound.part_keys[part.number].hex()
            if unseal_text_record(part.sealed_key, PART_KEYS) != key:
                part.sealed_key = seal_text_record(key, PART_KEYS)
                part.save(update_fields=["sealed_key"])

    def _of_the_law(
        self, found: Assessment, basis: LegalBasis, envelope: Envelope
    ) -> Reason | None:
        head = envelope.header
        if not law.between(found.question, head.sender, head.recipient):
            return Reason(ReasonCode.QUESTION_OF_OTHERS)
        if found.course is Course.STOP:
            facts = {"verdict": found.finding.verdict, "their_verdict": basis.verdict}
            return Reason(ReasonCode.LEGAL_BASIS_DIFFERS, facts)
        allowed = self.partner.ceilings.forms
        if allowed is not None and (odd := sorted(found.forms - allowed)):
            return Reason(ReasonCode.FORM_NOT_ALLOWED, {"forms": ",".join(odd)})
        return None

    def _exchanged(self, digests: set[str]) -> dict[str, str]:
        """Where the content of these digests lies, as far as this partner knows it anyway."""
        if not digests:
            return {}
        theirs = Q(message__direction=Direction.IN) | Q(message__state__in=THEY_HAVE)
        rows = models.Part.objects.filter(theirs, message__partner=self.number, digest__in=digests)
        known = set(rows.exclude(blob="").values_list("digest", flat=True).order_by())
        return {digest: name for digest in known if (name := store().has(digest))}

    def _act(self, act: str, entry: Entry, **more: str) -> Done:
        row = entry.row
        facts = facts_of(row, self.partner.code, verdict=row.verdict, **more)
        return Done(act, row.reference, facts, row.instrument, row.article)


def refused_by_kind(judge: Judge, entry: Entry, error: ComityError) -> None:
    """Make the entry one that its kind's own service refused.

    What that service does about it is undone where it fails; the refusal stands all the same.
    """
    judge.refuse(entry, Reason(ReasonCode.BODY_REFUSED, {"error": error.code}))
    refused = entry.kinds[entry.row.kind].refused
    if refused is None:
        return
    try:
        with transaction.atomic():
            refused(Arrived(entry.row.reference, entry.envelope, ()), error, judge.at)
    except Exception as failure:  # a partner's root, say, that no library reads
        name = type(failure).__name__
        logger.error("what follows a refusal of the kind %s failed: %s", entry.row.kind, name)


def warn(found: Unsound, evidence: bytes, *, partner: str, at: datetime) -> None:
    """An alarm about what was handed over and cannot be what it says, with our statement of it."""
    code = ReasonCode(found.reason.code)
    raise_alarm(
        ALARMS.get(code, AlarmKind.PARTNER_ANSWERS_NONSENSE),
        at=at,
        partner=partner,
        facts={"reason": code.value, "message": found.message},
        proof={"digest": found.digest, "stated": evidence.decode("utf-8", "replace")},
    )


def _stated(basis: LegalBasis) -> dict[str, str]:
    """What the sender's envelope says of its own finding."""
    return {
        "verdict": basis.verdict,
        "governing": basis.instrument,
        "version": basis.version,
        "article": basis.article,
    }
