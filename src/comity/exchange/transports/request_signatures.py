# SPDX-License-Identifier: Apache-2.0
"""RFC 9421 signatures on every request and answer between two nodes, with the partners' keys.

A request is signed over its method, address, content type and the digest of its content (where
it is not streamed), with an instant and a nonce; an answer over its status, its content and the
signature of the request that it answers, so that it fits no other. Nothing here reads a clock or
remembers a nonce: both are the caller's.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.algorithms import HTTPSignatureAlgorithm
from http_message_signatures.exceptions import HTTPMessageSignaturesException, InvalidSignature

from comity.catalogues import N_
from comity.errors import VerificationError
from comity.exchange.partner import CardKey, KeyUse
from comity.sealing.keys import SigningKey, VerificationKey

LABEL = "comity"
WINDOW = timedelta(seconds=300)
"""How far the two clocks may be apart; and, twice, how long a nonce is remembered."""
LONGEST_HEADER = 4096
LONGEST_NONCE = 64

REQUEST = ("@method", "@target-uri", "@authority", "content-type")
ANSWER = (
    "@status",
    "content-type",
    '"@method";req',
    '"@target-uri";req',
    f'"signature";req;key="{LABEL}"',
)
DIGEST = "content-digest"


class UnsignedError(VerificationError):
    """A request or answer bears no signature."""

    code = "unsigned"
    message = N_("The {what} is not signed as the exchange demands: {obstacle}.")
    remedy = N_("Compare what is sent with the chapter on HTTP signatures in reference/wire.md.")


class HttpSignatureBrokenError(VerificationError):
    """A signature does not fit what it covers."""

    code = "http-signature-broken"
    message = N_("The signature of the {what} does not fit what came.")
    remedy = N_("Check what stands between the two nodes: nothing may change what they send.")


class ClockSkewError(VerificationError):
    """The two clocks are too far apart."""

    code = "clock-skew"
    message = N_("The {what} was signed at {theirs}, and it is {ours} here.")
    remedy = N_("Set both machines' clocks by the network; five minutes apart is the most.")


class KeyUnknownError(VerificationError):
    """The signing key is not on the partner's card."""

    code = "key-unknown"
    message = N_("The {what} was signed with the key {key}, which is not on the partner's card.")
    remedy = N_("Exchange the present cards, and compare their fingerprints.")


class SignedTooEarlyError(VerificationError):
    """The signing key is on the card, and did not count yet."""

    code = "key-not-yet-valid"
    message = N_("The {what} was signed at {at} with the key {key}, which counts only later.")
    remedy = N_("Sign with a key that the card announces for this day.")


class SignedTooLateError(VerificationError):
    """The signing key is on the card, and counted no more."""

    code = "key-expired"
    message = N_("The {what} was signed at {at} with the key {key}, whose time was over.")
    remedy = N_("Sign with the key that follows it, or exchange newer cards.")


class SignedWithRevokedKeyError(VerificationError):
    """The signing key is on the card, and was revoked."""

    code = "key-revoked"
    message = N_("The {what} was signed at {at} with the key {key}, which was revoked before.")
    remedy = N_("Exchange the present cards, and find out who still has the revoked key.")


class ContentDigestError(VerificationError):
    """The content is not the one whose digest was signed."""

    code = "content-digest-differs"
    message = N_("The content of the {what} does not fit the digest that was signed.")
    remedy = N_("Send it again: it was changed or cut off on its way.")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as both sides see it."""

    method: str
    url: str
    """The whole address, as it was asked."""
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature that fits says of itself."""

    key_id: str
    created: datetime
    nonce: str


@dataclass(slots=True)
class _Message:
    """A request or an answer in the form that the library reads."""

    headers: dict[str, str]
    method: str = ""
    url: str = ""


@dataclass(slots=True)
class _AnswerMessage:
    status_code: int
    headers: dict[str, str]
    request: _Message = field(default_factory=lambda: _Message({}))


