# SPDX-License-Identifier: Apache-2.0
"""Reports of an item's custody: with the words of its acts, and as a checklist; only by the door.

Whatever is wrong with a custody stands in every report: it cannot be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.evidence.custody import Custody, CustodyWords
from comity.evidence.iso27037 import Checklist, Handled, checklist
from comity.evidence.queries.custody import custody
from comity.evidence.queries.items import item
from comity.evidence.services import way_out
from comity.evidence.services.custody import words_inside
from comity.evidence.way_out import Let


@dataclass(frozen=True, slots=True)
class CustodyReport:
    """A custody with what was written of its acts, by their numbers."""

    custody: Custody
    words: Mapping[int, CustodyWords]


def custody_report(let: Let) -> CustodyReport:
    """The custody of an item that may be let out, with the words of its acts.

    Raises:
        NotLetOutError: it may not. ItemErasedError: its words were erased.
    """
    way_out.description(let)  # the door's own refusal, before anything is opened here
    words = {number: said for number, (said, _) in words_inside(let.item).items()}
    return CustodyReport(custody(let.item), words)


def checklist_of(let: Let) -> Checklist:
    """The checklist of ISO/IEC 27037 for an item that may be let out.

    Raises:
        NotLetOutError: it may not. ItemErasedError: its words were erased.
    """
    acquisition = way_out.description(let).acquisition
    report = custody_report(let)
    return checklist(Handled(item(let.item), report.custody, acquisition, report.words))
