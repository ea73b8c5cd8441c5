# SPDX-License-Identifier: Apache-2.0
"""Packing items for a partner's reply or a court: decided at the door, proved, sealed, verified.

(1) The door lets each item out, or nothing is packed. (2) Every item needs a statement; what is
withheld is withheld from it; certified copies and a witness of the journal are sought where they
are wanted. (3) The files are written once, in constant memory, and sealed. (4) The package is
verified by the very file that its recipient uses. (5) What left is recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.agreements.queries import own_administration
from comity.evidence import bundle_index, models, verify
from comity.evidence.custody import CustodyAct, event_document
from comity.evidence.item import Item
from comity.evidence.package import (
    Content,
    Disclosure,
    Listed,
    Package,
    PackageKind,
    PackedItem,
    PackedStatement,
    folder_of,
    paginated,
    write_package,
)
from comity.evidence.packing import (
    MOST_ITEMS,
    Choice,
    NotCertifiedError,
    NothingToPackError,
    PackageBrokenError,
    Packed,
    PackingStep,
    Told,
    Wanted,
    chains,
    disclosure_of,
    has_parts,
    has_whole_file,
    limited,
    nobody,
    pages_shown,
    parts_shown,
    shown,
    withheld_of,
)
from comity.evidence.queries import items as items_queries
from comity.evidence.queries.custody import custodies
from comity.evidence.redaction import Withheld
from comity.evidence.services import custody as custody_services
from comity.evidence.services import packed_copies, proving_material, seals, way_out
from comity.evidence.services.custody import NewAct
from comity.evidence.services.disclosing import record_disclosure
from comity.evidence.services.packed_items import given_to, hold_items, next_reference
from comity.evidence.services.redacting import withheld_by
from comity.evidence.services.stated import Stated, latest_inside
from comity.evidence.services.waiting_for_witness import wait_for_witness
from comity.evidence.stated_fields import KIND, RANK
from comity.evidence.statement import CHUNK, ItemLeaves
from comity.evidence.way_out import IntendedRecipient, Let, WayOut
from comity.exchange.message_state import Direction
from comity.handling.marking import marking_document
from comity.journal.services import record


@dataclass(frozen=True, slots=True)
class _Chosen:
    """An item that goes into the package, with all that is known of it."""

    item: Item
    let: Let
    stated: tuple[Stated, ...]
    leaves: tuple[ItemLeaves, ...]
    """Of each statement, without what is withheld."""
    copy: Let | None = None
    """The certified copy that goes in beside it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A package that was written and verified, of which nothing is recorded yet."""

    number: int
    package: Package
    chosen: tuple[_Chosen, ...]
    packed: Packed
    recipient: IntendedRecipient | None


def pack(
    wanted: Wanted, sink: BinaryIO, *, by: Officer, at: datetime, told: Told = nobody
) -> Packed:
    """Make a package and write it to the sink, which can be read and written anywhere.

    Raises:
        NotLetOutError: the law or what was laid on an item does not permit it.
        NotCertifiedError: an item stands in no statement.
        UnknownLeafError, NotWithholdableError: what is to be withheld cannot be.
        CopyMissingError, CopiesAwaitFinalError: a certified copy that was asked for.
        PackageBrokenError: what was made does not verify; nothing is to be handed out.
    """
    return keep_package(make_package(wanted, sink, by=by, at=at, told=told), by=by, at=at)


def make_package(
    wanted: Wanted, sink: BinaryIO, *, by: Officer, at: datetime, told: Told = nobody
) -> Made:
    """Steps 1 to 4, which may take their time and so belong before any transaction."""
    told(PackingStep.DECIDING, 0, len(wanted.items))
    chosen = _with_copies(wanted, _chosen(wanted, by=by, at=at), by=by, at=at, told=told)
    if wanted.wait_for_witness:
        told(PackingStep.WITNESSING, 0, wanted.wait_for_witness)
        wait_for_witness(_statements_of(chosen), wanted.wait_for_witness, at=at)
    number, reference = next_reference()
    package = _indexed(_package(reference, wanted, chosen, at=at), wanted)
    size = write_package(package, sink, partial(_sealed, at=at), partial(told, PackingStep.WRITING))
    told(PackingStep.VERIFYING, 0, 0)
    packed = Packed(
        reference=reference,
        kind=wanted.kind,
        digest=_verified(reference, sink),
        size=size,
        items=tuple(each.item.reference for each in chosen),
        withheld=sum(sum(withheld_of(each.leaves).values()) for each in chosen),
        at=at,
    )
    return Made(number, package, tuple(chosen), packed, wanted.recipient)


@transaction.atomic
def keep_package(
    made: Made, *, by: Officer, at: datetime, message: str = "", blob: str = ""
) -> Packed:
    """Step 5; `message` and `blob` say by which message it goes and where its file lies."""
    at = require_kept(made, at=at)
    _keep(made, message=message, blob=blob, by=by)
    _record(made, by=by, at=at)
    return replace(made.packed, message=message)


def require_kept(made: Made, *, at: datetime) -> datetime:
    """Lock all that goes, before anything is journalled; the moment at which it is recorded.

    Raises:
        ItemsGoneError: an item was destroyed since the door let it out.
    """
    copies = [one.copy.item for one in made.chosen if one.copy]
    return hold_items([*made.packed.items, *copies], made.packed.reference, at=at)


def _chosen(wanted: Wanted, *, by: Officer, at: datetime) -> list[_Chosen]:
    """Steps 1 and 2."""
    references = [choice.item for choice in wanted.items]
    if len(set(references)) != len(references) or not 0 < len(references) <= MOST_ITEMS:
        raise NothingToPackError(most=MOST_ITEMS, found=len(references))
    lets = way_out.let_out(
        references, WayOut.PACKAGE, by=by, at=at, use=wanted.use, recipient=wanted.recipient
    )
    for let in lets:
        if not let.permitted:
            way_out.description(let)  # which says why not
    items, stated = items_queries.several(references), latest_inside(references)
    return [
        _one(choice, item, let, stated[item.reference])
        for choice, item, let in zip(wanted.items, items, lets, strict=True)
    ]


def _one(choice: Choice, item: Item, let: Let, stated: tuple[Stated, ...]) -> _Chosen:
    if not stated:
        raise NotCertifiedError(item=item.reference)
    withheld: Withheld = {**withheld_by(choice.redaction, item.reference), **choice.withheld}
    leaves = tuple(limited(each.leaves, withheld) for each in stated)
    return _Chosen(item, let, stated, leaves)


def _with_copies(
    wanted: Wanted, chosen: Sequence[_Chosen], *, by: Officer, at: datetime, told: Told
) -> list[_Chosen]:
    """Each item that goes whole with its certified copy, where copies are wanted."""
    whole = [
        one.item.reference
        for one in chosen
        if disclosure_of(one.item, one.leaves) is Disclosure.WHOLE
    ]
    copies = packed_copies.copies_for(whole, wanted, by=by, at=at, told=told)
    return [replace(one, copy=copies.get(one.item.reference)) for one in chosen]


def _statements_of(chosen: Sequence[_Chosen]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.statement for one in chosen for each in one.stated))


def _indexed(package: Package, wanted: Wanted) -> Package:
    """A bundle for a court with the page that lists what is in it."""
    if wanted.kind is not PackageKind.COURT:
        return package
    page = bundle_index.index_page(package, wanted.language)
    return replace(package, others={**package.others, bundle_index.NAME: page})


def _package(reference: str, wanted: Wanted, chosen: Sequence[_Chosen], *, at: datetime) -> Package:
    """Step 3: everything that is to be written, contents not yet read."""
    folders = _folders(chosen)
    counts = [len(pages_shown(each.leaves)) for each in chosen]
    events = _events(chosen)
    items = tuple(
        _packed(place, each, folders, events[each.item.reference], first)
        for place, (each, first) in enumerate(zip(chosen, paginated(counts), strict=True), start=1)
    )
    found = [each.let.determination for each in chosen if each.let.determination is not None]
    governing = next((one.governing for one in found if one.governing), "")
    return Package(
        reference=reference,
        kind=wanted.kind,
        sender=own_administration(),
        recipient=wanted.to,
        at=at,
        case=wanted.case,
        purpose=wanted.use.purpose.value if wanted.use else "",
        items=items,
        statements=_statements(chosen, folders),
        instrument=governing,
        others=_others(wanted, chosen, at=at),
    )


def _folders(chosen: Sequence[_Chosen]) -> dict[str, str]:
    """A folder for each statement, in the order in which items name them."""
    return {name: folder_of(n) for n, name in enumerate(_statements_of(chosen), start=1)}


def _statements(
    chosen: Sequence[_Chosen], folders: Mapping[str, str]
) -> tuple[PackedStatement, ...]:
    leaves: dict[str, list[ItemLeaves]] = {reference: [] for reference in folders}
    sealed: dict[str, Stated] = {}
    for one in chosen:
        for stated, shown_leaves in zip(one.stated, one.leaves, strict=True):
            leaves[stated.statement].append(shown_leaves)
            sealed[stated.statement] = stated
    return tuple(
        PackedStatement(
            folder, sealed[ref].named, sealed[ref].issuer, sealed[ref].head, sealed[ref].signature,
            tuple(leaves[ref]),
        )
        for ref, folder in folders.items()
    )  # fmt: skip


def _events(chosen: Sequence[_Chosen]) -> dict[str, list[dict[str, Any]]]:
    """The custody of each item as we recorded it, with words."""
    references = [each.item.reference for each in chosen]
    words = custody_services.all_words_inside(references)
    return {
        reference: [
            event_document(event, *words[reference].get(event.number, (None, b"")))
            for event in custody.events
        ]
        for reference, custody in custodies(references).items()
    }


def _packed(
    place: int,
    one: _Chosen,
    folders: Mapping[str, str],
    events: list[dict[str, Any]],
    first_page: int,
) -> PackedItem:
    item, pages = one.item, pages_shown(one.leaves)
    named = [folders[each.statement] for each in one.stated]
    names = [shown(leaves) for leaves in one.leaves]
    fields = {
        folder: {n: v for n, v in each.values.fields.items() if n in disclosed}
        for folder, each, disclosed in zip(named, one.stated, names, strict=True)
    }
    stated = [
        (folder, each.issuer, each.values.custody, leaves)
        for folder, each, leaves in zip(named, one.stated, one.leaves, strict=True)
    ]
    title = next(
        (str(f["description/title"]) for f in fields.values() if "description/title" in f), ""
    )
    whole, certified = has_whole_file(item, one.leaves), one.stated[-1].values.fields
    return PackedItem(
        listed=Listed(
            folder=folder_of(place),
            identity=item.identity,
            kind=str(certified.get(KIND, item.kind.value)),
            rank=str(certified.get(RANK, item.rank.value)),
            disclosure=disclosure_of(item, one.leaves),
            statements=tuple(named),
            marking=marking_document(one.let.marking),
            title=title,
            first_page=first_page,
            pages=len(pages),
            derived_from=_identities(item.derived_from),
        ),
        fields=fields,
        custody=chains(events, stated),
        content=partial(way_out.content, one.let) if whole else None,
        pages={number: _page(one, number) for number in pages},
        chunks={} if whole else _parts(one),
        copy=partial(way_out.content, one.copy) if one.copy else b"",
    )


def _identities(references: Sequence[str]) -> tuple[str, ...]:
    return tuple(e.identity for e in items_queries.several(references)) if references else ()


def _page(one: _Chosen, number: int) -> Content:
    blob = next(each.values.pages[number] for each in one.stated if number in each.values.pages)
    return partial(way_out.rendition, one.let, blob)


def _parts(one: _Chosen) -> dict[int, Content]:
    """The parts of the file that are disclosed where others are not."""
    held = [parts_shown(each.leaves) for each in one.stated if has_parts(each.leaves)]
    if not held:
        return {}
    left = set.intersection(*(set(parts_shown(each)) for each in one.leaves if has_parts(each)))
    # Of a file that came in parts, only those lie here, one after the other.
    return {n: _chunk(one.let, held[0].index(n)) for n in sorted(left)}


def _chunk(let: Let, place: int) -> Content:
    with way_out.content(let) as content:
        content.seek(place * CHUNK)
        return content.read(CHUNK)


def _others(wanted: Wanted, chosen: Sequence[_Chosen], *, at: datetime) -> dict[str, Content]:
    found = {
        each.item.identity: each.let.determination
        for each in chosen
        if each.let.determination is not None
    }
    messages = [c.message for each in chosen for c in each.item.channels if c.message]
    suppliers = {c.supplier for each in chosen for c in each.item.channels if c.supplier}
    partners = suppliers | ({wanted.to} if wanted.kind is PackageKind.REPLY else set())
    statements, known = _statements_of(chosen), sorted(partners)
    return {
        **proving_material.law_files(found),
        **proving_material.exchange_files([*messages, *wanted.messages]),
        **proving_material.journal_files(statements, known, at=at),
        **proving_material.renewal_files(statements),
        **proving_material.trust_files(known, at=at),
    }


def _sealed(digests: Mapping[str, bytes], *, at: datetime) -> bytes:
    return seals.seal_digests(digests, at=at).content


def _verified(reference: str, sink: BinaryIO) -> str:
    """Step 4; the digest of the file."""
    report = verify.verify(sink)
    for finding in report.findings:
        if finding.state == verify.FAILS:
            raise PackageBrokenError(package=reference, step=finding.step)
    sink.seek(0)
    return hashlib.file_digest(sink, "sha256").hexdigest()  # type: ignore[arg-type]  # any file does


def _keep(made: Made, *, message: str, blob: str, by: Officer) -> None:
    package, chosen = made.package, made.chosen
    row = models.Package(
        pk=made.number,
        reference=package.reference,
        named=package.reference,
        kind=package.kind,
        direction=Direction.OUT,
        partner=package.recipient if package.kind is PackageKind.REPLY else "",
        case=package.case,
        purpose=package.purpose,
        instrument=package.instrument,
        digest=made.packed.digest,
        size=made.packed.size,
        message=message,
        blob=blob,
        made_by=by.reference,
        at=package.at,
    )
    row.save(force_insert=True)
    copies = [each.copy.item for each in chosen if each.copy]
    packed = models.Item.objects.filter(reference__in=[*made.packed.items, *copies])
    keys = dict(packed.values_list("reference", "pk"))
    models.PackagedItem.objects.bulk_create(
        models.PackagedItem(
            package=row,
            item_id=keys[each.item.reference],
            copy_id=keys[each.copy.item] if each.copy else None,
            number=place,
            disclosure=disclosure_of(each.item, each.leaves),
            withheld=withheld_of(each.leaves),
        )
        for place, each in enumerate(chosen, start=1)
    )


def _record(made: Made, *, by: Officer, at: datetime) -> None:
    """Step 5: custody says of each item that it was copied, the journal that it was packed."""
    packed, package, actor = made.packed, made.package, by.acting(Permission.VIEW_EVIDENCE)
    read = {
        each.item.reference: each.item.digest
        for each in made.chosen
        if has_whole_file(each.item, each.leaves) or not each.item.digest
    }
    custody_services.record_acts(
        packed.items,
        NewAct(CustodyAct.COPIED, purpose=package.purpose, counterpart=packed.reference),
        by=actor,
        at=at,
        measured=read,
    )
    if packed.kind is PackageKind.COURT:  # what goes to a partner is entered when it is released
        channels = (each.let.channel for each in made.chosen if each.let.channel)
        to, name = given_to(made.recipient)
        record_disclosure(
            packed.items, to, name, source=packed.reference, by=actor, at=at,
            instrument=next((channel.instrument for channel in channels), ""),
        )  # fmt: skip
    facts = {
        "kind": packed.kind.value,
        "digest": packed.digest,
        "count": str(len(packed.items)),
        "size": str(packed.size),
    } | ({"case": package.case} if package.case else {})
    record("package-made", packed.reference, by=actor, at=at, facts=facts)
