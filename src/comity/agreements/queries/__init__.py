# SPDX-License-Identifier: Apache-2.0
"""What can be read of the register and of what this node keeps beside it: frozen values only."""

from __future__ import annotations

from comity.agreements.queries.assessments import Replay, assessed, findings_digest, replayed
from comity.agreements.queries.coverage import coverage_of
from comity.agreements.queries.kept import (
    assessment,
    assessments,
    attestation,
    attestations,
    confirmation,
    confirmations,
    confirmations_of,
    confirmations_to_review,
    proposal,
    proposals,
    proposals_of,
    ruling,
    rulings,
    waiting,
)
from comity.agreements.queries.known import known_law
from comity.agreements.queries.overlays import overlay, overlay_digest
from comity.agreements.queries.registered import (
    domestic_laws,
    local_entries,
    own_administration,
    register,
    register_digest,
    shipped_register,
)
from comity.agreements.queries.working import ConfirmationWork, confirmation_work

__all__ = [
    "ConfirmationWork",
    "Replay",
    "assessed",
    "assessment",
    "assessments",
    "attestation",
    "attestations",
    "confirmation",
    "confirmation_work",
    "confirmations",
    "confirmations_of",
    "confirmations_to_review",
    "coverage_of",
    "domestic_laws",
    "findings_digest",
    "known_law",
    "local_entries",
    "overlay",
    "overlay_digest",
    "own_administration",
    "proposal",
    "proposals",
    "proposals_of",
    "register",
    "register_digest",
    "replayed",
    "ruling",
    "rulings",
    "shipped_register",
    "waiting",
]
