# SPDX-License-Identifier: Apache-2.0
"""Several sealed frames in one body: each with its length before it, eight octets, big endian."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from comity.catalogues import N_
from comity.errors import InvalidInputError

LENGTH = struct.Struct(">Q")
MOST_FRAMES = 100
"""In one body."""


class FramingError(InvalidInputError):
    """A body is no row of frames, or of too many."""

    code = "framing"
    message = N_("The body is no row of frames: {obstacle}.")
    remedy = N_("Write before each frame its length, as eight octets, and at most {most} frames.")


def write_frames(frames: Sequence[bytes]) -> bytes:
    """The body that carries these frames."""
    return b"".join(LENGTH.pack(len(frame)) + frame for frame in frames)


def read_frames(body: bytes, *, most: int = MOST_FRAMES) -> list[bytes]:
    """The frames of a body, which must end where the last one does."""
    frames: list[bytes] = []
    at = 0
    while at < len(body):
        if len(frames) == most:
            raise FramingError(obstacle="it has more frames than are taken", most=most)
        if len(body) - at < LENGTH.size:
            raise FramingError(obstacle="it ends within a length", most=most)
        (length,) = LENGTH.unpack_from(body, at)
        at += LENGTH.size
        if length > len(body) - at:
            raise FramingError(obstacle="it ends within a frame", most=most)
        frames.append(body[at : at + length])
        at += length
    return frames
