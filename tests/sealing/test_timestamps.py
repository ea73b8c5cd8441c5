# SPDX-License-Identifier: Apache-2.0
"""Time stamps: made by the pilot authority, verified by rfc3161-client and by openssl."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.sealing.seal_certificates import PILOT_POLICY
from comity.sealing.timestamps import (
    StampBrokenError,
    StampRefusedError,
    StampUnreadableError,
    answer_request,
    make_stamp,
    read_answer,
    read_stamp,
    request_stamp,
    verify_stamp,
)
from tests.support.pilot_seals import AT, make_pilot, openssl_verifies_stamp, pilot, ran

CONTENT = b"what is stamped"
DIGEST = hashlib.sha256(CONTENT).digest()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "root.crt").write_bytes(pilot().root.pem)
    (tmp_path / "issuing.crt").write_bytes(pilot().issuing.pem)
    return tmp_path


def answered(request: bytes) -> bytes:
    """What the pilot authority answers."""
    return answer_request(
        request, key=pilot().stamp_key, certificate=pilot().stamp, serial=5, at=AT
    )


def test_a_stamp_says_what_when_and_that_it_is_a_pilot_one():
    stamp = pilot().stamped(DIGEST)
    assert (stamp.digest, stamp.at, stamp.serial) == (DIGEST, AT, 2**64 + 7)
    assert stamp.policy == PILOT_POLICY
    assert stamp.pilot
    assert stamp.authority == pilot().stamp


def test_an_instant_is_told_to_the_millisecond():
    at = AT.replace(microsecond=120_999)
    stamp = make_stamp(DIGEST, key=pilot().stamp_key, certificate=pilot().stamp, serial=1, at=at)
    assert stamp.at == AT.replace(microsecond=120_000)
    verify_stamp(stamp, DIGEST, anchors=[pilot().root], others=[pilot().issuing])


def test_openssl_verifies_a_stamp_and_refuses_an_altered_one(folder):
    token = pilot().stamped(DIGEST).token
    assert openssl_verifies_stamp(folder, CONTENT, token)
    assert not openssl_verifies_stamp(folder, CONTENT + b".", token)
    for place in (token.index(DIGEST), len(token) - 3, 200):
        altered = bytearray(token)
        altered[place] ^= 1
        assert not openssl_verifies_stamp(folder, CONTENT, bytes(altered)), place


def test_openssl_asks_and_takes_the_answer(folder):
    (folder / "content").write_bytes(CONTENT)
    made = ran(
        "openssl", "ts", "-query", "-data", "content", "-sha256", "-cert", "-out", "query",
        folder=folder,
    )  # fmt: skip
    assert made.returncode == 0
    (folder / "answer").write_bytes(answered((folder / "query").read_bytes()))
    verified = ran(
        "openssl", "ts", "-verify", "-queryfile", "query", "-in", "answer",
        "-CAfile", "root.crt", "-untrusted", "issuing.crt", folder=folder,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stderr


def test_an_answer_is_held_to_what_was_asked():
    asked, other = request_stamp(DIGEST), request_stamp(DIGEST)
    assert read_answer(answered(asked.content), asked).digest == DIGEST
    with pytest.raises(StampBrokenError, match="another request"):
        read_answer(answered(other.content), asked)
    elsewhere = replace(asked, digest=bytes(32))
    with pytest.raises(StampBrokenError, match="something else"):
        read_answer(answered(asked.content), elsewhere)


def test_the_authority_refuses_what_it_does_not_understand():
    with pytest.raises(StampRefusedError, match="rejection"):
        read_answer(answered(b"no request"), request_stamp(DIGEST))


def test_a_stamp_of_an_authority_that_nobody_trusts_does_not_hold():
    stamp, stranger = pilot().stamped(DIGEST), make_pilot()
    with pytest.raises(StampBrokenError, match="trusted"):
        verify_stamp(stamp, DIGEST, anchors=[stranger.root], others=[stranger.issuing])
    with pytest.raises(StampBrokenError, match="trusted"):
        verify_stamp(stamp, DIGEST, anchors=[])


def test_a_certificate_that_comes_along_is_not_trusted_for_that():
    stranger = make_pilot()
    stamp = stranger.stamped(DIGEST)
    with pytest.raises(StampBrokenError, match="trusted"):
        verify_stamp(
            stamp, DIGEST, anchors=[pilot().root], others=[stranger.root, stranger.issuing]
        )


@pytest.mark.slow
def test_a_stamp_holds_by_the_instant_that_it_names_and_not_by_todays():
    past = make_pilot(AT - timedelta(days=40 * 365))
    stamp = past.stamped(DIGEST)
    verify_stamp(stamp, DIGEST, anchors=[past.root], others=[past.issuing])
    late = make_stamp(
        DIGEST,
        key=past.stamp_key,
        certificate=past.stamp,
        serial=1,
        at=past.stamp.valid_until - timedelta(seconds=1),
    )
    verify_stamp(late, DIGEST, anchors=[past.root], others=[past.issuing])
    too_late = make_stamp(
        DIGEST,
        key=past.stamp_key,
        certificate=past.stamp,
        serial=1,
        at=past.stamp.valid_until + timedelta(days=1),
    )
    with pytest.raises(StampBrokenError):
        verify_stamp(too_late, DIGEST, anchors=[past.root], others=[past.issuing])


def test_a_seals_key_makes_no_time_stamps():
    stamp = make_stamp(DIGEST, key=pilot().seal_key, certificate=pilot().seal, serial=1, at=AT)
    with pytest.raises(StampBrokenError):
        verify_stamp(stamp, DIGEST, anchors=[pilot().root], others=[pilot().issuing])


@pytest.mark.slow
def test_a_stamp_with_any_byte_altered_is_another_one_or_none():
    token, held = pilot().stamped(DIGEST).token, []
    for place in range(len(token)):
        altered = bytearray(token)
        altered[place] ^= 1 << place % 8
        try:
            stamp = read_stamp(bytes(altered))
            verify_stamp(stamp, DIGEST, anchors=[pilot().root], others=[pilot().issuing])
        except (StampBrokenError, StampUnreadableError):
            continue
        held.append(place)
    assert held == []


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_rubbish_is_refused_in_words(content):
    with pytest.raises(ComityError):
        read_stamp(content)
    with pytest.raises(ComityError):
        read_answer(content, request_stamp(DIGEST))
