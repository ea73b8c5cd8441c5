# SPDX-License-Identifier: Apache-2.0
"""Cards of the newsfeed are decided by keyboard, and a release keeps its marks on paper."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import RULES

CARDS = "/news/proposals/"
SENTENCE = "#card"


@pytest.fixture
def cards(signed_in: Callable[..., Page]) -> Page:
    """The queue as the legal adviser sees it; nobody else's keys are switched off by it."""
    page = signed_in("legal-adviser", fresh=True)
    page.goto(CARDS)
    return page


def reference(page: Page) -> str:
    return page.locator(".card__head .reference").inner_text()


def press(page: Page, key: str) -> None:
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


def test_j_and_k_and_the_arrows_move_through_the_cards(cards: Page):
    first = reference(cards)

    press(cards, "j")
    second = reference(cards)
    press(cards, "ArrowRight")
    third = reference(cards)
    press(cards, "k")
    press(cards, "ArrowLeft")

    assert len({first, second, third}) == 3
    assert reference(cards) == first
    expect(cards.locator(".queue [aria-current]")).to_have_count(1)


def test_o_opens_the_card_with_its_whole_release(cards: Page):
    name = reference(cards)

    press(cards, "o")

    assert cards.url.endswith(f"/{name}/")
    expect(cards.get_by_role("heading", name="The whole release")).to_be_visible()


def test_a_accepts_and_the_next_card_comes_at_once(cards: Page):
    press(cards, "j")
    press(cards, "j")
    decided = reference(cards)
    cards.keyboard.press("j")
    cards.wait_for_load_state("load")
    following = reference(cards)
    press(cards, "k")

    begun = time.perf_counter()
    press(cards, "a")
    taken = time.perf_counter() - begun

    assert reference(cards) == following
    expect(cards.locator(".messages")).to_contain_text(f"{decided} is accepted")
    print(f"the next card after {taken * 1000:.0f} ms")
    assert taken < 2  # the machine of the tests is shared; the bench measures


def test_r_leads_to_the_reason_and_control_with_enter_rejects(cards: Page):
    decided = reference(cards)

    cards.keyboard.press("r")
    expect(cards.get_by_label("Reason")).to_be_focused()
    cards.keyboard.type("A jar of jokes: no such signature")  # every letter of it is text here
    assert reference(cards) == decided
    with cards.expect_navigation(wait_until="load"):
        cards.keyboard.press("Control+Enter")

    expect(cards.locator(".messages")).to_contain_text(f"{decided} is rejected")
    cards.goto(f"{CARDS}{decided}/")
    expect(cards.locator("main")).to_contain_text("no such signature")


def test_a_rejection_without_a_reason_keeps_the_card_and_says_so(cards: Page):
    decided = reference(cards)

    cards.get_by_role("button", name="Reject").click()

    expect(cards.get_by_role("alert")).to_contain_text("needs a reason")
    assert reference(cards) == decided
    assert Axe().run(cards, options=RULES).violations_count == 0


def test_the_keys_can_be_switched_off_and_stay_off(cards: Page):
    first = reference(cards)
    cards.get_by_role("button", name="Switch the keys off").click()
    cards.reload()
    expect(cards.get_by_role("button", name="Switch the keys on")).to_be_visible()

    cards.keyboard.press("j")
    cards.wait_for_timeout(200)

    assert reference(cards) == first
    assert CARDS in cards.url


def test_who_may_not_decide_has_no_key_for_it(signed_in: Callable[..., Page]):
    page = signed_in("case-officer")
    page.goto(CARDS)
    name = reference(page)

    page.keyboard.press("a")
    page.wait_for_timeout(200)

    assert reference(page) == name
    expect(page.get_by_role("button", name="Accept")).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".keys")).not_to_contain_text("accept")


def test_a_card_is_decided_without_scripts(signed_in: Callable[..., Page]):
    page = signed_in("unit-head", java_script_enabled=False)
    page.goto(CARDS)
    page.get_by_role("link", name="Next").click()
    decided = reference(page)

    page.get_by_label("Reason").fill("Announced by mistake.")
    page.get_by_role("button", name="Reject").click()

    expect(page.locator(".messages")).to_contain_text(f"{decided} is rejected")
    expect(page.locator(".keys")).to_be_hidden()


def test_the_decision_stays_in_sight_and_hides_no_focus(cards: Page):
    cards.set_viewport_size({"width": 1280, "height": 700})

    expect(cards.get_by_role("button", name="Accept")).to_be_in_viewport()
    hidden = []
    for _ in range(80):
        cards.keyboard.press("Tab")
        if cards.evaluate("document.activeElement === document.body"):
            break
        hidden += cards.evaluate(COVERED)

    assert hidden == []


COVERED = """() => {
  const element = document.activeElement;
  if (element.closest(".decide, .top, .usa-skipnav")) return [];
  const bar = document.querySelector(".decide").getBoundingClientRect();
  const box = element.getBoundingClientRect();
  const covered = box.bottom > bar.top && box.top < bar.bottom && box.left < bar.right
    && box.right > bar.left && box.top >= bar.top;
  return covered ? [element.outerHTML.slice(0, 100)] : [];
}"""


def test_a_release_keeps_marks_and_words_on_paper(signed_in: Callable[..., Page]):
    page = signed_in("case-officer")
    page.goto("/news/releases/REL-00011/")
    page.emulate_media(media="print")

    tags = page.locator(".text .mark__tag").all_inner_texts()

    assert tags == ["1 Instrument", "2 Instrument", "3 Seizure", "4 Opening hours of a port"]
    assert (
        page.locator(".text mark").first.evaluate("e => getComputedStyle(e).printColorAdjust")
        == "exact"
    )
    expect(page.locator(".filters")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_what_would_be_read_from_a_text_is_shown_without_barrier(
    width: int, signed_in: Callable[..., Page], take_picture: Callable[[Page, str], None]
):
    page = signed_in("treaty-custodian", viewport={"width": width, "height": 800})
    page.goto("/news/sources/read/")
    page.get_by_label("Or the text itself").fill(
        "The United States and Tonga sign an agreement on customs matters\n\n"
        "The United States and Tonga signed a customs mutual assistance agreement today."
    )
    page.get_by_label("Source").select_option("northland-press")
    page.get_by_label("Day of publication").fill("2026-03-02")
    page.get_by_role("button", name="Show what would be read").click()
    take_picture(page, f"newsfeed-read-shown-{width}")

    expect(page.get_by_role("button", name="Take it in")).to_be_visible()
    assert Axe().run(page, options=RULES).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
