"""Plain text as the blocks of a release."""

from __future__ import annotations

from datetime import date
from textwrap import fill

import pytest

from comity.newsfeed.article import BlockKind
from comity.newsfeed.formats.plain_text import MAXIMUM_LINES, read_text

RELEASE = """\
Official website of the Government of Northland

Archived Content

Northland and Southland Sign Customs Agreement

Agreement helps trade

Release Date:
November 8, 2010

PORT NORTH - The Customs Service of Northland signed an agreement with the customs
administration of Southland. It is the fourth of its kind.

The two heads of customs in Port North

Photo Credit: A Photographer

What follows

  • Information is exchanged
  • Officers are trained

1. First, the agreement is ratified.

The service will report on this in a year.

Last modified:
February 9, 2017
"""


def test_a_text_is_read_as_a_person_reads_it():
    page = read_text(RELEASE)

    assert page.title == "Northland and Southland Sign Customs Agreement"
    assert page.published == date(2010, 11, 8)
    assert page.labelled
    assert [(kind.value, text[:30]) for kind, text in page.blocks] == [
        ("boilerplate", "Official website of the Govern"),
        ("boilerplate", "Archived Content"),
        ("subtitle", "Agreement helps trade"),
        ("boilerplate", "Release Date:"),
        ("boilerplate", "November 8, 2010"),
        ("paragraph", "PORT NORTH - The Customs Servi"),
        ("caption", "The two heads of customs in Po"),
        ("boilerplate", "Photo Credit: A Photographer"),
        ("heading", "What follows"),
        ("list-item", "Information is exchanged"),
        ("list-item", "Officers are trained"),
        ("list-item", "1. First, the agreement is rat"),
        ("paragraph", "The service will report on thi"),
        ("boilerplate", "Last modified:"),
        ("boilerplate", "February 9, 2017"),
    ]


LONG = (
    "The Customs Service of Northland signed an agreement with the customs administration of"
    " Southland on the exchange of information about containers, and both will report on it to"
    " their ministers in a year from now."
)


@pytest.mark.parametrize("width", [60, 72, 100])
def test_lines_broken_by_hand_are_put_together(width):
    whole = f"Northland and Southland sign\n\n{LONG}\n\n{LONG} Again."
    broken = "\n\n".join(fill(part, width) for part in whole.split("\n\n"))

    assert read_text(broken) == read_text(whole)


def test_lines_that_are_whole_paragraphs_stay_apart():
    text = f"Northland and Southland sign\n{LONG}\n{LONG} Again."

    assert [kind for kind, _ in read_text(text).blocks] == [BlockKind.PARAGRAPH] * 2


def test_a_text_without_a_headline_has_no_title():
    assert read_text(f"{LONG}\n\n{LONG} Again.").title == ""


def test_a_title_that_is_known_is_not_looked_for():
    page = read_text(f"{LONG}\n\nA heading of it\n\n{LONG}", title="Northland signs")

    assert page.title == "Northland signs"
    assert next(text for _, text in page.blocks) == LONG


def test_a_line_that_stands_twice_in_a_row_is_read_once():
    page = read_text(
        f"Northland signs with Southland\n\n{LONG}\n\nTwo heads\n\nTwo heads\n\n{LONG}"
    )

    assert [text for _, text in page.blocks].count("Two heads") == 1


def test_a_text_with_too_many_lines_is_cut():
    page = read_text("Northland signs with Southland\n\n" + "Word.\n\n" * (MAXIMUM_LINES + 5))

    assert page.cut
    assert len(page.blocks) <= MAXIMUM_LINES


def test_a_menu_above_the_title_is_furniture():
    menu = (
        "Home\nFacebookTwitterSearchMenu\n  • Subscribe\n  • Contact us about it\n"
        + "  • News\n" * 20
    )
    text = (
        f"{menu}\nCustoms\n\nNorthland and Southland sign\n\nPublish Date: \n29 Aug 2018\n\n{LONG}"
    )

    page = read_text(text)

    assert page.title == "Northland and Southland sign"
    assert page.published == date(2018, 8, 29)
    news = [text for kind, text in page.blocks if kind is not BlockKind.BOILERPLATE]
    assert news == [LONG]


def test_who_wrote_a_text_and_its_number_are_no_news():
    text = (
        "Comunicado No. 045\n\nNorthland y Southland firman un acuerdo\n\nAutor\nA. Escritor\n"
        f"Fecha de publicación\n04 de mayo de 2023\n\n{LONG}"
    )

    page = read_text(text)

    assert page.title == "Northland y Southland firman un acuerdo"
    assert page.published == date(2023, 5, 4)
    assert [text for kind, text in page.blocks if kind is not BlockKind.BOILERPLATE] == [LONG]
