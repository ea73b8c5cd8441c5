# SPDX-License-Identifier: Apache-2.0
"""Items as officers add, describe and derive them, and as they come from other administrations.

The content is on the disk before the rows say so; what a failure leaves there nobody can name,
and the sweep removes it. Every act stands in the journal, with references and codes alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.catalogues import N_, Phrase
from comity.errors import ConflictError, InvalidInputError
from comity.evidence import models
from comity.evidence.custody import CustodyAct, CustodyWords
from comity.evidence.intake import Examined
from comity.evidence.item import Channel, Description, Item, Rank
from comity.evidence.item_documents import description_document
from comity.evidence.lifetime import HeldInCaseError
from comity.evidence.new_item import NewItem, check, check_description, misleads
from comity.evidence.queries import items as queries
from comity.evidence.queries.cases import UnknownCaseFileError
from comity.evidence.queries.keys import CLAIM, DESCRIPTION, RESTRICTIONS, item_key
from comity.evidence.queries.lifetime import holds, require_kept
from comity.evidence.services import ceilings, finding, intake, keeping
from comity.evidence.services.cases import CaseFileClosedError
from comity.evidence.services.custody import NewAct, _begun, measure, record_acts
from comity.evidence.services.rows import Done, _locked_item, acting, inserted, record_all
from comity.handling.marking import open_document
from comity.journal.entry import Actor
from comity.journal.services import record
from comity.sealing.encryption import Readable
from comity.storage.blob_store import Blob

LETTERS = "ITM"
CLAIMABLE = (
    "title",
    "text",
    "marks",
    "acquired-at",
    "place",
    "acquired-by",
    "how",
    "power",
    "third-party-rights",
    "other",
)
"""What an author may say otherwise than the description does."""
LONGEST_CLAIM = 5_000
MOST_NAMED = 100
"""So many of an item's sources are named in the journal; all of them are counted."""


class IdentityKnownError(ConflictError):
    """The item is here already."""

    code = "item-identity-known"
    message = N_("This item is here already, as {reference}.")
    remedy = N_("Look at {reference}; what came with it anew is a further channel of it.")


class ClaimRefusedError(InvalidInputError):
    """A claim names no field, or says nothing."""

    code = "claim-refused"
    message = N_("The claim about {reference} was not kept: {obstacle}.")
    remedy = N_("A claim says something of one of these: {fields}.")


def add(
    new: NewItem, content: Readable | None = None, *, by: Officer | Actor, at: datetime
) -> Item:
    """Add an item; its content, if it has one, is read once and kept under the item's own key.

    Raises:
        PermissionMissingError: the officer does not keep evidence.
        ItemNotDescribedError, IdentityKnownError, UnknownCaseFileError, CaseFileClosedError:
            why it was not added. ItemGoneError: what it was made from was destroyed.
        FileTooLargeError, DiskFullError, StorageFailedError: nothing was kept.
    """
    actor = acting(by, Permission.KEEP_EVIDENCE)
    check(new, has_content=content is not None)
    key = keeping.new_key()
    blob = keeping.store_of(key).put(content) if content is not None else None
    try:
        name = new.description.file_name
        found = intake.examined_content(key, blob, name) if blob is not None else None
        return _added(new, key, blob, found, actor, at)
    except BaseException:
        if blob is not None:
            keeping.store_of(key).remove(blob.name)
        raise


def add_brought(new: NewItem, blob: str, *, by: Officer | Actor, at: datetime) -> Item:
    """Add an item whose content the exchange brought: `blob` is its name in the node's store."""
    with keeping.open_brought(blob) as content:
        return add(new, content, by=by, at=at)


def derive(
    sources: Sequence[str],
    new: NewItem,
    content: Readable,
    *,
    by: Officer | Actor,
    at: datetime,
) -> Item:
    """Add what was made from other items; whoever reads it is bound by all of theirs.

    The custody of each source says what was made of it.
    """
    origins = tuple(dict.fromkeys(sources))
    measured = {origin: measure(origin) for origin in origins}
    with transaction.atomic():
        made = add(replace(new, rank=Rank.DERIVED, derived_from=origins), content, by=by, at=at)
        act = NewAct(CustodyAct.COPIED, outcome=made.identity)
        record_acts(origins, act, by=by, at=at, measured=measured)
        return made


