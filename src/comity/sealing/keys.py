# SPDX-License-Identifier: Apache-2.0
"""The keys of a node: Ed25519 to sign, X25519 to encrypt, each as a PEM file.

A private key is written once, readable by its owner only, and never printed. A public key is
named by the SHA-256 of its SubjectPublicKeyInfo, the same that `openssl pkey -pubin` yields.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError

PRIVATE_MODE = 0o600
PUBLIC_MODE = 0o644
KEY_ID_LENGTH = 16
"""Hexadecimal digits of the fingerprint that name a key where a full one is too long."""

_Public = Ed25519PublicKey | X25519PublicKey
_Private = Ed25519PrivateKey | X25519PrivateKey


class KeyFileError(InvalidInputError):
    """A key file is missing, damaged, locked by a passphrase or of another kind."""

    code = "key-file-unreadable"
    message = N_("The key file {path} cannot be used: {obstacle}.")
    remedy = N_("Name a PEM file that holds the expected kind of key, and its passphrase if any.")


class KeyFileExistsError(ConflictError):
    """A key would be written over another one."""

    code = "key-file-exists"
    message = N_("The key file {path} was not written: a file of that name exists.")
    remedy = N_("Move the old key to a safe place first: what it sealed is lost without it.")


class UnsoundKeyError(KeyFileError):
    """A public key with which anybody could sign, or open what was sealed for it."""

    code = "key-unsound"
    message = N_("The key {path} is not to be used: {obstacle}.")
    remedy = N_("Ask its holder for another key, and how this one came about.")


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """The public half of a signing key."""

    _key: Ed25519PublicKey = field(repr=False)

    @classmethod
    def from_raw(cls, raw: bytes) -> VerificationKey:
        """The key of these 32 bytes (RFC 8032)."""
        try:
            key = Ed25519PublicKey.from_public_bytes(raw)
        except ValueError as error:
            raise KeyFileError(path="(bytes)", obstacle="not 32 bytes") from error
        return cls(_sound_signer(key, "(bytes)"))

    @classmethod
    def from_pem(cls, pem: bytes, *, named: str = "(bytes)") -> VerificationKey:
        """The key in this PEM text; `named` is what an error calls it."""
        key = _public_from_pem(pem, named)
        if not isinstance(key, Ed25519PublicKey):
            raise _another_kind(key, "Ed25519PublicKey", named)
        return cls(_sound_signer(key, named))

    @classmethod
    def load(cls, path: Path) -> VerificationKey:
        """The key in this PEM file."""
        return cls.from_pem(_read(path), named=str(path))

    def fits(self, signature: bytes, signed: bytes) -> bool:
        """Whether this key made the signature over exactly these bytes."""
        try:
            self._key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    @property
    def raw(self) -> bytes:
        """The 32 bytes of RFC 8032."""
        return self._key.public_bytes_raw()

    @property
    def pem(self) -> bytes:
        """The key as PEM."""
        return _public_pem(self._key)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the SubjectPublicKeyInfo, in hexadecimal."""
        return _fingerprint(self._key)

    @property
    def key_id(self) -> str:
        """The short name of the key."""
        return self.fingerprint[:KEY_ID_LENGTH]

    def save(self, path: Path) -> None:
        """Write the PEM file, readable by all; never over another file."""
        _write_once(path, self.pem, PUBLIC_MODE)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key."""

    _key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def make(cls) -> SigningKey:
        """A new key from the operating system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """The key of this 32-byte seed: for published vectors, never for a node."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load(cls, path: Path, passphrase: bytes | None = None) -> SigningKey:
        """The key in this PEM file."""
        return cls.from_pem(_read(path), passphrase, named=str(path))

    @classmethod
    def from_pem(
        cls, pem: bytes, passphrase: bytes | None = None, *, named: str = "(bytes)"
    ) -> SigningKey:
        """The key in this PEM text; `named` is what an error calls it."""
        key = _private_from_pem(pem, passphrase, named)
        if not isinstance(key, Ed25519PrivateKey):
            raise _another_kind(key, "Ed25519PrivateKey", named)
        return cls(key)

    def private_pem(self) -> bytes:
        """The key as PEM, open: for `key_folder`, which seals it."""
        return _private_pem(self._key, None)

    def sign(self, to_sign: bytes) -> bytes:
        """The 64-byte detached signature over these bytes."""
        return self._key.sign(to_sign)

    @property
    def public(self) -> VerificationKey:
        """The half that verifies."""
        return VerificationKey(self._key.public_key())

    def save(self, path: Path, passphrase: bytes | None = None) -> None:
        """Write the PEM file, for its owner only; never over another file."""
        _write_once(path, _private_pem(self._key, passphrase), PRIVATE_MODE)


@dataclass(frozen=True, slots=True)
class EncryptionKey:
    """The public half of a decryption key: whoever has it can seal, and cannot open."""

    _key: X25519PublicKey = field(repr=False)

    @classmethod
    def from_pem(cls, pem: bytes, *, named: str = "(bytes)") -> EncryptionKey:
        """The key in this PEM text; `named` is what an error calls it."""
        key = _public_from_pem(pem, named)
        if not isinstance(key, X25519PublicKey):
            raise _another_kind(key, "X25519PublicKey", named)
        return cls(_sound_recipient(key, named))

    @classmethod
    def load(cls, path: Path) -> EncryptionKey:
        """The key in this PEM file."""
        return cls.from_pem(_read(path), named=str(path))

    @property
    def library_key(self) -> X25519PublicKey:
        """The library's object, for `sealing` alone."""
        return self._key

    @property
    def pem(self) -> bytes:
        """The key as PEM."""
        return _public_pem(self._key)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the SubjectPublicKeyInfo, in hexadecimal."""
        return _fingerprint(self._key)

    @property
    def key_id(self) -> str:
        """The short name of the key."""
        return self.fingerprint[:KEY_ID_LENGTH]

    def save(self, path: Path) -> None:
        """Write the PEM file, readable by all; never over another file."""
        _write_once(path, self.pem, PUBLIC_MODE)


@dataclass(frozen=True, slots=True)
class DecryptionKey:
    """An X25519 private key, such as the recovery key that is kept away from the node."""

    _key: X25519PrivateKey = field(repr=False)

    @classmethod
    def make(cls) -> DecryptionKey:
        """A new key from the operating system's randomness."""
        return cls(X25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> DecryptionKey:
        """The key of these 32 bytes: for published vectors, never for a node."""
        return cls(X25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load(cls, path: Path, passphrase: bytes | None = None) -> DecryptionKey:
        """The key in this PEM file."""
        return cls.from_pem(_read(path), passphrase, named=str(path))

    @classmethod
    def from_pem(
        cls, pem: bytes, passphrase: bytes | None = None, *, named: str = "(bytes)"
    ) -> DecryptionKey:
        """The key in this PEM text; `named` is what an error calls it."""
        key = _private_from_pem(pem, passphrase, named)
        if not isinstance(key, X25519PrivateKey):
            raise _another_kind(key, "X25519PrivateKey", named)
        return cls(key)

    def private_pem(self) -> bytes:
        """The key as PEM, open: for `key_folder`, which seals it."""
        return _private_pem(self._key, None)

    @property
    def library_key(self) -> X25519PrivateKey:
        """The library's object, for `sealing` alone."""
        return self._key

    @property
    def public(self) -> EncryptionKey:
        """The half that seals."""
        return EncryptionKey(self._key.public_key())

    def save(self, path: Path, passphrase: bytes | None = None) -> None:
        """Write the PEM file, for its owner only; never over another file."""
        _write_once(path, _private_pem(self._key, passphrase), PRIVATE_MODE)


def _fingerprint(key: _Public) -> str:
    spki = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(spki).hexdigest()


def _public_pem(key: _Public) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _private_pem(key: _Private, passphrase: bytes | None) -> bytes:
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        lock = serialization.BestAvailableEncryption(passphrase)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(path=path, obstacle=error.strerror or "unreadable") from error


_FIELD = 2**255 - 19
_LOW_Y = frozenset(
    {
        *(0, 1, _FIELD - 1),
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)
"""Second coordinates of the eight points of small order on edwards25519."""
_LOW_U = frozenset(
    {
        *(0, 1, _FIELD - 1),
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    }
)
"""Coordinates of the points of small order on curve25519 and its twist."""


def _sound_signer(key: Ed25519PublicKey, named: str) -> Ed25519PublicKey:
    """The key, unless it is of small order: then a signature could be made without a secret."""
    second = int.from_bytes(key.public_bytes_raw(), "little") & (2**255 - 1)
    if second >= _FIELD:
        raise UnsoundKeyError(path=named, obstacle="its point is not written canonically")
    if second in _LOW_Y:
        raise UnsoundKeyError(path=named, obstacle="its point is of small order")
    return key


def _sound_recipient(key: X25519PublicKey, named: str) -> X25519PublicKey:
    """The key, unless everybody shares its secret."""
    point = int.from_bytes(key.public_bytes_raw(), "little") & (2**255 - 1)
    if point % _FIELD in _LOW_U:
        raise UnsoundKeyError(path=named, obstacle="its point is of small order")
    return key


def _public_from_pem(pem: bytes, named: str) -> object:
    if pem.count(b"-----BEGIN ") > 1:
        raise KeyFileError(path=named, obstacle="it holds more than one key")
    try:
        return serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(path=named, obstacle="it holds no public key in PEM") from error


def _private_from_pem(pem: bytes, passphrase: bytes | None, path: str) -> object:
    try:
        return serialization.load_pem_private_key(pem, passphrase)
    except TypeError as error:  # a passphrase is missing, or was given for an unlocked key
        locked = "it is locked" if passphrase is None else "it is not locked"
        raise KeyFileError(path=path, obstacle=f"{locked} by a passphrase") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        obstacle = "it holds no private key in PEM that this passphrase opens"
        raise KeyFileError(path=path, obstacle=obstacle) from error


def _another_kind(key: object, expected: str, named: str) -> KeyFileError:
    obstacle = f"it holds a key of kind {type(key).__name__}, expected {expected}"
    return KeyFileError(path=named, obstacle=obstacle)


def _write_once(path: Path, pem: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise KeyFileExistsError(path=path) from error
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), mode)  # whatever the umask says
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
