# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import stat
import subprocess

import pytest

from comity.sealing.keys import (
    DecryptionKey,
    EncryptionKey,
    KeyFileError,
    KeyFileExistsError,
    SigningKey,
    VerificationKey,
)

PAIRS = [(SigningKey, VerificationKey), (DecryptionKey, EncryptionKey)]


@pytest.mark.parametrize(("private_kind", "public_kind"), PAIRS)
def test_a_saved_key_loads_as_the_same_key(private_kind, public_kind, tmp_path):
    key = private_kind.make()

    key.save(tmp_path / "key.pem")
    key.public.save(tmp_path / "key.pub")

    assert private_kind.load(tmp_path / "key.pem").public.fingerprint == key.public.fingerprint
    assert public_kind.load(tmp_path / "key.pub").fingerprint == key.public.fingerprint


@pytest.mark.parametrize("private_kind", [SigningKey, DecryptionKey])
def test_a_private_key_file_is_for_its_owner_only(private_kind, tmp_path):
    private_kind.make().save(tmp_path / "key.pem")

    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("private_kind", [SigningKey, DecryptionKey])
def test_a_key_is_never_written_over_another_file(private_kind, tmp_path):
    (tmp_path / "key.pem").write_text("precious")

    with pytest.raises(KeyFileExistsError):
        private_kind.make().save(tmp_path / "key.pem")

    assert (tmp_path / "key.pem").read_text() == "precious"


def test_a_locked_key_opens_with_its_passphrase_only(tmp_path):
    key, path = DecryptionKey.make(), tmp_path / "recovery.pem"

    key.save(path, b"open sesame")

    assert DecryptionKey.load(path, b"open sesame").public.key_id == key.public.key_id
    with pytest.raises(KeyFileError, match="locked by a passphrase"):
        DecryptionKey.load(path)
    with pytest.raises(KeyFileError):
        DecryptionKey.load(path, b"another")


def test_a_passphrase_for_an_unlocked_key_is_refused(tmp_path):
    SigningKey.make().save(tmp_path / "key.pem")

    with pytest.raises(KeyFileError, match="it is not locked"):
        SigningKey.load(tmp_path / "key.pem", b"needless")


def test_a_key_of_another_kind_is_named_in_the_refusal(tmp_path):
    SigningKey.make().save(tmp_path / "key.pem")

    with pytest.raises(KeyFileError, match="Ed25519PrivateKey, expected X25519PrivateKey"):
        DecryptionKey.load(tmp_path / "key.pem")


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PUBLIC KEY-----\n"])
def test_a_file_without_a_key_is_refused(content, tmp_path):
    (tmp_path / "key").write_bytes(content)

    for kind in (SigningKey, DecryptionKey, VerificationKey, EncryptionKey):
        with pytest.raises(KeyFileError):
            kind.load(tmp_path / "key")


def test_a_missing_key_file_is_named(tmp_path):
    with pytest.raises(KeyFileError, match=r"absent\.pem"):
        SigningKey.load(tmp_path / "absent.pem")


def test_no_key_shows_itself_in_print(tmp_path):
    key = SigningKey.make()

    assert repr(key) == "SigningKey()"
    assert repr(DecryptionKey.make()) == "DecryptionKey()"


@pytest.mark.parametrize("private_kind", [SigningKey, DecryptionKey])
def test_the_fingerprint_is_what_openssl_computes(private_kind, tmp_path, openssl):
    key = private_kind.make()
    key.save(tmp_path / "key.pem")

    spki = subprocess.run(
        [openssl, "pkey", "-in", tmp_path / "key.pem", "-pubout", "-outform", "DER"],
        check=True,
        capture_output=True,
    ).stdout

    assert key.public.fingerprint == hashlib.sha256(spki).hexdigest()
    assert key.public.fingerprint.startswith(key.public.key_id)
