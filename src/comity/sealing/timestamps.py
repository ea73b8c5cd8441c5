# SPDX-License-Identifier: Apache-2.0
"""Time stamps (RFC 3161): asking an authority, being the pilot one, and verifying either.

A stamp says that whoever holds the authority's key saw a digest at an instant. The pilot
authority's stamps name `PILOT_POLICY`; they prove what this node claims of the time, no more.
Serial numbers and the order of instants are the caller's to keep; nothing here reads a clock.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar

from comity.catalogues import N_
from comity.errors import InvalidInputError, PeerError, VerificationError
from comity.sealing.seal_certificates import (
    PILOT_POLICY,
    SealCertificate,
    SealCertificateUnreadableError,
    SealSigner,
    order_chain,
    read_der_seal_certificate,
)

REQUEST_TYPE = "application/timestamp-query"
RESPONSE_TYPE = "application/timestamp-reply"
ACCURACY_SECONDS = 1
_NONCE_BITS = 64
_GRANTED = ("granted", "granted_with_mods")


class StampUnreadableError(InvalidInputError):
    """Bytes are no time stamp, or no request for one."""

    code = "stamp-unreadable"
    message = N_("This is no time stamp: {obstacle}.")
    remedy = N_("Ask the authority again; what it sent is not what RFC 3161 describes.")


class StampBrokenError(VerificationError):
    """A time stamp does not hold, or is over something else."""

    code = "stamp-broken"
    message = N_("The time stamp does not hold: {obstacle}.")
    remedy = N_("Compare which authority made it with those that this node trusts.")


class StampRefusedError(PeerError):
    """The authority answered, and did not stamp."""

    code = "stamp-refused"
    message = N_("The time-stamp authority did not stamp: {obstacle}.")
    remedy = N_("Ask the authority why, and look at its address and terms of use.")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp as it was read; it is worth what `verify_stamp` says of it."""

    token: bytes = field(repr=False)
    """The CMS SignedData (ContentInfo) in DER, as it goes into documents."""
    at: datetime
    serial: int
    digest: bytes
    """What was stamped: a SHA-256."""
    policy: str
    certificates: tuple[SealCertificate, ...] = field(repr=False)
    """Those that came with it, the authority's own first."""

    @property
    def pilot(self) -> bool:
        """Whether a built-in pilot authority made it."""
        return self.policy == PILOT_POLICY

    @property
    def authority(self) -> SealCertificate | None:
        """The certificate that its signature names, where it came along."""
        return next(iter(self.certificates), None)


@dataclass(frozen=True, slots=True)
class StampRequest:
    """What is asked of an authority."""

    content: bytes = field(repr=False)
    digest: bytes
    nonce: int


