# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest

from comity.exchange.card_change import (
    CardNotNewerError,
    changes,
    read_successor,
    read_whole_card,
    to_be_seen,
)
from comity.exchange.partner import KeyUse
from comity.exchange.partner_card import PAYLOAD_TYPE, CardUntrustedError
from comity.exchange.signed_document import signed
from comity.sealing.keys import SigningKey
from tests.support.partner_cards import DAY, NOON, held_card, signing_card_key


def successor(held, document):
    return read_successor(document, administration="XS", version=1, keys=held.card.keys)


def test_a_card_of_southland_is_whole_and_has_the_fingerprint_of_its_payload():
    held = held_card()

    assert read_whole_card(held.document).card == held.card
    assert read_whole_card(held.document).fingerprint == held.card.fingerprint


def test_a_later_card_by_the_known_identity_follows_the_first():
    held = held_card()
    later = held.signed(version=2, endpoints=("https://new.example:9443",))

    assert successor(held, later.document).card.endpoints == ("https://new.example:9443",)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_card_that_is_not_newer_does_not_follow(version):
    held = held_card(version=3)
    document = held.signed(version=version).document

    with pytest.raises(CardNotNewerError):
        read_successor(document, administration="XS", version=3, keys=held.card.keys)


def test_a_card_of_somebody_with_other_keys_does_not_follow():
    held, impostor = held_card(), held_card()

    with pytest.raises(CardUntrustedError):
        successor(held, impostor.signed(version=2).document)


def test_a_card_of_another_administration_does_not_follow():
    held = held_card()

    with pytest.raises(CardUntrustedError):
        successor(held, held.signed(version=2, administration="XE").document)


def rolled(held):
    new = SigningKey.make()
    return new, (*held.card.keys, signing_card_key(KeyUse.IDENTITY, new))


def test_the_identity_rolls_over_with_both_signatures():
    held = held_card()
    new, keys = rolled(held)

    card = held.signed(new, version=2, keys=keys)

    assert len(successor(held, card.document).card.keys_for(KeyUse.IDENTITY, at=NOON)) == 2


def test_a_new_identity_that_did_not_sign_does_not_follow():
    held = held_card()
    _, keys = rolled(held)

    with pytest.raises(CardUntrustedError):
        successor(held, held.signed(version=2, keys=keys).document)


def test_a_new_identity_alone_does_not_follow():
    held = held_card()
    new = SigningKey.make()
    others = tuple(key for key in held.card.keys if key.use is not KeyUse.IDENTITY)
    card = replace(held.card, version=2, keys=(*others, signing_card_key(KeyUse.IDENTITY, new)))

    with pytest.raises(CardUntrustedError):
        successor(held, signed(card.payload(), PAYLOAD_TYPE, [new]))


def test_a_known_identity_that_was_revoked_signs_no_later_card():
    held = held_card()
    revoked = tuple(
        replace(key, revoked_at=NOON - DAY / 2) if key.use is KeyUse.IDENTITY else key
        for key in held.card.keys
    )

    with pytest.raises(CardUntrustedError):
        read_successor(
            held.signed(version=2).document, administration="XS", version=1, keys=revoked
        )


@pytest.mark.parametrize("use", [KeyUse.ENVELOPE, KeyUse.ENCRYPTION, KeyUse.TLS])
def test_a_key_that_is_not_what_it_says_spoils_the_card(use):
    held = held_card()
    keys = tuple(
        replace(key, key_id="0123456789abcdef") if key.use is use else key for key in held.card.keys
    )

    with pytest.raises(CardUntrustedError):
        read_whole_card(held.signed(keys=keys).document)


@pytest.mark.parametrize("use", [KeyUse.ENVELOPE, KeyUse.ENCRYPTION])
def test_a_card_without_a_key_that_is_needed_is_not_whole(use):
    held = held_card()
    keys = tuple(key for key in held.card.keys if key.use is not use)

    with pytest.raises(CardUntrustedError):
        read_whole_card(held.signed(keys=keys).document)


def test_what_differs_between_two_cards_is_named_and_what_people_should_see_picked_out():
    before = held_card().card
    after = replace(
        before, endpoints=("https://new.example",), kinds=("exchange.note/1",), keys=before.keys[:3]
    )

    assert set(changes(before, after)) == {"endpoints", "kinds", "tls"}
    assert set(to_be_seen(changes(before, after))) == {"endpoints", "tls"}
    assert changes(before, replace(before, version=9)) == ()
