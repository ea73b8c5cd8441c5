# SPDX-License-Identifier: Apache-2.0
"""What an announced event would change in the register, or why it would change nothing.

An announcement is a claim, never a confirmation: force is claimed with low confidence at most, and
a claim that contradicts another one is set beside it for a person to weigh. Nothing is proposed
that the register already knows from a source as good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from comity.agreements.claim import Claim, Confidence, Event, Precision
from comity.agreements.instrument import Instrument
from comity.agreements.records import ProposalKind
from comity.agreements.register import Register
from comity.catalogues import N_
from comity.newsfeed.announcement import AnnouncedEvent, AnnouncementType, InstrumentEvent
from comity.newsfeed.article import Article
from comity.newsfeed.candidates import Choice, Known, candidates, chosen, known, whole
from comity.newsfeed.new_instrument import KINDS, is_party, new_content
from comity.newsfeed.sayings import Saying
from comity.reference.taxonomy import Programme


class ChangeKind(StrEnum):
    """What sort of change to the register an announcement leads to."""

    NEW_INSTRUMENT = "new-instrument"
    NEW_CLAIM = "new-claim"
    CONFLICT = "conflict"
    """A claim that cannot be true together with one that the register has."""


CHANGE_WORDS: dict[ChangeKind, str] = {
    ChangeKind.NEW_INSTRUMENT: N_("New instrument"),
    ChangeKind.NEW_CLAIM: N_("New claim"),
    ChangeKind.CONFLICT: N_("Conflict between sources"),
}

CHANGES: dict[str, str] = {
    "unknown-instrument": N_(
        "The register has no such instrument of {parties} ({programme}). This would add it as "
        "“{event}”, {date}."
    ),
    "further-instrument": N_(
        "The register has {others}, whose days do not fit. This would add another instrument of "
        "{parties} ({programme}) as “{event}”, {date}."
    ),
    "not-yet-claimed": N_(
        "The register does not have “{event}” for {instrument}. This would add the claim, {date}."
    ),
    "more-precise": N_(
        "The register has “{event}” for {instrument} ({known}). This would add a more exact claim, "
        "{date}."
    ),
    "better-source": N_(
        "The register has “{event}” for {instrument} ({known}), from weak sources only. This would "
        "add a better one, {date}."
    ),
    "one-more-time": N_(
        "The register has “{event}” for {instrument} ({known}), and it can happen again. This "
        "would add the claim, {date}."
    ),
    "another-day": N_(
        "The register has “{event}” for {instrument} ({known}); this announcement says {date}. The "
        "two claims would stand side by side."
    ),
}
"""Every case in which a change is proposed, by its permanent code."""

NOTHING: dict[str, str] = {
    "proposed": N_("Proposed as {card}."),
    "joined": N_("Further evidence for {card}, which already proposes it."),
    "decided-before": N_("{card} proposed it and was decided on."),
    "no-register-matter": N_("No matter of the register; it stays in the archive."),
    "no-lifecycle-event": N_(
        "“{event}” is no event in the life of an instrument; it stays in the archive."
    ),
    "kind-unknown": N_("What sort of instrument is meant could not be read."),
    "parties-unknown": N_("Between whom the instrument stands could not be read."),
    "not-yet-an-instrument": N_(
        "“{event}”: the register has no such instrument of {parties} yet; it stays in the archive."
    ),
    "several-instruments": N_("Nothing says which of {others} is meant."),
    "already-known": N_("The register has it: {instrument}, “{event}”, {known}."),
    "already-there": N_("The register has {instrument}, and no day was announced."),
    "unfit": N_("The register cannot take it: {obstacle}"),
}
"""Every outcome in which nothing new is proposed, by its permanent code."""

NOTES: dict[str, str] = {
    "announced-only": N_(
        "Announced, not confirmed: whether it is in force is for the treaty custodian to confirm "
        "on a depositary record, a note verbale or a certified text."
    ),
    "several-fit": N_("{others} would fit as well; the youngest was taken."),
    "mentioned": N_("Mentioned beside the news, not announced itself."),
}

FORCE = frozenset({Event.IN_FORCE, Event.PROVISIONALLY_APPLIED, Event.RESUMED})
"""Events that begin force: an announcement of one is never more than a weak claim."""

RECURRING = frozenset({Event.NOTIFIED, Event.REVISED, Event.SUSPENDED, Event.TERMINATION_NOTIFIED})
"""Events that may happen more than once: another day contradicts nothing."""

BEFORE_AN_INSTRUMENT = frozenset({Event.NEGOTIATION_OPENED, Event.TEXT_AGREED})
CLAIM_NOTE = "Announced in a public release; an announcement confirms no force."
LONGEST_SOURCE = 300
NEWS_DAYS = 366
"""What happened longer before the publication is told beside the news."""
Day = date  # beside a field of that name


@dataclass(frozen=True, slots=True)
class ClaimSide:
    """One side of a comparison: who says what of the same event."""

    instrument: str
    event: str
    date: str
    """As precise as it is known; empty for an unknown day."""
    confidence: str
    source: str
    url: str = ""
    recorded_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What would change, in a sentence, and the content for `agreements.services.propose`."""

    kind: ChangeKind
    instrument: str
    """The reference in the register; for a new instrument the one it would get."""
    why: Saying
    """What would change, in one sentence, with the permanent code of the case."""
    content: Mapping[str, Any]
    """In the form of the instrument files."""
    ours: ClaimSide
    """The claim as the announcement makes it."""
    against: tuple[ClaimSide, ...] = ()
    """Claims of the register on the same event: those that disagree first."""
    notes: tuple[Saying, ...] = ()
    """What whoever decides should know: announced only; several instruments fit; and so on."""

    @property
    def proposal_kind(self) -> ProposalKind:
        """The kind of proposal that carries it."""
        new = self.kind is ChangeKind.NEW_INSTRUMENT
        return ProposalKind.INSTRUMENT if new else ProposalKind.CLAIM


