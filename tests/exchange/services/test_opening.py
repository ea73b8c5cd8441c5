# SPDX-License-Identifier: Apache-2.0
"""Officers open messages, read their files, and refuse them for a reason of the list."""

from __future__ import annotations

import pytest

from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import PermissionMissingError
from comity.exchange import models
from comity.exchange.evidence import EvidenceKind
from comity.exchange.message_state import MessageState
from comity.exchange.queries.messages import UnknownMessageError, evidences, message
from comity.exchange.services import opening
from comity.exchange.services.receiving import RECEPTION
from comity.exchange.services.stating import bring_to_the_desk
from comity.journal.queries import entries_about
from tests.support.exchange import AUDITOR, CASE_OFFICER, NOON, File, later

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def received(node, *files: File) -> str:
    """A message of the partner, whole."""
    envelope = node.envelope(files=files)
    RECEPTION.receive([node.frame(envelope, files=files)], partner="XS", at=NOON)
    for number, file in enumerate(files):
        put = (envelope.header.id, number, 0, file.sealed())
        RECEPTION.take_part(*put, partner="XS", at=NOON)
    return models.Message.objects.get(identifier=envelope.header.id).reference


def kinds_of(reference: str) -> list[EvidenceKind]:
    return [each.evidence.kind for each in evidences(reference)]


def acts_about(reference: str) -> list[tuple[str, str]]:
    return [(entry.act, entry.actor.reference) for entry in entries_about(reference)]


def test_the_first_officer_who_opens_a_message_tells_its_sender(southland_node):
    reference = received(southland_node)
    bring_to_the_desk(at=NOON)

    opened = opening.open_message(reference, by=CASE_OFFICER, at=later(minutes=5))

    assert opened.envelope.body == {"subject": "Good day"}
    assert opened.state is MessageState.OPENED
    assert kinds_of(reference) == ["relayed", "delivered", "opened"]
    assert evidences(reference)[-1].to_tell
    assert (message(reference).opened_by, message(reference).opened_at) == (
        "OFF-00001",
        later(minutes=5),
    )


def test_whoever_opens_it_again_only_views_it(southland_node):
    reference = received(southland_node)

    opening.open_message(reference, by=CASE_OFFICER, at=NOON)
    opening.open_message(reference, by=CASE_OFFICER, at=later(hours=1))

    assert kinds_of(reference) == ["relayed", "opened"]
    assert acts_about(reference) == [
        ("message-received", "EXCHANGE"),
        ("message-opened", "OFF-00001"),
        ("message-viewed", "OFF-00001"),
    ]


def test_an_auditor_reads_a_message_without_opening_it(southland_node):
    reference = received(southland_node)

    opened = opening.open_message(reference, by=AUDITOR, at=NOON)

    assert opened.state is MessageState.RECEIVED
    assert kinds_of(reference) == ["relayed"]
    assert acts_about(reference)[-1] == ("message-viewed", "OFF-00003")


def test_an_administrator_reads_no_message(southland_node):
    reference = received(southland_node)

    with pytest.raises(PermissionMissingError):
        opening.open_message(reference, by=OPERATOR, at=NOON)


def test_a_message_is_not_opened_before_it_is_whole(southland_node):
    files = [File(b"much")]
    envelope = southland_node.envelope(files=files)
    RECEPTION.receive([southland_node.frame(envelope, files=files)], partner="XS", at=NOON)

    with pytest.raises(opening.MessageNotWholeError):
        opening.open_message(models.Message.objects.get().reference, by=CASE_OFFICER, at=NOON)


def test_a_file_is_read_as_it_was_sent_and_the_reading_is_journalled(southland_node):
    reference = received(southland_node, File(b"evidence", name="photograph.jpg"))

    part = opening.open_part(reference, 0, by=CASE_OFFICER, at=NOON)

    with part.content as content:
        assert (part.name, content.read()) == ("photograph.jpg", b"evidence")
    assert acts_about(reference)[-1] == ("message-part-read", "OFF-00001")
    with pytest.raises(opening.UnknownPartError):
        opening.open_part(reference, 1, by=CASE_OFFICER, at=NOON)


def test_an_opened_message_can_be_refused_for_a_reason_of_the_list(southland_node):
    reference = received(southland_node)
    opening.open_message(reference, by=CASE_OFFICER, at=NOON)

    opening.refuse_message(reference, "not-competent", by=CASE_OFFICER, at=later(hours=1))

    refusal = evidences(reference)[-1]
    assert (refusal.evidence.kind, refusal.evidence.reason.code) == ("refused", "not-competent")
    assert refusal.to_tell
    kept = message(reference)
    assert (kept.state, kept.problem) == (MessageState.REFUSED, "not-competent")


def test_a_message_is_refused_once_and_for_no_other_reason(southland_node):
    reference = received(southland_node)

    with pytest.raises(opening.UnknownRefusalError):
        opening.refuse_message(reference, "no-time", by=CASE_OFFICER, at=NOON)
    opening.refuse_message(reference, "incomplete", by=CASE_OFFICER, at=NOON)
    with pytest.raises(opening.NotRefusableError):
        opening.refuse_message(reference, "incomplete", by=CASE_OFFICER, at=NOON)


def test_a_refused_message_keeps_giving_its_receipt_to_a_sender_who_asks_again(southland_node):
    envelope = southland_node.envelope()
    frame = southland_node.frame(envelope)
    [first] = RECEPTION.receive([frame], partner="XS", at=NOON)
    reference = models.Message.objects.get().reference
    opening.refuse_message(reference, "incomplete", by=CASE_OFFICER, at=NOON)

    assert list(RECEPTION.receive([frame], partner="XS", at=NOON)) == [first]


def test_there_is_no_message_of_that_reference(southland_node):
    with pytest.raises(UnknownMessageError):
        opening.open_message("MSG-99999", by=CASE_OFFICER, at=NOON)
