# SPDX-License-Identifier: Apache-2.0
"""A checklist of ISO/IEC 27037:2012: what its handling of evidence asks for, held against custody.

Each requirement holds, does not hold, or does not apply, and names the acts that show it. That
a requirement holds says that the record shows it, not that a person did it well. Which version
of its sources the checklist rests on is `SOURCE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_, translate
from comity.evidence.custody import (
    ACT_WORDS,
    BEGINS,
    FAULT_WORDS,
    Custody,
    CustodyAct,
    CustodyEvent,
    CustodyWords,
    Fault,
)
from comity.evidence.item import Acquisition, Item, Rank

SOURCE = "ISO/IEC 27037:2012"
FORMAT = "comity-iso27037/1"


class Result(StrEnum):
    """What the record shows of a requirement."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_APPLICABLE = "not-applicable"


RESULT_WORDS: dict[Result, str] = {
    Result.HOLDS: N_("holds"),
    Result.FAILS: N_("does not hold"),
    Result.NOT_APPLICABLE: N_("does not apply"),
}


@dataclass(frozen=True, slots=True)
class Handled:
    """Everything that the checklist looks at; words that may not be read are left out."""

    item: Item
    custody: Custody
    acquisition: Acquisition
    words: Mapping[int, CustodyWords]
    """What was written of each act, by its number."""

    @property
    def first(self) -> CustodyEvent | None:
        """The act with which the record begins."""
        return self.custody.events[0] if self.custody.events else None


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement and what the record shows of it."""

    code: str
    requirement: str
    clause: str
    result: Result
    acts: tuple[int, ...] = ()
    """Numbers of the acts that show it, or that show that it does not hold."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The whole list for one item."""

    item: str
    identity: str
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]

    @property
    def complete(self) -> bool:
        """Whether every requirement that applies holds."""
        return all(line.result is not Result.FAILS for line in self.lines)


Answer = tuple[Result, tuple[int, ...]]


def has_identifier(handled: Handled) -> Answer:
    """The item has one identifier that no other item has, and that every record of it names."""
    other = tuple(e.number for e in handled.custody.events if e.item != handled.item.identity)
    return (Result.FAILS, other) if other else (Result.HOLDS, ())


def identified_as(handled: Handled) -> Answer:
    """It is said what the item is, and whether it is an original or a copy."""
    derived = handled.item.rank is Rank.DERIVED and not handled.item.derived_from
    return (Result.FAILS if derived else Result.HOLDS), ()


def begins_with_acquisition(handled: Handled) -> Answer:
    """The record begins with how the item came into hands."""
    first = handled.first
    holds = first is not None and first.act in BEGINS
    return (Result.HOLDS if holds else Result.FAILS), (first.number,) if first else ()


def acquired_when_and_where(handled: Handled) -> Answer:
    """When, where and by whom the item was collected or acquired is on record."""
    said = handled.acquisition
    first = handled.first
    place = said.place or _place(handled, first)
    holds = first is not None and bool(place) and bool(said.by or first.by)
    return (Result.HOLDS if holds else Result.FAILS), (first.number,) if first else ()


def under_authority(handled: Handled) -> Answer:
    """Under which power the item was taken is on record (justifiability)."""
    if handled.item.channels and not handled.item.is_ours:
        instruments = all(channel.instrument for channel in handled.item.channels)
        return (Result.HOLDS if instruments else Result.FAILS), ()
    return (Result.HOLDS if handled.acquisition.power else Result.FAILS), ()


def each_act_has_actor(handled: Handled) -> Answer:
    """Every act names who did it, in which role and for which authority (auditability)."""
    return _every(handled, lambda event: bool(event.by and event.role and event.authority))


def each_access_has_reason(handled: Handled) -> Answer:
    """Every access says why it was made: its purpose or reason."""
    acts = {
        CustodyAct.OPENED,
        CustodyAct.COPIED,
        CustodyAct.ANALYSED,
        CustodyAct.TRANSMITTED,
        CustodyAct.PRODUCED,
    }
    return _every(handled, lambda event: bool(event.purpose or _reason(handled, event)), acts)


