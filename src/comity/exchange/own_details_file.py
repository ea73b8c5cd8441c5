# SPDX-License-Identifier: Apache-2.0
"""The file in which an administration writes what its card says of it, read member by member.

    name: Customs of Northland
    time_zone: Europe/Lisbon
    hours:
      - {day: 1, opens: "08:30", closes: "17:00"}
    officials:
      - {reference: O-1, name: …, office: …, telephone: …, email: …, languages: [en, fr]}

What the file leaves out stays as the last card says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

import yaml

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.exchange import members as form
from comity.exchange import wire
from comity.exchange.members import Members
from comity.exchange.own_card import OwnDetails
from comity.exchange.partner_card import Hours, read_hours, read_official
from comity.exchange.wire import WireFormError

LARGEST = 256 * 1024


class OwnDetailsError(InvalidInputError):
    """The file of our details cannot be read."""

    code = "own-details-unreadable"
    message = N_("The file of details cannot be read: {obstacle}.")
    remedy = N_("Write name, time_zone, hours and officials as `comity partner card --help` shows.")


def read_own_details(content: bytes, before: OwnDetails) -> OwnDetails:
    """The details of a file, those that it leaves out as they were before."""
    found = _members(content)
    filled = {name: value for name, value in found.items() if value not in ([], {}, None, "")}
    taken = Members(filled, "file of details")
    details = OwnDetails(
        name=taken.text("name", most=wire.NAME) if taken.has("name") else before.name,
        time_zone=_time_zone(taken) or before.time_zone,
        officials=taken.each("officials", read_official, most=wire.CARD_LIST),
        hours=taken.each("hours", read_hours, most=wire.CARD_LIST),
    )
    if taken.rest():
        raise OwnDetailsError(obstacle="it has a member that no card has")
    _require_hours(details.hours)
    kept = {name: getattr(before, name) for name in ("officials", "hours") if name not in found}
    return replace(details, **kept)


def _members(content: bytes) -> Mapping[str, Any]:
    if len(content) > LARGEST:
        raise OwnDetailsError(obstacle=f"it has more than {LARGEST} bytes")
    try:
        found = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise OwnDetailsError(obstacle="it is not YAML") from error
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise OwnDetailsError(obstacle="it is not a mapping of names")
    return found


def _time_zone(taken: Members) -> str:
    zone = taken.text_or_none("time_zone", form.TIME_ZONE, most=wire.CODE)
    if zone and zone not in available_timezones():
        raise OwnDetailsError(obstacle="its time zone is none that is known")
    return zone


def _require_hours(hours: tuple[Hours, ...]) -> None:
    for each in hours:
        if each.opens >= each.closes:
            raise WireFormError(
                document="file of details",
                member="hours[].closes",
                found="earlier",
                expected="later than opens",
            )
