# SPDX-License-Identifier: Apache-2.0
"""The keys and certificates that this node seals with: made, asked for, taken in, revoked.

The seal's key lies in the token where the node has one, otherwise in the folder of keys; the
pilot authority's keys always lie in the folder. Making what lacks again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction

from comity.evidence import models
from comity.evidence.queries import seals as queries
from comity.evidence.seal import CertificateRole
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.sealing.key_folder import key_folder
from comity.sealing.seal_certificates import (
    CertificateUse,
    RevocationList,
    SealCertificate,
    SealKey,
    SealSigner,
    issue_pilot_certificate,
    key_id_of,
    make_pilot_root,
    make_revocation_list,
    read_der_seal_certificate,
    was_issued_by,
)
from comity.sealing.token import Token
from comity.sealing.xml_seals import SealChain

EVIDENCE = Actor("EVIDENCE", "integrator")
"""The node itself, where nobody asked for what it does."""
FOLDER = "seals"
LIST_LIFETIME = timedelta(days=30)
_LIST_RENEWED = timedelta(days=15)
_LOCK = int.from_bytes(b"comity-s")


class _Key(SealSigner, Protocol):
    @property
    def public_pem(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class TokenSealKey:
    """The seal's key where it lies in a token."""

    token: Token = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """ECDSA with SHA-256 over the content, in DER."""
        return self.token.sign(content)

    @property
    def public_pem(self) -> bytes:
        """The half that verifies."""
        return self.token.public().pem


@dataclass(frozen=True, slots=True)
class Means:
    """A key with the certificates that vouch for it."""

    key: SealSigner = field(repr=False)
    certificate: SealCertificate
    chain: SealChain = field(repr=False)


def seal_means(*, at: datetime) -> Means:
    """The seal's key and chain; made where the node has none that is valid at the instant."""
    certificate = _certificate(CertificateRole.SEAL, at=at)
    return Means(signer(certificate.key_id), certificate, _chain(certificate, at=at))


def stamp_means(*, at: datetime) -> Means:
    """The key and chain of the pilot time-stamp authority."""
    certificate = _certificate(CertificateRole.STAMP, at=at)
    return Means(signer(certificate.key_id), certificate, _chain(certificate, at=at))


@transaction.atomic
def make_missing(*, at: datetime, by: Actor = EVIDENCE) -> None:
    """Make what the node lacks of the pilot authority and of its seal."""
    hold()
    before = models.SealCertificate.objects.count()
    for role in _MADE:
        _certificate_or_new(role, at=at, by=by)
    made = models.SealCertificate.objects.count() - before
    if made:
        facts = {"kind": "pilot", "count": str(made)}
        journal.record("seal-made", "SEAL", by=by, at=at, facts=facts)


