# SPDX-License-Identifier: Apache-2.0
"""The tables that join capabilities: job → task, announcement → who takes it.

Literal on purpose: who reads this file knows everything that runs later, and when.
"""

from __future__ import annotations

from collections.abc import Mapping

from procrastinate import App

from comity.evidence import tasks as evidence
from comity.evidence.services import (
    consents,
    correcting,
    hand_overs_told,
    notices,
    recalling,
    returns,
    rulings_of_courts,
    taking_in,
)
from comity.exchange import tasks as exchange
from comity.exchange.kind import Kinds
from comity.exchange.services import card_updates, own_kinds
from comity.jobs import tasks as jobs
from comity.jobs.retry import ONCE, RetryPolicy
from comity.jobs.task import Task
from comity.jobs.worker import register
from comity.journal import tasks as journal
from comity.newsfeed import tasks as newsfeed
from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.services import Taker, propose_to_register

TASKS: tuple[Task, ...] = (
    Task("jobs.retry_stalled", jobs.retry_stalled, ONCE, every="* * * * *"),
    Task("jobs.drop_finished", jobs.drop_finished, ONCE, every="17 3 * * *"),
    Task("journal.checkpoint", journal.sign_checkpoint, every="*/10 * * * *"),
    Task("exchange.bring_to_the_desk", exchange.bring_to_the_desk, ONCE, every="* * * * *"),
    Task("exchange.time_out", exchange.time_out, ONCE, every="* * * * *"),
    Task("exchange.watch", exchange.watch, ONCE, every="*/15 * * * *"),
    Task("exchange.announce_card", exchange.announce_card, ONCE, every="*/5 * * * *"),
    Task("exchange.keep_keys", exchange.keep_keys, ONCE, every="23 * * * *"),
    Task("exchange.ask_for_proofs", exchange.ask_for_proofs, ONCE, every="* * * * *"),
    Task("exchange.sweep", exchange.sweep, ONCE, every="*/30 * * * *"),
    Task("evidence.verify_items", evidence.verify_items, ONCE, every="41 2 * * *"),
    Task("evidence.watch_hand_overs", evidence.watch_hand_overs, ONCE, every="*/15 * * * *"),
    Task("evidence.sweep", evidence.sweep, ONCE, every="53 3 * * *"),
    Task("evidence.watch_duties", evidence.watch_duties, ONCE, every="7 5 * * *"),
    Task("evidence.time_out_recalls", evidence.time_out_recalls, ONCE, every="9 5 * * *"),
    Task("evidence.certify_destructions", evidence.certify_destructions, every="*/5 * * * *"),
    Task("evidence.renew_seals", evidence.renew_seals, ONCE, every="31 4 * * *"),
    Task("evidence.forget_erased", evidence.forget_what_is_erased, every="19 4 * * *"),
    Task("evidence.pack", evidence.pack, RetryPolicy(tries=3, first_pause=10), alone=True),
    Task("newsfeed.fetch", newsfeed.fetch, ONCE),
    Task("newsfeed.fetch_due", newsfeed.fetch_due, ONCE, every="*/15 * * * *"),
)

TAKERS: Mapping[AnnouncementType, Taker] = {
    AnnouncementType.INSTRUMENT: propose_to_register,
}
"""Who takes what a release announces; every other type stays in the archive."""


def register_tasks(app: App) -> None:
    """Tell the queue every task; called once, when the first is asked for or done."""
    register(app, TASKS)


MESSAGE_KINDS: Kinds = {
    kind.name: kind
    for kind in (
        own_kinds.COVERING_NOTE,
        own_kinds.TEST_OF_THE_WAY,
        card_updates.CARD,
        card_updates.REVOCATION,
        notices.USE_NOTICE,
        consents.REQUEST,
        consents.ANSWER,
        rulings_of_courts.COURT_RULING,
        hand_overs_told.ITEM_HAND_OVER,
        returns.ORIGINAL_RETURN,
        correcting.ITEM_CORRECTION,
        recalling.ITEM_RECALL,
        recalling.ANSWER,
        taking_in.PACKAGE_OF_EVIDENCE,
    )
}
"""Every kind of message that this node takes."""
