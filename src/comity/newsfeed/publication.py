# SPDX-License-Identifier: Apache-2.0
"""What a published change of the register says: a sentence, and what it rests on.

Contact points and designated officials are lists of people's posts for the administrations
concerned; they are never published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.agreements.lifecycle import STEPS, Act
from comity.agreements.records import ProposalKind, ProposalRecord, ProposalState
from comity.catalogues import N_
from comity.newsfeed.records import NotAcceptedError, NotForThePublicError
from comity.newsfeed.sayings import Saying

PUBLISHED: dict[str, str] = {
    "instrument-published": N_("{instrument} was added to the register: “{event}”, {date}."),
    "instrument-without-claim-published": N_("{instrument} was added to the register."),
    "claim-published": N_(
        "A claim was added to {instrument}: “{event}”, {date}. It confirms nothing."
    ),
    "lifecycle-act-published": N_(
        "An act in the life of {instrument} was recorded: “{event}”, {date}."
    ),
}
"""The sentence of a published change, by its permanent code."""

FOR_THE_PUBLIC = frozenset(
    {ProposalKind.INSTRUMENT, ProposalKind.CLAIM, ProposalKind.LIFECYCLE_ACT}
)


@dataclass(frozen=True, slots=True)
class Publication:
    """What is said of a change in public."""

    summary: Saying
    sources: tuple[tuple[str, str], ...]
    """(title, address) of what it rests on."""


def publication(record: ProposalRecord) -> Publication:
    """What may be said of an accepted change.

    Raises:
        NotAcceptedError: it is no part of the register.
        NotForThePublicError: it is about people's posts.
    """
    if record.state is not ProposalState.ACCEPTED:
        raise NotAcceptedError(proposal=record.reference)
    if record.kind not in FOR_THE_PUBLIC:
        raise NotForThePublicError(proposal=record.reference)
    return Publication(_summary(record), _sources(record.content))


def _summary(record: ProposalRecord) -> Saying:
    claim = _claim(record)
    if not claim:
        code, event = "instrument-without-claim-published", ""
    else:
        code = f"{record.kind.value}-published"
        act = claim.get("act")
        event = STEPS[Act(act)].event.value if act else str(claim.get("event", ""))
    day = str(claim.get("date", ""))
    fields = {"instrument": record.instrument, "event": event}
    return Saying(code, PUBLISHED[code], fields | {"date": "" if day == "unknown" else day})


def _claim(record: ProposalRecord) -> Mapping[str, Any]:
    """What was claimed; the first claim speaks for a new instrument."""
    content: Mapping[str, Any] = record.content
    if record.kind is not ProposalKind.INSTRUMENT:
        return content
    claims = content.get("claims")
    return claims[0] if isinstance(claims, list) and claims else {}


def _sources(content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    listed = content.get("sources")
    given = list(listed.values()) if isinstance(listed, Mapping) else [content.get("source")]
    return tuple(
        (str(each.get("title", "")), str(each.get("url", "")))
        for each in given
        if isinstance(each, Mapping)
    )
