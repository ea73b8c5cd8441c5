"""Foreign words as they may stand in an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.newsfeed.formats.words import one_line, web_address


@given(st.text())
def test_what_is_not_seen_is_gone_and_the_rest_stands_on_one_line(text):
    line = one_line(text)

    assert line == " ".join(line.split())
    assert not set(line) & set("\x00\x1b\u202e\u200b\ufeff\u00ad\n\t")
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://customs.northland.example/1", "https://customs.northland.example/1"),
        (" http://customs.northland.example/a b\n", "http://customs.northland.example/a%20b"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//customs.northland.example", ""),
        ("https://", ""),
        ("https://[bad", ""),
        ("4711 at https://customs.northland.example", ""),
    ],
)
def test_only_addresses_of_the_web_become_links(text, address):
    assert web_address(text) == address
