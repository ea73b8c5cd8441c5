# SPDX-License-Identifier: Apache-2.0
"""API tokens: what one looks like, which roles it may carry, and when it stops working.

A token acts as its owner with a subset of the owner's roles; a role that the owner loses is lost
to the token in the same moment. The secret is shown once; only its digest is kept, and a plain
digest suffices because the secret is 256 random bits.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.accounts.permissions import ROLE_NAMES, Role
from comity.catalogues import N_
from comity.errors import InvalidInputError, NotFoundError, NotPermittedError

PREFIX = "comity_"
SECRET_BYTES = 32
LONGEST_LIFE = timedelta(days=366)
REQUESTS_PER_MINUTE = 600
_SHAPE = re.compile(r"comity_[A-Za-z0-9_-]{43}")


class TokenRefusedError(NotPermittedError):
    """The token is unknown, revoked or expired, or its owner is suspended: never said which."""

    code = "token-refused"
    message = N_("The API token is not accepted.")
    remedy = N_("Issue a new token on the page of your account, and check its expiry.")


class TokenRolesError(NotPermittedError):
    """A token never carries a role that its owner does not hold."""

    code = "token-roles"
    message = N_("A token of {officer} cannot carry {roles}: the officer does not hold them.")
    remedy = N_("Choose among the roles that you hold.")


class TokenLifeError(InvalidInputError):
    """A token lives between a day and a year."""

    code = "token-life"
    message = N_("A token lives from 1 to {longest} days; {days} days were asked for.")
    remedy = N_("Choose a number of days up to {longest}; issue a new token when it expires.")


class UnknownTokenError(NotFoundError):
    """No token of the officer has this reference."""

    code = "unknown-token"
    message = N_("No token of yours has the reference {reference}.")
    remedy = N_("Open the list of your tokens.")


class TooManyRequestsError(NotPermittedError):
    """A token is used faster than the node serves one caller."""

    code = "too-many-requests"
    message = N_("{reference} has made more than {limit} requests within a minute.")
    remedy = N_("Wait {wait} seconds, then continue more slowly.")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as its owner sees it: never its secret."""

    reference: str
    name: str
    owner: str
    roles: frozenset[Role]
    issued_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def role_names(self) -> tuple[str, ...]:
        """The names of the roles carried, in English; `translate` gives them otherwise."""
        return tuple(name for role, name in ROLE_NAMES.items() if role in self.roles)

    def works(self, at: datetime) -> bool:
        """True while it is neither revoked nor expired."""
        return self.revoked_at is None and at < self.expires_at


def token_text(entropy: bytes) -> str:
    """The text that a program sends, made from 32 random bytes."""
    if len(entropy) != SECRET_BYTES:
        raise ValueError("a token is made from 32 random bytes")
    return PREFIX + base64.urlsafe_b64encode(entropy).rstrip(b"=").decode("ascii")


def looks_like_a_token(text: str) -> bool:
    """Whether the text has the shape of a token; proves nothing about its working."""
    return _SHAPE.fullmatch(text) is not None


def token_digest(text: str) -> str:
    """The digest under which a token is found."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def checked_token_roles(
    asked: frozenset[Role], *, held: frozenset[Role], officer: str
) -> frozenset[Role]:
    """The roles asked for, when the officer holds every one of them."""
    foreign = sorted(asked - held)
    if foreign or not asked:
        raise TokenRolesError(officer=officer, roles=", ".join(foreign) or "no role")
    return asked


def checked_life(days: int) -> timedelta:
    """The life of a token of so many days."""
    if not 1 <= days <= LONGEST_LIFE.days:
        raise TokenLifeError(days=days, longest=LONGEST_LIFE.days)
    return timedelta(days=days)
