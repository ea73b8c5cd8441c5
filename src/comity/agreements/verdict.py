# SPDX-License-Identifier: Apache-2.0
"""The verdicts of a legal-basis assessment, best first, and how they combine.

Restrictions combine by taking the worse verdict (`most_restrictive`), alternatives by taking the
better one (`least_restrictive`). Both are idempotent, commutative and associative, so the order in
which rules are put never matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from comity.catalogues import N_


class Verdict(StrEnum):
    """The answer, best first. The order of definition is the order of the lattice."""

    PERMITTED = "permitted"
    PERMITTED_WITH_NOTICE = "permitted-with-notice"
    PERMITTED_UNDER_CONDITIONS = "permitted-under-conditions"
    PRIOR_CONSENT = "prior-consent"
    PERSON_MUST_DECIDE = "person-must-decide"
    OTHER_CHANNEL_ONLY = "other-channel-only"
    PROHIBITED = "prohibited"
    NO_KNOWN_BASIS = "no-known-basis"
    NO_LEGAL_BASIS = "no-legal-basis"

    @property
    def rank(self) -> int:
        """0 for the best verdict, rising with restriction."""
        return RANKS[self]

    @property
    def permits(self) -> bool:
        """Whether the act may be done (after a notice, or under the stated conditions)."""
        return RANKS[self] <= 2


RANKS: dict[Verdict, int] = {verdict: rank for rank, verdict in enumerate(Verdict)}

VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.PERMITTED: N_("Permitted"),
    Verdict.PERMITTED_WITH_NOTICE: N_("Permitted, with notice to the supplying administration"),
    Verdict.PERMITTED_UNDER_CONDITIONS: N_("Permitted under conditions"),
    Verdict.PRIOR_CONSENT: N_("Prior consent of the supplying administration needed"),
    Verdict.PERSON_MUST_DECIDE: N_("A person must decide"),
    Verdict.OTHER_CHANNEL_ONLY: N_("Only through another channel"),
    Verdict.PROHIBITED: N_("Prohibited"),
    Verdict.NO_KNOWN_BASIS: N_("No basis is known"),
    Verdict.NO_LEGAL_BASIS: N_("There is no legal basis"),
}

RESTS_ON, JUDGED_UNDER = N_("It rests on {governing}."), N_("Judged under {governing}.")


class NoticeTiming(StrEnum):
    """When the supplying administration is told. Only BEFORE blocks until the notice is sent."""

    BEFORE = "BEFORE"
    ON_USE = "ON_USE"
    WITHIN_N = "WITHIN_N"
    UNSPECIFIED = "UNSPECIFIED"


def most_restrictive(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of these verdicts; `permitted` when there is none to restrict."""
    return max(verdicts, key=RANKS.__getitem__, default=Verdict.PERMITTED)


def least_restrictive(verdicts: Iterable[Verdict]) -> Verdict:
    """The best of these verdicts; `no-known-basis` when there is none to rely on."""
    return min(verdicts, key=RANKS.__getitem__, default=Verdict.NO_KNOWN_BASIS)


def governing_words(verdict: Verdict) -> str:
    """The sentence that names the governing instrument: only what is permitted rests on it."""
    return RESTS_ON if verdict.permits else JUDGED_UNDER
