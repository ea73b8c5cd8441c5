# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError, InvalidInputError
from comity.exchange.partner import KeyUse
from comity.exchange.partner_card import (
    PAYLOAD_TYPE,
    CardUntrustedError,
    Revocation,
    RevocationReason,
    fingerprint_of,
    read_card,
    read_revocation,
    require_signed_by,
    sign_card,
    sign_revocation,
)
from comity.exchange.signed_document import signed
from comity.exchange.wire import WireFormError, WireLimitError, WireVersionUnknownError
from comity.sealing.canonical_json import canonical
from comity.sealing.keys import KeyFileError
from comity.sealing.signing import SignatureBrokenError
from tests.support.wire import NOON, SIGNER, STRANGER, a_card, an_identity

CARD = a_card()
DOCUMENT = sign_card(CARD, SIGNER)
REVOCATION = Revocation(
    administration="XN",
    use=KeyUse.ENVELOPE,
    key_id="00" * 8,
    revoked_at=NOON,
    issued_at=NOON + timedelta(hours=1),
    reason=RevocationReason.COMPROMISED,
)


def signed_members(**changes: object) -> bytes:
    """A card of another form, properly signed."""
    members = json.loads(CARD.payload()) | changes
    return signed(canonical(members), PAYLOAD_TYPE, [SIGNER])


def test_a_card_reads_back_as_it_was_signed():
    read = read_card(DOCUMENT)

    assert (read.card, read.document) == (CARD, DOCUMENT)
    assert read.fingerprint == CARD.fingerprint


def test_a_fingerprint_is_a_hundred_bits_that_two_people_can_read_to_each_other():
    fingerprint = CARD.fingerprint

    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", fingerprint)
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = 0
    for letter in fingerprint.replace("-", ""):
        number = number * 32 + digits.index(letter)
    expected = hashlib.sha256(CARD.payload()).hexdigest()[:25]
    assert f"{number:025x}" == expected


@given(st.binary())
def test_fingerprints_are_of_one_length(payload):
    assert len(fingerprint_of(payload)) == 24


@pytest.mark.slow
@given(st.integers(0, len(DOCUMENT) - 1), st.integers(1, 255))
def test_any_altered_byte_fails(at, by):
    document = bytearray(DOCUMENT)
    document[at] = (document[at] + by) % 256

    with pytest.raises(ComityError):
        read_card(bytes(document))


@given(st.binary(max_size=100))
def test_no_bytes_at_all_make_the_reader_fail_but_in_its_own_words(content):
    with pytest.raises(InvalidInputError):
        read_card(content)


def test_what_this_release_does_not_know_survives_in_every_place():
    members = json.loads(CARD.payload())
    for place in (members, members["keys"][0], members["officials"][0], members["hours"][0]):
        place["holidays"] = ["2026-12-25"]
    payload = canonical(members)

    read = read_card(signed(payload, PAYLOAD_TYPE, [SIGNER]))

    assert dataclasses.replace(read.card).payload() == payload


@pytest.mark.parametrize(
    "changes",
    [
        {"administration": ""},
        {"name": "a\nb"},
        {"version": 0},
        {"version": "1"},
        {"issued_at": "2026-11-20"},
        {"endpoints": ["ftp://northland.example"]},
        {"endpoints": ["https://a b"]},
        {"wire_versions": []},
        {"wire_versions": [True]},
        {"bindings": ["pigeon"]},
        {"kinds": ["note"]},
        {"keys": []},
        {"hours": [{"day": 0, "opens": "08:00", "closes": "09:00"}]},
        {"hours": [{"day": 1, "opens": "8:00", "closes": "09:00"}]},
        {"officials": [{"reference": "OFC-1"}]},
        {"time_zone": ""},
    ],
)
def test_a_card_of_another_form_is_refused(changes):
    with pytest.raises(WireFormError):
        read_card(signed_members(**changes))


def test_versions_and_limits_are_kept():
    with pytest.raises(WireVersionUnknownError):
        read_card(signed_members(wire=3))
    with pytest.raises(WireLimitError):
        read_card(signed_members(x="x" * 600_000))
    with pytest.raises(WireLimitError):
        read_card(signed_members(keys=json.loads(CARD.payload())["keys"] * 201))


def test_a_card_must_be_signed_by_an_identity_key_that_it_names():
    with pytest.raises(SignatureBrokenError):
        read_card(sign_card(CARD, STRANGER))


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": NOON + timedelta(seconds=1)},
        {"valid_until": NOON},
        {"revoked_at": NOON},
        {"use": KeyUse.ENVELOPE},
    ],
)
def test_the_signing_key_must_be_an_identity_key_on_the_day_of_issue(changes):
    card = a_card(keys=(an_identity(**changes),))

    with pytest.raises(CardUntrustedError):
        read_card(sign_card(card, SIGNER))


def test_a_key_under_another_keys_id_is_refused():
    card = a_card(keys=(an_identity(key_id=STRANGER.public.key_id),))

    with pytest.raises(KeyFileError):
        read_card(sign_card(card, SIGNER))


def test_a_later_card_is_trusted_by_the_identity_key_of_the_earlier_one():
    later = a_card(version=2, keys=(an_identity(), an_identity(STRANGER)))

    require_signed_by(read_card(sign_card(later, SIGNER)), CARD.keys)


def test_a_later_card_signed_by_its_own_new_key_alone_is_not_trusted():
    later = a_card(version=2, keys=(an_identity(), an_identity(STRANGER)))

    with pytest.raises(CardUntrustedError):
        require_signed_by(read_card(sign_card(later, STRANGER)), CARD.keys)


def test_a_revoked_identity_key_brings_no_new_card():
    revoked = an_identity(revoked_at=NOON - timedelta(hours=1))

    with pytest.raises(CardUntrustedError):
        require_signed_by(read_card(DOCUMENT), [revoked])


def test_a_revocation_reads_back_as_it_was_signed():
    assert read_revocation(sign_revocation(REVOCATION, SIGNER), CARD.keys) == REVOCATION


def test_a_strangers_revocation_revokes_nothing():
    with pytest.raises(SignatureBrokenError):
        read_revocation(sign_revocation(REVOCATION, STRANGER), CARD.keys)


def test_a_revocation_is_no_card_and_a_card_no_revocation():
    with pytest.raises(InvalidInputError):
        read_card(sign_revocation(REVOCATION, SIGNER))
    with pytest.raises(InvalidInputError):
        read_revocation(DOCUMENT, CARD.keys)


def test_what_a_newer_release_adds_to_a_revocation_survives():
    revocation = dataclasses.replace(REVOCATION, further={"notice": "press release"})

    assert read_revocation(sign_revocation(revocation, SIGNER), CARD.keys) == revocation
