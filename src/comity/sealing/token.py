# SPDX-License-Identifier: Apache-2.0
"""A PKCS#11 token (a smart card, an HSM) that keeps two keys and never gives them away.

The *seal key* (P-256) signs; the *key-encryption key* (AES-256) closes the node's wrapping key
and with it every other private key. The token's library is found by its path; all that Comity
asks of it are a token of a label, its PIN, CKM_ECDSA and CKM_AES_GCM.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comity.catalogues import N_
from comity.errors import NotFoundError, PeerError, VerificationError
from comity.sealing.key_lock import WRAPPING_FORMAT

SEAL_KEY = "comity-seal"
KEY_ENCRYPTION_KEY = "comity-kek"
_NONCE_BYTES = 12
_TAG_BITS = 128


class TokenError(PeerError):
    """The token did not do what was asked of it."""

    code = "token-failed"
    message = N_("The token “{label}” could not be used: {obstacle}.")
    remedy = N_(
        "Check COMITY_TOKEN_MODULE, COMITY_TOKEN_LABEL, the PIN file, and that the token is there."
    )


class TokenKeyMissingError(NotFoundError):
    """The token lacks one of Comity's two keys."""

    code = "token-key-missing"
    message = N_("The token “{label}” has no key “{key}”: expected one, found none.")
    remedy = N_("Prepare a new token with `comity keys seal`, or use the one that sealed the keys.")


class TokenSealBrokenError(VerificationError):
    """What is to be opened was not closed by this token."""

    code = "token-seal-broken"
    message = N_("The token “{label}” does not open the node's wrapping key.")
    remedy = N_("Use the token that sealed the keys, or restore both from one backup.")


@dataclass(frozen=True, slots=True)
class Token:
    """One token, and how to be let in."""

    module: Path
    label: str
    pin: str = field(repr=False)

    def prepare(self) -> tuple[str, ...]:
        """Make those of the two keys that the token lacks; their labels."""
        made = []
        with _session(self, writing=True) as (session, pkcs11):
            if not _holds(session, pkcs11.ObjectClass.PRIVATE_KEY, SEAL_KEY):
                _make_seal_key(session, pkcs11)
                made.append(SEAL_KEY)
            if not _holds(session, pkcs11.ObjectClass.SECRET_KEY, KEY_ENCRYPTION_KEY):
                _make_key_encryption_key(session, pkcs11)
                made.append(KEY_ENCRYPTION_KEY)
        return tuple(made)

    def sign(self, content: bytes) -> bytes:
        """ECDSA with SHA-256 over the content, in DER as X.509 and openssl have it."""
        with _session(self) as (session, pkcs11):
            key = _key(self, session, pkcs11.ObjectClass.PRIVATE_KEY, SEAL_KEY)
            digest = hashlib.sha256(content).digest()
            raw = key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
            from pkcs11.util.ec import encode_ecdsa_signature

            return bytes(encode_ecdsa_signature(raw))

    def public(self) -> SealPublicKey:
        """The public half of the seal key."""
        with _session(self) as (session, pkcs11):
            key = _key(self, session, pkcs11.ObjectClass.PUBLIC_KEY, SEAL_KEY)
            from pkcs11.util.ec import encode_ec_public_key

            return _public(bytes(encode_ec_public_key(key)))

    def wrap(self, content: bytes, bound_to: bytes) -> bytes:
        """A few bytes closed by the key-encryption key."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        with _session(self) as (session, pkcs11):
            key = _key(self, session, pkcs11.ObjectClass.SECRET_KEY, KEY_ENCRYPTION_KEY)
            closed = key.encrypt(
                content,
                mechanism=pkcs11.Mechanism.AES_GCM,
                mechanism_param=pkcs11.GCMParams(nonce, bound_to, _TAG_BITS),
            )
        return nonce + bytes(closed)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """The bytes again; raises `TokenSealBrokenError`."""
        nonce, closed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        with _session(self) as (session, pkcs11):
            key = _key(self, session, pkcs11.ObjectClass.SECRET_KEY, KEY_ENCRYPTION_KEY)
            try:
                opened = key.decrypt(
                    closed,
                    mechanism=pkcs11.Mechanism.AES_GCM,
                    mechanism_param=pkcs11.GCMParams(nonce, bound_to, _TAG_BITS),
                )
            except pkcs11.PKCS11Error as error:
                raise TokenSealBrokenError(label=self.label) from error
        return bytes(opened)


@dataclass(frozen=True, slots=True)
class SealPublicKey:
    """The half of the seal key that verifies."""

    pem: bytes

    def fits(self, signature: bytes, signed: bytes) -> bool:
        """Whether the seal key made the signature over exactly these bytes."""
        key = serialization.load_pem_public_key(self.pem)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        try:
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class TokenLock:
    """The lock of a folder of keys whose key-encryption key is in a token."""

    token: Token

    @property
    def kind(self) -> str:
        """The lock's name."""
        return "token"

    def close(self, key: bytes) -> Mapping[str, Any]:
        """The wrapping key as the token closed it; the token is prepared where it is new."""
        self.token.prepare()
        wrapped = self.token.wrap(key, WRAPPING_FORMAT.encode())
        return {"label": self.token.label, "wrapped": base64.b64encode(wrapped).decode("ascii")}

    def open(self, kept: Mapping[str, Any]) -> bytes:
        """The wrapping key again."""
        wrapped = base64.b64decode(str(kept["wrapped"]), validate=True)
        return self.token.unwrap(wrapped, WRAPPING_FORMAT.encode())


