# SPDX-License-Identifier: Apache-2.0
"""Items, objects and case files of Northland, with only what matters to a test.

`evidence_home` (tests/evidence/conftest.py) gives the node a folder of its own. Nobody here exists.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from comity.accounts.officer import Officer
from comity.accounts.permissions import Role
from comity.evidence.item import Channel, Description, Item, ItemKind, Rank
from comity.evidence.new_item import OWN, NewItem
from comity.handling.marking import Marking
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose
from tests.support.agreements import NORTHLAND, SOUTHLAND

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)
CUSTODIAN = Officer("OFF-00011", "N. Custodian", frozenset({Role.EVIDENCE_CUSTODIAN}))
SECOND_CUSTODIAN = Officer("OFF-00012", "N. Other", frozenset({Role.EVIDENCE_CUSTODIAN}))
CASE_OFFICER = Officer("OFF-00001", "N. Case", frozenset({Role.CASE_OFFICER}))
UNIT_HEAD = Officer("OFF-00002", "N. Head", frozenset({Role.UNIT_HEAD}))
AUDITOR = Officer("OFF-00003", "N. Auditor", frozenset({Role.AUDITOR}))
CASE = "CASE-2026-7"
CONTENT = b"A list of forty consignments of tobacco.\n" * 40


def evidence_home(settings: Any, home: Path) -> None:
    """Make this process's node Northland's, with a folder and a storage key of its own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=home, administration=NORTHLAND)


def a_case(
    reference: str = CASE,
    *,
    purpose: Purpose = Purpose.ADMIN_ENQUIRY,
    offences: tuple[Offence, ...] = (),
    officers: tuple[Officer, ...] = (CASE_OFFICER,),
) -> str:
    """The reference of an open case file; made where there is none of that reference."""
    from comity.evidence import models

    columns = {
        "purpose": purpose,
        "offences": [offence.value for offence in offences],
        "officers": [officer.reference for officer in officers],
        "opened_by": officers[0].reference,
        "opened_at": AT,
    }
    models.CaseFile.objects.get_or_create(reference=reference, defaults=columns)
    return reference


def supplied(
    supplier: str = SOUTHLAND,
    *,
    marking: Marking | None = None,
    instrument: str = "xn-xs-2020",
    on: date = DAY,
    form: FormOfAssistance | None = None,
    message: str = "",
) -> Channel:
    """How an item came from Southland, under the agreement that the tests know."""
    return Channel(
        number=1,
        supplier=supplier,
        marking=marking if marking is not None else Marking(),
        supplied_on=on,
        instrument=instrument,
        form=form,
        message=message,
    )


def an_item(
    content: bytes = CONTENT,
    *,
    title: str = "List of consignments",
    description: Description | None = None,
    kind: ItemKind = ItemKind.DOCUMENT,
    rank: Rank = Rank.ORIGINAL,
    case: str = "",
    channel: Channel = OWN,
    media_type: str = "text/plain",
    derived_from: tuple[str, ...] = (),
    by: Officer = CUSTODIAN,
    at: datetime = AT,
    **more: Any,
) -> Item:
    """An item with a file, ours unless a channel says from whom it came."""
    from comity.evidence.services import items

    new = NewItem(
        kind=kind,
        rank=Rank.DERIVED if derived_from else rank,
        description=description or Description(title, file_name="consignments.txt"),
        case=case,
        channel=channel,
        media_type=media_type,
        derived_from=derived_from,
        **more,
    )
    return items.add(new, io.BytesIO(content), by=by, at=at)


def an_object(
    kind: ItemKind = ItemKind.SEAL,
    *,
    title: str = "Bolt seal of a container",
    marks: tuple[str, ...] = ("XS-88123",),
    case: str = "",
    channel: Channel = OWN,
    by: Officer = CUSTODIAN,
    at: datetime = AT,
    **more: Any,
) -> Item:
    """A physical object, which has no file."""
    from comity.evidence.services import items

    description = Description(title, marks=marks)
    new = NewItem(kind, Rank.ORIGINAL, description, case=case, channel=channel, **more)
    return items.add(new, by=by, at=at)
