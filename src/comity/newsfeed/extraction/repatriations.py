# SPDX-License-Identifier: Apache-2.0
"""Cultural property given back: what, to whom, how it had been seized, when it was handed over.

A verb of return counts only beside words of cultural property and a country that gets it (NWS-4…).
Every object and every description is kept, also where body and caption contradict each other: which
of them is right is not for a reader of news to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.article import BlockKind
from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.drafts import HEADLINES, Cue, Cues, Draft, body_first, of_the_saying
from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.people import people_in
from comity.newsfeed.extraction.phrases import Phrases, Token, tokens_of
from comity.newsfeed.extraction.places import places_in
from comity.newsfeed.extraction.quantities import (
    NounPhrase,
    Quantity,
    noun_phrase,
    quantities_in,
)
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import phraselist, wordlist, wordset

_MOST_OBJECTS = 100
_GETS_BACK = "NWS-410"


def announced_repatriations(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The return that the release announces: one, told in all its sentences."""
    cues = [
        cue
        for cue in body_first(_cues().found(reading))
        if not cue.sentence.sentence.quoted and _is_of_heritage(reading, cue)
    ]
    told = [(cue, recipient) for cue in cues if (recipient := _recipient(cue)) is not None]
    if not told:
        return
    cue, recipient = told[0]
    draft = Draft(reading, AnnouncementType.REPATRIATION)
    draft.add("recipient", recipient.start, recipient.end, recipient.code)
    others = {id(c) for c, r in told if r.code != recipient.code}
    _tell_objects(draft, reading, [cue, *(c for c in cues if c is not cue and id(c) not in others)])
    if not draft.has("objects") or (cue.rule.code == _GETS_BACK and not _names_objects(draft)):
        return
    _tell_day(draft, reading, cues)
    _tell_seizure(draft, reading)
    _tell_petition(draft, reading)
    _tell_hand_over(draft, reading, cues)
    yield draft.event(cue)


def _is_of_heritage(reading: Reading, cue: Cue) -> bool:
    """Whether the sentence, the one before or after it, or the title speaks of it."""
    if _heritage_in(cue.sentence):
        return True
    if cue.rule.code == _GETS_BACK or wordset("goods", "no_contraband") & cue.sentence.words:
        return False
    near = {0, cue.index - 1, cue.index + 1} - {-1, len(reading.sentences)}
    beside = [reading.sentences[index] for index in near if index < len(reading.sentences)]
    of_heritage = phraselist("repatriations", "of_heritage")
    return any(_heritage_in(s) or s.find(of_heritage) for s in (cue.sentence, *beside))


def _heritage_in(sentence: ReadSentence) -> bool:
    return bool(sentence.find(_heritage()))


def _recipient(cue: Cue) -> PartyMention | None:
    """The country after "to", "au", "a": of the return; or the one that gets its property back."""
    if cue.rule.code == _GETS_BACK:
        before = [p for p in cue.sentence.parties if p.last <= cue.match.first]
        if not before or cue.match.first > 12:
            return None
        return before[0] if before[0].first <= 4 or cue.match.first - before[0].last <= 2 else None
    after = [p for p in cue.sentence.parties if p.first >= cue.match.last]
    if after and _is_given(cue, after[0]):
        return after[0]
    for party in after:
        if _leads_to(cue.tokens, cue.match.last, party.first):
            return party
    before = [p for p in cue.sentence.parties if p.last <= cue.match.first]
    for party in before:
        if _leads_to(cue.tokens, max(0, party.first - 3), party.first):
            return party
    return None


def _is_given(cue: Cue, party: PartyMention) -> bool:
    """Whether it stands right behind the verb: "presented the consul of Peru with 27 tablets"."""
    tokens = cue.tokens
    if tokens[cue.match.first].folded not in wordset("repatriations", "gets"):
        return False
    between = wordset("repatriations", "between")
    if any(t.folded not in between for t in tokens[cue.match.last : party.first]):
        return False
    after = tokens[party.last] if party.last < len(tokens) else None
    return after is not None and (after.folded in _GIVEN or _is_counting(after))


def _leads_to(tokens: Sequence[Token], lowest: int, at: int) -> bool:
    """Whether "to" stands before, with nothing but "the government of" and the like between."""
    position = at - 1
    while position >= max(lowest, at - 12):
        word = tokens[position].folded
        if word in _TO and _is_to(tokens, position):
            return True
        if word == "en" and tokens[lowest - 1].folded.startswith(("rapatri", "rentr", "revien")):
            return True
        if not (tokens[position].capitalised or word in wordset("repatriations", "between")):
            return False
        position -= 1
    return False


