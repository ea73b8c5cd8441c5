# SPDX-License-Identifier: Apache-2.0
"""Keys and certificates of the court-facing seal: P-256, X.509, and lists of what was revoked.

A node begins with a pilot authority of its own (root, issuing authority, seal, time stamps), so
that everything works from the first day; each of its certificates names `PILOT_POLICY`, so that
nobody takes a pilot seal for one that a trust service vouches for. A real chain is read and
checked here before it is taken in. Nothing is trusted by being read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comity.catalogues import N_
from comity.errors import InvalidInputError, VerificationError
from comity.sealing.certificates import LEAST_RSA_BITS
from comity.sealing.keys import KEY_ID_LENGTH, KeyFileError

PILOT_POLICY = "2.25.215915500600971576489805798347100671901"
"""Certificate and time-stamp policy of the built-in pilot authority: a UUID of our own."""
SKEW = timedelta(days=1)
"""How long before it was made a certificate begins, for clocks that go slow."""


class SealCertificateUnreadableError(InvalidInputError):
    """A file holds no X.509 certificates, revocation lists or request as expected."""

    code = "seal-certificate-unreadable"
    message = N_("The certificates of a seal cannot be read: {obstacle}.")
    remedy = N_("Give them as PEM, the seal's own certificate first, then who issued it.")


class SealChainError(VerificationError):
    """A chain of certificates does not hold, or is not for the seal's key."""

    code = "seal-chain-broken"
    message = N_("The seal's chain of certificates is not to be used: {obstacle}.")
    remedy = N_("Send the authority a new request, and take in the whole chain that it returns.")


class CertificateUse(StrEnum):
    """What a certificate of the pilot authority is for."""

    ROOT = "root"
    ISSUING = "issuing"
    SEAL = "seal"
    STAMP = "stamp"


LIFETIMES: Mapping[CertificateUse, timedelta] = {
    CertificateUse.ROOT: timedelta(days=20 * 365),
    CertificateUse.ISSUING: timedelta(days=15 * 365),
    CertificateUse.SEAL: timedelta(days=3 * 365),
    CertificateUse.STAMP: timedelta(days=10 * 365),
}


class SealSigner(Protocol):
    """Whatever holds a P-256 key and signs with it: a file's key here, or a token."""

    def sign(self, content: bytes) -> bytes:
        """ECDSA with SHA-256 over the content, in DER."""
        ...


