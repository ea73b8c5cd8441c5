# SPDX-License-Identifier: Apache-2.0
"""Hand-overs that wait for an answer and those that ended, with items whose record is not here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.evidence.forms.keeping import RefusalForm
from comity.evidence.hand_over import HAND_OVER_WORDS, REFUSAL_WORDS, HandOver, HandOverState
from comity.evidence.item import KIND_WORDS, ItemKind
from comity.evidence.pages import telling
from comity.evidence.pages.signs import Sign
from comity.evidence.queries import custody as queries
from comity.evidence.queries.seeing import hidden_from
from comity.evidence.services import handing_over
from comity.exchange.reasons import in_words

SIGNS: dict[HandOverState, tuple[str, str]] = {
    HandOverState.PROPOSED: ("schedule", "consent"),
    HandOverState.CONFIRMED: ("check_circle", "yes"),
    HandOverState.REFUSED: ("do_not_disturb", "no"),
    HandOverState.WITHDRAWN: ("undo", "unknown"),
}


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Every hand-over that waits, the longest first; or those that ended, the latest first."""
    ended, officer = request.GET.get("show") == "ended", officer_of(request.user)
    found = queries.hand_overs_ended() if ended else queries.hand_overs_waiting()
    hidden = hidden_from([one.item for one in found], officer)
    rows = [shown(one, officer) for one in found if one.item not in hidden or _named(one, officer)]
    return render(request, "evidence/hand_overs.html", {"rows": rows, "ended": ended})


def of_item(item: str, officer: Officer) -> dict[str, Any] | None:
    """The hand-over of an item that waits for its answer, for the `hand_over` include."""
    waiting = (one for one in queries.hand_overs(item) if one.waits)
    return next((shown(one, officer) for one in waiting), None)


def _named(one: HandOver, officer: Officer) -> bool:
    """Whether this officer gives or is to take it, in whosever case it lies."""
    return not one.incoming and officer.reference in (one.giver, one.officer)


def shown(one: HandOver, officer: Officer) -> dict[str, Any]:
    """A hand-over as the `hand_over` include shows it. Any: values for the template."""
    keeper = officer.may(Permission.KEEP_EVIDENCE)
    keeps = one.waits and keeper
    gives = keeps and handing_over.may_withdraw(one, officer)
    return {
        "hand_over": one,
        "says": _says(one),
        "what": _what(one),
        "words": handing_over.offered_words(one.reference) if one.incoming and keeper else None,
        "problem": in_words(one.problem, get_language() or "en") if one.problem else "",
        "sign": Sign(gettext(HAND_OVER_WORDS[one.state]), *SIGNS[one.state]),
        "because": gettext(REFUSAL_WORDS[one.reason]) if one.reason else "",
        "mine": keeps and (one.incoming or one.officer == officer.reference),
        "form": RefusalForm(auto_id=f"{one.reference}-%s"),
        "confirm_url": reverse("evidence:confirm", args=[one.reference]),
        "refuse_url": reverse("evidence:refuse", args=[one.reference]),
        "withdraw_url": reverse("evidence:withdraw", args=[one.reference]) if gives else "",
        "item_url": f"{reverse('evidence:item', args=[one.item])}#custody" if one.item else "",
    }


def _says(one: HandOver) -> str:
    """Who hands it to whom, since when."""
    if one.incoming:
        return gettext("{giver} hands it over to us, since {day}.").format(
            giver=telling.administration(one.administration),
            day=telling.day(one.on or one.proposed_at),
        )
    to = telling.officer(one.officer) if one.officer else ""
    return gettext("{giver} hands it to {taker}, since {day}.").format(
        giver=telling.officer(one.giver),
        taker=to or telling.administration(one.administration),
        day=telling.day(one.on or one.proposed_at),
    )


def _what(one: HandOver) -> str:
    """What comes without a record that is here, as its giver says."""
    if one.item:
        return ""
    kind = gettext(KIND_WORDS[ItemKind(one.what)]) if one.what in KINDS else gettext("a thing")
    return gettext("{kind}, known everywhere as {identity}").format(
        kind=kind, identity=one.identity
    )


KINDS = frozenset(ItemKind)
