"""Documented: what exists has its line in the reference, and the reference is fresh."""

import re
from pathlib import Path

import pytest
from tools import reference

from comity.agreements.determination import RULES

ROOT = Path(__file__).parents[2]
TESTS = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_the_reference_says_what_the_program_says(name: str) -> None:
    expected = reference.HEADER + reference.PAGES[name]().strip() + "\n"

    assert (reference.FOLDER / name).read_text("utf-8") == expected, "run `make docs`"


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_has_a_test_named_after_it(code: str) -> None:
    assert re.search(rf"def test_{code.replace('-', '_')}_[a-z]", TESTS)


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_is_a_statement_with_a_sentence(code: str) -> None:
    sentence = (RULES[code].__doc__ or "").strip()

    assert sentence.endswith(".") or "\n" in sentence


def test_every_error_says_what_to_do_next() -> None:
    silent = [kind.__name__ for kind in reference.error_classes() if not kind.remedy]

    assert silent == []


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in reference.error_classes()]

    assert len(codes) == len(set(codes))


def test_every_error_ends_with_a_full_stop_and_does_not_shout() -> None:
    for kind in reference.error_classes():
        for text in (kind.message, kind.remedy):
            assert text.rstrip().endswith((".", "{", "}", "`.")), f"{kind.__name__}: {text}"
            assert "!" not in text, f"{kind.__name__}: {text}"


def test_every_capability_has_its_place_on_the_map() -> None:
    on_the_map = (ROOT / "docs" / "map.md").read_text("utf-8")
    capabilities = [
        path.name
        for path in (ROOT / "src" / "comity").iterdir()
        if path.is_dir() and (path / "__init__.py").exists()
    ]

    assert [name for name in capabilities if f"`{name}/" not in on_the_map] == []


def test_every_place_on_the_map_exists() -> None:
    on_the_map = (ROOT / "docs" / "map.md").read_text("utf-8")
    places = re.findall(r"\|[^|]*\|\s*([^|]*)\|", on_the_map)
    named = [p for cell in places for p in re.findall(r"`([\w./-]+[/.][\w./-]*)`", cell)]
    missing = [
        place
        for place in named
        if not any((root / place).exists() for root in (ROOT, ROOT / "src" / "comity"))
    ]

    assert named
    assert missing == []
