# SPDX-License-Identifier: Apache-2.0
"""The read-only admin: Comity's own tables and the queue of jobs, and one way to sign in.

Tables of the sign-in library stay out of it: its pages there would write past our services.
"""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

NOT_SHOWN = frozenset({"auth", "account", "mfa", "socialaccount", "usersessions"})


class ReadOnlySite(admin.AdminSite):
    """The site; whoever registers a table answers for its being read-only, and a test looks."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take a table up, unless it is the sign-in library's."""
        alone = isinstance(model_or_iterable, type)
        models: list[Any] = [model_or_iterable] if alone else list(model_or_iterable)
        shown = [model for model in models if model._meta.app_label not in NOT_SHOWN]
        super().register(shown, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Signing in happens on our own pages."""
        entered: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return entered

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """So does the change of a password."""
        return redirect("account_change_password")
