# SPDX-License-Identifier: Apache-2.0
"""What was said about an item's use: uses, notices, consents and rulings as rows of one table."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from comity.evidence.forms.using import PROCEEDING_WORDS, RECIPIENT_WORDS
from comity.evidence.pages import telling
from comity.evidence.queries import statements
from comity.evidence.use import CONSENT_WORDS, Consent, Notice, RecordedUse, Ruling, Scope
from comity.evidence.use_messages import OCCASION_WORDS, RULING_WORDS
from comity.exchange.message_state import Direction


def of_item(reference: str) -> list[dict[str, Any]]:
    """Everything, the latest first. Any: values for the template."""
    found = [
        *((one.on, _use(one)) for one in statements.uses(reference)),
        *((one.on, _notice(one)) for one in statements.notices(item=reference)),
        *((one.recorded_at.date(), _consent(one)) for one in statements.consents(item=reference)),
        *((one.on, _ruling(one)) for one in statements.rulings(item=reference)),
    ]
    found.sort(key=lambda each: each[0], reverse=True)
    return [row for _, row in found]


def scope_words(scope: Scope) -> str:
    """What a notice or a consent speaks of."""
    parts = [gettext(OCCASION_WORDS[scope.occasion]), telling.word(scope.purpose)]
    parts.append(gettext(PROCEEDING_WORDS[scope.proceeding]))
    if scope.recipient:
        to = gettext(RECIPIENT_WORDS[scope.recipient])
        parts.append(f"{to} ({scope.recipient_code})" if scope.recipient_code else to)
    return ", ".join(parts)


def _use(one: RecordedUse) -> dict[str, Any]:
    return {
        "what": gettext("used"),
        "reference": one.reference,
        "scope": f"{telling.word(one.purpose)}, {gettext(PROCEEDING_WORDS[one.proceeding])}",
        "article": " ".join(filter(None, (one.instrument, one.article))),
        "partner": telling.administration(one.supplier),
        "state": one.forum,
        "more": "",
        "on": telling.day(one.on),
        "url": reverse("evidence:ruling", args=[one.reference]),
    }


def _notice(one: Notice) -> dict[str, Any]:
    ours = one.direction is Direction.OUT
    told = gettext("told") if ours else gettext("they told us")
    return {
        "what": gettext("notice"),
        "reference": one.reference,
        "scope": scope_words(one.scope),
        "article": " ".join(filter(None, (one.instrument, one.article))),
        "partner": telling.administration(one.partner),
        "state": told if one.given else gettext("waits to leave"),
        "more": gettext("acknowledged") if one.acknowledged_at else "",
        "on": telling.day(one.on),
        "url": reverse("exchange:message", args=[one.message]) if one.message else "",
    }


def _consent(one: Consent) -> dict[str, Any]:
    until = gettext("until {day}").format(day=telling.day(one.until)) if one.until else ""
    theirs = one.direction is Direction.IN
    return {
        "what": gettext("consent asked of us") if theirs else gettext("consent"),
        "reference": one.reference,
        "scope": scope_words(one.scope),
        "article": " ".join(filter(None, (one.instrument, one.article))),
        "partner": telling.administration(one.partner),
        "state": gettext(CONSENT_WORDS[one.state]),
        "more": " · ".join(filter(None, (until, one.conditions))),
        "on": telling.day(one.recorded_at),
        "url": reverse("evidence:consent", args=[one.reference]) if theirs else "",
    }


def _ruling(one: Ruling) -> dict[str, Any]:
    return {
        "what": gettext("ruling"),
        "reference": one.reference,
        "scope": gettext(PROCEEDING_WORDS[one.proceeding]),
        "article": one.use,
        "partner": telling.administration(one.partner) if one.partner else "",
        "state": gettext(RULING_WORDS[one.outcome]),
        "more": one.text,
        "on": telling.day(one.on),
        "url": "",
    }
