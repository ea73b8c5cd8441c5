# SPDX-License-Identifier: Apache-2.0
"""Foreign words as they may stand in an article: on one line, nothing in them that is not seen."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

LONGEST_ADDRESS = 2000

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters, marks of direction and widths of nothing: they could steer a terminal or
change the order of what is read, and they part words that belong together."""


def one_line(text: str) -> str:
    """The words with single spaces between them."""
    line = " ".join(text.split())
    # What can be printed has none of them; most lines can, and this is told fast.
    return line if line.isprintable() else " ".join(_UNSEEN.sub("", line).split())


def web_address(text: str, base: str = "") -> str:
    """The address where it is one of the web, else nothing: it may become a link on a page.

    One that is written from `base` on is completed.
    """
    written = one_line(text)[:LONGEST_ADDRESS].replace(" ", "%20")
    if not written:
        return ""
    try:
        written = urljoin(base, written) if base else written
        parts = urlsplit(written)
        return written if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""
