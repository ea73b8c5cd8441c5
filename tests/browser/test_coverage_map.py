# SPDX-License-Identifier: Apache-2.0
"""The map of what can be asked: drawn as the table says, and a way into it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

BRASILIA = [-47.9, -15.8]


@pytest.fixture
def coverage(signed_in: Callable[..., Page]) -> Page:
    page = signed_in("case-officer")
    page.goto("/agreements/coverage/")
    expect(page.locator("[data-coverage-map]")).to_have_attribute("data-drawn", "yes")
    return page


def test_the_legend_counts_what_the_cells_of_the_map_say(coverage: Page):
    cells = coverage.evaluate(
        "JSON.parse(document.querySelector('[data-coverage-map] script[type]').textContent)"
    )
    legend = coverage.locator(".coverage-map__legend li").all_inner_texts()
    counted = sum(int(re.search(r"\((\d+)\)", line)[1]) for line in legend)

    assert counted == sum(1 for cell in cells if cell.get("verdict"))


def test_a_country_of_the_map_leads_to_its_page(coverage: Page):
    x, y = coverage.evaluate(
        """(place) => echarts.getInstanceByDom(
             document.querySelector(".coverage-map__picture")
           ).convertToPixel({ geoIndex: 0 }, place)""",
        BRASILIA,
    )
    coverage.locator(".coverage-map__picture").click(position={"x": x, "y": y})

    expect(coverage).to_have_url(re.compile(r"/agreements/partners/BR/|#.*BR"))


def test_every_partner_of_the_table_can_be_reached_by_keyboard(coverage: Page):
    links = coverage.locator("table tbody th a")

    assert links.count() > 100
    links.first.focus()
    coverage.keyboard.press("Enter")

    expect(coverage).to_have_url(re.compile("/agreements/partners/"))


def test_without_scripts_the_table_says_it_all(signed_in: Callable[..., Page]):
    page = signed_in("case-officer", java_script_enabled=False)
    page.goto("/agreements/coverage/")

    assert page.locator(".coverage-map__picture").is_hidden()
    assert page.locator("table tbody th a").count() > 100


def test_moving_the_year_shows_another_day(coverage: Page):
    slider = coverage.locator("input[type=range]")
    slider.focus()
    with coverage.expect_navigation():
        coverage.keyboard.press("ArrowLeft")

    assert "year" in coverage.url or "on=" in coverage.url
