# SPDX-License-Identifier: Apache-2.0
"""The administration that the kit plays: a card for the node under test, and the keys to it.

A folder holds `card.json` and the private keys `envelope.pem`, `encryption.pem` and `tls.pem`. It
is for tests only: who has it can speak for the tester.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.exchange.card_change import read_whole_card
from comity.exchange.note import NOTE, TEST
from comity.exchange.partner import Binding, CardKey, KeyUse
from comity.exchange.partner_card import PartnerCard, SignedCard, sign_card
from comity.exchange.transports.tls import OwnCertificate
from comity.exchange.wire import WIRE_VERSIONS
from comity.sealing.certificates import make_certificate
from comity.sealing.keys import DecryptionKey, SigningKey

CARD, ENVELOPE, ENCRYPTION, TLS, TLS_CERTIFICATE = (
    "card.json",
    "envelope.pem",
    "encryption.pem",
    "tls.pem",
    "tls.crt",
)
LASTS = timedelta(days=90)
SKEW = timedelta(minutes=10)


class TesterFolderError(InvalidInputError):
    """The folder of the tester cannot be used."""

    code = "conform-folder"
    message = N_("The folder {folder} of the tester cannot be used: {obstacle}.")
    remedy = N_("Make a new one with `comity conform --make FOLDER`.")


@dataclass(frozen=True, slots=True)
class Tester:
    """Who tests."""

    card: SignedCard
    envelope: SigningKey = field(repr=False)
    decryption: DecryptionKey = field(repr=False)
    certificate: OwnCertificate

    @property
    def code(self) -> str:
        """Code of the administration that is played."""
        return self.card.card.administration


def make_tester(folder: Path, administration: str, *, at: datetime) -> Tester:
    """A new tester in a new folder."""
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise _unusable(folder, error.strerror or "it cannot be made") from error
    identity, envelope, decryption = SigningKey.make(), SigningKey.make(), DecryptionKey.make()
    made = make_certificate(
        common_name=f"{administration} tester",
        names=("localhost",),
        valid_from=at - SKEW,
        valid_until=at + LASTS,
    )

    def key(use: KeyUse, key_id: str, public: bytes) -> CardKey:
        return CardKey(use, key_id, public.decode(), at - SKEW, at + LASTS)

    card = PartnerCard(
        administration=administration,
        name=f"Conformance tester {administration}",
        version=1,
        issued_at=at,
        endpoints=(),
        wire_versions=WIRE_VERSIONS,
        bindings=(Binding.PULL,),
        kinds=(NOTE, TEST),
        instruments=(),
        keys=(
            key(KeyUse.IDENTITY, identity.public.key_id, identity.public.pem),
            key(KeyUse.ENVELOPE, envelope.public.key_id, envelope.public.pem),
            key(KeyUse.ENCRYPTION, decryption.public.key_id, decryption.public.pem),
            key(KeyUse.TLS, made.certificate.key_id, made.certificate.pem),
        ),
    )
    envelope.save(folder / ENVELOPE)
    decryption.save(folder / ENCRYPTION)
    (folder / TLS).touch(mode=0o600)
    (folder / TLS).write_bytes(made.private_pem)
    (folder / TLS_CERTIFICATE).write_bytes(made.certificate.pem)
    (folder / CARD).write_bytes(sign_card(card, identity))
    return load_tester(folder / CARD, folder)


def load_tester(card: Path, folder: Path) -> Tester:
    """The tester of this card, with the private keys of the folder."""
    try:
        signed = read_whole_card(card.read_bytes())
        (tls,) = [key for key in signed.card.keys if key.use is KeyUse.TLS]
        (folder / TLS_CERTIFICATE).write_text(tls.public)
    except OSError as error:
        raise _unusable(folder, error.strerror or "it cannot be read") from error
    except ValueError as error:
        raise _unusable(folder, "its card has not exactly one certificate") from error
    return Tester(
        card=signed,
        envelope=SigningKey.load(folder / ENVELOPE),
        decryption=DecryptionKey.load(folder / ENCRYPTION),
        certificate=OwnCertificate(folder / TLS_CERTIFICATE, folder / TLS),
    )


def _unusable(folder: Path, obstacle: str) -> TesterFolderError:
    return TesterFolderError(folder=folder, obstacle=obstacle)
