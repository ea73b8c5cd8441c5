# SPDX-License-Identifier: Apache-2.0
"""What the door answers: a document, a stream, or a problem (RFC 9457) whose type is our code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from comity.errors import (
    ComityError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    PeerError,
    VerificationError,
)
from comity.exchange.transports.media_types import JSON, PROBLEM
from comity.exchange.transports.streaming import Given


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way out."""

    status: int
    content_type: str
    content: bytes = b""
    retry_after: int = 0
    stream: Given | None = None
    """Instead of content."""


class Refused(Exception):  # noqa: N818 - an answer on its way out, no error
    """The request ends with this problem."""

    def __init__(
        self, status: int, code: str, says: str, *, advice: str = "", retry_after: int = 0
    ) -> None:
        super().__init__(code)
        self.reply = problem(status, code, says, advice=advice, retry_after=retry_after)


def json_reply(document: object) -> Reply:
    """A document."""
    return Reply(200, JSON, json.dumps(document, separators=(",", ":")).encode())


def problem(status: int, code: str, says: str, *, advice: str = "", retry_after: int = 0) -> Reply:
    """A problem (RFC 9457) whose type is our code."""
    shown = {"type": code, "status": status, "title": says}
    content = json.dumps(shown | ({"detail": advice} if advice else {})).encode()
    return Reply(status, PROBLEM, content, retry_after)


_STATUS: Sequence[tuple[type[ComityError], int]] = (
    (VerificationError, 422),
    (InvalidInputError, 422),
    (NotFoundError, 404),
    (NotPermittedError, 403),
    (ConflictError, 409),
    (PeerError, 503),
)


def problem_of(error: ComityError) -> Reply:
    """The problem that an error of ours is to whoever asked."""
    status = next((status for family, status in _STATUS if isinstance(error, family)), 500)
    wait = 60 if status >= 500 else 0
    return problem(status, error.code, str(error), advice=error.advice(), retry_after=wait)
