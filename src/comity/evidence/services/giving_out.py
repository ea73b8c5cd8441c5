# SPDX-License-Identifier: Apache-2.0
"""Giving items to another authority, a third state, a court, the defence or the public.

What goes to a partner is released as a package, and enters itself. Here a disclosure by hand is
recorded: the one door decides for exactly this recipient, and what it refuses is not recorded as
given. Who got what stands in words under each item's key; the register has codes and days.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.question import Recipient
from comity.agreements.verdict import RANKS, VERDICT_WORDS, Verdict
from comity.catalogues import N_
from comity.errors import InvalidInputError, NotPermittedError
from comity.evidence import models
from comity.evidence.custody import CustodyAct
from comity.evidence.lifetime import DISCLOSED_AS
from comity.evidence.queries.decisions import decide
from comity.evidence.queries.items import several
from comity.evidence.queries.keys import DISCLOSURE, ItemErasedError, item_key, words_in
from comity.evidence.queries.registers import UnknownDisclosureError
from comity.evidence.services import custody, duties, keeping, way_out
from comity.evidence.services.custody import NewAct, record_acts
from comity.evidence.services.deciding import decide_on_use
from comity.evidence.services.disclosing import record_disclosure
from comity.evidence.services.rows import _locked_item, _locked_items
from comity.evidence.use import to_recipient
from comity.evidence.use_messages import Occasion
from comity.evidence.way_out import (
    REFUSAL_WORDS,
    IntendedRecipient,
    IntendedUse,
    Let,
    WayOut,
)
from comity.journal.services import record

NAMED = frozenset((Recipient.OTHER_AUTHORITY, Recipient.THIRD_STATE))
"""Recipients of whom there are many: the law is asked for the one that is named."""


class DisclosureRefusedError(NotPermittedError):
    """An item may not be given to this recipient."""

    code = "disclosure-not-permitted"
    message = N_("{item} may not be given to this recipient: {verdict}. {because}")
    remedy = N_("Read what may be done with it, and do first what must come first.")


class RecipientUnnamedError(InvalidInputError):
    """Nobody is named, or somebody where nobody may be."""

    code = "disclosure-recipient-odd"
    message = N_("The recipient of a disclosure is named by its code or office: {obstacle}.")
    remedy = N_("Name a state or an authority; persons are named in what was given alone.")


@dataclass(frozen=True, slots=True)
class Gift:
    """To whom items are given and what exactly."""

    recipient: Recipient
    name: str = ""
    """Code of the third state or name of the authority; empty for a court, defence, public."""
    what: str = ""
    """What was given and to whom exactly, in words; kept sealed."""
    instrument: str = ""
    article: str = ""
    """The legal basis as the officer states it; that of the law's answer where none is."""
    compelled: bool = False
    on: date | None = None
    use: IntendedUse | None = field(default=None)
    decide: str = ""
    """Why it may go where the law leaves it to a person, as who gives it decides; kept sealed."""

    def intended(self) -> IntendedRecipient:
        """The recipient as the law is asked."""
        return IntendedRecipient(self.name, self.recipient, compelled=self.compelled)


def give_out(items: Sequence[str], gift: Gift, *, by: Officer, at: datetime) -> tuple[str, ...]:
    """Record that items are given to this recipient; their references in the register.

    Raises:
        PermissionMissingError: the officer does not release evidence, or decide where one must.
        RecipientUnnamedError: nobody is named, or somebody where nobody may be.
        DisclosureRefusedError: the door does not let one of them go; nothing was recorded as given.
    """
    by.require(Permission.RELEASE_EVIDENCE)
    references = tuple(dict.fromkeys(items))
    several(references)
    _check(gift)
    _decide(references, gift, by=by, at=at)
    lets = way_out.let_out(
        references, WayOut.EXPORT, by=by, at=at, use=gift.use, recipient=gift.intended()
    )
    for let in sorted(lets, key=lambda let: _is_left_to_a_person(let.verdict)):
        _require(let)  # what no decision helps is said first
    measured = {reference: custody.measure(reference) for reference in references}
    return _recorded(lets, gift, measured, by=by, at=at)


