# SPDX-License-Identifier: Apache-2.0
"""Correcting what was supplied: the supplier says what is right, every holder keeps it as a claim.

The description that came first stands; the claim stands beside it, and whatever was made from the
item is flagged. A corrected file comes in a package of its own and is named here by its identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.evidence import models
from comity.evidence.item import ItemState
from comity.evidence.lifetime import (
    CORRECTION,
    Correction,
    CorrectionRecord,
    FlagCode,
    NothingCorrectedError,
    read_correction,
)
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.lifetime import _as_correction
from comity.evidence.queries.registers import partners_holding
from comity.evidence.recall import NobodyHoldsItError, RecallNotOursError, RecallUnaskedError
from comity.evidence.services import items
from comity.evidence.services.flags import _flag_made_from, _raise_flag
from comity.evidence.services.rows import EVIDENCE, _locked_item
from comity.evidence.services.telling import _record, _take, _tell
from comity.exchange.kind import Arrived, Kind
from comity.journal.entry import Actor

LETTERS = "COR"


@transaction.atomic
def correct(
    item: str,
    fields: Mapping[str, str],
    text: str = "",
    *,
    by: Officer,
    at: datetime,
    replacement: str = "",
) -> tuple[CorrectionRecord, ...]:
    """Tell every partner that holds an item of ours what is right instead; one record for each.

    `replacement` is our reference of the item that takes its place.

    Raises:
        NothingCorrectedError, RecallNotOursError, NobodyHoldsItError: why nothing was told.
        ClaimRefusedError: there is no such field.
    """
    actor = by.acting(Permission.RELEASE_EVIDENCE)
    said = {name: value.strip() for name, value in fields.items() if value.strip()}
    if not said and not replacement:
        raise NothingCorrectedError
    found = item_value(item)
    if not any(channel.supplier == "" for channel in found.channels):
        raise RecallNotOursError(item=item, supplier=found.channels[0].supplier)
    holders = partners_holding(item)
    if not holders:
        raise NobodyHoldsItError(item=item)
    for name, value in said.items():
        items.claim(item, name, value, by=actor, at=at)
    row = _locked_item(item)
    identity = item_value(replacement).identity if replacement else ""
    made = [
        _told(row, partner, said, identity, text.strip(), by=actor, at=at) for partner in holders
    ]
    _flag_made_from(row, FlagCode.INPUT_CORRECTED, made[0].reference, at=at)
    for each in made:
        _noted("correction-sent", each, by=actor, at=at)
    return tuple(_as_correction(each) for each in made)


def receive_correction(arrived: Arrived, at: datetime) -> None:
    """Keep what the supplier says is right as its claim, and flag what was made from the item.

    Raises:
        RecallUnaskedError: the sender did not supply it.
        ClaimRefusedError: it speaks of a field that there is not.
    """
    said = read_correction(arrived.envelope.body)
    sender = arrived.envelope.header.sender
    row = _take(
        models.Correction,
        LETTERS,
        arrived,
        said.item,
        words={"text": said.text, **said.fields},
        columns=_columns(said),
        at=at,
    )
    item = row.item
    if item is not None and not item.channels.filter(supplier=sender).exists():
        raise RecallUnaskedError(partner=sender)
    if item is not None and item.state != ItemState.DESTROYED:
        for name, value in said.fields.items():
            items.claim(item.reference, name, value, by=Actor(sender, "partner"), at=at)
        _raise_flag(item, FlagCode.CORRECTED, row.reference, at=at)
        _flag_made_from(item, FlagCode.INPUT_CORRECTED, row.reference, at=at)
    _noted("correction-received", row, by=EVIDENCE, at=at)


def _told(
    row: models.Item,
    partner: str,
    fields: Mapping[str, str],
    replacement: str,
    text: str,
    *,
    by: Actor,
    at: datetime,
) -> models.Correction:
    said = Correction(str(row.identity), at.date(), fields, replacement, text)
    return _tell(
        models.Correction,
        LETTERS,
        row,
        partner,
        kind=CORRECTION,
        body=said.body(),
        words={"text": text, **fields},
        columns=_columns(said),
        by=by,
        at=at,
    )


def _columns(said: Correction) -> dict[str, object]:
    return {
        "fields": sorted(said.fields),
        "replacement": said.replacement or None,
        "on": said.on,
    }


def _noted(act: str, row: models.Correction, *, by: Actor, at: datetime) -> None:
    fields = ",".join(name.replace("_", "-") for name in row.fields)
    _record(act, row, by=by, at=at, fields=fields, on=row.on)


ITEM_CORRECTION = Kind(
    CORRECTION,
    N_("correction of an item"),
    receive_correction,
    needs_basis=False,
)
