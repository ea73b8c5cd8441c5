"""Ports, airports, crossings and towns in three languages."""

import pytest

from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction.places import places_in
from comity.newsfeed.extraction.reading import reading_of


def read(text: str) -> list[tuple[str, str]]:
    """Each place of the text as a whole and by its name."""
    article = article_of("", ((BlockKind.PARAGRAPH, text),))
    return [
        (article.text[p.start : p.end], article.text[p.name_start : p.name_end])
        for sentence in reading_of(article).sentences
        for p in places_in(sentence)
    ]


@pytest.mark.parametrize(
    ("text", "whole", "name"),
    [
        ("at Elk International Airport on Monday", "Elk International Airport", "Elk"),
        ("at the Elk Ridge, Maine Port of Entry", "Elk Ridge, Maine Port of Entry", "Elk Ridge"),
        ("at the port of Grayhaven, Georgia", "port of Grayhaven", "Grayhaven"),
        ("officers in Elk Ridge said", "Elk Ridge", "Elk Ridge"),
        ("au port de Bellerive-sur-Mer lundi", "port de Bellerive-sur-Mer", "Bellerive-sur-Mer"),
        ("au poste frontière de Valmont en été", "poste frontière de Valmont", "Valmont"),
        ("les douaniers à Calais ont", "Calais", "Calais"),
        ("en el puerto de Cerro Alto, Colima", "puerto de Cerro Alto", "Cerro Alto"),
        ("en la garita de Mesa Rica", "garita de Mesa Rica", "Mesa Rica"),
        ("La aduana de Villa Sol abrirá", "aduana de Villa Sol", "Villa Sol"),
    ],
)  # fmt: skip
def test_a_place_is_known_as_a_whole_and_by_its_name(text: str, whole: str, name: str) -> None:
    assert read(text)[0] == (whole, name)


@pytest.mark.parametrize(
    "text",
    [
        "in December",
        "at a Mexican company",
        "La aduana de Paraguay decomisó",
        "in cooperation with",
    ],
)
def test_a_month_an_article_and_an_administration_are_no_places(text: str) -> None:
    assert read(text) == []
