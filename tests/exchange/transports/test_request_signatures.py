# SPDX-License-Identifier: Apache-2.0
"""HTTP signatures against the text of RFC 9421: the base is built here by hand and compared."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exchange.partner import CardKey, KeyUse
from comity.exchange.transports.request_signatures import (
    ClockSkewError,
    HttpSignatureBrokenError,
    KeyUnknownError,
    Request,
    UnsignedError,
    content_digest,
    sign_answer,
    sign_request,
    verify_answer,
    verify_request,
)
from comity.sealing.keys import SigningKey

KEY = SigningKey.from_seed(bytes(range(32)))
ID = KEY.public.key_id
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NONCE = "0123456789abcdef0123456789abcdef"
URL = "https://southland.example:8443/exchange/2/messages/x?from=3"
KEYS = (
    CardKey(
        KeyUse.ENVELOPE,
        ID,
        KEY.public.pem.decode(),
        AT - timedelta(days=1),
        AT + timedelta(days=1),
    ),
)
BARE = Request(
    "POST",
    URL,
    {
        "Host": "southland.example:8443",
        "Content-Type": "application/json",
        "Content-Digest": content_digest(b"[]"),
    },
)


def signed(request: Request = BARE, *, at: datetime = AT, nonce: str = NONCE) -> Request:
    return replace(request, headers=sign_request(request, KEY, at=at, nonce=nonce))


def signature(headers: dict[str, str]) -> bytes:
    found = re.fullmatch("comity=:(.*):", headers["Signature"])
    assert found is not None
    return base64.b64decode(found[1])


def test_a_request_s_signature_covers_what_the_specification_says():
    request = signed()
    params = (
        '("@method" "@target-uri" "@authority" "content-type" "content-digest")'
        f';created=1795339800;keyid="{ID}";nonce="{NONCE}"'
    )
    base = (
        '"@method": POST\n'
        f'"@target-uri": {URL}\n'
        '"@authority": southland.example:8443\n'
        '"content-type": application/json\n'
        '"content-digest": sha-256=:T1PNoYwrqgwDVLtfmj7L5e0Sq02OEbqHPC8RFhICuUU=:\n'
        f'"@signature-params": {params}'
    )

    headers = dict(request.headers)
    assert headers["Signature-Input"] == f"comity={params}"
    assert KEY.public.fits(signature(headers), base.encode())


def test_an_answer_s_signature_covers_the_request_s():
    request = signed()
    headers = sign_answer(
        200,
        {"Content-Type": "application/json", "Content-Digest": content_digest(b"[]")},
        request,
        KEY,
        at=AT,
    )
    params = (
        '("@status" "content-type" "@method";req "@target-uri";req "signature";req;key="comity"'
        f' "content-digest");created=1795339800;keyid="{ID}"'
    )
    base = (
        '"@status": 200\n'
        '"content-type": application/json\n'
        '"@method";req: POST\n'
        f'"@target-uri";req: {URL}\n'
        f'"signature";req;key="comity": {request.headers["Signature"].removeprefix("comity=")}\n'
        '"content-digest": sha-256=:T1PNoYwrqgwDVLtfmj7L5e0Sq02OEbqHPC8RFhICuUU=:\n'
        f'"@signature-params": {params}'
    )

    assert headers["Signature-Input"] == f"comity={params}"
    assert KEY.public.fits(signature(headers), base.encode())
    verify_answer(200, headers, request, KEYS, at=AT)


def test_what_was_signed_by_hand_is_verified():
    """Another implementation, which orders what it covers in its own way."""
    params = (
        '("content-digest" "@authority" "@target-uri" "@method" "content-type")'
        f';nonce="{NONCE}";keyid="{ID}";created=1795339800'
    )
    base = (
        f'"content-digest": {content_digest(b"[]")}\n'
        '"@authority": southland.example:8443\n'
        f'"@target-uri": {URL}\n'
        '"@method": POST\n'
        '"content-type": application/json\n'
        f'"@signature-params": {params}'
    )
    made = base64.b64encode(KEY.sign(base.encode())).decode()
    headers = {
        **BARE.headers,
        "Signature-Input": f"comity={params}",
        "Signature": f"comity=:{made}:",
    }

    verified = verify_request(replace(BARE, headers=headers), KEYS, at=AT, streamed=False)

    assert (verified.key_id, verified.created, verified.nonce) == (ID, AT, NONCE)


def test_a_streamed_request_needs_no_digest_and_every_other_does():
    bare = {name: value for name, value in BARE.headers.items() if name != "Content-Digest"}
    request = signed(replace(BARE, headers=bare))

    assert verify_request(request, KEYS, at=AT, streamed=True).nonce == NONCE
    with pytest.raises(HttpSignatureBrokenError):
        verify_request(request, KEYS, at=AT, streamed=False)


@pytest.mark.parametrize("nonce", ["", "short", "x" * 65])
def test_a_nonce_is_long_enough_and_not_too_long(nonce: str):
    with pytest.raises(UnsignedError):
        verify_request(signed(nonce=nonce), KEYS, at=AT, streamed=False)


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_five_minutes_are_within_the_window(seconds: int):
    at = AT + timedelta(seconds=seconds)

    assert verify_request(signed(), KEYS, at=at, streamed=False).created == AT


@pytest.mark.parametrize("seconds", [-301, 301, 10**9])
def test_more_than_five_minutes_are_not(seconds: int):
    with pytest.raises(ClockSkewError) as skewed:
        verify_request(signed(), KEYS, at=AT + timedelta(seconds=seconds), streamed=False)

    assert skewed.value.fields["theirs"] == AT.isoformat()


def test_an_answer_is_read_however_far_the_clocks_are_apart():
    request = signed()
    headers = sign_answer(
        401,
        {"Content-Type": "application/json", "Content-Digest": content_digest(b"")},
        request,
        KEY,
        at=AT + timedelta(days=400),
    )

    assert verify_answer(401, headers, request, KEYS, at=AT).key_id == ID


def test_a_second_signature_beside_ours_is_refused():
    request = signed()
    headers = dict(request.headers)
    headers["Signature-Input"] += ", other=" + headers["Signature-Input"].removeprefix("comity=")
    headers["Signature"] += ", other=" + headers["Signature"].removeprefix("comity=")

    with pytest.raises((UnsignedError, HttpSignatureBrokenError)):
        verify_request(replace(request, headers=headers), KEYS, at=AT, streamed=False)


def test_a_signature_of_another_label_is_refused():
    request = signed()
    headers = {name: v.replace("comity=", "sig1=") for name, v in request.headers.items()}

    with pytest.raises(UnsignedError):
        verify_request(replace(request, headers=headers), KEYS, at=AT, streamed=False)


def test_an_algorithm_of_another_name_is_refused():
    request = signed()
    headers = dict(request.headers)
    headers["Signature-Input"] += ';alg="hmac-sha256"'

    with pytest.raises(HttpSignatureBrokenError):
        verify_request(replace(request, headers=headers), KEYS, at=AT, streamed=False)


@pytest.mark.slow
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_whatever_stands_in_the_headers_is_refused_in_our_own_words(nonsense: str):
    for header in ("Signature", "Signature-Input"):
        headers = {**signed().headers, header: nonsense}
        with pytest.raises((UnsignedError, HttpSignatureBrokenError, KeyUnknownError)):
            verify_request(replace(BARE, headers=headers), KEYS, at=AT, streamed=False)
