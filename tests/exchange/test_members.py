# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.exchange import envelope, partner_card
from comity.exchange.envelope import LogStatement, PartEntry, read_envelope
from comity.exchange.evidence import LegalFinding, Reason, read_evidence
from comity.exchange.members import Members, depth_at_most, filled, instant_text, read_object
from comity.exchange.outcome import Wanted, WantedPart, outcome_document, read_outcome
from comity.exchange.signed_document import read_signed, signed
from comity.exchange.wire import WireFormError, WireLimitError
from comity.sealing.canonical_json import canonical
from tests.support.wire import MESSAGE, NOTE, SIGNER, a_card, a_receipt, an_envelope, values

LAW = LegalFinding("permitted", "XN-XS-2020", "ab" * 32, "5", ({"rule": "AGR-1"},))
DOCUMENTS = {
    "envelope": an_envelope(
        parts=(PartEntry("a.pdf", "application/pdf", 1, "ab" * 32),),
        log=LogStatement(NOTE, 1, ("ab" * 32,)),
        witness=NOTE,
    ).as_dict(),
    "evidence": a_receipt(
        parts=("ab" * 32,),
        reason=Reason("x", {"a": "b"}),
        law=LAW,
        log=LogStatement(NOTE),
        witness=NOTE,
    ).as_dict(),
    "card": a_card().as_dict(),
    "signed": json.loads(signed(b"{}", envelope.PAYLOAD_TYPE, [SIGNER])),
    "outcome": outcome_document(Wanted(MESSAGE, (WantedPart(0, 1),))),
}


def read_card_payload(payload: bytes) -> object:
    document = signed(payload, partner_card.PAYLOAD_TYPE, [SIGNER])
    return partner_card.read_card(document)


READERS: dict[str, Callable[[bytes], object]] = {
    "envelope": read_envelope,
    "evidence": read_evidence,
    "card": read_card_payload,
    "signed": lambda content: read_signed(content, envelope.PAYLOAD_TYPE),
    "outcome": lambda content: read_outcome(json.loads(content)),
}


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every member within a document."""
    if isinstance(value, dict):
        inner = [p for name, member in value.items() for p in places(member, (*path, name))]
    elif isinstance(value, list | tuple):
        inner = [p for at, member in enumerate(value) for p in places(member, (*path, at))]
    else:
        inner = []
    return [path, *inner] if path else inner


def put(document: object, path: tuple[str | int, ...], value: object) -> object:
    """The document with another value in one place."""
    copy = json.loads(json.dumps(document))
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


def refusal(read: Callable[[bytes], object], content: bytes) -> ComityError | None:
    """Why the content is refused; None where it is read. Every other error fails the test."""
    try:
        read(content)
    except ComityError as error:
        return error
    return None


@pytest.mark.slow
@settings(max_examples=300)
@given(st.data())
def test_whatever_stands_in_whatever_place_is_read_or_refused_in_our_own_words(data):
    name = data.draw(st.sampled_from(sorted(DOCUMENTS)))
    document = DOCUMENTS[name]
    path = data.draw(st.sampled_from(places(document)))
    content = canonical(put(document, path, data.draw(values)))

    refused = refusal(READERS[name], content)

    assert refused is None or refused.advice()


@pytest.mark.parametrize("name", sorted(READERS))
def test_the_documents_of_that_test_are_read_as_they_are(name):
    READERS[name](canonical(DOCUMENTS[name]))


SECRET = "Confidential-Consignor-42"


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_no_refusal_repeats_what_a_partner_wrote(name):
    contents = [canonical(put(DOCUMENTS[name], path, SECRET)) for path in places(DOCUMENTS[name])]

    refusals = [refused for c in contents if (refused := refusal(READERS[name], c))]

    assert refusals
    assert [r for r in refusals if SECRET in str(r) or SECRET in str(r.fields)] == []


def test_each_member_is_taken_once_and_the_rest_is_left():
    members = Members({"one": 1, "two": 2}, "thing")

    assert (members.number("one"), members.rest()) == (1, {"two": 2})
    with pytest.raises(WireFormError, match="one is missing"):
        members.number("one")


def test_a_path_names_the_place():
    members = Members({"outer": {"inner": [{"x": 1}]}}, "thing")

    with pytest.raises(WireFormError, match=re.escape("outer.inner[].x is a number")):
        members.one("outer", lambda m: m.each("inner", lambda n: n.text("x"), most=1))


def test_a_list_that_is_too_long_is_refused_by_its_name():
    with pytest.raises(WireLimitError, match="most 1 are taken"):
        Members({"list": [1, 2]}, "thing").numbers("list", most=1)


@pytest.mark.parametrize("content", [b"[]", b"1", b'"x"', b"null"])
def test_a_document_that_is_no_object_is_refused(content):
    with pytest.raises(WireFormError):
        read_object(content, "thing", 100)


def test_depth_is_counted_in_objects_and_lists_alike():
    assert depth_at_most({"a": [{}]}, 3)
    assert not depth_at_most({"a": [{}]}, 2)


def test_an_instant_is_written_in_utc_at_one_length_whatever_its_year_and_zone():
    summer = timezone(timedelta(hours=2))

    assert instant_text(datetime(2026, 7, 1, 1, 30, tzinfo=summer)) == "2026-06-30T23:30:00.000000Z"
    assert instant_text(datetime(7, 1, 1, tzinfo=UTC)) == "0007-01-01T00:00:00.000000Z"


def test_what_is_empty_is_left_out_and_what_is_nought_is_not():
    assert filled({"a": "", "b": None, "c": (), "d": {}, "e": [], "f": 0, "g": False}) == {
        "f": 0,
        "g": False,
    }
