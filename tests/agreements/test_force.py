# SPDX-License-Identifier: Apache-2.0
"""Force on a day: yes, no or unknown, from claims that may be vague, disputed or confirmed."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.agreements.claim import Confidence, Event
from comity.agreements.force import ForceState, Span, force_on, months_after, version_on
from comity.agreements.instrument import Party, Version
from comity.agreements.overlay import Overlay
from comity.agreements.provision import Basis, ProvisionType
from comity.reference.taxonomy import InstrumentKind
from tests.support.agreements import (
    EASTLAND,
    NORTHLAND,
    SOUTHLAND,
    claim,
    force_confirmation,
    instrument,
    provision,
    register,
)

YES, NO, UNKNOWN = ForceState.IN_FORCE, ForceState.NOT_IN_FORCE, ForceState.UNKNOWN
PAIR = (NORTHLAND, SOUTHLAND)


def force(*claims, on="2022-06-01", overlay=None, known_on=None, beside=(), **more):
    text = instrument(*claims, **more)
    return force_on(
        text,
        date.fromisoformat(on),
        parties=PAIR,
        register=register(text, *beside),
        overlay=overlay,
        known_on=known_on,
    )


SIGNED = claim(Event.SIGNED, "2019-11-01")
SINCE = claim(Event.IN_FORCE, "2020-02-01")


@pytest.mark.parametrize(
    ("on", "state"),
    [("2019-10-31", NO), ("2019-12-01", NO), ("2020-01-31", NO), ("2020-02-01", YES)],
)
def test_between_signature_and_force_it_is_not_in_force(on, state):
    assert force(SIGNED, SINCE, on=on).state is state


@pytest.mark.parametrize(("on", "state"), [("2019-10-31", NO), ("2019-11-01", UNKNOWN)])
def test_signed_only_is_unknown_from_the_day_of_signature(on, state):
    assert force(SIGNED, on=on).state is state


@pytest.mark.parametrize(
    ("on", "state"), [("2020-01-31", NO), ("2020-02-15", UNKNOWN), ("2020-02-29", YES)]
)
def test_a_month_leaves_its_days_open(on, state):
    assert force(SIGNED, claim(Event.IN_FORCE, "2020-02"), on=on).state is state


@pytest.mark.parametrize(
    ("on", "state"), [("2019-12-31", NO), ("2020-12-30", UNKNOWN), ("2020-12-31", YES)]
)
def test_a_year_leaves_its_days_open(on, state):
    assert force(claim(Event.IN_FORCE, "2020"), on=on).state is state


@pytest.mark.parametrize(
    ("on", "state"), [("2020-01-31", NO), ("2020-02-10", UNKNOWN), ("2020-03-01", YES)]
)
def test_between_two_disputed_days_nobody_knows(on, state):
    assert force(SINCE, claim(Event.IN_FORCE, "2020-03-01"), on=on).state is state


@pytest.mark.parametrize("confidence", [Confidence.LOW, Confidence.UNVERIFIED])
def test_a_claim_that_cannot_be_relied_upon_settles_nothing(confidence):
    weak = claim(Event.IN_FORCE, "2020-02-01", confidence=confidence)

    assert force(weak).state is UNKNOWN
    assert force(weak, SINCE).state is YES
    assert force(SINCE, claim(Event.TERMINATED, "2021-01-01", confidence=confidence)).state is YES


def test_a_day_of_force_that_nobody_gives_is_unknown():
    assert force(SIGNED, claim(Event.IN_FORCE)).state is UNKNOWN


def test_provisional_application_counts_with_its_own_reason():
    found = force(SIGNED, claim(Event.PROVISIONALLY_APPLIED, "2019-11-01"))

    assert (found.state, found.reason) == (YES, "force-provisional")


@pytest.mark.parametrize(
    ("on", "state"), [("2021-12-31", YES), ("2022-01-01", NO), ("2022-06-01", NO)]
)
def test_it_ends_on_the_day_that_a_claim_gives(on, state):
    found = force(SINCE, claim(Event.TERMINATED, "2022-01-01"), on=on)

    assert found.state is state
    assert found.ended is (state is NO)


def test_a_disputed_end_is_unknown_between():
    ends = (claim(Event.TERMINATED, "2022-01-01"), claim(Event.TERMINATED, "2022-09-01"))

    assert force(SINCE, *ends).state is UNKNOWN


def test_a_notice_of_termination_ends_it_after_the_term_of_the_text():
    notice = claim(Event.TERMINATION_NOTIFIED, "2021-12-15")
    read = provision("20", ProvisionType.DURATION_TERMINATION, {"notice_months": 6})
    assumed = provision(
        "20", ProvisionType.DURATION_TERMINATION, {"notice_months": 6}, Basis.ASSUMED
    )

    assert force(SINCE, notice, on="2022-06-14", provisions=(read,)).state is YES
    assert force(SINCE, notice, on="2022-06-15", provisions=(read,)).state is NO
    assert force(SINCE, notice, on="2022-06-15", provisions=(assumed,)).state is UNKNOWN
    assert force(SINCE, notice, on="2022-06-15").state is UNKNOWN


def test_a_suspension_holds_until_it_is_resumed():
    suspended = claim(Event.SUSPENDED, "2021-01-01")
    resumed = claim(Event.RESUMED, "2021-07-01")

    assert force(SINCE, suspended, on="2020-12-31").state is YES
    assert force(SINCE, suspended).state is NO
    assert force(SINCE, suspended, resumed, on="2021-03-01").state is NO
    assert force(SINCE, suspended, resumed).state is YES


def test_the_old_one_ends_only_when_its_successor_is_in_force():
    def old(*claims, on="2022-06-01", overlay=None):
        successor = instrument(*claims, reference="xn-xs-2021", supersedes=("xn-xs-2020",))
        return force(SINCE, on=on, overlay=overlay, beside=(successor,))

    signed = claim(Event.SIGNED, "2021-05-01")
    assert old(signed, on="2021-04-30").state is YES
    assert old(signed).state is UNKNOWN
    assert old(signed, claim(Event.IN_FORCE, "2022-01-01")).reason == "force-superseded"
    assert old(signed, claim(Event.IN_FORCE, "2022-09-01")).state is YES
    confirmed = force_confirmation(instrument="xn-xs-2021", in_force_from=date(2022, 1, 1))
    assert old(signed, overlay=Overlay((confirmed,))).state is NO


def test_a_party_may_be_bound_from_a_day_of_its_own():
    parties = (Party(NORTHLAND), Party(SOUTHLAND), Party(EASTLAND))
    convention = {"parties": parties, "kind": InstrumentKind.TREATY_MULTILATERAL}
    theirs = claim(Event.IN_FORCE, "2023-01-01", party=SOUTHLAND)
    ours = claim(Event.IN_FORCE, "2021-01-01", party=NORTHLAND)

    assert force(SINCE, ours, theirs, **convention).state is NO
    assert force(SINCE, ours, theirs, on="2023-02-01", **convention).state is YES
    # The convention's own entry into force binds nobody who has not joined.
    assert force(SINCE, ours, **convention).reason == "force-accession-unknown"


def test_obligations_that_a_party_must_notify_are_unknown_until_it_does():
    parties = (Party(NORTHLAND), Party(SOUTHLAND, obligations_unknown=True))
    notified = claim(Event.IN_FORCE, "2021-01-01", party=SOUTHLAND)

    assert force(SINCE, parties=parties).reason == "force-obligations-not-notified"
    assert force(SINCE, on="2019-01-01", parties=parties).state is NO
    assert force(SINCE, notified, parties=parties).state is YES


def test_a_confirmation_settles_its_interval_up_to_its_review():
    overlay = Overlay((force_confirmation(in_force_until=date(2025, 1, 1)),))

    def on(day):
        found = force(SIGNED, on=day, overlay=overlay)
        return found.state, found.reason

    assert on("2021-03-14") == (NO, "force-not-yet-confirmed")
    assert on("2021-03-15") == (YES, "force-confirmed")
    assert on("2025-01-01") == (NO, "force-confirmed-ended")
    due = force_confirmation(review_by=date(2022, 1, 1), recorded_on=date(2021, 6, 1))
    assert force(SIGNED, overlay=Overlay((due,))).reason == "force-review-is-due"
    assert force(SIGNED, SINCE, overlay=Overlay((due,))).state is YES


@pytest.mark.parametrize("ended", ["suspended_on", "withdrawn_on"])
def test_a_suspended_or_withdrawn_confirmation_confirms_nothing_from_that_day(ended):
    overlay = Overlay((force_confirmation(**{ended: date(2024, 5, 1)}),))

    assert force(SIGNED, overlay=overlay).state is UNKNOWN
    assert force(SIGNED, overlay=overlay, known_on=date(2024, 4, 30)).state is YES
    assert force(SIGNED, overlay=overlay, known_on=date(2024, 5, 1)).state is UNKNOWN
    assert force(SIGNED, overlay=overlay, known_on=date(2024, 1, 31)).state is UNKNOWN


def test_a_confirmation_and_a_credible_ending_contradict_each_other():
    overlay = Overlay((force_confirmation(),))
    ended = claim(Event.TERMINATED, "2022-01-01")

    assert force(SINCE, ended, overlay=overlay).reason == "force-confirmation-contradicted"


def test_two_confirmations_that_disagree_settle_nothing():
    later = force_confirmation(reference="CNF-2024-002", in_force_from=date(2023, 1, 1))

    found = force(SIGNED, overlay=Overlay((force_confirmation(), later)))

    assert found.reason == "force-confirmations-disagree"


def test_the_version_of_the_day():
    protocol = Version("2", "Protocol", (claim(Event.IN_FORCE, "2022-01-01"),))
    signed = Version("3", "Protocol", (claim(Event.SIGNED, "2024-01-01"),))
    text = instrument(SINCE, versions=(protocol, signed))

    assert version_on(text, date(2021, 1, 1)) == ""
    assert version_on(text, date(2022, 1, 1)) == "2"
    assert version_on(text, date(2024, 2, 1)) is None


def test_six_months_after_the_end_of_august_is_the_end_of_february():
    assert months_after(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert months_after(date(2023, 12, 15), 1) == date(2024, 1, 15)


days = st.dates(date(2015, 1, 1), date(2025, 1, 1))
texts = st.builds(
    lambda event, day, precision: claim(event, day.isoformat()[:precision]),
    st.sampled_from([Event.SIGNED, Event.IN_FORCE, Event.TERMINATED, Event.PROVISIONALLY_APPLIED]),
    days,
    st.sampled_from([4, 7, 10]),
)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(texts, max_size=4), texts, days)
def test_one_more_credible_reading_never_turns_yes_into_no_or_no_into_yes(claims, more, on):
    """A further claim of an event that is claimed already can only widen what is open."""
    if more.event not in {c.event for c in claims}:
        claims = [*claims, more]
    before = force(*claims, on=on.isoformat()).state

    after = force(*claims, more, on=on.isoformat()).state

    assert before is after or UNKNOWN in (before, after) or more.event is Event.TERMINATED


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(texts, min_size=1, max_size=5), days, st.randoms(use_true_random=False))
def test_the_order_of_the_claims_does_not_matter(claims, on, random):
    shuffled = list(claims)
    random.shuffle(shuffled)

    one, other = force(*claims, on=on.isoformat()), force(*shuffled, on=on.isoformat())

    assert (one.state, one.reason) == (other.state, other.reason)


@given(days, st.integers(0, 400), days)
def test_a_span_is_surely_past_surely_ahead_or_open(first, length, on):
    last = first + timedelta(length)

    state = Span(first, last).happened(on)

    assert state is (YES if on >= last else NO if on < first else UNKNOWN)
