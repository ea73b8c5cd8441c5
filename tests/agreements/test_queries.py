# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date, timedelta

import pytest

from comity.accounts.permissions import Role
from comity.agreements import queries, services
from comity.agreements.records import ProposalKind, RecordState, Stance
from tests.support.node_register import (
    AGREEMENT,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    confirmation_draft,
    question,
    ruling_draft,
)

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("small_register")]

CUSTODIAN, ADVISER = Role.TREATY_CUSTODIAN, Role.LEGAL_ADVISER


@pytest.fixture
def confirmed(officer):
    drafted = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    return services.countersign_confirmation(
        drafted.reference, version=None, by=officer(ADVISER), at=TUESDAY
    )


def test_the_overlay_of_a_past_day_or_instant_is_what_stood_then(officer, confirmed):
    services.record_statement(
        confirmed.reference,
        stance=Stance.DISAGREES,
        partner="XS",
        citation="List",
        made_on=WEDNESDAY.date(),
        by=officer(CUSTODIAN),
        at=WEDNESDAY,
    )

    assert queries.overlay(MONDAY.date()).confirmations == ()
    [then] = queries.overlay(TUESDAY.date()).confirmations
    [before] = queries.overlay(at=WEDNESDAY - timedelta(hours=1)).confirmations
    [now] = queries.overlay().confirmations
    assert (then.suspended_on, before.suspended_on) == (None, None)
    assert now.suspended_on == WEDNESDAY.date()
    assert queries.overlay(TUESDAY.date()).corroborations == ()


def test_two_overlays_are_told_apart_by_their_digests(officer, confirmed):
    before = queries.overlay_digest(queries.overlay())

    services.withdraw_confirmation(
        confirmed.reference, reason="So.", version=None, by=officer(CUSTODIAN), at=WEDNESDAY
    )

    assert queries.overlay_digest(queries.overlay()) != before
    assert queries.overlay_digest(queries.overlay(at=TUESDAY)) == before


def test_the_register_is_merged_once_until_something_is_added(officer, small_register):
    content = {"event": "in-force", "date": "2021-03-15", "source": {"title": "Gazette"}}
    assert queries.register() is small_register
    made = services.propose(
        ProposalKind.CLAIM, AGREEMENT, content, grounds="Read.", by=officer(CUSTODIAN), at=MONDAY
    )
    services.accept_proposal(made.reference, version=None, by=officer(ADVISER), at=TUESDAY)

    assert queries.register() is queries.register()
    assert queries.register() is not small_register


def test_the_list_to_work_through_begins_with_what_is_left(officer):
    first = queries.confirmation_work("US", "cmaa")
    services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    after = queries.confirmation_work("US", "cmaa")

    assert (first.place, first.of, first.done, first.next_open) == (1, 1, 0, "")
    assert after.done == 1
    assert after.records[0].state is RecordState.DRAFTED
    assert queries.confirmation_work("US", "mra") is None


def test_a_coverage_is_drawn_anew_when_something_was_confirmed(officer):
    on = date(2026, 3, 4)
    before = queries.coverage_of("US", on)
    again = queries.coverage_of("US", on)
    drafted = services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    services.countersign_confirmation(
        drafted.reference, version=None, by=officer(ADVISER), at=TUESDAY
    )
    after = queries.coverage_of("US", on)

    assert again is before
    assert after.partner("XS").best.permits
    assert not before.partner("XS").best.permits


def test_what_waits_is_counted(officer):
    services.draft_confirmation(confirmation_draft(), by=officer(CUSTODIAN), at=MONDAY)
    services.draft_ruling(ruling_draft(), by=officer(ADVISER), at=MONDAY)

    assert queries.waiting() == {"confirmations": 1, "rulings": 1, "proposals": 0}


def test_ones_own_assessments_are_listed_apart(officer):
    services.assess(question(), by=officer(Role.CASE_OFFICER), at=MONDAY)
    mine = services.assess(question(), by=officer(ADVISER), at=TUESDAY).record

    assert len(queries.assessments().rows) == 2
    assert queries.assessments(assessed_by=officer(ADVISER).reference).rows == (mine,)


def test_lists_go_back_and_forth_by_key(officer):
    for number in range(5):
        services.attest(
            "US", f"X{number}", valid_from=date(2026, 1, 1), valid_until=date(2027, 1, 1),
            citation="Archive", by=officer(CUSTODIAN), at=MONDAY,
        )  # fmt: skip
    first = queries.attestations(size=2)
    second = queries.attestations(size=2, after=first.older)
    third = queries.attestations(size=2, after=second.older)

    assert [r.parties[1] for r in (*first.rows, *second.rows, *third.rows)] == [
        "X4", "X3", "X2", "X1", "X0",
    ]  # fmt: skip
    assert (first.newer, third.older) == ("", "")
    assert queries.attestations(size=2, before=second.newer).rows == first.rows
    assert queries.attestations(party="X3").rows[0].parties == ("US", "X3")
