# SPDX-License-Identifier: Apache-2.0
"""A partner's ceilings as they are kept, read again, and changed by an administrator.

What is not said keeps its default. A kept document that cannot be read is an error and never
"no ceiling": whoever asks is refused until an administrator has set the ceilings anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.exchange.members import KIND
from comity.exchange.partner import Ceilings
from comity.reference.taxonomy import FormOfAssistance

MOST = 2**53 - 1
SETS = ("kinds", "forms")
NUMBERS = ("message_bytes", "parts", "messages_a_day", "bytes_a_day", "waiting")


class OddCeilingError(InvalidInputError):
    """A ceiling that cannot be meant."""

    code = "odd-ceiling"
    message = N_("The ceiling {name} cannot be {found}: expected {expected}.")
    remedy = N_("Name the ceilings as `comity partner show` prints them.")


def ceilings_document(ceilings: Ceilings) -> dict[str, Any]:
    """The ceilings as JSON; the two sets are null where there is no such ceiling."""
    sets = {name: getattr(ceilings, name) for name in SETS}
    document: dict[str, Any] = {name: getattr(ceilings, name) for name in NUMBERS}
    return document | {n: None if each is None else sorted(each) for n, each in sets.items()}


def read_ceilings(document: Mapping[str, Any]) -> Ceilings:
    """The ceilings of a kept document; an empty one has every default."""
    known = {field.name for field in fields(Ceilings)}
    for name in document:
        if name not in known:
            raise OddCeilingError(name=name[:40], found="set", expected="one of those that exist")
    return changed_ceilings(Ceilings(), **document)


def changed_ceilings(ceilings: Ceilings, **changes: object) -> Ceilings:
    """These ceilings with the named ones changed, each checked for its form."""
    checked: dict[str, Any] = {  # any: each field's own type
        name: _set(name, value) if name in SETS else _number(name, value)
        for name, value in changes.items()
    }
    return replace(ceilings, **checked)


def changed_names(before: Ceilings, after: Ceilings) -> tuple[str, ...]:
    """Which ceilings differ, by name."""
    names = sorted((*NUMBERS, *SETS))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _number(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        found = value if isinstance(value, int) else "of another type"
        raise OddCeilingError(name=name, found=found, expected=f"a number from 0 to {MOST}")
    return value


def _set(name: str, value: object) -> frozenset[str] | None:
    if value is None:
        return None
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise OddCeilingError(name=name, found="of another type", expected="a list of codes")
    members = frozenset(str(member) for member in value)
    known = {form.value for form in FormOfAssistance}
    if name == "forms" and not members <= known:
        odd = sorted(members - known)[0]
        raise OddCeilingError(name=name, found=odd[:60], expected="forms of assistance")
    odd_kinds = sorted(each for each in members if not KIND.fullmatch(each))
    if name == "kinds" and odd_kinds:
        raise OddCeilingError(name=name, found=odd_kinds[0][:60], expected="kind/version")
    return members
