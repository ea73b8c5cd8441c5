# SPDX-License-Identifier: Apache-2.0
"""Custody: what was done with an item, by whom, each act chained to the one before by digest.

An event's digest covers every open field, the digest before it and a salted digest of what a
person wrote of it (place, reason); the words themselves lie sealed under the item's key. So a
chain is verified by anybody, before and after the words are erased. A gap or a mismatch is a
finding: it is disclosed wherever the item is shown, and withholds certification only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.sealing.canonical_json import canonical

FORMAT = "comity-custody/1"
BEGINNING = "0" * 64
"""What the first event of a chain follows."""
SALT_LENGTH = 16


class CustodyAct(StrEnum):
    """What was done with an item."""

    SEIZED = "seized"
    RECEIVED = "received"
    MADE = "made"
    """It came to be here: a document was written, a copy or another item was made."""
    SEALED = "sealed"
    OPENED = "opened"
    STORED = "stored"
    COPIED = "copied"
    ANALYSED = "analysed"
    REDACTED = "redacted"
    CERTIFIED = "certified"
    TRANSMITTED = "transmitted"
    """A copy went out; the item itself stayed."""
    PRODUCED = "produced"
    """It was produced in court."""
    HANDED_OVER = "handed-over"
    """It left one hand for another, and both sides confirmed it."""
    RETURNED = "returned"
    DESTROYED = "destroyed"
    GAP_NOTED = "gap-noted"
    """Somebody says that the custody before this has a gap."""
    VERIFIED = "verified"
    """Its content was held against its digest."""


ACT_WORDS: dict[CustodyAct, str] = {
    CustodyAct.SEIZED: N_("seized"),
    CustodyAct.RECEIVED: N_("received"),
    CustodyAct.MADE: N_("made"),
    CustodyAct.SEALED: N_("sealed"),
    CustodyAct.OPENED: N_("opened"),
    CustodyAct.STORED: N_("stored"),
    CustodyAct.COPIED: N_("copied"),
    CustodyAct.ANALYSED: N_("analysed"),
    CustodyAct.REDACTED: N_("redacted"),
    CustodyAct.CERTIFIED: N_("certified"),
    CustodyAct.TRANSMITTED: N_("transmitted"),
    CustodyAct.PRODUCED: N_("produced in court"),
    CustodyAct.HANDED_OVER: N_("handed over"),
    CustodyAct.RETURNED: N_("returned"),
    CustodyAct.DESTROYED: N_("destroyed"),
    CustodyAct.GAP_NOTED: N_("noted a gap in custody"),
    CustodyAct.VERIFIED: N_("verified"),
}

BEGINS = frozenset({CustodyAct.SEIZED, CustodyAct.RECEIVED, CustodyAct.MADE})
"""Acts with which a custody can begin."""
BY_HAND = (
    CustodyAct.SEIZED,
    CustodyAct.RECEIVED,
    CustodyAct.SEALED,
    CustodyAct.OPENED,
    CustodyAct.STORED,
    CustodyAct.COPIED,
    CustodyAct.ANALYSED,
    CustodyAct.PRODUCED,
    CustodyAct.GAP_NOTED,
)
"""Acts that an officer records; the others are recorded by what does them."""
LEAVES = frozenset({CustodyAct.RETURNED, CustodyAct.DESTROYED})
"""Acts after which the item is no longer in the hands of who acted."""


@dataclass(frozen=True, slots=True)
class CustodyWords:
    """What a person wrote of an act. Personal: kept sealed."""

    place: str = ""
    reason: str = ""
    counterpart: str = ""
    """Who stood on the other side, as a person says it."""
    marks: tuple[str, ...] = ()
    """Numbers of the seals put on, found or broken."""


NO_WORDS = CustodyWords()


@dataclass(frozen=True, slots=True)
class Given:
    """An event as another administration recorded it, with its words where it disclosed them."""

    event: CustodyEvent
    words: CustodyWords | None = None
    salt: bytes = b""


@dataclass(frozen=True, slots=True)
class CustodyEvent:
    """One act in an item's custody; everything here stands open but its words."""

    item: str
    """The item's identity, by which every administration knows it."""
    number: int
    act: CustodyAct
    at: datetime
    by: str
    """Reference of who acted, at their own administration."""
    role: str
    authority: str
    """Code of the administration under which they acted."""
    purpose: str = ""
    """A code of the taxonomy's purposes, or empty."""
    counterpart: str = ""
    """Reference or code of who took it over or gave it."""
    digest_before: str = ""
    digest_after: str = ""
    """SHA-256 of the content as it was read before and after the act; empty for a thing."""
    outcome: str = ""
    """Identity of what the act made: a copy, a redacted rendition."""
    words_digest: str = ""
    """Salted digest of the words, in hexadecimal; empty where nothing was written."""
    previous: str = BEGINNING
    digest: str = ""

    def canonical(self) -> bytes:
        """The bytes that the event's digest covers."""
        return canonical({"format": FORMAT, **_open_fields(self), "previous": self.previous})

    def expected_digest(self) -> str:
        """What its digest must be."""
        return hashlib.sha256(self.canonical()).hexdigest()


