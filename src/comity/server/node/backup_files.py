# SPDX-License-Identifier: Apache-2.0
"""Where the backups of a node are and which is the latest. No framework here."""

from __future__ import annotations

from pathlib import Path

from comity.server.node.home import Home

SUFFIX = ".comity-backup"


def backups(home: Home) -> list[Path]:
    """Every finished backup in the node's folder of backups, oldest first."""
    return sorted(home.backup_folder.glob(f"*{SUFFIX}"))


def latest_backup(home: Home) -> Path | None:
    """The latest of them."""
    found = backups(home)
    return found[-1] if found else None
