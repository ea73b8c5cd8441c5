# SPDX-License-Identifier: Apache-2.0
"""The worker's process: Django without pages, working on the queue, and the exchange beside it."""

from __future__ import annotations

import logging
import os
import sys

from comity.server.environment import read_environment
from comity.server.node.processes import end_with_parent


def main() -> None:
    """Work until told to stop."""
    end_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.server.settings")
    os.environ["COMITY_DATABASE_POOL"] = "0"

    import django

    django.setup()

    from comity.exchange.worker import Exchange
    from comity.jobs.worker import run_worker

    exchange = Exchange()
    exchange.begin()
    try:
        run_worker(threads=read_environment().job_threads)
    finally:
        exchange.end()
    end_process()


def end_process() -> None:
    """End here and now, whatever threads of the exchange still wait for a partner."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
