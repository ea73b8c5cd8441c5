# SPDX-License-Identifier: Apache-2.0
"""New keys for old ones: on schedule, on demand, and at once where a key is taken back.

Everything that is done here changes our card; whoever calls tells the partners
(`services.announcing`). That a key is to be used from an instant on needs nobody to act then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from comity.catalogues import N_
from comity.errors import ComityError, ConflictError, InvalidInputError, NotFoundError
from comity.exchange import models
from comity.exchange.alarm import AlarmKind
from comity.exchange.key_schedule import (
    MADE_USES,
    NoKeyError,
    OwnKey,
    Times,
    active_key,
    covered_until,
    in_place,
    instants_to_fill,
    renewal_due,
    successor,
    times_of,
)
from comity.exchange.partner import KeyUse, PartnerState
from comity.exchange.partner_card import RevocationReason
from comity.exchange.services import own_keys
from comity.exchange.services.alarms import EXCHANGE, raise_alarm, settle_alarm
from comity.journal.entry import Actor
from comity.journal.services import record
from comity.sealing.certificates import read_certificate

EXPIRES_SOON = timedelta(days=7)
"""A key that ends so soon and has no successor is told to a person."""


class RolloverPendingError(ConflictError):
    """A successor was made already and has not taken over."""

    code = "rollover-pending"
    message = N_("Key {key} takes over as {use} key at {active_from}: expected no successor yet.")
    remedy = N_("Wait until it has taken over, or revoke it and schedule another.")


class OddActivationError(InvalidInputError):
    """A successor cannot take over at this instant."""

    code = "odd-activation"
    message = N_("A successor cannot take over at {found}: expected from {earliest} to {latest}.")
    remedy = N_("Name an instant from now on, and before the present key ends.")


class NotRotatedError(InvalidInputError):
    """A use whose keys are not made here."""

    code = "use-not-rotated"
    message = N_("Keys for {found} are not rotated here: expected one of {expected}.")
    remedy = N_("Change the journal's key with `comity journal new-key`.")


class UnknownOwnKeyError(NotFoundError):
    """This node has no such key."""

    code = "unknown-own-key"
    message = N_("This node has no key {key}.")
    remedy = N_("List the keys with `comity keys show`.")


class KeyRevokedError(ConflictError):
    """The key was taken back before."""

    code = "own-key-revoked-already"
    message = N_("Key {key} was revoked already, from {revoked_at} on.")
    remedy = N_("Name an earlier instant to revoke it from, or nothing more is to be done.")


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key that was made, or one that was taken back with what stands in its place."""

    use: KeyUse
    made: OwnKey | None = None
    revoked: OwnKey | None = None
    takes_over: OwnKey | None = None
    """The key to use from now on, or from the instant that was named."""


@transaction.atomic
def schedule_rollover(use: KeyUse, *, active_from: datetime, by: Actor, at: datetime) -> KeyChange:
    """Make the successor of a key now, to take over at an instant; partners learn of it before."""
    if use not in MADE_USES:
        raise NotRotatedError(found=use.value, expected=", ".join(MADE_USES))
    own_keys.lock_rows()
    keys = own_keys.own_keys()
    waiting = successor(keys, use, at=at)
    if waiting is not None:
        told = waiting.active_from.isoformat(timespec="seconds")
        raise RolloverPendingError(key=waiting.key_id, use=use.value, active_from=told)
    latest = covered_until(keys, use, at=at)
    if not at <= active_from <= latest:
        raise OddActivationError(found=active_from, earliest=at, latest=latest)
    made = _made(use, times_of(use, active_from=active_from, at=at), by=by, at=at)
    return KeyChange(use, made=made, takes_over=made)


@transaction.atomic
def revoke_own_key(
    key_id: str, *, revoked_at: datetime, reason: RevocationReason, by: Actor, at: datetime
) -> KeyChange:
    """Take a key back from an instant on; another is in its place from then on.

    The instant may lie in the past: what was signed since then no longer counts.
    """
    own_keys.lock_rows()
    row = models.OwnKey.objects.filter(key_id=key_id).first()
    if row is None:
        raise UnknownOwnKeyError(key=key_id)
    if row.revoked_at is not None and row.revoked_at <= revoked_at:
        raise KeyRevokedError(key=key_id, revoked_at=row.revoked_at.isoformat(timespec="seconds"))
    row.revoked_at, row.revoked_reason = revoked_at, reason
    row.save(update_fields=["revoked_at", "revoked_reason"])
    own_keys.changed()
    use = KeyUse(row.use)
    made = _fill_gaps(use, by=by, at=at) if use in MADE_USES else ()
    facts = {"kind": row.use, "key_id": key_id, "reason": reason.value}
    record("own-key-revoked", key_id.upper(), by=by, at=at, facts=facts)
    keys = own_keys.own_keys()
    revoked = next(key for key in keys if key.key_id == key_id)
    rotated = use in MADE_USES
    next_one = active_key(keys, use, at=max(at, revoked_at)) if rotated else None
    return KeyChange(use, made=made[0] if made else None, revoked=revoked, takes_over=next_one)


