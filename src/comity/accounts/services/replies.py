# SPDX-License-Identifier: Apache-2.0
"""Replies kept for requests that carry an Idempotency-Key, so that a repeat gets the same bytes.

The row is claimed inside the transaction of the act itself: a second request with the same key
waits for the first to commit, and a rolled-back act leaves no reply behind. What takes too long
for one transaction is made by `made_once`, which claims before and keeps after.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from comity.accounts import models
from comity.accounts.officer import Officer
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError
from comity.sealing.short_secrets import seal_text, unseal_text

KEPT_FOR = timedelta(hours=24)
CARRIED_OUT_WITHIN = timedelta(hours=1)
"""A claim without a reply is older only where the process that claimed was killed."""
LONGEST_KEY = 255
_PURPOSE = "kept replies"
_MADE = 200


class KeyReusedError(ConflictError):
    """One idempotency key stands for one request."""

    code = "idempotency-key-reused"
    message = N_("The Idempotency-Key was already used for a different request.")
    remedy = N_("Repeat the first request unchanged, or use a new key for the new one.")


class StillCarriedOutError(ConflictError):
    """The first request with this key has not ended yet."""

    code = "request-still-carried-out"
    message = N_("The same request was sent before and is still being carried out.")
    remedy = N_("Wait a moment and look whether it is done; it is not done twice.")


class OddIdempotencyKeyError(InvalidInputError):
    """A key is a short printable text."""

    code = "odd-idempotency-key"
    message = N_("An Idempotency-Key has 1 to {longest} visible characters.")
    remedy = N_("Use a random identifier such as a UUID.")


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: status, the headers that belong to the answer, and the very bytes."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer a key for the first time."""

    number: int


@dataclass(frozen=True, slots=True)
class Made:
    """What an act made, in a text of its own, and whether an earlier request made it."""

    text: str
    before: bool


def checked_key(key: str) -> str:
    """The key, when it is short and visible."""
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise OddIdempotencyKeyError(longest=LONGEST_KEY)
    return key


def claim_key(officer: Officer, key: str, digest: str, *, at: datetime) -> Claim | Reply:
    """Claim a key inside the caller's transaction, or get the reply that it already has.

    Raises:
        KeyReusedError: the key stands for a request with another digest.
        StillCarriedOutError: it stands for this one, which has no reply yet.
    """
    owner = models.Officer.objects.get(reference=officer.reference)
    rows = models.StoredReply.objects.filter(owner=owner)
    rows.filter(at__lte=at - KEPT_FOR).delete()
    rows.filter(status=None, at__lte=at - CARRIED_OUT_WITHIN).delete()
    try:
        with transaction.atomic():
            row = rows.create(owner=owner, key=key, request_digest=digest, at=at)
    except IntegrityError:
        kept = rows.filter(key=key).first()
        if kept is None:  # given back meanwhile: asked again, it is free
            raise StillCarriedOutError from None
        if kept.request_digest != digest:
            raise KeyReusedError from None
        if kept.status is None:
            raise StillCarriedOutError from None
        return Reply(kept.status, dict(kept.headers), _unsealed(bytes(kept.body)))
    return Claim(row.pk)


def keep_reply(claim: Claim, reply: Reply) -> None:
    """Keep the first answer to a claimed key."""
    models.StoredReply.objects.filter(pk=claim.number).update(
        status=reply.status, headers=reply.headers, body=_sealed(reply.body)
    )


def made_once(
    officer: Officer, key: str, digest: str, make: Callable[[], str], *, at: datetime
) -> Made:
    """What `make` makes and names; asked again with the same key, its name and nothing more.

    A refusal gives the key back. Raises as `claim_key`, and whatever `make` raises.
    """
    with transaction.atomic():
        claim = claim_key(officer, key, digest, at=at)
    if isinstance(claim, Reply):
        return Made(claim.body.decode(), before=True)
    try:
        made = make()
    except BaseException:
        models.StoredReply.objects.filter(pk=claim.number).delete()
        raise
    keep_reply(claim, Reply(_MADE, {}, made.encode()))
    return Made(made, before=False)


def _sealed(body: bytes) -> bytes:
    """A reply can hold a one-time password, so it is never kept in the clear."""
    text = base64.b64encode(body).decode("ascii")
    return seal_text(text, key=settings.SECRET_KEY.encode(), purpose=_PURPOSE).encode()


def _unsealed(sealed: bytes) -> bytes:
    key = settings.SECRET_KEY.encode()
    return base64.b64decode(unseal_text(sealed.decode(), key=key, purpose=_PURPOSE))
