# SPDX-License-Identifier: Apache-2.0
"""What a partner hands over becomes a message exactly once, or is refused with an evidence."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from comity.accounts.officer import OPERATOR
from comity.agreements.claim import Event
from comity.errors import InvalidInputError
from comity.exchange import models
from comity.exchange.evidence import EvidenceKind
from comity.exchange.kind import Arrived, Kind
from comity.exchange.note import NOTE
from comity.exchange.outcome import Held, Stated, Unknown, Wanted
from comity.exchange.queries.messages import envelope_document, envelope_in, evidences, message
from comity.exchange.services import own_kinds, partners, receiving
from comity.exchange.services.maintenance import begin_maintenance
from comity.exchange.services.receiving import RECEPTION
from comity.journal.entry import Actor
from comity.journal.queries import entries_about
from comity.sealing.keys import SigningKey
from comity.storage.services import store
from tests.support import questions
from tests.support.agreements import claim
from tests.support.exchange import (
    NOON,
    OFFICIAL,
    File,
    PartnerNode,
    asked,
    evidence_of,
    identifier,
    know,
    known,
    later,
)

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def receive(node: PartnerNode, *frames: bytes, at=NOON):
    return RECEPTION.receive(frames, partner=node.code, at=at)


def handed_over(node: PartnerNode, *, files=(), at=NOON, signers=(), **envelope: object):
    made = node.envelope(files=files, **envelope)
    [outcome] = receive(node, node.frame(made, *signers, files=files), at=at)
    return outcome


def refused_for(outcome) -> str:
    evidence = evidence_of(outcome)
    assert evidence.kind is EvidenceKind.REFUSED
    return evidence.reason.code


def put(message_id: str, number: int, from_segment: int, sealed, at=NOON):
    return RECEPTION.take_part(message_id, number, from_segment, sealed, partner="XS", at=at)


# Once


def test_a_message_is_kept_and_receipted(southland_node):
    envelope = southland_node.envelope()

    [outcome] = receive(southland_node, southland_node.frame(envelope))

    receipt = evidence_of(outcome)
    assert receipt.kind is EvidenceKind.RELAYED
    assert (receipt.message, receipt.envelope) == (envelope.header.id, envelope.digest)
    assert receipt.law.verdict == "permitted"
    row = models.Message.objects.get()
    assert (row.state, row.digest, row.differs) == ("received", envelope.digest, False)
    assert envelope_in(envelope_document(row.sealed)) == envelope


def test_a_repeated_message_gets_the_same_bytes_and_has_no_second_effect(southland_node):
    envelope = southland_node.envelope()

    [first] = receive(southland_node, southland_node.frame(envelope))
    [again] = receive(southland_node, southland_node.frame(envelope), at=later(days=400))

    assert first == again
    assert models.Message.objects.count() == models.Evidence.objects.count() == 1
    assert len(entries_about(models.Message.objects.get().reference)) == 1


def test_what_was_receipted_stays_so_when_its_key_is_revoked_from_earlier_on(southland_node):
    envelope = southland_node.envelope()
    frame = southland_node.frame(envelope)
    [receipt] = receive(southland_node, frame)
    models.PartnerKey.objects.filter(use="envelope").update(revoked_at=later(days=-1))

    assert receive(southland_node, frame) == [receipt]


def test_nothing_unreadable_contradicts_a_receipt(southland_node):
    envelope = southland_node.envelope()
    frame = southland_node.frame(envelope)
    [receipt] = receive(southland_node, frame)

    [held] = receive(southland_node, frame[:-1] + bytes([frame[-1] ^ 1]))

    assert isinstance(held, Held)
    assert RECEPTION.outcome_of(envelope.header.id, partner="XS") == receipt


def test_a_refused_message_is_refused_with_the_same_bytes_again(southland_node):
    frame = southland_node.frame(southland_node.envelope(basis=None))

    [first] = receive(southland_node, frame)
    [again] = receive(southland_node, frame)

    assert refused_for(first) == "legal-basis-missing"
    assert first == again


def test_members_that_a_newer_release_adds_are_kept_as_they_were_signed(southland_node):
    envelope = southland_node.envelope()
    newer = replace(
        envelope,
        header=replace(envelope.header, further={"x-priority": "high"}),
        further={"x-annex": [1, {"two": 3}]},
    )

    [outcome] = receive(southland_node, southland_node.frame(newer))

    assert evidence_of(outcome).envelope == newer.digest
    kept = envelope_in(envelope_document(models.Message.objects.get().sealed))
    assert kept.further == {"x-annex": [1, {"two": 3}]}
    assert kept.payload() == newer.payload()


# What is refused


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        ({"kind": "assistance.request/7"}, "kind-unknown"),
        ({"expires": NOON}, "expired"),
        ({"basis": None}, "legal-basis-missing"),
        ({"body": {"no": "subject"}}, "body-refused"),
        ({"official": "XS-NOBODY"}, "official-not-designated"),
        ({"body": {"subject": "x", "text": "y" * 1_040_000}}, "body-too-large"),
    ],
)
def test_a_message_is_refused_for_its_fault_and_the_refusal_is_kept(
    southland_node, settings, envelope, reason
):
    settings.MESSAGE_KINDS = "tests.exchange.services.test_receiving.SMALL_NOTES"

    outcome = handed_over(southland_node, **envelope)

    assert refused_for(outcome) == reason
    row = models.Message.objects.get()
    assert (row.state, row.problem) == ("refused", reason)
    assert evidences(row.reference)[0].document == outcome.evidence
    assert [entry.act for entry in entries_about(row.reference)] == ["message-refused"]


SMALL_NOTES = {NOTE: replace(own_kinds.COVERING_NOTE, largest_body=1_000_000)}


@pytest.mark.parametrize(
    ("ceiling", "reason"),
    [
        ({"kinds": ()}, "kind-not-allowed"),
        ({"forms": ("SPONTANEOUS",)}, "form-not-allowed"),
        ({"parts": 0}, "too-many-parts"),
        ({"message_bytes": 3}, "too-large"),
    ],
)
def test_no_partner_comes_above_its_ceilings(southland_node, ceiling, reason):
    partners.set_ceilings("XS", by=OPERATOR, at=NOON, **ceiling)

    assert refused_for(handed_over(southland_node, files=[File(b"content")])) == reason


def test_a_designated_official_of_the_sender_signs_beside_its_node(southland_node):
    signers = (southland_node.key, southland_node.official)

    outcome = handed_over(southland_node, signers=signers, official=OFFICIAL)

    assert evidence_of(outcome).kind is EvidenceKind.RELAYED


def test_an_official_must_be_designated_when_signing(southland_node):
    models.PartnerKey.objects.filter(use="official").update(revoked_at=later(days=-1))
    signers = (southland_node.key, southland_node.official)

    assert refused_for(handed_over(southland_node, signers=signers, official=OFFICIAL)) == (
        "key-revoked"
    )
    stranger = (southland_node.key, SigningKey.make())
    assert refused_for(handed_over(southland_node, signers=stranger, official=OFFICIAL)) == (
        "official-not-designated"
    )


def test_a_kind_may_demand_an_official(southland_node, settings):
    settings.MESSAGE_KINDS = "tests.exchange.services.test_receiving.OFFICIAL_NOTES"

    assert refused_for(handed_over(southland_node)) == "official-missing"


OFFICIAL_NOTES = {NOTE: replace(own_kinds.COVERING_NOTE, needs_official=True)}


# The law, on the day of arrival


def test_what_we_know_to_have_ended_is_refused_with_both_findings(southland_node, monkeypatch):
    ended = questions.agreement(claims=(*questions.IN_FORCE, claim(Event.TERMINATED, "2026-03-01")))
    know(monkeypatch, ended)

    outcome = handed_over(southland_node)

    refusal = evidence_of(outcome)
    assert refused_for(outcome) == "legal-basis-differs"
    assert refusal.reason.facts["their_verdict"] == "permitted"
    assert refusal.law.verdict == refusal.reason.facts["verdict"] != "permitted"
    assert refusal.law.findings
    row = models.Message.objects.get()
    assert (row.differs, row.their_verdict) == (True, "permitted")


def test_the_law_is_that_of_the_day_of_arrival(southland_node, monkeypatch):
    ending = questions.agreement(
        claims=(*questions.IN_FORCE, claim(Event.TERMINATED, "2026-03-10"))
    )
    know(monkeypatch, ending)
    southland_node.known = known(ending, own="XS")

    before = handed_over(southland_node, at=later(days=1))
    after = handed_over(southland_node, at=later(days=9))

    assert evidence_of(before).kind is EvidenceKind.RELAYED
    assert refused_for(after) == "legal-basis-differs"


def test_an_instrument_that_our_register_has_not_is_unknown(southland_node, monkeypatch):
    know(monkeypatch, questions.agreement(reference="xn-xs-2024"))

    outcome = handed_over(southland_node)

    assert refused_for(outcome) == "instrument-unknown"
    assert evidence_of(outcome).reason.facts == {"instrument": "xn-xs-2020"}


def test_where_we_are_only_less_sure_it_is_taken_and_the_difference_is_shown(
    southland_node, monkeypatch
):
    unsure = questions.agreement(claims=(claim(Event.SIGNED, "2019-11-01"),))
    know(monkeypatch, unsure)

    receipt = evidence_of(handed_over(southland_node))

    assert receipt.kind is EvidenceKind.RELAYED
    assert receipt.law.verdict == "person-must-decide"
    row = models.Message.objects.get()
    kept = message(row.reference)
    assert (kept.verdict, kept.their_verdict, kept.differs) == (
        "person-must-decide",
        "permitted",
        True,
    )


def test_the_senders_own_law_is_the_senders_business(southland_node):
    """Nothing of Southland's law is on file here, and we do not differ for that."""
    assert evidence_of(handed_over(southland_node)).law.verdict == "permitted"
    assert not models.Message.objects.get().differs


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ({"kind": "ask"}, "question-unreadable"),
        ({"kind": "steal"}, "question-unreadable"),
        ({"kind": ["ask"]}, "question-unreadable"),
        ({}, "question-unreadable"),
    ],
)
def test_a_question_that_nobody_can_read_is_refused(southland_node, question, reason):
    good = southland_node.envelope().header.basis

    outcome = handed_over(southland_node, basis=replace(good, question=question))

    assert refused_for(outcome) == reason


