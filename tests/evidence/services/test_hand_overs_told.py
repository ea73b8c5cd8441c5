# SPDX-License-Identifier: Apache-2.0
"""Between administrations a hand-over is offered, answered and taken back by message."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.accounts.permissions import PermissionMissingError, Role
from comity.agreements.provision import ProvisionType
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import CustodyAct, CustodyWords
from comity.evidence.hand_over import HandOverState, RefusalReason
from comity.evidence.hand_over_messages import HAND_OVER, RETURN
from comity.evidence.item import ItemState
from comity.evidence.new_item import OWN
from comity.evidence.queries import alarms, custody
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.keys import UnknownItemError
from comity.evidence.queries.registers import partners_holding
from comity.evidence.services import handing_over
from comity.evidence.services.hand_overs_told import note_arrived, watch
from comity.evidence.services.returns import send_back
from comity.evidence.services.way_out import NotLetOutError
from comity.evidence.way_out import WayOut
from comity.exchange.message_state import MessageState
from comity.exchange.partner import PartnerState
from comity.handling.marking import Marking
from comity.reference.taxonomy import FormOfAssistance, Offence
from tests.support import exchange, questions
from tests.support.agreements import provision
from tests.support.evidence import CASE_OFFICER, CUSTODIAN, a_case, an_item, an_object, supplied
from tests.support.evidence_partners import a_partner, hand_over, refused, sent_to
from tests.support.exchange import NOON

pytestmark = [pytest.mark.db, pytest.mark.django_db]
WORDS = CustodyWords("Quay 3", "For the laboratory.", marks=("XN-1",))
RELEASER = replace(CUSTODIAN, roles=frozenset({Role.EVIDENCE_CUSTODIAN, Role.UNIT_HEAD}))
LATER = NOON + timedelta(hours=1)
OURS = replace(OWN, marking=Marking(personal_data=False, judicially_obtained=False))
YES = {"says": "answer", "reference": "HOV-00099"}
NO = {**YES, "refused_for": "seal-broken"}


def offered(item, **more):
    """An item on its way to Southland, and the id of the message that says so."""
    made = handing_over.propose(
        item.reference, administration="XS", words=WORDS, by=CUSTODIAN, at=NOON, **more
    )
    return made, sent_to("XS", HAND_OVER)


def answer(node, told, body=YES):
    return hand_over(node, HAND_OVER, body, in_reply_to=told.header.id, at=LATER)


def their_offer(identity: str, **more: object) -> dict[str, object]:
    return {
        "says": "offer",
        "item": identity,
        "on": "2026-03-01",
        "hand_over": "HOV-00044",
        "term": "for-a-time",
        "what": "seal",
        "place": "Border post",
        **more,
    }


def taken(node, identity: str, **more: object):
    """An offer of Southland's as it waits here, and its message."""
    came = hand_over(node, HAND_OVER, their_offer(identity, **more))
    return custody.hand_overs_waiting()[-1], came


def state_of(made) -> HandOverState:
    return custody.hand_over(made.reference).state


def alarm_kinds() -> list[AlarmKind]:
    return [alarm.kind for alarm in alarms.open_alarms()]


@pytest.mark.parametrize(
    ("for_good", "act", "state"),
    [
        (True, CustodyAct.RETURNED, ItemState.RETURNED),
        (False, CustodyAct.HANDED_OVER, ItemState.HANDED_OVER),
    ],
)
def test_an_item_is_handed_over_once_the_partner_says_so(southland, for_good, act, state):
    seal = an_object(channel=supplied())
    before = custody.custody(seal.reference).events

    made, told = offered(seal, for_good=for_good)

    assert told.body["item"] == seal.identity
    assert told.body["term"] == ("for-good" if for_good else "for-a-time")
    assert (told.body["place"], told.body["marks"], told.body["what"]) == (
        "Quay 3",
        ["XN-1"],
        "seal",
    )
    assert custody.custody(seal.reference).events == before
    assert custody.holder(seal.reference) != "XS"
    for _ in range(2):  # said twice, it counts once
        answer(southland, told)
    found = custody.custody(seal.reference)
    assert [(e.act, e.counterpart) for e in found.events[len(before) :]] == [(act, "XS")]
    assert found.holds
    assert item_value(seal.reference).state is state
    assert custody.hand_over(made.reference).their_reference == "HOV-00099"
    assert not alarms.open_alarms()


def test_what_is_refused_there_stays_here_with_an_alarm(southland):
    seal = an_object(channel=supplied())
    made, told = offered(seal)

    answer(southland, told, NO)

    found = custody.hand_over(made.reference)
    assert (found.state, found.reason) == (HandOverState.REFUSED, RefusalReason.SEAL_BROKEN)
    assert item_value(seal.reference).state is ItemState.HELD
    assert alarm_kinds() == [AlarmKind.HAND_OVER_DOUBTED]


