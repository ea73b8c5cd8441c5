# SPDX-License-Identifier: Apache-2.0
"""What two persons destroyed is gone for good; a hold beats them; every proof still verifies."""

from __future__ import annotations

import io
import json
import subprocess
from dataclasses import replace

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from comity.accounts.four_eyes import SamePersonError
from comity.accounts.permissions import PermissionMissingError
from comity.agreements.question import Proceeding
from comity.evidence import models
from comity.evidence.item import Description, ItemKind, ItemState, Rank
from comity.evidence.lifetime import (
    DestructionGround,
    DestructionWaitsError,
    EmptyListError,
    HeldInCaseError,
    HoldGround,
    HoldLiftedError,
    HoldTargetError,
    ItemGoneError,
    ListOutgrownError,
    ListSettledError,
    MadeFromErasedError,
    SharedItemError,
    SubjectErasedError,
    UnknownSubjectError,
)
from comity.evidence.new_item import NewItem
from comity.evidence.queries import registers, statements
from comity.evidence.queries.cases import UnknownCaseFileError
from comity.evidence.queries.custody import custody
from comity.evidence.queries.items import item as item_value
from comity.evidence.queries.keys import ItemErasedError, UnknownItemError
from comity.evidence.queries.lifetime import (
    destroyed,
    flags_on,
    holds,
    holds_on,
    require_kept,
    subject,
)
from comity.evidence.queries.seeing import sees_subject
from comity.evidence.services import destroying, erasing, holding
from comity.evidence.services import items as items_services
from comity.evidence.services.destruction_certificates import certify
from comity.evidence.services.keeping import open_content_inside
from comity.evidence.services.using import record_use
from comity.exchange import models as exchange_models
from comity.exchange.note import NOTE
from comity.journal.queries import verify_all as verify_journal
from comity.reference.taxonomy import Purpose
from comity.server.error_pages import status_of
from comity.storage.services import store
from tests.support.evidence import (
    CASE_OFFICER,
    CONTENT,
    CUSTODIAN,
    a_case,
    an_item,
    an_object,
    supplied,
)
from tests.support.evidence_partners import (
    LEGAL_ADVISER,
    PROSECUTOR,
    PROTECTOR,
    UNIT_HEAD,
)
from tests.support.exchange import NOON, File, later

pytestmark = [pytest.mark.db, pytest.mark.django_db]
OVER = DestructionGround.RETENTION_OVER


def a_copy_of(original):
    new = NewItem(
        ItemKind.DOCUMENT,
        Rank.CERTIFIED_COPY,
        Description("A copy"),
        derived_from=(original.reference,),
    )
    return items_services.add(new, io.BytesIO(CONTENT), by=CUSTODIAN, at=NOON)


def listed(*items, by=CUSTODIAN):
    return destroying.draft({item.reference: OVER for item in items}, by=by, at=NOON)


def destroyed_now(*items):
    return destroying.approve(listed(*items).reference, by=PROTECTOR, at=NOON)


def a_message_with(southland, *contents: bytes) -> str:
    """A note of Southland's with these files, all of them here."""
    from comity.exchange.services.receiving import RECEPTION

    files = [File(content, name=f"{number}.bin") for number, content in enumerate(contents)]
    made = southland.envelope(files=files)
    RECEPTION.receive((southland.frame(made, files=files),), partner="XS", at=NOON)
    for number, file in enumerate(files):
        RECEPTION.take_part(made.header.id, number, 0, file.sealed(), partner="XS", at=NOON)
    return str(exchange_models.Message.objects.get(kind=NOTE).reference)


def outcomes(done) -> list[str]:
    return [entry.outcome.value for entry in done.entries]


def test_nobody_approves_what_they_drafted(northland):
    drafted = listed(an_item(), by=PROTECTOR)

    with pytest.raises(SamePersonError):
        destroying.approve(drafted.reference, by=PROTECTOR, at=NOON)
    with pytest.raises(PermissionMissingError):
        destroying.approve(drafted.reference, by=CUSTODIAN, at=NOON)


