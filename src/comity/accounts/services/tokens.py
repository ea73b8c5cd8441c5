# SPDX-License-Identifier: Apache-2.0
"""API tokens: issued and revoked by their owners, and looked up at every request of the API."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from comity.accounts import models
from comity.accounts.api_token import (
    REQUESTS_PER_MINUTE,
    SECRET_BYTES,
    ApiToken,
    TokenRefusedError,
    TooManyRequestsError,
    UnknownTokenError,
    checked_life,
    checked_token_roles,
    looks_like_a_token,
    token_digest,
    token_text,
)
from comity.accounts.officer import OPERATOR, Officer, require_operator
from comity.accounts.permissions import Permission, Role
from comity.accounts.services.officers import next_number
from comity.journal import services as journal

WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token at the only moment at which its secret can be read."""

    token: ApiToken
    secret: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls the API: the owner of the token, with no more roles than the token carries."""

    officer: Officer
    token: str
    """The token's reference, which may be logged and journalled."""


@transaction.atomic
def issue_token(
    name: str,
    *,
    roles: frozenset[Role],
    days: int,
    by: Officer,
    at: datetime,
    owner: Officer | None = None,
) -> IssuedToken:
    """Issue a token that carries some of its owner's roles for some days.

    The owner is the officer who asks; only the node's operator issues one for somebody else.
    """
    owner = _owner(owner, by)
    carried = checked_token_roles(roles, held=owner.roles, officer=owner.reference)
    life = checked_life(days)
    secret = token_text(secrets.token_bytes(SECRET_BYTES))
    number = next_number(models.ApiToken._meta.db_table)
    row = models.ApiToken.objects.create(
        pk=number,
        reference=f"TOK-{number:05d}",
        owner=models.Officer.objects.get(reference=owner.reference),
        name=name.strip(),
        digest=token_digest(secret),
        roles=sorted(carried),
        issued_at=at,
        expires_at=at + life,
    )
    facts = {"roles": ",".join(row.roles), "expires_on": row.expires_at.date().isoformat()}
    facts["officer"] = owner.reference
    actor = by.acting(Permission.ISSUE_TOKENS)
    journal.record("token-issued", row.reference, by=actor, at=at, facts=facts)
    return IssuedToken(row.as_token(), secret)


def _owner(owner: Officer | None, by: Officer) -> Officer:
    """Whose token it will be: allowed to have tokens, and `by` allowed to act for them."""
    by.require(Permission.ISSUE_TOKENS)
    if owner is None or owner.reference == by.reference:
        return by
    require_operator(by)
    owner.require(Permission.ISSUE_TOKENS)
    return owner


@transaction.atomic
def revoke_token(reference: str, *, by: Officer, at: datetime) -> ApiToken:
    """Stop a token for good: one's own, or any at the node's own command line."""
    rows = models.ApiToken.objects.select_for_update(of=("self",)).select_related("owner")
    row = rows.filter(reference=reference).first()
    if row is None or (by != OPERATOR and row.owner.reference != by.reference):
        raise UnknownTokenError(reference=reference)
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        journal.record("token-revoked", reference, by=by.actor, at=at)
    return row.as_token()


def use_token(text: str, *, at: datetime) -> Caller:
    """The caller behind a token; counts the use and refuses more than the node serves.

    Raises `TokenRefusedError` without saying why, and `TooManyRequestsError` with the wait. One
    UPDATE counts and stamps, so that the limit holds across every process of the node.
    """
    if not looks_like_a_token(text):
        raise TokenRefusedError
    rows = models.ApiToken.objects.select_related("owner")
    row = rows.filter(digest=token_digest(text), owner__is_active=True).first()
    if row is None or not row.as_token().works(at):
        raise TokenRefusedError
    _count(row, at)
    officer = row.owner.as_officer().limited_to(row.as_token().roles)
    return Caller(officer, row.reference)


def _count(row: models.ApiToken, at: datetime) -> None:
    fresh = Q(window_began_at__isnull=True) | Q(window_began_at__lte=at - WINDOW)
    models.ApiToken.objects.filter(pk=row.pk).update(
        last_used_at=at,
        used_in_window=Case(When(fresh, then=Value(1)), default=F("used_in_window") + 1),
        window_began_at=Case(When(fresh, then=Value(at)), default=F("window_began_at")),
    )
    row.refresh_from_db(fields=["used_in_window", "window_began_at"])
    if row.used_in_window > REQUESTS_PER_MINUTE and row.window_began_at is not None:
        wait = int((row.window_began_at + WINDOW - at).total_seconds()) + 1
        raise TooManyRequestsError(
            reference=row.reference, limit=REQUESTS_PER_MINUTE, wait=max(wait, 1)
        )