def test_an_answer_counts_for_the_offer_to_its_sender_alone(southland):
    eastland = a_partner("XE")
    made, told = offered(an_object(channel=supplied()))

    assert refused(eastland, HAND_OVER, YES, in_reply_to=told.header.id)
    assert refused(southland, HAND_OVER, YES, in_reply_to=str(uuid.uuid4()))
    assert refused(southland, HAND_OVER, YES)
    withdrawal = {"says": "withdrawal", "hand_over": made.reference}
    assert refused(southland, HAND_OVER, withdrawal, in_reply_to=told.header.id)
    assert state_of(made) is HandOverState.PROPOSED


def test_the_partner_is_told_that_the_giver_keeps_it_and_who_confirms_then_raises_an_alarm(
    southland,
):
    seal = an_object(channel=supplied())
    made, told = offered(seal)

    handing_over.withdraw(made.reference, by=CUSTODIAN, at=NOON)

    back = sent_to("XS", HAND_OVER)
    assert back.header.in_reply_to == told.header.id
    assert back.body == {"says": "withdrawal", "hand_over": made.reference}
    answer(southland, told, NO)
    assert not alarms.open_alarms()
    answer(southland, told)
    assert alarm_kinds() == [AlarmKind.HAND_OVER_CROSSED]
    assert state_of(made) is HandOverState.WITHDRAWN
    assert item_value(seal.reference).state is ItemState.HELD


def test_an_offer_is_answered_here_in_a_message_and_then_enters_custody(southland):
    seal = an_object(channel=supplied())
    one, came = taken(southland, seal.identity)
    assert (one.item, one.incoming, one.their_reference) == (seal.reference, True, "HOV-00044")
    assert handing_over.offered_words(one.reference) == CustodyWords(place="Border post")

    handing_over.confirm(one.reference, by=CUSTODIAN, at=LATER)

    told = sent_to("XS", HAND_OVER)
    assert told.header.in_reply_to == came.header.id
    assert told.body == {"says": "answer", "reference": one.reference}
    last = custody.custody(seal.reference).events[-1]
    assert (last.act, last.by, last.counterpart) == (
        CustodyAct.RECEIVED,
        CUSTODIAN.reference,
        "XS",
    )
    withdrawal = {"says": "withdrawal", "hand_over": "HOV-00044"}
    hand_over(southland, HAND_OVER, withdrawal, in_reply_to=came.header.id, at=LATER)
    assert state_of(one) is HandOverState.CONFIRMED
    assert alarm_kinds() == [AlarmKind.HAND_OVER_CROSSED]


def test_an_offer_that_was_taken_back_is_answered_no_more(southland):
    one, came = taken(southland, str(uuid.uuid4()))
    assert refused(southland, HAND_OVER, their_offer(one.identity))  # it waits already
    back = {"says": "withdrawal", "hand_over": "HOV-00044"}

    assert refused(southland, HAND_OVER, {**back, "hand_over": "HOV-1"}, in_reply_to=came.header.id)
    hand_over(southland, HAND_OVER, back, in_reply_to=came.header.id)

    assert state_of(one) is HandOverState.WITHDRAWN
    with pytest.raises(handing_over.HandOverAnsweredError):
        handing_over.confirm(one.reference, by=CUSTODIAN, at=LATER)


def test_a_thing_that_came_before_its_record_enters_custody_with_it(southland):
    identity = str(uuid.uuid4())
    one, _ = taken(southland, identity)
    assert (one.item, one.identity, one.what) == ("", identity, "seal")
    found_there = CustodyWords(place="Store 2", marks=("XS-88123",))

    handing_over.confirm(one.reference, words=found_there, by=CUSTODIAN, at=LATER)
    assert sent_to("XS", HAND_OVER).body["says"] == "answer"
    seal = an_object(channel=supplied(), identity=identity, at=LATER)
    note_arrived([seal.reference], at=LATER)
    note_arrived([seal.reference], at=LATER)

    assert custody.hand_over(one.reference).item == seal.reference
    [act] = [e for e in custody.custody(seal.reference).events if e.by == CUSTODIAN.reference][1:]
    assert (act.act, act.counterpart) == (CustodyAct.RECEIVED, "XS")
    from comity.evidence.services.custody import words_inside

    assert words_inside(seal.reference)[act.number][0] == found_there
    assert custody.custody(seal.reference).holds


def test_an_offer_waits_for_its_record_and_beside_another_hand_over(southland):
    identity = str(uuid.uuid4())
    early, _ = taken(southland, identity)
    seal = an_object(channel=supplied(), identity=identity)
    note_arrived([seal.reference], at=NOON)
    assert custody.hand_over(early.reference).item == seal.reference
    assert handing_over.offered_words(early.reference).place == "Border post"

    ours = an_object(channel=supplied())
    made, _ = offered(ours)
    beside, _ = taken(southland, ours.identity, hand_over="HOV-00045")
    assert beside.item == ""
    handing_over.refuse(beside.reference, RefusalReason.NOT_EXPECTED, by=CUSTODIAN, at=LATER)
    assert sent_to("XS", HAND_OVER).body["refused_for"] == "not-expected"
    assert state_of(made) is HandOverState.PROPOSED


