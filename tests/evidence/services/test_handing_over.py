# SPDX-License-Identifier: Apache-2.0
"""A hand-over enters custody once both sides have said so, and not before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import CustodyAct, CustodyWords, Fault
from comity.evidence.hand_over import HandOverState, RefusalReason
from comity.evidence.new_item import MisleadingWordsError
from tests.support.evidence import AT, CUSTODIAN, an_object
from tests.support.officers import registered

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]
LATER = AT + timedelta(hours=1)


@pytest.fixture
def colleague() -> Officer:
    """Another custodian of Northland."""
    return registered(Role.EVIDENCE_CUSTODIAN, own_password=False, second_factor=False)


def custody_words(item: str) -> list[CustodyWords]:
    """What was written of the acts in an item's custody, in their order."""
    from comity.evidence.services.custody import words_inside

    return [words for _, (words, _) in sorted(words_inside(item).items())]


def test_an_officer_takes_an_item_over_from_another(colleague: Officer) -> None:
    from comity.evidence.queries import custody
    from comity.evidence.services import handing_over

    seal = an_object()
    words = CustodyWords(place="Store one")
    proposed = handing_over.propose(
        seal.reference, officer=colleague.reference, words=words, by=CUSTODIAN, at=LATER
    )
    before = custody.custody(seal.reference).events
    assert custody.holder(seal.reference) == CUSTODIAN.reference
    assert custody.hand_overs_waiting(officer=colleague.reference) == (proposed,)

    answered = handing_over.confirm(proposed.reference, by=colleague, at=LATER)

    found = custody.custody(seal.reference)
    assert answered.state is HandOverState.CONFIRMED
    assert [(e.act, e.by, e.counterpart) for e in found.events[len(before) :]] == [
        (CustodyAct.HANDED_OVER, CUSTODIAN.reference, colleague.reference),
        (CustodyAct.RECEIVED, colleague.reference, CUSTODIAN.reference),
    ]
    assert found.holds
    assert custody.holder(seal.reference) == colleague.reference
    given = custody_words(seal.reference)
    assert [each.place for each in given[-1:]] == ["Store one"]


def test_nobody_but_the_taker_answers_and_nobody_but_the_giver_withdraws(
    colleague: Officer,
) -> None:
    from comity.evidence.services import handing_over

    seal = an_object()
    proposed = handing_over.propose(
        seal.reference, officer=colleague.reference, by=CUSTODIAN, at=LATER
    )
    with pytest.raises(handing_over.NotYourHandOverError):
        handing_over.confirm(proposed.reference, by=CUSTODIAN, at=LATER)
    unseen = CustodyWords(place="Quay \u202e3")
    with pytest.raises(MisleadingWordsError):
        handing_over.confirm(proposed.reference, words=unseen, by=colleague, at=LATER)
    with pytest.raises(handing_over.NotYourHandOverError):
        handing_over.withdraw(proposed.reference, by=colleague, at=LATER)
    with pytest.raises(handing_over.HandOverUnderWayError):
        handing_over.propose(seal.reference, officer=colleague.reference, by=CUSTODIAN, at=LATER)
    with pytest.raises(handing_over.TakerRefusedError):
        handing_over.propose(seal.reference, officer=CUSTODIAN.reference, by=CUSTODIAN, at=LATER)

    handing_over.withdraw(proposed.reference, by=CUSTODIAN, at=LATER)

    with pytest.raises(handing_over.HandOverAnsweredError):
        handing_over.confirm(proposed.reference, by=colleague, at=LATER)


def test_a_broken_seal_is_an_alarm_until_a_person_closes_it(colleague: Officer) -> None:
    from comity.evidence.queries import alarms, custody, items
    from comity.evidence.services import alarms as closing
    from comity.evidence.services import handing_over

    seal = an_object()
    proposed = handing_over.propose(
        seal.reference, officer=colleague.reference, by=CUSTODIAN, at=LATER
    )
    handing_over.refuse(proposed.reference, RefusalReason.SEAL_BROKEN, by=colleague, at=LATER)

    (alarm,) = alarms.open_alarms(item=seal.reference)
    assert alarm.kind is AlarmKind.HAND_OVER_DOUBTED
    assert [f.fault for f in custody.custody(seal.reference).findings] == [Fault.HAND_OVER_DOUBTED]
    assert not items.item(seal.reference).certifiable

    closing.close_alarm(alarm.reference, reason="The other seal was meant.", by=CUSTODIAN, at=LATER)

    assert items.item(seal.reference).certifiable


def test_a_week_without_an_answer_raises_one_alarm(colleague: Officer) -> None:
    from comity.evidence.queries import alarms, custody
    from comity.evidence.services import alarms as closing
    from comity.evidence.services import handing_over

    seal = an_object()
    handing_over.propose(seal.reference, officer=colleague.reference, by=CUSTODIAN, at=LATER)

    def warn(at: datetime) -> int:
        return handing_over.warn_of_unanswered(custody.hand_overs_late(at=at), at=at)

    assert [warn(LATER + timedelta(days=days)) for days in (6, 8, 9)] == [0, 1, 0]
    assert [a.kind for a in alarms.open_alarms()] == [AlarmKind.HAND_OVER_UNANSWERED]
    [alarm] = alarms.open_alarms()
    closing.close_alarm(alarm.reference, reason="Asked the taker.", by=CUSTODIAN, at=LATER)
    assert warn(LATER + timedelta(days=10)) == 0  # a person looked at it


def test_what_was_destroyed_meanwhile_is_taken_over_by_nobody(colleague: Officer) -> None:
    from comity.evidence import models
    from comity.evidence.item import ItemState
    from comity.evidence.queries import custody
    from comity.evidence.services import handing_over

    seal = an_object()
    proposed = handing_over.propose(
        seal.reference, officer=colleague.reference, by=CUSTODIAN, at=LATER
    )
    models.Item.objects.update(state=ItemState.DESTROYED)
    before = custody.custody(seal.reference).events

    with pytest.raises(handing_over.NotInHandError):
        handing_over.confirm(proposed.reference, by=colleague, at=LATER)

    assert custody.custody(seal.reference).events == before


def test_another_keeper_withdraws_for_a_giver_who_left(colleague: Officer) -> None:
    from comity.accounts import models as accounts
    from comity.evidence.services import handing_over

    seal, taker = an_object(), registered(Role.REGISTRAR, own_password=False, second_factor=False)
    proposed = handing_over.propose(seal.reference, officer=taker.reference, by=colleague, at=LATER)
    with pytest.raises(handing_over.NotYourHandOverError):
        handing_over.withdraw(proposed.reference, by=CUSTODIAN, at=LATER)
    accounts.Officer.objects.filter(reference=colleague.reference).update(is_active=False)

    withdrawn = handing_over.withdraw(proposed.reference, by=CUSTODIAN, at=LATER)

    assert withdrawn.state is HandOverState.WITHDRAWN
