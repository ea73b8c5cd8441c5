# SPDX-License-Identifier: Apache-2.0
"""Short secrets that a table must hold, such as an authenticator's key: AES-256-GCM as text.

The key of each purpose is derived from one master key, so that a text sealed for one purpose
cannot be passed off as another's. Whoever loses the master key loses the secrets.

    version "1." | base64url( nonce (12) | ciphertext and tag )
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
_NONCE_BYTES = 12


class SecretUnreadableError(VerificationError):
    """A stored secret does not open with this node's key."""

    code = "secret-unreadable"
    message = N_("A stored secret for {purpose} does not open with this node's key.")
    remedy = N_("Restore the node's key folder from the backup that belongs to the database.")


def seal_text(text: str, *, key: bytes, purpose: str) -> str:
    """The text as it may be stored."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_derived(key, purpose)).encrypt(nonce, text.encode(), purpose.encode())
    return _VERSION + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def unseal_text(sealed: str, *, key: bytes, purpose: str) -> str:
    """The text again; raise `SecretUnreadableError` when it was sealed by another key."""
    try:
        content = base64.urlsafe_b64decode(sealed.removeprefix(_VERSION))
        if sealed != _VERSION + base64.urlsafe_b64encode(content).decode("ascii"):
            raise SecretUnreadableError(purpose=purpose)  # another spelling of the same bytes
        nonce, body = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        return AESGCM(_derived(key, purpose)).decrypt(nonce, body, purpose.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise SecretUnreadableError(purpose=purpose) from error


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, b"comity short secret: " + purpose.encode()).derive(key)
