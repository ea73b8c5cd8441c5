# SPDX-License-Identifier: Apache-2.0
"""Certificates that no node may take, each bad in one way, and sound ones beside them."""

from __future__ import annotations

import base64
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from comity.exchange.transports.tls import OwnCertificate

DAY = timedelta(days=1)
BOTH_ENDS = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)


def now() -> datetime:
    """TLS looks at the machine's clock, so these certificates do."""
    return datetime.now(UTC)


class Made:
    """A certificate with its key, as PEM."""

    def __init__(self, certificate: bytes, private: bytes) -> None:
        self.certificate, self.private = certificate, private

    @property
    def parsed(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate)

    @property
    def key(self):
        return serialization.load_pem_private_key(self.private, None)

    def files(self, folder: Path) -> OwnCertificate:
        """Both as files, as the TLS library wants them."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tls.crt").write_bytes(self.certificate)
        (folder / "tls.key").write_bytes(self.private)
        return OwnCertificate(folder / "tls.crt", folder / "tls.key")

    def altered(self, *, at: float = 0.0, words: tuple[bytes, bytes] = (b"", b"")) -> Made:
        """The same with one bit changed, at this fraction of its bytes, or with other words."""
        der = bytearray(self.parsed.public_bytes(serialization.Encoding.DER))
        if at:
            der[int(len(der) * at)] ^= 1
        else:
            der = der.replace(*words)
        lines = base64.encodebytes(bytes(der)).decode()
        pem = f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"
        return Made(pem.encode(), self.private)


def make(
    *,
    key=None,
    common_name: str = "made up",
    issuer: Made | None = None,
    days: tuple[int, int] = (-1, 30),
    authority: bool = False,
    purposes=BOTH_ENDS,
    digest: hashes.HashAlgorithm | None = hashes.SHA256(),  # noqa: B008 (a constant of the library)
    critical: str = "",
) -> Made:
    """A certificate that is sound but for what is asked for."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey):
        digest = None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.parsed.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() + days[0] * DAY)
        .not_valid_after(now() + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=False)
    )
    if critical:
        unknown = x509.UnrecognizedExtension(ObjectIdentifier(critical), b"\x05\x00")
        builder = builder.add_extension(unknown, critical=True)
    made = builder.sign(issuer.key if issuer else key, digest)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Made(made.public_bytes(serialization.Encoding.PEM), private)


def rsa_of(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def curve(kind: type[ec.EllipticCurve]) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(kind())


def dsa_key() -> dsa.DSAPrivateKey:
    return dsa.generate_private_key(2048)


def _needs_openssl() -> None:
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed")


def by_openssl(folder: Path, *options: str) -> Made:
    """A certificate of a kind that only the openssl command still makes."""
    _needs_openssl()
    run = ["openssl", "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=made up"]
    run += ["-keyout", str(folder / "key"), "-out", str(folder / "crt"), *options]
    subprocess.run(run, check=True, capture_output=True)
    return Made((folder / "crt").read_bytes(), (folder / "key").read_bytes())


def of_version_1(folder: Path) -> Made:
    """A certificate of the first version, which knows no extensions."""
    _needs_openssl()
    names = {name: str(folder / name) for name in ("key", "csr", "crt")}
    asked = ["openssl", "req", "-new", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=made up"]
    subprocess.run(
        [*asked, "-keyout", names["key"], "-out", names["csr"]], check=True, capture_output=True
    )
    signed = ["openssl", "x509", "-req", "-days", "30", "-in", names["csr"]]
    subprocess.run(
        [*signed, "-signkey", names["key"], "-out", names["crt"]], check=True, capture_output=True
    )
    return Made((folder / "crt").read_bytes(), (folder / "key").read_bytes())
