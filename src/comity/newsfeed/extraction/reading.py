# SPDX-License-Identifier: Apache-2.0
"""An article read once for all rules: sentences with the parties, days and numbers named in them.

Every family of rules works on this value and on nothing else, so that a place, a country or a day
is understood in one way only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from comity.newsfeed.announcement import Span
from comity.newsfeed.article import Article
from comity.newsfeed.extraction.dates import DateMention, dates_in
from comity.newsfeed.extraction.parties import PartyMention, parties_in
from comity.newsfeed.extraction.party_languages import in_language
from comity.newsfeed.extraction.people import PersonMention, people_in
from comity.newsfeed.extraction.phrases import Match, Phrases, Value
from comity.newsfeed.extraction.sentences import Sentence, sentences_of


@dataclass(frozen=True)
class ReadSentence:
    """A sentence with what it names; the mentions are looked for when a rule first asks."""

    sentence: Sentence
    article: Article

    @property
    def words(self) -> frozenset[str]:
        """Its words, folded: a rule whose cues are not among them need not look further."""
        return self.sentence.tokens.words

    def find(self, phrases: Phrases[Value]) -> tuple[Match[Value], ...]:
        """The phrases in the sentence; a sentence without their first words is not searched."""
        return phrases.find(self.sentence.tokens)

    @cached_property
    def parties(self) -> tuple[PartyMention, ...]:
        """Countries, unions and their administrations, in the order of the text."""
        tokens = self.sentence.tokens
        return in_language(tokens, parties_in(tokens), self.article.language)

    @cached_property
    def people(self) -> tuple[PersonMention, ...]:
        """Everybody named with a capacity."""
        return people_in(self.sentence.tokens, self.parties)

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Days, months and years, resolved against the day of publication."""
        return dates_in(
            self.sentence.tokens, self.article.published, month_first=_month_first(self.article)
        )


@dataclass(frozen=True)
class Reading:
    """An article and its sentences."""

    article: Article
    sentences: tuple[ReadSentence, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all sentences: without its cues among them, a family has nothing to do."""
        return frozenset().union(*self._words_of_each)

    @cached_property
    def _words_of_each(self) -> tuple[frozenset[str], ...]:
        return tuple([sentence.words for sentence in self.sentences])

    def places_of(self, phrases: Phrases[Value]) -> list[int]:
        """Which sentences can have one of the phrases; for most tables it is none of them."""
        begin, needed = phrases.signs_among(self.words)
        if not begin or not needed:
            return []
        return [
            place
            for place, words in enumerate(self._words_of_each)
            if not (begin.isdisjoint(words) or needed.isdisjoint(words))
        ]

    def span(self, start: int, end: int) -> Span:
        """The place with its words."""
        return Span(start, end, self.article.text[start:end])


_BOTH_ORDERS = frozenset(("CA", "PH", "PA"))
"""Publishers who write numeric dates in either order."""


def _month_first(article: Article) -> bool | None:
    """How the publisher writes numeric dates; None where that cannot be told."""
    if article.publisher == "US":
        return True if article.language == "en" else None
    if article.language in ("fr", "es"):
        return False
    return False if article.publisher and article.publisher not in _BOTH_ORDERS else None


def reading_of(article: Article) -> Reading:
    """Cut the article into sentences."""
    return Reading(article, tuple(ReadSentence(s, article) for s in sentences_of(article)))
