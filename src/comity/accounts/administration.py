# SPDX-License-Identifier: Apache-2.0
"""What an administrator may change about an account, and what nobody may.

Nobody changes their own roles or suspends themselves, and the node never loses its last active
administrator. Pure: the officers concerned are arguments.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from comity.accounts.permissions import Role
from comity.catalogues import LANGUAGES, N_
from comity.errors import ConflictError, InvalidInputError, NotPermittedError

_SIGN_IN_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


class OwnAccountError(NotPermittedError):
    """Officers do not administer themselves."""

    code = "own-account"
    message = N_("{officer} cannot change the roles or the state of their own account.")
    remedy = N_("Ask another administrator.")


class LastAdministratorError(NotPermittedError):
    """The node must keep an administrator who can sign in."""

    code = "last-administrator"
    message = N_("{officer} is the last active administrator of this node.")
    remedy = N_("Give the role of administrator to another active officer first.")


class ChangedMeanwhileError(ConflictError):
    """Somebody else changed it after it was opened."""

    code = "changed-meanwhile"
    message = N_("{reference} is now at version {current}; the change was made to version {given}.")
    remedy = N_("Open {reference} again, look at what has changed, and repeat the change.")


class SignInNameTakenError(ConflictError):
    """Two officers cannot sign in under one name."""

    code = "sign-in-name-taken"
    message = N_("Another officer signs in under this name.")
    remedy = N_("Choose another sign-in name.")


class OddSignInNameError(InvalidInputError):
    """A sign-in name is what people type, so it is kept simple."""

    code = "odd-sign-in-name"
    message = N_(
        "A sign-in name has 1 to 64 small letters a to z, digits, dots, dashes or underscores,"
        " with a letter or digit at both ends."
    )
    remedy = N_("Choose a name such as a.rivers.")


class UnknownRoleError(InvalidInputError):
    """A role that this release does not know."""

    code = "unknown-role"
    message = N_("There is no role {role}.")
    remedy = N_("The roles are: {roles}.")


class NoRoleError(InvalidInputError):
    """An account without a role could do nothing."""

    code = "no-role"
    message = N_("An officer needs at least one role.")
    remedy = N_("Choose a role, or suspend the account.")


class UnknownLanguageError(InvalidInputError):
    """A language without a catalogue."""

    code = "unknown-language"
    message = N_("There is no language {language}.")
    remedy = N_("The languages are: {languages}.")


def checked_sign_in_name(text: str) -> str:
    """The name as it is stored: small letters, no spaces around it."""
    name = text.strip().lower()
    if not _SIGN_IN_NAME.fullmatch(name):
        raise OddSignInNameError
    return name


def checked_roles(roles: Iterable[str]) -> frozenset[Role]:
    """The roles of these codes: at least one, all of them known."""
    found: set[Role] = set()
    for role in roles:
        try:
            found.add(Role(role))
        except ValueError:
            raise UnknownRoleError(role=role, roles=", ".join(Role)) from None
    if not found:
        raise NoRoleError
    return frozenset(found)


def checked_language(language: str) -> str:
    """The language, when Comity has words in it."""
    if language not in LANGUAGES:
        raise UnknownLanguageError(language=language, languages=", ".join(LANGUAGES))
    return language


def require_change_of_another(subject: str, *, by: str) -> None:
    """Raise `OwnAccountError` when an officer acts on the own account."""
    if subject == by:
        raise OwnAccountError(officer=subject)


def require_an_administrator_stays(subject: str, *, administrators: Collection[str]) -> None:
    """Raise `LastAdministratorError` unless an active administrator besides `subject` remains."""
    if not set(administrators) - {subject}:
        raise LastAdministratorError(officer=subject)


def require_version(reference: str, *, given: int | None, current: int) -> None:
    """Raise `ChangedMeanwhileError` unless the change was made to the current version."""
    if given is not None and given != current:
        raise ChangedMeanwhileError(reference=reference, given=given, current=current)
