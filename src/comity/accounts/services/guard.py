# SPDX-License-Identifier: Apache-2.0
"""The door of every page and service: the right officer, or a refusal that says who may."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from comity.accounts import four_eyes
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries.officers import officer_of

P = ParamSpec("P")


def require(officer: Officer, permission: Permission) -> None:
    """Raise `PermissionMissingError`, which names who may, unless this officer may."""
    officer.require(permission)


def unit_profile() -> four_eyes.Profile:
    """Whether this node's unit is one of two people, as its settings say."""
    two_person = settings.ENVIRONMENT.two_person_unit
    return four_eyes.Profile.TWO_PERSON if two_person else four_eyes.Profile.FULL


def second_person(
    subject: str, *, drafted_by: str, by: Officer, earlier: Collection[str] = ()
) -> dict[str, str]:
    """Raise `SamePersonError` unless `by` may sign what others drafted and signed.

    Returns the facts that the caller's journal entry must carry: empty, or the relaxation of the
    two-person profile that was made use of.
    """
    return four_eyes.second_person(
        subject,
        drafted_by=drafted_by,
        by=by.reference,
        earlier=earlier,
        profile=unit_profile(),
    )


def officer_page(
    permission: Permission | None = None,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Guard a page: nobody signed in is sent to sign in, an officer without permission is refused.

    Without a permission the page is open to every signed-in officer. The page itself obtains its
    officer by `queries.officer_of(request.user)`.
    """

    def guard(
        page: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(page)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if permission is not None:
                require(officer_of(request.user), permission)
            return page(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the tests
        return guarded

    return guard
