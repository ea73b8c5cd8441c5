# SPDX-License-Identifier: Apache-2.0
"""XAdES seals over named files (ETSI EN 319 132-1, in the container ASiC-E of EN 319 162-1).

The file `META-INF/signatures001.xml` is one line of UTF-8 without declaration, comment or white
space between elements. Every element that is digested or signed is written in its exclusive
canonical form already, so its bytes are cut out of the file as they stand; `parts_of` says which.
What is signed is described byte by byte in docs/reference/seals.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.sealing.seal_certificates import (
    RevocationList,
    SealCertificate,
    SealSigner,
    order_chain,
)
from comity.sealing.timestamps import Stamp

SIGNATURE_FILE = "META-INF/signatures001.xml"
PIECE = 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*")
_HALF = 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

Stamper = Callable[[bytes], Stamp]
"""SHA-256 → time stamp over it."""


class SealedNameError(InvalidInputError):
    """A file's name cannot stand in a seal as it is."""

    code = "sealed-name"
    message = N_("A file of this name cannot be sealed: names are of letters, digits, . _ - and /.")
    remedy = N_("Number the files; never call one by a person or a matter.")


class XmlSealUnreadableError(InvalidInputError):
    """Bytes are not a seal as this module writes them."""

    code = "xml-seal-unreadable"
    message = N_("This is not an XML seal as Comity writes them: {obstacle}.")
    remedy = N_("Compare it with the file that was handed over, byte by byte.")


@dataclass(frozen=True, slots=True)
class SealChain:
    """The certificates of a seal, and what its authorities have revoked."""

    certificates: tuple[SealCertificate, ...]
    """The seal's own first, then who issued it, up to the root."""
    revocations: tuple[RevocationList, ...] = ()
    stamp_certificates: tuple[SealCertificate, ...] = ()
    """Those behind the time-stamp authority that do not stand among the others."""


@dataclass(frozen=True, slots=True)
class XmlSealParts:
    """The pieces of a seal's file that are digested, signed or stamped, as they stand in it."""

    signed_info: bytes
    """What the signature is over."""
    signature_value: bytes
    """The whole element: what the time stamp is over."""
    signed_properties: bytes
    """What the last reference of `signed_info` is over."""
    references: Mapping[str, bytes]
    """Each file's name and SHA-256."""
    signature: bytes
    """r and s, 64 bytes."""
    certificates: tuple[bytes, ...]
    """DER; the seal's own first."""
    token: bytes
    """The time stamp, DER."""
    other_certificates: tuple[bytes, ...]
    revocations: tuple[bytes, ...]
    signed_at: datetime


