# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.text_table import scan_table, table

WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=9), max_size=30).map(" ".join)


def test_columns_are_as_wide_as_their_longest_cell():
    drawn = table(["rule", "holds"], [["AGR-1", "yes"], ["AGR-10", "no"]])

    assert drawn.splitlines() == [
        "rule    holds",
        "------  -----",
        "AGR-1   yes",
        "AGR-10  no",
    ]


def test_a_table_without_rows_is_its_heading():
    assert table(["rule"], []).splitlines() == ["rule", "----"]


@pytest.mark.slow
@given(rows=st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=6), width=st.integers(60, 140))
def test_no_line_is_longer_than_the_terminal_and_no_word_is_lost(rows, width):
    drawn = table(["first", "second", "third"], rows, width)

    assert all(len(line) <= width for line in drawn.splitlines())
    said = sorted(word for row in rows for cell in row for word in cell.split())
    assert sorted(" ".join(drawn.splitlines()[2:]).split()) == said


def test_a_table_to_scan_has_one_line_for_each_row_and_cuts_the_last_column():
    drawn = scan_table(["reference", "title"], [["xn-xs-2020", "word " * 40]], width=40)

    lines = drawn.splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("xn-xs-2020  word word")
    assert lines[2].endswith("…")
    assert len(lines[2]) == 40
