# SPDX-License-Identifier: Apache-2.0
"""Which roots of partners' seals this node trusts, since when, and who said so.

A root counts for the seals of the one administration that it was learned of. The first that an
authenticated message of a confirmed partner brings is trusted with the partner; another one later,
or one in a third administration's name, waits for a person, who compares its fingerprint. A file
is trusted only by such a comparison.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.queries import own_administration
from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, NotFoundError
from comity.evidence import models
from comity.evidence.queries import seals as queries
from comity.evidence.seal import RootState, TrustedRoot
from comity.evidence.services.seal_keys import EVIDENCE
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.sealing.seal_certificates import (
    SealCertificate,
    read_der_seal_certificate,
    read_seal_certificates,
)
from comity.sealing.xml_seals import parts_of

FILE = "file"
SHORTEST = 16
"""Hexadecimal digits of a fingerprint that a person compares at least."""


class RootFingerprintError(InvalidInputError):
    """The fingerprint that a person gave is not the one of the file."""

    code = "root-fingerprint"
    message = N_("The root in the file does not have the fingerprint that was compared.")
    remedy = N_("Ask the administration for its fingerprint by telephone, and give it whole.")


class UnknownRootError(NotFoundError):
    """No root of this administration has the fingerprint."""

    code = "unknown-root"
    message = N_("{administration} has no root of the fingerprint {fingerprint} here.")
    remedy = N_("See the roots with `comity evidence seal show`.")


class NotOneRootError(ConflictError):
    """A file holds something else than one root."""

    code = "not-one-root"
    message = N_("The file holds {found} roots of seals, expected one.")
    remedy = N_("Ask the administration for the certificate of its root alone, as PEM.")


@transaction.atomic
def learn_roots(
    administration: str, certificates: Iterable[SealCertificate], *, message: str, at: datetime
) -> tuple[TrustedRoot, ...]:
    """Take note of the roots that an authenticated message of a partner brought.

    To be called in the transaction that receives the message, before its last act; a root that
    is known already changes nothing.
    """
    roots = [each for each in certificates if each.self_issued and each.authority]
    for root in roots:
        state = RootState.LEARNED if _rows(administration).exists() else RootState.TRUSTED
        _note(administration, root, state, learned_from=message, by=EVIDENCE, at=at)
    return tuple(each for each in queries.roots() if each.administration == administration)


def learn_from_seal(
    administration: str, seal: bytes, *, message: str, at: datetime
) -> tuple[TrustedRoot, ...]:
    """The same with the roots that stand in a seal's file, once the seal was verified."""
    parts = parts_of(seal)
    found = (*parts.certificates, *parts.other_certificates)
    certificates = tuple(map(read_der_seal_certificate, found))
    return learn_roots(administration, certificates, message=message, at=at)


def is_trusted(administration: str, fingerprint: str, *, brought_by_itself: bool = False) -> bool:
    """Whether a seal in this administration's name may lead to this root.

    Our own seals lead to our own roots, ended ones too; a partner's to those that are trusted as
    its own. The first one that it brings itself counts: with it `learn_roots` begins. What stands
    behind outside time stamps alone is no root of our seals.
    """
    if administration == own_administration():
        kept = [each for each in queries.kept_certificates() if each.of_seals]
        own = {each.certificate.fingerprint for each in kept if each.revoked_at is None}
        return fingerprint in own
    known = dict(_rows(administration).values_list("fingerprint", "state"))
    return known.get(fingerprint) == RootState.TRUSTED or (brought_by_itself and not known)


@transaction.atomic
def put_up_for_comparison(
    administration: str, root: SealCertificate, *, message: str, at: datetime
) -> None:
    """Note a root that a person must compare before anything that leads to it is taken in."""
    _note(administration, root, RootState.LEARNED, learned_from=message, by=EVIDENCE, at=at)


def trust_file(
    administration: str, pem: bytes, fingerprint: str, *, by: Officer, at: datetime
) -> TrustedRoot:
    """Trust the root in a file, whose fingerprint a person compared with its holder.

    Raises:
        RootFingerprintError: the fingerprint is another one, or too short.
    """
    actor = by.acting(Permission.ADMINISTER_SEALS)
    roots = [each for each in read_seal_certificates(pem) if each.self_issued and each.authority]
    if len(roots) != 1:
        raise NotOneRootError(found=len(roots))
    _require_same(roots[0], fingerprint)
    with transaction.atomic():
        _note(administration, roots[0], RootState.TRUSTED, learned_from=FILE, by=actor, at=at)
        return _decided(administration, roots[0].fingerprint, RootState.TRUSTED, by=actor, at=at)


def trust_root(administration: str, fingerprint: str, *, by: Officer, at: datetime) -> TrustedRoot:
    """Trust a root that was learned, by the fingerprint that a person compared."""
    return _decide(administration, fingerprint, RootState.TRUSTED, by=by, at=at)


def refuse_root(administration: str, fingerprint: str, *, by: Officer, at: datetime) -> TrustedRoot:
    """Do not trust a root that was learned."""
    return _decide(administration, fingerprint, RootState.REFUSED, by=by, at=at)


def end_trust(administration: str, fingerprint: str, *, by: Officer, at: datetime) -> TrustedRoot:
    """Trust a root no more; what was verified by it before stays as it was."""
    return _decide(administration, fingerprint, RootState.ENDED, by=by, at=at)


@transaction.atomic
def _decide(
    administration: str, fingerprint: str, state: RootState, *, by: Officer, at: datetime
) -> TrustedRoot:
    actor = by.acting(Permission.ADMINISTER_SEALS)
    return _decided(administration, fingerprint, state, by=actor, at=at)


def _decided(
    administration: str, fingerprint: str, state: RootState, *, by: Actor, at: datetime
) -> TrustedRoot:
    given = _digits(fingerprint)
    rows = _rows(administration).select_for_update()
    row = rows.filter(fingerprint__startswith=given).first() if len(given) >= SHORTEST else None
    if row is None:
        raise UnknownRootError(administration=administration, fingerprint=fingerprint)
    row.state, row.decided_at, row.decided_by = state, at, by.reference
    row.save()
    facts = {"state": state.value, "digest": row.fingerprint}
    journal.record("seal-root-decided", administration, by=by, at=at, facts=facts)
    return queries.root(administration, row.fingerprint)


def _note(
    administration: str,
    root: SealCertificate,
    state: RootState,
    *,
    learned_from: str,
    by: Actor,
    at: datetime,
) -> None:
    """Keep a root that is new; what is known keeps its state."""
    decided = {"decided_at": at, "decided_by": by.reference}
    models.TrustedRoot.objects.get_or_create(
        administration=administration,
        fingerprint=root.fingerprint,
        defaults={
            "der": root.der,
            "state": state,
            "learned_at": at,
            "learned_from": learned_from,
            **(decided if state is RootState.TRUSTED else {}),
        },
    )


def _require_same(root: SealCertificate, fingerprint: str) -> None:
    given = _digits(fingerprint)
    if len(given) < SHORTEST or not root.fingerprint.startswith(given):
        raise RootFingerprintError


def _digits(fingerprint: str) -> str:
    """A fingerprint as a person reads it out, without what separates its parts."""
    return fingerprint.replace(":", "").replace(" ", "").lower()


def _rows(administration: str) -> QuerySet[models.TrustedRoot]:
    return models.TrustedRoot.objects.filter(administration=administration)
