# SPDX-License-Identifier: Apache-2.0
"""The index page of a bundle as a court opens it: from a folder, without a node or a network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from comity.evidence.bundle_index import index_page
from comity.evidence.package import PackageKind
from tests.browser.test_every_page import RULES
from tests.support.evidence_packages import a_package


@pytest.mark.parametrize("width", [1280, 360])
def test_it_has_no_barrier_and_keeps_its_own_policy(
    width: int, browser: Browser, tmp_path: Path
) -> None:
    package = replace(a_package().package, kind=PackageKind.COURT)
    (tmp_path / "index.html").write_bytes(index_page(package, "en"))
    errors: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    opened = context.new_page()
    opened.on("console", lambda said: said.type == "error" and errors.append(said.text))

    opened.goto((tmp_path / "index.html").as_uri())
    opened.locator("summary").first.click()

    assert Axe().run(opened, options=RULES).violations_count == 0
    assert errors == []
    assert opened.locator("ol.pages a").first.is_visible()
    style = "getComputedStyle(document.querySelector('table')).borderCollapse"
    assert opened.evaluate(style) == "collapse"  # its one style passes its own policy
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert opened.evaluate(overflow) <= 0
    context.close()
