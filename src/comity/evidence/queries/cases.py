# SPDX-License-Identifier: Apache-2.0
"""Case files as values: what they are for, and who works on them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from comity.agreements.keyset import PAGE_SIZE
from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.evidence import models
from comity.evidence.item import CaseFile
from comity.reference.taxonomy import Offence, Purpose


class UnknownCaseFileError(NotFoundError):
    """There is no such case file, or none that may be seen."""

    code = "unknown-case-file"
    message = N_("There is no case file {case}.")
    remedy = N_("Open it first, or name one that you work on.")


def case_file(reference: str) -> CaseFile:
    """The case file of this reference.

    Raises:
        UnknownCaseFileError: there is none.
    """
    row = models.CaseFile.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownCaseFileError(case=reference)
    return _case_file_of(row)


def case_files(
    *, closed: bool = False, officer: str = "", limit: int = PAGE_SIZE
) -> tuple[CaseFile, ...]:
    """The case files that are open, or those that were closed; the newest first.

    Those that an officer works on if one is named.
    """
    rows = models.CaseFile.objects.filter(closed_at__isnull=not closed)
    if officer:
        rows = rows.filter(Q(opened_by=officer) | Q(officers__contains=[officer]))
    return tuple(_case_file_of(row) for row in rows.order_by("-opened_at")[:limit])


def open_case_files(officer: str = "", *, limit: int = PAGE_SIZE) -> tuple[CaseFile, ...]:
    """The open case files, the newest first; those that an officer works on if one is named."""
    return case_files(officer=officer, limit=limit)


def in_cases_of(officer: str, item: str = "") -> Q:
    """Rows whose item lies in a case file that this officer works on, or in none, or that have no
    item; every row where no officer is named. `item` is the rows' path to their item.
    """
    if not officer:
        return Q()
    case = f"{item}__case_file" if item else "case_file"
    working = Q(**{f"{case}__officers__contains": [officer]})
    return Q(**{f"{case}__isnull": True}) | Q(**{f"{case}__opened_by": officer}) | working


def cases_named(references: Iterable[str]) -> dict[str, CaseFile]:
    """The case files of these references that exist."""
    wanted = {reference for reference in references if reference}
    if not wanted:
        return {}
    rows = models.CaseFile.objects.filter(reference__in=wanted)
    return {row.reference: _case_file_of(row) for row in rows}


def _case_file_of(row: models.CaseFile) -> CaseFile:
    """A row as the case file that it is."""
    return CaseFile(
        reference=row.reference,
        purpose=Purpose(row.purpose),
        offences=tuple(Offence(code) for code in row.offences),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        officers=frozenset(row.officers) | {row.opened_by},
        closed_at=row.closed_at,
        version=row.version,
    )
