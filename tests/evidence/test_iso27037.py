# SPDX-License-Identifier: Apache-2.0
"""The checklist says of every requirement what the record shows, and by which acts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.evidence.custody import Custody, CustodyAct, CustodyEvent, CustodyWords, examine
from comity.evidence.iso27037 import (
    REQUIREMENTS,
    Handled,
    Result,
    checklist,
    checklist_document,
    checklist_text,
    custody_text,
)
from comity.evidence.item import Acquisition, Channel, Item, ItemKind, ItemState, Rank
from comity.handling.marking import Marking
from tests.evidence.test_custody import AT, DIGEST, ITEM, OTHER, chain, rechained

ACQUIRED = Acquisition(AT, "The quay", "OFF-00011", "Seized", "Customs Act, section 12")


def handled(
    *acts: CustodyAct,
    kind: ItemKind = ItemKind.DOCUMENT,
    acquisition: Acquisition = ACQUIRED,
    events: list[CustodyEvent] | None = None,
    words: dict[int, CustodyWords] | None = None,
    state: ItemState = ItemState.HELD,
    supplier: str = "",
    instrument: str = "",
    **more: object,
) -> Handled:
    """An item of which these acts are on record, each with a reason and the number of a seal."""
    thing = kind is not ItemKind.DOCUMENT
    digest = "" if thing else DIGEST
    found = chain(*acts, digest=digest) if events is None else events
    channel = Channel(1, supplier, Marking(), instrument=instrument)
    item = Item(
        "ITM-00001", ITEM, kind, Rank.ORIGINAL, state, "", (channel,), "OFF-00011", AT,
        digest=digest,
    )  # fmt: skip
    said = CustodyWords("Store one", "For the enquiry", marks=("XN-1",))
    custody = Custody(item.reference, tuple(found), examine(found, item=ITEM, digest=digest))
    given = {event.number: said for event in found} if words is None else words
    return Handled(replace(item, **more), custody, acquisition, given)


def result(code: str, case: Handled) -> Result:
    """What the checklist says of one requirement."""
    (line,) = [line for line in checklist(case).lines if line.code == code]
    return line.result


HOLDS, FAILS, IDLE = Result.HOLDS, Result.FAILS, Result.NOT_APPLICABLE


def test_EVC_1_every_record_names_the_same_identifier() -> None:
    other = rechained([replace(event, item="another") for event in chain()])
    assert result("EVC-1", handled()) is HOLDS
    assert result("EVC-1", handled(events=other)) is FAILS


def test_EVC_2_what_is_derived_names_its_source() -> None:
    assert result("EVC-2", handled()) is HOLDS
    assert result("EVC-2", handled(rank=Rank.DERIVED)) is FAILS
    assert result("EVC-2", handled(rank=Rank.DERIVED, derived_from=("ITM-00002",))) is HOLDS


def test_EVC_3_the_record_begins_with_the_acquisition() -> None:
    late = rechained([replace(chain()[0], act=CustodyAct.STORED)])
    assert result("EVC-3", handled()) is HOLDS
    assert result("EVC-3", handled(events=late)) is FAILS
    assert result("EVC-3", handled(events=[])) is FAILS


def test_EVC_4_when_where_and_by_whom_is_said() -> None:
    assert result("EVC-4", handled()) is HOLDS
    assert result("EVC-4", handled(acquisition=Acquisition())) is HOLDS
    assert result("EVC-4", handled(acquisition=Acquisition(), words={})) is FAILS


def test_EVC_5_the_power_is_said_or_the_instrument_named() -> None:
    assert result("EVC-5", handled()) is HOLDS
    assert result("EVC-5", handled(acquisition=Acquisition())) is FAILS
    assert result("EVC-5", handled(supplier="XS")) is FAILS
    assert result("EVC-5", handled(supplier="XS", instrument="xn-xs-2020")) is HOLDS


def test_EVC_6_every_act_names_actor_role_and_authority() -> None:
    nobody = rechained([replace(event, authority="") for event in chain()])
    assert result("EVC-6", handled(CustodyAct.STORED)) is HOLDS
    assert result("EVC-6", handled(events=nobody)) is FAILS


def test_EVC_7_every_access_has_a_reason_or_a_purpose() -> None:
    assert result("EVC-7", handled()) is IDLE
    assert result("EVC-7", handled(CustodyAct.ANALYSED)) is HOLDS
    assert result("EVC-7", handled(CustodyAct.ANALYSED, words={})) is FAILS


def test_EVC_8_the_first_act_has_a_digest_of_the_content() -> None:
    unread = rechained([replace(chain()[0], digest_before="", digest_after="")])
    assert result("EVC-8", handled()) is HOLDS
    assert result("EVC-8", handled(events=unread)) is FAILS
    assert result("EVC-8", handled(kind=ItemKind.SEAL)) is IDLE


def test_EVC_9_the_digest_is_the_same_throughout() -> None:
    changed = chain(CustodyAct.STORED)
    changed[1] = replace(changed[1], digest_after=OTHER)
    assert result("EVC-9", handled(CustodyAct.STORED)) is HOLDS
    assert result("EVC-9", handled(events=rechained(changed))) is FAILS


def test_EVC_10_a_thing_is_sealed_and_opened_by_recorded_acts_only() -> None:
    twice = (CustodyAct.SEALED, CustodyAct.OPENED, CustodyAct.OPENED)
    assert result("EVC-10", handled()) is IDLE
    assert result("EVC-10", handled(kind=ItemKind.SAMPLE)) is FAILS
    assert result("EVC-10", handled(CustodyAct.SEALED, kind=ItemKind.SAMPLE)) is HOLDS
    assert result("EVC-10", handled(*twice, kind=ItemKind.SAMPLE)) is FAILS


def test_EVC_11_every_seal_has_its_number() -> None:
    sealed = handled(CustodyAct.SEALED, kind=ItemKind.SAMPLE)
    assert result("EVC-11", sealed) is HOLDS
    assert result("EVC-11", replace(sealed, words={})) is FAILS
    assert result("EVC-11", handled(kind=ItemKind.SAMPLE)) is IDLE


def test_EVC_12_a_hand_over_names_both_sides() -> None:
    one_sided = handled(CustodyAct.HANDED_OVER)
    events = chain(CustodyAct.HANDED_OVER)
    events[1] = replace(events[1], counterpart="XS")
    assert result("EVC-12", handled()) is IDLE
    assert result("EVC-12", one_sided) is FAILS
    assert result("EVC-12", handled(events=rechained(events))) is HOLDS


def test_EVC_13_a_gap_is_named_by_the_act_that_shows_it() -> None:
    gap = handled(CustodyAct.GAP_NOTED)
    (line,) = [line for line in checklist(gap).lines if line.code == "EVC-13"]
    assert (line.result, line.acts) == (FAILS, (2,))
    assert result("EVC-13", handled()) is HOLDS


def test_EVC_14_an_altered_act_shows() -> None:
    altered = [replace(chain()[0], by="OFF-00099")]
    assert result("EVC-14", handled()) is HOLDS
    assert result("EVC-14", handled(events=altered)) is FAILS


def test_EVC_15_a_redaction_names_what_it_made() -> None:
    events = chain(CustodyAct.REDACTED)
    events[1] = replace(events[1], outcome=ITEM)
    assert result("EVC-15", handled()) is IDLE
    assert result("EVC-15", handled(CustodyAct.REDACTED)) is FAILS
    assert result("EVC-15", handled(events=rechained(events))) is HOLDS


def test_EVC_16_an_item_that_is_gone_has_its_end_on_record() -> None:
    gone = {"state": ItemState.RETURNED}
    assert result("EVC-16", handled()) is IDLE
    assert result("EVC-16", handled(**gone)) is FAILS
    assert result("EVC-16", handled(CustodyAct.RETURNED, **gone)) is HOLDS


def test_the_list_says_all_requirements_and_every_fault() -> None:
    whole, gap = checklist(handled()), checklist(handled(CustodyAct.GAP_NOTED))

    assert whole.complete
    assert not gap.complete
    assert [line.code for line in whole.lines] == list(REQUIREMENTS)
    assert checklist_document(gap)["faults"] == ["gap-noted"]
    assert "EVC-13  No gap in the chain of custody: does not hold (acts 2)" in checklist_text(gap)
    assert "somebody noted a gap" in checklist_text(gap)


def test_no_word_of_a_person_stands_in_the_list() -> None:
    case = handled(CustodyAct.ANALYSED)
    text = checklist_text(checklist(case)) + str(checklist_document(checklist(case)))

    assert "Store one" not in text
    assert "quay" not in text
    assert custody_text(case.custody).splitlines()[1] == (
        "2. 2026-03-02 13:00 UTC analysed: XN OFF-00011 (evidence-custodian)"
    )


@pytest.mark.parametrize("code", REQUIREMENTS)
def test_every_requirement_is_a_statement_with_its_clause(code: str) -> None:
    words, clause, decide = REQUIREMENTS[code]

    assert words
    assert decide.__doc__
    assert clause.replace(".", "").isdigit()
