# SPDX-License-Identifier: Apache-2.0
"""Goods that were seized: what, how much, where and when (NWS-3…).

A sentence with a seizing verb announces a seizure only together with what was seized: goods with a
quantity, or the verb's own object. One release mostly tells one seizure several times; another
event begins where another place and another day are named. Cultural property that is given back,
and the yield of a joint operation, belong to those announcements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.drafts import (
    HEADLINES,
    Cue,
    Cues,
    Draft,
    best_date,
    body_first,
    tells_of_a_year,
)
from comity.newsfeed.extraction.operations import announced_operations
from comity.newsfeed.extraction.phrases import Token, tokens_of
from comity.newsfeed.extraction.places import Place, name_end, places_in
from comity.newsfeed.extraction.quantities import (
    NounPhrase,
    Quantity,
    object_after,
    quantities_in,
)
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.repatriations import announced_repatriations
from comity.newsfeed.extraction.wordlists import phraselist, wordset

_INFINITIVES = wordset("seizures", "infinitives")
_NOMINAL = "NWS-310"
_WEAK = wordset("seizures", "weak")
"""Verbs that seize only where the goods are of a kind that is not let go."""


def announced_seizures(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The seizures that the release announces."""
    if not _cues().found(reading) or tuple(announced_repatriations(reading)):
        return
    cues = [cue for cue in body_first(_cues().found(reading)) if not cue.sentence.sentence.quoted]
    drafts: list[tuple[Draft, Cue]] = []
    if _is_yield_of_an_operation(reading, cues):
        return
    for cue in cues:
        told = _told(reading, cue)
        if told is None:
            continue
        for draft, _ in drafts:
            if cue.in_headline or _same(draft, told):
                _join(draft, told, headline=cue.in_headline)
                break
        else:
            drafts.append((told, cue))
    for draft, cue in drafts:
        _keep_particular(draft)
        yield draft.event(cue)


def _is_yield_of_an_operation(reading: Reading, cues: Sequence[Cue]) -> bool:
    """Whether the release announces a joint operation, and no headline speaks of a seizure."""
    if not cues or any(cue.in_headline for cue in cues):
        return False
    operations = tuple(announced_operations(reading))
    return bool(operations) and operations[0].span.start <= cues[0].sentence.sentence.start


def _told(reading: Reading, cue: Cue) -> Draft | None:
    """What the cue's sentence tells of a seizure; nothing when it names no goods."""
    if tells_of_a_year(cue.sentence):
        return None
    draft = Draft(reading, AnnouncementType.SEIZURE)
    quantities = quantities_in(cue.sentence)
    for quantity in _seized(cue, quantities):
        if quantity.goods is not None:
            _tell_goods(draft, cue, quantity.goods)
        draft.add("quantities", quantity.start, quantity.end)
    if not draft.has("goods"):
        draft.facts.clear()
        for phrase in _objects(cue):
            _tell_goods(draft, cue, phrase)
    if not draft.has("goods"):
        return None
    _tell_place(draft, reading, cue)
    if cue.rule.code == _NOMINAL and not (draft.has("quantities") or draft.has("place")):
        return None
    _tell_date(draft, reading, cue)
    _tell_value(draft, reading, cue, quantities)
    draft.add_parties(cue.sentence.parties)
    draft.add_authorities(cue.sentence.parties)
    return draft


def _seized(cue: Cue, quantities: Sequence[Quantity]) -> list[Quantity]:
    """The quantities that the verb took: after it, or before it in the passive; no covers."""
    counted = [q for q in quantities if (not q.money or q.goods) and _may_be_goods(cue, q)]
    before = [q for q in counted if q.start < cue.match.start]
    after = [q for q in counted if q.start > cue.match.start]
    if before and _is_passive(cue, before[-1]):
        return _uncovered(cue, _one_clause(cue, before), before[0].first)
    return _uncovered(cue, after, cue.match.last)


