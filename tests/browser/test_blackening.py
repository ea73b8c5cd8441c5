# SPDX-License-Identifier: Apache-2.0
"""Areas are drawn on a page by mouse and by keys; what is sent is the numbers beside it."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

ADDRESS = "/evidence/items/ITM-00001/blacken/?page=2"


def numbers(page: Page, row: int) -> list[float]:
    fields = [f"#id_area-{row}-{name}" for name in ("left", "top", "width", "height")]
    return [float(page.locator(field).input_value() or -1) for field in fields]


def test_an_area_is_drawn_moved_and_sized_and_the_page_is_made_without_it(
    signed_in: Callable[..., Page], take_picture: Callable[[Page, str], None]
):
    page = signed_in("case-officer", fresh=True)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(ADDRESS)
    box = page.locator("[data-blacken-areas]").bounding_box()
    assert box

    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.15, steps=4)
    page.mouse.up()
    left, top, width, height = numbers(page, 0)
    assert (abs(left - 10) < 1, abs(top - 10) < 1) == (True, True)
    assert (abs(width - 40) < 1, abs(height - 5) < 1) == (True, True)

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert numbers(page, 0) == [left + 0.5, top, width, round(height + 0.5, 1)]
    page.keyboard.press("Enter")
    expect(page.locator("#id_area-0-reason")).to_be_focused()
    page.select_option("#id_area-0-reason", "personal-data")

    for _ in range(4):
        page.get_by_role("button", name="Add an area").press("Enter")
    assert numbers(page, 4) == [40, 34, 20, 4]  # more rows than there were
    assert page.locator("#id_area-4-reason").input_value() == "personal-data"
    assert Axe().run(page).violations_count == 0
    take_picture(page, "evidence-blacken-drawn")
    for row in (4, 3, 2, 1):
        page.get_by_role("button", name=f"Area {row + 1} of the page").press("Delete")
    page.fill("#id_area-0-height", "8")
    expect(page.locator("[data-blacken-areas] rect").first).to_have_attribute("height", "8")
    page.get_by_role("button", name="Make the page without them").click()

    expect(page.locator("main")).to_contain_text("is this page without the areas")
    expect(page.locator("h1")).to_contain_text("ITM-00001, 2")
    assert errors == []


def test_a_finger_draws_too_and_the_page_fits_a_telephone(
    signed_in: Callable[..., Page], take_picture: Callable[[Page, str], None]
):
    page = signed_in("case-officer", viewport={"width": 360, "height": 720})
    page.goto(ADDRESS)
    page.get_by_role("button", name="Add an area").click()
    page.keyboard.press("ArrowUp")

    assert numbers(page, 0) == [40, 9.5, 20, 4]
    take_picture(page, "evidence-blacken-drawn-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
