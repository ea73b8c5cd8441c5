# SPDX-License-Identifier: Apache-2.0
"""What a redacted copy discloses of an item, and what must be withheld with it.

Withheld leaves leave their hashes, so the rest still proves against the original seal. What would
give a withheld part away is withheld too: whoever withholds a page withholds the file that shows
it, and with the file every unsalted digest of it, by which a guess could be confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.evidence.statement import ItemLeaves, Leaf

PAGES, CHUNKS, CUSTODY, FIELDS = "pages/", "chunks/", "custody/", "description/"
DIGESTS = "/digests"
"""End of the names of leaves that hold a custody event's digests."""
CONTENT_DIGEST, CONTENT_SIZE = "content/digest", "content/size"
NEVER_WITHHELD = frozenset({"item/kind", "item/rank", "conditions/marking"})
"""Nobody is handed a thing without what it is and what is laid on it."""


class UnknownLeafError(InvalidInputError):
    """A redaction names what the statement does not have."""

    code = "redaction-unknown-leaf"
    message = N_("The statement has no part {part} of this item.")
    remedy = N_("Name a field, a page (pages/00001) or a part of the file (chunks/00001) of it.")


class NotWithholdableError(InvalidInputError):
    """What a redaction names stays with the item."""

    code = "redaction-not-possible"
    message = N_("The part {part} cannot be withheld: {obstacle}.")
    remedy = N_("Withhold pages or fields, or leave the whole item out of the package.")


def redacted(item: ItemLeaves, withheld: Mapping[str, str]) -> ItemLeaves:
    """The item without the values of these leaves: name → reason code."""
    for name in withheld:
        _check(item, name)
    reasons = {**_following(item, withheld), **withheld}
    return replace(item, leaves=tuple(_kept(leaf, reasons) for leaf in item.leaves))


def is_whole(item: ItemLeaves) -> bool:
    """Whether nothing of the item is withheld."""
    return all(leaf.disclosed for leaf in item.leaves)


def _check(item: ItemLeaves, name: str) -> None:
    if item.leaf(name) is None:
        raise UnknownLeafError(part=name)
    if name in NEVER_WITHHELD:
        raise NotWithholdableError(part=name, obstacle="it says what the item is")
    if name.startswith(CHUNKS) and any(leaf.name.startswith(PAGES) for leaf in item.leaves):
        raise NotWithholdableError(part=name, obstacle="the item's pages show what it holds")


def _following(item: ItemLeaves, withheld: Mapping[str, str]) -> dict[str, str]:
    """What is to be withheld because of these."""
    shown = next((r for n, r in withheld.items() if n.startswith((PAGES, CHUNKS))), "")
    digests = next((r for n, r in withheld.items() if n == CONTENT_DIGEST), shown)
    paged = any(name.startswith(PAGES) for name in withheld)
    following = {}
    for leaf in item.leaves:
        if paged and leaf.name.startswith(CHUNKS):
            following[leaf.name] = shown
        if digests and _tells_the_content(leaf.name):
            following[leaf.name] = digests
    for name, reason in withheld.items():
        if name.startswith(CUSTODY) and item.leaf(name + DIGESTS):
            following[name + DIGESTS] = reason
    return following


def _tells_the_content(name: str) -> bool:
    return name in (CONTENT_DIGEST, CONTENT_SIZE) or (
        name.startswith(CUSTODY) and name.endswith(DIGESTS)
    )


def _kept(leaf: Leaf, reasons: Mapping[str, str]) -> Leaf:
    if not leaf.disclosed or leaf.name not in reasons:
        return leaf  # what its supplier withheld keeps the reason that it gave
    return Leaf(leaf.name, hash=leaf.hash, reason=reasons[leaf.name])
