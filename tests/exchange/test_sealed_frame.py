# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.exchange import wire
from comity.exchange.envelope import PAYLOAD_TYPE
from comity.exchange.sealed_frame import (
    MAGIC,
    PRELUDE_LENGTH,
    FrameBrokenError,
    FrameHeader,
    FrameUnreadableError,
    KeyUnknownError,
    SuiteUnknownError,
    frame_length,
    open_frame,
    read_frame,
    read_header,
    seal,
)
from comity.exchange.wire import WireLimitError, WireVersionUnknownError
from comity.sealing.canonical_json import canonical
from comity.sealing.keys import DecryptionKey
from tests.support.wire import MESSAGE, RECIPIENT

KEYS = {RECIPIENT.public.key_id: RECIPIENT}
OTHER = DecryptionKey.from_seed(bytes(range(100, 132)))
SPEAKS_OF_ITSELF = {
    "message": MESSAGE,
    "sender": "XN",
    "recipient": "XS",
    "payload_type": PAYLOAD_TYPE,
}


def sealed(document: bytes = b"the document", parts: int = 2, **changes: object) -> bytes:
    keys = tuple(bytes([number % 256]) * 32 for number in range(parts))
    given = SPEAKS_OF_ITSELF | {"part_keys": keys, "to": RECIPIENT.public} | changes
    return seal(document, **given)


FRAME = sealed()


def with_header(**changes: object) -> bytes:
    """The same frame, with a header of which a member says something else."""
    length = int.from_bytes(FRAME[16:20], "big")
    header = read_header(FRAME)
    members = {
        "wire": header.wire,
        "suite": header.suite,
        "message": header.message,
        "sender": header.sender,
        "recipient": header.recipient,
        "key": header.key_id,
        "type": header.payload_type,
        "parts": header.parts,
    }
    encoded = canonical(members | changes)
    lengths = len(encoded).to_bytes(4, "big") + FRAME[20:28]
    return MAGIC + lengths + encoded + FRAME[PRELUDE_LENGTH + length :]


@pytest.mark.slow
@given(st.binary(max_size=500), st.integers(0, 5), st.sampled_from(wire.WIRE_VERSIONS))
def test_what_was_sealed_opens(document, parts, version):
    frame = sealed(document, parts, version=version)

    opened = open_frame(frame, KEYS)

    assert opened.document == document
    assert opened.part_keys == tuple(bytes([number]) * 32 for number in range(parts))
    assert opened.header == read_header(frame)
    assert (opened.header.wire, opened.header.parts) == (version, parts)
    assert frame_length(frame[:PRELUDE_LENGTH]) == len(frame)


def test_the_carrier_reads_the_header_without_any_key():
    assert read_header(FRAME) == FrameHeader(
        wire=2,
        suite="X25519-HKDF-SHA256-AES256GCM",
        message=MESSAGE,
        sender="XN",
        recipient="XS",
        key_id=RECIPIENT.public.key_id,
        payload_type=PAYLOAD_TYPE,
        parts=2,
    )


def test_two_frames_of_one_document_have_no_key_in_common():
    assert sealed()[200:] != sealed()[200:]


@given(st.integers(0, len(FRAME) - 1), st.integers(1, 255))
def test_any_altered_byte_fails(at, by):
    frame = bytearray(FRAME)
    frame[at] = (frame[at] + by) % 256

    with pytest.raises(ComityError):
        open_frame(bytes(frame), KEYS)


@given(st.integers(0, len(FRAME) - 1))
def test_a_frame_that_was_cut_off_fails(length):
    with pytest.raises(FrameUnreadableError):
        open_frame(FRAME[:length], KEYS)
    with pytest.raises(FrameUnreadableError):
        read_frame(io.BytesIO(FRAME[:length]))


def test_a_frame_with_something_behind_it_fails():
    with pytest.raises(FrameUnreadableError):
        open_frame(FRAME + b"x", KEYS)
    with pytest.raises(FrameUnreadableError):
        read_frame(io.BytesIO(FRAME + b"x"))


@given(st.binary(max_size=100), st.booleans())
def test_no_bytes_at_all_make_the_reader_fail_but_in_its_own_words(content, whole):
    with pytest.raises(ComityError):
        open_frame(MAGIC + content if whole else content, KEYS)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"wire": 3}, WireVersionUnknownError),
        ({"suite": "MLKEM768-X25519"}, SuiteUnknownError),
        ({"key": OTHER.public.key_id}, KeyUnknownError),
        ({"sender": "XE"}, FrameBrokenError),
        ({"recipient": "XE"}, FrameBrokenError),
        ({"parts": 1}, FrameBrokenError),
        ({"parts": 10_000}, WireLimitError),
        ({"further": "member"}, FrameBrokenError),
    ],
)
def test_a_header_that_says_something_else_is_refused(changes, error):
    with pytest.raises(error):
        open_frame(with_header(**changes), KEYS)


def test_a_frame_sealed_for_another_key_under_our_keys_name_does_not_open():
    with pytest.raises(FrameBrokenError):
        open_frame(FRAME, {RECIPIENT.public.key_id: OTHER})


class Endless:
    """A source that never ends, and counts what was taken of it."""

    def __init__(self, start: bytes) -> None:
        self.start, self.taken = start, 0

    def read(self, size: int, /) -> bytes:
        piece = self.start[:size].ljust(size, b"\x00")
        self.start = self.start[size:]
        self.taken += size
        return piece


@pytest.mark.parametrize(
    "lengths",
    [(2**30, 80, 100), (2**32 - 1, 2**32 - 1, 2**32 - 1), (300, 2**30, 1), (300, 80, 2**30)],
)
def test_a_header_of_a_gigabyte_is_refused_after_twenty_eight_bytes(lengths):
    source = Endless(MAGIC + b"".join(length.to_bytes(4, "big") for length in lengths))

    with pytest.raises(WireLimitError):
        read_frame(source)
    assert source.taken == PRELUDE_LENGTH


def test_a_source_without_end_is_read_as_far_as_the_frame_goes():
    source = Endless(FRAME)

    with pytest.raises(FrameUnreadableError):
        read_frame(source)
    assert source.taken == len(FRAME) + 1


def test_ten_thousand_keys_cannot_be_sealed_either():
    with pytest.raises(WireLimitError):
        sealed(parts=10_000)


def test_short_reads_of_a_pipe_make_no_difference():
    class Pipe(io.BytesIO):
        def read(self, size: int = -1, /) -> bytes:
            return super().read(min(size, 7))

    assert read_frame(Pipe(FRAME)) == FRAME
