# SPDX-License-Identifier: Apache-2.0
"""The commonest tasks as an officer does them, each from the desk, with every act counted.

One place for the steps: the browser tests hold each task to its number of clicks, and
`bench/pages_bench.py` measures what it costs the machine. A choice in a list is a click; a
key is a key; what a person reads and thinks takes no time here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

READY = "performance.getEntriesByType('navigation')[0].loadEventEnd > 0"
TAKEN = "performance.getEntriesByType('navigation')[0].loadEventEnd"


@dataclass(slots=True)
class Cost:
    """What a task has cost so far; several officers may share one."""

    clicks: int = 0
    keys: int = 0
    answers: list[float] = field(default_factory=list)
    """Seconds of each wait for the node, until what was asked for stood on the page."""
    requests: int = 0
    transferred: int = 0
    """Bytes over the wire, headers included."""


class Hand:
    """An officer's hand on a page: what it does is counted, what it waits for is timed."""

    def __init__(self, page: Page, cost: Cost) -> None:
        self.page, self.cost = page, cost
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.requestWillBeSent", self._redirected)

    def click(self, target: Locator) -> None:
        """One click, and before it one for each fold that hides the target."""
        folds = target.locator("xpath=ancestor::details[not(@open)]")
        while folds.count():
            self.cost.clicks += 1
            folds.first.locator(":scope > summary").click()
        self.cost.clicks += 1
        target.click()

    def type(self, text: str) -> None:
        """One key for each character, where the focus is."""
        self.cost.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """One key with a name."""
        self.cost.keys += 1
        self.page.keyboard.press(key)

    def link(self, words: str) -> Locator:
        """A link by its whole words."""
        return self.page.get_by_role("link", name=words, exact=True)

    def menu(self, words: str) -> Locator:
        """A line of the menu."""
        return self.page.locator("nav.menu").get_by_role("link", name=words, exact=True)

    def button(self, words: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=words, exact=True)

    @contextmanager
    def another_page(self) -> Iterator[None]:
        """What is done here leads to another page, redirects included."""
        with self.page.expect_navigation(wait_until="load"):
            yield
        self.page.wait_for_function(READY)
        self.cost.answers.append(self.page.evaluate(TAKEN) / 1000)

    @contextmanager
    def part_of_page(self, address: str) -> Iterator[None]:
        """What is done here changes a part of the page."""
        begun = time.perf_counter()
        with self.page.expect_response(lambda answer: address in answer.url) as answer:
            yield
        answer.value.finished()
        self.cost.answers.append(time.perf_counter() - begun)

    def fetch(self, target: Locator) -> bytes:
        """Click on a file and have it."""
        begun = time.perf_counter()
        with self.page.expect_download() as download:
            self.click(target)
        content = download.value.path().read_bytes()
        self.cost.answers.append(time.perf_counter() - begun)
        self.cost.requests += 1
        self.cost.transferred += len(content)
        return content

    def _finished(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:  # nothing for a file that the browser had kept
            self.cost.requests += 1
            self.cost.transferred += int(event["encodedDataLength"])

    def _redirected(self, event: dict[str, Any]) -> None:
        if answer := event.get("redirectResponse"):
            self.cost.requests += 1
            self.cost.transferred += int(answer["encodedDataLength"])


Officers = Callable[[str], Hand]
"""Opens the desk of the officer who holds a role; opening it belongs to no task."""


@dataclass(frozen=True, slots=True)
class Task:
    """One of them: its words, its steps, and how much of a person it may take."""

    words: str
    perform: Callable[[Officers], None]
    most_clicks: int
    most_keys: int


def ask_may_we(officers: Officers) -> None:
    """May we ask Cabo Verde for information on an offence? And what does the article say?"""
    hand = officers("case-officer")
    page = hand.page
    with hand.another_page():
        hand.click(hand.menu("May we?"))
    hand.click(page.get_by_label("Who is asked"))
    hand.type("CV")
    for listed, choice in (("forms", "INFO_OFFENCE"), ("purposes", "CRIMINAL_EVIDENCE")):
        box = page.locator(f"input[name={listed}][value={choice}]")
        with hand.part_of_page("/why/"):
            hand.click(page.locator(f"label[for='{box.get_attribute('id')}']"))
    with hand.another_page():
        hand.click(page.locator("#why a[href*='#']").first)
    expect(page.locator("tr:target")).to_be_in_viewport()


def read_a_provision(officers: Officers) -> None:
    """Find an instrument by its partner's name, and read a provision of it."""
    hand = officers("case-officer")
    hand.press("/")
    hand.type("Cabo Verde")
    with hand.another_page():
        hand.press("Enter")
    with hand.another_page():
        hand.click(hand.page.locator("a[href*='/us-cv-2023/']").first)
    expect(hand.page.locator("#provisions + p + * tbody tr").first).to_be_visible()


def confirm_force(officers: Officers) -> None:
    """Confirm that the next instrument of the list is in force, and countersign it."""
    hand = officers("treaty-custodian")
    with hand.another_page():
        hand.click(hand.menu("Confirmations"))
    with hand.another_page():
        hand.click(hand.link("Work through the list"))
    hand.click(hand.page.get_by_label("Citation"))
    hand.type("Made-up file 12/3")
    hand.press("Tab")
    hand.type("01012024")  # the same day whichever of day and month comes first
    with hand.another_page():
        hand.click(hand.button("Draft the confirmation, next"))
    said = hand.page.locator(".messages").inner_text()
    drafted = re.search(r"CNF-\S+\d", said)
    assert drafted, said
    second = officers("legal-adviser")
    with second.another_page():
        second.click(second.page.locator(f"main a[href*='/{drafted[0]}/']").first)
    with second.another_page():
        second.click(second.button("Countersign"))
    expect(second.page.locator(".messages")).to_contain_text(drafted[0])


def what_can_be_asked(officers: Officers) -> None:
    """Find what can be asked of a partner on the map's page, by its table."""
    hand = officers("case-officer")
    with hand.another_page():
        hand.click(hand.menu("Coverage"))
    with hand.another_page():
        hand.click(hand.page.locator("#coverage-table [data-code=CV] a[href*='/CV/']"))
    expect(hand.page.get_by_role("heading", name="What can be asked")).to_be_visible()


def prove_an_act(officers: Officers) -> None:
    """Find an act on a confirmation in the journal, and fetch its proof."""
    hand = officers("auditor")
    page = hand.page
    with hand.another_page():
        hand.click(hand.menu("Journal of acts"))
    hand.click(page.get_by_label("On what"))
    hand.type("CNF-00001")
    with hand.another_page():
        hand.press("Enter")
    with hand.another_page():
        hand.click(page.locator("main tbody th a").last)
    assert b"CNF-00001" in hand.fetch(hand.link("Download the proof"))


def decide_a_card(officers: Officers) -> None:
    """Accept the first announced change, by key; the next card comes by itself."""
    hand = officers("legal-adviser")
    with hand.another_page():
        hand.click(hand.menu("Announced changes"))
    card = hand.page.locator(".card__head .reference").inner_text()
    with hand.another_page():
        hand.press("a")
    expect(hand.page.locator(".messages")).to_contain_text(card)


TASKS: tuple[Task, ...] = (
    Task("ask “may we?” and read the article", ask_may_we, 5, 2),
    Task("find an instrument and read a provision", read_a_provision, 1, 12),
    Task("confirm force of an instrument and countersign it", confirm_force, 6, 26),
    Task("find what can be asked of a partner", what_can_be_asked, 3, 0),
    Task("find an act in the journal and fetch its proof", prove_an_act, 5, 10),
    Task("accept an announced change", decide_a_card, 1, 1),
)
