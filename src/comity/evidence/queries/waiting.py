# SPDX-License-Identifier: Apache-2.0
"""What partners sent and colleagues drafted, and an officer here has still to answer or look at."""

from __future__ import annotations

from datetime import date

from comity.accounts.officer import Officer
from comity.evidence.lifetime import ListState
from comity.evidence.queries.custody import hand_overs_waiting
from comity.evidence.queries.lifetime import destruction_lists, flags
from comity.evidence.queries.recalls import recalls_to_decide
from comity.evidence.queries.statements import consents_to_answer
from comity.evidence.waiting import Waiting


def waiting(by: Officer, *, today: date) -> Waiting:
    """What waits, as this officer sees it."""
    return Waiting(
        hand_overs=tuple(
            each for each in hand_overs_waiting() if each.incoming or each.officer == by.reference
        ),
        consents=consents_to_answer(),
        recalls=recalls_to_decide(today=today),
        destruction_lists=destruction_lists(state=ListState.DRAFTED),
        flags=flags(),
    )
