# SPDX-License-Identifier: Apache-2.0
"""Frames in a row: what was written is read, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.transports.framing import (
    LENGTH,
    MOST_FRAMES,
    FramingError,
    read_frames,
    write_frames,
)


@given(st.lists(st.binary(max_size=50), max_size=MOST_FRAMES))
def test_what_is_written_is_read(frames: list[bytes]):
    assert read_frames(write_frames(frames)) == frames


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=5), st.data())
def test_a_body_that_is_cut_off_within_a_frame_is_refused(frames: list[bytes], data: st.DataObject):
    body = write_frames(frames)
    ends = {len(write_frames(frames[:count])) for count in range(len(frames) + 1)}
    cut = data.draw(st.integers(0, len(body)).filter(lambda at: at not in ends))

    with pytest.raises(FramingError):
        read_frames(body[:cut])


def test_more_frames_than_are_taken_are_refused_before_they_are_read():
    with pytest.raises(FramingError):
        read_frames(bytes(LENGTH.size) * 1_000_000)


def test_a_length_beyond_the_body_takes_no_memory():
    with pytest.raises(FramingError):
        read_frames(LENGTH.pack(2**64 - 1) + b"x")