@dataclass(frozen=True, slots=True)
class SealKey:
    """A P-256 private key that lies in the node's folder of keys."""

    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def make(cls) -> SealKey:
        """A new key from the operating system's randomness."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes, *, named: str = "(bytes)") -> SealKey:
        """The key in this PEM text; `named` is what an error calls it."""
        try:
            key = serialization.load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyFileError(path=named, obstacle="it holds no private key in PEM") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise KeyFileError(path=named, obstacle="its key is not on the curve P-256")
        return cls(key)

    def private_pem(self) -> bytes:
        """The key as PEM, open: for `key_folder`, which seals it."""
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, content: bytes) -> bytes:
        """ECDSA with SHA-256 over the content, in DER."""
        return self._key.sign(content, ec.ECDSA(hashes.SHA256()))

    @property
    def public_pem(self) -> bytes:
        """The half that verifies."""
        return self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass(frozen=True, slots=True)
class SealCertificate:
    """A certificate as it was read; nothing of it is trusted for that."""

    der: bytes = field(repr=False)
    subject: str
    issuer: str
    serial: int
    valid_from: datetime
    valid_until: datetime
    key_id: str
    """The short name of its key: SHA-256 of the SubjectPublicKeyInfo, its first digits."""
    pilot: bool
    """Whether it names the policy of a built-in pilot authority."""
    authority: bool
    """Whether it may issue further certificates."""
    self_issued: bool
    for_stamps: bool

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its bytes, in hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return _parsed(self.der).public_bytes(serialization.Encoding.PEM)

    def covers(self, at: datetime) -> bool:
        """Whether the instant lies in its validity."""
        return self.valid_from <= at <= self.valid_until


@dataclass(frozen=True, slots=True)
class RevocationList:
    """What an authority revoked, as it was read."""

    der: bytes = field(repr=False)
    issuer: str
    made_at: datetime
    next_at: datetime | None
    revoked: frozenset[int]

    @property
    def pem(self) -> bytes:
        """The list as PEM."""
        return x509.load_der_x509_crl(self.der).public_bytes(serialization.Encoding.PEM)


def key_id_of(public_pem: bytes) -> str:
    """The short name of a public key."""
    spki = serialization.load_pem_public_key(public_pem).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(spki).hexdigest()[:KEY_ID_LENGTH]


def make_pilot_root(key: SealKey, *, holder: str, at: datetime) -> SealCertificate:
    """The root of a pilot authority for this administration."""
    name = _name(CertificateUse.ROOT, holder)
    made = _builder(CertificateUse.ROOT, name, key.public_pem, at).issuer_name(name)
    return _certificate(made.sign(key._key, hashes.SHA256()))


def issue_pilot_certificate(
    use: CertificateUse,
    public_pem: bytes,
    *,
    holder: str,
    issuer: SealCertificate,
    issuer_key: SealKey,
    at: datetime,
) -> SealCertificate:
    """A certificate of the pilot authority; it ends no later than its issuer's."""
    parsed = _parsed(issuer.der)
    identifier = parsed.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    made = (
        _builder(use, _name(use, holder), public_pem, at, until=issuer.valid_until)
        .issuer_name(parsed.subject)
        .add_extension(authority, critical=False)
    )
    return _certificate(made.sign(issuer_key._key, hashes.SHA256()))


def make_revocation_list(
    revoked: Mapping[int, datetime],
    *,
    issuer: SealCertificate,
    issuer_key: SealKey,
    number: int,
    at: datetime,
    next_at: datetime,
) -> RevocationList:
    """A signed list of the serial numbers that this issuer revoked, and when."""
    parsed = _parsed(issuer.der)
    identifier = parsed.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(parsed.subject)
        .last_update(at)
        .next_update(next_at)
        .add_extension(authority, critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for serial, since in sorted(revoked.items()):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        builder = builder.add_revoked_certificate(entry.build())
    made = builder.sign(issuer_key._key, hashes.SHA256())
    return _list(made)


def make_request(key: SealSigner, public_pem: bytes, *, subject: Mapping[str, str]) -> bytes:
    """A certificate signing request (PKCS#10, PEM) for the seal's key, to send to an authority."""
    attributes = [x509.NameAttribute(_SUBJECT_PARTS[part], text) for part, text in subject.items()]
    builder = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name(attributes))
        .add_extension(_key_usage(signs=True), critical=True)
    )
    made = builder.sign(_SignsElsewhere(key, public_pem), hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM)


def read_seal_certificates(pem: bytes) -> tuple[SealCertificate, ...]:
    """Every certificate of a PEM file, in its order."""
    try:
        found = x509.load_pem_x509_certificates(pem)
        return tuple(_certificate(each) for each in found)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SealCertificateUnreadableError(obstacle="no certificates in PEM") from error


def read_der_seal_certificate(der: bytes) -> SealCertificate:
    """A certificate as it stands in a signature."""
    return _certificate(_parsed(der))


def read_revocation_lists(pem: bytes) -> tuple[RevocationList, ...]:
    """Every revocation list of a PEM file."""
    begin = b"-----BEGIN X509 CRL-----"
    try:
        blocks = [begin + block for block in pem.split(begin)[1:]]
        return tuple(_list(x509.load_pem_x509_crl(block)) for block in blocks)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SealCertificateUnreadableError(obstacle="no revocation lists in PEM") from error


def read_der_revocation_list(der: bytes) -> RevocationList:
    """A revocation list as an authority publishes it."""
    try:
        return _list(x509.load_der_x509_crl(der))
    except ValueError as error:
        raise SealCertificateUnreadableError(obstacle="no revocation list") from error