@dataclass(frozen=True, slots=True)
class NothingToPropose:
    """Why an event changes nothing in the register."""

    why: Saying
    instrument: str = ""
    """The instrument that the event is about, where the register has it."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """An event as the register sees it: codes checked, its day as a span of days."""

    event: Event
    programme: Programme
    parties: frozenset[str]
    day: Known
    date: str
    confidence: Confidence
    source: Mapping[str, str]
    mention: bool

    def fields(self, **more: str) -> dict[str, str]:
        """What a sentence may name."""
        return {
            "event": self.event.value,
            "programme": self.programme.value,
            "parties": ",".join(sorted(self.parties)),
            "date": self.date,
            **more,
        }

    def side(self, instrument: str) -> ClaimSide:
        """The claim as the announcement makes it."""
        title, url = self.source["title"], self.source.get("url", "")
        confidence = self.confidence.value
        return ClaimSide(instrument, self.event.value, self.date, confidence, title, url)

    def claim(self) -> dict[str, Any]:
        """The claim in the form of the files, without its source."""
        return {
            "event": self.event.value,
            "date": self.date or "unknown",
            "confidence": self.confidence.value,
            "note": CLAIM_NOTE,
        }


def proposed_change(
    event: AnnouncedEvent, article: Article, register: Register, *, read_on: date
) -> Change | NothingToPropose:
    """Hold one announced event against the register.

    `read_on` is the day on which the release was read; it stands in the source of the claim.
    """
    matter = _matter(event, article, register, read_on)
    if isinstance(matter, NothingToPropose):
        return matter
    found = candidates(register, matter.programme, matter.parties)
    choice = chosen(matter.event, matter.day, found, mention=matter.mention)
    if choice.instrument is not None:
        return _against(matter, choice.instrument, choice)
    if choice.ambiguous:
        return nothing("several-instruments", others=_references(choice))
    if matter.event in BEFORE_AN_INSTRUMENT:
        return nothing("not-yet-an-instrument", **matter.fields())
    return _new_instrument(event, matter, choice, register)


def nothing(code: str, /, instrument: str = "", **fields: str) -> NothingToPropose:
    """Nothing is proposed, for the reason of this code."""
    return NothingToPropose(outcome(code, instrument=instrument, **fields), instrument)


def outcome(code: str, /, **fields: str) -> Saying:
    """What became of an event, in the words of this code."""
    return Saying(code, NOTHING[code], fields)


def side_of(claim: Claim, instrument: str) -> ClaimSide:
    """A claim of the register as one side of a comparison."""
    return ClaimSide(
        instrument=instrument,
        event=claim.event.value,
        date=date_text(claim),
        confidence=claim.confidence.value,
        source=claim.source.title,
        url=claim.source.url,
        recorded_on=claim.recorded_on,
    )


def date_text(claim: Claim) -> str:
    """The claim's day as precise as it is known; empty when it is not."""
    length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}.get(claim.precision, 0)
    return claim.on.isoformat()[:length] if claim.on else ""


def _matter(
    event: AnnouncedEvent, article: Article, register: Register, read_on: date
) -> _Matter | NothingToPropose:
    if event.type is not AnnouncementType.INSTRUMENT:
        return nothing("no-register-matter")
    announced = event.value("event")
    if announced not in _EVENTS:
        return nothing("no-lifecycle-event", event=announced)
    programme = _PROGRAMMES.get(event.value("kind"))
    if programme is None:
        return nothing("kind-unknown")
    parties = frozenset(event.values("parties"))
    if len(parties) < 2 or not all(is_party(code, register) for code in parties):
        return nothing("parties-unknown")
    lived, day = _EVENTS[announced], known(event.value("date"))
    mention = _mentioned(event, article, day)
    return _Matter(
        event=lived,
        programme=programme,
        parties=parties,
        day=day,
        date=event.value("date") if day.first else "",
        confidence=_trust(lived, event.confidence, mention=mention),
        source=_source(article, read_on),
        mention=mention,
    )


def _trust(event: Event, read: Confidence, *, mention: bool) -> Confidence:
    """Force is claimed weakly, and what is told beside the news less firmly than news."""
    if event in FORCE:
        return Confidence.LOW
    return Confidence.MEDIUM if mention and read is Confidence.HIGH else read


