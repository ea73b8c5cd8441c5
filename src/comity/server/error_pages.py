# SPDX-License-Identifier: Apache-2.0
"""Every refusal and failure as a page: what was tried, what stood in the way, what to do next.

The middleware turns a `ComityError` into the page of its family; Django's own refusals (an
unknown address, a stale form, a failure of ours) get the same shape through `handler…`. The
reader's language decides the words; the code stays the same for a colleague to look up. The API
answers for itself (problem+json) and never comes here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from comity.catalogues import N_, said
from comity.errors import (
    ComityError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    PeerError,
    VerificationError,
)
from comity.jobs.correlation import correlation

STATUS_OF_FAMILY: tuple[tuple[type[ComityError], HTTPStatus], ...] = (
    (NotPermittedError, HTTPStatus.FORBIDDEN),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (ConflictError, HTTPStatus.CONFLICT),
    (InvalidInputError, HTTPStatus.BAD_REQUEST),
    (VerificationError, HTTPStatus.CONFLICT),
    (PeerError, HTTPStatus.BAD_GATEWAY),
)

# Errors whose status is narrower than their family's.
STATUS_OF_CODE: dict[str, HTTPStatus] = {
    "changed-meanwhile": HTTPStatus.PRECONDITION_FAILED,
    "item-destroyed": HTTPStatus.GONE,
    "item-erased": HTTPStatus.GONE,
    "subject-erased": HTTPStatus.GONE,
    "sign-in-locked": HTTPStatus.TOO_MANY_REQUESTS,
    "too-many-requests": HTTPStatus.TOO_MANY_REQUESTS,
    "disk-full": HTTPStatus.INSUFFICIENT_STORAGE,
}

HEADINGS: dict[int, str] = {
    400: N_("This could not be read"),
    403: N_("This is not yours to do"),
    404: N_("There is nothing at this address"),
    409: N_("Something else was first"),
    410: N_("This was destroyed"),
    412: N_("Somebody changed this meanwhile"),
    429: N_("Too many attempts"),
    500: N_("Something failed on our side"),
    502: N_("A partner or a service did not answer"),
    507: N_("There is no room for this"),
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stood in the way, in the reader's language."""

    status: int
    message: str
    remedy: str
    code: str

    @property
    def heading(self) -> str:
        """The title of the page."""
        return gettext(HEADINGS[self.status])


def status_of(error: ComityError) -> HTTPStatus:
    """The HTTP status of this error: its own, or its family's."""
    families = (status for family, status in STATUS_OF_FAMILY if isinstance(error, family))
    own = STATUS_OF_CODE.get(error.code)
    return own or next(families, HTTPStatus.INTERNAL_SERVER_ERROR)


def obstacle_of(error: ComityError) -> Obstacle:
    """The error's own words, translated before their fields are filled in."""
    language = get_language() or "en"
    return Obstacle(
        status=status_of(error),
        message=said(error.message, error.fields, language),
        remedy=said(error.remedy, error.fields, language),
        code=error.code,
    )


class ErrorPages:
    """The middleware that shows a `ComityError` raised by a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on: only exceptions concern this middleware."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of an error of ours; None leaves any other to Django."""
        if isinstance(exception, ComityError):
            return page(request, obstacle_of(exception))
        return None


def page(request: HttpRequest, obstacle: Obstacle) -> HttpResponse:
    """The page in the frame."""
    context = {
        "obstacle": obstacle,
        "tried": _tried(request),
        "correlation": correlation.get(),
    }
    return render(request, "error.html", context, status=obstacle.status)


def _tried(request: HttpRequest) -> str:
    if request.method in ("GET", "HEAD"):
        return gettext("To open {address}").format(address=request.path)
    return gettext("To send a form to {address}").format(address=request.path)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 400: a request that it refused to read."""
    message = gettext("The request was not built as a browser builds it.")
    remedy = gettext("Go back, load the page again and repeat the act.")
    return page(request, Obstacle(400, message, remedy, "bad-request"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 403."""
    message = gettext("Your roles do not open this page.")
    remedy = gettext("Go to your desk, or ask an administrator for the role you need.")
    return page(request, Obstacle(403, message, remedy, "forbidden"))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its proof of origin: usually one left open over a sign-out."""
    message = gettext("The form was opened before you last signed in, or cookies are off.")
    remedy = gettext("Load the page again and repeat the act; drafts are kept.")
    return page(request, Obstacle(403, message, remedy, "form-expired"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 404: the same words for what is not there and what is not yours to see."""
    message = gettext("No page has this address, or it is not yours to see.")
    remedy = gettext("Check the address, or find the page from the menu or the search.")
    return page(request, Obstacle(404, message, remedy, "no-such-page"))


def failed(request: HttpRequest) -> HttpResponse:
    """Our own failure: a page that needs neither the database nor the frame."""
    context = {
        "heading": gettext(HEADINGS[500]),
        "tried": _tried(request),
        "message": gettext("An error of Comity itself. It is in the node's log."),
        "remedy": gettext("Try once more; then give your administrator the code below."),
        "correlation": correlation.get(),
    }
    return render(None, "error_plain.html", context, status=500)
