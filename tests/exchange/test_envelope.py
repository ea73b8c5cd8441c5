# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError, InvalidInputError
from comity.exchange import wire
from comity.exchange.envelope import LogStatement, PartEntry, checked, read_envelope
from comity.exchange.wire import WireFormError, WireLimitError, WireVersionUnknownError
from comity.sealing.canonical_json import NotCanonicalError, canonical
from tests.support.wire import NOTE, an_envelope, envelopes

A_PART = PartEntry("seizure.pdf", "application/pdf", 4, "ab" * 32)


@given(envelopes)
def test_an_envelope_reads_back_as_it_was_written(envelope):
    assert read_envelope(envelope.payload()) == envelope
    assert read_envelope(envelope.payload()).payload() == envelope.payload()


@pytest.mark.slow
@given(envelopes)
def test_the_bytes_of_what_was_read_are_spelled_anew_and_alike(envelope):
    read = read_envelope(envelope.payload())

    assert dataclasses.replace(read).payload() == envelope.payload()


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_the_reader_fail_but_in_its_own_words(content):
    with pytest.raises(InvalidInputError):
        read_envelope(content)


@pytest.mark.slow
@given(envelopes, st.data())
def test_a_damaged_envelope_is_refused_or_another_one(envelope, data):
    payload = bytearray(envelope.payload())
    at = data.draw(st.integers(0, len(payload) - 1))
    payload[at] = (payload[at] + data.draw(st.integers(1, 255))) % 256

    try:
        other = read_envelope(bytes(payload))
    except ComityError:
        return
    assert other != envelope


def test_the_digest_is_that_of_the_signed_bytes():
    envelope = an_envelope()

    assert envelope.digest == hashlib.sha256(envelope.payload()).hexdigest()


def test_what_this_release_does_not_know_survives_in_every_place():
    document = json.loads(an_envelope(parts=(A_PART,), log=LogStatement(NOTE)).payload())
    for place in (document, document["header"], document["parts"][0], document["log"]):
        place["urgency"] = {"since": [1, 2.5]}
    payload = canonical(document)

    assert dataclasses.replace(read_envelope(payload)).payload() == payload


def test_the_previous_wire_version_is_written_and_read_without_a_log():
    envelope = an_envelope(wire=1, log=LogStatement(NOTE))

    read = read_envelope(envelope.payload())

    assert (read.wire, read.log) == (1, None)


@pytest.mark.parametrize("version", [0, 3, -1, True, "2", None, 2.5, [2]])
def test_an_unknown_wire_version_is_named_as_such(version):
    document = json.loads(an_envelope().payload()) | {"wire": version}

    with pytest.raises(WireVersionUnknownError) as caught:
        read_envelope(canonical(document))
    assert "2, 1" in str(caught.value)


def test_a_name_that_stands_twice_is_refused():
    payload = an_envelope().payload().replace(b'"body":', b'"body":{},"body":')

    with pytest.raises(NotCanonicalError):
        read_envelope(payload)


HEADER_FAULTS = {
    "id": ["", "1", "0B8F4B1E-0000-4000-8000-000000000001", 1, None],
    "kind": ["", "note", "note/0", "Note/1", "note/1\n", "a" * 60 + "/1"],
    "conversation": ["x"],
    "sender": ["", "X N", "X" * 21, "X\n", "-X"],
    "recipient": [["XS"]],
    "created": ["2026-11-20T12:00:00Z", "2026-13-20T12:00:00.000000Z", "", 0],
    "in_reply_to": [""],
    "expires": ["", None],
    "basis": [{}, {"verdict": "x"}, []],
    "handling": [""],
    "caveats": [[], "X", [""], [1], ["X"] * 51],
    "case": ["", "a\nb", "c" * 61],
    "official": [""],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in HEADER_FAULTS.items() for value in values]
)
def test_a_header_of_another_form_is_refused_by_name_and_without_its_content(name, value):
    document = json.loads(an_envelope().payload())
    document["header"][name] = value

    with pytest.raises((WireFormError, WireLimitError)) as caught:
        read_envelope(canonical(document))
    assert f"header.{name}" in str(caught.value)


@pytest.mark.parametrize(
    "part",
    [
        {},
        {"name": "a"},
        A_PART.as_dict() | {"size": -1},
        A_PART.as_dict() | {"size": 1.5},
        A_PART.as_dict() | {"size": True},
        A_PART.as_dict() | {"digest": "AB" * 32},
        A_PART.as_dict() | {"name": "a\x00b"},
        A_PART.as_dict() | {"name": "n" * 256},
        A_PART.as_dict() | {"media_type": "pdf"},
        [],
        None,
    ],
)
def test_a_part_of_another_form_is_refused(part):
    document = json.loads(an_envelope().payload()) | {"parts": [part]}

    with pytest.raises((WireFormError, WireLimitError)):
        read_envelope(canonical(document))


@pytest.mark.parametrize("name", ["wire", "header", "body"])
def test_what_must_be_there_must_be_there(name):
    document = json.loads(an_envelope().payload())
    del document[name]

    with pytest.raises((WireFormError, WireVersionUnknownError)):
        read_envelope(canonical(document))


def test_ten_thousand_parts_are_refused():
    envelope = an_envelope(parts=(A_PART,) * 10_000)

    with pytest.raises(WireLimitError) as caught:
        read_envelope(envelope.payload())
    assert caught.value.fields["found"] == 10_000
    assert caught.value.fields["most"] == wire.PARTS


@pytest.mark.parametrize(
    "envelope",
    [
        an_envelope(body={"text": "x" * wire.BODY_BYTES}),
        an_envelope(body={}, further={"x": "x" * wire.PAYLOAD_BYTES}),
        an_envelope(
            header=dataclasses.replace(an_envelope().header, further={"x": "x" * wire.HEADER_BYTES})
        ),
    ],
)
def test_what_is_too_large_is_refused(envelope):
    with pytest.raises(WireLimitError):
        read_envelope(envelope.payload())
    with pytest.raises(WireLimitError):
        checked(envelope)


def test_an_envelope_that_no_recipient_could_read_is_seen_before_it_is_sent():
    odd = dataclasses.replace(A_PART, media_type="PDF")

    assert checked(an_envelope(parts=(A_PART,))).parts == (A_PART,)
    with pytest.raises(WireFormError, match="media_type"):
        checked(an_envelope(parts=(odd,)))


@pytest.mark.parametrize("many", [[{}] * 300_000, [1] * 300_000, {"text": "," * 300_000}])
def test_a_document_of_too_many_values_is_refused_before_it_is_read(many):
    with pytest.raises(WireLimitError):
        read_envelope(an_envelope(body={"many": many}).payload())


def test_a_body_that_is_too_deep_is_refused_and_one_that_is_not_is_read():
    def nested(depth: int) -> dict[str, object]:
        body: dict[str, object] = {}
        for _ in range(depth):
            body = {"in": body}
        return body

    read_envelope(an_envelope(body=nested(wire.DEPTH - 2)).payload())
    with pytest.raises(WireLimitError):
        read_envelope(an_envelope(body=nested(wire.DEPTH - 1)).payload())
    with pytest.raises(InvalidInputError):
        read_envelope(b'{"body":' * 50_000 + b"{}" + b"}" * 50_000)