def test_a_question_about_others_is_refused(southland_node):
    ours = southland_node.envelope(question=asked("XN", "XS")).header.basis

    assert refused_for(handed_over(southland_node, basis=ours)) == "question-of-others"


# Parts


def test_parts_are_asked_for_and_the_last_one_brings_the_receipt(southland_node):
    files = [File(b"a" * 3_000_000), File(b"b")]
    envelope = southland_node.envelope(files=files)

    [wanted] = receive(southland_node, southland_node.frame(envelope, files=files))
    assert isinstance(wanted, Wanted)
    assert [(part.number, part.from_segment) for part in wanted.parts] == [(0, 0), (1, 0)]

    wanted = put(envelope.header.id, 0, 0, files[0].sealed(0, 2))
    assert [(part.number, part.from_segment) for part in wanted.parts] == [(0, 2), (1, 0)]
    wanted = put(envelope.header.id, 0, 2, files[0].sealed(2))
    assert [(part.number, part.from_segment) for part in wanted.parts] == [(1, 0)]
    stated = put(envelope.header.id, 1, 0, files[1].sealed())

    assert isinstance(stated, Stated)
    assert evidence_of(stated).parts == tuple(file.entry.digest for file in files)
    assert RECEPTION.outcome_of(envelope.header.id, partner="XS") == stated


