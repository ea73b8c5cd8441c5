# SPDX-License-Identifier: Apache-2.0
"""The bodies of hand-overs: an offer, its answer, its withdrawal, and the return as one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from comity.evidence.custody import CustodyWords
from comity.evidence.hand_over import RefusalReason
from comity.evidence.hand_over_messages import (
    HAND_OVER,
    RETURN,
    Answer,
    Offer,
    Said,
    Withdrawal,
    read_answer,
    read_offer,
    read_withdrawal,
    said_in,
)
from comity.exchange.wire import WireFormError, WireLimitError

ITEM = "3f0c1a52-6f3b-4b57-9a6b-2f6e0c9c1d01"
BARE = Offer(ITEM, date(2026, 12, 1), "HOV-00008")
FULL = replace(
    BARE,
    for_good=True,
    what="seal",
    words=CustodyWords("Quay 3", "For the laboratory.\nBy hand.", "N. Porter", ("XN-1", "XN-2")),
)


@pytest.mark.parametrize("offer", [BARE, FULL])
def test_an_offer_is_read_as_it_was_written(offer):
    body = offer.body()

    assert said_in(body, HAND_OVER) is Said.OFFER
    assert read_offer(body) == offer


def test_a_return_says_the_day_and_the_way_and_is_for_good():
    body = replace(FULL, kind=RETURN).body()

    assert body == {
        "half": "statement",
        "item": ITEM,
        "on": "2026-12-01",
        "hand_over": "HOV-00008",
        "how": FULL.words.reason,
    }
    assert said_in(body, RETURN) is Said.OFFER
    words = CustodyWords(reason=FULL.words.reason)
    assert read_offer(body, RETURN) == replace(BARE, for_good=True, words=words, kind=RETURN)


@pytest.mark.parametrize("kind", [HAND_OVER, RETURN])
@pytest.mark.parametrize("refused_for", ["", "seal-broken"])
def test_an_answer_says_that_it_is_in_hand_or_why_not(kind, refused_for):
    answer = Answer("HOV-00003", refused_for, kind)

    assert said_in(answer.body(), kind) is Said.ANSWER
    assert read_answer(answer.body(), kind) == answer
    assert answer.confirmed is not bool(refused_for)


def test_a_reason_that_this_release_does_not_know_refuses_all_the_same():
    answer = Answer("HOV-00003", "of-another-release")

    assert (answer.confirmed, answer.reason) == (False, None)
    assert Answer("HOV-00003", "damaged").reason is RefusalReason.DAMAGED


def test_an_offer_is_taken_back_by_its_reference():
    body = Withdrawal("HOV-00008").body()

    assert said_in(body, HAND_OVER) is Said.WITHDRAWAL
    assert read_withdrawal(body) == Withdrawal("HOV-00008")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"item": "ITM-00001"}, WireFormError),
        ({"on": "2026-02-30"}, WireFormError),
        ({"term": "for-ever"}, WireFormError),
        ({"marks": []}, WireFormError),
        ({"marks": ["x"] * 51}, WireLimitError),
        ({"place": "x" * 20_001}, WireLimitError),
    ],
)
def test_what_is_of_another_form_is_no_offer(changes, error):
    with pytest.raises(error):
        read_offer({**FULL.body(), **changes})


def test_a_message_that_does_not_say_what_it_says_is_none():
    with pytest.raises(WireFormError):
        said_in({"says": "promise"}, HAND_OVER)
