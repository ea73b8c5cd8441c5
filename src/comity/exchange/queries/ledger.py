# SPDX-License-Identifier: Apache-2.0
"""The ledger searched: by partner, case, digest, problem, state, direction, kind, day and more.

Every condition rests on an index, so that a look-up among a million messages takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import make_aware

from comity.agreements.keyset import PAGE_SIZE, Page, newest_first
from comity.exchange import models
from comity.exchange.ledger import LedgerRow, LedgerSearch, Meaning, meaning_of
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.queries.messages import UnknownMessageError
from comity.exchange.queries.own import kinds

EVERYTHING = LedgerSearch()
UNOPENED = (MessageState.ARRIVING, MessageState.RECEIVED, MessageState.DELIVERED)
MOST_KINDS = 50
"""More would be no help in a list of suggestions."""
KINDS = """
WITH RECURSIVE known(kind) AS (
    (SELECT kind FROM exchange_message ORDER BY kind LIMIT 1)
    UNION ALL
    SELECT (SELECT m.kind FROM exchange_message m WHERE m.kind > known.kind ORDER BY kind LIMIT 1)
    FROM known WHERE known.kind IS NOT NULL
)
SELECT kind FROM known WHERE kind IS NOT NULL LIMIT %s
"""
LONG_COLUMNS = ("sealed", "law", "their_law")


def ledger(
    search: LedgerSearch = EVERYTHING,
    *,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[LedgerRow]:
    """The messages that fit, the newest first; keys are their references."""
    rows = _narrowed(models.Message.objects.all(), search)
    rows = rows.select_related("partner").defer(*LONG_COLUMNS, "partner__card")
    return newest_first(rows, _ledger_rows, after=after, before=before, size=size)


def ledger_row(reference: str) -> LedgerRow:
    """The message of this reference as lists show it.

    Raises:
        UnknownMessageError: there is none.
    """
    rows = models.Message.objects.filter(reference=reference).select_related("partner")
    found = _ledger_rows(rows.defer(*LONG_COLUMNS, "partner__card"))
    if not found:
        raise UnknownMessageError(reference=reference)
    return found[0]


def conversation(identifier: str, *, most: int = 100) -> tuple[LedgerRow, ...]:
    """The messages of one conversation, the oldest first."""
    rows = models.Message.objects.filter(conversation=identifier).select_related("partner")
    return tuple(_ledger_rows(rows.defer(*LONG_COLUMNS, "partner__card").order_by("pk")[:most]))


def partner_choices() -> list[tuple[str, str]]:
    """Every partner's code and name, by name."""
    return list(models.Partner.objects.order_by("name").values_list("code", "name"))


def known_kinds() -> tuple[str, ...]:
    """The kinds of message that the ledger has: found by leaps over the index."""
    with connection.cursor() as cursor:
        cursor.execute(KINDS, [MOST_KINDS])
        return tuple(kind for (kind,) in cursor.fetchall())


def _ledger_rows(rows: Iterable[models.Message]) -> list[LedgerRow]:
    """Rows of the table, their partners selected, as values."""
    rows = list(rows)
    counted = models.Part.objects.filter(message__in=[row.pk for row in rows])
    parts = dict(counted.values_list("message").annotate(Count("pk")).order_by())
    return [_row(row, parts.get(row.pk, 0)) for row in rows]


def _row(row: models.Message, parts: int) -> LedgerRow:
    return LedgerRow(
        reference=row.reference,
        identifier=str(row.identifier),
        direction=Direction(row.direction),
        partner=row.partner.code,
        partner_name=row.partner.name,
        kind=row.kind,
        state=MessageState(row.state),
        case=row.case,
        instrument=row.instrument,
        article=row.article,
        verdict=row.verdict,
        their_verdict=row.their_verdict,
        differs=row.differs,
        parts=parts,
        size=row.size,
        created_at=row.created_at,
        recorded_at=row.recorded_at,
        settled_at=row.settled_at,
        expires_at=row.expires_at,
        problem=row.problem,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
    )


def _narrowed(
    rows: QuerySet[models.Message, models.Message], search: LedgerSearch
) -> QuerySet[models.Message, models.Message]:
    """The conditions of the search; each stands alone and all must hold."""
    conditions: dict[str, object] = {
        "partner__code": search.partner,
        "state": search.state,
        "direction": search.direction,
        "kind": search.kind,
        "case": search.case,
        "problem": search.problem,
        "conversation": search.conversation,
        "differs": search.differs,
    }
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    if search.unopened:
        machines = [name for name, kind in kinds().items() if not kind.for_the_desk]
        rows = rows.filter(direction=Direction.IN, state__in=UNOPENED).exclude(kind__in=machines)
    if search.since:
        rows = rows.filter(recorded_at__gte=make_aware(datetime.combine(search.since, time.min)))
    if search.until:
        end = datetime.combine(search.until + timedelta(days=1), time.min)
        rows = rows.filter(recorded_at__lt=make_aware(end))
    return rows.filter(_named(search.words)) if search.words.strip() else rows


def _named(words: str) -> Q:
    """The messages that the words name."""
    meaning, value = meaning_of(words)
    match meaning:
        case Meaning.REFERENCE:
            return Q(reference=value)
        case Meaning.ID:
            return Q(identifier=value) | Q(conversation=value)
        case Meaning.DIGEST:
            return Q(pk__in=_with_digest(value))
    return Q(case__in={value, value.upper()}) | Q(problem=value.lower())


def _with_digest(digest: str) -> QuerySet[models.Message, Any]:
    """Keys of the messages of which the envelope, a part or an evidence has such a digest.

    Any: one column, which the three tables name differently.
    """
    # A range rather than LIKE: the same in every collation that a server may have.
    begun = {"digest__gte": digest, "digest__lt": digest + "g"}
    return (
        models.Message.objects.filter(**begun)
        .values("pk")
        .union(
            models.Part.objects.filter(**begun).values("message"),
            models.Evidence.objects.filter(**begun).values("message"),
        )
    )
