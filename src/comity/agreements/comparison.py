# SPDX-License-Identifier: Apache-2.0
"""Two instruments (or an instrument and a model text) side by side, provision by provision.

Each row is one matter (a form of assistance, a purpose of use, a parameter of a provision) with
what either says of it and how the first stands to the second: the same, wider, stricter, different,
or only in one of them. A matter that is missing from a text which nobody has read whole is
"not known", never "lacking".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from comity.agreements.documents import Document, plain
from comity.agreements.instrument import Instrument, ReadState
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.catalogues import N_
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule


class Relation(StrEnum):
    """How the first instrument stands to the second in one matter."""

    SAME = "same"
    WIDER = "wider"
    """The first allows more, or binds the one who is asked more firmly."""
    STRICTER = "stricter"
    DIFFERENT = "different"
    """They differ, and neither is plainly wider."""
    ONLY_FIRST = "only-first"
    ONLY_SECOND = "only-second"
    SECOND_NOT_KNOWN = "second-not-known"
    """Only the first has it; the second has not been read whole."""
    FIRST_NOT_KNOWN = "first-not-known"


RELATION_WORDS: dict[Relation, str] = {
    Relation.SAME: N_("the same in both"),
    Relation.WIDER: N_("wider in {first}"),
    Relation.STRICTER: N_("stricter in {first}"),
    Relation.DIFFERENT: N_("different"),
    Relation.ONLY_FIRST: N_("only in {first}"),
    Relation.ONLY_SECOND: N_("only in {second}"),
    Relation.SECOND_NOT_KNOWN: N_("in {first}; {second} is not read whole"),
    Relation.FIRST_NOT_KNOWN: N_("in {second}; {first} is not read whole"),
}


class Matter(StrEnum):
    """What a row is about."""

    FORM = "form"
    EXCLUDED_FORM = "excluded-form"
    USE = "use"
    DISCLOSURE = "disclosure"
    PARAMETER = "parameter"
    PROVISION = "provision"


MATTER_WORDS: dict[Matter, str] = {
    Matter.FORM: N_("Forms of assistance"),
    Matter.EXCLUDED_FORM: N_("Forms that the text excludes"),
    Matter.USE: N_("Use for each purpose"),
    Matter.DISCLOSURE: N_("Disclosure to others"),
    Matter.PARAMETER: N_("Terms and conditions"),
    Matter.PROVISION: N_("Provisions"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """What one instrument says of a matter, and where."""

    value: object
    article: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Row:
    """One matter in both instruments. `topic` is a code, or `<provision type>.<parameter>`."""

    matter: Matter
    topic: str
    relation: Relation
    first: Side | None
    second: Side | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All matters that either instrument treats, in the order of `Matter`."""

    first: str
    second: str
    rows: tuple[Row, ...]

    def differing(self) -> tuple[Row, ...]:
        """The rows in which the two are not the same."""
        return tuple(row for row in self.rows if row.relation is not Relation.SAME)

    def only_first(self) -> tuple[Row, ...]:
        """What the first has and the second lacks."""
        return tuple(row for row in self.rows if row.relation is Relation.ONLY_FIRST)

    def only_second(self) -> tuple[Row, ...]:
        """What the second (such as a model) has and the first lacks."""
        return tuple(row for row in self.rows if row.relation is Relation.ONLY_SECOND)


Topic = tuple[Matter, str]
Sides = dict[Topic, Side]

USE_RULE_ORDER = (
    UseRule.PERMITTED,
    UseRule.CONDITION_AT_SUPPLY,
    UseRule.PERMITTED_NOTIFY,
    UseRule.PRIOR_CONSENT,
    UseRule.OTHER_CHANNEL_ONLY,
    UseRule.PROHIBITED,
)
"""Widest first. `UNSPECIFIED` has no place in the order: silence is neither wider nor stricter."""

