# SPDX-License-Identifier: Apache-2.0
"""The journal as a file of lines that anybody can read, and verify without a node.

One JSON object a line: first the format, then every checkpoint, then every entry in order.
A reader holds one entry at a time, however long the journal is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.journal.entry import Entry, EntryUnreadableError, read_entry

FORMAT = "comity-journal-export/1"


class ExportUnreadableError(InvalidInputError):
    """A file is not an export of the journal."""

    code = "journal-export-unreadable"
    message = N_("{path} is not an export of the journal: {obstacle}.")
    remedy = N_("Name a file that “comity journal export” wrote.")


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds; the entries can be walked once."""

    notes: tuple[str, ...]
    entries: Iterator[Entry]


def export_lines(entries: Iterable[Entry], notes: Iterable[str]) -> Iterator[str]:
    """The lines of an export, each with its line break."""
    head: Iterable[dict[str, Any]] = [{"format": FORMAT}, *({"checkpoint": note} for note in notes)]
    for members in chain(head, (entry.as_dict() for entry in entries)):
        yield json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_export(file: IO[str], *, named: str) -> Export:
    """The export in this open file; nothing of it is verified."""
    lines = _objects(file)
    _, first = next(lines, (0, {}))
    if first.get("format") != FORMAT:
        raise ExportUnreadableError(path=named, obstacle=f"its first line is not {FORMAT}")
    notes: list[str] = []
    for number, members in lines:
        if "checkpoint" not in members:
            return Export(tuple(notes), _entries(chain([(number, members)], lines)))
        notes.append(str(members["checkpoint"]))
    return Export(tuple(notes), iter(()))


def _entries(lines: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[Entry]:
    for number, members in lines:
        yield read_entry(members, line=number)


def _objects(file: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    try:
        for line in file:
            number += 1
            members = json.loads(line)
            if not isinstance(members, dict):
                raise EntryUnreadableError(line=number, obstacle="it is not an object")
            yield number, members
    except ValueError as error:  # not JSON, or not UTF-8
        raise EntryUnreadableError(line=number, obstacle="it is not JSON") from error
