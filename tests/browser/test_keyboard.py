# SPDX-License-Identifier: Apache-2.0
"""The node without a mouse."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

FOCUSED = "document.activeElement"


def test_the_first_key_leads_past_the_menu(signed_in: Callable[..., Page]):
    page = signed_in("case-officer")
    page.goto("/")

    page.keyboard.press("Tab")
    expect(page.locator(".usa-skipnav")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_a_slash_focuses_the_search_but_not_while_one_types(signed_in: Callable[..., Page]):
    page = signed_in("case-officer")
    page.goto("/")
    search = page.locator("#search")

    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("a/b")

    expect(search).to_have_value("a/b")


def test_every_stop_of_the_tab_key_can_be_seen(signed_in: Callable[..., Page]):
    page = signed_in("administrator")
    page.goto("/administration/officers/")
    stops = []

    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED} === document.body"):
            break
        stops.append(page.evaluate(SEEN))

    assert len(stops) > 10
    assert [stop for stop in stops if not stop["seen"]] == []


SEEN = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && box.width > 0 && box.height > 0;
  return { seen, what: element.outerHTML.slice(0, 100) };
}"""


def test_everything_that_can_be_pressed_is_large_enough(signed_in: Callable[..., Page]):
    page = signed_in("administrator")
    page.goto("/desk/components/")

    small = page.evaluate(SMALL)

    assert small == []


SMALL = """() => [...document.querySelectorAll("button, nav a, select, input:not([type=hidden])")]
  .filter((e) => e.checkVisibility() && !e.matches(".usa-checkbox__input, .usa-radio__input"))
  .filter((e) => { const b = e.getBoundingClientRect(); return b.width < 24 || b.height < 24; })
  .map((e) => e.outerHTML.slice(0, 100))"""


def test_a_form_is_filled_and_sent_by_keyboard_alone(signed_in: Callable[..., Page]):
    page = signed_in("administrator", fresh=True)
    page.goto("/")

    button = page.get_by_role("button", name="Français")
    button.focus()
    page.keyboard.press("Enter")

    expect(page.locator("html")).to_have_attribute("lang", "fr")
