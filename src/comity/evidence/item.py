# SPDX-License-Identifier: Apache-2.0
"""What an item of evidence is: a document, an extract, an image, a recording or a thing.

Values only. What a person wrote of an item (its description) is kept sealed under the item's own
key; codes, days, digests and references stand open. How it is kept is `services.keeping`; what
was done with it is `custody`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from comity.catalogues import N_
from comity.handling.marking import Marking
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose


class ItemKind(StrEnum):
    """What sort of thing an item is."""

    DOCUMENT = "document"
    DATA_EXTRACT = "data-extract"
    IMAGE = "image"
    RECORDING = "recording"
    SEAL = "seal"
    SAMPLE = "sample"
    CONTAINER = "container"
    ARTEFACT = "artefact"
    CASH = "cash"
    OTHER_OBJECT = "other-object"


OBJECTS = frozenset(
    {
        ItemKind.SEAL,
        ItemKind.SAMPLE,
        ItemKind.CONTAINER,
        ItemKind.ARTEFACT,
        ItemKind.CASH,
        ItemKind.OTHER_OBJECT,
    }
)
"""Kinds that lie in a room and not in a file."""

KIND_WORDS: dict[ItemKind, str] = {
    ItemKind.DOCUMENT: N_("document"),
    ItemKind.DATA_EXTRACT: N_("data extract"),
    ItemKind.IMAGE: N_("image"),
    ItemKind.RECORDING: N_("recording"),
    ItemKind.SEAL: N_("seal"),
    ItemKind.SAMPLE: N_("sample"),
    ItemKind.CONTAINER: N_("container"),
    ItemKind.ARTEFACT: N_("artefact"),
    ItemKind.CASH: N_("cash"),
    ItemKind.OTHER_OBJECT: N_("other object"),
}


class Rank(StrEnum):
    """How an item stands to the first of its kind."""

    ORIGINAL = "original"
    CERTIFIED_COPY = "certified-copy"
    PLAIN_COPY = "plain-copy"
    DERIVED = "derived"


RANK_WORDS: dict[Rank, str] = {
    Rank.ORIGINAL: N_("original"),
    Rank.CERTIFIED_COPY: N_("certified copy"),
    Rank.PLAIN_COPY: N_("plain copy"),
    Rank.DERIVED: N_("derived"),
}


class ItemState(StrEnum):
    """Where an item is in its life."""

    HELD = "held"
    HANDED_OVER = "handed-over"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    """Its content and its key are gone; what was recorded of it still proves."""


STATE_WORDS: dict[ItemState, str] = {
    ItemState.HELD: N_("held here"),
    ItemState.HANDED_OVER: N_("handed over"),
    ItemState.RETURNED: N_("returned"),
    ItemState.DESTROYED: N_("destroyed"),
}


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How an item came into hands; empty and None mean that nobody said."""

    at: datetime | None = None
    place: str = ""
    by: str = ""
    how: str = ""
    power: str = ""
    """The provision or order under which it was taken."""
    judicially_obtained: bool | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What a person wrote of an item. Personal: kept sealed, never in a journal or a log."""

    title: str
    text: str = ""
    file_name: str = ""
    """As its author called it; never the name of a file that we write."""
    marks: tuple[str, ...] = ()
    """What identifies a thing: a seal's number, a container's, a register number."""
    acquisition: Acquisition = field(default_factory=Acquisition)
    third_party_rights: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one author says of one field; contradicting claims stand side by side."""

    field: str
    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """One way by which an item came from an administration, and what was laid on it then."""

    number: int
    supplier: str
    """Code of the administration; empty for what is our own."""
    marking: Marking
    supplied_on: date | None = None
    instrument: str = ""
    form: FormOfAssistance | None = None
    requested_on: date | None = None
    message: str = ""
    """Reference of the message in the exchange's ledger, where it came by one."""
    withdrawn_on: date | None = None
    """Since when nothing may rest on it: its supplier recalled what came by it."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is known, its description not opened."""

    reference: str
    identity: str
    """A UUID that its first holder gave it; every administration knows it by this."""
    kind: ItemKind
    rank: Rank
    state: ItemState
    case: str
    """Reference of the case file; empty where it is in none."""
    channels: tuple[Channel, ...]
    added_by: str
    added_at: datetime
    media_type: str = ""
    size: int | None = None
    digest: str = ""
    """SHA-256 of the content, in hexadecimal; empty for a thing."""
    derived_from: tuple[str, ...] = ()
    certifiable: bool = True
    """False while its custody has a gap or a mismatch: certification is withheld, not access."""
    return_by: date | None = None
    version: int = 1

    @property
    def is_object(self) -> bool:
        """Whether it lies in a room."""
        return self.kind in OBJECTS

    @property
    def is_ours(self) -> bool:
        """Whether no other administration supplied it."""
        return not any(channel.supplier for channel in self.channels)

    @property
    def began_here(self) -> bool:
        """Whether it is our own, though another administration may have sent it back to us."""
        return not self.channels or not all(channel.supplier for channel in self.channels)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What officers work on: its purpose is stated once, and every item in it inherits it."""

    reference: str
    purpose: Purpose
    offences: tuple[Offence, ...]
    opened_by: str
    opened_at: datetime
    officers: frozenset[str] = frozenset()
    """Who works on it; the one who opened it always does."""
    closed_at: datetime | None = None
    version: int = 1
