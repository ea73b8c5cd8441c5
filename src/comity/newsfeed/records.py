# SPDX-License-Identifier: Apache-2.0
"""What a node keeps of public announcements, as values that pages, API and commands read.

A release is kept as it was received, every edition of it. What was read from it is an event with
an outcome; a change to the register that follows from one is a card, whose state is that of the
proposal in `agreements`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from comity.agreements.records import ProposalRecord, ProposalState
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType
from comity.newsfeed.article import Article
from comity.newsfeed.proposal import Change
from comity.newsfeed.sayings import Saying


class SourceState(StrEnum):
    """How a source is doing."""

    PAUSED = "paused"
    BY_HAND = "by-hand"
    """It has no address: its releases come as files."""
    NEVER_READ = "never-read"
    HEALTHY = "healthy"
    FAILING = "failing"
    """The last visit failed; an earlier one, or the next, may have succeeded."""
    SWITCHED_OFF = "switched-off"
    """This node is not allowed to reach out at all."""


SOURCE_STATE_WORDS: dict[SourceState, str] = {
    SourceState.PAUSED: N_("Paused"),
    SourceState.BY_HAND: N_("Read from files"),
    SourceState.NEVER_READ: N_("Not read yet"),
    SourceState.HEALTHY: N_("Read without trouble"),
    SourceState.FAILING: N_("Could not be read"),
    SourceState.SWITCHED_OFF: N_("This node does not reach out"),
}


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """What became of the visits to a source."""

    state: SourceState
    tried_at: datetime | None = None
    """The last visit."""
    read_at: datetime | None = None
    """The last visit that brought something, or the word that nothing is new."""
    changed_at: datetime | None = None
    """The last visit that brought a release not yet known."""
    failures: int = 0
    """Visits that failed since the last success."""
    problem: Saying | None = None
    """Why the last visit failed, in words; its code is that of the error."""
    remedy: Saying | None = None
    due_at: datetime | None = None
    """When the worker will go there next; None for a paused source."""
    broken: int = 0
    """Releases of the last visit that could not be read; the others were kept."""
    moved_to: str = ""
    """Where the document stands now for good, as the site says: the address wants correcting."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Somewhere announcements are read from."""

    code: str
    """Short and permanent, such as `cbp-national`."""
    title: str
    url: str
    """Empty for a source whose releases come from files."""
    administration: str
    """Code of the country or union whose administration publishes; may be empty."""
    language: str
    licence: str
    active: bool
    every_minutes: int
    version: int
    added_at: datetime
    health: SourceHealth
    releases: int = 0
    """How many releases are kept of it, editions not counted."""
    shipped: bool = False
    """Whether it came with Comity rather than from somebody of this node."""


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """What somebody says of a source."""

    code: str
    title: str
    url: str
    administration: str = ""
    language: str = ""
    licence: str = ""
    every_minutes: int = 60


@dataclass(frozen=True, slots=True)
class ArchiveSearch:
    """What somebody looks for among the releases; whatever is left empty does not narrow."""

    words: str = ""
    """As typed: words, "a phrase", or -without; title and text are searched."""
    type: AnnouncementType | None = None
    country: str = ""
    """A code; found where an event names the country, or its administration publishes."""
    source: str = ""
    since: date | None = None
    """Published on this day or later."""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One thing that a release announces, and what became of it."""

    index: int
    """Its place among the events of the release, from 0."""
    event: AnnouncedEvent
    outcome: Saying
    """`proposed`, `joined`, or why nothing was proposed (`proposal.NOTHING`)."""
    card: str = ""
    """The card it led to or joined, such as `NPR-00012`."""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release in a list."""

    reference: str
    source: str
    source_title: str
    title: str
    link: str
    published: date | None
    language: str
    publisher: str
    edition: int
    read_at: datetime
    types: tuple[AnnouncementType, ...] = ()
    countries: tuple[str, ...] = ()
    """Codes of the countries and unions that its events name."""
    events: int = 0


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """One edition of a release, with what was read from it."""

    reference: str
    source: str
    source_title: str
    edition: int
    article: Article
    """Title, text, blocks, day, language, link, publisher and licence."""
    read_at: datetime
    events: tuple[EventRecord, ...]
    rules_edition: str
    """The edition of the rules by which the events were read."""
    editions: tuple[EditionRow, ...] = ()
    """Every edition of the release, oldest first, this one among them."""
    handed_in_by: str = ""
    """The officer who read it in from a file or a text; empty where it came from its source."""

    @property
    def latest(self) -> bool:
        """Whether no later edition is kept."""
        return not self.editions or self.editions[-1].reference == self.reference


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition among those of a release."""

    reference: str
    edition: int
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """A release that announces what a card proposes."""

    release: str
    source: str
    source_title: str
    title: str
    link: str
    published: date | None
    event: AnnouncedEvent
    vanished_in: str = ""
    """The later edition of this release that no longer says it; empty where it still does."""


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """The same change, proposed before and decided against."""

    card: str
    source: str
    source_title: str
    reason: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A change to the register that an announcement proposes, as a person decides on it."""

    reference: str
    """`NPR-00012`."""
    state: ProposalState
    change: Change
    event: AnnouncedEvent
    """As read from `release`; its spans are places in `release.article.text`."""
    release: ReleaseRecord
    """The edition from which it was first read."""
    proposal: ProposalRecord
    """The proposal in `agreements` that carries it."""
    also: tuple[Evidence, ...] = ()
    """Other releases that announce the same."""
    earlier: tuple[EarlierDecision, ...] = ()
    """Rejections of the same change, newest first."""
    beside: tuple[str, ...] = ()
    """Other open cards on the same sort of instrument between the same parties."""
    vanished_in: str = ""
    """The edition of the release that does not say it any more; empty where the last one does.

    Its own release where newer rules, reading that again, do not find it.
    """
    public: PublicChangeRecord | None = None

    @property
    def version(self) -> int:
        """What an edit names; that of the proposal."""
        return self.proposal.version


