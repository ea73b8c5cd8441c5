# SPDX-License-Identifier: Apache-2.0
"""The node's own page: what runs here, with which settings, and what an examination finds."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity import __version__
from comity.accounts.permissions import Permission
from comity.accounts.services import officer_page
from comity.server.checks import Finding, examine
from comity.server.environment import in_effect


@never_cache
@require_safe
@officer_page(Permission.BACK_UP_NODE)
def node(request: HttpRequest) -> HttpResponse:
    """The settings at once; the examination, which takes a second or two, when asked for."""
    wanted = "examine" in request.GET
    context: dict[str, Any] = {
        "release": __version__,
        "settings": in_effect(settings.ENVIRONMENT),
        "examined": wanted,
        "findings": [_told(f) for f in examine(settings.ENVIRONMENT)] if wanted else [],
    }
    return render(request, "node.html", context)


def _told(finding: Finding) -> dict[str, object]:
    """A finding in the reader's language."""
    return {
        "rule": finding.rule,
        "obstacle": finding.obstacle,
        "message": gettext(finding.message).format(**finding.facts),
        "remedy": gettext(finding.remedy).format(**finding.facts) if finding.remedy else "",
    }