class Fault(StrEnum):
    """What can be wrong with a custody."""

    NO_CUSTODY = "no-custody"
    BEGINS_LATE = "begins-late"
    NUMBER_MISSING = "number-missing"
    CHAIN_BROKEN = "chain-broken"
    EVENT_ALTERED = "event-altered"
    ANOTHER_ITEM = "another-item"
    CONTENT_CHANGED = "content-changed"
    CONTENT_UNREAD = "content-unread"
    OUT_OF_ORDER = "out-of-order"
    AFTER_THE_END = "after-the-end"
    OPENED_UNSEALED = "opened-unsealed"
    GAP_NOTED = "gap-noted"
    CONTENT_DAMAGED = "content-damaged"
    CONTENT_MISSING = "content-missing"
    HAND_OVER_DOUBTED = "hand-over-doubted"


GAPS = frozenset(
    {
        Fault.NO_CUSTODY,
        Fault.BEGINS_LATE,
        Fault.NUMBER_MISSING,
        Fault.OUT_OF_ORDER,
        Fault.AFTER_THE_END,
        Fault.OPENED_UNSEALED,
        Fault.GAP_NOTED,
        Fault.HAND_OVER_DOUBTED,
    }
)
"""Faults by which something is not accounted for; by the others something does not agree."""

