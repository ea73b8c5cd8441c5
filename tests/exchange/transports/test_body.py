# SPDX-License-Identifier: Apache-2.0
"""A request's body: never more than announced, and its end says whether it was cut off."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.transports.body import BodyReader


def body(content: bytes, length: int, *, seconds: float = 60, slowest: int = 10**9) -> BodyReader:
    return BodyReader(io.BytesIO(content), length, seconds=seconds, slowest=slowest)


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

    reader = BodyReader(Broken(), 10, seconds=60, slowest=1)

    assert (reader.read(5), reader.read(5), reader.cut) == (b"", b"", True)


def test_a_body_that_lasts_too_long_ends():
    reader = body(b"abc", 3, seconds=-1)

    assert (reader.read(3), reader.cut) == (b"", True)


@pytest.mark.parametrize("length", [0, 3])
def test_what_lies_behind_the_body_is_the_next_request_s(length: int):
    source = io.BytesIO(b"abcGET / HTTP/1.1")
    reader = BodyReader(source, length, seconds=60, slowest=1)

    reader.read()

    assert source.tell() == length