def test_what_was_destroyed_can_be_read_by_nobody_and_its_record_stays(northland):
    item = an_item()
    record_use(
        item.reference, Purpose.ADMIN_ENQUIRY, Proceeding.NONE, "Court", by=PROSECUTOR, at=NOON
    )

    assert outcomes(destroyed_now(item)) == ["destroyed"]

    with pytest.raises(ItemErasedError):
        open_content_inside(item.reference)
    assert item_value(item.reference).state is ItemState.DESTROYED
    assert [used.forum for used in statements.uses(item.reference)] == [""]
    found = destroyed(item.reference)
    assert (found.digest, found.ground) == (item.digest, OVER)
    with pytest.raises(ItemGoneError, match=found.list) as gone:
        require_kept(item.reference)
    assert status_of(gone.value) == 410
    last = custody(item.reference).events[-1]
    assert (last.act, last.counterpart) == ("destroyed", found.list)
    assert not custody(item.reference).findings


def test_the_folder_keeps_nothing_of_it(northland, tmp_path, django_capture_on_commit_callbacks):
    item = an_item()
    with django_capture_on_commit_callbacks(execute=True):
        destroyed_now(item)

    assert not [path for path in (tmp_path / "evidence" / "content").rglob("*") if path.is_file()]


def test_a_hold_on_the_item_or_its_case_beats_the_list(northland):
    alone, in_case, free = an_item(), an_item(b"two", case=a_case()), an_item(b"three")
    by = {"by": LEGAL_ADVISER, "at": NOON}
    holding.place_hold(HoldGround.COURT_ORDER, "Order 7/26", item=alone.reference, **by)
    hold = holding.place_hold(HoldGround.PROCEEDING, case=in_case.case, **by)

    done = destroyed_now(alone, in_case, free)

    assert sorted(outcomes(done)) == ["destroyed", "held", "held"]
    with open_content_inside(alone.reference) as content:
        assert content.read() == CONTENT
    holding.lift_hold(hold.reference, **by)
    with pytest.raises(HoldLiftedError):
        holding.lift_hold(hold.reference, **by)
    assert outcomes(destroyed_now(in_case)) == ["destroyed"]
    assert holds_on(alone.reference)


def test_an_item_stays_in_a_case_that_is_on_hold(northland):
    in_case = an_item(case=a_case())
    by = {"by": LEGAL_ADVISER, "at": NOON}
    hold = holding.place_hold(HoldGround.PROCEEDING, case=in_case.case, **by)
    moved = {"case": a_case("CASE-2026-8"), "by": CUSTODIAN, "at": NOON}
    with pytest.raises(HeldInCaseError, match=hold.reference):
        items_services.put_in_case(in_case.reference, **moved)

    holding.lift_hold(hold.reference, **by)
    assert items_services.put_in_case(in_case.reference, **moved).case == moved["case"]


def test_nobody_holds_or_lists_items_of_others_cases(northland):
    in_case = an_item(case=a_case())
    with pytest.raises(UnknownItemError):
        holding.place_hold(HoldGround.PROCEEDING, by=PROSECUTOR, at=NOON, item=in_case.reference)
    with pytest.raises(UnknownCaseFileError):
        holding.place_hold(HoldGround.PROCEEDING, by=PROSECUTOR, at=NOON, case=in_case.case)
    hold = holding.place_hold(HoldGround.PROCEEDING, by=LEGAL_ADVISER, at=NOON, case=in_case.case)
    with pytest.raises(UnknownCaseFileError):
        holding.lift_hold(hold.reference, by=PROSECUTOR, at=NOON)
    assert [one.reference for one in holds(officer=PROSECUTOR.reference)] == []
    assert [one.reference for one in holds()] == [hold.reference]
    with pytest.raises(UnknownItemError):
        listed(in_case, by=replace(CASE_OFFICER, reference="OFF-00099"))


