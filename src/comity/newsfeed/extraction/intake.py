# SPDX-License-Identifier: Apache-2.0
"""How many people or records were handled in a surge (NWS-550): evacuees, refugees, vettings.

Figures of ordinary days and of trade are none. Figures are given as digits and what is counted:
"86000 evacuees".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.drafts import Cue, Cues, Draft, best_date, body_first
from comity.newsfeed.extraction.operations import name_of_operation
from comity.newsfeed.extraction.phrases import Phrases, Token
from comity.newsfeed.extraction.places import places_in
from comity.newsfeed.extraction.quantities import NounPhrase, noun_phrase, number_at, number_places
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import phraselist, wordset


def announced_intakes(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The figures of one surge that the release gives."""
    draft: Draft | None = None
    announced: Cue | None = None
    for cue in body_first(_cues().found(reading)):
        if cue.sentence.sentence.quoted or (cue.in_headline and announced):
            continue
        figures = _figures(reading, cue.sentence)
        if not figures:
            continue
        if draft is None:
            draft, announced = Draft(reading, AnnouncementType.INTAKE_FIGURES), cue
        for start, end, value in figures:
            draft.add("figures", start, end, value)
        _tell_rest(draft, cue)
    if draft is not None and announced is not None:
        _tell_occasion(draft, reading, announced)
        yield draft.event(announced)


def _figures(reading: Reading, sentence: ReadSentence) -> list[tuple[int, int, str]]:
    """Each number of people or records in the sentence, with what is counted."""
    tokens, found, after = sentence.sentence.tokens, [], 0
    days = {index for day in sentence.dates for index in range(day.first, day.last)}
    for at in number_places(tokens):
        number = None if at in days or at < after else number_at(tokens, at)
        if number is None:
            continue
        begin = number[0]
        while begin < len(tokens) and tokens[begin].folded in {"de", "d", "of"}:
            begin += 1
        phrase = noun_phrase(tokens, begin) if begin < len(tokens) else None
        phrase = _before_verb(tokens, phrase) if phrase else None
        if phrase and number[1] >= 20 and _counts_people(reading, sentence, phrase):
            text = reading.article.text[phrase.start : phrase.end]
            found.append((tokens[at].start, phrase.end, f"{number[1]:.0f} {text}"))
        after = phrase.last if phrase else number[0]
    return found


def _before_verb(tokens: Sequence[Token], phrase: NounPhrase) -> NounPhrase:
    """Up to the verb that counts them: "1.870 evacuados ingresaron" are evacuees."""
    end = phrase.first + 1
    while end < phrase.last and not tokens[end].folded.endswith(("aron", "ieron", "arrived")):
        end += 1
    return NounPhrase(phrase.start, tokens[end - 1].end, phrase.first, end)


def _counts_people(reading: Reading, sentence: ReadSentence, phrase: NounPhrase) -> bool:
    words = {t.folded for t in sentence.sentence.tokens[phrase.first : phrase.last]}
    if words & wordset("intake", "surge_people"):
        return True
    return bool(words & wordset("intake", "people")) and _is_surge(reading, sentence)


def _is_surge(reading: Reading, sentence: ReadSentence) -> bool:
    """Whether the sentence, or the title, speaks of a surge."""
    surge: Phrases[str] = phraselist("intake", "surge")
    first: Sequence[ReadSentence] = reading.sentences[:2]
    return any(s.find(surge) for s in (sentence, *first))


def _tell_rest(draft: Draft, cue: Cue) -> None:
    draft.add_date("date", best_date(cue.sentence))
    for place in places_in(cue.sentence):
        if not place.country:
            draft.add("place", place.start, place.end)


def _tell_occasion(draft: Draft, reading: Reading, announced: Cue) -> None:
    """The operation's name: in the sentence, else where the release names one first."""
    for sentence in (announced.sentence, *reading.sentences):
        name = name_of_operation(sentence)
        if name is not None:
            draft.add("occasion", *name)
            return


@cache
def _cues() -> Cues:
    return Cues("intake-figures")