@contextmanager
def _session(token: Token, *, writing: bool = False) -> Iterator[tuple[Any, Any]]:
    """An open session and the library; any: the library ships no types."""
    try:
        import pkcs11
        import pkcs11.exceptions
    except ImportError as error:
        obstacle = "the extra “token” is not installed"
        raise TokenError(label=token.label, obstacle=obstacle) from error
    try:
        found = pkcs11.lib(str(token.module)).get_token(token_label=token.label)
        with found.open(user_pin=token.pin, rw=writing) as session:
            yield session, pkcs11
    except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
        # What the library says could name objects or the PIN; the kind of error does not.
        raise TokenError(label=token.label, obstacle=_spelled(error)) from error


def _spelled(error: Exception) -> str:
    words = {
        "NoSuchToken": "no token of this label is there",
        "PinIncorrect": "the PIN is wrong",
        "PinLocked": "the PIN is locked after too many wrong ones",
        "PinLenRange": "the PIN has a wrong length",
        "PKCS11Error": "its library cannot be loaded",
        "RuntimeError": "its library cannot be loaded",
    }
    name = type(error).__name__
    return words.get(name, name)


def _holds(session: Any, kind: Any, label: str) -> bool:
    return any(True for _ in session.get_objects(_described(kind, label)))


def _key(token: Token, session: Any, kind: Any, label: str) -> Any:  # any: no types
    found = next(iter(session.get_objects(_described(kind, label))), None)
    if found is None:
        raise TokenKeyMissingError(label=token.label, key=label)
    return found


def _described(kind: Any, label: str) -> dict[Any, Any]:  # any: no types
    from pkcs11 import Attribute

    return {Attribute.CLASS: kind, Attribute.LABEL: label}


def _make_seal_key(session: Any, pkcs11: Any) -> None:  # any: no types
    from pkcs11.util.ec import encode_named_curve_parameters

    curve = session.create_domain_parameters(
        pkcs11.KeyType.EC,
        {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
        local=True,
    )
    curve.generate_keypair(
        store=True,
        label=SEAL_KEY,
        private_template={
            pkcs11.Attribute.SENSITIVE: True,
            pkcs11.Attribute.EXTRACTABLE: False,
        },
    )


def _make_key_encryption_key(session: Any, pkcs11: Any) -> None:  # any: no types
    session.generate_key(
        pkcs11.KeyType.AES,
        256,
        store=True,
        label=KEY_ENCRYPTION_KEY,
        template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
    )


def _public(spki: bytes) -> SealPublicKey:
    key = serialization.load_der_public_key(spki)
    pem = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SealPublicKey(pem)
