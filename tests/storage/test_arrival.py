# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import io
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.sealing.segments import SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH, SealBrokenError
from comity.storage.blob_store import (
    ArrivalDiffersError,
    ArrivalIncompleteError,
    ArrivalMissingError,
    Blob,
    DiskFullError,
)
from comity.storage.local import LocalStore
from tests.storage.conftest import KEY, SOUTHLANDS_KEY
from tests.support.storage import Stream, content_of, hand_over, sealed_of

SIZE = 3 * SEGMENT_LENGTH + 1234
CONTENT = content_of(SIZE)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
PART = "00000000-0000-4000-8000-000000000001/0"


@pytest.fixture
def blob(store: LocalStore) -> Blob:
    return store.put(io.BytesIO(CONTENT))


@pytest.fixture
def sealed(store: LocalStore, blob: Blob) -> bytes:
    return sealed_of(store, blob.name)


@pytest.fixture
def begun(store: LocalStore, theirs: LocalStore, blob: Blob) -> LocalStore:
    """Southland's store, which expects the content."""
    assert theirs.begin(PART, store.content_key(blob.name), SIZE) == 0
    return theirs


def arriving_file(store: LocalStore) -> Path:
    (path,) = (store.folder / "arriving").iterdir()
    return path


def test_what_arrives_whole_is_kept_as_it_lies_at_the_senders(store, blob, begun, sealed):
    assert hand_over(store, blob.name, begun, PART) == 4
    kept = begun.finish(PART, DIGEST, SIZE)

    with begun.open(kept.name) as opened:
        assert opened.read() == CONTENT
    assert sealed_of(begun, kept.name) == sealed
    assert begun.content_key(kept.name) == store.content_key(blob.name)
    assert kept.name != blob.name
    assert begun.contents().arriving == 0
    assert begun.verify_all().holds


