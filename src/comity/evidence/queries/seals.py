# SPDX-License-Identifier: Apache-2.0
"""Which seal this node has, where it asks for time stamps, and which roots it trusts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from comity.evidence import models
from comity.evidence.seal import (
    CertificateRole,
    KeptCertificate,
    OwnSeal,
    RootState,
    TrustedRoot,
)
from comity.sealing.seal_certificates import (
    RevocationList,
    SealCertificate,
    order_chain,
    read_der_revocation_list,
    read_der_seal_certificate,
)

TIME_STAMPS = "TIME-STAMPS"
"""Whose anchor the root of an outside time-stamp authority is: no administration's."""


@dataclass(frozen=True, slots=True)
class StampSettings:
    """Where time stamps are asked for."""

    address: str = ""
    pilot_allowed: bool = True
    set_by: str = ""
    set_at: datetime | None = None


def holder() -> str:
    """Whom the pilot authority's certificates name: the administration's code."""
    return str(settings.ENVIRONMENT.administration) or "NODE"


def own_certificates(*roles: CertificateRole, at: datetime) -> tuple[SealCertificate, ...]:
    """Our certificates of these roles that may be used at the instant, those taken in first."""
    return tuple(read_der_seal_certificate(bytes(row.der)) for row in _usable(*roles, at=at))


def _usable(*roles: CertificateRole, at: datetime) -> QuerySet[models.SealCertificate]:
    """Rows of these roles that may be used at the instant, those that are no pilot ones first."""
    still = Q(ended_at=None) | Q(ended_at__gt=at)
    sound = Q(revoked_at=None) | Q(revoked_at__gt=at)
    return models.SealCertificate.objects.filter(
        still, sound, role__in=roles, valid_from__lte=at, valid_until__gte=at
    ).order_by("pilot", "-pk")


def chain_of(leaf: SealCertificate, *, at: datetime) -> tuple[SealCertificate, ...]:
    """The certificate and who issued it, as far as we know them."""
    return order_chain(leaf, _issuers(at=at), at=at)


def stamp_settings() -> StampSettings:
    """Where time stamps are asked for now."""
    row = models.StampSetting.objects.last()
    if row is None:
        return StampSettings()
    return StampSettings(row.address, row.pilot_allowed, row.set_by, row.set_at)


def lists_for(chain: Iterable[SealCertificate]) -> tuple[RevocationList, ...]:
    """The newest revocation list of each authority in a chain, where we have one."""
    found = []
    for certificate in chain:
        row = models.SealRevocationList.objects.filter(issuer=certificate.fingerprint).last()
        if row is not None:
            found.append(read_der_revocation_list(bytes(row.der)))
    return tuple(found)


def own_seal(*, at: datetime) -> OwnSeal | None:
    """The seal that this node seals with; None before it was first made."""
    row = _usable(CertificateRole.SEAL, at=at).first()
    if row is None:
        return None
    certificate, asked = read_der_seal_certificate(bytes(row.der)), stamp_settings()
    return OwnSeal(
        certificate=certificate,
        chain=chain_of(certificate, at=at),
        in_token=models.SealKey.objects.get(key_id=certificate.key_id).in_token,
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        stamp_address=asked.address,
        pilot_stamps_allowed=asked.pilot_allowed,
    )


def kept_certificates() -> tuple[KeptCertificate, ...]:
    """Every certificate of ours and of who issued them, the newest first."""
    return tuple(
        KeptCertificate(
            certificate=read_der_seal_certificate(bytes(row.der)),
            role=CertificateRole(row.role),
            taken_at=row.taken_at,
            taken_by=row.taken_by,
            ended_at=row.ended_at,
            revoked_at=row.revoked_at,
        )
        for row in models.SealCertificate.objects.order_by("-pk")
    )


def public_anchors() -> str:
    """Every root of our seals and stamps, past ones too, and those of partners: one PEM file.

    A seal made under a root that has ended is still held against it, by the day of its stamp.
    The root of an outside time-stamp authority is named as nobody's, for it issues to anybody.
    """
    own = [
        each
        for each in reversed(kept_certificates())
        if each.certificate.self_issued and each.revoked_at is None
    ]
    named = [(holder() if each.of_seals else TIME_STAMPS, each.certificate) for each in own]
    named += [(each.administration, each.certificate) for each in roots(RootState.TRUSTED)]
    return "".join(
        f"# {code}{' (PILOT)' if each.pilot else ''}: {each.fingerprint}\n{each.pem.decode()}"
        for code, each in dict.fromkeys(named)
    )


def roots(*states: RootState) -> tuple[TrustedRoot, ...]:
    """The roots of partners' seals that are in one of these states; of all, when none is named."""
    rows = models.TrustedRoot.objects.all()
    rows = rows.filter(state__in=states) if states else rows
    return tuple(map(_root, rows))


def root(administration: str, fingerprint: str) -> TrustedRoot:
    """The root of this whole fingerprint, which is known."""
    rows = models.TrustedRoot.objects.filter(administration=administration)
    return _root(rows.get(fingerprint=fingerprint))


def _root(row: models.TrustedRoot) -> TrustedRoot:
    """A row as a value."""
    return TrustedRoot(
        administration=row.administration,
        certificate=read_der_seal_certificate(bytes(row.der)),
        state=RootState(row.state),
        learned_at=row.learned_at,
        learned_from=row.learned_from,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def _issuers(*, at: datetime) -> tuple[SealCertificate, ...]:
    roles = (CertificateRole.CHAIN, CertificateRole.STAMP_CHAIN)
    return own_certificates(CertificateRole.ISSUING, CertificateRole.ROOT, *roles, at=at)
