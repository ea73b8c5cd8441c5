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
from comity.newsfeed.extraction.wordlists import named_phrases, phraselist, wordset


def announced_trainings(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The training that the release announces: one, told in all its sentences."""
    cues = [
        cue
        for cue in body_first(_cues().found(reading))
        if not cue.sentence.sentence.quoted
        and (cue.rule.code == _GIFT or _was_held(cue.sentence))
        and not tells_of_a_year(cue.sentence)
    ]
    if not is_news(reading, cues):
        return
    draft = Draft(reading, AnnouncementType.CAPACITY_BUILDING)
    _tell_parties(draft, reading, cues)
    if len(draft.values("parties")) < 2:
        return
    for cue in cues:
        _tell_subject(draft, cue)
    if not draft.has("subject"):
        _tell_later_subject(draft, reading, cues[0])
    if not draft.has("subject"):
        return
    _tell_rest(draft, cues)
    yield draft.event(cues[0])


def _tell_parties(draft: Draft, reading: Reading, cues: Sequence[Cue]) -> None:
    """Who trained whom: in the cues' sentences, else the publisher or a neighbour's service."""
    for cue in cues:
        if cue.in_headline and len(draft.values("parties")) > 1:
            continue
        if cue.index <= cues[0].index + 2:
            draft.add_parties(_countries(cue.sentence))
    if len(draft.values("parties")) == 1 and reading.article.publisher:
        tell_publisher(draft, reading)
    if len(draft.values("parties")) < 2:
        _tell_neighbours(draft, reading, cues[0])


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
    """What is taught, or given: by the rule's own way, one of customs work before all others."""
    if draft.has("subject"):
        return
    if cue.rule.code == _GIFT:
        phrase = _given(cue)
    else:
        phrase = _topic_after(cue.tokens) or _topic_before(cue)
        if phrase is None and cue.rule.code == _TRAINING:
            phrase = _beside(cue) or _before(cue)
    if phrase is not None:
        draft.add("subject", phrase.start, phrase.end)


def _tell_later_subject(draft: Draft, reading: Reading, cue: Cue) -> None:
    """The subject where a sentence close behind tells it: "It covered the search of vessels"."""
    for sentence in reading.sentences[cue.index : cue.index + 3]:
        tokens = sentence.sentence.tokens
        for match in sentence.find(phraselist("capacity", "told")):
            phrase = noun_phrase(tokens, match.last) if match.last < len(tokens) else None
            if phrase is not None and _is_topic(tokens, phrase):
                whole = _whole(tokens, phrase)
                draft.add("subject", whole.start, whole.end)
                return


def _topic_after(tokens: Sequence[Token]) -> NounPhrase | None:
    """The first phrase of customs work in the sentence that "on", "in", "sur", "sobre" leads to."""
    for match in named_phrases("capacity", "about").find(tokens):
        if tokens[match.first].folded in _NEVER_ALONE and match.last == match.first + 1:
            continue
        at = match.last
        while at + 1 < len(tokens) and tokens[at].folded in _LEADS:
            at += 1
        phrase = noun_phrase(tokens, at)
        if phrase is None or phrase.first - at > 2 or not _is_topic(tokens, phrase):
            continue
        if not _is_name(tokens[phrase.first]) and not _is_of_people(tokens, phrase):
            return _whole(tokens, phrase)
    return None


def _is_of_people(tokens: Sequence[Token], phrase: NounPhrase) -> bool:
    """Whether it begins with who is taught, or with the training: neither is the subject."""
    begins = [t.folded for t in tokens[phrase.first : phrase.last] if t.text[0].isalpha()][:2]
    if not wordset("capacity", "participants").isdisjoint(begins):
        return True
    return bool(begins) and begins[0] in _KINDS | _NO_SUBJECT


def _is_topic(tokens: Sequence[Token], phrase: NounPhrase) -> bool:
    return bool(phraselist("capacity", "topics").find(tokens[phrase.first : phrase.last]))


def _whole(tokens: Sequence[Token], phrase: NounPhrase) -> NounPhrase:
    return _with_second(tokens, _with_opponent(tokens, _before_held(tokens, phrase)))


def _topic_before(cue: Cue) -> NounPhrase | None:
    """A subject of customs work before the word for the training: "cargo inspection course"."""
    phrase = _before(cue)
    return phrase if phrase is not None and _is_topic(cue.tokens, phrase) else None


def _given(cue: Cue) -> NounPhrase | None:
    """The equipment given: "two mobile scanners"."""
    tokens, equipment = cue.tokens, wordset("capacity", "equipment")
    for at in range(cue.match.last, len(tokens)):
        if tokens[at].folded in equipment:
            begin, last = at, at + 1
            while begin > cue.match.last and at - begin < 4 and _goes_before(tokens[begin - 1]):
                begin -= 1
            phrase = noun_phrase(tokens, at)
            last = max(last, phrase.last if phrase else last)
            return NounPhrase(tokens[begin].start, tokens[last - 1].end, begin, last)
    return None


def _goes_before(token: Token) -> bool:
    """Whether the word can stand between the number and the thing given."""
    if token.folded in wordset("quantities", "number_words") or token.text.isdigit():
        return True
    return _qualifies(token)


def _beside(cue: Cue) -> NounPhrase | None:
    """What stands after the training's word and "on", "sur", "sobre", whatever it is."""
    tokens, at = cue.tokens, cue.match.last
    while at < len(tokens) and at - cue.match.last < 4 and tokens[at].folded in _KINDS:
        at += 1
    of_people = tokens[cue.match.first].folded in _TRAINED
    return _about(tokens, at, within=16 if of_people else 9, of_people=of_people)


def _before(cue: Cue) -> NounPhrase | None:
    """The words before the training's word: "canine handling course"."""
    tokens, begin = cue.tokens, cue.match.first
    if tokens[begin].folded not in wordset("capacity", "english"):
        return None
    while begin and cue.match.first - begin < 5 and _qualifies(tokens[begin - 1], first=begin == 1):
        begin -= 1
    if (
        begin
        and len(tokens[begin - 1].text) == 1
        and tokens[begin].start == tokens[begin - 1].end + 1
    ):
        begin -= tokens[begin - 1].text.isupper()  # "X-ray image analysis"
    while begin < cue.match.first and tokens[begin].folded in _KINDS:
        begin += 1
    if begin == cue.match.first or (begin and _is_name(tokens[begin])):
        return None
    return NounPhrase(tokens[begin].start, tokens[cue.match.first - 1].end, begin, cue.match.first)


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
        if phrase is None or tokens[phrase.first].folded in _NO_SUBJECT | _KINDS:
            continue
        if _is_name(tokens[phrase.first]):
            continue
        return _whole(tokens, phrase)
    return None


def _before_held(tokens: Sequence[Token], phrase: NounPhrase) -> NounPhrase:
    """Up to a participle: "clasificación arancelaria organizado por" ends before it."""
    held = phraselist("capacity", "held").find(tokens[phrase.first + 1 : phrase.last])
    end = phrase.first + 1 + held[0].first if held else phrase.last
    while end - phrase.first > 1 and tokens[end - 1].folded in wordset("capacity", "english"):
        end -= 1  # "risk management training" is training in risk management
    return NounPhrase(phrase.start, tokens[end - 1].end, phrase.first, end)


def _with_opponent(tokens: Sequence[Token], phrase: NounPhrase) -> NounPhrase:
    """With what is fought: "la lutte contre la contrefaçon"."""
    at = phrase.last
    if at + 1 < len(tokens) and tokens[at].folded in _AGAINST:
        rest = noun_phrase(tokens, at + 1)
        if rest is not None and not _is_name(tokens[rest.first]):
            if tokens[rest.first].folded in _NO_SUBJECT:
                return phrase  # "au profit des douanes"
            rest = _before_held(tokens, rest)
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


def _qualifies(token: Token, *, first: bool = False) -> bool:
    """Whether a word can belong to the subject; a capital is allowed at the sentence's head."""
    if not token.text[0].isalpha() or token.folded in _ENDS_SUBJECT:
        return False
    return first or not token.capitalised


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
    days = {index for day in sentence.dates for index in range(day.first, day.last)}
    for index in number_places(tokens):
        number = None if index in days else number_at(tokens, index)
        if number is None:
            continue
        for at in range(number[0], min(number[0] + 4, len(tokens))):
            if not tokens[at].text[0].isalpha():
                break
            if tokens[at].folded in wordset("capacity", "participants"):
                draft.add("participants", tokens[index].start, tokens[at].end)
                return


_TRAINING, _GIFT = "NWS-850", "NWS-852"
_NEVER_ALONE = frozenset({"de", "d"})
"""These lead to a subject only right behind the word for the training."""
_LEADS = frozenset(
    {"about", "how", "to", "sobre", "sur", "conocer", "decouvrir", "aprender", "lire"}
)
_AGAINST = frozenset({"against", "contre", "contra", "au", "aux"})
_NO_SUBJECT = wordset("capacity", "no_subject")
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
