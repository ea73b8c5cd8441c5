# SPDX-License-Identifier: Apache-2.0
"""Consent covers what was asked, for whom and until when it was given, and nothing beside it."""

from __future__ import annotations

from datetime import date

import pytest

from comity.agreements.question import Proceeding, Recipient
from comity.evidence.queries import statements
from comity.evidence.services.consents import answer_consent, ask_consent
from comity.evidence.services.rulings_of_courts import record_ruling
from comity.evidence.services.using import record_use
from comity.evidence.use import (
    AlreadyAnsweredError,
    ConsentFirstError,
    ConsentState,
    ConsentTermError,
    Scope,
    SupplierMustConsentError,
    to_recipient,
)
from comity.evidence.use_messages import (
    CONSENT_ANSWER,
    CONSENT_REQUEST,
    RULING,
    ConsentOutcome,
    Occasion,
    RulingOutcome,
)
from comity.reference.taxonomy import Purpose
from tests.support.evidence import an_item, supplied
from tests.support.evidence_partners import (
    PROSECUTOR,
    UNIT_HEAD,
    a_partner,
    hand_over,
    receipted,
    refused,
    sent_to,
)
from tests.support.exchange import NOON

pytestmark = [pytest.mark.db, pytest.mark.django_db]
CIVIL = Scope(Occasion.USE, Purpose.CIVIL_JUDICIAL, Proceeding.CIVIL)
TO_EASTLAND = to_recipient(Recipient.THIRD_STATE, "XE")
TODAY = NOON.date()
END = date(2026, 6, 30)


def asked_for(item, scope=CIVIL):
    consent = ask_consent(item.reference, scope, "Why we ask.", by=PROSECUTOR, at=NOON)
    return consent, sent_to("XS", CONSENT_REQUEST).header.id


def given(item, scope=TO_EASTLAND, on: date = TODAY, supplier: str = "XS") -> bool:
    return statements.given_for(item.identity, supplier, scope, on=on).consent


def their_request(item, **more: object) -> dict[str, object]:
    return {
        "item": item.identity,
        "occasion": "disclosure",
        "purpose": "THIRD_STATE",
        "proceeding": "none",
        "recipient": "THIRD_STATE",
        "recipient_code": "XE",
        **more,
    }


def test_a_use_that_needs_consent_is_allowed_once_it_was_given(southland):
    item = an_item(channel=supplied())
    _, request = asked_for(item)
    with pytest.raises(ConsentFirstError):
        record_use(item.reference, CIVIL.purpose, CIVIL.proceeding, "", by=PROSECUTOR, at=NOON)

    answer = {"outcome": "given", "conditions": "In closed court.", "later": "kept"}
    hand_over(southland, CONSENT_ANSWER, answer, in_reply_to=request)

    used = record_use(item.reference, CIVIL.purpose, CIVIL.proceeding, "", by=PROSECUTOR, at=NOON)
    assert used.verdict == "permitted-under-conditions"
    [consent] = statements.consents(item=item.reference)
    assert (consent.state, consent.conditions) == (ConsentState.GIVEN, "In closed court.")


def test_consent_to_one_recipient_opens_the_way_to_no_other_use_item_or_day(southland):
    item, other = an_item(channel=supplied()), an_item(b"other", channel=supplied())
    _, request = asked_for(item, TO_EASTLAND)
    answer = {"outcome": "given", "until": END.isoformat()}
    hand_over(southland, CONSENT_ANSWER, answer, in_reply_to=request)

    assert given(item)
    assert given(item, on=END)
    assert not given(item, on=date(2026, 7, 1))
    assert not given(item, to_recipient(Recipient.THIRD_STATE, "XW"))
    assert not given(other)
    assert not given(item, CIVIL)
    assert not given(item, supplier="XE")


def test_a_consent_that_is_withdrawn_counts_no_longer(southland):
    item = an_item(channel=supplied())
    _, request = asked_for(item, TO_EASTLAND)
    for outcome, counts in (("given", True), ("withdrawn", False), ("given", False)):
        hand_over(southland, CONSENT_ANSWER, {"outcome": outcome}, in_reply_to=request)
        assert given(item) is counts


