# SPDX-License-Identifier: Apache-2.0
"""How a day is written wherever one is read: `2024-10-11`, and in no other way."""

from __future__ import annotations

import re
from datetime import date

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_of(text: str) -> date:
    """The day that the text names.

    Raises:
        ValueError: it is written in another way (the language also reads weeks, and days without
            hyphens), or there is no such day.
    """
    if not _WRITTEN.fullmatch(text):
        raise ValueError("not a day such as 2024-10-11")
    return date.fromisoformat(text)
