# SPDX-License-Identifier: Apache-2.0
"""Tells the story in a process of its own: `python -m comity.server.training [FEED]`."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
    django.setup()
    from comity.server.training.story import tell

    with contextlib.suppress(KeyboardInterrupt):  # the node is being stopped
        tell(*map(Path, sys.argv[1:2]))
