# SPDX-License-Identifier: Apache-2.0
"""Items as values, one by one and in pages. Their descriptions and contents are not opened here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from comity.agreements.keyset import PAGE_SIZE, Page, newest_first
from comity.evidence import models
from comity.evidence.item import CaseFile, Channel, Item, ItemKind, ItemState, Rank
from comity.evidence.queries.cases import _case_file_of, in_cases_of
from comity.evidence.queries.keys import RESTRICTIONS, UnknownItemError, opened_key, words_in
from comity.handling.marking import Marking, read_marking
from comity.reference.taxonomy import FormOfAssistance

__all__ = ["ItemSearch", "UnknownItemError", "derived_from", "item", "item_of_identity", "items"]

Rows = QuerySet[models.Item, models.Item]


@dataclass(frozen=True, slots=True)
class ItemSearch:
    """Which items a list is to show; what is left empty does not narrow it."""

    case: str = ""
    state: ItemState | None = None
    kind: ItemKind | None = None
    rank: Rank | None = None
    supplier: str = ""
    """Code of an administration that supplied it."""
    withheld: bool = False
    """Only those whose certification is withheld."""
    return_by: date | None = None
    """Only those that must be returned by this day at the latest."""
    digest: str = ""
    references: tuple[str, ...] = ()
    words: tuple[bytes, ...] = ()
    """Digests of words that stand in its title or marks, all of them."""
    officer: str = ""
    """Only those of case files that this officer works on, and those of none."""


EVERYTHING = ItemSearch()
ERASED = "(erased)"
"""Stands for restrictions in words that nobody can read any more: something was restricted."""


def item(reference: str) -> Item:
    """The item of this reference.

    Raises:
        UnknownItemError: there is none.
    """
    return several((reference,))[0]


def several(references: Sequence[str]) -> tuple[Item, ...]:
    """The items of these references, in their order.

    Raises:
        UnknownItemError: there is none of one of them.
    """
    return tuple(_value(row) for row in _named(references))


def with_cases(references: Sequence[str]) -> tuple[dict[str, Item], dict[str, CaseFile]]:
    """The items of these references, and the case files that they are in, each by its reference.

    Raises:
        UnknownItemError: there is none of one of them.
    """
    rows = _named(references)
    cases = {each.reference: each for each in (row.case_file for row in rows) if each}
    return (
        {row.reference: _value(row) for row in rows},
        {reference: _case_file_of(each) for reference, each in cases.items()},
    )


def _named(references: Sequence[str]) -> list[models.Item]:
    found = {row.reference: row for row in _whole(Q(reference__in=set(references)))}
    for reference in references:
        if reference not in found:
            raise UnknownItemError(reference=reference)
    return [found[reference] for reference in references]


def item_of_identity(identity: str) -> Item | None:
    """The item that every administration knows by this UUID, if it is here."""
    return next(iter(_values(models.Item.objects.filter(identity=identity))), None)


def items(
    search: ItemSearch = EVERYTHING, *, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[Item]:
    """The items that fit, the newest first; keys are their references."""
    rows = _narrowed(models.Item.objects.all(), search)
    return newest_first(rows, _values, after=after, before=before, size=size)


def derived_from(reference: str) -> tuple[str, ...]:
    """The references of what was made from an item."""
    rows = models.Derivation.objects.filter(source__reference=reference)
    return tuple(rows.order_by("item").values_list("item__reference", flat=True))


def _narrowed(rows: Rows, search: ItemSearch) -> Rows:
    conditions: dict[str, object] = {
        "case_file__reference": search.case,
        "state": search.state,
        "kind": search.kind,
        "rank": search.rank,
        "digest": search.digest,
        "return_by__lte": search.return_by,
        "reference__in": search.references,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    if search.supplier:
        came = models.Channel.objects.filter(item=OuterRef("pk"), supplier=search.supplier)
        rows = rows.filter(Exists(came))
    for digest in search.words:
        rows = rows.filter(pk__in=models.ItemWord.objects.filter(digest=digest).values("item"))
    rows = rows.filter(in_cases_of(search.officer))
    return rows.filter(certifiable=False) if search.withheld else rows


def _values(rows: Rows | Iterable[models.Item]) -> list[Item]:
    """Rows of the table as values; what belongs to them is read for all of them at once."""
    ordered = [row.pk for row in rows]
    by_key = {row.pk: _value(row) for row in _whole(Q(pk__in=ordered))}
    return [by_key[key] for key in ordered]


def _whole(wanted: Q) -> list[models.Item]:
    """Rows with all that belongs to them: two statements, a third where a channel was narrowed."""
    made = models.Derivation.objects.filter(item=OuterRef("pk")).values("source__reference")
    narrowed = models.Narrowing.objects.filter(channel=OuterRef("pk"))
    channels = models.Channel.objects.select_related("withdrawal")
    channels = channels.annotate(narrowed=Exists(narrowed))
    rows: list[models.Item] = list(
        models.Item.objects.filter(wanted)
        .annotate(sources=ArraySubquery(made))
        .select_related("case_file", "key")
        .prefetch_related(Prefetch("channels", channels, to_attr="ways"))
        .defer("sealed")
    )
    read = [channel for row in rows for channel in vars(row)["ways"] if vars(channel)["narrowed"]]
    prefetch_related_objects(read, "narrowings")
    return rows


def _value(row: models.Item) -> Item:
    return Item(
        reference=row.reference,
        identity=str(row.identity),
        kind=ItemKind(row.kind),
        rank=Rank(row.rank),
        state=ItemState(row.state),
        case=row.case_file.reference if row.case_file else "",
        channels=tuple(_channel(row, channel) for channel in vars(row)["ways"]),
        added_by=row.added_by,
        added_at=row.added_at,
        media_type=row.media_type,
        size=row.size,
        digest=row.digest,
        derived_from=tuple(sorted(vars(row)["sources"])),
        certifiable=row.certifiable,
        return_by=row.return_by,
        version=row.version,
    )


def _channel(row: models.Item, channel: models.Channel) -> Channel:
    withdrawal = getattr(channel, "withdrawal", None)
    return Channel(
        number=channel.number,
        supplier=channel.supplier,
        marking=_marking(row, channel),
        supplied_on=channel.supplied_on,
        instrument=channel.instrument,
        form=FormOfAssistance(channel.form) if channel.form else None,
        requested_on=channel.requested_on,
        message=channel.message,
        withdrawn_on=withdrawal.on if withdrawal is not None else None,
    )


def _marking(row: models.Item, channel: models.Channel) -> Marking:
    """What was laid on it, then and since; restrictions in words lie sealed under its key."""
    words, key = None, getattr(row, "key", None)
    if channel.marking["restrictions"] is None:
        words = [ERASED] if key is None else _restrictions(key, channel)
    marking = read_marking(channel.marking, restrictions=words)
    for narrowing in channel.narrowings.all() if vars(channel)["narrowed"] else ():
        words = None
        if narrowing.marking["restrictions"] is None:
            words = [ERASED] if key is None else _restrictions(key, narrowing)
        marking = marking.join(read_marking(narrowing.marking, restrictions=words))
    return marking


def _restrictions(key: models.ItemKey, row: models.Channel | models.Narrowing) -> list[str]:
    words: list[str] = words_in(opened_key(key.sealed), row.sealed, RESTRICTIONS)
    return words
