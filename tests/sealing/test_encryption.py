# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import VerificationError
from comity.sealing.encryption import (
    NotSealedError,
    SealedForAnotherError,
    decrypt_stream,
    encrypt_stream,
    recipient_of,
)
from comity.sealing.keys import DecryptionKey
from comity.sealing.segments import SEALED_SEGMENT_LENGTH as SEALED_SEGMENT
from comity.sealing.segments import SEGMENT_LENGTH, SealBrokenError

KEY = DecryptionKey.from_seed(bytes(range(32)))
HEADER_LENGTH = 16 + 8 + 2 + 80


def sealed(content: bytes) -> bytes:
    sink = io.BytesIO()
    assert encrypt_stream(io.BytesIO(content), sink, KEY.public) == len(content)
    return sink.getvalue()


def opened(content: bytes, key: DecryptionKey = KEY) -> bytes:
    sink = io.BytesIO()
    assert decrypt_stream(io.BytesIO(content), sink, key) == len(sink.getvalue())
    return sink.getvalue()


class Pipe:
    """A source that gives short reads, as a pipe does."""

    def __init__(self, content: bytes) -> None:
        self.rest = io.BytesIO(content)

    def read(self, size: int, /) -> bytes:
        return self.rest.read(min(size, 4099))


class Counter:
    """A sink and a source of many bytes that keeps none of them."""

    def __init__(self, length: int = 0) -> None:
        self.left, self.largest = length, 0

    def read(self, size: int, /) -> bytes:
        given = min(size, self.left)
        self.left -= given
        return bytes(given)

    def write(self, content: bytes, /) -> None:
        self.largest = max(self.largest, len(content))


@given(st.binary(max_size=5000))
def test_what_was_sealed_opens_to_the_same_bytes(content):
    assert opened(sealed(content)) == content


@pytest.mark.parametrize(
    "length", [0, 1, SEGMENT_LENGTH - 1, SEGMENT_LENGTH, SEGMENT_LENGTH + 1, 2 * SEGMENT_LENGTH]
)
def test_every_length_around_a_segment_opens_to_the_same_bytes(length):
    content = bytes(i % 251 for i in range(1000)) * (length // 1000 + 1)

    assert opened(sealed(content[:length])) == content[:length]


def test_a_pipe_with_short_reads_is_sealed_and_opened_whole():
    content = b"abc" * 500_000
    sink, back = io.BytesIO(), io.BytesIO()

    encrypt_stream(Pipe(content), sink, KEY.public)
    decrypt_stream(Pipe(sink.getvalue()), back, KEY)

    assert back.getvalue() == content


def test_no_write_is_larger_than_one_segment():
    counter = Counter(5 * SEGMENT_LENGTH + 7)

    encrypt_stream(counter, counter, KEY.public)

    assert counter.left == 0
    assert counter.largest == SEALED_SEGMENT


def test_sealing_twice_gives_two_different_streams():
    assert sealed(b"the same") != sealed(b"the same")


def test_a_stream_cut_at_a_segment_boundary_is_refused():
    whole = sealed(bytes(2 * SEGMENT_LENGTH + 5))
    cut = whole[: HEADER_LENGTH + SEALED_SEGMENT]

    with pytest.raises(SealBrokenError) as caught:
        opened(cut)

    assert caught.value.fields["segment"] == 0


def test_a_stream_cut_to_its_header_is_refused():
    with pytest.raises(SealBrokenError):
        opened(sealed(b"something")[:HEADER_LENGTH])


def test_segments_in_another_order_are_refused():
    whole = sealed(b"a" * SEGMENT_LENGTH + b"b" * SEGMENT_LENGTH + b"c")
    first = whole[HEADER_LENGTH : HEADER_LENGTH + SEALED_SEGMENT]
    second = whole[HEADER_LENGTH + SEALED_SEGMENT : HEADER_LENGTH + 2 * SEALED_SEGMENT]
    swapped = whole[:HEADER_LENGTH] + second + first + whole[HEADER_LENGTH + 2 * SEALED_SEGMENT :]

    with pytest.raises(SealBrokenError):
        opened(swapped)


def test_bytes_appended_to_a_stream_are_refused():
    with pytest.raises(SealBrokenError):
        opened(sealed(b"something") + b"!")


@given(st.data())
def test_one_changed_bit_anywhere_is_refused(data):
    whole = bytearray(sealed(b"the report of the joint operation"))
    position = data.draw(st.integers(0, len(whole) - 1))
    whole[position] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(VerificationError):
        opened(bytes(whole))


def test_another_key_is_told_which_key_opens_the_stream():
    other = DecryptionKey.make()

    with pytest.raises(SealedForAnotherError) as caught:
        opened(sealed(b"something"), other)

    assert caught.value.fields == {"expected": KEY.public.key_id, "found": other.public.key_id}
    assert KEY.public.key_id in caught.value.advice()


def test_a_sealed_stream_names_its_recipient():
    assert recipient_of(io.BytesIO(sealed(b""))) == KEY.public.key_id


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"COMITY-SEALED/2\n" + bytes(200)])
def test_a_stream_that_was_not_sealed_is_refused(content):
    with pytest.raises(NotSealedError):
        opened(content)
