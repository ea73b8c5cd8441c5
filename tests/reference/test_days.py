# SPDX-License-Identifier: Apache-2.0
"""A day is written in one way."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.reference.days import day_of


@given(st.dates())
def test_a_day_written_out_is_read_back(day):
    assert day_of(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    ["", "20241011", "2024-W41-5", "2024-10", "2024-02-30", "2024-10-11T00:00", "٢٠٢٤-١٠-١١", "0"],
)
def test_a_day_in_another_form_is_none(text):
    with pytest.raises(ValueError, match="day"):
        day_of(text)


def test_a_day_is_a_date_of_the_calendar():
    assert day_of("2024-02-29") == date(2024, 2, 29)