@pytest.mark.slow
@settings(max_examples=40)
@given(st.data())
def test_any_cuts_any_restarts_and_any_repeats_give_the_same_content(data):
    size = data.draw(
        st.sampled_from([0, 1, SEGMENT_LENGTH - 1, SEGMENT_LENGTH, SEGMENT_LENGTH + 1, SIZE])
    )
    content = content_of(size, seed=size)
    with tempfile.TemporaryDirectory() as folder:
        sender = LocalStore(Path(folder) / "northland", KEY)
        ours = sender.put(io.BytesIO(content))
        key, sealed = sender.content_key(ours.name), sealed_of(sender, ours.name)
        theirs = LocalStore(Path(folder) / "southland", SOUTHLANDS_KEY)
        assert theirs.begin(PART, key, size) == 0
        there = 0
        for _ in range(data.draw(st.integers(0, 6), label="attempts")):
            if data.draw(st.booleans(), label="restart"):
                theirs = LocalStore(Path(folder) / "southland", SOUTHLANDS_KEY)
            before = there
            start = data.draw(st.integers(0, before + 1), label="from segment")
            sent = sealed[start * SEALED_SEGMENT_LENGTH :]
            cut = data.draw(st.integers(0, len(sent)), label="cut")
            stream = Stream(sent[:cut], most=data.draw(st.integers(9000, 2 * SEGMENT_LENGTH)))
            there = theirs.take(PART, start, stream)
            whole_segments = -(-cut // SEALED_SEGMENT_LENGTH) if cut == len(sent) else 0
            arrived = start + max(whole_segments, cut // SEALED_SEGMENT_LENGTH)
            assert there == (max(before, arrived) if start <= before else before)
            assert theirs.segments_there(PART) == there
        assert theirs.begin(PART, key, size) == there
        rest = io.BytesIO(sealed[there * SEALED_SEGMENT_LENGTH :])
        theirs.take(PART, there, rest)

        kept = theirs.finish(PART, ours.digest, size)

        assert theirs.open(kept.name).read() == content
        assert theirs.verify(kept.name) == kept


def test_a_connection_that_breaks_leaves_the_segments_that_were_whole(begun, sealed):
    cut = sealed[: 2 * SEALED_SEGMENT_LENGTH + 500]

    with pytest.raises(ConnectionResetError):
        begun.take(PART, 0, Stream(cut, breaks=True))

    assert begun.segments_there(PART) == 2
    assert begun.take(PART, 2, io.BytesIO(sealed[2 * SEALED_SEGMENT_LENGTH :])) == 4
    assert begun.finish(PART, DIGEST, SIZE).digest == DIGEST


@pytest.mark.slow
@settings(max_examples=30)
@given(st.data())
def test_an_altered_segment_is_refused_and_those_before_it_are_kept(data):
    with tempfile.TemporaryDirectory() as folder:
        sender = LocalStore(Path(folder) / "northland", KEY)
        theirs = LocalStore(Path(folder) / "southland", SOUTHLANDS_KEY)
        ours = sender.put(io.BytesIO(CONTENT))
        sealed = bytearray(sealed_of(sender, ours.name))
        position = data.draw(st.integers(0, len(sealed) - 1))
        sealed[position] ^= 1 << data.draw(st.integers(0, 7))
        theirs.begin(PART, sender.content_key(ours.name), SIZE)

        with pytest.raises(SealBrokenError):
            theirs.take(PART, 0, io.BytesIO(bytes(sealed)))

        kept = position // SEALED_SEGMENT_LENGTH
        assert theirs.segments_there(PART) == kept
        assert hand_over(sender, ours.name, theirs, PART, kept) == 4
        assert theirs.finish(PART, DIGEST, SIZE).size == SIZE


def test_segments_in_another_order_are_refused(begun, sealed):
    second = sealed[SEALED_SEGMENT_LENGTH : 2 * SEALED_SEGMENT_LENGTH]

    with pytest.raises(SealBrokenError):
        begun.take(PART, 0, io.BytesIO(second + sealed))

    assert begun.segments_there(PART) == 0


def test_what_follows_the_last_segment_is_not_read(begun, sealed):
    stream = io.BytesIO(sealed + b"something else")

    assert begun.take(PART, 0, stream) == 4

    assert stream.read() == b"something else"


def test_a_gap_is_not_filled_with_anything(begun, sealed):
    assert begun.take(PART, 0, io.BytesIO(sealed[:SEALED_SEGMENT_LENGTH])) == 1
    later = io.BytesIO(sealed[3 * SEALED_SEGMENT_LENGTH :])

    assert begun.take(PART, 3, later) == 1

    assert later.tell() == 0


def test_content_that_is_not_whole_is_not_kept(begun, sealed):
    begun.take(PART, 0, io.BytesIO(sealed[:SEALED_SEGMENT_LENGTH]))

    with pytest.raises(ArrivalIncompleteError) as caught:
        begun.finish(PART, DIGEST, SIZE)

    assert caught.value.fields == {"expected": 4, "found": 1}
    assert list(begun.names()) == []


@pytest.mark.parametrize(
    ("digest", "size", "what"),
    [("ab" * 32, SIZE, "digest"), (DIGEST, SIZE - 1, "size")],
)
def test_content_that_was_not_announced_is_not_kept(begun, sealed, digest, size, what):
    begun.take(PART, 0, io.BytesIO(sealed))

    with pytest.raises(ArrivalDiffersError) as caught:
        begun.finish(PART, digest, size)

    assert caught.value.fields == {"what": what}
    assert list(begun.names()) == []
    begun.abandon(PART)
    assert begun.segments_there(PART) == 0


def test_finishing_twice_gives_the_same_blob(begun, sealed):
    begun.take(PART, 0, io.BytesIO(sealed))

    assert begun.finish(PART, DIGEST, SIZE) == begun.finish(PART, DIGEST, SIZE)


def test_only_the_arrival_that_brought_a_content_is_said_to_have_brought_it(begun, sealed):
    begun.take(PART, 0, io.BytesIO(sealed))
    assert begun.brought(PART, DIGEST) == ""

    kept = begun.finish(PART, DIGEST, SIZE)

    assert begun.brought(PART, DIGEST) == kept.name
    assert begun.brought(PART, "0" * 64) == ""
    assert begun.brought("another part", DIGEST) == ""
    begun.abandon(PART)
    assert begun.brought(PART, DIGEST) == ""


def test_content_that_was_cut_short_is_not_here(begun, sealed):
    begun.take(PART, 0, io.BytesIO(sealed))
    kept = begun.finish(PART, DIGEST, SIZE)
    (path,) = begun.folder.glob(f"content/*/{kept.name}")

    path.write_bytes(path.read_bytes()[:-1])

    assert begun.has(DIGEST) == ""
    assert begun.brought(PART, DIGEST) == ""


def test_two_arrivals_of_the_same_content_are_kept_once(store, blob, begun, sealed):
    begun.begin("another part", store.content_key(blob.name), SIZE)
    begun.take(PART, 0, io.BytesIO(sealed))
    begun.take("another part", 0, io.BytesIO(sealed))

    assert begun.finish(PART, DIGEST, SIZE) == begun.finish("another part", DIGEST, SIZE)

    assert begun.contents().blobs == 1
    assert begun.contents().arriving == 0


def test_an_arrival_begun_under_another_key_begins_from_nothing(store, begun, sealed):
    begun.take(PART, 0, io.BytesIO(sealed[: 2 * SEALED_SEGMENT_LENGTH]))
    other = LocalStore(store.folder.parent / "sealed-anew", bytes(32))
    again = other.put(io.BytesIO(CONTENT))

    assert begun.begin(PART, other.content_key(again.name), SIZE) == 0

    assert hand_over(other, again.name, begun, PART) == 4
    assert begun.finish(PART, DIGEST, SIZE).digest == DIGEST


def test_what_was_never_begun_is_missing(theirs):
    with pytest.raises(ArrivalMissingError):
        theirs.take(PART, 0, io.BytesIO(b""))
    with pytest.raises(ArrivalMissingError):
        theirs.finish(PART, DIGEST, SIZE)
    assert theirs.segments_there(PART) == 0
    theirs.abandon(PART)


def test_a_header_torn_by_a_power_cut_is_as_good_as_none(store, blob, begun, sealed):
    begun.take(PART, 0, io.BytesIO(sealed))
    with arriving_file(begun).open("r+b") as file:
        file.write(bytes(50))

    assert begun.segments_there(PART) == 0
    assert begun.begin(PART, store.content_key(blob.name), SIZE) == 0


def test_zeros_where_a_power_cut_took_the_content_are_fetched_again(begun, sealed):
    begun.take(PART, 0, io.BytesIO(sealed))
    with arriving_file(begun).open("r+b") as file:
        file.seek(-SEGMENT_LENGTH, io.SEEK_END)
        file.write(bytes(100))
    after_restart = LocalStore(begun.folder, SOUTHLANDS_KEY)

    assert after_restart.segments_there(PART) == 2


def test_a_sender_that_comes_again_need_not_wait_for_its_dead_connection(store, blob, begun):
    """The first connection hangs inside the second segment; the second one brings the whole."""
    sealed, hanging, go_on = sealed_of(store, blob.name), threading.Event(), threading.Event()

    class Hanging(Stream):
        def read(self, size: int, /) -> bytes:
            if self.at > SEALED_SEGMENT_LENGTH:
                hanging.set()
                assert go_on.wait(20)
            return super().read(size)

    counts: list[int] = []
    dead = threading.Thread(
        target=lambda: counts.append(begun.take(PART, 0, Hanging(sealed, most=100_000)))
    )
    dead.start()
    assert hanging.wait(20)

    assert begun.segments_there(PART) == 1
    assert hand_over(store, blob.name, begun, PART, 1) == 4
    kept = begun.finish(PART, DIGEST, SIZE)
    go_on.set()
    dead.join()

    assert counts == [4]
    assert begun.verify(kept.name) == kept


def test_two_processes_and_many_threads_bring_the_same_segments_once(store, blob, begun, sealed):
    """Each `LocalStore` has a memory of its own, as each process has."""
    others = [LocalStore(begun.folder, SOUTHLANDS_KEY) for _ in range(3)]
    counts: list[int] = []

    def bring(to: LocalStore, most: int) -> None:
        counts.append(to.take(PART, 0, Stream(sealed, most=most)))

    threads = [
        threading.Thread(target=bring, args=(to, 100_000 + 77_777 * n))
        for n, to in enumerate([begun, begun, *others])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counts == [4] * 5
    kept = others[0].finish(PART, DIGEST, SIZE)
    assert begun.finish(PART, DIGEST, SIZE) == kept
    assert begun.verify(kept.name) == kept


def test_content_for_which_there_is_no_room_is_not_begun(theirs):
    with pytest.raises(DiskFullError) as caught:
        theirs.begin(PART, bytes(32), 1 << 60)

    assert caught.value.fields["needed"] > 1 << 60
    assert not caught.value.permanent
    assert theirs.contents().arriving == 0
