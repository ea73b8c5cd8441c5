# SPDX-License-Identifier: Apache-2.0
"""Looking at everything between us and a partner, so that `diagnosis` can say what is wrong.

First what this node knows by itself; then one signed request after another, as every message
takes them; last, if nothing was found, a message there and back. Nothing is changed by looking,
and a test message is one of the ledger like any other.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from comity.errors import ComityError, PeerError
from comity.exchange import models
from comity.exchange.acquaintance import PartnerRecord
from comity.exchange.courier import Courier
from comity.exchange.diagnosis import (
    BEFORE_ASKING,
    Answer,
    Connection,
    Finding,
    LoopBack,
    Observations,
    OwnSide,
    Stage,
    diagnose,
)
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding, KeyUse, Partner
from comity.exchange.queries.partner_records import partner_record
from comity.exchange.services import leasing
from comity.exchange.services.admitting import disk_is_nearly_full
from comity.exchange.services.assembling import outbox_of
from comity.exchange.services.card_updates import EXCHANGE
from comity.exchange.services.maintenance import current_maintenance
from comity.exchange.services.own_keys import own_keys, signing_key, tls_paths
from comity.exchange.services.own_kinds import send_test
from comity.exchange.transports.https import Https, Signatures, SignedPeer
from comity.exchange.transports.tls import OwnCertificate, client_context, pins
from comity.exchange.wire import WIRE_VERSIONS
from comity.outbound.peer import Identity, Peer, PeerLimits

LIMITS = PeerLimits(connect_seconds=5, silence_seconds=10, answer_seconds=15)
LATELY = timedelta(days=7)
MOST_PROBLEMS = 1000
PATIENCE = 10.0
"""Seconds that an answer of the partner's is waited for."""

STAGES = {
    "peer-name-unknown": Stage.NOTHING,
    "peer-refuses-connection": Stage.NAME,
    "peer-unreachable": Stage.NAME,
    "peer-tls-failed": Stage.PORT,
    "peer-certificate-unknown": Stage.PORT,
    "peer-certificate-expired": Stage.PORT,
    "own-certificate-refused": Stage.PORT,
}
"""How far a connection came that was ended by an error of `outbound.peer`."""
DIFFERS = {"http-signature-broken", "content-digest-differs"}
NOT_SIGNED_FOR_US = {"key-unknown", "key-not-yet-valid", "key-expired", "key-revoked"}
SETTLED = (MessageState.RELAYED, MessageState.DELIVERED, MessageState.OPENED)


def diagnose_partner(
    code: str, *, at: datetime, test_message: bool = True, patience: float = PATIENCE
) -> tuple[Finding, ...]:
    """Every fault that is found, the first to be mended first; none where all is well.

    Without patience nobody waits for the partner's own message to come back.
    """
    record = partner_record(code)
    seen = _own_observations(record, at=at)
    found = diagnose(seen)
    waits = any(finding.fault in BEFORE_ASKING for finding in found)
    if waits or record.partner.binding is not Binding.PUSH:
        return found
    begun = time.monotonic()
    way = _Way(record.partner, lambda: at + timedelta(seconds=time.monotonic() - begun), at)
    try:
        seen = way.looked_at(seen)
        found = diagnose(seen)
        if not found and test_message:
            found = diagnose(replace(seen, loop_back=_loop_back(way, patience)))
    finally:
        way.peer.close()
    return found


def _own_observations(record: PartnerRecord, *, at: datetime) -> Observations:
    partner = record.partner
    return Observations(
        at=at,
        partner=partner.code,
        state=partner.state,
        binding=partner.binding,
        own=_own_side(partner, at=at),
        keys=partner.keys,
    )


def _own_side(partner: Partner, *, at: datetime) -> OwnSide:
    ours = models.Message.objects.filter(partner__code=partner.code, direction=Direction.OUT)
    waiting = ours.filter(state__in=(MessageState.QUEUED, MessageState.SENDING))
    refused = ours.filter(state=MessageState.REFUSED, settled_at__gt=at - LATELY)
    return OwnSide(
        maintenance=current_maintenance() is not None,
        disk_low=disk_is_nearly_full(),
        wire_versions=WIRE_VERSIONS,
        keys=tuple(key.card_key for key in own_keys()),
        waiting=waiting.order_by()[: partner.ceilings.waiting + 1].count(),
        most_waiting=partner.ceilings.waiting,
        problems=tuple(refused.values_list("problem", flat=True)[:MOST_PROBLEMS]),
    )


