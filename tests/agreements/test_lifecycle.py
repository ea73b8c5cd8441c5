# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements import agreement_state, lifecycle
from comity.agreements.claim import Event
from comity.agreements.instrument import Instrument
from comity.agreements.lifecycle import Act, Deed, allowed_acts, perform
from comity.agreements.provision import ProvisionType
from comity.reference.taxonomy import AgreementState
from tests.support.agreements import GAZETTE, claim, instrument, provision, register

ENTRY_60_DAYS = provision("20", ProvisionType.ENTRY_INTO_FORCE, {"days_after_notifications": 60})
SIX_MONTHS = provision("21", ProvisionType.DURATION_TERMINATION, {"notice_months": 6})
SIGNED = claim(Event.SIGNED, "2020-05-04")
IN_FORCE = claim(Event.IN_FORCE, "2021-03-15")


def deed(act: Act, on: str, **more: str) -> Deed:
    day = date.fromisoformat(on)
    return Deed(act=act, on=day, source=GAZETTE, recorded_on=day, **more)  # type: ignore[arg-type]


def after(agreement: Instrument, *deeds: Deed) -> Instrument:
    for each in deeds:
        agreement = replace(agreement, claims=(*agreement.claims, *perform(agreement, each)))
    return agreement


def state(agreement: Instrument, on: str) -> AgreementState | None:
    return agreement_state.state_on(agreement, date.fromisoformat(on))


def test_an_agreement_lives_from_the_first_idea_to_force():
    begun = after(
        instrument(),
        deed(Act.REGISTER, "2019-01-01"),
        deed(Act.OPEN_NEGOTIATION, "2019-02-01"),
        deed(Act.AGREE_TEXT, "2019-12-01"),
        deed(Act.SIGN, "2020-05-04"),
        deed(Act.NOTIFY, "2020-06-01", party="XN"),
        deed(Act.NOTIFY, "2020-07-01", party="XS"),
        deed(Act.BRING_INTO_FORCE, "2020-08-30"),
    )

    states = [state(begun, day) for day in ("2019-01-15", "2019-03-01", "2019-12-24", "2020-05-05")]
    assert states == [
        AgreementState.PROPOSED,
        AgreementState.UNDER_NEGOTIATION,
        AgreementState.TEXT_AGREED,
        AgreementState.SIGNED,
    ]
    assert state(begun, "2020-06-02") is AgreementState.AWAITING_NOTIFICATIONS
    assert state(begun, "2020-08-30") is AgreementState.IN_FORCE


def test_what_nobody_signed_cannot_be_brought_into_force():
    with pytest.raises(lifecycle.ActOutOfOrderError) as refused:
        perform(instrument(), deed(Act.BRING_INTO_FORCE, "2020-08-30"))

    assert "SIGNED" in str(refused.value)
    assert refused.value.fields["found"] == "unknown"


def test_a_successor_state_continues_an_instrument_that_it_never_signed():
    continued = after(instrument(), deed(Act.SUCCEED, "1991-12-25", other="xn-xe-1990"))

    assert state(continued, "1992-01-01") is AgreementState.IN_FORCE


def test_succession_and_supersession_name_the_other_instrument():
    with pytest.raises(lifecycle.ActIncompleteError):
        perform(instrument(), deed(Act.SUCCEED, "1991-12-25"))
    with pytest.raises(lifecycle.ActIncompleteError):
        perform(instrument(SIGNED, IN_FORCE), deed(Act.SUPERSEDE, "2024-01-01"))


def test_entry_into_force_is_the_second_notification_plus_the_days_of_the_text():
    notified = after(
        instrument(SIGNED, provisions=(ENTRY_60_DAYS,)),
        deed(Act.NOTIFY, "2020-06-01", party="XN"),
    )

    with pytest.raises(lifecycle.NotificationMissingError, match="XS"):
        perform(notified, deed(Act.BRING_INTO_FORCE, "2020-08-30"))
    both = after(notified, deed(Act.NOTIFY, "2020-07-01", party="XS"))
    with pytest.raises(lifecycle.EntryDayError, match="2020-08-30"):
        perform(both, deed(Act.BRING_INTO_FORCE, "2020-07-01"))
    assert perform(both, deed(Act.BRING_INTO_FORCE, "2020-08-30"))[0].event is Event.IN_FORCE


def test_a_notification_names_the_party_that_makes_it():
    with pytest.raises(lifecycle.ActIncompleteError):
        perform(instrument(SIGNED), deed(Act.NOTIFY, "2020-06-01"))
    with pytest.raises(lifecycle.UnknownPartyError, match="XE"):
        perform(instrument(SIGNED), deed(Act.NOTIFY, "2020-06-01", party="XE"))


