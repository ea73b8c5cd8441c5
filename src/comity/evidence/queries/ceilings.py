# SPDX-License-Identifier: Apache-2.0
"""The ceilings that administrators set: of the desk, and of what passes to and from one partner."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from comity.errors import ComityError
from comity.evidence import models
from comity.evidence.record_documents import CeilingSet
from comity.exchange.acquaintance import UnknownPartnerError
from comity.exchange.queries.partners import partner as partner_of
from comity.handling.ceiling import NOTHING_PASSES, UNLIMITED, Ceiling, read_ceiling
from comity.reference.taxonomy import FormOfAssistance

DESK = ""
"""Stands for the desk itself, where a partner's code would."""


def ceilings_set() -> tuple[CeilingSet, ...]:
    """Every ceiling that stands, the latest of the desk and of each partner."""
    rows = models.HandlingCeiling.objects.order_by("partner", "-pk").distinct("partner")
    return tuple(CeilingSet(row.partner, _ceiling_in(row), row.set_by, row.set_at) for row in rows)


def ceiling_as_set(partner: str = DESK) -> CeilingSet:
    """The ceiling of one partner or of the desk, and who set it; no limit where nobody did."""
    row = models.HandlingCeiling.objects.filter(partner=partner).order_by("-pk").first()
    if row is None:
        return CeilingSet(partner, UNLIMITED)
    return CeilingSet(partner, _ceiling_in(row), row.set_by, row.set_at)


def ceiling_set(partner: str = DESK) -> Ceiling:
    """The ceiling that was set for this partner, or for the desk; none was set: no limit."""
    row = models.HandlingCeiling.objects.filter(partner=partner).order_by("-pk").first()
    return UNLIMITED if row is None else _ceiling_in(row)


def _ceiling_in(row: models.HandlingCeiling) -> Ceiling:
    try:
        return read_ceiling(row.ceiling)
    except ComityError:  # what was set and cannot be read is no leave to pass
        return NOTHING_PASSES


def ceiling_towards(partner: str = DESK) -> Ceiling:
    """What counts for an act: the desk's ceiling, and with a partner also those of that partner."""
    if not partner:
        return ceiling_set()
    return reduce(Ceiling.meet, (ceiling_set(), ceiling_set(partner), _of_the_exchange(partner)))


def _of_the_exchange(partner: str) -> Ceiling:
    """The forms of assistance that may be exchanged with a partner at all."""
    try:
        forms = partner_of(partner).ceilings.forms
    except UnknownPartnerError:  # it is written to by letter, or not at all
        return UNLIMITED
    except ComityError:
        return NOTHING_PASSES
    if forms is None:
        return UNLIMITED
    return replace(UNLIMITED, forms=frozenset(map(FormOfAssistance, forms)))
