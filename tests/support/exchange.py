# SPDX-License-Identifier: Apache-2.0
"""A partner played in memory, with its own keys, honest until a test tells it to lie.

`PartnerNode` makes what Southland's node would hand to ours (cards, envelopes, parts, evidences)
and opens what ours would hand to it. `northland_node` makes this process's node Northland's, with
one agreement with Southland under which a question is permitted.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from comity.accounts.officer import OPERATOR, Officer
from comity.accounts.permissions import Role
from comity.agreements.instrument import Instrument
from comity.agreements.known_law import KnownLaw
from comity.agreements.overlay import Overlay
from comity.agreements.question import Ask, Question
from comity.exchange import envelope as envelopes
from comity.exchange import evidence as evidences
from comity.exchange import law
from comity.exchange.envelope import Envelope, Header, LogStatement, PartEntry
from comity.exchange.evidence import Evidence, EvidenceKind, LegalFinding, Reason
from comity.exchange.note import NOTE
from comity.exchange.outcome import Outcome, Stated
from comity.exchange.partner import CardKey, KeyUse
from comity.exchange.sealed_frame import OpenedFrame, open_frame, seal
from comity.exchange.signed_document import read_signed, signed
from comity.sealing.keys import DecryptionKey, EncryptionKey, SigningKey
from comity.sealing.segments import SEGMENT_LENGTH, Segments, make_content_key, segments_of
from tests.support import questions
from tests.support.agreements import NORTHLAND, SOUTHLAND, register
from tests.support.partner_cards import NOON, HeldCard, held_card, signing_card_key

CASE_OFFICER = Officer("OFF-00001", "N. Case", frozenset({Role.CASE_OFFICER}))
UNIT_HEAD = Officer("OFF-00002", "N. Head", frozenset({Role.UNIT_HEAD}))
AUDITOR = Officer("OFF-00003", "N. Auditor", frozenset({Role.AUDITOR}))
OFFICIAL = "XS-OFFICIAL-1"
AGREEMENT = "xn-xs-2020"


def identifier() -> str:
    """A new id of an envelope."""
    return str(uuid.uuid4())


def asked(asker: str = NORTHLAND, recipient: str = SOUTHLAND, **more: object) -> Ask:
    """What the agreement permits: information on tobacco, for an enquiry."""
    return questions.ask(asker=asker, asked=recipient, **more)


def known(
    *instruments: Instrument, overlay: Overlay | None = None, own: str = NORTHLAND
) -> KnownLaw:
    """What a node knows of the law: the agreement, unless others are given."""
    laws = questions.DomesticLaws({own: replace(questions.LAW, administration=own)})
    held = instruments or (questions.agreement(),)
    return KnownLaw(register(*held), overlay or Overlay(), laws)


@dataclass(frozen=True)
class File:
    """A file that a partner sends, sealed once."""

    content: bytes
    name: str = "evidence.bin"
    key: bytes = field(default_factory=make_content_key)

    @property
    def entry(self) -> PartEntry:
        """The file as its envelope names it."""
        digest = hashlib.sha256(self.content).hexdigest()
        return PartEntry(self.name, "application/octet-stream", len(self.content), digest)

    def sealed(self, from_segment: int = 0, to_segment: int | None = None) -> io.BytesIO:
        """The sealed segments as they travel, from one to before another."""
        count, segments = segments_of(len(self.content)), Segments(self.key)
        pieces = [
            segments.seal(
                number,
                self.content[number * SEGMENT_LENGTH : (number + 1) * SEGMENT_LENGTH],
                final=number == count - 1,
            )
            for number in range(count)
        ]
        return io.BytesIO(b"".join(pieces[from_segment:to_segment]))


@dataclass
class PartnerNode:
    """Another administration's node, as far as it can be seen from ours."""

    held: HeldCard
    ours: tuple[CardKey, ...] = ()
    """The keys of our card, as we gave it."""
    own: str = NORTHLAND
    """Whom it calls by what we call ourselves."""
    known: KnownLaw = field(default_factory=lambda: known(own=SOUTHLAND))
    official: SigningKey = field(default_factory=SigningKey.make)
    kept: dict[str, bytes] = field(default_factory=dict)
    """Receipts it gave, by the id of the message."""
    log: LogStatement | None = None

    @property
    def code(self) -> str:
        """Code of its administration."""
        return self.held.card.administration

    @property
    def key(self) -> SigningKey:
        """What it signs envelopes, evidences and requests with."""
        return self.held.envelope

    # What it hands over

    def envelope(
        self,
        *,
        kind: str = NOTE,
        body: Mapping[str, Any] | None = None,
        question: Question | None = None,
        files: Sequence[File] = (),
        at: datetime = NOON,
        **changes: Any,
    ) -> Envelope:
        """A covering note to us, under the agreement; `changes` are the header's."""
        made = identifier()
        put = law.assess_sending(question or asked(self.code, self.own), self.known, on=at.date())
        header: dict[str, Any] = {
            "id": made,
            "kind": kind,
            "conversation": made,
            "sender": self.code,
            "recipient": self.own,
            "created": at,
            "basis": put.basis(),
        }
        header |= changes
        if "id" in changes and "conversation" not in changes:
            header["conversation"] = header["id"]
        return Envelope(
            Header(**header),
            {"subject": "Good day"} if body is None else body,
            tuple(file.entry for file in files),
            log=self.log,
        )

    def signed(self, envelope: Envelope, *signers: SigningKey) -> bytes:
        """The envelope as its node signs it, or as somebody else did."""
        return signed(envelope.payload(), envelopes.PAYLOAD_TYPE, signers or (self.key,))

    def frame(
        self,
        envelope: Envelope,
        *signers: SigningKey,
        files: Sequence[File] = (),
        to: EncryptionKey | None = None,
    ) -> bytes:
        """The envelope sealed for us."""
        return seal(
            self.signed(envelope, *signers),
            message=envelope.header.id,
            sender=self.code,
            recipient=self.own,
            payload_type=envelopes.PAYLOAD_TYPE,
            part_keys=[file.key for file in files],
            to=to or self.our_encryption_key(envelope.header.created),
        )

    def our_encryption_key(self, at: datetime = NOON) -> EncryptionKey:
        """What it seals for."""
        fitting = [k for k in self.ours if k.use is KeyUse.ENCRYPTION and k.fits(at)]
        return EncryptionKey.from_pem(fitting[-1].public.encode())

    # What it is handed

    def opened(self, frame: bytes) -> OpenedFrame:
        """A frame of ours, opened with its key."""
        key: DecryptionKey = self.held.decryption
        return open_frame(frame, {key.public.key_id: key})

    def read(self, frame: bytes) -> Envelope:
        """The envelope in a frame of ours."""
        inside = self.opened(frame)
        return envelopes.read_envelope(read_signed(inside.document, envelopes.PAYLOAD_TYPE).payload)

    # What it states

    def evidence(
        self,
        kind: EvidenceKind,
        envelope: Envelope,
        *signers: SigningKey,
        at: datetime = NOON,
        **changes: Any,
    ) -> bytes:
        """A signed statement about an envelope of ours."""
        stated: dict[str, Any] = {
            "id": identifier(),
            "kind": kind,
            "message": envelope.header.id,
            "envelope": envelope.digest,
            "by": self.code,
            "to": self.own,
            "at": at,
        }
        made = Evidence(**(stated | changes))
        return signed(made.payload(), evidences.PAYLOAD_TYPE, signers or (self.key,))

    def receipt(self, envelope: Envelope, *signers: SigningKey, **changes: Any) -> bytes:
        """Its receipt: the same bytes whenever an honest node is asked."""
        if envelope.header.id in self.kept and not signers and not changes:
            return self.kept[envelope.header.id]
        parts = tuple(part.digest for part in envelope.parts)
        given: dict[str, Any] = {"parts": parts, "law": self.finding(envelope)} | changes
        made = self.evidence(EvidenceKind.RELAYED, envelope, *signers, **given)
        if not signers and not changes:
            self.kept[envelope.header.id] = made
        return made

    def refusal(self, envelope: Envelope, code: str, **changes: Any) -> bytes:
        """Its refusal, for this reason."""
        reason = Reason(code)
        return self.evidence(EvidenceKind.REFUSED, envelope, reason=reason, **changes)

    def finding(self, envelope: Envelope) -> LegalFinding | None:
        """Its own answer to our question of the law."""
        basis = envelope.header.basis
        if basis is None:
            return None
        on = envelope.header.created.date()
        return law.assess_arrival(basis, self.known, own=self.code, on=on).finding


