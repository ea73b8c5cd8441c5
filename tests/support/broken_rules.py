# SPDX-License-Identifier: Apache-2.0
"""Rules of the exchange that a test breaks on purpose, to see that a randomised run notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from comity.exchange.services import receiving
from comity.exchange.services.entering import Done, record_all

RECEIPT_BEFORE_COMMIT = "receipt-before-commit"
"""Now and then a batch is answered with its receipts, and then not kept."""
NO_DUPLICATE_CHECK = "no-duplicate-check"
"""What comes a second time has its effect a second time."""
LOST_EACH = 2


def break_rule(name: str) -> None:
    """Break this rule in this process; none where the name is empty."""
    if name:
        _BREAKING[name]()


def _answer_before_commit() -> None:
    taken, batches = receiving._taken, iter(range(1, 1_000_000))

    def lost(*given: Any, **named: Any) -> Sequence[Any]:
        with transaction.atomic():
            answers = taken(*given, **named)
            transaction.set_rollback(next(batches) % LOST_EACH == 0)
        return answers

    receiving._taken = lost


def _take_twice() -> None:
    look = receiving._Batch.look

    def again(self: Any, found: Any, place: Any) -> None:
        known = self.rows.get(found.message)
        look(self, found, place)
        if known is not None and known.state != "arriving":
            facts = {"party": known.partner.code, "message_kind": known.kind}
            record_all([Done("message-received", known.reference, facts)], at=self.at)

    receiving._Batch.look = again


_BREAKING = {RECEIPT_BEFORE_COMMIT: _answer_before_commit, NO_DUPLICATE_CHECK: _take_twice}
