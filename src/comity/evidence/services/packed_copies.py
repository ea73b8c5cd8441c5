# SPDX-License-Identifier: Apache-2.0
"""Certified copies that go into a package beside their items: those there are, and those made.

A copy is certified for the package only where somebody is named who signs it; each is let out by
the door like the item that it copies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from comity.accounts.officer import Officer
from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError
from comity.evidence.certified_copy import check_languages
from comity.evidence.copy_register import CertifiedCopy, CopyState
from comity.evidence.forum_profiles import forum_profile
from comity.evidence.packing import CopiesWanted, PackingStep, Told, Wanted
from comity.evidence.queries.certified_copies import latest_copies
from comity.evidence.services import certifying, way_out
from comity.evidence.way_out import Let, WayOut


class CopyMissingError(NotFoundError):
    """A certified copy was asked for that nobody has certified."""

    code = "certified-copy-missing"
    message = N_("{count} items have no certified copy for {profile}, the first of them {item}.")
    remedy = N_("Name the official who certifies them, or certify them first, or pack without.")


class CopiesAwaitFinalError(ConflictError):
    """Copies that were asked for are attested, and another official must certify them finally."""

    code = "copies-await-final"
    message = N_("{count} certified copies await another official, the first of them {number}.")
    remedy = N_("Pack once they are certified finally, or without certified copies.")


def copies_for(
    items: Sequence[str], wanted: Wanted, *, by: Officer, at: datetime, told: Told
) -> dict[str, Let]:
    """The copy of each of these items, let out; the items are let out already.

    Raises:
        CopyMissingError, CopiesAwaitFinalError: a copy for the named forum is not to be had.
        NotLetOutError: the law or what was laid on it does not permit that a copy goes.
    """
    if wanted.copies is None or not items:
        return {}
    found = _found(items, wanted.copies)
    if wanted.copies.profile:
        found |= _made([item for item in items if item not in found], wanted, by, at, told)
        _require_issued(found)
    copies = {item: copy.copy for item, copy in found.items() if copy.copy}
    lets = way_out.let_out(
        tuple(copies.values()),
        WayOut.PACKAGE,
        by=by,
        at=at,
        use=wanted.use,
        recipient=wanted.recipient,
    )
    for let in lets:
        if not let.permitted:
            way_out.description(let)  # which says why not
    return dict(zip(copies, lets, strict=True))


def _found(items: Sequence[str], copies: CopiesWanted) -> dict[str, CertifiedCopy]:
    if copies.profile:
        forum_profile(copies.profile)
        check_languages(copies.languages)
    return latest_copies(items, copies.profile, copies.languages)


def _made(
    items: Sequence[str], wanted: Wanted, by: Officer, at: datetime, told: Told
) -> dict[str, CertifiedCopy]:
    """Copies of the items that have none for the forum."""
    copies = wanted.copies
    if copies is None or not items:
        return {}
    if copies.official is None:
        raise CopyMissingError(count=len(items), profile=copies.profile, item=items[0])
    made = {}
    for done, item in enumerate(items):
        told(PackingStep.COPYING, done, len(items))
        made[item] = certifying.certify_copy(
            item,
            copies.profile,
            copies.languages,
            by=by,
            official=copies.official,
            at=at,
            use=wanted.use,
            recipient=wanted.recipient,
        )
    return made


def _require_issued(found: dict[str, CertifiedCopy]) -> None:
    waiting = [copy for copy in found.values() if copy.state is CopyState.AWAITING_FINAL]
    if waiting:
        raise CopiesAwaitFinalError(count=len(waiting), number=waiting[0].number)
