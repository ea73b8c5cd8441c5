# SPDX-License-Identifier: Apache-2.0
"""The REST API, `/api/v1`: one table of routers, one way to sign in, one shape of refusals.

Conventions that every endpoint keeps: a list answers `{"items": […], "next": "…" or null}` and
takes `after` and `limit`; a record carries an ETag and its change an If-Match; a POST may carry an
Idempotency-Key; a refusal is `application/problem+json`. `request.auth` is the `Officer` who
calls, with no more roles than the token carries.
"""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from comity import __version__
from comity.accounts import endpoints as accounts
from comity.accounts.api_token import REQUESTS_PER_MINUTE
from comity.accounts.officer import NobodySignedInError, Officer
from comity.agreements import endpoints as agreements
from comity.desk import endpoints as desk
from comity.errors import ComityError
from comity.evidence import endpoints as evidence
from comity.exchange import endpoints as exchange
from comity.newsfeed import endpoints as newsfeed
from comity.server.api_description import complete
from comity.server.api_frame import caller_of
from comity.server.problems import (
    NoSuchAddressError,
    RequestUnreadableError,
    ServerFailedError,
    not_as_documented,
    problem_response,
)

log = logging.getLogger("comity.api")

ROUTERS: tuple[tuple[str, Router], ...] = (
    ("/accounts", accounts.router),
    ("/agreements", agreements.router),
    ("/evidence", evidence.router),
    ("/exchange", exchange.router),
    ("/journal", desk.router),
    ("/news", newsfeed.router),
)
"""Where each capability's endpoints are mounted."""


class Token(HttpBearer):
    """An API token in the Authorization header."""

    def authenticate(self, request: HttpRequest, token: str) -> Officer:
        """The officer who calls, with the token's roles."""
        return caller_of(request).officer


class ComityAPI(NinjaAPI):
    """The API whose description also says what the frame around the endpoints does."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:  # Any: the library's own
        """The description, with the problem response and the frame's headers."""
        return complete(super().get_openapi_schema(*args, **kwargs))


api = ComityAPI(
    title="Comity",
    version=__version__,
    description=(
        "Mutual administrative assistance between customs administrations: the register of"
        " agreements, what they allow, the news about them, and the record of every act. At most"
        f" {REQUESTS_PER_MINUTE} requests a minute for each token."
    ),
    urls_namespace="api-v1",
    docs_url=None,
    auth=Token(),
)
for prefix, router in ROUTERS:
    api.add_router(prefix, router)


def _refuse(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Every exception that an endpoint can raise, as a problem."""
    return problem_response(_as_ours(error))


def _as_ours(error: Exception | type[Exception]) -> ComityError:
    match error:
        case ComityError():
            return error
        case ValidationError():
            return not_as_documented(error.errors)
        case Http404():
            return NoSuchAddressError()
        case HttpError() if error.status_code == 401:
            return NobodySignedInError()
        case HttpError() if error.status_code < 500:
            return RequestUnreadableError()
    log.error("an endpoint failed", exc_info=True, extra={"code": ServerFailedError.code})
    return ServerFailedError()


for family in (ComityError, ValidationError, HttpError, Http404, Exception):
    api.add_exception_handler(family, _refuse)


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The description as a page: no script, readable without a token."""
    described = api.get_openapi_schema()
    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    context = {"api": described["info"], "operations": operations}
    return render(request, "api.html", context)


@csrf_exempt
def nothing_here(request: HttpRequest, **_: str) -> HttpResponse:
    """Every address below the API that no endpoint has."""
    return problem_response(NoSuchAddressError())


__all__ = ["ROUTERS", "api", "documentation", "nothing_here"]
