# SPDX-License-Identifier: Apache-2.0
"""Seals over files: what is signed, and that xmlsec1 and the JDK say the same of every byte."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.sealing.timestamps import Stamp, StampBrokenError, read_stamp, verify_stamp
from comity.sealing.xml_seals import (
    SIGNATURE_FILE,
    SealedNameError,
    XmlSealUnreadableError,
    der_signature,
    digest_of,
    parts_of,
    seal_xml,
)
from tests.support.pilot_seals import java_verifies, make_pilot, pilot, tool, xmlsec_verifies

FILES = {"package.json": b'{"format":"x"}', "items/0001/content.bin": b"content" * 100}
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return pilot().sealed(FILES)


def sealed_as(digests: dict[str, bytes]) -> bytes:
    """A seal over these names, with a stamp over something else, which is made once."""
    authority, stamp = pilot(), a_stamp()
    return seal_xml(
        digests,
        key=authority.seal_key,
        chain=authority.chain,
        at=authority.at,
        stamp=lambda _digest: stamp,
    )


@cache
def a_stamp() -> Stamp:
    return pilot().stamped(bytes(32))


def signature_fits(seal: bytes) -> bool:
    """Whether the signature holds over the bytes as they stand, by our own few lines."""
    parts = parts_of(seal)
    key = load_der_x509_certificate(parts.certificates[0]).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(der_signature(parts.signature), parts.signed_info, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def test_the_signature_is_over_the_bytes_of_signed_info_as_they_stand(sealed):
    assert signature_fits(sealed)
    assert parts_of(sealed).signed_info in sealed


def test_every_file_stands_in_the_seal_with_its_digest(sealed):
    assert parts_of(sealed).references == {
        name: hashlib.sha256(content).digest() for name, content in FILES.items()
    }


def test_what_is_signed_stands_in_its_canonical_form(sealed):
    from lxml import etree

    document, parts = etree.fromstring(sealed), parts_of(sealed)
    for name, found in (
        ("{http://www.w3.org/2000/09/xmldsig#}SignedInfo", parts.signed_info),
        ("{http://www.w3.org/2000/09/xmldsig#}SignatureValue", parts.signature_value),
        ("{http://uri.etsi.org/01903/v1.3.2#}SignedProperties", parts.signed_properties),
    ):
        element = next(document.iter(name))
        assert etree.tostring(element, method="c14n", exclusive=True) == found


def test_the_stamp_is_over_the_signature_value(sealed):
    parts, authority = parts_of(sealed), pilot()
    stamp = read_stamp(parts.token)
    digest = hashlib.sha256(parts.signature_value).digest()
    verify_stamp(stamp, digest, anchors=[authority.root], others=[authority.issuing])
    other = hashlib.sha256(parts.signature_value + b" ").digest()
    with pytest.raises(StampBrokenError, match="something else"):
        verify_stamp(stamp, other, anchors=[authority.root], others=[authority.issuing])


def test_a_seal_brings_all_that_verifies_it_and_nothing_twice(sealed):
    parts, authority = parts_of(sealed), pilot()
    assert parts.certificates == (authority.seal.der, authority.issuing.der)
    assert parts.other_certificates == (authority.root.der, authority.stamp.der)
    assert parts.revocations == tuple(each.der for each in authority.chain.revocations)


def test_of_the_two_signatures_that_would_hold_the_lower_is_written():
    for _ in range(8):
        second = parts_of(sealed_as({"a": bytes(32)})).signature[32:]
        assert int.from_bytes(second, "big") <= _ORDER // 2


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=12))
def test_a_name_is_sealed_as_it_is_or_not_at_all(name):
    digests = {name: bytes(32)}
    try:
        made = sealed_as(digests)
    except SealedNameError:
        return
    assert parts_of(made).references == digests


@pytest.mark.parametrize("name", ["", "../x", "/x", "a//b", "a b", "a&b", "é", "a/../b", ".x"])
def test_a_name_that_could_be_read_in_two_ways_is_refused(name):
    with pytest.raises(SealedNameError):
        sealed_as({name: bytes(32)})


def test_a_large_file_is_digested_piece_by_piece():
    content = b"x" * (3 * 1024 * 1024 + 17)
    assert digest_of(io.BytesIO(content)) == hashlib.sha256(content).digest()


@pytest.mark.parametrize(
    "alter",
    [
        lambda seal: seal + b"\n",
        lambda seal: b" " + seal,
        lambda seal: seal.replace(b"<ds:KeyInfo>", b"<ds:KeyInfo> "),
        lambda seal: seal.replace(b"=</ds:DigestValue>", b"= </ds:DigestValue>", 1),
        lambda seal: seal[:-1],
        lambda _seal: b"",
        lambda _seal: b"<x/>",
    ],
)
def test_a_seal_spelled_in_another_way_is_not_read(sealed, alter):
    altered = alter(sealed)
    assert altered != sealed
    with pytest.raises(XmlSealUnreadableError):
        parts_of(altered)


def test_another_key_in_place_of_the_seals_own_is_noticed(sealed):
    other = replace(pilot(), seal=pilot().stamp)
    assert not signature_fits(other.sealed(FILES))


ALTERATIONS: dict[str, Callable[[Path], None]] = {}


def alteration(name: str) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    def noted(function: Callable[[Path], None]) -> Callable[[Path], None]:
        ALTERATIONS[name] = function
        return function

    return noted


@alteration("a file")
def alter_a_file(folder: Path) -> None:
    flip(folder / "items/0001/content.bin", 17)


@alteration("a name")
def alter_a_name(folder: Path) -> None:
    (folder / "package.json").rename(folder / "package2.json")
    replaced(folder, b'URI="package.json"', b'URI="package2.json"')


@alteration("a digest")
def alter_a_digest(folder: Path) -> None:
    at = (folder / SIGNATURE_FILE).read_bytes().index(b"<ds:DigestValue>") + 20
    flip(folder / SIGNATURE_FILE, at)


@alteration("the signature")
def alter_the_signature(folder: Path) -> None:
    at = (folder / SIGNATURE_FILE).read_bytes().index(b'Id="value">') + 20
    flip(folder / SIGNATURE_FILE, at)


@alteration("the instant")
def alter_the_instant(folder: Path) -> None:
    replaced(folder, b"Z</xades:SigningTime>", b"0Z</xades:SigningTime>")


@alteration("the certificate's digest")
def alter_the_certificates_digest(folder: Path) -> None:
    at = (folder / SIGNATURE_FILE).read_bytes().index(b'xmldsig#">', 3000) + 20
    flip(folder / SIGNATURE_FILE, at)


@alteration("the certificate")
def alter_the_certificate(folder: Path) -> None:
    at = (folder / SIGNATURE_FILE).read_bytes().index(b"<ds:X509Certificate>") + 500
    flip(folder / SIGNATURE_FILE, at)


def flip(file: Path, at: int) -> None:
    """Another letter in place of one, which keeps base64 and XML well-formed."""
    content = bytearray(file.read_bytes())
    content[at] = ord("B") if content[at] == ord("A") else ord("A")
    file.write_bytes(content)


def replaced(folder: Path, old: bytes, new: bytes) -> None:
    content = (folder / SIGNATURE_FILE).read_bytes()
    assert content.count(old) == 1
    (folder / SIGNATURE_FILE).write_bytes(content.replace(old, new))


def altered_folders(tmp_path: Path) -> list[Path]:
    whole = pilot().unpacked(tmp_path / "whole", FILES)
    folders = [whole]
    for number, alter in enumerate(ALTERATIONS.values()):
        folder = Path(shutil.copytree(whole, tmp_path / str(number)))
        alter(folder)
        folders.append(folder)
    return folders


@pytest.mark.slow
def test_xmlsec1_finds_the_seal_good_and_every_alteration_bad(tmp_path):
    tool("xmlsec1")
    whole, *altered = altered_folders(tmp_path)
    assert xmlsec_verifies(whole)
    verdicts = dict(zip(ALTERATIONS, map(xmlsec_verifies, altered), strict=True))
    assert not any(verdicts.values()), verdicts


@pytest.mark.slow
def test_the_jdk_finds_the_seal_good_and_every_alteration_bad(tmp_path):
    tool("java")
    verdicts = java_verifies(altered_folders(tmp_path))
    assert verdicts == [True] + [False] * len(ALTERATIONS)


def test_xmlsec1_does_not_find_a_seal_good_by_another_root(tmp_path):
    folder = pilot().unpacked(tmp_path, FILES)
    (folder / "root.crt").write_bytes(make_pilot().root.pem)
    assert not xmlsec_verifies(folder)
