# SPDX-License-Identifier: Apache-2.0
"""A request's body: never more than announced, and its end says whether it was cut off."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.transports.body import BodyReader, Deadline


def body(content: bytes, length: int) -> BodyReader:
    return BodyReader(io.BytesIO(content), length)


@given(st.binary(max_size=300), st.integers(0, 300), st.integers(1, 50))
def test_what_is_read_is_what_came_up_to_the_announced_length(
    content: bytes, length: int, size: int
):
    reader = body(content, length)

    read = b"".join(iter(lambda: reader.read(size), b""))

    assert read == content[:length]
    assert reader.cut is (len(content) < length)


def test_it_can_be_read_at_once_and_into_a_buffer():
    assert body(b"abc", 3).read() == b"abc"
    buffer = bytearray(2)
    assert body(b"abc", 3).readinto(buffer) == 2
    assert buffer == b"ab"


def test_a_broken_connection_is_an_end():
    class Broken:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError

    reader = BodyReader(Broken(), 10)

    assert (reader.read(5), reader.read(5), reader.cut) == (b"", b"", True)


def test_a_deadline_that_was_never_set_is_none():
    Deadline().require()


def test_a_deadline_is_over_when_it_is_over_and_can_be_moved():
    deadline = Deadline()
    deadline.allow(-1)
    with pytest.raises(TimeoutError):
        deadline.require()

    deadline.allow(60)

    deadline.require()


@pytest.mark.parametrize("length", [0, 3])
def test_what_lies_behind_the_body_is_the_next_request_s(length: int):
    source = io.BytesIO(b"abcGET / HTTP/1.1")
    reader = BodyReader(source, length)

    reader.read()

    assert source.tell() == length
