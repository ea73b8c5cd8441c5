# SPDX-License-Identifier: Apache-2.0
"""Operations that administrations of several countries carry out together (NWS-2…).

At least two countries must be named, or a body that leads operations of many (World Customs
Organization, Interpol, Europol, OLAF): an operation of one country's own services is none. What a
release calls mirrored is mirrored, everything else is joint.
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
    dateline_end,
    is_news,
    tells_of_a_year,
)
from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.phrases import Match, Phrases, Token
from comity.newsfeed.extraction.places import name_end, places_in
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import phraselist, wordset

_BODIES = frozenset({"EU"})
"""Codes under which bodies such as Europol stand: they lead operations and are no country."""
_MIRRORED, _NAMED = "NWS-210", "NWS-220"
_OPENING = '"“«„‘'
_BEFORE_NAME = frozenset(
    {",", "as", "de", "la", "le", "operation", "operacion", "sous", "con", "el"}
)
_NO_NAME = wordset("operations", "no_name")
_QUOTES = "\"“”«»„‘’'"


def announced_operations(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The joint operation that the release announces: one, told in all its sentences."""
    cues = [
        cue
        for cue in body_first(_cues().found(reading))
        if not (cue.sentence.sentence.quoted or tells_of_a_year(cue.sentence))
    ]
    cues = [cue for cue in cues if cue.rule.code != _NAMED or _name(cue)]
    if not is_news(reading, cues):
        return
    cue = next((c for c in cues if c.rule.code == _MIRRORED), cues[0])
    draft = Draft(reading, AnnouncementType.JOINT_OPERATION)
    _tell_character(draft, cue)
    for each in cues:
        if (name := _name(each)) is not None:
            draft.add("name", *name)
    _tell_parties(draft, reading, cues)
    led = any(each.sentence.find(_bodies()) for each in _around(reading, cues))
    if len(draft.values("parties")) < 2 and not (led and draft.has("name")):
        return
    _tell_rest(draft, reading, cues)
    yield draft.event(cue)


def _around(reading: Reading, cues: Sequence[Cue]) -> list[Cue]:
    """The cues' sentences; those that only say the name again say nothing of who takes part."""
    return [cue for cue in cues if not cue.in_headline] or list(cues)


def _tell_character(draft: Draft, cue: Cue) -> None:
    value = "mirrored" if cue.rule.code == _MIRRORED else "joint"
    draft.add("character", cue.match.start, cue.match.end, value)


def _name(cue: Cue) -> tuple[int, int] | None:
    return name_of_operation(cue.sentence)


def name_of_operation(sentence: ReadSentence) -> tuple[int, int] | None:
    """Where an operation's name stands: capitals after the word for it, or between quotes."""
    tokens = sentence.sentence.tokens
    for match in sentence.find(_dubbed()):
        at = match.last + _adjectives(sentence, match)
        while at < len(tokens) and (
            tokens[at].text in _QUOTES or tokens[at].folded in _BEFORE_NAME
        ):
            if tokens[at].folded.startswith("opera") and tokens[at].capitalised:
                break  # "called Operation Silver Heron": the word belongs to the name
            at += 1
        if at < len(tokens) and (name := _name_at(sentence, match, at)) is not None:
            return name
    return None


def _adjectives(sentence: ReadSentence, match: Match[str]) -> int:
    """How many words stand between "opération" and the quotation mark before its name."""
    whole, tokens = sentence.sentence, sentence.sentence.tokens
    for count in (1, 2):
        after = match.last + count
        if after >= len(tokens) or not match.value.startswith("opera"):
            return 0
        begin, end = tokens[after - 1].end - whole.start, tokens[after].end - whole.start
        if any(mark in whole.text[begin:end] for mark in _OPENING):
            return count if tokens[after - 1].text.islower() else 0
    return 0


def _name_at(sentence: ReadSentence, match: Match[str], at: int) -> tuple[int, int] | None:
    """The name that begins at this word after the phrase that leads to it."""
    whole, tokens = sentence.sentence, sentence.sentence.tokens
    between = whole.text[match.end - whole.start : tokens[at].start - whole.start]
    if any(mark in between for mark in _OPENING):
        return _until_quote(whole.text, whole.start, tokens[at].start)
    if not tokens[at].capitalised or (whole.block in HEADLINES and _all_capitalised(tokens)):
        return None
    end = name_end(whole, at)
    if (
        end < len(tokens)
        and tokens[end].text.isdigit()
        and tokens[end].start == tokens[end - 1].end + 1
    ):
        end += 1  # "Operation Thunder 2023"
    if match.value not in {"operation", "operacion", "operativo"}:
        return tokens[at].start, tokens[end - 1].end
    if at == match.last and not _unfit(tokens[at]):
        return match.start, tokens[end - 1].end
    return None


