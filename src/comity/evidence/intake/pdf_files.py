# SPDX-License-Identifier: Apache-2.0
"""What a PDF would do beyond being read, as far as its names tell.

Names may be written with escapes, and lie in packed object streams: both are looked through,
within the limits. The file's structure is not followed, so no structure can mislead or loop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from comity.evidence.intake.findings import Finding, FindingCode, found
from comity.evidence.intake.reading import Subject

ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\0]{0,400}?stream\r?\n", re.DOTALL)
MOST_OBJECT_STREAMS = 200
LONGEST_OBJECT_STREAM = 1 << 20
SIGNS: tuple[tuple[FindingCode, re.Pattern[bytes]], ...] = (
    (FindingCode.SCRIPT, re.compile(rb"/(?:JavaScript|JS)\b")),
    (FindingCode.STARTS_PROGRAMS, re.compile(rb"/Launch\b")),
    (FindingCode.FETCHES, re.compile(rb"/(?:URI|GoToR|GoToE|ImportData|XFA|RichMedia)\b")),
    (FindingCode.FORM, re.compile(rb"/SubmitForm\b")),
    (FindingCode.LOCKED, re.compile(rb"/Encrypt\b")),
)
OPENING = re.compile(rb"/(?:OpenAction|AA)\b")
ACTIONS = re.compile(rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|GoToR|URI)\b")
EMBEDDED = re.compile(rb"/Type\s*/Filespec\b|/EmbeddedFile\b")
END = b"%%EOF"
ZLIB = "zlib"


def examine_pdf(subject: Subject) -> Iterator[Finding]:
    """Everything that stands against it."""
    content = subject.head if subject.whole else subject.head + subject.tail
    searched = b"\n".join((content, *_object_streams(subject)))
    searched = ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), searched)
    for code, sign in SIGNS:
        if sign.search(searched):
            yield found(code)
    if OPENING.search(searched) and ACTIONS.search(searched):
        yield found(FindingCode.ACTS_WHEN_OPENED)
    embedded = len(EMBEDDED.findall(searched))
    if embedded:
        yield found(FindingCode.EMBEDDED_FILES, count=embedded)
    yield from _end(subject)
    if not subject.whole:
        yield found(FindingCode.EXAMINED_IN_PART)


def _object_streams(subject: Subject) -> Iterator[bytes]:
    from comity.evidence.intake.unpacking import unpack

    for number, match in enumerate(OBJECT_STREAM.finditer(subject.head)):
        if number == MOST_OBJECT_STREAMS:
            return
        longest = len(subject.head) - match.end()
        yield unpack(
            subject,
            ZLIB,
            match.end(),
            longest,
            most=LONGEST_OBJECT_STREAM,
            keep=LONGEST_OBJECT_STREAM,
        ).content


def _end(subject: Subject) -> Iterator[Finding]:
    at = subject.tail.rfind(END)
    if at < 0:
        yield found(FindingCode.DAMAGED)
        return
    after = subject.tail[at + len(END) :].strip(b"\r\n \t\0")
    if after:
        yield found(FindingCode.DATA_AFTER_END, size=len(after))
