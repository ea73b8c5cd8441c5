# SPDX-License-Identifier: Apache-2.0
"""What a release announces: typed events, each made of facts that stand somewhere in the text.

No span, no fact: `Fact` cannot be made without one. Which facts an event of a type may have, and
which of them make it up, is one literal table, `FACTS`. Finding them is `extraction`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from comity.agreements.claim import Confidence
from comity.catalogues import N_
from comity.newsfeed.article import Article


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the text of an article, with the words that stand there."""

    start: int
    end: int
    text: str


class AnnouncementType(StrEnum):
    """What sort of thing is announced."""

    INSTRUMENT = "instrument"
    JOINT_OPERATION = "joint-operation"
    SEIZURE = "seizure"
    REPATRIATION = "repatriation"
    FUGITIVE_RETURN = "fugitive-return"
    INTAKE_FIGURES = "intake-figures"
    PORT_HOURS = "port-hours"
    VISIT = "visit"
    APPOINTMENT = "appointment"
    NOMINATION = "nomination"
    RECOMMENDATION = "recommendation"
    CAPACITY_BUILDING = "capacity-building"


class InstrumentEvent(StrEnum):
    """What is announced of an instrument.

    The codes are those of `agreements.claim.Event` where the register has the event; the last
    three are no events of its life and never become claims.
    """

    NEGOTIATION_OPENED = "negotiation-opened"
    TEXT_AGREED = "text-agreed"
    SIGNED = "signed"
    NOTIFIED = "notified"
    IN_FORCE = "in-force"
    REVISED = "revised"
    SUSPENDED = "suspended"
    TERMINATION_NOTIFIED = "termination-notified"
    TERMINATED = "terminated"
    PLANNED = "planned"
    """Somebody says that it is to be signed."""
    FEASIBLE = "feasible"
    """Somebody says that it has been found feasible, or is being studied."""
    COUNTED = "counted"
    """Only a number of such instruments is given: "73 in all"."""


@dataclass(frozen=True, slots=True)
class FactName:
    """One sort of fact: its name, whether an event may have several, whether it is a main one."""

    name: str
    words: str
    many: bool = False
    main: bool = False


FACTS: dict[AnnouncementType, tuple[FactName, ...]] = {
    AnnouncementType.INSTRUMENT: (
        # kind: a `Programme` of the register; event: an `InstrumentEvent`; date: YYYY[-MM[-DD]]
        FactName("kind", N_("Kind"), main=True),
        FactName("event", N_("What happened"), main=True),
        FactName("parties", N_("Parties"), many=True, main=True),
        FactName("date", N_("Day"), main=True),
        FactName("title", N_("Name of the instrument")),
        FactName("authorities", N_("Authorities"), many=True),
        FactName("signatories", N_("Signatories and their capacity"), many=True),
        FactName("place", N_("Place")),
        FactName("occasion", N_("Occasion")),
        FactName("ordinal", N_("Which one of its kind")),
        FactName("count", N_("How many there are")),
        # status: what is still missing before force, as the text says it
        FactName("status", N_("Status")),
    ),
    AnnouncementType.JOINT_OPERATION: (
        # character: joint or mirrored
        FactName("character", N_("Joint or mirrored"), main=True),
        FactName("parties", N_("Parties"), many=True, main=True),
        FactName("name", N_("Name of the operation"), main=True),
        FactName("date", N_("Day")),
        FactName("authorities", N_("Authorities"), many=True),
        FactName("place", N_("Place")),
        FactName("results", N_("Results"), many=True),
    ),
    AnnouncementType.SEIZURE: (
        FactName("goods", N_("Goods"), many=True, main=True),
        FactName("quantities", N_("Quantities"), many=True, main=True),
        FactName("place", N_("Place"), main=True),
        FactName("date", N_("Day")),
        FactName("authorities", N_("Authorities"), many=True),
        FactName("parties", N_("Countries named"), many=True),
        FactName("value", N_("Value")),
    ),
    AnnouncementType.REPATRIATION: (
        # recipient: the country; objects and descriptions as the text has them, all of them kept
        FactName("objects", N_("Objects"), many=True, main=True),
        FactName("recipient", N_("Returned to"), main=True),
        FactName("date", N_("Day of the hand-over"), main=True),
        FactName("descriptions", N_("Descriptions"), many=True),
        FactName("count", N_("How many objects")),
        FactName("seizure", N_("Seizure")),
        FactName("seized_on", N_("Day of the seizure")),
        FactName("petition", N_("Petition")),
        FactName("received_by", N_("Received by")),
        FactName("handed_over_by", N_("Handed over by")),
        FactName("place", N_("Place of the hand-over")),
    ),
    AnnouncementType.FUGITIVE_RETURN: (
        # The person is not named here: whoever needs the name reads the release.
        FactName("located_in", N_("Located in"), main=True),
        FactName("returned_to", N_("Returned to"), main=True),
        FactName("offence", N_("Wanted for"), main=True),
        FactName("date", N_("Day")),
        FactName("wanted_by", N_("Wanted by")),
        FactName("nationality", N_("Nationality")),
        FactName("place", N_("Place")),
    ),
    AnnouncementType.INTAKE_FIGURES: (
        # figures: the number and what is counted, such as "86000 evacuees"
        FactName("figures", N_("Figures"), many=True, main=True),
        FactName("date", N_("As of")),
        FactName("occasion", N_("Operation")),
        FactName("place", N_("Place")),
    ),
    AnnouncementType.PORT_HOURS: (
        # hours: HH:MM-HH:MM or 24/7; days: "daily" or the days' English names
        FactName("port", N_("Port"), main=True),
        FactName("hours", N_("New hours"), main=True),
        FactName("effective", N_("From"), main=True),
        FactName("former_hours", N_("Former hours")),
        FactName("days", N_("Days")),
        FactName("traffic_share", N_("Share of the traffic")),
        FactName("alternatives", N_("Crossings instead"), many=True),
    ),
    AnnouncementType.VISIT: (
        FactName("visitor", N_("Visitor"), main=True),
        FactName("place", N_("Where"), main=True),
        FactName("date", N_("Day")),
        FactName("host", N_("Host")),
        FactName("occasion", N_("Occasion")),
    ),
    AnnouncementType.APPOINTMENT: (
        FactName("person", N_("Person"), main=True),
        FactName("post", N_("Post"), main=True),
        FactName("date", N_("Day")),
        FactName("body", N_("Body")),
    ),
    AnnouncementType.NOMINATION: (
        FactName("person", N_("Person"), main=True),
        FactName("post", N_("Post"), main=True),
        FactName("date", N_("Day")),
        FactName("body", N_("Body")),
        FactName("by", N_("Nominated by")),
    ),
    AnnouncementType.RECOMMENDATION: (
        FactName("title", N_("Recommendation"), main=True),
        FactName("owner", N_("Lead"), main=True),
        FactName("number", N_("Number")),
        FactName("steps", N_("Steps"), many=True),
    ),
    AnnouncementType.CAPACITY_BUILDING: (
        FactName("parties", N_("Parties"), many=True, main=True),
        FactName("subject", N_("Subject"), main=True),
        FactName("date", N_("Day")),
        FactName("place", N_("Place")),
        FactName("authorities", N_("Authorities"), many=True),
        FactName("participants", N_("Participants")),
    ),
}
"""Every sort of fact by type of announcement, in the order in which a person reads them."""

