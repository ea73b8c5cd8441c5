# SPDX-License-Identifier: Apache-2.0
"""What stands against an archive: how it expands, what its names try, what lies in it.

Members are unpacked within a budget, to see whether the archive tells the truth and what they
are; archives in archives are entered to a fixed depth. Nothing is written anywhere.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator

from comity.evidence.intake import names
from comity.evidence.intake.findings import Finding, FindingCode, found
from comity.evidence.intake.limits import TRIFLE, Limits
from comity.evidence.intake.reading import Budget, Subject
from comity.evidence.intake.signatures import EXECUTABLES, ZIP_END, media_type_of
from comity.evidence.intake.unpacking import Unpacked, take_stored, unpack
from comity.evidence.intake.zip_directory import (
    DEFLATED,
    LOCAL,
    LOCAL_MARK,
    STORED,
    Directory,
    Member,
    read_directory,
)

Inside = Callable[[Subject], Iterator[Finding]]
"""What examines a file that lay in an archive."""
ARCHIVES = frozenset(
    {
        "application/zip",
        "application/gzip",
        "application/x-bzip2",
        "application/x-xz",
        "application/x-tar",
    }
)
"""Types that are entered where they lie in an archive."""
PEEK = 1 << 16


def examine_zip(subject: Subject, directory: Directory, inside: Inside) -> Iterator[Finding]:
    """Everything that stands against a ZIP file and what is in it."""
    yield from _what_the_directory_says(subject, directory)
    yield from _what_names_try(directory.members)
    overlapping = _overlapping(directory.members)
    if overlapping:
        yield found(FindingCode.OVERLAPPING_MEMBERS, count=overlapping)
        return
    for member in directory.members:
        yield from _examine_member(subject, member, inside)


def directory_of(subject: Subject) -> Directory | None:
    """The archive's directory, its members taken off the budget."""
    directory = read_directory(subject, max(0, subject.budget.members))
    if directory is not None:
        subject.budget.members -= len(directory.members)
    return directory


def examine_packed(subject: Subject, how: str, inside: Inside) -> Iterator[Finding]:
    """What stands against a single packed stream (gzip, bzip2, xz)."""
    limits = subject.limits
    unpacked = unpack(
        subject, how, 0, subject.size, most=limits.longest_expanded, keep=limits.longest_nested
    )
    ratio = unpacked.size // max(1, unpacked.read)
    if unpacked.size > TRIFLE and ratio > limits.greatest_ratio:
        yield found(FindingCode.PACKED_TOO_WELL, ratio=ratio)
    if unpacked.damaged:
        yield found(FindingCode.DAMAGED)
    if unpacked.out_of_budget:
        yield found(FindingCode.EXAMINED_IN_PART)
    yield from _enter(subject, unpacked, inside)


