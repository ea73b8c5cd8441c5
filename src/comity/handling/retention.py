# SPDX-License-Identifier: Apache-2.0
"""How long items are kept: a schedule of terms as data, and the day on which one falls due.

Pure: the day from which a term runs is an argument. What prevents destruction all the same (a
legal hold, a proceeding) is decided by whoever keeps the items; the earliest day always counts.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from comity.catalogues import N_, Phrase
from comity.errors import InvalidInputError
from comity.handling.marking import Marking
from comity.reference.taxonomy import InformationClass, Purpose, code_of


class RunsFrom(StrEnum):
    """From which day a term runs."""

    RECEIPT = "receipt"
    CASE_CLOSED = "case-closed"
    PURPOSE_FULFILLED = "purpose-fulfilled"


RUNS_FROM_WORDS: dict[RunsFrom, str] = {
    RunsFrom.RECEIPT: N_("from its receipt"),
    RunsFrom.CASE_CLOSED: N_("from the closing of its case file"),
    RunsFrom.PURPOSE_FULFILLED: N_("from the day its purpose was fulfilled"),
}


class RetentionScheduleError(InvalidInputError):
    """A line of a retention schedule cannot be meant."""

    code = "retention-schedule-odd"
    message = N_("The line {line} of the retention schedule cannot be used: {obstacle}.")
    remedy = N_("A line has a code, a term in months, from when it runs, and its source.")


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One line: what it is about, how long that is kept, and which text says so."""

    code: str
    months: int
    runs_from: RunsFrom
    source: str
    """The text that sets the term, with its article."""
    classes: frozenset[InformationClass] = frozenset()
    """Empty for every class."""
    purposes: frozenset[Purpose] = frozenset()
    """Empty for every purpose."""
    suppliers: frozenset[str] = frozenset()
    """Empty for every supplier and for what is our own."""
    personal_data: bool | None = None
    """True for what may hold personal data only; None for either."""

    def is_about(self, kept: Kept) -> bool:
        """Whether the line speaks of this item; what is unknown of it is taken as meant."""
        marking = kept.marking
        if self.classes and marking.classes and not self.classes & marking.classes:
            return False
        if self.purposes and kept.purpose is not None and kept.purpose not in self.purposes:
            return False
        if self.suppliers and not self.suppliers & kept.suppliers:
            return False
        return self.personal_data is None or marking.personal_data in (None, self.personal_data)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a schedule needs to know of an item."""

    marking: Marking
    days: Mapping[RunsFrom, date]
    """The days that are known; a term runs from none that is missing."""
    purpose: Purpose | None = None
    suppliers: frozenset[str] = frozenset()
    return_by: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The day on which an item is to go, and what says so."""

    on: date
    rule: RetentionRule | None = None
    """None where the supplier set the day and not the schedule."""


@dataclass(frozen=True, slots=True)
class RetentionSchedule:
    """The terms of an administration, each line speaking for itself."""

    rules: tuple[RetentionRule, ...] = ()

    def due(self, kept: Kept) -> Due | None:
        """The earliest day that any line or the supplier sets; None where none is running."""
        found = [
            Due(months_after(kept.days[rule.runs_from], rule.months), rule)
            for rule in self.rules
            if rule.runs_from in kept.days and rule.is_about(kept)
        ]
        days = (kept.marking.return_or_destroy_by, kept.return_by)
        found += [Due(day) for day in days if day is not None]
        return min(found, key=lambda due: due.on, default=None)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_schedule(lines: Iterable[Mapping[str, Any]]) -> RetentionSchedule:
    """The schedule of these lines, as a file or a form gives them.

    Raises:
        RetentionScheduleError: a line lacks something, or says what no line says.
        UnknownCodeError: a code that the taxonomy does not have.
    """
    rules = tuple(_rule(line) for line in lines)
    codes = [rule.code for rule in rules]
    for code in codes:
        if codes.count(code) > 1:
            raise RetentionScheduleError(line=code, obstacle=N_("another line has the same code"))
    return RetentionSchedule(rules)


_MEMBERS = frozenset(
    ("code", "months", "runs_from", "source", "classes", "purposes", "suppliers", "personal_data")
)
LONGEST = 12 * 200
"""Months beyond which no term is meant."""


def _rule(line: Mapping[str, Any]) -> RetentionRule:
    name = str(line.get("code", ""))[:60]
    odd = sorted(map(str, set(line) - _MEMBERS))
    if odd:
        raise RetentionScheduleError(
            line=name, obstacle=Phrase(N_("“{name}” is no part of a line"), name=odd[0][:40])
        )
    months = line.get("months")
    if not name or isinstance(months, bool) or not isinstance(months, int):
        raise RetentionScheduleError(line=name, obstacle=N_("it needs a code and a term in months"))
    if not 0 <= months <= LONGEST:
        raise RetentionScheduleError(
            line=name, obstacle=Phrase(N_("a term has 0 to {most} months"), most=LONGEST)
        )
    if not str(line.get("source", "")).strip():
        raise RetentionScheduleError(line=name, obstacle=N_("it names no source"))
    personal = line.get("personal_data")
    if personal not in (None, True):
        raise RetentionScheduleError(line=name, obstacle=N_("personal_data is true or left out"))
    return RetentionRule(
        code=name,
        months=months,
        runs_from=code_of(RunsFrom, str(line.get("runs_from", ""))),
        source=str(line["source"]).strip(),
        classes=frozenset(code_of(InformationClass, each) for each in line.get("classes", ())),
        purposes=frozenset(code_of(Purpose, each) for each in line.get("purposes", ())),
        suppliers=frozenset(map(str, line.get("suppliers", ()))),
        personal_data=personal,
    )
