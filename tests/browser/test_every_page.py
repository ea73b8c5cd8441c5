# SPDX-License-Identifier: Apache-2.0
"""Every page of the node, as a person meets it: accessible, narrow, without errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import routes

PAGES = routes.pages()
EVERY_PAGE = pytest.mark.parametrize("route", PAGES, ids=lambda r: r.name)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture
def opened(signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """A page opened by an officer of the right role, with the errors it caused."""

    def open_route(route: routes.Route, **options: object) -> Page:
        page = signed_in(route.role or None, **options)
        page.errors = []
        page.on("console", lambda m: m.type == "error" and page.errors.append(m.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        answer = page.goto(route.path, wait_until="load")
        assert answer.status == 200, f"{route.path} answered {answer.status}"
        return page

    return open_route


@EVERY_PAGE
def test_a_page_has_no_barrier_causes_no_error_prints_and_fits_320_pixels(
    route: routes.Route, opened: Callable[..., Page], take_picture: Callable[[Page, str], None]
):
    """One visit: what is loaded again costs more than all that is looked at."""
    page = opened(route)
    picture = route.name.replace(":", "-")
    take_picture(page, picture)

    found = Axe().run(page, options=RULES)

    assert found.violations_count == 0, found.generate_report()
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert page.title().strip("· ")

    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator(".top__node").is_visible()
    assert page.evaluate(SEEN, [".menu", ".top__who", ".top__search", ".heading__acts"]) == []

    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 640})
    take_picture(page, f"{picture}-320")
    wide = page.evaluate(WIDTH)
    assert wide <= 320, page.evaluate(WIDEST)
    assert page.errors == []


SEEN = """(chosen) => [...document.querySelectorAll(chosen.join())]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length)
  .map((e) => e.outerHTML.slice(0, 120))"""
WIDTH = """() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(
  () => told(document.documentElement.scrollWidth))))"""
WIDEST = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((e) => e.getBoundingClientRect().right > 321 && !e.closest(".table-scroll"))
  .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""


@EVERY_PAGE
def test_a_page_can_be_read_in_french_and_without_scripts(
    route: routes.Route, opened: Callable[..., Page]
):
    page = opened(route, java_script_enabled=False, locale="fr-FR")

    assert page.locator("html").get_attribute("lang") == "fr"
    assert "Traduction automatique" in page.locator(".foot").inner_text()
    assert page.locator("h1").inner_text().strip()
    assert page.locator("main").inner_text().strip()
    for form in page.locator("main form[method=post]:visible").all():
        assert form.locator("button:not([type=button])").count() >= 1


def test_every_address_with_parts_has_a_sample():
    known = [name for name, _, _ in routes.named()]

    assert "desk:home" in known
    assert all("//" not in route.path for route in PAGES)
