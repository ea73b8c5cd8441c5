# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from comity.sealing.segments import (
    PART,
    SEALED_SEGMENT_LENGTH,
    SEGMENT_LENGTH,
    TAG_LENGTH,
    SealBrokenError,
    Segments,
    make_content_key,
    sealed_size,
    segment_size,
    segments_of,
)

KEY = bytes(range(32))
NUMBERS = st.integers(0, 2**88 - 1)


@given(NUMBERS, st.binary(min_size=1, max_size=300), st.booleans())
def test_a_segment_opens_as_what_it_was(number, content, final):
    segments = Segments(KEY)
    sealed = segments.seal(number, content, final=final)
    into, back = bytearray(len(content) + TAG_LENGTH), bytearray(len(content))
    segments.seal_into(number, content, into, final=final)
    segments.open_into(number, into, back, final=final)

    assert bytes(into) == sealed
    assert bytes(back) == segments.open(number, sealed, final=final) == content


@given(NUMBERS, st.booleans(), NUMBERS, st.booleans(), st.binary(min_size=1, max_size=30))
def test_a_segment_opens_in_its_own_place_only(number, final, other, otherwise, content):
    sealed = Segments(KEY).seal(number, content, final=final)
    if (number, final) == (other, otherwise):
        return

    with pytest.raises(SealBrokenError):
        Segments(KEY).open(other, sealed, final=otherwise)
    with pytest.raises(SealBrokenError):
        Segments(KEY).open_into(other, sealed, bytearray(len(content)), final=otherwise)


@given(st.data())
def test_one_changed_bit_is_refused(data):
    sealed = bytearray(Segments(KEY).seal(3, b"the report", final=True))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(SealBrokenError) as caught:
        Segments(KEY).open(3, bytes(sealed), final=True)

    assert caught.value.fields["segment"] == 3


@pytest.mark.parametrize("sealed", [b"", bytes(TAG_LENGTH - 1), bytes(TAG_LENGTH + 5)])
def test_what_is_shorter_than_a_tag_or_never_sealed_is_refused(sealed):
    with pytest.raises(SealBrokenError):
        Segments(KEY).open(0, sealed, final=True)


def test_segments_of_another_purpose_are_refused():
    sealed = Segments(KEY, b"another purpose").seal(0, b"the report", final=True)

    with pytest.raises(SealBrokenError):
        Segments(KEY).open(0, sealed, final=True)


def test_an_empty_segment_stands_for_no_content_and_follows_none():
    segments = Segments(KEY)

    assert segments.open(0, segments.seal(0, b"", final=True), final=True) == b""
    with pytest.raises(SealBrokenError, match="appended"):
        segments.open(1, segments.seal(1, b"", final=True), final=True)
    with pytest.raises(SealBrokenError, match="appended"):
        segments.open_into(1, segments.seal(1, b"", final=True), bytearray(), final=True)


def test_a_segment_is_what_the_wire_format_says_it_is():
    """Anybody can write it with AES-256-GCM alone: docs/reference/wire.md."""
    nonce = (7).to_bytes(11, "big") + b"\x01"

    expected = AESGCM(KEY).encrypt(nonce, b"the report", b"COMITY-PART/1")

    assert PART == b"COMITY-PART/1"
    assert Segments(KEY).seal(7, b"the report", final=True) == expected


@given(st.integers(0, 10 * SEGMENT_LENGTH))
def test_sizes_add_up(size):
    count = segments_of(size)
    lengths = [segment_size(number, size) for number in range(count)]

    assert sum(lengths) == size
    assert all(length == SEGMENT_LENGTH for length in lengths[:-1])
    assert sealed_size(size) == sum(length + TAG_LENGTH for length in lengths)
    assert sealed_size(size) <= count * SEALED_SEGMENT_LENGTH
    assert segment_size(count, size) == 0


def test_no_two_contents_share_a_key():
    keys = {make_content_key() for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}
