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
from comity.agreements.question import Proceeding
from comity.agreements.verdict import RANKS, VERDICT_WORDS, Verdict
from comity.catalogues import N_
from comity.evidence import models
from comity.evidence.item import Channel, Item
from comity.evidence.lawful_channel import decided_by_person, weigh
from comity.evidence.new_item import OWN, check_words
from comity.evidence.obligation import Discharge
from comity.evidence.queries.decisions import (
    NoticesAndConsents,
    decide,
    persons_decisions,
    the_law,
    to_decide,
)
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.statements import FORUM, _as_use, notice_given
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
from comity.evidence.way_out import (
    REFUSAL_WORDS,
    Act,
    IntendedRecipient,
    IntendedUse,
    Refusal,
    WayOut,
    Weighed,
)
from comity.exchange.queries.own import own_code
from comity.journal.services import record
from comity.reference.taxonomy import Offence, Purpose

USE = "USE"
A_PERSON_DECIDES = N_("A unit head or the legal adviser decides on it, with a reason.")
ASK_FOR_ADVICE = N_("Ask the legal adviser which other channel or instrument would permit it.")


@dataclass(frozen=True, slots=True)
class Position:
    """How the law stands on an act with an item, by the best of its channels."""

    channel: Channel
    determination: Determination | None
    """None for what is our own and may be used, of which no instrument speaks."""
    weighed: Weighed
    """The answer with everything that the item was made of."""

    @property
    def allowed_now(self) -> bool:
        """Whether it may be done today, nothing more to be done before."""
        return self.weighed.permitted


def position(item: str, scope: Scope, *, on: date, offences: tuple[Offence, ...] = ()) -> Position:
    """How the law stands on this act, by the channel that permits it best; nothing is recorded.

    Raises:
        UnknownItemError: there is no such item.
    """
    held, wanted = item_value(item), scope.normal()
    found = to_decide((item,))
    act = Act(
        WayOut.PACKAGE,
        on,
        own_code(),
        IntendedUse(wanted.purpose, wanted.proceeding, offences),
        _recipient(wanted),
    )
    before = NoticesAndConsents(found.everything, on)
    weighed = weigh(held, found.everything, act, the_law(), before)
    persons = persons_decisions((item,), act.recipient, on)
    if persons.get((item, wanted.purpose.value, wanted.proceeding.value)):
        weighed = decided_by_person(weighed)
    return _position(held, weighed)


def _position(item: Item, weighed: Weighed) -> Position:
    channel = weighed.channel or next(iter(item.channels), OWN)
    ours = not channel.supplier and weighed.permitted
    return Position(channel, None if ours else weighed.determination, weighed)


def _recipient(scope: Scope) -> IntendedRecipient | None:
    if scope.recipient is None:
        return None
    compelled = scope.occasion is Occasion.COMPELLED
    return IntendedRecipient(scope.recipient_code, scope.recipient, compelled=compelled)


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
        MisleadingWordsError: the forum's name would be read otherwise than it is kept.
    """
    actor = by.acting(Permission.USE_EVIDENCE)
    check_words(forum)
    row = _locked_item(item)
    scope = Scope(Occasion.USE, purpose, proceeding).normal()
    day = on or at.date()
    held = item_value(item)
    (decided,) = decide(
        (item,),
        WayOut.PACKAGE,
        by=by,
        at=at,
        use=IntendedUse(scope.purpose, scope.proceeding, _offences(row)),
    )
    found = _position(held, decided.weighed)
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
    if found.allowed_now:
        return
    weighed, supplier = found.weighed, found.channel.supplier
    named = {"item": item.reference, "purpose": scope.purpose.value, "supplier": supplier}
    article = _deciding(found.determination) if found.determination else ""
    if weighed.reason is Refusal.NOTICE_FIRST:
        raise NoticeFirstError(**named, article=article)
    if weighed.verdict is Verdict.PRIOR_CONSENT and supplier:
        raise ConsentFirstError(**named, article=article)
    raise UseNotPermittedError(
        item=item.reference,
        purpose=scope.purpose.value,
        verdict=VERDICT_WORDS[weighed.verdict],
        change=_what_changes_it(found),
    )


def _what_changes_it(found: Position) -> str:
    """The next act, in words: what stands against it, or what would make it permitted."""
    if found.weighed.reason is not None:
        return REFUSAL_WORDS[found.weighed.reason]
    if found.weighed.verdict is Verdict.PERSON_MUST_DECIDE:
        return A_PERSON_DECIDES
    changes = found.determination.would_be_permitted_if if found.determination else ()
    return what_if(changes[0], "en") if changes else ASK_FOR_ADVICE


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
    verdict = found.weighed.verdict
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
        "verdict": verdict,
        "sealed": sealed,
        "recorded_by": by,
        "recorded_at": at,
    }
    return inserted(models.Use, USE, columns)


def _forum(words: str) -> bytes:
    return json.dumps({"forum": words}).encode()
