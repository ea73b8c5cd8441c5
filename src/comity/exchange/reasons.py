# SPDX-License-Identifier: Apache-2.0
"""Why a message was refused, held off or given up: a closed list, with what would change it.

An evidence carries the code and its facts; the words are each reader's own. A code that a newer
partner sends and this list lacks is shown as it is. Codes are permanent and never reused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from comity.catalogues import N_, translate


class ReasonCode(StrEnum):
    """The codes, by what they are about."""

    # The law
    LEGAL_BASIS_DIFFERS = "legal-basis-differs"
    LEGAL_BASIS_INSUFFICIENT = "legal-basis-insufficient"
    LEGAL_BASIS_MISSING = "legal-basis-missing"
    PERSON_MUST_DECIDE = "person-must-decide"
    INSTRUMENT_UNKNOWN = "instrument-unknown"
    QUESTION_UNREADABLE = "question-unreadable"
    QUESTION_OF_OTHERS = "question-of-others"
    # Ceilings
    KIND_NOT_ALLOWED = "kind-not-allowed"
    FORM_NOT_ALLOWED = "form-not-allowed"
    TOO_LARGE = "too-large"
    TOO_MANY_PARTS = "too-many-parts"
    BODY_TOO_LARGE = "body-too-large"
    TOO_MANY_WAITING = "too-many-waiting"
    # What it is
    KIND_UNKNOWN = "kind-unknown"
    WIRE_VERSION_UNKNOWN = "wire-version-unknown"
    ENVELOPE_UNREADABLE = "envelope-unreadable"
    BODY_REFUSED = "body-refused"
    EXPIRED = "expired"
    CREATED_IN_FUTURE = "created-in-future"
    ID_CONFLICT = "id-conflict"
    PART_DIFFERS = "part-differs"
    # Whose it is
    SENDER_DIFFERS = "sender-differs"
    RECIPIENT_DIFFERS = "recipient-differs"
    SIGNATURE_BROKEN = "signature-broken"
    KEY_UNKNOWN = "key-unknown"
    KEY_REVOKED = "key-revoked"
    KEY_NOT_YET_VALID = "key-not-yet-valid"
    KEY_EXPIRED = "key-expired"
    SEALED_FOR_ANOTHER_KEY = "sealed-for-another-key"
    OFFICIAL_MISSING = "official-missing"
    OFFICIAL_NOT_DESIGNATED = "official-not-designated"
    # Evidences that prove nothing
    EVIDENCE_UNREADABLE = "evidence-unreadable"
    EVIDENCE_OF_OTHERS = "evidence-of-others"
    EVIDENCE_OF_UNKNOWN_MESSAGE = "evidence-of-unknown-message"
    EVIDENCE_OF_ANOTHER_ENVELOPE = "evidence-of-another-envelope"
    EVIDENCE_PARTS_DIFFER = "evidence-parts-differ"
    EVIDENCE_NOT_THEIRS_TO_GIVE = "evidence-not-theirs-to-give"
    EVIDENCE_CONTRADICTS = "evidence-contradicts"
    EVIDENCE_OUT_OF_TIME = "evidence-out-of-time"
    # Not now
    PARTNER_UNKNOWN = "partner-unknown"
    PARTNER_NOT_ACTIVE = "partner-not-active"
    PARTNER_SUSPENDED = "partner-suspended"
    QUOTA_REACHED = "quota-reached"
    SLOW_DOWN = "slow-down"
    MAINTENANCE = "maintenance"
    DISK_LOW = "disk-low"
    NOT_NOW = "not-now"
    # Time
    RELAY_OUT_OF_TIME = "relay-out-of-time"
    DELIVERY_OUT_OF_TIME = "delivery-out-of-time"
    OPENING_OUT_OF_TIME = "opening-out-of-time"
    # A person's refusal
    SOVEREIGNTY_OR_SECURITY = "sovereignty-or-security"
    PUBLIC_POLICY = "public-policy"
    DOMESTIC_LAW = "domestic-law"
    SECRECY = "secrecy"
    NOT_COMPETENT = "not-competent"
    NO_RECIPROCITY = "no-reciprocity"
    DISPROPORTIONATE = "disproportionate"
    INCOMPLETE = "incomplete"
    SENT_BY_MISTAKE = "sent-by-mistake"
    # Tried, and not through
    RECEIPT_WORTHLESS = "receipt-worthless"
    NOTHING_CAME_THROUGH = "nothing-came-through"
    # Given up
    TOO_MANY_ATTEMPTS = "too-many-attempts"


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """What a reason says, and the next act of whom it concerns."""

    says: str
    change: str
    """What would change it; empty where nothing would."""


_AGREE_ON_LAW = N_(
    "Compare both findings; correct the register that is behind, or send under another instrument."
)
_NEW_CARD = N_("Exchange partner cards again, and compare the fingerprint.")
_SEND_ANEW = N_("Send it as a new message.")
_WAIT = N_("Nothing: the node tries again by itself.")
_TELL_PARTNER = N_("Tell the partner's administrator; nothing was changed here.")
_DIAGNOSE = N_("Find out with “comity partner diagnose” what is wrong, then try again.")
_CEILING = N_("Send less, or ask the administrator to raise the ceiling for this partner.")

REASONS: Mapping[ReasonCode, ReasonWords] = {
    ReasonCode.LEGAL_BASIS_DIFFERS: ReasonWords(
        N_("the recipient finds no legal basis for it"), _AGREE_ON_LAW
    ),
    ReasonCode.LEGAL_BASIS_INSUFFICIENT: ReasonWords(
        N_("our own assessment of the law does not let it go"),
        N_("Read the findings; send under another instrument, or through the channel they name."),
    ),
    ReasonCode.LEGAL_BASIS_MISSING: ReasonWords(
        N_("it names no legal basis, and messages of this kind need one"),
        N_("Name the instrument, the form of assistance and the purpose."),
    ),
    ReasonCode.PERSON_MUST_DECIDE: ReasonWords(
        N_("the law leaves it to a person, and nobody has decided yet"),
        N_("Ask a unit head or the legal adviser to decide on sending."),
    ),
    ReasonCode.INSTRUMENT_UNKNOWN: ReasonWords(
        N_("the register has no instrument of that reference"), _AGREE_ON_LAW
    ),
    ReasonCode.QUESTION_UNREADABLE: ReasonWords(
        N_("its question to the law cannot be read"), _SEND_ANEW
    ),
    ReasonCode.QUESTION_OF_OTHERS: ReasonWords(
        N_("its question to the law is about other administrations"), _SEND_ANEW
    ),
    ReasonCode.KIND_NOT_ALLOWED: ReasonWords(
        N_("messages of this kind are not exchanged with this partner"),
        N_("Ask the administrator to allow the kind for this partner."),
    ),
    ReasonCode.FORM_NOT_ALLOWED: ReasonWords(
        N_("this form of assistance is not exchanged with this partner"),
        N_("Ask the administrator to allow the form of assistance for this partner."),
    ),
    ReasonCode.TOO_LARGE: ReasonWords(N_("it is larger than the ceiling"), _CEILING),
    ReasonCode.TOO_MANY_PARTS: ReasonWords(N_("it has more parts than the ceiling"), _CEILING),
    ReasonCode.BODY_TOO_LARGE: ReasonWords(
        N_("its body is larger than its kind allows"), N_("Send what is long as a part.")
    ),
    ReasonCode.TOO_MANY_WAITING: ReasonWords(
        N_("too many messages wait for this partner"),
        N_("Find out with “comity partner diagnose” why the partner takes nothing."),
    ),
    ReasonCode.KIND_UNKNOWN: ReasonWords(
        N_("the recipient does not know messages of this kind"),
        N_("Wait for the recipient's upgrade, or send a covering note with files."),
    ),
    ReasonCode.WIRE_VERSION_UNKNOWN: ReasonWords(
        N_("it is written in a version of the wire format that is not known"), _NEW_CARD
    ),
    ReasonCode.ENVELOPE_UNREADABLE: ReasonWords(N_("its envelope cannot be read"), _SEND_ANEW),
    ReasonCode.BODY_REFUSED: ReasonWords(
        N_("its content was refused by what takes messages of this kind"), _SEND_ANEW
    ),
    ReasonCode.EXPIRED: ReasonWords(N_("it arrived after the day on which it expires"), _SEND_ANEW),
    ReasonCode.CREATED_IN_FUTURE: ReasonWords(
        N_("it says that it was made at a time that has not come yet"),
        N_("Set the clocks of both nodes by a time server."),
    ),
    ReasonCode.ID_CONFLICT: ReasonWords(
        N_("another message was received under the same id"), _TELL_PARTNER
    ),
    ReasonCode.PART_DIFFERS: ReasonWords(
        N_("a part is not what its envelope says of it"), _SEND_ANEW
    ),
    ReasonCode.SENDER_DIFFERS: ReasonWords(
        N_("it names another sender than the partner that handed it over"), _TELL_PARTNER
    ),
    ReasonCode.RECIPIENT_DIFFERS: ReasonWords(
        N_("it is addressed to another administration"), _TELL_PARTNER
    ),
    ReasonCode.SIGNATURE_BROKEN: ReasonWords(
        N_("its signature does not fit what was signed"), _TELL_PARTNER
    ),
    ReasonCode.KEY_UNKNOWN: ReasonWords(
        N_("it was signed with a key that is not on the partner's card"), _NEW_CARD
    ),
    ReasonCode.KEY_REVOKED: ReasonWords(
        N_("it was signed with a key that was revoked by then"), _SEND_ANEW
    ),
    ReasonCode.KEY_NOT_YET_VALID: ReasonWords(
        N_("it was signed with a key that was not valid yet"), _SEND_ANEW
    ),
    ReasonCode.KEY_EXPIRED: ReasonWords(
        N_("it was signed with a key that was not valid any more"), _SEND_ANEW
    ),
    ReasonCode.SEALED_FOR_ANOTHER_KEY: ReasonWords(
        N_("it was sealed for a key that the recipient does not have"), _NEW_CARD
    ),
    ReasonCode.OFFICIAL_MISSING: ReasonWords(
        N_("no designated official has signed it"),
        N_("Have a designated official of the partner's card sign it."),
    ),
    ReasonCode.OFFICIAL_NOT_DESIGNATED: ReasonWords(
        N_("whoever signed it is not a designated official of the sender"), _NEW_CARD
    ),
    ReasonCode.EVIDENCE_UNREADABLE: ReasonWords(N_("the evidence cannot be read"), _TELL_PARTNER),
    ReasonCode.EVIDENCE_OF_OTHERS: ReasonWords(
        N_("the evidence is another administration's, or for another"), _TELL_PARTNER
    ),
    ReasonCode.EVIDENCE_OF_UNKNOWN_MESSAGE: ReasonWords(
        N_("the evidence is about a message that is not known"), _TELL_PARTNER
    ),
    ReasonCode.EVIDENCE_OF_ANOTHER_ENVELOPE: ReasonWords(
        N_("the evidence is about another envelope than the one that was sent"), _TELL_PARTNER
    ),
    ReasonCode.EVIDENCE_PARTS_DIFFER: ReasonWords(
        N_("the receipt names other parts than those that were sent"), _TELL_PARTNER
    ),
    ReasonCode.EVIDENCE_NOT_THEIRS_TO_GIVE: ReasonWords(
        N_("the evidence is one that the other side has to give"), _TELL_PARTNER
    ),
    ReasonCode.EVIDENCE_CONTRADICTS: ReasonWords(
        N_("the evidence contradicts an earlier one"), _TELL_PARTNER
    ),
    ReasonCode.EVIDENCE_OUT_OF_TIME: ReasonWords(
        N_("the evidence says that it was made at a time that cannot be"), _TELL_PARTNER
    ),
    ReasonCode.PARTNER_UNKNOWN: ReasonWords(
        N_("the sender is no partner of the recipient"), _NEW_CARD
    ),
    ReasonCode.PARTNER_NOT_ACTIVE: ReasonWords(
        N_("the exchange with this partner is not active"),
        N_("Ask the administrator to confirm or to resume the partner."),
    ),
    ReasonCode.PARTNER_SUSPENDED: ReasonWords(
        N_("the recipient has suspended the exchange for a time"), _WAIT
    ),
    ReasonCode.QUOTA_REACHED: ReasonWords(N_("the day's quota is used up"), _WAIT),
    ReasonCode.SLOW_DOWN: ReasonWords(N_("the recipient asks to go slower"), _WAIT),
    ReasonCode.MAINTENANCE: ReasonWords(N_("the node is under maintenance"), _WAIT),
    ReasonCode.DISK_LOW: ReasonWords(
        N_("the disk is nearly full"), N_("Make room on the disk; nothing was lost.")
    ),
    ReasonCode.NOT_NOW: ReasonWords(N_("the recipient's node failed to take it"), _WAIT),
    ReasonCode.RELAY_OUT_OF_TIME: ReasonWords(N_("no receipt came in time"), _DIAGNOSE),
    ReasonCode.DELIVERY_OUT_OF_TIME: ReasonWords(
        N_("it did not reach the recipient's desk in time"),
        N_("Call the partner's contact point."),
    ),
    ReasonCode.OPENING_OUT_OF_TIME: ReasonWords(
        N_("nobody opened it in time"), N_("Call the partner's contact point.")
    ),
    ReasonCode.SOVEREIGNTY_OR_SECURITY: ReasonWords(
        N_("it would infringe upon sovereignty, security or other essential interests"), ""
    ),
    ReasonCode.PUBLIC_POLICY: ReasonWords(N_("it would be contrary to public policy"), ""),
    ReasonCode.DOMESTIC_LAW: ReasonWords(N_("the recipient's domestic law does not allow it"), ""),
    ReasonCode.SECRECY: ReasonWords(
        N_("it would violate an industrial, commercial or professional secret"), ""
    ),
    ReasonCode.NOT_COMPETENT: ReasonWords(
        N_("the recipient is not competent for the matter"),
        N_("Send it to the authority that is competent."),
    ),
    ReasonCode.NO_RECIPROCITY: ReasonWords(
        N_("the sender could not give the same assistance itself"), ""
    ),
    ReasonCode.DISPROPORTIONATE: ReasonWords(
        N_("the burden would be out of proportion to the benefit"),
        N_("Ask for less, and say why it matters."),
    ),
    ReasonCode.INCOMPLETE: ReasonWords(
        N_("it lacks what the recipient needs to act on it"), _SEND_ANEW
    ),
    ReasonCode.SENT_BY_MISTAKE: ReasonWords(N_("it was evidently sent by mistake"), ""),
    ReasonCode.RECEIPT_WORTHLESS: ReasonWords(
        N_("the partner answered with a receipt that proves nothing"), _TELL_PARTNER
    ),
    ReasonCode.NOTHING_CAME_THROUGH: ReasonWords(
        N_("the partner was reached, and no more of it came through"), _WAIT
    ),
    ReasonCode.TOO_MANY_ATTEMPTS: ReasonWords(
        N_("it was given up after too many attempts"), _DIAGNOSE
    ),
}

REFUSED_BY_A_PERSON = (
    ReasonCode.SOVEREIGNTY_OR_SECURITY,
    ReasonCode.PUBLIC_POLICY,
    ReasonCode.DOMESTIC_LAW,
    ReasonCode.SECRECY,
    ReasonCode.NOT_COMPETENT,
    ReasonCode.NO_RECIPROCITY,
    ReasonCode.DISPROPORTIONATE,
    ReasonCode.INCOMPLETE,
    ReasonCode.SENT_BY_MISTAKE,
)
"""What a person may refuse a message for, in the order in which it is offered."""

TRY_AGAIN = frozenset(
    (
        ReasonCode.CREATED_IN_FUTURE,
        ReasonCode.KEY_UNKNOWN,
        ReasonCode.SEALED_FOR_ANOTHER_KEY,
        ReasonCode.PARTNER_UNKNOWN,
        ReasonCode.PARTNER_NOT_ACTIVE,
        ReasonCode.PARTNER_SUSPENDED,
        ReasonCode.QUOTA_REACHED,
        ReasonCode.SLOW_DOWN,
        ReasonCode.MAINTENANCE,
        ReasonCode.DISK_LOW,
        ReasonCode.NOT_NOW,
    )
)
"""Holds a message off and refuses nothing: a card may be on its way, a clock be set right."""


def in_words(code: str, language: str = "en") -> str:
    """What the reason says; the code itself where this release does not know it."""
    words = _words(code)
    return translate(words.says, language) if words else code


def what_changes_it(code: str, language: str = "en") -> str:
    """The next act; empty where there is none or the code is not known."""
    words = _words(code)
    return translate(words.change, language) if words else ""


def _words(code: str) -> ReasonWords | None:
    return REASONS.get(ReasonCode(code)) if code in frozenset(ReasonCode) else None
