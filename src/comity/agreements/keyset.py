# SPDX-License-Identifier: Apache-2.0
"""Paging by key: a page begins after the last row seen, so that nothing is skipped or seen twice.

Counting pages by number would shift while others add rows; a key does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from comity.catalogues import N_
from comity.errors import InvalidInputError

Row = TypeVar("Row")

PAGE_SIZE = 50
LONGEST_PAGE = 200
LONGEST_SHOWN = 40
_REFERENCE = re.compile(r"[A-Z]+-(?:[A-Z0-9]+-)*([0-9]{1,17})", re.ASCII)


class UnknownPageKeyError(InvalidInputError):
    """A page is asked for after or before something that is no key."""

    code = "unknown-page-key"
    message = N_("No list goes on from {given}: expected a reference such as the last one shown.")
    remedy = N_("Give the key that the list ended with, or none to begin with the newest.")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list, with the keys of the pages beside it."""

    rows: tuple[Row, ...]
    newer: str = ""
    """Ask for rows before this key; empty on the first page."""
    older: str = ""
    """Ask for rows after this key; empty on the last page."""


def page_of(
    rows: Sequence[Row],
    key: Callable[[Row], str],
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """One page of rows that are sorted by their key, ascending."""
    size = min(max(size, 1), LONGEST_PAGE)
    if before:
        earlier = [row for row in rows if key(row) < before]
        chosen = earlier[-size:]
        return Page(
            tuple(chosen),
            key(chosen[0]) if len(earlier) > size else "",
            before and _last(chosen, key),
        )
    later = [row for row in rows if key(row) > after] if after else list(rows)
    chosen = later[:size]
    first = key(chosen[0]) if chosen and after else ""
    return Page(tuple(chosen), first, _last(chosen, key) if len(later) > size else "")


def newest_first(
    rows: Any,  # any: a query set of whichever table; this module knows no framework
    values: Callable[[list[Any]], Iterable[Row]],
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """One page of a table's rows, newest first; the number in a reference is the row's key.

    `after` asks for older rows, `before` for newer ones; `values` turns rows into what is shown.

    Raises:
        UnknownPageKeyError: a key is none that a page was given; nothing begins anew silently.
    """
    size = min(max(size, 1), LONGEST_PAGE)
    if before:
        found = list(rows.filter(pk__gt=_number(before)).order_by("pk")[: size + 1])
        newer, older, found = len(found) > size, True, found[:size][::-1]
    else:
        rows = rows.filter(pk__lt=_number(after)) if after else rows
        found = list(rows.order_by("-pk")[: size + 1])
        newer, older, found = bool(after), len(found) > size, found[:size]
    return Page(
        tuple(values(found)),
        newer=found[0].reference if found and newer else "",
        older=found[-1].reference if found and older else "",
    )


def _number(reference: str) -> int:
    """The number in `CNF-00012`."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise UnknownPageKeyError(given=reference[:LONGEST_SHOWN])
    return int(found[1])


def _last(rows: Sequence[Row], key: Callable[[Row], str]) -> str:
    return key(rows[-1]) if rows else ""
