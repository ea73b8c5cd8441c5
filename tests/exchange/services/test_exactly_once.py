# SPDX-License-Identifier: Apache-2.0
"""Exactly once, whatever the network does: a machine that drops, repeats, reorders and cuts.

Southland is honest here and the network is not: it may lose whatever travels, bring it again as
often as it likes and in any order; our own side fails now and then. In the end both ledgers hold
the same messages once, with the same receipts byte for byte.
"""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from comity.exchange import models
from comity.exchange.envelope import Envelope
from comity.exchange.evidence import EvidenceKind
from comity.exchange.kind import Arrived, Kind
from comity.exchange.message_state import MessageState
from comity.exchange.note import NOTE
from comity.exchange.outcome import Held, Outcome, Stated, Wanted
from comity.exchange.queries.messages import envelope_document, envelope_in
from comity.exchange.services.posting import post
from comity.exchange.services.receiving import RECEPTION
from tests.exchange.services.test_posting import draft
from tests.support.exchange import CASE_OFFICER, NOON, File, PartnerNode, evidence_of, later

pytestmark = [pytest.mark.db, pytest.mark.django_db]

FAILS = [False]


def take(arrived: Arrived, at) -> None:
    """An effect in the database, and now and then a failure after it."""
    models.Nonce.objects.create(
        key_id="effect", nonce=arrived.envelope.header.id.replace("-", ""), expires_at=at
    )
    if FAILS[0]:
        raise RuntimeError("our side failed")


KINDS = {NOTE: Kind(NOTE, "a note", take)}
SUBJECTS: list[PartnerNode] = []
STATES_AFTER = {
    EvidenceKind.RELAYED: MessageState.RELAYED,
    EvidenceKind.DELIVERED: MessageState.DELIVERED,
    EvidenceKind.OPENED: MessageState.OPENED,
}
draws = st.integers(0, 10**6)


