# SPDX-License-Identifier: Apache-2.0
"""Which main facts the slots of a skeleton give, by type of announcement."""

from __future__ import annotations

import re

from comity.newsfeed.announcement import AnnouncementType
from tests.newsfeed.announcements.filling import SLOT, Filling, Skeleton


def main_facts(
    type_: AnnouncementType, skeleton: Skeleton, filling: Filling
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The main facts that the slots of a skeleton give, in every way they may be given."""
    slots = {slot.partition(".")[0] for slot in SLOT.findall(skeleton.text + skeleton.title)}

    def listed(*wanted: str) -> tuple[tuple[str, ...], ...]:
        found = [filling.known[name] for name in wanted if name in filling.known]
        return tuple((value,) for value in found)

    def codes(letters: str) -> tuple[tuple[str, ...], ...]:
        return tuple((filling.parties[one].code,) for one in letters if one in slots)

    def country(letter: str) -> tuple[tuple[str, ...], ...]:
        one = filling.parties[letter]
        return ((one.code, one.name, one.official),) if letter in slots else ()

    when = ((filling.dates["when"],),) if filling.dates.get("when") else ()
    following = ((filling.dates["next"],),) if filling.dates.get("next") else ()
    kinds = AnnouncementType
    facts: dict[AnnouncementType, dict[str, tuple[tuple[str, ...], ...]]] = {
        kinds.JOINT_OPERATION: {
            "character": ((skeleton.gives[0] if skeleton.gives else "joint",),),
            "parties": codes("ABC"),
            "name": listed("operation"),
        },
        kinds.SEIZURE: {
            "goods": listed("goods", "goods2"),
            "quantities": listed("quantity", "quantity2"),
            "place": listed("spot"),
        },
        kinds.REPATRIATION: {"objects": listed("objects"), "recipient": country("B"), "date": when},
        kinds.FUGITIVE_RETURN: {
            "located_in": country("B"),
            "returned_to": country("A"),
            "offence": listed("offence"),
        },
        kinds.INTAKE_FIGURES: {"figures": listed("intake", "intake2")},
        kinds.PORT_HOURS: {
            "port": listed("port"),
            "hours": tuple(_hours(v[0], filling) for v in listed("hours", "allday")),
            "effective": following or when,
        },
        kinds.VISIT: {
            "visitor": _visitor(skeleton, filling),
            "place": ((filling.parties["B"].capital, *country("B")[0]),)
            if "B" in slots
            else listed("spot"),
        },
        kinds.APPOINTMENT: {"person": listed("person"), "post": listed("post")},
        kinds.NOMINATION: {"person": listed("person"), "post": listed("post")},
        kinds.RECOMMENDATION: {"title": listed("recommendation"), "owner": listed("owner")},
        kinds.CAPACITY_BUILDING: {"parties": codes("AB"), "subject": listed("subject")},
    }
    return facts[type_]


def _visitor(skeleton: Skeleton, filling: Filling) -> tuple[tuple[str, ...], ...]:
    """The person; where a delegation is led by one, the delegation will do as well."""
    person = filling.known.get("person", "")
    if not re.search("delega|délégation", skeleton.text):
        return ((person,),)
    authority = filling.parties["A"].authority
    return (
        (person, f"delegation {authority}", f"délégation {authority}", f"delegación {authority}"),
    )


def _hours(text: str, filling: Filling) -> tuple[str, ...]:
    return tuple(filling.lists["hours_as"][text].split("|"))
