# SPDX-License-Identifier: Apache-2.0
"""Every act by which this node changes what it knows: confirm, rule, attest, propose, assess.

Each act names its officer and its instant, runs in one transaction, and ends with its line in the
journal. An edit names the version it was made from; another one meanwhile is a conflict.
"""

from __future__ import annotations

from comity.agreements.drafts import ConfirmationDraft, RulingDraft
from comity.agreements.services.assessing import KeptAssessment, assess, export_overlay
from comity.agreements.services.confirming import (
    countersign_confirmation,
    draft_confirmation,
    record_statement,
    refuse_confirmation,
    withdraw_confirmation,
)
from comity.agreements.services.proposing import (
    accept_proposal,
    propose,
    reject_proposal,
    withdraw_proposal,
)
from comity.agreements.services.ruling import (
    attest,
    countersign_ruling,
    draft_ruling,
    refuse_ruling,
    withdraw_attestation,
    withdraw_ruling,
)

__all__ = [
    "ConfirmationDraft",
    "KeptAssessment",
    "RulingDraft",
    "accept_proposal",
    "assess",
    "attest",
    "countersign_confirmation",
    "countersign_ruling",
    "draft_confirmation",
    "draft_ruling",
    "export_overlay",
    "propose",
    "record_statement",
    "refuse_confirmation",
    "refuse_ruling",
    "reject_proposal",
    "withdraw_attestation",
    "withdraw_confirmation",
    "withdraw_proposal",
    "withdraw_ruling",
]
