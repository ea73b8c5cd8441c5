# SPDX-License-Identifier: Apache-2.0
"""A partner that lies: each lie has its own reason, is shown to somebody, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from comity.exchange import models
from comity.exchange.arrival import NOBODY
from comity.exchange.evidence import EvidenceKind, Reason
from comity.exchange.message_state import MessageState
from comity.exchange.outcome import Held
from comity.exchange.partner import KeyUse
from comity.exchange.queries.alarms import open_alarms
from comity.exchange.queries.messages import evidences, message
from comity.exchange.services import partners
from comity.exchange.services.hearing import hear_evidences
from comity.exchange.services.posting import post
from comity.exchange.services.receiving import RECEPTION
from comity.sealing.keys import DecryptionKey, SigningKey
from tests.exchange.services.test_posting import draft, envelope_of
from tests.support.exchange import (
    CASE_OFFICER,
    NOON,
    PartnerNode,
    evidence_of,
    identifier,
    later,
)
from tests.support.exchange import southland_node as partner_node

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def handed_over(node: PartnerNode, frame: bytes, *, by: str = "XS", at=NOON):
    [outcome] = RECEPTION.receive([frame], partner=by, at=at)
    return outcome


def refused_for(outcome) -> str:
    evidence = evidence_of(outcome)
    assert evidence.kind is EvidenceKind.REFUSED
    return evidence.reason.code


def alarms() -> list[tuple[str, str]]:
    return [(alarm.kind.value, alarm.facts["reason"]) for alarm in open_alarms()]


def nothing_was_kept() -> bool:
    return not models.Message.objects.exists() and not models.Evidence.objects.exists()


def change_key(use: KeyUse, **columns: object) -> None:
    models.PartnerKey.objects.filter(partner__code="XS", use=use).update(**columns)


# Envelopes


def test_an_envelope_in_anothers_name_is_not_taken(southland_node):
    envelope = southland_node.envelope(sender="XE")

    outcome = handed_over(southland_node, southland_node.frame(envelope))

    assert refused_for(outcome) == "sender-differs"
    assert nothing_was_kept()
    assert alarms() == [("foreign-sender", "sender-differs")]


def test_what_another_partner_signed_is_not_taken_from_this_one(southland_node):
    eastland = partner_node("XE")
    frame = eastland.frame(eastland.envelope())

    assert isinstance(handed_over(southland_node, frame), Held)  # of a key nobody knows
    assert nothing_was_kept()


def test_an_envelope_for_another_administration_is_not_taken(southland_node):
    envelope = southland_node.envelope(recipient="XE")

    outcome = handed_over(southland_node, southland_node.frame(envelope))

    assert refused_for(outcome) == "recipient-differs"
    assert nothing_was_kept()


def test_a_signature_over_other_bytes_is_not_taken(southland_node):
    one, other = southland_node.envelope(), southland_node.envelope()
    signature = southland_node.signed(one)
    lying = replace(southland_node)
    genuine = southland_node.signed(other)
    sig = signature.split(b'"sig":"')[1].split(b'"')[0]
    swapped = genuine.replace(genuine.split(b'"sig":"')[1].split(b'"')[0], sig)
    lying.signed = lambda envelope, *signers: swapped

    outcome = handed_over(southland_node, lying.frame(other))

    assert refused_for(outcome) == "signature-broken"
    assert nothing_was_kept()
    assert alarms() == [("signature-failures", "signature-broken")]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"revoked_at": later(minutes=-1)}, "key-revoked"),
        ({"valid_from": later(minutes=1)}, "key-not-yet-valid"),
        ({"valid_until": NOON}, "key-expired"),
    ],
)
def test_a_key_must_have_counted_when_it_signed(southland_node, columns, reason):
    change_key(KeyUse.ENVELOPE, **columns)

    outcome = handed_over(southland_node, southland_node.frame(southland_node.envelope()))

    assert refused_for(outcome) == reason
    assert nothing_was_kept()


def test_what_was_signed_before_the_revocation_still_counts(southland_node):
    change_key(KeyUse.ENVELOPE, revoked_at=later(minutes=1))

    frame = southland_node.frame(southland_node.envelope())
    outcome = handed_over(southland_node, frame, at=later(hours=1))

    assert evidence_of(outcome).kind is EvidenceKind.RELAYED


def test_a_key_that_is_on_no_card_holds_the_message_off(southland_node):
    frame = southland_node.frame(southland_node.envelope(), SigningKey.make())

    outcome = handed_over(southland_node, frame)

    assert outcome.reason == "key-unknown"
    assert nothing_was_kept()
    assert alarms() == []


def test_what_is_sealed_for_a_key_that_we_have_not_is_held_off(southland_node):
    frame = southland_node.frame(southland_node.envelope(), to=DecryptionKey.make().public)

    assert handed_over(southland_node, frame).reason == "sealed-for-another-key"
    assert nothing_was_kept()


def test_another_message_under_a_known_id_is_a_conflict_and_the_first_one_stands(southland_node):
    first = southland_node.envelope()
    receipt = handed_over(southland_node, southland_node.frame(first))
    other = southland_node.envelope(id=first.header.id, body={"subject": "Bad day"})

    conflict = handed_over(southland_node, southland_node.frame(other))

    assert refused_for(conflict) == "id-conflict"
    assert evidence_of(conflict).envelope == other.digest
    assert alarms() == [("id-conflict", "id-conflict")]
    assert handed_over(southland_node, southland_node.frame(first)) == receipt
    assert models.Message.objects.get().digest == first.digest


def test_two_messages_under_one_id_in_one_batch_are_a_conflict_too(southland_node):
    first = southland_node.envelope()
    other = southland_node.envelope(id=first.header.id, body={"subject": "Bad day"})
    frames = [southland_node.frame(first), southland_node.frame(other)]

    receipt, conflict = RECEPTION.receive(frames, partner="XS", at=NOON)

    assert evidence_of(receipt).kind is EvidenceKind.RELAYED
    assert refused_for(conflict) == "id-conflict"


def test_a_message_twice_in_one_batch_is_one_message(southland_node):
    envelope = southland_node.envelope()
    frames = [southland_node.frame(envelope), southland_node.frame(envelope)]

    first, second = RECEPTION.receive(frames, partner="XS", at=NOON)

    assert first == second
    assert models.Message.objects.count() == 1


@pytest.mark.parametrize("frame", [b"", b"nonsense", b"COMITY-FRAME\r\n\x1a\n" + b"\xff" * 40])
def test_nonsense_is_refused_without_an_id(southland_node, frame):
    outcome = handed_over(southland_node, frame)

    assert outcome.message == NOBODY
    assert refused_for(outcome) == "envelope-unreadable"
    assert alarms() == [("partner-answers-nonsense", "envelope-unreadable")]


def test_one_liar_in_a_batch_does_not_hurt_the_others(southland_node):
    good = [southland_node.envelope() for _ in range(3)]
    frames = [southland_node.frame(envelope) for envelope in good]
    frames.insert(1, b"nonsense")
    frames.insert(3, southland_node.frame(southland_node.envelope(sender="XE")))

    outcomes = RECEPTION.receive(frames, partner="XS", at=NOON)

    kinds = [evidence_of(outcome).kind.value for outcome in outcomes]
    assert kinds == ["relayed", "refused", "relayed", "refused", "relayed"]
    assert models.Message.objects.count() == 3


def test_a_clock_that_runs_ahead_holds_the_message_off_until_its_time(southland_node):
    frame = southland_node.frame(southland_node.envelope(at=later(hours=2)))

    assert handed_over(southland_node, frame).reason == "created-in-future"
    taken = handed_over(southland_node, frame, at=later(hours=2))
    assert evidence_of(taken).kind is EvidenceKind.RELAYED


def test_nothing_is_taken_from_a_partner_that_was_ended(southland_node):
    from comity.accounts.officer import OPERATOR

    partners.end("XS", "the agreement was denounced", by=OPERATOR, at=NOON)

    outcome = handed_over(southland_node, southland_node.frame(southland_node.envelope()))

    assert isinstance(outcome, Held)
    assert nothing_was_kept()


# Evidences

Lie = Callable[[PartnerNode, object], bytes]


def lie_as_eastland(node, envelope):
    return node.receipt(envelope, by="XE")


def lie_to_eastland(node, envelope):
    return node.receipt(envelope, to="XE")


def lie_with_another_key(node, envelope):
    return node.receipt(envelope, SigningKey.make())


def lie_about_an_unknown_message(node, envelope):
    return node.receipt(envelope, message=identifier())


def lie_about_another_envelope(node, envelope):
    return node.evidence(EvidenceKind.RELAYED, replace(envelope, body={}))


def lie_about_the_parts(node, envelope):
    return node.receipt(envelope, parts=("0" * 64,))


def lie_from_the_future(node, envelope):
    return node.receipt(envelope, at=later(hours=1))


def lie_from_before_it_was_made(node, envelope):
    return node.receipt(envelope, at=later(hours=-1))


def lie_in_our_place(node, envelope):
    return node.evidence(EvidenceKind.SUBMISSION_ACCEPTED, envelope)


def lie_with_nonsense(node, envelope):
    return b"{}"


@pytest.mark.parametrize(
    ("lie", "reason", "alarm"),
    [
        (lie_as_eastland, "evidence-of-others", "foreign-receipt"),
        (lie_to_eastland, "evidence-of-others", "foreign-receipt"),
        (lie_with_another_key, "key-unknown", "partner-answers-nonsense"),
        (lie_about_an_unknown_message, "evidence-of-unknown-message", "foreign-receipt"),
        (lie_about_another_envelope, "evidence-of-another-envelope", "foreign-receipt"),
        (lie_about_the_parts, "evidence-parts-differ", "foreign-receipt"),
        (lie_from_the_future, "evidence-out-of-time", "partner-answers-nonsense"),
        (lie_from_before_it_was_made, "evidence-out-of-time", "partner-answers-nonsense"),
        (lie_in_our_place, "evidence-not-theirs-to-give", "partner-answers-nonsense"),
        (lie_with_nonsense, "evidence-unreadable", "partner-answers-nonsense"),
    ],
)
def test_an_evidence_that_lies_changes_nothing(southland_node, lie, reason, alarm):
    reference = post(draft(), by=CASE_OFFICER, at=NOON).require().reference

    [heard] = hear_evidences([lie(southland_node, envelope_of(reference))], partner="XS", at=NOON)

    assert (heard.kept, heard.reason) == (False, reason)
    assert message(reference).state is MessageState.QUEUED
    assert len(evidences(reference)) == 1
    assert alarms() == [(alarm, reason)]


def test_a_receipt_by_a_revoked_key_proves_nothing(southland_node):
    reference = post(draft(), by=CASE_OFFICER, at=NOON).require().reference
    change_key(KeyUse.ENVELOPE, revoked_at=later(minutes=-1))

    [heard] = hear_evidences(
        [southland_node.receipt(envelope_of(reference))], partner="XS", at=NOON
    )

    assert heard.reason == "key-revoked"
    assert alarms() == [("signature-failures", "key-revoked")]


def test_a_second_receipt_with_other_bytes_contradicts_the_first(southland_node):
    reference = post(draft(), by=CASE_OFFICER, at=NOON).require().reference
    envelope = envelope_of(reference)
    first = southland_node.receipt(envelope)
    second = southland_node.receipt(envelope, at=later(seconds=1))

    heard = hear_evidences([first, second, first], partner="XS", at=later(minutes=1))

    assert [each.kept for each in heard] == [True, False, True]
    assert heard[1].reason == "evidence-contradicts"
    assert len(evidences(reference)) == 2


def test_a_receipt_after_the_refusal_contradicts_it_and_an_earlier_one_does_not(southland_node):
    reference = post(draft(), by=CASE_OFFICER, at=NOON).require().reference
    envelope = envelope_of(reference)
    refusal = southland_node.refusal(envelope, "not-competent", at=later(hours=1))
    late = southland_node.receipt(envelope, at=later(hours=2))
    overtaken = southland_node.receipt(envelope, at=later(minutes=1))

    heard = hear_evidences([refusal, late, overtaken], partner="XS", at=later(hours=3))

    assert [each.kept for each in heard] == [True, False, True]
    assert message(reference).state is MessageState.REFUSED


def test_another_partner_gives_no_receipt_for_what_it_was_not_sent(southland_node):
    eastland = partner_node("XE")
    reference = post(draft(), by=CASE_OFFICER, at=NOON).require().reference

    [heard] = hear_evidences([eastland.receipt(envelope_of(reference))], partner="XE", at=NOON)

    assert heard.reason == "evidence-of-unknown-message"


def test_what_was_rejected_here_never_left_and_is_receipted_by_nobody(southland_node):
    posted = post(draft(question=None), by=CASE_OFFICER, at=NOON)

    [heard] = hear_evidences(
        [southland_node.receipt(envelope_of(posted.reference))], partner="XS", at=NOON
    )

    assert heard.reason == "evidence-of-unknown-message"


def test_a_refusal_that_names_no_digest_does_not_undo_a_receipt(southland_node):
    reference = post(draft(), by=CASE_OFFICER, at=NOON).require().reference
    sent = envelope_of(reference)
    told = southland_node.evidence(
        EvidenceKind.REFUSED,
        SimpleNamespace(header=sent.header, digest=""),
        reason=Reason("envelope-unreadable"),
        at=later(hours=1),
    )
    hear_evidences([southland_node.receipt(sent)], partner="XS", at=NOON)

    [heard] = hear_evidences([told], partner="XS", at=later(hours=1))

    assert not heard.kept
    assert message(reference).state is MessageState.RELAYED
