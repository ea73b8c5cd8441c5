# SPDX-License-Identifier: Apache-2.0
"""States as a word with an icon and a tone, never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from comity.evidence.item import KIND_WORDS, STATE_WORDS, Item, ItemKind, ItemState


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with its icon and tone, as the `sign` include of the templates shows it."""

    word: str
    icon: str
    tone: str


ITEM_SIGNS: dict[ItemState, tuple[str, str]] = {
    ItemState.HELD: ("check_circle", "yes"),
    ItemState.HANDED_OVER: ("arrow_forward", "yes-notice"),
    ItemState.RETURNED: ("undo", "unknown"),
    ItemState.DESTROYED: ("delete", "none"),
}
KIND_ICONS: dict[ItemKind, str] = {
    ItemKind.DOCUMENT: "topic",
    ItemKind.DATA_EXTRACT: "insights",
    ItemKind.IMAGE: "visibility",
    ItemKind.RECORDING: "hearing",
    ItemKind.SEAL: "lock",
    ItemKind.SAMPLE: "zoom_in",
    ItemKind.CONTAINER: "directions",
    ItemKind.ARTEFACT: "star",
    ItemKind.CASH: "flag",
    ItemKind.OTHER_OBJECT: "label",
}


def item_sign(state: ItemState) -> Sign:
    """Where an item is in its life."""
    return Sign(gettext(STATE_WORDS[state]), *ITEM_SIGNS[state])


def certifiable_sign(item: Item) -> Sign:
    """Whether an item can be certified: only while its custody is whole."""
    if item.certifiable:
        return Sign(gettext("custody whole"), "verified_user", "yes")
    return Sign(gettext("certification withheld"), "error", "no")


def kind_icon(kind: ItemKind) -> str:
    """The icon of a kind of item."""
    return KIND_ICONS[kind]


def kind_word(kind: ItemKind) -> str:
    """A kind of item in words."""
    return gettext(KIND_WORDS[kind])
