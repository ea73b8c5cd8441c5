# SPDX-License-Identifier: Apache-2.0
"""Training and technical assistance between administrations: for whom, on what, when (NWS-85…).

It must have taken place, and two countries must be named, or one beside the publisher's own: an
administration that trains its own staff, and a general offer of training, announce nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.drafts import (
    Cue,
    Cues,
    Draft,
    best_date,
    body_first,
    is_news,
    tells_of_a_year,
)
from comity.newsfeed.extraction.operations import tell_publisher
from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.places import places_in
from comity.newsfeed.extraction.quantities import NounPhrase, noun_phrase, number_at, number_places
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import phraselist, wordset


def announced_trainings(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The training that the release announces: one, told in all its sentences."""
    cues = [
        cue
        for cue in body_first(_cues().found(reading))
        if not cue.sentence.sentence.quoted
        and _was_held(cue.sentence)
        and not tells_of_a_year(cue.sentence)
    ]
    if not is_news(reading, cues):
        return
    draft = Draft(reading, AnnouncementType.CAPACITY_BUILDING)
    for cue in cues:
        if cue.index <= cues[0].index + 2:
            draft.add_parties(_countries(cue.sentence))
    if len(draft.values("parties")) == 1 and reading.article.publisher:
        tell_publisher(draft, reading)
    if len(draft.values("parties")) < 2:
        _tell_neighbours(draft, reading, cues[0])
    for cue in cues:
        _tell_subject(draft, cue)
    if len(draft.values("parties")) < 2 or not draft.has("subject"):
        return
    _tell_rest(draft, cues)
    yield draft.event(cues[0])


def _countries(sentence: ReadSentence) -> list[PartyMention]:
    """The parties of a sentence; those only named as where it took place come last."""
    tokens = sentence.sentence.tokens
    there = [m for m in sentence.parties if m.first and tokens[m.first - 1].folded in {"in", "en"}]
    others = [m for m in sentence.parties if m not in there]
    return others if len({m.code for m in others}) > 1 else [*others, *there]


def _was_held(sentence: ReadSentence) -> bool:
    return bool(sentence.find(phraselist("capacity", "held")))


def _tell_neighbours(draft: Draft, reading: Reading, cue: Cue) -> None:
    """The missing country from the sentence before or after, where an administration is named."""
    for index in (cue.index + 1, cue.index - 1):
        if 0 <= index < len(reading.sentences):
            for mention in _countries(reading.sentences[index]):
                if mention.named_by != "country" and len(draft.values("parties")) < 2:
                    draft.add_parties([mention])


def _tell_subject(draft: Draft, cue: Cue) -> None:
    """What is taught: after "on", "sur", "sobre"; else the words before "training"."""
    tokens = cue.tokens
    at = cue.match.last
    while at < len(tokens) and at - cue.match.last < 4 and tokens[at].folded in _KINDS:
        at += 1
    of_people = cue.tokens[cue.match.first].folded in _TRAINED
    phrase = _about(tokens, at, within=16 if of_people else 9, of_people=of_people)
    if phrase is not None:
        draft.add("subject", phrase.start, phrase.end)
        return
    begin = cue.match.first
    if of_people:
        return
    while begin and cue.match.first - begin < 5 and _qualifies(tokens[begin - 1]):
        begin -= 1
    if (
        begin
        and len(tokens[begin - 1].text) == 1
        and tokens[begin].start == tokens[begin - 1].end + 1
    ):
        begin -= tokens[begin - 1].text.isupper()  # "X-ray image analysis"
    while begin < cue.match.first and tokens[begin].folded in _KINDS:
        begin += 1
    if begin < cue.match.first and not _is_name(tokens[begin]):
        draft.add("subject", tokens[begin].start, tokens[cue.match.first - 1].end)


def _about(tokens: Sequence[Token], at: int, *, within: int, of_people: bool) -> NounPhrase | None:
    """The phrase after the words that lead to the subject, close behind.

    Where people are trained, they stand between: "trained 30 officers in …".
    """
    for match in phraselist("capacity", "about").find(tokens[at : at + within]):
        if of_people and match.value in {"de", "d"}:
            continue
        if (
            not of_people
            and match.first > 0
            and match.value in {"de", "d", "en", "in", "a la", "a l", "au", "aux"}
        ):
            continue
        phrase = noun_phrase(tokens, at + match.last) if at + match.last < len(tokens) else None
        if phrase is None or tokens[phrase.first].folded in wordset("capacity", "no_subject"):
            continue
        if _is_name(tokens[phrase.first]):
            continue
        whole = _with_opponent(tokens, _before_held(tokens, phrase))
        return _with_second(tokens, whole)
    return None


def _before_held(tokens: Sequence[Token], phrase: NounPhrase) -> NounPhrase:
    """Up to a participle: "clasificación arancelaria organizado por" ends before it."""
    held = phraselist("capacity", "held").find(tokens[phrase.first + 1 : phrase.last])
    end = phrase.first + 1 + held[0].first if held else phrase.last
    return NounPhrase(phrase.start, tokens[end - 1].end, phrase.first, end)


def _with_opponent(tokens: Sequence[Token], phrase: NounPhrase) -> NounPhrase:
    """With what is fought: "la lutte contre la contrefaçon"."""
    at = phrase.last
    if at + 1 < len(tokens) and tokens[at].folded in {"against", "contre", "contra"}:
        rest = noun_phrase(tokens, at + 1)
        if rest is not None:
            return NounPhrase(phrase.start, rest.end, phrase.first, rest.last)
    return phrase


def _is_name(token: Token) -> bool:
    """Whether a capital makes it a place or a person; "SAFE" and "X-ray" are subjects."""
    return token.capitalised and not token.in_capitals and len(token.text) > 1


def _with_second(tokens: Sequence[Token], phrase: NounPhrase) -> NounPhrase:
    """With the second half of "valuation and origin"."""
    at = phrase.last
    if at + 1 >= len(tokens) or tokens[at].folded not in {"and", "et", "y"}:
        return phrase
    second = noun_phrase(tokens, at + 1)
    if second is None or second.last - second.first > 4 or tokens[second.first].capitalised:
        return phrase
    if phraselist("capacity", "held").find(tokens[second.first : second.last]):
        return phrase
    return NounPhrase(phrase.start, second.end, phrase.first, second.last)


def _qualifies(token: Token) -> bool:
    return token.text[0].isalpha() and token.folded not in _ENDS_SUBJECT and not token.capitalised


def _tell_rest(draft: Draft, cues: Sequence[Cue]) -> None:
    for cue in cues:
        draft.add_date("date", best_date(cue.sentence))
        draft.add_authorities(cue.sentence.parties)
        for place in places_in(cue.sentence):
            if not place.country:
                draft.add("place", place.start, place.end)
        _tell_participants(draft, cue.sentence)


def _tell_participants(draft: Draft, sentence: ReadSentence) -> None:
    tokens = sentence.sentence.tokens
    for index in number_places(tokens):
        number = number_at(tokens, index)
        if number is None:
            continue
        for at in range(number[0], min(number[0] + 4, len(tokens))):
            if tokens[at].folded in wordset("capacity", "participants"):
                draft.add("participants", tokens[index].start, tokens[at].end)
                return


_TRAINED = wordset("capacity", "trained")
_KINDS = wordset("capacity", "kinds")
_ENDS_SUBJECT = (
    wordset("quantities", "phrase_ends")
    | wordset("quantities", "articles")
    | wordset("capacity", "held")
    | {"of", "de", "d", "first", "new", "recent", "receive", "customs"}
)


@cache
def _cues() -> Cues:
    return Cues("capacity-building")
