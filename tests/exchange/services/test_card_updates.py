# SPDX-License-Identifier: Apache-2.0
"""What partners say anew of themselves, and what we say to them: through the real reception."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.accounts.officer import OPERATOR
from comity.exchange import models
from comity.exchange.card_change import read_successor
from comity.exchange.evidence import EvidenceKind
from comity.exchange.partner import KeyUse
from comity.exchange.partner_card import (
    CardUntrustedError,
    Revocation,
    RevocationReason,
    read_card,
    read_revocation,
    sign_revocation,
)
from comity.exchange.queries.alarms import open_alarms
from comity.exchange.queries.partner_records import partner_record
from comity.exchange.services import (
    assembling,
    card_updates,
    cards,
    key_changes,
    own_keys,
    partners,
)
from comity.exchange.services.assembling import outbox_of
from comity.exchange.services.receiving import RECEPTION
from comity.sealing.canonical_json import canonical
from comity.sealing.keys import SigningKey
from tests.support.exchange import NOON, evidence_of, later, southland_node
from tests.support.partner_cards import held_card, signing_card_key

pytestmark = [pytest.mark.db, pytest.mark.django_db]

KINDS = ("exchange.card/1", "exchange.revocation/1", "exchange.note/1", "exchange.test/1")


@pytest.fixture
def southland(northland_node):
    return southland_node(kinds=KINDS)


def handed(southland, kind, body, *, at=NOON, signers=()):
    """What our node answers to a message of Southland's."""
    envelope = southland.envelope(kind=kind, body=body, at=at, basis=None)
    (outcome,) = RECEPTION.receive([southland.frame(envelope, *signers)], partner="XS", at=at)
    return evidence_of(outcome)


def card_body(document):
    return {"card": json.loads(document)}


def next_card(southland, *more, **changes):
    return southland.held.signed(*more, **({"version": 2} | changes))


def waiting(southland, *, at=NOON):
    """What waits for Southland, read with its key."""
    letters = outbox_of("XS", holder="test").letters(at=at)
    return [southland.read(letter.frame) for letter in letters]


# Theirs


def test_a_new_card_that_came_as_a_message_replaces_endpoint_kinds_and_keys(southland):
    fresh = SigningKey.make()
    keys = (*southland.held.card.keys, signing_card_key(KeyUse.ENVELOPE, fresh))
    card = next_card(southland, endpoints=("https://new.example:1",), keys=keys)
    partners.set_ceilings("XS", parts=2, by=OPERATOR, at=NOON)

    evidence = handed(southland, "exchange.card/1", card_body(card.document))

    assert evidence.kind is EvidenceKind.RELAYED
    partner = partner_record("XS").partner
    assert (partner.card_version, partner.endpoint) == (2, "https://new.example:1")
    assert partner.ceilings.parts == 2
    assert [alarm.kind for alarm in open_alarms(partner="XS")] == ["partner-card-changed"]
    note = southland.envelope()
    (outcome,) = RECEPTION.receive([southland.frame(note, fresh)], partner="XS", at=NOON)
    assert evidence_of(outcome).kind is EvidenceKind.RELAYED  # signed with the new key


def test_a_card_that_changes_nothing_that_people_see_raises_no_alarm(southland):
    card = next_card(southland, kinds=(*KINDS, "assistance.request/1"))

    handed(southland, "exchange.card/1", card_body(card.document))

    assert partner_record("XS").partner.card_version == 2
    assert open_alarms(partner="XS") == ()


def test_a_card_that_is_not_newer_is_receipted_and_has_no_effect(southland):
    card = next_card(southland, version=1, endpoints=("https://old.example:1",))

    evidence = handed(southland, "exchange.card/1", card_body(card.document))

    assert evidence.kind is EvidenceKind.RELAYED
    assert partner_record("XS").partner.endpoint == "https://localhost:9443"


