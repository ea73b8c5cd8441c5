# SPDX-License-Identifier: Apache-2.0
"""Drafts as the browser saves and asks for them while an officer types.

A form's key is the path of its page, so that the desk can lead back to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from comity.accounts import queries as accounts
from comity.accounts import services
from comity.accounts.services import officer_page

if TYPE_CHECKING:
    from django.http import HttpRequest

NEVER_KEPT = {"csrfmiddlewaretoken", "draft_key", "password"}


@require_http_methods(["GET", "POST"])
@officer_page()
def draft(request: HttpRequest) -> HttpResponse:
    """GET: the kept content of one form as JSON. POST: keep this content, or forget it."""
    officer = accounts.officer_of(request.user)
    if request.method == "GET":
        kept = accounts.draft(officer, request.GET.get("key", ""))
        return JsonResponse({"content": kept.content if kept else None})
    key = request.POST.get("draft_key", "")
    if request.POST.get("discard"):
        services.discard_draft(officer, key)
    else:
        content = {k: v for k, v in request.POST.lists() if k not in NEVER_KEPT}
        services.save_draft(officer, key, content)
    return HttpResponse(status=204)