def check_seal_chain(
    chain: Sequence[SealCertificate], *, key_id: str, at: datetime
) -> tuple[SealCertificate, ...]:
    """The chain of a seal in order, from the seal's own certificate to its root.

    Raises:
        SealChainError: it is not for this key, not for signing, over, or does not hold together.
    """
    own = [each for each in chain if each.key_id == key_id and not each.authority]
    if not own:
        raise SealChainError(obstacle="none of its certificates is for this seal's key")
    leaf = own[0]
    if not _signs(leaf):
        raise SealChainError(obstacle="its certificate is not for signatures")
    ordered = order_chain(leaf, chain, at=at)
    if not ordered[-1].self_issued:
        raise SealChainError(obstacle="its root is missing")
    if any(map(_is_weak, ordered)):
        raise SealChainError(obstacle="one of its certificates can be forged")
    late = [each for each in ordered if not each.covers(at)]
    if late:
        raise SealChainError(obstacle="one of its certificates is not valid today")
    return ordered


def order_chain(
    leaf: SealCertificate, others: Iterable[SealCertificate], *, at: datetime | None = None
) -> tuple[SealCertificate, ...]:
    """The leaf and who issued it, as far up as the others lead.

    Of two certificates of one issuer, that which is valid at the instant goes before.
    """
    pool, ordered = list(others), [leaf]
    if at is not None:
        pool.sort(key=lambda each: not each.covers(at))
    while not ordered[-1].self_issued:
        issuer = next((each for each in pool if was_issued_by(ordered[-1], each)), None)
        if issuer is None or issuer in ordered:
            break
        ordered.append(issuer)
    return tuple(ordered)


def was_issued_by(certificate: SealCertificate, issuer: SealCertificate) -> bool:
    """Whether the issuer's key signed the certificate, and may issue any."""
    if not issuer.authority:
        return False
    try:
        _parsed(certificate.der).verify_directly_issued_by(_parsed(issuer.der))
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def list_was_issued_by(revocations: RevocationList, issuer: SealCertificate) -> bool:
    """Whether the issuer's key signed the list."""
    key = _parsed(issuer.der).public_key()
    parsed = x509.load_der_x509_crl(revocations.der)
    try:
        return parsed.issuer == _parsed(issuer.der).subject and parsed.is_signature_valid(
            key  # type: ignore[arg-type]  # keys that cannot issue raise
        )
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def distribution_points(certificate: SealCertificate) -> tuple[str, ...]:
    """Where the certificate says that its issuer publishes what it revoked."""
    try:
        found = _parsed(certificate.der).extensions.get_extension_for_class(
            x509.CRLDistributionPoints
        )
    except x509.ExtensionNotFound:
        return ()
    names = [name for point in found.value for name in point.full_name or ()]
    return tuple(name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))


_SUBJECT_PARTS = {
    "country": NameOID.COUNTRY_NAME,
    "organisation": NameOID.ORGANIZATION_NAME,
    "unit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "name": NameOID.COMMON_NAME,
}
_COMMON_NAMES: Mapping[CertificateUse, str] = {
    CertificateUse.ROOT: "Comity PILOT root of {holder}",
    CertificateUse.ISSUING: "Comity PILOT issuing authority of {holder}",
    CertificateUse.SEAL: "Comity PILOT seal of {holder}",
    CertificateUse.STAMP: "Comity PILOT time stamps of {holder}",
}
_DEPTHS: Mapping[CertificateUse, int] = {CertificateUse.ROOT: 1, CertificateUse.ISSUING: 0}


