# SPDX-License-Identifier: Apache-2.0
"""A chain of custody says by itself what is missing from it and what does not agree."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.evidence.custody import (
    FAULT_WORDS,
    LEAVES,
    Custody,
    CustodyAct,
    CustodyEvent,
    CustodyUnreadableError,
    CustodyWords,
    Fault,
    Finding,
    chained,
    event_document,
    examine,
    read_event,
    read_words,
    words_digest,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ITEM = "0b0e7b0a-6a9d-4c0b-9f5e-2f7f1f1d2a10"
DIGEST = hashlib.sha256(b"content").hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
HARMLESS = [CustodyAct.STORED, CustodyAct.COPIED, CustodyAct.ANALYSED, CustodyAct.TRANSMITTED]


def chain(*acts: CustodyAct, digest: str = DIGEST) -> list[CustodyEvent]:
    """These acts, one an hour, after the item was received."""
    made: list[CustodyEvent] = []
    for number, act in enumerate((CustodyAct.RECEIVED, *acts)):
        event = CustodyEvent(
            item=ITEM,
            number=0,
            act=act,
            at=AT + timedelta(hours=number),
            by="OFF-00011",
            role="evidence-custodian",
            authority="XN",
            digest_before=digest,
            digest_after="" if act is CustodyAct.DESTROYED else digest,
        )
        made.append(chained(event, made[-1] if made else None))
    return made


def rechained(events: Sequence[CustodyEvent]) -> list[CustodyEvent]:
    """The same acts chained anew, as somebody would who has every key but the journal's."""
    made: list[CustodyEvent] = []
    for event in events:
        made.append(chained(event, made[-1] if made else None))
    return made


def faults(events: Sequence[CustodyEvent], digest: str = DIGEST) -> list[Fault]:
    """What is wrong with them."""
    return [finding.fault for finding in examine(events, item=ITEM, digest=digest)]


@given(st.lists(st.sampled_from(HARMLESS), max_size=8))
def test_a_whole_chain_has_nothing_wrong(acts: list[CustodyAct]) -> None:
    assert examine(chain(*acts), item=ITEM, digest=DIGEST) == ()


@given(
    st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=6),
    st.data(),
    st.sampled_from(
        [
            {"by": "OFF-00099"},
            {"role": "auditor"},
            {"authority": "XS"},
            {"act": CustodyAct.OPENED},
            {"purpose": "STATISTICS"},
            {"counterpart": "XE"},
            {"outcome": ITEM},
            {"words_digest": OTHER},
            {"digest_after": OTHER},
            {"at": AT - timedelta(days=1)},
            {"previous": OTHER},
            {"number": 77},
        ]
    ),
)
def test_any_altered_field_of_any_act_shows(
    acts: list[CustodyAct], data: st.DataObject, change: dict[str, object]
) -> None:
    events = chain(*acts)
    place = data.draw(st.integers(0, len(events) - 1))
    events[place] = replace(events[place], **change)

    assert Fault.EVENT_ALTERED in faults(events)


@given(st.lists(st.sampled_from(HARMLESS), min_size=2, max_size=6), st.data())
def test_an_act_taken_out_of_the_middle_shows(acts: list[CustodyAct], data: st.DataObject) -> None:
    events = chain(*acts)
    del events[data.draw(st.integers(0, len(events) - 2))]

    assert {Fault.NUMBER_MISSING, Fault.CHAIN_BROKEN} & set(faults(events))


def test_no_custody_and_one_that_begins_in_the_middle_are_gaps() -> None:
    assert faults([]) == [Fault.NO_CUSTODY]
    events = rechained([replace(chain()[0], act=CustodyAct.STORED)])
    assert faults(events) == [Fault.BEGINS_LATE]
    assert all(finding.is_gap for finding in examine(events, item=ITEM, digest=DIGEST))


def test_content_that_changed_between_two_acts_does_not_agree() -> None:
    events = chain(CustodyAct.ANALYSED)
    events[1] = replace(events[1], digest_before=OTHER, digest_after=OTHER)

    (finding,) = examine(rechained(events), item=ITEM, digest=DIGEST)

    assert finding == Finding(Fault.CONTENT_CHANGED, 2, DIGEST, OTHER)
    assert not finding.is_gap


