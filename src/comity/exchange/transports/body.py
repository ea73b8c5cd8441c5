# SPDX-License-Identifier: Apache-2.0
"""A request's body as it comes, never more than announced, and the time that it may take.

Where the connection breaks the body simply ends, and `cut` says so: what came before can be kept.
"""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError

CERTIFICATE = "comity.certificate"
"""Where the listener puts the SHA-256 of the certificate that the connection showed."""
DEADLINE = "comity.deadline"
"""Where the listener puts the connection's deadline."""
LONGEST_NUMBER = 15


class LengthMissingError(InvalidInputError):
    """A body whose length is not announced."""

    code = "length-missing"
    message = N_("The request does not announce the length of its body in one plain number.")
    remedy = N_("Send Content-Length, and no Transfer-Encoding.")


class BodyTooLargeError(InvalidInputError):
    """A body longer than is taken at its address."""

    code = "body-too-large"
    message = N_("The body has {found} bytes, at most {most} are taken here.")
    remedy = N_("Send fewer messages at a time, and large content as parts.")


class Deadline:
    """Until when a connection's present request may last; each read and write asks it."""

    def __init__(self) -> None:
        self._until = float("inf")

    def allow(self, seconds: float) -> None:
        """From now on, this long and no longer."""
        self._until = time.monotonic() + seconds

    def require(self) -> None:
        """Raise `TimeoutError` where the time is over."""
        if time.monotonic() > self._until:
            raise TimeoutError("timed out")


class BodyReader(io.RawIOBase):
    """The bytes of a body, to be read once."""

    def __init__(self, source: Any, length: int) -> None:
        """Any: WSGI's input has `read` and no more."""
        super().__init__()
        self.length = length
        self.cut = False
        self._source, self._left = source, length

    @classmethod
    def of(cls, environ: Mapping[str, Any], *, most: int) -> BodyReader:
        """The body of a WSGI request; refused before a byte of it is read."""
        announced = str(environ.get("CONTENT_LENGTH", "")) or "0"
        plain = announced.isascii() and announced.isdigit() and len(announced) <= LONGEST_NUMBER
        missing = "CONTENT_LENGTH" not in environ and environ["REQUEST_METHOD"] in ("POST", "PUT")
        if environ.get("HTTP_TRANSFER_ENCODING") or not plain or missing:
            raise LengthMissingError
        if int(announced) > most:
            raise BodyTooLargeError(found=int(announced), most=most)
        return cls(environ["wsgi.input"], int(announced))

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next `size` bytes, all that are left without one; fewer only at the end."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        piece = self._come(wanted)
        self._left -= len(piece)
        if len(piece) < wanted:
            self.cut, self._left = True, 0
        return piece

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer as far as the body goes."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def _come(self, wanted: int) -> bytes:
        if not wanted:
            return b""
        try:
            piece: bytes = self._source.read(wanted)
        except OSError:  # reset, timed out, or TLS cut short
            return b""
        return piece