@dataclass
class _Way:
    """The way to one partner, asked as every message asks it."""

    partner: Partner
    now: Callable[[], datetime]
    at: datetime

    def __post_init__(self) -> None:
        keys, own = self.partner.keys, OwnCertificate(*tls_paths(at=self.at))
        tls = client_context(own, keys, at=self.at)
        identity = Identity(tls, pins(keys, at=self.at))
        self.peer = Peer(self.partner.endpoint, identity, policy=settings.OUTBOUND, limits=LIMITS)
        key = signing_key(KeyUse.ENVELOPE, at=self.at)
        self.signatures = Signatures(lambda _: key, keys, self.now)
        self.node = SignedPeer(self.peer, self.signatures, wire=self.partner.wire)

    def looked_at(self, seen: Observations) -> Observations:
        """What two requests show: one that is always answered, one that is held off like all."""
        seen = self._asked(seen, "status")
        answer = seen.answer
        if answer is None or answer.problem or answer.maintenance:
            return seen
        held = self._asked(seen, f"messages/{uuid.uuid4()}").answer
        if held is None or not held.problem:
            return seen
        return replace(seen, answer=replace(answer, problem=held.problem))

    def _asked(self, seen: Observations, path: str) -> Observations:
        """The connection as far as it came, and what came back."""
        try:
            proven = self.node.ask("GET", path)
            answer = _read_status(proven.json(self.node.host))
        except PeerError as error:
            return self._failed(seen, error)
        return replace(seen, connection=self._connection(Stage.TLS), answer=answer)

    def _failed(self, seen: Observations, error: PeerError) -> Observations:
        if error.code in STAGES:
            made = self._connection(STAGES[error.code], error.code)
            return replace(seen, connection=made)
        obstacle = str(error.fields.get("obstacle", ""))
        if error.code == "answer-unproven" and obstacle in NOT_SIGNED_FOR_US:
            made = self._connection(Stage.TLS, "answered-by-unknown-key")
            return replace(seen, connection=made)
        if error.code == "answer-unproven" and obstacle in DIFFERS:
            return replace(seen, connection=self._connection(Stage.TLS, "answer-changed"))
        answer = Answer(
            status=_number(error.fields.get("status")),
            problem=str(error.fields.get("problem", "")),
            is_exchange="problem" in error.fields,
            retry_after=_number(error.fields.get("retry_after")),
        )
        return replace(seen, connection=self._connection(Stage.TLS), answer=answer)

    def _connection(self, stage: Stage, obstacle: str = "") -> Connection:
        parts = urlsplit(self.partner.endpoint)
        return Connection(self.peer.host, parts.port or 443, stage, obstacle)


def _read_status(document: Any) -> Answer:  # any: whatever the partner's node answered
    """The answer of a node; one that says nothing of wire versions is an outcome or nothing."""
    if not isinstance(document, dict):
        return Answer(200)
    versions = document.get("wire_versions", [])
    known = isinstance(versions, list) and all(type(each) is int for each in versions)
    return Answer(
        status=200,
        is_exchange=True,
        wire_versions=tuple(versions) if known else (),
        their_time=_instant(document.get("time")),
        maintenance=document.get("maintenance") is True,
        retry_after=_number(document.get("retry_after")),
    )


def _instant(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at.astimezone(UTC) if at is not None and at.tzinfo else None


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


# There and back


def _loop_back(way: _Way, patience: float) -> LoopBack:
    """Post a test message, carry it now, and look what became of it.

    1. The way was just found good, so no earlier failure holds it up.
    2. Where a worker holds the way, that worker carries the message.
    3. The partner's own half comes in through our port, by a message of its own.
    """
    begun = time.monotonic()
    code = way.partner.code
    posted = send_test(code, by=EXCHANGE, at=way.now())
    models.Way.objects.filter(partner__code=code).update(not_before=None)  # (1)
    _carry(way, until=begun + patience + LIMITS.answer_seconds)  # (2)
    until = begun + max(patience, 0.1)
    row = _waited_for(posted.reference, until)
    milliseconds = round((time.monotonic() - begun) * 1000)
    if row.state not in SETTLED:
        problem = row.problem or models.Way.objects.get(partner__code=code).problem
        return LoopBack(receipted=False, problem=problem, milliseconds=milliseconds)
    answered = not patience or _answered(row, until)  # (3)
    return LoopBack(receipted=True, answered=answered, milliseconds=milliseconds)


def _carry(way: _Way, until: float) -> None:
    holder = f"diagnosis-{uuid.uuid4().hex[:8]}"
    courier = Courier(
        outbox_of(way.partner.code, holder=holder),
        Https(way.peer, way.signatures, wire=way.partner.wire),
        way.now,
        lambda: time.monotonic() > until,
    )
    try:
        courier.carry_letters()
    except ComityError:
        return  # what the ledger then says is looked at
    finally:
        leasing.release(way.partner.code, holder=holder)


def _waited_for(reference: str, until: float) -> models.Message:
    while True:
        row = models.Message.objects.get(reference=reference)
        settled = row.state in (*SETTLED, MessageState.REFUSED, MessageState.REJECTED)
        if settled or row.problem or time.monotonic() > until:
            return row
        _pause()


def _answered(row: models.Message, until: float) -> bool:
    replies = models.Message.objects.filter(
        partner=row.partner_id, direction=Direction.IN, in_reply_to=row.identifier
    )
    while not replies.exists():
        if time.monotonic() > until:
            return False
        _pause()
    return True


def _pause() -> None:
    """Wait a moment; a connection of the database is not kept from others meanwhile."""
    if not connection.in_atomic_block:
        connection.close()
    time.sleep(0.1)
