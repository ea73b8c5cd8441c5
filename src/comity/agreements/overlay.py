# SPDX-License-Identifier: Apache-2.0
"""What one administration adds to the register on its own authority: its local overlay.

Confirmations, standing rulings and attestations are never written into the shipped files. In a
node they are journalled acts of the treaty custodian, countersigned by the legal adviser; in the
plain install they come from a file. `overlay_files` reads and writes that file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule


class ConfirmationEvidence(StrEnum):
    """What a confirmation may rest on. News and other arrangements never confirm."""

    DEPOSITARY_RECORD = "depositary-record"
    NOTE_VERBALE = "note-verbale"
    CERTIFIED_TEXT = "certified-text"


class ConfirmedSubject(StrEnum):
    """What is confirmed: that the instrument is in force, or what a provision says."""

    FORCE = "force"
    PROVISION = "provision"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The custodian's statement, countersigned, with the evidence cited and a review date."""

    reference: str
    instrument: str
    subject: ConfirmedSubject
    evidence: ConfirmationEvidence
    citation: str
    by: str
    """Reference of the treaty custodian."""
    countersigned_by: str
    """Reference of the legal adviser; never the same person."""
    recorded_on: date
    review_by: date
    in_force_from: date | None = None
    """Force: the first day in force."""
    in_force_until: date | None = None
    """Force: the first day no longer in force; None while it lasts."""
    article: str = ""
    """Provision: the article confirmed, in the register already or not."""
    forms: tuple[FormOfAssistance, ...] = ()
    """Provision: forms of assistance that the article provides for."""
    use_rules: tuple[tuple[Purpose, UseRule], ...] = ()
    """Provision: what the article says of each purpose."""
    suspended_on: date | None = None
    """The day on which a partner's disagreement suspended it; suspended confirms nothing."""
    suspension_note: str = ""
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class StandingRuling:
    """One question settled for at most twelve months: instrument x form x purpose."""

    reference: str
    instrument: str
    form: FormOfAssistance
    purpose: Purpose
    verdict: Verdict
    """One of the three permitted verdicts, or a narrower answer."""
    conditions: tuple[str, ...]
    grounds: str
    by: str
    countersigned_by: str
    recorded_on: date
    valid_from: date
    valid_until: date
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """The custodian attests that the list of instruments for a pair and a period is complete."""

    reference: str
    parties: frozenset[str]
    """Two codes."""
    valid_from: date
    valid_until: date
    by: str
    recorded_on: date
    citation: str = ""
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Corroboration:
    """A partner's published statement on what we confirmed. It never confirms by itself."""

    confirmation: str
    partner: str
    citation: str
    published_on: date
    agrees: bool
    """False for a disagreement, which suspends the confirmation from the day it is recorded."""
    recorded_on: date
    note: str = ""
    by: str = ""
    """Reference of whoever recorded it."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Everything the administration has added. Empty in a fresh plain install."""

    confirmations: tuple[Confirmation, ...] = ()
    rulings: tuple[StandingRuling, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    corroborations: tuple[Corroboration, ...] = ()
