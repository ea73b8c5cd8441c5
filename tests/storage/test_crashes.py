# SPDX-License-Identifier: Apache-2.0
"""A process that dies at any act on the disk, killed or by a power cut, leaves a whole store."""

from __future__ import annotations

import hashlib
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from comity.sealing.segments import SEALED_SEGMENT_LENGTH, SEGMENT_LENGTH
from comity.storage.blob_file import FIRST_SEGMENT
from comity.storage.local import LocalStore
from tests.storage.conftest import KEY, SOUTHLANDS_KEY
from tests.support.storage import content_of, dies_at, hand_over

CONTENT = content_of(2 * SEGMENT_LENGTH + 99)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
CUTS = pytest.mark.parametrize("power_cut", [False, True])
PART = "a part"


@pytest.mark.slow
@CUTS
def test_content_that_was_being_put_is_whole_or_absent(tmp_path: Path, power_cut):
    step = 0
    died = True
    while died:
        step += 1
        folder = tmp_path / str(step)
        before = LocalStore(folder, KEY).put(io.BytesIO(b"what was there before"))

        died = dies_at(
            step,
            lambda folder=folder: LocalStore(folder, KEY).put(io.BytesIO(CONTENT)),
            power_cut=power_cut,
        )

        store = LocalStore(folder, KEY)
        report = store.verify_all()
        assert report.holds
        assert report.blobs in ((1, 2) if died else (2,))
        assert store.verify(before.name) == before
        assert store.put(io.BytesIO(CONTENT)).digest == DIGEST
        store.sweep(datetime.now(UTC) + timedelta(hours=1))
        assert store.verify_all().blobs == 2
        assert not any((folder / "unfinished").iterdir())
    assert step > 12  # each act on the disk was met, before it and after it


@pytest.mark.slow
@CUTS
def test_what_was_arriving_goes_on_where_it_was(tmp_path: Path, power_cut):
    sender = LocalStore(tmp_path / "northland", KEY)
    ours = sender.put(io.BytesIO(CONTENT))
    key = sender.content_key(ours.name)

    def receive(folder: Path) -> None:
        store = LocalStore(folder, SOUTHLANDS_KEY)
        there = store.begin(PART, key, len(CONTENT))
        there = hand_over(sender, ours.name, store, PART, there)
        assert there == 3
        store.finish(PART, DIGEST, len(CONTENT))

    step = 0
    died = True
    while died:
        step += 1
        folder = tmp_path / str(step)

        died = dies_at(step, lambda folder=folder: receive(folder), power_cut=power_cut)

        store = LocalStore(folder, SOUTHLANDS_KEY)
        assert store.verify_all().holds
        if not store.has(DIGEST):
            receive(folder)
        assert store.verify(store.has(DIGEST)).size == len(CONTENT)
        store.sweep(datetime.now(UTC) + timedelta(hours=1))
        contents = store.contents()
        assert (contents.blobs, contents.arriving) == (1, 0)
    assert step > 20


@pytest.mark.slow
def test_a_kill_loses_one_segment_at_most(tmp_path: Path):
    """Segments that were written count after a kill -9, synced or not."""
    sender = LocalStore(tmp_path / "northland", KEY)
    ours = sender.put(io.BytesIO(CONTENT))
    key = sender.content_key(ours.name)
    step, died = 0, True
    while died:
        step += 1
        folder = tmp_path / str(step)
        store = LocalStore(folder, SOUTHLANDS_KEY)
        store.begin(PART, key, len(CONTENT))
        with sender.sealed(ours.name) as sealed:
            died = dies_at(step, lambda store=store, sealed=sealed: store.take(PART, 0, sealed))
            at = os.lseek(sealed.fileno(), 0, os.SEEK_CUR)  # the child read from the same file
        there = LocalStore(folder, SOUTHLANDS_KEY).segments_there(PART)
        read = at - FIRST_SEGMENT
        handed_over = 3 if read > 2 * SEALED_SEGMENT_LENGTH else read // SEALED_SEGMENT_LENGTH
        assert there >= handed_over - 1
    assert step == 9  # three segments and the sync, before and after each


def test_a_blob_that_was_being_removed_is_whole_or_gone(tmp_path: Path):
    step, died = 0, True
    while died:
        step += 1
        store = LocalStore(tmp_path / str(step), KEY)
        blob = store.put(io.BytesIO(b"to be removed"))

        died = dies_at(step, lambda store=store, blob=blob: store.remove(blob.name))

        assert store.verify_all().holds
    assert store.contents().blobs == 0
