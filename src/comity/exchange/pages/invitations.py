# SPDX-License-Identifier: Apache-2.0
"""Our card for whoever was given the address of an invitation: no sign-in, for some days.

The card holds nothing but what partners are to know, and its fingerprint is told another way.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comity import clock
from comity.exchange.services import cards
from comity.exchange.services.card_fetching import CARD_TYPE


@require_safe
def card(request: HttpRequest, token: str) -> HttpResponse:
    answer = HttpResponse(cards.invited_card(token, at=clock.now()), content_type=CARD_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="partner-card.json"'
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
