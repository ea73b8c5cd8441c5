# SPDX-License-Identifier: Apache-2.0
"""The register with what the administration added to it: local instruments, claims, authorities.

Entries have the form of the instrument files, so that a local instrument can later be shipped as
it is. Merging adds and never removes: a claim stands beside the shipped ones, an authority's new
contact point follows the old one, and each entry carries the day on which the register learned it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import yaml

from comity.agreements.claim import Claim, Confidence, Event, Precision, Source
from comity.agreements.instrument import Authority, Instrument
from comity.agreements.instrument_files import read_instrument
from comity.agreements.records import LocalKind
from comity.agreements.register import Register
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError
from comity.reference.days import day_of
from comity.reference.taxonomy import code_of


class LocalEntryUnreadableError(InvalidInputError):
    """A local entry whose parts do not hold together."""

    code = "local-entry-unreadable"
    message = N_("The entry for {instrument} cannot be read: {part} {obstacle}.")
    remedy = N_("Correct {part} and propose the change again.")


class InstrumentExistsError(ConflictError):
    """A new instrument under a reference that the register already has."""

    code = "instrument-exists"
    message = N_("The register already has an instrument {reference}.")
    remedy = N_("Propose a claim on it, or choose another reference.")


@dataclass(frozen=True, slots=True)
class LocalEntry:
    """One thing that an accepted proposal added."""

    kind: LocalKind
    instrument: str
    content: Mapping[str, Any]
    recorded_on: date
    proposal: str = ""


def checked(shipped: Register, entry: LocalEntry) -> Register:
    """The register with one more entry, refused where it would add nothing or cannot be read.

    Raises:
        InstrumentExistsError: a new instrument under a reference that is taken.
        LocalEntryUnreadableError: a part of it cannot be read or is not in the register.
    """
    _check_shape(entry)
    if entry.kind is LocalKind.INSTRUMENT:
        if entry.instrument in shipped.instruments or entry.instrument in shipped.models:
            raise InstrumentExistsError(reference=entry.instrument)
        found = instrument_of(entry)
        if found.reference != entry.instrument:
            raise LocalEntryUnreadableError(
                instrument=entry.instrument, part="reference", obstacle=f"is {found.reference}"
            )
    else:
        shipped.instrument(entry.instrument)
    return merged(shipped, (entry,))


KEYS: dict[LocalKind, frozenset[str]] = {
    LocalKind.CLAIM: frozenset(
        ("event", "date", "source", "confidence", "party", "annex", "territory", "other", "note")
    ),
    LocalKind.AUTHORITY: frozenset(
        ("code", "name", "contact_point", "matters", "designated_officials", "source")
    ),
}
"""What an entry may hold; a new instrument's keys are those of the instrument files."""


def _check_shape(entry: LocalEntry) -> None:
    """Refuse parts that nobody would read, and text that no file can hold."""
    known = KEYS.get(entry.kind)
    for part, value in entry.content.items():
        if known is not None and part not in known:
            raise LocalEntryUnreadableError(
                instrument=entry.instrument, part=repr(part), obstacle="is not a part of it"
            )
        if "\\u0000" in json.dumps([part, value], default=str):
            raise LocalEntryUnreadableError(
                instrument=entry.instrument, part="text", obstacle="holds a null character"
            )


def merged(shipped: Register, entries: Iterable[LocalEntry]) -> Register:
    """The shipped register with the local entries, in the order in which they were added."""
    instruments = dict(shipped.instruments)
    for entry in entries:
        instruments[entry.instrument] = _with(instruments.get(entry.instrument), entry)
    return replace(shipped, instruments=instruments)


def _with(instrument: Instrument | None, entry: LocalEntry) -> Instrument:
    if entry.kind is LocalKind.INSTRUMENT:
        if instrument is not None:
            return instrument  # shipped meanwhile: the shipped text is the better one
        return instrument_of(entry)
    if instrument is None:
        raise LocalEntryUnreadableError(
            instrument=entry.instrument, part="instrument", obstacle="is not in the register"
        )
    if entry.kind is LocalKind.CLAIM:
        return replace(instrument, claims=(*instrument.claims, claim_of(entry)))
    return replace(instrument, authorities=_with_authority(instrument.authorities, entry))


