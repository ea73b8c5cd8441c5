# SPDX-License-Identifier: Apache-2.0
"""What waits for an officer here, as a value: asked, sent back, recalled, corrected, drafted."""

from __future__ import annotations

from dataclasses import dataclass

from comity.evidence.hand_over import HandOver
from comity.evidence.lifetime import DestructionList, Flag
from comity.evidence.recall import Recall
from comity.evidence.use import Consent


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that waits for somebody; a notice does not, the node acknowledges it by itself."""

    hand_overs: tuple[HandOver, ...]
    """To this officer, or to us by a partner: an original that is sent back is one of these."""
    consents: tuple[Consent, ...]
    recalls: tuple[Recall, ...]
    destruction_lists: tuple[DestructionList, ...]
    flags: tuple[Flag, ...]
    """What was corrected, recalled or destroyed, and what was made from it."""
