"""The sources that come with Comity."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.newsfeed.source import SourceFormat, shipped_sources
from comity.outbound.addresses import checked_address
from comity.reference.yaml_files import DataFileError

GOOD = """\
sources:
  - code: nl-customs
    title: Northland Customs, news
    address: https://customs.example/news.xml
    administration: US
    language: en
    format: rss
    licence: unknown
    basis: made up
    read_on: 2026-11-21
"""


def read(tmp_path: Path, text: str) -> tuple[object, ...]:
    file = tmp_path / "sources.yaml"
    file.write_text(text, "utf-8")
    return shipped_sources.__wrapped__(file)


def test_sources_in_three_languages_are_shipped() -> None:
    sources = shipped_sources()

    assert len(sources) >= 8
    assert {"en", "fr", "es"} <= {source.language for source in sources}
    assert {SourceFormat.RSS, SourceFormat.ATOM} <= {source.format for source in sources}


@pytest.mark.parametrize("source", shipped_sources(), ids=lambda source: source.code)
def test_every_address_is_one_that_a_node_may_ask(source) -> None:
    assert str(checked_address(source.address)) == source.address
    assert source.basis


def test_an_unknown_licence_is_empty_rather_than_a_word(tmp_path: Path) -> None:
    (source,) = read(tmp_path, GOOD)

    assert source.licence == ""


@pytest.mark.parametrize(
    ("was", "becomes", "line"),
    [
        ("code: nl-customs", "code: NL customs", 2),
        ("https://customs", "http://customs", 4),
        ("https://customs", "https://user:word@customs", 4),
        ("administration: US", "administration: XX", 5),
        ("language: en", "language: English", 6),
        ("format: rss", "format: fax", 7),
        ("read_on: 2026-11-21", "read_on: yesterday", 10),
        ("read_on: 2026-11-21", "read_on: unknown", 10),
        ("title: ", "titel: ", 3),
    ],
)
def test_what_does_not_hold_together_is_refused_with_its_line(
    tmp_path: Path, was: str, becomes: str, line: int
) -> None:
    with pytest.raises(DataFileError) as refused:
        read(tmp_path, GOOD.replace(was, becomes))

    assert refused.value.fields["line"] == line
    assert refused.value.fields["file"] == "sources.yaml"


@pytest.mark.parametrize("changed", ["code: nl-customs", "https://customs.example/news.xml"])
def test_no_code_and_no_address_stands_twice(tmp_path: Path, changed: str) -> None:
    again = GOOD.removeprefix("sources:\n").replace(changed, changed.replace("n", "m"))

    with pytest.raises(DataFileError):
        read(tmp_path, GOOD + again)
