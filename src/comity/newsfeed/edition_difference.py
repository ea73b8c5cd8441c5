# SPDX-License-Identifier: Apache-2.0
"""What an edited release says differently: paragraphs first, then the words within them.

The removed and the added words are kept apart, so that a page can strike and underline them and
say so in words. Long texts are compared paragraph by paragraph only, so that no text takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_WORDS = 2000
"""Paragraphs with more words than this, taken together, are not compared word by word."""
MOST_PARAGRAPHS = 2000
_WORDS = re.compile(r"\s+|[^\s]+")


class ChangeKind(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text, and what became of it."""

    kind: ChangeKind
    text: str


Paragraph = tuple[Change, ...]


def difference(before: str, after: str) -> tuple[Paragraph, ...]:
    """The paragraphs of both editions that are not the same, each as a line of changes.

    Paragraphs that stand in both editions are left out: whoever wants them reads the text.
    """
    old, new = before.split("\n"), after.split("\n")
    if len(old) + len(new) > MOST_PARAGRAPHS:
        old, new = [before], [after]
    return tuple(_paragraphs(old, new))


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, come = old[first:last], new[new_first:new_last]
        both = min(len(gone), len(come))
        for one, other in zip(gone[:both], come[:both], strict=True):
            yield _words(one, other)
        yield from ((Change(ChangeKind.REMOVED, text),) for text in gone[both:] if text)
        yield from ((Change(ChangeKind.ADDED, text),) for text in come[both:] if text)


def _words(before: str, after: str) -> Paragraph:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return Change(ChangeKind.REMOVED, before), Change(ChangeKind.ADDED, after)
    found = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        gone, come = "".join(old[first:last]), "".join(new[new_first:new_last])
        if tag == "equal":
            found.append(Change(ChangeKind.SAME, gone))
            continue
        found += [Change(ChangeKind.REMOVED, gone)] if gone else []
        found += [Change(ChangeKind.ADDED, come)] if come else []
    return tuple(found)
