# SPDX-License-Identifier: Apache-2.0
"""What a reader sees of an instrument's state: words, icon and tone, never colour alone."""

from __future__ import annotations

from comity.agreements.provision import Basis
from comity.catalogues import N_
from comity.reference.taxonomy import AgreementState

STATES: dict[AgreementState, tuple[str, str, str]] = {
    AgreementState.PROPOSED: (N_("Proposed"), "lightbulb_outline", "unknown"),
    AgreementState.NEGOTIATING_AUTHORITY_GRANTED: (
        N_("Authority to negotiate granted"),
        "lightbulb_outline",
        "unknown",
    ),
    AgreementState.UNDER_NEGOTIATION: (N_("Under negotiation"), "forum", "unknown"),
    AgreementState.TEXT_AGREED: (N_("Text agreed"), "forum", "unknown"),
    AgreementState.SIGNED: (N_("Signed"), "edit", "consent"),
    AgreementState.PROVISIONALLY_APPLIED: (
        N_("Applied provisionally"),
        "schedule",
        "yes-conditions",
    ),
    AgreementState.AWAITING_NOTIFICATIONS: (N_("Awaiting notifications"), "schedule", "consent"),
    AgreementState.IN_FORCE: (N_("In force"), "check_circle", "yes"),
    AgreementState.IN_FORCE_PARTIAL: (N_("In force in part"), "check_circle_outline", "yes-notice"),
    AgreementState.UNDER_REVISION: (N_("In force, under revision"), "update", "yes-notice"),
    AgreementState.SUSPENDED: (N_("Suspended"), "do_not_disturb", "no"),
    AgreementState.TERMINATION_NOTIFIED: (N_("Notice of termination given"), "schedule", "person"),
    AgreementState.TERMINATED: (N_("Terminated"), "remove_circle", "none"),
    AgreementState.SUPERSEDED: (N_("Superseded"), "remove_circle", "none"),
    AgreementState.SUCCEEDED: (N_("Continued by succession"), "remove_circle", "none"),
}
"""Each state with its words, its icon and its tone: never colour alone."""

NO_STATE = (N_("State not known"), "help", "unknown")
FORCE_UNKNOWN = N_("whether in force: not known")

BASIS_WORDS: dict[Basis, str] = {
    Basis.READ: N_("read"),
    Basis.CONFIRMED: N_("confirmed by us"),
    Basis.ASSUMED: N_("assumed from the model"),
}
