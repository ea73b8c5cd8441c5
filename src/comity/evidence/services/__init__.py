# SPDX-License-Identifier: Apache-2.0
"""Everything that changes what is kept of evidence; other capabilities act through here.

Each module is one concern: `items`, `keeping`, `custody` and so on.
"""

from __future__ import annotations

__all__: list[str] = []
