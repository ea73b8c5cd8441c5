# SPDX-License-Identifier: Apache-2.0
"""Officers and tokens as the API sends and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from comity.accounts.api_token import ApiToken
from comity.accounts.officer import Officer, OfficerRecord, OneTimePassword
from comity.accounts.permissions import Permission, Role, permissions_of

SHOWN = r"^[^\x00-\x1f\x7f]+$"
"""Text that can be shown on one line."""


class Taken(Schema):
    """What a request may hold: the documented fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Caller(Schema):
    """The officer who calls."""

    reference: str
    display_name: str
    language: str
    roles: list[Role]
    permissions: list[Permission]

    @staticmethod
    def of(officer: Officer) -> Caller:
        """The officer with what the token's roles allow."""
        held = permissions_of(officer.roles)
        return Caller(
            reference=officer.reference,
            display_name=officer.display_name,
            language=officer.language,
            roles=list(officer.ordered_roles),
            permissions=[permission for permission in Permission if permission in held],
        )


class OfficerOut(Schema):
    """An account as administrators see it."""

    reference: str
    sign_in_name: str
    display_name: str
    email: str
    language: str
    active: bool
    roles: list[Role]
    version: int
    registered_at: datetime
    last_signed_in_at: datetime | None
    second_factors: list[str]

    @staticmethod
    def of(record: OfficerRecord) -> OfficerOut:
        """The record as it is sent."""
        return OfficerOut(
            reference=record.officer.reference,
            sign_in_name=record.sign_in_name,
            display_name=record.officer.display_name,
            email=record.email,
            language=record.officer.language,
            active=record.officer.active,
            roles=list(record.officer.ordered_roles),
            version=record.version,
            registered_at=record.registered_at,
            last_signed_in_at=record.last_signed_in_at,
            second_factors=list(record.second_factors),
        )


class OfficersOut(Schema):
    """A page of accounts."""

    items: list[OfficerOut]
    next: str | None = Field(description="Send it back as `after`; null at the end.")


class OfficerIn(Taken):
    """A new officer."""

    sign_in_name: str = Field(pattern=r"^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$", max_length=64)
    display_name: str = Field(min_length=1, max_length=120, pattern=SHOWN)
    email: str = Field("", max_length=254, pattern=r"^([^@\s\x00]+@[^@\s\x00]+)?$")
    language: Literal["en", "fr"] = "en"
    roles: list[Role] = Field(min_length=1, max_length=len(Role))


class RolesIn(Taken):
    """The roles that an officer is to hold, all of them."""

    roles: list[Role] = Field(min_length=1, max_length=len(Role))


class OneTimePasswordOut(Schema):
    """A registered officer and the password to hand over, shown this once."""

    reference: str
    sign_in_name: str
    one_time_password: str

    @staticmethod
    def of(made: OneTimePassword) -> OneTimePasswordOut:
        """What is handed over."""
        return OneTimePasswordOut(
            reference=made.officer.reference,
            sign_in_name=made.sign_in_name,
            one_time_password=made.password,
        )


class TokenOut(Schema):
    """One of the caller's tokens, never its secret."""

    reference: str
    name: str
    roles: list[Role]
    issued_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @staticmethod
    def of(token: ApiToken) -> TokenOut:
        """The token as it is sent."""
        return TokenOut(
            reference=token.reference,
            name=token.name,
            roles=[role for role in Role if role in token.roles],
            issued_at=token.issued_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
            revoked_at=token.revoked_at,
        )


class TokensOut(Schema):
    """The caller's tokens."""

    items: list[TokenOut]
    next: None = None
