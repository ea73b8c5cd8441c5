# SPDX-License-Identifier: Apache-2.0
"""The words of which what is sent about evidence is made: codes, days, references, texts."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from ninja import Field, Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict

from comity.evidence.custody import BY_HAND
from comity.evidence.recall import DECIDED
from comity.reference.days import day_of


def _written_out(given: object) -> object:
    """A day is written as 2024-10-11; a bare number, which a library takes for one, is not."""
    if isinstance(given, str):
        return day_of(given)
    if isinstance(given, int | float):
        raise ValueError("not a day such as 2024-10-11")
    return given


def _an_instant(given: object) -> object:
    """An instant is written as 2024-10-11T08:15:00Z; a library reads numbers as well."""
    if isinstance(given, str) and not INSTANT.fullmatch(given):
        raise ValueError("not an instant such as 2024-10-11T08:15:00Z")
    if isinstance(given, int | float):
        raise ValueError("not an instant such as 2024-10-11T08:15:00Z")
    return given


INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}.*", re.ASCII)
Instant = Annotated[AwareDatetime, BeforeValidator(_an_instant)]
PLAIN = r"^[^\x00]*$"
Day = Annotated[date, BeforeValidator(_written_out)]
Words = Annotated[str, Field(max_length=2000, pattern=PLAIN)]
LongWords = Annotated[str, Field(max_length=20_000, pattern=PLAIN)]
Name = Annotated[str, Field(max_length=200, pattern=PLAIN)]
ItemCode = Annotated[str, Field(pattern=r"^ITM-[0-9]{5,12}$")]
OfficerCode = Annotated[str, Field(pattern=r"^OFF-[0-9]{5,12}$")]
PartnerCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")]
CaseCode = Annotated[str, Field(max_length=60, pattern=r"^([A-Z0-9]+([./-][A-Z0-9]+)*)?$")]
InstrumentCode = Annotated[str, Field(max_length=80, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")]
PartName = Annotated[str, Field(max_length=100, pattern=r"^[a-z0-9/_-]+$")]
Items = Annotated[list[ItemCode], Field(min_length=1)]
REDACTION = r"^(RED-[0-9]{5,12})?$"
BY_HAND_CODES = "|".join(act.value for act in BY_HAND)
DECIDED_CODES = "|".join(sorted(outcome.value for outcome in DECIDED))


class Taken(Schema):
    """What is sent to us: a member that is not known is refused."""

    model_config = ConfigDict(extra="forbid")
