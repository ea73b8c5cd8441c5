# SPDX-License-Identifier: Apache-2.0
"""Packages as records, what is certified of items, and what was decided to be withheld of them.

References, codes, counts and digests only: values and salts are opened by `services.stated`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from comity.agreements.keyset import PAGE_SIZE, Page, newest_first
from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.evidence import models
from comity.evidence.package import Disclosure, PackageKind
from comity.evidence.queries.cases import in_cases_of
from comity.exchange.message_state import Direction
from comity.handling.redaction import RedactionReason

Rows = QuerySet[models.Package, models.Package]


class UnknownPackageError(NotFoundError):
    """There is no such package."""

    code = "unknown-package"
    message = N_("There is no package {reference}.")
    remedy = N_("The page of packages lists those that were made here and those that came in.")


@dataclass(frozen=True, slots=True)
class PackedLine:
    """An item in a package, and how much of it."""

    item: str
    number: int
    disclosure: Disclosure
    withheld: Mapping[str, int]
    """Code of a reason → how many parts were withheld for it."""


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A package that was made here or came in, without its file."""

    reference: str
    named: str
    kind: PackageKind
    direction: Direction
    partner: str
    case: str
    purpose: str
    instrument: str
    digest: str
    size: int
    made_by: str
    at: datetime
    message: str
    count: int
    """How many items it holds."""
    withheld: int
    """How many of their parts were withheld."""
    items: tuple[PackedLine, ...] = ()
    """Read of one package, not of a list of them."""


@dataclass(frozen=True, slots=True)
class RedactionRecord:
    """What was decided to be withheld of an item."""

    reference: str
    item: str
    withheld: Mapping[str, RedactionReason]
    made_by: str
    made_at: datetime


def packages(
    *, officer: str = "", after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[PackageRecord]:
    """Packages made here and received, the newest first; keys are their references.

    For an officer, those without any item in a case file that others alone work on.
    """
    rows = _seen_by(officer)
    return newest_first(rows, _values, after=after, before=before, size=size)


def package(reference: str, *, officer: str = "") -> PackageRecord:
    """The package of this reference, with what it holds.

    Raises:
        UnknownPackageError: there is none, or none that this officer may see.
    """
    row = _seen_by(officer).filter(reference=reference).first()
    if row is None:
        raise UnknownPackageError(reference=reference)
    packed = models.PackagedItem.objects.filter(package=row).values_list(
        "item__reference", "number", "disclosure", "withheld"
    )
    lines = (PackedLine(item, n, Disclosure(how), parts) for item, n, how, parts in packed)
    return replace(_values([row])[0], items=tuple(lines))


def packages_of(item: str) -> tuple[str, ...]:
    """References of the packages that hold an item, the newest first."""
    rows = models.PackagedItem.objects.filter(item__reference=item).order_by("-package")
    return tuple(rows.values_list("package__reference", flat=True))


def stated_among(items: Iterable[str]) -> frozenset[str]:
    """Those of these items on which a statement stands."""
    rows = models.StatedItem.objects.filter(item__reference__in=list(items))
    return frozenset(rows.values_list("item__reference", flat=True))


def statements_on(items: Iterable[str]) -> tuple[str, ...]:
    """References of our statements on these items."""
    rows = models.StatedItem.objects.filter(item__reference__in=list(items), statement__own=True)
    return tuple(rows.values_list("statement__reference", flat=True).distinct().order_by())


def parts_of(item: str) -> tuple[str, ...]:
    """The names of the parts that the latest statement on an item certifies; none without one."""
    row = models.StatedItem.objects.filter(item__reference=item).last()
    return tuple(name for name, _, _ in row.leaves) if row is not None else ()


def redactions_of(item: str) -> tuple[RedactionRecord, ...]:
    """What was decided to be withheld of an item, the latest first."""
    rows = models.Redaction.objects.filter(item__reference=item).select_related("item")
    return tuple(
        RedactionRecord(
            row.reference,
            row.item.reference,
            {name: RedactionReason(code) for name, code in row.withheld.items()},
            row.made_by,
            row.made_at,
        )
        for row in rows
    )


def _seen_by(officer: str) -> Rows:
    rows = models.Package.objects.all()
    if not officer:
        return rows
    packed = models.PackagedItem.objects.filter(package=OuterRef("pk"))
    return rows.exclude(Exists(packed.exclude(in_cases_of(officer, "item"))))


def _values(rows: Iterable[models.Package]) -> list[PackageRecord]:
    """Rows of the table as values; their items are counted for all of them at once."""
    ordered = list(rows)
    packed = models.PackagedItem.objects.filter(package__in=ordered).order_by()
    counts = dict(packed.values_list("package").annotate(Count("pk")))
    withheld: Counter[int] = Counter()
    for key, parts in packed.exclude(withheld={}).values_list("package", "withheld"):
        withheld[key] += sum(parts.values())
    return [_value(row, counts.get(row.pk, 0), withheld[row.pk]) for row in ordered]


def _value(row: models.Package, count: int, withheld: int) -> PackageRecord:
    return PackageRecord(
        reference=row.reference,
        named=row.named,
        kind=PackageKind(row.kind),
        direction=Direction(row.direction),
        partner=row.partner,
        case=row.case,
        purpose=row.purpose,
        instrument=row.instrument,
        digest=row.digest,
        size=row.size,
        made_by=row.made_by,
        at=row.at,
        message=row.message,
        count=count,
        withheld=withheld,
    )
