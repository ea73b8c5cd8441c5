# SPDX-License-Identifier: Apache-2.0
"""What the page of verification says of a file: words for codes, a colour for each verdict."""

from __future__ import annotations

import io

import pytest
from django.template.loader import render_to_string

from comity.evidence.forms.verifying import VerifyForm
from comity.evidence.pages import verifying as page
from comity.evidence.verify import verify
from comity.evidence.verifying import StepReport, VerificationReport


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"A letter, and no package."])
def test_what_is_no_package_and_no_pdf_is_said_to_be_neither(content) -> None:
    report = verify(io.BytesIO(content))

    assert [(each.step, each.said()) for each in report.findings] == [
        (1, "this is no package and no PDF")
    ]
    assert not report.holds


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("kind", "court", "bundle for a court"),
        ("purpose", "CRIMINAL_EVIDENCE", "evidence in a criminal prosecution or trial"),
        ("purpose", "INVENTED", "INVENTED"),
        ("at", "yesterday", "yesterday"),
        ("case", "CASE-2026-7", "CASE-2026-7"),
    ],
)
def test_facts_are_said_in_words_and_what_is_unknown_as_it_is(name, value, says) -> None:
    assert page._fact(name, value).lower() == says.lower()


def test_an_instant_is_written_out() -> None:
    said = page._fact("sealed-at", "2026-11-22T06:46:46.004000+00:00")

    assert "2026" in said
    assert "T06" not in said


@pytest.mark.parametrize(
    ("holds", "identity", "tone"),
    [
        (True, "proved", "holds"),
        (True, "not-proved", "unproved"),
        (False, "not-proved", "fails"),
    ],
)
def test_the_colour_follows_what_is_proved(holds, identity, tone) -> None:
    step = StepReport(1, "checked", "nothing", "holds", ())
    report = VerificationReport(holds, identity, "", "00", {"kind": "court"}, (step,))

    shown = render_to_string(
        "evidence/verify.html", {"report": page._shown(report), "form": VerifyForm()}
    )

    assert f"outcome--{tone}" in shown
    assert "Bundle for a court" in shown or "bundle for a court" in shown