@transaction.atomic
def describe(
    reference: str,
    description: Description,
    *,
    by: Officer | Actor,
    at: datetime,
    version: int | None = None,
) -> Item:
    """Replace the description of an item of our own; what others supplied is claimed against.

    Raises:
        DescriptionStandsError: another administration supplied the item.
        ChangedMeanwhileError: somebody else changed it since `version`.
    """
    actor = acting(by, Permission.KEEP_EVIDENCE)
    check_description(description)
    row = _locked_item(reference, version)
    if not row.channels.filter(supplier="").exists():
        raise DescriptionStandsError(reference=reference)
    key = item_key(reference)
    row.sealed = keeping.seal_words(key, description_document(description), DESCRIPTION)
    row.version += 1
    row.save(update_fields=["sealed", "version"])
    finding._keep_words(row, description)
    record("item-described", reference, by=actor, at=at, facts={"version": str(row.version)})
    return queries.item(reference)


class DescriptionStandsError(ConflictError):
    """What a supplier said of an item is not written over."""

    code = "description-stands"
    message = N_("The description of {reference} is its supplier's and stands as it came.")
    remedy = N_("Say what you know otherwise as a claim: both stand side by side.")


@transaction.atomic
def claim(reference: str, field: str, text: str, *, by: Officer | Actor, at: datetime) -> None:
    """Keep what an author says of one field; it stands beside the description and other claims.

    Raises:
        ClaimRefusedError: there is no such field, or nothing is said of it.
    """
    actor = acting(by, Permission.KEEP_EVIDENCE)
    obstacle = _claim_obstacle(field, text)
    if obstacle:
        fields = ", ".join(CLAIMABLE)
        raise ClaimRefusedError(reference=reference, obstacle=obstacle, fields=fields)
    row = _locked_item(reference)
    sealed = keeping.seal_words(item_key(reference), {"text": text.strip()}, CLAIM)
    models.Claim.objects.create(item=row, field=field, sealed=sealed, author=actor.reference, at=at)
    record("item-claimed", reference, by=actor, at=at, facts={"fields": field})


@transaction.atomic
def put_in_case(
    reference: str, case: str, *, by: Officer | Actor, at: datetime, version: int | None = None
) -> Item:
    """Put an item into a case file, or into another one: it inherits that one's purpose.

    Raises:
        HeldInCaseError: a legal hold on the case file that it is in keeps it there.
    """
    actor = acting(by, Permission.KEEP_EVIDENCE)
    row = _locked_item(reference, version)
    if row.case_file is not None and row.case_file.reference != case:
        for hold in holds(case=row.case_file.reference):
            raise HeldInCaseError(item=reference, hold=hold.reference)
    row.case_file, row.version = _case_file(case), row.version + 1
    row.save(update_fields=["case_file", "version"])
    record("item-put-in-case", reference, by=actor, at=at, facts={"case": case})
    return queries.item(reference)


@transaction.atomic
def set_return_by(
    reference: str,
    day: date | None,
    *,
    by: Officer | Actor,
    at: datetime,
    version: int | None = None,
) -> Item:
    """Set by when an item must be back with whom it belongs to; None where nobody asks for it."""
    actor = acting(by, Permission.KEEP_EVIDENCE)
    row = _locked_item(reference, version)
    row.return_by, row.version = day, row.version + 1
    row.save(update_fields=["return_by", "version"])
    facts = {"due_on": day.isoformat() if day else "open"}
    record("item-return-set", reference, by=actor, at=at, facts=facts)
    return queries.item(reference)


@transaction.atomic
def add_channel(reference: str, channel: Channel, *, by: Officer | Actor, at: datetime) -> Item:
    """Note that an item came once more, by another way; what came before stands beside it."""
    actor = acting(by, Permission.KEEP_EVIDENCE)
    row = _locked_item(reference)
    number = row.channels.count() + 1
    _keep_channel(row, replace(channel, number=number), item_key(reference))
    facts = {"sequence": str(number)} | ({"party": channel.supplier} if channel.supplier else {})
    record("item-channel-added", reference, by=actor, at=at, facts=facts)
    return queries.item(reference)


