# SPDX-License-Identifier: Apache-2.0
"""Nothing typed is lost: a form begun is there again after the window was closed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

FORM = "/administration/officers/register/"


def test_a_form_begun_is_back_in_another_window_until_it_is_discarded(
    signed_in: Callable[..., Page],
):
    first = signed_in("administrator", fresh=True)
    first.goto(FORM)
    with first.expect_response(lambda answer: "/account/drafts/" in answer.url):
        first.get_by_label("Name as colleagues read it").fill("A. Rivers")
    with first.expect_response(
        lambda answer: "/account/drafts/" in answer.url and answer.request.method == "POST"
    ):
        first.get_by_label("Sign-in name").fill("a.rivers")

    second = signed_in("administrator", fresh=True)
    second.goto(FORM)
    expect(second.locator("[data-draft-note]")).to_be_visible()
    expect(second.get_by_label("Name as colleagues read it")).to_have_value("A. Rivers")

    second.goto("/")
    second.get_by_role("link", name=FORM).click()
    with second.expect_navigation():
        second.locator("[data-draft-discard]").click()
    expect(second.get_by_label("Name as colleagues read it")).to_have_value("")