def _check(gift: Gift) -> None:
    if gift.recipient in NAMED and not gift.name.strip():
        raise RecipientUnnamedError(obstacle=N_("nobody is named"))
    if gift.recipient not in NAMED and gift.name.strip():
        raise RecipientUnnamedError(obstacle=N_("this recipient has no code"))


def _decide(items: Sequence[str], gift: Gift, *, by: Officer, at: datetime) -> None:
    """Decide on each item that the law leaves to a person, where its giver says why it may go.

    Nothing is decided where another of them stays in any case.
    """
    if not gift.decide.strip():
        return
    recipient = gift.intended()
    found = decide(items, WayOut.EXPORT, by=by, at=at, use=gift.use, recipient=recipient)
    if not all(one.weighed.permitted or _is_left_to_a_person(one.weighed.verdict) for one in found):
        return
    for one in found:
        if one.use is not None and _is_left_to_a_person(one.weighed.verdict):
            decide_on_use(
                one.reference,
                one.use,
                permitted=True,
                reason=gift.decide,
                by=by,
                at=at,
                recipient=recipient,
            )


def _is_left_to_a_person(verdict: Verdict) -> bool:
    return verdict is Verdict.PERSON_MUST_DECIDE


def _require(let: Let) -> None:
    if not let.permitted:
        raise DisclosureRefusedError(
            item=let.item,
            verdict=VERDICT_WORDS[let.verdict],
            because=REFUSAL_WORDS[let.reason] if let.reason else "",
        )


@transaction.atomic
def _recorded(
    lets: Sequence[Let], gift: Gift, measured: dict[str, str], *, by: Officer, at: datetime
) -> tuple[str, ...]:
    """Enter each into the register, its custody, the duties that follow, and the journal."""
    actor, decision = by.acting(Permission.RELEASE_EVIDENCE), lets[0].decision
    to, day = DISCLOSED_AS[gift.recipient], gift.on or at.date()
    _locked_items(let.item for let in lets)
    found = []
    for let in lets:
        (reference,) = record_disclosure(
            [let.item],
            to,
            gift.name.strip(),
            source=decision,
            by=actor,
            at=at,
            on=day,
            instrument=gift.instrument or _instrument(let),
            article=gift.article or _article(let),
            sealed=_sealed(let.item, gift.what),
        )
        _open_duties(let, gift, reference, on=day)
        found.append(reference)
    items = tuple(let.item for let in lets)
    act = NewAct(CustodyAct.TRANSMITTED, counterpart=decision)
    record_acts(items, act, by=actor, at=at, measured=measured)
    facts = {"kind": to.value, "count": str(len(items)), "references": ",".join(items[:50])}
    record("evidence-disclosed", decision, by=actor, at=at, facts=facts)
    return tuple(found)


def _sealed(item: str, what: str) -> bytes:
    words = what.strip()
    if not words:
        return b""
    return keeping.seal_for_item(item, json.dumps({"what": words}).encode(), DISCLOSURE)


def _open_duties(let: Let, gift: Gift, reference: str, *, on: date) -> None:
    occasion = Occasion.COMPELLED if gift.compelled else Occasion.DISCLOSURE
    scope = to_recipient(gift.recipient, gift.name.strip(), occasion)
    row = _locked_item(let.item)
    for determination in let.conditions:
        duties._open_for(row, determination, reference, scope=scope, on=on)


def _instrument(let: Let) -> str:
    return let.determination.governing if let.determination else ""


def _article(let: Let) -> str:
    """The article of the finding that limits most, of those that name one."""
    cited = [f for f in (let.determination.findings if let.determination else ()) if f.article]
    return max(cited, key=lambda one: RANKS[one.limit]).article[:60] if cited else ""


def words_of_disclosure(reference: str, *, by: Officer, at: datetime) -> str:
    """What was given and to whom exactly; empty where the officer may not read the item.

    It goes with the item's key.

    Raises:
        UnknownDisclosureError: the register has no such line.
    """
    row = models.Disclosure.objects.select_related("item").filter(reference=reference).first()
    if row is None:
        raise UnknownDisclosureError(reference=reference)
    if not row.sealed:
        return ""
    (let,) = way_out.let_out([row.item.reference], WayOut.REPORT, by=by, at=at)
    if not let.permitted:
        return ""
    try:
        return str(words_in(item_key(let.item), row.sealed, DISCLOSURE)["what"])
    except ItemErasedError:
        return ""
