# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from comity.sealing.short_secrets import SecretUnreadableError
from comity.storage import services
from comity.storage.storage_key import (
    STORAGE_KEY,
    StorageKeyDiffersError,
    StorageKeyMissingError,
    key_is_missing,
    storage_key,
)


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    """A home of the test's own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    return tmp_path


def test_the_node_has_one_store_below_its_home(home):
    blob = services.store().put(io.BytesIO(b"something"))

    assert services.store() is services.store()
    assert services.store().open(blob.name).read() == b"something"
    assert list((home / "blobs" / "content").rglob(blob.name))


def test_the_storage_key_is_made_once_and_kept_for_its_owner(home):
    key = services.storage_key()

    assert len(key) == 32
    assert storage_key(home / "keys", home / "blobs") == key
    assert stat.S_IMODE((home / "keys" / STORAGE_KEY).stat().st_mode) == 0o600


def test_records_open_for_the_purpose_they_were_sealed_for(home):
    sealed = services.seal_record(b"an envelope", "envelopes")

    assert services.unseal_record(memoryview(sealed), "envelopes") == b"an envelope"
    assert b"an envelope" not in sealed
    with pytest.raises(SecretUnreadableError):
        services.unseal_record(sealed, "letters")


def test_texts_open_for_the_purpose_they_were_sealed_for(home):
    sealed = services.seal_text_record("report.pdf", "part names")

    assert services.unseal_text_record(sealed, "part names") == "report.pdf"
    with pytest.raises(SecretUnreadableError):
        services.unseal_text_record(sealed, "letters")


def test_a_lost_storage_key_is_said_and_not_silently_replaced(tmp_path):
    keys, blobs = tmp_path / "keys", tmp_path / "blobs"
    storage_key(keys, blobs)
    assert not key_is_missing(keys, blobs)
    (keys / STORAGE_KEY).unlink()

    with pytest.raises(StorageKeyMissingError):
        storage_key(keys, blobs)

    assert key_is_missing(keys, blobs)
    assert not (keys / STORAGE_KEY).exists()


def test_the_storage_key_of_another_backup_is_not_taken_for_ours(tmp_path):
    keys, blobs = tmp_path / "keys", tmp_path / "blobs"
    storage_key(keys, blobs)
    (keys / STORAGE_KEY).write_bytes(os.urandom(32))

    with pytest.raises(StorageKeyDiffersError):
        storage_key(keys, blobs)
