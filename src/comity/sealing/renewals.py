# SPDX-License-Identifier: Apache-2.0
"""Renewal stamps: what keeps a seal provable after its certificates and time stamps have ended.

Before an authority's certificate ends, a new stamp is made over what the old one protects: the
document's digest, the old stamp itself and the certificates and revocation lists of that day.
Many documents share one stamp: each is a leaf of a tree (RFC 9162) whose root is stamped. A chain
of such stamps, each made while the one before still held, proves the first instant for ever.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError, VerificationError
from comity.sealing.canonical_json import canonical, read_canonical
from comity.sealing.merkle import ProofBrokenError, Tree, inclusion_proof, leaf_hash
from comity.sealing.merkle import verify_inclusion as verify_path
from comity.sealing.seal_certificates import (
    RevocationList,
    SealCertificate,
    list_was_issued_by,
    order_chain,
    read_der_revocation_list,
    read_der_seal_certificate,
)
from comity.sealing.timestamps import Stamp, read_stamp, verify_stamp

FORMAT = "comity-renewal/1"


class RenewalUnreadableError(InvalidInputError):
    """A text is no renewal of a seal."""

    code = "renewal-unreadable"
    message = N_("This is no renewal of a seal: {obstacle}.")
    remedy = N_("Fetch the renewals of the document again from the node that sealed it.")


class RenewalBrokenError(VerificationError):
    """A chain of renewals does not hold together."""

    code = "renewal-broken"
    message = N_("The chain of renewal stamps does not hold at its link {number}: {obstacle}.")
    remedy = N_("Fetch the renewals of the document again from the node that sealed it.")


@dataclass(frozen=True, slots=True)
class Material:
    """Certificates and revocation lists as they were when a stamp was renewed."""

    certificates: tuple[SealCertificate, ...]
    revocations: tuple[RevocationList, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the SHA-256 of each, in their order."""
        parts = {
            "certificates": [each.fingerprint for each in self.certificates],
            "revocations": [hashlib.sha256(each.der).hexdigest() for each in self.revocations],
        }
        return hashlib.sha256(canonical(parts)).hexdigest()


@dataclass(frozen=True, slots=True)
class Renewal:
    """One link: that a stamp was made over a document and over the stamp before."""

    document: str
    """SHA-256 of the sealed document, in hexadecimal."""
    previous: str
    """SHA-256 of the token that protected it until then."""
    index: int
    size: int
    path: tuple[bytes, ...]
    stamp: Stamp = field(repr=False)
    material: Material = field(repr=False)

    @property
    def leaf(self) -> bytes:
        """What stands in the tree."""
        return leaf_of(self.document, self.previous, self.material)


def leaf_of(document: str, previous: str, material: Material) -> bytes:
    """The leaf of a document in a round of renewals: canonical JSON."""
    return canonical(
        {
            "document": document,
            "format": FORMAT,
            "material": material.digest,
            "previous": previous,
        }
    )


def tree_of(leaves: Iterable[bytes]) -> Tree:
    """The tree whose root is stamped."""
    return Tree(map(leaf_hash, leaves))


def path_in(tree: Tree, index: int) -> tuple[bytes, ...]:
    """The path of a leaf to the root."""
    return inclusion_proof(index, len(tree), tree.read)


def renewal_document(renewal: Renewal) -> bytes:
    """The renewal as a file: canonical JSON, all that verifies it inside."""
    return canonical(
        {
            "certificates": [_text(each.der) for each in renewal.material.certificates],
            "document": renewal.document,
            "format": FORMAT,
            "index": renewal.index,
            "path": [each.hex() for each in renewal.path],
            "previous": renewal.previous,
            "revocations": [_text(each.der) for each in renewal.material.revocations],
            "size": renewal.size,
            "stamp": _text(renewal.stamp.token),
        }
    )


