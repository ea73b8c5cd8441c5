# SPDX-License-Identifier: Apache-2.0
"""Sources, releases, cards and published changes as the API sends and takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict, StrictBool

from comity.agreements.records import ProposalState
from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.proposal import ChangeKind
from comity.newsfeed.records import SourceDraft, SourceState
from comity.reference.days import day_of

PRINTED = r"^[^\x00]*$"
SAID = r"^[^\x00]*[^\s\x00][^\x00]*$"


def _written_out(given: object) -> object:
    """A day is written as 2024-10-11; a bare number, which a library takes for one, is not."""
    if isinstance(given, str):
        return day_of(given)
    if isinstance(given, int | float):
        raise ValueError("not a day such as 2024-10-11")
    return given


Day = Annotated[date, BeforeValidator(_written_out)]
Known = date  # beside a field of that name
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=SAID)]


HANDED_IN = "The officer who read it in from a file or a text; none where its source was visited."


class Taken(Schema):
    """What a request may hold: the documented fields and no others."""

    model_config = ConfigDict(extra="forbid")


class SayingOut(Schema):
    """A permanent code, its sentence, and what stands in the sentence."""

    code: str
    says: str
    fields: dict[str, str]


# Sources


Address = Annotated[
    str,
    Field(
        max_length=2000,
        pattern=PRINTED,
        description="Where it is read; empty for a source whose releases come from files.",
    ),
]
Publisher = Annotated[
    str,
    Field(
        max_length=10,
        pattern=r"^[A-Z]{0,10}$",
        description="Code of the country or union whose administration publishes.",
    ),
]
Tongue = Annotated[str, Field(pattern=r"^([a-z]{2})?$", description="ISO 639-1.")]
Licence = Annotated[
    str,
    Field(
        max_length=2000,
        pattern=PRINTED,
        description="Terms of use, noted with every release that states none of its own.",
    ),
]
Minutes = Annotated[int, Field(ge=15, le=44640)]


class SourceChangeIn(Taken):
    """What is said of a source from now on: all of it, since nothing is to be lost unsaid."""

    title: Words
    url: Address
    administration: Publisher
    language: Tongue
    licence: Licence
    every_minutes: Minutes

    def draft(self, code: str) -> SourceDraft:
        """What the service takes."""
        given = {name: getattr(self, name) for name in SourceChangeIn.model_fields}
        return SourceDraft(code=code, **given)


class SourceIn(SourceChangeIn):
    """A new source."""

    url: Address = ""
    administration: Publisher = ""
    language: Tongue = ""
    licence: Licence = ""
    every_minutes: Minutes = 60
    code: str = Field(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")
    active: StrictBool = True


class HealthOut(Schema):
    """What became of the visits to a source."""

    state: SourceState
    tried_at: datetime | None
    read_at: datetime | None
    changed_at: datetime | None
    failures: int
    problem: SayingOut | None
    remedy: str | None
    due_at: datetime | None
    broken: int
    moved_to: str


class SourceOut(Schema):
    """A source with its health."""

    code: str
    title: str
    url: str
    administration: str
    language: str
    licence: str
    active: bool
    every_minutes: int
    version: int
    added_at: datetime
    health: HealthOut
    releases: int
    shipped: bool


class SourcesOut(Schema):
    """Every source."""

    items: list[SourceOut]
    next: None = None


# Releases


class ReleaseRowOut(Schema):
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
    types: list[AnnouncementType]
    countries: list[str]
    events: int


class ReleasesOut(Schema):
    """A page of the archive, the newest read first."""

    items: list[ReleaseRowOut]
    next: str | None = Field(description="Send it back as `after`; null at the end.")


class EditionOut(Schema):
    """One edition among those of a release."""

    reference: str
    edition: int
    read_at: datetime


class ReleaseOut(Schema):
    """One edition of a release, its text, and what was read from it."""

    reference: str
    source: str
    source_title: str
    guid: str
    edition: int
    title: str
    text: str
    link: str
    published: date | None
    language: str
    publisher: str
    licence: str
    handed_in_by: str | None = Field(description=HANDED_IN)
    digest: str
    read_at: datetime
    rules_edition: str
    editions: list[EditionOut]
    events: list[dict[str, Any]] = Field(
        description="As `comity news read --json` prints them, each with `outcome` and `card`."
    )


# Cards


class SideOut(Schema):
    """One side of a comparison: who says what of the same event."""

    instrument: str
    event: str
    date: str
    confidence: str
    source: str
    url: str
    recorded_on: Known | None


class ChangeOut(Schema):
    """What would change in the register."""

    kind: ChangeKind
    instrument: str
    why: SayingOut
    ours: SideOut
    against: list[SideOut]
    notes: list[SayingOut]
    content: dict[str, Any]


class FurtherReleaseOut(Schema):
    """A further release that announces the same."""

    release: str
    source: str
    source_title: str
    title: str
    link: str
    published: date | None
    event: dict[str, Any]
    vanished_in: str | None = Field(
        description="The later edition of that release that no longer says it."
    )


class EarlierOut(Schema):
    """The same change, decided against before."""

    card: str
    source: str
    source_title: str
    reason: str
    decided_at: datetime | None


class CardOut(Schema):
    """A change to the register that an announcement proposes."""

    reference: str
    state: ProposalState
    version: int
    proposal: str
    change: ChangeOut
    event: dict[str, Any]
    release: str
    source: str
    title: str
    link: str
    licence: str = Field(description="Terms of use of the release, as its source states them.")
    handed_in_by: str | None = Field(description=HANDED_IN)
    published: date | None
    also: list[FurtherReleaseOut]
    earlier: list[EarlierOut]
    beside: list[str]
    vanished_in: str | None = Field(
        description="The later edition of the release that no longer says it."
    )
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    public: str | None


class CardsOut(Schema):
    """A page of cards, newest first."""

    items: list[CardOut]
    next: str | None


class AcceptIn(Taken):
    """How a card is accepted."""

    reason: str = Field("", max_length=2000, pattern=PRINTED)
    public: StrictBool = Field(
        default=False, description="Publish the change in the node's own feed."
    )


class NewsReasonIn(Taken):
    """Why."""

    reason: Words


# Published changes


class PublishIn(Taken):
    """Which accepted change is published."""

    proposal: str = Field(pattern=r"^PRP-[0-9]{5,12}$")


class PublicSourceOut(Schema):
    """What a published change rests on."""

    title: str
    url: str


class PublicChangeOut(Schema):
    """A change of the register that this node publishes."""

    reference: str
    proposal: str
    instrument: str
    title: str
    summary: SayingOut
    accepted_on: date
    published_at: datetime
    sources: list[PublicSourceOut]
    taken_back_at: datetime | None
    version: int


class PublicChangesOut(Schema):
    """A page of published changes, newest first."""

    items: list[PublicChangeOut]
    next: str | None