def test_the_clock_of_a_notice_runs_for_the_months_of_the_text():
    given_notice = after(
        instrument(SIGNED, IN_FORCE, provisions=(SIX_MONTHS,)),
        deed(Act.GIVE_NOTICE, "2023-08-31", party="XS"),
    )

    running = agreement_state.standing_on(given_notice, date(2024, 2, 28))
    assert running.state is AgreementState.TERMINATION_NOTIFIED
    assert running.in_force is agreement_state.Sure.YES
    assert running.ends_on == date(2024, 2, 29)
    with pytest.raises(lifecycle.NoticeRunningError):
        perform(given_notice, deed(Act.END, "2024-02-28"))
    assert state(given_notice, "2024-02-29") is AgreementState.TERMINATED
    assert perform(given_notice, deed(Act.END, "2024-02-29"))[0].event is Event.TERMINATED


def test_without_a_known_term_nobody_knows_when_a_notice_runs_out():
    given_notice = after(
        instrument(SIGNED, IN_FORCE), deed(Act.GIVE_NOTICE, "2023-08-31", party="XS")
    )

    running = agreement_state.standing_on(given_notice, date(2026, 1, 1))
    assert running.ends_on is None
    assert running.in_force is agreement_state.Sure.UNKNOWN


def test_a_suspended_agreement_is_not_in_force_until_it_is_resumed():
    suspended = after(instrument(SIGNED, IN_FORCE), deed(Act.SUSPEND, "2022-01-01"))

    assert state(suspended, "2022-06-01") is AgreementState.SUSPENDED
    resumed = after(suspended, deed(Act.RESUME, "2023-01-01"))
    assert state(resumed, "2023-01-01") is AgreementState.IN_FORCE


def test_an_agreement_under_revision_stays_in_force():
    reopened = after(instrument(SIGNED, IN_FORCE), deed(Act.OPEN_REVISION, "2022-01-01"))

    standing = agreement_state.standing_on(reopened, date(2022, 6, 1))
    assert standing.state is AgreementState.UNDER_REVISION
    assert standing.in_force is agreement_state.Sure.YES
    revised = after(reopened, deed(Act.REVISE, "2023-01-01"))
    assert state(revised, "2023-02-01") is AgreementState.IN_FORCE


def test_provisional_application_comes_before_force():
    applied = after(instrument(SIGNED), deed(Act.APPLY_PROVISIONALLY, "2020-06-01"))

    assert state(applied, "2020-07-01") is AgreementState.PROVISIONALLY_APPLIED
    assert Act.BRING_INTO_FORCE in allowed_acts(applied, date(2020, 7, 1))


def test_nothing_may_be_done_to_what_has_ended_but_recording_the_end():
    ended = instrument(SIGNED, IN_FORCE, claim(Event.TERMINATED, "2023-01-01"))

    assert allowed_acts(ended, date(2024, 1, 1)) == [Act.END]


def test_an_agreement_that_another_superseded_is_seen_with_the_register():
    old = instrument(SIGNED, IN_FORCE)
    new = instrument(
        claim(Event.SIGNED, "2023-01-01"),
        claim(Event.IN_FORCE, "2024-01-01"),
        reference="xn-xs-2023",
        supersedes=("xn-xs-2020",),
    )
    both = register(old, new)

    with pytest.raises(lifecycle.ActOutOfOrderError, match="SUPERSEDED"):
        perform(old, deed(Act.SUSPEND, "2024-06-01"), register=both)
    assert perform(old, deed(Act.SUSPEND, "2023-06-01"), register=both)


def test_every_act_says_from_which_states_it_may_be_done():
    assert set(lifecycle.STEPS) == set(Act)


@given(
    acts=st.lists(
        st.tuples(st.sampled_from(Act), st.integers(0, 400), st.sampled_from(["XN", "XS"])),
        max_size=14,
    )
)
def test_no_path_reaches_force_without_a_signature_or_a_succession(acts):
    agreement, day = instrument(), date(2000, 1, 1)
    for act, wait, party in acts:
        day += timedelta(days=wait)
        try:
            claims = perform(agreement, deed(act, day.isoformat(), party=party, other="xn-xe-1990"))
        except lifecycle.ActOutOfOrderError:
            continue
        agreement = replace(agreement, claims=(*agreement.claims, *claims))

    events = {each.event for each in agreement.claims}
    standing = agreement_state.standing_on(agreement, day)
    reached = Event.IN_FORCE in events or standing.in_force is agreement_state.Sure.YES
    assert not reached or events & {Event.SIGNED, Event.SUCCEEDED}
