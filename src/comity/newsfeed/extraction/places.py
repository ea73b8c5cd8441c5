# SPDX-License-Identifier: Apache-2.0
"""Ports, airports, crossings and towns as a text names them, in three languages.

"at Miami International Airport", "au port du Havre", "en la garita de Otay Mesa", "in Calais". A
facility's place has two readings: the whole of it, and the name alone. No list of towns is needed:
a name begins with a capital after a preposition of place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from comity.newsfeed.extraction.phrases import Match, Phrases, Token
from comity.newsfeed.extraction.reading import ReadSentence
from comity.newsfeed.extraction.sentences import Sentence
from comity.newsfeed.extraction.wordlists import wordlist, wordset

_LONGEST_NAME = 10
_SMALL = frozenset({"la", "le", "les", "el", "los", "las", "the", "of", "de", "l"})
_ARTICLES = frozenset({"the", "le", "la", "les", "l", "el", "los", "las", "au", "du", "a", "en"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a sentence."""

    start: int
    end: int
    first: int
    last: int
    name_start: int
    """Where its proper name stands, without "port of" and the like."""
    name_end: int
    facility: str = ""
    """Such as `port` or `airport`; empty for a town or a country."""
    country: bool = False


def places_in(sentence: ReadSentence) -> tuple[Place, ...]:
    """Every place of the sentence, in the order of the text."""
    found = list(_facilities(sentence))
    taken = {index for place in found for index in range(place.first, place.last)}
    taken |= {i for m in facility_matches(sentence.sentence.tokens) for i in range(m.first, m.last)}
    found += [p for p in _named(sentence) if not taken & set(range(p.first, p.last))]
    return tuple(sorted(found, key=lambda place: place.start))


def _facilities(sentence: ReadSentence) -> Iterator[Place]:
    tokens = sentence.sentence.tokens
    end_of_last = 0
    for match in _facility_phrases().find(tokens):
        if match.value == "paso" and match.first and tokens[match.first - 1].text == "El":
            continue  # the town in Texas
        before = _name_before(tokens, match.first, end_of_last)
        after = None if before else _name_after(sentence.sentence, match.last)
        name = before or after
        if name is None or (match.value == "aduana" and _is_party(sentence, name[0])):
            continue
        first, last = min(match.first, name[0]), max(match.last, name[1])
        if match.last < len(tokens) and _facility_phrases().at(tokens, match.last) and before:
            continue  # "Peace Bridge border crossing" is one name
        yield _place(tokens, (first, last), name, facility=match.value)
        end_of_last = last


def _is_party(sentence: ReadSentence, at: int) -> bool:
    """Whether a country's name stands here: "la aduana de Paraguay" is an administration."""
    return any(party.first <= at < party.last for party in sentence.parties)


def _place(
    tokens: Sequence[Token],
    whole: tuple[int, int],
    name: tuple[int, int],
    *,
    facility: str = "",
    country: bool = False,
) -> Place:
    (first, last), (begin, end) = whole, name
    return Place(
        start=tokens[first].start,
        end=tokens[last - 1].end,
        first=first,
        last=last,
        name_start=tokens[begin].start,
        name_end=tokens[end - 1].end,
        facility=facility,
        country=country,
    )


def _name_before(tokens: Sequence[Token], at: int, lowest: int) -> tuple[int, int] | None:
    """The capitalised words right before: "Calais, Maine" Port of Entry."""
    begin, lowest = at, max(lowest, at - _LONGEST_NAME)
    while begin > lowest and _is_name(tokens[begin - 1]) and tokens[begin].text != ".":
        begin -= 1
    end = at
    if begin == at:
        return None
    if begin - 2 >= lowest and tokens[begin - 1].text == "," and _is_name(tokens[begin - 2]):
        # "Vanceboro, Maine Port of Entry": the place is the first of the two.
        end, begin = begin - 1, begin - 2
        while begin > lowest and _is_name(tokens[begin - 1]):
            begin -= 1
    while begin < end and tokens[begin].folded in _no_places():
        begin += 1
    if {token.folded for token in tokens[begin:end]} <= _ARTICLES:
        return None  # "La aduana de": an article at the beginning of a sentence is no name
    return (begin, end) if begin < end else None


def _name_after(sentence: Sentence, at: int) -> tuple[int, int] | None:
    """The name after "port of", "aéroport de", "garita": a capital within three short words."""
    tokens, begin = sentence.tokens, at
    while begin < len(tokens) and begin - at < 3 and tokens[begin].folded in _joins():
        if tokens[begin].capitalised and _is_name_start(tokens, begin):
            break  # "El Paso", "Le Havre", "La Línea" begin with an article
        begin += 1
    if begin >= len(tokens) or not _is_name(tokens[begin], article=True):
        return None
    return begin, name_end(sentence, begin)


def _is_name_start(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].capitalised


def name_end(sentence: Sentence, begin: int) -> int:
    """The index after the name that begins here: capitals, with small words between them."""
    tokens, end = sentence.tokens, begin + 1
    while end < min(len(tokens), begin + _LONGEST_NAME):
        if _is_name(tokens[end], article=True):
            end += 1
        elif (joined := _joined(sentence, end)) > end:
            end = joined
        else:
            break
    return end


def _joined(sentence: Sentence, at: int) -> int:
    """After the small words that lead to the rest of a name; the same index when none do."""
    tokens, end = sentence.tokens, at
    while end + 1 < len(tokens) and end - at < 2 and _hyphen_before(sentence, tokens[end]):
        end += 1
    if end > at:
        return end
    while end < len(tokens) and end - at < 2 and tokens[end].folded in _inside():
        end += 1
    leads_on = at < end < len(tokens) and _is_name(tokens[end]) and not tokens[end].in_capitals
    return end + 1 if leads_on else at


def _hyphen_before(sentence: Sentence, token: Token) -> bool:
    return sentence.text[token.start - sentence.start - 1] in "-‑‐"


def _named(sentence: ReadSentence) -> Iterator[Place]:
    tokens = sentence.sentence.tokens
    beyond = 0
    countries = {party.first: party for party in sentence.parties if party.named_by != "authority"}
    for index, token in enumerate(tokens[:-1]):
        if token.folded not in _prepositions() or token.text in {"a", "A"}:
            continue
        begin = index + 1
        while begin < len(tokens) - 1 and tokens[begin].text in _SMALL:
            begin += 1
        if begin < beyond or not _is_name(tokens[begin], article=True):
            continue
        beyond = end = name_end(sentence.sentence, begin)
        country = begin in countries
        yield _place(tokens, (begin, end), (begin, end), country=country)


def _is_name(token: Token, *, article: bool = False) -> bool:
    if (
        not token.capitalised
        or (not article and token.folded in _ARTICLES)
        or token.folded in _no_places()
        or not token.text[0].isalpha()
    ):
        return False
    return article or token.folded not in {"the", "a", "at", "in", "on", "u.s"}


@cache
def _facility_phrases() -> Phrases[str]:
    return Phrases((phrase, phrase) for phrase in wordlist("places", "facilities"))


@cache
def _joins() -> frozenset[str]:
    return wordset("places", "joins")


@cache
def _inside() -> frozenset[str]:
    return wordset("places", "inside")


@cache
def _prepositions() -> frozenset[str]:
    return wordset("places", "prepositions")


@cache
def _no_places() -> frozenset[str]:
    return wordset("places", "no_places")


def facility_matches(tokens: Sequence[Token]) -> tuple[Match[str], ...]:
    """The words for facilities among the tokens, named or not."""
    return _facility_phrases().find(tokens)
