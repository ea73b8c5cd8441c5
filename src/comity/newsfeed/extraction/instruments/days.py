# SPDX-License-Identifier: Apache-2.0
"""The day that belongs to a cue: not an older instrument's year, not that of other acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.instruments.clauses import Cue
from comity.newsfeed.extraction.instruments.kinds import Named
from comity.newsfeed.extraction.instruments.scene import Scene, Told
from comity.newsfeed.extraction.instruments.words import (
    BREAKS,
    OTHER_ACTS,
    PASSIVE,
    SINCE,
    WHO,
    word_set,
)


def day_of(scene: Scene, cue: Cue, one: Named | None, begin: int, end: int) -> DateMention | None:
    """The day of the cue: after it before any other instrument, else the nearest before it."""
    here = [d for d in scene.dates if cue.begin <= d.first < _end_of_clause(scene, cue)]
    usable = [d for d in here if _is_day(scene, cue, d) and not _is_what_it_follows(scene, cue, d)]
    after = [d for d in usable if cue.first < d.first < cue.last]
    after = after or [d for d in usable if d.first >= cue.last and begin <= d.first < end]
    after = after or [d for d in usable if d.first >= cue.last]
    before = [d for d in usable if d.last <= cue.first]
    for candidate in (after[:1], before[-1:]):
        if candidate:
            chosen = candidate[0]
            if chosen.relative and len(chosen.value) == len("YYYY-MM-DD"):
                chosen = _dateline(scene, chosen)
            same = [d for d in usable if d.value.startswith(chosen.value)]
            return _of_span(scene, max([chosen, *same], key=lambda d: len(d.value)))
    return None


def _end_of_clause(scene: Scene, cue: Cue) -> int:
    """Where the cue's words end: "the director, who signed the accord, retires in May"."""
    if cue.first and scene.tokens[cue.first - 1].folded in WHO:
        for index in range(cue.last, cue.end):
            if scene.tokens[index].folded == ",":
                return index
    return cue.end


def _of_span(scene: Scene, day: DateMention) -> DateMention:
    """Of the days of a conference, "from 11 to 16 July", only the month is the signature's."""
    begin = max(0, day.first - 3)
    tokens = scene.tokens[begin : day.last + 2]
    for one, link, other in zip(tokens, tokens[1:], tokens[2:], strict=False):
        ends = (one.text, other.text)
        if link.folded in _UNTIL and all(e.isdigit() and 0 < int(e) < 32 for e in ends):
            return replace(day, value=day.value[: len("YYYY-MM")])
    return day


_UNTIL = word_set("to au al a until through – — -")


def _dateline(scene: Scene, today: DateMention) -> DateMention:
    """The day of the dateline, if there is one: "BERNE, 14 March 2024 – Today"."""
    if scene.tokens[today.first].folded not in _TODAY:
        return today
    for day in scene.dates:
        if day.first == today.last + 1 and scene.tokens[today.last].text == "(":
            # "today (March 14)", as some press offices write.
            return day
        following = scene.tokens[day.last : day.last + 3]
        if day.first < 9 and not day.relative and any(t.text in "—–-" for t in following):
            return day
    return today


_TODAY = word_set("today hoy aujourd ce this heute")


def is_announcement(scene: Scene, cue: Cue, day: DateMention) -> bool:
    """Whether the day stands with "announced" and before the cue."""
    if day.first > cue.first:
        return False
    near = scene.tokens[max(0, day.first - 4) : min(cue.first, day.last + 5)]
    return any(t.folded.startswith(("announc", "annonc", "anunci")) for t in near)


def _is_day(scene: Scene, cue: Cue, day: DateMention) -> bool:
    """Whether the date can be the cue's: not an older instrument's year, not "since 2014"."""
    event = cue.rule.event
    if event in ("signed", "text-agreed", "notified", "revised") and not day.past:
        return False
    if event == "planned" and day.past:
        return False
    before = _before(scene, cue, day)
    if event not in ("in-force", "suspended") and before and before[-1] in SINCE:
        return False
    if event != "negotiation-opened" and not day.relative and set(before[-3:]) & OTHER_ACTS:
        return False
    if _is_of_another(scene, cue, day):
        return False
    for one in scene.named:
        # "the 2005 agreement", "the agreement of 2005": the date names the instrument.
        if event == "revised" and day.last <= cue.first and one.bare:
            continue
        if day.last == one.first or one.first <= day.first < one.head:
            return False
        if one.last <= day.first <= one.last + 1 and before[-1:] in (
            ["of"],
            ["de"],
            ["du"],
            ["del"],
        ):
            return event in ("signed",) and one.first < cue.first
    return True


def _before(scene: Scene, cue: Cue, day: DateMention) -> list[str]:
    """The words right before a day, in its own clause and without the cue."""
    since = max(0, day.first - 4) if day.first < cue.last else max(cue.last, day.first - 4)
    words = [t.folded for t in scene.tokens[since : day.first]]
    breaks = [index for index, word in enumerate(words) if word in BREAKS]
    return words[breaks[-1] + 1 :] if breaks else words


def _is_of_another(scene: Scene, cue: Cue, day: DateMention) -> bool:
    """Whether an attribute of the instrument has the day: "ended the accord signed in 2002"."""
    for index in range(max(cue.last, day.first - 3), day.first):
        if scene.tokens[index].folded in _DAY_OF_ANOTHER:
            return scene.tokens[index - 1].folded not in PASSIVE
    return False


_DAY_OF_ANOTHER = word_set(
    "signed concluded signe signee conclu conclue datant firmado firmada suscrito suscrita "
    "celebrado celebrada concluido"
)


def _is_what_it_follows(scene: Scene, cue: Cue, day: DateMention) -> bool:
    """Whether it is the month of what the act follows: "fait suite à la visite de septembre"."""
    between = {t.folded for t in scene.tokens[cue.last : day.first]}
    month = len(day.value) < len("YYYY-MM-DD")
    return cue.rule.event == "signed" and month and not between.isdisjoint(_FOLLOWING)


_FOLLOWING = word_set("suite follows followed compromiso commitment engagement consecuencia")


def days_shared(told: Sequence[Told]) -> tuple[Told, ...]:
    """A day named once for two acts that are joined: "signed X and also signed Y on 19 July"."""
    result = list(told)
    for index, one in enumerate(result):
        if one.day is not None:
            continue
        other = None
        if one.cue.follows and index:
            other = result[index - 1]
        elif index + 1 < len(result) and result[index + 1].cue.follows:
            other = result[index + 1]
        if (
            other is not None
            and other.day is not None
            and other.cue.rule.event == one.cue.rule.event
        ):
            result[index] = replace(one, day=other.day)
    return tuple(result)
