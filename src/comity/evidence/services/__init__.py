# SPDX-License-Identifier: Apache-2.0
"""Everything that changes what is kept of evidence; other capabilities act through here.

Each module is one concern: `items`, `keeping`, `custody` and so on.
"""

from __future__ import annotations

from comity.evidence.services.cases import open_case_file
from comity.evidence.services.way_out import let_out

__all__ = ["let_out", "open_case_file"]