def content_digest(content: bytes) -> str:
    """The value of the header Content-Digest (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def require_digest(headers: Mapping[str, str], content: bytes, *, what: str) -> None:
    """Raise `ContentDigestError` unless the header is that of exactly this content."""
    if _found(headers, DIGEST) != content_digest(content):
        raise ContentDigestError(what=what)


def sign_request(request: Request, key: SigningKey, *, at: datetime, nonce: str) -> dict[str, str]:
    """The request's headers with its signature; a digest among them is covered as well."""
    message = _Message(dict(request.headers), request.method, request.url)
    covered = (*REQUEST, DIGEST) if _found(request.headers, DIGEST) else REQUEST
    _signer(key).sign(
        message,
        key_id=key.public.key_id,
        created=at,
        nonce=nonce,
        label=LABEL,
        include_alg=False,
        covered_component_ids=covered,
        use_existing_digest=DIGEST in covered,
    )
    return message.headers


def verify_request(
    request: Request, keys: Sequence[CardKey], *, at: datetime, streamed: bool
) -> Signed:
    """Who signed the request and when, once that fits; whether the nonce is new is not asked.

    Args:
        request: as it came.
        keys: the partner's, of which those for envelopes count.
        at: this instant.
        streamed: whether the content proves itself, so that its digest need not be signed.
    """
    verifier = _Verifier(keys, "request", at, WINDOW)
    message = _Message(_checked(request.headers, "request"), request.method, request.url)
    required = REQUEST if streamed else (*REQUEST, DIGEST)
    _verified(verifier, message, required, "request")
    return verifier.signed()


def sign_answer(
    status: int, headers: Mapping[str, str], request: Request, key: SigningKey, *, at: datetime
) -> dict[str, str]:
    """The answer's headers with its signature, which covers that of the request.

    Raises:
        UnsignedError: the request bears no signature that could be covered.
    """
    asked = _Message(dict(request.headers), request.method, request.url)
    message = _AnswerMessage(status, dict(headers), asked)
    covered = (*ANSWER, DIGEST) if _found(headers, DIGEST) else ANSWER
    try:
        _signer(key).sign(
            message,
            key_id=key.public.key_id,
            created=at,
            label=LABEL,
            include_alg=False,
            covered_component_ids=covered,
            use_existing_digest=DIGEST in covered,
        )
    except HTTPMessageSignaturesException as error:
        obstacle = "no answer to it can be signed"
        raise UnsignedError(what="request", obstacle=obstacle) from error
    return message.headers


def verify_answer(
    status: int,
    headers: Mapping[str, str],
    request: Request,
    keys: Sequence[CardKey],
    *,
    at: datetime,
    streamed: bool = False,
) -> Signed:
    """Who signed the answer, once it fits and answers this very request.

    When it was signed is not compared with our clock: it covers the request's nonce, so it
    cannot be older than the request; and an answer about clocks must be readable at all.
    """
    verifier = _Verifier(keys, "answer", at, None)
    asked = _Message(dict(request.headers), request.method, request.url)
    message = _AnswerMessage(status, _checked(headers, "answer"), asked)
    required = ANSWER if streamed else (*ANSWER, DIGEST)
    _verified(verifier, message, required, "answer")
    return verifier.signed()


def _verified(
    verifier: _Verifier,
    message: _Message | _AnswerMessage,
    required: tuple[str, ...],
    what: str,
) -> None:
    try:
        results = verifier.verify(message, max_age=None, require_components=required)
    except InvalidSignature as error:
        raise HttpSignatureBrokenError(what=what) from error
    except HTTPMessageSignaturesException as error:
        raise UnsignedError(what=what, obstacle="it cannot be read") from error
    if [result.label for result in results] != [LABEL]:
        raise UnsignedError(what=what, obstacle=f"its signature is not labelled {LABEL}")


def _checked(headers: Mapping[str, str], what: str) -> dict[str, str]:
    for name in ("signature-input", "signature"):
        value = _found(headers, name)
        if not value or len(value) > LONGEST_HEADER:
            obstacle = f"the header {name} is {'too long' if value else 'missing'}"
            raise UnsignedError(what=what, obstacle=obstacle)
    return dict(headers)


