# SPDX-License-Identifier: Apache-2.0
"""Every text a person reads is marked for translation, and every language has it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from comity import catalogues

messages = pytest.importorskip("tools.messages", reason="Babel gathers the texts")

SOURCE = Path(catalogues.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))

READ_ALOUD = {"alt", "aria-label", "placeholder", "title", "content", "value", "label"}
"""Attributes whose value a person reads (`value` and `content` only where they hold words)."""
SAID_BY_COMPONENTS = {"title", "why", "act", "says", "caption", "because", "label", "sentence",
                      "words", "tried", "obstacle", "remedy", "here", "submit", "hint"}  # fmt: skip
NOT_READ = {"script", "style", "code", "noscript-data"}
# Names, not words: the same in every language.
NAMES = {"Comity", "CSV", "PNG", "JSON", "YAML", "API", "TOTP", "URL", "HTTP", "SHA-256", "PDF"}

BLOCK = re.compile(
    r"{%\s*(?:blocktranslate|blocktrans)\b.*?{%\s*end(?:blocktranslate|blocktrans)\s*%}"
    r"|{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}",
    re.DOTALL,
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


class Texts(HTMLParser):
    """Gathers the literal texts of a template, once its Django tags are taken out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inside: list[str] = []
        self.texts: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_READ:
            self.inside.append(tag)
        read = SAID_BY_COMPONENTS if tag.startswith("c-") else READ_ALOUD
        for name, value in attrs:
            words = name in read and not (name == "content" and tag == "meta")
            if words and not (name == "value" and tag in ("button", "option", "input", "li")):
                self.texts.append((self.getpos()[0], value or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.texts.append((self.getpos()[0], data))


def literal_texts(template: str) -> list[str]:
    """The words of a template that no language can change."""
    # Line breaks stay, so that the place of a fault is right.
    blank = lambda match: "\n" * match.group().count("\n")  # noqa: E731
    parser = Texts()
    parser.feed(TAG.sub(blank, BLOCK.sub(blank, template)))
    return [
        f"line {line}: {text.strip()}"
        for line, text in parser.texts
        if any(word not in NAMES for word in WORD.findall(text.replace("SHA-256", "")))
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_template_holds_no_text_outside_the_catalogues(path: Path):
    assert literal_texts(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Hello</p>",
        '{% if x %}<img alt="A map">{% endif %}',
        '<c-empty-state title="Nothing here" />',
        "<p>{{ name }} signed it</p>",
    ],
)
def test_a_planted_text_is_found(planted: str):
    assert literal_texts(planted)


@pytest.mark.parametrize(
    "innocent",
    [
        '<p class="lead">{% translate "Hello" %}</p>',
        "{% blocktranslate trimmed %}Signed by {{ name }}{% endblocktranslate %}",
        '<a href="x">CSV</a> <code>AGR-1 holds</code>',
        '<input type="hidden" name="next" value="desk">',
    ],
)
def test_translated_texts_and_names_are_left_alone(innocent: str):
    assert literal_texts(innocent) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_language_has_every_text_with_its_fields_and_is_compiled(language: str):
    assert messages.faults(language) == []


def test_every_language_that_pages_offer_has_a_catalogue():
    offered = set(catalogues.LANGUAGES) - {"en"}

    assert offered == set(messages.LANGUAGES)


def test_unreviewed_texts_are_counted_in_the_compiled_catalogue():
    marked = sum(1 for m in messages.read("fr") if m.id and messages.unreviewed(m))

    assert catalogues.unreviewed("fr") == marked
    assert catalogues.unreviewed("en") == 0


def test_the_mark_of_a_machine_survives_an_update_and_goes_with_the_person_who_removes_it():
    from babel.messages.catalog import Catalog

    catalog = Catalog(locale="fr")
    catalog.add("Register", "Registre", user_comments=[messages.UNREVIEWED])
    catalog.add("Coverage", "Couverture")
    template = Catalog()
    template.add("Register")
    template.add("Coverage")

    catalog.update(template, no_fuzzy_matching=True)

    assert messages.unreviewed(catalog.get("Register"))
    assert not messages.unreviewed(catalog.get("Coverage"))


def test_a_translation_that_loses_a_field_is_refused():
    from babel.messages.catalog import Message

    lost = Message("{officer} signed {reference}.", "{officer} a signé.")
    kept = Message("{officer} signed.", "{officer} a signé.")

    assert list(messages.faults_of(lost)) == ["its fields differ"]
    assert list(messages.faults_of(kept)) == []
