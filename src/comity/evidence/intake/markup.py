# SPDX-License-Identifier: Apache-2.0
"""What stands against markup and messages: what would run, fetch or make a reader run out.

Nothing is parsed as XML: a document type, an entity or a script is found as text and said, never
expanded, never fetched.
"""

from __future__ import annotations

import email.parser
import email.policy
import re
from collections.abc import Iterator
from itertools import islice

from comity.evidence.intake.findings import Finding, FindingCode, found
from comity.evidence.intake.reading import Subject
from comity.evidence.intake.texts import readable_text

SIGNS: tuple[tuple[FindingCode, re.Pattern[str]], ...] = (
    (FindingCode.DOCTYPE, re.compile(r"<!doctype(?!\s+html\s*>)", re.I)),
    (FindingCode.ENTITIES, re.compile(r"<!entity\b", re.I)),
    (
        FindingCode.SCRIPT,
        re.compile(
            r"<(?:[a-z]+:)?script\b|\bon[a-z]{3,20}\s*=\s*[\"']?[^\s\"'>]|javascript\s*:|"
            r"vbscript\s*:|<(?:[a-z]+:)?foreignobject\b|data\s*:\s*text/html",
            re.I,
        ),
    ),
    (
        FindingCode.FETCHES,
        re.compile(
            r"(?:src|href|action|background|data|poster|xlink:href)\s*=\s*[\"']?\s*(?:https?:|//|ftp:|"
            r"file:|\\\\)|url\(\s*[\"']?\s*(?:https?:|//)|<\?xml-stylesheet|<xi:include",
            re.I,
        ),
    ),
    (FindingCode.FORM, re.compile(r"<form\b", re.I)),
    (FindingCode.EMBEDDED_FILES, re.compile(r"<(?:iframe|embed|object|applet)\b", re.I)),
    (FindingCode.ACTS_WHEN_OPENED, re.compile(r"http-equiv\s*=\s*[\"']?refresh", re.I)),
)
DECLARATION = re.compile(r"<!(?:entity|doctype)\b", re.I)
ELSEWHERE = re.compile(r"\b(?:system|public)\s+[\"']", re.I)
MOST_DECLARATIONS, LONGEST_DECLARATION = 1_000, 400
HTML_DOCTYPE = re.compile(r"<!doctype\s+(?:html|svg)\b[^>\[]*>", re.I)
LONGEST_PROLOGUE = 4_096
MOST_PARTS = 200
LONGEST_MESSAGE = 1 << 20
FORMULA = re.compile(r"(?:^|[,;\t|])\s*\"?\s*[=+@\t\r]|(?:^|[,;\t|])\s*\"?-(?![\d.,\s])", re.M)
NUMBER = re.compile(r"(?:^|[,;\t|])\s*\"?\s*\+[\d .,()/-]+\"?\s*(?=[,;\t|\r\n]|$)", re.M)


def examine_markup(subject: Subject) -> Iterator[Finding]:
    """What HTML, SVG or any XML would make its reader do."""
    yield from _signs(readable_text(subject.head))
    if not subject.whole:
        yield found(FindingCode.EXAMINED_IN_PART)


def examine_table(subject: Subject) -> Iterator[Finding]:
    """Cells that a spreadsheet would compute."""
    text = readable_text(subject.head)
    count = len(FORMULA.findall(text)) - len(NUMBER.findall(text))
    if count > 0:
        yield found(FindingCode.FORMULAS, count=count)


def examine_message(subject: Subject) -> Iterator[Finding]:
    """What the parts of a mail would make its reader do; how many files it brings."""
    parser = email.parser.BytesParser(policy=email.policy.compat32)
    message = parser.parsebytes(subject.head[:LONGEST_MESSAGE])
    for number, part in enumerate(message.walk()):
        if number == MOST_PARTS:
            yield found(FindingCode.EXAMINED_IN_PART)
            return
        if part.get_filename():
            yield found(FindingCode.EMBEDDED_FILES, count=1)
        if part.get_content_type() in ("text/html", "image/svg+xml"):
            payload = part.get_payload(decode=True)
            yield from _signs(readable_text(payload) if isinstance(payload, bytes) else "")
    if subject.size > LONGEST_MESSAGE:
        yield found(FindingCode.EXAMINED_IN_PART)


def _signs(text: str) -> Iterator[Finding]:
    start = HTML_DOCTYPE.sub(" ", text[:LONGEST_PROLOGUE], count=1)
    searched = start + text[LONGEST_PROLOGUE:]
    if _leads_elsewhere(searched):
        yield found(FindingCode.EXTERNAL_ENTITY)
    for code, sign in SIGNS:
        if code is FindingCode.EMBEDDED_FILES:
            count = sum(1 for _ in sign.finditer(searched))
            yield from [found(code, count=count)] if count else []
        elif sign.search(searched):
            yield found(code)


def _leads_elsewhere(text: str) -> bool:
    """Whether a declaration names a place to read from; each is looked at for so many letters."""
    declarations = islice(DECLARATION.finditer(text), MOST_DECLARATIONS)
    return any(ELSEWHERE.search(_declaration(text, each.start())) for each in declarations)


def _declaration(text: str, start: int) -> str:
    return re.split(r"[>\[]", text[start : start + LONGEST_DECLARATION], maxsplit=1)[0]
