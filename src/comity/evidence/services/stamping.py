# SPDX-License-Identifier: Apache-2.0
"""Time stamps: from the authority of the settings, otherwise from the built-in pilot one.

The pilot authority steps in for another only where an administrator allowed it, and every result
says that it did. Its serial numbers never repeat and its instants only grow.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from comity.catalogues import N_
from comity.errors import ComityError, PeerError, VerificationError
from comity.evidence import models
from comity.evidence.queries import seals as queries
from comity.evidence.seal import CertificateRole, Stamped
from comity.evidence.services import seal_keys
from comity.outbound import Limits, visit
from comity.outbound.addresses import host_of
from comity.sealing.seal_certificates import SealCertificate, order_chain
from comity.sealing.timestamps import (
    REQUEST_TYPE,
    RESPONSE_TYPE,
    Stamp,
    StampUnreadableError,
    make_stamp,
    read_answer,
    request_stamp,
    verify_stamp,
)

_STEP = timedelta(milliseconds=1)
_RANDOM_BITS = 64
_LIMITS = Limits(size=256 * 1024, connect_seconds=5, read_seconds=10, total_seconds=20)


class NoStampError(PeerError):
    """The time-stamp authority could not be had, and the pilot one may not step in."""

    code = "no-stamp"
    message = N_("The time-stamp authority {host} gave no stamp that holds ({reason}).")
    remedy = N_("Try again later, or let an administrator allow pilot stamps meanwhile.")


def timestamp(digest: bytes, *, at: datetime) -> Stamped:
    """A time stamp over a SHA-256, kept in the node's tables.

    Call it outside any long transaction: an authority on the network may take its time.

    Raises:
        NoStampError: the authority of the settings gave none, and pilot stamps are not allowed.
    """
    asked = queries.stamp_settings()
    if not asked.address:
        return _pilot_stamped(digest, at=at)
    try:
        known = queries.own_certificates(CertificateRole.STAMP_CHAIN, at=at)
        return _kept(ask(digest, asked.address, known), known)
    except (PeerError, VerificationError, StampUnreadableError) as error:
        if not asked.pilot_allowed:
            raise _none(asked.address, error) from error
        return _pilot_stamped(digest, at=at, fell_back=True)


def ask(digest: bytes, address: str, known: Iterable[SealCertificate]) -> Stamp:
    """A stamp of the authority at an address, verified up to a root of these certificates.

    Raises:
        PeerError, VerificationError, StampUnreadableError: there was none that holds.
    """
    known = tuple(known)
    request = request_stamp(digest)
    answer = visit.post(
        address,
        request.content,
        content_type=REQUEST_TYPE,
        accept=RESPONSE_TYPE,
        limits=_LIMITS,
        policy=settings.OUTBOUND,
    )
    stamp = read_answer(answer.document(), request)
    anchors = [each for each in known if each.self_issued]
    verify_stamp(stamp, digest, anchors=anchors, others=known)
    return stamp


def _pilot_stamped(digest: bytes, *, at: datetime, fell_back: bool = False) -> Stamped:
    means = seal_keys.stamp_means(at=at)
    serial, instant = _next(means.certificate.key_id, at=at)
    stamp = make_stamp(
        digest, key=means.key, certificate=means.certificate, serial=serial, at=instant
    )
    return _kept(stamp, means.chain.certificates, fell_back=fell_back)


@transaction.atomic
def _next(key_id: str, *, at: datetime) -> tuple[int, datetime]:
    """The next serial number and instant; random digits keep a restored backup from repeating."""
    counters = models.StampCounter.objects
    counters.get_or_create(key_id=key_id)
    counter = counters.select_for_update().get(key_id=key_id)
    counter.number += 1
    counter.last_at = max(at, counter.last_at + _STEP) if counter.last_at else at
    counter.save()
    return counter.number << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS), counter.last_at


def _kept(stamp: Stamp, known: Iterable[SealCertificate], *, fell_back: bool = False) -> Stamped:
    authority = stamp.authority
    assert authority is not None  # a stamp that was verified, or that we made
    path = order_chain(authority, (*stamp.certificates, *known), at=stamp.at)
    models.SealStamp.objects.create(
        digest=stamp.digest.hex(),
        serial=str(stamp.serial),
        at=stamp.at,
        authority=authority.fingerprint,
        holds_until=min(each.valid_until for each in path),
        pilot=stamp.pilot,
        fell_back=fell_back,
        token=stamp.token,
    )
    return Stamped(stamp, fell_back)


def _none(address: str, error: ComityError) -> NoStampError:
    return NoStampError(host=host_of(address), reason=error.code)
