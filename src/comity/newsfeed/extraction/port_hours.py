# SPDX-License-Identifier: Apache-2.0
"""Opening hours of a crossing that change: which crossing, which hours, from which day (NWS-6…).

The new hours are told from the former ones by the words before them ("from 24/7 to …", "au lieu
de", "actualmente"). Without a named crossing, and new hours or a closure from a day, nothing is
announced; hours told in the present tense need the day from which they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise, zip_longest

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.drafts import Cue, Cues, Draft, body_first
from comity.newsfeed.extraction.hours import Hours, hours_in
from comity.newsfeed.extraction.phrases import Phrases
from comity.newsfeed.extraction.places import Place, name_end, places_in
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.wordlists import named_phrases, phraselist, wordset


def announced_port_hours(reading: Reading) -> Iterable[AnnouncedEvent]:
    """The changes of opening hours that the release announces, at most one for each crossing."""
    cues = body_first(_cues().found(reading))
    drafts: dict[str, tuple[Draft, Cue]] = {}
    for cue in cues:
        port = _port(reading, cue)
        if port is None:
            continue
        name = reading.article.text[port.name_start : port.name_end].casefold()
        name = next((k for k in drafts if name in k or k in name), name)
        draft, first = drafts.get(name, (Draft(reading, AnnouncementType.PORT_HOURS), cue))
        drafts[name] = (draft, cue if first.rule.code == _OPENS else first)
        draft.add("port", port.name_start, port.name_end)
        _tell(reading, cue, draft)
    for draft, cue in drafts.values():
        _tell_around(reading, draft, cue, alone=len(drafts) == 1)
        dated = _dated(draft, cue)
        if (dated and cue.rule.code == _CLOSED) or (
            draft.has("hours") and (dated or cue.rule.code != _OPENS)
        ):
            yield draft.event(cue)


def _dated(draft: Draft, cue: Cue) -> bool:
    """Whether a day is told from which it holds: of hours in the present tense, beside them."""
    inside = cue.sentence.sentence
    days = [fact.span.start for fact in draft.facts if fact.name == "effective"]
    if cue.rule.code == _OPENS:
        return any(inside.start <= day < inside.end for day in days)
    return bool(days)


def _port(reading: Reading, cue: Cue) -> Place | None:
    """The crossing of the cue's sentence, else of one of the two before it, else of the title."""
    near = range(cue.index, max(-1, cue.index - 3), -1)
    for index in (*near, 0, 1):
        if index >= len(reading.sentences) or _is(reading.sentences[index], "alternative"):
            continue
        sentence = reading.sentences[index]
        named = [p for p in places_in(sentence) if p.facility and not _is_near(sentence, p)]
        if named:
            return named[0]
    return None


def _is_near(sentence: ReadSentence, place: Place) -> bool:
    """Whether something lies near the crossing, which is then not meant itself."""
    before = sentence.sentence.tokens[max(0, place.first - 3) : place.first]
    return any(token.folded in {"near", "outside", "pres", "cerca"} for token in before)


def _tell(reading: Reading, cue: Cue, draft: Draft) -> None:
    sentence = cue.sentence
    if not _is(sentence, "alternative") and not _is(sentence, "share"):
        _tell_hours(sentence, draft)
    _tell_effective(sentence, draft)
    _tell_days(sentence, draft)


def _tell_around(reading: Reading, draft: Draft, cue: Cue, *, alone: bool) -> None:
    """What the sentences near the cue add: former hours, days, share of the traffic, ways round."""
    if not alone:
        near: Sequence[ReadSentence] = reading.sentences[cue.index : cue.index + 4]
    else:
        near = reading.sentences
    for sentence in near:
        if _is(sentence, "share"):
            _tell_share(sentence, draft)
        elif _is(sentence, "alternative"):
            _tell_alternatives(sentence, draft)
        elif not sentence.words.isdisjoint(wordset("port_hours", "opens")):
            _tell_hours(sentence, draft)
            _tell_days(sentence, draft)
        if alone and not draft.has("effective"):
            _tell_effective(sentence, draft)