def request_stamp(digest: bytes) -> StampRequest:
    """A request for a stamp over this SHA-256, with a number that the answer must repeat."""
    from asn1crypto import algos, tsp

    nonce = secrets.randbits(_NONCE_BITS)
    imprint = tsp.MessageImprint(
        {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
    )
    request = tsp.TimeStampReq(
        {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    )
    return StampRequest(request.dump(), digest, nonce)


def read_answer(answer: bytes, request: StampRequest) -> Stamp:
    """The stamp in an authority's answer, held to what was asked; its signature is looked at later.

    Raises:
        StampRefusedError: the authority did not stamp.
        StampUnreadableError, StampBrokenError: the answer is damaged, or answers something else.
    """
    try:
        response = _answer_class().load(answer, strict=True)
        status = response["status"]["status"].native
        if status not in _GRANTED:
            raise StampRefusedError(obstacle=str(status).replace("_", " "))
        token = response["time_stamp_token"].dump()
        nonce = (
            response["time_stamp_token"]["content"]["encap_content_info"]["content"]
            .parsed["nonce"]
            .native
        )
    except (ValueError, TypeError, KeyError) as error:
        raise StampUnreadableError(obstacle="the answer is damaged") from error
    if nonce != request.nonce:
        raise StampBrokenError(obstacle="it answers another request")
    stamp = read_stamp(token)
    if stamp.digest != request.digest:
        raise StampBrokenError(obstacle="it is over something else")
    return stamp


def read_stamp(token: bytes) -> Stamp:
    """What a time stamp says of itself."""
    from asn1crypto import cms

    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        said = signed["encap_content_info"]["content"].parsed
        imprint = said["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256":
            raise StampUnreadableError(obstacle="it is not over a SHA-256")
        return Stamp(
            token=token,
            at=said["gen_time"].native.astimezone(UTC),
            serial=said["serial_number"].native,
            digest=imprint["hashed_message"].native,
            policy=said["policy"].dotted,
            certificates=_certificates(signed),
        )
    except (
        *(ValueError, TypeError, KeyError, IndexError, AttributeError),
        SealCertificateUnreadableError,
    ) as error:
        raise StampUnreadableError(obstacle="its structure is damaged") from error


def make_stamp(
    digest: bytes,
    *,
    key: SealSigner,
    certificate: SealCertificate,
    serial: int,
    at: datetime,
    nonce: int | None = None,
) -> Stamp:
    """A stamp of the pilot authority over a SHA-256.

    The token holds the authority's own certificate and no other, one signer, no unsigned
    attribute, and a whole number of seconds or milliseconds; every set is in DER order.
    """
    content = _said(digest, serial, _whole_milliseconds(at), nonce)
    signature = key.sign(_signed_attributes(content, certificate).untag().dump(force=True))
    return read_stamp(_token(content, certificate, signature))


def _said(digest: bytes, serial: int, at: datetime, nonce: int | None) -> bytes:
    """The TSTInfo of the pilot authority."""
    from asn1crypto import algos, tsp

    said = {
        "version": "v1",
        "policy": PILOT_POLICY,
        "message_imprint": {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "hashed_message": digest,
        },
        "serial_number": serial,
        "gen_time": at,
        "accuracy": {"seconds": ACCURACY_SECONDS},
        "ordering": True,
    }
    return bytes(tsp.TSTInfo(said if nonce is None else said | {"nonce": nonce}).dump())


def _signed_attributes(content: bytes, certificate: SealCertificate) -> Any:  # any: no types
    from asn1crypto import cms, tsp

    own = {"cert_hash": hashlib.sha256(certificate.der).digest()}
    values = {
        "content_type": "tst_info",
        "message_digest": hashlib.sha256(content).digest(),
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [own]}),
    }
    return cms.CMSAttributes(
        [cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in values.items()]
    )


def _token(content: bytes, certificate: SealCertificate, signature: bytes) -> bytes:
    """The token of the pilot authority around its signature."""
    from asn1crypto import algos, cms, core, x509

    own = x509.Certificate.load(certificate.der)
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    named = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", named),
        "digest_algorithm": sha256,
        "signed_attrs": _signed_attributes(content, certificate),
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signature,
    }
    wrapped = {"content_type": "tst_info", "content": core.ParsableOctetString(content)}
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": wrapped,
            "certificates": [own],
            "signer_infos": [signer],
        }
    )
    made = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return bytes(made.dump(force=True))


def _written_again(stamp: Stamp) -> bytes:
    """A pilot stamp's token as it would be made from what it says: so no byte of it is free."""
    from asn1crypto import cms

    if stamp.authority is None:
        return b""
    try:
        signed = cms.ContentInfo.load(stamp.token)["content"]
        nonce = signed["encap_content_info"]["content"].parsed["nonce"].native
        signature = signed["signer_infos"][0]["signature"].native
    except (ValueError, TypeError, KeyError):
        return b""
    return _token(_said(stamp.digest, stamp.serial, stamp.at, nonce), stamp.authority, signature)


def answer_request(
    request: bytes, *, key: SealSigner, certificate: SealCertificate, serial: int, at: datetime
) -> bytes:
    """The pilot authority's whole answer to a whole request, as a client over HTTP expects it."""
    from asn1crypto import tsp

    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        algorithm = asked["message_imprint"]["hash_algorithm"]["algorithm"].native
        digest, nonce = asked["message_imprint"]["hashed_message"].native, asked["nonce"].native
    except (ValueError, TypeError, KeyError):
        return _refusal("bad_data_format")
    if algorithm != "sha256" or len(digest) != hashlib.sha256().digest_size:
        return _refusal("bad_alg")
    stamp = make_stamp(digest, key=key, certificate=certificate, serial=serial, at=at, nonce=nonce)
    return _granted(stamp.token)


