# SPDX-License-Identifier: Apache-2.0
"""States as a word with an icon and a tone, never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from comity.catalogues import N_
from comity.exchange import acquaintance, message_state
from comity.exchange.alarm import Gravity
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import CardKey, PartnerState


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with its icon and tone, as the `sign` include of the templates shows it."""

    word: str
    icon: str
    tone: str


MESSAGE_SIGNS: dict[MessageState, tuple[str, str]] = {
    MessageState.QUEUED: ("schedule", "consent"),
    MessageState.SENDING: ("update", "yes-notice"),
    MessageState.DISPATCHED: ("mail", "yes-notice"),
    MessageState.RELAYED: ("check", "yes-conditions"),
    MessageState.DEAD: ("error", "no"),
    MessageState.REJECTED: ("do_not_disturb", "no"),
    MessageState.ARRIVING: ("hourglass_empty", "yes-notice"),
    MessageState.RECEIVED: ("check", "yes-conditions"),
    MessageState.REFUSED: ("do_not_disturb", "no"),
    MessageState.DELIVERED: ("topic", "yes-conditions"),
    MessageState.OPENED: ("check_circle", "yes"),
    MessageState.WITHDRAWN: ("undo", "unknown"),
}
PARTNER_SIGNS: dict[PartnerState, tuple[str, str]] = {
    PartnerState.PROPOSED: ("help", "person"),
    PartnerState.ACTIVE: ("check_circle", "yes"),
    PartnerState.SUSPENDED: ("do_not_disturb", "consent"),
    PartnerState.ENDED: ("link_off", "none"),
}
GRAVITY_SIGNS: dict[Gravity, tuple[str, str, str]] = {
    Gravity.NOW: (N_("look at once"), "priority_high", "no"),
    Gravity.TODAY: (N_("look today"), "warning", "person"),
}


def message_sign(state: MessageState, direction: Direction) -> Sign:
    """How far a message has come."""
    return Sign(gettext(message_state.state_words(state, direction)), *MESSAGE_SIGNS[state])


def partner_sign(state: PartnerState) -> Sign:
    """How far the acquaintance with a partner has come."""
    return Sign(gettext(acquaintance.STATE_WORDS[state]), *PARTNER_SIGNS[state])


def gravity_sign(gravity: Gravity) -> Sign:
    """How soon an alarm wants a person."""
    word, icon, tone = GRAVITY_SIGNS[gravity]
    return Sign(gettext(word), icon, tone)


def way_sign(*, problem: str, ever_reached: bool, active: bool, by_letter: bool) -> Sign:
    """How the way to a partner is: the last attempt decides."""
    if by_letter:
        return Sign(gettext("by hand"), "mail", "unknown")
    if not active:
        return Sign(gettext("stands still"), "do_not_disturb", "unknown")
    if problem:
        return Sign(gettext("hindered"), "error", "no")
    if ever_reached:
        return Sign(gettext("works"), "check_circle", "yes")
    return Sign(gettext("not tried yet"), "hourglass_empty", "unknown")


def key_sign(key: CardKey, *, at: datetime) -> Sign:
    """Whether a key counts now, not yet, no longer, or was revoked."""
    if key.revoked_at is not None:
        return Sign(gettext("revoked"), "do_not_disturb", "no")
    if key.valid_from > at:
        return Sign(gettext("announced"), "schedule", "yes-notice")
    if key.valid_until <= at:
        return Sign(gettext("over"), "history", "unknown")
    return Sign(gettext("valid"), "check_circle", "yes")
