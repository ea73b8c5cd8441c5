# SPDX-License-Identifier: Apache-2.0
"""The commonest tasks of an officer in a real Chromium on a real training node.

Each task is done once in windows that have seen the desk and no other page, for what it
weighs, and then some times more, for how long the machine lets one wait. The peer of the wait
is the same browser opening a bare file of the same node, once for each answer of the task; the
limit of the weight is what the first page may weigh. The steps stand in `tests.browser`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measurement import Figure, Measurement

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from tests.browser.commonest_tasks import Cost, Hand, Task
    from tests.browser.running_node import RunningNode

SUBJECT = "The commonest tasks on the pages"
ROUNDS = 3
BARE_FILES = 15
PAGE_LIMIT = 200
"""Kilobytes that the desk may weigh with nothing kept, as `tests/browser/test_weight.py` says."""
LONGEST_ANSWER = 0.3
"""Seconds after which a person is told to wait."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ABSENT = "Not measured: it needs Chromium and Playwright, and this machine lacks one of them."


def run() -> Measurement:
    """Do the tasks and say what they cost; where there is no browser, say that."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return Measurement(SUBJECT, ABSENT, ())
    if not CHROMIUM:
        return Measurement(SUBJECT, ABSENT, ())
    from tests.browser.conftest import FLAGS

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Error:
            return Measurement(SUBJECT, ABSENT, ())
        with _node() as node:
            figures = tuple(_measured(Officers(browser, node)))
        browser.close()
    return Measurement(
        SUBJECT,
        "From the desk of an officer who is signed in, by mouse and keyboard, on a training node "
        "with the whole register. A key is a key, a tick in a list is a click; time is the "
        f"machine's alone, until the page has loaded, the median of {ROUNDS}.",
        figures,
    )


class Officers:
    """The browser's windows, one for each role; `forget` closes them with all that they kept."""

    def __init__(self, browser: Browser, node: RunningNode) -> None:
        self.browser, self.node = browser, node
        self.windows: dict[str, BrowserContext] = {}

    def desk_of(self, role: str) -> Page:
        """A page of this officer at the desk, with nothing more to load."""
        if role not in self.windows:
            window = self.browser.new_context(locale="en-GB", base_url=self.node.url)
            window.add_cookies([self.node.cookie(role)])
            self.windows[role] = window
        page = self.windows[role].new_page()
        page.goto("/", wait_until="networkidle")
        return page

    def forget(self) -> None:
        """Close every window."""
        for window in self.windows.values():
            window.close()
        self.windows.clear()


def _measured(officers: Officers) -> Iterator[Figure]:
    from tests.browser.commonest_tasks import TASKS

    for task in TASKS:
        officers.forget()
        first = _done(task, officers)
        again = [_done(task, officers) for _ in range(ROUNDS)]
        bare = _bare_file(officers)
        yield from _figures(task, first, again, bare)
    officers.forget()


def _done(task: Task, officers: Officers) -> Cost:
    """The task done once; the pages of each officer are closed behind it."""
    from tests.browser.commonest_tasks import Cost, Hand

    cost, pages = Cost(), []

    def hand_of(role: str) -> Hand:
        pages.append(officers.desk_of(role))
        return Hand(pages[-1], cost)

    task.perform(hand_of)
    for page in pages:
        page.wait_for_load_state("networkidle")
        page.close()
    return cost


def _bare_file(officers: Officers) -> float:
    """Seconds until the browser has loaded the smallest file of the node as a page."""
    from tests.browser.commonest_tasks import READY, TAKEN

    page = officers.desk_of("case-officer")
    times = []
    for number in range(BARE_FILES):
        page.goto(f"/static/comity/mark.svg?{number}", wait_until="load")
        page.wait_for_function(READY)
        times.append(page.evaluate(TAKEN) / 1000)
    page.close()
    return statistics.median(times)


def _figures(task: Task, first: Cost, again: list[Cost], bare: float) -> Iterator[Figure]:
    waits = len(first.answers)
    yield Figure(f"{task.words}: clicks", first.clicks, "", goal=f"≤ {task.most_clicks}")
    yield Figure(f"{task.words}: keys", first.keys, "", goal=f"≤ {task.most_keys}")
    yield Figure(
        f"{task.words}: {waits} answers",
        statistics.median(sum(cost.answers) for cost in again),
        "s",
        f"{waits} bare files in the same browser",
        waits * bare,
        f"≤ {waits * LONGEST_ANSWER:.1f} s",
    )
    yield Figure(
        f"{task.words}: on the wire in {first.requests} requests",
        first.transferred / 1000,
        "kB",
        "the most that the first page may weigh",
        PAGE_LIMIT,
    )
    yield Figure(
        f"{task.words}: on the wire once files are kept",
        statistics.median(cost.transferred for cost in again) / 1000,
        "kB",
        "the most that the first page may weigh",
        PAGE_LIMIT,
        f"≤ {PAGE_LIMIT} kB",
    )


@contextmanager
def _node() -> Iterator[RunningNode]:
    """A training node with a database of its own, both gone afterwards."""
    from tests.browser.running_node import run_node
    from tests.support.database_server import shared_server, stop_server

    with tempfile.TemporaryDirectory(prefix="comity-bench-") as home:
        server = shared_server(os.getpid())
        try:
            yield from run_node(server, Path(home))
        finally:
            stop_server(os.getpid())
