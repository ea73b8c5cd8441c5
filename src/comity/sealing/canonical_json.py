# SPDX-License-Identifier: Apache-2.0
"""JSON with one spelling for one value (RFC 8785), so that a digest of it means something."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import rfc8785

from comity.catalogues import N_
from comity.errors import InvalidInputError

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


class NotCanonicalError(InvalidInputError):
    """A value has no canonical JSON, or bytes are not the canonical spelling of theirs."""

    code = "not-canonical-json"
    message = N_("There is no canonical JSON (RFC 8785) here: {obstacle}.")
    remedy = N_("Send numbers within ±2^53, text without lone surrogates, each name once, sorted.")


def canonical(value: Json) -> bytes:
    """The canonical bytes of this value."""
    try:
        if _is_simple(value):
            return _ENCODER.encode(value).encode()
        return rfc8785.dumps(_plain(value))
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError, TypeError) as error:
        raise NotCanonicalError(obstacle=type(error).__name__) from error


def canonical_texts(members: Mapping[str, int | str | dict[str, str]]) -> bytes:
    """The same bytes as `canonical`, for what is known to have neither fractions nor lists.

    It spares the look at every value, which the journal's entries need not have.
    """
    inner = (name for member in members.values() if isinstance(member, dict) for name in member)
    if not all(map(str.isascii, chain(members, inner))):
        return canonical(members)
    try:
        return _ENCODER.encode(members).encode()
    except UnicodeError as error:
        raise NotCanonicalError(obstacle=type(error).__name__) from error


def read_canonical(content: bytes) -> Json:
    """The value of canonical bytes; any other spelling of it is refused."""
    unusual: list[str] = []

    def each_name_once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("a name stands twice")
        names = "".join(members)
        if not names.isascii():
            unusual.append(names)
        return members

    def whole(digits: str) -> int | float:
        if len(digits) <= _USUAL_DIGITS:
            return int(digits)
        unusual.append(digits)
        number = int(digits)
        return number if abs(number) <= _LARGEST else float(digits)  # 1e20 is spelled in full

    def fraction(digits: str) -> float:
        unusual.append(digits)
        return float(digits)

    try:
        value: Json = json.loads(
            content,
            object_pairs_hook=each_name_once,
            parse_int=whole,
            parse_float=fraction,
            parse_constant=fraction,  # NaN and the infinities, which have no canonical spelling
        )
        spelled = canonical(value) if unusual else _ENCODER.encode(value).encode()
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(obstacle="the bytes are not JSON with each name once") from error
    if spelled != content:
        raise NotCanonicalError(obstacle="the bytes are another spelling of their value")
    return value


# The standard library's encoder is many times as fast as the other one, and differs from RFC 8785
# in numbers with fractions, in numbers beyond ±2^53, and in the order of names beyond ASCII.
_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
)
_SCALARS = frozenset({str, bool, type(None)})
_FLAT = _SCALARS | {int}
_OBJECT_OR_LIST = frozenset({dict, list, tuple})
_LARGEST = 2**53 - 1
_USUAL_DIGITS = 15


def _is_simple(value: object) -> bool:
    """Whether the fast encoder spells the value as RFC 8785 does."""
    kind = type(value)
    if kind in _SCALARS:
        return True
    if kind is int:
        return -_LARGEST <= value <= _LARGEST  # type: ignore[operator]  # an int
    return kind in _OBJECT_OR_LIST and _holds_simple(value)


def _holds_simple(value: Any) -> bool:  # any: a dict, a list or a tuple
    if type(value) is dict:
        if not "".join(value).isascii():  # raises where a name is no text
            return False
        value = value.values()
    kinds = set(map(type, value))
    if kinds <= _SCALARS:
        return True
    if kinds <= _FLAT:
        whole = [number for number in value if type(number) is int]
        return max(whole) <= _LARGEST and min(whole) >= -_LARGEST
    return all(map(_is_simple, value))


def _plain(value: Json) -> Any:  # the library's own name for these types is private
    """Mappings and sequences of every kind as the dict and list that the library knows."""
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_plain(member) for member in value]
    return value