class Exchange(RuleBasedStateMachine):
    """Northland's node in the database, Southland's in memory, and a network between them."""

    def __init__(self) -> None:
        super().__init__()
        self.node = SUBJECTS[0]
        self.theirs: dict[str, tuple[Envelope, list[File]]] = {}
        """What Southland sent."""
        self.answers: dict[str, set[bytes]] = {}
        """Every evidence that we ever answered to each."""
        self.ours: dict[str, Envelope] = {}
        """What we posted, by the ledger's reference."""
        self.statements: list[bytes] = []
        """Evidences of Southland's that travel."""
        self.heard: dict[str, set[EvidenceKind]] = {}

    # Southland sends

    @rule(files=st.lists(st.binary(max_size=40), max_size=2))
    def southland_writes(self, files: list[bytes]) -> None:
        parts = [File(content) for content in files]
        envelope = self.node.envelope(files=parts)
        self.theirs[envelope.header.id] = (envelope, parts)
        self.answers[envelope.header.id] = set()

    @precondition(lambda self: self.theirs)
    @rule(picks=st.lists(draws, min_size=1, max_size=5))
    def the_network_brings_envelopes(self, picks: list[int]) -> None:
        chosen = [self._their(pick) for pick in picks]
        frames = [self.node.frame(envelope, files=files) for envelope, files in chosen]
        outcomes = RECEPTION.receive(frames, partner="XS", at=NOON)
        for (envelope, _), outcome in zip(chosen, outcomes, strict=True):
            self._answered(envelope, outcome)

    @precondition(lambda self: any(files for _, files in self.theirs.values()))
    @rule(pick=draws, number=st.integers(0, 1), cut=st.booleans())
    def the_network_brings_a_part(self, pick: int, number: int, cut: bool) -> None:  # noqa: FBT001
        with_files = [each for each in self.theirs.values() if each[1]]
        envelope, files = with_files[pick % len(with_files)]
        number %= len(files)
        sealed = files[number].sealed().getvalue()
        stream = io.BytesIO(sealed[: len(sealed) // 2] if cut else sealed)
        outcome = RECEPTION.take_part(envelope.header.id, number, 0, stream, partner="XS", at=NOON)
        self._answered(envelope, outcome)

    @precondition(lambda self: self.theirs)
    @rule(pick=draws)
    def southland_asks(self, pick: int) -> None:
        envelope, _ = self._their(pick)
        self._answered(envelope, RECEPTION.outcome_of(envelope.header.id, partner="XS"))

    # Northland sends

    @rule()
    def northland_posts(self) -> None:
        reference = post(draft(), by=CASE_OFFICER, at=NOON).require().reference
        row = models.Message.objects.get(reference=reference)
        self.ours[reference] = envelope_in(envelope_document(row.sealed))
        self.heard[reference] = set()

    @precondition(lambda self: self.ours)
    @rule(pick=draws, kind=st.sampled_from(sorted(STATES_AFTER)))
    def southland_states(self, pick: int, kind: EvidenceKind) -> None:
        envelope = list(self.ours.values())[pick % len(self.ours)]
        known = f"{envelope.header.id} {kind}"
        if kind is EvidenceKind.RELAYED:
            self.statements.append(self.node.receipt(envelope))
            return
        made = self.node.kept.get(known) or self.node.evidence(kind, envelope)
        self.node.kept[known] = made
        self.statements.append(made)

    @precondition(lambda self: self.statements)
    @rule(picks=st.lists(draws, min_size=1, max_size=6))
    def the_network_brings_evidences(self, picks: list[int]) -> None:
        chosen = [self.statements[pick % len(self.statements)] for pick in picks]
        assert all(RECEPTION.hear(chosen, partner="XS", at=later(minutes=1)))
        for statement in chosen:
            stated = evidence_of(Stated("", statement))
            [reference] = [r for r, e in self.ours.items() if e.header.id == stated.message]
            self.heard[reference].add(stated.kind)

    @rule(fails=st.booleans())
    def our_side_fails_or_recovers(self, fails: bool) -> None:  # noqa: FBT001
        FAILS[0] = fails

    # What always holds

    @invariant()
    def nothing_is_doubled(self) -> None:
        rows = models.Message.objects.filter(identifier__in=list(self.theirs))
        assert rows.count() == len(set(rows.values_list("identifier", flat=True)))
        assert all(len(answers) <= 1 for answers in self.answers.values())

    @invariant()
    def a_receipt_stands_for_one_effect(self) -> None:
        receipted = [m for m, answers in self.answers.items() if answers]
        names = [m.replace("-", "") for m in self.theirs]
        done = set(models.Nonce.objects.filter(nonce__in=names).values_list("nonce", flat=True))
        assert {m.replace("-", "") for m in receipted} == done

    @invariant()
    def our_messages_are_where_their_evidences_say(self) -> None:
        order = [MessageState.QUEUED, *STATES_AFTER.values()]
        states = dict(
            models.Message.objects.filter(reference__in=list(self.ours)).values_list(
                "reference", "state"
            )
        )
        for reference, kinds in self.heard.items():
            furthest = max((STATES_AFTER[kind] for kind in kinds), key=order.index, default=None)
            # What overtook the receipt counts once that is here: until then it is sent again.
            receipted = furthest if EvidenceKind.RELAYED in kinds else None
            assert states[reference] == (receipted or MessageState.QUEUED)

    def teardown(self) -> None:
        """The network mends: whatever is asked for is brought, and both sides agree."""
        FAILS[0] = False
        for envelope, files in self.theirs.values():
            frame = self.node.frame(envelope, files=files)
            [outcome] = RECEPTION.receive([frame], partner="XS", at=NOON)
            while isinstance(outcome, Wanted):
                wanted = outcome.parts[0]
                sealed = files[wanted.number].sealed(wanted.from_segment)
                outcome = RECEPTION.take_part(
                    envelope.header.id,
                    wanted.number,
                    wanted.from_segment,
                    sealed,
                    partner="XS",
                    at=NOON,
                )
            self._answered(envelope, outcome)
            receipt = evidence_of(outcome)
            assert receipt.kind is EvidenceKind.RELAYED
            assert receipt.envelope == envelope.digest
            assert receipt.parts == tuple(file.entry.digest for file in files)
        self.nothing_is_doubled()
        self.a_receipt_stands_for_one_effect()
        kept = models.Message.objects.filter(identifier__in=list(self.theirs), state="received")
        assert {str(row.identifier): row.digest for row in kept} == {
            message: envelope.digest for message, (envelope, _) in self.theirs.items()
        }

    def _their(self, pick: int) -> tuple[Envelope, list[File]]:
        return list(self.theirs.values())[pick % len(self.theirs)]

    def _answered(self, envelope: Envelope, outcome: Outcome) -> None:
        if isinstance(outcome, Stated):
            self.answers[envelope.header.id].add(outcome.evidence)
        elif isinstance(outcome, Held):
            assert FAILS[0]


@pytest.fixture
def southland(southland_node, settings):
    """The partner that the machine plays with, and a kind with an effect."""
    settings.MESSAGE_KINDS = "tests.exchange.services.test_exactly_once.KINDS"
    SUBJECTS[:] = [southland_node]
    yield southland_node
    SUBJECTS.clear()
    FAILS[0] = False


def test_every_message_has_its_effect_once_whatever_the_network_does(southland):
    quiet = settings(
        max_examples=12,
        stateful_step_count=20,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Exchange, settings=quiet)
