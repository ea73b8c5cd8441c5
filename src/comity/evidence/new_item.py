# SPDX-License-Identifier: Apache-2.0
"""What is said of an item when it is added, and what must hold of it before it is.

An item of which nothing is said of its coming is our own. What a channel brought with it is
given as a `Channel`; its number is given when it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from unicodedata import category

from comity.catalogues import N_, Phrase
from comity.errors import InvalidInputError
from comity.evidence.custody import ACT_WORDS, BEGINS, CustodyAct, Given
from comity.evidence.item import KIND_WORDS, OBJECTS, Channel, Description, ItemKind, Rank
from comity.handling.marking import Marking

OWN = Channel(number=1, supplier="", marking=Marking())
"""How an item of our own came: from nobody, with nothing laid on it."""
LONGEST_TITLE = 300
TURNED = frozenset("\u202a\u202b\u202d\u202e")
"""The signs that embed or override a direction: what stands after them is read otherwise."""
LONGEST_TEXT = 20_000
MOST_MARKS = 100


class ItemNotDescribedError(InvalidInputError):
    """What was said of an item does not do."""

    code = "item-not-described"
    message = N_("The item was not added: {obstacle}.")
    remedy = N_("Say what it is, and hand over a file for everything that is no physical object.")


class MisleadingWordsError(InvalidInputError):
    """Something written would be read otherwise than it is kept."""

    code = "words-mislead"
    message = N_("What was written holds signs that nobody sees, or that turn others around.")
    remedy = N_("Type it again instead of pasting it; every script's own letters are taken.")


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item that is to be added."""

    kind: ItemKind
    rank: Rank
    description: Description
    case: str = ""
    channel: Channel = OWN
    media_type: str = ""
    return_by: date | None = None
    derived_from: tuple[str, ...] = field(default=())
    identity: str = ""
    """The UUID that its first holder gave it; empty for a new one."""
    begins_with: CustodyAct | None = None
    """The first act of our custody; None for the one that its coming suggests."""
    custody: tuple[Given, ...] = ()
    """What was done with it before it came, as its supplier recorded it."""

    @property
    def first_act(self) -> CustodyAct:
        """With which act our custody begins."""
        if self.begins_with is not None:
            return self.begins_with
        received = bool(self.channel.supplier) or self.kind in OBJECTS
        return CustodyAct.RECEIVED if received else CustodyAct.MADE


def check(new: NewItem, *, has_content: bool) -> None:
    """Raise `ItemNotDescribedError` unless the item can be added as it stands."""
    obstacle = _obstacle(new, has_content=has_content)
    if obstacle:
        raise ItemNotDescribedError(obstacle=obstacle)


def check_description(description: Description) -> None:
    """Raise `ItemNotDescribedError` unless the description does."""
    obstacle = _of_description(description)
    if obstacle:
        raise ItemNotDescribedError(obstacle=obstacle)


def _obstacle(new: NewItem, *, has_content: bool) -> str:
    if new.kind in OBJECTS and has_content:
        return Phrase(N_("a {kind} lies in a room and has no file"), kind=KIND_WORDS[new.kind])
    if new.kind not in OBJECTS and not has_content:
        return Phrase(N_("a {kind} needs its file"), kind=KIND_WORDS[new.kind])
    if new.rank is Rank.DERIVED and not new.derived_from:
        return N_("expected what it was derived from, found nothing")
    numbers = [given.event.number for given in new.custody]
    if any(later <= before for before, later in pairwise(numbers)):
        return N_("the custody that came with it counts an act twice")
    if new.first_act not in BEGINS:
        return Phrase(N_("custody does not begin with “{act}”"), act=ACT_WORDS[new.first_act])
    return _of_description(new.description)


def misleads(text: str) -> bool:
    """Whether a text holds signs that nobody sees, or that turn the signs after them around.

    Line ends and tabs do no harm, and a script's own direction needs no such sign.
    """
    return any(sign in TURNED or (category(sign) == "Cc" and sign not in "\n\r\t") for sign in text)


def check_words(*written: str) -> None:
    """Raise `MisleadingWordsError` where one of these texts misleads."""
    if any(map(misleads, written)):
        raise MisleadingWordsError


def _of_description(description: Description) -> str:
    if not description.title.strip():
        return N_("expected a title, found none")
    if len(description.title) > LONGEST_TITLE:
        return Phrase(
            N_("a title has at most {most} letters, found {found}"),
            most=LONGEST_TITLE,
            found=len(description.title),
        )
    if len(description.text) > LONGEST_TEXT:
        return Phrase(
            N_("a description has at most {most} letters, found {found}"),
            most=LONGEST_TEXT,
            found=len(description.text),
        )
    taken = description.acquisition
    written = (
        description.title, description.text, description.third_party_rights, *description.marks,
        taken.place, taken.by, taken.how, taken.power,
    )  # fmt: skip
    if any(map(misleads, written)):
        return N_("it holds signs that nobody sees, or that turn others around")
    if len(description.marks) > MOST_MARKS:
        return Phrase(
            N_("a thing has at most {most} marks, found {found}"),
            most=MOST_MARKS,
            found=len(description.marks),
        )
    return ""