def _found(headers: Mapping[str, str], name: str) -> str:
    return next((value for known, value in headers.items() if known.lower() == name), "")


class _Ed25519(HTTPSignatureAlgorithm):
    """The house's own keys under the library's interface; they may lie in a token."""

    algorithm_id = "ed25519"

    def __init__(
        self,
        public_key: VerificationKey | None = None,
        private_key: SigningKey | None = None,
    ) -> None:
        self._public, self._private = public_key, private_key

    def sign(self, message: bytes) -> bytes:
        assert self._private is not None
        return self._private.sign(message)

    def verify(self, signature: bytes, message: bytes) -> None:
        if self._public is None or not self._public.fits(signature, message):
            raise InvalidSignature


class _OneKey(HTTPSignatureKeyResolver):
    """Answers with the one key that was chosen, whatever is asked for."""

    def __init__(self, key: SigningKey | VerificationKey | None = None) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> Any:  # any: the library names its own keys
        return self.key

    def resolve_public_key(self, key_id: str) -> Any:  # any: the library names its own keys
        return self.key


@lru_cache(maxsize=8)
def _signer(key: SigningKey) -> HTTPMessageSigner:
    return HTTPMessageSigner(signature_algorithm=_Ed25519, key_resolver=_OneKey(key))


class _Verifier(HTTPMessageVerifier):
    """Judges key and instant by the partner's card and the given time, not by a clock."""

    def __init__(
        self, keys: Sequence[CardKey], what: str, at: datetime, window: timedelta | None
    ) -> None:
        self._chosen = _OneKey()
        super().__init__(signature_algorithm=_Ed25519, key_resolver=self._chosen)
        self._keys, self._what, self._at, self._window = keys, what, at, window
        self._signed: Signed | None = None

    def signed(self) -> Signed:
        assert self._signed is not None  # a verification that succeeded has set it
        return self._signed

    def validate_created_and_expires(self, sig_input: Any, max_age: object = None) -> None:
        """The library calls this before it looks for the key; all that is ours is judged here."""
        params = sig_input.params
        created, key_id = params.get("created"), params.get("keyid")
        if type(created) is not int or not 0 <= created < 2**33 or not isinstance(key_id, str):
            raise UnsignedError(what=self._what, obstacle="it says not when and by whom")
        signed_at = datetime.fromtimestamp(created, UTC)
        if self._window is not None:
            self._judge_clock(signed_at)
        self._chosen.key = self._key(key_id[:64], signed_at if self._window else self._at)
        self._signed = Signed(key_id, signed_at, self._nonce(params.get("nonce")))

    def _judge_clock(self, signed_at: datetime) -> None:
        if self._window is not None and abs(self._at - signed_at) > self._window:
            ours = self._at.replace(microsecond=0).isoformat()
            raise ClockSkewError(what=self._what, theirs=signed_at.isoformat(), ours=ours)

    def _nonce(self, nonce: object) -> str:
        if self._window is None:
            return ""
        if not isinstance(nonce, str) or not 16 <= len(nonce) <= LONGEST_NONCE:
            raise UnsignedError(what=self._what, obstacle="it has no nonce of 16 to 64 characters")
        return nonce

    def _key(self, key_id: str, signed_at: datetime) -> VerificationKey:
        named = [k for k in self._keys if k.use is KeyUse.ENVELOPE and k.key_id == key_id]
        shown = key_id if key_id.isalnum() else "of another form"
        if not named:
            raise KeyUnknownError(what=self._what, key=shown)
        if not named[0].fits(signed_at):
            at = signed_at.isoformat(timespec="seconds")
            raise _out_of_time(named[0], signed_at)(what=self._what, key=shown, at=at)
        return _public_key(named[0].public)


def _out_of_time(key: CardKey, signed_at: datetime) -> type[VerificationError]:
    if key.revoked_at is not None and signed_at >= key.revoked_at:
        return SignedWithRevokedKeyError
    return SignedTooEarlyError if signed_at < key.valid_from else SignedTooLateError


@lru_cache(maxsize=256)
def _public_key(pem: str) -> VerificationKey:
    return VerificationKey.from_pem(pem.encode())
