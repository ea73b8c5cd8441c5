# SPDX-License-Identifier: Apache-2.0
"""Office documents: which one a ZIP is, and what of it would run or fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from comity.evidence.intake.archives import content_of
from comity.evidence.intake.findings import Finding, FindingCode, found
from comity.evidence.intake.reading import Subject
from comity.evidence.intake.signatures import ZIP
from comity.evidence.intake.zip_directory import LOCAL, Directory, Member

OPEN_XML = "application/vnd.openxmlformats-officedocument"
BY_MEMBER: tuple[tuple[str, str], ...] = (
    ("word/document.xml", f"{OPEN_XML}.wordprocessingml.document"),
    ("xl/workbook.xml", f"{OPEN_XML}.spreadsheetml.sheet"),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    ("ppt/presentation.xml", f"{OPEN_XML}.presentationml.presentation"),
    ("META-INF/MANIFEST.MF", "application/java-archive"),
    ("AndroidManifest.xml", "application/vnd.android.package-archive"),
)
"""A member that only this type has → the type."""
DECLARED = re.compile(
    r"application/(?:vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip|vnd\.etsi\.asic-[es]\+zip)"
)
MACRO_MEMBERS = re.compile(
    r"(?:.*/)?vbaproject\.bin|(?:basic|scripts)/.+|xl/macrosheets/.+", re.IGNORECASE
)
EMBEDDED = re.compile(r"(?:.*/)?(?:embeddings|activex)/.+|object \d+/.+", re.IGNORECASE)
RELATIONS = re.compile(r".*\.rels", re.IGNORECASE)
EXTERNAL = re.compile(rb'TargetMode\s*=\s*["\']External["\']', re.IGNORECASE)
FETCHED_AT_ONCE = re.compile(
    rb"(?:attachedTemplate|oleObject|frame|subDocument|externalLink)[\"']", re.IGNORECASE
)
MOST_RELATIONS = 100
RUNNING_OLE = (b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0", b"M\0a\0c\0r\0o\0s\0")
EMBEDDED_OLE = "Ole10Native".encode("utf-16-le")
OLE_TYPES: tuple[tuple[bytes, str], ...] = (
    ("WordDocument".encode("utf-16-le"), "application/msword"),
    ("Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
    ("PowerPoint Document".encode("utf-16-le"), "application/vnd.ms-powerpoint"),
    ("__substg1.0_".encode("utf-16-le"), "application/vnd.ms-outlook"),
)
"""A name in an old document's directory → its type."""


def type_of_zip(subject: Subject, directory: Directory) -> str:
    """What the archive is, where it is more than one."""
    members = {member.name for member in directory.members}
    if directory.members and directory.members[0].raw_name == b"mimetype":
        declared = _text_of(subject, directory.members[0], 100).strip()
        if DECLARED.fullmatch(declared):
            return declared
    return next((kind for name, kind in BY_MEMBER if name in members), ZIP)


def examine_office(subject: Subject, directory: Directory) -> Iterator[Finding]:
    """What an office document would do beyond being read."""
    named = [member.name for member in directory.members]
    if any(MACRO_MEMBERS.fullmatch(name) for name in named):
        yield found(FindingCode.MACROS)
    embedded = sum(1 for name in named if EMBEDDED.fullmatch(name))
    if embedded:
        yield found(FindingCode.EMBEDDED_FILES, count=embedded)
    relations = [member for member in directory.members if RELATIONS.fullmatch(member.name)]
    for member in relations[:MOST_RELATIONS]:
        text = _text_of(subject, member, 1 << 20).encode("latin-1", "replace")
        if EXTERNAL.search(text):
            yield found(FindingCode.FETCHES)
            if FETCHED_AT_ONCE.search(text):
                yield found(FindingCode.ACTS_WHEN_OPENED)


def type_of_ole(subject: Subject, otherwise: str) -> str:
    """Which old office document it is."""
    searched = subject.head + subject.tail
    return next((kind for name, kind in OLE_TYPES if name in searched), otherwise)


def examine_ole(subject: Subject) -> Iterator[Finding]:
    """What an old office document would do beyond being read, as far as names in it tell."""
    macros = embedded = False
    for _, piece in subject.pieces():
        macros = macros or any(mark in piece for mark in RUNNING_OLE)
        embedded = embedded or EMBEDDED_OLE in piece
    if macros:
        yield found(FindingCode.MACROS)
    if embedded:
        yield found(FindingCode.EMBEDDED_FILES, count=1)
    if not subject.searched_whole:
        yield found(FindingCode.EXAMINED_IN_PART)


def examine_rtf(subject: Subject) -> Iterator[Finding]:
    """What a rich text would do beyond being read."""
    text = subject.head.lower()
    if b"\\objdata" in text or b"\\objocx" in text:
        yield found(FindingCode.EMBEDDED_FILES, count=text.count(b"\\objdata") or 1)
    if b"\\objupdate" in text or b"\\objautlink" in text:
        yield found(FindingCode.ACTS_WHEN_OPENED)
    if b"\\*\\template" in text or b"includepicture" in text:
        yield found(FindingCode.FETCHES)


def _text_of(subject: Subject, member: Member, longest: int) -> str:
    head = subject.at(member.offset, LOCAL.size)
    if len(head) < LOCAL.size or member.is_locked:
        return ""
    numbers = LOCAL.unpack(head)
    start = member.offset + LOCAL.size + numbers[9] + numbers[10]
    unpacked = content_of(subject, member, start)
    return unpacked.content[:longest].decode("latin-1") if unpacked else ""
