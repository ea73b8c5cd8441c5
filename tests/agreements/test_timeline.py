# SPDX-License-Identifier: Apache-2.0
import json
from datetime import date

from comity.agreements import timeline
from comity.agreements.claim import Confidence, Event
from comity.agreements.force import ForceState
from comity.agreements.instrument import Version
from comity.agreements.instrument_files import load_register
from comity.agreements.overlay import Overlay
from comity.reference.taxonomy import Programme
from tests.support.agreements import NEWSPAPER, claim, force_confirmation, instrument, register

SIGNED = claim(Event.SIGNED, "2020-05-04")
IN_FORCE = claim(Event.IN_FORCE, "2021-03-15")


def test_conflicting_claims_of_one_event_stand_side_by_side():
    rumour = claim(Event.SIGNED, "2020-05-06", source=NEWSPAPER, confidence=Confidence.MEDIUM)

    (signed,) = timeline.history(instrument(SIGNED, rumour))

    assert signed.in_conflict
    assert [each.source.title for each in signed.claims] == [
        SIGNED.source.title,
        NEWSPAPER.title,
    ]
    assert signed.on == date(2020, 5, 4)


def test_a_month_and_a_day_within_it_are_no_conflict():
    (signed,) = timeline.history(instrument(SIGNED, claim(Event.SIGNED, "2020-05")))

    assert not signed.in_conflict


def test_events_follow_in_order_of_time_and_the_undated_come_last():
    undated = claim(Event.DOMESTIC_EFFECT)

    told = timeline.history(instrument(undated, IN_FORCE, SIGNED))

    assert [each.event for each in told] == [
        Event.SIGNED,
        Event.IN_FORCE,
        Event.DOMESTIC_EFFECT,
    ]


def test_claims_for_one_party_are_an_event_of_their_own():
    for_one = claim(Event.IN_FORCE, "2022-01-01", party="XE")

    told = timeline.history(instrument(IN_FORCE, for_one))

    assert [(each.limited_to, each.in_conflict) for each in told] == [("", False), ("XE", False)]


def test_versions_and_our_own_confirmation_belong_to_the_history():
    second = Version("2", "Revised text", (claim(Event.IN_FORCE, "2023-01-01"),))
    overlay = Overlay(confirmations=(force_confirmation(in_force_until=date(2025, 1, 1)),))

    told = timeline.history(instrument(SIGNED, versions=(second,)), overlay)

    assert [(each.event, each.version, each.confirmed_by) for each in told] == [
        (Event.SIGNED, "", ""),
        (Event.IN_FORCE, "", "CNF-2024-001"),
        (Event.IN_FORCE, "2", ""),
        (Event.TERMINATED, "", "CNF-2024-001"),
    ]


def test_a_suspended_confirmation_is_no_event():
    suspended = force_confirmation(suspended_on=date(2024, 3, 1))

    assert timeline.history(instrument(), Overlay(confirmations=(suspended,))) == ()


def test_a_partners_path_runs_from_assistance_to_recognition():
    recognition = instrument(
        claim(Event.SIGNED, "2019-01-01"), reference="xn-xs-mra", programme=Programme.MRA
    )
    assistance = instrument(SIGNED, IN_FORCE)

    path = timeline.path_between(register(recognition, assistance), "XN", "XS", on=date(2024, 1, 1))

    assert [stage.instrument for stage in path.stages] == ["xn-xs-2020", "xn-xs-mra"]
    assert path.missing() == (Programme.CSI, Programme.JWP)
    assert [each.instrument for each in path.happenings()] == [
        "xn-xs-mra",
        "xn-xs-2020",
        "xn-xs-2020",
    ]


def test_a_path_says_whether_each_instrument_is_in_force_between_the_two():
    path = timeline.path_between(
        register(instrument(SIGNED, IN_FORCE)), "XN", "XS", on=date(2024, 1, 1)
    )
    early = timeline.path_between(
        register(instrument(SIGNED, IN_FORCE)), "XN", "XS", on=date(2020, 6, 1)
    )

    assert [stage.between for stage in path.stages] == [ForceState.IN_FORCE]
    assert [stage.between for stage in early.stages] == [ForceState.NOT_IN_FORCE]


def test_strangers_have_no_path():
    path = timeline.path_between(register(instrument(SIGNED)), "XN", "XE", on=date(2024, 1, 1))

    assert path.stages == ()
    assert path.missing() == timeline.PATH


def test_every_event_has_words():
    assert set(timeline.EVENT_WORDS) == set(Event)


def test_the_two_sources_on_one_agreement_of_the_register_both_stay():
    disputed = [
        happening
        for each in load_register().instruments.values()
        for happening in timeline.history(each)
        if happening.in_conflict
    ]

    assert disputed
    assert all(len({claim.on for claim in each.claims}) > 1 for each in disputed)


def test_a_path_is_written_as_json():
    path = timeline.path_between(load_register(), "US", "BR", on=date(2024, 10, 11))

    document = json.loads(json.dumps(timeline.path_document(path)))

    assert document["parties"] == ["US", "BR"]
    assert "us-br-2002" in [stage["instrument"] for stage in document["stages"]]
