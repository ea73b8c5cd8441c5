# SPDX-License-Identifier: Apache-2.0
"""The queue: what waits for whom since when and why, what was given up, maintenance, the disk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, holders
from comity.exchange import words
from comity.exchange.forms.acting import MaintenanceForm
from comity.exchange.pages import alarms, signs, telling
from comity.exchange.partner import Binding, PartnerState
from comity.exchange.queries.alarms import open_alarms
from comity.exchange.queries.ledger import partner_choices
from comity.exchange.queries.outbox import DeadLetter, QueueOfPartner, dead_letters, queue_health
from comity.exchange.services.admitting import disk_is_nearly_full, disk_reserve, free_disk
from comity.exchange.services.maintenance import (
    begin_maintenance,
    current_maintenance,
    end_maintenance,
)

DEAD_LETTERS_SHOWN = 50


@require_safe
@officer_page(Permission.VIEW_PARTNERS)
def queue(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@officer_page(Permission.OPERATE_EXCHANGE)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin maintenance: nothing in, nothing out."""
    form = MaintenanceForm(request.POST)
    if form.is_valid():
        by = officer_of(request.user).acting(Permission.OPERATE_EXCHANGE)
        given = form.cleaned_data
        done = attempted(
            form,
            lambda: begin_maintenance(
                given["reason"], by=by, at=clock.now(), expected_until=given["expected_until"]
            ),
        )
        if done is not None:
            messages.success(request, gettext("The exchange stands still until you end it."))
            return redirect("exchange:queue")
    return _page(request, maintenance_form=form)


@require_POST
@officer_page(Permission.OPERATE_EXCHANGE)
def end(request: HttpRequest) -> HttpResponse:
    """End maintenance; what waited goes out at once."""
    by = officer_of(request.user).acting(Permission.OPERATE_EXCHANGE)
    end_maintenance(by=by, at=clock.now())
    messages.success(request, gettext("The exchange works again; what waited goes out now."))
    return redirect("exchange:queue")


def _page(request: HttpRequest, **said: Any) -> HttpResponse:
    """The page of the queue. Any: values for the template."""
    at, officer = clock.now(), officer_of(request.user)
    names = dict(partner_choices())
    queues = queue_health()
    dead = dead_letters(limit=DEAD_LETTERS_SHOWN + 1)
    context = {
        "rows": [_row(one, names, at) for one in queues],
        "sums": _sums(queues),
        "dead": [_dead(one, names) for one in dead[:DEAD_LETTERS_SHOWN]],
        "more_dead": len(dead) > DEAD_LETTERS_SHOWN,
        "alarms": [alarms.row(one) for one in open_alarms()],
        "maintenance": current_maintenance(),
        "maintenance_form": MaintenanceForm(),
        "disk": _disk(),
        "may_operate": officer.may(Permission.OPERATE_EXCHANGE),
        "may_view": officer.may(Permission.VIEW_MESSAGES),
        "roles": holders(Permission.OPERATE_EXCHANGE),
        "at": at,
        **said,
    }
    return render(request, "exchange/queue.html", context)


def _row(one: QueueOfPartner, names: dict[str, str], at: datetime) -> dict[str, Any]:
    active = one.state == PartnerState.ACTIVE
    machine = one.binding in (Binding.PUSH, Binding.FOLDER)
    return {
        "queue": one,
        "name": telling.administration(one.partner, names.get(one.partner, "")),
        "url": reverse("exchange:partner", args=[one.partner]),
        "state": signs.partner_sign(PartnerState(one.state)),
        "active": active,
        "way": signs.way_sign(
            problem=one.problem,
            ever_reached=bool(one.reached_at or one.heard_at),
            active=active,
            by_letter=one.binding == Binding.LETTER,
        ),
        "binding": gettext(words.BINDING_WORDS[Binding(one.binding)]),
        "problem": telling.problem(one.problem),
        "next_try": one.not_before if machine and one.waiting and one.not_before else None,
        "at_once": machine and one.waiting and not one.not_before and active,
        "messages_url": f"{reverse('exchange:messages')}?partner={one.partner}&state=queued",
    }


def _sums(queues: tuple[QueueOfPartner, ...]) -> dict[str, Any]:
    oldest = [one.oldest_waiting for one in queues if one.oldest_waiting]
    return {
        "waiting": sum(one.waiting for one in queues),
        "dead": sum(one.dead for one in queues),
        "arriving": sum(one.arriving for one in queues),
        "to_tell": sum(one.to_tell for one in queues),
        "oldest": min(oldest, default=None),
    }


def _dead(one: DeadLetter, names: dict[str, str]) -> dict[str, Any]:
    return {
        "letter": one,
        "url": reverse("exchange:message", args=[one.reference]),
        "partner": telling.administration(one.partner, names.get(one.partner, "")),
        "kind": telling.kind(one.kind),
        "reason": telling.problem(one.reason),
        "next_act": telling.next_act(one.reason),
    }


def _disk() -> dict[str, Any]:
    return {
        "free": telling.size(free_disk()),
        "reserve": telling.size(disk_reserve()),
        "low": disk_is_nearly_full(),
    }
