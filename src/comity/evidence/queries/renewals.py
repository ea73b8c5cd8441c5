# SPDX-License-Identifier: Apache-2.0
"""The renewal stamps of what was sealed, as files that verify without this node."""

from __future__ import annotations

import base64

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.evidence import models
from comity.evidence.queries.seals import lists_for
from comity.evidence.seal import CertificateRole
from comity.sealing.merkle import Tree
from comity.sealing.renewals import Material, Renewal, leaf_of, path_in, tree_of
from comity.sealing.seal_certificates import read_der_revocation_list, read_der_seal_certificate
from comity.sealing.timestamps import Stamp, read_stamp


class NotSealedHereError(NotFoundError):
    """This node has sealed no document of this digest."""

    code = "not-sealed-here"
    message = N_("This node has sealed no document of the SHA-256 {digest}.")
    remedy = N_("Take the digest of the whole file as it was sealed.")


def stamp_material() -> Material:
    """Everything that stands behind the stamps that this node has had, with the newest lists."""
    rows = models.SealCertificate.objects.exclude(role=CertificateRole.SEAL)
    ders = dict.fromkeys(bytes(row.der) for row in rows)
    certificates = tuple(map(read_der_seal_certificate, ders))
    return Material(certificates, lists_for(certificates))


def was_sealed_here(digest: str) -> bool:
    """Whether this node sealed a document of this SHA-256."""
    return models.SealedDocument.objects.filter(digest=digest).exists()


def first_stamp(digest: str) -> Stamp:
    """The stamp that a document was sealed with; the digest is its SHA-256 in hexadecimal."""
    return read_stamp(bytes(_document(digest).stamp.token))


def renewals_of(digest: str) -> tuple[Renewal, ...]:
    """The renewals of a sealed document, the oldest first."""
    places = _document(digest).renewals.select_related("round__stamp").order_by("pk")
    return tuple(_renewal(place, digest) for place in places)


def _renewal(place: models.RenewedDocument, digest: str) -> Renewal:
    made = place.round
    material = Material(
        tuple(read_der_seal_certificate(base64.b64decode(each)) for each in made.certificates),
        tuple(read_der_revocation_list(base64.b64decode(each)) for each in made.revocations),
    )
    return Renewal(
        document=digest,
        previous=place.previous,
        index=place.position,
        size=made.size,
        path=path_in(_tree(made, material), place.position),
        stamp=read_stamp(bytes(made.stamp.token)),
        material=material,
    )


def _tree(made: models.RenewalRound, material: Material) -> Tree:
    places = made.renewed.order_by("position").values_list("document__digest", "previous")
    return tree_of(leaf_of(document, previous, material) for document, previous in places)


def _document(digest: str) -> models.SealedDocument:
    row = models.SealedDocument.objects.filter(digest=digest).first()
    if row is None:
        raise NotSealedHereError(digest=digest)
    return row
