# SPDX-License-Identifier: Apache-2.0
"""Visits: who visited what, when, received by whom and on what occasion.

Visitors are people with a post and delegations; somebody named before by his post may be named by
his surname ("Hollow also visited …") or a pronoun. Travellers, inspections and plans are no visits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.drafts import Cue, Cues, Draft, body_first, of_the_saying
from comity.newsfeed.extraction.parties import NamedBy
from comity.newsfeed.extraction.people import Stretch, is_form_of_address, posts
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.places import name_end
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.visitors import Guests, Visitor
from comity.newsfeed.extraction.wordlists import phraselist, wordset


def announced_visits(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The visits that the release announces."""
    cues = body_first(_cues().found(reading))
    if not cues:
        return
    guests = Guests(reading)
    told: list[tuple[Draft, Cue]] = []
    for cue in cues:
        if cue.sentence.sentence.quoted or _is_ahead(cue):
            continue
        for draft in _told(guests, cue, told_before=bool(told)):
            known = next((other for other, _ in told if _same(draft, other)), None)
            if known is None:
                told.append((draft, cue))
                continue
            for fact in draft.facts:
                known.add(fact.name, fact.span.start, fact.span.end, fact.value)
    for draft, cue in told:
        yield draft.event(cue)


def _is_ahead(cue: Cue) -> bool:
    """Whether every day that is told with the visit is still to come."""
    begin, end = _part(cue)
    days = [
        d
        for d in cue.sentence.dates
        if begin <= d.first < end and not of_the_saying(cue.sentence, d)
    ]
    return bool(days) and not any(d.past for d in days)


def _told(guests: Guests, cue: Cue, *, told_before: bool) -> Iterator[Draft]:
    """Who visited where, as the cue's sentence tells it: a visit for each place."""
    received = cue.rule.code == _RECEIVED
    visitors = guests.visitors(cue.index, received=received)
    visitor = _guest(cue, visitors) if received else _one_who_visits(cue, visitors)
    # "The delegation also visited …": whose it was is told with the earlier visit.
    if visitor is None or not (visitor.named or (told_before and not received)):
        return
    place = _receiving_place(cue, visitor) if received else _place(cue, visitor)
    if place is None or (place[0] < visitor.last and visitor.first < place[1]):
        return
    for each in (place, *_further_places(cue, place)):
        draft = Draft(guests.reading, AnnouncementType.VISIT)
        draft.add("visitor", visitor.start, visitor.end)
        draft.add("place", cue.tokens[each[0]].start, cue.tokens[each[1] - 1].end)
        draft.add_date("date", _date(guests.reading, cue))
        _tell_host(draft, guests, cue, received=received)
        _tell_occasion(draft, cue)
        yield draft


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
    if _is_broken(cue, before[-1]):
        return None
    if len(before) > 1 and _speaks_of_the_same(cue, before[-2], before[-1]):
        return before[-2]
    return before[-1]


def _is_broken(cue: Cue, visitor: Visitor) -> bool:
    """Whether a name without a post does something else before the cue."""
    between = cue.tokens[visitor.last : cue.match.first]
    return visitor.bare and any(t.folded in wordset("visits", "breaks") for t in between)


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
    lowest = max(cue.match.last - 1, at - 4, *(d.last for d in cue.sentence.dates if d.last <= at))
    return any(t.folded in wordset("visits", "by") for t in cue.tokens[lowest:at])


def _guest(cue: Cue, visitors: Sequence[Visitor]) -> Visitor | None:
    """Who was received: right before the passive, otherwise whom the verb leads to."""
    of_visit = not cue.sentence.words.isdisjoint(_VISITS)
    if _is_passive(cue):
        row = [v for v in visitors if v.last <= cue.match.first]
        near = row and (of_visit or cue.match.first - row[-1].last <= 16)
        return row[-1] if near and not _is_broken(cue, row[-1]) else None
    row = [v for v in visitors if cue.match.last <= v.first <= cue.match.last + 10]
    groups = [v for v in row if _is_group(cue, v)]
    if groups:
        return groups[0]
    if not row or _is_made_something(cue, row[0].last):
        return None
    to_a_place = cue.tokens[min(row[0].last, len(cue.tokens) - 1)].folded == "to"
    return row[0] if of_visit or to_a_place or _is_direct(cue, row[0]) else None


def _is_direct(cue: Cue, visitor: Visitor) -> bool:
    """Whether nothing but small words, a place and a day stand between the verb and the guest."""
    days = {at for d in cue.sentence.dates for at in range(d.first, d.last)}
    small = wordset("posts", "before_names") | wordset("visits", "to_places")
    between = enumerate(cue.tokens[cue.match.last : visitor.first], cue.match.last)
    return all(t.capitalised or t.folded in small or at in days for at, t in between)


def _is_made_something(cue: Cue, at: int) -> bool:
    """Whether it goes on "as its new director", or "'s announcement": not he is received."""
    following = {t.folded for t in cue.tokens[at : at + 1]}
    return bool(following & (wordset("visits", "as") | {"s"}))


_VISITS = frozenset(("visit", "visite", "visita", "courtesy"))


def _is_group(cue: Cue, visitor: Visitor) -> bool:
    words = {token.folded for token in cue.tokens[visitor.first : visitor.last]}
    return visitor.named and bool(words & wordset("visits", "groups"))


def _is_passive(cue: Cue) -> bool:
    words = {t.folded for t in cue.tokens[max(0, cue.match.first - 1) : cue.match.last]}
    return bool(words & wordset("visits", "passive"))


