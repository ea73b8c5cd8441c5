# SPDX-License-Identifier: Apache-2.0
"""The door of every page and service: the right officer, or a refusal that says who may."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login

from comity.accounts.queries.officers import officer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from comity.accounts.officer import Officer
    from comity.accounts.permissions import Permission

P = ParamSpec("P")


def require(officer: Officer, permission: Permission) -> None:
    """Raise `PermissionMissingError`, which names who may, unless this officer may."""
    officer.require(permission)


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
