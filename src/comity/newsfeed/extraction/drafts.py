# SPDX-License-Identifier: Apache-2.0
"""An event in the making: cues found, facts gathered sentence by sentence, each with its span.

`Cues` finds where a family's rules speak, `Draft` gathers what is told there. A single fact is
taken where it is told first; a fact that may be several is kept in every different wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from comity.agreements.claim import Confidence
from comity.newsfeed.announcement import FACTS, AnnouncedEvent, AnnouncementType, Fact
from comity.newsfeed.article import BlockKind
from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.phrases import Match, Phrases, Token, folded
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.rules import Rule, phrases_of, rules_of
from comity.newsfeed.extraction.wordlists import wordset

_MOST_CUES = 200
_MOST_FACTS = 500

HEADLINES = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.HEADING})
"""Blocks that say again, shorter, what the text says."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of a rule in a sentence."""

    rule: Rule
    index: int
    """Which sentence of the reading."""
    sentence: ReadSentence
    match: Match[Rule]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The sentence's words."""
        return self.sentence.sentence.tokens

    @property
    def in_headline(self) -> bool:
        """Whether it stands in a title or heading."""
        return self.sentence.sentence.block in HEADLINES


class Cues:
    """The phrases of one family's rules, or of some of them, looked for in a reading."""

    def __init__(self, family: str, *codes: str) -> None:
        rules = [rule for rule in rules_of(family) if not codes or rule.code in codes]
        self._phrases = phrases_of(rules)
        self._unless = {r.code: Phrases((p, p) for p in r.unless) for r in rules if r.unless}
        self.words = self._phrases.first_words
        """The words with which the phrases begin."""

    def found(self, reading: Reading) -> tuple[Cue, ...]:
        """Every cue of the reading that nothing in its sentence takes back.

        A text with more cues than any release has is read no further: it must not cost hours.
        """
        cues = (
            cue
            for index in reading.places_of(self._phrases)
            for cue in self.found_in(index, reading.sentences[index])
        )
        return tuple(islice(cues, _MOST_CUES))

    def found_in(self, index: int, sentence: ReadSentence) -> Iterator[Cue]:
        """The cues of one sentence of the reading."""
        taken_back: dict[str, bool] = {}
        for match in sentence.find(self._phrases):
            code = match.value.code
            if code not in taken_back:
                unless = self._unless.get(code)
                taken_back[code] = bool(unless and sentence.find(unless))
            if not taken_back[code]:
                yield Cue(match.value, index, sentence, match)


@dataclass(slots=True)
class Draft:
    """The facts of one event as far as they are known."""

    reading: Reading
    type: AnnouncementType
    facts: list[Fact] = field(default_factory=list)

    def add(self, name: str, start: int, end: int, value: str = "") -> None:
        """A fact at a place of the text; without a value the words themselves are the value.

        A second value of a fact that is single, and the same value again, change nothing.
        """
        span = self.reading.span(start, end)
        value = value or " ".join(span.text.split())
        if not value or start >= end:
            return
        if not self._several(name) and self.has(name):
            return
        if len(self.facts) >= _MOST_FACTS:
            return
        if any(f.name == name and _alike(f.value, value) for f in self.facts):
            return
        self.facts.append(Fact(name, value, span))

    def has(self, name: str) -> bool:
        """Whether a fact of this name is known."""
        return any(fact.name == name for fact in self.facts)

    def values(self, name: str) -> tuple[str, ...]:
        """The values of this name so far."""
        return tuple(fact.value for fact in self.facts if fact.name == name)

    def without(self, name: str, value: str) -> None:
        """Take a fact back."""
        self.facts = [f for f in self.facts if (f.name, f.value) != (name, value)]

    def add_date(self, name: str, mention: DateMention | None) -> None:
        """A day, where there is one."""
        if mention is not None:
            self.add(name, mention.start, mention.end, mention.value)

    def add_parties(self, mentions: Iterable[PartyMention], name: str = "parties") -> None:
        """The countries named by the mentions."""
        for mention in mentions:
            self.add(name, mention.start, mention.end, mention.code)

    def add_authorities(self, mentions: Iterable[PartyMention]) -> None:
        """The administrations among the mentions: by the register's code, or as written."""
        for mention in mentions:
            if mention.named_by == "authority":
                self.add("authorities", mention.start, mention.end, mention.authority)

    def event(self, cue: Cue, confidence: Confidence | None = None) -> AnnouncedEvent:
        """The event that the cue announces, its facts in the order of `FACTS`."""
        order = {name.name: place for place, name in enumerate(FACTS[self.type])}
        sentence = cue.sentence.sentence
        return AnnouncedEvent(
            type=self.type,
            rule=cue.rule.code,
            confidence=confidence or cue.rule.confidence,
            span=self.reading.span(sentence.start, sentence.end),
            facts=tuple(sorted(self.facts, key=lambda f: (order[f.name], f.span.start))),
        )

    def _several(self, name: str) -> bool:
        return next(known.many for known in FACTS[self.type] if known.name == name)


def best_date(sentence: ReadSentence, *, before: int | None = None) -> DateMention | None:
    """The most precise day that the sentence names, the first of equals; none after `before`."""
    dates = [
        d
        for d in sentence.dates
        if d.past and (before is None or d.start < before) and not of_the_saying(sentence, d)
    ]
    return max(dates, key=lambda d: (len(d.value), -d.start), default=None)


def is_news(reading: Reading, cues: Sequence[Cue]) -> bool:
    """Whether a headline or one of the first sentences speaks of it: later ones tell background."""
    body = [i for i, s in enumerate(reading.sentences) if s.sentence.block not in HEADLINES]
    first = frozenset(body[:_FIRST])
    return any(cue.in_headline or cue.index in first for cue in cues)


_FIRST = 4
"""How many sentences of the body tell what the release is about."""


def tells_of_a_year(sentence: ReadSentence) -> bool:
    """Whether it tells the sum of a whole year: "En 2018, les douaniers ont saisi 12 tonnes"."""
    dates = sentence.dates
    return bool(dates) and all(len(d.value) == len("YYYY") and not d.relative for d in dates)


def of_the_saying(sentence: ReadSentence, day: DateMention) -> bool:
    """Whether it is the day on which somebody said so: "…, the customs service said on Tuesday"."""
    before = sentence.sentence.tokens[max(0, day.first - 2) : day.first]
    return any(token.folded in _SAID for token in before)


_SAID = wordset("releases", "said")


def dateline_end(tokens: Sequence[Token]) -> int:
    """The index after "LYON, France –": who is named there does nothing in the sentence."""
    for index, token in enumerate(tokens[:9]):
        if token.text in {"–", "—", "-", "‑"}:
            return index + 1
    return 0


def body_first(cues: Iterable[Cue]) -> list[Cue]:
    """The cues in the order in which they are believed: text, captions, headlines."""
    return sorted(cues, key=lambda c: (_rank(c.sentence.sentence.block), c.index, c.match.start))


def _rank(block: BlockKind) -> int:
    if block in HEADLINES:
        return 2
    return 1 if block is BlockKind.CAPTION else 0


def _alike(one: str, other: str) -> bool:
    return one == other or folded(one) == folded(other)
