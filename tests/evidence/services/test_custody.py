# SPDX-License-Identifier: Apache-2.0
"""Custody is chained with digests that were read; what is wrong withholds certification only."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from comity.evidence.alarm import AlarmKind
from comity.evidence.custody import CustodyAct, CustodyWords, Fault, Given, words_digest
from comity.evidence.item import ItemKind
from comity.evidence.new_item import MisleadingWordsError
from comity.reference.taxonomy import Purpose
from tests.support.evidence import (
    AT,
    CASE_OFFICER,
    CONTENT,
    CUSTODIAN,
    an_item,
    an_object,
    supplied,
)
from tests.support.officers import journal_acts

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]
LATER = AT + timedelta(hours=1)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def damage(home: Path) -> Path:
    """Alter a byte of the one file that the store holds."""
    (file,) = [path for path in (home / "evidence" / "content").rglob("*") if path.is_file()]
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)
    return file


def test_an_item_begins_with_how_it_came_and_each_act_has_the_digest_as_read() -> None:
    from comity.evidence.queries import custody as queries
    from comity.evidence.services import custody

    made = an_item()
    words = CustodyWords(place="Laboratory two", reason="Which ink?")
    act = custody.NewAct(CustodyAct.ANALYSED, words, purpose=Purpose.ADMIN_ENQUIRY.value)
    event = custody.record_by_hand(made.reference, act, by=CUSTODIAN, at=LATER)

    found = queries.custody(made.reference)
    assert [e.act for e in found.events] == [CustodyAct.MADE, CustodyAct.ANALYSED]
    assert found.holds
    assert (event.digest_before, event.digest_after) == (DIGEST, DIGEST)
    assert event.authority == "XN"
    kept, salt = custody.words_inside(made.reference)[2]
    assert kept == words
    assert words_digest(words, salt) == event.words_digest
    assert ("custody-recorded", made.reference, CUSTODIAN.reference) in journal_acts()


@pytest.mark.parametrize("field", ["place", "reason", "counterpart", "marks"])
def test_what_is_written_of_an_act_does_not_mislead(field: str) -> None:
    from comity.evidence.services import custody

    said = "Room \u202e7"
    words = CustodyWords(**{field: (said,) if field == "marks" else said})

    with pytest.raises(MisleadingWordsError):
        custody._check(custody.NewAct(CustodyAct.STORED, words))


def test_damaged_content_withholds_certification_and_hides_nothing(evidence_home: Path) -> None:
    from comity.evidence.queries import alarms, items
    from comity.evidence.queries import custody as queries
    from comity.evidence.services import integrity, keeping

    made = an_item()
    file = evidence_home / "evidence" / "content"
    file = damage(evidence_home)
    whole = bytearray(file.read_bytes())
    whole[-20] ^= 1

    found = integrity.verify_slice(at=LATER)

    assert found.withheld == (made.reference,)
    assert not items.item(made.reference).certifiable
    assert [a.kind for a in alarms.open_alarms(item=made.reference)] == [AlarmKind.CONTENT_DAMAGED]
    assert [f.fault for f in queries.custody(made.reference).findings] == [Fault.CONTENT_DAMAGED]
    assert keeping.description_inside(made.reference).title

    file.write_bytes(whole)  # as from a backup
    assert integrity.verify_item(made.reference, at=LATER).holds
    assert items.item(made.reference).certifiable
    assert queries.custody(made.reference).events[-1].act is CustodyAct.VERIFIED


def test_missing_content_is_told_once_and_counted_again(evidence_home: Path) -> None:
    from comity.evidence.queries import alarms
    from comity.evidence.services import integrity

    made = an_item()
    damage(evidence_home).unlink()
    integrity.verify_slice(at=LATER)
    integrity.verify_slice(at=LATER)

    (alarm,) = alarms.open_alarms()
    assert (alarm.kind, alarm.item) == (AlarmKind.CONTENT_MISSING, made.reference)


def test_a_noted_gap_withholds_certification_for_good() -> None:
    from comity.evidence.queries import alarms, items
    from comity.evidence.services import alarms as closing
    from comity.evidence.services import custody

    made = an_object()
    gap = custody.NewAct(CustodyAct.GAP_NOTED, CustodyWords(reason="Nobody knows where it was."))
    custody.record_by_hand(made.reference, gap, by=CASE_OFFICER, at=LATER)
    (alarm,) = alarms.open_alarms()

    closing.close_alarm(alarm.reference, reason="Asked everybody.", by=CUSTODIAN, at=LATER)

    assert alarm.kind is AlarmKind.CUSTODY_GAP
    assert not items.item(made.reference).certifiable
    assert alarms.open_alarms() == ()
    with pytest.raises(closing.EvidenceAlarmClosedError):
        closing.close_alarm(alarm.reference, reason="Again.", by=CUSTODIAN, at=LATER)


def test_an_act_is_dated_neither_before_the_last_nor_after_now() -> None:
    from comity.evidence.services import custody

    made = an_object()
    for wrong in (AT - timedelta(days=1), LATER + timedelta(minutes=1)):
        act = custody.NewAct(CustodyAct.SEALED, happened_at=wrong)
        with pytest.raises(custody.CustodyOutOfOrderError):
            custody.record_by_hand(made.reference, act, by=CUSTODIAN, at=LATER)
    act = custody.NewAct(CustodyAct.HANDED_OVER)
    with pytest.raises(custody.NotByHandError):
        custody.record_by_hand(made.reference, act, by=CUSTODIAN, at=LATER)


def test_an_altered_row_shows_in_the_chain() -> None:
    import pgtrigger

    from comity.evidence import models
    from comity.evidence.queries import custody as queries
    from comity.evidence.services import integrity

    made = an_object()
    with pgtrigger.ignore("evidence.CustodyEvent:custody_stays"):  # as who has the database
        models.CustodyEvent.objects.update(by="OFF-00099")

    integrity.verify_slice(at=LATER)

    assert [f.fault for f in queries.custody(made.reference).findings] == [Fault.EVENT_ALTERED]


def test_a_row_of_custody_can_be_neither_changed_nor_removed() -> None:
    from django.db import ProgrammingError, transaction

    from comity.evidence import models

    an_object()
    with pytest.raises(ProgrammingError), transaction.atomic():
        models.CustodyEvent.objects.update(by="OFF-00099")
    with pytest.raises(ProgrammingError), transaction.atomic():
        models.CustodyEvent.objects.all().delete()


def test_custody_goes_on_where_the_supplier_left_it() -> None:
    from comity.evidence.queries import custody as queries
    from comity.evidence.services import custody

    made = an_object(ItemKind.SAMPLE)
    act = custody.NewAct(CustodyAct.SEALED, CustodyWords(marks=("XS-1",)))
    custody.record_by_hand(made.reference, act, by=CUSTODIAN, at=AT)
    words = custody.words_inside(made.reference)
    events = queries.custody(made.reference).events
    # As Southland's node would have kept it: the same item under its own identity there.
    identity = "0b0e7b0a-6a9d-4c0b-9f5e-2f7f1f1d2a10"
    chain = _as_of(identity, events)
    given = tuple(Given(e, *words.get(e.number, (None, b""))) for e in chain)

    taken = an_object(
        ItemKind.SAMPLE, channel=supplied(), identity=identity, custody=given, at=LATER
    )

    found = queries.custody(taken.reference)
    assert [e.act for e in found.events] == [
        CustodyAct.RECEIVED,
        CustodyAct.SEALED,
        CustodyAct.RECEIVED,
    ]
    assert found.holds
    assert found.events[2].previous == chain[1].digest
    assert custody.words_inside(taken.reference)[2][0].marks == ("XS-1",)


def test_what_is_wrong_with_a_suppliers_custody_is_kept_and_shown() -> None:
    from comity.evidence.queries import custody as queries
    from comity.evidence.queries import items

    made = an_object()
    identity = "0b0e7b0a-6a9d-4c0b-9f5e-2f7f1f1d2a11"
    (event,) = _as_of(identity, queries.custody(made.reference).events)

    taken = an_object(
        channel=supplied(),
        identity=identity,
        custody=(Given(replace(event, by="OFF-00099")),),
        at=LATER,
    )

    assert not items.item(taken.reference).certifiable
    assert [f.fault for f in queries.custody(taken.reference).findings] == [Fault.EVENT_ALTERED]


def _as_of(identity: str, events: tuple[object, ...]) -> list[object]:
    """The same acts of another item, chained anew."""
    from comity.evidence.custody import chained

    made: list[object] = []
    for event in events:
        other = replace(event, item=identity, authority="XS")
        made.append(chained(other, made[-1] if made else None))
    return made
