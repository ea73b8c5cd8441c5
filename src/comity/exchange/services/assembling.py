# SPDX-License-Identifier: Apache-2.0
"""Puts the bindings together with this node's keys, partners and ledger.

Here alone a partner's binding decides how it is reached. What was put together is used again
until a key, an address or a partner's state changes; whether it did is asked of the tables, so
that every process follows an administrator's act at once.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max

from comity import clock
from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.exchange import models
from comity.exchange.door import Door, House
from comity.exchange.partner import Binding, KeyUse, Partner, PartnerState
from comity.exchange.pressure import Hold
from comity.exchange.queries.own import own_code
from comity.exchange.queries.partner_records import as_partner
from comity.exchange.services.admitting import hold_for
from comity.exchange.services.nonces import LedgerNonces
from comity.exchange.services.own_keys import decryption_keys, signing_key, tls_paths
from comity.exchange.services.pulling import LedgerOutgoing
from comity.exchange.services.receiving import RECEPTION
from comity.exchange.services.sending import LedgerOutbox, encryption_key_of
from comity.exchange.services.witnessing import own_log_since
from comity.exchange.transports.base import Transport
from comity.exchange.transports.folder import Correspondence, FolderBinding, Folders
from comity.exchange.transports.https import Https, Signatures, SignedPeer
from comity.exchange.transports.listener import Application
from comity.exchange.transports.pull import Pull
from comity.exchange.transports.tls import (
    OwnCertificate,
    client_context,
    partner_of_certificate,
    pins,
    server_context,
)
from comity.outbound.peer import Identity, Peer
from comity.sealing.keys import SigningKey

draw = SystemRandom().random


class StickMissingError(NotFoundError):
    """A folder for a partner's files was named and is not there."""

    code = "stick-missing"
    message = N_("The folder {folder} is not there; nothing was read or written.")
    remedy = N_("Plug the stick in, or make the folder, and try again.")


State = tuple[Any, ...]  # any: what the tables say, to be compared and no more


def door() -> Application:
    """What answers partners' requests, each with a database connection that answers."""
    inner = Door(
        House(
            reception=RECEPTION,
            nonces=LedgerNonces(),
            partner_of=_partner_of,
            key=_envelope_key,
            clock=clock.now,
            outgoing=outgoing(),
            held_off=_held_off,
            log=own_log_since,
        )
    )

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        leave_broken_connection()
        return inner(environ, start_response)

    return answer


def leave_broken_connection() -> None:
    """Where this thread's connection failed, look whether it lives, and else let it go.

    A thread that serves keeps its connection from one request to the next; after a restart of
    the database it must not go on with the one that is gone.
    """
    if connection.errors_occurred:
        if connection.is_usable():
            connection.errors_occurred = False
        else:
            connection.close()


def outbox_of(partner: str, *, holder: str) -> LedgerOutbox:
    """What waits for this partner, for a worker that holds its way under this name."""
    return LedgerOutbox(partner, holder, RECEPTION, draw)


def tls_context(*, at: datetime) -> ssl.SSLContext:
    """The context of the exchange's port; the same one until another would be made."""
    partners = _partners.all()
    shown = tuple(sorted(digest for each in partners for digest in pins(each.keys, at=at)))
    states = tuple((each.code, each.state) for each in partners)
    certificate, key = tls_paths(at=at)
    state = (certificate, shown, states)
    own = OwnCertificate(certificate, key)
    context: ssl.SSLContext = _context.of(state, lambda: server_context(own, partners, at=at))
    return context


def transport_to(partner: str, lane: str, *, at: datetime) -> Transport | None:
    """The way to a partner that we reach by machine; None where it fetches or gets letters.

    Each lane has one of its own, for large parts keep a connection busy.
    """
    found = _found(partner)
    if found is None or found.binding is not Binding.PUSH:
        return None
    state = (found, tls_paths(at=at), pins(found.keys, at=at))
    kept = _transports.setdefault((partner, lane), _Kept())
    transport: Transport = kept.of(state, lambda: _https(found, at=at))
    return transport


def log_proof_of(partner: str, first: int, second: int, *, at: datetime) -> tuple[str, ...] | None:
    """The partner's own proof that its journal grew; None of partners that cannot be asked."""
    transport = transport_to(partner, "proofs", at=at)
    found = _found(partner)
    if not isinstance(transport, Https) or found is None or found.wire < LOG_SINCE_WIRE:
        return None
    return transport.log_since(first, second)


LOG_SINCE_WIRE = 2
"""The wire version from which on a node shows its log."""


