# SPDX-License-Identifier: Apache-2.0
"""An item is used in court once the law permits it: after notice, after consent, or not at all."""

from __future__ import annotations

import pytest

from comity.accounts.permissions import PermissionMissingError
from comity.agreements.question import Proceeding
from comity.evidence.new_item import MisleadingWordsError
from comity.evidence.obligation import DutyState
from comity.evidence.queries import statements
from comity.evidence.queries.obligations import calendar
from comity.evidence.services.notices import send_notice
from comity.evidence.services.using import position, record_use
from comity.evidence.use import (
    ConsentFirstError,
    NothingToTellError,
    NoticeFirstError,
    Scope,
    UseNotPermittedError,
)
from comity.evidence.use_messages import NOTICE, Occasion
from comity.journal.queries import entries_about
from comity.reference.taxonomy import Purpose
from tests.support.evidence import AUDITOR, an_item, supplied
from tests.support.evidence_partners import (
    COURT,
    PROSECUTOR,
    hand_over,
    receipted,
    sent_to,
)
from tests.support.exchange import NOON

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TRIAL = Scope(Occasion.USE, COURT, Proceeding.CRIMINAL)
FORUM = "District Court of Northhaven, 7 Ks 12/26"


def use(item, purpose=COURT, proceeding=Proceeding.CRIMINAL, by=PROSECUTOR, forum=FORUM):
    return record_use(item.reference, purpose, proceeding, forum, by=by, at=NOON)


def test_what_is_our_own_needs_nobodys_leave(northland):
    item = an_item()

    used = use(item)

    assert (used.supplier, used.verdict, used.forum) == ("", "permitted", FORUM)
    assert statements.uses(item.reference) == (used,)
    with pytest.raises(MisleadingWordsError):
        use(item, forum="District \u202eCourt")


def test_court_use_is_refused_until_the_supplier_was_told_and_says_so(southland):
    item = an_item(channel=supplied())

    with pytest.raises(NoticeFirstError, match=r"XS must be told before .* \(9\(2\)\)") as refusal:
        use(item)

    assert "Send the notice first" in refusal.value.advice()
    assert statements.uses(item.reference) == ()


def test_a_notice_that_left_opens_the_way_to_court(southland):
    item = an_item(channel=supplied())
    send_notice(item.reference, TRIAL, "The trial opens in May.", by=PROSECUTOR, at=NOON)
    with pytest.raises(NoticeFirstError):
        use(item)  # it waits in our outbox: nobody was told yet

    receipted(southland, NOTICE)
    used = use(item)

    assert (used.supplier, used.instrument, used.article) == ("XS", "xn-xs-2020", "9(2)")
    [notice] = statements.notices(item=item.reference)
    assert (notice.given, notice.text) == (True, "The trial opens in May.")


def test_the_supplier_gets_the_identity_of_the_item_and_what_it_is_used_for(southland):
    item = an_item(channel=supplied())
    send_notice(item.reference, TRIAL, by=PROSECUTOR, at=NOON)

    body = sent_to("XS", NOTICE).body

    assert body["item"] == item.identity
    assert (body["purpose"], body["proceeding"]) == ("CRIMINAL_EVIDENCE", "criminal")
    assert (body["instrument"], body["article"]) == ("xn-xs-2020", "9(2)")
    assert item.reference not in str(body)


def test_a_notice_of_one_use_opens_the_way_to_no_other(southland):
    item, other = an_item(channel=supplied()), an_item(b"another", channel=supplied())
    send_notice(item.reference, TRIAL, by=PROSECUTOR, at=NOON)
    receipted(southland, NOTICE)

    with pytest.raises(NoticeFirstError):
        use(other)
    assert not position(
        item.reference, Scope(Occasion.USE, COURT, Proceeding.CIVIL), on=NOON.date()
    ).allowed_now