@transaction.atomic
def _added(
    new: NewItem,
    key: bytes,
    blob: Blob | None,
    found: Examined | None,
    actor: Actor,
    at: datetime,
) -> Item:
    identity = _new_identity(new)
    sources = queries.several(new.derived_from) if new.derived_from else ()
    media_type = found.media_type if found else new.media_type
    columns = _columns(replace(new, media_type=media_type), identity, key, blob, actor, at)
    row = inserted(models.Item, LETTERS, columns)
    keeping._keep_key(row, key)
    if blob is not None:
        keeping._note_content(row.pk, blob)
    if found is not None:
        intake.keep_examination(row.reference, found, at)
    _keep_channel(row, replace(new.channel, number=1), key)
    finding._keep_words(row, new.description)
    for source in sorted(sources, key=lambda each: each.reference):  # one order of locks
        origin = _locked_item(source.reference)
        if not new.channel.supplier:
            require_kept(source.reference)
        models.Derivation.objects.create(item=row, source=origin)
    done = [Done("item-added", row.reference, _facts(new, blob), by=actor)]
    done += _begun(row, key, _first_act(new, at), new.custody, by=actor, at=at)
    record_all(done, at=at)
    return queries.item(row.reference)


def _first_act(new: NewItem, at: datetime) -> NewAct:
    """With which our custody begins: where and when the item came into our own hands."""
    acquired = new.description.acquisition
    words = CustodyWords(marks=new.description.marks)
    if new.channel.supplier:
        return NewAct(new.first_act, words, counterpart=new.channel.supplier)
    words = replace(words, place=acquired.place, reason=acquired.how)
    happened = acquired.at if acquired.at is not None and acquired.at <= at else None
    return NewAct(new.first_act, words, happened_at=happened)


def _columns(
    new: NewItem, identity: str, key: bytes, blob: Blob | None, actor: Actor, at: datetime
) -> dict[str, object]:
    return {
        "identity": identity,
        "kind": new.kind,
        "rank": new.rank,
        "case_file": _case_file(new.case) if new.case else None,
        "sealed": keeping.seal_words(key, description_document(new.description), DESCRIPTION),
        "blob": blob.name if blob else "",
        "media_type": new.media_type,
        "size": blob.size if blob else None,
        "digest": blob.digest if blob else "",
        "return_by": new.return_by,
        "added_by": actor.reference,
        "added_at": at,
    }


def _facts(new: NewItem, blob: Blob | None) -> dict[str, str]:
    facts = {"kind": new.kind.value, "state": new.rank.value}
    if blob is not None:
        facts |= {"digest": blob.digest, "size": str(blob.size)}
    if new.case:
        facts["case"] = new.case
    if new.channel.supplier:
        facts["party"] = new.channel.supplier
    if new.derived_from:
        facts["references"] = ",".join(new.derived_from[:MOST_NAMED])
        facts["count"] = str(len(new.derived_from))
    return facts


def _new_identity(new: NewItem) -> str:
    if not new.identity:
        return str(uuid.uuid4())
    known = models.Item.objects.filter(identity=new.identity).first()
    if known is not None:
        raise IdentityKnownError(reference=known.reference)
    return new.identity


def _case_file(case: str) -> models.CaseFile:
    found = models.CaseFile.objects.filter(reference=case).first()
    if found is None:
        raise UnknownCaseFileError(case=case)
    if found.closed_at is not None:
        raise CaseFileClosedError(case=case)
    return found


def _keep_channel(row: models.Item, channel: Channel, key: bytes) -> None:
    """Keep what came with the item; restrictions in words are sealed under its key."""
    ceilings.require_import(channel)
    words = sorted(channel.marking.restrictions)
    models.Channel.objects.create(
        item=row,
        number=channel.number,
        supplier=channel.supplier,
        supplied_on=channel.supplied_on,
        instrument=channel.instrument,
        form=channel.form.value if channel.form else "",
        requested_on=channel.requested_on,
        message=channel.message,
        marking=open_document(channel.marking),
        sealed=keeping.seal_words(key, words, RESTRICTIONS) if words else b"",
    )


def _claim_obstacle(field: str, text: str) -> str:
    if field not in CLAIMABLE:
        return N_("it names no field of a description")
    if not text.strip():
        return N_("it says nothing")
    if misleads(text):
        return N_("it holds signs that nobody sees, or that turn others around")
    if len(text) > LONGEST_CLAIM:
        return Phrase(
            N_("it has {found} letters, and {most} at most are kept"),
            found=len(text),
            most=LONGEST_CLAIM,
        )
    return ""