@transaction.atomic
def renew_due(*, at: datetime) -> tuple[KeyChange, ...]:
    """Make every successor that is due now: called every hour; mostly there is nothing to do."""
    due = [(use, times) for use in MADE_USES if (times := _due(use, at=at))]
    if not due:
        return ()
    own_keys.lock_rows()
    changes = []
    for use, _ in due:
        times = _due(use, at=at)  # again, now that nobody else makes one
        if times is not None:
            made = _made(use, times, by=EXCHANGE, at=at)
            changes.append(KeyChange(use, made=made, takes_over=made))
    return tuple(changes)


@contextmanager
def alarmed(*, at: datetime) -> Iterator[None]:
    """Tell a person what keeps new keys from being made; the node goes on with those it has."""
    try:
        yield
    except (ComityError, OSError) as error:
        reason = error.code if isinstance(error, ComityError) else type(error).__name__
        raise_alarm(AlarmKind.KEY_RENEWAL_FAILED, at=at, facts={"reason": reason})
    else:
        settle_alarm(AlarmKind.KEY_RENEWAL_FAILED, at=at, reason="renewed")


@transaction.atomic
def watch_keys(*, at: datetime) -> int:
    """Raise an alarm for keys, ours and partners', that end soon and have no successor."""
    alarms = _watch_own(at=at)
    for code, ends in _partners_without_successor(at=at):
        facts = {"use": ends[0], "until": ends[1].isoformat(timespec="seconds")}
        raise_alarm(AlarmKind.PARTNER_KEY_EXPIRING, at=at, partner=code, facts=facts)
        alarms += 1
    return alarms


def _due(use: KeyUse, *, at: datetime) -> Times | None:
    """When a successor that must be made now takes over: for its time, or for its name."""
    keys = own_keys.own_keys()
    due = renewal_due(keys, use, at=at)
    if due is None and use is KeyUse.TLS and successor(keys, use, at=at) is None:
        certificate = read_certificate(active_key(keys, use, at=at).public.encode())
        if not set(own_keys.tls_names()) <= set(certificate.names):
            alone = not models.Partner.objects.filter(state=PartnerState.ACTIVE).exists()
            later = at if alone else at + timedelta(days=1)
            return times_of(use, active_from=later, at=at)
    return due


def _made(use: KeyUse, times: Times, *, by: Actor, at: datetime) -> OwnKey:
    return own_keys.make_key(
        use, at=at, valid_from=times.valid_from, active_from=times.active_from, by=by
    )


def _fill_gaps(use: KeyUse, *, by: Actor, at: datetime) -> tuple[OwnKey, ...]:
    """Have a key at every instant at which one is taken back; those that were made for it."""
    made = []
    for instant in instants_to_fill(own_keys.own_keys(), use, at=at):
        found = in_place(own_keys.own_keys(), use, from_=instant, at=at)
        if isinstance(found, Times):
            made.append(_made(use, found, by=by, at=at))
        elif found not in own_keys.own_keys():  # a successor that takes over early
            models.OwnKey.objects.filter(key_id=found.key_id).update(
                active_from=found.active_from, valid_from=found.valid_from
            )
            own_keys.changed()
    return tuple(made)


def _watch_own(*, at: datetime) -> int:
    keys = own_keys.own_keys()
    ending = [
        use
        for use in MADE_USES
        if successor(keys, use, at=at) is None and _ends_soon(keys, use, at=at)
    ]
    if not ending:
        settle_alarm(AlarmKind.KEY_EXPIRING, at=at, reason="renewed")
        return 0
    raise_alarm(AlarmKind.KEY_EXPIRING, at=at, facts={"uses": ", ".join(ending)})
    return 1


def _ends_soon(keys: tuple[OwnKey, ...], use: KeyUse, *, at: datetime) -> bool:
    try:
        return active_key(keys, use, at=at).valid_until <= at + EXPIRES_SOON
    except NoKeyError:
        return True


def _partners_without_successor(*, at: datetime) -> list[tuple[str, tuple[str, datetime]]]:
    """Active partners of which a use's last key ends soon, with that use and its end."""
    rows = models.PartnerKey.objects.filter(
        partner__state=PartnerState.ACTIVE, revoked_at=None, use__in=MADE_USES
    ).values_list("partner__code", "use", "valid_until")
    last: dict[tuple[str, str], datetime] = {}
    for code, use, until in rows:
        last[code, use] = max(until, last.get((code, use), until))
    return [(code, (use, end)) for (code, use), end in last.items() if end <= at + EXPIRES_SOON]