def test_an_acknowledgement_names_the_suppliers_own_reference(southland):
    item = an_item(channel=supplied())
    send_notice(item.reference, TRIAL, by=PROSECUTOR, at=NOON)
    told = receipted(southland, NOTICE)

    body = {"half": "confirmation", "reference": "NTC-00417", "later": "kept"}
    hand_over(southland, NOTICE, body, in_reply_to=told.header.id)

    [notice] = statements.notices(item=item.reference)
    assert (notice.acknowledged_at, notice.acknowledged_as) == (NOON, "NTC-00417")


def test_a_partners_notice_is_kept_and_acknowledged_once(southland):
    item = an_item()
    body = {
        "half": "statement",
        "item": item.identity,
        "occasion": "use",
        "purpose": "CRIMINAL_EVIDENCE",
        "proceeding": "criminal",
        "on": "2026-03-02",
        "text": "Before the court of Southport.",
    }

    came = hand_over(southland, NOTICE, body)

    [notice] = statements.notices(item=item.reference)
    assert (notice.partner, notice.text) == ("XS", "Before the court of Southport.")
    answer = sent_to("XS", NOTICE)
    assert answer.header.in_reply_to == came.header.id
    assert answer.body == {"half": "confirmation", "reference": notice.reference}


def test_a_notice_about_an_item_that_we_do_not_hold_is_kept_all_the_same(southland):
    body = {
        "half": "statement",
        "item": "6f0dbd4e-8d0f-4d0e-9e51-0a3ad9d1c001",
        "occasion": "use",
        "purpose": "CRIMINAL_EVIDENCE",
        "proceeding": "none",
        "on": "2026-03-02",
        "text": "kept",
    }
    hand_over(southland, NOTICE, body)

    [notice] = statements.notices(partner="XS")
    assert (notice.item, notice.identity, notice.text) == ("", body["item"], "kept")


def test_a_notice_due_on_use_is_a_duty_that_the_notice_ends(southland):
    item = an_item(channel=supplied())
    use(item, Purpose.ADMIN_PROCEEDING, Proceeding.ADMINISTRATIVE)

    [duty] = [d for d in calendar(item=item.reference) if d.discharge == "notice"]
    assert (duty.ours, duty.counterpart, duty.article) == (True, "XS", "9(3)")
    assert duty.due_on == NOON.date()

    scope = Scope(Occasion.USE, Purpose.ADMIN_PROCEEDING, Proceeding.ADMINISTRATIVE)
    notice = send_notice(item.reference, scope, by=PROSECUTOR, at=NOON)

    ended = {d.reference: d for d in calendar(item=item.reference, ended=True)}[duty.reference]
    assert (ended.state, ended.discharged_by) == (DutyState.DISCHARGED, notice.reference)


def test_where_consent_is_asked_a_notice_does_not_do(southland):
    item = an_item(channel=supplied())

    with pytest.raises(ConsentFirstError, match=r"XS must consent before .* \(9\(4\)\)"):
        use(item, Purpose.CIVIL_JUDICIAL, Proceeding.CIVIL)


def test_a_purpose_of_which_the_text_is_silent_is_refused_with_what_would_change_it(southland):
    item = an_item(channel=supplied())

    with pytest.raises(UseNotPermittedError) as refusal:
        use(item, Purpose.OTHER_LAW, Proceeding.NONE)

    assert refusal.value.advice()


def test_nobody_is_told_of_our_own(northland):
    with pytest.raises(NothingToTellError):
        send_notice(an_item().reference, TRIAL, by=PROSECUTOR, at=NOON)


def test_who_oversees_does_not_use(northland):
    with pytest.raises(PermissionMissingError):
        use(an_item(), by=AUDITOR)


def test_the_journal_says_that_it_was_used_and_not_before_which_court(northland):
    item = an_item()
    use(item)

    entry = entries_about(item.reference)[-1]
    assert entry.act == "item-used"
    assert "Northhaven" not in str(entry)
