# SPDX-License-Identifier: Apache-2.0
"""The facts of an instrument event, each with its place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comity.newsfeed.announcement import Fact, Span
from comity.newsfeed.extraction.instruments.account import Account, Count, Read
from comity.newsfeed.extraction.instruments.counts import ordinal_in
from comity.newsfeed.extraction.instruments.joining import Joined
from comity.newsfeed.extraction.instruments.words import OCCASION_MARKS, OCCASIONS, STATUSES
from comity.newsfeed.extraction.parties import NamedBy, PartyMention
from comity.newsfeed.extraction.people import people_in
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.places import Place, places_in
from comity.newsfeed.extraction.reading import Reading, ReadSentence


def facts_of(event: Joined, told: Read, reading: Reading) -> tuple[Fact, ...]:
    """Every fact of the event, main ones first."""
    return (
        _kind(event, reading),
        Fact("event", event.event, _cue_span(event.best, reading)),
        *_parties(event.codes, _mentions(event, reading), event.best.index, reading),
        *_day(event, reading),
        *_title(event, reading),
        *_authorities(event, reading),
        *_signatories(event, reading),
        *_place(event, reading),
        *_occasion(event, reading),
        *_ordinal(event, reading),
        *_status(event, reading),
        *(_count(count, reading) for count in told.counts if _counts(count, event)),
    )


def facts_of_count(count: Count, reading: Reading) -> tuple[Fact, ...]:
    """The facts where only a number is given."""
    sentence = reading.sentences[count.index]
    tokens = sentence.sentence.tokens
    name = reading.span(tokens[count.named.first].start, tokens[count.named.last - 1].end)
    number = _count(count, reading)
    return (
        Fact("kind", count.kind.value, name),
        Fact("event", "counted", number.span),
        *_parties(count.codes, (*count.parties, *sentence.parties), count.index, reading),
        number,
    )


def _counts(count: Count, event: Joined) -> bool:
    return count.kind is event.kind and event.event == "signed" and event.best.news


def _count(count: Count, reading: Reading) -> Fact:
    tokens = reading.sentences[count.index].sentence.tokens
    first, last = tokens[count.number.first], tokens[count.number.last - 1]
    return Fact("count", count.number.value, reading.span(first.start, last.end))


def _sentences(event: Joined, reading: Reading) -> Iterator[ReadSentence]:
    """The sentences that tell the event, the best one first, each once."""
    for index in dict.fromkeys(account.index for account in event.accounts):
        yield reading.sentences[index]


def _tokens(account: Account, reading: Reading) -> tuple[Token, ...]:
    return reading.sentences[account.index].sentence.tokens


def _cue_span(account: Account, reading: Reading) -> Span:
    tokens = _tokens(account, reading)
    if account.cue.last > account.cue.first:
        return reading.span(tokens[account.cue.first].start, tokens[account.cue.last - 1].end)
    sentence = reading.sentences[account.index].sentence
    return reading.span(sentence.start, sentence.end)


def _name(account: Account, reading: Reading) -> tuple[int, int] | None:
    named = account.named
    if named is None or named.kind is None or named.last <= named.first:
        return None
    tokens = _tokens(account, reading)
    return tokens[named.first].start, tokens[named.last - 1].end


def _kind(event: Joined, reading: Reading) -> Fact:
    for account in event.accounts:
        place = _name(account, reading)
        if place is not None:
            return Fact("kind", event.kind.value, reading.span(*place))
    return Fact("kind", event.kind.value, _cue_span(event.best, reading))


def _title(event: Joined, reading: Reading) -> Iterator[Fact]:
    places = [p for a in event.accounts if (p := _name(a, reading)) is not None]
    if places:
        start, end = max(places, key=lambda p: p[1] - p[0])
        end = _closing_quote(reading.article.text, start, end)
        yield Fact("title", reading.article.text[start:end], reading.span(start, end))


_QUOTES = {"“": "”", '"': '"', "«": "»"}
_LONGEST_TITLE = 300


def _closing_quote(text: str, start: int, end: int) -> int:
    """A name in quotation marks ends with them."""
    before = text[:start].rstrip()[-1:]
    closing = text.find(_QUOTES.get(before, "\n"), end, start + _LONGEST_TITLE)
    if before not in _QUOTES or closing < 0:
        return end
    return len(text[:closing].rstrip(" .,"))


def _mentions(event: Joined, reading: Reading) -> Iterator[PartyMention]:
    """Where parties are named: in the accounts, else anywhere in the release."""
    for account in event.accounts:
        yield from account.parties
    for sentence in _sentences(event, reading):
        yield from sentence.parties
    for sentence in reading.sentences:
        yield from sentence.parties


def _parties(
    codes: Iterable[str], mentions: Iterable[PartyMention], index: int, reading: Reading
) -> Iterator[Fact]:
    wanted = sorted(codes)
    places: dict[str, tuple[int, int]] = {}
    for mention in mentions:
        places.setdefault(mention.code, (mention.start, mention.end))
        if all(code in places for code in wanted):
            break
    for code in wanted:
        # A publisher that says "we" is read from the whole of its sentence.
        sentence = reading.sentences[index].sentence
        yield Fact("parties", code, reading.span(*places.get(code, (sentence.start, sentence.end))))


def _day(event: Joined, reading: Reading) -> Iterator[Fact]:
    for account in event.accounts:
        if account.day is not None and account.on == event.on:
            yield Fact("date", event.on, reading.span(account.day.start, account.day.end))
            return


def _authorities(event: Joined, reading: Reading) -> Iterator[Fact]:
    seen: set[str] = set()
    for account in event.accounts:
        for mention in account.parties:
            if mention.named_by is NamedBy.AUTHORITY and mention.code in event.codes:
                span = reading.span(mention.start, mention.end)
                value = mention.authority or span.text
                if value not in seen:
                    seen.add(value)
                    yield Fact("authorities", value, span)


def _signatories(event: Joined, reading: Reading) -> Iterator[Fact]:
    if event.event not in ("signed", "text-agreed", "revised"):
        return
    seen: set[str] = set()
    for sentence in _sentences(event, reading):
        if sentence.sentence.quoted:
            continue
        for person in people_in(sentence.sentence.tokens, sentence.parties):
            name = reading.article.text[person.name_start : person.name_end]
            if name not in seen:
                seen.add(name)
                span = reading.span(person.start, person.end)
                yield Fact("signatories", span.text, span)


def _place(event: Joined, reading: Reading) -> Iterator[Fact]:
    """Where it was done: a town or hall named after the cue, else in a dateline-free sentence."""
    for account in event.accounts:
        sentence = reading.sentences[account.index]
        occasion = _occasion_in(sentence.sentence.tokens) or (0, 0)
        after = [
            p
            for p in places_in(sentence)
            if p.first >= account.cue.last and not occasion[0] <= p.first < occasion[1]
        ]
        chosen = min(after, key=_weight, default=None)
        if chosen is not None:
            span = reading.span(chosen.start, chosen.end)
            yield Fact("place", span.text, span)
            return


def _weight(place: Place) -> tuple[bool, int]:
    return place.country, place.first


def _occasion(event: Joined, reading: Reading) -> Iterator[Fact]:
    """On what occasion: "during the Trade Conference", "en marge de la session du Conseil"."""
    for account in event.accounts:
        tokens = _tokens(account, reading)
        found = _occasion_in(tokens)
        if found is not None:
            span = reading.span(tokens[found[0]].start, tokens[found[1] - 1].end)
            yield Fact("occasion", span.text, span)
            return


def _occasion_in(tokens: tuple[Token, ...]) -> tuple[int, int] | None:
    for match in OCCASION_MARKS.find(tokens):
        end = match.last
        held = None
        while end < len(tokens) and end - match.last < 14 and tokens[end].folded not in ",.;":
            if tokens[end].folded in OCCASIONS:
                held = end + 1
            end += 1
        if held is not None:
            return match.last, held
    return None


def _ordinal(event: Joined, reading: Reading) -> Iterator[Fact]:
    """Which one of its kind, in a sentence that tells the event or follows one."""
    if event.event != "signed" or not event.best.news:
        return
    indexes = sorted({a.index + step for a in event.accounts for step in (0, 1)})
    for index in indexes:
        if index >= len(reading.sentences):
            continue
        tokens = reading.sentences[index].sentence.tokens
        number = ordinal_in(tokens, ())
        if number is not None:
            span = reading.span(tokens[number.first].start, tokens[number.last - 1].end)
            yield Fact("ordinal", span.text, span)
            return


def _status(event: Joined, reading: Reading) -> Iterator[Fact]:
    """What is said to be missing before force, of what the release itself announces as signed."""
    if event.event != "signed" or not event.best.news:
        return
    for sentence in reading.sentences:
        for match in sentence.find(STATUSES):
            span = reading.span(match.start, match.end)
            yield Fact("status", span.text, span)
            return