def test_a_hold_is_on_one_thing_that_is_still_there(northland):
    item = an_item()
    with pytest.raises(HoldTargetError):
        holding.place_hold(HoldGround.PROCEEDING, by=LEGAL_ADVISER, at=NOON)
    destroyed_now(item)
    with pytest.raises(ItemGoneError):
        holding.place_hold(HoldGround.PROCEEDING, by=LEGAL_ADVISER, at=NOON, item=item.reference)


def test_a_list_is_decided_once_and_names_what_is_still_kept(northland):
    item = an_item()
    drafted = listed(item)
    destroying.refuse(drafted.reference, by=PROTECTOR, at=NOON)
    with pytest.raises(ListSettledError):
        destroying.approve(drafted.reference, by=UNIT_HEAD, at=NOON)
    again, twice = listed(item), listed(item)
    destroying.approve(again.reference, by=PROTECTOR, at=NOON)
    done = destroying.approve(twice.reference, by=PROTECTOR, at=NOON)
    assert outcomes(done) == ["gone-before"]
    with pytest.raises(EmptyListError):
        listed(item)


def test_what_was_made_of_it_is_flagged(northland):
    item = an_item()
    made = an_item(b"extract", derived_from=(item.reference,))

    destroyed_now(item)

    assert [flag.code for flag in flags_on(made.reference)] == ["input-destroyed"]


def test_the_files_that_the_exchange_brought_go_too_and_their_receipts_stay(
    southland, django_capture_on_commit_callbacks
):
    from comity.exchange.queries.messages import evidences

    message = a_message_with(southland, CONTENT, b"of another item")
    item = an_item(channel=supplied(message=message))
    again = store().put(io.BytesIO(CONTENT))

    with django_capture_on_commit_callbacks(execute=True):
        destroyed_now(item)

    assert not store().has(item.digest)
    assert again.name not in set(store().names())
    assert not exchange_models.Part.objects.exclude(blob="").exists()
    assert [one.evidence.kind.value for one in evidences(message)] == ["relayed"]