def test_a_card_by_another_identity_is_refused_with_an_evidence(southland):
    card = held_card().signed(version=2)

    evidence = handed(southland, "exchange.card/1", card_body(card.document))

    assert evidence.kind is EvidenceKind.REFUSED
    assert partner_record("XS").partner.card_version == 1


def test_a_body_without_a_card_is_refused(southland):
    assert handed(southland, "exchange.card/1", {"card": "none"}).kind is EvidenceKind.REFUSED


def revocation(southland, key, *, revoked_at, signer=None, administration="XS"):
    statement = Revocation(
        administration, KeyUse.ENVELOPE, key, revoked_at, NOON, RevocationReason.COMPROMISED
    )
    document = sign_revocation(statement, signer or southland.held.identity)
    return {"revocation": json.loads(document)}


def test_a_revoked_key_proves_what_it_signed_before_and_nothing_after(southland):
    key = southland.held.envelope.public.key_id
    since = NOON - timedelta(hours=1)
    body = revocation(southland, key, revoked_at=since)

    # announced with the key itself: there is no other yet
    assert handed(southland, "exchange.revocation/1", body).kind is EvidenceKind.RELAYED

    early = southland.envelope(at=since - timedelta(minutes=1))
    late = southland.envelope(at=since)
    outcomes = RECEPTION.receive(
        [southland.frame(each, to=southland.our_encryption_key()) for each in (early, late)],
        partner="XS",
        at=NOON,
    )
    kinds = [evidence_of(outcome) for outcome in outcomes]
    assert [each.kind for each in kinds] == [EvidenceKind.RELAYED, EvidenceKind.REFUSED]
    assert kinds[1].reason.code == "key-revoked"
    assert "partner-key-revoked" in [alarm.kind for alarm in open_alarms(partner="XS")]


def test_the_earliest_instant_of_a_revocation_stays(southland):
    key = southland.held.envelope.public.key_id
    early, late = NOON - timedelta(hours=2), NOON + timedelta(hours=2)
    for at in (early, late):
        # the second one can no longer be signed with that key: it is taken by its card
        handed(southland, "exchange.revocation/1", revocation(southland, key, revoked_at=at))

    (kept,) = [k for k in partner_record("XS").partner.keys if k.key_id == key]
    assert kept.revoked_at == early
    card = next_card(southland)  # says nothing of the revocation
    partners.propose(card.document, by=OPERATOR, at=NOON)
    (kept,) = [k for k in partner_record("XS").partner.keys if k.key_id == key]
    assert kept.revoked_at == early


def test_a_revocation_that_comes_earlier_is_known_at_the_door_at_once(southland):
    keys = [southland.held.envelope.public.key_id, southland.held.decryption.public.key_id]
    later_ones = [(keys[0], 10), (keys[1], 20), (keys[0], 5)]
    for (key, days), use in zip(later_ones, ("envelope", "encryption", "envelope"), strict=True):
        row = models.Partner.objects.get(code="XS")
        told = Revocation(
            administration="XS",
            use=KeyUse(use),
            key_id=key,
            revoked_at=NOON + timedelta(days=days),
            issued_at=NOON,
            reason=RevocationReason.COMPROMISED,
        )
        card_updates._take_revocation(row, told, by=card_updates.EXCHANGE, at=NOON)
        assembling._partners.all()

    (partner,) = assembling._partners.all()
    (kept,) = [k for k in partner.keys if k.key_id == keys[0]]
    assert kept.revoked_at == NOON + timedelta(days=5)


@pytest.mark.parametrize("changes", [{"signer": SigningKey.make()}, {"administration": "XE"}])
def test_a_revocation_by_or_of_somebody_else_is_refused(southland, changes):
    key = southland.held.envelope.public.key_id
    body = revocation(southland, key, revoked_at=NOON, **changes)

    assert handed(southland, "exchange.revocation/1", body).kind is EvidenceKind.REFUSED
    assert partner_record("XS").partner.keys[0].revoked_at is None


