# SPDX-License-Identifier: Apache-2.0
"""Notices of use to the supplier of an item, and those that receivers of ours send us.

A notice counts as given once its message left. The recipient's node keeps it in its register and
acknowledges it by itself, so that the holder knows under which reference it is known there.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.assessment import Determination
from comity.catalogues import N_
from comity.evidence import models
from comity.evidence.item import Channel
from comity.evidence.obligation import Discharge
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.statements import _as_notice
from comity.evidence.services import duties
from comity.evidence.services.rows import EVIDENCE, _locked_item
from comity.evidence.services.telling import (
    _answered,
    _confirm,
    _record,
    _take,
    _tell,
)
from comity.evidence.services.using import position
from comity.evidence.use import NothingToTellError, Notice, Scope
from comity.evidence.use_messages import (
    NOTICE,
    Acknowledgement,
    Half,
    UseNotice,
    half_of,
    read_acknowledgement,
    read_notice,
)
from comity.exchange.kind import Arrived, Kind
from comity.journal.entry import Actor

LETTERS = "NTC"


@transaction.atomic
def send_notice(
    item: str,
    scope: Scope,
    text: str = "",
    *,
    by: Officer,
    at: datetime,
    on: date | None = None,
    supplier: str = "",
) -> Notice:
    """Tell the supplier of an item that it is or will be used so; before or after the use.

    The supplier is the one of the channel that permits the act best, where none is named.

    Raises:
        NothingToTellError: the item is our own.
        MessageRejectedError: the message was not accepted for sending.
    """
    actor = by.acting(Permission.USE_EVIDENCE)
    row, scope = _locked_item(item), scope.normal()
    day = on or at.date()
    channel = channel_to(item, supplier) or position(item, scope, on=day).channel
    if not channel.supplier:
        raise NothingToTellError(item=item)
    found = position(item, scope, on=day).determination
    said = UseNotice(
        item=str(row.identity),
        occasion=scope.occasion,
        purpose=scope.purpose,
        proceeding=scope.proceeding,
        on=day,
        recipient=scope.recipient,
        recipient_code=scope.recipient_code,
        instrument=found.governing if found else channel.instrument,
        article=_article_of_notice(found),
        text=text.strip(),
    )
    made = _tell(
        models.UseNotice,
        LETTERS,
        row,
        channel.supplier,
        kind=NOTICE,
        body=said.body(),
        words={"text": said.text},
        columns=_columns(said),
        by=actor,
        at=at,
    )
    duties._end_duties(row, Discharge.NOTICE, made.reference, at=at, counterpart=channel.supplier)
    _told("use-notice-sent", made, by=actor, at=at)
    return _as_notice(made)


def channel_to(item: str, supplier: str) -> Channel | None:
    """The first channel by which this administration supplied the item; None for no name.

    Raises:
        NothingToTellError: it supplied none.
    """
    if not supplier:
        return None
    for channel in item_value(item).channels:
        if channel.supplier == supplier:
            return channel
    raise NothingToTellError(item=item)


def receive_notice(arrived: Arrived, at: datetime) -> None:
    """Keep a notice and acknowledge it; an acknowledgement is noted on ours."""
    if half_of(arrived.envelope.body, NOTICE) is Half.CONFIRMATION:
        _acknowledged(arrived, at)
        return
    said = read_notice(arrived.envelope.body)
    made = _take(
        models.UseNotice,
        LETTERS,
        arrived,
        said.item,
        words={"text": said.text},
        columns={**_columns(said), "acknowledged_at": at},
        at=at,
    )
    _confirm(arrived, Acknowledgement(made.reference).body(), at=at)
    _told("use-notice-received", made, by=EVIDENCE, at=at)


def _acknowledged(arrived: Arrived, at: datetime) -> None:
    row = _answered(models.UseNotice, arrived)
    if row is None or row.acknowledged_at is not None:
        return
    row.acknowledged_at = at
    row.acknowledged_as = read_acknowledgement(arrived.envelope.body).reference[:60]
    row.save(update_fields=["acknowledged_at", "acknowledged_as"])
    _told("use-notice-acknowledged", row, by=EVIDENCE, at=at)


def _columns(said: UseNotice) -> dict[str, object]:
    return {
        "occasion": said.occasion,
        "purpose": said.purpose,
        "proceeding": said.proceeding,
        "recipient": said.recipient or "",
        "recipient_code": said.recipient_code[:60],
        "on": said.on,
        "instrument": said.instrument[:100],
        "article": said.article[:60],
    }


def _article_of_notice(found: Determination | None) -> str:
    """The article that asks for the notice, where one does."""
    for finding in found.findings if found else ():
        if "timing" in finding.facts and finding.article:
            return finding.article[:60]
    return ""


def _told(act: str, row: models.UseNotice, *, by: Actor, at: datetime) -> None:
    _record(
        act,
        row,
        by=by,
        at=at,
        instrument=row.instrument,
        article=row.article,
        purpose=row.purpose,
        kind=row.occasion,
        on=row.on,
    )


USE_NOTICE = Kind(
    NOTICE,
    N_("notice that an item is used"),
    receive_notice,
    needs_basis=False,
    for_the_desk=False,
    largest_body=64 * 1024,
)
