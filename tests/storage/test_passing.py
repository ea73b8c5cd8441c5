# SPDX-License-Identifier: Apache-2.0
"""Content in passing comes back as it was, lies sealed, and leaves nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from comity.sealing.segments import SEGMENT_LENGTH
from comity.storage.passing import PassingContent

EDGES = (0, 1, SEGMENT_LENGTH - 1, SEGMENT_LENGTH, SEGMENT_LENGTH + 1, 2 * SEGMENT_LENGTH)


@pytest.mark.parametrize("size", EDGES)
@pytest.mark.parametrize("piece", [100_000, SEGMENT_LENGTH])
def test_what_was_written_is_read(tmp_path: Path, size: int, piece: int) -> None:
    content = (os.urandom(1000) * (size // 1000 + 1))[:size]
    passing = PassingContent(tmp_path)
    for start in range(0, size, piece):
        passing.write(content[start : start + piece])

    with passing.opened() as opened:
        assert opened.read() == content
        assert opened.seek(size // 2) == size // 2
        assert opened.read() == content[size // 2 :]


def test_its_file_has_no_name_and_cannot_be_read(tmp_path: Path) -> None:
    passing = PassingContent(tmp_path)
    passing.write(b"tobacco " * SEGMENT_LENGTH)
    with passing.opened():
        lying = [path for path in Path("/proc/self/fd").iterdir() if "deleted" in target_of(path)]
        raw = [path.read_bytes() for path in lying if str(tmp_path) in target_of(path)]

        assert list(tmp_path.iterdir()) == []
        assert [b"tobacco" in content for content in raw] == [False]


def test_what_is_given_up_is_closed(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    passing = PassingContent(tmp_path)
    passing.write(b"x" * (3 * SEGMENT_LENGTH))
    passing.close()

    assert len(os.listdir("/proc/self/fd")) == before


def test_what_its_writer_forgot_is_closed_with_it(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    forgotten = PassingContent(tmp_path)
    forgotten.write(b"x" * (3 * SEGMENT_LENGTH))
    del forgotten

    assert len(os.listdir("/proc/self/fd")) == before


def test_giving_it_up_twice_closes_nothing_of_others(tmp_path: Path) -> None:
    passing = PassingContent(tmp_path)
    passing.close()
    with (tmp_path / "another").open("wb") as another:
        passing.close()
        del passing
        another.write(b"x")


def target_of(path: Path) -> str:
    try:
        return str(path.readlink())
    except FileNotFoundError:
        return ""
