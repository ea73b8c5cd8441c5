# SPDX-License-Identifier: Apache-2.0
"""Consent: asked of the supplier before an act, given by it with conditions and an end, withdrawn.

A consent covers the item, the purpose and the recipient that were asked, and nothing beside them.
Who must ask its own supplier first cannot give what it has not got.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_, Phrase
from comity.evidence import models
from comity.evidence.obligation import Discharge
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.statements import _as_consent, _scope_of, given_for
from comity.evidence.services import duties
from comity.evidence.services.notices import channel_to
from comity.evidence.services.rows import EVIDENCE, _locked_item
from comity.evidence.services.telling import (
    _answered,
    _record,
    _sealed_words,
    _take,
    _tell,
)
from comity.evidence.services.using import position
from comity.evidence.use import (
    ANSWERABLE,
    CONSENT_WORDS,
    STATE_AFTER,
    AlreadyAnsweredError,
    AnswerUnaskedError,
    Consent,
    ConsentState,
    ConsentTermError,
    NothingToTellError,
    Scope,
    SupplierMustConsentError,
    UnknownStatementError,
)
from comity.evidence.use_messages import (
    CONSENT_ANSWER,
    CONSENT_REQUEST,
    ConsentAnswer,
    ConsentOutcome,
    ConsentRequest,
    read_consent_answer,
    read_consent_request,
)
from comity.exchange.draft import Draft
from comity.exchange.kind import Arrived, Kind
from comity.exchange.message_state import Direction
from comity.exchange.services import post
from comity.journal.entry import Actor

LETTERS = "CNS"


@transaction.atomic
def ask_consent(
    item: str,
    scope: Scope,
    text: str = "",
    *,
    by: Officer,
    at: datetime,
    until: date | None = None,
    supplier: str = "",
) -> Consent:
    """Ask the supplier of an item whether it consents to exactly this act.

    Raises:
        NothingToTellError: the item is our own.
        MessageRejectedError: the message was not accepted for sending.
    """
    actor = by.acting(Permission.USE_EVIDENCE)
    row, scope = _locked_item(item), scope.normal()
    best = position(item, scope, on=at.date())
    channel = channel_to(item, supplier) or best.channel
    if not channel.supplier:
        raise NothingToTellError(item=item)
    said = ConsentRequest(
        item=str(row.identity),
        occasion=scope.occasion,
        purpose=scope.purpose,
        proceeding=scope.proceeding,
        recipient=scope.recipient,
        recipient_code=scope.recipient_code,
        until=until,
        instrument=best.determination.governing if best.determination else channel.instrument,
        text=text.strip(),
    )
    made = _tell(
        models.Consent,
        LETTERS,
        row,
        channel.supplier,
        kind=CONSENT_REQUEST,
        body=said.body(),
        words={"text": said.text},
        columns=_columns(said),
        by=actor,
        at=at,
    )
    _told("consent-asked", made, by=actor, at=at)
    return _as_consent(made)


@transaction.atomic
def answer_consent(
    reference: str,
    outcome: ConsentOutcome,
    *,
    by: Officer,
    at: datetime,
    until: date | None = None,
    conditions: str = "",
) -> Consent:
    """Answer a partner's request for consent, or withdraw what was given.

    Raises:
        UnknownStatementError, AlreadyAnsweredError: nobody waits for it.
        ConsentTermError: it would end before today, or outlast what was asked.
        SupplierMustConsentError: the item came from somebody whose consent is missing.
    """
    actor = by.acting(Permission.DECIDE_ON_USE)
    row = _asked_of_us(reference)
    if ConsentState(row.state) not in ANSWERABLE[outcome]:
        raise AlreadyAnsweredError(
            reference=reference, state=CONSENT_WORDS[ConsentState(row.state)]
        )
    given = outcome is ConsentOutcome.GIVEN
    if given:
        _check_term(row, until, at.date())
        _require_own_supplier(row, at.date())
    said = ConsentAnswer(outcome, until if given else None, conditions.strip() if given else "")
    draft = Draft(
        kind=CONSENT_ANSWER, to=row.partner, body=said.body(), in_reply_to=str(row.identifier)
    )
    posted = post(draft, by=actor, at=at).require()
    _settle(row, said, posted.reference, by=actor, at=at)
    _told("consent-answered", row, by=actor, at=at)
    return _as_consent(row)


def receive_request(arrived: Arrived, at: datetime) -> None:
    """Keep a partner's request for consent; a person answers it."""
    said = read_consent_request(arrived.envelope.body)
    made = _take(
        models.Consent,
        LETTERS,
        arrived,
        said.item,
        words={"text": said.text},
        columns=_columns(said),
        at=at,
    )
    _told("consent-request-received", made, by=EVIDENCE, at=at)