def digest_at_acquisition(handled: Handled) -> Answer:
    """A verification digest of the content was taken when it was acquired."""
    if handled.item.is_object:
        return Result.NOT_APPLICABLE, ()
    first = handled.first
    holds = first is not None and bool(first.digest_after)
    return (Result.HOLDS if holds else Result.FAILS), (first.number,) if first else ()


def digest_around_each_act(handled: Handled) -> Answer:
    """The digest was taken before and after every act, and is the same throughout."""
    if handled.item.is_object:
        return Result.NOT_APPLICABLE, ()
    wrong = {Fault.CONTENT_CHANGED, Fault.CONTENT_UNREAD}
    return _no_fault(handled, wrong | {Fault.CONTENT_DAMAGED, Fault.CONTENT_MISSING})


def sealed_when_kept(handled: Handled) -> Answer:
    """A physical item was sealed, and its seal was opened only by a recorded act."""
    if not handled.item.is_object:
        return Result.NOT_APPLICABLE, ()
    sealings = tuple(e.number for e in handled.custody.events if e.act is CustodyAct.SEALED)
    found, acts = _no_fault(handled, {Fault.OPENED_UNSEALED})
    return (found, sealings or acts) if sealings else (Result.FAILS, acts)


def seals_are_numbered(handled: Handled) -> Answer:
    """Every seal that was put on is identified by its number."""
    if not handled.item.is_object:
        return Result.NOT_APPLICABLE, ()
    return _every(
        handled,
        lambda event: _worded(handled, event) and bool(handled.words[event.number].marks),
        {CustodyAct.SEALED},
    )


def hand_overs_confirmed(handled: Handled) -> Answer:
    """Every hand-over names both sides, and both confirmed it."""
    acts = {CustodyAct.HANDED_OVER, CustodyAct.RETURNED}
    found, numbers = _every(handled, lambda event: bool(event.counterpart), acts)
    doubted = any(f.fault is Fault.HAND_OVER_DOUBTED for f in handled.custody.findings)
    return (Result.FAILS, numbers) if doubted else (found, numbers)


def chain_is_continuous(handled: Handled) -> Answer:
    """The chain of custody has no gap from the first act to the last."""
    gaps = [finding for finding in handled.custody.findings if finding.is_gap]
    return (Result.FAILS if gaps else Result.HOLDS), tuple(f.number for f in gaps)


def chain_is_unaltered(handled: Handled) -> Answer:
    """No recorded act was altered afterwards."""
    return _no_fault(handled, {Fault.EVENT_ALTERED, Fault.CHAIN_BROKEN, Fault.ANOTHER_ITEM})


def copies_are_recorded(handled: Handled) -> Answer:
    """Whatever was made of the item is named by the act that made it."""
    acts = {CustodyAct.REDACTED}
    return _every(handled, lambda event: bool(event.outcome), acts)


def end_is_recorded(handled: Handled) -> Answer:
    """The item is where the record says it is, or its return or destruction is on record."""
    ends = {
        "returned": CustodyAct.RETURNED,
        "destroyed": CustodyAct.DESTROYED,
        "handed-over": CustodyAct.HANDED_OVER,
    }
    wanted = ends.get(handled.item.state.value)
    if wanted is None:
        return Result.NOT_APPLICABLE, ()
    found = tuple(e.number for e in handled.custody.events if e.act is wanted)
    return (Result.HOLDS if found else Result.FAILS), found


REQUIREMENTS: dict[str, tuple[str, str, Callable[[Handled], Answer]]] = {
    "EVC-1": (N_("One identifier, named by every record"), "6.1", has_identifier),
    "EVC-2": (N_("What it is, original or copy"), "5.4.2", identified_as),
    "EVC-3": (N_("The record begins with the acquisition"), "6.1", begins_with_acquisition),
    "EVC-4": (N_("When, where and by whom acquired"), "6.1", acquired_when_and_where),
    "EVC-5": (N_("Under which power it was taken"), "5.3.5", under_authority),
    "EVC-6": (N_("Who acted, in which role, for whom"), "5.3.2", each_act_has_actor),
    "EVC-7": (N_("Why it was accessed"), "6.1", each_access_has_reason),
    "EVC-8": (N_("Digest taken at the acquisition"), "5.4.4", digest_at_acquisition),
    "EVC-9": (N_("Same digest before and after each act"), "5.4.5", digest_around_each_act),
    "EVC-10": (N_("Physical item sealed"), "5.4.5", sealed_when_kept),
    "EVC-11": (N_("Seals identified by number"), "5.4.5", seals_are_numbered),
    "EVC-12": (N_("Hand-overs confirmed by both sides"), "6.1", hand_overs_confirmed),
    "EVC-13": (N_("No gap in the chain of custody"), "6.1", chain_is_continuous),
    "EVC-14": (N_("No act altered afterwards"), "5.3.2", chain_is_unaltered),
    "EVC-15": (N_("What was made of it is named"), "5.3.4", copies_are_recorded),
    "EVC-16": (N_("Its end is on record"), "6.1", end_is_recorded),
}
"""Every requirement: its words, the clause that it rests on, and what decides it."""


