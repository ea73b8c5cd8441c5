# SPDX-License-Identifier: Apache-2.0
"""A message's life: what happened in its order, then what is awaited."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from comity.exchange.evidence import Evidence, EvidenceKind, Reason
from comity.exchange.message_life import Happening, Lived, Tone, clocks, life
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.partner import Binding
from tests.support.partner_cards import NOON

HOUR = timedelta(hours=1)


def evidence(kind: EvidenceKind, hours: int, by: str = "XS", reason: str = "") -> Evidence:
    return Evidence(
        id=f"{hours}", kind=kind, message="m", envelope="d", by=by, to="XN", at=NOON + hours * HOUR,
        reason=Reason(reason) if reason else None,
    )  # fmt: skip


def lived(state: MessageState, *evidences: Evidence, **more: object) -> Lived:
    given = {
        "direction": Direction.OUT, "state": state, "sender": "XN", "submitted_by": "OFF-1",
        "created_at": NOON, "recorded_at": NOON, "expires_at": None, "attempts": 0,
        "next_try_at": None, "problem": "", "binding": Binding.PUSH, "for_the_desk": True,
        "evidences": evidences,
    }  # fmt: skip
    return Lived(**(given | more))


def test_steps_stand_in_the_order_of_time_and_name_their_evidence():
    told = evidence(EvidenceKind.DELIVERED, 3)
    receipt = evidence(EvidenceKind.RELAYED, 1)
    one = lived(MessageState.OPENED, told, receipt, evidence(EvidenceKind.OPENED, 4))

    steps = life(one, at=NOON + 5 * HOUR)

    assert [step.what for step in steps] == ["made", "relayed", "delivered", "opened"]
    assert steps[1].evidence is receipt
    assert steps[0].by == "OFF-1"
    assert all(earlier.at <= later.at for earlier, later in pairwise(steps))


def test_what_is_awaited_stands_at_the_end_until_it_is_settled():
    waiting = lived(MessageState.QUEUED, evidence(EvidenceKind.SUBMISSION_ACCEPTED, 0, "XN"))

    future = [step for step in life(waiting, at=NOON) if step.tone is Tone.FUTURE]

    assert [step.what for step in future] == ["relay-overdue", "relay-failed"]
    assert [clock.pressing for clock in clocks(waiting, at=NOON)] == [True, False]
    refused = lived(MessageState.REFUSED, evidence(EvidenceKind.REFUSED, 1, reason="secrecy"))
    assert clocks(refused, at=NOON) == ()
    assert life(refused, at=NOON + 9 * HOUR)[-1].reason == "secrecy"
    assert life(refused, at=NOON + 9 * HOUR)[-1].tone is Tone.END


def test_attempts_are_told_with_what_stood_in_the_way():
    one = lived(
        MessageState.QUEUED, attempts=3, problem="peer-unreachable", next_try_at=NOON + HOUR
    )

    [tried] = [step for step in life(one, at=NOON) if step.what is Happening.ATTEMPTED]

    assert (tried.at, tried.reason) == (NOON + HOUR, "peer-unreachable")
