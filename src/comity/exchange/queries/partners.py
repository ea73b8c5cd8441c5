# SPDX-License-Identifier: Apache-2.0
"""A partner as sending and receiving need it: keys, ceilings, what its card says it takes."""

from __future__ import annotations

from comity.exchange import models
from comity.exchange.acquaintance import UnknownPartnerError
from comity.exchange.partner import Partner
from comity.exchange.queries.partner_records import _with_keys, as_partner


def partner(code: str) -> Partner:
    """The partner of this code, in two statements.

    Raises:
        UnknownPartnerError: there is none.
    """
    return _known(code)[1]


def _known(code: str) -> tuple[int, Partner]:
    """The partner with the number of its row, for services that write."""
    row = models.Partner.objects.filter(code=code).prefetch_related("keys").first()
    if row is None:
        raise UnknownPartnerError(partner=code)
    return row.pk, as_partner(row)


def _written_to(code: str) -> tuple[int, Partner]:
    """The partner without its keys, in one statement: all that is needed to write to it."""
    row = models.Partner.objects.filter(code=code).first()
    if row is None:
        raise UnknownPartnerError(partner=code)
    return row.pk, _with_keys(row, ())
