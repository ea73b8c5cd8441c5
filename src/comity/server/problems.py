# SPDX-License-Identifier: Apache-2.0
"""Every refusal and failure of the API as `application/problem+json` (RFC 9457).

The same error classes as on pages and in commands: `type` is the permanent code, `title`,
`detail` and `remedy` are in the language of Accept-Language, `fields` are for programs, and
`correlation` finds the line in the node's log. Never a traceback, never a value that was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from django.http import HttpResponse
from django.utils.translation import gettext

from comity.accounts.api_token import TokenRefusedError, TooManyRequestsError
from comity.accounts.officer import NobodySignedInError
from comity.catalogues import N_
from comity.errors import ComityError, InvalidInputError, NotFoundError, NotPermittedError
from comity.jobs.correlation import correlation
from comity.server.error_pages import HEADINGS, obstacle_of

CONTENT_TYPE = "application/problem+json"

# Errors whose status in the API is narrower than on a page.
STATUS: dict[str, int] = {
    NobodySignedInError.code: 401,
    TokenRefusedError.code: 401,
    TooManyRequestsError.code: 429,
    "changed-meanwhile": 412,
    "version-tag-foreign": 412,
    "version-not-given": 428,
    "request-not-as-documented": 422,
    "request-unreadable": 400,
    "request-too-large": 413,
    "method-not-allowed": 405,
    "server-failed": 500,
}

TITLES: dict[int, str] = {
    401: N_("Nobody is signed in"),
    405: N_("This address does not know the method"),
    412: N_("Somebody changed this meanwhile"),
    413: N_("This is too large"),
    422: N_("This is not what the documentation says"),
    428: N_("The version is missing"),
    429: N_("Too many requests"),
}

WRONG: dict[str, str] = {
    "missing": N_("is missing"),
    "extra_forbidden": N_("is not known here"),
    "enum": N_("is not one of the documented values"),
    "literal_error": N_("is not one of the documented values"),
    "string_too_long": N_("is too long"),
    "string_too_short": N_("is too short"),
    "too_long": N_("has too many entries"),
    "too_short": N_("has too few entries"),
    "greater_than_equal": N_("is too small"),
    "less_than_equal": N_("is too large"),
}
OTHERWISE_WRONG = N_("does not have the documented form")


class NotAsDocumentedError(InvalidInputError):
    """The request does not fit the OpenAPI description."""

    code = "request-not-as-documented"
    message = N_("The request is not as documented: {obstacles}.")
    remedy = N_("Compare the request with the description at /api/v1/openapi.json.")


class RequestUnreadableError(InvalidInputError):
    """The body is not JSON."""

    code = "request-unreadable"
    message = N_("The request could not be read as JSON.")
    remedy = N_("Send UTF-8 encoded JSON with the header Content-Type: application/json.")


class RequestTooLargeError(InvalidInputError):
    """The body is longer than the node reads."""

    code = "request-too-large"
    message = N_("The request has {length} bytes; at most {longest} are read.")
    remedy = N_("Send less at a time.")


class NoSuchAddressError(NotFoundError):
    """Nothing of the API is at this address."""

    code = "no-such-address"
    message = N_("Nothing of the API is at this address.")
    remedy = N_("Look the address up at /api/v1/.")


class MethodNotAllowedError(NotPermittedError):
    """The address exists, the method does not."""

    code = "method-not-allowed"
    message = N_("This address knows only: {methods}.")
    remedy = N_("Use one of these methods.")


class ServerFailedError(ComityError):
    """An error of ours; everything known about it is in the log."""

    code = "server-failed"
    message = N_("An error of Comity itself. It is in the node's log.")
    remedy = N_("Try once more; then give your administrator the correlation.")


@dataclass(frozen=True, slots=True)
class Problem:
    """What a program reads of a refusal."""

    type: str
    title: str
    status: int
    detail: str
    remedy: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    correlation: str = ""


def problem_of(error: ComityError) -> Problem:
    """The problem that says this error, in the language now active."""
    obstacle = obstacle_of(error)
    status = STATUS.get(error.code, int(obstacle.status))
    title = TITLES.get(status) or HEADINGS.get(status, HEADINGS[500])
    return Problem(
        type=error.code,
        title=gettext(title),
        status=status,
        detail=obstacle.message,
        remedy=obstacle.remedy,
        fields={name: str(value) for name, value in error.fields.items()},
        correlation=correlation.get(),
    )


def problem_response(error: ComityError) -> HttpResponse:
    """The response that carries the problem."""
    problem = problem_of(error)
    body = json.dumps(asdict(problem), ensure_ascii=False)
    response = HttpResponse(body, status=problem.status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if problem.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Comity"'
    if isinstance(error, TooManyRequestsError):
        response["Retry-After"] = str(error.fields["wait"])
    return response


def not_as_documented(errors: Iterable[Mapping[str, object]]) -> NotAsDocumentedError:
    """The error that says where a request departs from the description, never with what value."""
    places = []
    for found in errors:
        loc = found.get("loc", ())
        parts = [str(part) for part in loc] if isinstance(loc, (list, tuple)) else []
        words = gettext(WRONG.get(str(found.get("type")), OTHERWISE_WRONG))
        places.append(f"{_named(parts)} {words}")
    return NotAsDocumentedError(obstacles="; ".join(dict.fromkeys(places)))


def _named(parts: list[str]) -> str:
    """The place in a request, without the framework's own names for parameters and without
    names that the caller made up.
    """
    source, *rest = parts or ["body"]
    kept = [part for part in rest if part.isascii() and len(part) <= 40]
    return ".".join([source, *kept][:6])
