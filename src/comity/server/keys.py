# SPDX-License-Identifier: Apache-2.0
"""Where the node's secret keys lie: one folder, closed to everybody else. No framework here."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from comity.server.environment import Environment

KEY_FOLDER = "keys"
DJANGO_SECRET = "django-secret"  # the name of a file, not a secret


def key_folder(home: Path) -> Path:
    """The folder of keys in this home."""
    return home / KEY_FOLDER


def django_secret_key(environment: Environment) -> str:
    """The key that signs sessions: as set, else the node's own.

    A folder without a node has none; commands that only look at the code get one that lasts
    as long as the process, so that nothing signed with it can be used again.
    """
    if environment.secret_key:
        return environment.secret_key
    try:
        return (key_folder(environment.home) / DJANGO_SECRET).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; refuses to replace one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
