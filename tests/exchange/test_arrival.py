# SPDX-License-Identifier: Apache-2.0
"""What is handed over is opened, verified, or named by why it is not: never an error."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.arrival import NOBODY, KeyRing, Sound, Unsound, above_ceiling, opened
from comity.exchange.envelope import PartEntry
from comity.exchange.kind import Kind
from comity.exchange.partner import Binding, CardKey, Ceilings, KeyUse, Partner, PartnerState
from comity.sealing.keys import DecryptionKey, SigningKey
from tests.support.exchange import NOON, PartnerNode
from tests.support.partner_cards import held_card, signing_card_key

OURS = DecryptionKey.from_seed(bytes(range(32)))
NODE = PartnerNode(
    held_card(),
    ours=(
        CardKey(
            KeyUse.ENCRYPTION,
            OURS.public.key_id,
            OURS.public.pem.decode(),
            NOON - timedelta(days=1),
            NOON + timedelta(days=365),
        ),
    ),
)
PARTNER = Partner(
    code="XS",
    name="Southland",
    state=PartnerState.ACTIVE,
    binding=Binding.PUSH,
    endpoint="",
    wire=2,
    kinds=frozenset(),
    keys=NODE.held.card.keys,
    ceilings=Ceilings(),
    card_version=1,
    fingerprint="",
)
ENVELOPE = NODE.envelope()
FRAME = NODE.frame(ENVELOPE)


def looked_at(frame: bytes, partner: Partner = PARTNER) -> Sound | Unsound:
    ring = KeyRing.of(partner.keys, KeyUse.ENVELOPE)
    keys = {OURS.public.key_id: OURS}
    return opened(frame, keys, partner=partner, ring=ring, own="XN", at=NOON)


def test_an_honest_frame_is_sound():
    found = looked_at(FRAME)

    assert isinstance(found, Sound)
    assert (found.envelope, found.digest) == (ENVELOPE, ENVELOPE.digest)


def test_a_low_ceiling_shuts_out_files_and_no_revocation():
    low = Ceilings(parts=0, message_bytes=0)
    part = PartEntry("file.bin", "application/x-test", 1000, "0" * 64)
    envelope = replace(ENVELOPE, parts=(part,))
    note = Kind("exchange.note/1", "", lambda _arrived, _at: None)
    revocation = replace(note, name="exchange.revocation/1", needs_basis=False)

    refused = above_ceiling(envelope, note, low)

    assert refused is not None
    assert refused.code == "too-many-parts"
    assert above_ceiling(ENVELOPE, revocation, replace(low, kinds=frozenset())) is None
    with_file = above_ceiling(envelope, revocation, low)
    assert with_file is not None
    assert with_file.code == "too-many-parts"


@given(st.binary(max_size=400))
def test_nonsense_is_unsound_and_names_nobody(content):
    found = looked_at(content)

    assert isinstance(found, Unsound)
    assert (found.message, found.reason.code) == (NOBODY, "envelope-unreadable")


@given(st.integers(0, len(FRAME) - 1), st.integers(1, 255))
def test_no_bit_of_a_frame_can_be_changed(place, mask):
    altered = bytearray(FRAME)
    altered[place] ^= mask

    assert isinstance(looked_at(bytes(altered)), Unsound)


@given(st.integers(0, len(FRAME) - 1))
def test_no_part_of_a_frame_is_a_frame(length):
    assert isinstance(looked_at(FRAME[:length]), Unsound)


@given(st.integers(-400, 400), st.integers(-400, 400))
def test_a_signature_counts_by_the_validity_of_its_key_when_it_was_made(begins, revoked):
    key = SigningKey.make()
    listed = signing_card_key(
        KeyUse.ENVELOPE,
        key,
        valid_from=NOON + timedelta(hours=begins),
        valid_until=NOON + timedelta(hours=500),
        revoked_at=NOON + timedelta(hours=revoked),
    )
    found = looked_at(NODE.frame(ENVELOPE, key), replace(PARTNER, keys=(listed,)))

    if begins > 0:
        assert found.reason.code == "key-not-yet-valid"
    elif revoked <= 0:
        assert found.reason.code == "key-revoked"
    else:
        assert isinstance(found, Sound)


def test_a_stranger_in_the_keys_place_is_unknown():
    found = looked_at(NODE.frame(ENVELOPE, SigningKey.make()))

    assert found.reason.code == "key-unknown"
    assert not found.remarkable


@pytest.mark.parametrize("use", [KeyUse.IDENTITY, KeyUse.OFFICIAL])
def test_a_key_of_another_use_signs_no_envelope(use):
    key = SigningKey.make()
    listed = signing_card_key(use, key)

    found = looked_at(NODE.frame(ENVELOPE, key), replace(PARTNER, keys=(listed,)))

    assert found.reason.code == "key-unknown"
