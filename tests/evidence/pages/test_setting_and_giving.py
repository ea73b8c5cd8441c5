# SPDX-License-Identifier: Apache-2.0
"""Pages that set ceilings, change cases, blacken areas, and keep disclosures and breaches."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.evidence.blackening import _pixels
from comity.evidence.item import Channel
from comity.evidence.queries import cases, items, registers
from comity.evidence.queries.ceilings import ceiling_set
from comity.evidence.queries.custody import custody
from comity.evidence.services import keeping, stating
from comity.evidence.services.disclosing import record_assurance
from comity.handling.ceiling import UNLIMITED
from comity.handling.marking import Marking
from comity.journal.queries import all_entries
from comity.reference.taxonomy import Caveat, InformationClass, Purpose
from tests.agreements.conftest import browser_of, officer, quick_passwords
from tests.support.evidence import AT, CUSTODIAN, UNIT_HEAD, a_case, an_item, supplied
from tests.support.evidence_on_pages import pdf

__all__ = ["browser_of", "officer", "quick_passwords"]
pytestmark = [pytest.mark.db, pytest.mark.django_db]

PLAIN = Marking(
    classes=frozenset({InformationClass.DECLARATION}),
    personal_data=False,
    judicially_obtained=False,
)
OURS = Channel(1, "", PLAIN)
CLERK, HEAD, ADMINISTRATOR = Role.CASE_OFFICER, Role.UNIT_HEAD, Role.ADMINISTRATOR


@pytest.fixture
def kept(evidence_home, officer: Callable[..., Officer]) -> str:
    """A document of ours in the case of a case officer."""
    case = a_case(officers=(officer(CLERK),))
    return an_item(title="Ledger of the broker", case=case, channel=OURS).reference


def shown(browser: Client, name: str, *parts: object, **asked: object) -> str:
    answer = browser.get(reverse(f"evidence:{name}", args=parts), asked)
    assert answer.status_code == 200, (answer.status_code, answer.get("Location"))
    return answer.content.decode()


def sent(browser: Client, page: str, /, *parts: object, **given: object):
    return browser.post(reverse(f"evidence:{page}", args=parts), given)


def test_an_administrator_sets_the_ceiling_and_everybody_reads_it(kept, browser_of):
    given = {"limit-caveats": "on", "caveats": ["CUSTOMS_ONLY"], "personal_data": "on"}

    assert sent(browser_of(CLERK), "ceilings", **given).status_code == 403
    assert ceiling_set() == UNLIMITED
    assert sent(browser_of(ADMINISTRATOR), "ceilings", **given).status_code == 302

    assert ceiling_set().caveats == frozenset({Caveat.CUSTOMS_ONLY})
    assert ceiling_set().ways is None
    page = shown(browser_of(CLERK), "ceilings")
    assert "no limit" not in page
    assert "To set a ceiling is for these roles: administrator" in page


def test_a_purpose_beyond_an_item_is_asked_for_again_and_no_other(kept, browser_of):
    case, browser = cases.case_file("CASE-2026-7"), browser_of(CLERK)
    given = {"purpose": Purpose.ADMIN_PROCEEDING, "version": case.version}

    assert sent(browser, "change-case", case.reference, **given).status_code == 302
    assert cases.case_file(case.reference).purpose is Purpose.ADMIN_PROCEEDING

    theirs = an_item(b"theirs", case=case.reference, channel=supplied()).reference
    given = {"purpose": Purpose.STATISTICS, "version": case.version + 1}
    asked = sent(browser, "change-case", case.reference, **given).content.decode()
    assert "The new purpose goes beyond these items" in asked
    assert theirs in asked
    assert kept not in asked
    assert cases.case_file(case.reference).purpose is Purpose.ADMIN_PROCEEDING
    sent(browser, "change-case", case.reference, **given, known=theirs)
    assert cases.case_file(case.reference).purpose is Purpose.STATISTICS
    acts = [entry.act for entry in all_entries() if entry.act == "case-file-purpose-changed"]
    assert len(acts) == 2


def test_officers_join_and_leave_a_case_and_nothing_else_changes(kept, browser_of, officer):
    case, colleague = cases.case_file("CASE-2026-7"), officer(Role.INVESTIGATOR)
    given = {"purpose": case.purpose, "version": case.version}

    sent(browser_of(CLERK), "change-case", case.reference, **given, officers=[colleague.reference])
    joined = cases.case_file(case.reference)
    assert joined.officers == {case.opened_by, colleague.reference}
    given["version"] = joined.version
    answer = sent(browser_of(Role.INVESTIGATOR), "change-case", case.reference, **given)

    assert answer["Location"] == reverse("evidence:cases")
    assert cases.case_file(case.reference).officers == {case.opened_by}
    assert browser_of(Role.AUDITOR).get(answer["Location"]).status_code == 200
    changing = reverse("evidence:change-case", args=[case.reference])
    assert browser_of(Role.UNIT_HEAD).get(changing).status_code == 200
    assert browser_of(Role.AUDITOR).get(changing).status_code == 403
    stale = sent(browser_of(CLERK), "change-case", case.reference, **given, offences=["TOBACCO"])
    assert stale.status_code == 412  # somebody changed it meanwhile


def disclosed(browser: Client, act: str, item: str, **given: object):
    given = {"recipient": "OTHER_AUTHORITY", "name": "TAX-OFFICE", "proceeding": "none",
             "what": "To inspector A. Example, one copy.", "on": "2026-03-02"} | given  # fmt: skip
    return sent(browser, "disclose", items=item.lower(), act=act, **given)


def test_a_disclosure_is_recorded_only_where_the_door_lets_it_out(kept, browser_of):
    head = browser_of(HEAD)
    theirs = an_item(b"theirs", case="CASE-2026-7", channel=supplied()).reference

    assert disclosed(browser_of(CLERK), "record", kept).status_code == 403
    asked = disclosed(head, "ask", kept).content.decode()
    assert "What the law says of each" in asked
    assert registers.disclosures() == ()
    assert "A person must decide" in asked
    refused = disclosed(head, "record", kept).content.decode()
    assert f"{kept} may not be given to this recipient" in refused
    why = {"decide": "Agreed with the tax office."}
    refused = disclosed(head, "record", f"{kept} {theirs}", **why).content.decode()
    assert f"{theirs} may not be given to this recipient" in refused
    assert registers.disclosures() == ()

    sent_twice = [disclosed(head, "record", kept, **why, form_key="drawn") for _ in range(2)]
    assert [answer.status_code for answer in sent_twice] == [302, 302]
    (one,) = registers.disclosures()
    assert (one.item, one.recipient, one.to.value) == (kept, "TAX-OFFICE", "other-authority")
    assert kept in shown(head, "register", "disclosures")
    assert "inspector A. Example" in shown(head, "disclosure", one.reference)
    assert "inspector" not in registers.as_csv(registers.Register.DISCLOSURES)
    assert [e.act.value for e in custody(kept).events][-1] == "transmitted"
    keeping.destroy_key(kept)
    assert "inspector" not in shown(head, "disclosure", one.reference)


def test_a_person_is_never_the_code_of_a_recipient(kept, browser_of):
    answer = disclosed(browser_of(HEAD), "record", kept, recipient="DEFENCE", name="A. Counsel")

    assert "This recipient has no code" in answer.content.decode()
    assert registers.disclosures() == ()


def test_an_assurance_and_its_breach_are_entered_with_their_words(evidence_home, browser_of):
    head = browser_of(HEAD)
    made = record_assurance("XS", "In confidence.", ours=False, by=UNIT_HEAD, at=AT)

    page = shown(head, "assurance", made.reference)
    assert "In confidence." in page
    assert sent(browser_of(CLERK), "assurance", made.reference, on="2026-03-02").status_code == 403
    sent(head, "assurance", made.reference, on="2026-03-02", text="In a newspaper.")

    assert registers.assured_by("XS") == (True, True)
    assert "In a newspaper." in shown(browser_of(Role.AUDITOR), "assurance", made.reference)


def areas(*rows: tuple[float, ...], **more: str) -> dict[str, str]:
    given = {"area-TOTAL_FORMS": str(len(rows) + 1), "area-INITIAL_FORMS": "0"} | more
    for number, row in enumerate(rows):
        names = ("left", "top", "width", "height")
        given |= {f"area-{number}-{name}": str(v) for name, v in zip(names, row, strict=True)}
        given[f"area-{number}-reason"] = "personal-data"
    return given


def test_areas_are_blackened_by_numbers_and_a_new_item_is_made(northland, browser_of, officer):
    case = a_case(officers=(officer(CLERK),))
    item = an_item(pdf("Page one", "Page two"), case=case, channel=OURS).reference
    browser, url = browser_of(CLERK), f"{reverse('evidence:blacken', args=[item])}?page=2"
    assert "It has no pages yet" in shown(browser, "blacken", item)
    stating.certify((item,), by=CUSTODIAN, at=AT)

    drawn = browser.post(url, areas((10, 20, 30, 5), act="show")).content.decode()
    assert '<rect x="10.00" y="20.00" width="30.00" height="5.00"/>' in drawn
    assert 'name="area-3-left"' in drawn  # blank rows after it
    beyond = browser.post(url, areas((90, 20, 30, 5), act="make")).content.decode()
    assert "It reaches beyond the page." in beyond
    assert "Mark at least one area" in browser.post(url, areas(act="make")).content.decode()
    made = browser.post(url, areas((10, 20, 30, 5), (50, 50, 50, 50), act="make"))

    reference = made["Location"].rstrip("/").rpartition("/")[2]
    new = items.item(reference)
    assert (new.derived_from, new.case, new.media_type) == ((item,), case, "image/png")
    assert keeping.description_inside(reference).text == "personal-data; personal-data"
    with keeping.open_content_inside(reference) as content:
        width, _height, channels, pixels = _pixels(content.read())
    assert not any(pixels[-width * channels // 2 + channels :])  # the lower right quarter is black
    last = custody(item).events[-1]
    assert (last.act.value, last.counterpart, last.outcome) == ("redacted", reference, new.identity)
