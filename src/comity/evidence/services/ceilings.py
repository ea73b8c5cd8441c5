# SPDX-License-Identifier: Apache-2.0
"""Setting ceilings above whoever works at the desk, and refusing what lies above one.

A ceiling is below pages, API, import and export alike: the door out asks it, and so does whatever
brings an item in.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_, Phrase
from comity.errors import NotPermittedError
from comity.evidence import models
from comity.evidence.item import Channel
from comity.evidence.queries.ceilings import DESK, ceiling_towards
from comity.evidence.way_out import WayOut
from comity.handling.ceiling import (
    PART_WORDS,
    Ceiling,
    CeilingUnreadableError,
    ceiling_document,
)
from comity.journal.services import record
from comity.sealing.canonical_json import canonical


class AboveCeilingError(NotPermittedError):
    """An administrator's ceiling stands against the act."""

    code = "above-handling-ceiling"
    message = N_("The ceiling for {subject} does not allow this: it lies above {part}.")
    remedy = N_("Ask an administrator, who sets the ceilings, or hand the matter to another desk.")


@transaction.atomic
def set_ceiling(ceiling: Ceiling, *, partner: str = DESK, by: Officer, at: datetime) -> Ceiling:
    """Set what the desk may handle at most, or what may pass to and from this partner.

    Raises:
        PermissionMissingError: the officer does not administer partners.
        CeilingUnreadableError: it names a way that there is not.
    """
    actor = by.acting(Permission.ADMINISTER_PARTNERS)
    odd = sorted((ceiling.ways or frozenset()) - {way.value for way in WayOut})
    if odd:
        raise CeilingUnreadableError(
            member="ways", obstacle=Phrase(N_("name “{name}”"), name=odd[0][:40])
        )
    document = ceiling_document(ceiling)
    models.HandlingCeiling.objects.create(
        partner=partner, ceiling=document, set_by=by.reference, set_at=at
    )
    digest = hashlib.sha256(canonical(document)).hexdigest()
    subject = partner or "DESK"
    record("evidence-ceiling-set", subject, by=actor, at=at, facts={"digest": digest})
    return ceiling


def require_import(channel: Channel) -> None:
    """Raise `AboveCeilingError` unless an item may be taken in that came by this channel."""
    ceiling = ceiling_towards(channel.supplier)
    forms = (channel.form,) if channel.form is not None else ()
    part = ceiling.above(channel.marking, forms=forms)
    if part is not None:
        raise AboveCeilingError(subject=channel.supplier or "the desk", part=PART_WORDS[part])
