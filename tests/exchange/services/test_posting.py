# SPDX-License-Identifier: Apache-2.0
"""A draft becomes a message: assessed, signed once, kept, and receipted by the partner."""

from __future__ import annotations

import pytest

from comity.exchange import models
from comity.exchange.draft import Draft
from comity.exchange.message_state import MessageState
from comity.exchange.note import NOTE, Note
from comity.exchange.queries.messages import envelope_document, envelope_in, evidences, message
from comity.exchange.services.posting import post
from comity.exchange.services.receiving import RECEPTION
from tests.support.exchange import CASE_OFFICER, NOON, asked

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def draft(**more: object) -> Draft:
    """A covering note to Southland."""
    given = {"kind": NOTE, "to": "XS", "body": Note("Good day").body(), "question": asked()}
    return Draft(**(given | more))


def envelope_of(reference: str):
    row = models.Message.objects.get(reference=reference)
    return envelope_in(envelope_document(row.sealed))


def test_a_note_is_accepted_kept_and_receipted(southland_node):
    posted = post(draft(), by=CASE_OFFICER, at=NOON).require()

    assert posted.state is MessageState.QUEUED
    receipt = southland_node.receipt(envelope_of(posted.reference))
    assert list(RECEPTION.hear([receipt], partner="XS", at=NOON)) == [True]

    kept = message(posted.reference)
    assert kept.state is MessageState.RELAYED
    assert (kept.verdict, kept.their_verdict, kept.differs) == ("permitted", "permitted", False)
    kinds = [e.evidence.kind.value for e in evidences(posted.reference)]
    assert kinds == ["submission-accepted", "relayed"]
