# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.claim import Confidence, Event, Precision
from comity.agreements.instrument import Party
from comity.agreements.instrument_files import load_register
from comity.agreements.local_entries import LocalEntry, checked
from comity.agreements.provision import Basis
from comity.agreements.records import LocalKind, ProposalKind
from comity.agreements.register import Register
from comity.newsfeed.announcement import Fact, InstrumentEvent, Span
from comity.newsfeed.article import Article
from comity.newsfeed.candidates import known
from comity.newsfeed.proposal import (
    CHANGES,
    NOTHING,
    Change,
    ChangeKind,
    NothingToPropose,
    proposed_change,
)
from comity.reference.taxonomy import Programme
from tests.support.agreements import claim, instrument, register
from tests.support.exercise_news import event, release

READ_ON = date(2026, 3, 2)


@cache
def shipped() -> Register:
    return load_register()


def held(line: str, against: Register | None = None, article: Article | None = None):
    """What the line would change in the register."""
    return proposed_change(event(line), article or release(), against or shipped(), read_on=READ_ON)


def pair(*claims, reference="us-fj-2020", **more):
    """An instrument of the United States and Fiji with these claims."""
    parties = (Party("US"), Party("FJ"))
    return instrument(*claims, reference=reference, parties=parties, **more)


def one(*claims, **more) -> Register:
    return register(pair(*claims, **more))


def accepted(change: Change, into: Register | None = None) -> Register:
    """The register once the change was accepted, as the node would check it."""
    kind = (
        LocalKind.INSTRUMENT if change.proposal_kind is ProposalKind.INSTRUMENT else LocalKind.CLAIM
    )
    return checked(into or shipped(), LocalEntry(kind, change.instrument, change.content, READ_ON))


# An instrument that the register does not have


def test_an_unknown_agreement_is_proposed_in_the_form_of_the_instrument_files():
    change = held("cmaa signed FJ,US 2025-06-01")

    assert change.kind is ChangeKind.NEW_INSTRUMENT
    assert change.why.code == "unknown-instrument"
    added = accepted(change).instrument("us-fj-2025")
    assert added.programme is Programme.CMAA
    assert added.binding
    assert added.model == "us-cmaa", "the register uses this model for agreements of this party"
    assert [p.code for p in added.parties] == ["US", "FJ"]
    assert added.read.value == "none"
    assert "United States" in added.title
    assert "Fiji" in added.title
    (signed,) = added.claims
    assert (signed.event, signed.on, signed.confidence) == (
        Event.SIGNED, date(2025, 6, 1), Confidence.HIGH,
    )  # fmt: skip
    assert "confirms no force" in signed.note


@pytest.mark.parametrize(
    ("line", "reference", "binding"),
    [
        ("mra signed FJ,US 2025-06-01", "us-fj-mra-2025", False),
        ("jwp signed FJ,US 2025", "us-fj-jwp-2025", False),
        ("csi signed FJ,US 2025-06", "us-fj-csi-2025", False),
        ("cmaa signed FJ,US", "us-fj-cmaa", True),
        ("cmaa signed EU,FJ 2025-06-01", "eu-fj-2025", True),
        ("cmaa signed TO,FJ 2025-06-01", "fj-to-2025", True),
        ("convention signed FJ,TO,WS 2025-06-01", "fj-to-ws-convention-2025", True),
        ("other signed FJ,US 2025-06-01", "us-fj-2025", False),
    ],
)
def test_its_reference_follows_the_ways_of_the_register(line, reference, binding):
    change = held(line)

    assert change.instrument == reference
    assert accepted(change).instrument(reference).binding is binding


