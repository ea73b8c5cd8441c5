# SPDX-License-Identifier: Apache-2.0
"""What somebody wants packed, what came of it, and how one item is laid into a package.

Plain: what the door let out, what statements say and what lies where are arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_
from comity.errors import ConflictError, InvalidInputError, VerificationError
from comity.evidence.certified_copy import Official
from comity.evidence.item import Item
from comity.evidence.package import (
    CUSTODY_DIGESTS,
    CustodyChain,
    Disclosure,
    PackageKind,
    shown_event,
)
from comity.evidence.redaction import Withheld, redacted
from comity.evidence.statement import ItemLeaves
from comity.evidence.way_out import IntendedRecipient, IntendedUse

MOST_ITEMS = 5_000
LONGEST_WAIT = 600
"""Seconds that a witness of the journal is waited for at most."""


class PackingStep(StrEnum):
    """What is being done while a package is made."""

    DECIDING = "deciding"
    COPYING = "copying"
    WITNESSING = "witnessing"
    WRITING = "writing"
    VERIFYING = "verifying"
    KEEPING = "keeping"


STEP_WORDS: dict[PackingStep, str] = {
    PackingStep.DECIDING: N_("the law is asked for every item"),
    PackingStep.COPYING: N_("certified copies are made"),
    PackingStep.WITNESSING: N_("a partner is asked to witness the journal"),
    PackingStep.WRITING: N_("files are written and sealed"),
    PackingStep.VERIFYING: N_("the package is verified"),
    PackingStep.KEEPING: N_("the package is recorded"),
}
Told = Callable[[PackingStep, int, int], None]
"""Is told which step is under way, how much of it is done, and of how much."""


def nobody(step: PackingStep, done: int, total: int) -> None:
    """Tell nobody how far it has come."""


class NothingToPackError(InvalidInputError):
    """No items were named, too many, or one twice."""

    code = "nothing-to-pack"
    message = N_("Name each item once, at least one and at most {most}; {found} were named.")
    remedy = N_("Make several packages.")


class NotCertifiedError(ConflictError):
    """An item stands in no statement, so nothing could be proved of it."""

    code = "item-not-certified"
    message = N_("{item} was not packed: nobody has certified it.")
    remedy = N_("Certify it first with `comity evidence certify {item}`.")


class PackageBrokenError(VerificationError):
    """A package was made that does not verify, and was not handed out."""

    code = "package-broken"
    message = N_("The package {package} was not handed out: step {step} of its verification fails.")
    remedy = N_("Verify the items' content and custody, certify them again, and pack them again.")


@dataclass(frozen=True, slots=True)
class Choice:
    """An item to be packed, and what is withheld of it."""

    item: str
    withheld: Withheld = field(default_factory=dict)
    redaction: str = ""
    """Reference of a redaction that was made before; what it withholds is withheld too."""


@dataclass(frozen=True, slots=True)
class CopiesWanted:
    """Certified copies that are to go in beside the items that go whole."""

    profile: str = ""
    """Of which forum; empty: the latest copy of each item that has one, and none is made."""
    languages: tuple[str, ...] = ()
    official: Official | None = field(default=None, repr=False)
    """Who certifies what has no such copy yet; without one, a missing copy is an obstacle."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A package that somebody wants."""

    kind: PackageKind
    items: tuple[Choice, ...]
    """In the order in which they are to stand."""
    to: str
    """Code of the partner, or the name of the court or authority."""
    case: str = ""
    use: IntendedUse | None = None
    """For what it is packed, where that is not the purpose of the items' case."""
    recipient: IntendedRecipient | None = None
    messages: tuple[str, ...] = ()
    """Messages of the ledger whose receipts and evidences belong to it."""
    copies: CopiesWanted | None = None
    language: str = "en"
    """Of the page that lists what is in a bundle."""
    wait_for_witness: int = 0
    """Seconds to wait until a partner has witnessed the journal's entry on what is packed."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was made."""

    reference: str
    kind: PackageKind
    digest: str
    """SHA-256 of the file."""
    size: int
    items: tuple[str, ...]
    withheld: int
    """How many parts of items were withheld."""
    at: datetime
    message: str = ""
    """Reference of the message by which it goes, where it goes by one."""


