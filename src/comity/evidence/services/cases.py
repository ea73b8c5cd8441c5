# SPDX-License-Identifier: Apache-2.0
"""Case files: opened with a purpose that is stated once, and that every item in them inherits.

A change of the purpose is an act of its own, recorded with the old and the new one: from then on
the items are read for the new one, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotPermittedError
from comity.evidence import models
from comity.evidence.item import CaseFile
from comity.evidence.queries.cases import UnknownCaseFileError, _case_file_of, case_file
from comity.evidence.queries.changes import beyond_conditions
from comity.evidence.services.rows import acting
from comity.evidence.way_out import IntendedUse
from comity.journal.entry import Actor
from comity.journal.services import record
from comity.reference.taxonomy import Offence, Purpose

REFERENCE = re.compile(r"(?=.*[0-9])[A-Z0-9]+(?:[-./][A-Z0-9]+)*")
LONGEST = 60
MOST_NAMED = 50


class CaseFileClosedError(ConflictError):
    """Nothing changes in a case file that was closed."""

    code = "case-file-closed"
    message = N_("The case file {case} was closed.")
    remedy = N_("Open a new case file, or put the item into another one.")


class CaseFileKnownError(ConflictError):
    """There is a case file of this reference already."""

    code = "case-file-known"
    message = N_("There is a case file {case} already.")
    remedy = N_("Give the new one another reference, or work on the one there is.")


class CaseFileReferenceError(InvalidInputError):
    """A reference of a case file that could be a name."""

    code = "case-file-reference-odd"
    message = N_("A case file cannot be called so: its reference needs capitals and a number.")
    remedy = N_("Use your own register's number, such as CASE-2026-7; never a person's name.")


class NotOnTheCaseError(NotPermittedError):
    """The officer does not work on this case file."""

    code = "not-on-the-case"
    message = N_("{officer} does not work on the case file {case}.")
    remedy = N_("Ask whoever opened it, or a unit head, to add you.")


@transaction.atomic
def open_case_file(
    reference: str,
    purpose: Purpose,
    *,
    offences: Iterable[Offence] = (),
    officers: Iterable[str] = (),
    by: Officer | Actor,
    at: datetime,
) -> CaseFile:
    """Open a case file for this purpose; whoever opens it works on it.

    Raises:
        PermissionMissingError: the officer does not use evidence.
        CaseFileReferenceError, CaseFileKnownError: why it was not opened.
    """
    actor = acting(by, Permission.USE_EVIDENCE)
    if len(reference) > LONGEST or not REFERENCE.fullmatch(reference):
        raise CaseFileReferenceError
    if models.CaseFile.objects.filter(reference=reference).exists():
        raise CaseFileKnownError(case=reference)
    row = models.CaseFile.objects.create(
        reference=reference,
        purpose=purpose,
        offences=sorted(offence.value for offence in offences),
        officers=sorted({*officers, actor.reference}),
        opened_by=actor.reference,
        opened_at=at,
    )
    record("case-file-opened", reference, by=actor, at=at, facts=_facts(row))
    return _case_file_of(row)


@transaction.atomic
def change_purpose(
    reference: str,
    purpose: Purpose,
    *,
    offences: Iterable[Offence] | None = None,
    by: Officer,
    at: datetime,
    version: int | None = None,
) -> CaseFile:
    """State another purpose: every item in the case is decided on anew from now on.

    Raises:
        NotOnTheCaseError, CaseFileClosedError, ChangedMeanwhileError: why it was not changed.
    """
    actor = by.acting(Permission.USE_EVIDENCE)
    row = _locked(reference, by, version)
    before = row.purpose
    row.purpose = purpose
    if offences is not None:
        row.offences = sorted(offence.value for offence in offences)
    _save(row, "purpose", "offences")
    facts = _facts(row) | {"was": before}
    record("case-file-purpose-changed", reference, by=actor, at=at, facts=facts)
    return _case_file_of(row)


@transaction.atomic
def change_officers(
    reference: str,
    *,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    by: Officer,
    at: datetime,
    version: int | None = None,
) -> CaseFile:
    """Add officers to those who work on the case, or take some off; who opened it stays.

    Beside who works on it, whoever decides on uses may: a case outlives its officers' accounts.
    """
    actor = by.acting(_changes_officers_as(by))
    row = _locked(reference, by, version, officers=True)
    row.officers = sorted((set(row.officers) | set(add)) - set(remove) | {row.opened_by})
    _save(row, "officers")
    facts = {"count": str(len(row.officers)), "references": ",".join(row.officers[:50])}
    record("case-file-officers-changed", reference, by=actor, at=at, facts=facts)
    return _case_file_of(row)


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What a case file is to say from now on; None for what stays as it is."""

    purpose: Purpose | None = None
    offences: frozenset[Offence] | None = None
    officers: frozenset[str] | None = None
    """All who work on it, beside who opened it."""


