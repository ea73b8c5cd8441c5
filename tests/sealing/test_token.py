# SPDX-License-Identifier: Apache-2.0
"""Keys that never leave a token: a real PKCS#11 library in software, verified with openssl."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from comity.sealing.key_folder import KeyFolder
from comity.sealing.key_lock import PassphraseLock, WrappingKeyUnreadableError, is_sealed
from comity.sealing.pdf_seals import seal_pdf
from comity.sealing.seal_certificates import (
    CertificateUse,
    issue_pilot_certificate,
    make_request,
)
from comity.sealing.token import (
    KEY_ENCRYPTION_KEY,
    SEAL_KEY,
    Token,
    TokenError,
    TokenKeyMissingError,
    TokenLock,
    TokenSealBrokenError,
)
from tests.support.pilot_seals import pilot, ran, xmlsec_verifies
from tests.support.token import configure, make_token, token_library


@pytest.fixture(scope="module")
def token(tmp_path_factory) -> Token:
    """A token with both keys."""
    token_library()
    configure(tmp_path_factory.mktemp("softhsm"))
    made = make_token("northland")
    assert made.prepare() == (SEAL_KEY, KEY_ENCRYPTION_KEY)
    return made


def test_preparing_a_token_again_changes_nothing(token):
    before = token.public()
    assert token.prepare() == ()
    assert token.public() == before


def test_openssl_verifies_what_the_token_signed(token, openssl, tmp_path: Path):
    (tmp_path / "said").write_bytes(b"said")
    (tmp_path / "signature").write_bytes(token.sign(b"said"))
    (tmp_path / "public.pem").write_bytes(token.public().pem)
    run = subprocess.run(
        [
            *(openssl, "dgst", "-sha256", "-verify", tmp_path / "public.pem"),
            *("-signature", tmp_path / "signature", tmp_path / "said"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "Verified OK\n"


def test_the_seal_key_is_one_of_the_curve_p_256(token, openssl, tmp_path: Path):
    (tmp_path / "public.pem").write_bytes(token.public().pem)
    run = subprocess.run(
        [openssl, "pkey", "-pubin", "-in", tmp_path / "public.pem", "-noout", "-text"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "prime256v1" in run.stdout


def test_a_signature_fits_what_was_signed_and_nothing_else(token):
    signature = token.sign(b"said")
    assert token.public().fits(signature, b"said")
    assert not token.public().fits(signature, b"Said")


def test_what_the_token_closed_only_the_token_opens(token):
    closed = token.wrap(b"k" * 32, b"bound")
    assert b"k" * 8 not in closed
    assert token.unwrap(closed, b"bound") == b"k" * 32
    for altered, bound in ((closed[:-1] + b"\0", b"bound"), (closed, b"other"), (b"", b"bound")):
        with pytest.raises(TokenSealBrokenError):
            token.unwrap(altered, bound)


def test_neither_key_can_be_read_out_of_the_token(token):
    import pkcs11

    found = pkcs11.lib(str(token.module)).get_token(token_label=token.label)
    with found.open(user_pin=token.pin) as session:
        keys = [
            key
            for key in session.get_objects()
            if key.object_class is not pkcs11.ObjectClass.PUBLIC_KEY
        ]
        assert len(keys) == 2
        for key in keys:
            assert key[pkcs11.Attribute.EXTRACTABLE] is False
            with pytest.raises(pkcs11.exceptions.PKCS11Error):
                key[pkcs11.Attribute.VALUE]


def test_the_keys_of_a_folder_are_sealed_by_the_token(token, tmp_path: Path):
    folder = KeyFolder(tmp_path, TokenLock(token))
    folder.write("exchange/1.pem", b"PRIVATE KEY")
    assert is_sealed((tmp_path / "exchange/1.pem").read_bytes())
    assert KeyFolder(tmp_path, TokenLock(token)).read("exchange/1.pem") == b"PRIVATE KEY"


@pytest.mark.slow
def test_a_folder_moves_from_a_passphrase_to_the_token_and_its_files_stay(token, tmp_path: Path):
    before = KeyFolder(tmp_path, PassphraseLock("a passphrase of the tests"))
    before.write("1.pem", b"PRIVATE KEY")
    sealed = (tmp_path / "1.pem").read_bytes()
    before.change_lock(TokenLock(token))
    assert (tmp_path / "1.pem").read_bytes() == sealed
    assert KeyFolder(tmp_path, TokenLock(token)).read("1.pem") == b"PRIVATE KEY"
    with pytest.raises(WrappingKeyUnreadableError):
        before.read("1.pem")


def test_another_token_does_not_open_the_folder(token, tmp_path: Path):
    KeyFolder(tmp_path, TokenLock(token)).write("1.pem", b"PRIVATE KEY")
    other = make_token("eastland")
    with pytest.raises(TokenKeyMissingError):
        KeyFolder(tmp_path, TokenLock(other)).read("1.pem")
    other.prepare()
    with pytest.raises(TokenSealBrokenError):
        KeyFolder(tmp_path, TokenLock(other)).read("1.pem")


@pytest.mark.parametrize(
    ("wrong", "obstacle"),
    [
        ({"pin": "999999"}, "the PIN is wrong"),
        ({"label": "elsewhere"}, "no token of this label is there"),
        ({"module": Path("nowhere.so")}, "its library cannot be loaded"),
    ],
)
def test_what_keeps_the_token_closed_is_said_without_the_pin(token, wrong, obstacle):
    with pytest.raises(TokenError, match=obstacle) as refused:
        replace(token, **wrong).sign(b"said")
    assert "999999" not in str(refused.value)
    assert token.pin not in repr(token)


def test_a_request_for_the_tokens_key_is_signed_in_the_token(token, openssl, tmp_path: Path):
    (tmp_path / "request.pem").write_bytes(
        make_request(token, token.public().pem, subject={"country": "XN", "name": "Seal"})
    )
    said = ran("openssl", "req", "-in", "request.pem", "-verify", "-noout", folder=tmp_path)
    assert "verify OK" in said.stderr


@pytest.mark.slow
def test_xmlsec1_and_pdfsig_verify_what_the_token_sealed(token, tmp_path: Path):
    authority = pilot()
    seal = issue_pilot_certificate(
        CertificateUse.SEAL,
        token.public().pem,
        holder="Northland",
        issuer=authority.issuing,
        issuer_key=authority.issuing_key,
        at=authority.at,
    )
    sealing = replace(authority, seal_key=token, seal=seal)
    assert xmlsec_verifies(sealing.unpacked(tmp_path, {"package.json": b"{}"}))
    typst = pytest.importorskip("typst")
    sealed = seal_pdf(
        bytes(typst.compile(b"= A copy", format="pdf")),
        key=token,
        chain=sealing.chain,
        at=authority.at,
        stamp=authority.stamped,
    )
    (tmp_path / "copy.pdf").write_bytes(sealed)
    assert "Signature is Valid." in ran("pdfsig", "copy.pdf", folder=tmp_path).stdout
