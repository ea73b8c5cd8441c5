# SPDX-License-Identifier: Apache-2.0
"""The TLS certificates of nodes: self-signed, P-256, and trusted by their SHA-256 alone.

Two nodes agree on each other's certificate by their cards; no authority stands between them. So
what counts here is that a certificate is the very one that was announced, that its own text holds
together, and that the instant lies in its validity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.sealing.keys import KEY_ID_LENGTH


class CertificateUnreadableError(InvalidInputError):
    """A text is not one X.509 certificate in PEM."""

    code = "certificate-unreadable"
    message = N_("This is not one certificate in PEM: {obstacle}.")
    remedy = N_("Export the certificate alone, as PEM, without its key and without a chain.")


class CertificateFlaw(StrEnum):
    """Why a certificate is not to be used, whoever announced it."""

    NOT_X509_V3 = "not-x509-v3"
    NOT_SELF_SIGNED = "not-self-signed"
    SIGNATURE_BROKEN = "signature-broken"
    WEAK_DIGEST = "weak-digest"
    KEY_TOO_SHORT = "key-too-short"
    WRONG_CURVE = "wrong-curve"
    WRONG_KEY_KIND = "wrong-key-kind"
    AUTHORITY = "authority"
    WRONG_PURPOSE = "wrong-purpose"
    UNKNOWN_CRITICAL = "unknown-critical-extension"


FLAW_WORDS: Mapping[CertificateFlaw, str] = {
    CertificateFlaw.NOT_X509_V3: N_("it is not of version 3"),
    CertificateFlaw.NOT_SELF_SIGNED: N_("somebody else issued it, and nodes know no authority"),
    CertificateFlaw.SIGNATURE_BROKEN: N_("its own signature does not fit"),
    CertificateFlaw.WEAK_DIGEST: N_("it is signed over a digest that can be forged"),
    CertificateFlaw.KEY_TOO_SHORT: N_("its RSA key has fewer than 2048 bits"),
    CertificateFlaw.WRONG_CURVE: N_("its key is on another curve than P-256 or P-384"),
    CertificateFlaw.WRONG_KEY_KIND: N_("its key is of a kind that TLS 1.3 does not sign with"),
    CertificateFlaw.AUTHORITY: N_("it could issue further certificates"),
    CertificateFlaw.WRONG_PURPOSE: N_("it is not for both ends of a TLS connection"),
    CertificateFlaw.UNKNOWN_CRITICAL: N_("it demands what nobody here knows"),
}


class UnsoundCertificateError(CertificateUnreadableError):
    """A certificate that can be read and is not to be used."""

    code = "certificate-unsound"
    message = N_("The certificate is not to be used: {obstacle} ({flaw}).")
    remedy = N_("Let the partner's node make a new one with `comity partner rotate-keys`.")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it was read; nothing of it is trusted for that."""

    pem: bytes
    names: tuple[str, ...]
    """Host names and addresses that it speaks for."""
    valid_from: datetime
    valid_until: datetime
    pin: str
    """SHA-256 of the DER, in hexadecimal."""

    @property
    def key_id(self) -> str:
        """The short name under which a card lists it."""
        return self.pin[:KEY_ID_LENGTH]

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return _parsed(self.pem).public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True, slots=True)
class MadeCertificate:
    """A new certificate with its private key."""

    certificate: Certificate
    private_pem: bytes = field(repr=False)


