# SPDX-License-Identifier: Apache-2.0
"""Somebody else's trust service: an RSA root that issues seals, and an authority by openssl ts."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.support.pilot_seals import AT, tool
from tests.support.web_server import Handler, answer

DAY = timedelta(days=1)
POLICY = "1.2.3.4.1"
CONFIG = f"""
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = stamp.crt
signer_key = stamp.key
certs = root.crt
default_policy = {POLICY}
digests = sha256
signer_digest = sha256
"""


@dataclass(frozen=True)
class TrustService:
    """An authority with its key open."""

    key: rsa.RSAPrivateKey
    root: x509.Certificate

    @property
    def root_pem(self) -> bytes:
        """Its root."""
        return pem_of(self.root)

    def issued(self, request: bytes, *, published_at: str = "http://127.0.0.1:9/") -> bytes:
        """The chain that it returns for a request: the certificate, then its root."""
        asked = x509.load_pem_x509_csr(request)
        assert asked.is_signature_valid
        place = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(published_at)], None, None, None
        )
        builder = self._builder(asked.subject, asked.public_key()).add_extension(
            x509.CRLDistributionPoints([place]), critical=False
        )
        made = builder.sign(self.key, hashes.SHA256())
        return pem_of(made) + self.root_pem

    def list_of_revoked(self, *serials: int) -> bytes:
        """What it revoked."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(AT - DAY)
            .next_update(AT + 30 * DAY)
        )
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(AT)
            builder = builder.add_revoked_certificate(entry.build())
        made = builder.sign(self.key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM)

    def stamping(self, folder: Path) -> Any:
        """A route of a web server that answers time-stamp queries by openssl."""
        openssl = tool("openssl")
        key = rsa.generate_private_key(65537, 2048)
        name = named("Eastland Time")
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = self._builder(name, key.public_key()).add_extension(usage, critical=True)
        made = builder.sign(self.key, hashes.SHA256())
        (folder / "stamp.crt").write_bytes(pem_of(made))
        (folder / "stamp.key").write_bytes(key_pem(key))
        (folder / "root.crt").write_bytes(self.root_pem)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG)

        def stamp(handler: Handler) -> None:
            (folder / "query").write_bytes(handler.body)
            command = [
                "ts",
                "-reply",
                "-config",
                "tsa.cnf",
                "-section",
                "one",
                "-queryfile",
                "query",
                "-out",
                "reply",
            ]
            subprocess.run([openssl, *command], cwd=folder, check=True, capture_output=True)
            content = (folder / "reply").read_bytes()
            answer(handler, content, headers={"Content-Type": "application/timestamp-reply"})

        return stamp

    def _builder(self, subject: x509.Name, key: Any) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.root.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(AT - DAY)
            .not_valid_after(AT + 365 * DAY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        )


@cache
def trust_service() -> TrustService:
    """The one of a test run."""
    return make_trust_service()


def make_trust_service(bits: int = 2048) -> TrustService:
    """A new one, with a root of this many bits."""
    key, name = rsa.generate_private_key(65537, bits), named("Eastland Trust")
    root = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - DAY)
        .not_valid_after(AT + 3650 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return TrustService(key, root)


def named(common: str) -> x509.Name:
    """A name of one part."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def pem_of(certificate: x509.Certificate) -> bytes:
    """A certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_pem(key: rsa.RSAPrivateKey) -> bytes:
    """A key as PEM, open."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
