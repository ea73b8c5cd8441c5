# SPDX-License-Identifier: Apache-2.0
"""What administrations told and asked each other about items, as values.

What a person wrote is opened with the item's key, or the node's where we hold no such item; what
was erased reads as empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import N_
from comity.evidence import models
from comity.evidence.models.uses import Statement
from comity.evidence.queries.cases import in_cases_of
from comity.evidence.queries.keys import ITEM_KEY, words_in
from comity.evidence.use import (
    LEFT,
    Consent,
    ConsentState,
    Given,
    Notice,
    RecordedUse,
    Ruling,
    Scope,
    UnknownStatementError,
)
from comity.evidence.use_messages import Occasion, RulingOutcome
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.queries.messages import UnknownMessageError, message
from comity.reference.taxonomy import Purpose
from comity.storage.services import unseal_record

STATED = "evidence statement"
"""What sealed statements are sealed for, under an item's key or the node's."""
FORUM = "use forum"


def _words_of(row: Statement, sealed: bytes | None = None) -> Mapping[str, Any]:
    """What a person wrote of a statement; nothing once it was erased."""
    content = bytes(row.sealed if sealed is None else sealed)
    if not content:
        return {}
    if not row.under_item or row.item is None:
        found: dict[str, Any] = json.loads(unseal_record(content, STATED))
        return found
    return _under_item(row.item, content, STATED)


def _under_item(item: models.Item, sealed: bytes, purpose: str) -> dict[str, Any]:
    key = models.ItemKey.objects.filter(item=item).first()
    if key is None or not sealed:
        return {}
    found: dict[str, Any] = words_in(unseal_record(bytes(key.sealed), ITEM_KEY), sealed, purpose)
    return found


def uses(item: str) -> tuple[RecordedUse, ...]:
    """Every recorded use of an item, the latest first."""
    rows = models.Use.objects.select_related("item").filter(item__reference=item)
    return tuple(_as_use(row) for row in rows)


def all_uses(*, officer: str = "") -> tuple[RecordedUse, ...]:
    """Every use that was ever recorded, the latest first.

    For an officer, without items in case files that others alone work on.
    """
    rows = models.Use.objects.select_related("item").filter(in_cases_of(officer, "item"))
    return tuple(_as_use(row) for row in rows)


def use(reference: str) -> RecordedUse:
    """The use of this reference.

    Raises:
        UnknownStatementError: there is none.
    """
    row = models.Use.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownStatementError(kind="use", reference=reference)
    return _as_use(row)


def notices(*, item: str = "", partner: str = "") -> tuple[Notice, ...]:
    """Notices of use, ours and partners', the latest first."""
    rows = models.UseNotice.objects.select_related("item")
    return tuple(_as_notice(row) for row in rows.filter(**_about(item, partner)))


def consents(
    *, item: str = "", partner: str = "", state: ConsentState | None = None
) -> tuple[Consent, ...]:
    """Requests for consent with their answers, the latest first."""
    rows = models.Consent.objects.select_related("item").filter(**_about(item, partner))
    return tuple(_as_consent(row) for row in (rows.filter(state=state) if state else rows))


def consents_to_answer() -> tuple[Consent, ...]:
    """What partners asked and nobody here answered yet, the longest waiting first."""
    rows = models.Consent.objects.select_related("item").order_by("pk")
    return tuple(
        _as_consent(row) for row in rows.filter(direction=Direction.IN, state=ConsentState.ASKED)
    )


def consent(reference: str) -> Consent:
    """The request for consent of this reference.

    Raises:
        UnknownStatementError: there is none.
    """
    row = models.Consent.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownStatementError(kind=N_("request for consent"), reference=reference)
    return _as_consent(row)


def rulings(*, item: str = "", partner: str = "") -> tuple[Ruling, ...]:
    """Courts' rulings on items, here and at partners, the latest first."""
    rows = models.CourtRuling.objects.select_related("item", "use")
    return tuple(_as_ruling(row) for row in rows.filter(**_about(item, partner)))


