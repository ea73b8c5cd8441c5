# SPDX-License-Identifier: Apache-2.0
"""Everything by which a node answers questions of the law, as one value.

Two of them are the same only if they are one object: whoever keeps answers by it keeps them for
exactly as long as nothing was added to what the node knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.overlay import Overlay
from comity.agreements.register import Register


@dataclass(frozen=True, eq=False)
class KnownLaw:
    """The register, what the administration added to it, and the domestic laws on file."""

    register: Register
    overlay: Overlay = field(default_factory=Overlay)
    laws: DomesticLaws = field(default_factory=DomesticLaws)
