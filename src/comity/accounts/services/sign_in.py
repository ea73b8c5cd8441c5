# SPDX-License-Identifier: Apache-2.0
"""Hearing a sign-in: the lock-out before the password is looked at, and what follows from it.

An attempt is written down before it is judged and struck out when it succeeds, so that guesses
made at the same moment cannot pass under the limit together. Accounts and addresses are counted
under keyed digests; the journal learns that a lock fell, never on which address.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import connection, transaction

from comity.accounts import models
from comity.accounts.lockout import (
    ACCOUNT,
    ADDRESS,
    LockoutRule,
    SignInLockedError,
    locked_until,
)
from comity.accounts.officer import NODE, Officer
from comity.journal import services as journal


class Step(StrEnum):
    """What is being guessed at: each has failures of its own."""

    PASSWORD = "password"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A password or a code that has been heard and not yet judged."""

    account: int
    address: int


def hear_attempt(
    sign_in_name: str, address: str, *, at: datetime, step: Step = Step.PASSWORD
) -> Attempt:
    """Write an attempt down; raise `SignInLockedError` while the account or address waits."""
    account_key = _key(step, sign_in_name.strip().lower())
    address_key = _key("address", address)
    with transaction.atomic():
        _one_at_a_time(account_key, address_key)
        _refuse_while_locked(ACCOUNT, account_key, at)
        _refuse_while_locked(ADDRESS, address_key, at)
        account = models.SignInFailure.objects.create(key=account_key, at=at)
        on_address = models.SignInFailure.objects.create(key=address_key, at=at)
    return Attempt(account.pk, on_address.pk)


def attempt_succeeded(attempt: Attempt) -> None:
    """Strike the attempt out, and with it the account's earlier failures.

    The address keeps its earlier failures: a guesser who owns one account could otherwise wipe
    them at will.
    """
    key = models.SignInFailure.objects.filter(pk=attempt.account).values_list("key", flat=True)
    models.SignInFailure.objects.filter(key__in=list(key)).delete()
    models.SignInFailure.objects.filter(pk=attempt.address).delete()


@transaction.atomic
def attempt_failed(attempt: Attempt, *, at: datetime) -> datetime | None:
    """Let the attempt stand as a failure; journal and return the lock that it causes, if any."""
    rows = models.SignInFailure.objects.filter(pk__in=[attempt.account, attempt.address])
    keys = dict(rows.values_list("pk", "key"))
    account_key, address_key = keys[attempt.account], keys[attempt.address]
    account_lock = locked_until(ACCOUNT, _failures(ACCOUNT, account_key, at), at=at)
    address_lock = locked_until(ADDRESS, _failures(ADDRESS, address_key, at), at=at)
    _forget_old(at)
    if account_lock:
        _journal_account_lock(account_key, account_lock, at)
    if address_lock:
        facts = {"expires_at": address_lock.isoformat()}
        journal.record("address-locked", "sign-in", by=NODE, at=at, facts=facts)
    return max(filter(None, (account_lock, address_lock)), default=None)


def record_sign_in(officer: Officer, method: str, *, at: datetime) -> None:
    """Journal that an officer signed in, and how."""
    with transaction.atomic():
        facts = {"method": method}
        journal.record("signed-in", officer.reference, by=officer.actor, at=at, facts=facts)


def lift_lock(sign_in_name: str) -> None:
    """Forget the failures of an account, as when its password has been reset."""
    keys = [_key(step, sign_in_name.strip().lower()) for step in Step]
    models.SignInFailure.objects.filter(key__in=keys).delete()


def spend_code(reference: str, code: str, *, at: datetime) -> bool:
    """Whether a one-time code is used for the first time; it is spent from now on."""
    key = _key("spent-code", f"{reference}:{code}")
    with transaction.atomic():
        _one_at_a_time(key)
        if models.SignInFailure.objects.filter(key=key).exists():
            return False
        models.SignInFailure.objects.create(key=key, at=at)
    return True


def _refuse_while_locked(rule: LockoutRule, key: str, at: datetime) -> None:
    until = locked_until(rule, _failures(rule, key, at), at=at)
    if until is not None:
        raise SignInLockedError(until=_minute(until))


def _failures(rule: LockoutRule, key: str, at: datetime) -> list[datetime]:
    rows = models.SignInFailure.objects.filter(key=key, at__gt=at - rule.memory)
    return list(rows.values_list("at", flat=True))


def _journal_account_lock(key: str, until: datetime, at: datetime) -> None:
    """Journal a lock on an account that exists; a guessed name is nobody's and is not kept."""
    for reference, name in models.Officer.objects.values_list("reference", "sign_in_name"):
        if key in (_key(step, name) for step in Step):
            facts = {"expires_at": until.isoformat()}
            journal.record("account-locked", reference, by=NODE, at=at, facts=facts)


def _forget_old(at: datetime) -> None:
    oldest = at - max(ACCOUNT.memory, ADDRESS.memory)
    models.SignInFailure.objects.filter(at__lte=oldest).delete()


def _one_at_a_time(*keys: str) -> None:
    """Hold a lock on these keys until the transaction ends, in one order for everybody."""
    with connection.cursor() as cursor:
        for number in sorted(int(key[:15], 16) for key in keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _key(kind: str, text: str) -> str:
    message = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