def _tell_hours(sentence: ReadSentence, draft: Draft) -> None:
    found = hours_in(sentence.sentence.text, sentence.sentence.start)
    for position, hours in enumerate(found):
        before = sentence.sentence.start if position == 0 else found[position - 1].end
        former = _is_former(sentence, hours, before, found, position)
        draft.add("former_hours" if former else "hours", hours.start, hours.end, hours.value)


def _is_former(
    sentence: ReadSentence, hours: Hours, before: int, found: Sequence[Hours], position: int
) -> bool:
    """Whether these hours are told as those that were: by a word before, or as "from … to …"."""
    tokens = [t for t in sentence.sentence.tokens if before <= t.start < hours.start]
    former, new = _phrases("former").find(tokens), _phrases("new").find(tokens)
    if former:
        return not new or former[-1].start > new[-1].start
    last = tokens[-1].folded if tokens else ""
    if position + 1 < len(found) and last in {"from", "de"}:
        between = [
            t.folded
            for t in sentence.sentence.tokens
            if hours.end <= t.start < found[position + 1].start
        ]
        return len(between) in range(1, 6) and bool({between[0], between[-1]} & _TO)
    return False


def _tell_effective(sentence: ReadSentence, draft: Draft) -> None:
    mention = _effective(sentence)
    if mention is not None:
        draft.add_date("effective", mention)


def _effective(sentence: ReadSentence) -> DateMention | None:
    """The day after a word such as "beginning" or "à compter du", else the first day named."""
    days = [day for day in sentence.dates if len(day.value) == len("YYYY-MM-DD")]
    tokens = sentence.sentence.tokens
    for day in days:
        if _phrases("from").find(tokens[max(0, day.first - 4) : day.first + 1]):
            return day
    published = sentence.article.published
    later = [d for d in days if published is None or d.value >= published.isoformat()]
    return later[0] if later else None


def _tell_days(sentence: ReadSentence, draft: Draft) -> None:
    for match in sentence.find(named_phrases("port_hours", "days ")):
        draft.add("days", match.start, match.end, match.value)


def _tell_share(sentence: ReadSentence, draft: Draft) -> None:
    tokens = sentence.sentence.tokens
    for token, after in pairwise(tokens):
        if token.text[0].isdigit() and after.folded in {"%", "percent", "per", "pour", "por"}:
            end = after.end
            draft.add("traffic_share", token.start, end, f"{token.text.replace(',', '.')}%")


def _tell_alternatives(sentence: ReadSentence, draft: Draft) -> None:
    own = {value.casefold() for value in draft.values("port")}
    places, text = places_in(sentence), sentence.article.text
    for place, after in zip_longest(places, places[1:]):
        name = text[place.name_start : place.name_end]
        if name.casefold() in own or place.country:
            continue
        if after is not None and text[place.end : after.start].strip() in {"at", "à", "en"}:
            continue  # "in Calais at Ferry Point": the crossing is the second
        draft.add("alternatives", place.name_start, place.name_end)
        for start, end in _joined_names(sentence, place):
            if text[start:end].casefold() not in own:
                draft.add("alternatives", start, end)


def _joined_names(sentence: ReadSentence, place: Place) -> Iterator[tuple[int, int]]:
    """Further names after "and" or a comma: "Ferry Point and International Avenue"."""
    tokens, at = sentence.sentence.tokens, place.last
    while at + 1 < len(tokens) and tokens[at].folded in _AND:
        while at < len(tokens) and tokens[at].folded in _AND | {"the", "de"}:
            at += 1
        if at == len(tokens) or not tokens[at].capitalised:
            return
        end = name_end(sentence.sentence, at)
        yield tokens[at].start, tokens[end - 1].end
        at = end


def _is(sentence: ReadSentence, what: str) -> bool:
    """Whether the sentence speaks of the share of the traffic, or of the ways round."""
    return bool(sentence.find(_phrases(what)))


def _phrases(name: str) -> Phrases[str]:
    return phraselist("port_hours", name)


_CLOSED, _OPENS = "NWS-601", "NWS-602"
_TO = frozenset({"to", "a", "au", "aux"})
_AND = frozenset({",", "and", "or", "et", "ou", "y", "o"})


@cache
def _cues() -> Cues:
    return Cues("port-hours")
