# SPDX-License-Identifier: Apache-2.0
"""The pages of evidence: who opens them, what they show of an item, and what is done on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comity.accounts.officer import Officer
from comity.accounts.permissions import PERMISSIONS, Permission, Role
from comity.evidence.custody import CustodyAct
from comity.evidence.item import Channel, Rank
from comity.evidence.queries.custody import hand_overs, hand_overs_waiting
from comity.evidence.queries.statements import uses as uses_of
from comity.handling.marking import Marking
from comity.reference.taxonomy import HandlingCode, InformationClass, Purpose
from tests.agreements.conftest import browser_of, officer, quick_passwords
from tests.support.agreements import SOUTHLAND
from tests.support.evidence import a_case, an_item, an_object
from tests.support.evidence_packages import a_package
from tests.support.exchange import NOON

__all__ = ["browser_of", "officer", "quick_passwords"]
pytestmark = [pytest.mark.db, pytest.mark.django_db]

PLAIN = Marking(
    classes=frozenset({InformationClass.DECLARATION}),
    personal_data=False,
    judicially_obtained=False,
)
OURS = Channel(1, "", PLAIN)
CLERK, KEEPER = Role.CASE_OFFICER, Role.EVIDENCE_CUSTODIAN


def shown(browser: Client, name: str, *parts: object, **asked: object) -> str:
    answer = browser.get(reverse(f"evidence:{name}", args=parts), asked)
    assert answer.status_code == 200, (answer.status_code, answer.get("Location"))
    return answer.content.decode()


def sent(browser: Client, name: str, *parts: object, **given: object):
    return browser.post(reverse(f"evidence:{name}", args=parts), given)


@pytest.fixture
def kept(evidence_home, officer: Callable[..., Officer]) -> str:
    """A document of ours in the case of a case officer."""
    case = a_case(officers=(officer(CLERK),))
    return an_item(title="Ledger of the broker", case=case, channel=OURS).reference


@pytest.mark.parametrize("role", [CLERK, Role.AUDITOR, Role.TRADE_ANALYST, Role.ADMINISTRATOR])
def test_a_role_opens_the_pages_of_its_permissions_and_no_others(role, kept, browser_of):
    browser = browser_of(role)
    wanted = {
        "items": Permission.VIEW_EVIDENCE,
        "cases": Permission.VIEW_EVIDENCE,
        "obligations": Permission.VIEW_EVIDENCE,
        "registers": Permission.VIEW_EVIDENCE,
        "add": Permission.KEEP_EVIDENCE,
        "pack": Permission.USE_EVIDENCE,  # or of who releases
        "hold": Permission.HOLD_EVIDENCE,
        "seal": Permission.ADMINISTER_SEALS,
    }

    answers = {name: browser.get(reverse(f"evidence:{name}")).status_code for name in wanted}

    assert answers == {n: 200 if role in PERMISSIONS[p] else 403 for n, p in wanted.items()}


def test_who_works_on_the_case_reads_the_item_and_to_others_there_is_none(kept, browser_of):
    mine = shown(browser_of(CLERK), "item", kept)
    url = reverse("evidence:item", args=[kept])
    stranger = browser_of(Role.INVESTIGATOR)

    assert "Ledger of the broker" in mine
    assert "A list of forty consignments" in mine
    assert "What may I do with this?" in mine
    assert stranger.get(url).status_code == 404
    assert kept not in shown(stranger, "items")
    assert stranger.get(reverse("evidence:case", args=["CASE-2026-7"])).status_code == 404


def test_every_page_and_act_of_an_item_is_for_who_works_on_its_case(kept, browser_of):
    from comity.evidence.urls import ITEMS

    stranger = browser_of(Role.INVESTIGATOR)
    more = {"page": (1,)}
    names = [each.name for each in ITEMS if str(each.pattern).startswith("items/<slug:")]

    urls = [reverse(f"evidence:{name}", args=[kept, *more.get(name, ())]) for name in names]

    assert len(urls) > 15
    assert {stranger.get(url).status_code for url in urls} == {404}
    assert {stranger.post(url).status_code for url in urls} == {404}


def test_what_is_owed_for_and_used_of_an_item_is_for_who_works_on_its_case(kept, browser_of):
    from comity.evidence import models

    day, row = NOON.date(), models.Item.objects.get(reference=kept)
    models.Duty.objects.create(
        reference="OBL-00001", item=row, code="return", debtor="asker", ours=True,
        discharge="act", opened_on=day, source="USE-00001",
    )  # fmt: skip
    models.Use.objects.create(
        reference="USE-00001", item=row, purpose="CRIMINAL_EVIDENCE", proceeding="criminal",
        on=day, verdict="yes", recorded_by="OFC-00001", recorded_at=NOON,
    )  # fmt: skip
    stranger, mine = browser_of(Role.INVESTIGATOR), browser_of(CLERK)
    ruling = reverse("evidence:ruling", args=["USE-00001"])

    assert stranger.post(reverse("evidence:discharge", args=["OBL-00001"])).status_code == 404
    assert (stranger.get(ruling).status_code, mine.get(ruling).status_code) == (404, 200)
    register = {"name": "uses"}
    for name, given in (("obligations", {}), ("register", register), ("register-file", register)):
        url = reverse(f"evidence:{name}", kwargs=given)
        assert kept not in stranger.get(url).content.decode(), name
        assert kept in mine.get(url).content.decode(), name


def test_titles_are_searched_only_as_far_as_the_officer_may_see_them(kept, browser_of):
    asked = {"q": "ledger of"}

    assert kept in shown(browser_of(CLERK), "items", **asked)
    assert "No item fits" in shown(browser_of(Role.INVESTIGATOR), "items", **asked)
    desk = reverse("desk:search")
    assert kept in browser_of(CLERK).get(desk, asked).content.decode()
    assert browser_of(Role.INVESTIGATOR).get(desk, asked).status_code == 302


def test_a_reference_leads_to_its_page(kept, browser_of):
    answer = browser_of(CLERK).get(reverse("desk:search"), {"q": kept.lower()})

    assert answer["Location"] == reverse("evidence:item", args=[kept])


def test_an_act_of_custody_stands_in_the_timeline_with_its_words(kept, browser_of):
    browser = browser_of(CLERK)

    answer = sent(
        browser, "custody-act", kept, act=CustodyAct.STORED, place="Room 7", reason="Dry and dark"
    )

    assert answer.status_code == 302
    page = shown(browser, "item", kept)
    assert "Room 7" in page
    assert "Dry and dark" in page


def test_a_second_click_records_no_second_act(kept, browser_of):
    browser = browser_of(CLERK)
    form = shown(browser, "custody-act", kept)
    given = {"act": CustodyAct.STORED, "place": "Room 7", "version": 1}

    first, second = (sent(browser, "custody-act", kept, **given) for _ in range(2))

    assert 'name="version" value="1"' in form
    assert (first.status_code, second.status_code) == (302, 412)
    assert shown(browser, "item", kept).count("Room 7") == 1


def test_what_is_sent_twice_from_one_form_is_done_once_and_another_thing_is_another(
    kept, browser_of
):
    browser = browser_of(CLERK)
    key = re.search(r'name="form_key" value="([^"]+)"', shown(browser, "add"))
    first = {"kind": "document", "rank": "original", "title": "Log", "form_key": key[1]}

    def added(content: bytes) -> str:
        file = SimpleUploadedFile("log.txt", content)
        answer = sent(browser, "add", file=file, **first)
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    place = added(b"Day one")
    uses = {"purpose": "ADMIN_ENQUIRY", "proceeding": "none", "on": "2026-03-01"}
    claim = {"field": "title", "text": "Ledger of the carrier", "form_key": "k"}
    for _ in range(2):
        sent(browser, "use", kept, forum="District Court", form_key="k", **uses)
        sent(browser, "claim", kept, **claim)

    assert added(b"Day one") == place
    assert added(b"Day two") != place
    assert shown(browser, "item", kept).count("Ledger of the carrier") == 1
    assert len(uses_of(kept)) == 1


def test_a_gap_withholds_certification_and_the_page_says_so(kept, browser_of):
    browser = browser_of(CLERK, KEEPER)

    sent(browser, "custody-act", kept, act=CustodyAct.GAP_NOTED, reason="A weekend")

    page = shown(browser_of(CLERK), "item", kept)
    assert "certification withheld" in page
    assert "Somebody noted a gap (act 2)" in page


def test_a_hand_over_counts_once_the_other_side_confirms(
    evidence_home, browser_of, officer: Callable[..., Officer]
):
    case = a_case(officers=(officer(CLERK),))
    seal = an_object(case=case, channel=OURS).reference
    taker = officer(KEEPER)

    sent(browser_of(CLERK), "hand-over", seal, to=taker.reference, place="Quay 3")
    waiting = shown(browser_of(CLERK), "item", seal)
    page = shown(browser_of(KEEPER), "item", seal)
    (proposed,) = hand_overs(seal)
    sent(browser_of(KEEPER), "confirm", proposed.reference)

    assert "waits for the other side" in waiting
    assert "I have it" not in waiting
    assert "I have it" in page
    assert "Handed over" in shown(browser_of(CLERK), "item", seal)


def test_what_a_partner_hands_over_is_answered_though_its_record_is_not_here(southland, browser_of):
    from tests.support.evidence_partners import hand_over, sent_to

    body = {
        "says": "offer",
        "item": "3f0c1a52-6f3b-4b57-9a6b-2f6e0c9c1d01",
        "on": "2026-03-01",
        "hand_over": "HOV-00044",
        "term": "for-a-time",
        "what": "seal",
        "place": "Border post",
    }
    hand_over(southland, "evidence.hand-over/1", body)
    waiting = shown(browser_of(KEEPER), "hand-overs")
    (one,) = hand_overs_waiting()
    answer = sent(browser_of(KEEPER), "confirm", one.reference)

    assert "Seal, known everywhere as 3f0c1a52" in waiting
    assert "Border post" in waiting
    assert "Border post" not in shown(browser_of(Role.AUDITOR), "hand-overs")
    assert answer["Location"] == reverse("evidence:hand-overs")
    assert sent_to("XS", "evidence.hand-over/1").body["says"] == "answer"
    assert one.reference in shown(browser_of(KEEPER), "hand-overs", show="ended")


def test_contradicting_claims_stand_side_by_side(kept, browser_of):
    sent(browser_of(CLERK), "claim", kept, field="title", text="Ledger of the carrier")

    page = shown(browser_of(CLERK), "item", kept)
    assert "Ledger of the broker" in page
    assert "Ledger of the carrier" in page


def test_a_case_states_its_purpose_once_and_shows_what_is_missing(
    evidence_home, browser_of, officer
):
    browser = browser_of(CLERK)

    made = sent(browser, "open-case", reference="CASE-2026-9", purpose=Purpose.ADMIN_ENQUIRY)
    coded = replace(OURS, marking=replace(PLAIN, handling=frozenset({HandlingCode.H1})))
    first = an_item(case="CASE-2026-9", title="Invoice", channel=coded).reference
    an_item(case="CASE-2026-9", title="Translation", derived_from=(first,), channel=OURS)
    an_item(case="CASE-2026-9", title="Copy", rank=Rank.CERTIFIED_COPY, channel=OURS)

    assert made.status_code == 302
    page = shown(browser, "case", "CASE-2026-9")
    assert "What is laid on its items, taken together" in page
    assert "Handling code" in page
    assert 'data-label="Case file"' not in page
    assert 'data-label="Case file"' in shown(browser, "items")
    assert "2 items are not certified yet" in page
    assert "<svg" in page
    assert "was made from" in page


def test_court_use_of_a_partners_item_is_offered_only_after_telling_it(
    southland, browser_of, officer: Callable[..., Officer]
):
    case = a_case(purpose=Purpose.CRIMINAL_EVIDENCE, officers=(officer(CLERK),))
    from tests.support.evidence import supplied

    theirs = an_item(case=case, channel=supplied(marking=PLAIN)).reference

    page = shown(browser_of(CLERK), "use", theirs, purpose="CRIMINAL_EVIDENCE")

    assert "Tell the supplier first" in page
    assert "Record the use" not in page
    assert SOUTHLAND in page


def test_who_narrows_an_item_says_on_the_page_what_is_laid_on_it(southland, browser_of, officer):
    from comity.evidence.lifetime import DisclosedTo
    from comity.evidence.services.disclosing import record_disclosure
    from comity.journal.entry import Actor
    from tests.support.evidence import AT

    item = an_item(channel=OURS).reference
    gave = {"source": "PKG-00001", "by": Actor("EVIDENCE", "integrator"), "at": AT}
    record_disclosure([item], DisclosedTo.PARTNER, SOUTHLAND, **gave)
    browser, narrow = browser_of(Role.UNIT_HEAD), {"demand": "narrow", "ground": "court-order"}

    nothing = sent(browser, "recall-item", item, **narrow)
    laid = {"not_for": ["CRIMINAL_EVIDENCE"], "conditions": "In camera\nAsk us first"}
    asked = browser.post(reverse("evidence:recall-item", args=[item]), narrow | laid, follow=True)

    assert "Say what is laid on it from now on." in nothing.content.decode()
    page = asked.content.decode()
    assert "Laid on it from now on" in page
    assert "In camera" in page
    assert "Ask us first" in page
    waiting = browser.get(reverse("evidence:item", args=[item])).content.decode()
    assert "its supplier recalled it" in waiting.lower()


# Verification for anyone


def test_anybody_has_a_package_verified_without_an_account(evidence_home):
    package = SimpleUploadedFile("package.asice", a_package().write())

    answer = Client().post(reverse("evidence:verify"), {"file": package, "own": "on"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "It holds" in page
    assert "This does not prove" in page


def test_an_altered_byte_is_reported_with_its_step(evidence_home):
    content = bytearray(a_package().write())
    content[len(content) // 2] ^= 1
    package = SimpleUploadedFile("package.asice", bytes(content))

    page = Client().post(reverse("evidence:verify"), {"file": package}).content.decode()

    assert "It does not hold" in page
    assert "fails" in page


def test_the_one_file_that_verifies_is_given_to_anybody(evidence_home):
    answer = Client().get(reverse("evidence:verify-program"))

    assert answer.status_code == 200
    assert b"def verify(" in answer.content
    assert answer["Content-Disposition"].startswith("attachment")
