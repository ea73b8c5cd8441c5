# SPDX-License-Identifier: Apache-2.0
"""Reading a partner's JSON object member by member: each has its form, nothing is guessed.

An optional member that is empty is left out, so one value has one spelling and reading loses
nothing. What a reader does not know stays in `rest`. Errors name the member, never its content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sized
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from comity.exchange import wire
from comity.exchange.wire import WireFormError, WireLimitError
from comity.sealing.canonical_json import read_canonical

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

ADDRESS = re.compile(r"https?://[\x21-\x7e]+")
ADMINISTRATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
DIGEST = re.compile(r"[0-9a-f]{64}")
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
KEY_ID = re.compile(r"[0-9a-f]{16}")
KIND = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*/[1-9][0-9]{0,3}")
LINE = re.compile(r"[^\x00-\x1f\x7f]+")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*(?:;[\x20-\x7e]*)?")
NOTE = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f]+")
TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
TIME_ZONE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+/-]*")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def read_object(payload: bytes, document: str, most: int) -> Members:
    """The members of canonical JSON that is one object, within the limits of size and depth."""
    wire.require_at_most(len(payload), most, document=document, member="the document")
    openings = payload.count(b"{") + payload.count(b"[")
    values = openings + payload.count(b",")
    wire.require_at_most(values, wire.VALUES, document=document, member="its values")
    value = read_canonical(payload)
    if not isinstance(value, dict):
        raise WireFormError(
            document=document, member="it", found=_what(value), expected="an object"
        )
    if openings > wire.DEPTH and not depth_at_most(value, wire.DEPTH):
        raise WireLimitError(
            document=document, member="its depth", found=f"more than {wire.DEPTH}", most=wire.DEPTH
        )
    return Members(value, document)


class Members:
    """The members of one object; each is taken once, and the rest is what nobody asked for."""

    __slots__ = ("_document", "_left", "_path")

    def __init__(self, members: Mapping[str, Any], document: str, path: str = "") -> None:
        self._left, self._document, self._path = dict(members), document, path

    def rest(self) -> dict[str, Any]:
        """What this release does not know."""
        return self._left

    def has(self, name: str) -> bool:
        """Whether the member is there and was not taken."""
        return name in self._left

    def anything(self, name: str) -> Any:  # any: whatever the document says
        """The member as it is, None where it is missing."""
        return self._left.pop(name, None)

    def text(self, name: str, form: re.Pattern[str] = LINE, *, most: int = wire.SHORT_TEXT) -> str:
        """A text of this form, which must be there."""
        return self._text(name, self._take(name), form, most)

    def text_or_none(
        self, name: str, form: re.Pattern[str] = LINE, *, most: int = wire.SHORT_TEXT
    ) -> str:
        """A text of this form, or an empty one where the member is missing."""
        return self.text(name, form, most=most) if name in self._left else ""

    def texts(
        self, name: str, form: re.Pattern[str] = LINE, *, most: int, each: int = wire.SHORT_TEXT
    ) -> tuple[str, ...]:
        """The texts of a list; none where the member is missing."""
        members = self._list(name, most)
        return tuple(self._text(f"{name}[]", member, form, each) for member in members)

    def number(self, name: str, *, least: int = 0, most: int = wire.LARGEST_NUMBER) -> int:
        """A whole number of this size, which must be there."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self._form(name, _what(value), f"a whole number from {least}")
        wire.require_at_most(value, most, document=self._document, member=self._named(name))
        return value

    def numbers(self, name: str, *, most: int) -> tuple[int, ...]:
        """The whole numbers of a list; none where the member is missing."""
        values = self._list(name, most)
        for value in values:
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise self._form(f"{name}[]", _what(value), "a whole number from 0")
        return tuple(values)

    def code(self, name: str, codes: type[E]) -> E:
        """One of these codes, which must be there."""
        return self._code(name, self.text(name, CODE, most=wire.CODE), codes)

    def codes(self, name: str, codes: type[E], *, most: int) -> tuple[E, ...]:
        """Some of these codes; none where the member is missing."""
        texts = self.texts(name, CODE, most=most, each=wire.CODE)
        return tuple(self._code(f"{name}[]", text, codes) for text in texts)

    def instant(self, name: str) -> datetime:
        """An instant, which must be there."""
        return self._instant(name, self._take(name))

    def instant_or_none(self, name: str) -> datetime | None:
        """An instant, or None where the member is missing."""
        return self.instant(name) if name in self._left else None

    def mapping(self, name: str) -> dict[str, Any]:
        """An object as it is, which must be there."""
        value = self._take(name)
        if not isinstance(value, dict):
            raise self._form(name, _what(value), "an object")
        return value

    def facts(self, name: str) -> dict[str, str]:
        """An object of texts; empty where the member is missing."""
        if name not in self._left:
            return {}
        value = self.mapping(name)
        self._require_filled(name, value, wire.FACTS)
        for fact in value.values():
            self._text(f"{name}.*", fact, NOTE, wire.SHORT_TEXT)
        return dict(value)

    def one(self, name: str, read: Callable[[Members], T]) -> T:
        """What this reader makes of an object, which must be there."""
        return read(Members(self.mapping(name), self._document, self._named(name) + "."))

    def one_or_none(self, name: str, read: Callable[[Members], T]) -> T | None:
        """What this reader makes of an object, or None where the member is missing."""
        return self.one(name, read) if name in self._left else None

    def each(self, name: str, read: Callable[[Members], T], *, most: int) -> tuple[T, ...]:
        """What this reader makes of each object of a list; none where the member is missing."""
        members = self._list(name, most)
        for member in members:
            if not isinstance(member, dict):
                raise self._form(f"{name}[]", _what(member), "an object")
        path = f"{self._named(name)}[]."
        return tuple(read(Members(member, self._document, path)) for member in members)

    def refuse(self, name: str, expected: str) -> WireFormError:
        """The error that a member is not what was expected, for a check of the reader's own."""
        return self._form(name, "another", expected)

    def _take(self, name: str) -> Any:  # any: whatever the document says
        try:
            return self._left.pop(name)
        except KeyError:
            raise self._form(name, "missing", "there") from None

    def _list(self, name: str, most: int) -> list[Any]:
        if name not in self._left:
            return []
        value = self._left.pop(name)
        if not isinstance(value, list):
            raise self._form(name, _what(value), "a list")
        self._require_filled(name, value, most)
        return value

    def _require_filled(self, name: str, value: Sized, most: int) -> None:
        if not value:
            raise self._form(name, "empty", "left out where it is empty")
        wire.require_at_most(len(value), most, document=self._document, member=self._named(name))

    def _text(self, name: str, value: object, form: re.Pattern[str], most: int) -> str:
        if not isinstance(value, str):
            raise self._form(name, _what(value), "a text")
        if len(value) > most:
            raise WireLimitError(
                document=self._document, member=self._named(name), found=len(value), most=most
            )
        if not form.fullmatch(value):
            raise self._form(name, "of another form" if value else "empty", _FORMS[form])
        return value

    def _code(self, name: str, text: str, codes: type[E]) -> E:
        try:
            return codes(text)
        except ValueError:
            raise self._form(name, "another", "one of " + ", ".join(codes)) from None

    def _instant(self, name: str, value: object) -> datetime:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            try:
                return datetime.fromisoformat(value[:-1]).replace(tzinfo=UTC)
            except ValueError:  # the thirteenth month
                pass
        raise self._form(name, _what(value), "an instant such as 2026-11-22T09:30:00.000000Z")

    def _named(self, name: str) -> str:
        return self._path + name

    def _form(self, name: str, found: str, expected: str) -> WireFormError:
        return WireFormError(
            document=self._document, member=self._named(name), found=found, expected=expected
        )