def test_a_certificate_names_no_content_and_its_seal_and_document_hold(northland, tmp_path):
    item, thing = an_item(), an_object()
    done = destroyed_now(item, thing)

    made = certify(done.reference, at=NOON)

    said = json.loads(made.document)
    assert [entry["identity"] for entry in said["entries"]] == [item.identity, thing.identity]
    assert said["entries"][0]["digest"] == item.digest
    assert (said["drafted_by"], said["approved_by"]) == (CUSTODIAN.reference, PROTECTOR.reference)
    assert b"List of consignments" not in made.document
    assert certify(done.reference, at=NOON) == made
    (tmp_path / "certificate.pdf").write_bytes(made.pdf)
    text = subprocess.run(
        ["pdftotext", "certificate.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    ).stdout
    assert item.reference.encode() in text


# Erasure of a person


def test_erasing_a_person_destroys_the_name_and_the_items_and_the_journal_still_verifies(
    northland,
):
    item = an_item()
    person = erasing.add_subject("A. Person", [item.reference], by=CUSTODIAN, at=NOON)
    assert erasing.open_name(person.reference, by=PROTECTOR, at=NOON) == "A. Person"

    drafted = erasing.draft_erasure(person.reference, by=PROTECTOR, at=NOON)
    with pytest.raises(SamePersonError):
        destroying.approve(drafted.reference, by=PROTECTOR, at=NOON)
    destroying.approve(drafted.reference, by=UNIT_HEAD, at=NOON)

    assert subject(person.reference).erased_at == NOON
    row = models.Subject.objects.get()
    assert (bytes(row.sealed_key), bytes(row.sealed)) == (b"", b"")
    assert not models.ItemKey.objects.exists()
    with pytest.raises(SubjectErasedError):
        erasing.open_name(person.reference, by=PROTECTOR, at=NOON)
    assert verify_journal().holds


def test_of_a_person_in_a_case_of_others_neither_name_nor_items_are_known(northland):
    item = an_item(case=a_case())
    person = erasing.add_subject("A. Person", [item.reference], by=CUSTODIAN, at=NOON)
    stranger = replace(CASE_OFFICER, reference="OFF-00099")

    with pytest.raises(UnknownSubjectError):
        erasing.open_name(person.reference, by=stranger, at=NOON)
    with pytest.raises(UnknownItemError):
        erasing.add_subject("B. Person", [item.reference], by=stranger, at=NOON)
    with pytest.raises(UnknownSubjectError):
        erasing.link_items(person.reference, [], by=stranger, at=NOON)

    assert erasing.open_name(person.reference, by=CASE_OFFICER, at=NOON) == "A. Person"
    assert not sees_subject(person, stranger)


def test_items_about_others_too_go_only_where_somebody_said_so(northland):
    alone, both = an_item(), an_item(b"about two")
    by = {"by": CUSTODIAN, "at": NOON}
    first = erasing.add_subject("A. Person", [alone.reference, both.reference], **by)
    second = erasing.add_subject("B. Person", [both.reference], **by)

    with pytest.raises(SharedItemError, match=both.reference):
        erasing.draft_erasure(first.reference, by=PROTECTOR, at=NOON)
    drafted = erasing.draft_erasure(first.reference, by=PROTECTOR, at=NOON, kept=[both.reference])
    destroying.approve(drafted.reference, by=UNIT_HEAD, at=NOON)

    assert item_value(both.reference).state is ItemState.HELD
    assert erasing.open_name(second.reference, by=PROTECTOR, at=NOON) == "B. Person"
    drafted = erasing.draft_erasure(second.reference, by=PROTECTOR, at=NOON)
    destroying.approve(drafted.reference, by=UNIT_HEAD, at=NOON)
    assert item_value(both.reference).state is ItemState.DESTROYED


def test_what_was_made_from_an_erased_item_goes_or_stays_by_decision_and_never_unseen(northland):
    item = an_item()
    person = erasing.add_subject("A. Person", [item.reference], by=CUSTODIAN, at=NOON)
    extract = an_item(b"extract", derived_from=(item.reference,))
    table = an_item(b"a table of forty", derived_from=(extract.reference,))
    by = {"by": PROTECTOR, "at": NOON}

    with pytest.raises(MadeFromErasedError, match=f"{extract.reference}, {table.reference}"):
        erasing.draft_erasure(person.reference, **by)
    decided = {"shared": [extract.reference], "kept": [table.reference, item.reference]}
    drafted = erasing.draft_erasure(person.reference, **by, **decided)

    assert [each.item for each in drafted.entries] == [item.reference, extract.reference]
    late = an_item(b"late", derived_from=(extract.reference,), at=later(minutes=5))
    with pytest.raises(ListOutgrownError, match=late.reference):
        destroying.approve(drafted.reference, by=UNIT_HEAD, at=later(minutes=9))


def test_a_person_whose_item_is_held_stays_known_until_the_hold_is_lifted(northland):
    item = an_item()
    person = erasing.add_subject("A. Person", [item.reference], by=CUSTODIAN, at=NOON)
    holding.place_hold(HoldGround.PROCEEDING, by=LEGAL_ADVISER, at=NOON, item=item.reference)

    drafted = erasing.draft_erasure(person.reference, by=PROTECTOR, at=NOON)
    done = destroying.approve(drafted.reference, by=UNIT_HEAD, at=NOON)

    assert outcomes(done) == ["held"]
    assert erasing.open_name(person.reference, by=PROTECTOR, at=NOON) == "A. Person"


def test_a_certified_copy_goes_with_its_original(northland):
    original = an_item()
    copy = a_copy_of(original)

    done = destroyed_now(original)

    assert {entry.item for entry in done.entries} == {original.reference, copy.reference}
    with pytest.raises(ItemErasedError):
        open_content_inside(copy.reference)


def test_a_copy_made_since_the_list_was_drafted_stops_it_until_it_is_drafted_anew(northland):
    original = an_item()
    drafted = listed(original)
    copy = a_copy_of(original)

    with pytest.raises(ListOutgrownError, match=copy.reference):
        destroying.approve(drafted.reference, by=PROTECTOR, at=NOON)

    with open_content_inside(original.reference) as content:
        assert content.read() == CONTENT
    destroying.withdraw(drafted.reference, by=CUSTODIAN, at=NOON)
    assert outcomes(destroyed_now(original)) == ["destroyed", "destroyed"]


def test_nothing_is_made_any_more_from_what_was_destroyed(northland):
    original = an_item()
    destroyed_now(original)

    with pytest.raises(ItemGoneError):
        a_copy_of(original)


def test_nobody_is_linked_to_what_waits_to_be_destroyed(northland):
    item, other = an_item(), an_item(b"two")
    by = {"by": CUSTODIAN, "at": NOON}
    person = erasing.add_subject("A. Person", [item.reference], **by)
    drafted = erasing.draft_erasure(person.reference, by=PROTECTOR, at=NOON)

    with pytest.raises(DestructionWaitsError, match=drafted.reference):
        erasing.link_items(person.reference, [other.reference], **by)
    with pytest.raises(DestructionWaitsError, match=drafted.reference):
        erasing.add_subject("B. Person", [item.reference], **by)

    destroying.refuse(drafted.reference, by=UNIT_HEAD, at=NOON)
    erasing.link_items(person.reference, [other.reference], **by)


def test_a_file_that_outlived_the_process_is_removed_by_the_task_that_the_list_asked_for(
    northland, monkeypatch, django_capture_on_commit_callbacks
):
    item = an_item()
    blob = store().put(io.BytesIO(b"a package with the item")).name
    columns = {"kind": "court", "direction": "out", "size": 23, "at": NOON, "blob": blob}
    package = models.Package.objects.create(reference="PKG-00001", **columns)
    row = models.Item.objects.get(reference=item.reference)
    models.PackagedItem.objects.create(package=package, item=row, number=1, disclosure="whole")

    with pytest.raises(OSError, match="power"):
        cut_short(item, monkeypatch, django_capture_on_commit_callbacks)
    assert blob in set(store().names())
    assert ProcrastinateJob.objects.filter(task_name="evidence.forget_erased").exists()

    with django_capture_on_commit_callbacks(execute=True):
        assert destroying.forget_what_is_erased() == 1
    assert blob not in set(store().names())
    package.refresh_from_db()
    assert package.blob == ""
    assert destroying.forget_what_is_erased() == 0


def test_a_message_keeps_naming_its_file_until_that_is_gone(
    southland, monkeypatch, django_capture_on_commit_callbacks
):
    message = a_message_with(southland, CONTENT)
    item = an_item(channel=supplied(message=message))

    with pytest.raises(OSError, match="power"):
        cut_short(item, monkeypatch, django_capture_on_commit_callbacks)
    assert exchange_models.Part.objects.exclude(blob="").exists()

    with django_capture_on_commit_callbacks(execute=True):
        destroying.forget_what_is_erased()
    assert not store().has(item.digest)
    assert not exchange_models.Part.objects.exclude(blob="").exists()


def cut_short(item, monkeypatch, commits) -> None:
    """Destroy it on a node that dies before the first file is removed."""

    def dies(*_: object) -> None:
        raise OSError("the power is gone")

    with monkeypatch.context() as node, commits(execute=True):
        node.setattr(type(store()), "remove", dies)
        destroyed_now(item)


def test_the_register_of_destructions_is_exported_without_words(northland):
    item = an_item()
    destroyed_now(item)

    table = registers.as_csv(registers.Register.DESTRUCTIONS)

    assert item.digest in table
    assert "List of consignments" not in table
