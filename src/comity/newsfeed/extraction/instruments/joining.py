# SPDX-License-Identifier: Apache-2.0
"""One event once: the title, the lead, a caption and the body tell the same signature.

Accounts of one event are joined; two days for it become two events of less confidence, so that a
person sees both. What the release looks back on is an event of its own with less confidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from comity.agreements.claim import Confidence
from comity.newsfeed.extraction.instruments.account import Account
from comity.newsfeed.extraction.instruments.words import Frame
from comity.reference.taxonomy import Programme

RECENT = 120
"""Days before the publication within which an act is news; before, it is looked back on."""


@dataclass(frozen=True, slots=True)
class Joined:
    """One event and every account of it, the best one first."""

    accounts: tuple[Account, ...]
    codes: frozenset[str]
    on: str
    confidence: Confidence

    @property
    def best(self) -> Account:
        """The account that says most."""
        return self.accounts[0]

    @property
    def kind(self) -> Programme:
        """Of which kind the instrument is."""
        return self.best.kind

    @property
    def event(self) -> str:
        """What happened."""
        return self.best.event


def joined(accounts: Sequence[Account], published: date | None) -> tuple[Joined, ...]:
    """The events of a release."""
    groups = _by_parties(_of_one_kind(_as_signed(accounts)))
    events = [event for group in groups for event in _by_day(group, published)]
    kept = [event for event in events if _is_kept(event, events)]
    return tuple(_trusted(event, kept, published) for event in kept)


def _as_signed(accounts: Sequence[Account]) -> list[Account]:
    """Initialling that the release also calls a signature is one: "rubricaron" in Spanish."""
    signed = [a for a in accounts if a.event == "signed" and not a.on]
    return [
        replace(one, rule=signed[0].rule)
        if one.cue_begins.startswith(("rubric", "paraf", "paraph"))
        and any((a.kind, a.codes) == (one.kind, one.codes) for a in signed)
        else one
        for one in accounts
    ]


def _of_one_kind(accounts: Sequence[Account]) -> list[Account]:
    """An "agreement of customs" of the title is the arrangement that the body names in full."""
    result = []
    for one in accounts:
        kinds = {a.kind for a in accounts if _is_named_better(one, a)}
        if one.index == 0 and not one.on:
            kinds = kinds or {a.kind for a in accounts if _is_the_lead_of(one, a)}
        loose = not one.sure and one.kind in _LOOSE and len(kinds) == 1
        result.append(replace(one, kind=next(iter(kinds))) if loose else one)
    return result


def _is_the_lead_of(title: Account, other: Account) -> bool:
    """Whether the lead tells with its day what the title only names."""
    return (
        bool(other.on)
        and other.kind in _LOOSE
        and 0 < other.index < _LEAD
        and (other.event, other.codes) == (title.event, title.codes)
    )


_LEAD = 5


def _is_named_better(one: Account, other: Account) -> bool:
    """Whether another sentence says surely of what kind the same act's instrument is."""
    return (
        other.sure
        and other.index != one.index
        and (other.event, other.codes) == (one.event, one.codes)
        and _agree(one.on, other.on)
    )


_LOOSE = frozenset({Programme.CMAA, Programme.OTHER, Programme.TRADE_DATA})
"""Kinds that a loose wording may stand for."""


def _by_parties(accounts: Sequence[Account]) -> list[list[Account]]:
    """Accounts of one kind of act on one kind of instrument among the same parties."""
    groups: list[list[Account]] = []
    for one in sorted(accounts, key=lambda a: (not a.whole, a.completed, a.index)):
        for group in groups:
            first = group[0]
            if (first.kind, first.event) != (one.kind, one.event):
                continue
            same = first.codes == one.codes
            looser = not one.whole and (one.codes < first.codes or first.codes < one.codes)
            if same or (looser and _fit(one.on, group)):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _fit(on: str, group: Iterable[Account]) -> bool:
    return not on or all(not other.on or _agree(on, other.on) for other in group)


def _agree(one: str, other: str) -> bool:
    """Whether two dates can be the same day: one may be less precise."""
    return one.startswith(other) or other.startswith(one)


def _by_day(group: Sequence[Account], published: date | None) -> list[Joined]:
    days: list[list[Account]] = []
    announced = [a for a in group if a.on and a.announced]
    told = [a for a in group if a.on and not a.announced]
    if announced and all(_is_far(announced[0].on, a.on) for a in told):
        # What is announced today is not what the release looks back on.
        told, announced = [*told, *announced], []
    dated = told or announced
    for one in sorted(dated, key=lambda a: -len(a.on)):
        for day in days:
            if _agree(one.on, day[0].on):
                day.append(one)
                break
        else:
            days.append([one])
    others = [a for a in group if a not in dated]
    days.sort(key=lambda d: d[0].on, reverse=True)
    led = bool(days) and any(a.index < 2 for a in days[0])
    if not days or (not led and _is_news(others) and _is_long_ago(days[0][0].on, published)):
        days.insert(0, [])
    # An account without a day of its own tells the news, and the news is the latest.
    days[0] += others
    return [_one(day, day[0].on if day[0].on else "") for day in days if day]


