# SPDX-License-Identifier: Apache-2.0
"""The directory of a ZIP file, read in bounded pieces and believed in nothing.

The standard library's reader loads whole directories and raises on odd ones; this one takes what
holds together, up to a number of members, and says what does not.
"""

from __future__ import annotations

import stat
import struct
from dataclasses import dataclass, field

from comity.evidence.intake.reading import Subject

END = struct.Struct("<4s4H2IH")
END64_PLACE = struct.Struct("<4sIQI")
END64 = struct.Struct("<4sQ2H2I4Q")
ENTRY = struct.Struct("<4s6H3I5H2I")
LOCAL = struct.Struct("<4s5H3I2H")
END_MARK, END64_PLACE_MARK, END64_MARK = b"PK\5\6", b"PK\6\7", b"PK\6\6"
ENTRY_MARK, LOCAL_MARK = b"PK\1\2", b"PK\3\4"
ALL_ONES = 0xFFFFFFFF
STORED, DEFLATED = 0, 8
ENCRYPTED, UTF8 = 0x1, 0x800
LONGEST_DIRECTORY = 16 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the directory, as it says."""

    raw_name: bytes
    method: int
    flags: int
    packed: int
    size: int
    offset: int
    """Of its local head, from the start of the file."""
    is_link: bool

    @property
    def name(self) -> str:
        """For examination, never for writing."""
        return self.raw_name.decode("utf-8" if self.flags & UTF8 else "cp437", "replace")

    @property
    def is_locked(self) -> bool:
        """Whether a password is needed."""
        return bool(self.flags & ENCRYPTED)


@dataclass(slots=True)
class Directory:
    """What a ZIP file says that it holds."""

    declared: int = 0
    members: list[Member] = field(default_factory=list)
    before: int = 0
    """Bytes that stand before the archive."""
    after: int = 0
    sound: bool = True


def read_directory(subject: Subject, most: int) -> Directory | None:
    """At most so many of its members; None where there is no directory."""
    at = subject.tail.rfind(END_MARK)
    if at < 0 or len(subject.tail) - at < END.size:
        return None
    end = subject.size - len(subject.tail) + at
    _, _, _, _, declared, size, offset, comment = END.unpack_from(subject.tail, at)
    directory = Directory(declared=declared, after=subject.size - end - END.size - comment)
    directory.sound = directory.after >= 0
    if offset == ALL_ONES or declared == 0xFFFF or size == ALL_ONES:
        end, directory.declared, size, offset = _large_end(subject, end, declared, size, offset)
    directory.before = end - size - offset
    if directory.before < 0:
        directory.sound, directory.before = False, 0
    _read_entries(subject, directory, directory.before + offset, size, most)
    return directory


def _large_end(
    subject: Subject, end: int, declared: int, size: int, offset: int
) -> tuple[int, int, int, int]:
    """The same numbers of an archive too large for the small ones."""
    place = subject.at(end - END64_PLACE.size, END64_PLACE.size)
    if len(place) == END64_PLACE.size and place.startswith(END64_PLACE_MARK):
        start = END64_PLACE.unpack(place)[2]
        record = subject.at(start, END64.size)
        if len(record) == END64.size and record.startswith(END64_MARK):
            numbers = END64.unpack(record)
            return start, numbers[7], numbers[8], numbers[9]
    return end, declared, size, offset


def _read_entries(subject: Subject, directory: Directory, start: int, size: int, most: int) -> None:
    raw = subject.at(start, min(size, LONGEST_DIRECTORY))
    at = 0
    while at < len(raw) and len(directory.members) < most:
        if len(raw) - at < ENTRY.size or not raw.startswith(ENTRY_MARK, at):
            directory.sound = False
            return
        numbers = ENTRY.unpack_from(raw, at)
        name, extra, comment = numbers[10], numbers[11], numbers[12]
        names = at + ENTRY.size
        fields = raw[names + name : names + name + extra]
        directory.members.append(
            _member(numbers, raw[names : names + name], fields, directory.before)
        )
        at = names + name + extra + comment
    directory.sound = directory.sound and (
        directory.declared == len(directory.members) or len(directory.members) == most
    )


def _member(numbers: tuple[int, ...], name: bytes, extra: bytes, before: int) -> Member:
    size, packed, offset = numbers[9], numbers[8], numbers[16]
    large = _large_numbers(extra)
    values = []
    for value in (size, packed, offset):
        values.append(large.pop(0) if value == ALL_ONES and large else value)
    return Member(
        raw_name=name,
        method=numbers[4],
        flags=numbers[3],
        packed=values[1],
        size=values[0],
        offset=values[2] + before,
        is_link=stat.S_ISLNK(numbers[15] >> 16),
    )


def _large_numbers(extra: bytes) -> list[int]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            field_ = extra[at + 4 : at + 4 + length - length % 8]
            return [value for (value,) in struct.iter_unpack("<Q", field_[: len(field_) & ~7])]
        at += 4 + length
    return []
