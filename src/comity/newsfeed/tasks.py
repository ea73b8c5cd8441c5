# SPDX-License-Identifier: Apache-2.0
"""Work that recurs: visits to the sources that are due."""

from __future__ import annotations

from comity import clock
from comity.newsfeed import services


def fetch_due() -> None:
    """Visit every source that is due; what goes wrong is in the health of the source."""
    services.fetch_due(clock.now())
