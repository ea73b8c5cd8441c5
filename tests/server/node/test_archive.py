# SPDX-License-Identifier: Apache-2.0
"""A backup's inside: a tar that others can read, whole to the last digest, in constant memory."""

from __future__ import annotations

import io
import tarfile
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.server.node.archive import PIECE, BackupDamagedError, Pulled, Writer, read_archive


class Endless:
    """A source of so many bytes, none of them kept."""

    def __init__(self, length: int) -> None:
        self.left = length

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""
        taken = min(size, self.left, 65536)
        self.left -= taken
        return bytes(taken)


def archive(members: dict[str, bytes], dump: bytes = b"") -> bytes:
    """An archive of these members and this dump."""
    writer = Writer()
    pieces = [piece for name, held in members.items() for piece in writer.member(name, held)]
    pieces += writer.pieces("database", io.BytesIO(dump))
    return b"".join([*pieces, *writer.end({"journal_entries": 1})])


def contents(made: bytes) -> dict[str, bytes]:
    """Every member as it is handed over."""
    found: dict[str, bytes] = {}

    def take(name: str, chunks: Iterator[bytes]) -> None:
        found[name] = b"".join(chunks)

    read_archive(io.BytesIO(made), take)
    return found


@pytest.mark.slow
@given(
    st.dictionaries(
        st.from_regex(r"blobs/[a-z0-9]{1,12}", fullmatch=True), st.binary(max_size=2000)
    ),
    st.binary(max_size=3000),
)
def test_what_goes_in_comes_out(members: dict[str, bytes], dump: bytes):
    found = contents(archive(members, dump))

    pieces = [found.pop(name) for name in sorted(found) if name.startswith("database/")]
    assert found == members
    assert b"".join(pieces) == dump


def test_any_tar_program_can_read_it():
    made = archive({"keys/one": b"1"}, b"x" * (PIECE + 5))

    with tarfile.open(fileobj=io.BytesIO(made)) as opened:
        sizes = {member.name: member.size for member in opened}

    assert list(sizes) == ["keys/one", "database/000001", "database/000002", "manifest.json"]
    assert sizes["database/000002"] == 5


def test_a_changed_byte_of_a_member_is_found():
    made = archive({"keys/one": b"secret"})

    with pytest.raises(BackupDamagedError, match="keys/one"):
        contents(made.replace(b"secret", b"secreT", 1))


@pytest.mark.parametrize("keep", [0, 100, 600, 1600])
def test_an_archive_that_was_cut_is_not_whole(keep: int):
    with pytest.raises(BackupDamagedError):
        contents(archive({"keys/one": b"secret"})[:keep])


def test_a_member_that_the_manifest_does_not_name_is_foreign():
    writer, foreign = Writer(), Writer()
    inside = [*foreign.member("keys/foreign", b"x"), *writer.member("keys/one", b"1")]

    with pytest.raises(BackupDamagedError, match="keys/foreign"):
        contents(b"".join([*inside, *writer.end({})]))


def test_a_dump_of_any_size_needs_the_memory_of_a_few_pieces():
    writer = Writer()
    source = Pulled(writer.pieces("database", Endless(40 * PIECE)))
    tracemalloc.start()

    while source.read(1024 * 1024):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(writer.digests) == 40
    assert peak < 4 * PIECE


@given(st.lists(st.binary(max_size=50), max_size=20), st.integers(1, 60))
def test_an_iterator_reads_like_a_file(pieces: list[bytes], size: int):
    source, read = Pulled(iter(pieces)), b""

    while taken := source.read(size):
        assert len(taken) <= size
        read += taken

    assert read == b"".join(pieces)
