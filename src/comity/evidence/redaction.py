# SPDX-License-Identifier: Apache-2.0
"""What a redacted copy discloses of an item, and what must be withheld with it.

Withheld leaves leave their hashes, so the rest still proves against the original seal. What would
give a withheld part away is withheld too: whoever withholds a page withholds the file that shows
it, and with the file every unsalted digest of it, by which a guess could be confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.evidence.statement import ItemLeaves, Leaf
from comity.handling.redaction import RedactionReason

PAGES, CHUNKS, CUSTODY = "pages/", "chunks/", "custody/"
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


Withheld = Mapping[str, RedactionReason]
"""Names of leaves, each with the reason why it is withheld."""


def redacted(item: ItemLeaves, withheld: Withheld) -> ItemLeaves:
    """The item without the values of these leaves, and of those that would give them away.

    Raises:
        UnknownLeafError: the statement has no such leaf.
        NotWithholdableError: the leaf says what the item is, or others show the same.
    """
    for name in withheld:
        _check(item, name)
    following = dict.fromkeys(_following(item, withheld), RedactionReason.SHOWS_WITHHELD)
    reasons = {**following, **withheld}
    return replace(item, leaves=tuple(_kept(leaf, reasons) for leaf in item.leaves))


def is_whole(item: ItemLeaves) -> bool:
    """Whether nothing of the item is withheld."""
    return all(leaf.disclosed for leaf in item.leaves)


def _check(item: ItemLeaves, name: str) -> None:
    if item.leaf(name) is None:
        raise UnknownLeafError(part=name)
    if name in NEVER_WITHHELD:
        raise NotWithholdableError(part=name, obstacle=N_("it says what the item is"))
    if name.startswith(CHUNKS) and any(leaf.name.startswith(PAGES) for leaf in item.leaves):
        raise NotWithholdableError(part=name, obstacle=N_("the item's pages show what it holds"))


def _following(item: ItemLeaves, withheld: Withheld) -> Iterator[str]:
    """The names of what is to be withheld because of these."""
    paged = any(name.startswith(PAGES) for name in withheld)
    shown = paged or any(name.startswith(CHUNKS) for name in withheld)
    for leaf in item.leaves:
        name = leaf.name
        if paged and name.startswith(CHUNKS):
            yield name
        if _tells_the_content(name) and (shown or CONTENT_DIGEST in withheld):
            yield name
        if name.startswith(CUSTODY) and "/".join(name.split("/")[:2]) in withheld:
            yield name


def _tells_the_content(name: str) -> bool:
    return name in (CONTENT_DIGEST, CONTENT_SIZE) or (
        name.startswith(CUSTODY) and name.endswith(DIGESTS)
    )


def _kept(leaf: Leaf, reasons: Withheld) -> Leaf:
    if not leaf.disclosed or leaf.name not in reasons:
        return leaf  # what its supplier withheld keeps the reason that it gave
    return Leaf(leaf.name, hash=leaf.hash, reason=reasons[leaf.name])