def checklist(handled: Handled) -> Checklist:
    """Put every requirement to the record, and keep every answer."""
    lines = tuple(
        Line(code, words, f"{SOURCE}, {clause}", *decide(handled))
        for code, (words, clause, decide) in REQUIREMENTS.items()
    )
    faults = tuple(dict.fromkeys(finding.fault for finding in handled.custody.findings))
    return Checklist(handled.item.reference, handled.item.identity, lines, faults)


def checklist_document(checked: Checklist) -> dict[str, Any]:
    """The list as JSON holds it: codes alone."""
    return {
        "format": FORMAT,
        "source": SOURCE,
        "item": checked.item,
        "identity": checked.identity,
        "complete": checked.complete,
        "faults": [fault.value for fault in checked.faults],
        "requirements": [
            {
                "code": line.code,
                "clause": line.clause,
                "result": line.result.value,
                "acts": list(line.acts),
            }
            for line in checked.lines
        ],
    }


def checklist_text(checked: Checklist, language: str = "en") -> str:
    """The list as a person reads it, a line a requirement."""
    title = translate(N_("Checklist of {source} for {item}"), language)
    lines = [title.format(source=SOURCE, item=checked.item), ""]
    for line in checked.lines:
        said = translate(line.requirement, language)
        result = translate(RESULT_WORDS[line.result], language)
        acts = ", ".join(str(number) for number in line.acts)
        shown = f" ({translate(N_('acts'), language)} {acts})" if acts else ""
        lines.append(f"{line.code}  {said}: {result}{shown}. {line.clause}")
    if checked.faults:
        lines += ["", translate(N_("What is wrong with the custody:"), language)]
        lines += [f"- {translate(FAULT_WORDS[fault], language)}" for fault in checked.faults]
    return "\n".join(lines) + "\n"


def custody_text(custody: Custody, language: str = "en") -> str:
    """The acts of a custody as a person reads them, a line an act; no words of persons."""
    return "".join(
        f"{event.number}. {_day(event.at)} {translate(ACT_WORDS[event.act], language)}: "
        f"{event.authority} {event.by} ({event.role})"
        f"{f' → {event.counterpart}' if event.counterpart else ''}\n"
        for event in custody.events
    )


def _every(
    handled: Handled,
    holds: Callable[[CustodyEvent], bool],
    acts: set[CustodyAct] | None = None,
) -> Answer:
    """Whether something is so of every act, or of every one of these; with none it is idle."""
    chosen = [e for e in handled.custody.events if acts is None or e.act in acts]
    if not chosen:
        return Result.NOT_APPLICABLE, ()
    wrong = tuple(event.number for event in chosen if not holds(event))
    return (Result.FAILS, wrong) if wrong else (Result.HOLDS, tuple(e.number for e in chosen))


def _no_fault(handled: Handled, faults: set[Fault]) -> Answer:
    wrong = [finding for finding in handled.custody.findings if finding.fault in faults]
    return (Result.FAILS if wrong else Result.HOLDS), tuple(f.number for f in wrong)


def _worded(handled: Handled, event: CustodyEvent | None) -> bool:
    return event is not None and event.number in handled.words


def _place(handled: Handled, event: CustodyEvent | None) -> str:
    return handled.words[event.number].place if event and _worded(handled, event) else ""


def _reason(handled: Handled, event: CustodyEvent) -> str:
    return handled.words[event.number].reason if _worded(handled, event) else ""


def _day(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
