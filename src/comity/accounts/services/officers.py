# SPDX-License-Identifier: Apache-2.0
"""The life of an account: registered, given roles, suspended, reactivated, its password reset.

Every act is journalled by reference. A password that the node makes is returned once and kept
nowhere but as its hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from comity.accounts import models
from comity.accounts.administration import (
    SignInNameTakenError,
    checked_language,
    checked_roles,
    checked_sign_in_name,
    require_an_administrator_stays,
    require_change_of_another,
    require_version,
)
from comity.accounts.officer import NODE, Officer, OneTimePassword, UnknownOfficerError
from comity.accounts.permissions import Permission, Role
from comity.accounts.queries.officers import active_administrators
from comity.accounts.services.sessions import end_all_sessions
from comity.accounts.services.sign_in import lift_lock
from comity.catalogues import N_
from comity.errors import ConflictError
from comity.journal import services as journal
from comity.journal.entry import Actor

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread when copied from paper


class AdministratorExistsError(ConflictError):
    """The first administrator is made once."""

    code = "administrator-exists"
    message = N_("This node already has an administrator.")
    remedy = N_("Let an administrator register further officers.")


def register_first_administrator(
    *, sign_in_name: str = "administrator", display_name: str = "Administrator", at: datetime
) -> OneTimePassword:
    """Register the administrator of a new node; refused once there is one."""
    with transaction.atomic():
        if active_administrators():
            raise AdministratorExistsError
        return _register(
            sign_in_name, display_name, frozenset({Role.ADMINISTRATOR}), by=NODE, at=at
        )


def register_officer(
    *,
    sign_in_name: str,
    display_name: str,
    roles: Iterable[str],
    by: Officer,
    at: datetime,
    email: str = "",
    language: str = "en",
) -> OneTimePassword:
    """Register an officer, with a one-time password to hand over in person."""
    actor = by.acting(Permission.ADMINISTER_OFFICERS)
    with transaction.atomic():
        return _register(
            sign_in_name,
            display_name,
            checked_roles(roles),
            by=actor,
            at=at,
            email=email,
            language=language,
        )


def _register(
    sign_in_name: str,
    display_name: str,
    roles: frozenset[Role],
    *,
    by: Actor,
    at: datetime,
    email: str = "",
    language: str = "en",
) -> OneTimePassword:
    name = checked_sign_in_name(sign_in_name)
    if models.Officer.objects.filter(sign_in_name=name).exists():
        raise SignInNameTakenError
    number = next_number(models.Officer._meta.db_table)
    password = new_password()
    row = models.Officer(
        pk=number,
        reference=f"OFF-{number:05d}",
        sign_in_name=name,
        display_name=display_name.strip(),
        email=email,
        language=checked_language(language),
        roles=_codes(roles),
        password_is_one_time=True,
        registered_at=at,
    )
    row.set_password(password)
    row.save(force_insert=True)
    facts = {"roles": ",".join(row.roles)}
    journal.record("officer-registered", row.reference, by=by, at=at, facts=facts)
    return OneTimePassword(row.as_officer(), name, password)


@transaction.atomic
def change_roles(
    reference: str,
    roles: Iterable[str],
    *,
    by: Officer,
    at: datetime,
    version: int | None = None,
) -> Officer:
    """Give an officer exactly these roles."""
    actor = by.acting(Permission.ADMINISTER_OFFICERS)
    require_change_of_another(reference, by=by.reference)
    row = _locked(reference, version)
    new = checked_roles(roles)
    if Role.ADMINISTRATOR.value in row.roles and Role.ADMINISTRATOR not in new:
        require_an_administrator_stays(reference, administrators=active_administrators())
    facts = {"roles_before": ",".join(row.roles), "roles": ",".join(_codes(new))}
    row.roles = _codes(new)
    _save(row, "roles")
    journal.record("officer-roles-changed", reference, by=actor, at=at, facts=facts)
    return row.as_officer()


@transaction.atomic
def change_details(
    reference: str,
    *,
    display_name: str,
    email: str,
    by: Officer,
    at: datetime,
    version: int | None = None,
) -> Officer:
    """Correct how an officer is called and reached."""
    actor = by.acting(Permission.ADMINISTER_OFFICERS)
    row = _locked(reference, version)
    row.display_name, row.email = display_name.strip(), email.strip()
    _save(row, "display_name", "email")
    journal.record("officer-details-changed", reference, by=actor, at=at)
    return row.as_officer()


@transaction.atomic
def suspend(reference: str, *, by: Officer, at: datetime, version: int | None = None) -> Officer:
    """Close an account until it is reactivated; its sessions and tokens stop at once."""
    actor = by.acting(Permission.ADMINISTER_OFFICERS)
    require_change_of_another(reference, by=by.reference)
    row = _locked(reference, version)
    if Role.ADMINISTRATOR.value in row.roles:
        require_an_administrator_stays(reference, administrators=active_administrators())
    row.is_active = False
    _save(row, "is_active")
    end_all_sessions(reference)
    journal.record("officer-suspended", reference, by=actor, at=at)
    return row.as_officer()


@transaction.atomic
def reactivate(reference: str, *, by: Officer, at: datetime, version: int | None = None) -> Officer:
    """Open a suspended account again."""
    actor = by.acting(Permission.ADMINISTER_OFFICERS)
    require_change_of_another(reference, by=by.reference)
    row = _locked(reference, version)
    row.is_active = True
    _save(row, "is_active")
    journal.record("officer-reactivated", reference, by=actor, at=at)
    return row.as_officer()


@transaction.atomic
def reset_password(
    reference: str, *, by: Officer, at: datetime, version: int | None = None
) -> OneTimePassword:
    """Give an officer a one-time password; the old one and every session end."""
    actor = by.acting(Permission.ADMINISTER_OFFICERS)
    require_change_of_another(reference, by=by.reference)
    made = give_one_time_password(reference, version=version)
    journal.record("officer-password-reset", reference, by=actor, at=at)
    return made


@transaction.atomic
def change_own_password(reference: str, password: str, *, at: datetime) -> None:
    """Record a password that the officer has chosen; who chose it was checked by the page."""
    row = _locked(reference, None)
    row.set_password(password)
    row.password_is_one_time = False
    row.save(update_fields=["password", "password_is_one_time"])
    journal.record("officer-password-changed", reference, by=row.as_officer().actor, at=at)


def choose_language(reference: str, language: str) -> None:
    """Remember the language in which an officer reads."""
    models.Officer.objects.filter(reference=reference).update(language=checked_language(language))


def give_one_time_password(reference: str, *, version: int | None = None) -> OneTimePassword:
    """Replace an officer's password and end the sessions; the caller journals why."""
    row = _locked(reference, version)
    password = new_password()
    row.set_password(password)
    row.password_is_one_time = True
    _save(row, "password", "password_is_one_time")
    end_all_sessions(reference)
    lift_lock(row.sign_in_name)
    return OneTimePassword(row.as_officer(), row.sign_in_name, password)


def new_password() -> str:
    """A password of 100 bits in five groups, easy to read aloud and to type."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(5))
    return "-".join(groups)


def next_number(table: str) -> int:
    """The next number of a table's own sequence, taken before the row is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])


def _codes(roles: frozenset[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _locked(reference: str, version: int | None) -> models.Officer:
    """The row, locked together with every administrator's so that the last one stays."""
    administrators = models.Officer.objects.filter(roles__contains=[Role.ADMINISTRATOR])
    concerned = administrators | models.Officer.objects.filter(reference=reference)
    rows = {row.reference: row for row in concerned.order_by("pk").select_for_update()}
    if reference not in rows:
        raise UnknownOfficerError(reference=reference)
    require_version(reference, given=version, current=rows[reference].version)
    return rows[reference]


def _save(row: models.Officer, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])