def test_an_answer_to_what_was_not_asked_or_by_somebody_else_is_refused(southland):
    eastland = a_partner("XE")
    item = an_item(channel=supplied())
    _, request = asked_for(item, TO_EASTLAND)

    assert refused(southland, CONSENT_ANSWER, {"outcome": "given"})
    assert refused(eastland, CONSENT_ANSWER, {"outcome": "given"}, in_reply_to=request)
    assert not given(item)


def test_a_request_that_reaches_us_waits_for_a_person_and_is_answered_once(southland):
    item = an_item()
    came = hand_over(southland, CONSENT_REQUEST, their_request(item, until="2026-06-30"))
    [waiting] = statements.consents_to_answer()
    with pytest.raises(ConsentTermError):
        answer_consent(
            waiting.reference,
            ConsentOutcome.GIVEN,
            by=UNIT_HEAD,
            at=NOON,
            until=date(2026, 7, 1),
        )

    answer_consent(
        waiting.reference,
        ConsentOutcome.GIVEN,
        by=UNIT_HEAD,
        at=NOON,
        until=END,
        conditions="No names.",
    )

    told = sent_to("XS", CONSENT_ANSWER)
    assert told.header.in_reply_to == came.header.id
    assert told.body == {"outcome": "given", "until": "2026-06-30", "conditions": "No names."}
    assert not statements.consents_to_answer()
    with pytest.raises(AlreadyAnsweredError):
        answer_consent(waiting.reference, ConsentOutcome.REFUSED, by=UNIT_HEAD, at=NOON)
    answer_consent(waiting.reference, ConsentOutcome.WITHDRAWN, by=UNIT_HEAD, at=NOON)
    assert sent_to("XS", CONSENT_ANSWER).body == {"outcome": "withdrawn"}


def test_who_got_it_from_somebody_else_cannot_consent_before_they_did(southland):
    eastland = a_partner("XE")
    item = an_item(channel=supplied())
    request = their_request(item, recipient_code="XW")
    hand_over(eastland, CONSENT_REQUEST, request)
    [waiting] = statements.consents_to_answer()

    with pytest.raises(SupplierMustConsentError, match="XS"):
        answer_consent(waiting.reference, ConsentOutcome.GIVEN, by=UNIT_HEAD, at=NOON)

    _, upstream = asked_for(item, to_recipient(Recipient.THIRD_STATE, "XW"))
    hand_over(southland, CONSENT_ANSWER, {"outcome": "given"}, in_reply_to=upstream)
    answer_consent(waiting.reference, ConsentOutcome.GIVEN, by=UNIT_HEAD, at=NOON)
    assert sent_to("XE", CONSENT_ANSWER).body == {"outcome": "given"}


def test_a_courts_ruling_is_fed_back_to_who_supplied_the_item(southland):
    item = an_item(channel=supplied())
    scope = Scope(Occasion.USE, Purpose.ADMIN_ENQUIRY, Proceeding.NONE)
    used = record_use(item.reference, scope.purpose, scope.proceeding, "", by=PROSECUTOR, at=NOON)

    record_ruling(
        used.reference, RulingOutcome.EXCLUDED, TODAY, "The seal.", by=PROSECUTOR, at=NOON
    )

    body = receipted(southland, RULING).body
    assert (body["item"], body["outcome"], body["text"]) == (
        item.identity,
        "excluded",
        "The seal.",
    )
    [ruling] = statements.rulings(item=item.reference)
    assert (ruling.use, ruling.partner) == (used.reference, "XS")


def test_a_ruling_elsewhere_is_kept_beside_our_item(southland):
    item = an_item()
    body = {
        "item": item.identity,
        "outcome": "admitted",
        "on": "2026-03-01",
        "proceeding": "criminal",
        "text": "Admitted without objection.",
    }
    hand_over(southland, RULING, body)

    [ruling] = statements.rulings(item=item.reference)
    assert (ruling.outcome, ruling.text) == (RulingOutcome.ADMITTED, body["text"])


def test_a_ruling_on_our_own_item_is_told_to_nobody(northland):
    item = an_item()
    used = record_use(
        item.reference, Purpose.CRIMINAL_EVIDENCE, Proceeding.CRIMINAL, "", by=PROSECUTOR, at=NOON
    )
    ruling = record_ruling(used.reference, RulingOutcome.ADMITTED, TODAY, by=PROSECUTOR, at=NOON)

    assert (ruling.partner, ruling.message) == ("", "")
