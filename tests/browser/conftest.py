# SPDX-License-Identifier: Apache-2.0
"""A real Chromium on a real training node; one visible line where Chromium cannot be had."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.running_node import RunningNode, run_node

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--force-color-profile=srgb",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here are browser tests; they say in one line why they are skipped."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The system's own Chromium, with nothing that calls home."""
    return {"executable_path": CHROMIUM, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def node(
    database_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningNode]:
    """Northland's training node."""
    yield from run_node(database_server, tmp_path_factory.mktemp("node"))


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """The browser's windows of this run, by officer and options: static files load once."""
    kept: dict[str, BrowserContext] = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def signed_in(
    node: RunningNode, browser: Browser, windows: dict[str, BrowserContext]
) -> Iterator[Callable[..., Page]]:
    """A page of the officer who holds a role: `signed_in("treaty-custodian")`.

    `fresh` gives a window that shares nothing, for tests that change or measure it.
    """
    opened: list[Page | BrowserContext] = []

    def open_page(role: str | None, *, fresh: bool = False, **options: object) -> Page:
        settings = {"locale": "en-GB", "base_url": node.url} | options
        key = repr((role, sorted(settings.items(), key=str)))
        context = None if fresh else windows.get(key)
        if context is None:
            context = browser.new_context(**settings)
            context.set_default_timeout(15_000)
            if role:
                context.add_cookies([node.cookie(role)])
            if fresh:
                opened.append(context)
            else:
                windows[key] = context
        page = context.new_page()
        opened.insert(0, page)
        return page

    yield open_page
    for each in opened:
        each.close()


@pytest.fixture
def take_picture() -> Callable[[Page, str], None]:
    """Keep a screenshot in the folder that COMITY_TEST_PICTURES names, for a person to look at."""
    folder = os.environ.get("COMITY_TEST_PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
