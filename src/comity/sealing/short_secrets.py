# SPDX-License-Identifier: Apache-2.0
"""Short secrets that a table or a header must hold: AES-256-GCM, as text or as bytes.

The key of each purpose is derived from one master key, so that what was sealed for one purpose
cannot be passed off as another's. Whoever loses the master key loses the secrets.

    text:  version "1." | base64url( nonce (12) | ciphertext and tag )
    bytes: version 1 (1) | nonce (12) | ciphertext and tag
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from comity.catalogues import N_
from comity.errors import VerificationError

_VERSION = "1."
_BYTES_VERSION = b"\x01"
_NONCE_BYTES = 12
_FOR_TEXT, _FOR_BYTES = "comity short secret: ", "comity short secret, bytes: "
OVERHEAD = len(_BYTES_VERSION) + _NONCE_BYTES + 16
"""By how much sealed bytes are longer than what they hold."""


class SecretUnreadableError(VerificationError):
    """A stored secret does not open with this node's key."""

    code = "secret-unreadable"
    message = N_("A stored secret for {purpose} does not open with this node's key.")
    remedy = N_("Restore the node's key folder from the backup that belongs to the database.")


def seal_text(text: str, *, key: bytes, purpose: str) -> str:
    """The text as it may be stored."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(derived_key(key, _FOR_TEXT + purpose)).encrypt(
        nonce, text.encode(), purpose.encode()
    )
    return _VERSION + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def unseal_text(sealed: str, *, key: bytes, purpose: str) -> str:
    """The text again; raise `SecretUnreadableError` when it was sealed by another key."""
    try:
        content = base64.urlsafe_b64decode(sealed.removeprefix(_VERSION))
        if sealed != _VERSION + base64.urlsafe_b64encode(content).decode("ascii"):
            raise SecretUnreadableError(purpose=purpose)  # another spelling of the same bytes
        nonce, body = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        return (
            AESGCM(derived_key(key, _FOR_TEXT + purpose))
            .decrypt(nonce, body, purpose.encode())
            .decode()
        )
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise SecretUnreadableError(purpose=purpose) from error


def seal_bytes(content: bytes, *, key: bytes, purpose: str) -> bytes:
    """The bytes as they may be stored."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(derived_key(key, _FOR_BYTES + purpose)).encrypt(nonce, content, None)
    return _BYTES_VERSION + nonce + sealed


def unseal_bytes(sealed: bytes, *, key: bytes, purpose: str) -> bytes:
    """The bytes again; raise `SecretUnreadableError` when they were sealed by another key."""
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _BYTES_VERSION:
        raise SecretUnreadableError(purpose=purpose)
    try:
        return AESGCM(derived_key(key, _FOR_BYTES + purpose)).decrypt(nonce, body, None)
    except (InvalidTag, ValueError) as error:
        raise SecretUnreadableError(purpose=purpose) from error


def derived_key(key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose, from which neither the master key nor another follows."""
    return HKDF(SHA256(), 32, None, purpose.encode()).derive(key)