def _what_the_directory_says(subject: Subject, directory: Directory) -> Iterator[Finding]:
    limits, members = subject.limits, directory.members
    if directory.declared > len(members) and subject.budget.members <= 0:
        yield found(FindingCode.TOO_MANY_MEMBERS, count=directory.declared)
    elif not directory.sound:
        yield found(FindingCode.DIRECTORY_DISAGREES)
    expanded, packed = sum(m.size for m in members), sum(m.packed for m in members)
    if expanded > limits.longest_expanded:
        yield found(FindingCode.EXPANDS_TOO_FAR, size=expanded)
    if expanded > TRIFLE and expanded // max(1, packed) > limits.greatest_ratio:
        yield found(FindingCode.PACKED_TOO_WELL, ratio=expanded // max(1, packed))
    if any(member.is_locked for member in members):
        yield found(FindingCode.LOCKED)
    if directory.after > 0:
        yield found(FindingCode.DATA_AFTER_END, size=directory.after)


def _what_names_try(members: list[Member]) -> Iterator[Finding]:
    counts = Counter[FindingCode]()
    for member in members:
        counts[FindingCode.MEMBER_LEADS_OUT] += names.leads_out(member.name)
        counts[FindingCode.MEMBER_NAME_DECEIVES] += names.deceives(member.name.rstrip("/"))
        counts[FindingCode.MEMBER_IS_LINK] += member.is_link
        counts[FindingCode.EXECUTABLE_INSIDE] += names.starts_something(member.name)
    for code, count in counts.items():
        if count:
            yield found(code, count=count)
    if len({member.name.casefold() for member in members}) < len(members):
        yield found(FindingCode.SAME_NAMED_MEMBERS)


def _overlapping(members: list[Member]) -> int:
    """How many begin before the one before them ends."""
    ordered = sorted(members, key=lambda member: member.offset)
    count, end = 0, 0
    for member in ordered:
        count += member.offset < end
        end = max(end, member.offset + LOCAL.size + len(member.raw_name) + member.packed)
    return count


def _examine_member(subject: Subject, member: Member, inside: Inside) -> Iterator[Finding]:
    if member.raw_name.endswith(b"/") and not member.size:
        return
    head = subject.at(member.offset, LOCAL.size)
    if len(head) < LOCAL.size or not head.startswith(LOCAL_MARK):
        yield found(FindingCode.DIRECTORY_DISAGREES)
        return
    numbers = LOCAL.unpack(head)
    if subject.at(member.offset + LOCAL.size, numbers[9]) != member.raw_name:
        yield found(FindingCode.DIRECTORY_DISAGREES)
    if member.is_locked:
        return
    start = member.offset + LOCAL.size + numbers[9] + numbers[10]
    unpacked = content_of(subject, member, start)
    if unpacked is None:
        yield found(FindingCode.EXAMINED_IN_PART)
        return
    yield from _truth_of(member, unpacked)
    yield from _enter(subject, unpacked, inside, known=names.starts_something(member.name))


def content_of(subject: Subject, member: Member, start: int) -> Unpacked | None:
    """The member unpacked within the budget; None where nothing here can."""
    keep = subject.limits.longest_nested
    if member.method == STORED:
        peeked = take_stored(subject, start, member.packed, keep=PEEK)
        if member.packed <= PEEK or not _is_archive(peeked.content):
            return peeked
        return take_stored(subject, start, member.packed, keep=keep)
    if member.method != DEFLATED:
        return None
    return unpack(subject, "deflate", start, member.packed, most=member.size + 1, keep=keep)


def _is_archive(start: bytes) -> bool:
    limits = Limits()
    return media_type_of(Subject.of(io.BytesIO(start), limits, Budget.of(limits))) in ARCHIVES


def _truth_of(member: Member, unpacked: Unpacked) -> Iterator[Finding]:
    if unpacked.out_of_budget:
        yield found(FindingCode.EXAMINED_IN_PART)
    elif unpacked.size > member.size:
        yield found(FindingCode.EXPANDS_TOO_FAR, size=unpacked.size)
    elif unpacked.damaged or unpacked.size < member.size:
        yield found(FindingCode.DAMAGED)


def _enter(
    subject: Subject, unpacked: Unpacked, inside: Inside, *, known: bool = False
) -> Iterator[Finding]:
    """Look at what was unpacked, and into it where it is an archive itself.

    `known` says that its name told already that it starts something.
    """
    whole = unpacked.whole and len(unpacked.content) == unpacked.size
    member = Subject.within(unpacked.content if whole else unpacked.content[:PEEK], subject)
    media_type = media_type_of(member)
    if media_type in EXECUTABLES and not known:
        yield found(FindingCode.EXECUTABLE_INSIDE, count=1)
    if media_type not in ARCHIVES and ZIP_END not in member.tail:
        return
    if member.depth > subject.limits.deepest:
        yield found(FindingCode.NESTED_TOO_DEEP, depth=subject.limits.deepest)
    elif not whole:
        yield found(FindingCode.EXAMINED_IN_PART)
    else:
        yield from inside(member)
