# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.sealing.segments import (
    SEALED_SEGMENT_LENGTH,
    SEGMENT_LENGTH,
    TAG_LENGTH,
    Segments,
    sealed_size,
)
from comity.storage.blob_file import FIRST_SEGMENT
from comity.storage.blob_store import Blob, BlobDamagedError, BlobMissingError
from comity.storage.local import LocalStore
from tests.storage.conftest import KEY, SOUTHLANDS_KEY
from tests.support.storage import Stream, content_of, sealed_of

SIZES = st.one_of(
    st.integers(0, 3000),
    st.builds(
        lambda segments, off: max(0, segments * SEGMENT_LENGTH + off),
        st.integers(0, 3),
        st.integers(-2, 2),
    ),
)


def put(store: LocalStore, content: bytes) -> Blob:
    return store.put(io.BytesIO(content))


def file_of(store: LocalStore, blob: Blob) -> Path:
    return store.folder / "content" / blob.name[:2] / blob.name


@settings(max_examples=40)
@given(SIZES, st.integers(), st.integers(1, 2 * SEGMENT_LENGTH))
def test_what_was_put_is_what_is_read(size, seed, most):
    content = content_of(size, seed)
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(Path(folder), KEY)

        blob = store.put(Stream(content, most=max(most, size // 50 + 1)))

        assert (blob.digest, blob.size) == (hashlib.sha256(content).hexdigest(), size)
        with store.open(blob.name) as opened:
            assert opened.read() == content
        assert store.blob(blob.name) == store.verify(blob.name) == blob
        assert store.has(blob.digest) == blob.name


@pytest.mark.slow
@given(st.data())
def test_any_piece_of_a_content_can_be_read_in_any_order(data):
    content = content_of(2 * SEGMENT_LENGTH + 77)
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(Path(folder), KEY)
        opened = store.open(put(store, content).name)
        with opened:
            for _ in range(5):
                at = data.draw(st.integers(0, len(content) + 9))
                length = data.draw(st.integers(0, 2 * SEGMENT_LENGTH))
                assert opened.seek(at) == at
                assert opened.read(length) == content[at : at + length]
            assert opened.seek(-7, os.SEEK_END) == len(content) - 7
            assert opened.read() == content[-7:]
            with pytest.raises(ValueError, match="first byte"):
                opened.raw.seek(-1)


def test_the_same_content_is_kept_once(store):
    first, second = put(store, b"the same"), put(store, b"the same")

    assert first == second
    assert list(store.names()) == [first.name]
    assert store.contents().blobs == 1


def test_nothing_on_the_disk_tells_what_the_content_is(store):
    content = b"a manifest that is nobody else's business" * 100
    blob = put(store, content)

    places = [path for path in store.folder.rglob("*") if path.is_file()]
    digest = hashlib.sha256(content).hexdigest()
    assert not any(digest[:16] in str(path) for path in places)
    for path in places:
        assert content[:20] not in path.read_bytes()
        assert bytes.fromhex(digest) not in path.read_bytes()
    other = LocalStore(store.folder.parent / "other", SOUTHLANDS_KEY)
    assert put(other, content).name != blob.name


def test_files_and_folders_are_for_the_node_alone(store):
    blob = put(store, b"something")

    assert stat.S_IMODE(file_of(store, blob).stat().st_mode) == 0o600
    for folder in (store.folder, *file_of(store, blob).parents[:2]):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("size", [0, 5, SEGMENT_LENGTH, 2 * SEGMENT_LENGTH + 5])
def test_segments_lie_as_they_travel(store, size):
    content = content_of(size)
    blob = put(store, content)
    segments = Segments(store.content_key(blob.name))

    whole = sealed_of(store, blob.name)
    assert len(whole) == sealed_size(size)
    found, number = b"", 0
    while number * SEALED_SEGMENT_LENGTH < len(whole):
        piece = whole[number * SEALED_SEGMENT_LENGTH :][:SEALED_SEGMENT_LENGTH]
        final = (number + 1) * SEALED_SEGMENT_LENGTH >= len(whole)
        found += segments.open(number, piece, final=final)
        number += 1
    assert found == content
    with store.sealed(blob.name, from_segment=1) as rest:
        assert rest.read() == whole[SEALED_SEGMENT_LENGTH:]


@pytest.mark.slow
@settings(max_examples=60)
@given(st.data())
def test_one_changed_bit_anywhere_is_found_and_not_served(data):
    content = content_of(data.draw(st.sampled_from([0, 1, 300, SEGMENT_LENGTH + 50])))
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore(Path(folder), KEY)
        whole, spoilt = put(store, b"another"), put(store, content)
        stored = bytearray(file_of(store, spoilt).read_bytes())
        stored[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        file_of(store, spoilt).write_bytes(stored)

        with pytest.raises(BlobDamagedError):
            store.verify(spoilt.name)
        with pytest.raises(BlobDamagedError):
            store.open(spoilt.name).read()
        report = store.verify_all()
        assert (report.blobs, report.damaged) == (2, (spoilt.name,))
        assert not report.holds
        assert store.verify(whole.name) == whole


@pytest.mark.parametrize("change", [-1, 1, -SEALED_SEGMENT_LENGTH])
def test_content_of_another_length_is_refused_before_its_first_byte(store, change):
    blob = put(store, content_of(2 * SEGMENT_LENGTH))
    path = file_of(store, blob)
    os.truncate(path, path.stat().st_size + change)

    for refused in (store.open, store.sealed, store.content_key, store.blob):
        with pytest.raises(BlobDamagedError):
            refused(blob.name)


def test_a_blob_under_another_ones_name_is_refused(store):
    one, other = put(store, b"one of the two"), put(store, b"the other two!")
    file_of(store, one).write_bytes(file_of(store, other).read_bytes())

    with pytest.raises(BlobDamagedError):
        store.open(one.name)


def test_segments_made_by_somebody_who_knows_the_content_key_are_found(store):
    """A partner knows the content key of what it sent us; the digest is what it cannot keep."""
    blob = put(store, b"the genuine report")
    forged = Segments(store.content_key(blob.name)).seal(0, b"a forged report!!!", final=True)
    with file_of(store, blob).open("r+b") as file:
        file.seek(FIRST_SEGMENT)
        file.write(forged)

    with pytest.raises(BlobDamagedError, match="digest"):
        store.verify(blob.name)


def test_a_store_with_another_key_opens_nothing(store):
    blob = put(store, b"something")
    stranger = LocalStore(store.folder, SOUTHLANDS_KEY)

    assert stranger.has(blob.digest) == ""
    with pytest.raises(BlobDamagedError):
        stranger.open(blob.name)


@pytest.mark.parametrize("name", ["", "..", "0" * 64, "../" * 20 + "etc/passwd", "A" * 64])
def test_what_was_never_kept_is_missing(store, name):
    for refused in (store.open, store.sealed, store.content_key, store.blob, store.verify):
        with pytest.raises(BlobMissingError):
            refused(name)


def test_damaged_content_is_healed_when_it_is_put_again(store):
    blob = put(store, b"something")
    os.truncate(file_of(store, blob), FIRST_SEGMENT + 3)

    assert put(store, b"something") == blob

    assert store.verify(blob.name) == blob


def test_putting_again_keeps_the_key_under_which_it_is_being_sent(store):
    blob = put(store, b"something")
    key = store.content_key(blob.name)

    put(store, b"something")

    assert store.content_key(blob.name) == key


def test_a_source_that_breaks_leaves_nothing(store):
    with pytest.raises(ConnectionResetError):
        store.put(Stream(content_of(SEGMENT_LENGTH + 5), breaks=True))

    assert list(store.names()) == []
    assert not any(path.is_file() for path in store.folder.rglob("*") if path.name != "lock")


def test_removed_content_is_gone(store):
    blob = put(store, b"something")

    assert store.remove(blob.name)
    assert not store.remove(blob.name)

    assert store.has(blob.digest) == ""
    with pytest.raises(BlobMissingError):
        store.open(blob.name)


def test_sweeping_leaves_what_is_kept_new_or_held(store):
    blob = put(store, b"kept")
    store.begin("old", bytes(32), 5)
    leftover = store.folder / "unfinished" / "leftover"
    leftover.write_bytes(b"half a blob")
    now = datetime.now(UTC)

    assert store.sweep(now - timedelta(hours=1)) == 0
    assert store.sweep(now + timedelta(hours=1)) == 2

    assert store.contents().arriving == 0
    assert store.verify(blob.name) == blob


def test_sweeping_leaves_alone_what_is_being_put(store):
    source = Stream(b"slow")

    class Sweeping:
        def read(self, size: int, /) -> bytes:
            assert store.sweep(datetime.now(UTC) + timedelta(hours=1)) == 0
            return source.read(size)

    blob = store.put(Sweeping())

    assert store.verify(blob.name) == blob


def test_many_threads_may_put_the_same_and_different_contents(store):
    contents = [content_of(200_000 + n, seed=n) for n in range(4)] * 3
    found: list[Blob] = []

    threads = [threading.Thread(target=lambda c=c: found.append(put(store, c))) for c in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == len(contents)
    assert len(set(found)) == 4
    assert store.verify_all().blobs == 4
    assert store.verify_all().holds


def test_what_lies_there_is_counted(store):
    put(store, b"12345")
    store.begin("a part", bytes(32), 7)

    contents = store.contents()

    assert (contents.blobs, contents.bytes) == (1, FIRST_SEGMENT + 5 + TAG_LENGTH)
    assert (contents.arriving, contents.arriving_bytes) == (1, FIRST_SEGMENT)
    assert 0 < contents.free == pytest.approx(store.free_bytes(), rel=0.5)


def test_a_store_that_holds_nothing_is_whole(store):
    report = store.verify_all()

    assert (report.blobs, report.bytes, report.holds) == (0, 0, True)
    assert store.free_bytes() > 0
