# SPDX-License-Identifier: Apache-2.0
"""Reads the groups of states, and their members by date, from `data/groups.yaml`.

A member that is no country, a membership that ends before it begins, and a membership without a
source are refused with file and line.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from comity.reference.countries import is_country
from comity.reference.groups import Group, Groups, Membership
from comity.reference.yaml_files import Entry, read_yaml

GROUPS_FILE = Path(__file__).parent / "data" / "groups.yaml"
GROUP_KEYS = frozenset({"code", "name", "source", "members"})
MEMBER_KEYS = frozenset({"members", "since", "until", "title", "source"})
TITLES = ("member", "treated-as-member")


@cache
def load_groups(file: Path = GROUPS_FILE) -> Groups:
    """Every group of the file, by code.

    Raises:
        DataFileError: something in the file does not hold together; it names the line.
    """
    top = read_yaml(file)
    top.allow(frozenset({"groups"}), required=("groups",))
    groups: dict[str, Group] = {}
    for entry in top.each("groups"):
        group = _group(entry)
        if group.code in groups or is_country(group.code):
            raise entry.at("code").fail(expected="a code that nothing else has")
        groups[group.code] = group
    return Groups(groups)


def _group(entry: Entry) -> Group:
    entry.allow(GROUP_KEYS, required=("code", "name", "source", "members"))
    source = entry.text("source")
    memberships = tuple(
        membership for each in entry.each("members") for membership in _memberships(each, source)
    )
    return Group(entry.text("code"), entry.text("name"), memberships, source)


def _memberships(entry: Entry, source: str) -> list[Membership]:
    entry.allow(MEMBER_KEYS, required=("members", "since"))
    since, until = entry.day("since"), entry.day("until")
    if since and until and until <= since:
        raise entry.at("until").fail(expected=f"a day after {since}")
    title = entry.text("title", "member")
    if title not in TITLES:
        raise entry.at("title").fail(expected="one of " + ", ".join(TITLES))
    for member in entry.each("members"):
        if not isinstance(member.value, str) or not is_country(member.value):
            raise member.fail(expected="a country's code")
    return [
        Membership(member, since, until, title, entry.text("source", source))
        for member in entry.texts("members")
    ]
