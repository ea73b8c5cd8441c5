# SPDX-License-Identifier: Apache-2.0
"""The register as this node knows it: the shipped files, and what was accepted here.

The shipped files are read once per process. Local entries are read when one was added since; they
are append-only, so their number and last key tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max

from comity.agreements import instrument_files, models
from comity.agreements.domestic_law import SHIPPED, DomesticLaws, load_domestic_laws
from comity.agreements.instrument_files import load_register
from comity.agreements.local_entries import LocalEntry, merged
from comity.agreements.register import Register

OWN_LAWS = "domestic_law"
"""Folder in the node's home: its administration's own law, signed, beside the key to trust."""


def own_administration() -> str:
    """The code of the administration that runs this node; empty where it is not set."""
    return str(settings.ENVIRONMENT.administration)


@cache
def shipped_register() -> Register:
    """The register of the shipped files alone."""
    return load_register()


@cache
def domestic_laws() -> DomesticLaws:
    """The domestic laws shipped as signed files, and those in the node's own folder."""
    return load_domestic_laws(SHIPPED, settings.ENVIRONMENT.home / OWN_LAWS)


def register(at: datetime | None = None) -> Register:
    """The register with every local entry, or with those that stood at that instant."""
    if at is not None:
        return merged(shipped_register(), local_entries(at))
    return _merged_up_to(*edition())


def local_entries(at: datetime | None = None) -> tuple[LocalEntry, ...]:
    """What accepted proposals added, oldest first."""
    rows = models.LocalEntry.objects.select_related("proposal").order_by("pk")
    if at is not None:
        rows = rows.filter(added_at__lte=at)
    return tuple(row.as_entry() for row in rows)


def edition() -> tuple[int, int]:
    """The last local entry and how many there are: another pair is another register."""
    found = models.LocalEntry.objects.aggregate(last=Max("pk"), count=Count("pk"))
    return found["last"] or 0, found["count"]


def register_digest(at: datetime | None = None) -> str:
    """The edition: a digest over the shipped files and the local entries (at that instant)."""
    whole = hashlib.sha256(_shipped_digest().encode())
    for entry in local_entries(at):
        whole.update(f"{entry.kind}|{entry.instrument}|{entry.proposal}".encode())
    return whole.hexdigest()


@lru_cache(maxsize=2)
def _merged_up_to(last: int, count: int) -> Register:
    return merged(shipped_register(), local_entries()) if count else shipped_register()


@cache
def _shipped_digest() -> str:
    """A digest over names and bytes of the shipped files, in order."""
    folder = Path(instrument_files.__file__).parent
    return _digest_of_files(folder, sorted(folder.glob("instruments/**/*.yaml")))


def _digest_of_files(folder: Path, files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.relative_to(folder).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
