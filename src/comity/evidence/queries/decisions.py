# SPDX-License-Identifier: Apache-2.0
"""What the door out needs to decide: items with all that they were made of, cases, the law.

The law's answers are kept for as long as nothing was added to what the node knows: items that
came alike are asked for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from comity.agreements.assessment import Determination
from comity.agreements.determination import determine
from comity.agreements.known_law import KnownLaw
from comity.agreements.queries import known_law
from comity.agreements.question import Question
from comity.errors import ComityError, NotFoundError
from comity.evidence import models
from comity.evidence.item import CaseFile, Item
from comity.evidence.queries import items as item_queries
from comity.evidence.queries.keys import UnknownItemError
from comity.evidence.way_out import Law, Refusal
from comity.reference.taxonomy import Offence, Purpose

MOST_KEPT = 4096


@dataclass(frozen=True, slots=True)
class ToDecide:
    """The items asked for, whatever they were made of, and their cases."""

    items: Mapping[str, Item]
    everything: Mapping[str, Item]
    cases: Mapping[str, CaseFile]
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    """Why an item that exists could not even be read."""


def to_decide(references: Sequence[str]) -> ToDecide:
    """Everything that decides on these items.

    Raises:
        UnknownItemError: there is none of one of the references.
    """
    items, refusals = _readable(references)
    everything = dict(items)
    waiting = _sources(items.values(), everything)
    while waiting:
        found, _unreadable = _readable(waiting)
        everything |= found
        waiting = _sources(found.values(), everything)
    return ToDecide(items, everything, case_files(item.case for item in items.values()), refusals)


def case_files(references: Iterable[str]) -> dict[str, CaseFile]:
    """The case files of these references that exist."""
    wanted = {reference for reference in references if reference}
    if not wanted:
        return {}
    rows = models.CaseFile.objects.filter(reference__in=wanted)
    return {row.reference: case_file_of(row) for row in rows}


def case_file_of(row: models.CaseFile) -> CaseFile:
    """A row as the case file that it is."""
    return CaseFile(
        reference=row.reference,
        purpose=Purpose(row.purpose),
        offences=tuple(Offence(code) for code in row.offences),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        officers=frozenset(row.officers) | {row.opened_by},
        closed_at=row.closed_at,
    )


def law() -> Law:
    """Answers questions with what the node knows at this moment."""
    known = known_law()
    answers = _answers(known)

    def answer(question: Question) -> Determination:
        found = answers.get(question)
        if found is None:
            if len(answers) >= MOST_KEPT:
                answers.clear()
            found = determine(question, known.register, known.overlay, known.laws)
            answers[question] = found
        return found

    return answer


_KEPT: list[tuple[KnownLaw, dict[Question, Determination]]] = []
"""The last answers, with what was known when they were given."""


def _answers(known: KnownLaw) -> dict[Question, Determination]:
    if not _KEPT or _KEPT[0][0] is not known:
        _KEPT[:] = [(known, {})]
    return _KEPT[0][1]


def _sources(items: Iterable[Item], known: Mapping[str, Item]) -> list[str]:
    """What these were made of and is not at hand yet."""
    wanted = (reference for item in items for reference in item.derived_from)
    return [reference for reference in dict.fromkeys(wanted) if reference not in known]


def _readable(references: Sequence[str]) -> tuple[dict[str, Item], dict[str, Refusal]]:
    """The items, and which of them cannot be read: one such never hides the others."""
    try:
        return {item.reference: item for item in item_queries.several(references)}, {}
    except UnknownItemError:
        raise
    except (ComityError, ValueError):
        return _one_by_one(references)


def _one_by_one(references: Sequence[str]) -> tuple[dict[str, Item], dict[str, Refusal]]:
    items: dict[str, Item] = {}
    refusals: dict[str, Refusal] = {}
    for reference in references:
        try:
            items[reference] = item_queries.item(reference)
        except NotFoundError:
            raise
        except (ComityError, ValueError):
            refusals[reference] = Refusal.MARKING_UNREADABLE
    return items, refusals
