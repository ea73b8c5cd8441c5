# SPDX-License-Identifier: Apache-2.0
"""One evidence of a message, by its id: what a person or a program downloads as a proof."""

from __future__ import annotations

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.exchange.queries.messages import MessageEvidence, evidences, message


class UnknownEvidenceError(NotFoundError):
    """The message has no such evidence."""

    code = "message-evidence-unknown"
    message = N_("{reference} has no evidence {identifier}.")
    remedy = N_("The message lists its evidences with their ids.")


def message_evidence(reference: str, identifier: str) -> MessageEvidence:
    """The evidence of this id.

    Raises:
        UnknownMessageError, UnknownEvidenceError: there is none.
    """
    message(reference)
    found = [each for each in evidences(reference) if each.evidence.id == identifier]
    if not found:
        raise UnknownEvidenceError(reference=reference, identifier=identifier)
    return found[0]
