# SPDX-License-Identifier: Apache-2.0
"""The node's seal: made at first use, replaced by a real one, stamped by whoever is set."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import PermissionMissingError
from comity.agreements.queries import own_administration
from comity.evidence import models
from comity.evidence.queries import renewals as renewal_queries
from comity.evidence.queries import seals as queries
from comity.evidence.seal import CertificateRole, RootState
from comity.evidence.services import renewing, seal_administration, seal_keys, seal_trust, seals
from comity.evidence.services.seal_administration import (
    StampCertificatesMissingError,
    UnknownSealCertificateError,
)
from comity.evidence.services.seal_trust import RootFingerprintError, UnknownRootError
from comity.evidence.services.stamping import NoStampError, timestamp
from comity.sealing.key_lock import is_sealed
from comity.sealing.renewals import (
    RenewalBrokenError,
    read_renewal,
    renewal_document,
    verify_renewals,
)
from comity.sealing.seal_certificates import (
    SealChainError,
    key_id_of,
    read_der_seal_certificate,
    read_revocation_lists,
    read_seal_certificates,
)
from comity.sealing.timestamps import StampBrokenError, read_stamp, verify_stamp
from comity.sealing.xml_seals import der_signature, parts_of
from tests.support.evidence import CASE_OFFICER
from tests.support.pilot_seals import AT, make_pilot
from tests.support.token import configure, make_token, token_library
from tests.support.trust_service import POLICY, trust_service
from tests.support.web_server import web_server

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]
FILES = {"package.json": b"{}"}
YEAR = timedelta(days=365)
SUBJECT = {"country": "XN", "organisation": "Northland Customs", "name": "Seal of Northland"}


def anchors_at(at):
    return [root.certificate for root in seals.trust_snapshot(at=at).roots]


def take_a_real_certificate():
    request = seal_administration.request_certificate(subject=SUBJECT, by=OPERATOR, at=AT)
    chain = trust_service().issued(request)
    return seal_administration.take_certificate(
        chain + trust_service().list_of_revoked(), by=OPERATOR, at=AT
    )


def test_a_node_seals_at_once_and_says_that_it_is_a_pilot_seal():
    sealed = seals.seal_files(FILES, at=AT)
    parts = parts_of(sealed.content)
    assert parts.references == {"package.json": hashlib.sha256(b"{}").digest()}
    assert (sealed.pilot_seal, sealed.pilot_stamp, sealed.fell_back) == (True, True, False)


def test_making_the_seal_again_changes_nothing():
    first = seals.make_seal(at=AT)
    assert seals.make_seal(at=AT) == first
    assert models.SealCertificate.objects.count() == len(("root", "issuing", "seal", "stamp"))
    assert first.pilot


def test_what_the_snapshot_trusts_verifies_the_stamp_of_a_seal():
    parts = parts_of(seals.seal_files(FILES, at=AT).content)
    snapshot = seals.trust_snapshot(at=AT)
    digest = hashlib.sha256(parts.signature_value).digest()
    stamp = read_stamp(parts.token)
    verify_stamp(stamp, digest, anchors=anchors_at(AT), others=snapshot.certificates)
    assert {each.der for each in snapshot.certificates} == {
        *parts.certificates,
        *parts.other_certificates,
    }
    assert tuple(each.der for each in snapshot.revocations) == parts.revocations


def test_stamps_have_growing_numbers_and_instants():
    stamps = [timestamp(bytes([n]) * 32, at=AT).stamp for n in range(3)]
    assert [stamp.serial for stamp in stamps] == sorted({stamp.serial for stamp in stamps})
    assert [stamp.at for stamp in stamps] == sorted({stamp.at for stamp in stamps})
    earlier = timestamp(bytes(32), at=AT - YEAR / 365).stamp
    assert earlier.at > stamps[-1].at


def test_a_real_certificate_takes_the_pilots_place():
    seals.make_seal(at=AT)
    own = take_a_real_certificate()
    assert not own.pilot
    sealed = seals.seal_files(FILES, at=AT)
    assert not sealed.pilot_seal
    assert sealed.pilot_stamp
    parts = parts_of(sealed.content)
    assert parts.certificates == (own.certificate.der,)
    assert own.chain[-1].der in parts.other_certificates
    assert len(parts.revocations) == len(("the trust service", "the root", "the issuer"))


def test_what_the_authority_revoked_is_fetched_from_where_it_publishes_that(settings):
    settings.OUTBOUND = replace(settings.OUTBOUND, on=True, private=True)
    request = seal_administration.request_certificate(subject=SUBJECT, by=OPERATOR, at=AT)
    with web_server() as site:
        pem = trust_service().list_of_revoked(17)
        place = site.gives("/revoked.crl", read_revocation_lists(pem)[0].der)
        chain = trust_service().issued(request, published_at=place)
        seal_administration.take_certificate(chain, by=OPERATOR, at=AT)
        assert [seal_administration.fetch_lists(at=AT) for _ in range(2)] == [1, 0]
        site.routes.clear()
        assert seal_administration.fetch_lists(at=AT) == 0
    assert {17} in [set(each.revoked) for each in seals.trust_snapshot(at=AT).revocations]


def test_a_new_key_is_used_only_once_its_certificate_is_taken_in():
    before = seals.make_seal(at=AT).certificate
    request = seal_administration.request_certificate(
        subject=SUBJECT, new_key=True, by=OPERATOR, at=AT
    )
    assert seals.seal_files(FILES, at=AT).certificate == before
    seal_administration.take_certificate(trust_service().issued(request), by=OPERATOR, at=AT)
    after = seals.seal_files(FILES, at=AT).certificate
    assert after.key_id != before.key_id


def test_a_certificate_for_another_key_is_not_taken_in():
    stranger = make_pilot()
    chain = stranger.seal.pem + stranger.issuing.pem + stranger.root.pem
    with pytest.raises(SealChainError):
        seal_administration.take_certificate(chain, by=OPERATOR, at=AT)


def test_a_revoked_pilot_certificate_seals_no_more_and_its_list_says_so():
    before = seals.make_seal(at=AT).certificate
    seal_administration.revoke_certificate(before.fingerprint, by=OPERATOR, at=AT)
    sealed = seals.seal_files({"package.json": b"[]"}, at=AT)
    assert sealed.certificate.key_id != before.key_id
    revoked = {
        serial for each in seals.trust_snapshot(at=AT).revocations for serial in each.revoked
    }
    assert revoked == {before.serial}
    with pytest.raises(UnknownSealCertificateError):
        seal_administration.revoke_certificate(before.fingerprint, by=OPERATOR, at=AT)


def test_only_an_administrator_touches_the_seal():
    with pytest.raises(PermissionMissingError):
        seal_administration.request_certificate(subject=SUBJECT, by=CASE_OFFICER, at=AT)
    with pytest.raises(PermissionMissingError):
        seal_administration.set_stamps("", by=CASE_OFFICER, at=AT)


def test_another_authority_stamps_and_the_pilot_steps_in_only_where_that_is_allowed(
    settings, tmp_path
):
    settings.OUTBOUND = replace(settings.OUTBOUND, on=True, private=True)
    folder = tmp_path / "authority"
    folder.mkdir()
    with web_server() as site:
        site.routes["/stamps"] = trust_service().stamping(folder)
        address = f"{site.root}/stamps"
        with pytest.raises(StampCertificatesMissingError):
            seal_administration.set_stamps(address, by=OPERATOR, at=AT)
        known = trust_service().root_pem
        seal_administration.set_stamps(address, certificates=known, by=OPERATOR, at=AT)
        sealed = seals.seal_files(FILES, at=AT)
        assert not sealed.pilot_stamp
        assert sealed.stamped.stamp.policy == POLICY
        parts = parts_of(sealed.content)
        digest = hashlib.sha256(parts.signature_value).digest()
        verify_stamp(read_stamp(parts.token), digest, anchors=anchors_at(AT))
        outside = read_seal_certificates(known)[0].fingerprint
        assert f"# TIME-STAMPS: {outside}\n" in queries.public_anchors()
        assert f"{queries.holder()}: {outside}" not in queries.public_anchors()
        assert not seal_trust.is_trusted(own_administration(), outside)
        [own] = seal_roots()
        assert seal_trust.is_trusted(own_administration(), own.fingerprint)
        site.routes.pop("/stamps")
        with pytest.raises(NoStampError, match="refused-by-server"):
            seals.seal_files({"a": b""}, at=AT)
        site.routes["/stamps"] = trust_service().stamping(folder)
        seal_administration.set_stamps(
            address, certificates=known, pilot_allowed=True, by=OPERATOR, at=AT
        )
        site.routes.pop("/stamps")
        fallen = seals.seal_files({"a": b""}, at=AT)
    assert (fallen.pilot_stamp, fallen.fell_back) == (True, True)
    assert models.SealStamp.objects.filter(fell_back=True).count() == 1


def test_an_authority_whose_stamps_do_not_hold_is_not_taken(settings, tmp_path):
    settings.OUTBOUND = replace(settings.OUTBOUND, on=True, private=True)
    with web_server() as site:
        site.routes["/stamps"] = trust_service().stamping(tmp_path)
        with pytest.raises(StampBrokenError):
            seal_administration.set_stamps(
                f"{site.root}/stamps", certificates=make_pilot().root.pem, by=OPERATOR, at=AT
            )
    assert queries.stamp_settings().address == ""


def test_the_first_root_of_a_partner_is_trusted_by_its_message_and_another_waits_for_a_person():
    first, second = make_pilot(holder="XS"), make_pilot(holder="XS")
    seal_trust.learn_roots("XS", [first.root, first.issuing], message="MSG-00001", at=AT)
    seal_trust.learn_roots("XS", [second.root], message="MSG-00002", at=AT)
    states = {root.certificate: root.state for root in queries.roots()}
    assert states == {first.root: RootState.TRUSTED, second.root: RootState.LEARNED}
    assert first.root in anchors_at(AT)
    assert second.root not in anchors_at(AT)
    trusted = seal_trust.trust_root("XS", second.root.fingerprint, by=OPERATOR, at=AT)
    assert (trusted.state, trusted.decided_by) == (RootState.TRUSTED, OPERATOR.reference)
    seal_trust.end_trust("XS", first.root.fingerprint, by=OPERATOR, at=AT)
    assert first.root not in anchors_at(AT)
    with pytest.raises(UnknownRootError):
        seal_trust.trust_root("XE", second.root.fingerprint, by=OPERATOR, at=AT)


def test_a_root_in_a_file_is_trusted_by_the_fingerprint_that_a_person_compared():
    root = make_pilot(holder="XS").root
    for wrong in ("", root.fingerprint[:8], "0" * 64):
        with pytest.raises(RootFingerprintError):
            seal_trust.trust_file("XS", root.pem, wrong, by=OPERATOR, at=AT)
    compared = ":".join(root.fingerprint[n : n + 2] for n in range(0, 64, 2)).upper()
    trusted = seal_trust.trust_file("XS", root.pem, compared, by=OPERATOR, at=AT)
    assert (trusted.state, trusted.learned_from) == (RootState.TRUSTED, "file")


def test_when_everything_has_ended_the_chain_of_renewals_still_proves_the_first_instant():
    sealed = seals.seal_files(FILES, at=AT)
    seals.seal_files({"other.json": b"{}"}, at=AT)
    digest = hashlib.sha256(sealed.content).hexdigest()
    first_roots = anchors_at(AT)
    for years in range(2, 25, 2):
        renewing.renew(at=AT + years * YEAR, within=3 * YEAR)
    late = AT + 24 * YEAR
    old = models.SealCertificate.objects.filter(taken_at=AT)
    assert not old.filter(valid_until__gt=late).exists()
    first, renewals = renewal_queries.first_stamp(digest), renewal_queries.renewals_of(digest)
    every_root = seal_roots() + first_roots
    assert first.at == AT
    assert verify_renewals(digest, first, renewals, anchors=every_root, others=issuing()) > late
    again = tuple(read_renewal(renewal_document(each)) for each in renewals)
    assert again == renewals
    assert 1 < len(renewals) < 12
    with pytest.raises(RenewalBrokenError):
        verify_renewals(digest, first, renewals[1:], anchors=every_root, others=issuing())
    with pytest.raises(RenewalBrokenError):
        verify_renewals("0" * 64, first, renewals, anchors=every_root, others=issuing())
    forged = replace(renewals[0], path=tuple(bytes(32) for _ in renewals[0].path))
    with pytest.raises(RenewalBrokenError, match="tree"):
        verify_renewals(digest, first, (forged,), anchors=every_root, others=issuing())


def test_a_renewal_that_came_too_late_proves_nothing():
    sealed = seals.seal_files(FILES, at=AT)
    digest = hashlib.sha256(sealed.content).hexdigest()
    renewing.renew(at=AT + 12 * YEAR)
    first, renewals = renewal_queries.first_stamp(digest), renewal_queries.renewals_of(digest)
    with pytest.raises(RenewalBrokenError, match="ended"):
        verify_renewals(digest, first, renewals, anchors=seal_roots(), others=issuing())


def seal_roots():
    return certificates(CertificateRole.ROOT)


def issuing():
    return certificates(CertificateRole.ISSUING)


def certificates(role):
    rows = models.SealCertificate.objects.filter(role=role)
    return [read_der_seal_certificate(bytes(row.der)) for row in rows]


def test_private_keys_lie_in_the_folder_of_keys(evidence_home):
    seals.make_seal(at=AT)
    files = {path.name.split("-")[0] for path in (evidence_home / "keys" / "seals").iterdir()}
    assert files == {"root", "issuing", "seal", "stamp"}
    assert seal_keys.seal_means(at=AT).key.sign(b"x")


def test_with_a_token_the_seals_key_is_made_in_it_and_lies_in_no_file(
    settings, evidence_home, tmp_path
):
    library = token_library()
    configure(tmp_path)
    token = make_token("seals")
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT, token_module=str(library), token_label="seals", token_pin=token.pin
    )
    own = seals.make_seal(at=AT)
    assert own.in_token
    assert key_id_of(token.public().pem) == own.certificate.key_id
    parts = parts_of(seals.seal_files(FILES, at=AT).content)
    assert token.public().fits(der_signature(parts.signature), parts.signed_info)
    folder = evidence_home / "keys" / "seals"
    assert not list(folder.glob("seal-*"))
    assert all(is_sealed(file.read_bytes()) for file in folder.iterdir())
