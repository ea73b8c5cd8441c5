# SPDX-License-Identifier: Apache-2.0
"""A recall reaches every holder, a person decides on each copy, and every copy is accounted for."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from comity.accounts.four_eyes import SamePersonError
from comity.agreements.question import Proceeding
from comity.agreements.verdict import Verdict
from comity.evidence import models
from comity.evidence.item import Description, ItemState
from comity.evidence.lifetime import (
    DestructionGround,
    DestructionWaitsError,
    DisclosedTo,
    HeldError,
    HoldGround,
    ItemGoneError,
)
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.lifetime import (
    destruction_lists,
    flags_on,
    require_kept,
)
from comity.evidence.queries.recalls import demand_of, recalls_to_decide
from comity.evidence.queries.recalls import recall as recall_of
from comity.evidence.recall import (
    RECALL,
    RECALL_ANSWER,
    Demand,
    Ground,
    HoldMissingError,
    NobodyHoldsItError,
    Outcome,
    RecallAnswerError,
    RecallDecidedError,
    RecallDemandError,
    RecallNotOursError,
    narrowing,
)
from comity.evidence.services import destroying, holding, items, recalling
from comity.evidence.services.disclosing import record_disclosure
from comity.evidence.services.keeping import open_content_inside
from comity.evidence.services.using import position
from comity.evidence.use import Scope
from comity.evidence.use_messages import Occasion
from comity.handling.marking import Marking, marking_document
from comity.journal.entry import Actor
from comity.reference.taxonomy import Caveat, Purpose
from tests.support.evidence import CUSTODIAN, an_item, supplied
from tests.support.evidence_partners import (
    LEGAL_ADVISER,
    PROTECTOR,
    UNIT_HEAD,
    a_partner,
    hand_over,
    refused,
    sent_to,
)
from tests.support.exchange import NOON, later

pytestmark = [pytest.mark.db, pytest.mark.django_db]
MACHINE = Actor("EVIDENCE", "integrator")
TODAY = NOON.date()
RECALLED = "8b2f63f4-93b7-4f0c-9f2f-0d6b3a9f1e11"


def given_to(item, *partners: str) -> None:
    for partner in partners:
        record_disclosure(
            [item.reference],
            DisclosedTo.PARTNER,
            partner,
            source="PKG-00001",
            by=MACHINE,
            at=NOON,
        )


def demand(item, what: Demand = Demand.DELETE, **more: object) -> dict[str, object]:
    return {
        "recall": RECALLED,
        "item": item.identity,
        "demand": what.value,
        "ground": "inaccurate",
        "origin": "XS",
        "answer_by": "2026-04-01",
        **more,
    }


def answer(recall: str, administration: str, outcome: str, number: int = 1, **more: object):
    copy = {"administration": administration, "outcome": outcome, **more}
    return {"recall": recall, "number": number, "copy": copy}


def copies(reference: str, today: date = TODAY) -> dict[str, str]:
    return {
        one.administration: one.outcome.value for one in recall_of(reference, today=today).copies
    }


def made(item, what: Demand = Demand.DELETE):
    return recalling.recall(
        item.reference, what, Ground.INACCURATE, "Wrong name.", by=UNIT_HEAD, at=NOON
    )


# What we supplied


def test_every_partner_that_holds_the_item_is_asked(southland):
    a_partner("XE")
    item = an_item()
    given_to(item, "XS", "XE")

    recall = made(item)

    assert copies(recall.reference) == {"XS": "pending", "XE": "pending"}
    for partner in ("XS", "XE"):
        body = sent_to(partner, RECALL).body
        assert (body["recall"], body["item"]) == (recall.recall, item.identity)
        assert (body["demand"], body["origin"], body["text"]) == ("delete", "XN", "Wrong name.")


def test_an_answer_says_what_became_of_each_copy_down_the_chain(southland):
    item = an_item()
    given_to(item, "XS")
    recall = made(item)
    asked = sent_to("XS", RECALL).header.id

    below = [{"administration": "XE", "outcome": "held-for-law", "until": "2027-01-01"}]
    body = answer(recall.recall, "XS", "deleted", holders=below)
    hand_over(southland, RECALL_ANSWER, body, in_reply_to=asked)

    assert copies(recall.reference) == {"XS": "deleted", "XE": "held-for-law"}
    found = {one.administration: one for one in recall_of(recall.reference, today=TODAY).copies}
    assert found["XS"].verified
    assert not found["XE"].verified
    assert found["XE"].until == date(2027, 1, 1)


def test_what_a_holder_below_signed_is_verified_where_we_know_it(southland):
    eastland = a_partner("XE")
    item = an_item()
    given_to(item, "XS")
    recall = made(item)
    asked = sent_to("XS", RECALL).header.id
    to_southland = eastland.envelope(
        kind=RECALL_ANSWER, body=answer(recall.recall, "XE", "deleted"), basis=None, recipient="XS"
    )
    signed = json.loads(eastland.signed(to_southland))

    for number, outcome in ((1, "deleted"), (2, "narrowed")):
        below = [{"administration": "XE", "outcome": outcome, "signed": signed}]
        body = answer(recall.recall, "XS", "deleted", number, holders=below)
        hand_over(southland, RECALL_ANSWER, body, in_reply_to=asked)
        found = {c.administration: c for c in recall_of(recall.reference, today=TODAY).copies}
        assert found["XE"].verified is (outcome == "deleted")


def test_a_later_answer_takes_the_place_of_an_earlier_one_and_never_the_other_way(southland):
    item = an_item()
    given_to(item, "XS")
    recall = made(item)
    asked = sent_to("XS", RECALL).header.id

    for number, outcome in ((1, "pending"), (3, "deleted"), (2, "held-for-law")):
        body = answer(recall.recall, "XS", outcome, number)
        hand_over(southland, RECALL_ANSWER, body, in_reply_to=asked)

    assert copies(recall.reference) == {"XS": "deleted"}


def test_who_does_not_answer_in_time_is_shown_as_unknown_and_once_in_the_journal(southland):
    item = an_item()
    given_to(item, "XS")
    recall = made(item)
    late = later(days=31)

    assert recalling.time_out(at=later(days=30)) == 0
    assert recalling.time_out(at=late) == 1
    assert recalling.time_out(at=late) == 0
    assert copies(recall.reference, late.date()) == {"XS": "unknown"}


def test_nobody_else_answers_for_a_holder(southland):
    eastland = a_partner("XE")
    item = an_item()
    given_to(item, "XS")
    recall = made(item)
    asked = sent_to("XS", RECALL).header.id

    body = answer(recall.recall, "XE", "deleted")
    assert refused(eastland, RECALL_ANSWER, body, in_reply_to=asked)
    body = answer(recall.recall, "XE", "deleted")
    assert refused(southland, RECALL_ANSWER, body, in_reply_to=asked)
    assert copies(recall.reference) == {"XS": "pending"}


def test_only_the_supplier_recalls_and_only_what_somebody_holds(southland):
    with pytest.raises(RecallNotOursError, match="XS"):
        made(an_item(channel=supplied()))
    with pytest.raises(NobodyHoldsItError):
        made(an_item())


# What was supplied to us


def test_a_recall_is_answered_at_once_with_what_is_known_and_waits_for_a_person(southland):
    item = an_item(channel=supplied())
    derived = an_item(b"extract", derived_from=(item.reference,))

    came = hand_over(southland, RECALL, demand(item, later="kept"))

    [waiting] = recalls_to_decide(today=TODAY)
    assert (waiting.item, waiting.asked_by, waiting.origin) == (item.reference, "XS", "XS")
    told = sent_to("XS", RECALL_ANSWER)
    assert told.header.in_reply_to == came.header.id
    assert told.body["copy"] == {"administration": "XN", "outcome": "pending"}
    assert [flag.code for flag in flags_on(item.reference)] == ["recalled"]
    assert [flag.code for flag in flags_on(derived.reference)] == ["input-recalled"]


def test_a_recall_is_passed_on_to_whoever_got_the_item_from_us_and_their_answer_comes_back(
    southland,
):
    eastland = a_partner("XE")
    item = an_item(channel=supplied())
    given_to(item, "XE", "XS")

    hand_over(southland, RECALL, demand(item))

    onward = sent_to("XE", RECALL)
    assert (onward.body["recall"], onward.body["origin"]) == (RECALLED, "XS")
    assert models.RecallHolder.objects.count() == 1  # who asked is not asked back
    assert sent_to("XS", RECALL_ANSWER).body["copy"]["holders"][0]["outcome"] == "pending"

    body = answer(RECALLED, "XE", "deleted")
    hand_over(eastland, RECALL_ANSWER, body, in_reply_to=onward.header.id)

    told = sent_to("XS", RECALL_ANSWER).body
    [below] = told["copy"]["holders"]
    assert (told["number"], below["administration"], below["outcome"]) == (2, "XE", "deleted")
    assert below["signed"]["payloadType"] == "application/vnd.comity.envelope+json"


def test_to_delete_takes_two_persons_and_only_then_is_answered(southland):
    item = an_item(channel=supplied())
    hand_over(southland, RECALL, demand(item))
    [waiting] = recalls_to_decide(today=TODAY)

    recalling.decide_recall(waiting.reference, Outcome.DELETED, by=UNIT_HEAD, at=NOON)

    assert sent_to("XS", RECALL_ANSWER).body["copy"]["outcome"] == "pending"
    [drafted] = destruction_lists()
    with pytest.raises(SamePersonError):
        destroying.approve(drafted.reference, by=UNIT_HEAD, at=NOON)
    destroying.approve(drafted.reference, by=PROTECTOR, at=NOON)

    assert sent_to("XS", RECALL_ANSWER).body["copy"]["outcome"] == "deleted"
    assert item_value(item.reference).state is ItemState.DESTROYED
    with pytest.raises(ItemGoneError):
        require_kept(item.reference)


def test_what_a_hold_stands_against_is_answered_so_and_decided_again_when_it_is_lifted(southland):
    item = an_item(channel=supplied())
    hand_over(southland, RECALL, demand(item))
    [waiting] = recalls_to_decide(today=TODAY)
    with pytest.raises(HoldMissingError):
        recalling.decide_recall(waiting.reference, Outcome.HELD_FOR_LAW, by=UNIT_HEAD, at=NOON)

    hold = holding.place_hold(HoldGround.PROCEEDING, by=LEGAL_ADVISER, at=NOON, item=item.reference)
    with pytest.raises(HeldError):
        recalling.decide_recall(waiting.reference, Outcome.DELETED, by=UNIT_HEAD, at=NOON)
    recalling.decide_recall(
        waiting.reference, Outcome.HELD_FOR_LAW, by=UNIT_HEAD, at=NOON, until=date(2027, 1, 1)
    )
    body = sent_to("XS", RECALL_ANSWER).body["copy"]
    assert (body["outcome"], body["until"]) == ("held-for-law", "2027-01-01")

    holding.lift_hold(hold.reference, by=LEGAL_ADVISER, at=NOON)
    recalling.decide_recall(waiting.reference, Outcome.DELETED, by=UNIT_HEAD, at=NOON)
    [drafted] = destruction_lists()
    destroying.approve(drafted.reference, by=PROTECTOR, at=NOON)
    assert sent_to("XS", RECALL_ANSWER).body["copy"]["outcome"] == "deleted"


def test_what_came_from_another_source_too_stays_and_only_the_recalled_channel_closes(southland):
    item = an_item(channel=supplied())
    items.add_channel(item.reference, supplied("XE"), by=CUSTODIAN, at=NOON)
    hand_over(southland, RECALL, demand(item))
    [waiting] = recalls_to_decide(today=TODAY)

    recalling.decide_recall(waiting.reference, Outcome.DELETED, by=UNIT_HEAD, at=NOON)

    assert sent_to("XS", RECALL_ANSWER).body["copy"]["outcome"] == "kept-from-another"
    first, second = item_value(item.reference).channels
    assert (first.withdrawn_on, second.withdrawn_on) == (TODAY, None)
    with open_content_inside(item.reference) as content:
        assert content.read()


def test_a_narrowed_item_carries_the_stricter_marking_beside_its_own(southland):
    item = an_item(channel=supplied(marking=Marking(caveats=frozenset({Caveat.CUSTOMS_ONLY}))))
    stricter = Marking(caveats=frozenset({Caveat.NO_THIRD_STATE}))
    body = demand(item, Demand.NARROW, marking=marking_document(stricter))
    hand_over(southland, RECALL, body)
    [waiting] = recalls_to_decide(today=TODAY)

    recalling.decide_recall(waiting.reference, Outcome.NARROWED, by=UNIT_HEAD, at=NOON)

    [channel] = item_value(item.reference).channels
    assert channel.marking.caveats == {Caveat.CUSTOMS_ONLY, Caveat.NO_THIRD_STATE}
    assert sent_to("XS", RECALL_ANSWER).body["copy"]["outcome"] == "narrowed"


def test_who_narrows_says_what_is_laid_on_it_and_sees_it_flagged(southland):
    item = an_item()
    given_to(item, "XS")
    by = {"by": UNIT_HEAD, "at": NOON}
    with pytest.raises(RecallDemandError):
        recalling.recall(item.reference, Demand.NARROW, Ground.COURT_ORDER, **by)
    laid = narrowing([Caveat.NO_THIRD_STATE], [Purpose.CRIMINAL_EVIDENCE], conditions=["In camera"])

    recalling.recall(item.reference, Demand.NARROW, Ground.COURT_ORDER, marking=laid, **by)

    said = sent_to("XS", RECALL).body["marking"]
    assert (said["caveats"], said["restrictions"]) == (["NO_THIRD_STATE"], ["In camera"])
    assert said["use_rules"] == {"CRIMINAL_EVIDENCE": "PROHIBITED"}
    assert [flag.code for flag in flags_on(item.reference)] == ["recalled"]


def test_a_demand_to_narrow_without_a_marking_is_refused(southland):
    item = an_item(channel=supplied())

    assert refused(southland, RECALL, demand(item, Demand.NARROW)) == "body-refused"
    assert not recalls_to_decide(today=TODAY)


def test_what_was_made_from_a_narrowed_item_may_be_used_no_more_than_it(southland):
    facts = {"personal_data": False, "judicially_obtained": False}
    item = an_item(channel=supplied(marking=Marking(**facts)))
    extract = an_item(b"extract", derived_from=(item.reference,))
    again = an_item(b"of the extract", derived_from=(extract.reference,))
    enquiry = Scope(Occasion.USE, Purpose.ADMIN_ENQUIRY, Proceeding.NONE)
    assert position(again.reference, enquiry, on=TODAY).allowed_now
    laid = narrowing(not_for=[Purpose.ADMIN_ENQUIRY], conditions=["Ask us first"])
    hand_over(southland, RECALL, demand(item, Demand.NARROW, marking=marking_document(laid)))
    [waiting] = recalls_to_decide(today=TODAY)

    recalling.decide_recall(waiting.reference, Outcome.NARROWED, by=UNIT_HEAD, at=NOON)

    for each in (item, extract, again):
        found = position(each.reference, enquiry, on=TODAY)
        assert found.weighed.verdict is Verdict.PROHIBITED
    [channel] = item_value(item.reference).channels
    assert channel.marking.restrictions == {"Ask us first"}


def test_who_got_the_item_after_the_recall_arrived_is_asked_when_it_is_decided(southland):
    a_partner("XE")
    item = an_item(channel=supplied())
    laid = marking_document(narrowing([Caveat.NO_THIRD_STATE]))
    hand_over(southland, RECALL, demand(item, Demand.NARROW, marking=laid))
    given_to(item, "XE")
    [waiting] = recalls_to_decide(today=TODAY)

    recalling.decide_recall(waiting.reference, Outcome.NARROWED, by=UNIT_HEAD, at=NOON)

    onward = sent_to("XE", RECALL).body
    assert (onward["origin"], onward["marking"]) == ("XS", laid)
    told = sent_to("XS", RECALL_ANSWER).body["copy"]
    assert [below["administration"] for below in told["holders"]] == ["XE"]


def test_a_corrected_item_keeps_what_came_first_and_the_claim_beside_it(southland):
    item = an_item(channel=supplied())
    body = demand(item, Demand.CORRECT, corrections={"title": "List of thirty consignments"})
    hand_over(southland, RECALL, body)
    [waiting] = recalls_to_decide(today=TODAY)

    recalling.decide_recall(waiting.reference, Outcome.CORRECTED, by=UNIT_HEAD, at=NOON)

    [claim] = models.Claim.objects.all()
    assert (claim.field, claim.author) == ("title", "XS")


def test_an_answer_must_fit_the_demand_and_is_given_once(southland):
    item = an_item(channel=supplied())
    hand_over(southland, RECALL, demand(item))
    [waiting] = recalls_to_decide(today=TODAY)
    with pytest.raises(RecallAnswerError):
        recalling.decide_recall(waiting.reference, Outcome.CORRECTED, by=UNIT_HEAD, at=NOON)
    with pytest.raises(RecallAnswerError):
        recalling.decide_recall(waiting.reference, Outcome.NOT_HELD, by=UNIT_HEAD, at=NOON)
    by = {"by": UNIT_HEAD, "at": NOON}
    recalling.decide_recall(waiting.reference, Outcome.DELETED, **by)
    for outcome in (Outcome.DELETED, Outcome.DECLINED):
        with pytest.raises(DestructionWaitsError):
            recalling.decide_recall(waiting.reference, outcome, **by)
    destroying.approve(destruction_lists()[0].reference, by=PROTECTOR, at=NOON)
    with pytest.raises(RecallDecidedError):
        recalling.decide_recall(waiting.reference, Outcome.DELETED, **by)


def test_of_what_was_destroyed_meanwhile_it_is_said_that_it_is_not_held(southland):
    item = an_item(channel=supplied())
    laid = marking_document(narrowing([Caveat.NO_THIRD_STATE]))
    hand_over(southland, RECALL, demand(item, Demand.NARROW, marking=laid))
    [waiting] = recalls_to_decide(today=TODAY)
    ground = {item.reference: DestructionGround.RETENTION_OVER}
    listed = destroying.draft(ground, by=CUSTODIAN, at=NOON)
    destroying.approve(listed.reference, by=PROTECTOR, at=NOON)

    recalling.decide_recall(waiting.reference, Outcome.NARROWED, by=UNIT_HEAD, at=NOON)

    assert sent_to("XS", RECALL_ANSWER).body["copy"]["outcome"] == "not-held"


def test_who_gave_back_the_paper_and_keeps_the_file_is_asked_what_becomes_of_it(southland):
    item = an_item(channel=supplied())
    models.Item.objects.filter(reference=item.reference).update(state=ItemState.RETURNED)

    hand_over(southland, RECALL, demand(item))

    assert [one.item for one in recalls_to_decide(today=TODAY)] == [item.reference]


def test_a_recall_that_came_before_its_item_waits_for_a_person_once_that_is_here(southland):
    body = demand(an_item(channel=supplied()), Demand.CORRECT, corrections={"title": "Ten"})
    identity = "6f0dbd4e-8d0f-4d0e-9e51-0a3ad9d1c001"
    hand_over(southland, RECALL, {**body, "item": identity})
    of_another = an_item(channel=supplied("XE"), identity=identity)
    recalling.note_arrived([of_another.reference], at=NOON)
    assert not recalls_to_decide(today=TODAY)
    items.add_channel(of_another.reference, supplied(), by=CUSTODIAN, at=NOON)

    recalling.note_arrived([of_another.reference], at=NOON)

    [waiting] = recalls_to_decide(today=TODAY)
    assert waiting.item == of_another.reference
    assert demand_of(waiting.reference).corrections == {"title": "Ten"}
    assert [flag.code for flag in flags_on(of_another.reference)] == ["recalled"]
    assert sent_to("XS", RECALL_ANSWER).body["copy"]["outcome"] == "pending"


def test_what_a_partner_sent_back_to_us_is_ours_to_recall_and_to_describe(southland):
    item = an_item()
    given_to(item, "XS")
    items.add_channel(item.reference, supplied(), by=CUSTODIAN, at=NOON)

    assert made(item).ours
    items.describe(item.reference, Description("List"), by=CUSTODIAN, at=NOON)


def test_what_holders_wrote_goes_with_the_item_and_what_they_answered_stays(southland):
    item = an_item()
    given_to(item, "XS")
    recall = made(item)
    asked = sent_to("XS", RECALL).header.id
    body = {**answer(recall.recall, "XS", "deleted"), "text": "Of Mr Novak."}
    hand_over(southland, RECALL_ANSWER, body, in_reply_to=asked)
    [holder] = models.RecallHolder.objects.all()
    assert holder.answer["signed"]

    listed = destroying.draft(
        {item.reference: DestructionGround.RETENTION_OVER}, by=CUSTODIAN, at=NOON
    )
    destroying.approve(listed.reference, by=PROTECTOR, at=NOON)

    holder.refresh_from_db()
    assert "signed" not in holder.answer
    assert copies(recall.reference) == {"XS": "deleted"}
    assert recall_of(recall.reference, today=TODAY).copies[0].verified


def test_who_did_not_supply_it_cannot_recall_it(southland):
    eastland = a_partner("XE")
    item = an_item(channel=supplied())

    assert refused(eastland, RECALL, demand(item, origin="XE"))
    assert not recalls_to_decide(today=TODAY)


def test_what_was_never_here_is_answered_as_not_held(southland):
    body = {**demand(an_item()), "item": "6f0dbd4e-8d0f-4d0e-9e51-0a3ad9d1c001"}
    hand_over(southland, RECALL, body)

    assert sent_to("XS", RECALL_ANSWER).body["copy"]["outcome"] == "not-held"
    assert not recalls_to_decide(today=TODAY + timedelta(days=1))


def test_along_a_chain_of_four_every_copy_is_accounted_for_or_reported_unknown(southland):
    """Southland recalls; we passed the item to Eastland, and Eastland passed it to Westland."""
    eastland, westland = a_partner("XE"), a_partner("XW")
    item = an_item(channel=supplied())
    given_to(item, "XE")

    def told() -> dict[str, str]:
        copy = sent_to("XS", RECALL_ANSWER).body["copy"]
        found = {copy["administration"]: copy["outcome"]}
        while copy.get("holders"):
            [copy] = copy["holders"]
            found[copy["administration"]] = copy["outcome"]
        return found

    hand_over(southland, RECALL, demand(item))
    assert told() == {"XN": "pending", "XE": "pending"}
    asked = sent_to("XE", RECALL).header.id

    below = [{"administration": "XW", "outcome": "pending"}]
    body = answer(RECALLED, "XE", "deleted", 1, holders=below)
    hand_over(eastland, RECALL_ANSWER, body, in_reply_to=asked)
    assert told() == {"XN": "pending", "XE": "deleted", "XW": "pending"}

    [waiting] = recalls_to_decide(today=TODAY)
    recalling.decide_recall(waiting.reference, Outcome.DELETED, by=UNIT_HEAD, at=NOON)
    destroying.approve(destruction_lists()[0].reference, by=PROTECTOR, at=NOON)
    assert told() == {"XN": "deleted", "XE": "deleted", "XW": "pending"}

    recalling.time_out(at=later(days=31))
    assert told() == {"XN": "deleted", "XE": "deleted", "XW": "unknown"}

    to_eastland = westland.envelope(
        kind=RECALL_ANSWER, body=answer(RECALLED, "XW", "deleted"), basis=None, recipient="XE"
    )
    below = [
        {
            "administration": "XW",
            "outcome": "deleted",
            "signed": json.loads(westland.signed(to_eastland)),
        }
    ]
    body = answer(RECALLED, "XE", "deleted", 2, holders=below)
    late = later(days=31)
    hand_over(eastland, RECALL_ANSWER, body, in_reply_to=asked, at=late)
    assert told() == {"XN": "deleted", "XE": "deleted", "XW": "deleted"}
    found = {c.administration: c for c in recall_of(waiting.reference, today=late.date()).copies}
    assert found["XW"].verified
    assert recall_of(waiting.reference, today=late.date()).settled
