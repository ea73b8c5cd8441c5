"""Numbers, units and goods as press offices write them in three languages."""

import pytest

from comity.newsfeed.article import BlockKind, article_of
from comity.newsfeed.extraction.quantities import quantities_in
from comity.newsfeed.extraction.reading import reading_of


def read(text: str) -> list[tuple[str, str]]:
    """Each quantity of the text with its goods."""
    article = article_of("", ((BlockKind.PARAGRAPH, text),))
    return [
        (
            article.text[q.start : q.end],
            article.text[q.goods.start : q.goods.end] if q.goods else "",
        )
        for sentence in reading_of(article).sentences
        for q in quantities_in(sentence)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("seized 1,650 kg of cocaine hidden in fruit", [("1,650 kg", "cocaine")]),
        ("12 guns and 30 rounds of ammunition", [("12", "guns"), ("30 rounds", "ammunition")]),
        ("38 packages of meth weighing 120.5 lbs.", [("38 packages", "meth"), ("120.5 lbs", "")]),
        ("$45,000 in unreported currency", [("$45,000", "unreported currency")]),
        ("worth $2.3 million", [("$2.3 million", "")]),
        ("1 650 kg de cocaïne", [("1 650 kg", "cocaïne")]),
        ("1 066,5 kg de cocaïne", [("1 066,5 kg", "cocaïne")]),
        ("une tonne de résine de cannabis", [("une tonne", "résine de cannabis")]),
        ("12 lingots d'or", [("12 lingots", "or")]),
        ("22 armes à feu dissimulées", [("22", "armes à feu")]),
        ("dos toneladas de cocaína", [("dos toneladas", "cocaína")]),
        ("20 piezas arqueológicas", [("20", "piezas arqueológicas")]),
        ("treinta y cinco mil piezas de calzado", [("treinta y cinco mil piezas", "calzado")]),
        ("45.000 dólares en efectivo", [("45.000 dólares", "efectivo")]),
        ("a 45-year-old man", []),
        ("on 3 May 2024", []),
        ("a 10th-century statue", []),
    ],
)  # fmt: skip
def test_a_quantity_stays_as_written_and_knows_its_goods(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert read(text) == found
