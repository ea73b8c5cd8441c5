# SPDX-License-Identifier: Apache-2.0
"""The node's own keys: made once, found at every instant, opened from memory only."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from comity.exchange.key_schedule import MADE_USES, NoKeyError
from comity.exchange.partner import KeyUse
from comity.exchange.services import own_keys
from comity.sealing.key_lock import is_sealed
from comity.sealing.keys import VerificationKey

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSPHRASE = "a passphrase of the tests alone"

pytestmark = pytest.mark.db


@pytest.fixture
def home(db, settings, tmp_path: Path) -> Path:
    """A node's folder of the test's own, its keys to be sealed by a passphrase."""
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT, home=tmp_path, administration="XN", key_passphrase=PASSPHRASE
    )
    return tmp_path


def test_making_keys_again_changes_nothing(home):
    first = own_keys.make_own_keys(at=NOON)
    again = own_keys.make_own_keys(at=NOON + timedelta(days=1))
    assert again == first
    assert {key.use for key in first} == {*MADE_USES, KeyUse.JOURNAL}


def test_what_the_signing_key_signs_its_card_key_verifies(home):
    own_keys.make_own_keys(at=NOON)
    key = own_keys.signing_key(KeyUse.ENVELOPE, at=NOON)
    (listed,) = [k for k in own_keys.own_card_keys(at=NOON) if k.use is KeyUse.ENVELOPE]
    assert VerificationKey.from_pem(listed.public.encode()).fits(key.sign(b"said"), b"said")
    assert listed.key_id == key.public.key_id


def test_no_key_signs_after_its_time(home):
    own_keys.make_own_keys(at=NOON)
    with pytest.raises(NoKeyError):
        own_keys.signing_key(KeyUse.ENVELOPE, at=NOON + timedelta(days=800))


def test_private_keys_lie_sealed(home):
    own_keys.make_own_keys(at=NOON)
    files = list((home / "keys" / "exchange").glob("*.pem"))
    assert len(files) == len(MADE_USES)
    assert all(is_sealed(file.read_bytes()) for file in files)


def test_the_tls_library_reads_the_sealed_key(home):
    own_keys.make_own_keys(at=NOON)
    certificate, key = own_keys.tls_paths(at=NOON)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    assert not key.is_relative_to(home)


def test_every_encryption_key_opens(home):
    own_keys.make_own_keys(at=NOON)
    (listed,) = [k for k in own_keys.own_card_keys(at=NOON) if k.use is KeyUse.ENCRYPTION]
    assert list(own_keys.decryption_keys()) == [listed.key_id]