def withheld_of(leaves: Sequence[ItemLeaves]) -> dict[str, int]:
    """How many parts of an item are withheld for which reason, as its statements show them."""
    found: dict[str, int] = {}
    for stated in leaves[-1:]:
        for leaf in stated.leaves:
            if not leaf.disclosed:
                found[leaf.reason] = found.get(leaf.reason, 0) + 1
    return found


def limited(leaves: ItemLeaves, withheld: Withheld) -> ItemLeaves:
    """The leaves without what is withheld; a statement that lacks a part cannot show it."""
    names = {leaf.name for leaf in leaves.leaves}
    return redacted(leaves, {n: reason for n, reason in withheld.items() if n in names})


def shown(leaves: ItemLeaves) -> set[str]:
    """The names of the leaves that are disclosed."""
    return {leaf.name for leaf in leaves.leaves if leaf.disclosed}


def has_whole_file(item: Item, leaves: Sequence[ItemLeaves]) -> bool:
    """Whether every part of the file is disclosed by every statement on the item."""
    if not item.digest:
        return False
    chunks = [leaf for each in leaves for leaf in each.leaves if leaf.name.startswith("chunks/")]
    return bool(chunks) and all(leaf.disclosed for leaf in chunks)


def has_parts(leaves: ItemLeaves) -> bool:
    """Whether the statement speaks of parts of a file."""
    return any(leaf.name.startswith("chunks/") for leaf in leaves.leaves)


def parts_shown(leaves: ItemLeaves) -> list[int]:
    """The numbers of the parts of the file that the statement discloses."""
    return sorted(int(name[-5:]) for name in shown(leaves) if name.startswith("chunks/"))


def pages_shown(leaves: Sequence[ItemLeaves]) -> list[int]:
    """The numbers of the pages that no statement withholds."""
    paged = [each for each in leaves if any(leaf.name.startswith("pages/") for leaf in each.leaves)]
    if not paged:
        return []
    common = set.intersection(*(shown(each) for each in paged))
    return sorted(int(name.partition("/")[2]) for name in common if name.startswith("pages/"))


def disclosure_of(item: Item, leaves: Sequence[ItemLeaves]) -> Disclosure:
    """How much of the item goes."""
    if all(leaf.disclosed for each in leaves for leaf in each.leaves):
        return Disclosure.WHOLE if item.digest else Disclosure.RECORD
    some = bool(pages_shown(leaves)) or any(parts_shown(each) for each in leaves)
    return Disclosure.REDACTED if some else Disclosure.RECORD


def chains(
    own: Sequence[Mapping[str, Any]],
    stated: Sequence[tuple[str, str, Sequence[Mapping[str, Any]], ItemLeaves]],
) -> tuple[CustodyChain, ...]:
    """The custody as a package shows it.

    `own` are the events of our record, with words; `stated` the statements on the item: folder,
    issuer, the events that it certifies, its leaves. What a supplier recorded begins our own chain,
    unless parts of it were withheld from us: then it stands beside it.
    """
    certified, apart = {}, []
    for folder, issuer, events, leaves in stated:
        names, count = shown(leaves), len(events)
        if [event.get("digest") for event in events] == [e.get("digest") for e in own[:count]]:
            certified[folder] = (names, count)
        else:
            seen = [each for e in events if (each := shown_event(e, names)) is not None]
            apart.append(CustodyChain(issuer, tuple(seen), {folder: len(seen)}))
    return (*apart, *_own_chain(own, certified))


def _own_chain(
    own: Sequence[Mapping[str, Any]], certified: Mapping[str, tuple[set[str], int]]
) -> tuple[CustodyChain, ...]:
    """Our record up to now; words and digests only where every statement discloses them."""
    events = []
    for place, event in enumerate(own):
        seen = dict(event)
        over = [names for names, count in certified.values() if place < count]
        name = f"custody/{event['number']:05}"
        if any(name not in names for names in over):
            return ()  # an event that is withheld leaves no chain to be shown
        if not over or any(f"{name}/words" not in names for names in over):
            seen.pop("words", None)
        if any(not _digests_shown(names) for names, _ in certified.values()):
            seen = {key: value for key, value in seen.items() if key not in CUSTODY_DIGESTS}
        events.append(seen)
    counts = {folder: count for folder, (_, count) in certified.items()}
    authority = str(own[-1]["authority"]) if own else ""
    return (CustodyChain(authority, tuple(events), counts),) if events else ()


def _digests_shown(names: set[str]) -> bool:
    return "custody/00001/digests" in names
