# SPDX-License-Identifier: Apache-2.0
"""Which kind of text a file is, if it is one: markup, a table, a message, a script, plain."""

from __future__ import annotations

import codecs
import json
import re

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
"""First bytes → encoding; without them it is UTF-8, or eight bits of a kind nobody said."""
SAMPLE = 1 << 16
NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
LEAST_LINES = 2
LONGEST_NAME = 300
PROLOGUE = (("<?", "?>"), ("<!--", "-->"))
"""What may stand before the first element: how it begins and how it ends."""
HEADER_LINE = re.compile(
    r"(?:received|return-path|message-id|mime-version|from|to|subject|date|delivered-to|"
    r"dkim-signature|content-type|x-[a-z-]+)\s*:",
    re.IGNORECASE,
)
SCRIPT_STARTS = re.compile(
    r"(?:#!|@echo\s|<\?php|<%@|on error resume next|windows registry editor|"
    r"\[internetshortcut\]|\[desktop entry\])",
    re.IGNORECASE,
)
MARKUP_STARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("text/html", re.compile(r"<(?:!doctype\s+html|html|head|body|script|iframe)\b", re.I)),
    ("image/svg+xml", re.compile(r"<(?:[a-z]+:)?svg\b", re.I)),
    ("application/xml", re.compile(r"<(?:\?xml|!doctype|!--|[a-z_][\w.:-]*[\s>/])", re.I)),
)


def text_type(head: bytes, *, whole: bool) -> str:
    """The type of this text; empty where it is none."""
    text = as_text(head[:SAMPLE], whole=whole and len(head) <= SAMPLE)
    if text is None or not text.strip():
        return "text/plain" if text is not None else ""
    start = text.lstrip("\ufeff \t\r\n")
    if SCRIPT_STARTS.match(start):
        return "text/x-script"
    if start.startswith("<"):
        return _markup_type(start)
    if start[0] in "{[" and _is_json(head, whole=whole):
        return "application/json"
    if _is_message(start):
        return "message/rfc822"
    return "text/csv" if _is_table(text) else "text/plain"


def as_text(raw: bytes, *, whole: bool) -> str | None:
    """The text that these bytes are; None where they are none."""
    encoding = encoding_of(raw)
    try:
        text = codecs.getincrementaldecoder(encoding)("strict").decode(raw, whole)
    except UnicodeDecodeError:
        if encoding not in ("utf-8", "utf-8-sig"):
            return None
        text = raw.decode("latin-1")
    return None if NOT_IN_TEXT.search(text) else text


def readable_text(raw: bytes) -> str:
    """The text of these bytes, whatever they are, with marks where a letter could not be read."""
    return raw.decode(encoding_of(raw), "replace")


def encoding_of(raw: bytes) -> str:
    """Which encoding its first bytes announce."""
    return next((encoding for mark, encoding in MARKS if raw.startswith(mark)), "utf-8")


def _markup_type(start: str) -> str:
    """Of markup: by its first element, since a declaration or a comment says nothing."""
    at, declared = _first_element(start)
    if declared in ("html", "svg"):
        return "text/html" if declared == "html" else "image/svg+xml"
    first = start[at : at + LONGEST_NAME]
    for media_type, pattern in MARKUP_STARTS:
        if pattern.match(first) or pattern.match(start[:LONGEST_NAME]):
            return media_type
    return "text/plain"


def _first_element(text: str) -> tuple[int, str]:
    """Where the first element begins, and the document type that was declared before it.

    Goes forward only, so that nothing made up of beginnings alone takes long.
    """
    at, declared = 0, ""
    while True:
        at += len(text[at : at + SAMPLE]) - len(text[at : at + SAMPLE].lstrip())
        end = next((end for start, end in PROLOGUE if text.startswith(start, at)), "")
        doctype = re.match(r"<!doctype\s{1,99}([\w:.-]{1,99})", text[at : at + 200], re.I)
        if doctype:
            declared = doctype[1].casefold()
            opens, closes = text.find("[", at), text.find(">", at)
            end = "]" if 0 <= opens < closes else ">"
        place = text.find(end, at) if end else -1
        if place < 0:
            return at, declared
        at = place + len(end) + (1 if end == "]" else 0)


def _is_json(head: bytes, *, whole: bool) -> bool:
    if not whole:
        return bool(re.match(rb"\s*[\[{]\s*[\"\[{\]}\d-]", head))
    try:
        json.loads(head)
    except (ValueError, RecursionError):
        return False
    return True


def _is_message(start: str) -> bool:
    lines = [line for line in start[:SAMPLE].splitlines()[:12] if line[:1] not in (" ", "\t")]
    headers = [line for line in lines if HEADER_LINE.match(line)]
    return bool(lines) and bool(HEADER_LINE.match(lines[0])) and len(headers) >= 3


def _is_table(text: str) -> bool:
    """Lines with the same number of the same separator."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    lines = lines[: len(lines) - 1] if len(text) >= SAMPLE else lines
    for separator in ",;\t|":
        counts = {_separators(line, separator) for line in lines}
        if len(lines) >= LEAST_LINES and len(counts) == 1 and min(counts) > 0:
            return True
    return False


def _separators(line: str, separator: str) -> int:
    return re.sub(r'"(?:[^"]|"")*"', "", line).count(separator)
