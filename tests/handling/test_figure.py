# SPDX-License-Identifier: Apache-2.0
"""Figures hold no person: closed dimensions, withheld small cells, conditions of all they count."""

from __future__ import annotations

import random
from dataclasses import fields
from itertools import product

import pytest

from comity.evidence.item import Acquisition, Description
from comity.handling.figure import (
    SMALLEST,
    Counted,
    Dimension,
    NotCountableError,
    figure,
    without_persons,
)
from comity.handling.marking import Marking, Unsettled
from comity.reference.taxonomy import Caveat

LAID = Marking(personal_data=True, caveats=frozenset({Caveat.CUSTOMS_ONLY}))


def counted(**cells: int) -> list[Counted]:
    return [
        Counted({Dimension.KIND: kind, Dimension.YEAR: "2026"}, LAID)
        for kind, count in cells.items()
        for _ in range(count)
    ]


def test_no_field_of_a_description_is_anything_to_count_by() -> None:
    personal = {field.name for field in (*fields(Description), *fields(Acquisition))}

    assert not personal & {dimension.value for dimension in Dimension}
    for name in (*personal, "officer", "reference", "identity", "digest", "claim"):
        with pytest.raises(NotCountableError):
            figure(counted(seal=9), [name])


def test_a_figure_keeps_every_condition_but_the_one_that_it_meets() -> None:
    made = figure(counted(seal=9, cash=7), ["kind"])

    assert made.marking.personal_data is False
    assert Unsettled.PERSONAL_DATA not in made.marking.unsettled
    assert made.marking.caveats == LAID.caveats
    assert without_persons([LAID, Marking(audience=frozenset())]).audience == frozenset()
    assert made.total == 16
    assert {cell.codes: cell.count for cell in made.cells} == {("seal",): 9, ("cash",): 7}


def test_one_small_cell_is_withheld_with_a_second_so_that_no_sum_gives_it_away() -> None:
    made = figure(counted(seal=9, cash=7, sample=1), ["kind"])

    shown = {cell.codes[0]: cell.count for cell in made.cells}
    assert shown == {"seal": 9, "cash": None, "sample": None}


def test_a_total_that_gives_small_cells_away_is_withheld() -> None:
    assert figure(counted(seal=9, cash=1, sample=1), ["kind"]).total is None
    assert figure(counted(seal=3), ["kind"]).total is None
    assert figure(counted(seal=9, cash=3, sample=4), ["kind"]).total == 16


def test_nothing_published_lets_a_small_cell_be_worked_out() -> None:
    """Of every drawn table with its margins known, each withheld cell keeps two possible values."""
    of = random.Random(6)
    for _ in range(150):
        kinds, years = of.randint(1, 3), of.randint(1, 3)
        table = {
            (f"k{k}", f"y{y}"): of.choice((0, 1, 3, 5, 8, 12))
            for k, y in product(range(kinds), range(years))
        }
        items = [
            Counted({Dimension.KIND: kind, Dimension.YEAR: year}, LAID)
            for (kind, year), count in table.items()
            for _ in range(count)
        ]
        made = figure(items, ["kind", "year"])
        for cell in made.cells:
            assert cell.count is None or cell.count >= SMALLEST
        for place in (0, 1):
            for code in {cell.codes[place] for cell in made.cells}:
                line = [cell for cell in made.cells if cell.codes[place] == code]
                hidden = [cell for cell in line if cell.count is None]
                assert len(hidden) != 1 or len(line) == 1
        hidden = sum(table[cell.codes] for cell in made.cells if cell.count is None)
        assert made.total is None or hidden == 0 or hidden >= SMALLEST


def test_too_many_dimensions_or_one_twice_is_refused() -> None:
    for by in (["kind", "kind"], ["kind", "rank", "state", "year"]):
        with pytest.raises(NotCountableError):
            figure(counted(seal=9), by)