def receive_answer(arrived: Arrived, at: datetime) -> None:
    """Note the supplier's answer on our request; it speaks of that one and of nothing else."""
    said = read_consent_answer(arrived.envelope.body)
    row = _answered(models.Consent, arrived)
    if row is None:
        raise AnswerUnaskedError(
            kind=N_("request for consent"), partner=arrived.envelope.header.sender
        )
    if ConsentState(row.state) not in ANSWERABLE[said.outcome]:
        return  # repeated, or overtaken
    _settle(row, said, arrived.reference, by=EVIDENCE, at=at)
    if row.item is not None and said.outcome is ConsentOutcome.GIVEN:
        duties._end_duties(
            row.item, Discharge.CONSENT, row.reference, at=at, counterpart=row.partner
        )
    _told("consent-answer-received", row, by=EVIDENCE, at=at)


def _settle(
    row: models.Consent, said: ConsentAnswer, message: str, *, by: Actor, at: datetime
) -> None:
    row.state = STATE_AFTER[said.outcome]
    if said.outcome is ConsentOutcome.GIVEN:
        row.until = said.until
        row.sealed_conditions, under_item = _sealed_words(row.item, {"conditions": said.conditions})
        row.under_item = under_item if said.conditions else row.under_item
    row.answer_message, row.answered_by, row.answered_at = message, by.reference, at
    row.version += 1
    row.save()


def _asked_of_us(reference: str) -> models.Consent:
    rows = models.Consent.objects.select_for_update(of=("self",)).select_related("item")
    row = rows.filter(reference=reference, direction=Direction.IN).first()
    if row is None:
        raise UnknownStatementError(kind=N_("request for consent"), reference=reference)
    return row


def _check_term(row: models.Consent, until: date | None, today: date) -> None:
    if until is None:
        return
    if until < today:
        raise ConsentTermError(until=until.isoformat(), obstacle=N_("that day is past"))
    if row.wanted_until and until > row.wanted_until:
        wanted = row.wanted_until.isoformat()
        raise ConsentTermError(
            until=until.isoformat(), obstacle=Phrase(N_("asked was until {day}"), day=wanted)
        )


def _require_own_supplier(row: models.Consent, today: date) -> None:
    """Who supplied it to us consented to the same; what is our own needs nobody's."""
    if row.item is None:
        return
    item, wanted = item_value(row.item.reference), _scope_of(row)
    suppliers = [channel.supplier for channel in item.channels]
    if "" in suppliers or not suppliers:
        return
    if not any(given_for(item.identity, s, wanted, on=today).consent for s in suppliers):
        raise SupplierMustConsentError(item=item.reference, supplier=suppliers[0])


def _columns(said: ConsentRequest) -> dict[str, object]:
    return {
        "occasion": said.occasion,
        "purpose": said.purpose,
        "proceeding": said.proceeding,
        "recipient": said.recipient or "",
        "recipient_code": said.recipient_code[:60],
        "wanted_until": said.until,
        "instrument": said.instrument[:100],
        "article": said.article[:60],
    }


def _told(act: str, row: models.Consent, *, by: Actor, at: datetime) -> None:
    _record(
        act,
        row,
        by=by,
        at=at,
        instrument=row.instrument,
        article=row.article,
        purpose=row.purpose,
        kind=row.occasion,
        state=row.state,
        request=row.answer_message or row.message,
        until=row.until,
    )


REQUEST = Kind(
    CONSENT_REQUEST,
    N_("request for consent to a use"),
    receive_request,
    needs_basis=False,
    largest_body=64 * 1024,
)
ANSWER = Kind(
    CONSENT_ANSWER,
    N_("answer to a request for consent"),
    receive_answer,
    needs_basis=False,
    largest_body=64 * 1024,
)
