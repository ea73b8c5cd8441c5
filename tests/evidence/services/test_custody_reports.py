# SPDX-License-Identifier: Apache-2.0
"""Reports of custody leave by the door alone, and say everything that is wrong."""

from __future__ import annotations

import pytest

from comity.evidence.custody import CustodyAct, CustodyWords, Fault
from comity.evidence.iso27037 import Result
from comity.evidence.way_out import WayOut
from tests.support.evidence import (
    AT,
    CASE_OFFICER,
    CUSTODIAN,
    a_case,
    an_item,
    an_object,
    supplied,
)

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]


def test_the_checklist_of_an_item_rests_on_what_is_on_record() -> None:
    from comity.evidence.services import custody, custody_reports, way_out

    made = an_object(case=a_case())
    act = custody.NewAct(CustodyAct.SEALED, CustodyWords("Store one", marks=("XN-1",)))
    custody.record_by_hand(made.reference, act, by=CUSTODIAN, at=AT)
    gap = custody.NewAct(CustodyAct.GAP_NOTED)
    custody.record_by_hand(made.reference, gap, by=CUSTODIAN, at=AT)
    (let,) = way_out.let_out([made.reference], WayOut.REPORT, by=CASE_OFFICER, at=AT)

    found = {line.code: line.result for line in custody_reports.checklist_of(let).lines}
    report = custody_reports.custody_report(let)

    assert found["EVC-11"] is Result.HOLDS
    assert found["EVC-13"] is Result.FAILS
    assert report.words[2].place == "Store one"
    assert [finding.fault for finding in report.custody.findings] == [Fault.GAP_NOTED]


def test_no_report_of_what_may_not_leave() -> None:
    from comity.evidence.services import custody_reports, way_out

    made = an_item(case=a_case(), channel=supplied(instrument="no-such"))
    (let,) = way_out.let_out([made.reference], WayOut.REPORT, by=CASE_OFFICER, at=AT)

    with pytest.raises(way_out.NotLetOutError):
        custody_reports.checklist_of(let)
    with pytest.raises(way_out.NotLetOutError):
        custody_reports.custody_report(let)
