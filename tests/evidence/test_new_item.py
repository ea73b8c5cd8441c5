# SPDX-License-Identifier: Apache-2.0
"""An item is added as it stands, or it is said what is lacking."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.evidence.custody import CustodyAct, Given
from comity.evidence.item import OBJECTS, Acquisition, Channel, Description, ItemKind, Rank
from comity.evidence.item_documents import description_document, read_description
from comity.evidence.new_item import ItemNotDescribedError, NewItem, check, check_description
from comity.handling.marking import Marking
from tests.evidence.test_custody import chain

LETTER = NewItem(ItemKind.DOCUMENT, Rank.ORIGINAL, Description("A letter"))
TEXTS = st.text(max_size=30)


@pytest.mark.parametrize("kind", ItemKind)
def test_a_file_is_what_things_lack_and_everything_else_needs(kind: ItemKind) -> None:
    new = replace(LETTER, kind=kind)

    check(new, has_content=kind not in OBJECTS)
    with pytest.raises(ItemNotDescribedError):
        check(new, has_content=kind in OBJECTS)


@pytest.mark.parametrize(
    "change",
    [
        {"description": Description(" ")},
        {"description": Description("x" * 301)},
        {"description": Description("A letter", "x" * 20_001)},
        {"description": Description("A letter", marks=("x",) * 101)},
        {"description": Description("A \u202ereffuL")},
        {"description": Description("A letter", "a\x07b")},
        {"description": Description("A letter", marks=("a\x1b[2J",))},
        {"description": Description("A letter", acquisition=Acquisition(place="a\x00"))},
        {"rank": Rank.DERIVED},
        {"begins_with": CustodyAct.ANALYSED},
        {"custody": (Given(chain()[0]), Given(chain()[0]))},
    ],
)
def test_what_does_not_do_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ItemNotDescribedError):
        check(replace(LETTER, **change), has_content=True)


def test_a_description_is_checked_by_itself() -> None:
    check_description(Description("A letter"))
    check_description(Description("رسالة", "Two\r\n\tlines, \u2068محمد\u2069"))
    with pytest.raises(ItemNotDescribedError):
        check_description(Description(""))


def test_custody_begins_as_the_item_came() -> None:
    theirs = Channel(1, "XS", Marking())

    assert LETTER.first_act is CustodyAct.MADE
    assert replace(LETTER, channel=theirs).first_act is CustodyAct.RECEIVED
    assert replace(LETTER, kind=ItemKind.CASH).first_act is CustodyAct.RECEIVED
    assert replace(LETTER, begins_with=CustodyAct.SEIZED).first_act is CustodyAct.SEIZED


@given(
    st.builds(
        Description,
        title=TEXTS,
        text=TEXTS,
        file_name=TEXTS,
        marks=st.lists(TEXTS, max_size=3).map(tuple),
        acquisition=st.builds(
            Acquisition,
            at=st.none() | st.datetimes(timezones=st.just(UTC)),
            place=TEXTS,
            by=TEXTS,
            how=TEXTS,
            power=TEXTS,
            judicially_obtained=st.sampled_from([None, True, False]),
        ),
        third_party_rights=TEXTS,
    )
)
def test_a_description_is_read_as_it_was_written(description: Description) -> None:
    document = json.loads(json.dumps(description_document(description)))

    assert read_description(document) == description


def test_what_a_document_leaves_out_was_not_said() -> None:
    assert read_description({"title": "A letter"}) == Description("A letter")
    assert read_description({"title": "A letter"}).acquisition.at is None
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert (
        read_description({"title": "x", "acquisition": {"at": at.isoformat()}}).acquisition.at == at
    )
