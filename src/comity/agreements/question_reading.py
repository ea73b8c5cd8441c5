# SPDX-License-Identifier: Apache-2.0
"""Reads a question from the document that programs send and that a kept assessment holds.

The document is `answers.question_document`'s: `kind` first, then the question's own fields, codes
as text, days in ISO 8601. What is unknown is left out or null; a field that the question does not
have is refused, never ignored, because a condition that is dropped would widen the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from comity.agreements.question import Ask, Disclose, Item, Question, Release, Retain, Use
from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.reference.days import day_of
from comity.reference.taxonomy import code_of

KINDS: dict[str, type[Ask] | type[Release] | type[Use] | type[Disclose] | type[Retain]] = {
    "ask": Ask,
    "release": Release,
    "use": Use,
    "disclose": Disclose,
    "retain": Retain,
}


class QuestionUnreadableError(InvalidInputError):
    """A question lacks a field, has one too many, or one that cannot be read."""

    code = "question-unreadable"
    message = N_("The question cannot be read: {field} {obstacle}.")
    remedy = N_("A question of the kind “{kind}” has these fields: {fields}.")


def question_of(document: Mapping[str, Any]) -> Question:
    """The question of this document.

    Raises:
        QuestionUnreadableError: a field is missing, unknown or of another shape.
        UnknownCodeError: a code that the taxonomy does not have; the nearest are named.
    """
    kind = str(document.get("kind", ""))
    if kind not in KINDS:
        raise QuestionUnreadableError(
            field="kind", obstacle=f"is one of {', '.join(KINDS)}", kind=kind, fields="kind"
        )
    given = {name: value for name, value in document.items() if name != "kind"}
    question: Question = _read(KINDS[kind], given, kind)
    return question


def kind_of(question: Question) -> str:
    """`ask`, `release`, `use`, `disclose` or `retain`."""
    return type(question).__name__.lower()


@cache
def _hints(value_type: type[Any]) -> dict[str, Any]:
    return get_type_hints(value_type)


def _read(value_type: Any, given: Mapping[str, Any], kind: str) -> Any:
    """The dataclass with the given fields; whatever is left out keeps its default."""
    known = {field.name: field for field in fields(value_type)}
    for name in given:
        if name not in known:
            raise _unreadable(name, "is not a field of it", kind, known)
    read = {
        name: _value(_hints(value_type)[name], given[name], name, kind, known)
        for name in known
        if name in given and not _left_out(given[name], _hints(value_type)[name])
    }
    for name, field in known.items():
        required = field.default is MISSING and field.default_factory is MISSING
        if required and name not in read:
            if _allows_none(_hints(value_type)[name]):
                read[name] = None
            else:
                raise _unreadable(name, "is missing", kind, known)
    return value_type(**read)


def _left_out(value: object, hint: Any) -> bool:
    """Null, or an empty text where text is not what is asked for, says nothing."""
    return value is None or (value == "" and hint is not str)


def _allows_none(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint)


def _value(hint: Any, value: Any, name: str, kind: str, known: Mapping[str, Any]) -> Any:
    """One value by the type that its field declares."""
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) in (tuple, frozenset):
        if not isinstance(value, list | tuple | set | frozenset):
            raise _unreadable(name, "is a list", kind, known)
        items = [_value(get_args(hint)[0], item, name, kind, known) for item in value]
        return get_origin(hint)(items)
    return _single(hint, value, name, kind, known)


def _single(hint: Any, value: Any, name: str, kind: str, known: Mapping[str, Any]) -> Any:
    if hint is date:
        return _day(value, name, kind, known)
    wanted, words = SHAPES.get(hint, (str, N_("is text")))
    if not isinstance(value, wanted):
        raise _unreadable(name, words, kind, known)
    if isinstance(value, Mapping):
        return _read(Item, value, kind)
    if isinstance(hint, type) and issubclass(hint, StrEnum) and isinstance(value, str):
        return code_of(hint, value)
    return value.strip() if isinstance(value, str) else value


SHAPES: dict[Any, tuple[type, str]] = {
    Item: (Mapping, N_("is an object")),
    bool: (bool, N_("is true or false")),
}
"""What JSON gives for a field's type, where it is not text, and how to say so."""


def _day(value: Any, name: str, kind: str, known: Mapping[str, Any]) -> date:
    if isinstance(value, date):
        return value
    try:
        return day_of(value)
    except (TypeError, ValueError):
        raise _unreadable(name, "is a day such as 2024-10-11", kind, known) from None


def _unreadable(
    name: str, obstacle: str, kind: str, known: Mapping[str, Any]
) -> QuestionUnreadableError:
    return QuestionUnreadableError(
        field=name, obstacle=obstacle, kind=kind, fields=", ".join(known)
    )
