# SPDX-License-Identifier: Apache-2.0
from datetime import date

import pytest

from comity.agreements.agreement_state import Sure, entry_into_force_day, standing_on
from comity.agreements.claim import Confidence, Event
from comity.agreements.instrument import Party
from comity.agreements.overlay import Overlay
from comity.agreements.provision import Basis, ProvisionType
from comity.reference.taxonomy import AgreementState, InstrumentKind
from tests.support.agreements import claim, force_confirmation, instrument, provision, register

SIGNED = claim(Event.SIGNED, "2020-05-04")
IN_FORCE = claim(Event.IN_FORCE, "2021-03-15")


@pytest.mark.parametrize(
    ("on", "state", "in_force"),
    [
        ("2020-05-03", None, Sure.NO),
        ("2020-05-04", AgreementState.SIGNED, Sure.NO),
        ("2021-03-14", AgreementState.SIGNED, Sure.NO),
        ("2021-03-15", AgreementState.IN_FORCE, Sure.YES),
    ],
)
def test_an_agreement_signed_and_later_in_force(on, state, in_force):
    standing = standing_on(instrument(SIGNED, IN_FORCE), date.fromisoformat(on))

    assert (standing.state, standing.in_force) == (state, in_force)


def test_a_signed_agreement_whose_force_nobody_reports_awaits_confirmation():
    standing = standing_on(instrument(SIGNED), date(2024, 1, 1))

    assert standing.state is AgreementState.SIGNED
    assert standing.in_force is Sure.UNKNOWN
    assert standing.awaiting


def test_a_confirmation_settles_what_the_claims_leave_open():
    overlay = Overlay(confirmations=(force_confirmation(),))

    standing = standing_on(instrument(SIGNED), date(2024, 3, 1), overlay)

    assert standing.state is AgreementState.IN_FORCE
    assert not standing.awaiting


def test_claims_in_conflict_leave_force_unknown_between_their_days():
    disputed = instrument(SIGNED, IN_FORCE, claim(Event.IN_FORCE, "2022-01-01"))

    assert standing_on(disputed, date(2021, 6, 1)).in_force is Sure.UNKNOWN
    assert standing_on(disputed, date(2022, 1, 1)).in_force is Sure.YES


def test_a_month_is_sure_only_from_its_last_day():
    monthly = instrument(SIGNED, claim(Event.IN_FORCE, "2021-03"))

    assert standing_on(monthly, date(2021, 2, 28)).in_force is Sure.NO
    assert standing_on(monthly, date(2021, 3, 15)).in_force is Sure.UNKNOWN
    assert standing_on(monthly, date(2021, 3, 31)).in_force is Sure.YES
    assert not standing_on(monthly, date(2021, 3, 31)).exact


def test_what_is_only_recalled_has_no_state():
    recalled = instrument(claim(Event.IN_FORCE, "1999-01-01", confidence=Confidence.UNVERIFIED))

    standing = standing_on(recalled, date(2024, 1, 1))

    assert standing.state is None
    assert standing.in_force is Sure.UNKNOWN


def test_the_old_agreement_ends_when_the_new_one_is_in_force():
    old = instrument(SIGNED, IN_FORCE)
    new = instrument(
        claim(Event.SIGNED, "2023-01-01"),
        claim(Event.IN_FORCE, "2024-01-01"),
        reference="xn-xs-2023",
        supersedes=("xn-xs-2020",),
    )
    both = register(old, new)

    assert standing_on(old, date(2023, 12, 31), register=both).in_force is Sure.YES
    superseded = standing_on(old, date(2024, 1, 1), register=both)
    assert superseded.state is AgreementState.SUPERSEDED


def test_an_instrument_continued_by_a_successor_state_is_succeeded():
    old = instrument(SIGNED, IN_FORCE, claim(Event.SUPERSEDED, "2022-01-01", other="xn-xe-2022"))
    heir = instrument(
        claim(Event.SUCCEEDED, "2022-01-01", other="xn-xs-2020"), reference="xn-xe-2022"
    )

    standing = standing_on(old, date(2023, 1, 1), register=register(old, heir))

    assert standing.state is AgreementState.SUCCEEDED


def test_a_convention_is_in_force_as_a_whole_whatever_one_party_does():
    convention = instrument(
        SIGNED,
        IN_FORCE,
        claim(Event.IN_FORCE, "2023-01-01", party="XE"),
        claim(Event.TERMINATED, "2023-06-01", party="XS"),
        parties=(Party("XN"), Party("XS"), Party("XE")),
    )

    standing = standing_on(convention, date(2024, 1, 1))

    assert standing.state is AgreementState.IN_FORCE
    assert standing.since == date(2021, 3, 15)


def test_force_for_some_parties_only_is_force_in_part():
    convention = instrument(
        SIGNED,
        claim(Event.IN_FORCE, "2023-01-01", party="XE"),
        claim(Event.IN_FORCE, "2022-01-01", party="XN"),
        parties=(Party("XN"), Party("XS"), Party("XE")),
    )

    standing = standing_on(convention, date(2024, 1, 1))

    assert standing.state is AgreementState.IN_FORCE_PARTIAL
    assert standing.since == date(2022, 1, 1)


def test_an_assumed_term_computes_no_day():
    assumed = provision(
        "20",
        ProvisionType.ENTRY_INTO_FORCE,
        {"days_after_notifications": 60},
        basis=Basis.ASSUMED,
    )
    notified = [claim(Event.NOTIFIED, "2020-06-01", party=party) for party in ("XN", "XS")]

    assert entry_into_force_day(instrument(SIGNED, *notified, provisions=(assumed,))) is None


def test_a_term_of_months_runs_from_the_last_notification():
    term = provision("20", ProvisionType.ENTRY_INTO_FORCE, {"months_after_notifications": 2})
    notified = [
        claim(Event.NOTIFIED, day, party=party)
        for party, day in (("XN", "2020-06-01"), ("XS", "2020-12-31"))
    ]

    entered = entry_into_force_day(instrument(SIGNED, *notified, provisions=(term,)))

    assert entered == date(2021, 2, 28)


def test_a_convention_of_two_circles_of_states_is_in_force_as_a_whole():
    convention = instrument(
        claim(Event.IN_FORCE, "2017-02-22"),
        kind=InstrumentKind.TREATY_MULTILATERAL,
        parties=(Party("XA"), Party("XB", obligations_unknown=True)),
    )

    assert standing_on(convention, date(2024, 1, 1)).state is AgreementState.IN_FORCE
