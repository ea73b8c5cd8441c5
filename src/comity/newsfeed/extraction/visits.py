# SPDX-License-Identifier: Apache-2.0
"""Visits: who visited what, when, received by whom and on what occasion.

Visitors are people with a post and delegations; somebody named before by his post may be named by
his surname ("Hollow also visited …") or a pronoun. Travellers, inspections and plans are no visits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.drafts import Cue, Cues, Draft, body_first
from comity.newsfeed.extraction.people import PersonMention, Stretch, capacity_at, people_in, posts
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.places import name_end
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import phraselist, wordset


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who may visit: tokens in its sentence, and the place of the words that name it."""

    first: int
    last: int
    start: int
    end: int
    named: bool = True
    """Whether these words say who it is; "the delegation" alone does not."""


@dataclass(frozen=True)
class _Article:
    """What all sentences together tell of the people in them."""

    reading: Reading

    @cached_property
    def people(self) -> tuple[tuple[PersonMention, ...], ...]:
        """The people of each sentence."""
        return tuple(people_in(s.sentence.tokens, s.parties) for s in self.reading.sentences)

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

    def visitors(self, index: int) -> list[Visitor]:
        """Everybody in the sentence who may visit, from left to right."""
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
        return sorted(found, key=lambda visitor: visitor.first)

    def _fullest(self, sentence: ReadSentence, person: PersonMention) -> PersonMention:
        surname = sentence.sentence.tokens[person.name[1] - 1].folded
        return self.by_surname.get(surname, person)

    def _last_before(self, index: int) -> PersonMention | None:
        for earlier in (index - 1, index - 2):
            if earlier >= 0 and self.people[earlier]:
                return self.people[earlier][0]
        return None


