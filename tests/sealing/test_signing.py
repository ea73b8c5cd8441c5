# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.sealing.keys import SigningKey, VerificationKey
from comity.sealing.signing import (
    EnvelopeUnreadableError,
    SignatureBrokenError,
    make_envelope,
    open_envelope,
    pre_authentication_encoding,
    read_envelope,
    sign,
    verify,
)

NORTHLAND, SOUTHLAND, EASTLAND = (SigningKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))
KIND = "application/vnd.comity.receipt+json"

# RFC 8032, 7.1, test 2.
RFC_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
RFC_PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
RFC_SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_the_signature_is_that_of_the_published_vector():
    key = SigningKey.from_seed(RFC_SEED)

    assert key.public.raw.hex() == RFC_PUBLIC
    assert sign(b"\x72", key).hex() == RFC_SIGNATURE
    verify(b"\x72", bytes.fromhex(RFC_SIGNATURE), VerificationKey.from_raw(key.public.raw))


def test_openssl_verifies_a_detached_signature(openssl, tmp_path):
    NORTHLAND.public.save(tmp_path / "key.pem")
    (tmp_path / "content").write_bytes(b"a report")
    (tmp_path / "signature").write_bytes(sign(b"a report", NORTHLAND))

    run = subprocess.run(
        [
            *(openssl, "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", tmp_path / "key.pem"),
            *("-in", tmp_path / "content", "-sigfile", tmp_path / "signature"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Signature Verified Successfully" in run.stdout


@given(st.binary(), st.binary())
def test_a_signature_fits_no_other_bytes(content, other):
    signature = sign(content, NORTHLAND)

    verify(content, signature, NORTHLAND.public)

    if other != content:
        with pytest.raises(SignatureBrokenError):
            verify(other, signature, NORTHLAND.public)
    with pytest.raises(SignatureBrokenError):
        verify(content, signature, SOUTHLAND.public)


def test_what_is_signed_in_an_envelope_is_that_of_the_specification():
    encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")

    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


@given(st.binary(), st.text())
def test_an_envelope_survives_json_and_opens(payload, kind):
    envelope = make_envelope(payload, kind, [NORTHLAND])

    read = read_envelope(json.loads(json.dumps(envelope.as_dict())))

    assert read == envelope
    assert open_envelope(read, kind, [NORTHLAND.public]) == payload


def test_an_envelope_of_another_type_does_not_open():
    envelope = make_envelope(b"{}", KIND, [NORTHLAND])

    with pytest.raises(SignatureBrokenError, match="expected type other"):
        open_envelope(envelope, "other", [NORTHLAND.public])
    with pytest.raises(SignatureBrokenError):
        open_envelope(replace(envelope, payload_type="other"), "other", [NORTHLAND.public])


def test_two_signatures_of_one_key_are_not_those_of_two():
    twice = make_envelope(b"{}", KIND, [NORTHLAND, NORTHLAND])
    both = make_envelope(b"{}", KIND, [NORTHLAND, SOUTHLAND])
    trusted = [NORTHLAND.public, SOUTHLAND.public]

    assert open_envelope(both, KIND, trusted, at_least=2) == b"{}"
    with pytest.raises(SignatureBrokenError, match="1 trusted keys"):
        open_envelope(twice, KIND, [*trusted, NORTHLAND.public], at_least=2)


@pytest.mark.parametrize("at_least", [-1, 0, 1])
def test_an_envelope_that_no_trusted_key_signed_never_opens(at_least):
    envelope = make_envelope(b"{}", KIND, [EASTLAND])

    with pytest.raises(SignatureBrokenError):
        open_envelope(envelope, KIND, [NORTHLAND.public], at_least=at_least)
    with pytest.raises(SignatureBrokenError):
        open_envelope(replace(envelope, signatures=()), KIND, [], at_least=at_least)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"payload": "e30=", "payloadType": KIND},
        {"payload": "e30", "payloadType": KIND, "signatures": []},
        {"payload": 1, "payloadType": KIND, "signatures": []},
        {"payload": "e30=", "payloadType": KIND, "signatures": [{"sig": "!"}]},
        {"payload": "e30=", "payloadType": KIND, "signatures": ["e30="]},
        {"payload": "e30=", "payloadType": KIND, "signatures": 5},
    ],
)
def test_what_is_no_envelope_is_not_read(members):
    with pytest.raises(EnvelopeUnreadableError):
        read_envelope(members)
