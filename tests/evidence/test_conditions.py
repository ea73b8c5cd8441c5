# SPDX-License-Identifier: Apache-2.0
"""What may be done with an item, in plain words: names where they are known, and whom to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from comity.agreements.verdict import Verdict
from comity.evidence.conditions import (
    Answer,
    Conditions,
    Contact,
    Stand,
    contact_words,
    says,
    sentences,
)
from comity.evidence.item import Channel
from comity.handling.marking import Marking
from comity.reference.taxonomy import Purpose

TOLD_FIRST = Answer(
    purpose=Purpose.CRIMINAL_EVIDENCE,
    stand=Stand.TELL_FIRST,
    verdict=Verdict.PERMITTED_WITH_NOTICE,
    instrument="xn-xs-2020",
    article="9",
    supplier="XS",
    notice_days=None,
    reason=None,
    determination=None,
)
SOUTHLAND = Contact("XS", "Southland Customs", node=True)


def test_a_supplier_is_called_by_its_name_where_its_card_is_known() -> None:
    assert "Only after XS has been told (xn-xs-2020, 9)." in says(TOLD_FIRST)
    named = replace(TOLD_FIRST, supplier_name="Southland Customs")
    assert "Only after Southland Customs has been told (xn-xs-2020, 9)." in says(named)


def test_the_way_by_which_it_came_names_the_supplier_too() -> None:
    channel = Channel(1, "XS", Marking(), date(2026, 3, 2), "xn-xs-2020")
    page = Conditions(
        item="ITM-00001",
        on=date(2026, 11, 22),
        purpose=None,
        answers=(),
        channels=(channel,),
        laid=Marking(),
        contacts=(SOUTHLAND,),
    )

    said = "\n".join(sentences(page))

    assert "Supplied by Southland Customs on 2026-03-02 under xn-xs-2020." in said
    assert "Ask Southland Customs through its node" in said


def test_who_has_no_node_is_asked_by_letter_and_an_official_by_what_the_card_says() -> None:
    official = replace(SOUTHLAND, person="O. Fficial", email="legal@southland.example")

    assert contact_words(Contact("XE", "XE")) == "Ask XE, by letter."
    assert contact_words(official) == "Ask Southland Customs: O. Fficial, legal@southland.example."
