# SPDX-License-Identifier: Apache-2.0
"""PAdES seals of PDF documents (ETSI EN 319 142-1): signature, time stamp, and what verifies both.

The seal is one appended revision with its certificates and revocation lists (DSS) inside what is
signed, so nothing follows the seal and a reader that knows no later revisions shows all of it as
signed. The document's own metadata stays as it was, so that a PDF/A stays one. The library reads
no clock here: the instant is the caller's.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.sealing.seal_certificates import SealSigner
from comity.sealing.xml_seals import SealChain, Stamper

FIELD = "Seal"
_STAMP_ROOM = 16 * 1024
"""Bytes kept for the signature and the time stamp beside the certificates."""


class PdfUnsealableError(InvalidInputError):
    """A document is no PDF, or no seal can be put into it."""

    code = "pdf-unsealable"
    message = N_("No seal can be put into this document: {obstacle}.")
    remedy = N_("Make the document again; one that is encrypted or damaged cannot be sealed.")


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where a reader shows that the document is sealed: over what the document itself draws."""

    page: int
    """From 0; -1 is the last."""
    left: int
    bottom: int
    right: int
    top: int
    """In points from the page's lower left corner."""


def seal_pdf(
    pdf: bytes,
    *,
    key: SealSigner,
    chain: SealChain,
    at: datetime,
    stamp: Stamper,
    reason: str = "",
    location: str = "",
    readable_name: str = FIELD,
    place: SealPlace | None = None,
) -> bytes:
    """The document with a seal that allows no change after it.

    Without a place the seal's field lies outside the page. With one it is an empty area, for the
    document itself draws what a person sees there.
    """
    # Imported here: the library takes tens of megabytes, which an idle node does not spend.
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError

    try:
        return _sealed(
            pdf, _signer(key, chain), chain, at, stamp, reason, location,
            readable_name, place,
        )  # fmt: skip
    except (PdfError, SigningError, ValueError, KeyError) as error:
        raise PdfUnsealableError(obstacle="it is damaged, encrypted or sealed already") from error


def _sealed(
    pdf: bytes,
    signer: Any,  # any: classes of the library, which is imported late
    chain: SealChain,
    at: datetime,
    stamp: Stamper,
    reason: str,
    location: str,
    readable_name: str,
    place: SealPlace | None,
) -> bytes:
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    writer = _writer(pdf)
    certificates, lists = _material(chain)
    DocumentSecurityStore.supply_dss_in_writer(
        writer, sig_contents=None, certs=certificates, crls=lists
    )
    said = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason or None,
        location=location or None,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    made = PdfSigner(said, signer=signer, new_field_spec=_field(readable_name, place))
    session = made.init_signing_session(writer)
    session.system_time = at.astimezone(UTC)
    room = sum(len(each.der) for each in chain.certificates) + _STAMP_ROOM
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=2 * room)
    digested, output = document.digest_tbs_document(output=BytesIO())
    signed = asyncio.run(_signed(signer, digested.document_digest))
    digested.fill_with_cms(output, _stamped(signed, stamp))
    output.seek(0)
    return bytes(output.read())


async def _signed(signer: Any, digest: bytes) -> Any:  # any: classes of the library
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    return await signer.async_sign(
        digest, "sha256", use_pades=True, signed_attr_settings=PdfCMSSignedAttributes()
    )


def _stamped(signed: Any, stamp: Stamper) -> Any:  # any: classes of the library
    """The signature with a time stamp over it.

    The library would ask for the stamp from inside an event loop, where the database that counts
    the stamps cannot be asked.
    """
    from asn1crypto import cms

    signer = signed["content"]["signer_infos"][0]
    token = stamp(hashlib.sha256(signer["signature"].native).digest()).token
    kept = {"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]}
    signer["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute(kept)])
    return signed


def _writer(pdf: bytes) -> Any:  # any: a class made from one of the library
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Untouched(IncrementalPdfFileWriter):
        """Leaves the document's metadata alone: PDF/A demands that its two places agree."""

        def _update_meta(self) -> None:
            return None

    return Untouched(BytesIO(pdf))


def _field(readable_name: str, place: SealPlace | None) -> Any:  # any: a class of the library
    from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec

    # PDF/A forbids hidden fields and PDF/UA untagged ones on a page: so it lies beside the page.
    beside = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    return SigFieldSpec(
        FIELD,
        on_page=place.page if place else 0,
        box=(place.left, place.bottom, place.right, place.top) if place else None,
        readable_field_name=readable_name,
        invis_sig_settings=beside,
        empty_field_appearance=place is not None,
    )


def _signer(key: SealSigner, chain: SealChain) -> Any:  # any: a class made from the library's
    from asn1crypto import x509
    from asn1crypto.algos import SignedDigestAlgorithm
    from pyhanko.sign.signers.pdf_cms import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Sealer(Signer):
        """Signs by a key that may lie in a token."""

        async def async_sign_raw(
            self,
            data: bytes,
            digest_algorithm: str,
            dry_run: bool = False,  # noqa: FBT001, FBT002 - the library calls it so
        ) -> bytes:
            return key.sign(data)

    parsed = [x509.Certificate.load(each.der) for each in chain.certificates]
    known: Any = SimpleCertificateStore  # any: its maker has no types
    return Sealer(
        signing_cert=parsed[0],
        cert_registry=known.from_certs(parsed),
        signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
    )


def _material(chain: SealChain) -> tuple[list[Any], list[Any]]:
    """Every certificate and list, as the library holds them."""
    from asn1crypto import crl, x509

    ders = dict.fromkeys(each.der for each in (*chain.certificates, *chain.stamp_certificates))
    return (
        [x509.Certificate.load(der) for der in ders],
        [crl.CertificateList.load(each.der) for each in chain.revocations],
    )