def announced_visits(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The visits that the release announces."""
    cues = body_first(_cues().found(reading))
    if not cues:
        return
    article = _Article(reading)
    told: list[tuple[Draft, Cue]] = []
    for cue in cues:
        if cue.sentence.sentence.quoted:
            continue
        draft = _told(article, cue, told_before=bool(told))
        if draft is None:
            continue
        known = next((other for other, _ in told if _same(draft, other)), None)
        if known is None:
            told.append((draft, cue))
            continue
        for fact in draft.facts:
            known.add(fact.name, fact.span.start, fact.span.end, fact.value)
    for draft, cue in told:
        yield draft.event(cue)


def _told(article: _Article, cue: Cue, *, told_before: bool) -> Draft | None:
    """Who visited where, as the cue's sentence tells it."""
    visitors = article.visitors(cue.index)
    draft = Draft(article.reading, AnnouncementType.VISIT)
    received = cue.rule.code == _RECEIVED
    visitor = _guest(cue, visitors) if received else _one_who_visits(cue, visitors)
    if visitor is None:
        return None
    if visitor.named:
        draft.add("visitor", visitor.start, visitor.end)
    elif told_before and not received:
        # "The delegation also visited …": whose it was is told with the earlier visit.
        draft.add("visitor", visitor.start, visitor.end)
    else:
        return None
    place = _receiving_place(cue) if received else _place(cue, visitor)
    if place is None:
        return None
    draft.add("place", cue.tokens[place[0]].start, cue.tokens[place[1] - 1].end)
    draft.add_date("date", _date(article.reading, cue))
    _tell_host(draft, article, cue, received=received)
    _tell_occasion(draft, cue)
    return draft


# ---------------------------------------------------------------- who


def _one_who_visits(cue: Cue, visitors: Sequence[Visitor]) -> Visitor | None:
    """Whose visit it is: right before the cue, behind "of" and "by", or earlier in the sentence."""
    before = [v for v in visitors if v.last <= cue.match.first]
    if cue.rule.code == _NOUN:
        if before and _belongs(cue, before[-1].last):
            return before[-1]
        at = cue.match.last
        by = [v for v in visitors if at <= v.first <= at + 6 and _made_by(cue, v.first)]
        if by:
            return by[0]
    if not before and cue.match.first < 8:
        # "During the visit to Bogotá, director Vera …", "En visite à Ottawa, le ministre …"
        after = [v for v in visitors if v.first > cue.match.last]
        return after[0] if after else None
    if not before or cue.match.first - before[-1].last > 25:
        return None
    between = cue.tokens[before[-1].last : cue.match.first]
    if any(token.text == ";" for token in between):
        return None
    if len(before) > 1 and _speaks_of_the_same(cue, before[-2], before[-1]):
        return before[-2]
    return before[-1]


def _speaks_of_the_same(cue: Cue, one: Visitor, other: Visitor) -> bool:
    """Whether the first is the visitor: `X led a delegation`, `a delegation of Y, led by X`."""
    if not other.named:
        return other.first - one.last < 14
    between = {token.folded for token in cue.tokens[one.last : other.first]}
    led = bool(between & wordset("visits", "led"))
    return led and one.named and _is_group(cue, one)


def _belongs(cue: Cue, at: int) -> bool:
    """Whether only "'s first official" and the like stands between the visitor and the visit."""
    between = cue.tokens[at : cue.match.first]
    return all(t.folded in wordset("visits", "before_visit") for t in between)


def _made_by(cue: Cue, at: int) -> bool:
    """Whether "of" or "by" leads to the visitor."""
    return any(t.folded in wordset("visits", "by") for t in cue.tokens[cue.match.last - 1 : at])


def _guest(cue: Cue, visitors: Sequence[Visitor]) -> Visitor | None:
    """Who was received: a delegation, or anybody where the sentence speaks of a visit."""
    of_visit = not cue.sentence.words.isdisjoint(_VISITS)
    if _is_passive(cue):
        row = [v for v in visitors if v.last <= cue.match.first]
        return row[-1] if row and of_visit else None
    row = [v for v in visitors if cue.match.last <= v.first <= cue.match.last + 10]
    groups = [v for v in row if cue.tokens[v.first : v.last] and _is_group(cue, v)]
    if groups:
        return groups[0]
    to_a_place = row and cue.tokens[min(row[0].last, len(cue.tokens) - 1)].folded == "to"
    return row[0] if row and (of_visit or to_a_place) else None


_VISITS = frozenset(("visit", "visite", "visita", "courtesy"))


def _is_group(cue: Cue, visitor: Visitor) -> bool:
    words = {token.folded for token in cue.tokens[visitor.first : visitor.last]}
    return visitor.named and bool(words & wordset("visits", "groups"))


def _is_passive(cue: Cue) -> bool:
    words = {t.folded for t in cue.tokens[max(0, cue.match.first - 1) : cue.match.last]}
    return bool(words & wordset("visits", "passive"))


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


# ---------------------------------------------------------------- where


def _place(cue: Cue, visitor: Visitor) -> Stretch | None:
    """What was visited: behind the cue, or behind the visitor where that follows the cue."""
    at = cue.match.last
    if visitor.first >= at and _made_by(cue, visitor.first):
        return _whither(cue, visitor.last)
    found = _place_at(cue, at)
    if found is None:
        found = _whither(cue, at, far=5 if cue.rule.code == _NOUN else 16)
    if found is None and cue.rule.code == _NOUN and visitor.last < cue.match.first:
        # "arrived in Tokyo for a two-day visit", "se reunió en Lima durante una visita"
        found = _whither(cue, visitor.last, far=cue.match.first - visitor.last)
    return found


def _whither(cue: Cue, at: int, far: int = 16) -> Stretch | None:
    """Behind "to", "in", "à", "en": the first place in the next words."""
    for position in range(at, min(at + far, len(cue.tokens))):
        if cue.tokens[position].text in (";", "."):
            break
        if cue.tokens[position].folded in wordset("visits", "whither"):
            found = _place_at(cue, position + 1)
            if found is not None:
                return found
    return None


def _place_at(cue: Cue, at: int) -> Stretch | None:
    """The place that is named here: a country, a facility with its name, or a name."""
    tokens = cue.tokens
    begins = {p.first: p for p in cue.sentence.parties}
    people = {p.first for p in people_in(tokens, cue.sentence.parties)}
    days = {d.first: d.last for d in cue.sentence.dates}
    for _ in range(6):
        if at in days:
            at = days[at]
        if at >= len(tokens) or at in begins or tokens[at].folded not in _leading():
            break
        if tokens[at].capitalised and at + 1 < len(tokens) and tokens[at + 1].capitalised:
            break  # "La Paz", "Le Havre"
        at += 1
    if at >= len(tokens) or at in people or posts().at(tokens, at) is not None:
        return None
    if at in begins:
        return at, _with_facility(tokens, begins[at].last)
    if tokens[at].folded in wordset("visits", "facilities") and not tokens[at].capitalised:
        return _facility(cue, at)
    if not tokens[at].capitalised or tokens[at].folded in wordset("places", "no_places"):
        return None
    return at, _with_facility(tokens, _trimmed(tokens, at, name_end(cue.sentence.sentence, at)))


def _with_facility(tokens: Sequence[Token], last: int) -> int:
    """The end of the place when what it is follows its name: "Otay Mesa port of entry"."""
    while last < len(tokens) and tokens[last].folded in wordset("visits", "facilities"):
        last += 1
    of_entry = tuple(token.folded for token in tokens[last : last + 2]) == ("of", "entry")
    return last + 2 if of_entry else last


def _facility(cue: Cue, at: int) -> Stretch | None:
    """A word such as `port` and the name that it leads to."""
    tokens, position = cue.tokens, at + 1
    begins = {p.first: p.last for p in cue.sentence.parties}
    while position < min(at + 6, len(tokens)):
        if position in begins:
            return at, begins[position]
        if tokens[position].capitalised:
            return at, _trimmed(tokens, at, name_end(cue.sentence.sentence, position))
        if not tokens[position].text.isalpha():
            break
        position += 1
    return None


def _trimmed(tokens: Sequence[Token], first: int, last: int) -> int:
    """Without a joining word at the end."""
    while last - 1 > first and not tokens[last - 1].capitalised:
        last -= 1
    return last


def _receiving_place(cue: Cue) -> Stretch | None:
    """Where the guests were received: in the sentence, a town rather than a country."""
    found = [
        place
        for at, token in enumerate(cue.tokens)
        if token.folded in ("in", "at", "to", "a", "en", "au") and not token.capitalised
        if (place := _place_at(cue, at + 1)) is not None
        if place[0] not in {p.first for p in cue.sentence.parties}
    ]
    return found[-1] if found else None


@cache
def _leading() -> frozenset[str]:
    return wordset("visits", "to_places")


# ---------------------------------------------------------------- when, received by whom, why


def _part(cue: Cue) -> Stretch:
    """The cue's part of its sentence: up to the next visit, and from the first on the whole."""
    row = sorted(c.match.first for c in _cues().found_in(cue.index, cue.sentence))
    place = row.index(cue.match.first)
    begin = 0 if place == 0 else cue.match.last
    return begin, row[place + 1] if place + 1 < len(row) else len(cue.tokens)


def _date(reading: Reading, cue: Cue) -> DateMention | None:
    """The day in the cue's part of the sentence; "the visit" may have it one sentence before."""
    begin, end = _part(cue)
    dates = [d for d in _days_of(cue.sentence) if begin <= d.first < end]
    opening = cue.tokens[0].folded in ("the", "this", "cette", "la", "esta")
    if not dates and opening and cue.rule.code == _NOUN and cue.index and begin == 0:
        dates = _days_of(reading.sentences[cue.index - 1])
    return max(dates, key=lambda d: (len(d.value), -d.start), default=None)


def _days_of(sentence: ReadSentence) -> list[DateMention]:
    """Past days on which something happened, not since which."""
    tokens = sentence.sentence.tokens
    since = ("since", "depuis", "desde")
    return [d for d in sentence.dates if d.past and tokens[d.first - 1].folded not in since]


def _tell_host(draft: Draft, article: _Article, cue: Cue, *, received: bool) -> None:
    """Who received: said so, or the subject of "received"."""
    if received and not _is_passive(cue):
        before = [p for p in cue.sentence.parties if p.last <= cue.match.first]
        people = [p for p in article.people[cue.index] if p.last <= cue.match.first]
        if people:
            draft.add("host", people[-1].start, people[-1].end)
        elif before:
            draft.add("host", before[-1].start, before[-1].end)
        return
    for match in phraselist("visits", "hosts").find(cue.tokens):
        for person in article.people[cue.index]:
            if match.last <= person.first <= match.last + 3:
                draft.add("host", person.start, person.end)
        for party in cue.sentence.parties:
            if match.last <= party.first <= match.last + 3:
                draft.add("host", party.start, party.end)


def _tell_occasion(draft: Draft, cue: Cue) -> None:
    """What the visit was made for, up to a comma, a place or a day."""
    tokens = cue.tokens
    days = {d.first for d in cue.sentence.dates}
    begin, end = _part(cue)
    for match in phraselist("visits", "occasions").find(tokens):
        if not begin <= match.first < end:
            continue
        last = match.last
        while last < len(tokens) and last - match.last < 14:
            word = tokens[last]
            ends = word.folded in wordset("visits", "occasion_ends") and not word.capitalised
            if last in days or ends or not (word.text[0].isalnum()):
                break
            last += 1
        if any(t.capitalised or t.text.isdigit() for t in tokens[match.last : last]):
            draft.add("occasion", tokens[match.last].start, tokens[last - 1].end)
            return


def _same(draft: Draft, known: Draft) -> bool:
    """Whether both tell of one visit: one visitor in one place."""
    return all(
        draft.values(name)[0].casefold().split()[-1] == known.values(name)[0].casefold().split()[-1]
        for name in ("visitor", "place")
    )


_NOUN = "NWS-701"
_RECEIVED = "NWS-702"


@cache
def _cues() -> Cues:
    return Cues("visit")
