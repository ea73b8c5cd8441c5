# SPDX-License-Identifier: Apache-2.0
"""What a desk may handle at most, and what may pass between it and one partner.

A ceiling is set by an administrator above whoever works at the desk; it only ever refuses. Two
ceilings combine by their meet, the lower in every part. What is unknown of an item lies above.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.handling.marking import Marking
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Purpose,
    code_of,
)

T = TypeVar("T")


class CeilingPart(StrEnum):
    """The part of a ceiling above which something lies."""

    WAYS = "ways"
    PURPOSES = "purposes"
    FORMS = "forms"
    CLASSES = "classes"
    HANDLING = "handling"
    CAVEATS = "caveats"
    PERSONAL_DATA = "personal-data"


PART_WORDS: dict[CeilingPart, str] = {
    CeilingPart.WAYS: N_("the ways out"),
    CeilingPart.PURPOSES: N_("the purposes"),
    CeilingPart.FORMS: N_("the forms of assistance"),
    CeilingPart.CLASSES: N_("the classes of information"),
    CeilingPart.HANDLING: N_("the handling codes"),
    CeilingPart.CAVEATS: N_("the caveats"),
    CeilingPart.PERSONAL_DATA: N_("personal data"),
}


class CeilingUnreadableError(InvalidInputError):
    """A ceiling that cannot be meant, or cannot be read again."""

    code = "handling-ceiling-unreadable"
    message = N_("The ceiling cannot be read: {member} {obstacle}.")
    remedy = N_("Let an administrator set the ceiling anew; until then nothing passes.")


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that is allowed; None for no limit, an empty set for nothing at all."""

    ways: frozenset[str] | None = None
    purposes: frozenset[Purpose] | None = None
    forms: frozenset[FormOfAssistance] | None = None
    classes: frozenset[InformationClass] | None = None
    handling: frozenset[HandlingCode] | None = None
    caveats: frozenset[Caveat] | None = None
    """Caveats that the desk may handle; an item with another one is left to somebody above."""
    personal_data: bool = True
    """False where nothing may pass that is not known to hold no personal data."""

    def meet(self, other: Ceiling) -> Ceiling:
        """The lower of both in every part."""
        return Ceiling(
            ways=_lower(self.ways, other.ways),
            purposes=_lower(self.purposes, other.purposes),
            forms=_lower(self.forms, other.forms),
            classes=_lower(self.classes, other.classes),
            handling=_lower(self.handling, other.handling),
            caveats=_lower(self.caveats, other.caveats),
            personal_data=self.personal_data and other.personal_data,
        )

    def above(
        self,
        marking: Marking,
        *,
        way: str = "",
        purpose: Purpose | None = None,
        forms: Collection[FormOfAssistance] = (),
    ) -> CeilingPart | None:
        """The first part above which this act with such an item lies; None where it is within."""
        if way and not _within(self.ways, (way,)):
            return CeilingPart.WAYS
        if purpose is not None and not _within(self.purposes, (purpose,)):
            return CeilingPart.PURPOSES
        if not _within(self.forms, forms):
            return CeilingPart.FORMS
        return self._laid_on(marking)

    def _laid_on(self, marking: Marking) -> CeilingPart | None:
        if self.classes is not None and not marking.classes:
            return CeilingPart.CLASSES
        for part, limit, found in (
            (CeilingPart.CLASSES, self.classes, marking.classes),
            (CeilingPart.HANDLING, self.handling, marking.handling),
            (CeilingPart.CAVEATS, self.caveats, marking.caveats),
        ):
            if not _within(limit, found):
                return part
        if not self.personal_data and marking.personal_data is not False:
            return CeilingPart.PERSONAL_DATA
        return None


UNLIMITED = Ceiling()
NOTHING_PASSES = Ceiling(
    ways=frozenset(), purposes=frozenset(), forms=frozenset(), classes=frozenset()
)
"""What stands for a ceiling that was set and cannot be read."""


def ceiling_document(ceiling: Ceiling) -> dict[str, Any]:
    """The ceiling as JSON; null where there is no limit."""
    found = {field.name: getattr(ceiling, field.name) for field in fields(Ceiling)}
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in found.items()
    }


def read_ceiling(document: Mapping[str, Any]) -> Ceiling:
    """The ceiling of a document; every member is required.

    Raises:
        CeilingUnreadableError, UnknownCodeError: it cannot be meant.
    """
    expected = {field.name for field in fields(Ceiling)}
    for name in sorted(expected ^ set(map(str, document))):
        raise CeilingUnreadableError(member=name[:40], obstacle=N_("is missing or too many"))
    personal = document["personal_data"]
    if not isinstance(personal, bool):
        raise CeilingUnreadableError(
            member="personal_data", obstacle=N_("is neither true nor false")
        )
    return Ceiling(
        personal_data=personal,
        **{name: _read(name, document[name], read) for name, read in _READERS.items()},
    )


_READERS: dict[str, Callable[[str], Any]] = {  # Any: each set has codes of its own
    "ways": str,
    "purposes": lambda given: code_of(Purpose, given),
    "forms": lambda given: code_of(FormOfAssistance, given),
    "classes": lambda given: code_of(InformationClass, given),
    "handling": lambda given: code_of(HandlingCode, given),
    "caveats": lambda given: code_of(Caveat, given),
}


def _read(name: str, value: object, read: Callable[[str], Any]) -> frozenset[Any] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise CeilingUnreadableError(member=name, obstacle=N_("is no list of codes"))
    return frozenset(read(each) for each in value)


def _lower(one: frozenset[T] | None, other: frozenset[T] | None) -> frozenset[T] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _within(limit: frozenset[T] | None, found: Iterable[T]) -> bool:
    return limit is None or limit.issuperset(found)
