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
from functools import cached_property, lru_cache
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


class Tokens(tuple[Token, ...]):
    """The tokens of a text, which know their words: dozens of tables are looked for in them."""

    @cached_property
    def words(self) -> frozenset[str]:
        """The words, folded: a phrase that begins with none of them is not among the tokens."""
        return frozenset([token.folded for token in self])


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """A word without case and accents; the dots of an abbreviation are dropped."""
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in parts if not unicodedata.combining(c))
    return (word if word[:1].isdigit() else word.replace(".", "") or word).casefold()


def tokens_of(text: str, start: int = 0, end: int | None = None) -> Tokens:
    """The words, numbers and punctuation of a text, with their places in the whole of it."""
    # Every word of every release comes through here: a tuple is made without its keyword checks.
    made, found, last = tuple.__new__, [], start
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        first, after = match.span()
        word = match[0]
        hyphened = first - last == 1 and text[last] in _HYPHENS
        last = after
        found.append(made(Token, (first, after, word, folded(word), hyphened)))
    return Tokens(found)


class Match(NamedTuple, Generic[Value]):
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
        longest: set[str] = set()
        for phrase, value in entries:
            strict = phrase.replace(".", "").isupper() and " " not in phrase and len(phrase) < 8
            for words in _spelled(phrase):
                self._add(words, value, strict=strict)
                longest.add(max(words, key=len))
        self.first_words: frozenset[str] = frozenset(self._root.words)
        """The folded words with which the phrases begin; not those that only begin so (`word*`)."""
        self._first_beginnings = tuple(self._root.beginnings)
        # The longest word of a phrase is its rarest: "on the margins of" is soon told to be absent.
        self._longest_words = frozenset(word for word in longest if not word.endswith("*"))
        self._longest_beginnings = tuple(w.rstrip("*") for w in longest if w.endswith("*"))

    def may_be_among(self, words: frozenset[str]) -> bool:
        """Whether a text of these folded words can have one of the phrases: a quick no."""
        return _is_any_among(words, self.first_words, self._first_beginnings) and _is_any_among(
            words, self._longest_words, self._longest_beginnings
        )

    def signs_among(self, words: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Of these folded words, those that begin a phrase and those that one cannot be without.

        A part of the text with no word of the one or of the other has none of the phrases.
        """
        begin = _among(words, self.first_words, self._first_beginnings)
        return begin, _among(words, self._longest_words, self._longest_beginnings)

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
        if isinstance(tokens, Tokens) and not self.may_be_among(tokens.words):
            return
        first, begun, after = self.first_words, self._first_beginnings, 0
        if begun:
            places = [
                place
                for place, token in enumerate(tokens)
                if token.folded in first or token.folded.startswith(begun)
            ]
        else:
            places = [place for place, token in enumerate(tokens) if token.folded in first]
        for position in places:
            if position < after or not (begun or self._goes_on(tokens, position)):
                continue
            match = self._longest(tokens, position)
            if match is not None:
                yield match
                after = match.last

    def _goes_on(self, tokens: Sequence[Token], position: int) -> bool:
        """A quick no where a beginning such as "on" is followed by none of its words."""
        node = self._root.words[tokens[position].folded]
        if node.values or node.beginnings:
            return True
        following = position + 1
        return following < len(tokens) and tokens[following].folded in node.words

    def _longest(self, tokens: Sequence[Token], position: int) -> Match[Value] | None:
        """What ends farthest of all that begins here."""
        best, farthest, count = None, position, len(tokens)
        node: _Node[Value] | None = self._root
        at = position
        others: list[tuple[_Node[Value], int]] = []
        while node is not None:
            if node.values and at > farthest:
                fit = _fitting(node.values, tokens[position])
                if fit is not None:
                    best, farthest = fit, at
            following = None
            if at < count:
                word = tokens[at].folded
                following = node.words.get(word)
                for beginning, after in node.beginnings.items():
                    if word.startswith(beginning):
                        if following is not None:
                            others.append((following, at + 1))
                        following = after
            node, at = (following, at + 1) if following or not others else others.pop()
        if best is None:
            return None
        start, end = tokens[position].start, tokens[farthest - 1].end
        return Match(start, end, position, farthest, best[0])


def _is_any_among(
    words: frozenset[str], listed: frozenset[str], beginnings: tuple[str, ...]
) -> bool:
    """Whether one of the words is listed, or begins as listed."""
    if not listed.isdisjoint(words):
        return True
    return bool(beginnings) and any(word.startswith(beginnings) for word in words)


def _among(
    words: frozenset[str], listed: frozenset[str], beginnings: tuple[str, ...]
) -> frozenset[str]:
    """The words that are listed, or begin as listed."""
    if not beginnings:
        return words & listed
    return (words & listed).union(word for word in words if word.startswith(beginnings))


def _fitting(values: Sequence[tuple[Value, bool]], first: Token) -> tuple[Value, bool] | None:
    """The first of the values that may be written so."""
    for value in values:
        if not value[1] or first.in_capitals:
            return value
    return None


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
