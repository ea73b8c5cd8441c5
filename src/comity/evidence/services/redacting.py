# SPDX-License-Identifier: Apache-2.0
"""Deciding what is withheld of an item, and new renditions of withheld pages.

A redaction names leaves of the item's statement with a reason for each; every package that uses
it withholds them, and what would give them away. A rendition is a new item, derived from the old
one, made of nothing but the pixels that were left.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import InvalidInputError, NotFoundError
from comity.evidence import models
from comity.evidence.blackening import Area, blackened
from comity.evidence.custody import CustodyAct
from comity.evidence.item import Description, Item, ItemKind, Rank
from comity.evidence.new_item import NewItem
from comity.evidence.packing import NotCertifiedError, limited, shown
from comity.evidence.queries.items import item as item_value
from comity.evidence.redaction import UnknownLeafError, Withheld
from comity.evidence.services import items, keeping
from comity.evidence.services.custody import NewAct, measure, record_act
from comity.evidence.services.rows import inserted
from comity.evidence.services.stated import Stated, latest_inside
from comity.handling.redaction import RedactionReason, reason_of
from comity.journal.services import record

LETTERS = "RED"


class UnknownRedactionError(NotFoundError):
    """There is no such redaction of the item."""

    code = "unknown-redaction"
    message = N_("There is no redaction {reference} of {item}.")
    remedy = N_("Look at the item: it lists what was decided to be withheld.")


class NothingWithheldError(InvalidInputError):
    """A redaction withholds nothing."""

    code = "nothing-withheld"
    message = N_("The redaction of {item} names nothing that is to be withheld.")
    remedy = N_("Name fields, pages or parts of the file, each with a reason.")


@dataclass(frozen=True, slots=True)
class MadeRedaction:
    """What is to be withheld of an item."""

    reference: str
    item: str
    withheld: Mapping[str, RedactionReason]
    following: int
    """How many further parts are withheld because they would show it."""
    made_by: str
    made_at: datetime


@transaction.atomic
def redact(
    reference: str, withheld: Mapping[str, str], *, by: Officer, at: datetime
) -> MadeRedaction:
    """Decide what is withheld of an item: name of a leaf → code of the reason.

    Raises:
        PermissionMissingError: the officer does not keep evidence.
        NotCertifiedError: nobody certified the item, so it has no parts yet.
        UnknownLeafError, NotWithholdableError, UnknownCodeError: a name or reason does not do.
    """
    actor = by.acting(Permission.KEEP_EVIDENCE)
    if not withheld:
        raise NothingWithheldError(item=reference)
    reasons = {name: reason_of(code) for name, code in withheld.items()}
    item = item_value(reference)
    following = _following(item.reference, reasons)
    row = inserted(
        models.Redaction,
        LETTERS,
        {
            "item": models.Item.objects.get(reference=reference),
            "withheld": {name: reason.value for name, reason in reasons.items()},
            "made_by": actor.reference,
            "made_at": at,
        },
    )
    record_act(reference, NewAct(CustodyAct.REDACTED, counterpart=row.reference), by=actor, at=at)
    facts = {"item": reference, "count": str(len(reasons))}
    record("item-redacted", row.reference, by=actor, at=at, facts=facts)
    return MadeRedaction(row.reference, reference, reasons, following, actor.reference, at)


def withheld_by(redaction: str, item: str) -> Withheld:
    """What a redaction of the item withholds; nothing for no redaction.

    Raises:
        UnknownRedactionError: the item has no such redaction.
    """
    if not redaction:
        return {}
    row = models.Redaction.objects.filter(reference=redaction, item__reference=item).first()
    if row is None:
        raise UnknownRedactionError(reference=redaction, item=item)
    return {name: RedactionReason(code) for name, code in row.withheld.items()}


@dataclass(frozen=True, slots=True)
class Blackened:
    """An area of a page that is to be made black, and why."""

    area: Area
    reason: RedactionReason


def area_of(left: float, top: float, width: float, height: float) -> Area:
    """The area that is given in percent of the page; whether it lies on it is seen later."""
    right, bottom = (left + width) / 100, (top + height) / 100
    return Area(left / 100, top / 100, _edge(right), _edge(bottom))


def _edge(part: float) -> float:
    """The page's own edge, where a sum of percents misses it by no more than their rounding."""
    return 1.0 if 1 < part < 1.0005 else part


def blacken(
    reference: str, page: int, marked: Sequence[Blackened], *, by: Officer, at: datetime
) -> Item:
    """A new rendition of one page without these areas: an item of its own, derived from this one.

    Its description says for which reasons, in the order of the areas; the custody of the item
    that it was made from says that it was made.

    Raises:
        PermissionMissingError: the officer does not keep evidence.
        NothingWithheldError: no area is named. AreaOutsideError: one does not lie on the page.
        NotCertifiedError, UnknownLeafError: the item has no such page as it was certified.
    """
    by.require(Permission.KEEP_EVIDENCE)
    if not marked:
        raise NothingWithheldError(item=reference)
    source = item_value(reference)
    made = blackened(_page_picture(reference, page), [each.area for each in marked])
    reasons = [each.reason.value for each in marked]
    new = NewItem(
        kind=ItemKind.IMAGE,
        rank=Rank.DERIVED,
        description=Description(
            title=f"{reference}, {page}", text="; ".join(reasons), file_name=f"page-{page}.png"
        ),
        case=source.case,
        media_type="image/png",
        derived_from=(reference,),
    )
    measured = measure(reference)
    with transaction.atomic():
        item = items.add(new, io.BytesIO(made), by=by, at=at)
        act = NewAct(CustodyAct.REDACTED, counterpart=item.reference, outcome=item.identity)
        record_act(reference, act, by=by, at=at, measured=measured)
        facts = {"request": reference, "count": str(len(reasons)), "sequence": str(page)}
        facts["scope"] = ",".join(sorted(set(reasons)))
        actor = by.acting(Permission.KEEP_EVIDENCE)
        record("item-blackened", item.reference, by=actor, at=at, facts=facts)
    return item


def pages_of(reference: str) -> tuple[int, ...]:
    """The pages of an item as it was certified, of which parts can be made black."""
    found = latest_inside((reference,))[reference]
    return tuple(sorted({page for stated in found for page in stated.values.pages}))


def _page_picture(reference: str, page: int) -> bytes:
    """The picture of a page as it was certified."""
    pages = next((s.values.pages for s in _stated(reference) if page in s.values.pages), None)
    if pages is None:
        raise UnknownLeafError(part=f"pages/{page:05}")
    with keeping.open_stored(reference, pages[page]) as picture:
        return picture.read()


def _following(reference: str, reasons: Withheld) -> int:
    """How many more parts go with these, over all statements; raises where a name is unknown."""
    stated = _stated(reference)
    names = {leaf.name for each in stated for leaf in each.leaves.leaves}
    for name in reasons:
        if name not in names:
            raise UnknownLeafError(part=name)
    before = {name for each in stated for name in shown(each.leaves)}
    after = {name for each in stated for name in shown(limited(each.leaves, reasons))}
    return len(before - after - set(reasons))


def _stated(reference: str) -> tuple[Stated, ...]:
    found = latest_inside((reference,))[reference]
    if not found:
        raise NotCertifiedError(item=reference)
    return found
