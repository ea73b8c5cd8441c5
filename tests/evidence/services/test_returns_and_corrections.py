# SPDX-License-Identifier: Apache-2.0
"""Originals go back with both sides' word; what was supplied wrongly is corrected beside it."""

from __future__ import annotations

from datetime import date

import pytest

from comity.evidence import models
from comity.evidence.hand_over import RefusalReason
from comity.evidence.hand_over_messages import RETURN
from comity.evidence.item import ItemState, Rank
from comity.evidence.lifetime import DisclosedTo, NotAnOriginalError, NothingCorrectedError
from comity.evidence.queries import registers
from comity.evidence.queries.custody import custody, hand_overs_waiting
from comity.evidence.queries.custody import hand_over as hand_over_value
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.lifetime import correction_words, corrections, flags_on
from comity.evidence.recall import NobodyHoldsItError, RecallNotOursError
from comity.evidence.services.correcting import correct
from comity.evidence.services.disclosing import record_disclosure
from comity.evidence.services.flags import clear_flag
from comity.evidence.services.handing_over import confirm, refuse
from comity.evidence.services.returns import send_back
from comity.journal.entry import Actor
from tests.support.evidence import CUSTODIAN, an_item, an_object, supplied
from tests.support.evidence_partners import (
    UNIT_HEAD,
    a_partner,
    hand_over,
    refused,
    sent_to,
)
from tests.support.exchange import NOON

pytestmark = [pytest.mark.db, pytest.mark.django_db]
CORRECTION = "evidence.correction/1"
FIELDS = {"title": "List of thirty consignments"}


def back(item):
    return send_back(item.reference, "By courier.", by=CUSTODIAN, at=NOON)


def announced(item) -> dict[str, str]:
    return {
        "half": "statement",
        "item": item.identity,
        "on": "2026-03-02",
        "hand_over": "HOV-00012",
    }


def given_out(item, *partners: str) -> None:
    machine = Actor("EVIDENCE", "integrator")
    for partner in partners:
        record_disclosure(
            [item.reference],
            DisclosedTo.PARTNER,
            partner,
            source="PKG-00001",
            by=machine,
            at=NOON,
        )


def test_an_original_is_returned_once_its_owner_confirmed(southland):
    seal = an_object(channel=supplied(), return_by=date(2026, 6, 1))
    sent = back(seal)

    assert item_value(seal.reference).state is ItemState.HELD
    [line] = registers.originals(here=True)
    assert (line.item, line.sent_back_on, line.confirmed_on) == (seal.reference, NOON.date(), None)

    told = sent_to("XS", RETURN)
    body = {"half": "confirmation", "reference": "RTN-00003"}
    for _ in range(2):
        hand_over(southland, RETURN, body, in_reply_to=told.header.id)

    assert item_value(seal.reference).state is ItemState.RETURNED
    last = custody(seal.reference).events[-1]
    assert (last.act, last.counterpart) == ("returned", "XS")
    [line] = registers.originals()
    assert (line.confirmed_on, line.days_left(NOON.date())) == (NOON.date(), None)
    assert hand_over_value(sent.reference).their_reference == "RTN-00003"


def test_what_did_not_arrive_is_still_ours_to_find(southland):
    seal = an_object(channel=supplied())
    back(seal)

    body = {"half": "confirmation", "reference": "RTN-1", "refused_for": "not-received"}
    hand_over(southland, RETURN, body, in_reply_to=sent_to("XS", RETURN).header.id)

    found = item_value(seal.reference)
    assert found.state is ItemState.HELD
    assert not found.certifiable


def test_an_original_of_ours_comes_back_when_an_officer_says_so(southland):
    seal = an_object()
    came = hand_over(southland, RETURN, announced(seal))
    [row] = hand_overs_waiting()

    confirm(row.reference, by=CUSTODIAN, at=NOON)

    told = sent_to("XS", RETURN)
    assert told.header.in_reply_to == came.header.id
    assert told.body == {"half": "confirmation", "reference": row.reference}
    assert custody(seal.reference).events[-1].act == "received"


def test_what_came_broken_is_refused_with_its_reason(southland):
    hand_over(southland, RETURN, announced(an_object()))
    [row] = hand_overs_waiting()

    refuse(row.reference, RefusalReason.SEAL_BROKEN, by=CUSTODIAN, at=NOON)

    assert sent_to("XS", RETURN).body["refused_for"] == "seal-broken"


def test_copies_and_our_own_things_do_not_go_back(southland):
    for item in (
        an_item(rank=Rank.PLAIN_COPY, channel=supplied()),
        an_object(),
    ):
        with pytest.raises(NotAnOriginalError):
            back(item)


def test_a_correction_reaches_every_partner_that_holds_the_item(southland):
    a_partner("XE")
    item, new = an_item(), an_item(b"thirty")
    made = an_item(b"extract", derived_from=(item.reference,))
    given_out(item, "XS", "XE")

    told = correct(item.reference, FIELDS, by=UNIT_HEAD, at=NOON, replacement=new.reference)

    assert {one.partner for one in told} == {"XS", "XE"}
    for partner in ("XS", "XE"):
        body = sent_to(partner, CORRECTION).body
        assert (body["item"], body["fields"]) == (item.identity, FIELDS)
        assert body["replacement"] == new.identity
    assert [flag.code for flag in flags_on(made.reference)] == ["input-corrected"]


def test_a_correction_is_kept_as_its_suppliers_claim_and_flags_what_was_made(southland):
    item = an_item(channel=supplied())
    made = an_item(b"extract", derived_from=(item.reference,))
    further = an_item(b"of it", derived_from=(made.reference,))
    body = {"item": item.identity, "on": "2026-03-02", "fields": FIELDS, "later": "kept"}

    hand_over(southland, CORRECTION, body)

    [claim] = models.Claim.objects.all()
    assert (claim.item.reference, claim.field, claim.author) == (item.reference, "title", "XS")
    [kept] = corrections(item=item.reference)
    assert correction_words(kept.reference) == FIELDS
    assert [flag.code for flag in flags_on(item.reference)] == ["corrected"]
    for one in (made, further):
        [flag] = flags_on(one.reference)
        assert flag.code == "input-corrected"
    assert clear_flag(made.reference, flag.code, kept.reference, by=CUSTODIAN, at=NOON)
    assert not clear_flag(made.reference, flag.code, kept.reference, by=CUSTODIAN, at=NOON)
    assert not flags_on(made.reference)


def test_only_who_supplied_it_corrects_it_and_only_in_fields_that_there_are(southland):
    eastland = a_partner("XE")
    item = an_item(channel=supplied())
    body = {"item": item.identity, "on": "2026-03-02", "fields": FIELDS}

    assert refused(eastland, CORRECTION, body)
    assert refused(southland, CORRECTION, {**body, "fields": {"no-such": "x"}})
    assert not models.Claim.objects.exists()


def test_there_must_be_something_to_correct_and_somebody_to_tell(southland):
    ours, theirs = an_item(), an_item(channel=supplied())
    by = {"by": UNIT_HEAD, "at": NOON}
    with pytest.raises(NothingCorrectedError):
        correct(ours.reference, {}, **by)
    with pytest.raises(NobodyHoldsItError):
        correct(ours.reference, FIELDS, **by)
    with pytest.raises(RecallNotOursError):
        correct(theirs.reference, FIELDS, **by)
