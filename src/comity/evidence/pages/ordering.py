# SPDX-License-Identifier: Apache-2.0
"""A bundle that the worker packs: how far it has come, and its file once it is there.

Without scripts the page loads itself again; with them its progress alone is asked for again.
"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import language
from comity.catalogues import said
from comity.evidence.package import MEDIA_TYPE
from comity.evidence.packing import STEP_WORDS, PackingStep
from comity.evidence.packing_order import ORDER_WORDS, OrderState, PackingOrder
from comity.evidence.pages.signs import Sign
from comity.evidence.queries.packing_orders import packing_order
from comity.evidence.services import kept_packages
from comity.evidence.serving import download_headers

SIGNS: dict[OrderState, tuple[str, str]] = {
    OrderState.WAITING: ("schedule", "yes-notice"),
    OrderState.PACKING: ("update", "yes-notice"),
    OrderState.PACKED: ("verified", "yes"),
    OrderState.FAILED: ("do_not_disturb", "none"),
}


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """How far it has come; to every other officer there is no such order."""
    one = packing_order(reference, by=officer_of(request.user))
    return render(request, "evidence/packing_order.html", order_row(one))


def order_row(one: PackingOrder) -> dict[str, Any]:
    """An order for a list or its page. Any: values for the template."""
    texts = (said(text, one.fields, language()) for text in (one.message, one.remedy))
    return {
        "order": one,
        "sign": Sign(gettext(ORDER_WORDS[one.state]), *SIGNS[one.state]),
        "steps": [_step(one, step) for step in PackingStep],
        "percent": 100 * one.done // one.total if one.total else None,
        "failure": " ".join(filter(None, texts)),
    }


def _step(one: PackingOrder, step: PackingStep) -> dict[str, Any]:
    order_of_steps = list(PackingStep)
    now = order_of_steps.index(one.step) if one.step else -1
    place = order_of_steps.index(step)
    finished = one.state is OrderState.PACKED or place < now
    return {"words": gettext(STEP_WORDS[step]), "now": place == now, "done": finished}


@require_POST
@officer_page(Permission.VIEW_EVIDENCE)  # type: ignore[arg-type]  # it passes streams too
def file(request: HttpRequest, reference: str) -> FileResponse:
    """The file of a package once more: decided at the door each time."""
    officer = officer_of(request.user)
    found = kept_packages.fetch_package(reference, by=officer, at=clock.now())
    headers = download_headers(found.package, MEDIA_TYPE, size=found.size)
    return FileResponse(found.content, headers=headers)
