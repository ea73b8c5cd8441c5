# SPDX-License-Identifier: Apache-2.0
"""The nine verdicts, best first, and the timings of a notice."""

from comity.agreements.verdict import (
    RANKS,
    VERDICT_WORDS,
    NoticeTiming,
    Verdict,
    least_restrictive,
    most_restrictive,
)


def test_the_verdicts_stand_in_the_order_of_the_issue():
    assert [verdict.value for verdict in Verdict] == [
        "permitted",
        "permitted-with-notice",
        "permitted-under-conditions",
        "prior-consent",
        "person-must-decide",
        "other-channel-only",
        "prohibited",
        "no-known-basis",
        "no-legal-basis",
    ]
    assert list(RANKS.values()) == list(range(9))


def test_only_the_first_three_permit():
    assert [verdict for verdict in Verdict if verdict.permits] == list(Verdict)[:3]


def test_nothing_to_restrict_is_permitted_and_nothing_to_rely_on_is_no_known_basis():
    assert most_restrictive([]) is Verdict.PERMITTED
    assert least_restrictive([]) is Verdict.NO_KNOWN_BASIS


def test_every_verdict_has_its_words_and_notice_has_four_timings():
    assert set(VERDICT_WORDS) == set(Verdict)
    assert len(NoticeTiming) == 4
