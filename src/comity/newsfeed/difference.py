# SPDX-License-Identifier: Apache-2.0
"""How two editions of one release differ: their words block by block, and what they announce."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from comity.newsfeed.announcement import FACTS, AnnouncedEvent, AnnouncementType
from comity.newsfeed.article import Article, BlockKind

LONGEST_BLOCK = 400
"""Words up to which a block is compared word by word; a longer one as a whole."""
MOST_BLOCKS = 1000
"""Blocks up to which it is looked for where they went; of more, each is held against its place."""
MOST_CHANGED = 300
"""Blocks after which those that changed are shown as a whole."""


class Mark(StrEnum):
    """What happened to a run of words, to a block or to an event."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words that was kept, added or removed."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class BlockDifference:
    """One block of the text: kept as it was, added, removed, or changed in some words."""

    mark: Mark
    kind: BlockKind
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class EventDifference:
    """One announced event: in both editions, in one, or with other facts."""

    mark: Mark
    before: AnnouncedEvent | None
    after: AnnouncedEvent | None
    facts: tuple[str, ...] = ()
    """Names of the facts that changed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two editions."""

    blocks: tuple[BlockDifference, ...]
    events: tuple[EventDifference, ...]

    @property
    def changed_blocks(self) -> tuple[BlockDifference, ...]:
        """Only the blocks in which something differs."""
        return tuple(block for block in self.blocks if block.mark is not Mark.KEPT)


def difference(
    before: Article,
    after: Article,
    events_before: tuple[AnnouncedEvent, ...] = (),
    events_after: tuple[AnnouncedEvent, ...] = (),
) -> Difference:
    """The later edition held against the earlier one."""
    return Difference(
        blocks=tuple(_blocks(_lines(before), _lines(after))),
        events=tuple(_events(events_before, events_after)),
    )


Line = tuple[BlockKind, str]


def _lines(article: Article) -> list[Line]:
    return [(block.kind, article.text_of(block)) for block in article.blocks]


def _blocks(before: list[Line], after: list[Line]) -> list[BlockDifference]:
    """What both begin and end with is kept; only the rest is compared."""
    first = _same_beginning(before, after)
    last = _same_beginning(before[first:][::-1], after[first:][::-1])
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    kept = [_block(line, line) for line in after]
    return [*kept[:first], *_compared(old, new), *kept[len(after) - last :]]


def _same_beginning(one: list[Line], other: list[Line]) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _compared(before: list[Line], after: list[Line]) -> list[BlockDifference]:
    if max(len(before), len(after)) > MOST_BLOCKS:
        return [_block(old, new, whole=True) for old, new in zip_longest(before, after)]
    found: list[BlockDifference] = []
    for _, start, end, other_start, other_end in SequenceMatcher(None, before, after).get_opcodes():
        for old, new in zip_longest(before[start:end], after[other_start:other_end]):
            found.append(_block(old, new, whole=len(found) > MOST_CHANGED))
    return found


def _block(old: Line | None, new: Line | None, *, whole: bool = False) -> BlockDifference:
    if old is None or new is None:
        kind, text = new or old or (BlockKind.PARAGRAPH, "")
        mark = Mark.ADDED if old is None else Mark.REMOVED
        return BlockDifference(mark, kind, (Words(mark, text),))
    if old == new:
        return BlockDifference(Mark.KEPT, new[0], (Words(Mark.KEPT, new[1]),))
    return BlockDifference(Mark.CHANGED, new[0], _words(old[1], new[1], whole=whole))


def _words(old: str, new: str, *, whole: bool) -> tuple[Words, ...]:
    before, after = old.split(), new.split()
    if whole or max(len(before), len(after)) > LONGEST_BLOCK:
        return (Words(Mark.REMOVED, old), Words(Mark.ADDED, new))
    found: list[Words] = []
    matcher = SequenceMatcher(None, before, after)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            found.append(Words(Mark.KEPT, " ".join(before[start:end])))
            continue
        if start < end:
            found.append(Words(Mark.REMOVED, " ".join(before[start:end])))
        if other_start < other_end:
            found.append(Words(Mark.ADDED, " ".join(after[other_start:other_end])))
    return tuple(found)


def _events(
    before: tuple[AnnouncedEvent, ...], after: tuple[AnnouncedEvent, ...]
) -> list[EventDifference]:
    """Events pair by what they are, then by what they are about; the rest came or went."""
    left, found = list(before), []
    rest: list[AnnouncedEvent] = []
    for event in after:
        same = next((old for old in left if old.identity == event.identity), None)
        if same is None:
            rest.append(event)
            continue
        left.remove(same)
        names = _changed_facts(same, event)
        found.append(EventDifference(Mark.CHANGED if names else Mark.KEPT, same, event, names))
    for event in rest:
        akin = next((old for old in left if _matter(old) == _matter(event)), None)
        if akin is None:
            found.append(EventDifference(Mark.ADDED, None, event))
            continue
        left.remove(akin)
        found.append(EventDifference(Mark.CHANGED, akin, event, _changed_facts(akin, event)))
    found += [EventDifference(Mark.REMOVED, old, None) for old in left]
    return sorted(found, key=_place)


def _place(difference: EventDifference) -> int:
    event = difference.after or difference.before
    return event.span.start if event else 0


def _changed_facts(before: AnnouncedEvent, after: AnnouncedEvent) -> tuple[str, ...]:
    names = [fact.name for fact in FACTS[after.type]]
    return tuple(n for n in names if sorted(before.values(n)) != sorted(after.values(n)))


def _matter(event: AnnouncedEvent) -> tuple[AnnouncementType, tuple[str, ...]]:
    """What an event is about, its day left out: a corrected day is a change, not another event."""
    names = [fact.name for fact in FACTS[event.type] if fact.main and fact.name != "date"]
    return event.type, tuple(",".join(sorted(event.values(name))) for name in names)
