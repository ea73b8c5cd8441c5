# SPDX-License-Identifier: Apache-2.0
"""One act as the journal keeps it, and its one spelling in bytes.

The canonical bytes (RFC 8785) hold everything that a person reads in the entry, so the digest
covers it all. The database computes the same bytes by itself when it appends; a difference
between the two spellings shows as a broken chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.journal.facts import Form, check_facts, check_part
from comity.sealing.canonical_json import canonical_texts


class EntryUnreadableError(InvalidInputError):
    """An exported entry lacks a part or has one of another type."""

    code = "journal-entry-unreadable"
    message = N_("Line {line} of the export is not an entry of the journal: {obstacle}.")
    remedy = N_("Export the journal again with “comity journal export”.")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted, in which role: a reference, never a name."""

    reference: str
    role: str


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be recorded: an entry before the journal has given it a place."""

    act: str
    subject: str
    by: Actor
    at: datetime
    instrument: str = ""
    article: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raise unless every part is a reference or a code of its form."""
        check_part("act", self.act, Form.CODE)
        check_part("subject", self.subject, Form.REFERENCE)
        check_part("actor", self.by.reference, Form.REFERENCE)
        check_part("role", self.by.role, Form.CODE)
        check_part("instrument", self.instrument, Form.REFERENCE, may_be_empty=True)
        check_part("article", self.article, Form.ARTICLE, may_be_empty=True)
        check_facts(self.act, self.facts)


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the chain."""

    sequence: int
    """Counts from 1 without a gap."""
    identifier: str
    """Random: makes every entry's digest unguessable from its parts."""
    at: datetime
    """The instant that the service gave; the order of acts is the sequence, not this."""
    actor: Actor
    act: str
    subject: str
    instrument: str
    article: str
    facts: Mapping[str, str]
    digest: bytes
    """SHA-256 of the previous digest and the canonical bytes; as stored, not yet verified."""
    leaf: bytes = b""
    """The leaf of the tree as stored; empty where it was not kept, and then recomputed."""

    def canonical(self) -> bytes:
        """The bytes that the digest covers beside the previous digest."""
        return canonical_texts(self._body())

    def as_dict(self) -> dict[str, Any]:
        """The entry for an export, an answer of the API or a proof."""
        return {**self._body(), "digest": self.digest.hex()}

    def _body(self) -> dict[str, Any]:
        return {
            "sequence": self.sequence,
            "id": self.identifier,
            "at": instant(self.at),
            "actor": self.actor.reference,
            "role": self.actor.role,
            "act": self.act,
            "subject": self.subject,
            "instrument": self.instrument,
            "article": self.article,
            "facts": dict(self.facts),
        }


def instant(at: datetime) -> str:
    """An instant in UTC with microseconds, always of the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_entry(members: Mapping[str, Any], *, line: int) -> Entry:
    """The entry of one exported line; what it says is not verified here."""
    try:
        return Entry(
            sequence=_of(int, members["sequence"]),
            identifier=_of(str, members["id"]),
            at=datetime.strptime(members["at"], "%Y-%m-%dT%H:%M:%S.%f%z"),
            actor=Actor(_of(str, members["actor"]), _of(str, members["role"])),
            act=_of(str, members["act"]),
            subject=_of(str, members["subject"]),
            instrument=_of(str, members["instrument"]),
            article=_of(str, members["article"]),
            facts={name: _of(str, value) for name, value in members["facts"].items()},
            digest=bytes.fromhex(members["digest"]),
        )
    except KeyError as error:
        raise EntryUnreadableError(line=line, obstacle=f"{error} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise EntryUnreadableError(line=line, obstacle="a part has another type") from error


def _of(kind: type[Any], value: object) -> Any:  # the kind decides the type that comes back
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value
