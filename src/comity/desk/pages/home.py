# SPDX-License-Identifier: Apache-2.0
"""An officer's desk: what waits, by urgency, and the drafts not sent yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils.translation import gettext

from comity.accounts import queries as accounts
from comity.accounts.permissions import Permission
from comity.accounts.services import officer_page
from comity.clock import now
from comity.desk.waiting import Item, by_urgency

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from comity.accounts.officer import Officer


@officer_page()
def home(request: HttpRequest) -> HttpResponse:
    """The first page after sign-in."""
    officer, at = accounts.officer_of(request.user), now()
    drafts = [(d, _page_of(d.form_key)) for d in accounts.drafts_of(officer)]
    context = {"waiting": by_urgency(_items(officer, at), on=at.date()), "drafts": drafts}
    return render(request, "desk/home.html", context)


def _page_of(form_key: str) -> str:
    """The page of a form whose key is its path; empty for any other key."""
    path = f"/{form_key}/"
    return path if is_valid_path(path) else ""


def _items(officer: Officer, at: datetime) -> Iterator[Item]:
    """What each capability has waiting for this officer's permissions."""
    if officer.may(Permission.APPROVE_RECOVERY):
        yield from _recoveries(officer, at)


def _recoveries(officer: Officer, at: datetime) -> Iterator[Item]:
    for recovery in accounts.open_recoveries(at=at):
        if officer.reference not in (recovery.requested_by, recovery.first_approval_by):
            what = gettext("A lost second factor waits for an approval")
            yield Item(what, recovery.reference, reverse("accounts:recoveries"))
