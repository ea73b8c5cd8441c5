# SPDX-License-Identifier: Apache-2.0
"""What the exchange's codes are called: directions, bindings, uses of keys, evidences, channels."""

from __future__ import annotations

from collections.abc import Mapping

from comity.catalogues import N_, translate
from comity.exchange import reasons
from comity.exchange.evidence import EvidenceKind
from comity.exchange.message_life import Happening
from comity.exchange.message_state import Direction
from comity.exchange.partner import Binding, KeyUse

DIRECTION_WORDS: Mapping[Direction, str] = {
    Direction.OUT: N_("sent by us"),
    Direction.IN: N_("sent to us"),
}
BINDING_WORDS: Mapping[Binding, str] = {
    Binding.PUSH: N_("we hand over to its node"),
    Binding.PULL: N_("it fetches from our node"),
    Binding.FOLDER: N_("as files, in a folder or on a stick"),
    Binding.LETTER: N_("by letter; it has no node"),
}
KEY_USE_WORDS: Mapping[KeyUse, str] = {
    KeyUse.IDENTITY: N_("signs its card"),
    KeyUse.ENVELOPE: N_("signs messages and receipts"),
    KeyUse.ENCRYPTION: N_("what is sent to it is sealed for this key"),
    KeyUse.TLS: N_("certificate of its connections"),
    KeyUse.JOURNAL: N_("signs its log"),
    KeyUse.OFFICIAL: N_("a designated official's own"),
}
EVIDENCE_WORDS: Mapping[EvidenceKind, str] = {
    EvidenceKind.SUBMISSION_ACCEPTED: N_("Accepted for sending"),
    EvidenceKind.SUBMISSION_REJECTED: N_("Not accepted for sending"),
    EvidenceKind.RELAY_OVERDUE: N_("No receipt yet: the time to wait for it is over"),
    EvidenceKind.RELAY_FAILED: N_("No receipt came: sending has ended"),
    EvidenceKind.DELIVERY_OVERDUE: N_("Not on the recipient's desk yet"),
    EvidenceKind.OPENING_OVERDUE: N_("Not opened yet"),
    EvidenceKind.RELAYED: N_("Received: the receipt names the digest of every part"),
    EvidenceKind.REFUSED: N_("Refused"),
    EvidenceKind.DELIVERED: N_("Laid on the recipient's desk"),
    EvidenceKind.NOT_DELIVERED: N_("Did not reach the recipient's desk in time"),
    EvidenceKind.OPENED: N_("Opened by an officer of the recipient"),
    EvidenceKind.NOT_OPENED: N_("Not opened in time"),
}

PROBLEM_WORDS: Mapping[str, str] = {
    "peer-name-unknown": N_("the name of its endpoint is not known to the network"),
    "peer-refuses-connection": N_("its machine refuses the connection"),
    "peer-unreachable": N_("its machine does not answer"),
    "peer-tls-failed": N_("no protected connection came about"),
    "peer-certificate-unknown": N_("it showed a certificate that is not on its card"),
    "peer-certificate-expired": N_("its certificate is no longer valid"),
    "own-certificate-refused": N_("it does not accept our certificate"),
    "peer-connection-broken": N_("the connection broke off"),
    "peer-too-slow": N_("it answered too late"),
    "peer-answer-too-large": N_("it answered more than it may"),
    "peer-odd-answer": N_("it answered what cannot be read"),
    "no-key-to-seal-for": N_("its card has no key now that messages can be sealed for"),
    "receipt-refused": N_("its receipt did not fit the message"),
    "nothing-came-through": N_("nothing came through"),
    "too-many-attempts": N_("too many attempts failed"),
    "partner-suspended": N_("the exchange is suspended"),
    "clock-skew": N_("its clock and ours are more than five minutes apart"),
    "replay": N_("it says that it was asked this before"),
    "unsigned": N_("it says that our request was not signed"),
    "http-signature-broken": N_("it says that our signature does not fit"),
    "key-not-yet-valid": N_("it says that our key does not count yet"),
    "key-expired": N_("it says that our key's time is over"),
    "key-revoked": N_("it says that our key was revoked"),
}
"""What stood in the way of an attempt; the reasons of refusals stand in `reasons`."""
MEND_THE_WAY = N_("Find out on the partner's page what stands between us; then try again.")


def problem_in_words(code: str, language: str = "en") -> str:
    """What stood in the way; a code that this release does not know is shown as it is."""
    if code in PROBLEM_WORDS:
        return translate(PROBLEM_WORDS[code], language)
    return reasons.in_words(code, language)


AWAITED_WORDS: Mapping[EvidenceKind, str] = {
    EvidenceKind.RELAY_OVERDUE: N_("The partner's receipt is expected; after this we warn"),
    EvidenceKind.RELAY_FAILED: N_("Without a receipt, sending ends and stands as failed"),
    EvidenceKind.DELIVERY_OVERDUE: N_("It should lie on the recipient's desk; after this we warn"),
    EvidenceKind.OPENING_OVERDUE: N_("The recipient should have opened it; after this we warn"),
    EvidenceKind.NOT_DELIVERED: N_("We must have laid it on a desk, or state that we have not"),
    EvidenceKind.NOT_OPENED: N_("We must have opened it, or state that we have not"),
}
"""What is awaited, by the evidence that its absence becomes."""
HAPPENING_WORDS: Mapping[Happening, str] = {
    Happening.MADE: N_("Written and signed"),
    Happening.ARRIVED: N_("Arrived at our node"),
    Happening.ATTEMPTED: N_("Tried without success; tried again at this time"),
    Happening.WITHDRAWN: N_("Withdrawn before it left"),
}


def step_words(what: Happening | EvidenceKind, *, awaited: bool) -> str:
    """What a step of a message's life is called, marked for translation."""
    if isinstance(what, Happening):
        return HAPPENING_WORDS[what]
    return AWAITED_WORDS[what] if awaited else EVIDENCE_WORDS[what]


def next_act(code: str, language: str = "en") -> str:
    """What would change it; empty where nothing is known."""
    if code in PROBLEM_WORDS:
        return translate(MEND_THE_WAY, language)
    return reasons.what_changes_it(code, language)
