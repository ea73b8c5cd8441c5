# SPDX-License-Identifier: Apache-2.0
"""The register of certified copies as people read it: one number for each, none ever used again.

A number that stands for no document is void and stays in the register. Who signed lies sealed
under the copied item's key; what stands open are codes, days, digests and references.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError, NotPermittedError
from comity.evidence.certified_copy import Official
from comity.evidence.forum_profiles import Capacity


class CopyState(StrEnum):
    """Where a number of the register is in its life."""

    PREPARED = "prepared"
    """The number is taken, the document is not made yet."""
    AWAITING_FINAL = "awaiting-final"
    """Attested by the first official; another one certifies finally."""
    ISSUED = "issued"
    VOID = "void"
    """The number stands for no document."""


COPY_STATE_WORDS: dict[CopyState, str] = {
    CopyState.PREPARED: N_("prepared"),
    CopyState.AWAITING_FINAL: N_("awaits final certification"),
    CopyState.ISSUED: N_("issued"),
    CopyState.VOID: N_("void"),
}


class Conformance(StrEnum):
    """What is known of a document's conformance with PDF/A-3a and PDF/UA-1."""

    SET_NOT_VERIFIED = "set-not-verified"
    """No tool that judges it can be installed where Comity is tested."""


CONFORMANCE_WORDS: dict[Conformance, str] = {
    Conformance.SET_NOT_VERIFIED: N_(
        "Set as PDF/A-3a and PDF/UA-1 by a program that refuses what these forbid; "
        "not independently verified."
    ),
}


class UnknownCertifiedCopyError(NotFoundError):
    """The register has no such number."""

    code = "unknown-certified-copy"
    message = N_("There is no certified copy {number}.")
    remedy = N_("Look at the item: it lists its certified copies.")


class SameOfficialError(NotPermittedError):
    """Whoever certifies finally is not the one who attested."""

    code = "same-certifying-official"
    message = N_("{number} awaits final certification by an officer other than {officer}.")
    remedy = N_("Ask another officer who certifies evidence to record the final certification.")


class NotAwaitingFinalError(ConflictError):
    """The certificate does not wait for a final certification."""

    code = "not-awaiting-final"
    message = N_("{number} does not await final certification: its state is “{state}”.")
    remedy = N_("Look at {number} in the register of certified copies.")


class CopyGivenUpError(ConflictError):
    """The number of a certificate was given up while its document was sealed."""

    code = "certified-copy-given-up"
    message = N_("{number} was not issued: somebody gave it up while it was sealed.")
    remedy = N_("Certify the copy anew; it gets the next number.")


@dataclass(frozen=True, slots=True)
class CertifiedCopy:
    """One number of the register."""

    number: str
    item: str
    """Reference of the item that was copied."""
    copy: str
    """Reference of the certified copy, an item of its own; empty until it is issued."""
    profile: str
    languages: tuple[str, ...]
    state: CopyState
    prepared_by: str
    prepared_at: datetime
    final_by: str = ""
    final_at: datetime | None = None
    issued_at: datetime | None = None
    pages: int = 0
    digest: str = ""
    """SHA-256 of the sealed document."""
    pilot: bool = False
    """Whether its seal or its time stamp is of a pilot authority."""
    decision: str = ""
    """Reference of the decision by which the item was let out."""
    instrument: str = ""
    article: str = ""
    conformance: Conformance = Conformance.SET_NOT_VERIFIED

    @property
    def reference(self) -> str:
        """The number, by the name under which lists know every record."""
        return self.number


def number_of(administration: str, year: int, sequence: int) -> str:
    """A number of the register, `XN-2026-00001`: the sequence goes on from year to year."""
    return f"{administration or 'NODE'}-{year}-{sequence:05d}"


def official_document(official: Official) -> dict[str, str]:
    """An official as a document, to be sealed."""
    return {
        "name": official.name,
        "capacity": official.capacity.value,
        "position": official.position,
        "place": official.place,
    }


def read_official(document: Mapping[str, Any]) -> Official:
    """The official of a document that we sealed. Any: JSON."""
    return Official(
        name=str(document["name"]),
        capacity=Capacity(document["capacity"]),
        position=str(document["position"]),
        place=str(document["place"]),
    )
