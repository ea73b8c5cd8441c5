# SPDX-License-Identifier: Apache-2.0
"""Work that recurs: the journal's checkpoints."""

from __future__ import annotations

from django.db import transaction

from comity import clock
from comity.journal import services


def sign_checkpoint() -> None:
    """Sign what the journal has come to, if anything was added."""
    with transaction.atomic():
        services.checkpoint(at=clock.now())
