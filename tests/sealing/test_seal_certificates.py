# SPDX-License-Identifier: Apache-2.0
"""The certificates of seals: the pilot authority's, requests for real ones, and their chains."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.sealing.keys import KeyFileError
from comity.sealing.seal_certificates import (
    SealCertificateUnreadableError,
    SealChainError,
    SealKey,
    check_seal_chain,
    key_id_of,
    list_was_issued_by,
    make_request,
    make_revocation_list,
    order_chain,
    read_der_revocation_list,
    read_revocation_lists,
    read_seal_certificates,
    was_issued_by,
)
from tests.support.pilot_seals import AT, MONTH, make_pilot, pilot, ran
from tests.support.trust_service import make_trust_service, trust_service


def test_the_pilot_authority_marks_every_certificate_as_a_pilots():
    authority = pilot()
    for certificate in (authority.root, authority.issuing, authority.seal, authority.stamp):
        assert certificate.pilot
        assert "PILOT" in certificate.subject


def test_openssl_verifies_seal_and_stamp_certificates_for_what_they_are_for(tmp_path):
    for name, certificate in (
        ("root", pilot().root),
        ("issuing", pilot().issuing),
        ("seal", pilot().seal),
        ("stamp", pilot().stamp),
    ):
        (tmp_path / f"{name}.crt").write_bytes(certificate.pem)
    by = ("-CAfile", "root.crt", "-untrusted", "issuing.crt", "-x509_strict")
    assert ran("openssl", "verify", *by, "seal.crt", folder=tmp_path).returncode == 0
    for_stamps = (*by, "-purpose", "timestampsign")
    assert ran("openssl", "verify", *for_stamps, "stamp.crt", folder=tmp_path).returncode == 0
    assert ran("openssl", "verify", *for_stamps, "seal.crt", folder=tmp_path).returncode != 0


def test_openssl_finds_what_the_authority_revoked(tmp_path):
    authority = pilot()
    for name, revoked in (("none", {}), ("seal", {authority.seal.serial: AT})):
        made = make_revocation_list(
            revoked,
            issuer=authority.issuing,
            issuer_key=authority.issuing_key,
            number=2,
            at=AT,
            next_at=AT + MONTH,
        )
        assert made.revoked == frozenset(revoked)
        assert list_was_issued_by(made, authority.issuing)
        assert not list_was_issued_by(made, authority.root)
        (tmp_path / f"{name}.crl").write_bytes(made.pem)
    (tmp_path / "root.crt").write_bytes(authority.root.pem)
    (tmp_path / "issuing.crt").write_bytes(authority.issuing.pem)
    (tmp_path / "seal.crt").write_bytes(authority.seal.pem)
    by = ("-crl_check", "-CAfile", "root.crt", "-untrusted", "issuing.crt", "seal.crt")
    good = ran("openssl", "verify", "-CRLfile", "none.crl", *by, folder=tmp_path)
    assert good.returncode == 0, good.stderr
    bad = ran("openssl", "verify", "-CRLfile", "seal.crl", *by, folder=tmp_path)
    assert "revoked" in bad.stderr


def test_a_request_names_the_administration_and_proves_the_key(tmp_path):
    key = SealKey.make()
    subject = {"country": "XN", "organisation": "Northland Customs", "name": "Seal"}
    (tmp_path / "request.pem").write_bytes(make_request(key, key.public_pem, subject=subject))
    said = ran(
        "openssl", "req", "-in", "request.pem", "-verify", "-noout", "-subject", folder=tmp_path
    )
    assert said.returncode == 0
    assert "Northland Customs" in said.stdout


def test_a_chain_is_put_in_order_and_ends_at_its_root():
    authority = pilot()
    mixed = (authority.root, authority.seal, authority.stamp, authority.issuing)
    expected = (authority.seal, authority.issuing, authority.root)
    assert check_seal_chain(mixed, key_id=authority.seal.key_id, at=AT) == expected


def test_a_chain_that_does_not_hold_is_refused_with_the_reason():
    authority, stranger = pilot(), make_pilot()
    own = authority.seal.key_id
    whole = (authority.seal, authority.issuing, authority.root)
    for chain, key_id, at, reason in (
        (whole, stranger.seal.key_id, AT, "this seal's key"),
        (whole[:2], own, AT, "root is missing"),
        ((authority.seal, stranger.issuing, stranger.root), own, AT, "root is missing"),
        (whole, own, AT + timedelta(days=4 * 365), "not valid today"),
        (whole, authority.root.key_id, AT, "this seal's key"),
    ):
        with pytest.raises(SealChainError, match=reason):
            check_seal_chain(chain, key_id=key_id, at=at)


def test_a_chain_that_ends_at_a_short_key_is_refused():
    weak = make_trust_service(bits=1024)
    key = SealKey.make()
    request = make_request(key, key.public_pem, subject={"name": "Seal"})
    chain = read_seal_certificates(weak.issued(request))
    with pytest.raises(SealChainError, match="forged"):
        check_seal_chain(chain, key_id=key_id_of(key.public_pem), at=AT)
    sound = read_seal_certificates(trust_service().issued(request))
    assert check_seal_chain(sound, key_id=key_id_of(key.public_pem), at=AT) == sound


def test_who_may_issue_none_has_issued_none():
    authority = pilot()
    assert was_issued_by(authority.seal, authority.issuing)
    assert not was_issued_by(authority.seal, authority.root)
    assert not was_issued_by(authority.seal, authority.seal)
    assert order_chain(authority.seal, [authority.stamp]) == (authority.seal,)


def test_files_are_read_as_they_were_written():
    authority = pilot()
    pem = authority.seal.pem + authority.issuing.pem
    assert read_seal_certificates(pem) == (authority.seal, authority.issuing)
    lists = authority.chain.revocations
    assert read_revocation_lists(b"".join(each.pem for each in lists)) == lists
    assert read_der_revocation_list(lists[0].der) == lists[0]


@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_refused(content):
    with pytest.raises(SealCertificateUnreadableError):
        read_seal_certificates(content)
    with pytest.raises(SealCertificateUnreadableError):
        read_der_revocation_list(content)
    with pytest.raises(KeyFileError):
        SealKey.from_pem(content)


def test_a_seals_key_is_read_again_and_shows_nothing_of_itself():
    key = SealKey.make()
    again = SealKey.from_pem(key.private_pem())
    assert again.public_pem == key.public_pem
    assert "PRIVATE" not in repr(key)
