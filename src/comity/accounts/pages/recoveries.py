# SPDX-License-Identifier: Apache-2.0
"""A lost second factor: asked for at sign-in or by an administrator, approved by two."""

from __future__ import annotations

from allauth.account.internal.stagekit import get_pending_stage
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts import queries, services
from comity.accounts.permissions import Permission
from comity.accounts.recovery import STATE_NAMES
from comity.accounts.services import officer_page


@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """For an officer whose password was accepted and who cannot show a second factor."""
    stage = get_pending_stage(request)
    if stage is None or stage.login.user is None:
        return redirect("account_login")
    officer = queries.officer_of(stage.login.user)
    recovery = None
    if request.method == "POST":
        recovery = services.request_recovery(officer.reference, by=officer, at=clock.now())
    return render(request, "accounts/lost.html", {"recovery": recovery})


@require_POST
@officer_page(Permission.APPROVE_RECOVERY)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    by = queries.officer_of(request.user)
    recovery = services.request_recovery(reference, by=by, at=clock.now())
    words = gettext("{recovery} was opened; two administrators approve it.")
    messages.success(request, words.format(recovery=recovery.reference))
    return redirect("accounts:recoveries")


@require_safe
@officer_page(Permission.APPROVE_RECOVERY)
def listing(request: HttpRequest) -> HttpResponse:
    by = queries.officer_of(request.user)
    recoveries = [
        {
            "recovery": recovery,
            "state": STATE_NAMES[recovery.state],
            "mine": by.reference in (recovery.officer, recovery.first_approval_by),
        }
        for recovery in queries.open_recoveries(at=clock.now())
    ]
    return render(request, "accounts/recoveries.html", {"recoveries": recoveries})


@never_cache
@require_POST
@officer_page(Permission.APPROVE_RECOVERY)
def approve(request: HttpRequest, recovery: str) -> HttpResponse:
    by = queries.officer_of(request.user)
    approved, password = services.approve_recovery(recovery, by=by, at=clock.now())
    if password is not None:
        return render(request, "accounts/one_time_password.html", {"made": password})
    words = gettext("{recovery} now waits for a second administrator.")
    messages.success(request, words.format(recovery=approved.reference))
    return redirect("accounts:recoveries")


@require_POST
@officer_page(Permission.APPROVE_RECOVERY)
def decline(request: HttpRequest, recovery: str) -> HttpResponse:
    services.decline_recovery(recovery, by=queries.officer_of(request.user), at=clock.now())
    messages.success(request, gettext("{recovery} was declined.").format(recovery=recovery))
    return redirect("accounts:recoveries")
