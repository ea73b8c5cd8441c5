# SPDX-License-Identifier: Apache-2.0
"""Releasing items to a partner: packed, and posted as the one part of a message.

The door is asked before anything is packed, and the exchange puts the question of the law again
with the message, as its recipient does. Where the law leaves it to a person, nothing is kept of
the package until one has decided.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.queries import own_administration
from comity.agreements.question import Item as AskedItem
from comity.agreements.question import Release
from comity.evidence import models
from comity.evidence.custody import CustodyAct
from comity.evidence.lifetime import DisclosedTo
from comity.evidence.package import EXTENSION, MEDIA_TYPE, PackageKind
from comity.evidence.package_messages import PACKAGE, PackageNote
from comity.evidence.packing import Choice, CopiesWanted, Packed, Wanted
from comity.evidence.queries import items as items_queries
from comity.evidence.queries.registers import assured_by
from comity.evidence.services.custody import NewAct, record_acts
from comity.evidence.services.disclosing import record_disclosure
from comity.evidence.services.kept_packages import remove_files_of_destroyed
from comity.evidence.services.packing import Made, keep_package, make_package, require_kept
from comity.evidence.way_out import IntendedRecipient, IntendedUse
from comity.exchange.draft import Decision, Draft, DraftPart
from comity.exchange.services import keep_part, post
from comity.handling.marking import Marking, join_all
from comity.journal.services import record
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose
from comity.storage.services import store

IN_MEMORY = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be released, to whom and for what."""

    items: tuple[Choice, ...]
    to: str
    """Code of the partner."""
    purpose: Purpose
    """For which the partner may use it."""
    form: FormOfAssistance = FormOfAssistance.SPONTANEOUS
    offences: tuple[Offence, ...] = ()
    requested_on: date | None = None
    in_reply_to: str = ""
    """Id of the envelope that asked for it."""
    under: str = ""
    """The instrument to rely on; empty for the best one."""
    case: str = ""
    text: str = ""
    """What is written to whoever opens it."""
    copies: CopiesWanted | None = None


def release(wish: Wish, *, by: Officer, at: datetime, decision: Decision | None = None) -> Packed:
    """Pack the items for a partner and post them.

    Raises:
        PermissionMissingError: the officer does not release evidence.
        NotLetOutError, NotCertifiedError, PackageBrokenError: as for packing.
        DecisionNeededError, MessageRejectedError: it was not accepted for sending.
    """
    by.require(Permission.RELEASE_EVIDENCE)
    use = IntendedUse(wish.purpose, offences=wish.offences)
    assured, breached = assured_by(wish.to)
    recipient = IntendedRecipient(
        wish.to,
        forms=(wish.form,),
        requested_on=wish.requested_on,
        assurances_given=assured,
        assurance_breached=breached,
        under=wish.under,
    )
    wanted = Wanted(
        PackageKind.REPLY, wish.items, wish.to, wish.case, use=use, recipient=recipient,
        copies=wish.copies,
    )  # fmt: skip
    with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(_folder())) as sink:
        made = make_package(wanted, sink, by=by, at=at)  # type: ignore[arg-type]  # reads and writes
        sink.seek(0)
        packed = made.packed
        part = keep_part(sink, f"{packed.reference.lower()}.{EXTENSION}", MEDIA_TYPE)
    try:
        return _posted(wish, made, part, decision, by=by, at=at)
    except BaseException:
        store().remove(part.blob)
        raise


@transaction.atomic
def _posted(
    wish: Wish, made: Made, part: DraftPart, decision: Decision | None, *, by: Officer, at: datetime
) -> Packed:
    """Post the package, and record everywhere that it goes."""
    at = require_kept(made, at=at)
    actor, packed = by.acting(Permission.RELEASE_EVIDENCE), made.packed
    marking = join_all(one.let.marking for one in made.chosen)
    draft = Draft(
        kind=PACKAGE,
        to=wish.to,
        body=PackageNote(packed.reference, packed.digest, wish.text).body(),
        parts=(part,),
        question=_question(wish, marking, on=at.date()),
        in_reply_to=wish.in_reply_to,
        caveats=tuple(sorted(marking.caveats)),
        handling=max(marking.handling, default=""),
        case=wish.case,
        decision=decision,
    )
    posted = post(draft, by=by if by.may(Permission.SEND_MESSAGES) else actor, at=at).require()
    packed = keep_package(made, by=by, at=at, message=posted.reference, blob=part.blob)
    record_disclosure(
        packed.items, DisclosedTo.PARTNER, wish.to, source=packed.reference, by=actor, at=at,
        instrument=posted.law.governing if posted.law else "", message=posted.reference,
    )  # fmt: skip
    act = NewAct(CustodyAct.TRANSMITTED, purpose=wish.purpose.value, counterpart=wish.to)
    record_acts(packed.items, act, by=actor, at=at, measured=_read(packed.items))
    facts = {"party": wish.to, "digest": packed.digest, "count": str(len(packed.items))}
    record("package-released", packed.reference, by=actor, at=at, facts=facts)
    return packed


def remove_package_files(items: Iterable[str]) -> tuple[str, ...]:
    """Remove the files of every package, sent or received, that holds one of these items.

    A certified copy is held where it went beside its original.
    For erasure and destruction, once they are decided for good: what the exchange keeps of a
    message lies under the node's key, not the item's. A row names its file until that is gone, so
    doing it again finishes what was cut short. What was on its way to a partner and is not whole
    there is not sent again.
    """
    gone = list(items)
    held = Q(items__item__reference__in=gone) | Q(items__copy__reference__in=gone)
    rows = models.Package.objects.filter(held).exclude(blob="")
    removed = list(remove_files_of_destroyed())
    for row in rows.distinct():
        store().remove(row.blob)
        row.blob = ""
        row.save(update_fields=["blob"])
        removed.append(row.reference)
    return tuple(removed)


def _question(wish: Wish, marking: Marking, *, on: date) -> Release:
    assured, breached = assured_by(wish.to)
    return Release(
        supplier=own_administration(),
        receiver=wish.to,
        forms=(wish.form,),
        purposes=(wish.purpose,),
        on=on,
        item=AskedItem(
            classes=marking.classes,
            caveats=marking.caveats,
            handling=max(marking.handling, default=None),
            personal_data=marking.personal_data,
            judicially_obtained=marking.judicially_obtained,
            return_or_destroy_by=marking.return_or_destroy_by,
            audience=marking.audience,
        ),
        offences=wish.offences,
        requested_on=wish.requested_on,
        assurances_given=assured,
        assurance_breached=breached,
        under=wish.under,
    )


def _read(references: Sequence[str]) -> dict[str, str]:
    """Their digests, as the package's verification has just read them."""
    return {item.reference: item.digest for item in items_queries.several(references)}


def _folder() -> Path:
    return Path(settings.ENVIRONMENT.home)