def given_for(identity: str, supplier: str, wanted: Scope, *, on: date) -> Given:
    """What we told this supplier and what it consented to, of exactly this act on this item."""
    asked = models.Consent.objects.select_related("item").filter(
        identity=identity, partner=supplier, direction=Direction.OUT, state=ConsentState.GIVEN
    )
    agreed = [one for one in map(_as_consent, asked) if one.counts(wanted, on)]
    return Given(
        notice=bool(notice_given(identity, supplier, wanted)),
        consent=bool(agreed),
        conditions=tuple(one.reference for one in agreed if one.conditions),
    )


def notice_given(identity: str, supplier: str, wanted: Scope) -> str:
    """Reference of the notice of this act that left for the supplier; empty for none."""
    rows = models.UseNotice.objects.filter(
        identity=identity, partner=supplier, direction=Direction.OUT
    )
    told = (row for row in rows if _scope_of(row).covers(wanted) and _left(row.message))
    return next((row.reference for row in told), "")


def _scope_of(row: models.UseNotice | models.Consent) -> Scope:
    """What a row speaks of."""
    return Scope(
        Occasion(row.occasion),
        Purpose(row.purpose),
        Proceeding(row.proceeding),
        Recipient(row.recipient) if row.recipient else None,
        row.recipient_code,
    )


def _as_use(row: models.Use) -> RecordedUse:
    """A use as a value."""
    words = _under_item(row.item, bytes(row.sealed), FORUM)
    return RecordedUse(
        reference=row.reference,
        item=row.item.reference,
        purpose=Purpose(row.purpose),
        proceeding=Proceeding(row.proceeding),
        on=row.on,
        supplier=row.supplier,
        instrument=row.instrument,
        article=row.article,
        verdict=row.verdict,
        forum=str(words.get("forum", "")),
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )


def _as_notice(row: models.UseNotice) -> Notice:
    """A notice as a value."""
    return Notice(
        reference=row.reference,
        direction=Direction(row.direction),
        item=row.item.reference if row.item else "",
        identity=str(row.identity),
        partner=row.partner,
        scope=_scope_of(row),
        on=row.on,
        instrument=row.instrument,
        article=row.article,
        text=str(_words_of(row).get("text", "")),
        message=row.message,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        given=row.direction == Direction.IN or _left(row.message),
        acknowledged_at=row.acknowledged_at,
        acknowledged_as=row.acknowledged_as,
    )


def _as_consent(row: models.Consent) -> Consent:
    """A request for consent as a value."""
    return Consent(
        reference=row.reference,
        direction=Direction(row.direction),
        item=row.item.reference if row.item else "",
        identity=str(row.identity),
        partner=row.partner,
        scope=_scope_of(row),
        state=ConsentState(row.state),
        wanted_until=row.wanted_until,
        until=row.until,
        conditions=str(_words_of(row, bytes(row.sealed_conditions)).get("conditions", "")),
        text=str(_words_of(row).get("text", "")),
        instrument=row.instrument,
        article=row.article,
        message=row.message,
        answer_message=row.answer_message,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
    )


def _as_ruling(row: models.CourtRuling) -> Ruling:
    """A ruling as a value."""
    return Ruling(
        reference=row.reference,
        direction=Direction(row.direction),
        item=row.item.reference if row.item else "",
        identity=str(row.identity),
        partner=row.partner,
        use=row.use.reference if row.use else "",
        outcome=RulingOutcome(row.outcome),
        on=row.on,
        proceeding=Proceeding(row.proceeding),
        text=str(_words_of(row).get("text", "")),
        message=row.message,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )


def _left(reference: str) -> bool:
    """Whether a message left, so that what it says was said."""
    try:
        return MessageState(message(reference).state) in LEFT
    except UnknownMessageError:
        return False


def _about(item: str, partner: str) -> dict[str, str]:
    conditions = {"item__reference": item, "partner": partner}
    return {name: value for name, value in conditions.items() if value}
