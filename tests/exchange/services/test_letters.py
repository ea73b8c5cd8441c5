# SPDX-License-Identifier: Apache-2.0
"""Letters to a partner without a node: the same ledger, the same evidences, a person in between."""

from __future__ import annotations

import io
from datetime import date

import pytest

from comity.accounts.officer import OPERATOR
from comity.exchange import models
from comity.exchange.draft import Draft
from comity.exchange.evidence import EvidenceKind
from comity.exchange.letter import Channel, Return
from comity.exchange.message_state import MessageState
from comity.exchange.note import NOTE, Note
from comity.exchange.queries.letters import dispatches, letters_in
from comity.exchange.queries.messages import evidences, message
from comity.exchange.services import bring_to_the_desk, letters, partners
from comity.exchange.services.letters import Incoming, Registered
from comity.exchange.services.opening import open_message, open_part
from comity.exchange.services.posting import keep_part, post
from comity.exchange.services.timing import make_due
from comity.reference.taxonomy import Caveat
from tests.support.exchange import AGREEMENT, AUDITOR, CASE_OFFICER, NOON, asked, later
from tests.support.officers import journal_acts

pytestmark = [pytest.mark.db, pytest.mark.django_db]

MONDAY = date(2026, 3, 2)


@pytest.fixture
def by_post(northland_node):
    """Southland has no node: it gets letters, in French first."""
    partners.register_without_node("XS", "Customs of Southland", by=OPERATOR, at=NOON)
    partners.change_settings(
        "XS", by=OPERATOR, at=NOON, language="fr", address="Directorate\n1 Harbour Road\nPort South"
    )


def scan(name: str = "scan.pdf"):
    return keep_part(io.BytesIO(name.encode()), name, "application/pdf")


def waiting(**more: object) -> str:
    given = {"kind": NOTE, "to": "XS", "body": Note("Tobacco", "Good day").body(),
             "question": asked()}  # fmt: skip
    return post(Draft(**(given | more)), by=CASE_OFFICER, at=NOON).require().reference


def dispatched(**more: object) -> str:
    reference = waiting(**more)
    said = Registered(Channel.COURIER, MONDAY, scan())
    letters.record_dispatch(reference, said, by=CASE_OFFICER, at=NOON)
    return reference


def test_a_letter_says_everything_in_two_languages(by_post):
    reference = waiting(
        case="REQ-41", handling="H2", caveats=(Caveat.CUSTOMS_ONLY,), parts=(scan("list.pdf"),)
    )

    made = letters.letter_of(reference, by=CASE_OFFICER, at=NOON)

    assert [side.language for side in made.sides] == ["fr", "en"]
    assert made.register_number == f"XN/2026/{reference[-5:]}"
    assert made.addressee == ("Directorate", "1 Harbour Road", "Port South")
    assert (made.subject, made.text, made.case) == ("Tobacco", "Good day", "REQ-41")
    assert [part.name for part in made.enclosures] == ["list.pdf"]
    english = made.sides[1]
    assert english.matter[0].startswith("We ask for your assistance under Agreement xn-xs-2020")
    assert ", article " in english.matter[0]
    assert any("H2" in condition for condition in english.conditions)
    assert len(english.conditions) == 2
    assert "23 March 2026" in english.closing[1]
    assert ("message-viewed", reference) in {(act, subject) for act, subject, _ in journal_acts()}


def test_a_dispatch_is_recorded_with_its_proof(by_post):
    reference = dispatched()

    assert message(reference).state is MessageState.DISPATCHED
    [line] = dispatches(reference)
    assert (line.channel, line.at.date(), line.recorded_by) == (
        Channel.COURIER, MONDAY, CASE_OFFICER.reference,
    )  # fmt: skip
    with letters.proof_of(reference, line.number, by=AUDITOR, at=NOON) as content:
        assert content.read() == b"scan.pdf"
    assert [row.reference for row in letters_in(MessageState.DISPATCHED)] == [reference]
    assert "letter-dispatched" in [act for act, _, _ in journal_acts()]


@pytest.mark.parametrize(
    ("what", "state", "kind"),
    [
        (Return.ACKNOWLEDGED, MessageState.RELAYED, EvidenceKind.RELAYED),
        (Return.ADVICE, MessageState.DELIVERED, EvidenceKind.DELIVERED),
        (Return.REFUSED, MessageState.REFUSED, EvidenceKind.REFUSED),
    ],
)
def test_what_comes_back_makes_the_evidence_that_a_node_would_make(what, state, kind, by_post):
    reference, proof = dispatched(), scan("advice.pdf")

    letters.register_return(
        reference,
        what,
        Registered(Channel.POST, MONDAY, proof),
        by=CASE_OFFICER,
        at=later(hours=1),
        reason="not-competent" if what is Return.REFUSED else "",
    )

    assert message(reference).state is state
    last = evidences(reference)[-1].evidence
    assert (last.kind, last.by) == (kind, "XN")
    assert last.further["registered"]["way"] == "post"
    assert len(last.further["registered"]["proof"]) == 64
    assert message(reference).problem == ("not-competent" if what is Return.REFUSED else "")


def test_nothing_comes_back_on_what_is_settled(by_post):
    reference = dispatched()
    said = Registered(Channel.POST, MONDAY)
    letters.register_return(
        reference, Return.REFUSED, said, by=CASE_OFFICER, at=NOON, reason="secrecy"
    )

    with pytest.raises(letters.NoReturnExpectedError):
        letters.register_return(reference, Return.ADVICE, said, by=CASE_OFFICER, at=NOON)
    with pytest.raises(letters.LetterNotSendableError):
        letters.record_dispatch(reference, said, by=CASE_OFFICER, at=NOON)


def test_what_has_not_happened_yet_is_not_registered(by_post):
    said = Registered(Channel.POST, date(2026, 3, 3))

    with pytest.raises(letters.DispatchInFutureError):
        letters.record_dispatch(waiting(), said, by=CASE_OFFICER, at=NOON)


def test_an_answer_becomes_a_message_of_the_same_conversation(by_post):
    question = dispatched()

    answer = letters.register_incoming(
        Incoming("XS", "Your letter", "Yes.", (scan("answer.pdf"),), "S-17", "REQ-41", question),
        Registered(Channel.POST, MONDAY),
        by=CASE_OFFICER,
        at=later(days=2),
    )

    kept = message(answer)
    assert kept.conversation == message(question).conversation
    assert message(question).state is MessageState.OPENED
    assert bring_to_the_desk(at=later(days=2)) == 1
    opened = open_message(answer, by=CASE_OFFICER, at=later(days=2))
    assert opened.envelope.body["their_reference"] == "S-17"
    assert opened.envelope.further["registered"]["by"] == CASE_OFFICER.reference
    assert open_part(answer, 0, by=CASE_OFFICER, at=later(days=2)).content.read() == b"answer.pdf"
    assert not models.Evidence.objects.filter(to_tell=True).exists()


def test_clocks_run_for_letters_too(by_post):
    reference = dispatched()

    make_due(at=later(days=20))
    assert [e.evidence.kind.value for e in evidences(reference)] == ["submission-accepted"]
    make_due(at=later(days=22))

    assert [e.evidence.kind.value for e in evidences(reference)][-1] == "relay-overdue"


def test_a_message_that_travels_by_machine_is_no_letter(southland_node):
    reference = waiting(question=asked())

    with pytest.raises(letters.NotALetterError):
        letters.letter_of(reference, by=CASE_OFFICER, at=NOON)
    assert message(reference).instrument == AGREEMENT