def _one_clause(cue: Cue, before: Sequence[Quantity]) -> list[Quantity]:
    """The quantities in a row up to the verb: an earlier clause speaks of something else."""
    row = [before[-1]]
    for quantity in reversed(before[:-1]):
        between = cue.tokens[_last_of(quantity) : row[0].first]
        if any(token.folded in _BREAKS for token in between) or len(between) > 8:
            break
        row.insert(0, quantity)
    return row


def _last_of(quantity: Quantity) -> int:
    return quantity.goods.last if quantity.goods else quantity.last


def _uncovered(cue: Cue, quantities: Sequence[Quantity], at: int) -> list[Quantity]:
    """The quantities up to the words that say in what the goods were hidden."""
    kept: list[Quantity] = []
    for quantity in quantities:
        between = cue.tokens[at : quantity.first]
        if kept and any(token.folded in _hiding() for token in between):
            break
        if not kept and any(token.folded in _hiding() for token in between[:-3]):
            break
        kept.append(quantity)
        at = _last_of(quantity)
    return kept


def _is_passive(cue: Cue, last: Quantity) -> bool:
    """Whether the goods stand before the verb: "were seized", "saisis", "fueron incautados"."""
    tokens, at = cue.tokens, cue.match.first
    if any(token.folded in _PASSIVE for token in tokens[max(0, at - 3) : at]):
        return True
    return 0 <= at - _last_of(last) <= 2


def _may_be_goods(cue: Cue, quantity: Quantity) -> bool:
    """Whether a quantity may be of goods; a weak verb seizes only what is not let go."""
    if quantity.goods is None:
        unit = cue.tokens[quantity.last - 1].folded
        if quantity.last < len(cue.tokens) and cue.tokens[quantity.last].folded in _HOLDING:
            return True
        return not quantity.money and unit in wordset("quantities", "weights")
    words = {t.folded for t in cue.tokens[quantity.goods.first : quantity.goods.last]}
    if words & wordset("goods", "no_contraband"):
        return False
    return not _is_weak(cue) or quantity.money or bool(words & wordset("goods", "contraband"))


def _objects(cue: Cue) -> tuple[NounPhrase, ...]:
    """The verb's own objects where no quantity is told: "seized counterfeit toys and perfume"."""
    if cue.match.first and cue.tokens[cue.match.first - 1].folded in _PASSIVE:
        return ()
    if not cue.in_headline and cue.tokens[cue.match.first].folded in _INFINITIVES:
        return ()  # "will help officers find drugs": no seizure without a quantity
    at = cue.match.last
    if at < len(cue.tokens) and cue.tokens[at].folded in _DEFINITE:
        return ()
    kept = []
    for phrase in object_after(cue.tokens, at):
        words = {token.folded for token in cue.tokens[phrase.first : phrase.last]}
        if words & wordset("goods", "no_contraband"):
            break
        if not words & wordset("goods", "contraband") or words <= wordset("goods", "generic"):
            break
        kept.append(phrase)
    return tuple(kept)


def _tell_goods(draft: Draft, cue: Cue, phrase: NounPhrase) -> None:
    """The goods, without the caution that they are only suspected to be such."""
    first = phrase.first
    while first < phrase.last - 1 and cue.tokens[first].folded in wordset("goods", "alleged"):
        first += 1
    draft.add("goods", cue.tokens[first].start, phrase.end)


def _tell_place(draft: Draft, reading: Reading, cue: Cue) -> None:
    """Where the sentence says, else the one before or after; a whence or whither is no place."""
    for sentence in _near(reading, cue):
        place = _best(sentence)
        if place is not None and (sentence is cue.sentence or not place.country):
            draft.add("place", place.start, place.end)
            return
    for sentence in _near(reading, cue):
        seat = _seat(sentence)
        if seat is not None:
            draft.add("place", *seat)
            return


def _seat(sentence: ReadSentence) -> tuple[int, int] | None:
    """Where the officers are from: "les douaniers de Calais"."""
    tokens = sentence.sentence.tokens
    for match in sentence.find(phraselist("seizures", "seats")):
        if match.last < len(tokens) and tokens[match.last].capitalised:
            if any(party.first <= match.last < party.last for party in sentence.parties):
                continue
            return tokens[match.last].start, tokens[name_end(sentence.sentence, match.last) - 1].end
    return None