def _is_to(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is no English article: "a" leads to a country in Spanish only."""
    if tokens[at].text != "a" or at + 1 == len(tokens):
        return True
    return tokens[at + 1].capitalised or tokens[at + 1].folded in _AFTER_SPANISH_A


def _tell_objects(draft: Draft, reading: Reading, cues: Sequence[Cue]) -> None:
    """What was given back: named in the cues' sentences, counted up, described, or in captions."""
    for cue in cues:
        if cue.in_headline and draft.has("objects"):
            continue
        counted = {q.goods.start: q for q in quantities_in(cue.sentence) if q.goods is not None}
        for phrase in islice(_objects(cue), _MOST_OBJECTS):
            _tell_object(draft, phrase, counted.get(phrase.start))
    first = min(cue.index for cue in cues)
    for index, sentence in enumerate(reading.sentences):
        if sentence.sentence.block in HEADLINES or sentence.sentence.quoted:
            continue
        _tell_description(draft, sentence, near=abs(index - first) <= 6)
    _keep_particular(draft)


def _names_objects(draft: Draft) -> bool:
    """Whether an object is named, or at least a number of them told."""
    generic = wordset("goods", "heritage_generic")
    particular = any(not set(_words(value)) <= generic for value in draft.values("objects"))
    return particular or draft.has("count")


def _tell_object(draft: Draft, phrase: NounPhrase, quantity: Quantity | None) -> None:
    draft.add("objects", phrase.start, phrase.end)
    if quantity is not None:
        whole = quantity.number == int(quantity.number)
        value = str(int(quantity.number)) if whole else ""
        draft.add("count", quantity.start, quantity.end, value)


def _objects(cue: Cue) -> Iterator[NounPhrase]:
    """The noun phrases of the cue's sentence that name cultural property, and those beside them."""
    sentence, done = cue.sentence, 0
    tokens = sentence.sentence.tokens
    if cue.rule.code == _GETS_BACK:
        done = cue.match.last
    for match in sentence.find(_heritage()):
        if match.first < done:
            continue
        if cue.rule.code == _GETS_BACK and match.first - cue.match.last > _reach(cue):
            return
        begin = _first_of_row(tokens, _begin(tokens, match.first, done), done)
        for phrase in _listed(sentence, begin):
            done = max(done, phrase.last)
            yield phrase
    recipient = _recipient(cue)
    if not done and recipient is not None:
        for begin in (cue.match.last, max(cue.match.last, recipient.last)):
            if begin < len(tokens) and _is_counting(tokens[begin]):
                yield from _listed(sentence, begin)
                return


def _reach(cue: Cue) -> int:
    """How far behind "received" the objects may stand: farther where "from" somebody is between."""
    after = cue.tokens[cue.match.last : cue.match.last + 1]
    return 14 if after and after[0].folded in _FROM else 4


def _begin(tokens: Sequence[Token], at: int, lowest: int) -> int:
    """Where the noun phrase around this word begins: after an article, a number, a verb or "of"."""
    begin = at
    while begin > lowest and at - begin < 6 and not _begins_after(tokens, begin - 1):
        begin -= 1
    return begin


def _is_counting(token: Token) -> bool:
    """Whether a noun phrase can begin after this word: a number or an article."""
    return token.folded in _COUNTING or token.text.isdigit()


def _first_of_row(tokens: Sequence[Token], begin: int, lowest: int) -> int:
    """Where the row begins in which this phrase stands: "a marble head and two statuettes"."""
    for _ in range(_MOST_OBJECTS):
        at = begin
        while at > lowest and _is_counting(tokens[at - 1]):
            at -= 1
        if at - 1 <= lowest or tokens[at - 1].folded not in _ROW:
            return begin
        while at > lowest and tokens[at - 1].folded in _ROW:
            at -= 1
        before = _begin(tokens, at, lowest)
        opener = tokens[before - 1] if before > lowest else None
        if (
            before == at
            or opener is None
            or not (opener.folded in _COUNTING or opener.text.isdigit())
        ):
            return begin
        begin = before
    return begin


def _begins_after(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if _is_ordinal(tokens, at):
        return False
    if not token.text[0].isalpha() or token.folded in _opens():
        return True
    if token.folded in {"of", "de", "d"}:
        return (
            at == 0
            or tokens[at - 1].folded in wordset("quantities", "magnitudes")
            or _is_verb(tokens[at - 1])
        )
    return _is_verb(token)


def _is_ordinal(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number goes on without a space, as in "10th-century"."""
    if not tokens[at].text.isdigit() or at + 1 == len(tokens):
        return False
    return tokens[at + 1].start == tokens[at].end and tokens[at + 1].text.isalpha()


def _is_verb(token: Token) -> bool:
    return token.folded in _cue_words()


def _tell_description(draft: Draft, sentence: ReadSentence, *, near: bool) -> None:
    tokens = sentence.sentence.tokens
    for match in sentence.find(phraselist("repatriations", "ordinals")):
        phrase = noun_phrase(tokens, match.last)
        if phrase is not None and near:
            draft.add("objects", phrase.start, phrase.end)
    is_caption = sentence.sentence.block is BlockKind.CAPTION
    described = sentence.find(phraselist("repatriations", "described"))
    ordinal = sentence.find(phraselist("repatriations", "ordinals"))
    if not (_heritage_in(sentence) or ordinal or (is_caption and described)):
        return
    if is_caption and not _cue_words() & sentence.words and not people_in(tokens, sentence.parties):
        draft.add("descriptions", sentence.sentence.start, sentence.sentence.end)
    elif near and (described or sentence.find(phraselist("repatriations", "lists"))):
        for match in sentence.find(phraselist("repatriations", "lists")):
            for phrase in _listed(sentence, match.last):
                draft.add("objects", phrase.start, phrase.end)
        draft.add("descriptions", sentence.sentence.start, sentence.sentence.end)


def _listed(sentence: ReadSentence, at: int) -> Iterator[NounPhrase]:
    """The things counted up from here: each with a number, an article or nothing before it."""
    tokens, begun = sentence.sentence.tokens, at
    counted = {q.first: q for q in quantities_in(sentence)}
    days = {index for day in sentence.dates for index in range(day.first, day.last)}
    while at < len(tokens) and at not in days:
        quantity = counted.get(at)
        phrase = quantity.goods if quantity else noun_phrase(tokens, at)
        if phrase is None or (not quantity and phrase.first - at > 1):
            return
        if not quantity and phrase.first + 1 in days:
            return  # "…, le 24 mai 2023": an article before a day
        bare = phrase.first == at and not quantity
        doubtful = at > begun and (bare or tokens[phrase.first].capitalised)
        if doubtful and not _heritage().find(tokens[phrase.first : phrase.last]):
            return  # a name, or words without article and number, that say of no object
        yield _before_verb(tokens, phrase)
        at = phrase.last
        if at < len(tokens) and tokens[at].folded not in _ROW:
            return
        while at < len(tokens) and tokens[at].folded in _ROW:
            at += 1
        at += at < len(tokens) and tokens[at].folded in {"de", "d", "of"}


def _before_verb(tokens: Sequence[Token], phrase: NounPhrase) -> NounPhrase:
    """Up to a word of return: "biens culturels rapatriés" are cultural goods."""
    first = phrase.first
    if tokens[first].folded == "year" and phrase.last - first > 2:
        first += 2  # "a 70-million-year-old skull"
    end = first + 1
    while end < phrase.last and tokens[end].folded not in _cue_words():
        end += 1
    return NounPhrase(tokens[first].start, tokens[end - 1].end, first, end)


def _keep_particular(draft: Draft) -> None:
    """Leave "artifacts" and the like away where the objects themselves are named."""
    values = draft.values("objects")
    generic = wordset("goods", "heritage_generic")
    particular = [v for v in values if not set(_words(v)) <= generic]
    known: list[str] = []
    for value in particular:
        if any(set(_words(value)) <= set(_words(longer)) for longer in known):
            draft.without("objects", value)
        known.append(value)
    if particular:
        for value in values:
            if value not in particular:
                draft.without("objects", value)


def _words(value: str) -> list[str]:
    return [token.folded for token in tokens_of(value)]


def _tell_day(draft: Draft, reading: Reading, cues: Sequence[Cue]) -> None:
    """The day of the hand-over: no day beside a word of seizure, theft or age."""
    for cue in cues:
        draft.add_date("date", _day_of(cue.sentence))
    for sentence in reading.sentences:
        if sentence.find(phraselist("repatriations", "ceremony")):
            draft.add_date("date", _day_of(sentence))
    _more_precise(draft, reading)


def _day_of(sentence: ReadSentence) -> DateMention | None:
    """The most precise day that tells of neither the seizure nor of what was before it."""
    tokens = sentence.sentence.tokens
    other = [
        match
        for name in ("seizure", "taken")
        for match in sentence.find(phraselist("repatriations", name))
        if not _is_adjective(tokens, match.last)
    ]
    days = [
        day
        for day in sentence.dates
        if day.past
        and not of_the_saying(sentence, day)
        and not any(
            0 <= day.first - m.last <= 7 and _one_clause(tokens, m.last, day.first) for m in other
        )
    ]
    return max(days, key=lambda d: (len(d.value), -d.start), default=None)


def _is_adjective(tokens: Sequence[Token], after: int) -> bool:
    """Whether a noun follows: "looted antiquities" tells of no day on which they were looted."""
    if after >= len(tokens) or not tokens[after].text[0].isalpha():
        return False
    return tokens[after].folded not in _opens() and not tokens[after].capitalised


def _one_clause(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether no comma and no other verb of return stands between."""
    between = tokens[begin:end]
    return not any(t.text in {",", ";"} or t.folded in _cue_words() for t in between)


def _more_precise(draft: Draft, reading: Reading) -> None:
    """A month gives way to a day in it that a sentence about the ceremony names."""
    value = next(iter(draft.values("date")), "")
    if not value or len(value) == len("YYYY-MM-DD"):
        return
    for sentence in reading.sentences:
        for day in sentence.dates:
            if day.value.startswith(value) and len(day.value) > len(value):
                draft.without("date", value)
                draft.add_date("date", day)
                return


def _seizing_place(sentence: ReadSentence) -> int | None:
    """Where the sentence begins to tell of the seizure; nowhere when it tells nothing else."""
    found = sentence.find(phraselist("repatriations", "seizure"))
    return found[0].start if found else None


def _tell_seizure(draft: Draft, reading: Reading) -> None:
    handed_over = next(iter(draft.values("date")), "")
    for sentence in reading.sentences:
        if sentence.sentence.block in HEADLINES or sentence.sentence.quoted:
            continue
        found = sentence.find(phraselist("repatriations", "seizure"))
        arrival = sentence.find(phraselist("repatriations", "arrival"))
        if not found and not arrival:
            continue
        earlier = [
            d
            for d in sentence.dates
            if d.past and (not handed_over or d.value < handed_over[: len(d.value)])
        ]
        if found:
            draft.add("seizure", found[0].start, _clause_end(sentence, found[0].start))
        if earlier:
            draft.add_date("seized_on", earlier[0])


def _clause_end(sentence: ReadSentence, start: int) -> int:
    """The end of the clause: before the next verb, else of the sentence without its full stop."""
    end = sentence.sentence.end
    tokens = sentence.sentence.tokens
    begin = next((i for i, t in enumerate(tokens) if t.start >= start), 0)
    for index in range(begin + 2, len(tokens) if start else 0):
        if tokens[index].folded in {"ont", "have", "fueron", "fue", "han"}:
            return tokens[index - 1].end
    last = sentence.sentence.tokens[-1]
    return last.start if last.text in {".", "!", "…"} and last.start > start else end


def _tell_petition(draft: Draft, reading: Reading) -> None:
    for sentence in reading.sentences:
        if sentence.find(phraselist("repatriations", "petition")):
            draft.add("petition", sentence.sentence.start, _clause_end(sentence, 0))


def _tell_hand_over(draft: Draft, reading: Reading, cues: Sequence[Cue]) -> None:
    """Who handed over, who received, and where: in the cues' sentences and the ceremony's."""
    recipient = draft.values("recipient")[0]
    ceremony = phraselist("repatriations", "ceremony")
    near = [cue.sentence for cue in cues if not cue.in_headline]
    known = {id(sentence) for sentence in near}
    near += [s for s in reading.sentences if id(s) not in known and s.find(ceremony)]
    for sentence in near:
        if sentence.sentence.quoted:
            continue
        for person in people_in(sentence.sentence.tokens, sentence.parties):
            name = "received_by" if person.party == recipient else "handed_over_by"
            draft.add(name, person.start, person.end)
        before = _seizing_place(sentence)
        for place in places_in(sentence):
            if not place.country and (before is None or place.start < before):
                draft.add("place", place.start, place.end)


_TO = frozenset({"to", "a", "au", "aux", "al", "vers", "hacia", "into"})
_AFTER_SPANISH_A = frozenset({"la", "las", "los", "su", "autoridades", "representantes"})
_NO_VERBS = frozenset(
    {"a", "de", "ont", "has", "have", "ha", "han", "way", "road", "journey", "se", "s"}
)
"""Words with which phrases of the rules begin, and which do not end a noun phrase."""
_FROM = frozenset({"from", "de", "du", "des", "d", "del", "par", "por"})
_GIVEN = frozenset({"with", "back", "its", "his", "her", "their"})
_ROW = frozenset({",", "and", "y", "et", "as", "well", "ainsi", "que", "e"})


@cache
def _cues() -> Cues:
    return Cues("repatriation")


@cache
def _cue_words() -> frozenset[str]:
    return _cues().words - _NO_VERBS


_COUNTING = (
    wordset("quantities", "articles")
    | wordset("quantities", "number_words")
    | wordset("quantities", "magnitudes")
)
"""Words that stand before a noun phrase and are no part of it."""


@cache
def _heritage() -> Phrases[str]:
    phrases = (*wordlist("goods", "heritage"), *wordlist("repatriations", "heritage"))
    return Phrases((phrase, phrase) for phrase in phrases)


@cache
def _opens() -> frozenset[str]:
    return (wordset("quantities", "phrase_ends") | _COUNTING) - {"of", "de", "d", "du", "en"}