@pytest.mark.parametrize(
    ("line", "shipped_as"),
    [
        ("mra signed FJ,US 2025-06-01", "us-br-mra-2022"),
        ("jwp signed FJ,US 2025-06-01", "us-gt-jwp-2022"),
        ("csi signed FJ,US 2025-06-01", "us-ae-csi"),
        ("trade-data signed FJ,US 2025-06-01", "us-ar-trade-data"),
    ],
)
def test_it_assumes_what_the_shipped_ones_of_its_sort_provide_for(line, shipped_as):
    change = held(line)

    added = accepted(change).instrument(change.instrument)
    assert added.provisions
    assert {provision.basis for provision in added.provisions} == {Basis.ASSUMED}
    said = [(p.article, p.type, p.reading, dict(p.parameters)) for p in added.provisions]
    like = shipped().instrument(shipped_as).provisions
    assert said == [(p.article, p.type, p.reading, dict(p.parameters)) for p in like]


def test_a_reference_that_is_taken_gets_a_number():
    before = accepted(held("cmaa signed FJ,US 2025-01-10"))
    later = proposed_change(
        event("other signed FJ,US 2025-06-01"), release(), before, read_on=READ_ON
    )

    assert later.instrument == "us-fj-2025-2"
    accepted(later, before)


def test_authorities_stand_in_it_where_the_register_knows_their_code():
    told = event("cmaa signed FJ,US 2025-06-01")
    span = Span(0, 1, "x")
    told = replace(
        told,
        facts=(
            *told.facts,
            Fact("authorities", "US/CBP", span),
            Fact("authorities", "FJ/NOBODY", span),
            Fact("authorities", "US/CBP", span),
        ),
    )

    change = proposed_change(told, release(), shipped(), read_on=READ_ON)

    (authority,) = accepted(change).instrument("us-fj-2025").authorities
    assert authority.code == "US/CBP"


def test_the_source_says_who_published_when_and_where():
    change = held("cmaa signed FJ,US 2025-06-01", article=release(title="Exercise: a signature"))

    source = accepted(change).instrument("us-fj-2025").source
    assert source.title == "Training exercise, 2026-03-01: Exercise: a signature"
    assert source.url == "https://exercise.example/exercise-1"
    assert source.read_on == READ_ON


def test_an_address_that_is_not_of_the_web_is_no_address():
    change = held("cmaa signed FJ,US 2025-06-01", article=release(link="javascript:alert(1)"))

    assert "url" not in change.content["sources"]["s1"]


# An instrument that it has


def test_what_the_register_has_is_not_proposed_again():
    found = held("mra signed BR,US 2022-09-16")

    assert isinstance(found, NothingToPropose)
    assert (found.why.code, found.instrument) == ("already-known", "us-br-mra-2022")


@pytest.mark.parametrize("day", ["2022-09", "2022"])
def test_a_less_exact_day_does_not_contradict(day):
    assert held(f"mra signed BR,US {day}").why.code == "already-known"


def test_a_more_exact_day_refines():
    before = one(claim(Event.SIGNED, "2020-05"))

    change = held("cmaa signed FJ,US 2020-05-04", before)

    assert (change.kind, change.why.code) == (ChangeKind.NEW_CLAIM, "more-precise")
    assert change.instrument == "us-fj-2020"
    assert [side.date for side in change.against] == ["2020-05"]
    assert len(accepted(change, before).instrument("us-fj-2020").claims) == 2


def test_two_months_of_one_signature_are_a_conflict_shown_side_by_side():
    before = one(claim(Event.SIGNED, "2020-05"))

    change = held("cmaa signed FJ,US 2020-06", before)

    assert (change.kind, change.why.code) == (ChangeKind.CONFLICT, "another-day")
    assert (change.ours.date, change.against[0].date) == ("2020-06", "2020-05")
    assert change.against[0].source == "Official gazette of Northland"
    claims = accepted(change, before).instrument("us-fj-2020").claims
    assert {c.on for c in claims} == {date(2020, 5, 1), date(2020, 6, 1)}, "both stay"


