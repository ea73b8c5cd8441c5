# SPDX-License-Identifier: Apache-2.0
"""Who asks, and how addresses of evidence name what is asked for."""

from __future__ import annotations

import re
from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Path, Query

from comity.accounts.officer import Officer
from comity.agreements.keyset import LONGEST_PAGE
from comity.evidence.queries.seeing import require_seen

ITEM = re.compile(r"ITM-[0-9]{5,12}")
ItemPath = Annotated[str, Path(pattern=r"^ITM-[0-9]{5,12}$")]
ItemQuery = Annotated[str, Query(max_length=16, pattern=r"^(ITM-[0-9]{5,12})?$")]
CodeQuery = Annotated[str, Query(max_length=20, pattern=r"^[A-Za-z0-9-]*$")]
CaseQuery = Annotated[str, Query(max_length=60, pattern=r"^([A-Z0-9]+([./-][A-Z0-9]+)*)?$")]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]
IfMatch = Annotated[str, Header(alias="If-Match", max_length=160)]


def caller(request: HttpRequest) -> Officer:
    """The officer whom the frame has found behind the token.

    Raises:
        UnknownItemError: the address, or `?item=`, names an item in a case file of others.
    """
    officer: Officer = request.auth  # type: ignore[attr-defined]  # set by the library
    at = request.resolver_match
    named = (str(at.kwargs.get("reference", "")) if at else "", request.GET.get("item", ""))
    require_seen([each for each in named if ITEM.fullmatch(each)], officer)
    return officer
