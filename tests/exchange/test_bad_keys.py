# SPDX-License-Identifier: Apache-2.0
"""A corpus of bad certificates and keys: each is refused, and each with its own reason.

On a card, when a signature is judged, and in real TLS 1.3 handshakes in both directions.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, x25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from comity.exchange.arrival import KeyRing
from comity.exchange.card_change import read_whole_card
from comity.exchange.partner import Binding, CardKey, Ceilings, KeyUse, Partner, PartnerState
from comity.exchange.partner_card import CardUntrustedError
from comity.exchange.reasons import ReasonCode
from comity.exchange.transports.tls import (
    OwnCertificate,
    TlsKeyError,
    client_context,
    partner_of_certificate,
    server_context,
)
from comity.sealing.certificates import (
    CertificateFlaw,
    CertificateUnreadableError,
    UnsoundCertificateError,
    certificate_pin,
    read_certificate,
    read_sound_certificate,
)
from comity.sealing.checkpoint import CheckpointUnreadableError, NoteKey, read_note_key
from comity.sealing.keys import (
    DecryptionKey,
    EncryptionKey,
    KeyFileError,
    SigningKey,
    UnsoundKeyError,
    VerificationKey,
)
from comity.sealing.signing import make_envelope
from tests.support.bad_certificates import (
    DAY,
    Made,
    by_openssl,
    curve,
    dsa_key,
    make,
    now,
    of_version_1,
    rsa_of,
)
from tests.support.partner_cards import held_card

# --- Certificates, as a card brings them -------------------------------------------------------

AUTHORITY = make(authority=True, common_name="an authority")
FLAWED: dict[str, tuple[Callable[[Path], Made], CertificateFlaw]] = {
    "RSA of 512 bits": (
        lambda f: by_openssl(f, "-newkey", "rsa:512"),
        CertificateFlaw.KEY_TOO_SHORT,
    ),
    "RSA of 1024 bits": (lambda _: make(key=rsa_of(1024)), CertificateFlaw.KEY_TOO_SHORT),
    "signed over SHA-1": (
        lambda f: by_openssl(f, "-newkey", "rsa:2048", "-sha1"),
        CertificateFlaw.WEAK_DIGEST,
    ),
    "signed over MD5": (
        lambda f: by_openssl(f, "-newkey", "rsa:2048", "-md5"),
        CertificateFlaw.WEAK_DIGEST,
    ),
    "on secp256k1": (lambda _: make(key=curve(ec.SECP256K1)), CertificateFlaw.WRONG_CURVE),
    "on P-192": (lambda _: make(key=curve(ec.SECP192R1)), CertificateFlaw.WRONG_CURVE),
    "on P-521": (lambda _: make(key=curve(ec.SECP521R1)), CertificateFlaw.WRONG_CURVE),
    "an Ed448 key": (
        lambda _: make(key=ed448.Ed448PrivateKey.generate()),
        CertificateFlaw.WRONG_KEY_KIND,
    ),
    "a DSA key": (lambda _: make(key=dsa_key()), CertificateFlaw.WRONG_KEY_KIND),
    "issued by an authority": (
        lambda _: make(issuer=AUTHORITY, common_name="leaf"),
        CertificateFlaw.NOT_SELF_SIGNED,
    ),
    "issued under its own name by another key": (
        lambda _: make(issuer=AUTHORITY, common_name="an authority"),
        CertificateFlaw.SIGNATURE_BROKEN,
    ),
    "with an altered signature": (
        lambda _: make().altered(at=0.97),
        CertificateFlaw.SIGNATURE_BROKEN,
    ),
    "with an altered name": (
        lambda _: make().altered(words=(b"made up", b"made UP")),
        CertificateFlaw.SIGNATURE_BROKEN,
    ),
    "that can issue others": (lambda _: AUTHORITY, CertificateFlaw.AUTHORITY),
    "for servers alone": (
        lambda _: make(purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)),
        CertificateFlaw.WRONG_PURPOSE,
    ),
    "for mail": (
        lambda _: make(purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,)),
        CertificateFlaw.WRONG_PURPOSE,
    ),
    "with an unknown demand": (
        lambda _: make(critical="1.3.6.1.4.1.99999.1"),
        CertificateFlaw.UNKNOWN_CRITICAL,
    ),
    "of version 1": (of_version_1, CertificateFlaw.NOT_X509_V3),
}


@pytest.mark.parametrize("name", FLAWED)
def test_a_certificate_that_no_node_is_to_use_is_refused_for_its_flaw(name, tmp_path: Path):
    build, flaw = FLAWED[name]
    made = build(tmp_path)
    with pytest.raises(UnsoundCertificateError) as refused:
        read_sound_certificate(made.certificate)
    assert refused.value.fields["flaw"] == flaw


@pytest.mark.parametrize("kind", ["P-256", "P-384", "Ed25519", "RSA of 2048 bits"])
def test_sound_certificates_are_taken(kind):
    keys = {
        "P-256": lambda: curve(ec.SECP256R1),
        "P-384": lambda: curve(ec.SECP384R1),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
        "RSA of 2048 bits": lambda: rsa_of(2048),
    }
    made = make(key=keys[kind]())
    assert read_sound_certificate(made.certificate).pin == certificate_pin(
        made.parsed.public_bytes(serialization.Encoding.DER)
    )


SOUND = make()
UNREADABLE = {
    "nothing": b"",
    "words": b"this is a certificate, believe me",
    "cut in the middle": SOUND.certificate[: len(SOUND.certificate) // 2],
    "without its end": SOUND.certificate.replace(b"-----END CERTIFICATE-----", b""),
    "two certificates": SOUND.certificate + make().certificate,
    "a certificate with its private key": SOUND.certificate + SOUND.private,
    "a private key": SOUND.private,
    "DER": SOUND.parsed.public_bytes(serialization.Encoding.DER),
    "a bare public key": SOUND.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ),
    "other bytes in its place": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_not_one_certificate_is_not_read(name):
    with pytest.raises(CertificateUnreadableError) as refused:
        read_certificate(UNREADABLE[name])
    assert not isinstance(refused.value, UnsoundCertificateError)


# --- Bare keys ---------------------------------------------------------------------------------

FIELD = 2**255 - 19
ORDER_8 = (
    2707385501144840649318225287225658788936804267575313519463743609750303402022,
    55188659117513257062467267217118295137698188065244968500265048394206261417927,
)
SMALL_ED25519 = {
    "the identity": 1,
    "the identity with a sign": 1 | 1 << 255,
    "order 2": FIELD - 1,
    "order 4": 0,
    "order 4 with a sign": 1 << 255,
    "order 8": ORDER_8[0],
    "the other order 8": ORDER_8[1],
    "order 8 with a sign": ORDER_8[0] | 1 << 255,
    "the identity, not canonical": FIELD + 1,
    "order 4, not canonical": FIELD,
}
SMALL_X25519 = {
    "zero": 0,
    "one": 1,
    "order 4 of the twist": FIELD - 1,
    "zero, not canonical": FIELD,
    "order 8": 325606250916557431795983626356110631294008115727848805560023387167927233504,
    "the other order 8": (
        39382357235489614581723060781553021112529911719440698176882885853963445705823
    ),
}


@pytest.mark.parametrize("name", SMALL_ED25519)
def test_a_signing_key_of_small_order_is_refused(name):
    raw = SMALL_ED25519[name].to_bytes(32, "little")
    with pytest.raises(UnsoundKeyError):
        VerificationKey.from_raw(raw)
    pem = ed25519.Ed25519PublicKey.from_public_bytes(raw).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with pytest.raises(UnsoundKeyError):
        VerificationKey.from_pem(pem)


def test_without_that_refusal_anybody_could_sign_for_the_identity():
    identity = (1).to_bytes(32, "little")
    forged = identity + bytes(32)  # made without any secret
    library_key = ed25519.Ed25519PublicKey.from_public_bytes(identity)
    for message in (b"one", b"another"):
        assert VerificationKey(library_key).fits(forged, message)


@pytest.mark.parametrize("name", SMALL_X25519)
def test_a_key_to_seal_for_whose_secret_everybody_has_is_refused(name):
    raw = SMALL_X25519[name].to_bytes(32, "little")
    pem = x25519.X25519PublicKey.from_public_bytes(raw).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with pytest.raises(UnsoundKeyError):
        EncryptionKey.from_pem(pem)


SIGNER, OTHER = SigningKey.from_seed(b"1" * 32), SigningKey.from_seed(b"2" * 32)
RECIPIENT = DecryptionKey.from_seed(b"3" * 32)
RSA_PUBLIC = (
    rsa_of(2048)
    .public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
)
BAD_SIGNERS = {
    "two keys": (SIGNER.public.pem + OTHER.public.pem, "more than one key"),
    "cut short": (SIGNER.public.pem[:60], "no public key"),
    "its private half": (SIGNER.private_pem(), "no public key"),
    "a key to seal for": (RECIPIENT.public.pem, "X25519PublicKey"),
    "an RSA key": (RSA_PUBLIC, "RSAPublicKey"),
    "a certificate": (SOUND.certificate, "no public key"),
    "nothing": (b"", "no public key"),
}


@pytest.mark.parametrize("name", BAD_SIGNERS)
def test_what_is_not_one_key_to_verify_with_is_refused(name):
    pem, words = BAD_SIGNERS[name]
    with pytest.raises(KeyFileError, match=words):
        VerificationKey.from_pem(pem)


def test_a_key_to_verify_with_is_none_to_seal_for():
    with pytest.raises(KeyFileError, match="Ed25519PublicKey"):
        EncryptionKey.from_pem(SIGNER.public.pem)


NOTE_KEY = NoteKey("southland.example/journal", SIGNER.public).text
BAD_NOTE_KEYS = {
    "another key id": NOTE_KEY.replace("+", "+0", 1),
    "another name": NOTE_KEY.replace("southland", "eastland"),
    "an unknown type": "name+00000000+CQ==",
    "cut short": NOTE_KEY[:-8],
    "nothing": "",
}


@pytest.mark.parametrize("name", BAD_NOTE_KEYS)
def test_a_bad_key_of_a_journal_is_refused(name):
    with pytest.raises(CheckpointUnreadableError):
        read_note_key(BAD_NOTE_KEYS[name])


# --- On a card ---------------------------------------------------------------------------------

HELD = held_card()


def card_with(use: KeyUse, public: str, key_id: str | None = None) -> bytes:
    """The made-up card with another public key of one use, signed as it should be."""
    keys = [
        replace(key, public=public, key_id=key_id or key.key_id) if key.use is use else key
        for key in HELD.card.keys
    ]
    return HELD.signed(keys=tuple(keys)).document


def small_order_pem() -> str:
    raw = (1).to_bytes(32, "little")
    key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


@pytest.mark.parametrize(
    ("use", "public", "words"),
    [
        (KeyUse.TLS, make(key=rsa_of(1024)).certificate.decode(), "fewer than 2048 bits"),
        (KeyUse.TLS, AUTHORITY.certificate.decode(), "issue further certificates"),
        (KeyUse.TLS, SOUND.certificate.decode(), "is in truth"),
        (KeyUse.TLS, SIGNER.public.pem.decode(), "does not parse"),
        (KeyUse.ENVELOPE, small_order_pem(), "small order"),
        (KeyUse.ENVELOPE, RECIPIENT.public.pem.decode(), "X25519PublicKey"),
        (KeyUse.ENVELOPE, OTHER.public.pem.decode(), "is in truth"),
        (KeyUse.ENCRYPTION, SIGNER.public.pem.decode(), "Ed25519PublicKey"),
    ],
)
def test_a_card_with_a_bad_key_is_refused_and_says_which(use, public, words):
    with pytest.raises(CardUntrustedError, match=words):
        read_whole_card(card_with(use, public))


def test_the_card_itself_is_taken():
    assert read_whole_card(HELD.document).card == HELD.card


# --- When a signature is judged ----------------------------------------------------------------

SIGNED_AT = now()
KIND = "application/vnd.comity.envelope+json"


def listed(key: SigningKey = SIGNER, use: KeyUse = KeyUse.ENVELOPE, **changes: object) -> CardKey:
    fresh = CardKey(
        use, key.public.key_id, key.public.pem.decode(), SIGNED_AT - DAY, SIGNED_AT + DAY
    )
    return replace(fresh, **changes)


@pytest.mark.parametrize(
    ("on_the_card", "reason"),
    [
        ([], ReasonCode.KEY_UNKNOWN),
        ([listed(OTHER)], ReasonCode.KEY_UNKNOWN),  # another partner's
        ([listed(use=KeyUse.IDENTITY)], ReasonCode.KEY_UNKNOWN),
        ([listed(use=KeyUse.OFFICIAL, holder="O-1")], ReasonCode.KEY_UNKNOWN),
        ([listed(OTHER, key_id=SIGNER.public.key_id)], ReasonCode.SIGNATURE_BROKEN),
        ([listed(valid_from=SIGNED_AT + timedelta(seconds=1))], ReasonCode.KEY_NOT_YET_VALID),
        ([listed(valid_until=SIGNED_AT)], ReasonCode.KEY_EXPIRED),
        ([listed(revoked_at=SIGNED_AT)], ReasonCode.KEY_REVOKED),
        ([listed(revoked_at=SIGNED_AT - DAY)], ReasonCode.KEY_REVOKED),
        ([listed(revoked_at=SIGNED_AT + timedelta(seconds=1))], None),  # it was good then
        ([listed()], None),
    ],
)
def test_a_signature_counts_only_by_a_key_that_was_good_when_it_was_made(on_the_card, reason):
    signed = make_envelope(b"{}", KIND, [SIGNER])
    ring = KeyRing.of(on_the_card, KeyUse.ENVELOPE)
    assert ring.judged(signed, SIGNED_AT)[0] == reason


# --- In TLS 1.3 handshakes ---------------------------------------------------------------------


def tls_key(made: Made, **changes: object) -> CardKey:
    """The certificate as a card lists it."""
    pin = certificate_pin(made.parsed.public_bytes(serialization.Encoding.DER))
    begun, ended = now() - 400 * DAY, now() + 400 * DAY
    return replace(
        CardKey(KeyUse.TLS, pin[:16], made.certificate.decode(), begun, ended), **changes
    )


def partner(code: str, *keys: CardKey, state: PartnerState = PartnerState.ACTIVE) -> Partner:
    endpoint, kinds = "https://localhost", frozenset[str]()
    return Partner(code, code, state, Binding.PUSH, endpoint, 2, kinds, keys, Ceilings(), 1, "")


class Handshake:
    """Two ends of one connection in memory: what each says, and whose certificate each saw."""

    def __init__(self, client: ssl.SSLContext, server: ssl.SSLContext) -> None:
        to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.ends = {
            "client": client.wrap_bio(to_client, to_server),
            "server": server.wrap_bio(to_server, to_client, server_side=True),
        }
        self.refusals: dict[str, str] = {}
        for _ in range(6):
            for name, end in self.ends.items():
                self._step(name, end)

    def _step(self, name: str, end: ssl.SSLObject) -> None:
        if name in self.refusals:
            return
        try:
            end.do_handshake()
            if name == "client":  # the server's refusal reaches it only when it reads
                end.read(1)
        except ssl.SSLWantReadError:
            return
        except ssl.SSLCertVerificationError as error:
            self.refusals[name] = error.verify_message
        except ssl.SSLError as error:
            self.refusals[name] = error.reason or "broken off"

    def seen_by(self, name: str) -> str:
        der = self.ends[name].getpeercert(binary_form=True)
        return certificate_pin(der) if der else ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("certificates")


OURS, THEIRS = make(common_name="northland"), make(common_name="southland")
EXPIRED, EARLY = make(days=(-30, -1)), make(days=(1, 30))
ISSUED = make(issuer=AUTHORITY, common_name="leaf")
BY_A_LEAF = make(issuer=THEIRS, common_name="child")
FOR_MAIL = make(purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))
SELF_SIGNED = "self-signed certificate"
NO_ISSUER = "unable to get local issuer certificate"
REFUSED = {
    "a stranger's": (make(common_name="eastland"), [tls_key(THEIRS)], SELF_SIGNED),
    "none that is known yet": (THEIRS, [], SELF_SIGNED),
    "expired, though on the card": (EXPIRED, [tls_key(EXPIRED)], "certificate has expired"),
    "not yet valid, though on the card": (
        EARLY,
        [tls_key(EARLY)],
        "certificate is not yet valid",
    ),
    "revoked on the card": (
        THEIRS,
        [tls_key(THEIRS, revoked_at=now() - DAY)],
        SELF_SIGNED,
    ),
    "not in force by the card": (
        THEIRS,
        [tls_key(THEIRS, valid_from=now() + DAY)],
        SELF_SIGNED,
    ),
    "ended by the card": (THEIRS, [tls_key(THEIRS, valid_until=now() - DAY)], SELF_SIGNED),
    "of the same name and another key": (
        make(common_name="southland"),
        [tls_key(THEIRS)],
        SELF_SIGNED,
    ),
    "issued by an authority that nobody knows": (ISSUED, [tls_key(THEIRS)], NO_ISSUER),
    "issued with the partner's own certificate": (BY_A_LEAF, [tls_key(THEIRS)], "CA"),
    "of another use of the card": (
        THEIRS,
        [replace(tls_key(THEIRS), use=KeyUse.OFFICIAL)],
        SELF_SIGNED,
    ),
    "for mail": (FOR_MAIL, [tls_key(FOR_MAIL)], "unsuitable certificate purpose"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("shown_by", ["client", "server"])
def test_a_bad_certificate_ends_the_handshake_with_its_own_reason(name, shown_by, folder: Path):
    shown, keys, words = REFUSED[name]
    bad, good = shown.files(folder / name), OURS.files(folder / "ours")
    ours = tls_key(OURS)
    if shown_by == "client":
        client = client_context(bad, [ours], at=now())
        server = server_context(good, [partner("XS", *keys)], at=now())
        refuser = "server"
    else:
        client = client_context(good, keys, at=now())
        server = server_context(bad, [partner("XN", ours)], at=now())
        refuser = "client"
    refusals = Handshake(client, server).refusals
    assert words in refusals[refuser]


def test_two_partners_get_in_by_tls_1_3(folder: Path):
    client = client_context(OURS.files(folder / "ours"), [tls_key(THEIRS)], at=now())
    server = server_context(
        THEIRS.files(folder / "theirs"), [partner("XN", tls_key(OURS))], at=now()
    )
    shaken = Handshake(client, server)
    assert shaken.refusals == {}
    assert shaken.ends["client"].version() == "TLSv1.3"
    assert shaken.seen_by("server") == read_certificate(OURS.certificate).pin


def test_what_a_pinned_certificate_is_called_decides_nothing(folder: Path):
    """Bytes are pinned: a name would only be one more thing that can be wrong."""
    nowhere = make(common_name="elsewhere.invalid")
    client = client_context(OURS.files(folder / "ours"), [tls_key(nowhere)], at=now())
    server = server_context(
        nowhere.files(folder / "nowhere"), [partner("XN", tls_key(OURS))], at=now()
    )
    assert Handshake(client, server).refusals == {}


def test_who_shows_nothing_does_not_get_in(folder: Path):
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    server = server_context(
        THEIRS.files(folder / "theirs"), [partner("XN", tls_key(OURS))], at=now()
    )
    refusals = Handshake(client, server).refusals
    assert refusals["server"] == "PEER_DID_NOT_RETURN_A_CERTIFICATE"


def test_an_older_tls_is_not_spoken(folder: Path):
    client = client_context(OURS.files(folder / "ours"), [tls_key(THEIRS)], at=now())
    client.minimum_version = client.maximum_version = ssl.TLSVersion.TLSv1_2
    server = server_context(
        THEIRS.files(folder / "theirs"), [partner("XN", tls_key(OURS))], at=now()
    )
    assert Handshake(client, server).refusals["server"] == "UNSUPPORTED_PROTOCOL"


def test_a_certificate_that_a_pinned_authority_issued_is_nobody_s(folder: Path):
    """TLS alone would let it in; that no card lists it is what counts."""
    client = client_context(ISSUED.files(folder / "issued"), [tls_key(THEIRS)], at=now())
    eastland = partner("XE", tls_key(AUTHORITY))
    server = server_context(THEIRS.files(folder / "theirs"), [eastland], at=now())
    shown = Handshake(client, server).seen_by("server")
    assert partner_of_certificate([eastland], shown, at=now()) is None


def test_another_partner_s_certificate_is_that_partner_s(folder: Path):
    """Whoever gets in by a certificate is its owner, whatever the message says."""
    southland = partner("XS", tls_key(THEIRS))
    eastland = partner("XE", tls_key(make(common_name="eastland")))
    server = server_context(OURS.files(folder / "ours"), [southland, eastland], at=now())
    client = client_context(THEIRS.files(folder / "theirs"), [tls_key(OURS)], at=now())
    shown = Handshake(client, server).seen_by("server")
    assert partner_of_certificate([southland, eastland], shown, at=now()) == southland


def test_a_certificate_revoked_since_the_handshake_is_nobody_s():
    pin = read_certificate(THEIRS.certificate).pin
    later = now()
    revoked = partner("XS", tls_key(THEIRS, revoked_at=later))
    assert partner_of_certificate([revoked], pin, at=later - DAY) == revoked
    assert partner_of_certificate([revoked], pin, at=later) is None


@pytest.mark.parametrize("state", [PartnerState.PROPOSED, PartnerState.ENDED])
def test_a_partner_whom_nobody_confirmed_or_who_ended_does_not_get_in(state, folder: Path):
    client = client_context(THEIRS.files(folder / "theirs"), [tls_key(OURS)], at=now())
    server = server_context(
        OURS.files(folder / "ours"), [partner("XS", tls_key(THEIRS), state=state)], at=now()
    )
    assert Handshake(client, server).refusals["server"] == SELF_SIGNED


@pytest.mark.parametrize("fault", ["another key", "no key", "cut certificate"])
def test_a_node_does_not_listen_with_a_certificate_and_key_that_do_not_belong_together(
    fault, folder: Path, tmp_path: Path
):
    files = Made(OURS.certificate, THEIRS.private).files(tmp_path)
    if fault == "no key":
        files = OwnCertificate(files.certificate, tmp_path / "none")
    if fault == "cut certificate":
        files.certificate.write_bytes(OURS.certificate[:200])
    with pytest.raises(TlsKeyError):
        server_context(files, [], at=now())