def test_a_day_that_refines_one_claim_and_contradicts_another_is_a_conflict():
    before = one(claim(Event.SIGNED, "2020-05"), claim(Event.SIGNED, "2020-05-04"))

    change = held("cmaa signed FJ,US 2020-05-05", before)

    assert change.kind is ChangeKind.CONFLICT
    assert [side.date for side in change.against] == ["2020-05-04", "2020-05"]


def test_a_better_source_for_a_weak_claim_is_proposed_and_a_weak_one_is_not():
    weak = one(claim(Event.SIGNED, "2020-05-04", confidence=Confidence.UNVERIFIED))

    better = held("cmaa signed FJ,US 2020-05-04", weak)
    again = held("cmaa signed FJ,US 2020-05-04 low", weak)

    assert (better.kind, better.why.code) == (ChangeKind.NEW_CLAIM, "better-source")
    assert again.why.code == "already-known"


def test_force_is_claimed_with_low_confidence_and_never_confirmed():
    before = one(claim(Event.SIGNED, "2020-05-04"))

    change = held("cmaa in-force FJ,US 2021-01-01 high", before)

    assert change.why.code == "not-yet-claimed"
    assert change.content["confidence"] == "low"
    assert "announced-only" in {note.code for note in change.notes}
    added = accepted(change, before).instrument("us-fj-2020").claims[-1]
    assert not added.credible, "an announcement never settles force"


def test_an_event_that_can_happen_again_contradicts_nothing():
    before = one(claim(Event.SIGNED, "2010-01-01"), claim(Event.REVISED, "2015-01-01"))

    change = held("cmaa revised FJ,US 2020-01-01", before)

    assert (change.kind, change.why.code) == (ChangeKind.NEW_CLAIM, "one-more-time")


def test_a_claim_for_one_party_is_no_claim_for_the_whole():
    before = one(claim(Event.SIGNED, "2020-05-04"), claim(Event.IN_FORCE, "2019", party="FJ"))

    assert held("cmaa in-force FJ,US 2021-01-01", before).why.code == "not-yet-claimed"


def test_a_signature_without_a_day_adds_nothing_to_an_instrument_that_is_there():
    assert held("cmaa signed FJ,US", one()).why.code == "already-there"


# Which of several


def two() -> Register:
    return register(
        pair(claim(Event.SIGNED, "2002-05-04"), reference="us-fj-2002"),
        pair(claim(Event.SIGNED, "2020-07-13"), reference="us-fj-2020"),
    )


def test_the_instrument_whose_day_fits_is_meant():
    assert held("cmaa signed FJ,US 2002-05-04", two()).instrument == "us-fj-2002"
    assert held("cmaa signed FJ,US 2020-08", two()).instrument == "us-fj-2020"
    assert held("cmaa revised FJ,US 2020-07-13", two()).why.code == "already-known"


def test_where_several_fit_the_youngest_is_taken_and_the_others_are_named():
    change = held("cmaa in-force FJ,US 2022-01-01", two())

    assert change.instrument == "us-fj-2020"
    (note,) = [note for note in change.notes if note.code == "several-fit"]
    assert "us-fj-2002" in note.said()


def test_an_instrument_signed_later_is_not_meant_by_an_earlier_entry_into_force():
    assert held("cmaa in-force FJ,US 2004-01-01", two()).instrument == "us-fj-2002"


def test_nothing_is_proposed_where_nothing_says_which_is_meant():
    found = held("cmaa terminated FJ,US", two())

    assert found.why.code == "several-instruments"
    assert "us-fj-2002, us-fj-2020" in found.why.said()


def test_a_signature_of_another_decade_is_another_instrument():
    change = held("cmaa signed FJ,US 2025-06-01", one(claim(Event.SIGNED, "2002-05-04")))

    assert (change.kind, change.why.code) == (ChangeKind.NEW_INSTRUMENT, "further-instrument")
    assert [side.date for side in change.against] == ["2002-05-04"]