def digest_of(content: bytes | BinaryIO) -> bytes:
    """SHA-256 of a file, read piece by piece."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).digest()
    found = hashlib.sha256()
    while piece := content.read(PIECE):
        found.update(piece)
    return found.digest()


def seal_xml(
    digests: Mapping[str, bytes],
    *,
    key: SealSigner,
    chain: SealChain,
    at: datetime,
    stamp: Stamper,
) -> bytes:
    """The signature file over these files (name → SHA-256), with a time stamp: XAdES-B-T.

    It carries every certificate and revocation list of the chain, so that it can be verified
    without asking anybody (the material of B-LT).
    """
    if not digests or not all(_NAME.fullmatch(name) for name in digests):
        raise SealedNameError
    properties = _signed_properties(chain.certificates[0].der, sorted(digests), at)
    info = _signed_info(digests, properties)
    value = _signature_value(_raw_signature(key.sign(info)))
    made = stamp(hashlib.sha256(value).digest())
    return _file(info, value, properties, _material(chain, made))


def parts_of(seal: bytes) -> XmlSealParts:
    """The parts of a seal that this module wrote; any other spelling is refused."""
    found = _WHOLE.fullmatch(seal)
    if found is None:
        raise XmlSealUnreadableError(obstacle="its elements are not those expected")
    digests = {
        match["name"].decode(): _decoded(match["digest"])
        for match in _REFERENCE.finditer(found["info"])
    }
    material = _Material(
        own=_all_decoded(_CERTIFICATE, found["chain"]),
        token=_decoded(found["token"]),
        others=_all_decoded(_ENCAPSULATED_CERTIFICATE, found["rest"]),
        lists=_all_decoded(_ENCAPSULATED_LIST, found["rest"]),
    )
    parts = XmlSealParts(
        signed_info=found["info"],
        signature_value=found["value"],
        signed_properties=found["properties"],
        references=digests,
        signature=_decoded(found["signature"]),
        certificates=material.own,
        token=material.token,
        other_certificates=material.others,
        revocations=material.lists,
        signed_at=_signing_time(found["properties"]),
    )
    if _written_again(parts, material) != seal:
        raise XmlSealUnreadableError(obstacle="it is another spelling of what it says")
    return parts


def _written_again(parts: XmlSealParts, material: _Material) -> bytes:
    """The file as it would be written from what was read: so no byte of it is free."""
    own = material.own[0] if material.own else b""
    properties = _signed_properties(own, sorted(parts.references), parts.signed_at)
    info = _signed_info(parts.references, properties)
    return _file(info, _signature_value(parts.signature), properties, material)


def der_signature(raw: bytes) -> bytes:
    """A signature of XML (r and s one after the other) as X.509 and openssl have it."""
    return encode_dss_signature(
        int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big")
    )


_ASIC = "http://uri.etsi.org/02918/v1.2.1#"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_XADES = "http://uri.etsi.org/01903/v1.3.2#"
_CANONICAL = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties"
_MEDIA_TYPES = {
    "json": "application/json",
    "xml": "text/xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "pem": "application/x-pem-file",
    "txt": "text/plain",
    "py": "text/x-python",
}
_OTHER_MEDIA_TYPE = "application/octet-stream"


def _signed_info(digests: Mapping[str, bytes], properties: bytes) -> bytes:
    """In exclusive canonical form: `ds` is declared here, and nowhere below."""
    references = "".join(
        f'<ds:Reference Id="r{number}" URI="{name}">{_digest(digests[name])}</ds:Reference>'
        for number, name in enumerate(sorted(digests), start=1)
    )
    own = _digest(hashlib.sha256(properties).digest())
    return (
        f'<ds:SignedInfo xmlns:ds="{_DS}">'
        f'<ds:CanonicalizationMethod Algorithm="{_CANONICAL}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{_ECDSA}"></ds:SignatureMethod>'
        f"{references}"
        f'<ds:Reference Type="{_PROPERTIES_TYPE}" URI="#properties"><ds:Transforms>'
        f'<ds:Transform Algorithm="{_CANONICAL}"></ds:Transform></ds:Transforms>'
        f"{own}</ds:Reference></ds:SignedInfo>"
    ).encode()


def _digest(digest: bytes, declared: str = "") -> str:
    return (
        f'<ds:DigestMethod{declared} Algorithm="{_SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue{declared}>{_text(digest)}</ds:DigestValue>"
    )


def _signed_properties(own: bytes, names: Sequence[str], at: datetime) -> bytes:
    """In exclusive canonical form: `ds` is declared anew on each element that needs it."""
    certificate = _digest(hashlib.sha256(own).digest(), f' xmlns:ds="{_DS}"')
    formats = "".join(
        f'<xades:DataObjectFormat ObjectReference="#r{number}">'
        f"<xades:MimeType>{_media_type(name)}</xades:MimeType></xades:DataObjectFormat>"
        for number, name in enumerate(names, start=1)
    )
    return (
        f'<xades:SignedProperties xmlns:xades="{_XADES}" Id="properties">'
        "<xades:SignedSignatureProperties>"
        f"<xades:SigningTime>{_instant(at)}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f"{certificate}"
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
        "</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>"
        f"{formats}"
        "</xades:SignedDataObjectProperties></xades:SignedProperties>"
    ).encode()


def _signature_value(raw: bytes) -> bytes:
    return (
        f'<ds:SignatureValue xmlns:ds="{_DS}" Id="value">{_text(raw)}</ds:SignatureValue>'
    ).encode()


@dataclass(frozen=True, slots=True)
class _Material:
    """What a seal brings along unsigned, each in DER."""

    own: tuple[bytes, ...]
    token: bytes
    others: tuple[bytes, ...]
    lists: tuple[bytes, ...]


def _material(chain: SealChain, stamp: Stamp) -> _Material:
    """What verifies the seal and its stamp, and nothing that a verifier would find no use for."""
    *own, _root = _first_to_root(chain)
    shown = {each.der for each in own}
    both = (*chain.certificates, *_behind_the_stamp(chain, stamp))
    others = dict.fromkeys(each.der for each in both if each.der not in shown)
    authorities = {each.subject for each in both if each.authority}
    lists = [each.der for each in chain.revocations if each.issuer in authorities]
    return _Material(tuple(each.der for each in own), stamp.token, tuple(others), tuple(lists))


def _file(info: bytes, value: bytes, properties: bytes, material: _Material) -> bytes:
    return b"".join(
        (
            f'<asic:XAdESSignatures xmlns:asic="{_ASIC}">'
            f'<ds:Signature xmlns:ds="{_DS}" Id="seal">'.encode(),
            info,
            value,
            b"<ds:KeyInfo><ds:X509Data>",
            *(_element(b"ds:X509Certificate", each) for each in material.own),
            b"</ds:X509Data></ds:KeyInfo><ds:Object>",
            f'<xades:QualifyingProperties xmlns:xades="{_XADES}" Target="#seal">'.encode(),
            properties,
            b"<xades:UnsignedProperties><xades:UnsignedSignatureProperties>",
            b'<xades:SignatureTimeStamp Id="stamp">',
            f'<ds:CanonicalizationMethod Algorithm="{_CANONICAL}">'.encode(),
            b"</ds:CanonicalizationMethod>",
            _element(b"xades:EncapsulatedTimeStamp", material.token),
            b"</xades:SignatureTimeStamp>",
            *_values(b"CertificateValues", b"EncapsulatedX509Certificate", material.others),
            *_revocations(material.lists),
            b"</xades:UnsignedSignatureProperties></xades:UnsignedProperties>",
            b"</xades:QualifyingProperties></ds:Object></ds:Signature></asic:XAdESSignatures>",
        )
    )


def _first_to_root(chain: SealChain) -> tuple[SealCertificate, ...]:
    """The chain with its root at the end, so that the root stands apart from who it vouches for."""
    found = chain.certificates
    return found if len(found) > 1 and found[-1].self_issued else (*found, found[-1])


def _behind_the_stamp(chain: SealChain, stamp: Stamp) -> tuple[SealCertificate, ...]:
    """The stamp's authority and who issued it: nothing that a verifier would find no use for."""
    if stamp.authority is None:
        return ()
    pool = (*chain.certificates, *chain.stamp_certificates, *stamp.certificates)
    return order_chain(stamp.authority, pool, at=stamp.at)