_FORMS = {
    ADDRESS: "an address that begins with https:// or http://",
    TIME: "a time such as 08:30",
    TIME_ZONE: "the name of a time zone",
    ADMINISTRATION: "the code of an administration",
    CODE: "a code",
    DIGEST: "a SHA-256 in small hexadecimal digits",
    IDENTIFIER: "a UUID in small letters",
    KEY_ID: "a key id of 16 small hexadecimal digits",
    KIND: "a kind with its version, such as exchange.note/1",
    LINE: "one line of text",
    MEDIA_TYPE: "a media type in small letters",
    NOTE: "text without control characters",
}

_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number with a fraction",
    type(None): "null",
}


def _what(value: object) -> str:
    return _KINDS.get(type(value), "of another type")


def depth_at_most(value: object, most: int) -> bool:
    """Whether lists and objects lie within each other no deeper than this."""
    level = [value]
    for _ in range(most):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)  # type: ignore[attr-defined]  # else a list
            if type(inner) in _CONTAINERS
        ]
        if not level:
            return True
    return False


_CONTAINERS = (dict, list)


def instant_text(at: datetime) -> str:
    """An instant as it stands on the wire: UTC, with microseconds, always of the same length."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def filled(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members without the empty ones, as an optional member is written."""
    return {
        name: value
        for name, value in members.items()
        if value is not None and value not in ("", (), [], {})
    }


def encoded(text: str, document: str) -> bytes:
    """The text in UTF-8; JSON can spell halves of characters that have none."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise WireFormError(
            document=document, member="a text", found="half a character", expected="UTF-8"
        ) from None
