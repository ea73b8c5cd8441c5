# SPDX-License-Identifier: Apache-2.0
"""Recording the use of an item in a proceeding, once the law permits it as things stand.

What we told the supplier and what it consented to is part of the question; where something must
come first, the refusal says what. A use opens the duties that follow from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.assessment import Determination
from comity.agreements.counterfactual import sentence as what_if
from comity.agreements.queries import assessed
from comity.agreements.question import Proceeding
from comity.agreements.verdict import RANKS, VERDICT_WORDS, NoticeTiming, Verdict
from comity.evidence import models
from comity.evidence.item import Channel, Item
from comity.evidence.obligation import Discharge
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.statements import FORUM, _as_use, given_for, notice_given
from comity.evidence.services import duties
from comity.evidence.services.keeping import seal_for_item
from comity.evidence.services.rows import _locked_item, inserted
from comity.evidence.services.telling import article_fact, reference_fact
from comity.evidence.use import (
    ConsentFirstError,
    NoticeFirstError,
    RecordedUse,
    Scope,
    UseNotPermittedError,
)
from comity.evidence.use_messages import Occasion
from comity.evidence.use_questions import question_of
from comity.exchange.queries.own import own_code
from comity.journal.services import record
from comity.reference.taxonomy import Offence, Purpose

USE = "USE"


@dataclass(frozen=True, slots=True)
class Position:
    """How the law stands on an act with an item, by the best of its channels."""

    channel: Channel
    determination: Determination | None
    """None for what is our own, of which no instrument speaks."""

    @property
    def allowed_now(self) -> bool:
        """Whether it may be done today, nothing more to be done before."""
        found = self.determination
        return found is None or (found.permitted and not found.blocked)


def position(item: str, scope: Scope, *, on: date, offences: tuple[Offence, ...] = ()) -> Position:
    """How the law stands on this act, by the channel that permits it best; nothing is recorded.

    Raises:
        UnknownItemError: there is no such item.
    """
    return _position(item_value(item), scope, on=on, offences=offences)


@transaction.atomic
def record_use(
    item: str,
    purpose: Purpose,
    proceeding: Proceeding,
    forum: str,
    *,
    by: Officer,
    at: datetime,
    on: date | None = None,
) -> RecordedUse:
    """Record that an item is used in a proceeding before this court or authority.

    Raises:
        NoticeFirstError, ConsentFirstError: what must be done first.
        UseNotPermittedError: the law does not permit it as things stand; it says what would.
    """
    actor = by.acting(Permission.USE_EVIDENCE)
    row = _locked_item(item)
    scope = Scope(Occasion.USE, purpose, proceeding)
    day = on or at.date()
    held = item_value(item)
    found = _position(held, scope, on=day, offences=_offences(row))
    require_allowed(held, scope, found)
    use = _inserted(row, scope, found, forum, by=actor.reference, at=at, on=day)
    if found.determination is not None:
        duties._open_for(row, found.determination, use.reference, scope=scope, on=day)
        if told := notice_given(held.identity, found.channel.supplier, scope):
            duties._end_duties(
                row, Discharge.NOTICE, told, at=at, counterpart=found.channel.supplier
            )
    facts = {
        "purpose": purpose.value,
        "request": use.reference,
        "verdict": use.verdict,
        "on": day.isoformat(),
    } | ({"party": use.supplier} if use.supplier else {})
    record(
        "item-used",
        item,
        by=actor,
        at=at,
        instrument=reference_fact(use.instrument),
        article=article_fact(use.article),
        facts=facts,
    )
    return _as_use(use)


def require_allowed(item: Item, scope: Scope, found: Position) -> None:
    """Raise the error that says what must come first, or what would have to change."""
    determination, supplier = found.determination, found.channel.supplier
    if determination is None or found.allowed_now:
        return
    named = {"item": item.reference, "purpose": scope.purpose.value, "supplier": supplier}
    article = _deciding(determination)
    if determination.permitted and determination.notice is NoticeTiming.BEFORE:
        raise NoticeFirstError(**named, article=article)
    if determination.verdict is Verdict.PRIOR_CONSENT:
        raise ConsentFirstError(**named, article=article)
    changes = determination.would_be_permitted_if
    raise UseNotPermittedError(
        item=item.reference,
        purpose=scope.purpose.value,
        verdict=VERDICT_WORDS[determination.verdict],
        change=what_if(changes[0], "en") if changes else "",
    )


def _position(
    item: Item, scope: Scope, *, on: date, offences: tuple[Offence, ...] = ()
) -> Position:
    answers = [_asked(item, channel, scope, on, offences) for channel in item.channels]
    return min(answers, key=_rank)


def _asked(
    item: Item, channel: Channel, scope: Scope, on: date, offences: tuple[Offence, ...]
) -> Position:
    if not channel.supplier:
        return Position(channel, None)
    given = given_for(item.identity, channel.supplier, scope, on=on)
    question = question_of(channel, scope, holder=own_code(), given=given, on=on, offences=offences)
    return Position(channel, assessed(question))


def _rank(found: Position) -> tuple[bool, int, int]:
    """The best first: what may be done now, then the better verdict, then the earlier channel."""
    rank = RANKS[found.determination.verdict] if found.determination else 0
    return not found.allowed_now, rank, found.channel.number


def _deciding(determination: Determination) -> str:
    """The article of the most restrictive finding that names one."""
    cited = [finding for finding in determination.findings if finding.article]
    return max(cited, key=lambda one: RANKS[one.limit]).article if cited else ""


def _offences(row: models.Item) -> tuple[Offence, ...]:
    return tuple(Offence(code) for code in row.case_file.offences) if row.case_file else ()


def _inserted(
    row: models.Item,
    scope: Scope,
    found: Position,
    forum: str,
    *,
    by: str,
    at: datetime,
    on: date,
) -> models.Use:
    determination = found.determination
    words = forum.strip()
    sealed = seal_for_item(row.reference, _forum(words), FORUM) if words else b""
    columns = {
        "item": row,
        "purpose": scope.purpose,
        "proceeding": scope.proceeding,
        "on": on,
        "supplier": found.channel.supplier,
        "instrument": determination.governing if determination else "",
        "article": _deciding(determination)[:60] if determination else "",
        "verdict": determination.verdict if determination else Verdict.PERMITTED,
        "sealed": sealed,
        "recorded_by": by,
        "recorded_at": at,
    }
    return inserted(models.Use, USE, columns)


def _forum(words: str) -> bytes:
    return json.dumps({"forum": words}).encode()
