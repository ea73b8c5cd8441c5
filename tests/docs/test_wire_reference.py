# SPDX-License-Identifier: Apache-2.0
"""The specification of the wire format names everything that the program writes and reads."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from tools import reference

from comity.exchange import door, envelope, evidence, note, partner_card, sealed_frame, wire
from comity.exchange.dispatching import FIRST_PAUSE, LONGEST_PAUSE, MOST_MESSAGES
from comity.exchange.evidence import EvidenceKind
from comity.exchange.partner import Binding, KeyUse
from comity.exchange.partner_card import RevocationReason
from comity.exchange.reasons import TRY_AGAIN, ReasonCode
from comity.exchange.time_outs import TERMS
from comity.exchange.transports import media_types, request_signatures
from comity.sealing import segments
from comity.server.wiring import MESSAGE_KINDS
from tests.support.wire import a_card, a_receipt, an_envelope
from tests.vectors.exchange.build import the_card, the_envelope, the_receipt, the_refusal

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "wire.md").read_text("utf-8")
LIMITS = {
    name: value for name, value in vars(wire).items() if name.isupper() and isinstance(value, int)
}


def section(title: str) -> str:
    """What stands below a heading."""
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("name", sorted(set(LIMITS) - {"CURRENT", "KIB", "MIB", "KEY_BYTES"}))
def test_every_limit_is_stated(name):
    if name == "LARGEST_NUMBER":
        assert "±(2⁵³ − 1)" in section("Conventions")
        return
    assert re.search(rf"\| {LIMITS[name]}\b", section("Limits")), LIMITS[name]


def test_every_version_is_described():
    for version in wire.WIRE_VERSIONS:
        assert f"**{version}**" in PAGE


@pytest.mark.parametrize("kind", EvidenceKind)
def test_every_kind_of_evidence_is_in_its_table(kind):
    assert re.search(rf"^\| `{kind}` \| .+ \| (sender|recipient) \|$", section("Evidences"), re.M)


def test_the_reasons_are_listed_by_the_program_and_the_specification_is_not():
    assert "](reasons.md)" in section("Reasons")
    assert "reasons.md" in reference.PAGES
    assert "wire.md" not in reference.PAGES  # `make docs` leaves it as it is written


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_is_listed_with_whether_it_holds_off(code):
    row = re.search(rf"^\| `{code}` \| [^|]+ \|([^|]*)\|", reference.reasons(), re.M)

    assert row is not None
    assert (row[1].strip() == "holds off") == (code in TRY_AGAIN)


@pytest.mark.parametrize(
    "words", [*KeyUse, *Binding, *RevocationReason, *sealed_frame.SUITES], ids=str
)
def test_every_code_of_cards_and_frames_is_named(words):
    assert f"`{words}`" in PAGE


@pytest.mark.parametrize(
    "payload_type",
    [
        envelope.PAYLOAD_TYPE,
        evidence.PAYLOAD_TYPE,
        partner_card.PAYLOAD_TYPE,
        partner_card.REVOCATION_TYPE,
        media_types.FRAMES,
        media_types.SEGMENTS,
        media_types.JSON,
        media_types.PROBLEM,
        media_types.NOTHING,
    ],
)
def test_every_type_of_content_is_named(payload_type):
    assert f"`{payload_type}`" in PAGE


def test_every_member_that_is_written_is_described():
    receipt, refusal = the_receipt().as_dict(), the_refusal().as_dict()
    written = (the_envelope(2).as_dict(), receipt, refusal, the_card().as_dict())
    names = {name for document in written for name in _names(document)}
    values = {"a-later-release", "weight", "subject", "text", "verdict-of-others"}
    question = set(the_envelope(2).header.basis.question)
    assert names > {"wire", "issued_at", "valid_until", "consistency", "findings"}

    missing = [n for n in names - values - question - {"added"} if f"`{n}`" not in PAGE]

    assert missing == []


def _names(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_names, value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(_names, value))
    return set()


@pytest.mark.parametrize("value", [an_envelope().header, an_envelope(), a_receipt(), a_card()])
def test_every_field_that_may_be_written_is_described(value):
    named = {field.name for field in fields(value)} - {"further", "_payload"}

    assert [name for name in named if f"`{name}`" not in PAGE] == []


@pytest.mark.parametrize("route", door.ROUTES, ids=lambda route: route.path.pattern[:20])
def test_every_address_of_the_door_is_in_the_table(route):
    rows = re.findall(r"^\| `([A-Z]+) ([^`?]+)", section("HTTPS binding"), re.M)
    shown = [
        path.replace("{id}", "0b8f4b1e-0000-4000-8000-000000000001").replace("{n}", "0")
        for method, path in rows
        if method == route.method
    ]

    assert any(route.path.fullmatch(path) for path in shown)


@pytest.mark.parametrize("pressure", door.Pressure)
def test_every_reason_for_waiting_is_named(pressure):
    assert f"`{pressure}`" in section("HTTPS binding")


@pytest.mark.parametrize("kind", sorted(MESSAGE_KINDS))
def test_the_exchanges_own_kinds_are_described(kind):
    if kind.startswith("exchange."):
        assert f"| `{kind}` |" in section("Envelopes")


def test_the_limits_of_a_note_are_stated():
    assert f"1 to {note.LONGEST_SUBJECT} characters" in section("Envelopes")
    assert f"≤ {note.LONGEST_TEXT} characters" in section("Envelopes")


def test_what_signatures_cover_is_quoted_in_order():
    quoted = [line.strip() for line in PAGE.splitlines() if line.startswith('    "@')]

    assert quoted == [
        " ".join(f'"{name}"' for name in (*request_signatures.REQUEST, "content-digest")),
        " ".join(
            name if name.startswith('"') else f'"{name}"'
            for name in (*request_signatures.ANSWER, "content-digest")
        ),
    ]
    assert f"{request_signatures.WINDOW.seconds} seconds" in PAGE


def test_the_constants_of_the_ciphers_are_quoted():
    assert sealed_frame.INFO.decode().strip() in PAGE
    assert f"{len(sealed_frame.INFO)} octets `COMITY-FRAME-KEYS/1`" in PAGE
    assert f"the {len(segments.PART)} octets `{segments.PART.decode()}`" in PAGE
    assert f"known after {sealed_frame.PRELUDE_LENGTH} octets" in PAGE
    assert f"{segments.SEALED_SEGMENT_LENGTH:,}".replace(",", " ") in PAGE


@pytest.mark.parametrize("binding", Binding)
def test_the_terms_are_those_of_the_program(binding):
    terms = TERMS[binding]
    cells = (
        f"{_said(term.warn)}, {_said(term.fail)}"
        for term in (terms.relay, terms.delivery, terms.opening)
    )

    assert f"| `{binding}` | {' | '.join(cells)} |" in section("Time-outs")


def _said(term: object) -> str:
    hours = int(term.total_seconds() // 3600)
    count, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{count} {unit}{'s' if count > 1 else ''}"


def test_how_it_is_sent_again_is_stated():
    assert f"from {FIRST_PAUSE.seconds} second to {LONGEST_PAUSE.seconds // 60} minutes" in PAGE
    assert f"to {MOST_MESSAGES}, or about 1 MiB" in PAGE
    limits = door.DoorLimits()
    assert f"≤ {limits.frames} frames, ≤ {limits.frames_bytes // 2**20} MiB" in PAGE
    assert f"≤ {limits.statements} signed documents" in PAGE
    assert f"≤ {limits.statements_bytes // 2**20} MiB" in PAGE


def test_no_link_within_the_page_leads_nowhere():
    headings = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", PAGE, re.M)}

    assert [link for link in re.findall(r"\(#([\w-]+)\)", PAGE) if link not in headings] == []
