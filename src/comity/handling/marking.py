# SPDX-License-Identifier: Apache-2.0
"""What is laid on a piece of information, and how two such markings combine.

Markings form a join-semilattice: the join of two is at least as restrictive as either in every
part, so combining in any order, any number of times, gives the same and never less. Nothing is
ever overwritten. What a marking means for an act is decided by the assessment (`agreements`).

As a document every member is required and the vocabulary closed: what is not said, or said in
another way, is refused and never ignored, for a condition dropped would widen what may be done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from typing import Any, TypeVar

from comity.catalogues import N_, Phrase
from comity.errors import InvalidInputError
from comity.reference.days import day_of
from comity.reference.taxonomy import (
    Caveat,
    HandlingCode,
    InformationClass,
    Purpose,
    UseRule,
    code_of,
)

STRICTNESS: tuple[UseRule, ...] = (
    UseRule.PERMITTED,
    UseRule.PERMITTED_NOTIFY,
    UseRule.CONDITION_AT_SUPPLY,
    UseRule.PRIOR_CONSENT,
    UseRule.UNSPECIFIED,  # silence reaches a person, whom a consent would not
    UseRule.OTHER_CHANNEL_ONLY,
    UseRule.PROHIBITED,
)
"""The use rules, from the mildest to the strictest: as `agreements` ranks their verdicts."""
_STRICT = {rule: place for place, rule in enumerate(STRICTNESS)}


class Unsettled(StrEnum):
    """A fact that nobody settled, for the whole or for a part of what is marked."""

    PERSONAL_DATA = "personal-data"
    JUDICIAL_ORIGIN = "judicial-origin"
    DAY_OF_RETURN = "day-of-return"


_UNKNOWN: dict[tuple[bool, bool, bool], frozenset[Unsettled]] = {
    (personal, judicial, day): frozenset(
        fact for fact, unknown in zip(Unsettled, (personal, judicial, day), strict=True) if unknown
    )
    for personal in (False, True)
    for judicial in (False, True)
    for day in (False, True)
}


@dataclass(frozen=True, slots=True)
class Marking:
    """Every condition laid on an item. The default lays none; unknown facts stay unknown."""

    caveats: frozenset[Caveat] = frozenset()
    handling: frozenset[HandlingCode] = frozenset()
    use_rules: frozenset[tuple[Purpose, UseRule]] = frozenset()
    """The strictest rule that the supplier set for a purpose; a purpose left out has none."""
    audience: frozenset[str] | None = None
    """Named recipients; None for no list. An empty list is nobody, never everybody."""
    classes: frozenset[InformationClass] = frozenset()
    personal_data: bool | None = None
    judicially_obtained: bool | None = None
    return_or_destroy_by: date | None = None
    restrictions: frozenset[str] = frozenset()
    """What was laid down in words (handling code H3, a letter); a person reads it."""
    unsettled: frozenset[Unsettled] = frozenset()
    """Facts unknown of some part, though perhaps known of another; what is None is added here."""

    def __post_init__(self) -> None:
        """Keep one rule for a purpose, the strictest; and count as unsettled what is unknown."""
        if len(self.use_rules) > 1:
            object.__setattr__(self, "use_rules", _strictest(self.use_rules))
        unknown = self._unknown()
        if not unknown <= self.unsettled:
            object.__setattr__(self, "unsettled", self.unsettled | unknown)

    def join(self, other: Marking) -> Marking:
        """The least marking that is at least as restrictive as both."""
        if self is other:
            return self
        return Marking(
            caveats=self.caveats | other.caveats,
            handling=self.handling | other.handling,
            use_rules=self.use_rules | other.use_rules,
            audience=_both(self.audience, other.audience),
            classes=self.classes | other.classes,
            personal_data=_either(self.personal_data, other.personal_data),
            judicially_obtained=_either(self.judicially_obtained, other.judicially_obtained),
            return_or_destroy_by=_earliest(self.return_or_destroy_by, other.return_or_destroy_by),
            restrictions=self.restrictions | other.restrictions,
            unsettled=self.unsettled | other.unsettled,
        )

    def covers(self, other: Marking) -> bool:
        """Whether this marking is at least as restrictive as the other in every part."""
        return self.join(other) == self

    def rule_for(self, purpose: Purpose) -> UseRule | None:
        """What the supplier set for this purpose; None where it set nothing."""
        return next((rule for named, rule in self.use_rules if named is purpose), None)

    def _unknown(self) -> frozenset[Unsettled]:
        return _UNKNOWN[
            self.personal_data is None,
            self.judicially_obtained is None,
            self.return_or_destroy_by is None and Caveat.RETURN_OR_DESTROY_BY in self.caveats,
        ]


NOTHING = Marking(personal_data=False, judicially_obtained=False)
"""The marking that adds nothing to any other: known to hold no personal data, and not judicial."""


def join_all(markings: Iterable[Marking]) -> Marking:
    """The join of these markings; `NOTHING` of none."""
    return reduce(Marking.join, markings, NOTHING)


def stricter(one: UseRule, other: UseRule) -> UseRule:
    """The stricter of two use rules."""
    return max(one, other, key=_STRICT.__getitem__)


def _strictest(rules: frozenset[tuple[Purpose, UseRule]]) -> frozenset[tuple[Purpose, UseRule]]:
    found: dict[Purpose, UseRule] = {}
    for purpose, rule in rules:
        found[purpose] = stricter(found[purpose], rule) if purpose in found else rule
    return rules if len(found) == len(rules) else frozenset(found.items())


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Those named in both lists; no list names everybody."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _either(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001  # a fact
    """Whether it is so of one part at least; unknown where it may be."""
    if one or other:
        return True
    return None if one is None or other is None else False


def _earliest(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


Code = TypeVar("Code", bound=StrEnum)
ERASED = "erased"
"""What stands for the words of restrictions that were erased with the item."""
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
    document = marking_document(marking)
    if marking.restrictions:
        document["restrictions"] = None
    return document


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
        raise MarkingUnreadableError(member="marking", obstacle=N_("is no object"))
    _exactly(document, _READERS)
    values = dict(document)
    if values["restrictions"] is None:
        if restrictions is None:
            raise MarkingUnreadableError(member="restrictions", obstacle=N_("lie elsewhere"))
        values["restrictions"] = sorted(restrictions)
    return Marking(**{name: read(name, values[name]) for name, read in _READERS.items()})


def _exactly(document: Mapping[str, Any], members: Iterable[str]) -> None:
    expected = set(members)
    for name in sorted(expected - set(document)):
        raise MarkingUnreadableError(member=name, obstacle=N_("is missing"))
    for name in sorted(map(str, set(document) - expected)):
        raise MarkingUnreadableError(member=name[:40], obstacle=N_("is none that a marking has"))


def _list(name: str, value: object) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_MEMBERS:
        raise MarkingUnreadableError(
            member=name, obstacle=Phrase(N_("is no list of up to {most}"), most=MOST_MEMBERS)
        )
    for member in value:
        if not isinstance(member, str) or not member.strip() or len(member) > LONGEST_TEXT:
            raise MarkingUnreadableError(
                member=name, obstacle=N_("holds something that is no text")
            )
    return list(value)


def _codes(codes: type[Code]) -> Callable[[str, object], frozenset[Code]]:
    return lambda name, value: frozenset(_exact(codes, each) for each in _list(name, value))


def _exact(codes: type[Code], given: str) -> Code:
    """The code as it is written; another spelling is no code on the wire."""
    found = code_of(codes, given)
    if found.value != given:
        raise MarkingUnreadableError(
            member=codes.__name__, obstacle=N_("is written in another way")
        )
    return found


def _rules(name: str, value: object) -> frozenset[tuple[Purpose, UseRule]]:
    if not isinstance(value, Mapping):
        raise MarkingUnreadableError(member=name, obstacle=N_("is no object"))
    texts = zip(_list(name, list(value)), _list(name, list(value.values())), strict=True)
    return frozenset((_exact(Purpose, one), _exact(UseRule, other)) for one, other in texts)


def _texts(name: str, value: object) -> frozenset[str]:
    return frozenset(_list(name, value))


def _audience(name: str, value: object) -> frozenset[str] | None:
    return None if value is None else _texts(name, value)


def _fact(name: str, value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise MarkingUnreadableError(member=name, obstacle=N_("is neither true, false nor null"))


def _day(name: str, value: object) -> date | None:
    if value is None:
        return None
    try:
        return day_of(value if isinstance(value, str) else "")
    except ValueError:
        raise MarkingUnreadableError(member=name, obstacle=N_("is no day")) from None


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
