# SPDX-License-Identifier: Apache-2.0
"""A stranger's file is verified in a child that can do nothing else."""

from __future__ import annotations

import io

import pytest

from comity.evidence import verifying
from comity.evidence.verifying import (
    AnchorsUnreadableError,
    FileTooLongError,
    VerificationBusyError,
    verified,
)


def test_a_file_that_is_no_package_fails_in_its_first_step():
    report = verified(io.BytesIO(b"no package"))

    assert not report.holds
    assert [(step.number, step.state) for step in report.steps] == [(1, "fails")]


def test_what_is_longer_than_the_most_is_refused(monkeypatch):
    monkeypatch.setattr(verifying, "LONGEST_FILE", 10)

    with pytest.raises(FileTooLongError):
        verified(io.BytesIO(b"eleven bytes"))


@pytest.mark.parametrize("der", ["AAAA", "MAYwADAAAwA="])  # the second has members too few
def test_anchors_that_cannot_be_read_are_said_to_be_so(der):
    broken = f"-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n"

    with pytest.raises(AnchorsUnreadableError):
        verified(io.BytesIO(b"no package"), anchors=broken)


def test_only_a_few_are_verified_at_once(monkeypatch):
    monkeypatch.setattr(verifying, "MOST_AT_ONCE", 1)

    with verifying._one_of_few(), pytest.raises(VerificationBusyError):
        verified(io.BytesIO(b"no package"))