# ---------------------------------------------------------------- where


def _place(cue: Cue, visitor: Visitor) -> Stretch | None:
    """What was visited: behind the cue, behind the visitor where that follows, or before both."""
    at, noun = cue.match.last, cue.rule.code == _NOUN
    if visitor.first >= at and _made_by(cue, visitor.first):
        # "the visit of the director to Rabat", "the visit to Rabat by the director"
        between = _whither(cue, at - 1, far=visitor.first - at)
        return _whither(cue, visitor.last) or between or _subject_place(cue)
    found = None if _leads_a_group(cue) else _place_at(cue, at)
    if found is None:
        found = _whither(cue, at, far=5 if noun else 16)
    if found is None and noun and visitor.last < cue.match.first:
        # "arrived in Tokyo for a two-day visit", "se reunió en Lima durante una visita"
        found = _whither(cue, visitor.last, far=cue.match.first - visitor.last)
    return found or (_subject_place(cue) if noun else None) or _whither(cue, 0, far=6)


def _leads_a_group(cue: Cue) -> bool:
    """Whether the cue is "led a delegation": whose it is comes first, then where it went."""
    return cue.tokens[cue.match.last - 1].folded in wordset("visits", "groups")


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
    people = {p.first for p in cue.sentence.people}
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
    end = name_end(cue.sentence.sentence, at)
    somebody = (i for i in range(at + 1, end) if i in people or is_form_of_address(tokens[i]))
    end = next(somebody, end)  # "a reçu à Rabat Mme Claire Valmont"
    return at, _with_facility(tokens, _trimmed(tokens, at, end))


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


def _receiving_place(cue: Cue, visitor: Visitor) -> Stretch | None:
    """Where the guests were received: a town rather than a country, otherwise who received."""
    found = [
        place
        for at, token in enumerate(cue.tokens)
        if token.folded in wordset("visits", "whither") and not token.capitalised
        if not visitor.first <= at + 1 < visitor.last
        if (place := _place_at(cue, at + 1)) is not None
    ]
    countries = {p.first for p in cue.sentence.parties}
    towns = [place for place in found if place[0] not in countries]
    if towns:
        return towns[-1]
    return found[-1] if found else _subject_place(cue)


def _subject_place(cue: Cue) -> Stretch | None:
    """The place that does it: "Rabat hosted …", "On Monday, Peru received a visit"."""
    tokens = cue.tokens
    authorities = {p.first for p in cue.sentence.parties if p.named_by is not NamedBy.COUNTRY}
    clauses = {d.last for d in cue.sentence.dates}
    clauses |= {at + 1 for at, t in enumerate(tokens[: cue.match.first]) if not t.text.isalnum()}
    for begin in sorted({0, *clauses} & set(range(cue.match.first))):
        begin += tokens[begin].folded in _DEFINITE
        place = _place_at(cue, begin)
        if place is None or place[0] != begin or begin in authorities or place[1] >= len(tokens):
            continue
        if place[1] == cue.match.first or tokens[place[1]].folded in _SUBJECT_VERBS:
            return place if len(tokens[begin].text) > 1 else None
    return None


_DEFINITE = frozenset(("the", "le", "la", "el", "l"))
_SUBJECT_VERBS = frozenset(
    ("was", "is", "has", "received", "receives", "a", "est", "recoit", "fue", "recibio", "recibe")
)


def _further_places(cue: Cue, place: Stretch) -> Iterator[Stretch]:
    """The rest of a list: "Lisbon, Porto and Faro"; "Brussels, Belgium, and Lyon"."""
    tokens, last = cue.tokens, place[1]
    countries = {p.first for p in cue.sentence.parties}
    town = place[0] not in countries
    for _ in range(_MOST_PLACES if place[0] >= cue.match.last else 0):
        joint = {t.folded for t in tokens[last : last + 2]} & {",", *_AND}
        ends = bool(joint & _AND)
        at = last + (2 if tokens[last : last + 1] and tokens[last].text == "," and ends else 1)
        further = _place_at(cue, at) if joint and tokens[last].folded in joint else None
        if further is None or further[0] > at + 1:
            return
        last = further[1]
        goes_on = tokens[last : last + 1] and tokens[last].folded in {",", *_AND}
        of_town = town and not ends and further[0] in countries
        if not ends and not goes_on:
            return
        if not of_town:
            yield further
        if ends:
            return
        town = further[0] not in countries


_AND = frozenset(("and", "et", "y", "e"))
_MOST_PLACES = 8


@cache
def _leading() -> frozenset[str]:
    return wordset("visits", "to_places")


# ---------------------------------------------------------------- when, received by whom, why


def _part(cue: Cue) -> Stretch:
    """The cue's part of its sentence: up to the next visit, and from the first on the whole."""
    cues = _cues().found_in(cue.index, cue.sentence)
    row = sorted({c.match.first for c in cues if not _leads_a_group(c)} | {cue.match.first})
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


def _tell_host(draft: Draft, guests: Guests, cue: Cue, *, received: bool) -> None:
    """Who received: said so, or the subject of "received"."""
    if received and not _is_passive(cue):
        before = [p for p in cue.sentence.parties if p.last <= cue.match.first]
        people = [p for p in guests.people[cue.index] if p.last <= cue.match.first]
        if people:
            draft.add("host", people[-1].start, people[-1].end)
        elif before:
            draft.add("host", before[-1].start, before[-1].end)
        return
    for match in phraselist("visits", "hosts").find(cue.tokens):
        for person in guests.people[cue.index]:
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