def test_an_empty_file_is_a_part_too(southland_node):
    files = [File(b"")]
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))

    assert isinstance(put(envelope.header.id, 0, 0, files[0].sealed()), Stated)


def test_a_file_that_stands_twice_travels_once(southland_node):
    twice = File(b"the same")
    files = [twice, replace(twice, name="copy.bin")]
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))

    assert isinstance(put(envelope.header.id, 0, 0, twice.sealed()), Stated)


def test_what_this_partner_sent_before_is_not_asked_for_again(southland_node):
    files = [File(b"well known")]
    first = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(first, files=files))
    put(first.header.id, 0, 0, files[0].sealed())

    again = southland_node.envelope(files=files)
    [outcome] = receive(southland_node, southland_node.frame(again, files=files))

    assert evidence_of(outcome).parts == (files[0].entry.digest,)


def test_nobody_learns_from_us_which_files_others_sent(southland_node):
    from tests.support.exchange import southland_node as partner_node

    files = [File(b"Eastland's secret")]
    eastland = partner_node("XE")
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))
    put(envelope.header.id, 0, 0, files[0].sealed())

    curious = eastland.envelope(
        kind="exchange.test/1", body={"test": "answer"}, basis=None, files=files
    )
    [outcome] = receive(eastland, eastland.frame(curious, files=files))

    assert isinstance(outcome, Wanted)
    [again] = receive(eastland, eastland.frame(curious, files=files))
    assert again == outcome
    nothing = RECEPTION.take_part(curious.header.id, 0, 0, io.BytesIO(), partner="XE", at=NOON)
    assert nothing == outcome
    whole = RECEPTION.take_part(curious.header.id, 0, 0, files[0].sealed(), partner="XE", at=NOON)
    assert evidence_of(whole).kind is EvidenceKind.RELAYED