def test_what_was_said_and_did_not_arrive_stands_on_the_hand_over_with_an_alarm(southland):
    from comity.exchange import models

    made, _ = offered(an_object(channel=supplied()))
    assert watch(at=NOON) == 0
    rows = models.Message.objects.filter(reference=made.message)
    rows.update(state=MessageState.DEAD, problem="relay-out-of-time", settled_at=LATER)

    assert [watch(at=LATER), watch(at=LATER)] == [1, 0]
    assert custody.hand_over(made.reference).problem == "relay-out-of-time"
    assert alarm_kinds() == [AlarmKind.HAND_OVER_UNDELIVERED]
    rows.update(state=MessageState.QUEUED, problem="", settled_at=None)
    assert watch(at=LATER) == 0
    assert custody.hand_over(made.reference).problem == ""


def test_who_has_a_thing_says_so_though_its_giver_cannot_be_told(southland):
    from comity.exchange import models

    one, _ = taken(southland, str(uuid.uuid4()))
    models.Partner.objects.filter(code="XS").update(state=PartnerState.ENDED)

    handing_over.confirm(one.reference, by=CUSTODIAN, at=LATER)

    assert state_of(one) is HandOverState.CONFIRMED
    assert watch(at=LATER) == 1
    assert custody.hand_over(one.reference).problem == "partner-not-active"


def test_an_item_goes_to_others_past_the_door_alone(southland, monkeypatch):
    from comity.evidence import models
    from comity.evidence.lifetime import DisclosedTo
    from comity.evidence.services.disclosing import record_assurance, record_disclosure

    ours = an_object(channel=OURS, case=a_case(offences=(Offence.TOBACCO,)))
    with pytest.raises(PermissionMissingError):
        offered(ours)
    lending = provision(
        "3(2)",
        ProvisionType.ASSISTANCE,
        {"forms": (FormOfAssistance.OBJECTS_SAMPLES,), "duty": "shall"},
    )
    exchange.know(monkeypatch, questions.agreement(lending))
    record_assurance("XS", ours=False, by=RELEASER, at=NOON)
    made = handing_over.propose(
        ours.reference, administration="XS", words=WORDS, by=RELEASER, at=NOON
    )
    decision = models.Decision.objects.get(way=WayOut.MESSAGE)
    assert (decision.recipient_code, decision.permitted) == ("XS", 1)
    assert sent_to("XS", HAND_OVER).body["place"] == "Quay 3"
    answer(southland, sent_to("XS", HAND_OVER))
    assert partners_holding(ours.reference) == ("XS",)
    assert state_of(made) is HandOverState.CONFIRMED

    released = an_item()  # originals of documents are no assistance under the agreement
    with pytest.raises(NotLetOutError):
        handing_over.propose(released.reference, administration="XS", by=RELEASER, at=NOON)
    record_disclosure(
        [released.reference], DisclosedTo.PARTNER, "XS", source="PKG-00001",
        by=CUSTODIAN.actor, at=NOON,
    )  # fmt: skip
    offered(released)
    assert set(sent_to("XS", HAND_OVER).body) == {"says", "item", "on", "hand_over", "term"}


def test_a_return_is_taken_back_and_answered_as_every_hand_over(southland):
    seal = an_object(channel=supplied())
    sent = send_back(seal.reference, "By courier.", by=CUSTODIAN, at=NOON)
    told = sent_to("XS", RETURN)

    handing_over.withdraw(sent.reference, by=CUSTODIAN, at=LATER)

    assert sent_to("XS", HAND_OVER).header.in_reply_to == told.header.id
    assert state_of(sent) is HandOverState.WITHDRAWN


def test_each_thing_without_its_record_that_waits_too_long_is_an_alarm_once(southland):
    for number in (44, 45):
        taken(southland, str(uuid.uuid4()), hand_over=f"HOV-000{number}")
    late = NOON + timedelta(days=30)

    def warn() -> int:
        return handing_over.warn_of_unanswered(custody.hand_overs_late(at=late), at=late)

    assert [warn(), warn()] == [2, 0]


def test_what_comes_back_to_a_case_of_others_is_theirs_to_answer(southland):
    seal = an_object(channel=supplied(), case=a_case())
    one, _ = taken(southland, seal.identity)
    stranger = replace(CASE_OFFICER, reference="OFF-00099")

    with pytest.raises(UnknownItemError):
        handing_over.confirm(one.reference, by=stranger, at=LATER)
    with pytest.raises(UnknownItemError):
        handing_over.refuse(one.reference, RefusalReason.NOT_EXPECTED, by=stranger, at=LATER)

    answered = handing_over.confirm(one.reference, by=CASE_OFFICER, at=LATER)
    assert answered.state is HandOverState.CONFIRMED