def _values(outer: bytes, inner: bytes, contents: Sequence[bytes]) -> Iterable[bytes]:
    if not contents:
        return ()
    elements = (_element(b"xades:" + inner, content) for content in contents)
    return (b"<xades:" + outer + b">", *elements, b"</xades:" + outer + b">")


def _revocations(lists: Sequence[bytes]) -> Iterable[bytes]:
    if not lists:
        return ()
    inner = b"".join(_values(b"CRLValues", b"EncapsulatedCRLValue", lists))
    return (b"<xades:RevocationValues>", inner, b"</xades:RevocationValues>")


def _element(name: bytes, content: bytes) -> bytes:
    return b"<" + name + b">" + base64.b64encode(content) + b"</" + name + b">"


def _raw_signature(der: bytes) -> bytes:
    """The numbers r and s in 32 bytes each; of the two values that s may have, the lower."""
    first, second = decode_dss_signature(der)
    return first.to_bytes(_HALF, "big") + min(second, _ORDER - second).to_bytes(_HALF, "big")


def _media_type(name: str) -> str:
    return _MEDIA_TYPES.get(name.rpartition(".")[2], _OTHER_MEDIA_TYPE)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _signing_time(properties: bytes) -> datetime:
    found = re.search(rb"<xades:SigningTime>([0-9TZ:-]{20})</xades:SigningTime>", properties)
    if found is None:
        raise XmlSealUnreadableError(obstacle="it does not say when it was made")
    try:
        said = datetime.strptime(found[1].decode(), "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - Z is UTC
    except ValueError as error:
        raise XmlSealUnreadableError(obstacle="it does not say when it was made") from error
    return said.replace(tzinfo=UTC)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _decoded(text: bytes) -> bytes:
    """The bytes of a base64 text; that it is spelled well is seen by writing it again."""
    try:
        return base64.b64decode(text)
    except binascii.Error as error:
        raise XmlSealUnreadableError(obstacle="its base64 is damaged") from error


def _all_decoded(pattern: re.Pattern[bytes], text: bytes) -> tuple[bytes, ...]:
    return tuple(map(_decoded, pattern.findall(text)))


_B64 = rb"[A-Za-z0-9+/]+={0,2}"
_REFERENCE = re.compile(
    rb'<ds:Reference Id="r\d+" URI="(?P<name>[^"]+)"><ds:DigestMethod[^>]*></ds:DigestMethod>'
    rb"<ds:DigestValue>(?P<digest>" + _B64 + rb")</ds:DigestValue></ds:Reference>"
)
_CERTIFICATE = re.compile(rb"<ds:X509Certificate>(" + _B64 + rb")</ds:X509Certificate>")
_ENCAPSULATED_CERTIFICATE = re.compile(
    rb"<xades:EncapsulatedX509Certificate>(" + _B64 + rb")</xades:EncapsulatedX509Certificate>"
)
_ENCAPSULATED_LIST = re.compile(
    rb"<xades:EncapsulatedCRLValue>(" + _B64 + rb")</xades:EncapsulatedCRLValue>"
)
_WHOLE = re.compile(
    rb'<asic:XAdESSignatures xmlns:asic="[^"]+"><ds:Signature xmlns:ds="[^"]+" Id="seal">'
    rb"(?P<info><ds:SignedInfo .*?</ds:SignedInfo>)"
    rb'(?P<value><ds:SignatureValue xmlns:ds="[^"]+" Id="value">(?P<signature>' + _B64 + rb")"
    rb"</ds:SignatureValue>)"
    rb"<ds:KeyInfo><ds:X509Data>(?P<chain>.*?)</ds:X509Data></ds:KeyInfo><ds:Object>"
    rb'<xades:QualifyingProperties xmlns:xades="[^"]+" Target="#seal">'
    rb"(?P<properties><xades:SignedProperties .*?</xades:SignedProperties>)"
    rb"<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
    rb'<xades:SignatureTimeStamp Id="stamp"><ds:CanonicalizationMethod Algorithm="[^"]+">'
    rb"</ds:CanonicalizationMethod><xades:EncapsulatedTimeStamp>(?P<token>" + _B64 + rb")"
    rb"</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>(?P<rest>.*?)"
    rb"</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    rb"</xades:QualifyingProperties></ds:Object></ds:Signature></asic:XAdESSignatures>",
    re.DOTALL,
)
