# SPDX-License-Identifier: Apache-2.0
"""Whose items are whose: to an officer who may not see an item, it is as if there were none.

Pages, endpoints and commands ask here for the item that an address or a command names; what of it
may be read or done is for the door and the services to say.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.evidence import models
from comity.evidence.lifetime import Subject, UnknownSubjectError
from comity.evidence.queries.decisions import OVERSEES
from comity.evidence.queries.keys import UnknownItemError
from comity.evidence.queries.lifetime import subject


def narrowed_to(by: Officer) -> str:
    """The officer to whose case files lists are narrowed; nobody for who answers for evidence."""
    return "" if by.roles & OVERSEES else by.reference


def require_seen(references: Collection[str], by: Officer) -> None:
    """Raise for an item in a case file of others.

    Who may not see evidence at all is refused by what is asked for, in words of its own.

    Raises:
        UnknownItemError: one of them lies there.
    """
    if by.may(Permission.VIEW_EVIDENCE) and (hidden := hidden_from(references, by)):
        raise UnknownItemError(reference=min(hidden))


def require_subject_seen(reference: str, by: Officer) -> None:
    """Raise for a person whom nothing but items in case files of others is about.

    Raises:
        UnknownSubjectError: to this officer there is no such person.
    """
    if not sees_subject(subject(reference), by):
        raise UnknownSubjectError(reference=reference)


def sees_subject(one: Subject, by: Officer) -> bool:
    """Whether one item about the person is seen, or there is none yet, or the officer named it."""
    if one.made_by == by.reference or not one.items:
        return True
    return len(hidden_from(one.items, by)) < len(one.items)


def hidden_from(references: Collection[str], by: Officer) -> frozenset[str]:
    """Those of these items that lie in case files of others."""
    if not references or by.roles & OVERSEES:
        return frozenset()
    working = Q(case_file__officers__contains=[by.reference])
    opened = Q(case_file__opened_by=by.reference)
    others = models.Item.objects.filter(reference__in=references, case_file__isnull=False)
    return frozenset(others.exclude(working | opened).values_list("reference", flat=True))
