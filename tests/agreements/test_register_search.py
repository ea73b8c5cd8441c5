# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date

from comity.agreements.claim import Event
from comity.agreements.instrument import Party
from comity.agreements.overlay import Overlay
from comity.agreements.register_search import Search, found
from comity.reference.taxonomy import AgreementState, InstrumentKind, Programme
from tests.support.agreements import claim, force_confirmation, instrument, register

TODAY = date(2026, 3, 2)
REGISTER = register(
    instrument(claim(Event.SIGNED, "2020-05-04"), reference="xn-xs-2020"),
    instrument(
        claim(Event.SIGNED, "2001-01-01"),
        claim(Event.IN_FORCE, "2002-01-01"),
        reference="us-cv-2001",
        title="Accord douanier",
        parties=(Party("US"), Party("CV")),
        programme=Programme.MRA,
        kind=InstrumentKind.ADMINISTRATIVE_ARRANGEMENT,
        notes=("Two languages",),
    ),
)


def references(overlay: Overlay = Overlay(), **conditions: object) -> list[str]:  # noqa: B008
    search = Search(**({"on": TODAY} | conditions))  # type: ignore[arg-type]
    return [one.reference for one in found(REGISTER, search, overlay)]


def test_no_condition_finds_everything_in_order():
    assert references() == ["us-cv-2001", "xn-xs-2020"]


def test_every_condition_narrows():
    assert references(party="US") == ["us-cv-2001"]
    assert references(party="US", with_="XS") == []
    assert references(with_="XS") == ["xn-xs-2020"]
    assert references(programme=Programme.MRA) == ["us-cv-2001"]
    assert references(kind=InstrumentKind.TREATY_BILATERAL) == ["xn-xs-2020"]


def test_words_are_found_in_title_notes_reference_and_names_in_both_languages():
    for words in ("ACCORD", "two languages", "us-cv", "verde", "États-Unis verde"):
        assert references(words=words) == ["us-cv-2001"], words
    assert references(words="accord southland") == []


def test_a_state_is_that_of_the_day_and_of_our_confirmations():
    assert references(state=AgreementState.IN_FORCE) == ["us-cv-2001"]
    assert references(state=AgreementState.IN_FORCE, on=date(2001, 6, 1)) == []
    assert references(awaiting=True) == ["xn-xs-2020"]

    ours = Overlay(confirmations=(force_confirmation(review_by=date(2028, 1, 1)),))

    assert references(ours, state=AgreementState.IN_FORCE) == ["us-cv-2001", "xn-xs-2020"]
    assert references(ours, awaiting=True) == []