def make_certificate(
    *, common_name: str, names: tuple[str, ...], valid_from: datetime, valid_until: datetime
) -> MadeCertificate:
    """A self-signed certificate for both ends of TLS, with a new P-256 key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            ),
            critical=False,
        )
    )
    if names:
        alternatives = x509.SubjectAlternativeName([_general(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    made = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return MadeCertificate(read_certificate(made.public_bytes(serialization.Encoding.PEM)), private)


def read_certificate(pem: bytes) -> Certificate:
    """What the one certificate of this text says; raises `CertificateUnreadableError`."""
    if pem.count(b"-----BEGIN ") != 1:
        found = pem.count(b"-----BEGIN ")
        raise CertificateUnreadableError(obstacle=f"expected 1 PEM block, found {found}")
    parsed = _parsed(pem)
    return Certificate(
        pem=parsed.public_bytes(serialization.Encoding.PEM),
        names=_names(parsed),
        valid_from=parsed.not_valid_before_utc,
        valid_until=parsed.not_valid_after_utc,
        pin=certificate_pin(parsed.public_bytes(serialization.Encoding.DER)),
    )


def read_sound_certificate(pem: bytes) -> Certificate:
    """The certificate, unless it is one that no node is to use: the first flaw is named."""
    certificate = read_certificate(pem)
    parsed = _parsed(pem)
    for flaw, found in _FLAWS.items():
        if found(parsed):
            raise UnsoundCertificateError(flaw=flaw.value, obstacle=FLAW_WORDS[flaw])
    return certificate


def read_der_certificate(der: bytes) -> Certificate:
    """What a certificate says that came in a TLS handshake."""
    try:
        parsed = x509.load_der_x509_certificate(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateUnreadableError(obstacle="its bytes are no certificate") from error
    return read_certificate(parsed.public_bytes(serialization.Encoding.PEM))


def certificate_pin(der: bytes) -> str:
    """SHA-256 of a certificate's DER, in hexadecimal: what a partner's connection is held to."""
    return hashlib.sha256(der).hexdigest()


def _foreign(parsed: x509.Certificate) -> bool:
    return parsed.issuer != parsed.subject


def _broken(parsed: x509.Certificate) -> bool:
    try:
        parsed.verify_directly_issued_by(parsed)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return True
    return False


def _weakly_signed(parsed: x509.Certificate) -> bool:
    try:
        digest = parsed.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return True
    if digest is None:  # Ed25519 brings its own
        return not isinstance(parsed.public_key(), ed25519.Ed25519PublicKey)
    return not isinstance(digest, hashes.SHA256 | hashes.SHA384 | hashes.SHA512)


def _short(parsed: x509.Certificate) -> bool:
    key = _key(parsed)
    return isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA_BITS


def _of_another_curve(parsed: x509.Certificate) -> bool:
    key = _key(parsed)
    curves = (ec.SECP256R1, ec.SECP384R1)
    return isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, curves)


def _of_another_kind(parsed: x509.Certificate) -> bool:
    kinds = (ec.EllipticCurvePublicKey, rsa.RSAPublicKey, ed25519.Ed25519PublicKey)
    return not isinstance(_key(parsed), kinds)


def _key(parsed: x509.Certificate) -> object:
    """The certificate's key; None for one that the library does not know."""
    try:
        return parsed.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return None


def _issues(parsed: x509.Certificate) -> bool:
    try:
        return parsed.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _for_another_purpose(parsed: x509.Certificate) -> bool:
    try:
        usage = parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH} <= set(usage)


def _demands_the_unknown(parsed: x509.Certificate) -> bool:
    unknown = x509.UnrecognizedExtension
    return any(each.critical and isinstance(each.value, unknown) for each in parsed.extensions)


LEAST_RSA_BITS = 2048
_FLAWS: Mapping[CertificateFlaw, Callable[[x509.Certificate], bool]] = {
    CertificateFlaw.NOT_X509_V3: lambda parsed: parsed.version is not x509.Version.v3,
    CertificateFlaw.WRONG_KEY_KIND: _of_another_kind,
    CertificateFlaw.KEY_TOO_SHORT: _short,
    CertificateFlaw.WRONG_CURVE: _of_another_curve,
    CertificateFlaw.NOT_SELF_SIGNED: _foreign,
    CertificateFlaw.WEAK_DIGEST: _weakly_signed,
    CertificateFlaw.SIGNATURE_BROKEN: _broken,
    CertificateFlaw.AUTHORITY: _issues,
    CertificateFlaw.WRONG_PURPOSE: _for_another_purpose,
    CertificateFlaw.UNKNOWN_CRITICAL: _demands_the_unknown,
}


def _parsed(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateUnreadableError(obstacle="it does not parse") from error


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    except ValueError as error:
        raise CertificateUnreadableError(obstacle="its extensions do not parse") from error
    hosts = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return (*hosts, *(str(address) for address in addresses))


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