def test_content_that_could_not_be_read_is_a_fault_until_it_is_read_again() -> None:
    events = chain(CustodyAct.STORED, CustodyAct.VERIFIED)
    unread = replace(events[1], digest_before="", digest_after="")

    assert faults(rechained([events[0], unread])) == [Fault.CONTENT_UNREAD]
    assert faults(rechained([events[0], unread, events[2]])) == []


@pytest.mark.parametrize("left", sorted(LEAVES))
def test_nothing_is_done_with_an_item_that_has_left(left: CustodyAct) -> None:
    gone = chain(left, CustodyAct.ANALYSED)
    back = chain(CustodyAct.RETURNED, CustodyAct.RECEIVED, CustodyAct.ANALYSED)

    assert faults(gone) == [Fault.AFTER_THE_END]
    assert faults(back) == []


def test_a_thing_is_handed_over_once_and_a_file_stays_here_too() -> None:
    acts = (CustodyAct.HANDED_OVER, CustodyAct.ANALYSED)

    assert faults(chain(*acts, digest=""), digest="") == [Fault.AFTER_THE_END]
    assert faults(chain(*acts)) == []


def test_a_sealed_thing_is_opened_once() -> None:
    once = (CustodyAct.SEALED, CustodyAct.OPENED)

    assert faults(chain(*once, digest=""), digest="") == []
    assert faults(chain(*once, CustodyAct.OPENED, digest=""), digest="") == [Fault.OPENED_UNSEALED]


def test_an_act_of_another_item_does_not_pass() -> None:
    other = replace(chain()[0], item="another")

    assert faults(rechained([other])) == [Fault.ANOTHER_ITEM]


def test_what_was_found_is_a_custody_that_does_not_hold() -> None:
    events = tuple(chain())

    assert Custody("ITM-00001", events).holds
    assert not Custody("ITM-00001", events, (Finding(Fault.GAP_NOTED, 1),)).holds


def test_every_fault_has_words() -> None:
    assert set(FAULT_WORDS) == set(Fault)


@given(st.sampled_from(CustodyAct), st.binary(min_size=16, max_size=16))
def test_an_event_is_read_as_it_was_written(act: CustodyAct, salt: bytes) -> None:
    words = CustodyWords("Store one", "Which ink?", "The laboratory", ("XS-1",))
    event = replace(chain()[0], act=act, words_digest=words_digest(words, salt))
    event = chained(event, None)

    document = json.loads(json.dumps(event_document(event, words, salt)))

    assert read_event(document) == event
    assert read_words(document) == (words, salt)
    assert read_words(event_document(event)) == (None, b"")


def test_words_are_bound_by_their_digest_and_told_by_nobody_who_lacks_the_salt() -> None:
    words = CustodyWords(place="Store one")

    assert words_digest(words, bytes(16)) != words_digest(words, bytes([1] * 16))
    assert words_digest(words, bytes(16)) != words_digest(replace(words, place="Two"), bytes(16))
    assert words_digest(CustodyWords(), bytes(16)) == ""


@pytest.mark.parametrize("part", ["act", "at", "number", "previous"])
def test_a_document_that_lacks_a_part_is_refused(part: str) -> None:
    document = event_document(chain()[0])
    del document[part]

    with pytest.raises(CustodyUnreadableError):
        read_event(document)
    with pytest.raises(CustodyUnreadableError):
        read_event(event_document(chain()[0]) | {"act": "sold"})


@pytest.mark.parametrize(
    "change",
    [{"by": "x" * 25}, {"counterpart": "x" * 25}, {"number": 0}, {"at": "2026-03-02T12:00:00"}],
)
def test_what_could_not_be_kept_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(CustodyUnreadableError):
        read_event(event_document(chain()[0]) | change)


@pytest.mark.parametrize("words", ["none", {"salt": "xy"}, {"marks": 7}])
def test_words_of_another_shape_are_refused(words: object) -> None:
    with pytest.raises(CustodyUnreadableError):
        read_words(event_document(chain()[0]) | {"words": words})
