# SPDX-License-Identifier: Apache-2.0
"""Groups of states and their members by date: unions, customs unions, conventions' circles.

Membership has a beginning, perhaps an end, a title (`member`, or `treated-as-member` under a
withdrawal agreement) and a source. The file is `data/groups.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Membership:
    """One state's belonging to a group for a time."""

    member: str
    since: date | None
    """The first day; None when the day is not known (the membership itself is)."""
    until: date | None = None
    """The first day on which it no longer holds; None while it lasts."""
    title: str = "member"
    source: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it may hold on that day: an unknown beginning does not rule it out."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A group of states, such as the European Union or SACU."""

    code: str
    name: str
    memberships: tuple[Membership, ...]
    source: str = ""


@dataclass(frozen=True)
class Groups:
    """All groups by code."""

    by_code: Mapping[str, Group]

    def membership(self, group: str, member: str, on: date) -> Membership | None:
        """The membership that holds on the day, None when there is none."""
        if group not in self.by_code:
            return None
        memberships = self.by_code[group].memberships
        return next((m for m in memberships if m.member == member and m.holds_on(on)), None)

    def members(self, group: str, on: date) -> frozenset[str]:
        """The members on the day; empty when the code is not a group's."""
        if group not in self.by_code:
            return frozenset()
        return frozenset(m.member for m in self.by_code[group].memberships if m.holds_on(on))

    def members_ever(self, group: str) -> frozenset[str]:
        """Everybody who was ever a member; empty when the code is not a group's."""
        return self._ever.get(group, frozenset())

    @cached_property
    def _ever(self) -> dict[str, frozenset[str]]:
        return {
            code: frozenset(membership.member for membership in group.memberships)
            for code, group in self.by_code.items()
        }
