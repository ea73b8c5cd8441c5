# SPDX-License-Identifier: Apache-2.0
"""Keys wrapped for one recipient, and one document sealed under a key of its own.

Wrapping is HPKE (RFC 9180, base mode, one message) by a suite that has a name, so that another
can follow; what it is bound to goes into `info`. A document's key seals that document and nothing
else, which is why its nonce may be zero. It proves no sender.
"""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from comity.catalogues import N_
from comity.errors import VerificationError
from comity.sealing.keys import DecryptionKey, EncryptionKey

DEFAULT_SUITE = "X25519-HKDF-SHA256-AES256GCM"
SUITES: Mapping[str, Suite] = {
    DEFAULT_SUITE: Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}
"""The suites by the names that they have wherever one is named; a hybrid one will follow."""
_NONCE = bytes(12)


class WrappingBrokenError(VerificationError):
    """Wrapped keys or a sealed document were altered, or are for another key."""

    code = "wrapping-broken"
    message = N_("The {what} does not open: it was altered or sealed for another key.")
    remedy = N_("Fetch it again from whoever sealed it.")


def wrap(
    keys: bytes, recipient: EncryptionKey, *, bound_to: bytes, suite: str = DEFAULT_SUITE
) -> bytes:
    """The keys as only the recipient can read them."""
    return SUITES[suite].encrypt(keys, recipient.library_key, info=bound_to)


def unwrap(
    wrapped: bytes, key: DecryptionKey, *, bound_to: bytes, suite: str = DEFAULT_SUITE
) -> bytes:
    """The keys again; raise `WrappingBrokenError` unless they were wrapped for this key so."""
    try:
        return SUITES[suite].decrypt(wrapped, key.library_key, info=bound_to)
    except (InvalidTag, ValueError) as error:
        raise WrappingBrokenError(what="list of keys") from error


def seal_document(document: bytes, key: bytes, *, bound_to: bytes) -> bytes:
    """The document under a key that was made for it."""
    return AESGCM(key).encrypt(_NONCE, document, bound_to)


def open_document(sealed: bytes, key: bytes, *, bound_to: bytes) -> bytes:
    """The document again; raise `WrappingBrokenError` unless it is exactly that one."""
    try:
        return AESGCM(key).decrypt(_NONCE, sealed, bound_to)
    except (InvalidTag, ValueError) as error:
        raise WrappingBrokenError(what="document") from error
