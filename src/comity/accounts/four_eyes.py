# SPDX-License-Identifier: Apache-2.0
"""The second person: nobody approves what they drafted, in any profile.

The profile for a unit of two people relaxes what would need a third person and nothing else;
`RELAXATIONS` is the whole list. Whoever makes use of a relaxation gets back the facts that the
journal entry must carry, so that an auditor finds every such act.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from comity.catalogues import N_
from comity.errors import NotPermittedError


class Profile(StrEnum):
    """How many people the unit has to share its duties."""

    FULL = "full"
    TWO_PERSON = "two-person"


class Relaxation(StrEnum):
    """What the two-person profile allows and the full one does not."""

    EARLIER_SIGNATORY = "earlier-signatory"
    SOLE_ADMINISTRATOR = "sole-administrator"


RELAXATIONS: dict[Relaxation, str] = {
    Relaxation.EARLIER_SIGNATORY: N_(
        "Somebody who signed an earlier step may sign a later one, but never the draft's author."
    ),
    Relaxation.SOLE_ADMINISTRATOR: N_(
        "One administrator, other than the officer concerned, may approve a recovery twice over."
    ),
}


class SamePersonError(NotPermittedError):
    """The act needs somebody who has not yet had a hand in it."""

    code = "same-person"
    message = N_("{subject} needs a second person: {officer} has already {hand} it.")
    remedy = N_("Hand it to another officer with the role; four eyes are needed.")


def second_person(
    subject: str,
    *,
    drafted_by: str,
    by: str,
    earlier: Collection[str] = (),
    profile: Profile = Profile.FULL,
) -> dict[str, str]:
    """Raise `SamePersonError` unless `by` may sign; return the facts that the journal must carry.

    `drafted_by`, `by` and `earlier` (those who signed the steps between) are references of
    officers. The facts are empty unless a relaxation was made use of.
    """
    if by == drafted_by:
        raise SamePersonError(subject=subject, officer=by, hand="drafted")
    if by not in earlier:
        return {}
    if profile is not Profile.TWO_PERSON:
        raise SamePersonError(subject=subject, officer=by, hand="signed")
    return relaxed(Relaxation.EARLIER_SIGNATORY)


def relaxed(relaxation: Relaxation) -> dict[str, str]:
    """The facts of a journal entry whose act made use of this relaxation."""
    return {"profile": Profile.TWO_PERSON.value, "relaxation": relaxation.value}
