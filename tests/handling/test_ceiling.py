# SPDX-License-Identifier: Apache-2.0
"""Ceilings only refuse, combine by the lower, and take what is unknown as above them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from comity.errors import InvalidInputError
from comity.handling.ceiling import (
    NOTHING_PASSES,
    UNLIMITED,
    Ceiling,
    CeilingPart,
    ceiling_document,
    read_ceiling,
)
from comity.handling.marking import NOTHING, Marking
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Purpose,
)

CUSTOMS = frozenset({Caveat.CUSTOMS_ONLY})
LOW = Ceiling(
    ways=frozenset({"page"}),
    purposes=frozenset({Purpose.ADMIN_ENQUIRY}),
    forms=frozenset({FormOfAssistance.INFO_OFFENCE}),
    classes=frozenset({InformationClass.DECLARATION}),
    handling=frozenset({HandlingCode.H0}),
    caveats=CUSTOMS,
    personal_data=False,
)
WITHIN = replace(NOTHING, classes=frozenset({InformationClass.DECLARATION}))


def test_no_ceiling_refuses_nothing_and_an_unreadable_one_everything() -> None:
    assert UNLIMITED.above(Marking(), way="page", purpose=Purpose.PUBLIC) is None
    for marking in (Marking(), WITHIN):
        assert NOTHING_PASSES.above(marking) is not None


@pytest.mark.parametrize(
    ("marking", "act", "part"),
    [
        (WITHIN, {"way": "page", "purpose": Purpose.ADMIN_ENQUIRY}, None),
        (WITHIN, {"way": "api"}, CeilingPart.WAYS),
        (WITHIN, {"purpose": Purpose.PUBLIC}, CeilingPart.PURPOSES),
        (WITHIN, {"forms": (FormOfAssistance.ORIGINALS,)}, CeilingPart.FORMS),
        (NOTHING, {}, CeilingPart.CLASSES),
        (replace(WITHIN, handling=frozenset({HandlingCode.H1})), {}, CeilingPart.HANDLING),
        (replace(WITHIN, caveats=frozenset(Caveat)), {}, CeilingPart.CAVEATS),
        (replace(WITHIN, personal_data=None), {}, CeilingPart.PERSONAL_DATA),
    ],
)
def test_whatever_lies_above_in_one_part_is_refused(
    marking: Marking, act: dict, part: CeilingPart | None
) -> None:
    assert LOW.above(marking, **act) is part


def test_two_ceilings_combine_by_the_lower_in_every_part() -> None:
    other = replace(UNLIMITED, ways=frozenset({"page", "api"}), caveats=frozenset())

    both = LOW.meet(other)

    assert both == other.meet(LOW) == both.meet(LOW)
    assert both.ways == {"page"}
    assert both.caveats == frozenset()
    assert LOW.meet(UNLIMITED) == LOW


def test_a_ceiling_comes_back_from_its_document_and_a_dropped_part_is_refused() -> None:
    for ceiling in (LOW, UNLIMITED, NOTHING_PASSES):
        document = json.loads(json.dumps(ceiling_document(ceiling)))
        assert read_ceiling(document) == ceiling
        for name in document:
            with pytest.raises(InvalidInputError):
                read_ceiling({key: value for key, value in document.items() if key != name})
    with pytest.raises(InvalidInputError):
        read_ceiling(ceiling_document(LOW) | {"caveats": ["AMBER"]})