def fetching_from(partner: str, *, at: datetime) -> Pull | None:
    """What fetches from a partner that takes connections, for a node that takes none itself."""
    found = _found(partner)
    if found is None or not found.endpoint or found.binding is not Binding.PUSH:
        return None
    node = SignedPeer(_peer(found, at=at), _signatures(found), wire=found.wire)
    return Pull(node, RECEPTION, found.code, clock.now)


def fetches() -> tuple[str, ...]:
    """From which partners this node fetches: from all that it can reach, where it cannot be."""
    if settings.ENVIRONMENT.exchange_port:
        return ()
    return tuple(
        each.code
        for each in _partners.all()
        if each.state is PartnerState.ACTIVE and each.binding is Binding.PUSH and each.endpoint
    )


def by_files() -> tuple[str, ...]:
    """Partners whose messages travel as files."""
    return tuple(
        each.code
        for each in _partners.all()
        if each.state is PartnerState.ACTIVE and each.binding is Binding.FOLDER
    )


def files_of(partner: str, *, folder: Path | None = None) -> FolderBinding | None:
    """The files of a partner with that binding, in folders that are there; None of others.

    A stick's folder may be named, and has `out` and `into` as the partner's own folder has.

    Raises:
        StickMissingError: the folder that was named is not there, and is not made either.
    """
    found = _found(partner)
    if found is None or found.binding is not Binding.FOLDER:
        return None
    if folder is not None and not folder.is_dir():
        raise StickMissingError(folder=folder)
    correspondence = Correspondence(
        own=own_code(),
        partner=partner,
        seal_for=lambda: encryption_key_of(found, at=clock.now()),
        keys=decryption_keys,
    )
    return FolderBinding(_folders(partner, folder), correspondence)


def outgoing() -> LedgerOutgoing:
    """What waits for partners that fetch it or get it as files."""
    return LedgerOutgoing(RECEPTION, draw)


def _folders(partner: str, named: Path | None) -> Folders:
    kept = models.Partner.objects.values_list("settings", flat=True).get(code=partner)
    base = settings.ENVIRONMENT.exchange_folder or settings.ENVIRONMENT.home / "exchange"
    folder = named or Path(kept.get("folder") or Path(base) / partner)
    folders = Folders(out=folder / "out", into=folder / "into")
    with contextlib.suppress(OSError):  # the binding says what is amiss
        for each in (folders.out, folders.into):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folders


def _found(partner: str) -> Partner | None:
    known = (each for each in _partners.all() if each.code == partner)
    return next((each for each in known if each.state is PartnerState.ACTIVE), None)


def _https(partner: Partner, *, at: datetime) -> Https:
    return Https(_peer(partner, at=at), _signatures(partner), wire=partner.wire)


def _peer(partner: Partner, *, at: datetime) -> Peer:
    own = OwnCertificate(*tls_paths(at=at))
    identity = Identity(client_context(own, partner.keys, at=at), pins(partner.keys, at=at))
    return Peer(partner.endpoint, identity, policy=settings.OUTBOUND)


def _signatures(partner: Partner) -> Signatures:
    return Signatures(_envelope_key, partner.keys, clock.now)


def _envelope_key(at: datetime) -> SigningKey:
    return signing_key(KeyUse.ENVELOPE, at=at)


def _partner_of(digest: str, at: datetime) -> Partner | None:
    return partner_of_certificate(_partners.all(), digest, at=at)


def _held_off(partner: Partner, size: int, at: datetime) -> Hold | None:
    # Quotas are the reception's to judge: it knows what was counted already.
    return hold_for(partner.code, at=at, size=size, counted=True)


@dataclass(slots=True)
class _Kept:
    """Something made for a state of affairs, until that is another."""

    state: State | None = None
    made: Any = None  # any: whatever is made
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, state: State, make: Callable[[], Any]) -> Any:
        with self.lock:
            if state != self.state:
                self.made, self.state = make(), state
            return self.made


class _Partners:
    """Every partner with its keys, read anew when the tables say that something changed."""

    def __init__(self) -> None:
        self.kept = _Kept()

    def all(self) -> tuple[Partner, ...]:
        """Every partner, as of now."""
        found: tuple[Partner, ...] = self.kept.of(_state_of_partners(), _read_partners)
        return found


def _state_of_partners() -> State:
    rows = models.Partner.objects.order_by("pk").values_list("pk", "version", "state")
    keys = models.PartnerKey.objects.aggregate(
        Count("pk"), Max("pk"), Count("revoked_at"), Max("revoked_at"), Max("valid_until")
    )
    return (*rows, *keys.values())


def _read_partners() -> tuple[Partner, ...]:
    return tuple(map(as_partner, models.Partner.objects.prefetch_related("keys")))


_partners = _Partners()
_context = _Kept()
_transports: dict[tuple[str, str], _Kept] = {}
