# SPDX-License-Identifier: Apache-2.0
"""What a page may show of items: decided and recorded by the one door, opened only through it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from comity.accounts.officer import Officer
from comity.agreements.verdict import VERDICT_WORDS
from comity.evidence.item import Claim, Description
from comity.evidence.queries.keys import ItemErasedError
from comity.evidence.services import way_out
from comity.evidence.way_out import REFUSAL_WORDS, Let, Refusal, WayOut
from comity.handling.marking import Marking, join_all
from comity.reference.taxonomy import label


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as a page may show it."""

    let: Let
    description: Description | None
    """None where it may not be seen, or was erased."""

    @property
    def title(self) -> str:
        """Its title; empty where it may not be seen."""
        return self.description.title if self.description else ""

    @property
    def untold(self) -> str:
        """Why its title is not shown; empty where it is."""
        return "" if self.description else why(self.let)


def shown(
    references: Sequence[str], way: WayOut, officer: Officer, *, at: datetime
) -> dict[str, Shown]:
    """Decide on all of these at once, and open what is permitted."""
    if not references:
        return {}
    lets = way_out.let_out(tuple(references), way, by=officer, at=at)
    return {let.item: Shown(let, opened(let)) for let in lets}


def opened(let: Let) -> Description | None:
    """The description of an item, where it may be seen and is still there."""
    if not let.permitted:
        return None
    try:
        return way_out.description(let)
    except ItemErasedError:
        return None


def claims(let: Let) -> tuple[Claim, ...]:
    """What authors say of an item otherwise, where it may be seen and is still there."""
    if not let.permitted:
        return ()
    try:
        return way_out.claims(let)
    except ItemErasedError:
        return ()


def why(let: Let) -> str:
    """Why an item is not let out, in one sentence."""
    if let.permitted:
        return gettext(REFUSAL_WORDS[Refusal.ERASED])
    if let.reason:
        return gettext(REFUSAL_WORDS[let.reason])
    return gettext(VERDICT_WORDS[let.verdict]) + "."


def banner(markings: Iterable[Marking]) -> str:
    """What the banner of a page says: handling codes, then caveats, of all that it shows."""
    whole = join_all(markings)
    codes = [*sorted(whole.handling), *sorted(whole.caveats)]
    return "; ".join(gettext(label(code)) for code in codes)