def test_nobody_learns_from_us_what_we_mean_to_send(southland_node):
    file = File(b"not sent yet")
    blob = store().put(io.BytesIO(file.content))
    row = models.Message.objects.create(
        reference="MSG-70000",
        identifier=identifier(),
        direction="out",
        partner=models.Partner.objects.get(code="XS"),
        kind=NOTE,
        conversation=identifier(),
        state="queued",
        digest="0" * 64,
        sealed=b"",
        size=1,
        created_at=NOON,
        recorded_at=NOON,
    )
    part = {"sealed_name": "", "media_type": "", "size": blob.size, "digest": blob.digest}
    models.Part.objects.create(message=row, number=0, blob=blob.name, **part)

    assert isinstance(handed_over(southland_node, files=[file]), Wanted)

    models.Message.objects.filter(pk=row.pk).update(state="relayed")
    assert isinstance(handed_over(southland_node, files=[file]), Stated)


def test_the_parts_of_the_last_message_of_a_day_are_taken(southland_node):
    files = [File(b"a" * 2000)]
    ceilings = {"messages_a_day": 1, "bytes_a_day": 5000, "message_bytes": 5000}
    row = models.Partner.objects.get(code="XS")
    row.ceilings |= ceilings
    row.save()
    envelope = southland_node.envelope(files=files)

    assert isinstance(
        receive(southland_node, southland_node.frame(envelope, files=files))[0], Wanted
    )

    assert isinstance(put(envelope.header.id, 0, 0, files[0].sealed()), Stated)


class SlowStream(io.BytesIO):
    """Something happens while it comes."""

    def __init__(self, content: bytes, happens) -> None:
        super().__init__(content)
        self._happens = happens

    def read(self, size=-1, /):
        self._happens()
        return super().read(size)

    def readinto(self, buffer, /):
        self._happens()
        return super().readinto(buffer)


def test_a_partner_that_is_suspended_while_a_part_comes_gets_no_receipt(southland_node):
    files = [File(b"content")]
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))

    def suspend() -> None:
        models.Partner.objects.filter(code="XS").update(state="suspended")

    held = put(envelope.header.id, 0, 0, SlowStream(files[0].sealed().getvalue(), suspend))

    assert isinstance(held, Held)
    assert models.Message.objects.get().state == "arriving"
    models.Partner.objects.filter(code="XS").update(state="active")
    assert isinstance(put(envelope.header.id, 0, 0, io.BytesIO()), Stated)


