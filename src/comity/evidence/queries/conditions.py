# SPDX-License-Identifier: Apache-2.0
"""What may be done with an item: every purpose asked of the law, with the counterpart's contact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.errors import ComityError
from comity.evidence.conditions import ACTS, Answer, Conditions, Contact, answer_of
from comity.evidence.item import Item
from comity.evidence.lawful_channel import all_of
from comity.evidence.queries.ceilings import ceiling_towards
from comity.evidence.queries.decisions import (
    Circumstances,
    circumstances,
    decided_on,
    persons_decisions,
)
from comity.evidence.queries.keys import UnknownItemError
from comity.evidence.way_out import Refusal, WayOut
from comity.exchange.queries.partner_records import partner_card
from comity.handling.marking import join_all


def conditions_of(reference: str, *, by: Officer, on: date) -> Conditions:
    """What this officer may do with an item on a day; nothing of the item itself is said.

    Raises:
        UnknownItemError: there is no such item, or it lies in a case of others.
        PermissionMissingError: the officer may not see evidence.
    """
    by.require(Permission.VIEW_EVIDENCE)
    around = circumstances((reference,), by=by, on=on)
    item = around.found.items.get(reference)
    if item is None:
        raise UnknownItemError(reference=reference)
    case = around.found.cases.get(item.case)
    made_of = [each for each in all_of(item, around.found.everything) if each is not None]
    contacts = tuple(_contacts(made_of))
    names = {each.administration: each.name for each in contacts}
    answers = tuple(
        replace(each, supplier_name=names.get(each.supplier, ""))
        for each in _answers(reference, around)
    )
    if answers[0].reason is Refusal.NOT_ON_THE_CASE:
        raise UnknownItemError(reference=reference)
    channels = tuple(channel for each in made_of for channel in each.channels)
    return Conditions(
        item=reference,
        on=on,
        purpose=case.purpose if case else None,
        answers=answers,
        channels=channels,
        laid=join_all(channel.marking for channel in channels),
        contacts=contacts,
        return_by=item.return_by,
    )


def _answers(reference: str, around: Circumstances) -> Iterable[Answer]:
    """Each purpose as it stands where something is done with the item, not merely read."""
    ceiling = ceiling_towards()
    for purpose, (use, recipient) in ACTS.items():
        persons = persons_decisions((reference,), recipient, around.on)
        decided = decided_on(
            reference, WayOut.EXPORT, around, use, recipient, persons=persons, ceiling=ceiling
        )
        yield answer_of(purpose, decided.weighed)


def _contacts(items: Iterable[Item]) -> Iterable[Contact]:
    """Whom to ask of each supplier: the first designated official of its card."""
    suppliers = {channel.supplier for item in items for channel in item.channels}
    for code in sorted(suppliers - {""}):
        yield contact_of(code)


def contact_of(code: str) -> Contact:
    """Whom to ask at an administration; by letter where its node is not known."""
    try:
        card = partner_card(code)
    except ComityError:
        card = None
    if card is None:
        return Contact(code, code)
    official = card.officials[0] if card.officials else None
    if official is None:
        return Contact(code, card.name, node=True)
    return Contact(
        code,
        card.name,
        official.office,
        official.name,
        official.telephone,
        official.email,
        node=True,
    )
