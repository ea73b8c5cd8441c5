# SPDX-License-Identifier: Apache-2.0
"""The facts of an instrument event, each with its place in the text."""

from __future__ import annotations

from collections.abc import Iterator

from comity.newsfeed.announcement import Fact
from comity.newsfeed.extraction.instruments.account import Account
from comity.newsfeed.extraction.instruments.joining import Joined
from comity.newsfeed.extraction.parties import NamedBy, PartyMention
from comity.newsfeed.extraction.people import people_in
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.reading import Reading


def facts_of(event: Joined, reading: Reading) -> tuple[Fact, ...]:
    """Every fact of the event, main ones first."""
    best = event.best
    found = [
        _kind(event, reading),
        Fact("event", event.event, _cue_span(best, reading)),
        *_parties(event, reading),
        *_day(event, reading),
        *_title(event, reading),
        *_authorities(event, reading),
        *_signatories(event, reading),
    ]
    return tuple(found)


def _tokens(account: Account, reading: Reading) -> tuple[Token, ...]:
    return reading.sentences[account.index].sentence.tokens


def _cue_span(account: Account, reading: Reading):  # type: ignore[no-untyped-def]
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
        yield Fact("title", reading.article.text[start:end], reading.span(start, end))


def _mentions(event: Joined, reading: Reading) -> Iterator[PartyMention]:
    """Where parties are named: in the accounts, else anywhere in the release."""
    for account in event.accounts:
        yield from account.parties
    for account in event.accounts:
        yield from reading.sentences[account.index].parties
    for sentence in reading.sentences:
        yield from sentence.parties


def _parties(event: Joined, reading: Reading) -> Iterator[Fact]:
    wanted = sorted(event.codes)
    places: dict[str, tuple[int, int]] = {}
    for mention in _mentions(event, reading):
        places.setdefault(mention.code, (mention.start, mention.end))
        if all(code in places for code in wanted):
            break
    for code in wanted:
        if code in places:
            yield Fact("parties", code, reading.span(*places[code]))
        else:
            # The publisher speaks of itself without its name: its word for itself, or the sentence.
            sentence = reading.sentences[event.best.index].sentence
            yield Fact("parties", code, reading.span(sentence.start, sentence.end))


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
    for account in event.accounts:
        sentence = reading.sentences[account.index]
        for person in people_in(sentence.sentence.tokens, sentence.parties):
            span = reading.span(person.start, person.end)
            name = reading.article.text[person.name_start : person.name_end]
            if name not in seen:
                seen.add(name)
                yield Fact("signatories", span.text, span)