def _unfit(word: Token) -> bool:
    """Whether no name begins so: "Operation Center" is none."""
    return word.folded in _NO_NAME


def _until_quote(text: str, offset: int, start: int) -> tuple[int, int] | None:
    begin = start - offset
    ends = [place for mark in '"”»“’' if (place := text.find(mark, begin)) > begin]
    if not ends:
        return None
    end = min(ends)
    while text[end - 1] in " \u00a0\u202f,.":
        end -= 1
    return (start, offset + end) if 0 < end - begin < 60 else None


def _all_capitalised(tokens: Sequence[Token]) -> bool:
    """A headline in which every longer word has a capital tells no name from other words."""
    long = [token for token in tokens if len(token.text) > 4 and token.text[0].isalpha()]
    return len(long) > 3 and all(token.capitalised for token in long)


def _tell_parties(draft: Draft, reading: Reading, cues: Sequence[Cue]) -> None:
    """The countries of the cues' sentences; from their neighbours only what is missing to two."""
    for cue in cues:
        draft.add_parties(acting(cue.sentence))
    if len(draft.values("parties")) >= 2:
        return
    near = sorted(
        range(len(reading.sentences)), key=lambda i: min(abs(i - cue.index) for cue in cues)
    )
    for index in near:
        missing = len(draft.values("parties")) < 2
        if abs(index - cues[0].index) > 4 and not draft.has("parties"):
            return
        for mention in acting(reading.sentences[index]):
            if missing and _may_take_part(reading, index, cues, mention):
                draft.add_parties([mention])
    if len(draft.values("parties")) == 1 and reading.article.publisher:
        tell_publisher(draft, reading)


def _may_take_part(
    reading: Reading, index: int, cues: Sequence[Cue], mention: PartyMention
) -> bool:
    """A neighbour's country takes part when it is named as acting, right beside the cue."""
    close = min(abs(index - cue.index) for cue in cues) <= 1
    if close and reading.sentences[index].find(phraselist("operations", "takes_part")):
        return True
    return close and mention.named_by in {"authority", "adjective"}


def tell_publisher(draft: Draft, reading: Reading) -> None:
    """The country whose administration publishes takes part, where the text names it at all."""
    for sentence in reading.sentences:
        for mention in sentence.parties:
            if mention.code == reading.article.publisher:
                draft.add_parties([mention])
                return


def acting(sentence: ReadSentence) -> list[PartyMention]:
    """The parties of a sentence, without those that only something came from or went to."""
    tokens = sentence.sentence.tokens
    return [
        mention
        for mention in sentence.parties
        if mention.code not in _BODIES
        and mention.first >= dateline_end(tokens)
        and (mention.named_by == "authority" or not _from_or_to(tokens, mention.first))
    ]


def _from_or_to(tokens: Sequence[Token], at: int) -> bool:
    """Whether "from" or "to" leads to it; "officers from India" are India's."""
    found = phraselist("operations", "no_party").find(tokens[max(0, at - 3) : at])
    if not found:
        return False
    begin = max(0, at - 3) + found[0].first
    return not (begin and tokens[begin - 1].folded in wordset("operations", "people"))


def _tell_rest(draft: Draft, reading: Reading, cues: Sequence[Cue]) -> None:
    body = [cue for cue in cues if not cue.in_headline] or list(cues)
    for cue in body:
        if not draft.has("date"):
            draft.add_date("date", best_date(cue.sentence))
        draft.add_authorities(acting(cue.sentence))
    for cue in body:
        places = [place for place in places_in(cue.sentence) if not place.country]
        if places:
            draft.add("place", places[0].start, places[0].end)
    first, last = body[0].index, body[-1].index
    for sentence in reading.sentences[first : last + 3]:
        if not sentence.sentence.quoted and sentence.find(_results()):
            draft.add("results", sentence.sentence.start, sentence.sentence.end)


@cache
def _cues() -> Cues:
    return Cues("joint-operation")


@cache
def _bodies() -> Phrases[str]:
    return phraselist("operations", "bodies")


@cache
def _dubbed() -> Phrases[str]:
    return phraselist("operations", "dubbed")


@cache
def _results() -> Phrases[str]:
    return phraselist("operations", "results")