def test_a_key_that_is_revoked_while_parts_come_brings_no_receipt(southland_node):
    files = [File(b"content")]
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))
    models.PartnerKey.objects.filter(use="envelope").update(revoked_at=later(days=-1))

    assert refused_for(put(envelope.header.id, 0, 0, files[0].sealed())) == "key-revoked"


def test_a_receipt_says_when_the_last_part_was_there(southland_node, monkeypatch):
    files = [File(b"content")]
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))
    seconds = iter((100.0, 3700.0))
    monkeypatch.setattr(receiving, "monotonic", lambda: next(seconds))

    receipt = evidence_of(put(envelope.header.id, 0, 0, files[0].sealed()))

    assert receipt.at == later(hours=1)


def test_a_part_that_is_not_what_its_envelope_says_refuses_the_message(southland_node):
    said, sent = File(b"what was said"), File(b"what was sent")
    lying = File(sent.content, key=said.key)
    envelope = southland_node.envelope(files=[said])
    receive(southland_node, southland_node.frame(envelope, files=[said]))

    outcome = put(envelope.header.id, 0, 0, lying.sealed())

    assert refused_for(outcome) == "part-differs"
    assert models.Message.objects.get().state == "refused"


def test_an_altered_segment_is_asked_for_again(southland_node):
    files = [File(b"a" * 2_000_000)]
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))
    sealed = files[0].sealed()
    altered = bytearray(sealed.getvalue())
    altered[1_500_000] ^= 1

    import io

    outcome = put(envelope.header.id, 0, 0, io.BytesIO(bytes(altered)))

    assert [(part.number, part.from_segment) for part in outcome.parts] == [(0, 1)]
    assert isinstance(put(envelope.header.id, 0, 1, files[0].sealed(1)), Stated)


def test_parts_of_unknown_messages_and_unknown_parts_are_not_taken(southland_node):
    files = [File(b"content")]
    envelope = southland_node.envelope(files=files)

    assert isinstance(put(envelope.header.id, 0, 0, files[0].sealed()), Unknown)
    [wanted] = receive(southland_node, southland_node.frame(envelope, files=files))
    assert put(envelope.header.id, 7, 0, files[0].sealed()) == wanted
    assert isinstance(RECEPTION.outcome_of(NOBODY_ID, partner="XS"), Unknown)


NOBODY_ID = "0b8f4b1e-0000-4000-8000-00000000ffff"


def test_the_law_is_put_again_when_the_last_part_comes(southland_node, monkeypatch):
    files = [File(b"content")]
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))
    know(
        monkeypatch,
        questions.agreement(claims=(*questions.IN_FORCE, claim(Event.TERMINATED, "2026-03-03"))),
    )

    outcome = put(envelope.header.id, 0, 0, files[0].sealed(), at=later(days=2))

    assert refused_for(outcome) == "legal-basis-differs"


# What fails on our side

FAILING: list[Exception] = []


def receive_or_fail(arrived: Arrived, at) -> None:
    """Writes something, and then fails as often as was said."""
    models.Nonce.objects.create(key_id="0", nonce=arrived.reference, expires_at=at)
    if FAILING and arrived.envelope.body.get("fails", True):
        raise FAILING[0]


class OddBodyError(InvalidInputError):
    """A body that a kind refuses."""

    code = "odd-body"
    message = "The body is odd."
    remedy = "Send another."


KINDS = {NOTE: Kind(NOTE, "a kind that fails", receive_or_fail)}


@pytest.fixture
def failing(settings):
    """A kind of which the service fails while the list says so."""
    settings.MESSAGE_KINDS = "tests.exchange.services.test_receiving.KINDS"
    FAILING.clear()
    yield FAILING
    FAILING.clear()