def verify_stamp(
    stamp: Stamp,
    digest: bytes,
    *,
    anchors: Iterable[SealCertificate],
    others: Iterable[SealCertificate] = (),
) -> None:
    """Raise `StampBrokenError` unless a trusted authority stamped exactly this digest.

    The certificates must have been valid at the instant that the stamp names; `others` are
    certificates between the authority's and an anchor that did not come with the stamp.
    """
    import rfc3161_client
    from cryptography import x509

    path = _path(stamp, tuple(anchors), (*stamp.certificates, *others))
    root, *between = [x509.load_der_x509_certificate(each.der) for each in reversed(path)]
    builder = rfc3161_client.VerifierBuilder(roots=[root], intermediates=between)
    try:
        response = rfc3161_client.decode_timestamp_response(_granted(_lean(stamp)))
        builder.build().verify(response, digest)
    except (rfc3161_client.VerificationError, ValueError) as error:
        raise StampBrokenError(obstacle=_reason(stamp, digest)) from error
    if stamp.pilot and _written_again(stamp) != stamp.token:
        raise StampBrokenError(obstacle="it is another spelling of what it says")


def _lean(stamp: Stamp) -> bytes:
    """The token with its authority's certificate alone, as the library can read it.

    It refuses certificates that are not in the order of DER, which many authorities send so. They
    are not signed, and the path is made of what was read of them.
    """
    from asn1crypto import cms, x509

    assert stamp.authority is not None  # `_path` was found
    token = cms.ContentInfo.load(stamp.token)
    token["content"]["certificates"] = [x509.Certificate.load(stamp.authority.der)]
    return bytes(token.dump())


def _path(
    stamp: Stamp, anchors: tuple[SealCertificate, ...], others: tuple[SealCertificate, ...]
) -> tuple[SealCertificate, ...]:
    """From the authority to an anchor. The library takes every certificate given for trusted."""
    if stamp.authority is None:
        raise StampBrokenError(obstacle="the authority's certificate did not come with it")
    path = order_chain(stamp.authority, (*anchors, *others), at=stamp.at)
    trusted = [place for place, each in enumerate(path) if each in anchors]
    if not trusted:
        raise StampBrokenError(obstacle="no authority that is trusted stands behind it")
    return path[: trusted[0] + 1]


def _reason(stamp: Stamp, digest: bytes) -> str:
    if stamp.digest != digest:
        return "it is over something else"
    return "its signature or its authority's certificate does not fit"


def _certificates(signed: Any) -> tuple[SealCertificate, ...]:  # any: the library has no types
    """The certificates of a token, the signer's own first."""
    sid = signed["signer_infos"][0]["sid"].chosen
    found = [each.chosen for each in signed["certificates"] or ()]
    own = [
        each
        for each in found
        if each.serial_number == sid["serial_number"].native and each.issuer == sid["issuer"]
    ]
    others = [each for each in found if each not in own]
    return tuple(read_der_seal_certificate(each.dump()) for each in [*own, *others])


def _whole_milliseconds(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


@cache
def _answer_class() -> Any:  # any: a class made from one of the library
    """What an authority answers: the library's own class knows no answer without a stamp."""
    from asn1crypto import cms, core, tsp

    class Answer(core.Sequence):  # type: ignore[misc]  # the library has no types
        _fields: ClassVar = [
            ("status", tsp.PKIStatusInfo),
            ("time_stamp_token", cms.ContentInfo, {"optional": True}),
        ]

    return Answer


def _granted(token: bytes) -> bytes:
    from asn1crypto import cms

    answer = {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
    return bytes(_answer_class()(answer).dump())


def _refusal(reason: str) -> bytes:
    return bytes(_answer_class()({"status": {"status": "rejection", "fail_info": {reason}}}).dump())
