# SPDX-License-Identifier: Apache-2.0
"""One file examined: its type, as what else it could be read, and everything found against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from comity.evidence.intake import archives, markup, office_files, pdf_files, pictures
from comity.evidence.intake.findings import Finding, FindingCode, Severity, found, gathered
from comity.evidence.intake.limits import USUAL_LIMITS, Limits
from comity.evidence.intake.names import examine_name
from comity.evidence.intake.reading import Budget, Subject
from comity.evidence.intake.signatures import (
    EXECUTABLES,
    OLE,
    PACKED,
    UNKNOWN,
    ZIP,
    media_type_of,
    other_types,
)
from comity.evidence.intake.tar_archives import examine_tar
from comity.evidence.intake.unpacking import UNPACKERS


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a file before anybody opens it."""

    media_type: str
    size: int
    findings: tuple[Finding, ...] = ()
    other_types: tuple[str, ...] = ()
    """As what else its bytes could be read."""

    @property
    def dangerous(self) -> bool:
        """Whether opening it elsewhere could do harm."""
        return any(finding.severity is Severity.DANGER for finding in self.findings)

    def has(self, code: FindingCode) -> bool:
        """Whether this was found."""
        return any(finding.code is code for finding in self.findings)


def examine(stream: BinaryIO, *, name: str = "", limits: Limits = USUAL_LIMITS) -> Examined:
    """Examine a file that can seek, from its start, leaving it at its start.

    What a hostile file does to the reader of its type is itself a finding. Errors of the stream,
    such as of a damaged store, go through to the caller.
    """
    subject = Subject.of(stream, limits, Budget.of(limits))
    media_type, findings = _examined(subject)
    others = other_types(subject, media_type)
    stream.seek(0)
    findings += examine_name(name, media_type) if name else ()
    if others:
        findings.append(found(FindingCode.SEVERAL_TYPES, types=", ".join(others)))
    if subject.size > limits.longest_file:
        findings.append(found(FindingCode.TOO_LARGE, size=subject.size))
    return Examined(media_type, subject.size, gathered(findings), others)


def _examined(subject: Subject) -> tuple[str, list[Finding]]:
    """The type, made more exact by what lies inside, and what stands against it."""
    media_type, findings = media_type_of(subject), list[Finding]()
    directory = archives.directory_of(subject)
    if directory is not None:
        if media_type == ZIP:
            media_type = office_files.type_of_zip(subject, directory)
        findings += _taken(lambda: office_files.examine_office(subject, directory))
        findings += _taken(lambda: archives.examine_zip(subject, directory, _inside))
    elif media_type == ZIP:
        findings.append(found(FindingCode.DAMAGED))
    if media_type == OLE:
        media_type = office_files.type_of_ole(subject, OLE)
        findings += _taken(lambda: office_files.examine_ole(subject))
    findings += _taken(lambda: _by_type(subject, media_type))
    return media_type, findings


def _by_type(subject: Subject, media_type: str) -> Iterator[Finding]:
    if media_type in EXECUTABLES:
        yield found(FindingCode.EXECUTABLE)
    if media_type == UNKNOWN:
        yield found(FindingCode.UNKNOWN_TYPE)
    if media_type in PACKED:
        yield found(FindingCode.EXAMINED_IN_PART)
    if media_type in pictures.SIZES:
        yield from pictures.examine_picture(subject, media_type)
    if media_type in UNPACKERS:
        yield from archives.examine_packed(subject, media_type, _inside)
    reader = READERS.get(media_type)
    if reader is not None:
        yield from reader(subject)


READERS: dict[str, Callable[[Subject], Iterator[Finding]]] = {
    "application/pdf": pdf_files.examine_pdf,
    "application/x-tar": examine_tar,
    "application/rtf": office_files.examine_rtf,
    "application/xml": markup.examine_markup,
    "image/svg+xml": markup.examine_markup,
    "text/html": markup.examine_markup,
    "text/csv": markup.examine_table,
    "message/rfc822": markup.examine_message,
}
"""What examines which type further."""


def _inside(subject: Subject) -> Iterator[Finding]:
    yield from _examined(subject)[1]


def _taken(reader: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What a reader finds; whatever the file does to it is one finding more.

    Errors of the disk and of the store are none of the file's doing.
    """
    findings = list[Finding]()
    try:
        findings.extend(reader())
    except (ValueError, LookupError, ArithmeticError, RecursionError, TypeError, AttributeError):
        findings.append(found(FindingCode.DAMAGED))
    return findings
