# SPDX-License-Identifier: Apache-2.0
"""The bodies of the exchange's own messages: a covering note with files, and a test of the way.

What a later release adds to a body is left as it is; what is missing or of another form refuses
the message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError

NOTE, TEST = "exchange.note/1", "exchange.test/1"
LONGEST_SUBJECT = 300
LONGEST_TEXT = 100_000


class NoteUnreadableError(InvalidInputError):
    """The body of a note or of a test does not have its form."""

    code = "note-unreadable"
    message = N_("The message cannot be read: {member} is {found}, expected {expected}.")
    remedy = N_("Send it as a new message with a subject and a text.")


class Half(StrEnum):
    """Which half of a test of the way a message is."""

    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Note:
    """What a person writes to a partner; files lie beside it as parts."""

    subject: str
    text: str = ""
    language: str = ""
    """Of the text, as a code such as `fr`."""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        optional = {"text": self.text, "language": self.language}
        return {"subject": self.subject, **{n: v for n, v in optional.items() if v}}


def read_note(body: Mapping[str, Any]) -> Note:
    """The note of a body.

    Raises:
        NoteUnreadableError: the subject is missing, or a member is of another form.
    """
    return Note(
        subject=_text(body, "subject", LONGEST_SUBJECT, required=True),
        text=_text(body, "text", LONGEST_TEXT),
        language=_text(body, "language", 20),
    )


def body_of_test(half: Half) -> dict[str, Any]:
    """The body of one half of a test of the way."""
    return {"test": half.value}


def read_half(body: Mapping[str, Any]) -> Half:
    """Which half a body is."""
    found = _text(body, "test", 20, required=True)
    if found not in frozenset(Half):
        raise NoteUnreadableError(member="test", found="another", expected=" or ".join(Half))
    return Half(found)


def _text(body: Mapping[str, Any], member: str, most: int, *, required: bool = False) -> str:
    value = body.get(member, "")
    if not isinstance(value, str):
        raise NoteUnreadableError(member=member, found="of another type", expected="text")
    if len(value) > most:
        expected = f"at most {most} characters"
        raise NoteUnreadableError(member=member, found=len(value), expected=expected)
    if required and not value.strip():
        raise NoteUnreadableError(member=member, found="missing", expected="text")
    return value
