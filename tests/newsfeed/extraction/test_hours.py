"""Opening hours in three languages come out in one form."""

import pytest

from comity.newsfeed.extraction.hours import hours_in


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("from 24/7 to 8 a.m. – 8 p.m. beginning", ["24/7", "08:00-20:00"]),
        ("open 6 to 10 p.m. daily", ["18:00-22:00"]),
        ("from 9 to 5 p.m.", ["09:00-17:00"]),
        ("8 a.m.-noon", ["08:00-12:00"]),
        ("from 8:00 a.m. until midnight", ["08:00-00:00"]),
        ("0600 to 2200 hours", ["06:00-22:00"]),
        ("around the clock", ["24/7"]),
        ("entre 8h30 et 18 h 00", ["08:30-18:00"]),
        ("de 9 heures à 17 heures", ["09:00-17:00"]),
        ("24 heures sur 24", ["24/7"]),
        ("de las 7:00 a las 22:00 horas", ["07:00-22:00"]),
        ("de 6 de la mañana a 10 de la noche", ["06:00-22:00"]),
        ("cambiará de 24 horas a 6:00-22:00 horas", ["24/7", "06:00-22:00"]),
        ("from 5 to 7 ports", []),
        ("on 8-10 June 2024", []),
        ("close at 6 p.m.", []),
    ],
)
def test_hours_are_ranges_on_the_clock_of_the_day(text: str, hours: list[str]) -> None:
    assert [found.value for found in hours_in(text)] == hours


def test_hours_know_their_place_in_the_text() -> None:
    text = "The port opens from 8h à 20h."

    [found] = hours_in(text, offset=100)

    assert text[found.start - 100 : found.end - 100] == "8h à 20h"


def test_a_hostile_run_of_digits_and_blanks_is_read_at_once() -> None:
    assert hours_in("8 " * 20_000) == ()
