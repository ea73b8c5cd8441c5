# SPDX-License-Identifier: Apache-2.0
"""The one door out, with the database: what is let out, what opens, what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from comity.accounts.officer import Officer
from comity.accounts.permissions import PermissionMissingError, Role
from comity.agreements.question import Proceeding, Recipient
from comity.agreements.verdict import Verdict
from comity.evidence.conditions import Stand, conditions_document, sentences
from comity.evidence.way_out import IntendedRecipient, IntendedUse, Refusal, WayOut
from comity.handling.ceiling import UNLIMITED
from comity.handling.marking import Marking
from comity.reference.taxonomy import Caveat, FormOfAssistance, Purpose, UseRule
from tests.support.evidence import (
    AT,
    AUDITOR,
    CASE,
    CASE_OFFICER,
    CONTENT,
    CUSTODIAN,
    UNIT_HEAD,
    a_case,
    an_item,
    supplied,
)

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland")]

ADMINISTRATOR = Officer("OFF-00031", "N. Administrator", frozenset({Role.ADMINISTRATOR}))
STRANGER = Officer("OFF-00032", "N. Stranger", frozenset({Role.CASE_OFFICER}))
TRIAL = IntendedUse(Purpose.CRIMINAL_EVIDENCE, Proceeding.CRIMINAL)
COURT = IntendedRecipient(recipient=Recipient.COURT, code="COURT-1")


def let_out(*references: str, way: WayOut = WayOut.PAGE, by: Officer = CASE_OFFICER, **more: Any):
    from comity.evidence.services import way_out

    return way_out.let_out(references, way, by=by, at=AT, **more)


def _withdraw(channel: Any) -> None:
    """Let nothing rest on it any more, as a recall of its supplier does."""
    from comity.evidence import models

    models.WithdrawnChannel.objects.create(
        channel=channel, on=AT.date(), withdrawn_by="OFF-00011", at=AT
    )


def test_our_own_item_is_read_by_whoever_works_on_its_case() -> None:
    from comity.evidence.services.way_out import content, description

    item = an_item(case=a_case())

    (let,) = let_out(item.reference)

    assert let.permitted
    assert description(let).title == "List of consignments"
    with content(let) as opened:
        assert opened.read() == CONTENT


def test_one_item_is_decided_on_in_eight_statements_and_fifty_in_no_more(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    case = a_case()
    items = [an_item(case=case, channel=supplied()).reference for _ in range(3)]
    let_out(items[0])  # what the node knows of the law is read once

    with django_assert_max_num_queries(8 + 2):  # and this test's savepoint, made and released
        (alone,) = let_out(items[0])
    with django_assert_max_num_queries(8 + 2):
        together = let_out(*items)

    assert [let.permitted for let in (alone, *together)] == [True] * 4
    assert {let.decision for let in together} == {together[0].decision} != {alone.decision}


def test_what_was_supplied_is_read_for_the_purpose_of_its_case_and_closed_for_another() -> None:
    from comity.evidence.services.way_out import NotLetOutError, content, description

    item = an_item(case=a_case(), channel=supplied())

    (read,) = let_out(item.reference)
    (sold,) = let_out(item.reference, use=IntendedUse(Purpose.PUBLIC))

    assert read.permitted
    assert read.channel is not None
    assert read.channel.supplier == "XS"
    assert not sold.permitted
    for opening in (description, content):
        with pytest.raises(NotLetOutError):
            opening(sold)


def test_a_let_that_nobody_recorded_opens_nothing() -> None:
    from comity.evidence.services.way_out import NotLetOutError, description

    item = an_item(case=a_case())
    (let,) = let_out(item.reference)

    with pytest.raises(NotLetOutError):
        description(replace(let, decision=""))


def test_an_unknown_instrument_is_no_and_not_an_error() -> None:
    item = an_item(case=a_case(), channel=supplied(instrument="no-such"))

    (let,) = let_out(item.reference)

    assert (let.permitted, let.reason) == (False, Refusal.EVALUATION_ERROR)


def test_a_case_file_of_others_stays_closed_but_for_those_who_answer_for_it() -> None:
    item = an_item(case=a_case())

    (others,) = let_out(item.reference, by=STRANGER)
    (head,) = let_out(item.reference, by=UNIT_HEAD)

    assert others.reason is Refusal.NOT_ON_THE_CASE
    assert head.permitted


def test_what_came_without_a_purpose_is_not_read_until_one_is_stated() -> None:
    item = an_item(channel=supplied())

    (unstated,) = let_out(item.reference)
    (stated,) = let_out(item.reference, use=IntendedUse(Purpose.ADMIN_ENQUIRY))

    assert unstated.reason is Refusal.PURPOSE_UNKNOWN
    assert stated.permitted


def test_every_act_is_recorded_with_each_of_its_items_and_one_line_of_the_journal() -> None:
    from comity.evidence import models
    from comity.journal import queries as journal

    own = an_item(case=a_case())
    theirs = an_item(channel=supplied(), title="Another")
    before = journal.head().size

    lets = let_out(own.reference, theirs.reference, own.reference)

    decision = models.Decision.objects.get(reference=lets[0].decision)
    lines = {line.item.reference: line for line in decision.items.select_related("item")}
    assert [let.item for let in lets] == [own.reference, theirs.reference, own.reference]
    assert (decision.count, decision.permitted) == (2, 1)
    assert lines[own.reference].permitted
    assert lines[theirs.reference].reason == Refusal.PURPOSE_UNKNOWN
    assert journal.head().size == before + 1
    entry = journal.entry(before + 1)
    assert entry.facts["digest"] == decision.digest
    assert "List" not in str(entry.facts)


def test_an_officer_without_leave_to_release_gives_nothing_to_a_partner_or_the_public() -> None:
    item = an_item(case=a_case())

    for recipient in (IntendedRecipient("XS"), IntendedRecipient(recipient=Recipient.PUBLIC)):
        with pytest.raises(PermissionMissingError):
            let_out(item.reference, way=WayOut.PACKAGE, by=CUSTODIAN, recipient=recipient)


def test_who_uses_evidence_gives_it_to_a_court_and_to_nobody_else() -> None:
    from comity.evidence.services.way_out import may_give
    from tests.support.evidence import CASE_OFFICER

    given = [to for to in Recipient if may_give(CASE_OFFICER, IntendedRecipient(recipient=to))]

    assert given == [Recipient.COURT]
    assert not may_give(CASE_OFFICER, IntendedRecipient("XS"))


def test_a_derived_item_is_bound_by_all_that_it_was_made_of() -> None:
    closed = Marking(use_rules=frozenset({(Purpose.ADMIN_ENQUIRY, UseRule.PROHIBITED)}))
    source = an_item(case=a_case(), channel=supplied(marking=closed))
    free = an_item(case=a_case())
    made = an_item(derived_from=(free.reference, source.reference), case=a_case())
    again = an_item(derived_from=(made.reference,), case=a_case(), title="Made of it")

    lets = let_out(made.reference, again.reference)

    assert [(let.permitted, let.verdict) for let in lets] == [(False, Verdict.PROHIBITED)] * 2
    assert all(let.marking.covers(closed) for let in lets)


def test_of_two_channels_the_lawful_one_is_relied_on_and_the_fact_outlives_either() -> None:
    from comity.evidence import models
    from comity.evidence.services import items

    closed = Marking(use_rules=frozenset({(Purpose.ADMIN_ENQUIRY, UseRule.PROHIBITED)}))
    item = an_item(case=a_case(), channel=supplied(marking=closed))
    (alone,) = let_out(item.reference)
    items.add_channel(item.reference, supplied(), by=CUSTODIAN, at=AT)
    (both,) = let_out(item.reference)
    row = models.Item.objects.get(reference=item.reference)
    _withdraw(row.channels.get(number=1))
    (one_left,) = let_out(item.reference)
    _withdraw(row.channels.get(number=2))
    (none_left,) = let_out(item.reference)

    assert not alone.permitted
    assert both.permitted
    assert both.channel is not None
    assert both.channel.number == 2
    assert not both.marking.covers(closed)
    assert one_left.permitted
    assert none_left.reason is Refusal.NO_CHANNEL


def test_a_court_is_shown_it_only_after_the_supplier_was_told(monkeypatch: Any) -> None:
    from comity.evidence.queries import decisions
    from comity.evidence.use import Given

    item = an_item(case=a_case(purpose=Purpose.CRIMINAL_EVIDENCE), channel=supplied())
    (read,) = let_out(item.reference)
    (before,) = let_out(
        item.reference, way=WayOut.PACKAGE, by=UNIT_HEAD, use=TRIAL, recipient=COURT
    )
    (certified,) = let_out(item.reference, way=WayOut.CERTIFIED_COPY, by=CUSTODIAN)
    told = Given(notice=True)
    monkeypatch.setattr(decisions.NoticesAndConsents, "__call__", lambda *_: told)
    (after,) = let_out(item.reference, way=WayOut.PACKAGE, by=UNIT_HEAD, use=TRIAL, recipient=COURT)

    assert before.reason is Refusal.NOTICE_FIRST
    assert certified.reason is Refusal.NOTICE_FIRST
    assert after.permitted
    assert not read.permitted or read.reason is None


def test_a_person_decides_what_the_law_leaves_to_one_and_nothing_else() -> None:
    from comity.evidence.services import deciding
    from comity.evidence.services.deciding import NothingToDecideError

    item = an_item(case=a_case(), channel=supplied(marking=Marking(restrictions=frozenset({"?"}))))
    use = IntendedUse(Purpose.ADMIN_ENQUIRY)
    (before,) = let_out(item.reference)
    made = deciding.decide_on_use(
        item.reference, use, permitted=True, reason="Read and kept.", by=UNIT_HEAD, at=AT
    )
    (after,) = let_out(item.reference)
    (other,) = let_out(item.reference, use=IntendedUse(Purpose.STATISTICS))
    deciding.withdraw_decision(made.reference, by=UNIT_HEAD, at=AT)
    (withdrawn,) = let_out(item.reference)

    assert before.reason is Refusal.RESTRICTED_IN_WORDS
    assert after.permitted
    assert after.verdict is Verdict.PERMITTED_UNDER_CONDITIONS
    assert not other.permitted
    assert not withdrawn.permitted
    with pytest.raises(NothingToDecideError):
        deciding.decide_on_use(
            an_item(channel=supplied(), title="Else").reference,
            use,
            permitted=True,
            reason="Because.",
            by=UNIT_HEAD,
            at=AT,
        )
    assert deciding.decisions_on(item.reference)[0].reason == "Read and kept."


def test_a_ceiling_of_the_desk_refuses_pages_api_exports_and_imports_alike() -> None:
    from comity.evidence.services import ceilings
    from comity.evidence.services.ceilings import AboveCeilingError

    secret = supplied(marking=Marking(caveats=frozenset({Caveat.COMMERCIAL_SECRET})))
    item = an_item(case=a_case(), channel=secret)
    assert let_out(item.reference)[0].permitted
    lowered = replace(UNLIMITED, caveats=frozenset({Caveat.CUSTOMS_ONLY}))
    ceilings.set_ceiling(lowered, by=ADMINISTRATOR, at=AT)

    for way in WayOut:
        assert let_out(item.reference, way=way)[0].reason is Refusal.ABOVE_CEILING
    with pytest.raises(AboveCeilingError):
        an_item(channel=secret, title="Another")
    with pytest.raises(PermissionMissingError):
        ceilings.set_ceiling(UNLIMITED, by=CASE_OFFICER, at=AT)


def test_a_ceiling_towards_one_partner_refuses_what_goes_to_it_alone() -> None:
    from comity.evidence.services import ceilings

    item = an_item(case=a_case())
    lowered = replace(UNLIMITED, forms=frozenset({FormOfAssistance.ORIGINALS}))
    ceilings.set_ceiling(lowered, partner="XS", by=ADMINISTRATOR, at=AT)

    (to_it,) = let_out(
        item.reference, way=WayOut.PACKAGE, by=UNIT_HEAD, recipient=IntendedRecipient("XS")
    )

    assert to_it.reason is Refusal.ABOVE_CEILING
    assert let_out(item.reference)[0].permitted


def test_the_page_of_conditions_says_what_may_be_done_in_plain_words() -> None:
    from comity.evidence.queries.conditions import conditions_of

    laid = Marking(
        caveats=frozenset({Caveat.NO_THIRD_STATE}), return_or_destroy_by=date(2027, 1, 31)
    )
    item = an_item(case=a_case(), channel=supplied(marking=laid))

    page = conditions_of(item.reference, by=CASE_OFFICER, on=AT.date())

    stands = {answer.purpose: answer.stand for answer in page.answers}
    assert stands[Purpose.ADMIN_ENQUIRY] is Stand.YES
    assert stands[Purpose.CRIMINAL_EVIDENCE] is Stand.TELL_FIRST
    assert stands[Purpose.CIVIL_JUDICIAL] is Stand.ASK_FIRST
    assert stands[Purpose.THIRD_STATE] is Stand.NO
    assert page.answer(Purpose.CRIMINAL_EVIDENCE).article == "9(2)"
    said = "\n".join(sentences(page))
    for part in (
        "XS has been told (xn-xs-2020, 9(2))",
        "2027-01-31",
        "Supplied by XS on 2026-03-02",
    ):
        assert part in said
    assert "{" not in said
    document = conditions_document(page)
    assert document["answers"][0]["stand"] in {stand.value for stand in Stand}
    assert "consignments" not in str(document).lower()


def test_conditions_of_others_cases_are_no_such_item() -> None:
    from comity.evidence.queries.conditions import conditions_of
    from comity.evidence.queries.keys import UnknownItemError

    item = an_item(case=a_case())

    with pytest.raises(UnknownItemError):
        conditions_of(item.reference, by=STRANGER, on=AT.date())


def test_a_case_states_its_purpose_once_and_its_items_inherit_each_change() -> None:
    from comity.evidence.services import cases
    from comity.evidence.services.cases import CaseFileReferenceError, NotOnTheCaseError

    with pytest.raises(CaseFileReferenceError):
        cases.open_case_file("Nora North", Purpose.ADMIN_ENQUIRY, by=CASE_OFFICER, at=AT)
    cases.open_case_file(CASE, Purpose.ADMIN_ENQUIRY, by=CASE_OFFICER, at=AT)
    item = an_item(case=CASE, channel=supplied())
    (before,) = let_out(item.reference)
    with pytest.raises(NotOnTheCaseError):
        cases.change_purpose(CASE, Purpose.PUBLIC, by=STRANGER, at=AT)
    cases.change_purpose(CASE, Purpose.OTHER_LAW, by=CASE_OFFICER, at=AT)
    (after,) = let_out(item.reference)
    cases.change_officers(CASE, add=[STRANGER.reference], by=CASE_OFFICER, at=AT)
    (joined,) = let_out(item.reference, by=STRANGER)
    left = cases.CaseChange(officers=frozenset())
    headed = cases.change_case_file(CASE, left, by=UNIT_HEAD, at=AT)
    other = cases.CaseChange(purpose=Purpose.PUBLIC)
    with pytest.raises(PermissionMissingError):
        cases.change_case_file(CASE, other, by=UNIT_HEAD, at=AT)
    with pytest.raises(PermissionMissingError):
        cases.change_case_file(CASE, left, by=AUDITOR, at=AT)
    closed = cases.close_case_file(CASE, by=CASE_OFFICER, at=AT)

    assert before.permitted
    assert not after.permitted
    assert joined.reason is not Refusal.NOT_ON_THE_CASE
    assert headed.officers == {CASE_OFFICER.reference}
    assert closed.closed_at == AT


def test_an_erased_item_is_not_let_out_and_what_was_made_of_it_stays_bound() -> None:
    from comity.evidence import models
    from comity.evidence.services import keeping

    words = Marking(restrictions=frozenset({"Not for the trial of another."}))
    source = an_item(case=a_case(), channel=supplied(marking=words))
    made = an_item(derived_from=(source.reference,), case=a_case())
    keeping.destroy_key(source.reference)
    models.Item.objects.filter(reference=source.reference).update(state="destroyed")

    gone, bound = let_out(source.reference, made.reference)

    assert gone.reason is Refusal.ERASED
    assert not bound.permitted
    assert "trial" not in str(bound.marking)


def test_a_marking_that_cannot_be_read_closes_its_item_and_hides_no_other() -> None:
    from django.db import connection

    item, other = an_item(case=a_case()), an_item(case=a_case(), title="Other")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_channel SET marking = marking - 'audience' WHERE item_id ="
            " (SELECT id FROM evidence_item WHERE reference = %s)",
            [item.reference],
        )

    broken, whole = let_out(item.reference, other.reference)

    assert broken.reason is Refusal.MARKING_UNREADABLE
    assert whole.permitted


def test_what_is_stated_of_a_derived_item_holds_all_that_is_laid_on_its_sources() -> None:
    from comity.evidence.queries.decisions import laid_on

    named = Marking(caveats=frozenset({Caveat.CUSTOMS_ONLY}))
    source = an_item(case=a_case(), channel=supplied(marking=named))
    made = an_item(derived_from=(source.reference,), case=a_case())

    (let,) = let_out(made.reference)

    assert laid_on((made.reference,)).covers(named)
    assert let.marking.covers(named)
