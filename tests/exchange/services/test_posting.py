# SPDX-License-Identifier: Apache-2.0
"""A draft becomes a message: assessed, signed once, kept, and receipted by the partner."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import PermissionMissingError
from comity.agreements.claim import Event
from comity.agreements.register import UnknownInstrumentError
from comity.exchange import models
from comity.exchange.acquaintance import UnknownPartnerError
from comity.exchange.draft import (
    Decision,
    DecisionNeededError,
    DecisionReasonMissingError,
    Draft,
    MessageRejectedError,
    UnknownKindError,
)
from comity.exchange.envelope import PAYLOAD_TYPE
from comity.exchange.message_state import MessageState
from comity.exchange.note import NOTE, Note
from comity.exchange.partner import KeyUse
from comity.exchange.queries.messages import envelope_document, envelope_in, evidences, message
from comity.exchange.services import own_keys, partners
from comity.exchange.services.opening import open_message
from comity.exchange.services.posting import (
    IdentifierTakenError,
    NotWithdrawableError,
    keep_part,
    post,
    withdraw,
)
from comity.exchange.services.receiving import RECEPTION
from comity.exchange.signed_document import verify_signed
from comity.exchange.wire import WireFormError, WireLimitError
from comity.journal.queries import entries_about
from comity.reference.taxonomy import FormOfAssistance
from comity.sealing.keys import SigningKey, VerificationKey
from tests.support import questions
from tests.support.agreements import claim
from tests.support.exchange import (
    CASE_OFFICER,
    NOON,
    UNIT_HEAD,
    asked,
    evidence_of,
    identifier,
    know,
    later,
)

pytestmark = [pytest.mark.db, pytest.mark.django_db]

UNASKED = asked(forms=(FormOfAssistance.OBJECTS_SAMPLES,))
"""What the agreement is silent on: the law leaves it to a person."""


def draft(**more: object) -> Draft:
    """A covering note to Southland."""
    given = {"kind": NOTE, "to": "XS", "body": Note("Good day").body(), "question": asked()}
    return Draft(**(given | more))


def envelope_of(reference: str):
    row = models.Message.objects.get(reference=reference)
    return envelope_in(envelope_document(row.sealed))


def ceilings(**changes: object) -> None:
    partners.set_ceilings("XS", by=OPERATOR, at=NOON, **changes)


# What goes


def test_a_note_is_accepted_kept_and_receipted(southland_node):
    posted = post(draft(), by=CASE_OFFICER, at=NOON).require()

    assert posted.state is MessageState.QUEUED
    receipt = southland_node.receipt(envelope_of(posted.reference))
    assert list(RECEPTION.hear([receipt], partner="XS", at=NOON)) == [True]

    kept = message(posted.reference)
    assert kept.state is MessageState.RELAYED
    assert (kept.verdict, kept.their_verdict, kept.differs) == ("permitted", "permitted", False)
    kinds = [e.evidence.kind.value for e in evidences(posted.reference)]
    assert kinds == ["submission-accepted", "relayed"]


def test_the_envelope_names_instrument_version_and_article(southland_node):
    posted = post(draft(), by=CASE_OFFICER, at=NOON)

    basis = envelope_of(posted.reference).header.basis
    assert (basis.instrument, basis.verdict) == ("xn-xs-2020", "permitted")
    assert len(basis.version) == 64
    assert basis.question["under"] == "xn-xs-2020"
    assert basis.question["on"] == "2026-03-02"


def test_the_journal_says_who_posted_what_under_which_instrument(southland_node):
    posted = post(draft(), by=CASE_OFFICER, at=NOON)

    [entry] = entries_about(posted.reference)
    assert (entry.act, entry.actor.reference) == ("message-posted", "OFF-00001")
    assert entry.instrument == "xn-xs-2020"
    assert entry.facts["digest"] == posted.digest


def test_nothing_of_the_content_stands_in_the_tables(southland_node):
    part = keep_part(io.BytesIO(b"secret content"), "secret name.txt", "text/plain")
    body = Note("secret subject").body()
    posted = post(draft(body=body, parts=(part,)), by=CASE_OFFICER, at=NOON)

    row = models.Message.objects.get(reference=posted.reference)
    columns = [str(bytes(row.sealed)), str(row.law), row.parts.get().sealed_name]
    assert not any("secret" in column for column in columns)
    assert envelope_of(posted.reference).parts[0].name == "secret name.txt"


def test_an_answer_belongs_to_the_conversation_of_what_it_answers(southland_node):
    asking = southland_node.envelope(conversation=identifier())
    RECEPTION.receive([southland_node.frame(asking)], partner="XS", at=NOON)

    posted = post(draft(in_reply_to=asking.header.id), by=CASE_OFFICER, at=NOON)

    header = envelope_of(posted.reference).header
    assert header.conversation == asking.header.conversation
    assert header.in_reply_to == asking.header.id


def test_a_draft_with_an_id_is_one_message_however_often_it_is_posted(southland_node):
    once = draft(identifier=identifier())

    first = post(once, by=CASE_OFFICER, at=NOON)
    again = post(once, by=CASE_OFFICER, at=later(hours=1))

    assert (again.reference, again.digest) == (first.reference, first.digest)
    assert models.Message.objects.count() == 1


def test_an_id_is_not_taken_for_another_kind(southland_node):
    once = draft(identifier=identifier())
    post(once, by=CASE_OFFICER, at=NOON)

    with pytest.raises(IdentifierTakenError):
        post(replace(once, kind="exchange.test/1"), by=CASE_OFFICER, at=NOON)


def test_a_partner_of_the_previous_wire_version_is_written_to_in_it(northland_node):
    from tests.support.exchange import southland_node as partner_node

    older = partner_node(wire_versions=(1,))

    posted = post(draft(), by=CASE_OFFICER, at=NOON).require()

    envelope = envelope_of(posted.reference)
    assert (envelope.wire, envelope.log) == (1, None)
    assert list(RECEPTION.hear([older.receipt(envelope, wire=1)], partner="XS", at=NOON)) == [True]
    incoming = replace(older.envelope(), wire=1)
    [outcome] = RECEPTION.receive([older.frame(incoming)], partner="XS", at=NOON)
    assert (evidence_of(outcome).kind, evidence_of(outcome).wire) == ("relayed", 1)


# The law, on our side


def test_where_the_law_leaves_it_to_a_person_nothing_is_kept_without_a_decision(southland_node):
    posted = post(draft(question=UNASKED), by=CASE_OFFICER, at=NOON)

    assert posted.needs_decision
    assert posted.law.verdict == "person-must-decide"
    assert not models.Message.objects.exists()
    with pytest.raises(DecisionNeededError):
        posted.require()


def test_a_decision_lets_it_go_and_is_kept_with_its_reason(southland_node):
    decided = Decision("The ambassador asked for it in person.", by=UNIT_HEAD)

    posted = post(draft(question=UNASKED, decision=decided), by=CASE_OFFICER, at=NOON).require()

    assert posted.decided
    kept = message(posted.reference)
    assert kept.law["decision"]["by"] == "OFF-00002"
    assert "ambassador" not in str(kept.law)
    opened = open_message(posted.reference, by=CASE_OFFICER, at=NOON)
    assert opened.decision == "The ambassador asked for it in person."
    [posting, *_] = entries_about(posted.reference)
    assert posting.facts["approved_by"] == "OFF-00002"
    assert envelope_of(posted.reference).header.basis.verdict == "person-must-decide"


def test_only_who_may_decide_decides_and_says_why(southland_node):
    by_nobody = Decision("The ambassador asked for it in person.", by=CASE_OFFICER)
    without_reason = Decision("  ok ", by=UNIT_HEAD)

    with pytest.raises(PermissionMissingError):
        post(draft(question=UNASKED, decision=by_nobody), by=CASE_OFFICER, at=NOON)
    with pytest.raises(DecisionReasonMissingError):
        post(draft(question=UNASKED, decision=without_reason), by=CASE_OFFICER, at=NOON)


def test_what_the_law_forbids_no_person_sends(southland_node):
    stranger = asked(recipient="XE")
    decided = Decision("The ambassador asked for it in person.", by=UNIT_HEAD)

    posted = post(draft(question=stranger, decision=decided), by=CASE_OFFICER, at=NOON)

    assert posted.state is MessageState.REJECTED
    with pytest.raises(MessageRejectedError):
        posted.require()


def test_a_rejection_is_kept_with_the_findings_of_the_law(southland_node, monkeypatch):
    ended = questions.agreement(claims=(*questions.IN_FORCE, claim(Event.TERMINATED, "2024-01-01")))
    know(monkeypatch, ended)

    posted = post(draft(), by=CASE_OFFICER, at=NOON)

    assert (posted.state, posted.reason.code) == ("rejected", "legal-basis-insufficient")
    [rejection] = evidences(posted.reference)
    assert rejection.evidence.kind == "submission-rejected"
    reasons = {finding["reason"] for finding in rejection.evidence.law.findings}
    assert reasons & {"terminated", "ended", "force-ended", "not-in-force"}, reasons
    assert [e.act for e in entries_about(posted.reference)] == ["message-rejected"]


def test_an_instrument_that_the_register_has_not_is_an_error(southland_node):
    with pytest.raises(UnknownInstrumentError):
        post(draft(question=asked(under="xn-xs-1999")), by=CASE_OFFICER, at=NOON)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"question": None}, "legal-basis-missing"),
        ({"question": asked(asker="XS", recipient="XN")}, "question-of-others"),
        ({"body": {"subject": "x", "text": "y" * 600_000}}, "body-too-large"),
        ({"official": "XN-OFFICIAL-1"}, "official-not-designated"),
    ],
)
def test_a_draft_is_rejected_for_its_own_fault(southland_node, changes, reason):
    posted = post(draft(**changes), by=CASE_OFFICER, at=NOON)

    assert (posted.state, posted.reason.code) == (MessageState.REJECTED, reason)


def test_what_no_recipient_could_read_is_an_error_and_no_message(southland_node):
    with pytest.raises(WireLimitError):
        post(draft(body={"subject": "x", "text": "y" * 1_100_000}), by=CASE_OFFICER, at=NOON)
    with pytest.raises(WireFormError, match=r"header\.case"):
        post(draft(case="two\nlines"), by=CASE_OFFICER, at=NOON)

    assert not models.Message.objects.exists()


# Ceilings


@pytest.mark.parametrize(
    ("ceiling", "reason"),
    [
        ({"kinds": ()}, "kind-not-allowed"),
        ({"forms": ("SPONTANEOUS",)}, "form-not-allowed"),
        ({"parts": 0}, "too-many-parts"),
        ({"message_bytes": 3}, "too-large"),
        ({"waiting": 0}, "too-many-waiting"),
    ],
)
def test_no_message_goes_above_a_partners_ceilings(southland_node, ceiling, reason):
    ceilings(**ceiling)
    part = keep_part(io.BytesIO(b"content"), "a.txt", "text/plain")

    posted = post(draft(parts=(part,)), by=CASE_OFFICER, at=NOON)

    assert (posted.state, posted.reason.code) == (MessageState.REJECTED, reason)
    assert [e.evidence.kind.value for e in evidences(posted.reference)] == ["submission-rejected"]


def test_a_kind_that_the_partner_does_not_take_is_rejected(southland_node, settings):
    posted = post(
        draft(kind="exchange.revocation/1", question=None, body={}), by=CASE_OFFICER, at=NOON
    )

    assert posted.reason.code == "kind-unknown"


def test_what_is_posted_to_a_suspended_partner_waits(southland_node):
    partners.suspend("XS", "its node was stolen", by=OPERATOR, at=NOON)

    assert post(draft(), by=CASE_OFFICER, at=NOON).accepted


def test_nothing_is_posted_to_a_partner_that_was_ended(southland_node):
    partners.end("XS", "the agreement was denounced", by=OPERATOR, at=NOON)

    assert post(draft(), by=CASE_OFFICER, at=NOON).reason.code == "partner-not-active"


def test_there_must_be_such_a_partner_and_such_a_kind(southland_node):
    with pytest.raises(UnknownPartnerError):
        post(draft(to="XE"), by=CASE_OFFICER, at=NOON)
    with pytest.raises(UnknownKindError):
        post(draft(kind="assistance.request/9"), by=CASE_OFFICER, at=NOON)
    with pytest.raises(PermissionMissingError):
        post(draft(), by=OPERATOR, at=NOON)


# The designated official


def test_a_designated_official_signs_beside_the_node(southland_node):
    key = SigningKey.make()
    designate("XN-OFFICIAL-1", key)

    posted = post(draft(official="XN-OFFICIAL-1"), by=CASE_OFFICER, at=NOON, official_key=key)

    row = models.Message.objects.get(reference=posted.require().reference)
    document = envelope_document(row.sealed)
    node = own_keys.signing_key(KeyUse.ENVELOPE, at=NOON).public
    verify_signed(document, PAYLOAD_TYPE, [node, key.public], at_least=2)


def test_nobody_signs_for_an_official(southland_node):
    designate("XN-OFFICIAL-1", SigningKey.make())

    posted = post(
        draft(official="XN-OFFICIAL-1"), by=CASE_OFFICER, at=NOON, official_key=SigningKey.make()
    )

    assert posted.reason.code == "official-not-designated"


def designate(official: str, key: SigningKey) -> VerificationKey:
    """This node's card lists the official's key."""
    models.OwnKey.objects.create(
        use=KeyUse.OFFICIAL,
        key_id=key.public.key_id,
        public=key.public.pem.decode(),
        holder=official,
        made_at=NOON,
        valid_from=NOON,
        valid_until=later(days=365),
        active_from=NOON,
    )
    own_keys.changed()
    return key.public


# Taking back


def test_what_has_not_left_is_taken_back(southland_node):
    reference = post(draft(), by=CASE_OFFICER, at=NOON).reference

    withdraw(reference, by=CASE_OFFICER, at=later(minutes=1))

    assert message(reference).state is MessageState.WITHDRAWN
    assert entries_about(reference)[-1].act == "message-withdrawn"


@pytest.mark.parametrize(
    "way",
    [
        {"tried_at": later(seconds=30)},
        {"leased_by": "w", "leased_until": later(minutes=2)},
    ],
)
def test_what_may_have_left_is_not_taken_back(southland_node, way):
    reference = post(draft(), by=CASE_OFFICER, at=NOON).reference
    models.Way.objects.update(**way)

    with pytest.raises(NotWithdrawableError):
        withdraw(reference, by=CASE_OFFICER, at=later(minutes=1))


def test_what_came_in_is_not_ours_to_take_back(southland_node):
    from comity.exchange.queries.messages import UnknownMessageError

    RECEPTION.receive([southland_node.frame(southland_node.envelope())], partner="XS", at=NOON)

    with pytest.raises(UnknownMessageError):
        withdraw(models.Message.objects.get().reference, by=CASE_OFFICER, at=NOON)