def hold() -> None:
    """Let one at a time make keys, certificates and serial numbers, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def signer(key_id: str) -> SealSigner:
    """The key of this name, wherever its private half lies."""
    row = models.SealKey.objects.get(key_id=key_id)
    return TokenSealKey(_token()) if row.in_token else _file_key(row.role, key_id)


def keep_certificate(
    role: CertificateRole, certificate: SealCertificate, *, at: datetime, by: Actor
) -> None:
    """Keep a certificate in this role; one that is known already is used again."""
    models.SealCertificate.objects.update_or_create(
        role=role,
        fingerprint=certificate.fingerprint,
        defaults={"ended_at": None},
        create_defaults={
            "key_id": certificate.key_id,
            "der": certificate.der,
            "pilot": certificate.pilot,
            "valid_from": certificate.valid_from,
            "valid_until": certificate.valid_until,
            "taken_at": at,
            "taken_by": by.reference,
        },
    )


def keep_list(revocations: RevocationList, issuer: SealCertificate) -> None:
    """Keep what an authority revoked."""
    models.SealRevocationList.objects.create(
        issuer=issuer.fingerprint,
        der=revocations.der,
        made_at=revocations.made_at,
        next_at=revocations.next_at,
    )


def publish_revocations(issuer: SealCertificate, *, at: datetime) -> RevocationList:
    """A new list of what an authority of the pilot revoked."""
    rows = models.SealRevocationList.objects.filter(issuer=issuer.fingerprint)
    role = models.SealKey.objects.get(key_id=issuer.key_id).role
    made = make_revocation_list(
        _revoked_by(issuer),
        issuer=issuer,
        issuer_key=_file_key(role, issuer.key_id),
        number=rows.count() + 1,
        at=at,
        next_at=at + LIST_LIFETIME,
    )
    keep_list(made, issuer)
    return made


def publish_issuers_list(certificate: SealCertificate, *, at: datetime) -> None:
    """A new list of the pilot authority that issued this certificate."""
    rows = models.SealCertificate.objects.filter(role=CertificateRole.ISSUING)
    known = (read_der_seal_certificate(bytes(each.der)) for each in rows)
    issuer = next((each for each in known if was_issued_by(certificate, each)), None)
    if issuer is not None:
        publish_revocations(issuer, at=at)


_MADE = (
    CertificateRole.ROOT,
    CertificateRole.ISSUING,
    CertificateRole.SEAL,
    CertificateRole.STAMP,
)
_ISSUERS: Mapping[CertificateRole, CertificateRole] = {
    CertificateRole.ISSUING: CertificateRole.ROOT,
    CertificateRole.SEAL: CertificateRole.ISSUING,
    CertificateRole.STAMP: CertificateRole.ISSUING,
}


_MARGINS: Mapping[CertificateRole, timedelta] = {
    CertificateRole.ROOT: timedelta(days=5 * 365),
    CertificateRole.ISSUING: timedelta(days=3 * 365),
    CertificateRole.SEAL: timedelta(days=30),
    CertificateRole.STAMP: timedelta(days=2 * 365),
}
"""How long before its end a pilot certificate gives way to a new one: so that a certificate that
is issued, or a stamp that is made, has some time before it."""


def _certificate(role: CertificateRole, *, at: datetime) -> SealCertificate:
    found = _lasting(role, at=at)
    if found is None:
        make_missing(at=at)
        found = _lasting(role, at=at)
    assert found is not None  # just made
    return found


def _lasting(role: CertificateRole, *, at: datetime) -> SealCertificate | None:
    """The certificate to use: one that was taken in to its end, a pilot one while it lasts."""
    found = queries.own_certificates(role, at=at)
    lasting = at + _MARGINS[role]
    return next((each for each in found if not each.pilot or each.valid_until >= lasting), None)


def _certificate_or_new(role: CertificateRole, *, at: datetime, by: Actor) -> SealCertificate:
    found = _lasting(role, at=at)
    if found is not None:
        return found
    key = _key_for(role, at=at)
    made = _issued(role, key, at=at, by=by)
    keep_certificate(role, made, at=at, by=by)
    return made


def _issued(role: CertificateRole, key: _Key, *, at: datetime, by: Actor) -> SealCertificate:
    use, over = CertificateUse(role.value), _ISSUERS.get(role)
    if over is None:
        root_key = _file_key(role, key_id_of(key.public_pem))
        return make_pilot_root(root_key, holder=queries.holder(), at=at)
    issuer = _certificate_or_new(over, at=at, by=by)
    return issue_pilot_certificate(
        use,
        key.public_pem,
        holder=queries.holder(),
        issuer=issuer,
        issuer_key=_file_key(over, issuer.key_id),
        at=at,
    )


def _key_for(role: CertificateRole, *, at: datetime) -> _Key:
    """A key for a new certificate: a new one, unless it lies in a token or waits for its first."""
    if role is CertificateRole.SEAL and settings.ENVIRONMENT.token_module:
        return _token_key(at=at)
    row = models.SealKey.objects.filter(role=role, in_token=False).last()
    if row is None or models.SealCertificate.objects.filter(key_id=row.key_id).exists():
        return new_file_key(role, at=at)
    return _file_key(role, row.key_id)


def new_file_key(role: CertificateRole, *, at: datetime) -> SealKey:
    """A new key of this role in the folder of keys."""
    key = SealKey.make()
    key_id = key_id_of(key.public_pem)
    key_folder(settings.ENVIRONMENT).write(_file(role, key_id), key.private_pem())
    _keep_key(role, key.public_pem, in_token=False, at=at)
    return key


def _token_key(*, at: datetime) -> TokenSealKey:
    token = _token()
    token.prepare()
    key = TokenSealKey(token)
    if not models.SealKey.objects.filter(key_id=key_id_of(key.public_pem)).exists():
        _keep_key(CertificateRole.SEAL, key.public_pem, in_token=True, at=at)
    return key


def _keep_key(role: CertificateRole, public_pem: bytes, *, in_token: bool, at: datetime) -> None:
    models.SealKey.objects.create(
        key_id=key_id_of(public_pem),
        role=role,
        public_pem=public_pem.decode("ascii"),
        in_token=in_token,
        made_at=at,
    )


def _file_key(role: str, key_id: str) -> SealKey:
    name = _file(role, key_id)
    return SealKey.from_pem(key_folder(settings.ENVIRONMENT).read(name), named=name)


def _file(role: str, key_id: str) -> str:
    return f"{FOLDER}/{CertificateRole(role).value}-{key_id}.pem"


def _token() -> Token:
    known = settings.ENVIRONMENT
    return Token(Path(known.token_module), known.token_label, known.token_pin)


def _chain(certificate: SealCertificate, *, at: datetime) -> SealChain:
    certificates = queries.chain_of(certificate, at=at)
    _freshen_pilot_lists(certificates, at=at)
    return SealChain(certificates, queries.lists_for(certificates))


def _freshen_pilot_lists(chain: tuple[SealCertificate, ...], *, at: datetime) -> None:
    """Let no pilot authority of the chain be without a list that holds for a while yet."""
    for issuer in chain:
        if not (issuer.pilot and issuer.authority):
            continue
        row = models.SealRevocationList.objects.filter(issuer=issuer.fingerprint).last()
        ahead = row.next_at - at if row is not None and row.next_at else timedelta()
        if not _LIST_RENEWED <= ahead <= LIST_LIFETIME:
            publish_revocations(issuer, at=at)


def _revoked_by(issuer: SealCertificate) -> dict[int, datetime]:
    rows = models.SealCertificate.objects.exclude(revoked_at=None)
    read = [(read_der_seal_certificate(bytes(row.der)), row.revoked_at) for row in rows]
    return {each.serial: since for each, since in read if since and each.issuer == issuer.subject}