@dataclass(frozen=True, slots=True)
class PublicChangeRecord:
    """A change of the register that this node publishes in its own feed."""

    reference: str
    """`PUB-00003`."""
    proposal: str
    """The accepted proposal, `PRP-…`."""
    instrument: str
    title: str
    """Of the instrument."""
    summary: Saying
    accepted_on: date
    published_at: datetime
    sources: tuple[tuple[str, str], ...] = ()
    """(title, address) of what the change rests on."""
    taken_back_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the releases of one feed."""

    new: int = 0
    edited: int = 0
    known: int = 0
    proposed: int = 0
    """Cards made."""
    joined: int = 0
    """Events that joined an open card as further evidence."""
    broken: tuple[str, ...] = ()
    """Guids of releases that could not be taken in; the others were."""
    not_modified: bool = False
    """The source said that nothing changed since the last visit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a taker made of an event: why nothing, or where it went."""

    saying: Saying
    card: str = ""
    made: bool = False
    """Whether a new card was made."""
    joined: bool = False
    """Whether it is further evidence for an open one."""


@dataclass(frozen=True, slots=True)
class NewsHealth:
    """The newsfeed in one line, for the page on the node."""

    sources: int
    active: int
    failing: int
    """Active sources whose last visit failed."""
    last_read_at: datetime | None
    releases: int
    open_cards: int
    states: Mapping[SourceState, int] = field(default_factory=dict)


class UnknownNewsRecordError(NotFoundError):
    """No release, card, source or published change of that reference."""

    code = "unknown-news-record"
    message = N_("There is no {kind} {reference}.")
    remedy = N_("Open the list under News and take the reference from there.")


class SourceExistsError(ConflictError):
    """A second source under the same code."""

    code = "news-source-exists"
    message = N_("There is already a source {source}.")
    remedy = N_("Choose another code, or change the source that is there.")


class SourceDraftError(InvalidInputError):
    """A part of what is said of a source cannot be used."""

    code = "news-source-unfit"
    message = N_("The source {source} cannot be kept: {part} {obstacle}.")
    remedy = N_("Correct {part} and try again.")


class NoAddressError(InvalidInputError):
    """A visit to a source that has no address."""

    code = "news-source-without-address"
    message = N_("The source {source} has no address to be read from.")
    remedy = N_("Give it an address, or read a file with `comity news fetch --file`.")


class SourceIsNoFeedError(InvalidInputError):
    """A page where there was a feed."""

    code = "news-source-no-feed"
    message = N_("{source} was a feed and now sends a page; nothing of it was kept.")
    remedy = N_("Look whether the site has moved or asks for consent, and correct the address.")


class SourceIsEmptyError(InvalidInputError):
    """A feed without a release where there were some."""

    code = "news-source-empty"
    message = N_("{source} sends a feed without a single release; what it sent before is kept.")
    remedy = N_("Look at the publisher's site: the feed may have moved or been given up.")


class NotAcceptedError(ConflictError):
    """A change is to be published that is no part of the register."""

    code = "change-not-accepted"
    message = N_("{proposal} is not an accepted change, so there is nothing to publish.")
    remedy = N_("Accept it first, or publish another one.")


class OvertakenError(ConflictError):
    """The register changed in another way since the card was made."""

    code = "news-card-overtaken"
    message = N_(
        "The register has changed since {card} was made, so it cannot be accepted as it is."
    )
    remedy = N_("It was held against the register anew: open the list of what waits.")


class AlreadyPublicError(ConflictError):
    """A change is to be published twice."""

    code = "change-already-public"
    message = N_("{proposal} is already published as {reference}.")
    remedy = N_("Take {reference} back first, if it is to be published anew.")


class NotForThePublicError(NotPermittedError):
    """A change about people's posts is to be published."""

    code = "change-not-for-the-public"
    message = N_("{proposal} is about contact points or officials, which are never published.")
    remedy = N_("Publish changes of instruments and claims only.")


class TakenBackError(ConflictError):
    """A published change is to be taken back twice."""

    code = "change-already-taken-back"
    message = N_("{reference} was taken back already.")
    remedy = N_("Open the list of published changes to see what is public.")
