# SPDX-License-Identifier: Apache-2.0
"""Partners: how each one is, what is known of it, and what is done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted, holders
from comity.agreements.queries import register
from comity.exchange import words
from comity.exchange.acquaintance import STEPS, PartnerRecord
from comity.exchange.forms.acting import VersionedReasonForm
from comity.exchange.forms.letters import AddressForm
from comity.exchange.forms.partnering import BindingForm, CeilingsForm, FingerprintForm
from comity.exchange.ledger import LedgerSearch
from comity.exchange.pages import alarms, signs, telling
from comity.exchange.partner import Binding, PartnerState
from comity.exchange.partner_card import PartnerCard
from comity.exchange.queries.alarms import open_alarms
from comity.exchange.queries.ledger import ledger
from comity.exchange.queries.outbox import QueueOfPartner, queue_health
from comity.exchange.queries.own_card import own_card_issued
from comity.exchange.queries.partner_records import partner_card, partner_record, partner_records
from comity.exchange.services import partners as services

LAST_MESSAGES = 8


@require_safe
@officer_page(Permission.VIEW_PARTNERS)
def partners(request: HttpRequest) -> HttpResponse:
    queues = {queue.partner: queue for queue in queue_health()}
    alarmed = Counter(alarm.partner for alarm in open_alarms())
    rows = [
        _row(record, queues.get(record.partner.code), alarmed[record.partner.code])
        for record in partner_records()
    ]
    officer = officer_of(request.user)
    context = {
        "rows": rows,
        "own": own_card_issued(),
        "may_administer": officer.may(Permission.ADMINISTER_PARTNERS),
        "roles": holders(Permission.ADMINISTER_PARTNERS),
    }
    return render(request, "exchange/partners.html", context)


@require_safe
@officer_page(Permission.VIEW_PARTNERS)
def partner(request: HttpRequest, code: str) -> HttpResponse:
    return page(request, partner_record(code))


@require_POST
@officer_page(Permission.ADMINISTER_PARTNERS)
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm a proposed partner by the fingerprint that was read aloud."""
    form = FingerprintForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data["fingerprint"]
        by = officer_of(request.user)
        done = attempted(form, lambda: services.confirm(code, given, by=by, at=clock.now()))
        if done is not None:
            text = gettext("{partner} is confirmed; messages can be exchanged from now on.")
            messages.success(request, text.format(partner=done.partner.name))
            return redirect("exchange:partner", code)
    return page(request, partner_record(code), fingerprint_form=form)


