# SPDX-License-Identifier: Apache-2.0
"""A disk that is full or fails refuses in our words, and nothing half-written remains visible."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import resource
from pathlib import Path

import pytest

from comity.sealing.segments import SEGMENT_LENGTH
from comity.storage.blob_store import DiskFullError, StorageFailedError
from comity.storage.local import LocalStore
from tests.storage.conftest import KEY, SOUTHLANDS_KEY
from tests.support.storage import Zeros, content_of, failing, hand_over, small_disk

CONTENT = content_of(3 * SEGMENT_LENGTH + 5)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
FULL = pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])


def files(store: LocalStore) -> list[Path]:
    return [p for p in store.folder.rglob("*") if p.is_file() and p.name != "lock"]


@FULL
@pytest.mark.parametrize(("call", "at"), [("pwrite", 1), ("pwrite", 3), ("pwrite", 5)])
def test_a_disk_that_fills_while_content_is_put_keeps_nothing_of_it(store, error, call, at):
    with failing(call, at, error), pytest.raises(DiskFullError):
        store.put(io.BytesIO(CONTENT))

    assert files(store) == []
    assert store.put(io.BytesIO(CONTENT)).digest == DIGEST


@pytest.mark.parametrize(
    ("error", "expected"), [(errno.ENOSPC, DiskFullError), (errno.EIO, StorageFailedError)]
)
@pytest.mark.parametrize("at", range(1, 9))
def test_a_sync_that_fails_keeps_nothing_visible(store, error, expected, at):
    with failing("fsync", at, error), contextlib.suppress(expected):
        blob = store.put(io.BytesIO(CONTENT))
        assert store.verify(blob.name) == blob

    assert store.verify_all().holds
    assert not list(store.folder.glob("unfinished/*"))


@FULL
def test_a_disk_that_fills_while_content_arrives_keeps_the_segments_before(store, theirs, error):
    blob = store.put(io.BytesIO(CONTENT))
    theirs.begin("a part", store.content_key(blob.name), len(CONTENT))

    with failing("pwrite", 3, error), pytest.raises(DiskFullError):
        hand_over(store, blob.name, theirs, "a part")

    assert theirs.segments_there("a part") == 2
    assert hand_over(store, blob.name, theirs, "a part", 2) == 4
    assert theirs.finish("a part", DIGEST, len(CONTENT)).digest == DIGEST


def test_after_a_sync_that_failed_nothing_is_taken_for_kept(store, theirs):
    """What the system could not write out may be gone, though reading still shows it."""
    blob = store.put(io.BytesIO(CONTENT))
    theirs.begin("a part", store.content_key(blob.name), len(CONTENT))

    with failing("fsync", 1, errno.EIO), pytest.raises(StorageFailedError):
        hand_over(store, blob.name, theirs, "a part")

    assert theirs.segments_there("a part") == 0
    assert hand_over(store, blob.name, theirs, "a part") == 4
    assert theirs.finish("a part", DIGEST, len(CONTENT)).digest == DIGEST


def test_what_a_failing_disk_is_said_to_do_says_nothing_of_the_content(store):
    with failing("pwrite", 2, errno.ENOSPC), pytest.raises(DiskFullError) as caught:
        store.put(io.BytesIO(CONTENT))

    said = str(caught.value) + caught.value.advice() + repr(caught.value.fields)
    assert DIGEST not in said
    assert str(store.folder) not in said


def test_errors_of_the_source_are_not_taken_for_the_disks(store):
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise OSError(errno.ENOSPC, "no space where this comes from")

    with pytest.raises(OSError, match="where this comes from"):
        store.put(Broken())

    assert files(store) == []


def test_a_real_disk_that_is_full_refuses_and_goes_on_when_there_is_room(tmp_path: Path, store):
    with small_disk(tmp_path / "small", 8 * SEGMENT_LENGTH) as where:
        if where is None:
            pytest.skip("this user may not mount a file system")
        small = LocalStore(where / "blobs", SOUTHLANDS_KEY)
        kept = small.put(io.BytesIO(CONTENT))

        with pytest.raises(DiskFullError) as caught:
            small.put(Zeros(6 * SEGMENT_LENGTH))

        assert caught.value.fields["free"] < 6 * SEGMENT_LENGTH
        assert small.verify_all().holds
        assert small.contents().blobs == 1
        assert not any((small.folder / "unfinished").iterdir())

        large = store.put(io.BytesIO(content_of(6 * SEGMENT_LENGTH)))
        with pytest.raises(DiskFullError):
            small.begin("a part", store.content_key(large.name), large.size)
        ballast = where / "ballast"
        small.remove(kept.name)
        small.begin("a part", store.content_key(large.name), large.size)
        ballast.write_bytes(bytes(4 * SEGMENT_LENGTH))  # somebody else fills the disk meanwhile
        with pytest.raises(DiskFullError):
            hand_over(store, large.name, small, "a part")
        there = small.segments_there("a part")
        assert 0 < there < 6
        ballast.unlink()
        assert hand_over(store, large.name, small, "a part", there) == 6
        assert small.finish("a part", large.digest, large.size).size == large.size


def test_the_largest_file_that_the_system_allows_is_a_full_disk_too(tmp_path: Path):
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2 * SEGMENT_LENGTH, 2 * SEGMENT_LENGTH))
        store = LocalStore(tmp_path / "limited", KEY)
        try:
            store.put(io.BytesIO(CONTENT))
        except DiskFullError:
            os._exit(7 if not files(store) else 8)
        except BaseException:
            os._exit(9)
        os._exit(0)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_free_space_is_told_before_the_folder_is_there(tmp_path: Path):
    store = LocalStore(tmp_path / "not" / "yet" / "there", KEY)

    found = os.statvfs(tmp_path)
    assert store.free_bytes() == pytest.approx(found.f_bavail * found.f_frsize, rel=0.1)
