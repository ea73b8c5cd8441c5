# SPDX-License-Identifier: Apache-2.0
"""The ceilings that administrators set: of the desk, and of what passes to and from one partner."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from comity.errors import ComityError
from comity.evidence import models
from comity.exchange.acquaintance import UnknownPartnerError
from comity.exchange.queries.partners import partner as partner_of
from comity.handling.ceiling import NOTHING_PASSES, UNLIMITED, Ceiling, read_ceiling
from comity.reference.taxonomy import FormOfAssistance

DESK = ""
"""Stands for the desk itself, where a partner's code would."""


def ceiling_set(partner: str = DESK) -> Ceiling:
    """The ceiling that was set for this partner, or for the desk; none was set: no limit."""
    row = models.HandlingCeiling.objects.filter(partner=partner).order_by("-pk").first()
    if row is None:
        return UNLIMITED
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
