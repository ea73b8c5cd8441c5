# SPDX-License-Identifier: Apache-2.0
"""The news in the training node's story: read, proposed, one accepted by a person, published.

The announcements shipped with it are made up and say so; one of them comes a second time, edited.
Whoever trains may give a real feed as well; what it proposes waits for a person on its page. The
same feed again proposes nothing new.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from comity import clock
from comity.accounts.officer import Officer
from comity.agreements import queries as agreements
from comity.agreements.coverage import GAP_WORDS
from comity.agreements.records import ProposalState
from comity.catalogues import N_, translate
from comity.errors import ComityError
from comity.newsfeed import queries, services
from comity.newsfeed.proposal import ChangeKind
from comity.newsfeed.records import (
    CardRecord,
    SourceDraft,
    TakenIn,
    UnknownNewsRecordError,
)
from comity.newsfeed.sayings import party_words
from comity.reference.taxonomy import Programme

DEMO_FILE = Path(__file__).parent / "announcements.xml"
EDITED_FILE = Path(__file__).parent / "announcements_second_edition.xml"
"""Items of the first file again, under the same guid with another text."""
DEMO = SourceDraft("training-announcements", N_("Made-up announcements"), url="")
GIVEN = SourceDraft("training-given", N_("The feed that was given"), url="")
ASKER = "US"
MANY = 100

READ_TOLD = N_(
    "{title}: {releases} releases, {new} new and {edited} edited; they propose {proposed} changes "
    "of the register."
)
UNREAD_TOLD = N_("{title} could not be read: {obstacle} {remedy}")
WAITING_TOLD = N_("{waiting} proposals wait for a person to decide.")
ACCEPTED_TOLD = N_("Toni, the treaty custodian, accepted {card} and made it public: {why}")
MAP_CHANGED_TOLD = N_("Of {partner} the coverage map said “{before}”; now it says “{after}”.")
MAP_TOLD = N_("Of {partner} the coverage map says “{after}”.")
FEED_TOLD = N_("Our own feed, open to everybody, says: {summary}")
CONFIRMS_NOTHING = N_("No announcement confirms force: that stays the custodian's act.")


@dataclass(frozen=True, slots=True)
class FeedRead:
    """One feed and what became of it."""

    title: str
    taken: TakenIn = field(default_factory=TakenIn)
    error: ComityError | None = None

    @property
    def releases(self) -> int:
        """How many releases it held."""
        taken = self.taken
        return taken.new + taken.edited + taken.known + len(taken.broken)


@dataclass(frozen=True, slots=True)
class NewsTold:
    """What the story tells of the news."""

    read: tuple[FeedRead, ...]
    waiting: int
    accepted: CardRecord | None = None
    partner: str = ""
    before: str = ""
    """What the map said of the partner; empty when the card was accepted in an earlier run."""
    after: str = ""
    published: str = ""
    """What our own feed says of it, as a reader gets it."""


def done(address: str, custodian: Officer, feed: Path | None, on: date) -> NewsTold:
    """Read the feeds, accept one change as the custodian, and look at what that changed."""
    read = [_read(DEMO, content, custodian) for content in _demo_feeds()]
    if feed is not None:
        read.append(_read(GIVEN, feed.read_bytes(), custodian))
    earlier = _cards(ProposalState.ACCEPTED)
    card = earlier or _cards(ProposalState.OPEN)
    told = NewsTold(tuple(read), queries.cards_waiting())
    if card is None:
        return told
    partner = next(code for code in card.event.values("parties") if code != ASKER)
    before = "" if earlier else _on_the_map(partner, on)
    if not earlier:
        at = clock.now()
        card = services.accept(card.reference, public=True, version=None, by=custodian, at=at)
    return replace(
        told,
        waiting=queries.cards_waiting(),
        accepted=card,
        partner=partner,
        before=before,
        after=_on_the_map(partner, on),
        published=_published(address, card),
    )


def _demo_feeds() -> Iterator[bytes]:
    """The made-up feed as it was at first, where nobody has read it yet, and as it is now."""
    try:
        fresh = queries.source(DEMO.code).releases == 0
    except UnknownNewsRecordError:
        fresh = True
    if fresh:
        yield DEMO_FILE.read_bytes()
    yield _edited(DEMO_FILE, EDITED_FILE)


def _edited(first: Path, second: Path) -> bytes:
    """The first feed with those of its items that the second has in their second edition."""
    feed = ElementTree.parse(first)
    again = {item.findtext("guid"): item for item in ElementTree.parse(second).iter("item")}
    channel = feed.getroot()[0]
    for place, item in enumerate(channel):
        channel[place] = again.get(item.findtext("guid"), item)
    content: bytes = ElementTree.tostring(feed.getroot(), "utf-8")
    return content


def _read(draft: SourceDraft, content: bytes, custodian: Officer) -> FeedRead:
    at = clock.now()
    try:
        queries.source(draft.code)
    except UnknownNewsRecordError:
        services.add_source(draft, active=False, by=custodian, at=at)
    try:
        taken = services.take_in_document(content, draft.code, at)
    except ComityError as error:
        return FeedRead(draft.title, error=error)
    return FeedRead(draft.title, taken)


def _cards(state: ProposalState) -> CardRecord | None:
    """A made-up agreement between the asker and somebody else that its release still announces."""
    found = queries.cards(
        state=state,
        change=ChangeKind.NEW_INSTRUMENT,
        country=ASKER,
        source=DEMO.code,
        size=MANY,
    )
    fitting = [card for card in found.rows if not card.vanished_in]
    return min(fitting, key=_fitness, default=None)


def _fitness(card: CardRecord) -> tuple[bool, str]:
    """Agreements on assistance first, since they are what the map shows."""
    return card.event.value("kind") != Programme.CMAA, card.reference


def _on_the_map(partner: str, on: date) -> str:
    """What the map of the asker says of the partner, in a word."""
    known = agreements.coverage_of(ASKER, on).partner(partner)
    return GAP_WORDS[known.gap] if known.gap else N_("An agreement is in force")


def _published(address: str, card: CardRecord) -> str:
    """What a reader of our own feed finds of the change."""
    with urllib.request.urlopen(f"{address}/news/feed.json", timeout=60) as answer:
        items = json.load(answer)["items"]
    texts = [
        item["content_text"]
        for item in items
        if item["_comity"]["instrument"] == card.change.instrument
    ]
    return str(texts[0]).splitlines()[0] if texts else ""


def lines(told: NewsTold, address: str, language: str) -> Iterator[str]:
    """The news in words, line by line."""

    def say(template: str, **facts: object) -> str:
        return translate(template, language).format(**facts)

    for read in told.read:
        title = translate(read.title, language)
        if read.error is not None:
            obstacle = say(read.error.message, **read.error.fields)
            remedy = say(read.error.remedy, **read.error.fields)
            yield say(UNREAD_TOLD, title=title, obstacle=obstacle, remedy=remedy)
            continue
        yield say(
            READ_TOLD,
            title=title,
            releases=read.releases,
            new=read.taken.new,
            edited=read.taken.edited,
            proposed=read.taken.proposed,
        )
    if told.accepted is not None:
        yield from _accepted(told, told.accepted, language)
    yield say(WAITING_TOLD, waiting=told.waiting)
    yield say(N_("To decide           {address}/news/proposals/"), address=address)
    if told.accepted is not None:
        release, reference = told.accepted.release, told.accepted.change.instrument
        page = f"{address}/agreements/instruments/{reference}/"
        yield say(
            N_("Accepted from       {page}"), page=f"{address}/news/releases/{release.reference}/"
        )
        yield say(N_("In the register     {page}"), page=page)
        yield say(N_("Its history         {page}#history"), page=page)
    yield say(N_("Our own feed        {address}/news/feed.xml"), address=address)


def _accepted(told: NewsTold, card: CardRecord, language: str) -> Iterator[str]:
    def say(template: str, **facts: object) -> str:
        return translate(template, language).format(**facts)

    yield say(ACCEPTED_TOLD, card=card.reference, why=card.change.why.said(language))
    partner = party_words(told.partner, language)
    after = translate(told.after, language)
    if told.before:
        before = translate(told.before, language)
        yield say(MAP_CHANGED_TOLD, partner=partner, before=before, after=after)
    else:
        yield say(MAP_TOLD, partner=partner, after=after)
    if told.published:
        yield say(FEED_TOLD, summary=told.published)
    yield say(CONFIRMS_NOTHING)
