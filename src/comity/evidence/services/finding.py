# SPDX-License-Identifier: Apache-2.0
"""Finding items by the words of their titles and marks, over all of them, without a plain word.

The tables hold a keyed digest of each word, destroyed with the item's key. What is found by it is
let out by the one door before anything is said of it: to whoever may not read a title, the item
was not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.errors import ComityError
from comity.evidence import models
from comity.evidence.item import Description, Item
from comity.evidence.queries import items as queries
from comity.evidence.queries.decisions import OVERSEES
from comity.evidence.queries.items import EVERYTHING, ItemSearch
from comity.evidence.queries.words import digests_of
from comity.evidence.services import keeping, way_out
from comity.evidence.services.rows import _locked_item
from comity.evidence.title_words import fits, words_of
from comity.evidence.way_out import Let, WayOut

AT_ONCE = 60
MOST_OPENED = 300
"""So many items that fit are opened for one page of a search; each is a decision of its own."""
MOST_INDEXED = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """An item whose title or marks hold the words, as it was let out."""

    item: Item
    let: Let
    description: Description


@dataclass(frozen=True, slots=True)
class Findings:
    """One page of what was found, the newest first."""

    found: tuple[Found, ...]
    older: str = ""
    """The reference after which the next page begins; empty where nothing more is found."""


def find(
    asked: str,
    *,
    by: Officer,
    at: datetime,
    search: ItemSearch = EVERYTHING,
    after: str = "",
    size: int = 30,
) -> Findings:
    """The items whose title and marks hold every word that is asked for, as far as `by` may read.

    Raises:
        PermissionMissingError: the officer may not see evidence.
    """
    way_out.require_way(by, None)
    words = words_of((asked,))
    if not words:
        return Findings(())
    own = "" if by.roles & OVERSEES else by.reference
    narrowed = replace(search, words=digests_of(words), officer=own)
    found: list[Found] = []
    for _ in range(MOST_OPENED // AT_ONCE):
        page = queries.items(narrowed, after=after, size=AT_ONCE)
        found += _let_out(page.rows, words, by=by, at=at)
        if len(found) > size:
            return Findings(tuple(found[:size]), older=found[size - 1].item.reference)
        after = page.older
        if not after:
            break
    return Findings(tuple(found), older=after)


def _let_out(
    items: Sequence[Item], words: Sequence[str], *, by: Officer, at: datetime
) -> Iterator[Found]:
    """Those of these items that may be read and hold the words: one decision at the door."""
    known = {item.reference: item for item in items}
    lets = way_out.let_out(tuple(known), WayOut.SEARCH, by=by, at=at) if known else ()
    for let in lets:
        description = _opened(let)
        if description is not None and fits(words, (description.title, *description.marks)):
            yield Found(known[let.item], let, description)


def _opened(let: Let) -> Description | None:
    if not let.permitted:
        return None
    try:
        return way_out.description(let)
    except ComityError:  # its key is gone, or damaged: it is not found
        return None


def _keep_words(row: models.Item, description: Description) -> None:
    """Keep by which words an item is found, in the place of those before."""
    row.words.all().delete()
    digests = digests_of(words_of((description.title, *description.marks)))
    models.ItemWord.objects.bulk_create(
        models.ItemWord(item=row, digest=digest) for digest in digests
    )
    row.findable = True
    row.save(update_fields=["findable"])


def index_items(most: int = MOST_INDEXED) -> int:
    """Keep the words of items that have none kept yet, as after an upgrade; how many there were."""
    rows = models.Item.objects.filter(findable=False, key__isnull=False)
    return sum(map(_indexed, list(rows.values_list("reference", flat=True)[:most])))


def _indexed(reference: str) -> bool:
    """Whether the words of an item were kept now; not those of one erased or damaged meanwhile."""
    with suppress(ComityError), transaction.atomic():
        row = _locked_item(reference)
        if not row.findable and models.ItemKey.objects.filter(item=row).exists():
            _keep_words(row, keeping.description_inside(reference))
            return True
    return False
