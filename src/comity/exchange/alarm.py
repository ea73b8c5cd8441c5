# SPDX-License-Identifier: Apache-2.0
"""What a person must look at: a closed list of alarms, each with its words and what to do next.

An alarm is raised once and counts how often its cause came again until somebody closes it with a
reason. Its facts are codes and numbers; its proof is what a partner signed, to be shown to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_


class AlarmKind(StrEnum):
    """What is wrong."""

    # What partners' journals show
    LOG_FORKED = "log-forked"
    LOG_REWOUND = "log-rewound"
    LOG_REPLACED = "log-replaced"
    LOG_UNPROVED = "log-unproved"
    LOG_UNTRUSTED = "log-untrusted"
    OWN_LOG_DIFFERS = "own-log-differs"
    # Signatures, keys, clocks
    SIGNATURE_FAILURES = "signature-failures"
    FOREIGN_RECEIPT = "foreign-receipt"
    FOREIGN_SENDER = "foreign-sender"
    ID_CONFLICT = "id-conflict"
    KEY_EXPIRING = "key-expiring"
    KEY_RENEWAL_FAILED = "key-renewal-failed"
    PARTNER_KEY_EXPIRING = "partner-key-expiring"
    PARTNER_CARD_CHANGED = "partner-card-changed"
    PARTNER_KEY_REVOKED = "partner-key-revoked"
    CLOCK_SKEW = "clock-skew"
    REPLAY = "replay"
    # The traffic
    PARTNER_SILENT = "partner-silent"
    PARTNER_ANSWERS_NONSENSE = "partner-answers-nonsense"
    DEAD_LETTERS = "dead-letters"
    QUEUE_STALLED = "queue-stalled"
    QUOTA_REACHED = "quota-reached"
    DISK_LOW = "disk-low"


BEGINS_ANEW = (
    AlarmKind.LOG_FORKED,
    AlarmKind.LOG_REWOUND,
    AlarmKind.LOG_REPLACED,
    AlarmKind.LOG_UNPROVED,
)
"""Closing such an alarm accepts what the journal is now: it is witnessed anew from then on."""


class Gravity(StrEnum):
    """How soon a person must look."""

    NOW = "now"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class AlarmWords:
    """What a kind of alarm says, and the next act."""

    title: str
    remedy: str
    gravity: Gravity = Gravity.TODAY


ALARM_WORDS: Mapping[AlarmKind, AlarmWords] = {
    AlarmKind.LOG_FORKED: AlarmWords(
        N_("A partner's journal shows two histories"),
        N_("Show the proof to the partner's administration by another way than the exchange."),
        Gravity.NOW,
    ),
    AlarmKind.LOG_REWOUND: AlarmWords(
        N_("A partner's journal has gone back behind what it had signed"),
        N_("Ask the partner by telephone whether it restored a backup; if not, show it the proof."),
        Gravity.NOW,
    ),
    AlarmKind.LOG_REPLACED: AlarmWords(
        N_("A partner signs another journal than before"),
        N_("Ask the partner by telephone whether its node was made anew."),
        Gravity.NOW,
    ),
    AlarmKind.LOG_UNPROVED: AlarmWords(
        N_("A partner does not prove that its journal only grew"),
        N_("Ask the partner whether its node was restored; fetch the proof by diagnosing it."),
    ),
    AlarmKind.LOG_UNTRUSTED: AlarmWords(
        N_("A partner's journal is signed by a key that its card does not list"),
        N_("Ask the partner for its newest card."),
    ),
    AlarmKind.OWN_LOG_DIFFERS: AlarmWords(
        N_("Our own journal differs from what a partner saw of it"),
        N_("Verify the journal at once; if a backup was restored, tell every partner."),
        Gravity.NOW,
    ),
    AlarmKind.SIGNATURE_FAILURES: AlarmWords(
        N_("Messages in a partner's name bear signatures that do not fit"),
        N_("Diagnose the partner, and compare the fingerprints of its keys by telephone."),
        Gravity.NOW,
    ),
    AlarmKind.FOREIGN_RECEIPT: AlarmWords(
        N_("A partner answered with a receipt that is not for our message"),
        N_("Tell the partner's administration; the message is sent again."),
    ),
    AlarmKind.FOREIGN_SENDER: AlarmWords(
        N_("A partner handed over a message in another's name, or for another"),
        N_("Tell the partner's administration; nothing was taken."),
        Gravity.NOW,
    ),
    AlarmKind.ID_CONFLICT: AlarmWords(
        N_("A partner sent two different messages under one id"),
        N_("Ask the partner whether its node was restored; the first message stands."),
    ),
    AlarmKind.KEY_EXPIRING: AlarmWords(
        N_("A key of this node expires soon, and no successor was announced"),
        N_("Make a successor with `comity partner rotate-keys`."),
    ),
    AlarmKind.KEY_RENEWAL_FAILED: AlarmWords(
        N_("A key of this node could not be renewed"),
        N_("Look whether the folder of keys can be written and its passphrase or token is there."),
        Gravity.NOW,
    ),
    AlarmKind.PARTNER_KEY_EXPIRING: AlarmWords(
        N_("A partner's key expires soon, and its card names no successor"),
        N_("Ask the partner for its newest card."),
    ),
    AlarmKind.PARTNER_CARD_CHANGED: AlarmWords(
        N_("A partner's card changed something that a person should know of"),
        N_("Compare the two cards; ask the partner by telephone where its endpoint is another."),
    ),
    AlarmKind.PARTNER_KEY_REVOKED: AlarmWords(
        N_("A partner has revoked one of its keys"),
        N_("Look at what came in after the instant that it names, and ask the partner why."),
        Gravity.NOW,
    ),
    AlarmKind.CLOCK_SKEW: AlarmWords(
        N_("A partner's clock and ours differ by more than five minutes"),
        N_("Compare both nodes' clocks with a time server."),
    ),
    AlarmKind.REPLAY: AlarmWords(
        N_("A request that had been answered was sent again by somebody"),
        N_("Look who can read the traffic between the nodes; nothing was taken twice."),
    ),
    AlarmKind.PARTNER_SILENT: AlarmWords(
        N_("A partner has not been reached for a long time"),
        N_("Find out on the partner's page what stands between us."),
    ),
    AlarmKind.PARTNER_ANSWERS_NONSENSE: AlarmWords(
        N_("A partner's node answers what nobody can read"),
        N_("Find out on the partner's page what stands between us, and tell its administration."),
    ),
    AlarmKind.DEAD_LETTERS: AlarmWords(
        N_("Messages were given up"),
        N_("Read the reason of each in the ledger, mend it, and try again."),
    ),
    AlarmKind.QUEUE_STALLED: AlarmWords(
        N_("Messages have waited longer than they should"),
        N_("Find out on the partner's page what stands between us."),
    ),
    AlarmKind.QUOTA_REACHED: AlarmWords(
        N_("A partner has reached what it may send in a day"),
        N_("Raise its ceilings, or ask the partner what it sends."),
    ),
    AlarmKind.DISK_LOW: AlarmWords(
        N_("The disk is nearly full, and large parts are refused"),
        N_("Make room on the disk of the node's folder."),
        Gravity.NOW,
    ),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as pages and commands show it."""

    reference: str
    kind: AlarmKind
    partner: str
    """Code of the partner; empty where it is about this node."""
    message: str
    """Reference of the message in the ledger, if it is about one."""
    facts: Mapping[str, str]
    proof: Mapping[str, Any]
    raised_at: datetime
    repeated: int = 0
    closed_at: datetime | None = None
    closed_by: str = ""
    closed_reason: str = ""
    words: AlarmWords = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", ALARM_WORDS[self.kind])

    @property
    def open(self) -> bool:
        """Whether nobody has closed it yet."""
        return self.closed_at is None

    def as_dict(self) -> dict[str, Any]:
        """The alarm as a program reads it."""
        return {
            "reference": self.reference,
            "kind": self.kind.value,
            "partner": self.partner,
            "message": self.message,
            "facts": dict(self.facts),
            "proof": dict(self.proof),
            "raised_at": self.raised_at.isoformat(),
            "repeated": self.repeated,
            "closed_at": self.closed_at.isoformat() if self.closed_at else None,
            "closed_by": self.closed_by,
        }