def test_an_identity_that_was_taken_back_signs_no_card_however_early_it_dates_it(southland):
    stolen = southland.held.identity.public.key_id
    row = models.Partner.objects.get(code="XS")
    told = Revocation(
        administration="XS",
        use=KeyUse.IDENTITY,
        key_id=stolen,
        revoked_at=NOON - timedelta(minutes=1),
        issued_at=NOON,
        reason=RevocationReason.COMPROMISED,
    )
    card_updates._take_revocation(row, told, by=card_updates.EXCHANGE, at=NOON)

    card = next_card(southland, issued_at=NOON - timedelta(hours=1))

    with pytest.raises(CardUntrustedError):
        partners.propose(card.document, by=OPERATOR, at=NOON)
    assert partner_record("XS").partner.card_version == 1


# Ours


def test_our_card_is_announced_once_to_each_active_partner(southland):
    assert partners.announce_card(at=NOON) == ("XS",)
    assert partners.announce_card(at=later(hours=1)) == ("XS",)

    (envelope,) = waiting(southland)
    assert envelope.header.kind == "exchange.card/1"
    told = read_card(canonical(envelope.body["card"]))
    assert told.document == cards.own_card(at=NOON).document


def test_a_partner_whose_node_does_not_take_cards_is_left_to_people(northland_node):
    southland = southland_node()

    assert partners.announce_card(at=NOON) == ()
    assert waiting(southland) == []


def test_a_rotation_announces_the_keys_before_they_are_used(southland):
    before = own_keys.signing_key(KeyUse.ENVELOPE, at=NOON).public.key_id

    key_changes.rotate(by=OPERATOR, at=NOON)

    (envelope,) = waiting(southland)
    card = read_card(canonical(envelope.body["card"])).card
    soon = own_keys.signing_key(KeyUse.ENVELOPE, at=later(days=1)).public.key_id
    assert own_keys.signing_key(KeyUse.ENVELOPE, at=later(hours=23)).public.key_id == before != soon
    assert {before, soon} <= {key.key_id for key in card.keys_for(KeyUse.ENVELOPE, at=NOON)}


def test_a_key_taken_back_is_told_with_a_signature_that_partners_know(southland):
    partners.announce_card(at=NOON)
    told = read_card(canonical(waiting(southland)[0].body["card"])).card
    compromised = own_keys.signing_key(KeyUse.ENVELOPE, at=NOON).public.key_id

    key_changes.revoke(compromised, RevocationReason.COMPROMISED, by=OPERATOR, at=later(hours=1))

    successor = own_keys.signing_key(KeyUse.ENVELOPE, at=later(hours=1)).public.key_id
    assert successor != compromised
    assert successor in {key.key_id for key in told.keys_for(KeyUse.ENVELOPE, at=later(hours=1))}
    *_, envelope = waiting(southland, at=later(hours=1))
    assert envelope.header.kind == "exchange.revocation/1"
    statement = read_revocation(canonical(envelope.body["revocation"]), told.keys)
    assert (statement.key_id, statement.revoked_at) == (compromised, later(hours=1))


def test_the_identity_rolls_over_with_both_signatures_on_our_card(southland):
    first = cards.own_card(at=NOON)
    key_changes.rotate([KeyUse.IDENTITY], by=OPERATOR, at=NOON, active_from=later(hours=2))

    card = cards.own_card(at=later(hours=3))

    assert len(card.card.keys_for(KeyUse.IDENTITY, at=later(hours=3))) >= 2
    assert read_successor(
        card.document, administration="XN", version=first.card.version - 1, keys=first.card.keys
    )


def test_a_revoked_key_stays_revoked_on_every_later_card(southland):
    key = own_keys.signing_key(KeyUse.ENVELOPE, at=NOON).public.key_id
    key_changes.revoke(key, RevocationReason.LOST, by=OPERATOR, at=NOON)

    (listed,) = [k for k in cards.own_card(at=later(days=3)).card.keys if k.key_id == key]

    assert listed.revoked_at == NOON
    assert replace(listed, revoked_at=None).fits(NOON)
