# SPDX-License-Identifier: Apache-2.0
"""Adding an item: the file is examined before it is kept; its custody begins with who adds it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.accounts.services.sending import sent_once
from comity.agreements.queries import register
from comity.evidence.forms.adding import AddForm
from comity.evidence.services import items
from comity.exchange.queries.ledger import partner_choices


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.KEEP_EVIDENCE)
def add(request: HttpRequest) -> HttpResponse:
    """The form; sent, the item is kept, or what stands in its way is said beside it."""
    if request.method != "POST":
        begun = {"case": request.GET.get("case", "")}
        return _page(request, AddForm(initial=begun, suppliers=partner_choices()))
    form = AddForm(request.POST, request.FILES, suppliers=partner_choices())
    if form.is_valid():
        added = attempted(form, lambda: sent_once(request, lambda: _added(request, form)))
        if added is not None:
            text = gettext("{reference} is kept; its custody begins now.")
            messages.success(request, text.format(reference=added))
            return redirect("evidence:item", added)
    return _page(request, form)


def _added(request: HttpRequest, form: AddForm) -> str:
    file = form.cleaned_data["file"]
    officer, at = officer_of(request.user), clock.now()
    return items.add(form.new_item(), file.file if file else None, by=officer, at=at).reference


def _page(request: HttpRequest, form: AddForm) -> HttpResponse:
    context = {"form": form, "instruments": sorted(register().instruments)}
    return render(request, "evidence/add.html", context)
