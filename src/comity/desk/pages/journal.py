# SPDX-License-Identifier: Apache-2.0
"""The journal's pages: the list of acts, one entry with its proof, and the verification."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts import queries as accounts
from comity.accounts.permissions import ROLE_NAMES, Permission, Role
from comity.accounts.services import officer_page
from comity.desk.forms import JournalFilterForm
from comity.journal import queries, services
from comity.journal.chain import FAULTS, Fault
from comity.journal.entry import Entry
from comity.journal.export import export_lines
from comity.journal.reading import EntryFilter
from comity.journal.words import act_in_words, fact_in_words

Answer = TypeVar("Answer", bound=HttpResponseBase)
CHECKPOINTS_SHOWN = 20
VERIFIED = EntryFilter(act="journal-verified")


@never_cache
@require_safe
@officer_page(Permission.VIEW_JOURNAL)
def listing(request: HttpRequest) -> HttpResponse:
    form = JournalFilterForm(request.GET or None)
    page = queries.entries(
        form.wanted(), before=_number(request, "before"), after=_number(request, "after")
    )
    chosen = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "acts": [_told(entry) for entry in page.entries],
        "filtered": bool(chosen),
        "older": _turned(chosen, before=page.older_than),
        "newer": _turned(chosen, after=page.newer_than),
        "size": queries.head().size,
        "may_verify": accounts.officer_of(request.user).may(Permission.VERIFY_JOURNAL),
    }
    return render(request, "desk/journal.html", context)


@never_cache
@require_safe
@officer_page(Permission.VIEW_JOURNAL)
def entry(request: HttpRequest, sequence: int) -> HttpResponse:
    shown, head = queries.entry(sequence), queries.head()
    latest = queries.latest_checkpoint()
    context = {
        "act": _told(shown),
        "facts": [(gettext(fact_in_words(n)), v) for n, v in sorted(shown.facts.items())],
        "previous": queries.entry(sequence - 1) if sequence > 1 else None,
        "newer": sequence + 1 if sequence < head.size else None,
        "canonical": shown.canonical().decode(),
        "proof": queries.proof(sequence) if latest and latest.size >= sequence else None,
        "checkpoint": latest,
    }
    return render(request, "desk/journal_entry.html", context)


@never_cache
@require_safe
@officer_page(Permission.VIEW_JOURNAL)
def proof(request: HttpRequest, sequence: int) -> HttpResponse:
    answer = JsonResponse(queries.proof(sequence).as_dict(), json_dumps_params={"indent": 2})
    return _as_file(answer, f"journal-proof-{sequence}.json")


@never_cache
@require_safe
@officer_page(Permission.VIEW_JOURNAL)
def proof_as_text(request: HttpRequest, sequence: int) -> HttpResponse:
    text = queries.proof(sequence).as_note()
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    return _as_file(answer, f"journal-{sequence}.tlog-proof")


@never_cache
@require_safe
@officer_page(Permission.VERIFY_JOURNAL)
def verification(request: HttpRequest) -> HttpResponse:
    reports = queries.entries(VERIFIED, limit=10).entries
    context = {
        "reports": [(_told(report), _outcome(report)) for report in reports],
        "checkpoints": queries.checkpoints(limit=CHECKPOINTS_SHOWN),
        "keys": queries.trusted_keys(),
        "may_view": accounts.officer_of(request.user).may(Permission.VIEW_JOURNAL),
    }
    return render(request, "desk/journal_verification.html", context)


@require_POST
@officer_page(Permission.VERIFY_JOURNAL)
def verify(request: HttpRequest) -> HttpResponse:
    by = accounts.officer_of(request.user).acting(Permission.VERIFY_JOURNAL)
    report = queries.verify_all(queries.trusted_keys())
    services.record_verification(report, by=by, at=clock.now())
    return redirect("desk:journal_verification")


@require_POST
@officer_page(Permission.VERIFY_JOURNAL)
def sign(request: HttpRequest) -> HttpResponse:
    services.checkpoint(at=clock.now())
    return redirect("desk:journal_verification")


@never_cache
@require_safe
@officer_page(Permission.VERIFY_JOURNAL)
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    note = queries.checkpoint_of_size(size).note
    answer = HttpResponse(note, content_type="text/plain; charset=utf-8")
    return _as_file(answer, f"journal-checkpoint-{size}.txt")


@never_cache
@require_safe
@officer_page(Permission.VERIFY_JOURNAL)
def keys(request: HttpRequest) -> HttpResponse:
    text = "".join(f"{key.text}\n" for key in queries.trusted_keys())
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    return _as_file(answer, "journal.keys")


@require_POST
@officer_page(Permission.VERIFY_JOURNAL)  # type: ignore[arg-type]  # it passes streams too
def export(request: HttpRequest) -> HttpResponseBase:
    by = accounts.officer_of(request.user).acting(Permission.VERIFY_JOURNAL)
    with transaction.atomic():
        services.record("journal-exported", "JOURNAL", by=by, at=clock.now())
    notes = [kept.note for kept in reversed(queries.checkpoints())]
    lines = export_lines(queries.all_entries(), notes)
    answer = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    return _as_file(answer, "journal.jsonl")


def _told(shown: Entry) -> dict[str, Any]:
    """An entry in the reader's words."""
    role = shown.actor.role
    known = role in Role._value2member_map_
    return {
        "entry": shown,
        "words": gettext(act_in_words(shown.act)),
        "role": gettext(ROLE_NAMES[Role(role)]) if known else role,
        "instrument_url": _page_of(shown.instrument),
    }


def _page_of(instrument: str) -> str:
    """The page of an instrument; empty for a reference that no page can have."""
    try:
        return reverse("agreements:instrument", args=[instrument]) if instrument else ""
    except NoReverseMatch:
        return ""


def _outcome(report: Entry) -> dict[str, Any]:
    """What a recorded verification found."""
    facts = report.facts
    reason = facts.get("reason", "")
    return {
        "holds": facts.get("outcome") == "holds",
        "entries": facts.get("count", ""),
        "checkpoints": facts.get("checkpoints", ""),
        "sequence": facts.get("sequence", ""),
        "fault": gettext(FAULTS[Fault(reason)]) if reason else "",
    }


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _turned(chosen: dict[str, str], **place: int | None) -> str:
    """The address of a neighbouring page with the same filter; empty where there is none."""
    if None in place.values():
        return ""
    return f"{reverse('desk:journal')}?{urlencode(chosen | place)}"


def _as_file(answer: Answer, name: str) -> Answer:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
