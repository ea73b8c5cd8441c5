# SPDX-License-Identifier: Apache-2.0
"""Lists of recipients: who is on one, and how the words on a form become one.

No list is everybody; an empty list is nobody. Two lists combine by those who are on both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from comity.catalogues import N_, Phrase
from comity.errors import InvalidInputError

MEMBER = re.compile(r"[A-Z]{2}(?:/[A-Z0-9][A-Z0-9-]{0,30})?")
MOST = 200


class AudienceError(InvalidInputError):
    """A list of recipients names something that is no administration."""

    code = "audience-unreadable"
    message = N_("The list of recipients cannot be read: “{member}” {obstacle}.")
    remedy = N_("Name administrations by their codes, such as XS or XS/CUSTOMS.")


def audience_of(members: Iterable[str]) -> frozenset[str]:
    """The list of these members; of none it is a list that names nobody.

    Raises:
        AudienceError: a member is no code of an administration.
    """
    named = frozenset(member.strip().upper() for member in members)
    for member in sorted(named):
        if not MEMBER.fullmatch(member):
            raise AudienceError(member=member[:40], obstacle=N_("is no code of an administration"))
    if len(named) > MOST:
        raise AudienceError(
            member=str(len(named)), obstacle=Phrase(N_("names are more than {most}"), most=MOST)
        )
    return named


def includes(audience: frozenset[str] | None, reader: str) -> bool:
    """Whether the reader may be told: by its own name, or as an authority of a state named."""
    if audience is None:
        return True
    state = reader.partition("/")[0]
    return bool(reader) and not audience.isdisjoint((reader, state))
