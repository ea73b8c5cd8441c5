# SPDX-License-Identifier: Apache-2.0
"""A marking as a JSON document, and read back: closed vocabulary, every member required.

What a document does not say or says in another way is refused, never ignored: a condition that is
dropped would widen what may be done. `open_document` leaves the words of restrictions to be kept
sealed, and says with null that there are some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.handling.marking import Marking, Unsettled
from comity.reference.days import day_of
from comity.reference.taxonomy import (
    Caveat,
    HandlingCode,
    InformationClass,
    Purpose,
    UseRule,
    code_of,
)

Code = TypeVar("Code", bound=StrEnum)
MOST_MEMBERS = 500
LONGEST_TEXT = 4000


class MarkingUnreadableError(InvalidInputError):
    """What should say which conditions are laid on an item cannot be read whole."""

    code = "marking-unreadable"
    message = N_("The marking of an item cannot be read: {member} {obstacle}.")
    remedy = N_("Ask the supplier for the item again, with every condition as a code of the list.")


def marking_document(marking: Marking) -> dict[str, Any]:
    """The whole marking, as it goes to whoever is given the item."""
    audience, by = marking.audience, marking.return_or_destroy_by
    return {
        "caveats": sorted(marking.caveats),
        "handling": sorted(marking.handling),
        "use_rules": {str(purpose): str(rule) for purpose, rule in sorted(marking.use_rules)},
        "audience": None if audience is None else sorted(audience),
        "classes": sorted(marking.classes),
        "personal_data": marking.personal_data,
        "judicially_obtained": marking.judicially_obtained,
        "return_or_destroy_by": None if by is None else by.isoformat(),
        "restrictions": sorted(marking.restrictions),
        "unsettled": sorted(marking.unsettled),
    }


def open_document(marking: Marking) -> dict[str, Any]:
    """The marking without the words of its restrictions, which are kept sealed elsewhere."""
    restrictions = None if marking.restrictions else []
    return marking_document(marking) | {"restrictions": restrictions}


def read_marking(
    document: Mapping[str, Any], *, restrictions: Iterable[str] | None = None
) -> Marking:
    """The marking of a document; `restrictions` are the words that were kept sealed.

    Raises:
        MarkingUnreadableError: a member is missing, too many, of another shape, or the words of
            the restrictions are kept elsewhere and were not given.
        UnknownCodeError: a code that the taxonomy does not have.
    """
    if not isinstance(document, Mapping):
        raise MarkingUnreadableError(member="marking", obstacle="is no object")
    _exactly(document, _READERS)
    values = dict(document)
    if values["restrictions"] is None:
        if restrictions is None:
            raise MarkingUnreadableError(member="restrictions", obstacle="lie elsewhere")
        values["restrictions"] = sorted(restrictions)
    return Marking(**{name: read(name, values[name]) for name, read in _READERS.items()})


def _exactly(document: Mapping[str, Any], members: Iterable[str]) -> None:
    expected = set(members)
    for name in sorted(expected - set(document)):
        raise MarkingUnreadableError(member=name, obstacle="is missing")
    for name in sorted(map(str, set(document) - expected)):
        raise MarkingUnreadableError(member=name[:40], obstacle="is none that a marking has")


def _list(name: str, value: object) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_MEMBERS:
        raise MarkingUnreadableError(member=name, obstacle=f"is no list of up to {MOST_MEMBERS}")
    for member in value:
        if not isinstance(member, str) or not member.strip() or len(member) > LONGEST_TEXT:
            raise MarkingUnreadableError(member=name, obstacle="holds something that is no text")
    return list(value)


def _codes(codes: type[Code]) -> Callable[[str, object], frozenset[Code]]:
    return lambda name, value: frozenset(_exact(codes, each) for each in _list(name, value))


def _exact(codes: type[Code], given: str) -> Code:
    """The code as it is written; another spelling is no code on the wire."""
    found = code_of(codes, given)
    if found.value != given:
        raise MarkingUnreadableError(member=codes.__name__, obstacle="is written in another way")
    return found


def _rules(name: str, value: object) -> frozenset[tuple[Purpose, UseRule]]:
    if not isinstance(value, Mapping):
        raise MarkingUnreadableError(member=name, obstacle="is no object")
    texts = zip(_list(name, list(value)), _list(name, list(value.values())), strict=True)
    return frozenset((_exact(Purpose, one), _exact(UseRule, other)) for one, other in texts)


def _texts(name: str, value: object) -> frozenset[str]:
    return frozenset(_list(name, value))


def _audience(name: str, value: object) -> frozenset[str] | None:
    return None if value is None else _texts(name, value)


def _fact(name: str, value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise MarkingUnreadableError(member=name, obstacle="is neither true, false nor null")


def _day(name: str, value: object) -> date | None:
    if value is None:
        return None
    try:
        return day_of(value if isinstance(value, str) else "")
    except ValueError:
        raise MarkingUnreadableError(member=name, obstacle="is no day") from None


_READERS: dict[str, Callable[[str, object], Any]] = {  # any: each member's own type
    "caveats": _codes(Caveat),
    "handling": _codes(HandlingCode),
    "use_rules": _rules,
    "audience": _audience,
    "classes": _codes(InformationClass),
    "personal_data": _fact,
    "judicially_obtained": _fact,
    "return_or_destroy_by": _day,
    "restrictions": _texts,
    "unsettled": _codes(Unsettled),
}