FAULT_WORDS: dict[Fault, str] = {
    Fault.NO_CUSTODY: N_("nothing of its custody is recorded"),
    Fault.BEGINS_LATE: N_("the record does not begin with how it came into hands"),
    Fault.NUMBER_MISSING: N_("an act is missing from the record"),
    Fault.CHAIN_BROKEN: N_("an act does not follow the one before it"),
    Fault.EVENT_ALTERED: N_("a recorded act was altered"),
    Fault.ANOTHER_ITEM: N_("an act belongs to another item"),
    Fault.CONTENT_CHANGED: N_("the content before an act is not what it was after the one before"),
    Fault.CONTENT_UNREAD: N_("the content could not be read when an act was recorded"),
    Fault.OUT_OF_ORDER: N_("an act is dated before the one that it follows"),
    Fault.AFTER_THE_END: N_("something was done with it after it had left"),
    Fault.OPENED_UNSEALED: N_("it was opened, and nobody had sealed it"),
    Fault.GAP_NOTED: N_("somebody noted a gap"),
    Fault.CONTENT_DAMAGED: N_("the stored content is not what was put there"),
    Fault.CONTENT_MISSING: N_("the stored content is missing"),
    Fault.HAND_OVER_DOUBTED: N_("whoever was to take it over says that something is wrong with it"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a custody, and at which event."""

    fault: Fault
    number: int = 0
    """Of the event; 0 where it is about the whole."""
    expected: str = ""
    found: str = ""

    @property
    def is_gap(self) -> bool:
        """Whether something is not accounted for, rather than in disagreement."""
        return self.fault in GAPS


class CustodyUnreadableError(InvalidInputError):
    """A custody's document lacks a part or has one of another type."""

    code = "custody-unreadable"
    message = N_("The custody of {item} cannot be read: {obstacle}.")
    remedy = N_("Ask whoever wrote it for it again.")


def chained(event: CustodyEvent, last: CustodyEvent | None) -> CustodyEvent:
    """The event as the next of a chain: its number, what it follows, its digest."""
    number, previous = (last.number + 1, last.digest) if last else (1, BEGINNING)
    placed = replace(event, number=number, previous=previous)
    return replace(placed, digest=placed.expected_digest())


def words_digest(words: CustodyWords, salt: bytes) -> str:
    """What stands open for words that are sealed; empty where nothing was written."""
    if words == NO_WORDS:
        return ""
    return hashlib.sha256(salt + canonical(words_document(words))).hexdigest()


def examine(
    events: Sequence[CustodyEvent], *, item: str = "", digest: str = ""
) -> tuple[Finding, ...]:
    """Everything that is wrong with a custody, in its order; none is a custody without a gap.

    `item` and `digest` are the identity and the content's digest that the custody must be of.
    """
    if not events:
        return (Finding(Fault.NO_CUSTODY),)
    found = list(_of_the_beginning(events[0]))
    last: CustodyEvent | None = None
    course = _Course(thing=not digest)
    for event in events:
        found += _of_the_chain(event, last, item or events[0].item)
        found += course.follow(event)
        last = event
    found += _of_the_content(events, digest) if digest else ()
    return tuple(sorted(found, key=lambda finding: finding.number))


def _of_the_beginning(first: CustodyEvent) -> Iterable[Finding]:
    if first.act not in BEGINS:
        yield Finding(Fault.BEGINS_LATE, first.number, found=first.act.value)


def _of_the_chain(event: CustodyEvent, last: CustodyEvent | None, item: str) -> Iterable[Finding]:
    number, previous = (last.number + 1, last.digest) if last else (1, BEGINNING)
    if event.item != item:
        yield Finding(Fault.ANOTHER_ITEM, event.number, item, event.item)
    if event.number != number:
        yield Finding(Fault.NUMBER_MISSING, event.number, str(number), str(event.number))
    if event.digest != event.expected_digest():
        yield Finding(Fault.EVENT_ALTERED, event.number, event.expected_digest(), event.digest)
    if event.previous != previous:
        yield Finding(Fault.CHAIN_BROKEN, event.number, previous, event.previous)
    if last is not None and event.at < last.at:
        yield Finding(Fault.OUT_OF_ORDER, event.number, _instant(last.at), _instant(event.at))


def _of_the_content(events: Sequence[CustodyEvent], digest: str) -> Iterable[Finding]:
    """The content is the same before and after each act; where unread, until it is read again."""
    unread: list[Finding] = []
    for event in events:
        read = (event.digest_before, event.digest_after)
        changed = next((found for found in read if found and found != digest), "")
        if changed:
            yield Finding(Fault.CONTENT_CHANGED, event.number, digest, changed)
        elif event.act is not CustodyAct.DESTROYED and not all(read):
            unread.append(Finding(Fault.CONTENT_UNREAD, event.number, digest))
        else:
            unread.clear()
    yield from unread


class _Course:
    """What happened so far: whether it is sealed, and whether it has left these hands.

    A thing is handed over once; of a file the content stays here too.
    """

    def __init__(self, *, thing: bool) -> None:
        self._leaves = LEAVES | {CustodyAct.HANDED_OVER} if thing else LEAVES
        self._sealed = False
        self._was_sealed = False
        self._gone = False

    def follow(self, event: CustodyEvent) -> Iterable[Finding]:
        """Take the next act; what is wrong with it after those before."""
        act = event.act
        if act is CustodyAct.GAP_NOTED:
            yield Finding(Fault.GAP_NOTED, event.number)
        if self._gone and act not in BEGINS and act is not CustodyAct.GAP_NOTED:
            yield Finding(Fault.AFTER_THE_END, event.number, found=act.value)
        if act is CustodyAct.OPENED and self._was_sealed and not self._sealed:
            yield Finding(Fault.OPENED_UNSEALED, event.number)
        self._gone = act in self._leaves or (self._gone and act not in BEGINS)
        self._sealed = act is CustodyAct.SEALED or (self._sealed and act is not CustodyAct.OPENED)
        self._was_sealed = self._was_sealed or self._sealed


@dataclass(frozen=True, slots=True)
class Custody:
    """An item's custody as it is shown: what was done, and what is wrong with the record."""

    item: str
    """The item's reference here."""
    events: tuple[CustodyEvent, ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether it has neither a gap nor a mismatch."""
        return not self.findings


def event_document(
    event: CustodyEvent, words: CustodyWords | None = None, salt: bytes = b""
) -> dict[str, Any]:
    """The event as a package holds it; words that are not given stay withheld."""
    document = {**_open_fields(event), "previous": event.previous, "digest": event.digest}
    if words is not None and event.words_digest:
        document["words"] = {**words_document(words), "salt": salt.hex()}
    return document


def words_document(words: CustodyWords) -> dict[str, Any]:
    """The words as JSON holds them."""
    return {
        "place": words.place,
        "reason": words.reason,
        "counterpart": words.counterpart,
        "marks": list(words.marks),
    }


def read_event(document: Mapping[str, Any]) -> CustodyEvent:
    """The event of a document; whether it holds is for `examine`.

    Raises:
        CustodyUnreadableError: a part is missing or of another kind.
    """
    try:
        event = CustodyEvent(
            item=str(document["item"]),
            number=int(document["number"]),
            act=CustodyAct(document["act"]),
            at=datetime.fromisoformat(document["at"]),
            by=str(document["by"]),
            role=str(document["role"]),
            authority=str(document["authority"]),
            purpose=str(document["purpose"]),
            counterpart=str(document["counterpart"]),
            digest_before=str(document["digest_before"]),
            digest_after=str(document["digest_after"]),
            outcome=str(document["outcome"]),
            words_digest=str(document["words_digest"]),
            previous=str(document["previous"]),
            digest=str(document["digest"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        item = str(document.get("item", ""))[:36]
        raise CustodyUnreadableError(item=item, obstacle=type(error).__name__) from error
    obstacle = _unkeepable(event)
    if obstacle:
        raise CustodyUnreadableError(item=event.item[:36], obstacle=obstacle)
    return event


def read_words(document: Mapping[str, Any]) -> tuple[CustodyWords | None, bytes]:
    """The words that an event's document discloses, and their salt; None where withheld."""
    said = document.get("words")
    if said is None:
        return None, b""
    try:
        words = CustodyWords(
            place=str(said.get("place", "")),
            reason=str(said.get("reason", "")),
            counterpart=str(said.get("counterpart", "")),
            marks=tuple(str(mark) for mark in said.get("marks", ())),
        )
        return words, bytes.fromhex(said.get("salt", ""))
    except (AttributeError, TypeError, ValueError) as error:
        item = str(document.get("item", ""))[:36]
        raise CustodyUnreadableError(item=item, obstacle=type(error).__name__) from error


LONGEST = {
    "item": 36,
    "by": 24,
    "role": 60,
    "authority": 20,
    "purpose": 60,
    "counterpart": 24,
    "outcome": 64,
    "digest_before": 64,
    "digest_after": 64,
    "words_digest": 64,
    "previous": 64,
    "digest": 64,
}
"""How long a field may be at most, whoever wrote it."""


def _unkeepable(event: CustodyEvent) -> str:
    """Why an event that somebody else wrote cannot be kept; empty where it can."""
    for name, most in LONGEST.items():
        if len(getattr(event, name)) > most:
            return f"{name} is longer than {most}"
    if event.at.tzinfo is None:
        return N_("its instant has no zone")
    return "" if 0 < event.number < 2**31 else N_("its number is none")


def _open_fields(event: CustodyEvent) -> dict[str, Any]:
    return {
        "item": event.item,
        "number": event.number,
        "act": event.act.value,
        "at": _instant(event.at),
        "by": event.by,
        "role": event.role,
        "authority": event.authority,
        "purpose": event.purpose,
        "counterpart": event.counterpart,
        "digest_before": event.digest_before,
        "digest_after": event.digest_after,
        "outcome": event.outcome,
        "words_digest": event.words_digest,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