class PurposeBeyondItemsError(ConflictError):
    """The new purpose goes beyond some items' conditions, and nobody said that it is known."""

    code = "purpose-beyond-items"
    message = N_("{purpose} goes beyond what these items of {case} may be read for: {items}.")
    remedy = N_("Change it all the same by saying so; the items stay, and are not read for it.")


@transaction.atomic
def change_case_file(
    reference: str,
    change: CaseChange,
    *,
    by: Officer,
    at: datetime,
    version: int | None = None,
    known: bool = False,
) -> CaseFile:
    """Change what a case file says, each part an act of its own; what stays alike is no act.

    `known` says that whoever changes the purpose was told which items it goes beyond.

    Raises:
        NotOnTheCaseError, CaseFileClosedError, ChangedMeanwhileError: why it was not changed.
        PurposeBeyondItemsError: it goes beyond items, and that was not known.
    """
    by.require(_changes_officers_as(by))
    before = _case_file_of(_locked(reference, by, version, officers=True))
    purpose = change.purpose or before.purpose
    offences = frozenset(before.offences) if change.offences is None else change.offences
    if (purpose, offences) != (before.purpose, frozenset(before.offences)):
        use = IntendedUse(purpose, offences=tuple(sorted(offences)))
        by.require(Permission.USE_EVIDENCE)
        if not known and (beyond := beyond_conditions(reference, use, by=by, at=at)):
            named = ", ".join(one.item for one in beyond[:MOST_NAMED])
            raise PurposeBeyondItemsError(purpose=purpose.value, case=reference, items=named)
        change_purpose(reference, purpose, offences=offences, by=by, at=at)
    wanted = before.officers if change.officers is None else change.officers
    wanted |= {before.opened_by}
    if wanted != before.officers:
        add, remove = wanted - before.officers, before.officers - wanted
        change_officers(reference, add=add, remove=remove, by=by, at=at)
    return case_file(reference)


@transaction.atomic
def close_case_file(
    reference: str, *, by: Officer, at: datetime, version: int | None = None
) -> CaseFile:
    """Close the case file: nothing is put into it any more, and terms run from this day."""
    actor = by.acting(Permission.USE_EVIDENCE)
    row = _locked(reference, by, version)
    row.closed_at = at
    _save(row, "closed_at")
    record("case-file-closed", reference, by=actor, at=at)
    return _case_file_of(row)


def may_change_officers(by: Officer) -> bool:
    """Whether the officer says who works on any case, also one that nobody is left on."""
    return by.may(Permission.DECIDE_ON_USE)


def _changes_officers_as(by: Officer) -> Permission:
    """The permission under which this officer changes who works on a case."""
    works = by.may(Permission.USE_EVIDENCE) or not may_change_officers(by)
    return Permission.USE_EVIDENCE if works else Permission.DECIDE_ON_USE


def _locked(
    reference: str, by: Officer, version: int | None, *, officers: bool = False
) -> models.CaseFile:
    """The row of an open case file that this officer works on, locked until the act is done.

    `officers`: or one whose officers this officer may change.
    """
    row = models.CaseFile.objects.select_for_update().filter(reference=reference).first()
    if row is None:
        raise UnknownCaseFileError(case=reference)
    if row.closed_at is not None:
        raise CaseFileClosedError(case=reference)
    answers = officers and may_change_officers(by)
    if by.reference not in {*row.officers, row.opened_by} and not answers:
        raise NotOnTheCaseError(officer=by.reference, case=reference)
    if version is not None and version != row.version:
        raise ChangedMeanwhileError(reference=reference, given=version, current=row.version)
    return row


def _save(row: models.CaseFile, *columns: str) -> None:
    row.version += 1
    row.save(update_fields=[*columns, "version"])


def _facts(row: models.CaseFile) -> dict[str, str]:
    return {"purpose": row.purpose, "offences": ",".join(row.offences)}
