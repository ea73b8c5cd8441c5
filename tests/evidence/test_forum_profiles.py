# SPDX-License-Identifier: Apache-2.0
"""What each forum wants of a certified copy, as data with its sources."""

from __future__ import annotations

import pytest

from comity.evidence.certificate_wording import wordings
from comity.evidence.forum_profiles import (
    COMPOSED,
    PROFILES_FILE,
    Basis,
    Capacity,
    FinallySaid,
    Said,
    UnknownProfileError,
    forum_profile,
    forum_profiles,
)
from comity.reference.yaml_files import DataFileError


def test_the_four_forums_are_there():
    assert list(forum_profiles()) == [
        "wco",
        "us-business-record",
        "us-official-record",
        "eu-protocol",
    ]


def test_every_profile_states_a_true_copy_and_discloses_how_it_was_obtained_kept_and_bound():
    for profile in forum_profiles().values():
        assert profile.statements[0] is Said.TRUE_COPY
        assert set(profile.statements) >= COMPOSED


def test_every_requirement_has_a_source_and_says_whether_it_was_read():
    for profile in forum_profiles().values():
        assert profile.sources
        for source in profile.sources:
            assert (source.read_on is not None) or source.basis is Basis.ASSUMED
    assert forum_profile("wco").assumed
    assert not forum_profile("us-official-record").assumed


def test_a_business_record_is_certified_by_its_custodian_with_notice_to_each_party():
    profile = forum_profile("us-business-record")

    assert profile.signed_by == (Capacity.CUSTODIAN,)
    assert profile.notices[0].to == "each other party"
    assert profile.notices[0].days is None
    assert {
        Said.MADE_AT_OR_NEAR_TIME,
        Said.KEPT_IN_REGULAR_COURSE,
        Said.REGULAR_PRACTICE,
        Said.DUPLICATE,
        Said.PENALTY,
    } <= set(profile.statements)


def test_an_official_record_needs_final_certification_by_somebody_accredited():
    profile = forum_profile("us-official-record")

    assert profile.final_certification
    assert profile.final_statements == (FinallySaid.GENUINENESS, FinallySaid.OFFICIAL_POSITION)
    assert Capacity.CERTIFYING_OFFICIAL not in profile.final_signed_by


def test_every_statement_and_capacity_has_words_in_every_language():
    for words in wordings().values():
        for said in (*(set(Said) - COMPOSED), *FinallySaid):
            assert words.said(f"statements.{said}")
        for capacity in Capacity:
            assert words.said(f"capacities.{capacity}")


def test_an_unknown_profile_is_refused_with_those_that_are_known():
    with pytest.raises(UnknownProfileError) as refused:
        forum_profile("hague")

    assert "us-business-record" in refused.value.advice()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("forum: any", "forum: QQ"),
        ("final_certification: true", "final_certification: false"),
        ("signed_by: [custodian]", "signed_by: [notary]"),
        ("days: unknown", "days: soon"),
        ("code: wco", "code: eu-protocol"),
        ("    basis: read", "    basis: heard"),
        ("  read_on: 2026-11-22\n", "\n"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(tmp_path, before, after):
    text = PROFILES_FILE.read_text("utf-8")
    assert before in text
    file = tmp_path / "profiles.yaml"
    file.write_text(text.replace(before, after, 1), "utf-8")

    with pytest.raises(DataFileError):
        forum_profiles(file)
