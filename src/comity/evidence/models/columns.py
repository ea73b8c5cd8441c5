# SPDX-License-Identifier: Apache-2.0
"""How long the columns are, and what may stand in those that hold codes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

REFERENCE = 24
CASE = 60
CODE = 60
DIGEST = 64
ADMINISTRATION = 20
INSTRUMENT = 100
ARTICLE = 60
MEDIA_TYPE = 127


def known(field: str, codes: Iterable[str], name: str) -> models.CheckConstraint:
    """Only the listed codes may stand in this column."""
    return models.CheckConstraint(condition=Q((f"{field}__in", [str(c) for c in codes])), name=name)
