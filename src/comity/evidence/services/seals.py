# SPDX-License-Identifier: Apache-2.0
"""Sealing what goes to a court or a partner, and saying what the seal is worth.

Whoever seals calls here: the node's seal is made at first use, and each result says whether it is
a pilot one. The journal entry is of the act that seals, which records the digest with it. Call
these before opening a transaction: a time-stamp authority may take its time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import BinaryIO

from comity.evidence import models
from comity.evidence.queries import seals as queries
from comity.evidence.seal import (
    CertificateRole,
    OwnSeal,
    RootState,
    Sealed,
    SealedKind,
    Stamped,
    TrustedRoot,
    TrustSnapshot,
)
from comity.evidence.services import seal_keys
from comity.evidence.services.stamping import timestamp
from comity.sealing.pdf_seals import SealPlace, seal_pdf
from comity.sealing.seal_certificates import SealCertificate
from comity.sealing.timestamps import Stamp
from comity.sealing.xml_seals import SealChain, digest_of, seal_xml

__all__ = [
    "make_seal",
    "seal_digests",
    "seal_document",
    "seal_files",
    "timestamp",
    "trust_snapshot",
]


def make_seal(*, at: datetime) -> OwnSeal:
    """The seal of this node, made where there is none; doing it again changes nothing."""
    seal_keys.seal_means(at=at)
    found = queries.own_seal(at=at)
    assert found is not None  # just made
    return found


def seal_files(files: Mapping[str, bytes | BinaryIO], *, at: datetime) -> Sealed:
    """XAdES-T over named files: the content of `META-INF/signatures001.xml` of their container.

    Streams are read to their end, piece by piece.
    """
    return seal_digests({name: digest_of(files[name]) for name in files}, at=at)


def seal_digests(digests: Mapping[str, bytes], *, at: datetime) -> Sealed:
    """The same over files whose SHA-256 is known already."""
    means, stamps = seal_keys.seal_means(at=at), _Stamps(at)
    chain = _with_stamps(means.chain, at=at)
    content = seal_xml(digests, key=means.key, chain=chain, at=at, stamp=stamps)
    return _kept(content, SealedKind.XML, means, stamps.last, at=at)


def seal_document(
    pdf: bytes,
    *,
    at: datetime,
    reason: str = "",
    location: str = "",
    field_name: str = "Seal",
    place: SealPlace | None = None,
) -> Sealed:
    """PAdES over a whole PDF, which stays the PDF/A that it was; nothing may be added after it.

    `field_name` is what a reader for the blind says of the seal's field, in the document's
    language; `reason` and `location` stand open in the signature.
    """
    means, stamps = seal_keys.seal_means(at=at), _Stamps(at)
    content = seal_pdf(
        pdf,
        key=means.key,
        chain=_with_stamps(means.chain, at=at),
        at=at,
        stamp=stamps,
        reason=reason,
        location=location,
        readable_name=field_name,
        place=place,
    )
    return _kept(content, SealedKind.PDF, means, stamps.last, at=at)


def trust_snapshot(*, at: datetime) -> TrustSnapshot:
    """Everything by which our seals and stamps can be verified, and which roots are trusted."""
    seal, stamp = seal_keys.seal_means(at=at), seal_keys.stamp_means(at=at)
    others = queries.own_certificates(CertificateRole.STAMP_CHAIN, at=at)
    found = (*seal.chain.certificates, *stamp.chain.certificates, *others)
    certificates = tuple(dict.fromkeys(found))
    lists = (*seal.chain.revocations, *stamp.chain.revocations)
    own = [_own_root(each) for each in certificates if each.self_issued]
    return TrustSnapshot(
        at=at,
        certificates=certificates,
        revocations=tuple(dict.fromkeys(lists)),
        roots=(*own, *queries.roots(RootState.TRUSTED)),
    )


class _Stamps:
    """Asks for the one stamp of a seal, and remembers how it came about."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._stamped: Stamped | None = None

    def __call__(self, digest: bytes) -> Stamp:
        self._stamped = timestamp(digest, at=self._at)
        return self._stamped.stamp

    @property
    def last(self) -> Stamped:
        assert self._stamped is not None  # every seal asks once
        return self._stamped


def _with_stamps(chain: SealChain, *, at: datetime) -> SealChain:
    """The chain with what stands behind the time stamps, so that a seal needs nothing else."""
    asked = queries.stamp_settings()
    behind = queries.own_certificates(CertificateRole.STAMP_CHAIN, at=at) if asked.address else ()
    if not asked.address or asked.pilot_allowed:
        behind += seal_keys.stamp_means(at=at).chain.certificates
    more = tuple(each for each in behind if each not in chain.certificates)
    lists = (*chain.revocations, *queries.lists_for(more))
    return SealChain(chain.certificates, tuple(dict.fromkeys(lists)), more)


def _kept(
    content: bytes, kind: SealedKind, means: seal_keys.Means, stamped: Stamped, *, at: datetime
) -> Sealed:
    """The sealed document, noted by its digest alone, so that its stamp can be renewed."""
    stamp = models.SealStamp.objects.get(
        serial=str(stamped.stamp.serial), digest=stamped.stamp.digest.hex()
    )
    models.SealedDocument.objects.create(
        digest=hashlib.sha256(content).hexdigest(),
        kind=kind,
        certificate=means.certificate.fingerprint,
        stamp=stamp,
        holds_until=stamp.holds_until,
        pilot=means.certificate.pilot or stamped.pilot,
        at=at,
    )
    return Sealed(content, means.certificate, stamped, at)


def _own_root(certificate: SealCertificate) -> TrustedRoot:
    row = models.SealCertificate.objects.filter(fingerprint=certificate.fingerprint).first()
    assert row is not None
    return TrustedRoot(
        administration=queries.holder(),
        certificate=certificate,
        state=RootState.TRUSTED,
        learned_at=row.taken_at,
        learned_from="own",
        decided_at=row.taken_at,
        decided_by=row.taken_by,
    )