@require_POST
@officer_page(Permission.VIEW_PARTNERS)
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Suspend, resume or end, as the button says; the service judges who may."""
    by, chosen = officer_of(request.user), request.POST.get("act", "")
    if chosen not in ("suspend", "resume", "end"):
        raise Http404
    form = VersionedReasonForm(request.POST, auto_id=f"{chosen}_%s")
    form.fields["reason"].required = chosen != "resume"
    if form.is_valid():
        reason, version = form.cleaned_data["reason"], form.cleaned_data["version"]
        acts: dict[str, Callable[[], PartnerRecord]] = {
            "suspend": lambda: services.suspend(
                code, reason, by=by, at=clock.now(), version=version
            ),
            "resume": lambda: services.resume(code, by=by, at=clock.now(), version=version),
            "end": lambda: services.end(code, reason, by=by, at=clock.now(), version=version),
        }
        done = attempted(form, acts[chosen])
        if done is not None:
            state = signs.partner_sign(done.partner.state).word
            text = gettext("{partner}: {state}.").format(partner=done.partner.name, state=state)
            messages.success(request, text)
            return redirect("exchange:partner", code)
    return page(request, partner_record(code), **{f"{chosen}_form": form})


@require_POST
@officer_page(Permission.ADMINISTER_PARTNERS)
def ceilings(request: HttpRequest, code: str) -> HttpResponse:
    known = partner_record(code)
    form = CeilingsForm(request.POST, initial=CeilingsForm.values_of(known), auto_id="ceilings_%s")
    if form.is_valid():
        version, changes = form.cleaned_data["version"], form.changes()
        by = officer_of(request.user)
        done = attempted(
            form,
            lambda: services.set_ceilings(code, by=by, at=clock.now(), version=version, **changes),
        )
        if done is not None:
            messages.success(request, gettext("The ceilings are set, and hold from now on."))
            return redirect("exchange:partner", code)
    return page(request, known, ceilings_form=form)


@require_POST
@officer_page(Permission.OPERATE_EXCHANGE)
def binding(request: HttpRequest, code: str) -> HttpResponse:
    form = BindingForm(request.POST, auto_id="binding_%s")
    if form.is_valid():
        chosen, version = form.chosen(), form.cleaned_data["version"]
        by = officer_of(request.user)
        done = attempted(
            form,
            lambda: services.choose_binding(code, chosen, by=by, at=clock.now(), version=version),
        )
        if done is not None:
            messages.success(request, gettext("What we have for it goes this way from now on."))
            return redirect("exchange:partner", code)
    return page(request, partner_record(code), binding_form=form)


def page(request: HttpRequest, record: PartnerRecord, **said: Any) -> HttpResponse:
    """The page of a partner. Any: values for the template."""
    at, officer, one = clock.now(), officer_of(request.user), record.partner
    queue = next((each for each in queue_health() if each.partner == one.code), None)
    card, version = partner_card(one.code), {"version": record.version}
    context = {
        **_row(record, queue, 0),
        "one": one,
        "record": record,
        "at": at,
        "binding": gettext(words.BINDING_WORDS[one.binding]),
        "own": own_card_issued(),
        "queue": queue,
        "alarms": [alarms.row(each) for each in open_alarms(partner=one.code)],
        "last": _last_messages(one.code, officer),
        "keys": [_key(key, at) for key in one.keys],
        "card": _card(card, at) if card else None,
        "instruments": _instruments(card) if card else [],
        "ceilings": CeilingsForm.shown(one.ceilings),
        "ceilings_form": CeilingsForm(
            initial=CeilingsForm.values_of(record), auto_id="ceilings_%s"
        ),
        "binding_form": BindingForm(
            initial={"binding": one.binding, **version}, auto_id="binding_%s"
        ),
        "fingerprint_form": FingerprintForm(),
        "address_form": AddressForm(initial={**record.settings, **version}, auto_id="address_%s"),
        "suspend_form": VersionedReasonForm(initial=version, auto_id="suspend_%s"),
        "end_form": VersionedReasonForm(initial=version, auto_id="end_%s"),
        "may": _may(record, officer),
        **said,
    }
    response = render(request, "exchange/partner.html", context)
    response["ETag"] = f'"{one.code}.{record.version}"'
    return response


def _may(record: PartnerRecord, officer: Officer) -> dict[str, Any]:
    """What this officer can do now; the roles where the role alone stands in the way."""
    state = record.partner.state
    operates = officer.may(Permission.OPERATE_EXCHANGE)
    administers = officer.may(Permission.ADMINISTER_PARTNERS)
    return {
        "confirm": administers and state is PartnerState.PROPOSED,
        "suspend": operates and state is PartnerState.ACTIVE,
        "resume": operates and state is PartnerState.SUSPENDED,
        "end": administers and PartnerState.ENDED in STEPS[state],
        "ceilings": administers,
        "operate": operates,
        "send": officer.may(Permission.SEND_MESSAGES) and state is PartnerState.ACTIVE,
        "administering_roles": holders(Permission.ADMINISTER_PARTNERS),
        "operating_roles": holders(Permission.OPERATE_EXCHANGE),
    }


def _row(record: PartnerRecord, queue: QueueOfPartner | None, alarms: int) -> dict[str, Any]:
    one = record.partner
    return {
        "code": one.code,
        "name": telling.administration(one.code, one.name),
        "url": reverse("exchange:partner", args=[one.code]),
        "sign": signs.partner_sign(one.state),
        "way": signs.way_sign(
            problem=record.problem,
            ever_reached=bool(record.reached_at or record.heard_at),
            active=one.state is PartnerState.ACTIVE,
            by_letter=one.binding is Binding.LETTER,
        ),
        "problem": telling.problem(record.problem),
        "reached_at": record.reached_at,
        "heard_at": record.heard_at,
        "waiting": queue.waiting if queue else 0,
        "dead": queue.dead if queue else 0,
        "alarm_count": alarms,
        "binding_word": gettext(words.BINDING_WORDS[one.binding]),
    }


def _last_messages(code: str, officer: Officer) -> list[dict[str, Any]]:
    """The last messages with it, for who may see messages."""
    if not officer.may(Permission.VIEW_MESSAGES):
        return []
    page = ledger(LedgerSearch(partner=code), size=LAST_MESSAGES)
    return [telling.ledger_row(row) for row in page.rows]


def _key(key: Any, at: datetime) -> dict[str, Any]:
    """One key for the table. Any: a key of a card."""
    return {
        "key": key,
        "use": gettext(words.KEY_USE_WORDS[key.use]),
        "sign": signs.key_sign(key, at=at),
        "days": (key.valid_until - at).days,
    }


def _card(card: PartnerCard, at: datetime) -> dict[str, Any]:
    """What the partner says of itself."""
    return {
        "version": card.version,
        "issued_at": card.issued_at,
        "endpoints": card.endpoints,
        "kinds": [telling.kind(name) for name in card.kinds],
        "instruments": card.instruments,
        "officials": card.officials,
        "hours": [(_weekday(each.day), each.opens, each.closes) for each in card.hours],
        "time_zone": card.time_zone,
        "their_time": _their_time(card.time_zone, at),
    }


def _instruments(card: PartnerCard) -> list[dict[str, str]]:
    """The instruments of the card, with the way to those that our register has."""
    known = register().instruments
    return [
        {
            "reference": each,
            "url": reverse("agreements:instrument", args=[each]) if each in known else "",
        }
        for each in card.instruments
    ]


def _their_time(zone: str, at: datetime) -> datetime | None:
    """What their clock shows; None where their time zone is none that we know."""
    try:
        return at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _weekday(number: int) -> str:
    from django.utils.dates import WEEKDAYS

    return str(WEEKDAYS.get(number - 1, number))
