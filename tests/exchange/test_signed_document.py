# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError, InvalidInputError
from comity.exchange import wire
from comity.exchange.envelope import PAYLOAD_TYPE
from comity.exchange.signed_document import read_signed, signed, verify_signed
from comity.exchange.wire import DocumentUnknownError, WireFormError, WireLimitError
from comity.sealing.canonical_json import canonical
from comity.sealing.signing import SignatureBrokenError
from tests.support.wire import SIGNER, STRANGER, an_envelope

PAYLOAD = an_envelope().payload()
DOCUMENT = signed(PAYLOAD, PAYLOAD_TYPE, [SIGNER])


def test_the_payload_comes_back_once_the_key_proves_to_have_signed_it():
    assert verify_signed(DOCUMENT, PAYLOAD_TYPE, [STRANGER.public, SIGNER.public]) == PAYLOAD


def test_a_signature_of_a_stranger_proves_nothing():
    with pytest.raises(SignatureBrokenError):
        verify_signed(DOCUMENT, PAYLOAD_TYPE, [STRANGER.public])
    with pytest.raises(SignatureBrokenError):
        verify_signed(DOCUMENT, PAYLOAD_TYPE, [])


def test_two_signatures_of_one_key_are_one():
    document = signed(PAYLOAD, PAYLOAD_TYPE, [SIGNER, SIGNER])

    with pytest.raises(SignatureBrokenError):
        verify_signed(document, PAYLOAD_TYPE, [SIGNER.public, STRANGER.public], at_least=2)


def test_the_node_and_an_official_sign_side_by_side():
    document = signed(PAYLOAD, PAYLOAD_TYPE, [SIGNER, STRANGER])
    keys = [SIGNER.public, STRANGER.public]

    assert verify_signed(document, PAYLOAD_TYPE, keys, at_least=2) == PAYLOAD


def test_a_signature_under_another_keys_name_does_not_count():
    members = json.loads(DOCUMENT)
    members["signatures"][0]["keyid"] = STRANGER.public.key_id

    with pytest.raises(SignatureBrokenError):
        verify_signed(canonical(members), PAYLOAD_TYPE, [SIGNER.public, STRANGER.public])


def test_a_document_of_another_type_is_refused_as_such():
    with pytest.raises(DocumentUnknownError):
        read_signed(signed(PAYLOAD, "text/plain", [SIGNER]), PAYLOAD_TYPE)


def test_a_document_that_says_another_type_than_was_signed_proves_nothing():
    members = json.loads(signed(PAYLOAD, "text/plain", [SIGNER])) | {"payloadType": PAYLOAD_TYPE}

    with pytest.raises(SignatureBrokenError):
        verify_signed(canonical(members), PAYLOAD_TYPE, [SIGNER.public])


@given(st.integers(0, len(DOCUMENT) - 1), st.integers(1, 255))
def test_any_altered_byte_fails(at, by):
    document = bytearray(DOCUMENT)
    document[at] = (document[at] + by) % 256

    with pytest.raises(ComityError):
        verify_signed(bytes(document), PAYLOAD_TYPE, [SIGNER.public])


@given(st.binary(max_size=100))
def test_no_bytes_at_all_make_the_reader_fail_but_in_its_own_words(content):
    with pytest.raises(InvalidInputError):
        read_signed(content, PAYLOAD_TYPE)


def test_another_spelling_of_the_same_base64_is_refused():
    members = json.loads(signed(b"{}  ", PAYLOAD_TYPE, [SIGNER]))
    assert members["payload"].endswith("==")
    members["payload"] = members["payload"][:-3] + "B=="

    with pytest.raises(WireFormError):
        read_signed(canonical(members), PAYLOAD_TYPE)


@pytest.mark.parametrize(
    "signatures", [None, "x", [None], [{}], [{"sig": 1}], [{"sig": "AAA"}], {"sig": ""}]
)
def test_signatures_of_another_form_are_refused(signatures):
    members = json.loads(DOCUMENT) | {"signatures": signatures}

    with pytest.raises(InvalidInputError):
        read_signed(canonical(members), PAYLOAD_TYPE)


def test_too_many_signatures_and_too_long_a_document_are_refused():
    with pytest.raises(WireLimitError):
        read_signed(signed(PAYLOAD, PAYLOAD_TYPE, [SIGNER] * 21), PAYLOAD_TYPE)
    with pytest.raises(WireLimitError):
        read_signed(b" " * (wire.DOCUMENT_BYTES + 1), PAYLOAD_TYPE)
