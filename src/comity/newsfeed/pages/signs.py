# SPDX-License-Identifier: Apache-2.0
"""States and degrees as a word with an icon and a tone, never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from comity.agreements.claim import Confidence
from comity.agreements.records import STATE_WORDS, ProposalState
from comity.catalogues import N_
from comity.newsfeed.records import SOURCE_STATE_WORDS, SourceState


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with its icon and tone, as the `sign` include of the templates shows it."""

    word: str
    icon: str
    tone: str


CONFIDENCE_SIGNS: dict[Confidence, tuple[str, str, str]] = {
    Confidence.HIGH: (N_("high confidence"), "check_circle", "yes"),
    Confidence.MEDIUM: (N_("medium confidence"), "info", "yes-notice"),
    Confidence.LOW: (N_("low confidence"), "help", "consent"),
    Confidence.UNVERIFIED: (N_("unverified"), "help_outline", "unknown"),
}
CONFIDENCE_WORDS: dict[str, str] = {
    Confidence.HIGH: N_("high"),
    Confidence.MEDIUM: N_("medium"),
    Confidence.LOW: N_("low"),
    Confidence.UNVERIFIED: N_("unverified"),
}
STATE_SIGNS: dict[ProposalState, tuple[str, str]] = {
    ProposalState.OPEN: ("schedule", "consent"),
    ProposalState.ACCEPTED: ("check_circle", "yes"),
    ProposalState.REJECTED: ("do_not_disturb", "no"),
    ProposalState.WITHDRAWN: ("undo", "unknown"),
}


def language() -> str:
    """The reader's language as the catalogues name it."""
    return (get_language() or "en").partition("-")[0]


def confidence_sign(confidence: Confidence) -> Sign:
    """How far the machine trusts what it read."""
    word, icon, tone = CONFIDENCE_SIGNS[confidence]
    return Sign(gettext(word), icon, tone)


def confidence_word(confidence: str) -> str:
    """The word alone; an unknown code stands for itself."""
    return gettext(CONFIDENCE_WORDS.get(confidence, confidence))


def state_sign(state: ProposalState) -> Sign:
    """Where a card stands."""
    return Sign(gettext(STATE_WORDS[state]), *STATE_SIGNS[state])


SOURCE_SIGNS: dict[SourceState, tuple[str, str]] = {
    SourceState.PAUSED: ("do_not_disturb", "unknown"),
    SourceState.BY_HAND: ("topic", "unknown"),
    SourceState.NEVER_READ: ("hourglass_empty", "yes-notice"),
    SourceState.HEALTHY: ("check_circle", "yes"),
    SourceState.FAILING: ("error", "no"),
    SourceState.SWITCHED_OFF: ("link_off", "unknown"),
}


def source_sign(state: SourceState) -> Sign:
    """How a source is doing."""
    return Sign(gettext(SOURCE_STATE_WORDS[state]), *SOURCE_SIGNS[state])
