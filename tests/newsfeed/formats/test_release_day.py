"""The day of publication as releases write it of themselves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.formats.release_day import (
    day_in,
    folded,
    instant_of,
    is_about_publication,
    labelled_day,
    stated_day,
)

NEWS = "The Customs Service of Northland signed an agreement with Southland in January 2019."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-10-11", date(2024, 10, 11)),
        ("November 8, 2010", date(2010, 11, 8)),
        ("Sept. 5th, 2023", date(2023, 9, 5)),
        ("8 November 2010", date(2010, 11, 8)),
        ("the 3rd of May 2023", date(2023, 5, 3)),
        ("1er août 2023", date(2023, 8, 1)),
        ("12 févr. 2024", date(2024, 2, 12)),
        ("4 de mayo de 2023", date(2023, 5, 4)),
        ("1º de março de 2024", date(2024, 3, 1)),
        ("mayo 4 de 2023", date(2023, 5, 4)),
        ("25/12/2023", date(2023, 12, 25)),
        ("12/25/2023", date(2023, 12, 25)),
        ("25.12.2023", date(2023, 12, 25)),
        ("31 February 2024", None),
        ("13/13/2024", None),
        ("in May 2023", None),
        ("", None),
    ],
)
def test_days_are_read_as_they_are_written(text, expected):
    assert day_in(text) == expected


def test_figures_are_read_as_the_country_writes_them():
    assert day_in("03/04/2024") == date(2024, 4, 3)
    assert day_in("03/04/2024", month_first=True) == date(2024, 3, 4)


def test_a_weekday_decides_what_the_figures_mean():
    # 4 March 2024 was a Monday, 3 April 2024 a Wednesday.
    assert day_in("Mon, 03/04/2024") == date(2024, 3, 4)
    assert day_in("Wed, 03/04/2024", month_first=True) == date(2024, 4, 3)
    assert day_in("mercredi 03/04/2024", month_first=True) == date(2024, 4, 3)


@pytest.mark.parametrize(
    "top",
    [
        ["Release Date:", "November 8, 2010"],
        ["Published: 8 November 2010"],
        ["Fecha de publicación: 8 de noviembre de 2010"],
        ["Publié le lundi 8 novembre 2010"],
        ["Monday, November 8, 2010"],
        ["Port North, 8 November 2010"],
        ["Port-Sud, le 8 novembre 2010"],
        ["lunes, 8 de noviembre de 2010"],
        ["PORT NORTH, Nov. 8, 2010 – Northland signs."],
        ["(Port-Sud, le 8 novembre 2010) – La douane signe."],
        ["8 November 2010 | News"],
    ],
)
def test_the_top_of_a_release_says_its_day(top):
    assert stated_day(["A title of some words", *top, NEWS]) == date(2010, 11, 8)


@pytest.mark.parametrize(
    "top",
    [
        ["On November 8, 2010, Northland signed."],
        ["Since 8 November 2010 - the day of the storm - the port is closed."],
        ["The agreement of November 8, 2010 was revised."],
        ["It enters into force: 8 November 2010"],
        ["Date of the next meeting of all heads of customs: 8 November 2010"],
    ],
)
def test_a_day_in_the_news_is_not_the_day_of_the_release(top):
    assert stated_day(["A title of some words", *top, NEWS]) is None


def test_a_label_counts_before_a_line_with_a_day():
    top = ["Friday, October 11, 2024", "Release Date: October 9, 2024"]

    assert stated_day(top) == date(2024, 10, 9)
    assert labelled_day(top[:1]) is None


def test_a_day_far_below_the_top_is_none_of_the_release():
    assert stated_day([*["Words of the release."] * 20, "8 November 2010"]) is None


@pytest.mark.parametrize(
    "line",
    [
        "Release Date:",
        "November 8, 2010",
        "Port-Sud, le 8 mai 2023",
        "Ciudad del Norte, a 4 de mayo de 2023",
        "Publicado em 04/05/2023 10h30 Atualizado em 05/05/2023 12h00",
        "Last updated: 5 May 2023",
        "Mis à jour le 8 mai 2023",
        "Última actualización: 4 de mayo de 2023",
    ],
)
def test_a_line_about_the_publication_is_furniture(line):
    assert is_about_publication(line)


@pytest.mark.parametrize(
    "line",
    [
        "Updated rules",
        "8 May 2023: the port closes",
        "A title",
        "Actualizado el acuerdo, las aduanas cooperan",
        "Published rules of 8 May 2023",
    ],
)
def test_other_lines_are_not(line):
    assert not is_about_publication(line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 26 Sep 2023 23:01:00 +0000", "2023-09-26T23:01:00+00:00"),
        ("Tue, 26 Sep 2023 19:01:00 -0400", "2023-09-26T19:01:00-04:00"),
        ("2023-09-26T19:01:00-04:00", "2023-09-26T19:01:00-04:00"),
        ("2023-09-26T23:01:00Z", "2023-09-26T23:01:00+00:00"),
        ("Tue, 26 Sep 2023 23:01:00 GMT", "2023-09-26T23:01:00+00:00"),
    ],
)
def test_instants_keep_the_offset_in_which_they_are_written(text, expected):
    assert instant_of(text).isoformat() == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2023-09-26", "Mon, 99 Foo 9999 99:99:99 +9999"])
def test_what_names_no_instant_gives_none(text):
    assert instant_of(text) is None


@given(st.text())
def test_folding_keeps_every_letter_in_its_place(text):
    assert len(folded(text)) == len(text)


@given(st.text())
def test_any_text_can_be_asked_for_its_day(text):
    assert day_in(text) is None or isinstance(day_in(text), date)
    stated_day([text])
    instant_of(text)
