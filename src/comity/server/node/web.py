# SPDX-License-Identifier: Apache-2.0
"""The web server's process: granian over the WSGI application."""

from __future__ import annotations

from comity.server.environment import read_environment
from comity.server.logs import logging_settings
from comity.server.node.processes import end_with_parent


def main() -> None:
    """Serve until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    end_with_parent()
    environment = read_environment()
    settings = logging_settings(environment.log_level)
    settings["loggers"]["_granian"] = {"propagate": True, "handlers": []}
    Granian(
        "comity.server.wsgi:application",
        address=environment.address,
        port=environment.port,
        interface=Interfaces.WSGI,
        workers=environment.web_processes,
        blocking_threads=environment.web_threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
        log_dictconfig=settings,
    ).serve()


if __name__ == "__main__":
    main()
