# SPDX-License-Identifier: Apache-2.0
"""Why a part of an item is withheld from whoever is given the rest: a closed list of reasons."""

from __future__ import annotations

from enum import StrEnum

from comity.catalogues import N_
from comity.reference.taxonomy import code_of


class RedactionReason(StrEnum):
    """The reason that stands in a redacted copy where something is withheld."""

    PERSONAL_DATA = "personal-data"
    THIRD_PERSON = "third-person"
    SOURCE = "source"
    METHOD = "method"
    COMMERCIAL_SECRET = "commercial-secret"
    LEGAL_PRIVILEGE = "legal-privilege"
    ONGOING_INVESTIGATION = "ongoing-investigation"
    SAFETY = "safety"
    SECURITY = "security"
    SUPPLIER_CONDITION = "supplier-condition"
    OUTSIDE_THE_REQUEST = "outside-the-request"
    COURT_ORDER = "court-order"
    SHOWS_WITHHELD = "shows-withheld"
    """It would show or let one guess what is withheld for another reason."""


REASON_WORDS: dict[RedactionReason, str] = {
    RedactionReason.PERSONAL_DATA: N_("personal data"),
    RedactionReason.THIRD_PERSON: N_("data of a person who is not concerned"),
    RedactionReason.SOURCE: N_("protection of a source"),
    RedactionReason.METHOD: N_("a method of the administration"),
    RedactionReason.COMMERCIAL_SECRET: N_("commercial secret"),
    RedactionReason.LEGAL_PRIVILEGE: N_("legal privilege"),
    RedactionReason.ONGOING_INVESTIGATION: N_("an investigation is under way"),
    RedactionReason.SAFETY: N_("safety of a person"),
    RedactionReason.SECURITY: N_("security or essential interest"),
    RedactionReason.SUPPLIER_CONDITION: N_("a condition of the supplying administration"),
    RedactionReason.OUTSIDE_THE_REQUEST: N_("not part of what was asked for"),
    RedactionReason.COURT_ORDER: N_("an order of a court"),
    RedactionReason.SHOWS_WITHHELD: N_("it would show what is withheld"),
}
"""What a person reads for a reason."""


def reason_of(given: str) -> RedactionReason:
    """The reason of this code.

    Raises:
        UnknownCodeError: there is no such reason; the nearest are named.
    """
    return code_of(RedactionReason, given)
