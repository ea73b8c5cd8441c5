# SPDX-License-Identifier: Apache-2.0
"""What an administrator does with the node's seal: ask for a real certificate, take it in, revoke.

A certificate is taken in only for a key of this node, with its whole chain. The time-stamp
authority is asked once before its address is kept, so that a wrong one shows at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_
from comity.errors import InvalidInputError, NotFoundError, NotPermittedError, PeerError
from comity.evidence import models
from comity.evidence.queries import seals as queries
from comity.evidence.seal import CertificateRole, OwnSeal
from comity.evidence.services import seal_keys
from comity.evidence.services.stamping import ask
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.outbound.addresses import checked_address
from comity.outbound.visit import fetch
from comity.sealing.seal_certificates import (
    SealCertificate,
    SealChainError,
    check_seal_chain,
    distribution_points,
    list_was_issued_by,
    make_request,
    read_der_revocation_list,
    read_der_seal_certificate,
    read_revocation_lists,
    read_seal_certificates,
)

SUBJECT = "SEAL"


class UnknownSealCertificateError(NotFoundError):
    """No certificate of this node has the fingerprint."""

    code = "unknown-seal-certificate"
    message = N_("No certificate of this node's seal has the fingerprint {fingerprint}.")
    remedy = N_("See the certificates with `comity evidence seal show`.")


class StampCertificatesMissingError(InvalidInputError):
    """A time-stamp authority without the certificates that prove its stamps."""

    code = "stamp-certificates-missing"
    message = N_("A time-stamp authority is named without the certificate of its root.")
    remedy = N_("Give the file of its certificates, root included, as the authority publishes it.")


def request_certificate(
    *, subject: Mapping[str, str], new_key: bool = False, by: Officer, at: datetime
) -> bytes:
    """A request (PKCS#10, PEM) for the seal's key, to be sent to a trust service.

    With a new key, the old one goes on sealing until a certificate for the new one is taken in.
    """
    actor = by.acting(Permission.ADMINISTER_SEALS)
    seal_keys.seal_means(at=at)
    with transaction.atomic():
        if new_key and not settings.ENVIRONMENT.token_module:
            seal_keys.new_file_key(CertificateRole.SEAL, at=at)
        row = models.SealKey.objects.filter(role=CertificateRole.SEAL).last()
        assert row is not None  # made above
        signer, public = seal_keys.signer(row.key_id), row.public_pem.encode("ascii")
        request = make_request(signer, public, subject=subject)
        facts = {"key_id": row.key_id}
        journal.record("seal-certificate-requested", SUBJECT, by=actor, at=at, facts=facts)
    return request


def take_certificate(pem: bytes, *, by: Officer, at: datetime) -> OwnSeal:
    """Take in the chain that a trust service issued, and revocation lists that stand with it.

    Raises:
        SealChainError: it is for none of this node's keys, or does not hold.
    """
    actor = by.acting(Permission.ADMINISTER_SEALS)
    chain = _chain_for_a_key(read_seal_certificates(pem), at=at)
    with transaction.atomic():
        seal_keys.hold()
        seal_keys.keep_certificate(CertificateRole.SEAL, chain[0], at=at, by=actor)
        for issuer in chain[1:]:
            seal_keys.keep_certificate(CertificateRole.CHAIN, issuer, at=at, by=actor)
        _keep_lists(pem, chain)
        facts = {"digest": chain[0].fingerprint, "key_id": chain[0].key_id}
        facts |= {"until": chain[0].valid_until.date().isoformat()}
        journal.record("seal-certificate-taken", SUBJECT, by=actor, at=at, facts=facts)
    found = queries.own_seal(at=at)
    assert found is not None  # just taken in
    return found


def take_lists(pem: bytes, *, by: Officer | Actor, at: datetime) -> int:
    """Take in what the authorities behind the seal revoked; how many lists were theirs and new."""
    actor = by.acting(Permission.ADMINISTER_SEALS) if isinstance(by, Officer) else by
    with transaction.atomic():
        known = queries.own_certificates(*_AUTHORITIES, at=at)
        kept = _keep_lists(pem, known)
        if kept:
            facts = {"count": str(kept)}
            journal.record("seal-lists-taken", SUBJECT, by=actor, at=at, facts=facts)
    return kept


def fetch_lists(*, at: datetime) -> int:
    """Ask the authorities behind a seal that was taken in what they revoked; how many answered.

    Where the node speaks to nobody outside, or an authority does not answer, the list that was
    taken in before stays the newest.
    """
    known = queries.own_certificates(CertificateRole.SEAL, *_AUTHORITIES, at=at)
    addresses = {each for one in known if not one.pilot for each in distribution_points(one)}
    taken = 0
    for address in sorted(addresses):
        try:
            answer = fetch(address, policy=settings.OUTBOUND).document()
            pem = read_der_revocation_list(answer).pem
        except (PeerError, InvalidInputError, NotPermittedError):
            continue
        taken += take_lists(pem, by=seal_keys.EVIDENCE, at=at)
    return taken


def revoke_certificate(fingerprint: str, *, by: Officer, at: datetime) -> None:
    """Use a certificate of the seal no more; of a pilot one, publish that it is revoked.

    A seal that lies in the folder of keys gets a new key; one in a token needs a new token.
    """
    actor = by.acting(Permission.ADMINISTER_SEALS)
    with transaction.atomic():
        seal_keys.hold()
        row = _row(fingerprint)
        row.revoked_at, row.ended_at = at, at
        row.save()
        if row.pilot:
            seal_keys.publish_issuers_list(read_der_seal_certificate(bytes(row.der)), at=at)
        if not models.SealKey.objects.get(key_id=row.key_id).in_token:
            seal_keys.new_file_key(CertificateRole(row.role), at=at)
        facts = {"digest": fingerprint, "key_id": row.key_id}
        journal.record("seal-certificate-revoked", SUBJECT, by=actor, at=at, facts=facts)


def set_stamps(
    address: str,
    *,
    certificates: bytes = b"",
    pilot_allowed: bool = False,
    by: Officer,
    at: datetime,
) -> queries.StampSettings:
    """Where time stamps are asked for from now on; an empty address is the built-in authority.

    With `pilot_allowed` the built-in authority steps in where that one cannot be had; every seal
    that was stamped so says it.

    Raises:
        PeerError, VerificationError: the authority was asked for a stamp, and gave none that holds.
    """
    actor = by.acting(Permission.ADMINISTER_SEALS)
    known = read_seal_certificates(certificates) if certificates else ()
    if address:
        if not any(each.self_issued for each in known):
            raise StampCertificatesMissingError
        address = str(checked_address(address, settings.OUTBOUND))
        ask(hashlib.sha256(secrets.token_bytes(32)).digest(), address, known)
    with transaction.atomic():
        _keep_stamp_certificates(known, at=at, by=actor)
        models.StampSetting.objects.create(
            address=address,
            pilot_allowed=pilot_allowed or not address,
            set_by=actor.reference,
            set_at=at,
        )
        facts = {"kind": "authority" if address else "pilot"}
        facts |= {"relaxation": "pilot-stamps"} if address and pilot_allowed else {}
        journal.record("stamp-authority-set", SUBJECT, by=actor, at=at, facts=facts)
    return queries.stamp_settings()


_AUTHORITIES = (CertificateRole.CHAIN, CertificateRole.STAMP_CHAIN)


def _chain_for_a_key(
    found: tuple[SealCertificate, ...], *, at: datetime
) -> tuple[SealCertificate, ...]:
    keys = set(
        models.SealKey.objects.filter(role=CertificateRole.SEAL).values_list("key_id", flat=True)
    )
    own = next((each for each in found if each.key_id in keys), None)
    if own is None:
        raise SealChainError(obstacle=N_("none of its certificates is for this seal's key"))
    return check_seal_chain(found, key_id=own.key_id, at=at)


def _keep_lists(pem: bytes, known: tuple[SealCertificate, ...]) -> int:
    kept = 0
    for revocations in read_revocation_lists(pem):
        issuer = next((each for each in known if list_was_issued_by(revocations, each)), None)
        if issuer is not None and revocations not in queries.lists_for([issuer]):
            seal_keys.keep_list(revocations, issuer)
            kept += 1
    return kept


def _keep_stamp_certificates(
    known: tuple[SealCertificate, ...], *, at: datetime, by: Actor
) -> None:
    """Let the certificates given, and no others, stand behind the authority of the settings."""
    before = models.SealCertificate.objects.filter(role=CertificateRole.STAMP_CHAIN, ended_at=None)
    before.update(ended_at=at)
    for certificate in known:
        seal_keys.keep_certificate(CertificateRole.STAMP_CHAIN, certificate, at=at, by=by)


def _row(fingerprint: str) -> models.SealCertificate:
    roles = (CertificateRole.SEAL, CertificateRole.STAMP)
    rows = models.SealCertificate.objects.select_for_update().filter(role__in=roles)
    row = rows.filter(fingerprint=fingerprint, ended_at=None).first()
    if row is None:
        raise UnknownSealCertificateError(fingerprint=fingerprint)
    return row
