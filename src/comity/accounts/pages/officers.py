# SPDX-License-Identifier: Apache-2.0
"""The administration of officers: list, register, roles, suspension, one-time passwords."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts import queries, services
from comity.accounts.administration import (
    ChangedMeanwhileError,
    OddSignInNameError,
    SignInNameTakenError,
)
from comity.accounts.forms import (
    OfficerForm,
    OfficerSearchForm,
    RegisterOfficerForm,
    RolesForm,
)
from comity.accounts.officer import OneTimePassword
from comity.accounts.permissions import PERMISSION_NAMES, Permission, Role, permissions_of
from comity.accounts.services import officer_page

PAGE_LENGTH = 50


@require_safe
@officer_page(Permission.VIEW_OFFICERS)
def listing(request: HttpRequest) -> HttpResponse:
    form = OfficerSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.officer_records(
        search=wanted.get("q", ""),
        role=Role(wanted["role"]) if wanted.get("role") else None,
        after=request.GET.get("after", ""),
        limit=PAGE_LENGTH + 1,
    )
    shown = found[:PAGE_LENGTH]
    context = {
        "form": form,
        "records": shown,
        "next": shown[-1].officer.reference if len(found) > PAGE_LENGTH else "",
        "first": "after" not in request.GET,
        "may_administer": queries.officer_of(request.user).may(Permission.ADMINISTER_OFFICERS),
    }
    return render(request, "accounts/officers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ADMINISTER_OFFICERS)
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterOfficerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = queries.officer_of(request.user)
        try:
            made = services.register_officer(**form.cleaned_data, by=by, at=clock.now())
        except (SignInNameTakenError, OddSignInNameError) as error:
            form.add_error("sign_in_name", gettext(error.message).format(**error.fields))
        else:
            return _hand_over(request, made)
    return render(request, "accounts/register.html", {"form": form})


@require_safe
@officer_page(Permission.VIEW_OFFICERS)
def show(request: HttpRequest, reference: str) -> HttpResponse:
    record = queries.officer_record(reference)
    reader = queries.officer_of(request.user)
    held = permissions_of(record.officer.roles)
    context = {
        "record": record,
        "permissions": [PERMISSION_NAMES[p] for p in Permission if p in held],
        "may_administer": reader.may(Permission.ADMINISTER_OFFICERS),
        "own": reader.reference == reference,
    }
    response = render(request, "accounts/officer.html", context)
    response["ETag"] = f'"{reference}.{record.version}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ADMINISTER_OFFICERS)
def details(request: HttpRequest, reference: str) -> HttpResponse:
    record = queries.officer_record(reference)
    known = {
        "display_name": record.officer.display_name,
        "email": record.email,
        "version": record.version,
    }
    form = OfficerForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_details(
                reference,
                **form.cleaned_data,
                by=queries.officer_of(request.user),
                at=clock.now(),
            )
        except ChangedMeanwhileError:
            return _conflict(request, reference, [form.cleaned_data["display_name"]])
        return _done(request, reference)
    return render(request, "accounts/details.html", {"form": form, "record": record})


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ADMINISTER_OFFICERS)
def roles(request: HttpRequest, reference: str) -> HttpResponse:
    record = queries.officer_record(reference)
    known = {"roles": list(record.officer.roles), "version": record.version}
    form = RolesForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            services.change_roles(
                reference,
                wanted["roles"],
                version=wanted["version"],
                by=queries.officer_of(request.user),
                at=clock.now(),
            )
        except ChangedMeanwhileError:
            return _conflict(request, reference, wanted["roles"])
        return _done(request, reference)
    return render(request, "accounts/roles.html", {"form": form, "record": record})


@require_POST
@officer_page(Permission.ADMINISTER_OFFICERS)
def suspend(request: HttpRequest, reference: str) -> HttpResponse:
    services.suspend(reference, by=queries.officer_of(request.user), at=clock.now())
    return _done(request, reference)


@require_POST
@officer_page(Permission.ADMINISTER_OFFICERS)
def reactivate(request: HttpRequest, reference: str) -> HttpResponse:
    services.reactivate(reference, by=queries.officer_of(request.user), at=clock.now())
    return _done(request, reference)


@never_cache
@require_POST
@officer_page(Permission.ADMINISTER_OFFICERS)
def reset(request: HttpRequest, reference: str) -> HttpResponse:
    made = services.reset_password(reference, by=queries.officer_of(request.user), at=clock.now())
    return _hand_over(request, made)


def _hand_over(request: HttpRequest, made: OneTimePassword) -> HttpResponse:
    """The page that shows a one-time password once."""
    return render(request, "accounts/one_time_password.html", {"made": made})


def _conflict(request: HttpRequest, reference: str, typed: list[str]) -> HttpResponse:
    """The page that shows what is kept now beside what was typed."""
    context = {"record": queries.officer_record(reference), "typed": typed}
    return render(request, "accounts/conflict.html", context, status=412)


def _done(request: HttpRequest, reference: str) -> HttpResponse:
    messages.success(request, gettext("{reference} was changed.").format(reference=reference))
    return redirect("accounts:officer", reference)
