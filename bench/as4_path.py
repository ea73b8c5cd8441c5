# SPDX-License-Identifier: Apache-2.0
"""The peer's whole way in memory: the package `as4` 0.2, by its published functions alone.

    python bench/as4_path.py SECONDS_SHORT SECONDS_LONG      (in an environment that has as4)

Build, sign, encrypt; parse, verify, decrypt, sign a receipt; verify the receipt. RSA of 2048 bits
and AES-128-GCM, as its profile has them. Nothing of Comity is imported.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import as4
from as4 import peppol
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

sys.path.insert(0, str(Path(__file__).parent))
from messages import document
from repetition import memory, paces

KIND = "urn:example:records::Records##urn:example:customs::1"


class Peers:
    """Two parties that know each other's certificates."""

    def __init__(self) -> None:
        self.sender, self.recipient = _identity("PXN000001"), _identity("PXS000001")
        resolver = as4.pinned_certificates(self.sender[1], self.recipient[1])
        self.policy = as4.SecurityPolicy(signer_resolver=resolver)

    def there_and_back(self, payload: bytes) -> None:
        """One message and its receipt."""
        message = peppol.build_peppol_message(
            payload=payload,
            local_party=_internal(self.sender),
            remote_party=_external(self.recipient),
            sender="9932:northland",
            recipient="9932:southland",
            sender_country_id="XN",
            document_type_identifier_scheme="busdox-docid-qns",
            document_type_identifier_value=KIND,
            process_identifier="urn:example:process",
        )
        body, boundary = message.get_request_data()
        headers = message.get_http_headers(boundary)

        received = peppol.parse_peppol_message(
            request_headers=headers,
            request_body=body,
            local_party=_internal(self.recipient),
            security_policy=self.policy,
        )
        _, signal = received.build_signal()
        if not received.successful:
            raise SystemExit("the peer refused its own message")

        receipt = peppol.parse_peppol_receipt(signal, self.recipient[1])
        receipt.verify_non_repudiation(message.signed_references)


def _identity(name: str) -> tuple[str, x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return name, certificate, key


def _internal(party: tuple[str, x509.Certificate, rsa.RSAPrivateKey]) -> as4.AS4InternalParty:
    name, certificate, key = party
    return peppol.create_peppol_internal_party(
        party_id=name, certificate=certificate, private_key=as4.AS4LocalPrivateKey(key)
    )


def _external(party: tuple[str, x509.Certificate, rsa.RSAPrivateKey]) -> as4.AS4ExternalParty:
    return peppol.create_peppol_external_party(party_id=party[0], certificate=party[1])


def main() -> None:
    """Measure both ways for so long, and say how much memory each took at most."""
    short_for, long_for = map(float, sys.argv[1:3])
    peers = Peers()
    short = document(10_000)
    peers.there_and_back(short)
    found = {
        "short_memory": memory(lambda: peers.there_and_back(short)),
        "short": paces(lambda: peers.there_and_back(short), short_for),
    }
    long = document(8_000_000)
    found["long_memory"] = memory(lambda: peers.there_and_back(long))
    found["long"] = paces(lambda: peers.there_and_back(long), long_for)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
