# SPDX-License-Identifier: Apache-2.0
"""Finds, makes, starts and stops an embedded PostgreSQL. No framework here."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path


def socket_folder(home: Path) -> Path:
    """The folder of the server's socket: short, because a socket's path ends at 107 bytes."""
    near = home / "postgres" / "socket"
    if len(bytes(near)) <= 80:
        return near
    digest = hashlib.sha256(bytes(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"comity-{digest}"