DUTY_ORDER = ("shall", "endeavour", "may")
"""Firmest first: what a requested administration shall do is wider than what it may."""

FEWER_IS_WIDER = frozenset(
    {
        "refusal.grounds",
        "postponement.grounds",
        "use.notice_days",
        "assistance.limited_to",
        "deadlines.reply_days",
        "form_of_request.confirm_within_days",
        "form_of_request.fields",
        "entry_into_force.days_after_notifications",
        "personal_data.gate",
        "costs.exceptions",
    }
)
"""Lists and numbers where less binds less."""

MORE_IS_WIDER = frozenset(
    {
        "assistance.trigger",
        "special.trigger",
        "scope.offences",
        "personal_data.retention_days",
        "onward_disclosure.recipients",
        "precedence.saves",
    }
)
"""Lists and numbers where more allows more."""

OWN_ROWS = frozenset({"forms", "excluded_forms", "rules"})
"""Parameters that have rows of their own instead of a parameter row."""


def compare(first: Instrument, second: Instrument) -> Comparison:
    """Every matter of the two texts as they stand now (dropped provisions are left out)."""
    ours, theirs = _sides(first), _sides(second)
    rows = tuple(
        Row(
            matter=topic[0],
            topic=topic[1],
            relation=_relation(topic, ours.get(topic), theirs.get(topic), first, second),
            first=ours.get(topic),
            second=theirs.get(topic),
        )
        for topic in sorted({*ours, *theirs}, key=_place)
    )
    return Comparison(first.reference, second.reference, rows)


def document_of(comparison: Comparison) -> Document:
    """The comparison as JSON has it, with the two lists that a negotiator reads first."""
    return {
        "first": comparison.first,
        "second": comparison.second,
        "only_first": [f"{row.matter}:{row.topic}" for row in comparison.only_first()],
        "only_second": [f"{row.matter}:{row.topic}" for row in comparison.only_second()],
        "rows": [plain(row) for row in comparison.rows],
    }


def _sides(instrument: Instrument) -> Sides:
    sides: Sides = {}
    for provision in instrument.provisions:
        if not provision.until_version:
            for topic, value in _values(provision):
                side = Side(value, provision.article, provision.basis)
                sides[topic] = _joined(topic, sides[topic], side) if topic in sides else side
    return sides


def _values(provision: Provision) -> Iterable[tuple[Topic, object]]:
    """The matters of one provision: its forms, its rules of use, its other parameters, itself."""
    parameters = provision.parameters
    yield (Matter.PROVISION, provision.type.value), True
    for form in _listed(parameters.get("forms")):
        yield (Matter.FORM, form), str(parameters.get("duty", ""))
    for form in _listed(parameters.get("excluded_forms")):
        yield (Matter.EXCLUDED_FORM, form), True
    rules = parameters.get("rules")
    if isinstance(rules, Mapping):
        onward = provision.type is ProvisionType.ONWARD_DISCLOSURE
        matter = Matter.DISCLOSURE if onward else Matter.USE
        for purpose, rule in rules.items():
            yield (matter, str(purpose)), str(rule)
    for name, value in parameters.items():
        if name not in OWN_ROWS and not (name == "duty" and "forms" in parameters):
            yield (Matter.PARAMETER, f"{provision.type.value}.{name}"), value


def _joined(topic: Topic, one: Side, other: Side) -> Side:
    """What two articles of one text say of one matter: the firmer duty, the stricter use."""
    articles = ", ".join(dict.fromkeys(filter(None, (*one.article.split(", "), other.article))))
    basis = one.basis if one.basis is other.basis else max(one.basis, other.basis, key=_trust)
    return Side(_joined_value(topic, one.value, other.value), articles, basis)


