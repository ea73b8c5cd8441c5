# SPDX-License-Identifier: Apache-2.0
"""Private keys at rest: sealed by one wrapping key, which a passphrase or a token closes."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.sealing.key_folder import (
    WRAPPING_FILE,
    KeyFolder,
    KeysLockedError,
    NoLockError,
    key_folder,
    lock_of,
)
from comity.sealing.key_lock import (
    KeySealBrokenError,
    PassphraseLock,
    WeakPassphraseError,
    WrappingKeyUnreadableError,
    WrongPassphraseError,
    is_sealed,
    new_wrapping_key,
    open_key,
    seal_key,
)
from comity.sealing.keys import KeyFileError, KeyFileExistsError, SigningKey

LOCK = PassphraseLock("a passphrase of the tests")
PEM = SigningKey.from_seed(b"1" * 32).private_pem()


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys", LOCK)


def test_a_key_lies_sealed_for_its_owner_alone_and_opens_again(folder):
    folder.write("exchange/1.pem", PEM)
    file = folder.path / "exchange" / "1.pem"
    assert is_sealed(file.read_bytes())
    assert b"PRIVATE" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((folder.path / WRAPPING_FILE).stat().st_mode) == 0o600
    assert folder.read("exchange/1.pem") == PEM


def test_without_a_lock_a_key_lies_open(tmp_path):
    folder = KeyFolder(tmp_path)
    folder.write("1.pem", PEM)
    assert (tmp_path / "1.pem").read_bytes() == PEM == folder.read("1.pem")


def test_once_one_is_sealed_no_key_is_written_open(folder):
    folder.write("1.pem", PEM)
    bare = KeyFolder(folder.path)
    with pytest.raises(KeysLockedError):
        bare.write("2.pem", PEM)
    with pytest.raises(KeysLockedError):
        bare.read("1.pem")


def test_a_key_is_never_written_over_another(folder):
    folder.write("1.pem", PEM)
    with pytest.raises(KeyFileExistsError):
        folder.write("1.pem", b"another")
    assert folder.read("1.pem") == PEM
    assert sorted(file.name for file in folder.path.iterdir()) == ["1.pem", WRAPPING_FILE]


@pytest.mark.slow
def test_a_sealed_key_does_not_pass_for_another(folder):
    folder.write("1.pem", PEM)
    (folder.path / "2.pem").write_bytes((folder.path / "1.pem").read_bytes())
    with pytest.raises(KeySealBrokenError):
        folder.read("2.pem")


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_altered_bit_of_a_sealed_key_goes_unseen(place, bit):
    wrapping = new_wrapping_key()
    sealed = bytearray(seal_key(PEM, wrapping=wrapping, name="1.pem"))
    sealed[place % len(sealed)] ^= 1 << bit
    try:
        opened = open_key(bytes(sealed), wrapping=wrapping, name="1.pem")
    except KeySealBrokenError:
        return
    assert opened == PEM  # a line break of the base64, or the magic, which is read before


@pytest.mark.slow
def test_another_passphrase_opens_nothing(folder):
    folder.write("1.pem", PEM)
    with pytest.raises(WrongPassphraseError):
        KeyFolder(folder.path, PassphraseLock("another passphrase here")).read("1.pem")


def test_a_short_passphrase_is_refused_and_not_shown():
    with pytest.raises(WeakPassphraseError) as refused:
        PassphraseLock("short")
    assert "short" not in str(refused.value)
    assert "passphrase of" not in repr(LOCK)


@pytest.mark.slow
def test_changing_the_passphrase_leaves_every_key_file_as_it_is(folder):
    folder.write("1.pem", PEM)
    before = (folder.path / "1.pem").read_bytes()
    changed = folder.change_lock(PassphraseLock("another passphrase here"))
    assert (folder.path / "1.pem").read_bytes() == before
    assert changed.read("1.pem") == PEM
    with pytest.raises(WrongPassphraseError):
        KeyFolder(folder.path, LOCK).read("1.pem")


@pytest.mark.slow
def test_what_lay_open_is_sealed_and_public_keys_are_not(tmp_path):
    bare = KeyFolder(tmp_path)
    bare.write("exchange/1.pem", PEM)
    bare.write("storage-key", b"k" * 32)
    (tmp_path / "recovery.public.pem").write_bytes(b"public")
    folder = KeyFolder(tmp_path, LOCK)
    assert [file.sealed for file in folder.files()] == [False, False]
    assert folder.seal_all() == ("exchange/1.pem", "storage-key")
    assert folder.seal_all() == ()
    assert folder.read("storage-key") == b"k" * 32
    assert (tmp_path / "recovery.public.pem").read_bytes() == b"public"


def test_nothing_is_sealed_without_a_lock(tmp_path):
    with pytest.raises(NoLockError):
        KeyFolder(tmp_path).seal_all()


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"format": "comity-wrapping-key/9", "lock": "passphrase"}',
        b'{"format": "comity-wrapping-key/1", "lock": "passphrase"}',
        b'{"format": "comity-wrapping-key/1", "lock": "token", "wrapped": ""}',
    ],
)
def test_a_damaged_wrapping_key_is_named(folder, content):
    folder.write("1.pem", PEM)
    (folder.path / WRAPPING_FILE).write_bytes(content)
    with pytest.raises(WrappingKeyUnreadableError):
        folder.read("1.pem")


def test_a_wrapping_key_that_costs_too_much_to_open_is_not_opened(folder):
    folder.write("1.pem", PEM)
    file = folder.path / WRAPPING_FILE
    file.write_text(json.dumps(json.loads(file.read_text()) | {"n": 2**30}))
    with pytest.raises(WrappingKeyUnreadableError):
        folder.read("1.pem")


def test_a_key_that_is_not_there_is_named(folder):
    with pytest.raises(KeyFileError):
        folder.read("none.pem")


@dataclass
class Settings:
    home: Path
    key_passphrase: str = ""
    token_module: str = ""
    token_label: str = "northland"
    token_pin: str = "123456"


def test_the_settings_say_what_locks_the_keys(tmp_path):
    assert lock_of(Settings(tmp_path)) is None
    with_both = Settings(tmp_path, LOCK.passphrase, "library.so")
    assert getattr(lock_of(with_both), "kind", "") == "token"
    key_folder(Settings(tmp_path, LOCK.passphrase)).write("1.pem", PEM)
    assert lock_of(with_both) == LOCK  # what closed them decides
    assert key_folder(with_both).read("1.pem") == PEM
