# SPDX-License-Identifier: Apache-2.0
"""What an officer does with partners and messages in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

PRESS = "Find out what stands between us"


def diagnosed(page: Page) -> str:
    """What stands on the page after the button was pressed; nothing was reloaded meanwhile."""
    page.goto("/exchange/partners/CV/")
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name=PRESS).click()
    found = page.locator("#diagnosis section")
    found.wait_for(timeout=40_000)
    assert page.evaluate("window.stayed") is True
    return found.inner_text()


def test_what_our_own_node_does_not_allow_is_said_and_not_silent(signed_in: Callable[..., Page]):
    text = diagnosed(signed_in("registrar"))

    assert "Our own node stands in the way" in text
    assert "COMITY_OUTBOUND_PRIVATE" in text


def test_a_diagnosis_says_what_it_does_and_when_nothing_came(signed_in: Callable[..., Page]):
    page = signed_in("registrar")
    held: list[Route] = []
    page.route("**/diagnose/", lambda route: held.append(route))
    page.goto("/exchange/partners/CV/")
    expect(page.locator(".while-waiting")).not_to_be_visible()

    page.get_by_role("button", name=PRESS).click()

    expect(page.locator(".while-waiting")).to_be_visible()
    expect(page.get_by_role("button", name=PRESS)).to_be_disabled()
    held[0].abort()
    expect(page.locator("#diagnosis [data-failed]")).to_be_visible()
    expect(page.get_by_role("button", name=PRESS)).to_be_enabled()


def test_a_draft_is_kept_beside_a_chosen_file(signed_in: Callable[..., Page]):
    page = signed_in("case-officer")
    page.goto("/exchange/messages/new/")
    large = {"name": "scan.bin", "mimeType": "application/octet-stream", "buffer": b"x" * 200_000}
    page.locator("input[type=file]").set_input_files(large)

    with page.expect_request("**/account/drafts/**") as asked:
        page.get_by_label("Subject").fill("Consignment of tea")
    answer = asked.value.response()

    assert answer is not None
    assert answer.ok
    assert len(asked.value.post_data_buffer or b"") < 20_000
