# SPDX-License-Identifier: Apache-2.0
"""Work that recurs, visits to the sources that are due; and one visit that somebody asked for."""

from __future__ import annotations

from contextlib import suppress

from comity import clock
from comity.errors import ComityError
from comity.newsfeed import services


def fetch_due() -> None:
    """Visit every source that is due; what goes wrong is in the health of the source."""
    services.fetch_due(clock.now())


def fetch(source: str) -> None:
    """Visit one source; what stands in the way is in its health, where the page shows it."""
    with suppress(ComityError):
        services.fetch(source, clock.now())
