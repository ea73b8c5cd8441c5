# SPDX-License-Identifier: Apache-2.0
"""Tables for a terminal: columns as wide as needed, long cells wrapped to the width at hand."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

GAP = "  "
NARROWEST = 12


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int = 100) -> str:
    """The rows under their headings, no line longer than `width` where words allow it."""
    columns = _widths(headings, rows, width)
    return _drawn(headings, rows, columns)


def scan_table(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int = 100) -> str:
    """One line for each row: only the last column gives way, cut short with an ellipsis."""
    columns = [max(map(len, cells)) for cells in zip(headings, *rows, strict=True)]
    others = sum(columns[:-1]) + len(GAP) * (len(columns) - 1)
    columns[-1] = min(columns[-1], max(NARROWEST, width - others))
    short = [(*row[:-1], _cut(row[-1], columns[-1])) for row in rows]
    return _drawn(headings, short, columns)


def _cut(cell: str, column: int) -> str:
    return cell if len(cell) <= column else f"{cell[: column - 1]}…"


def _drawn(headings: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[int]) -> str:
    lines = [_line(headings, columns), GAP.join("-" * column for column in columns)]
    for row in rows:
        lines += _wrapped(row, columns)
    return "\n".join(line.rstrip() for line in lines)


def _widths(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Each column as wide as its longest cell; the widest give way until the line fits."""
    columns = [max(map(len, cells)) for cells in zip(headings, *rows, strict=True)]
    room = width - len(GAP) * (len(columns) - 1)
    while sum(columns) > room and max(columns) > NARROWEST:
        columns[columns.index(max(columns))] -= 1
    return columns


def _wrapped(row: Sequence[str], columns: Sequence[int]) -> list[str]:
    cells = [textwrap.wrap(cell, column) or [""] for cell, column in zip(row, columns, strict=True)]
    height = max(map(len, cells))
    padded = [cell + [""] * (height - len(cell)) for cell in cells]
    return [_line(line, columns) for line in zip(*padded, strict=True)]


def _line(cells: Sequence[str], columns: Sequence[int]) -> str:
    return GAP.join(cell.ljust(column) for cell, column in zip(cells, columns, strict=True))
