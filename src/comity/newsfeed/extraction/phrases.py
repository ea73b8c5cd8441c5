# SPDX-License-Identifier: Apache-2.0
"""Words of a text, and the search for listed phrases among them.

Every table of the extraction is a list of phrases in plain words; this is the one way in which
they are found. Letters are compared without case and accents, a hyphen or an apostrophe parts two
words, and a phrase never reaches across other punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|\bSt\.|\d+(?:[.,:]\d+)*|[^\W\d_]+|[^\s\w'’ʼ\-‑‐]|(?<=\s)[-‑‐](?=\s)"
)
"""A dotted abbreviation, a number with its separators, a word, or a mark of punctuation."""


_HYPHENS = frozenset("-‑‐")


class Token(NamedTuple):
    """One word, number or mark of punctuation and where it stands."""

    start: int
    end: int
    text: str
    folded: str
    """Without case, accents and the dots of an abbreviation."""
    hyphened: bool = False
    """Whether a hyphen joins it to the word before."""

    @property
    def in_capitals(self) -> bool:
        """Whether it is written in capitals only, as an abbreviation is."""
        return self.text.isupper() and len(self.folded) > 1

    @property
    def capitalised(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """A word without case and accents; the dots of an abbreviation are dropped."""
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in parts if not unicodedata.combining(c))
    return (word if word[:1].isdigit() else word.replace(".", "") or word).casefold()


def tokens_of(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The words, numbers and punctuation of a text, with their places in the whole of it."""
    # Every word of every release comes through here: a tuple is made without its keyword checks.
    made, found, last = tuple.__new__, [], start
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        first, word = match.start(), match[0]
        hyphened = first - last == 1 and text[last] in _HYPHENS
        last = match.end()
        found.append(made(Token, (first, last, word, folded(word), hyphened)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Match(Generic[Value]):
    """A phrase that was found: its place in the text, its tokens, what it stands for."""

    start: int
    end: int
    first: int
    """Index of its first token."""
    last: int
    """Index after its last token."""
    value: Value


@dataclass(slots=True)
class _Node(Generic[Value]):
    """One step of the search: the words that may follow, and what ends here."""

    words: dict[str, _Node[Value]] = field(default_factory=dict)
    beginnings: dict[str, _Node[Value]] = field(default_factory=dict)
    values: list[tuple[Value, bool]] = field(default_factory=list)
    """What the phrase stands for, and whether it must be written in capitals."""


class Phrases(Generic[Value]):
    """Phrases and what each stands for; the longest one that begins at a word is found.

    A phrase is words parted by spaces. `sign|signs|signed` allows any of the words, `the?` may be
    left out, `agree*` allows every word that begins so. A phrase of one word in capitals (`US`,
    `EU`, `ACEUM`) is found in capitals only.
    """

    def __init__(self, entries: Iterable[tuple[str, Value]]) -> None:
        self._root: _Node[Value] = _Node()
        for phrase, value in entries:
            strict = phrase.replace(".", "").isupper() and " " not in phrase and len(phrase) < 8
            for words in _spelled(phrase):
                self._add(words, value, strict=strict)
        self.first_words: frozenset[str] = frozenset(self._root.words)
        """The folded words with which the phrases begin; not those that only begin so (`word*`)."""

    def may_be_among(self, words: frozenset[str]) -> bool:
        """Whether a text of these folded words can have one of the phrases: a quick no."""
        return bool(self._root.beginnings) or not self.first_words.isdisjoint(words)

    def _add(self, words: Sequence[str], value: Value, *, strict: bool) -> None:
        node = self._root
        for word in words:
            steps = node.beginnings if word.endswith("*") else node.words
            node = steps.setdefault(word.rstrip("*"), _Node())
        node.values.append((value, strict))

    def find(self, tokens: Sequence[Token]) -> tuple[Match[Value], ...]:
        """The phrases among the tokens, from left to right, not overlapping."""
        return tuple(self._found(tokens))

    def at(self, tokens: Sequence[Token], position: int) -> Match[Value] | None:
        """The longest phrase that begins at this very token."""
        return self._longest(tokens, position)

    def _found(self, tokens: Sequence[Token]) -> Iterator[Match[Value]]:
        root, after = self._root.words, 0
        places: Iterable[int] = range(len(tokens))
        if not self._root.beginnings:
            places = [place for place, token in enumerate(tokens) if token.folded in root]
        for position in places:
            if position < after:
                continue
            match = self._longest(tokens, position)
            if match is not None:
                yield match
                after = match.last

    def _longest(self, tokens: Sequence[Token], position: int) -> Match[Value] | None:
        best: Match[Value] | None = None
        reached = [(self._root, position)]
        while reached:
            node, at = reached.pop()
            if node.values and (best is None or at > best.last):
                fits = [
                    v for v, strict in node.values if not strict or tokens[position].in_capitals
                ]
                if fits:
                    start, end = tokens[position].start, tokens[at - 1].end
                    best = Match(start, end, position, at, fits[0])
            if at == len(tokens):
                continue
            word = tokens[at].folded
            if word in node.words:
                reached.append((node.words[word], at + 1))
            for beginning, after in node.beginnings.items():
                if word.startswith(beginning):
                    reached.append((after, at + 1))
        return best


def _spelled(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every sequence of words that the phrase allows."""
    choices: list[tuple[tuple[str, ...], ...]] = []
    for part in phrase.split():
        optional = part.endswith("?")
        options = [_words(option) for option in part.rstrip("?").split("|")]
        choices.append((*options, ()) if optional else tuple(options))
    for chosen in product(*choices):
        words = tuple(word for part in chosen for word in part)
        if words:
            yield words


def _words(option: str) -> tuple[str, ...]:
    """An option's words: a hyphen or an apostrophe parts them, as in the text."""
    open_end = option.endswith("*")
    words = [token.folded for token in tokens_of(option.rstrip("*"))]
    if open_end and words:
        words[-1] += "*"
    return tuple(words)
