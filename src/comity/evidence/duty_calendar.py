# SPDX-License-Identifier: Apache-2.0
"""Obligations as a calendar that other programs read (RFC 5545): reference, kind and due day.

Nothing of the item is in it. Which duties are given, and to whom, is decided by whoever calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from comity.evidence.obligation import Duty

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75
"""Octets of a line before it is folded."""


def calendar_file(duties: Iterable[Duty], kind: Callable[[str], str], *, at: datetime) -> str:
    """The duties that have a day, each a whole day of it; `kind` says a duty's code in words."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Comity//Obligations//EN"]
    for duty in duties:
        if duty.due_on is not None:
            lines += _event(duty.reference, kind(duty.code), duty.due_on, at)
    return "".join(f"{each}\r\n" for line in [*lines, "END:VCALENDAR"] for each in _folded(line))


def _event(reference: str, kind: str, due: date, at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{reference}@comity",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{reference} · {kind}')}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces that are short enough, none of them cut within a sign."""
    piece = ""
    for sign in line:
        if len(f"{piece}{sign}".encode()) > LONGEST_LINE:
            yield piece
            piece = " "
        piece += sign
    yield piece
