# SPDX-License-Identifier: Apache-2.0
"""Tells the story in a process of its own: `python -m comity.server.training [FEED]`.

With `--prepare` it only registers what the node of its settings holds before the story begins.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.server.settings"
    django.setup()
    from comity import clock
    from comity.server.environment import read_environment
    from comity.server.training.preparing import prepare, renew_tokens
    from comity.server.training.story import tell

    with contextlib.suppress(KeyboardInterrupt):  # the nodes are being stopped
        if sys.argv[1:] == ["--prepare"]:
            home, at = read_environment().home, clock.now()
            renew_tokens(home, prepare(home, at=at), at=at)
        else:
            tell(*map(Path, sys.argv[1:2]))