def _joined_value(topic: Topic, one: object, other: object) -> object:
    matter = topic[0]
    if one == other:
        return one
    if matter is Matter.FORM:
        return min((one, other), key=lambda duty: _rank(DUTY_ORDER, duty))
    if matter in (Matter.USE, Matter.DISCLOSURE):
        return max((one, other), key=lambda rule: _rank(USE_RULE_ORDER, rule))
    return [*_several(one), *(item for item in _several(other) if item not in _several(one))]


def _relation(
    topic: Topic, ours: Side | None, theirs: Side | None, first: Instrument, second: Instrument
) -> Relation:
    if ours is None:
        whole = first.read is ReadState.WHOLE or _is_model(first)
        return Relation.ONLY_SECOND if whole else Relation.FIRST_NOT_KNOWN
    if theirs is None:
        whole = second.read is ReadState.WHOLE or _is_model(second)
        return Relation.ONLY_FIRST if whole else Relation.SECOND_NOT_KNOWN
    if _comparable(ours.value) == _comparable(theirs.value):
        return Relation.SAME
    return ORDERS.get(topic[0], _by_parameter)(topic, ours.value, theirs.value)


def _by_duty(_topic: Topic, ours: object, theirs: object) -> Relation:
    return _by_rank(_rank(DUTY_ORDER, ours), _rank(DUTY_ORDER, theirs), len(DUTY_ORDER))


def _by_use_rule(_topic: Topic, ours: object, theirs: object) -> Relation:
    ranks = _rank(USE_RULE_ORDER, ours), _rank(USE_RULE_ORDER, theirs)
    return _by_rank(*ranks, len(USE_RULE_ORDER))


def _by_rank(ours: int, theirs: int, unranked: int) -> Relation:
    """Lower ranks are wider; what has no rank is only different."""
    if unranked in (ours, theirs):
        return Relation.DIFFERENT
    return Relation.WIDER if ours < theirs else Relation.STRICTER


def _by_parameter(topic: Topic, ours: object, theirs: object) -> Relation:
    if topic[1] not in FEWER_IS_WIDER | MORE_IS_WIDER:
        return Relation.DIFFERENT
    more = _is_more(ours, theirs)
    if more is None:
        return Relation.DIFFERENT
    return Relation.WIDER if more is (topic[1] in MORE_IS_WIDER) else Relation.STRICTER


def _is_more(ours: object, theirs: object) -> bool | None:
    """Whether ours is the larger number or list; None when neither contains the other."""
    if isinstance(ours, int) and isinstance(theirs, int):
        return ours > theirs
    one, other = set(map(str, _several(ours))), set(map(str, _several(theirs)))
    if one > other:
        return True
    return False if one < other else None


ORDERS: dict[Matter, Callable[[Topic, object, object], Relation]] = {
    Matter.FORM: _by_duty,
    Matter.USE: _by_use_rule,
    Matter.DISCLOSURE: _by_use_rule,
}
"""How two values of a matter are ordered; other matters are ordered by their parameter."""

_PLACES: dict[str, int] = {
    code: place
    for codes in (FormOfAssistance, Purpose, ProvisionType)
    for place, code in enumerate(codes)
}
_MATTERS = list(Matter)


def _place(topic: Topic) -> tuple[int, int, str]:
    head = topic[1].partition(".")[0]
    return _MATTERS.index(topic[0]), _PLACES.get(head, len(_PLACES)), topic[1]


def _rank(order: tuple[str, ...], value: object) -> int:
    return order.index(str(value)) if str(value) in order else len(order)


def _trust(basis: Basis) -> int:
    return (Basis.CONFIRMED, Basis.READ, Basis.ASSUMED).index(basis)


def _is_model(instrument: Instrument) -> bool:
    return instrument.programme.value == "model"


def _listed(value: object) -> list[str]:
    return [str(item) for item in _several(value)] if value is not None else []


def _several(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


def _comparable(value: object) -> object:
    """Lists in any order are the same list."""
    several = isinstance(value, list | tuple | set | frozenset)
    return sorted(map(str, _several(value))) if several else value
