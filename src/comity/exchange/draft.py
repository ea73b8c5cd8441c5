# SPDX-License-Identifier: Apache-2.0
"""What somebody wants to send, and what became of it: values that cross the exchange's wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comity.accounts.officer import Officer
from comity.agreements.question import Question
from comity.catalogues import N_
from comity.errors import InvalidInputError, NotFoundError, NotPermittedError
from comity.exchange.evidence import LegalFinding, Reason
from comity.exchange.message_state import MessageState
from comity.exchange.reasons import in_words, what_changes_it

SHORTEST_REASON = 10
"""Characters by which somebody can understand later why a person decided."""


class UnknownKindError(NotFoundError):
    """This node has no such kind of message."""

    code = "message-kind-unknown"
    message = N_("This node has no messages of the kind {kind}; it has: {known}.")
    remedy = N_("Name a kind with its version, such as exchange.note/1.")


class DecisionNeededError(NotPermittedError):
    """The law leaves sending to a person, and nobody has decided."""

    code = "sending-needs-decision"
    message = N_("The law leaves it to a person whether this goes to {partner}: {verdict}.")
    remedy = N_("Ask a unit head or the legal adviser to decide on sending, with a reason.")


class MessageRejectedError(NotPermittedError):
    """The message was kept and not accepted for sending."""

    code = "message-rejected"
    message = N_("The message {reference} was not accepted for sending: {reason}.")
    remedy = "{change}"


class DecisionReasonMissingError(InvalidInputError):
    """Somebody decided on sending and did not say why."""

    code = "decision-reason-missing"
    message = N_("A decision on sending needs a reason of {least} characters; found {found}.")
    remedy = N_("Say in a sentence on what the decision rests.")


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A file that lies in the node's storage already."""

    name: str
    """As people call it; what stands before a slash is left out."""
    media_type: str
    blob: str
    """Its name in storage."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision to send where the law leaves it to a person."""

    reason: str
    by: Officer


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it is a message."""

    kind: str
    to: str
    """Code of the partner."""
    body: Mapping[str, Any]
    parts: tuple[DraftPart, ...] = ()
    question: Question | None = None
    """What is asked of the law; its `under` names the instrument, or leaves the choice to us."""
    in_reply_to: str = ""
    """Id of the envelope that this answers."""
    expires: datetime | None = None
    handling: str = ""
    caveats: tuple[str, ...] = ()
    case: str = ""
    official: str = ""
    """Reference of the designated official who signs beside the node."""
    decision: Decision | None = None
    identifier: str = ""
    """The envelope's id (a UUID), where the caller must be able to post the same twice and send
    it once; made here otherwise."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a draft: queued, rejected, or left to a person and not kept."""

    partner: str
    state: MessageState | None
    """None where a person must decide first: nothing was kept."""
    reference: str = ""
    identifier: str = ""
    digest: str = ""
    reason: Reason | None = None
    """Why it was rejected."""
    law: LegalFinding | None = None
    decided: bool = field(default=False)
    """Whether a person's decision let it go."""

    @property
    def accepted(self) -> bool:
        """Whether it will be sent."""
        return self.state not in (None, MessageState.REJECTED)

    @property
    def needs_decision(self) -> bool:
        """Whether it goes once a person decides so."""
        return self.state is None

    def require(self) -> Posted:
        """Itself, where it was accepted.

        Raises:
            DecisionNeededError: a person must decide first.
            MessageRejectedError: it was kept as rejected, with the reason.
        """
        if self.needs_decision:
            verdict = self.law.verdict if self.law else ""
            raise DecisionNeededError(partner=self.partner, verdict=verdict)
        if not self.accepted:
            code = self.reason.code if self.reason else ""
            raise MessageRejectedError(
                reference=self.reference, reason=in_words(code), change=what_changes_it(code)
            )
        return self


def checked_reason(reason: str) -> str:
    """The reason of a decision, stripped; refused where it says nothing."""
    found = reason.strip()
    if len(found) < SHORTEST_REASON:
        raise DecisionReasonMissingError(least=SHORTEST_REASON, found=len(found))
    return found


def file_name(name: str) -> str:
    """The name without folders, line breaks and other characters that are for no eye."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    return printable[:200] or "file"
