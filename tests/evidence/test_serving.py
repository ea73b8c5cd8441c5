# SPDX-License-Identifier: Apache-2.0
"""Nothing that others made is shown in a browser; what leaves says nothing but its reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.evidence.intake.signatures import SIGNATURES
from comity.evidence.serving import NEUTRAL, download_headers, neutral_name, picture_headers

ACTIVE = ("text/html", "image/svg+xml", "application/xml", "message/rfc822", "text/x-script")


@pytest.mark.parametrize("media_type", [*ACTIVE, *(s.media_type for s in SIGNATURES)])
def test_every_type_is_served_as_a_download_of_no_type(media_type: str) -> None:
    headers = download_headers("ITM-00001", media_type, size=7)

    assert headers["Content-Type"] == NEUTRAL
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Length"] == "7"


@pytest.mark.parametrize("media_type", ACTIVE)
def test_what_could_run_is_downloaded_under_an_ending_that_nothing_opens(media_type: str) -> None:
    assert neutral_name("ITM-00001", media_type) == "ITM-00001.bin"


def test_a_dangerous_document_loses_its_ending() -> None:
    assert neutral_name("ITM-00001", "application/pdf") == "ITM-00001.pdf"
    assert neutral_name("ITM-00001", "application/pdf", dangerous=True) == "ITM-00001.bin"


@given(reference=st.text(), media_type=st.text())
def test_no_reference_and_no_type_changes_a_header(reference: str, media_type: str) -> None:
    for headers in (download_headers(reference, media_type), picture_headers(reference, 1)):
        for value in headers.values():
            assert value.isascii()
            assert value.isprintable()
            assert value.count('"') in (0, 2)


def test_a_picture_that_we_drew_is_all_that_is_shown() -> None:
    headers = picture_headers("ITM-00001", 3)

    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Disposition"] == 'inline; filename="ITM-00001-0003.png"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
