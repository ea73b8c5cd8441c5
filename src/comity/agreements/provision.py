# SPDX-License-Identifier: Apache-2.0
"""One provision of an instrument: its article, its type, its parameters, and how we know it.

The reading is in our own words; the text itself stands behind the source's address. Which
parameters a type may have is a closed table in `provision_parameters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from comity.agreements.claim import Source


class Basis(StrEnum):
    """How a provision, or a claim of force, is known."""

    READ = "read"
    """Somebody read the text, or the source that states the fact."""
    CONFIRMED = "confirmed"
    """The treaty custodian confirmed it on the administration's own authority."""
    ASSUMED = "assumed"
    """Taken from the model text that instruments of this kind follow."""


class ProvisionType(StrEnum):
    """What a provision is about."""

    DEFINITIONS = "definitions"
    SCOPE = "scope"
    PRECEDENCE = "precedence"
    ASSISTANCE = "assistance"
    SPECIAL = "special"
    OFFICIALS_PRESENCE = "officials_presence"
    EXPERTS_WITNESSES = "experts_witnesses"
    DOCUMENTS = "documents"
    FORM_OF_REQUEST = "form_of_request"
    EXECUTION = "execution"
    USE = "use"
    ONWARD_DISCLOSURE = "onward_disclosure"
    COMPELLED_DISCLOSURE = "compelled_disclosure"
    CONFIDENTIALITY = "confidentiality"
    PERSONAL_DATA = "personal_data"
    REFUSAL = "refusal"
    POSTPONEMENT = "postponement"
    RECIPROCITY = "reciprocity"
    COSTS = "costs"
    TECHNICAL_ASSISTANCE = "technical_assistance"
    IMPLEMENTATION = "implementation"
    TERRITORY_APPLICATION = "territory_application"
    ENTRY_INTO_FORCE = "entry_into_force"
    DURATION_TERMINATION = "duration_termination"
    REVIEW = "review"
    DEADLINES = "deadlines"
    BREACH = "breach"


@dataclass(frozen=True, slots=True)
class Provision:
    """One article (or paragraph), typed. Parameters are read-only and validated at loading."""

    article: str
    type: ProvisionType
    basis: Basis
    reading: str
    parameters: Mapping[str, object]
    source: Source
    recorded_on: date
    annex: str = ""
    """The annex it stands in: only a party that accepted the annex is bound."""
    since_version: str = ""
    """The first version that has it; empty for the original text."""
    until_version: str = ""
    """The version that dropped or replaced it; empty while it stands."""
    confirmation: str = ""
    """The reference of the confirmation, when the basis is `confirmed`."""
