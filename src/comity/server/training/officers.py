# SPDX-License-Identifier: Apache-2.0
"""The made-up officers of a training node, one for each part in the story.

They are registered by the node's first administrator like any other officer. Their passwords are
random, kept in one file that only the node's user can read, and good for a training node only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from comity.accounts import queries as accounts
from comity.accounts.officer import Officer, UnknownOfficerError
from comity.accounts.permissions import Role
from comity.accounts.services import change_own_password, register_officer
from comity.accounts.services.officers import new_password
from comity.catalogues import N_
from comity.server.keys import write_private

PEOPLE: dict[str, tuple[str, tuple[Role, ...]]] = {
    "casey": (N_("Casey, case officer"), (Role.CASE_OFFICER,)),
    "toni": (N_("Toni, treaty custodian"), (Role.TREATY_CUSTODIAN,)),
    "lee": (N_("Lee, legal adviser"), (Role.LEGAL_ADVISER,)),
    "uma": (N_("Uma, unit head"), (Role.UNIT_HEAD,)),
    "esther": (N_("Esther, evidence custodian"), (Role.EVIDENCE_CUSTODIAN,)),
    "avery": (N_("Avery, approving officer"), (Role.APPROVING_OFFICER,)),
    "audrey": (N_("Audrey, auditor"), (Role.AUDITOR, Role.DATA_PROTECTION_OFFICER)),
}
"""Sign-in name, the name shown, the roles. Nobody real."""


@dataclass(frozen=True, slots=True)
class Trainee:
    """A made-up officer, and how to sign in as one."""

    sign_in_name: str
    officer: Officer
    password: str
    shown: str
    """The name shown, in English."""


def trainees(folder: Path, *, at: datetime) -> dict[str, Trainee]:
    """The training node's officers by sign-in name, registered now if they are not there yet."""
    folder.mkdir(mode=0o700, exist_ok=True)
    return {name: _kept(folder / name) or _registered(folder / name, at=at) for name in PEOPLE}


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in to a training node as one of its officers."""

    name: str
    password: str
    shown: str
    """The name shown, in English."""


def sign_ins(folder: Path) -> tuple[SignIn, ...]:
    """How to sign in as each officer of the node whose folder this is, ours or another's."""
    files = [folder / name for name in PEOPLE]
    return tuple(
        SignIn(file.name, json.loads(file.read_text("utf-8"))["password"], PEOPLE[file.name][0])
        for file in files
        if file.exists()
    )


def _kept(file: Path) -> Trainee | None:
    """The officer that the file tells of; None when a registration was cut short."""
    if not file.exists():
        return None
    kept = json.loads(file.read_text("utf-8"))
    try:
        officer = accounts.officer_by_reference(kept["reference"])
    except UnknownOfficerError:
        file.unlink()
        return None
    return Trainee(file.name, officer, kept["password"], PEOPLE[file.name][0])


def _registered(file: Path, *, at: datetime) -> Trainee:
    """Register the officer; the file is written before the registration counts."""
    shown, roles = PEOPLE[file.name]
    administrator = accounts.officer_by_reference(min(accounts.active_administrators()))
    with transaction.atomic():
        made = register_officer(
            sign_in_name=file.name, display_name=shown, roles=roles, by=administrator, at=at
        )
        password = new_password()
        change_own_password(made.officer.reference, password, at=at)
        kept = {"reference": made.officer.reference, "password": password}
        write_private(file, json.dumps(kept).encode())
    return Trainee(file.name, made.officer, password, shown)
