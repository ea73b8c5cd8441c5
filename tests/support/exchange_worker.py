# SPDX-License-Identifier: Apache-2.0
"""A worker's process with the exchange and without the job queue, for tests that count.

    python -m tests.support.exchange_worker       with the node's variables

Nothing happens in it by the minute, so that only what a test does can make evidences.
COMITY_TEST_CLOCK_HOURS puts its clock off by so many hours.
"""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime, timedelta

import django

from comity import clock
from comity.server.node.processes import end_with_parent


def main() -> None:
    """Exchange until told to stop."""
    end_with_parent()
    hours = float(os.environ.get("COMITY_TEST_CLOCK_HOURS", "0"))
    if hours:
        clock.now = lambda: datetime.now(UTC) + timedelta(hours=hours)
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
    django.setup()

    from comity.exchange.worker import Exchange

    asked_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
    exchange = Exchange()
    exchange.begin()
    asked_to_stop.wait()
    exchange.end()


if __name__ == "__main__":
    main()
