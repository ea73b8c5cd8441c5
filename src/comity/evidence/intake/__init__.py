# SPDX-License-Identifier: Apache-2.0
"""What a file is and what stands against it, told from its bytes, whoever made it.

`examine` reads in bounded pieces, expands nothing beyond its limits, fetches nothing and runs
nothing; a hostile file gives findings, never an error. Nothing is refused here: a harmful file
can be evidence. What draws files is `previewing`; what serves them, `serving`.
"""

from comity.evidence.intake.examination import Examined, examine
from comity.evidence.intake.findings import Finding, FindingCode, Severity
from comity.evidence.intake.limits import USUAL_LIMITS, Limits
from comity.evidence.intake.signatures import UNKNOWN

__all__ = [
    "UNKNOWN",
    "USUAL_LIMITS",
    "Examined",
    "Finding",
    "FindingCode",
    "Limits",
    "Severity",
    "examine",
]
