# SPDX-License-Identifier: Apache-2.0
"""How two administrations become partners: proposed, confirmed by hand, suspended, ended.

The one table of steps, the fingerprint that two people compare by telephone, and the refusals.
Reading a card is left to `partner_card`, keeping it to `services.partners`.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from comity.exchange.partner import Partner, PartnerState

STEPS: Mapping[PartnerState, frozenset[PartnerState]] = {
    PartnerState.PROPOSED: frozenset({PartnerState.ACTIVE, PartnerState.ENDED}),
    PartnerState.ACTIVE: frozenset({PartnerState.SUSPENDED, PartnerState.ENDED}),
    PartnerState.SUSPENDED: frozenset({PartnerState.ACTIVE, PartnerState.ENDED}),
    PartnerState.ENDED: frozenset({PartnerState.PROPOSED}),
}
"""What may follow each state; a new card after the end begins at the beginning."""

STATE_WORDS: Mapping[PartnerState, str] = {
    PartnerState.PROPOSED: N_("proposed"),
    PartnerState.ACTIVE: N_("active"),
    PartnerState.SUSPENDED: N_("suspended"),
    PartnerState.ENDED: N_("ended"),
}

SHORTEST_REASON = 5
_SEPARATORS = re.compile(r"[\s:.–-]+")


@dataclass(frozen=True, slots=True)
class PartnerRecord:
    """A partner as those who administer partners see it."""

    partner: Partner
    proposed_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    suspended_reason: str
    settings: Mapping[str, Any]
    """Folder of its files, language of its letters, and the like."""
    version: int
    reached_at: datetime | None = None
    heard_at: datetime | None = None
    problem: str = ""
    failures: int = 0
    card: bytes = field(default=b"", repr=False)
    """The signed document, byte for byte."""


class UnknownPartnerError(NotFoundError):
    """No partner has this code."""

    code = "unknown-partner"
    message = N_("No partner has the code {partner}.")
    remedy = N_("List the partners with `comity partner list`, or read a card in first.")


class PartnerStepError(NotPermittedError):
    """The partner's state does not allow the step."""

    code = "partner-step"
    message = N_("{partner} is {found}, so it cannot become {wanted}; expected one of: {expected}.")
    remedy = N_("Look at the partner with `comity partner show {partner}`.")


class PartnerHasEndedError(NotPermittedError):
    """The exchange with a partner has ended, and is begun anew or not at all."""

    code = "partner-has-ended"
    message = N_("The exchange with {partner} has ended, so it cannot be resumed.")
    remedy = N_(
        "Begin anew: read its present card in with `comity partner accept`, "
        "and compare the fingerprint again."
    )


class FingerprintDiffersError(NotPermittedError):
    """The fingerprint that was compared is not the one of the card that was read."""

    code = "fingerprint-differs"
    message = N_("The fingerprint given is not the one of the card of {partner} that was read.")
    remedy = N_("Do not confirm it. Ask the partner by telephone to read its fingerprint aloud.")


class ReasonMissingError(InvalidInputError):
    """An act against a partner without a reason that others could understand."""

    code = "partner-reason-missing"
    message = N_("A reason of at least {least} characters is needed, {found} were given.")
    remedy = N_("Say in a few words why, for those who read it later.")


class OwnCardError(InvalidInputError):
    """Our own card was handed to us as a partner's."""

    code = "own-card"
    message = N_("The card is our own: {partner} is the administration that runs this node.")
    remedy = N_("Give this card to the partner, and read in the one that the partner gives.")


class PartnerExistsError(ConflictError):
    """A partner of this code is known already."""

    code = "partner-exists"
    message = N_("{partner} is a partner already, and is {found}.")
    remedy = N_("Look at it with `comity partner show {partner}`.")


def require_step(partner: str, before: PartnerState, after: PartnerState) -> None:
    """Raise `PartnerStepError` unless the table has this step."""
    if after not in STEPS[before]:
        expected = ", ".join(sorted(STEPS[before]))
        raise PartnerStepError(partner=partner, found=before, wanted=after, expected=expected)


def require_same_fingerprint(partner: str, *, given: str, expected: str) -> None:
    """Raise `FingerprintDiffersError` unless the whole of it was given, however spaced."""
    ours, theirs = (_SEPARATORS.sub("", each).upper() for each in (expected, given))
    if not ours or not theirs.isascii() or not hmac.compare_digest(ours, theirs):
        raise FingerprintDiffersError(partner=partner)


def checked_reason(reason: str) -> str:
    """The reason without space around it; raises `ReasonMissingError` where it says nothing."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissingError(least=SHORTEST_REASON, found=len(reason))
    return reason