def instrument_of(entry: LocalEntry) -> Instrument:
    """The instrument of a local entry, checked as every instrument file is."""
    content = {"recorded_on": entry.recorded_on.isoformat(), **entry.content}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    name = f"{entry.instrument}.yaml"
    return read_instrument(_Text(name, text), name=name)  # type: ignore[arg-type]  # reads as a file


@dataclass(frozen=True, slots=True)
class _Text:
    """A file's content that stands in no file, read as the shipped ones are."""

    name: str
    content: str

    def read_text(self, encoding: str) -> str:
        return self.content


def claim_of(entry: LocalEntry) -> Claim:
    """The claim of a local entry.

    Raises:
        LocalEntryUnreadableError: the day, the source or the confidence cannot be read.
        UnknownCodeError: an event or a confidence that does not exist.
    """
    content = entry.content
    on, precision = _day(entry, str(content.get("date", "unknown")))
    return Claim(
        event=code_of(Event, str(content.get("event", ""))),
        source=source_of(entry),
        confidence=code_of(Confidence, str(content.get("confidence", "high"))),
        recorded_on=entry.recorded_on,
        on=on,
        precision=precision,
        **{name: str(content.get(name, "")) for name in _LIMITS},
    )


_LIMITS = ("party", "annex", "territory", "other", "note")


def source_of(entry: LocalEntry) -> Source:
    """Where the fact was read; a source needs a title."""
    given = entry.content.get("source")
    if not isinstance(given, Mapping) or not str(given.get("title", "")).strip():
        raise LocalEntryUnreadableError(
            instrument=entry.instrument, part="source", obstacle="has no title"
        )
    read_on = given.get("read_on")
    try:
        day = day_of(str(read_on)) if read_on else None
    except ValueError:
        raise LocalEntryUnreadableError(
            instrument=entry.instrument, part="read_on", obstacle="is no day such as 2026-03-01"
        ) from None
    return Source(title=str(given["title"]), url=str(given.get("url", "")), read_on=day)


def _day(entry: LocalEntry, given: str) -> tuple[date | None, Precision]:
    """The first day that fits and how exactly it is known: 2024-08-13, 2024-08, 2024, unknown."""
    if given in ("", "unknown"):
        return None, Precision.UNKNOWN
    forms = {
        10: (given, Precision.DAY),
        7: (f"{given}-01", Precision.MONTH),
        4: (f"{given}-01-01", Precision.YEAR),
    }
    text, precision = forms.get(len(given), ("", Precision.DAY))
    try:
        return day_of(text), precision
    except ValueError:
        raise LocalEntryUnreadableError(
            instrument=entry.instrument, part="date", obstacle=f"“{given}” is no day, month or year"
        ) from None


def _with_authority(authorities: tuple[Authority, ...], entry: LocalEntry) -> tuple[Authority, ...]:
    """The authorities with this one changed, or added where the instrument did not have it."""
    content = entry.content
    code = str(content.get("code", ""))
    if "/" not in code:
        raise LocalEntryUnreadableError(
            instrument=entry.instrument, part="code", obstacle="is not of the form US/CBP"
        )
    earlier = next((a for a in authorities if a.code == code), None)
    before = earlier or Authority(code=code, name=code, party=code.partition("/")[0])
    officials = content.get("designated_officials")
    after = replace(
        before,
        name=str(content.get("name") or before.name),
        contact_point=str(content.get("contact_point") or before.contact_point),
        matters=str(content.get("matters") or before.matters),
        designated_officials=(
            tuple(str(o) for o in officials)
            if isinstance(officials, list)
            else before.designated_officials
        ),
        source=source_of(entry),
        since=entry.recorded_on,
    )
    if earlier is None:
        return (*authorities, after)
    return tuple(after if a.code == code else a for a in authorities)
