# SPDX-License-Identifier: Apache-2.0
"""Who in a sentence may be a visitor: people with a post, delegations, and people by name alone.

Somebody named before by his post may be named by his surname or a pronoun. A name alone is taken
where it stands as the subject of a sentence does, and never in a release about a crime.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from comity.newsfeed.extraction.drafts import HEADLINES
from comity.newsfeed.extraction.people import (
    PersonMention,
    capacity_at,
    names_in,
    posts,
)
from comity.newsfeed.extraction.places import name_end
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import wordset


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who may visit: tokens in its sentence, and the place of the words that name it."""

    first: int
    last: int
    start: int
    end: int
    named: bool = True
    """Whether these words say who it is; "the delegation" alone does not."""
    bare: bool = False
    """Whether it is a name without a post."""


@dataclass(frozen=True)
class Guests:
    """Everybody in an article who may visit: what all its sentences together tell of them."""

    reading: Reading

    @cached_property
    def people(self) -> tuple[tuple[PersonMention, ...], ...]:
        """The people of each sentence."""
        return tuple(s.people for s in self.reading.sentences)

    @cached_property
    def by_surname(self) -> dict[str, PersonMention]:
        """The fullest mention of everybody, by surname."""
        found: dict[str, PersonMention] = {}
        for index, people in enumerate(self.people):
            tokens = self.reading.sentences[index].sentence.tokens
            for person in people:
                surname = tokens[person.name[1] - 1].folded
                known = found.get(surname)
                if known is None or _length(person) > _length(known):
                    found[surname] = person
        return found

    def visitors(self, index: int, *, received: bool = False) -> list[Visitor]:
        """Everybody in the sentence who may visit, from left to right.

        Where somebody is `received`, the Spanish "a" leads to a person as well as to a place.
        """
        sentence = self.reading.sentences[index]
        found = [_visitor(self._fullest(sentence, p), p.first, p.last) for p in self.people[index]]
        taken = {at for each in found for at in range(each.first, each.last)}
        for at, token in enumerate(sentence.sentence.tokens):
            if at in taken:
                continue
            if token.capitalised and token.folded in self.by_surname:
                found.append(_visitor(self.by_surname[token.folded], at, at + 1))
            elif token.folded in wordset("visits", "pronouns"):
                before = self._last_before(index)
                if before is not None:
                    found.append(_visitor(before, at, at + 1))
            elif token.folded in wordset("visits", "groups"):
                found.append(_group(sentence, at))
        found += _bearers(sentence, taken)
        if not self._tells_of_a_crime:
            found += _bare_names(sentence, found, received=received)
        return sorted(found, key=lambda visitor: visitor.first)

    @cached_property
    def _tells_of_a_crime(self) -> bool:
        """Whether people named in the article may be suspects."""
        crime = wordset("visits", "crime")
        return any(not s.words.isdisjoint(crime) for s in self.reading.sentences)

    def _fullest(self, sentence: ReadSentence, person: PersonMention) -> PersonMention:
        surname = sentence.sentence.tokens[person.name[1] - 1].folded
        return self.by_surname.get(surname, person)

    def _last_before(self, index: int) -> PersonMention | None:
        for earlier in (index - 1, index - 2):
            if earlier >= 0 and self.people[earlier]:
                return self.people[earlier][0]
        return None


def _bare_names(
    sentence: ReadSentence, known: Sequence[Visitor], *, received: bool
) -> Iterator[Visitor]:
    """Names without a post; not those that a preposition makes a place."""
    tokens = sentence.sentence.tokens
    if sentence.sentence.block in HEADLINES:
        return
    taken = {at for visitor in known for at in range(visitor.first, visitor.last)}
    places = wordset("visits", "before_places") | wordset("visits", "facilities")
    places -= {"a"} if received else set()
    for first, last in names_in(tokens, sentence.parties):
        before = tokens[first - 1].folded if first else ""
        if before not in places and not taken & set(range(first, last)):
            start, end = tokens[first].start, tokens[last - 1].end
            yield Visitor(first, last, start, end, bare=True)


def _bearers(sentence: ReadSentence, taken: set[int]) -> Iterator[Visitor]:
    """Whoever is named by the post alone: "the Superintendent of SUNAT"."""
    tokens = sentence.sentence.tokens
    for post in posts().find(tokens):
        first, last = capacity_at(tokens, sentence.parties, (post.first, post.last))
        definite = first > 0 and tokens[first - 1].folded in ("the", "le", "la", "el", "l")
        whose = any(first <= party.first < last for party in sentence.parties)
        if definite and whose and not taken & set(range(first, last)):
            yield Visitor(first, last, tokens[first].start, tokens[last - 1].end)


def _visitor(person: PersonMention, first: int, last: int) -> Visitor:
    return Visitor(first, last, person.name_start, person.name_end)


def _group(sentence: ReadSentence, at: int) -> Visitor:
    """A delegation with the words that say whose it is."""
    tokens, begin, end = sentence.sentence.tokens, at, at + 1
    ends = {p.last: p.first for p in sentence.parties}
    begins = {p.first: p.last for p in sentence.parties}
    while begin > 0:
        if begin in ends:
            begin = ends[begin]
        elif tokens[begin - 1].folded in wordset("visits", "before_groups"):
            begin -= 1 + tokens[begin - 1].hyphened
        else:
            break
    whose, position = begin < at and begin in begins, end
    while position < len(tokens):
        if position in begins:
            position = end = begins[position]
            whose = True
        elif tokens[position].folded in wordset("visits", "small_bodies"):
            position = end = position + 1
        elif tokens[position].folded in wordset("visits", "of_groups"):
            position += 1
        elif tokens[position].capitalised and tokens[position - 1].folded in _OF:
            position = end = name_end(sentence.sentence, position)
            whose = True
        else:
            break
    return Visitor(begin, end, tokens[begin].start, tokens[end - 1].end, named=whose)


_OF = frozenset(("of", "from", "the", "de", "du", "des", "del", "la", "le", "el", "l", "d"))


def _length(person: PersonMention) -> int:
    return person.name[1] - person.name[0]
