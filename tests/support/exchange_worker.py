# SPDX-License-Identifier: Apache-2.0
"""A worker's process with the exchange and without the job queue, for tests that count.

    python -m tests.support.exchange_worker       with the node's variables

Nothing happens in it by the minute, so that only what a test does can make evidences.
COMITY_TEST_CLOCK_HOURS puts its clock off by so many hours; COMITY_TEST_BROKEN breaks a rule.
"""

from __future__ import annotations

import faulthandler
import os
import signal
from datetime import UTC, datetime, timedelta

import django

from comity import clock
from comity.server.node.processes import end_with_parent
from comity.server.node.worker import end_process


def main() -> None:
    """Exchange until told to stop."""
    end_with_parent()
    faulthandler.register(signal.SIGUSR1)  # a run that hangs asks where everybody stands
    hours = float(os.environ.get("COMITY_TEST_CLOCK_HOURS", "0"))
    if hours:
        clock.now = lambda: datetime.now(UTC) + timedelta(hours=hours)
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
    django.setup()

    from comity.exchange.worker import Exchange
    from tests.support.broken_rules import break_rule

    break_rule(os.environ.get("COMITY_TEST_BROKEN", ""))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # every thread inherits it
    exchange = Exchange()
    exchange.begin()
    signal.sigwait({signal.SIGTERM})
    exchange.end()
    end_process()


if __name__ == "__main__":
    main()