def test_a_mention_beside_the_news_makes_no_second_instrument():
    change = held("cmaa signed FJ,US 2012 low", one(claim(Event.SIGNED, "2002-05-04")))

    assert change.kind is ChangeKind.CONFLICT
    assert "mentioned" in {note.code for note in change.notes}


def test_what_happened_long_before_the_release_is_told_beside_its_news():
    before, year = one(claim(Event.SIGNED, "2002-05-04")), "cmaa signed FJ,US 2012 high"

    then = held(year, before, release(published=date(2012, 6, 1)))
    now = held(year, before, release(published=date(2026, 3, 1)))

    assert (then.kind, now.kind) == (ChangeKind.NEW_INSTRUMENT, ChangeKind.CONFLICT)
    assert "mentioned" in {note.code for note in now.notes}


def test_what_is_told_beside_the_news_is_claimed_less_firmly_than_news():
    beside = held("mra signed IN,US 2021-10 high", article=release(published=date(2026, 3, 1)))
    news = held("mra signed IN,US 2021-10 high", article=release(published=date(2021, 11, 1)))

    assert (beside.content["confidence"], news.content["confidence"]) == ("medium", "high")


def test_a_group_is_a_party_of_its_own():
    assert held("mra signed EU,US 2012-05-04").instrument == "us-eu-mra-2012"
    assert held("cmaa signed FR,JP 1901-01-01").instrument != "eu-jp-2008"


# What never becomes a change


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("cmaa planned FJ,US", "no-lifecycle-event"),
        ("cmaa feasible FJ,US", "no-lifecycle-event"),
        ("cmaa counted FJ,US", "no-lifecycle-event"),
        ("cmaa signed US", "parties-unknown"),
        ("cmaa signed US,QQ 2025", "parties-unknown"),
        ("song signed FJ,US 2025", "kind-unknown"),
        ("domestic-law signed FJ,US 2025", "kind-unknown"),
        ("cmaa negotiation-opened FJ,US 2025-06", "not-yet-an-instrument"),
        ("mra negotiation-opened EU,US 2025-06", "not-yet-an-instrument"),
    ],
)
def test_what_is_no_matter_of_the_register_stays_in_the_archive(line, code):
    found = held(line)

    assert isinstance(found, NothingToPropose)
    assert found.why.code == code


def test_negotiations_of_an_instrument_without_a_day_are_claimed_on_it():
    change = held("cmaa negotiation-opened FJ,US 2019-01", one())

    assert change.content["event"] == "negotiation-opened"
    assert change.instrument == "us-fj-2020"


# What holds for all


LINES = st.builds(
    lambda kind, happened, parties, day, trust: f"{kind} {happened} {parties} {day} {trust}",
    st.sampled_from(["cmaa", "mra", "jwp", "csi", "trade-data", "convention", "other"]),
    st.sampled_from([each.value for each in InstrumentEvent]),
    st.sampled_from(["BR,US", "FJ,US", "EU,US", "CO,US", "PY,US", "FJ,TO", "EU,JP", "CV,US"]),
    st.one_of(
        st.dates(date(1990, 1, 1), date(2026, 1, 1)).map(str),
        st.sampled_from(["2002", "2022-07", "2020"]),
    ),
    st.sampled_from(["high", "medium", "low"]),
)


@given(LINES)
def test_every_change_can_be_accepted_and_is_then_known(line):
    found = held(line)
    texts = CHANGES | NOTHING
    assert texts[found.why.code] == found.why.text
    assert "{" not in found.why.said("fr")
    if isinstance(found, NothingToPropose):
        return

    after = accepted(found)

    again = proposed_change(event(line), release(), after, read_on=READ_ON)
    assert isinstance(again, NothingToPropose), again.why.said()
    claims = after.instrument(found.instrument).claims
    assert all(c.confidence is not Confidence.UNVERIFIED for c in claims[-1:])


@given(st.text(max_size=12))
def test_a_text_that_is_no_day_is_not_known(text):
    span = known(text)

    assert (span.precision is Precision.UNKNOWN) is (span.first is None)