def test_a_failure_of_ours_keeps_nothing_and_the_repetition_is_processed(southland_node, failing):
    failing.append(RuntimeError("the disk of the index is full"))
    frame = southland_node.frame(southland_node.envelope())

    [held] = receive(southland_node, frame)
    assert isinstance(held, Held)
    assert (held.reason, models.Message.objects.count()) == ("not-now", 0)
    assert not models.Nonce.objects.exists()

    failing.clear()
    [outcome] = receive(southland_node, frame)
    assert evidence_of(outcome).kind is EvidenceKind.RELAYED
    assert models.Nonce.objects.count() == 1


def test_one_that_fails_does_not_hold_the_others_up(southland_node, failing):
    failing.append(RuntimeError("once"))
    bodies = [{"fails": False}, {"fails": True}, {"fails": False}]
    frames = [southland_node.frame(southland_node.envelope(body=body)) for body in bodies]

    outcomes = receive(southland_node, *frames)

    assert [type(outcome) for outcome in outcomes] == [Stated, Held, Stated]
    assert models.Message.objects.count() == models.Nonce.objects.count() == 2


def test_what_its_kind_refuses_is_refused_and_what_it_wrote_is_undone(southland_node, failing):
    failing.append(OddBodyError())
    outcome = handed_over(southland_node)

    refusal = evidence_of(outcome)
    assert (refusal.reason.code, refusal.reason.facts) == ("body-refused", {"error": "odd-body"})
    assert not models.Nonce.objects.exists()


def write_and_fail(arrived: Arrived, error: Exception, at) -> None:
    """What follows a refusal, and fails itself."""
    models.Nonce.objects.create(key_id="1", nonce=arrived.reference, expires_at=at)
    raise RuntimeError("no library reads it")


AFTER = {NOTE: Kind(NOTE, "a kind that fails", receive_or_fail, refused=write_and_fail)}


def test_a_refusal_stands_though_what_its_kind_does_about_it_fails(
    southland_node, failing, settings
):
    settings.MESSAGE_KINDS = "tests.exchange.services.test_receiving.AFTER"
    failing.append(OddBodyError())

    assert refused_for(handed_over(southland_node)) == "body-refused"

    assert models.Message.objects.get().state == "refused"
    assert not models.Nonce.objects.exists()


def test_a_failure_after_the_last_part_is_tried_again_with_one_segment(southland_node, failing):
    files = [File(b"a" * 2_500_000)]
    envelope = southland_node.envelope(files=files)
    receive(southland_node, southland_node.frame(envelope, files=files))
    failing.append(RuntimeError("once"))

    assert isinstance(put(envelope.header.id, 0, 0, files[0].sealed()), Held)
    wanted = RECEPTION.outcome_of(envelope.header.id, partner="XS")
    assert [(part.number, part.from_segment) for part in wanted.parts] == [(0, 2)]

    failing.clear()
    stated = put(envelope.header.id, 0, 2, files[0].sealed(2))
    assert evidence_of(stated).kind is EvidenceKind.RELAYED


def test_maintenance_holds_everything_off(southland_node):
    begin_maintenance("a new disk", by=Actor("OFF-1", "administrator"), at=NOON)

    outcome = handed_over(southland_node)

    assert (type(outcome), outcome.reason) == (Held, "maintenance")
    assert not models.Message.objects.exists()


# The exchange's own kinds


def test_a_test_of_the_way_is_answered_once(southland_node):
    question = southland_node.envelope(
        kind="exchange.test/1", body={"test": "question"}, basis=None
    )
    frame = southland_node.frame(question)

    receive(southland_node, frame)
    receive(southland_node, frame)

    [answer] = models.Message.objects.filter(direction="out")
    envelope = envelope_in(envelope_document(answer.sealed))
    assert envelope.body == {"test": "answer"}
    assert envelope.header.in_reply_to == question.header.id
    assert answer.state == "queued"


def test_an_answer_is_not_answered(southland_node):
    handed_over(southland_node, kind="exchange.test/1", body={"test": "answer"}, basis=None)

    assert not models.Message.objects.filter(direction="out").exists()
