# SPDX-License-Identifier: Apache-2.0
"""Who asks, and how addresses of evidence name what is asked for."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Path, Query

from comity.accounts.officer import Officer
from comity.agreements.keyset import LONGEST_PAGE

ItemPath = Annotated[str, Path(pattern=r"^ITM-[0-9]{5,12}$")]
ItemQuery = Annotated[str, Query(max_length=16, pattern=r"^(ITM-[0-9]{5,12})?$")]
CodeQuery = Annotated[str, Query(max_length=20, pattern=r"^[A-Za-z0-9-]*$")]
CaseQuery = Annotated[str, Query(max_length=60, pattern=r"^([A-Z0-9]+([./-][A-Z0-9]+)*)?$")]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
IfMatch = Annotated[str, Header(alias="If-Match", max_length=160)]


def caller(request: HttpRequest) -> Officer:
    """The officer whom the frame has found behind the token."""
    officer: Officer = request.auth  # type: ignore[attr-defined]  # set by the library
    return officer
