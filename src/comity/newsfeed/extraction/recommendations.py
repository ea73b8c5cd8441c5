# SPDX-License-Identifier: Apache-2.0
"""Recommendations: what is advised, to whom, in which steps (NWS-8…).

A recommendation has a line of its own ("Recommendation 9: …", then its lead and its steps until the
next one), or it is one sentence: "the report recommends that the Department …".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.article import Block, BlockKind
from comity.newsfeed.extraction.drafts import Cue, Cues, Draft
from comity.newsfeed.extraction.phrases import Token, tokens_of
from comity.newsfeed.extraction.reading import Reading
from comity.newsfeed.extraction.wordlists import phraselist, wordset

_HEADED = "NWS-800"
_BULLET = re.compile(r"\s*(?:[•◦▪●‣*–-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_NUMBER = re.compile(
    r"\s*(?:n\.?[°ºo]\.?|no\.?|num\.?|núm\.?|#|number|numéro|número)?"
    r"\s*(\d+(?:\.\d+)*|[A-Z]|[IVX]+)\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[:.–—-]\s*")
_TO_COLON = re.compile(r"[^:\n]{0,60}:\s*")


def announced_recommendations(reading: Reading) -> Iterable[AnnouncedEvent]:
    """Every recommendation of the release."""
    cues = _cues().found(reading)
    headed = [cue for cue in cues if cue.rule.code == _HEADED and _opens_block(reading, cue)]
    known: set[str] = set()
    for position, cue in enumerate(headed):
        until = headed[position + 1].sentence.sentence.start if position + 1 < len(headed) else None
        draft = _headed(reading, cue, until)
        title = next(iter(draft.values("title")), "").casefold() if draft else ""
        if draft is not None and title not in known:
            known.add(title)
            yield draft.event(cue)
    if known:
        return
    for cue in cues:
        draft = _worded(reading, cue) if cue.rule.code != _HEADED else None
        if draft is not None:
            yield draft.event(cue)


def _block_of(reading: Reading, place: int) -> Block:
    return next(b for b in reading.article.blocks if b.start <= place < b.end)


def _opens_block(reading: Reading, cue: Cue) -> bool:
    return _block_of(reading, cue.match.start).start == cue.match.start


def _headed(reading: Reading, cue: Cue, until: int | None) -> Draft | None:
    """A recommendation with a line of its own: "Recommendation 9: …"."""
    text, block = reading.article.text, _block_of(reading, cue.match.start)
    draft = Draft(reading, AnnouncementType.RECOMMENDATION)
    at = cue.match.end
    number = _NUMBER.match(text, at, block.end)
    if number is not None:
        draft.add("number", number.start(1), number.end(1))
        at = number.end()
    separator = _SEPARATOR.match(text, at, block.end)
    end = len(text) if until is None else until
    blocks = [b for b in reading.article.blocks if block.start < b.start < end]
    if separator is not None and separator.end() < block.end:
        draft.add("title", separator.end(), block.end)
    elif number is not None and at == block.end and blocks:
        draft.add("title", blocks[0].start, blocks[0].end)
    if not draft.has("title"):
        return None
    _tell_owner(draft, reading, blocks)
    _tell_steps(draft, reading, blocks)
    return draft if number is not None or draft.has("owner") else None


def _tell_owner(draft: Draft, reading: Reading, blocks: Sequence[Block]) -> None:
    """The name after "Lead Agency:" and the like; on the next line where the line ends there."""
    text, owners = reading.article.text, phraselist("recommendations", "owner")
    for position, block in enumerate(blocks):
        tokens = tokens_of(text, block.start, min(block.end, block.start + 80))
        found = owners.find(tokens[:6])
        if not found or found[0].first != 0:
            continue
        colon = _TO_COLON.match(text, found[0].end, block.end)
        if colon is None:
            continue
        if colon.end() < block.end:
            end = block.end - (text[block.end - 1] == ".")
            draft.add("owner", colon.end(), end)
        elif position + 1 < len(blocks):
            draft.add("owner", blocks[position + 1].start, blocks[position + 1].end)
        return


def _tell_steps(draft: Draft, reading: Reading, blocks: Sequence[Block]) -> None:
    """The items of the lists that follow."""
    text = reading.article.text
    for block in blocks:
        bullet = _BULLET.match(text, block.start, block.end)
        if block.kind is BlockKind.LIST_ITEM or bullet is not None:
            draft.add("steps", bullet.end() if bullet else block.start, block.end)


def _worded(reading: Reading, cue: Cue) -> Draft | None:
    """A recommendation in a sentence: whom after "that", what after the verb that follows."""
    tokens, at = cue.tokens, cue.match.last
    begin = at
    while begin < len(tokens) and tokens[begin].folded in wordset("quantities", "articles"):
        begin += 1
    end = _name_end(tokens, begin)
    if end == begin:
        return None
    rest = end
    modals = wordset("recommendations", "modals")
    while rest < len(tokens) and tokens[rest].folded in modals:
        rest += 1
    last = len(tokens)
    while last > rest and not tokens[last - 1].text[0].isalnum():
        last -= 1
    if last <= rest:
        return None
    draft = Draft(reading, AnnouncementType.RECOMMENDATION)
    draft.add("owner", tokens[begin].start, tokens[end - 1].end)
    draft.add("title", tokens[rest].start, tokens[last - 1].end)
    return draft


def _name_end(tokens: Sequence[Token], begin: int) -> int:
    """The index after the capitals that begin here, with the small words that join them."""
    end = begin
    for index in range(begin, min(len(tokens), begin + 14)):
        if tokens[index].capitalised:
            end = index + 1
        elif tokens[index].folded in _OF_NAMES and index > begin:
            end = index + 1  # "Direction générale des douanes"
        elif tokens[index].folded not in _JOINS:
            break
    return end


_JOINS = wordset("recommendations", "joins")
_OF_NAMES = wordset("recommendations", "of_names")


@cache
def _cues() -> Cues:
    return Cues("recommendation")
