# SPDX-License-Identifier: Apache-2.0
"""A date resolves to itself in every form and language, and what is no date to nothing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.newsfeed.extraction.dates import dates_in
from comity.newsfeed.extraction.phrases import tokens_of

ENGLISH = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
FRENCH = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)
SPANISH = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre"),
    *("octubre", "noviembre", "diciembre"),
)
WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}

DATED = {
    "en month first": lambda d: f"signed on {ENGLISH[d.month - 1]} {d.day}, {d.year} in Arden",
    "en ordinal": lambda d: f"on {ENGLISH[d.month - 1]} {_th(d.day)}, {d.year}.",
    "en short": lambda d: f"(on {_short(d)} {d.day}, {d.year})",
    "en day first": lambda d: f"signed on {d.day} {ENGLISH[d.month - 1]} {d.year}, at Arden",
    "en day of": lambda d: f"done this {_th(d.day)} day of {ENGLISH[d.month - 1]}, {d.year}",
    "en weekday": lambda d: f"on {_weekday(d, 'en')}, {ENGLISH[d.month - 1]} {d.day}, {d.year}",
    "fr": lambda d: f"signé le {_er(d.day)} {FRENCH[d.month - 1]} {d.year} à Ardenne",
    "fr weekday": lambda d: f"{_weekday(d, 'fr')} {_er(d.day)} {FRENCH[d.month - 1]} {d.year}",
    "es": lambda d: f"firmado el {d.day} de {SPANISH[d.month - 1]} de {d.year} en Ardena",
    "es del": lambda d: f"el {d.day} de {SPANISH[d.month - 1]} del {d.year}",
    "es month first": lambda d: f"{SPANISH[d.month - 1].capitalize()} {d.day} de {d.year}",
    "es weekday": lambda d: f"{_weekday(d, 'es')}, {d.day} de {SPANISH[d.month - 1]} de {d.year}",
    "iso": lambda d: f"published {d.isoformat()} online",
    "dotted": lambda d: f"vom {d.day:02}.{d.month:02}.{d.year}",
}
"""Full dates as releases write them."""


def _th(day: int) -> str:
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _er(day: int) -> str:
    return "1er" if day == 1 else str(day)


def _short(day: date) -> str:
    month = ENGLISH[day.month - 1]
    return month if len(month) < 5 else ("Sept." if month == "September" else month[:3] + ".")


def _weekday(day: date, language: str) -> str:
    return WEEKDAYS[language][day.weekday()]


def values(text: str, published: date | None = date(2023, 9, 27)) -> list[str]:
    return [mention.value for mention in dates_in(tokens_of(text), published)]


days = st.dates(date(1950, 1, 1), date(2049, 12, 31))


@pytest.mark.parametrize("form", list(DATED))
@given(day=days, published=st.none() | days)
def test_a_date_with_its_year_is_that_day(form: str, day: date, published: date | None) -> None:
    text = DATED[form](day)

    assert values(text, published) == [day.isoformat()]


@pytest.mark.slow
@given(day=days, back=st.integers(0, 270))
def test_a_date_without_its_year_is_the_nearest_one_not_after_the_publication(
    day: date, back: int
) -> None:
    assume((day.month, day.day) != (2, 29))
    published = day + timedelta(days=back)

    for text in (
        f"signed on {ENGLISH[day.month - 1]} {_th(day.day)} in Arden",
        f"signé le {_er(day.day)} {FRENCH[day.month - 1]} à Ardenne",
        f"firmado el {day.day} de {SPANISH[day.month - 1]} en Ardena",
    ):
        assert values(text, published) == [day.isoformat()]


@given(published=days, back=st.integers(0, 6))
def test_a_weekday_is_the_nearest_one_not_after_the_publication(published: date, back: int) -> None:
    day = published - timedelta(days=back)

    for text in (
        f"signed on {_weekday(day, 'en')} in Arden",
        f"ont signé {_weekday(day, 'fr')} à Ardenne",
        f"firmaron el {_weekday(day, 'es')} en Ardena",
    ):
        assert values(text, published) == [day.isoformat()]


@given(first=days, length=st.integers(1, 20))
def test_of_a_range_the_first_day_is_given(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assume(last.year == first.year)
    english, spanish = ENGLISH[first.month - 1], SPANISH[first.month - 1]
    if last.month == first.month:
        texts = [
            f"held {english} {first.day}–{last.day}, {first.year}",
            f"held {first.day}-{last.day} {english} {first.year}",
            f"del {first.day} al {last.day} de {spanish} de {first.year}",
        ]
    else:
        texts = [
            f"from {english} {first.day} to {ENGLISH[last.month - 1]} {last.day}, {first.year}",
            f"du {first.day} {FRENCH[first.month - 1]} au {last.day} {FRENCH[last.month - 1]} "
            f"{first.year}",
        ]

    for text in texts:
        assert values(text) == [first.isoformat()], text


@given(text=st.text(alphabet="0123456789 .,/-–()abMayLunOnhoyend'’", max_size=60), day=days)
def test_every_date_of_any_text_stands_in_it(text: str, day: date) -> None:
    mentions = dates_in(tokens_of(text), day)

    assert all(0 <= m.start < m.end <= len(text) and m.first < m.last for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


RELATIVE = {
    "CBP today signed": "2023-09-27",
    "Today, they signed": "2023-09-27",
    "I am very pleased with today’s meeting": "2023-09-27",
    "ont signé aujourd'hui": "2023-09-27",
    "ont signé ce jour un accord": "2023-09-27",
    "firmaron hoy": "2023-09-27",
    "firmaron en el día de hoy": "2023-09-27",
    "this morning in Arden": "2023-09-27",
    "firmaron esta mañana": "2023-09-27",
    "signed yesterday": "2023-09-26",
    "a été signé hier": "2023-09-26",
    "fue firmado ayer": "2023-09-26",
    "avant-hier à Ardenne": "2023-09-25",
    "lundi dernier": "2023-09-25",
    "el pasado miércoles": "2023-09-20",
    "le jeudi 21": "2023-09-21",
    "el jueves 14": "2023-09-14",
    "on Tuesday, Sept. 26": "2023-09-26",
    "on Tuesday of last week": "2023-09-19",
    "earlier this month": "2023-09",
    "last month": "2023-08",
    "le mois dernier": "2023-08",
    "el mes pasado": "2023-08",
    "last year": "2022",
    "l'an dernier": "2022",
    "el año pasado": "2022",
    "earlier this year": "2023",
    "in March last year": "2022-03",
    "en marzo del año pasado": "2022-03",
    "en mars de l'année dernière": "2022-03",
    "last week": "2023-09",
    "in July, an officer": "2023-07",
    "en juillet": "2023-07",
    "el 26 de septiembre pasado": "2023-09-26",
    "in January 2021": "2021-01",
    "en enero de 2021": "2021-01",
    "au mois de janvier 2021": "2021-01",
    "first signed in 2002": "2002",
    "depuis 1970": "1970",
    "desde 2005": "2005",
    "the agreement of 2002.": "2002",
    "under the 2002 agreement": "2002",
    "the arrangement (2015)": "2015",
    "le 1er mars 2024": "2024-03-01",
    "since May 1": "2023-05-01",
    "a los 14 días del mes de mayo de 2021": "2021-05-14",
    "début 2021": "2021",
    "in spring 2022": "2022",
    "a finales de 2022": "2022",
    "09/26/2023": "2023-09-26",
    "26/09/2023": "2023-09-26",
}


@pytest.mark.parametrize(("text", "value"), RELATIVE.items())
def test_words_for_a_time_mean_a_day_a_month_or_a_year(text: str, value: str) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize("text", [text for text, value in RELATIVE.items() if value[:4] == "2023"])
def test_without_the_day_of_publication_nothing_is_guessed(text: str) -> None:
    assert all("2023" in text for _ in values(text, None))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("will meet on March 3", "2024-03-03"),
        ("The conference will be held on March 3", "2024-03-03"),
        ("se tiendra le 3 mars", "2024-03-03"),
        ("tendrá lugar el 3 de marzo", "2024-03-03"),
        ("effective October 11", "2023-10-11"),
        ("to be signed tomorrow", "2023-09-28"),
        ("sera signé demain", "2023-09-28"),
        ("Mañana se firmará", "2023-09-28"),
        ("next month", "2023-10"),
        ("le mois prochain", "2023-10"),
        ("el próximo lunes", "2023-10-02"),
        ("will meet on Friday", "2023-09-29"),
    ],
)
def test_what_is_announced_lies_ahead(text: str, value: str) -> None:
    (mention,) = dates_in(tokens_of(text), date(2023, 9, 27))

    assert (mention.value, mention.past) == (value, False)


@pytest.mark.parametrize(
    "text",
    [
        "the 2022-2027 strategy",
        "from 2015 to 2019",
        "de 2015 a 2019",
        "in fiscal 2023 and fiscal year 2022",
        "en el ejercicio fiscal 2022",
        "WCO 2022 and Operation Falcon 2023",
        "between 300 B.C. and 880 A.D., dated circa 1000-1500 C.E.",
        "from 24/7 to 8 a.m. – 8 p.m.",
        "in 2015 containers and 2020 kg of 1990 pills",
        "por la mañana y de la mañana",
        "Monday through Friday",
        "de lunes a viernes",
        "du lundi au vendredi",
        "todos los lunes y los martes",
        "every Tuesday, on Mondays",
        "Black Friday and Cyber Monday",
        "in August of that year",
        "en agosto del mismo año",
        "he may, they march, in an august hall",
        "Theresa May spoke to Santo Domingo",
        "in today's world, the America of tomorrow",
        "hoy en día y à ce jour",
        "the previous day, the following Friday",
        "six officers, two ships and the second floor",
        "dos de cada tres, les deux parties, a second March campaign",
        "03/04/2023",
        "31/31/2023, February 31, 2023",
        "in the 1990s",
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert values(text) == []


def test_a_numeric_date_of_two_readings_follows_its_publisher() -> None:
    tokens = tokens_of("on 03/04/2023")

    assert [m.value for m in dates_in(tokens, None, month_first=True)] == ["2023-03-04"]
    assert [m.value for m in dates_in(tokens, None, month_first=False)] == ["2023-04-03"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("le quatorze mai 2023", "2023-05-14"),
        ("le sept mai 2023", "2023-05-07"),
        ("le vingt et un juin deux mille vingt-trois", "2023-06-21"),
        ("fait à Paris, le trente et un mars 2023", "2023-03-31"),
        ("el catorce de mayo de 2023", "2023-05-14"),
        ("a los veintiún días del mes de junio de dos mil veintitrés", "2023-06-21"),
        ("el treinta y uno de marzo de 2023", "2023-03-31"),
        ("on the fourteenth of May 2023", "2023-05-14"),
        ("done on the twenty-first day of June, two thousand and twenty-three", "2023-06-21"),
        ("in May six officers", "2023-05"),
        ("last Friday", "2023-09-22"),
        ("last Wednesday", "2023-09-20"),
    ],
)
def test_days_are_told_in_words(text: str, value: str) -> None:
    assert values(text) == [value]
