# SPDX-License-Identifier: Apache-2.0
"""What a PDF would do beyond being read, as far as its names tell.

Names may be written with escapes, and lie in packed object streams: both are looked through,
within the limits. The file's structure is not followed, so no structure can mislead or loop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from comity.evidence.intake.findings import Finding, FindingCode, found
from comity.evidence.intake.reading import OVERLAP, Subject
from comity.evidence.intake.unpacking import unpack

ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
OBJECT_STREAM, LONGEST_DICTIONARY = b"/ObjStm", 400
"""A stream of objects says so in what stands before it."""
MOST_OBJECT_STREAMS = 200
LONGEST_OBJECT_STREAM = 1 << 20
VALUE = rb"\s{0,9}[(<\[\d]"
"""What follows a short name, which else turns up by chance in packed data."""
SIGNS: tuple[tuple[FindingCode, re.Pattern[bytes]], ...] = (
    (FindingCode.SCRIPT, re.compile(rb"/JavaScript\b|/JS" + VALUE)),
    (FindingCode.STARTS_PROGRAMS, re.compile(rb"/Launch\b")),
    (
        FindingCode.FETCHES,
        re.compile(rb"/(?:GoToR|GoToE|ImportData|RichMedia)\b|/(?:URI|XFA)" + VALUE),
    ),
    (FindingCode.FORM, re.compile(rb"/SubmitForm\b")),
    (FindingCode.LOCKED, re.compile(rb"/Encrypt\b")),
)
OPENING = re.compile(rb"/OpenAction\b|/AA" + VALUE)
ACTIONS = re.compile(rb"/(?:JavaScript|Launch|SubmitForm|ImportData|GoToR)\b|/(?:JS|URI)" + VALUE)
EMBEDDED = re.compile(rb"/Type\s{0,9}/Filespec\b|/EmbeddedFile\b")
END = b"%%EOF"
ZLIB = "zlib"


def examine_pdf(subject: Subject) -> Iterator[Finding]:
    """Everything that stands against it."""
    seen, embedded = set[FindingCode](), 0
    opens = acts = False
    for number, searched in enumerate(_searched(subject)):
        seen |= {code for code, sign in SIGNS if sign.search(searched)}
        opens = opens or bool(OPENING.search(searched))
        acts = acts or bool(ACTIONS.search(searched))
        again = OVERLAP if number else 0
        embedded += sum(1 for match in EMBEDDED.finditer(searched) if match.end() > again)
    for code in seen:
        yield found(code)
    if opens and acts:
        yield found(FindingCode.ACTS_WHEN_OPENED)
    if embedded:
        yield found(FindingCode.EMBEDDED_FILES, count=embedded)
    yield from _end(subject)
    if not subject.searched_whole:
        yield found(FindingCode.EXAMINED_IN_PART)


def _searched(subject: Subject) -> Iterator[bytes]:
    """Pieces of the file, each with what was packed into it, and escapes written out."""
    for start, piece in subject.pieces():
        unpacked = _object_streams(subject, start, piece)
        text = b"\n".join((piece, *unpacked))
        yield ESCAPE.sub(_letter, text) if b"#" in text else text


def _letter(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1], 16)])


def _object_streams(subject: Subject, start: int, piece: bytes) -> Iterator[bytes]:
    left = MOST_OBJECT_STREAMS
    for match in STREAM.finditer(piece):
        before = max(0, match.start() - LONGEST_DICTIONARY)
        if piece.find(OBJECT_STREAM, before, match.start()) < 0:
            continue
        if not left:
            return
        left -= 1
        at = start + match.end()
        longest = LONGEST_OBJECT_STREAM
        yield unpack(subject, ZLIB, at, subject.size - at, most=longest, keep=longest).content


def _end(subject: Subject) -> Iterator[Finding]:
    at = subject.tail.rfind(END)
    if at < 0:
        yield found(FindingCode.DAMAGED)
        return
    after = subject.tail[at + len(END) :].strip(b"\r\n \t\0")
    if after:
        yield found(FindingCode.DATA_AFTER_END, size=len(after))