def _name(use: CertificateUse, holder: str) -> x509.Name:
    common = _COMMON_NAMES[use].format(holder=holder)
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, holder),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _builder(
    use: CertificateUse,
    name: x509.Name,
    public_pem: bytes,
    at: datetime,
    until: datetime | None = None,
) -> x509.CertificateBuilder:
    depth = _DEPTHS.get(use)
    key = serialization.load_pem_public_key(public_pem)
    ends = at + LIFETIMES[use]
    policy = x509.PolicyInformation(x509.ObjectIdentifier(PILOT_POLICY), None)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key)  # type: ignore[arg-type]  # a P-256 key of ours
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - SKEW)
        .not_valid_after(min(ends, until) if until else ends)
        .add_extension(
            x509.BasicConstraints(ca=depth is not None, path_length=depth), critical=True
        )
        .add_extension(_key_usage(signs=depth is None), critical=True)
        .add_extension(x509.CertificatePolicies([policy]), critical=False)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key),  # type: ignore[arg-type]
            critical=False,
        )
    )
    if use is CertificateUse.STAMP:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(stamping, critical=True)
    return builder


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def _is_weak(certificate: SealCertificate) -> bool:
    """Whether its key is too short, or it was signed over a digest that can be forged.

    A root's signature is over itself and proves nothing: there the key alone counts.
    """
    parsed = _parsed(certificate.der)
    key = parsed.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA_BITS:
        return True
    digest = parsed.signature_hash_algorithm
    sound = isinstance(digest, hashes.SHA256 | hashes.SHA384 | hashes.SHA512)
    return not (sound or certificate.self_issued)


def _signs(certificate: SealCertificate) -> bool:
    try:
        usage = _parsed(certificate.der).extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _parsed(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SealCertificateUnreadableError(obstacle="its bytes are no certificate") from error


def _certificate(parsed: x509.Certificate) -> SealCertificate:
    try:
        spki = parsed.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SealCertificateUnreadableError(obstacle="its key is of an unknown kind") from error
    constraints = _extension(parsed, x509.BasicConstraints)
    policies = _extension(parsed, x509.CertificatePolicies) or ()
    usages = _extension(parsed, x509.ExtendedKeyUsage) or ()
    return SealCertificate(
        der=parsed.public_bytes(serialization.Encoding.DER),
        subject=parsed.subject.rfc4514_string(),
        issuer=parsed.issuer.rfc4514_string(),
        serial=parsed.serial_number,
        valid_from=parsed.not_valid_before_utc,
        valid_until=parsed.not_valid_after_utc,
        key_id=hashlib.sha256(spki).hexdigest()[:KEY_ID_LENGTH],
        pilot=any(each.policy_identifier.dotted_string == PILOT_POLICY for each in policies),
        authority=bool(constraints and constraints.ca),
        self_issued=parsed.subject == parsed.issuer,
        for_stamps=ExtendedKeyUsageOID.TIME_STAMPING in usages,
    )


def _extension(parsed: x509.Certificate, kind: type[Any]) -> Any:  # any: each kind's own value
    try:
        return parsed.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
    except ValueError as error:
        raise SealCertificateUnreadableError(obstacle="its extensions are damaged") from error


def _list(parsed: x509.CertificateRevocationList) -> RevocationList:
    return RevocationList(
        der=parsed.public_bytes(serialization.Encoding.DER),
        issuer=parsed.issuer.rfc4514_string(),
        made_at=parsed.last_update_utc,
        next_at=parsed.next_update_utc,
        revoked=frozenset(each.serial_number for each in parsed),
    )


class _SignsElsewhere(ec.EllipticCurvePrivateKey):
    """A key as the library wants it for a request, whose private half may lie in a token."""

    def __init__(self, key: SealSigner, public_pem: bytes) -> None:
        self._signer = key
        self._public = serialization.load_pem_public_key(public_pem)

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        return self._signer.sign(bytes(data))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        assert isinstance(self._public, ec.EllipticCurvePublicKey)
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        return 256

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        raise UnsupportedAlgorithm("a seal's key only signs")

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        raise UnsupportedAlgorithm("a seal's key is not given away")

    def private_bytes(self, *_arguments: Any, **_named: Any) -> bytes:
        raise UnsupportedAlgorithm("a seal's key is not given away")

    def __copy__(self) -> ec.EllipticCurvePrivateKey:
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> ec.EllipticCurvePrivateKey:
        return self
