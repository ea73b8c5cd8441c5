# SPDX-License-Identifier: Apache-2.0
"""Several codes are chosen with check boxes that fold away: by keyboard, and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_every_page import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

ASKED = "/agreements/ask/?kind=ask&asker=US&asked=CN&on=2024-10-11"
FOLD = "details[data-fold]"


def fold(page: Page, field: str, name: str) -> Locator:
    """The fold of this name in the field."""
    within = page.locator(f"[data-field={field}] {FOLD}")
    return within.filter(has=page.locator("summary", has_text=name))


def test_choosing_by_keyboard_counts_and_answers_at_once(signed_in: Callable[..., Page]):
    page = signed_in("case-officer")
    page.goto(ASKED)
    enquiries = fold(page, "forms", "Enquiries")
    expect(enquiries.locator("summary")).to_contain_text("0 of 3 chosen")

    enquiries.locator("summary").press("Enter")
    enquiries.locator("input").first.press("Space")
    fold(page, "purposes", "Purposes").locator("input[value=ADMIN_ENQUIRY]").press("Space")

    expect(enquiries.locator("summary")).to_contain_text("1 of 3 chosen")
    expect(page.locator("#why .why__verdict")).to_be_visible()
    expect(page).to_have_url(re.compile("forms=.*purposes=ADMIN_ENQUIRY"))


def test_without_scripts_the_folds_with_a_choice_stand_open(signed_in: Callable[..., Page]):
    page = signed_in("case-officer", java_script_enabled=False)
    page.goto(ASKED)
    fold(page, "offences", "Money").locator("summary").click()
    fold(page, "offences", "Money").locator("label").first.click()
    page.locator("form[aria-label] button[type=submit]").click()

    chosen = fold(page, "offences", "Money")
    expect(chosen).to_have_attribute("open", "")
    expect(chosen.locator("summary")).to_contain_text("1 of 3 chosen")
    expect(fold(page, "offences", "People").locator("input").first).not_to_be_visible()


def test_what_can_be_clicked_in_a_fold_is_large_enough(signed_in: Callable[..., Page]):
    page = signed_in("case-officer", viewport={"width": 320, "height": 800})
    page.goto(ASKED)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

    for target in page.locator(f"{FOLD} summary, {FOLD} label").all():
        assert target.bounding_box()["height"] >= 24, target.inner_text()


def test_on_paper_the_coverage_is_unfolded(signed_in: Callable[..., Page]):
    page = signed_in("case-officer")
    page.goto("/agreements/coverage/")
    groups = page.locator("details.group")
    assert groups.count() > 3

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.group[open]").count() == groups.count()

    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.group[open]").count() == 1


@pytest.mark.parametrize(
    "path",
    [
        f"{ASKED}&forms=INFO_OFFENCE&purposes=CRIMINAL_EVIDENCE",
        "/agreements/confirmations/new/provision/",
        "/agreements/coverage/",
        "/agreements/partners/KR/",
        "/agreements/instruments/us-uz-2024/",
    ],
)
def test_unfolded_a_page_has_no_barrier_either(path: str, signed_in: Callable[..., Page]):
    page = signed_in("treaty-custodian")
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

    found = Axe().run(page, options=RULES)

    assert found.violations_count == 0, found.generate_report()