def read_renewal(content: bytes) -> Renewal:
    """A renewal of a file; what it is worth is said by `verify_renewals`."""
    try:
        found: Any = read_canonical(content)
        if found["format"] != FORMAT:
            raise RenewalUnreadableError(obstacle="it has another format")
        return Renewal(
            document=str(found["document"]),
            previous=str(found["previous"]),
            index=int(found["index"]),
            size=int(found["size"]),
            path=tuple(bytes.fromhex(each) for each in found["path"]),
            stamp=read_stamp(_bytes(found["stamp"])),
            material=Material(
                tuple(read_der_seal_certificate(_bytes(each)) for each in found["certificates"]),
                tuple(read_der_revocation_list(_bytes(each)) for each in found["revocations"]),
            ),
        )
    except (KeyError, TypeError, ValueError, binascii.Error, InvalidInputError) as error:
        raise RenewalUnreadableError(obstacle="its members are not those expected") from error


def verify_renewals(
    document: str,
    first: Stamp,
    renewals: Sequence[Renewal],
    *,
    anchors: Iterable[SealCertificate],
    others: Iterable[SealCertificate] = (),
) -> datetime:
    """Until when the chain of stamps over this document holds, from the first one on.

    1. Each stamp is over what it claims, by an authority under an anchor, valid at that instant.
    2. Each renewal names the document and the stamp before it, and stands in its stamped tree.
    3. Each was made while the certificates of the one before were valid and not revoked.

    Raises:
        RenewalBrokenError: a link does not hold. StampBrokenError: a stamp does not.
    """
    roots, known, last = tuple(anchors), tuple(others), first
    verify_stamp(first, first.digest, anchors=roots, others=known)
    for number, renewal in enumerate(renewals, start=1):
        before = hashlib.sha256(last.token).hexdigest()
        if (renewal.document, renewal.previous) != (document, before):
            raise RenewalBrokenError(number=number, obstacle="it renews something else")
        _require_in_tree(renewal, number)  # (2)
        held = (*renewal.material.certificates, *known)
        _require_in_time(last, renewal, held, number)  # (3)
        verify_stamp(renewal.stamp, renewal.stamp.digest, anchors=roots, others=held)  # (1)
        known, last = held, renewal.stamp
    return _holds_until(last, (*known, *roots))


def _require_in_tree(renewal: Renewal, number: int) -> None:
    hashed, root = leaf_hash(renewal.leaf), renewal.stamp.digest
    try:
        verify_path(hashed, renewal.index, renewal.size, renewal.path, root)
    except ProofBrokenError as error:
        raise RenewalBrokenError(number=number, obstacle="it is not in the stamped tree") from error


def _require_in_time(
    last: Stamp, renewal: Renewal, held: tuple[SealCertificate, ...], number: int
) -> None:
    if not last.at <= renewal.stamp.at <= _holds_until(last, held):
        raise RenewalBrokenError(number=number, obstacle="the stamp before had ended")
    if _was_revoked(last, held, renewal.material.revocations):
        raise RenewalBrokenError(number=number, obstacle="the stamp before was revoked")


def _holds_until(stamp: Stamp, known: tuple[SealCertificate, ...]) -> datetime:
    path = _path(stamp, known)
    return min(each.valid_until for each in path) if path else stamp.at


def _was_revoked(
    stamp: Stamp, known: tuple[SealCertificate, ...], lists: Iterable[RevocationList]
) -> bool:
    path = _path(stamp, known)
    return any(
        certificate.serial in each.revoked and list_was_issued_by(each, issuer)
        for certificate, issuer in pairwise(path)
        for each in lists
    )


def _path(stamp: Stamp, known: tuple[SealCertificate, ...]) -> tuple[SealCertificate, ...]:
    if stamp.authority is None:
        return ()
    return order_chain(stamp.authority, (*stamp.certificates, *known), at=stamp.at)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: object) -> bytes:
    return base64.b64decode(str(text), validate=True)
