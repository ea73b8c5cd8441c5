# SPDX-License-Identifier: Apache-2.0
"""Appointments and nominations: who was given a post, and whom somebody wants for one.

A cue alone announces nothing: in its sentence there must be a person's name and a post. The name
is the one that the cue leads to ("appointed Mary North as …", "nombró a …"), otherwise the last
one before it ("Mary North was appointed …").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.drafts import Cue, Cues, Draft, best_date, body_first
from comity.newsfeed.extraction.parties import NamedBy
from comity.newsfeed.extraction.people import (
    PersonMention,
    Stretch,
    capacity_at,
    name_at,
    names_in,
    posts,
)
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.reading import Reading
from comity.newsfeed.extraction.wordlists import wordset


def announced_appointments(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The appointments that the release announces."""
    return _announced(reading, _cues("appointment"), AnnouncementType.APPOINTMENT)


def announced_nominations(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The nominations that the release announces."""
    return _announced(reading, _cues("nomination"), AnnouncementType.NOMINATION)


def _announced(reading: Reading, cues: Cues, kind: AnnouncementType) -> Iterator[AnnouncedEvent]:
    known: list[str] = []
    for cue in body_first(cues.found(reading)):
        draft = None if cue.sentence.sentence.quoted else _told(reading, cue, kind)
        if draft is None:
            continue
        person = draft.values("person")[0]
        if not any(_same_person(person, other) for other in known):
            known.append(person)
            yield draft.event(cue)


def _told(reading: Reading, cue: Cue, kind: AnnouncementType) -> Draft | None:
    """Who is given, or wanted for, which post in the cue's sentence."""
    if not cue.sentence.find(posts()) and not cue.sentence.find(posts("seats")):
        return None
    named = _person(cue)
    if named is None:
        return None
    name, capacity = named
    post = _post(cue, name) or capacity
    if post is None or not _is_given(cue, name, post):
        return None
    draft = Draft(reading, kind)
    tokens = cue.tokens
    draft.add("person", tokens[name[0]].start, tokens[name[1] - 1].end)
    first, last = _bare(cue, post)
    draft.add("post", tokens[first].start, tokens[last - 1].end)
    draft.add_date("date", _date(cue, kind))
    _tell_body(draft, cue, (first, last))
    if kind is AnnouncementType.NOMINATION:
        _tell_by(draft, cue)
    return draft


def _is_given(cue: Cue, name: Stretch, post: Stretch) -> bool:
    """Whether the post is told as new, where the cue alone does not say so."""
    code, (first, last) = cue.rule.code, (min(name[0], post[0]), max(name[1], post[1]))
    if code == _NEW:
        return post[0] >= cue.match.first and _is_joined(cue, post, name)
    if code == _WELCOME:
        words = {t.folded for t in cue.tokens[name[1] : post[1]]}
        return name[1] <= post[0] and bool(words & _NEW_OR_AS)
    if code == _SUPPORT:
        before = cue.tokens[max(cue.match.last, post[0] - 5) : post[0]]
        return any(t.folded in wordset("posts", "for_posts") for t in before)
    if code == _CANDIDATE:
        return _is_held(cue, name, post)
    if cue.tokens[cue.match.first].folded in wordset("posts", "weak") and not _is_named(cue, post):
        return False
    if code == _TOOK_OFFICE and _is_day_only(cue):
        return _is_joined(cue, name, post) and first == name[0] and last == post[1]
    return True


def _is_held(cue: Cue, name: Stretch, post: Stretch) -> bool:
    """Whether only "of the government for the post of" stands before the post."""
    held = wordset("posts", "before_held")
    ends = [end for end in (cue.match.last, name[1]) if end <= post[0]]
    between = cue.tokens[max(ends, default=post[0]) : post[0]]
    return all(t.capitalised or t.folded in held for t in between)


def _is_named(cue: Cue, post: Stretch) -> bool:
    """Whether it is told as a post: "as director", "the post of director"."""
    before = cue.tokens[max(0, post[0] - 3) : post[0]]
    directly = cue.match.last <= post[0] <= cue.match.last + 1
    return directly or any(t.folded in wordset("posts", "to_posts") for t in before)


def _is_joined(cue: Cue, one: Stretch, other: Stretch) -> bool:
    """Whether "is" or a colon alone stands between; a comma does behind "has a new"."""
    between = [t.folded for t in cue.tokens[one[1] : other[0]]]
    has = cue.tokens[cue.match.first].folded in _HAS
    return one[1] < other[0] and (
        set(between) <= wordset("posts", "joints") | _ARTICLES or (has and between == [","])
    )


def _is_day_only(cue: Cue) -> bool:
    """Whether the cue tells only since when: "with effect from 3 May, …"."""
    return cue.tokens[cue.match.first].folded in _SINCE


_HAS = frozenset(("has", "have", "a", "tiene", "cuenta"))
_ARTICLES = frozenset(("the", "le", "la", "l", "el", "its", "new"))
_SINCE = frozenset(("with", "effective"))
_NEW_OR_AS = frozenset(
    ("new", "as", "nouveau", "nouvelle", "comme", "nuevo", "nueva", "como", "appointment")
) | {"nomination", "nombramiento", "designacion", "designation", "election"}


def _person(cue: Cue) -> tuple[Stretch, Stretch | None] | None:
    """The name, and the capacity that stands with it."""
    tokens, parties = cue.tokens, cue.sentence.parties
    people = cue.sentence.people
    if not _names_before(cue):
        found = _led_to(cue, people)
        if found is not None:
            return found
    before = [name for name in names_in(tokens, parties) if name[1] <= cue.match.first]
    if not before or _breaks(cue, before[-1][1]):
        # "Est nommé directeur régional : …"
        after = _behind_post(cue) if _names_before(cue) else None
        return (after, None) if after is not None else None
    capacities = [person.capacity for person in people if person.name == before[-1]]
    return before[-1], capacities[0] if capacities else None


def _names_before(cue: Cue) -> bool:
    """Whether who is meant can only stand before: "was named", "succeeds"."""
    first = cue.match.first
    words = {t.folded for t in cue.tokens[max(0, first - 2) : first]}
    cues = {t.folded for t in cue.tokens[first : cue.match.last]}
    return bool(words & wordset("posts", "passive") or cues & wordset("posts", "successions"))


def _led_to(cue: Cue, people: Sequence[PersonMention]) -> tuple[Stretch, Stretch | None] | None:
    """Who is named behind the cue, directly or behind the post."""
    tokens, parties, at = cue.tokens, cue.sentence.parties, cue.match.last
    for person in people:
        if at <= person.first <= at + 6 and _leads(cue, at, person.first, capitals=True):
            return _stretches(person)
    for step in range(8):
        if not _leads(cue, at, at + step):
            break
        name = name_at(tokens, at + step, parties)
        if name is not None:
            return name, None
    after = _behind_post(cue)
    return (after, None) if after is not None else None


def _behind_post(cue: Cue) -> Stretch | None:
    """The name behind the post: "nombró titular de la Aduana a …", "nominee for director, …"."""
    start = cue.match.last
    held = wordset("posts", "before_held")
    for match in _seats_and_posts(cue):
        between = cue.tokens[start : match[0]] if match[0] >= start else ()
        if match[0] < start or not all(t.folded in held or t.capitalised for t in between):
            continue
        at = end = _capacity(cue, match, lowest=start)[1]
        while at < len(cue.tokens) and at - end < 2 and cue.tokens[at].folded in _TO_NAME:
            at += 1
        if at > end:
            return name_at(cue.tokens, at, cue.sentence.parties)
    return None


def _capacity(cue: Cue, match: Stretch, *, lowest: int) -> Stretch:
    """The whole capacity, without the holder to whom a small word leads from it."""
    first, last = capacity_at(cue.tokens, cue.sentence.parties, match, lowest=lowest)
    for at in range(match[1], last):
        leads = cue.tokens[at].folded in wordset("posts", "to_holders")
        if leads and name_at(cue.tokens, at + 1, cue.sentence.parties) is not None:
            return first, at
    return first, last


_TO_NAME = frozenset((",",)) | wordset("posts", "joints") | wordset("posts", "to_holders")


def _stretches(person: PersonMention) -> tuple[Stretch, Stretch]:
    return person.name, person.capacity


def _leads(cue: Cue, first: int, last: int, *, capitals: bool = False) -> bool:
    """Whether only words stand between that lead from a cue to a name or its capacity."""
    days = {at for d in cue.sentence.dates for at in range(d.first, d.last)}
    return all(
        token.folded in wordset("posts", "before_names")
        or (capitals and token.capitalised)
        or at in days
        for at, token in enumerate(cue.tokens[first:last], first)
    )


def _breaks(cue: Cue, after: int) -> bool:
    """Whether something between the name and the cue makes the name somebody else's."""
    between = cue.tokens[after : cue.match.first]
    return len(between) > 30 or any(t.folded in wordset("posts", "breaks") for t in between)


def _post(cue: Cue, name: Stretch) -> Stretch | None:
    """The post: the one to which "as" or "to the post of" leads, otherwise the first behind."""
    behind = _behind_agent(cue)
    starts = {behind, name[1]} if name[0] >= cue.match.last else {behind}
    others = [p for p in cue.sentence.people if p.name != name]
    free = [m for m in _seats_and_posts(cue) if not any(p.first <= m[0] < p.last for p in others)]
    found = [
        match
        for start in sorted(starts, reverse=True)
        for match in free
        if start <= match[0] <= start + 18 and not _ends(cue, start, match[0])
    ]
    if not found and (cue.rule.code == _TOOK_OFFICE or _before_colon(cue)):
        # "… has a new Director General: Ada Winter took office", "Director appointed: Ada Winter"
        found = [m for m in free if m[1] <= min(name[0], cue.match.first)][-1:]
        behind = 0
    if not found:
        return None
    best = next((match for match in found if _is_led_to(cue, match[0])), found[0])
    return _capacity(cue, best, lowest=min(behind, best[0]))


def _before_colon(cue: Cue) -> bool:
    at = cue.match.last
    return at < len(cue.tokens) and cue.tokens[at].text == ":"


def _is_led_to(cue: Cue, at: int) -> bool:
    """Whether "as", "poste de", "como" stands within four words before."""
    before = cue.tokens[max(cue.match.last - 1, at - 6) : at]
    return any(token.folded in wordset("posts", "to_posts") for token in before)


def _behind_agent(cue: Cue) -> int:
    """After the cue, and after who appoints where that is said: "nombrado por … como"."""
    at = cue.match.last
    if at >= len(cue.tokens) or cue.tokens[at].folded not in wordset("posts", "agents"):
        return at
    leads = (
        i for i, t in enumerate(cue.tokens[at:], at) if t.folded in wordset("posts", "to_posts")
    )
    return next(leads, len(cue.tokens))


def _ends(cue: Cue, first: int, last: int) -> bool:
    """Whether the sentence goes on to something else before the post is named."""
    agents = wordset("posts", "agents")
    if any(t.folded in agents for t in cue.tokens[first:last]) and not _is_led_to(cue, last):
        return True
    between = _without_aside(cue.tokens[first:last])
    return any(t.folded in wordset("posts", "ends") for t in between)


def _without_aside(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without ", who retires," in the middle."""
    commas = [at for at, token in enumerate(tokens) if token.text == ","]
    for opened, closed in pairwise(commas):
        if tokens[opened + 1].folded in wordset("posts", "asides"):
            return (*tokens[:opened], *tokens[closed + 1 :])
    return tokens


def _seats_and_posts(cue: Cue) -> tuple[Stretch, ...]:
    tokens = cue.tokens
    found = [(m.first, m.last) for m in posts().find(tokens) if not _is_verb(tokens, m.first)]
    found += [(m.first, m.last) for m in posts("seats").find(tokens)]
    return tuple(sorted(found))


def _is_verb(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is no post but a verb: "the first woman to head the service"."""
    return tokens[at].text in ("head", "chair") and at > 0 and tokens[at - 1].folded == "to"


def _bare(cue: Cue, post: Stretch) -> Stretch:
    """The post without "new" and "next"."""
    first, last = post
    while first < last - 1 and cue.tokens[first].folded in wordset("posts", "new"):
        first += 1
    return first, last


def _date(cue: Cue, kind: AnnouncementType) -> DateMention | None:
    """The day that the sentence names; an appointment may take effect later."""
    dates = cue.sentence.dates
    if kind is AnnouncementType.APPOINTMENT and dates:
        return max(dates, key=lambda d: (len(d.value), -d.start))
    return best_date(cue.sentence)


def _tell_body(draft: Draft, cue: Cue, post: Stretch) -> None:
    """The administration or organisation in which the post is."""
    tokens = cue.tokens
    for match in posts("organisations").find(tokens):
        if post[0] <= match.first < post[1] + 4:
            draft.add("body", match.start, match.end)
    for party in cue.sentence.parties:
        if party.named_by is NamedBy.AUTHORITY and post[0] <= party.first < post[1]:
            draft.add("body", party.start, party.end)


def _tell_by(draft: Draft, cue: Cue) -> None:
    """Who nominates: the last country or person before the cue that is not the nominee."""
    tokens, nominee = cue.tokens, draft.values("person")[0]
    at = cue.match.last
    if at < len(tokens) and tokens[at].folded in wordset("posts", "agents"):
        for party in cue.sentence.parties:
            if at < party.first <= at + 3:
                draft.add("by", party.start, party.end, party.code)
    people = [
        p
        for p in cue.sentence.people
        if p.last <= cue.match.first and not _same_person(_text(cue, p.name), nominee)
    ]
    parties = [p for p in cue.sentence.parties if p.last <= cue.match.first and not p.as_place]
    if people and (not parties or people[-1].last > parties[-1].first):
        person = people[-1]
        draft.add("by", person.name_start, person.name_end)
    elif parties:
        draft.add("by", parties[-1].start, parties[-1].end, parties[-1].code)


def _text(cue: Cue, stretch: Stretch) -> str:
    return " ".join(token.text for token in cue.tokens[stretch[0] : stretch[1]])


def _same_person(one: str, other: str) -> bool:
    """Whether both names end alike."""
    return one.casefold().split()[-1] == other.casefold().split()[-1]


_TOOK_OFFICE = "NWS-731"
_NEW = "NWS-733"
_WELCOME = "NWS-734"
_CANDIDATE = "NWS-761"
_SUPPORT = "NWS-762"


@cache
def _cues(family: str) -> Cues:
    return Cues(family)
