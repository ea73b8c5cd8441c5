# SPDX-License-Identifier: Apache-2.0
"""What a page weighs on the wire, nothing cached."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

KILOBYTE = 1000


def transferred(page: Page, path: str) -> int:
    """The bytes that came over the wire for this page and all that it loads."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    return int(sum(sizes))


@pytest.mark.parametrize(
    ("role", "path", "most"),
    [
        (None, "/account/sign-in/", 200 * KILOBYTE),
        ("case-officer", "/", 200 * KILOBYTE),
        ("case-officer", "/agreements/coverage/", 450 * KILOBYTE),
    ],
    ids=["sign-in", "desk", "coverage map"],
)
def test_a_page_is_light(
    role: str, path: str, most: int, signed_in: Callable[..., Page], record_property: Callable
):
    page = signed_in(role, fresh=True)

    bytes_ = transferred(page, path)

    record_property("bytes", bytes_)
    print(f"{path}: {bytes_} bytes transferred")
    assert 10 * KILOBYTE < bytes_ < most


def test_static_files_are_kept_by_the_browser_for_good(signed_in: Callable[..., Page]):
    page = signed_in(None, fresh=True)
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/account/sign-in/", wait_until="networkidle")

    files = [a for a in answers if "/static/" in a.url and a.url.endswith((".css", ".js"))]

    assert files
    assert all("immutable" in (a.headers.get("cache-control") or "") for a in files)