def evidence_of(outcome: Outcome) -> Evidence:
    """The evidence that an outcome states."""
    assert isinstance(outcome, Stated), outcome
    payload = read_signed(outcome.evidence, evidences.PAYLOAD_TYPE).payload
    return evidences.read_evidence(payload)


def northland_node(
    settings: Any, monkeypatch: pytest.MonkeyPatch, home: Path, *instruments: Instrument
) -> None:
    """Make this process's node Northland's: its folder, its keys, its register, its law."""
    from comity.exchange.services import own_keys

    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT,
        home=home,
        administration=NORTHLAND,
        exchange_url="https://localhost:8443",
        exchange_reserve=0,
    )
    know(monkeypatch, *instruments)
    own_keys.make_own_keys(at=NOON)


def know(monkeypatch: pytest.MonkeyPatch, *instruments: Instrument) -> None:
    """From now on our node's register has these, and our own law is on file."""
    from comity.agreements.queries import registered

    law_known = known(*instruments)
    monkeypatch.setattr(registered, "shipped_register", lambda: law_known.register)
    monkeypatch.setattr(registered, "domestic_laws", lambda: law_known.laws)
    registered._merged_up_to.cache_clear()


def southland_node(code: str = SOUTHLAND, *, at: datetime = NOON, **card: object) -> PartnerNode:
    """A partner of ours: its card was read in and its fingerprint compared."""
    from comity.exchange.services import own_keys, partners

    held = held_card(code, at)
    official = SigningKey.make()
    keys = (
        *held.card.keys,
        signing_card_key(KeyUse.OFFICIAL, official, at, holder=OFFICIAL),
    )
    held = replace(held, card=replace(held.card, keys=keys, **card))  # type: ignore[arg-type]
    record = partners.propose(held.document, by=OPERATOR, at=at)
    partners.confirm(code, record.partner.fingerprint, by=OPERATOR, at=at)
    ours = own_keys.own_card_keys(at=at)
    return PartnerNode(held, ours, known=known(own=code), official=official)


def later(**spans: float) -> datetime:
    """Noon, and so much after it."""
    return NOON + timedelta(**spans)
