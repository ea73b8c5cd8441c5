# SPDX-License-Identifier: Apache-2.0
"""Silence becomes an evidence at its time, and once."""

from __future__ import annotations

import pytest

from comity.exchange import models
from comity.exchange.evidence import EvidenceKind
from comity.exchange.message_state import MessageState
from comity.exchange.queries.messages import evidences, message
from comity.exchange.services import timing
from comity.exchange.services.posting import post
from comity.exchange.services.receiving import RECEPTION
from comity.exchange.services.stating import bring_to_the_desk
from tests.exchange.services.test_opening import kinds_of, received
from tests.exchange.services.test_posting import draft, envelope_of
from tests.support.exchange import CASE_OFFICER, NOON, later

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def posted(**more: object) -> str:
    return post(draft(**more), by=CASE_OFFICER, at=NOON).require().reference


def test_without_a_receipt_there_is_a_warning_then_the_end_each_once(southland_node):
    reference = posted()

    assert timing.make_due(at=later(hours=3)) == 0
    assert timing.make_due(at=later(hours=4)) == 1
    assert timing.make_due(at=later(hours=5)) == 0
    assert timing.make_due(at=later(days=3)) == 1
    assert timing.make_due(at=later(days=30)) == 0

    assert kinds_of(reference) == ["submission-accepted", "relay-overdue", "relay-failed"]
    kept = message(reference)
    assert (kept.state, kept.problem) == (MessageState.DEAD, "relay-out-of-time")
    assert not any(each.to_tell for each in evidences(reference))


def test_a_message_that_expires_ends_then(southland_node):
    reference = posted(expires=later(hours=1))

    timing.make_due(at=later(hours=1))

    kept = message(reference)
    assert (kept.state, kept.problem) == (MessageState.DEAD, "expired")


def test_a_receipt_that_comes_after_the_end_counts_all_the_same(southland_node):
    reference = posted()
    timing.make_due(at=later(days=3))

    receipt = southland_node.receipt(envelope_of(reference), at=later(days=3))
    assert list(RECEPTION.hear([receipt], partner="XS", at=later(days=4))) == [True]

    kept = message(reference)
    assert (kept.state, kept.problem) == (MessageState.RELAYED, "")


def test_an_opening_that_is_heard_after_the_end_brings_the_message_back(southland_node):
    reference = posted()
    timing.make_due(at=later(days=3))

    opened = southland_node.evidence(EvidenceKind.OPENED, envelope_of(reference), at=later(days=3))
    RECEPTION.hear([opened], partner="XS", at=later(days=4))

    assert message(reference).state is MessageState.OPENED


def test_the_sender_warns_of_a_delivery_and_an_opening_that_do_not_come(southland_node):
    reference = posted()
    envelope = envelope_of(reference)
    RECEPTION.hear([southland_node.receipt(envelope)], partner="XS", at=NOON)

    assert timing.make_due(at=later(hours=4)) == 1
    delivered = southland_node.evidence(EvidenceKind.DELIVERED, envelope, at=later(hours=5))
    RECEPTION.hear([delivered], partner="XS", at=later(hours=5))
    assert timing.make_due(at=later(days=3)) == 0
    assert timing.make_due(at=later(days=3, hours=5)) == 1

    assert kinds_of(reference)[-4:] == [
        "relayed", "delivery-overdue", "delivered", "opening-overdue",
    ]  # fmt: skip


def test_the_recipient_says_that_it_did_not_open_in_time(southland_node):
    reference = received(southland_node)
    bring_to_the_desk(at=NOON)

    assert timing.make_due(at=later(days=9)) == 0
    assert timing.make_due(at=later(days=10)) == 1
    assert timing.make_due(at=later(days=11)) == 0

    last = evidences(reference)[-1]
    assert (last.evidence.kind, last.evidence.to, last.to_tell) == ("not-opened", "XS", True)
    assert message(reference).state is MessageState.DELIVERED


def test_a_message_of_a_kind_that_left_the_node_does_not_reach_the_desk(southland_node, settings):
    reference = received(southland_node)
    settings.MESSAGE_KINDS = "tests.exchange.services.test_timing.NO_KINDS"

    assert bring_to_the_desk(at=NOON) == 0
    assert timing.make_due(at=later(days=1)) == 1

    assert kinds_of(reference) == ["relayed", "not-delivered"]


NO_KINDS: dict[str, object] = {}


def test_nobody_waits_for_a_desk_where_no_person_opens_the_kind(southland_node):
    envelope = southland_node.envelope(kind="exchange.test/1", body={"test": "answer"}, basis=None)
    RECEPTION.receive([southland_node.frame(envelope)], partner="XS", at=NOON)

    assert models.Message.objects.get().state == "received"
    assert timing.make_due(at=later(days=100)) == 0
