# SPDX-License-Identifier: Apache-2.0
"""The officer's own account: language, sessions, tokens, drafts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts import queries, services
from comity.accounts.forms import LanguageForm, TokenForm
from comity.accounts.pages.adapters import remember_language
from comity.accounts.permissions import PERMISSION_NAMES, Permission, Role, permissions_of
from comity.accounts.services import officer_page, second_factor


@require_safe
@officer_page()
def overview(request: HttpRequest) -> HttpResponse:
    officer = queries.officer_of(request.user)
    held = permissions_of(officer.roles)
    context = {
        "record": queries.officer_record(officer.reference),
        "permissions": [PERMISSION_NAMES[p] for p in Permission if p in held],
        "form": LanguageForm(initial={"language": officer.language}),
        "postponed": second_factor.is_postponed(officer),
        "drafts": queries.drafts_of(officer),
        "may_issue_tokens": officer.may(Permission.ISSUE_TOKENS),
        "may_sign": officer.may(Permission.SEND_MESSAGES),
    }
    return render(request, "accounts/own.html", context)


@require_POST
@officer_page()
def language(request: HttpRequest) -> HttpResponse:
    officer = queries.officer_of(request.user)
    chosen = request.POST.get("language", "")
    services.choose_language(officer.reference, chosen)
    response = redirect("accounts:own")
    remember_language(response, chosen)
    return response


@require_safe
@officer_page()
def sessions(request: HttpRequest) -> HttpResponse:
    officer = queries.officer_of(request.user)
    current = request.session.session_key or ""
    context = {"sessions": queries.sessions_of(officer, current=current)}
    return render(request, "accounts/sessions.html", context)


@require_POST
@officer_page()
def end_one(request: HttpRequest, number: int) -> HttpResponse:
    services.end_session(number, by=queries.officer_of(request.user), at=clock.now())
    messages.success(request, gettext("The session was signed out."))
    return redirect("accounts:sessions")


@require_POST
@officer_page()
def end_others(request: HttpRequest) -> HttpResponse:
    officer = queries.officer_of(request.user)
    keep = request.session.session_key or ""
    services.end_other_sessions(keep, by=officer, at=clock.now())
    messages.success(request, gettext("Every other session was signed out."))
    return redirect("accounts:sessions")


@require_POST
@officer_page()
def postpone(request: HttpRequest) -> HttpResponse:
    second_factor.postpone(queries.officer_of(request.user), at=clock.now())
    return HttpResponseRedirect("/")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.ISSUE_TOKENS)
def tokens(request: HttpRequest) -> HttpResponse:
    officer = queries.officer_of(request.user)
    form = TokenForm(request.POST or None, held=officer.ordered_roles)
    issued = None
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        issued = services.issue_token(
            wanted["name"],
            roles=frozenset(Role(role) for role in wanted["roles"]),
            days=wanted["days"],
            by=officer,
            at=clock.now(),
        )
        form = TokenForm(held=officer.ordered_roles)
    at = clock.now()
    listed = [(token, token.works(at)) for token in queries.tokens_of(officer)]
    context = {"form": form, "issued": issued, "tokens": listed}
    return render(request, "accounts/tokens.html", context)


@require_POST
@officer_page()
def revoke(request: HttpRequest, reference: str) -> HttpResponse:
    services.revoke_token(reference, by=queries.officer_of(request.user), at=clock.now())
    messages.success(request, gettext("{reference} no longer works.").format(reference=reference))
    return redirect("accounts:tokens")


@require_http_methods(["GET", "POST", "DELETE"])
@officer_page()
def draft_of_form(request: HttpRequest, form_key: str) -> HttpResponse:
    """Autosave: POST keeps the fields, GET reads them, DELETE forgets them."""
    officer = queries.officer_of(request.user)
    if request.method == "DELETE":
        services.discard_draft(officer, form_key)
        return HttpResponse(status=204)
    if request.method == "POST":
        content = {name: values for name, values in request.POST.lists() if name not in UNKEPT}
        services.save_draft(officer, form_key, content, at=clock.now())
        return HttpResponse(status=204)
    kept = queries.draft(officer, form_key)
    if kept is None:
        return HttpResponse(status=204)
    return JsonResponse({"content": kept.content, "saved_at": kept.saved_at.isoformat()})


UNKEPT = frozenset({"csrfmiddlewaretoken", "draft_key", "password", "credential"})
"""Fields that a draft never keeps."""
