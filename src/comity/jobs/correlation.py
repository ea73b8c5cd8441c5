# SPDX-License-Identifier: Apache-2.0
"""The id that one request, its jobs, its log lines and its answer share. Plain."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

correlation: ContextVar[str] = ContextVar("correlation", default="")
"""The id of what is being done now; empty outside a request or a job."""

_SHAPE = re.compile(r"[A-Za-z0-9-]{8,64}")


def new_correlation(offered: str = "") -> str:
    """The id that a proxy offered if it has the shape of one, else a fresh one."""
    return offered if _SHAPE.fullmatch(offered) else secrets.token_hex(8)