def _is_news(accounts: Sequence[Account]) -> bool:
    return any(a.index < 2 for a in accounts)


def _is_long_ago(on: str, published: date | None) -> bool:
    return published is not None and (published - _first_day(on)).days > LONG_AGO


LONG_AGO = 400
"""Days before the publication after which a day cannot be that of the news."""


def _one(accounts: Sequence[Account], on: str) -> Joined:
    ranked = sorted(
        accounts, key=lambda a: (a.on != on, not a.sure, not a.whole, a.completed, a.index)
    )
    codes = next((a.codes for a in ranked if a.whole), ranked[0].codes)
    return Joined(tuple(ranked), codes, on, ranked[0].rule.confidence)


def _is_kept(event: Joined, events: Sequence[Joined]) -> bool:
    """An act without a day is no news beside a later stage, or outside the lead."""
    if event.on or event.event == "counted":
        return True
    only_title = all(a.index == 0 or (a.completed and not a.news) for a in event.accounts)
    if only_title and any(_is_told_better(event, e) for e in events):
        return False
    others = [e for e in events if e is not event and e.kind is event.kind]
    later = [e for e in others if e.event not in _STAGES or e.event == "in-force"]
    past = event.event == "signed" and not _is_told_whole(event)
    if past and any(e.codes == event.codes and e.on for e in later):
        return False
    if event.event == "signed" and event.best.cue.frame is Frame.NOUN and _is_ahead(event, others):
        return False
    stage = _STAGES.get(event.event, 0)
    if stage and any((e.codes & event.codes) and _STAGES.get(e.event, 0) > stage for e in others):
        return False
    if any(a.news or a.whole for a in event.accounts):
        return not _is_backdrop(event, events)
    return not others and len(events) == 1


def _is_told_whole(event: Joined) -> bool:
    """Whether the lead itself says who signed: "A and B have signed"; the later stage follows."""
    best = event.best
    named = best.named
    return best.news and best.whole and named is not None and named.first >= best.cue.last


def _is_ahead(event: Joined, others: Sequence[Joined]) -> bool:
    """Whether "the signature of this agreement" is the one that is to come."""
    return any(e.event == "planned" and e.codes == event.codes for e in others)


def _is_told_better(event: Joined, other: Joined) -> bool:
    """Whether the lead tells with its day, and other parties, what the title only names."""
    revised = event.event == "signed" and other.event == "revised" and event.codes == other.codes
    return (
        event.kind is other.kind
        and (event.event == other.event or revised)
        and bool(other.on)
        and bool(event.codes & other.codes)
        and any(a.index in (1, 2) for a in other.accounts)
    )


def _is_backdrop(event: Joined, events: Sequence[Joined]) -> bool:
    """Whether it is told without a day after the news, as what came before."""
    if any(a.index < 2 for a in event.accounts):
        return False
    dated = [e for e in events if e.on and e is not event]
    return bool(dated) and not event.best.whole


_STAGES = {
    "feasible": 1,
    "planned": 2,
    "negotiation-opened": 3,
    "text-agreed": 4,
    "signed": 5,
    "in-force": 0,
}


def _trusted(event: Joined, events: Sequence[Joined], published: date | None) -> Joined:
    confidence = event.confidence
    best = event.best
    if (not best.sure and not any(a.sure for a in event.accounts)) or (
        best.completed and len(event.accounts) == 1
    ):
        confidence = _less(confidence)
    older = _is_older(event.on, published)
    rivals = [
        e
        for e in events
        if e is not event and (e.kind, e.event, e.codes) == (event.kind, event.event, event.codes)
    ]
    contradicted = any(e.on and event.on and not _is_far(e.on, event.on) for e in rivals)
    if contradicted:
        confidence = _less(confidence)
    if older and (rivals or len(events) > 1 or not best.news):
        confidence = Confidence.LOW if best.completed else _less(Confidence.HIGH)
    return Joined(event.accounts, event.codes, event.on, confidence)


def _less(confidence: Confidence) -> Confidence:
    return Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW


def _is_older(on: str, published: date | None) -> bool:
    if not on or published is None:
        return False
    return (published - _first_day(on)).days > RECENT


def _is_far(one: str, other: str) -> bool:
    return abs((_first_day(one) - _first_day(other)).days) > RECENT


def _first_day(on: str) -> date:
    year, month, day = (*on.split("-"), "01", "01")[:3]
    return date(int(year), int(month), int(day))
