# SPDX-License-Identifier: Apache-2.0
"""What keeps a node's private keys closed at rest: one wrapping key, and the lock around it.

Every sealed file is AES-256-GCM under the wrapping key, bound to the file's name. The wrapping
key itself is kept by a lock: a passphrase (scrypt), or a token that never gives its key away.
Changing the lock therefore rewrites one small file, and no key is ever open in between.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from comity.catalogues import N_
from comity.errors import InvalidInputError, VerificationError

SEALED_MAGIC = b"COMITY-SEALED-KEY/1\n"
WRAPPING_FORMAT = "comity-wrapping-key/1"
WRAPPING_BYTES = 32
LEAST_PASSPHRASE = 12
_NONCE_BYTES = 12
_SALT_BYTES = 16
_SCRYPT = {"n": 2**15, "r": 8, "p": 3}
_MOST_SCRYPT = 2**20


class KeySealBrokenError(VerificationError):
    """A sealed key file does not open with the node's wrapping key."""

    code = "key-seal-broken"
    message = N_("The sealed key file {name} does not open with this node's wrapping key.")
    remedy = N_("Restore the whole folder of keys from one backup, not single files.")


class WrongPassphraseError(VerificationError):
    """The passphrase does not open the wrapping key."""

    code = "key-passphrase-wrong"
    message = N_("The passphrase given does not open this node's keys.")
    remedy = N_("Correct the file that COMITY_KEY_PASSPHRASE_FILE names.")


class WeakPassphraseError(InvalidInputError):
    """A passphrase too short to protect anything."""

    code = "key-passphrase-weak"
    message = N_("The passphrase has {found} characters, expected at least {expected}.")
    remedy = N_("Make one with `openssl rand -base64 32`, and keep a copy away from the node.")


class WrappingKeyUnreadableError(InvalidInputError):
    """The file of the wrapping key is damaged, or made for another lock."""

    code = "wrapping-key-unreadable"
    message = N_("The node's wrapping key cannot be used: expected {expected}, found {found}.")
    remedy = N_(
        "Restore the folder of keys from a backup, or set what locked it (see `comity keys show`)."
    )


class Lock(Protocol):
    """Keeps the wrapping key closed."""

    @property
    def kind(self) -> str:
        """The lock's name in the file of the wrapping key."""
        ...

    def close(self, key: bytes) -> Mapping[str, Any]:
        """What is to be kept of the wrapping key."""
        ...

    def open(self, kept: Mapping[str, Any]) -> bytes:
        """The wrapping key again."""
        ...

    def __hash__(self) -> int:
        """A lock is a value: what it opened once is remembered by it."""
        ...


@dataclass(frozen=True, slots=True)
class PassphraseLock:
    """A passphrase that the operator keeps in a file outside the node's folder."""

    passphrase: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.passphrase) < LEAST_PASSPHRASE:
            raise WeakPassphraseError(expected=LEAST_PASSPHRASE, found=len(self.passphrase))

    @property
    def kind(self) -> str:
        """The lock's name."""
        return "passphrase"

    def close(self, key: bytes) -> Mapping[str, Any]:
        """The key under one derived from the passphrase and a fresh salt."""
        salt = secrets.token_bytes(_SALT_BYTES)
        closed = _close(self._derived(salt, _SCRYPT), key, WRAPPING_FORMAT.encode())
        return {**_SCRYPT, "salt": _text(salt), "wrapped": _text(closed)}

    def open(self, kept: Mapping[str, Any]) -> bytes:
        """The key again; raises `WrongPassphraseError`."""
        derived = self._derived(_bytes(kept["salt"]), {name: int(kept[name]) for name in _SCRYPT})
        try:
            return _open(derived, _bytes(kept["wrapped"]), WRAPPING_FORMAT.encode())
        except InvalidTag as error:
            raise WrongPassphraseError from error

    def _derived(self, salt: bytes, cost: Mapping[str, int]) -> bytes:
        if cost["n"] * cost["r"] * cost["p"] > _MOST_SCRYPT * 8:
            raise ValueError("a cost that nobody set")
        kdf = Scrypt(salt, WRAPPING_BYTES, n=cost["n"], r=cost["r"], p=cost["p"])
        return kdf.derive(self.passphrase.encode())


def new_wrapping_key() -> bytes:
    """A fresh wrapping key."""
    return secrets.token_bytes(WRAPPING_BYTES)


def lock_up(key: bytes, lock: Lock) -> bytes:
    """The wrapping key as its file holds it."""
    members = {"format": WRAPPING_FORMAT, "lock": lock.kind, **lock.close(key)}
    return json.dumps(members, indent=1).encode() + b"\n"


def unlock(content: bytes, lock: Lock) -> bytes:
    """The wrapping key of a file; the lock must be the one that closed it."""
    members = _members(content)
    if members["lock"] != lock.kind:
        raise WrappingKeyUnreadableError(expected=members["lock"], found=lock.kind)
    try:
        key = lock.open(members)
    except (KeyError, TypeError, ValueError) as error:
        raise WrappingKeyUnreadableError(expected="a whole file", found="a damaged one") from error
    if len(key) != WRAPPING_BYTES:
        raise WrappingKeyUnreadableError(expected=f"{WRAPPING_BYTES} bytes", found=str(len(key)))
    return key


def lock_kind(content: bytes) -> str:
    """Which lock closed this wrapping key."""
    return str(_members(content)["lock"])


def seal_key(content: bytes, *, wrapping: bytes, name: str) -> bytes:
    """A key file's content as it may lie on the disk, bound to the file's name."""
    body = base64.encodebytes(_close(wrapping, content, name.encode()))
    return SEALED_MAGIC + body


def open_key(sealed: bytes, *, wrapping: bytes, name: str) -> bytes:
    """The content again; raises `KeySealBrokenError` when it is not this file, or was altered."""
    try:
        return _open(wrapping, base64.b64decode(sealed[len(SEALED_MAGIC) :]), name.encode())
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise KeySealBrokenError(name=name) from error


def is_sealed(content: bytes) -> bool:
    """Whether a key file's content is sealed."""
    return content.startswith(SEALED_MAGIC)


def _members(content: bytes) -> dict[str, Any]:
    try:
        members = json.loads(content)
        if members["format"] == WRAPPING_FORMAT and isinstance(members["lock"], str):
            return dict(members)
        found = str(members["format"])
    except (ValueError, KeyError, TypeError):
        found = "something else"
    raise WrappingKeyUnreadableError(expected=WRAPPING_FORMAT, found=found)


def _close(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, bound_to)


def _open(key: bytes, closed: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], bound_to)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: object) -> bytes:
    return base64.b64decode(str(text), validate=True)