def _mentioned(event: AnnouncedEvent, article: Article, day: Known) -> bool:
    """Whether it is told beside the news: with little confidence, or long after it happened."""
    if event.confidence not in (Confidence.HIGH, Confidence.MEDIUM):
        return True
    if article.published is None or day.last is None:
        return False
    return (article.published - day.last).days > NEWS_DAYS


_EVENTS: dict[str, Event] = {
    each.value: Event(each.value)
    for each in InstrumentEvent
    if each.value in frozenset(event.value for event in Event)
}
"""What is announced of an instrument and is an event in its life."""

_PROGRAMMES: dict[str, Programme] = {programme.value: programme for programme in KINDS}


def _source(article: Article, read_on: date) -> dict[str, str]:
    """Where it was read, as a source of the instrument files."""
    day = article.published.isoformat() if article.published else ""
    whose = ", ".join(part for part in (article.source or article.publisher, day) if part)
    title = ": ".join(part for part in (whose, article.title or article.guid) if part)
    source = {"title": _clean(title)[:LONGEST_SOURCE], "read_on": read_on.isoformat()}
    if article.link.startswith(("https://", "http://")):
        source["url"] = _clean(article.link)
    return source


def _clean(text: str) -> str:
    """The text on one line, without characters that no file of the register holds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _new_instrument(
    event: AnnouncedEvent, matter: _Matter, choice: Choice, register: Register
) -> Change:
    content = new_content(event, matter.programme, matter.claim(), matter.source, register)
    code = "further-instrument" if choice.others else "unknown-instrument"
    fields = matter.fields(others=_references(choice)) if choice.others else matter.fields()
    against = tuple(
        side_of(claim, instrument.reference)
        for instrument in choice.others
        for claim in whole(instrument.claims)
        if claim.event is matter.event
    )
    return Change(
        kind=ChangeKind.NEW_INSTRUMENT,
        instrument=content["reference"],
        why=Saying(code, CHANGES[code], fields),
        content=content,
        ours=matter.side(content["reference"]),
        against=against,
        notes=_notes(matter),
    )


def _against(matter: _Matter, instrument: Instrument, choice: Choice) -> Change | NothingToPropose:
    """The event held against what the register claims of the same one."""
    if matter.event is Event.SIGNED and matter.day.first is None:
        return nothing("already-there", instrument.reference)
    claims = [c for c in whole(instrument.claims) if c.event is matter.event]
    also = [c for c in whole(instrument.claims) if c.event is Event.SIGNED]
    if matter.event is Event.REVISED and not claims:
        claims = [c for c in also if c.on and matter.day.first and matter.day.fits(c)]
    fitting = [c for c in claims if matter.day.fits(c)]
    as_exact = [c for c in fitting if _exactness(c.precision) >= _exactness(matter.day.precision)]
    credible = matter.confidence in (Confidence.HIGH, Confidence.MEDIUM)
    settled = [c for c in as_exact if c.credible or not credible]
    if settled:
        known_as = settled[0]
        return nothing(
            "already-known", instrument.reference, event=known_as.event.value,
            known=date_text(known_as),
        )  # fmt: skip
    apart = [c for c in claims if not matter.day.fits(c)]
    code = _case(matter, claims, apart, as_exact)
    shown = (*apart, *fitting)
    reference = instrument.reference
    fields = matter.fields(instrument=reference, known=_days(apart or fitting))
    content = {**matter.claim(), "source": dict(matter.source)}
    return Change(
        kind=ChangeKind.CONFLICT if code == "another-day" else ChangeKind.NEW_CLAIM,
        instrument=reference,
        why=Saying(code, CHANGES[code], fields),
        content=content,
        ours=matter.side(reference),
        against=tuple(side_of(claim, reference) for claim in shown),
        notes=_notes(matter, choice),
    )


def _case(matter: _Matter, claims: list[Claim], apart: list[Claim], as_exact: list[Claim]) -> str:
    if not claims:
        return "not-yet-claimed"
    if apart:
        return "one-more-time" if matter.event in RECURRING else "another-day"
    return "better-source" if as_exact else "more-precise"


def _exactness(precision: Precision) -> int:
    return {Precision.DAY: 3, Precision.MONTH: 2, Precision.YEAR: 1}.get(precision, 0)


def _days(claims: list[Claim]) -> str:
    """The days that are claimed, each once."""
    return ", ".join(dict.fromkeys(day for day in map(date_text, claims) if day))


def _references(choice: Choice) -> str:
    return ", ".join(instrument.reference for instrument in choice.others)


def _notes(matter: _Matter, choice: Choice | None = None) -> tuple[Saying, ...]:
    notes = [Saying("announced-only", NOTES["announced-only"])]
    if matter.mention:
        notes.append(Saying("mentioned", NOTES["mentioned"]))
    if choice is not None and choice.ambiguous:
        fields = {"others": _references(choice)}
        notes.append(Saying("several-fit", NOTES["several-fit"], fields))
    return tuple(notes)
