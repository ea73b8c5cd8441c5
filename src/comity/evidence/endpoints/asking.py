# SPDX-License-Identifier: Apache-2.0
"""Who asks, and how addresses of evidence name what is asked for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.services import Made, made_once
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


def made_for_key(request: HttpRequest, make: Callable[[], str]) -> Made:
    """What `make` makes and names: once for the same request with its Idempotency-Key.

    For what takes long: the frame opens no transaction for these addresses.
    """
    sent = request.headers
    if "Idempotency-Key" not in sent:
        return Made(make(), before=False)
    named = (sent.get("Authorization", ""), sent.get("Prefer", ""), request.get_full_path())
    digest = hashlib.sha256("\0".join(named).encode() + b"\0" + request.body).hexdigest()
    return made_once(caller(request), sent["Idempotency-Key"], digest, make, at=clock.now())


def document_for_key(
    request: HttpRequest, response: HttpResponse, make: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """As `made_for_key`, of what is answered as a document. Any: a document."""
    made = made_for_key(request, lambda: json.dumps(make()))
    if made.before:
        response["Idempotency-Replayed"] = "true"
    document: dict[str, Any] = json.loads(made.text)
    return document