TYPE_WORDS: dict[AnnouncementType, str] = {
    AnnouncementType.INSTRUMENT: N_("Instrument"),
    AnnouncementType.JOINT_OPERATION: N_("Joint operation"),
    AnnouncementType.SEIZURE: N_("Seizure"),
    AnnouncementType.REPATRIATION: N_("Return of cultural property"),
    AnnouncementType.FUGITIVE_RETURN: N_("Fugitive located and returned"),
    AnnouncementType.INTAKE_FIGURES: N_("Intake figures"),
    AnnouncementType.PORT_HOURS: N_("Opening hours of a port"),
    AnnouncementType.VISIT: N_("Visit"),
    AnnouncementType.APPOINTMENT: N_("Appointment"),
    AnnouncementType.NOMINATION: N_("Nomination"),
    AnnouncementType.RECOMMENDATION: N_("Recommendation"),
    AnnouncementType.CAPACITY_BUILDING: N_("Capacity building"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact and the words in the text from which it was read."""

    name: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class AnnouncedEvent:
    """One thing that a release announces."""

    type: AnnouncementType
    rule: str
    """Permanent code of the rule that found it, `NWS-…`."""
    confidence: Confidence
    span: Span
    """The sentence or clause that announces it."""
    facts: tuple[Fact, ...]

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of this name, in the order of the facts; contradictions side by side."""
        return tuple(fact.value for fact in self.facts if fact.name == name)

    def value(self, name: str) -> str:
        """The first value of this name, empty when there is none."""
        return next(iter(self.values(name)), "")

    @property
    def identity(self) -> str:
        """What makes it the same event when another release, or an edited one, tells it again."""
        main = [name for name in FACTS[self.type] if name.main]
        parts = (f"{name.name}={','.join(sorted(self.values(name.name)))}" for name in main)
        return "|".join((self.type.value, *parts))


@dataclass(frozen=True, slots=True)
class Announcement:
    """A release and everything that was found in it, in the order of the text."""

    article: Article
    events: tuple[AnnouncedEvent, ...]


def as_document(announcement: Announcement) -> dict[str, Any]:
    """The announcement as JSON has it: `guid` and `events[]`, each fact with its span."""
    article = announcement.article
    return {
        "guid": article.guid,
        "title": article.title,
        "link": article.link,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language or None,
        "publisher": article.publisher or None,
        "source": article.source or None,
        "licence": article.licence or None,
        "digest": article.digest,
        "events": [event_document(event) for event in announcement.events],
    }


def event_document(event: AnnouncedEvent) -> dict[str, Any]:
    """One event: its facts by name (a list where there may be several), then with their spans."""
    named = {
        fact.name: list(event.values(fact.name)) if fact.many else event.value(fact.name) or None
        for fact in FACTS[event.type]
    }
    return {
        "type": event.type.value,
        "rule": event.rule,
        "confidence": event.confidence.value,
        "span": span_document(event.span),
        **named,
        "facts": [
            {"name": fact.name, "value": fact.value, "span": span_document(fact.span)}
            for fact in event.facts
        ],
    }


def span_document(span: Span) -> dict[str, Any]:
    """The place and its words."""
    return {"start": span.start, "end": span.end, "text": span.text}
