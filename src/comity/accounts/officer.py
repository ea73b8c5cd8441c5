# SPDX-License-Identifier: Apache-2.0
"""An officer as every capability knows one: a reference, roles, and what they allow.

The value is a snapshot taken when a request begins; it proves nothing about the next one.
Names and addresses stay in the accounts' own table and are never part of a journal entry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from comity.accounts.permissions import (
    PERMISSIONS,
    ROLE_NAMES,
    Permission,
    PermissionMissingError,
    Role,
    roles_with,
)
from comity.catalogues import N_
from comity.errors import NotFoundError, NotPermittedError
from comity.journal.entry import Actor

NODE = Actor(reference="NODE", role="node")
"""The node itself, for acts that no officer performs (a lock-out, the first administrator)."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who acts for the administration, with the roles held at this moment."""

    reference: str
    display_name: str
    roles: frozenset[Role]
    language: str = "en"
    active: bool = True

    def may(self, permission: Permission) -> bool:
        """True when the officer is active and one of the roles carries the permission."""
        return self.active and bool(self.roles & PERMISSIONS[permission])

    def require(self, permission: Permission) -> None:
        """Raise `PermissionMissingError` unless the officer may."""
        if not self.may(permission):
            raise PermissionMissingError(officer=self.reference, permission=permission)

    @property
    def actor(self) -> Actor:
        """The officer as the journal knows one, in the first of the roles held."""
        return Actor(reference=self.reference, role=next(iter(self.ordered_roles), "none"))

    def acting(self, permission: Permission) -> Actor:
        """The officer as the journal knows one, in the role that carries this permission."""
        self.require(permission)
        role = next(r for r in roles_with(permission) if r in self.roles)
        return Actor(reference=self.reference, role=role.value)

    @property
    def ordered_roles(self) -> tuple[Role, ...]:
        """The roles in the order in which roles are listed, for reading."""
        return tuple(role for role in Role if role in self.roles)

    @property
    def role_names(self) -> tuple[str, ...]:
        """The names of the roles, in English; `translate` gives them in other languages."""
        return tuple(ROLE_NAMES[role] for role in self.ordered_roles)

    def limited_to(self, roles: frozenset[Role]) -> Officer:
        """The same officer with no more than these roles, as an API token acts."""
        return replace(self, roles=self.roles & roles)


OPERATOR = Officer(
    reference=NODE.reference, display_name="node", roles=frozenset({Role.ADMINISTRATOR})
)
"""Whoever works at the command line of the node's own machine, as an administrator."""


@dataclass(frozen=True, slots=True)
class OfficerRecord:
    """An account as those who administer officers see it: no secret, no address of a machine."""

    officer: Officer
    sign_in_name: str
    email: str
    version: int
    registered_at: datetime
    last_signed_in_at: datetime | None
    second_factors: tuple[str, ...]
    """Kinds enrolled ("totp", "webauthn"); says nothing of whether the officer still has them."""
    password_is_one_time: bool


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """A password made by the node, to be handed over once and changed at the first sign-in."""

    officer: Officer
    sign_in_name: str
    password: str


class NobodySignedInError(NotPermittedError):
    """The act needs an officer, and nobody is signed in."""

    code = "nobody-signed-in"
    message = N_("Nobody is signed in.")
    remedy = N_("Sign in, or send an API token in the Authorization header.")


class UnknownOfficerError(NotFoundError):
    """No officer has this reference."""

    code = "unknown-officer"
    message = N_("No officer has the reference {reference}.")
    remedy = N_("List the officers with “comity officers list”.")


class OperatorOnlyError(NotPermittedError):
    """The act is open to the node's own command line alone."""

    code = "operator-only"
    message = N_("{officer} cannot do this for somebody else.")
    remedy = N_("Let the officer do it, or do it at the command line of the node's own machine.")


def require_operator(by: Officer) -> None:
    """Raise `OperatorOnlyError` unless `by` works at the node's own command line."""
    if by != OPERATOR:
        raise OperatorOnlyError(officer=by.reference)