def _near(reading: Reading, cue: Cue) -> list[ReadSentence]:
    """The cue's sentence, the one before, the one after; headlines last."""
    places = [cue.index, cue.index - 1, cue.index + 1]
    near = [reading.sentences[index] for index in places if 0 <= index < len(reading.sentences)]
    return sorted(near, key=lambda s: s is not cue.sentence and s.sentence.block in HEADLINES)


def _best(sentence: ReadSentence) -> Place | None:
    tokens = sentence.sentence.tokens
    places = [p for p in places_in(sentence) if not _whence_or_whither(tokens, p.first)]
    return min(places, key=lambda p: (not p.facility, p.country), default=None)


def _whence_or_whither(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[max(0, at - 4) : at]
    if any(token.folded in _POSTED for token in before):
        return False
    return any(token.folded in _WHENCE for token in before[-3:])


def _tell_date(draft: Draft, reading: Reading, cue: Cue) -> None:
    for sentence in _near(reading, cue):
        draft.add_date("date", best_date(sentence))


def _tell_value(draft: Draft, reading: Reading, cue: Cue, quantities: Sequence[Quantity]) -> None:
    """A sum of money that is no currency seized: in the sentence, else in one of the next two."""
    after = reading.sentences[cue.index + 1 : cue.index + 3]
    rows = [quantities, *(quantities_in(s) for s in after if not s.words.isdisjoint(_VALUE))]
    for row in rows:
        for quantity in row:
            if quantity.money and quantity.goods is None:
                draft.add("value", quantity.start, quantity.end)


def _same(draft: Draft, told: Draft) -> bool:
    """Whether both tell of one seizure: not two places or two days with different quantities."""
    if set(draft.values("quantities")) & set(told.values("quantities")):
        return True
    return not (_differ(draft, told, "place") or _differ(draft, told, "date"))


def _differ(draft: Draft, told: Draft, name: str) -> bool:
    one, other = draft.values(name), told.values(name)
    if not one or not other:
        return False
    return not (
        one[0].casefold() in other[0].casefold() or other[0].casefold() in one[0].casefold()
    )


def _join(draft: Draft, told: Draft, *, headline: bool) -> None:
    """Add what the other sentence tells; a headline adds only what the text does not say."""
    for fact in told.facts:
        if fact.name == "goods" and (headline or _known(fact.value, draft.values("goods"))):
            continue
        if fact.name == "quantities" and headline and draft.has("quantities"):
            continue
        draft.add(fact.name, fact.span.start, fact.span.end, fact.value)


def _keep_particular(draft: Draft) -> None:
    """Leave "drugs" and the like away where the goods themselves are named."""
    generic = wordset("goods", "generic")
    general = [g for g in draft.values("goods") if {t.folded for t in tokens_of(g)} <= generic]
    if len(general) < len(draft.values("goods")):
        for value in general:
            draft.without("goods", value)


def _known(value: str, known: Sequence[str]) -> bool:
    words = value.casefold().split()
    return any(
        set(words) <= set(k) or set(k) <= set(words) for k in (v.casefold().split() for v in known)
    )


_HOLDING = frozenset({"containing", "contenant", "contenait", "contenian", "contenia"})
_BREAKS = frozenset(
    {
        ";",
        "while",
        "where",
        "when",
        "alors",
        "cuando",
        "donde",
        "carrying",
        "transportant",
        "transportaba",
    }
)
_PASSIVE = wordset("seizures", "passive")
_DEFINITE = wordset("seizures", "definite")
_WHENCE = wordset("seizures", "whence")
_POSTED = frozenset({"assigned", "stationed", "deployed", "affectes", "asignados", "destacados"})
_VALUE = wordset("seizures", "value")


def _is_weak(cue: Cue) -> bool:
    return cue.tokens[cue.match.first].folded in _WEAK


@cache
def _cues() -> Cues:
    return Cues("seizure")


@cache
def _hiding() -> frozenset[str]:
    return wordset("goods", "hiding")
