# SPDX-License-Identifier: Apache-2.0
"""An order to pack a bundle: what was asked, how far it has come, and how it is kept until then.

Plain: an order is written down with `order_document` before a worker takes it, and read again with
`read_order` by whoever carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from comity.agreements.question import Proceeding, Recipient
from comity.catalogues import N_, Phrase
from comity.errors import ConflictError, NotFoundError
from comity.evidence.certified_copy import Official
from comity.evidence.forum_profiles import Capacity
from comity.evidence.package import PackageKind
from comity.evidence.packing import Choice, CopiesWanted, PackingStep, Wanted
from comity.evidence.way_out import IntendedRecipient, IntendedUse
from comity.handling.redaction import RedactionReason
from comity.reference.taxonomy import Purpose

AT_ONCE = 20
"""So many items are packed while somebody waits; more are left to the worker."""
MOST_ATTEMPTS = 3
KEPT_FOR = timedelta(days=30)
"""How long the file of a package stays for a further download."""


class OrderState(StrEnum):
    """How far an order has come."""

    WAITING = "waiting"
    PACKING = "packing"
    PACKED = "packed"
    FAILED = "failed"


ORDER_WORDS: dict[OrderState, str] = {
    OrderState.WAITING: N_("waits for the worker"),
    OrderState.PACKING: N_("is being packed"),
    OrderState.PACKED: N_("packed"),
    OrderState.FAILED: N_("not packed"),
}


class UnknownPackingOrderError(NotFoundError):
    """There is no such order, or it is another officer's."""

    code = "unknown-packing-order"
    message = N_("There is no order {reference} to pack.")
    remedy = N_("Orders to pack are shown to the officer who gave them; see the page of packages.")


class PackageFileGoneError(NotFoundError):
    """The file of a package is not kept here, or not for this officer."""

    code = "package-file-gone"
    message = N_("The file of the package {package} is not kept for you here.")
    remedy = N_(
        "It is kept for thirty days for the officer who had it packed, and no longer than its "
        "items; pack the items again."
    )


class PackingStoppedError(ConflictError):
    """The worker ended several times while it packed."""

    code = "packing-stopped"
    message = N_("{order} was not packed: the worker ended {attempts} times while it packed.")
    remedy = N_("Look for memory or disk that ran out, then pack fewer items at a time.")


class ItemsGoneError(ConflictError):
    """Items were destroyed while they were packed."""

    code = "packed-items-gone"
    message = N_("{order} was not packed: {count} of its items were destroyed meanwhile.")
    remedy = N_("Leave them out and pack the others.")


@dataclass(frozen=True, slots=True)
class PackingOrder:
    """An order to pack a bundle."""

    reference: str
    state: OrderState
    asked_by: str
    asked_at: datetime
    items: int
    attempts: int = 0
    step: PackingStep | None = None
    done: int = 0
    total: int = 0
    package: str = ""
    """Reference of the package, once it is made."""
    ended_at: datetime | None = None
    failure: str = ""
    """Code of the error that stopped it."""
    message: str = ""
    """The error's message and remedy as they are translated, with the fields that fill them in."""
    remedy: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def under_way(self) -> bool:
        """Whether something is still to come."""
        return self.state in (OrderState.WAITING, OrderState.PACKING)


def order_document(wanted: Wanted) -> dict[str, Any]:
    """What is asked for, as it is kept sealed. Any: a document."""
    use, recipient, copies = wanted.use, wanted.recipient, wanted.copies
    return {
        "kind": wanted.kind.value,
        "items": [_choice_document(each) for each in wanted.items],
        "to": wanted.to,
        "case": wanted.case,
        "use": [use.purpose.value, use.proceeding.value] if use else None,
        "recipient": _recipient_document(recipient) if recipient else None,
        "copies": _copies_document(copies) if copies else None,
        "language": wanted.language,
        "wait": wanted.wait_for_witness,
    }


def read_order(document: Mapping[str, Any]) -> Wanted:
    """What was asked for."""
    use, recipient, copies = document["use"], document["recipient"], document["copies"]
    return Wanted(
        PackageKind(document["kind"]),
        tuple(_choice(each) for each in document["items"]),
        document["to"],
        document["case"],
        use=IntendedUse(Purpose(use[0]), Proceeding(use[1])) if use else None,
        recipient=_recipient(recipient) if recipient else None,
        copies=_copies(copies) if copies else None,
        language=document["language"],
        wait_for_witness=document["wait"],
    )


def field_document(value: object) -> str | dict[str, Any]:
    """A field of the error that stopped an order; words stay translatable. Any: a document."""
    if not isinstance(value, Phrase):
        return str(value)
    fields = {name: field_document(each) for name, each in value.fields.items()}
    return {"template": value.template, "fields": fields}


def read_field(document: str | Mapping[str, Any]) -> str:
    """The field again. Any: a document."""
    if isinstance(document, str):
        return document
    fields = {name: read_field(each) for name, each in document["fields"].items()}
    return Phrase(document["template"], **fields)


def _choice_document(choice: Choice) -> dict[str, Any]:
    withheld = {name: reason.value for name, reason in choice.withheld.items()}
    return {"item": choice.item, "withheld": withheld, "redaction": choice.redaction}


def _choice(document: Mapping[str, Any]) -> Choice:
    withheld = {name: RedactionReason(code) for name, code in document["withheld"].items()}
    return Choice(document["item"], withheld, document["redaction"])


def _recipient_document(recipient: IntendedRecipient) -> dict[str, Any]:
    kind = recipient.recipient.value if recipient.recipient else ""
    return {"code": recipient.code, "recipient": kind, "under": recipient.under}


def _recipient(document: Mapping[str, Any]) -> IntendedRecipient:
    kind = Recipient(document["recipient"]) if document["recipient"] else None
    return IntendedRecipient(document["code"], recipient=kind, under=document["under"])


def _copies_document(copies: CopiesWanted) -> dict[str, Any]:
    signs = copies.official
    named = [signs.name, signs.capacity.value, signs.position, signs.place] if signs else None
    return {"profile": copies.profile, "languages": list(copies.languages), "official": named}


def _copies(document: Mapping[str, Any]) -> CopiesWanted:
    named = document["official"]
    official = Official(named[0], Capacity(named[1]), *named[2:]) if named else None
    return CopiesWanted(document["profile"], tuple(document["languages"]), official)
