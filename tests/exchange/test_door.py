# SPDX-License-Identifier: Apache-2.0
"""The door by itself: who is answered what, and that every refusal has its code."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import pytest

from comity.catalogues import N_
from comity.errors import NotFoundError, PeerError
from comity.exchange.door import Door, DoorLimits, House
from comity.exchange.envelope import LogStatement
from comity.exchange.outcome import Outcome, Unknown, read_outcome
from comity.exchange.partner import KeyUse, Partner, PartnerState
from comity.exchange.pressure import Hold, Pressure
from comity.exchange.transports.body import CERTIFICATE, DEADLINE, Deadline
from comity.exchange.transports.framing import read_frames, write_frames
from comity.exchange.transports.media_types import FRAMES, JSON, NOTHING, PROBLEM, SEGMENTS
from comity.exchange.transports.request_signatures import (
    Request,
    content_digest,
    sign_request,
    verify_answer,
)
from comity.exchange.transports.tls import certificate_digest
from comity.sealing.keys import SigningKey
from tests.support.listeners import house_of
from tests.support.memory_node import MemoryNode, acquaint, now

NOBODY = "00000000-0000-4000-8000-000000000000"
SEGMENTS_OF_NOBODY = f"messages/{NOBODY}/parts/0?from=0"


@dataclass
class Answered:
    """What the door answered."""

    status: int
    headers: dict[str, str]
    content: bytes
    request: Request

    @property
    def problem(self) -> str:
        assert self.headers["Content-Type"] == PROBLEM
        document = json.loads(self.content)
        assert document["status"] == self.status
        assert document["title"].endswith(".")
        return str(document["type"])

    @property
    def document(self) -> Any:
        assert self.headers["Content-Type"] == JSON, self.content
        return json.loads(self.content)


class Asking:
    """Northland's side of single requests, well-formed unless told otherwise."""

    def __init__(self, northland: MemoryNode, southland: MemoryNode) -> None:
        self.northland, self.southland = northland, southland
        self.house: House = house_of(southland)
        self.limits = DoorLimits()
        self.door: Door | None = None
        self.key: SigningKey = northland.keys.sign
        self.at: Callable[[], datetime] = now
        self.certificate = certificate_digest(northland.keys.certificate)

    def signed(
        self, method: str, path: str, body: bytes, content_type: str, below: str = "/exchange/2/"
    ) -> Request:
        headers = {"Content-Type": content_type, "Host": "southland.example:8443"}
        if content_type != SEGMENTS:
            headers["Content-Digest"] = content_digest(body)
        bare = Request(method, f"https://southland.example:8443{below}{path}", headers)
        return replace(
            bare,
            headers=sign_request(bare, self.key, at=self.at(), nonce=secrets.token_hex(16)),
        )

    def __call__(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str = NOTHING,
        *,
        below: str = "/exchange/2/",
    ) -> Answered:
        return self.put_in(self.signed(method, path, body, content_type, below), body)

    def put_in(self, request: Request, body: bytes = b"", **changes: object) -> Answered:
        """Hand a request to the door as the listener would."""
        parts = urlsplit(request.url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "REQUEST_URI": parts.path + (f"?{parts.query}" if parts.query else ""),
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "wsgi.input": io.BytesIO(body),
            CERTIFICATE: self.certificate,
        }
        for name, value in request.headers.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
        if request.method in ("POST", "PUT"):
            environ["CONTENT_LENGTH"] = str(len(body))
        environ |= changes
        answered: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            answered.append((status, headers))

        if self.door is None:
            self.door = Door(self.house, limits=self.limits)
        given = self.door(environ, start)
        content = b"".join(given)
        if hasattr(given, "close"):
            given.close()
        status, headers = answered[0]
        return Answered(int(status[:3]), dict(headers), content, request)


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    northland, southland = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(northland, southland)
    return Asking(northland, southland)


def require_signed(asking: Asking, answered: Answered) -> None:
    verify_answer(
        answered.status,
        answered.headers,
        answered.request,
        asking.southland.keys.public(),
        at=now(),
    )


class Failing:
    """A reception that fails in a way of its own."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def receive(self, frames: Sequence[bytes], *, partner: str, at: datetime) -> list[Outcome]:
        raise self.error


# What is taken


def test_envelopes_are_taken_and_each_gets_its_outcome(asking: Asking):
    messages = [asking.northland.post() for _ in range(3)]
    frames = [asking.northland.outbox[message].frame for message in messages]

    answered = asking("POST", "envelopes", write_frames(frames), FRAMES)

    outcomes = [read_outcome(each) for each in answered.document]
    assert [outcome.message for outcome in outcomes] == messages
    require_signed(asking, answered)


def test_the_status_tells_versions_and_time(asking: Asking):
    told = asking("GET", "status").document

    assert told["wire_versions"] == [2, 1]
    assert told["time"].endswith("Z")
    assert told["maintenance"] is False


def test_the_log_is_told_from_one_size_to_another(asking: Asking):
    asked: list[tuple[int, int | None]] = []

    def statement(since: int, until: int | None) -> LogStatement:
        asked.append((since, until))
        return LogStatement(checkpoint="a note", since=since, consistency=("ab",))

    asking.house = replace(asking.house, log=statement)

    told = asking("GET", "log?from=3&to=9").document

    assert told == {"checkpoint": "a note", "since": 3, "consistency": ["ab"]}
    assert asked == [(3, 9)]


def test_what_waits_is_given_with_its_parts(asking: Asking):
    asking.southland.post(b"a file")

    waiting = asking("GET", "waiting")

    message = next(iter(asking.southland.outbox))
    assert read_frames(waiting.content) == [asking.southland.outbox[message].frame]
    part = asking("GET", f"messages/{message}/parts/0?from=0")
    assert part.content == asking.southland.outbox[message].sealed[0]
    assert part.headers["Content-Type"] == SEGMENTS


def test_the_previous_wire_version_takes_one_envelope_at_a_time(asking: Asking):
    frames = [asking.northland.outbox[asking.northland.post()].frame for _ in range(2)]

    one = asking("POST", "envelopes", write_frames(frames[:1]), FRAMES, below="/exchange/1/")
    two = asking("POST", "envelopes", write_frames(frames), FRAMES, below="/exchange/1/")

    assert len(one.document) == 1
    assert (two.status, two.problem) == (422, "framing")


# Who is not answered


def test_a_certificate_of_nobody_is_refused_before_anything_is_read(asking: Asking):
    asking.certificate = "00" * 32

    answered = asking("GET", "status")

    assert (answered.status, answered.problem) == (403, "certificate-unknown")


@pytest.mark.parametrize("state", [PartnerState.PROPOSED, PartnerState.ENDED])
def test_a_partner_that_is_not_confirmed_or_ended_is_refused(asking: Asking, state: PartnerState):
    asking.southland.partner = replace(asking.southland._partner, state=state)

    assert asking("GET", "status").problem == "partner-unknown"


def test_an_unsigned_request_is_refused(asking: Asking):
    request = asking.signed("GET", "status", b"", NOTHING)
    bare = {n: v for n, v in request.headers.items() if not n.startswith("Signature")}

    answered = asking.put_in(replace(request, headers=bare))

    assert (answered.status, answered.problem) == (401, "unsigned")


@pytest.mark.parametrize("header", ["Signature", "Signature-Input"])
@pytest.mark.parametrize("value", ["", "x" * 5000, "comity=", "comity=(", "other=:AAAA:", "a=1"])
def test_a_signature_that_cannot_be_read_is_refused(asking: Asking, header: str, value: str):
    request = asking.signed("GET", "status", b"", NOTHING)

    answered = asking.put_in(replace(request, headers={**request.headers, header: value}))

    assert answered.status == 401
    assert answered.problem in ("unsigned", "http-signature-broken")


@pytest.mark.parametrize(
    "change",
    [
        {"REQUEST_METHOD": "GET", "REQUEST_URI": "/exchange/2/log", "PATH_INFO": "/exchange/2/log"},
        {"REQUEST_URI": "/exchange/2/status?from=1"},
        {"HTTP_HOST": "eastland.example:8443"},
        {"CONTENT_TYPE": "text/plain"},
    ],
)
def test_whatever_is_signed_cannot_be_changed(asking: Asking, change: dict[str, str]):
    request = asking.signed("GET", "status", b"", NOTHING)

    answered = asking.put_in(request, **change)

    assert (answered.status, answered.problem) == (401, "http-signature-broken")


def test_a_changed_body_is_refused(asking: Asking):
    request = asking.signed("POST", "evidences", b"[]", JSON)

    answered = asking.put_in(request, b'["x"]')

    assert (answered.status, answered.problem) == (401, "content-digest-differs")
    require_signed(asking, answered)


def test_a_body_without_a_signed_digest_is_refused(asking: Asking):
    headers = {"Content-Type": JSON, "Host": "southland.example:8443"}
    bare = Request("POST", "https://southland.example:8443/exchange/2/evidences", headers)
    signed = sign_request(bare, asking.key, at=now(), nonce=secrets.token_hex(16))
    digest = {"Content-Digest": content_digest(b"[]")}

    answered = asking.put_in(replace(bare, headers=signed | digest), b"[]")

    assert answered.status == 401


def test_the_same_request_is_answered_once(asking: Asking):
    request = asking.signed("GET", "status", b"", NOTHING)

    first, second = asking.put_in(request), asking.put_in(request)

    assert first.status == 200
    assert (second.status, second.problem) == (409, "replay")


def test_a_request_whose_body_came_after_its_nonce_was_forgotten_is_refused(asking: Asking):
    clock = iter((now(), now() + timedelta(minutes=11)))
    asking.house = replace(asking.house, clock=lambda: next(clock))

    answered = asking("GET", "status")

    assert (answered.status, answered.problem) == (409, "replay")


def test_a_large_body_takes_the_place_of_a_part_while_it_comes(asking: Asking):
    asking.limits = DoorLimits(streams=0, large=100)

    large = asking("POST", "evidences", json.dumps(["x" * 100]).encode(), JSON)
    small = asking("POST", "evidences", b"[]", JSON)

    assert (large.status, large.problem) == (429, "slow-down")
    assert small.status == 200


def test_a_request_that_was_refused_uses_no_nonce_up(asking: Asking):
    request = asking.signed("GET", "status", b"", NOTHING)
    broken = {**request.headers, "Signature": "comity=:AAAA:"}

    refused = asking.put_in(replace(request, headers=broken))
    taken = asking.put_in(request)

    assert (refused.status, taken.status) == (401, 200)


@pytest.mark.parametrize("minutes", [-300, -6, 6, 300])
def test_clocks_that_differ_are_named_with_both_times(asking: Asking, minutes: int):
    asking.at = lambda: now() + timedelta(minutes=minutes)

    answered = asking("GET", "status")

    assert (answered.status, answered.problem) == (401, "clock-skew")
    assert f"{now():%Y-%m-%d}" in json.loads(answered.content)["title"]
    require_signed(asking, answered)


@pytest.mark.parametrize("minutes", [-4, 4])
def test_four_minutes_are_within_what_clocks_may_differ(asking: Asking, minutes: int):
    asking.at = lambda: now() + timedelta(minutes=minutes)

    assert asking("GET", "status").status == 200


def test_an_unknown_key_is_named(asking: Asking):
    asking.key = SigningKey.make()

    answered = asking("GET", "status")

    assert (answered.status, answered.problem) == (401, "key-unknown")
    assert asking.key.public.key_id in json.loads(answered.content)["title"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"valid_from": timedelta(days=1)}, "key-not-yet-valid"),
        ({"valid_until": timedelta(days=-1)}, "key-expired"),
        ({"revoked_at": timedelta(minutes=-10)}, "key-revoked"),
    ],
)
def test_a_key_counts_at_the_time_of_signing(
    asking: Asking, change: dict[str, timedelta], problem: str
):
    moved = {name: now() + by for name, by in change.items()}
    partner = asking.southland._partner
    keys = tuple(
        replace(key, **moved) if key.use is KeyUse.ENVELOPE else key for key in partner.keys
    )
    asking.southland.partner = replace(partner, keys=keys)

    answered = asking("GET", "status")

    assert (answered.status, answered.problem) == (401, problem)


def test_a_key_for_another_use_signs_no_request(asking: Asking):
    partner = asking.southland._partner
    keys = tuple(
        replace(key, use=KeyUse.OFFICIAL) if key.use is KeyUse.ENVELOPE else key
        for key in partner.keys
    )
    asking.southland.partner = replace(partner, keys=keys)

    assert asking("GET", "status").problem == "key-unknown"


# What is asked wrongly


@pytest.mark.parametrize(
    ("method", "path", "status", "problem"),
    [
        ("GET", "elsewhere", 404, "address-unknown"),
        ("GET", "messages/../status", 404, "address-unknown"),
        ("GET", "messages/not-an-id", 404, "address-unknown"),
        ("DELETE", "status", 405, "method-unknown"),
        ("GET", "status?from=1", 400, "odd-query"),
        ("GET", "log?from=-1", 400, "odd-query"),
        ("GET", "log?from=1&from=2", 400, "odd-query"),
        ("GET", "log?from=99999999999999999999", 400, "odd-query"),
        ("GET", SEGMENTS_OF_NOBODY, 404, "part-unknown"),
        ("GET", "log", 404, "log-absent"),
    ],
)
def test_what_is_not_there_is_said_so(
    asking: Asking, method: str, path: str, status: int, problem: str
):
    answered = asking(method, path)

    assert (answered.status, answered.problem) == (status, problem)
    require_signed(asking, answered)


def test_a_later_wire_version_is_refused_and_ours_are_named(asking: Asking):
    answered = asking("GET", "status", below="/exchange/3/")

    assert (answered.status, answered.problem) == (404, "wire-version-unknown")
    assert "2, 1" in json.loads(answered.content)["title"]


def test_an_address_outside_the_exchange_is_refused(asking: Asking):
    assert asking("GET", "index.html", below="/").problem == "address-unknown"


@pytest.mark.parametrize(
    ("body", "content_type", "path", "status", "problem"),
    [
        (b"[", JSON, "evidences", 400, "odd-body"),
        (b"[" * 100_000, JSON, "evidences", 400, "odd-body"),
        (b"{}", JSON, "evidences", 400, "odd-body"),
        (b"[1]", JSON, "evidences", 400, "odd-body"),
        (b'["\\ud800"]', JSON, "evidences", 422, "wire-form"),
        (b'["x"]', "text/plain", "evidences", 415, "odd-content-type"),
        (b"[" + b",".join([b'""'] * 501) + b"]", JSON, "evidences", 413, "body-too-large"),
        (b"\x00\x00\x00", FRAMES, "envelopes", 422, "framing"),
        (b"\xff" * 8 + b"x", FRAMES, "envelopes", 422, "framing"),
        (bytes(8) * 101, FRAMES, "envelopes", 422, "framing"),
        (b'["no digest"]', JSON, "statements/confirmed", 400, "odd-body"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    asking: Asking, body: bytes, content_type: str, path: str, status: int, problem: str
):
    answered = asking("POST", path, body, content_type)

    assert (answered.status, answered.problem) == (status, problem)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(asking: Asking):
    request = asking.signed("POST", "envelopes", b"", FRAMES)

    answered = asking.put_in(request, CONTENT_LENGTH=str(1024**3), **{"wsgi.input": _Unreadable()})

    assert (answered.status, answered.problem) == (413, "body-too-large")


class _Unreadable:
    def read(self, size: int) -> bytes:
        raise AssertionError("a refused body was read")


@pytest.mark.parametrize("length", ["-1", "+1", "1e3", "٣", "1" * 30, "x"])
def test_a_length_that_is_no_plain_number_is_refused(asking: Asking, length: str):
    request = asking.signed("POST", "evidences", b"[]", JSON)

    answered = asking.put_in(request, b"[]", CONTENT_LENGTH=length)

    assert (answered.status, answered.problem) == (411, "length-missing")


def test_a_body_of_unknown_length_is_refused(asking: Asking):
    request = asking.signed("POST", "evidences", b"[]", JSON)

    answered = asking.put_in(request, b"[]", HTTP_TRANSFER_ENCODING="chunked")

    assert answered.problem == "length-missing"


def test_a_body_that_is_cut_off_is_not_taken(asking: Asking):
    request = asking.signed("POST", "evidences", b"[]", JSON)

    answered = asking.put_in(request, b"[]", CONTENT_LENGTH="50")

    assert (answered.status, answered.problem) == (400, "body-cut-off")


def test_a_part_that_is_cut_off_is_taken_as_far_as_it_came(asking: Asking):
    message = asking.northland.post(bytes(3 * 1024 * 1024))
    asking("POST", "envelopes", write_frames([asking.northland.outbox[message].frame]), FRAMES)
    sealed = asking.northland.outbox[message].sealed[0]
    path = f"messages/{message}/parts/0?from=0"
    request = asking.signed("PUT", path, b"", SEGMENTS)

    answered = asking.put_in(request, sealed[:1_500_000], CONTENT_LENGTH=str(len(sealed)))

    assert answered.document["parts"] == [{"part": 0, "from": 1}]


# When nothing is taken


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Pressure.MAINTENANCE, 503),
        (Pressure.DISK_LOW, 503),
        (Pressure.QUOTA, 429),
        (Pressure.SLOW_DOWN, 429),
    ],
)
def test_what_is_held_off_is_told_when_to_come_again(asking: Asking, reason: Pressure, status: int):
    asking.house = replace(asking.house, held_off=lambda *_: Hold(reason, 17))

    answered = asking("POST", "envelopes", b"", FRAMES)

    assert (answered.status, answered.problem) == (status, reason)
    assert answered.headers["Retry-After"] == "17"
    require_signed(asking, answered)


@pytest.mark.parametrize("reason", [Pressure.QUOTA, Pressure.DISK_LOW])
def test_evidences_and_questions_are_answered_though_nothing_large_is_taken(
    asking: Asking, reason: Pressure
):
    asking.house = replace(asking.house, held_off=lambda *_: Hold(reason, 17))

    assert asking("POST", "evidences", b"[]", JSON).document == []
    assert read_outcome(asking("GET", f"messages/{NOBODY}").document) == Unknown(NOBODY)


def test_a_suspended_partner_is_told_so_and_may_ask_for_the_status(asking: Asking):
    asking.southland.partner = replace(asking.southland._partner, state=PartnerState.SUSPENDED)

    answered = asking("POST", "evidences", b"[]", JSON)

    assert (answered.status, answered.problem) == (503, Pressure.SUSPENDED)
    assert asking("GET", "status").status == 200


def test_the_size_that_is_brought_is_what_is_judged(asking: Asking):
    seen: list[tuple[str, int]] = []

    def held_off(partner: Partner, size: int, at: datetime) -> None:
        seen.append((partner.code, size))

    asking.house = replace(asking.house, held_off=held_off)
    asking("PUT", SEGMENTS_OF_NOBODY, bytes(1000), SEGMENTS)
    asking("POST", "evidences", b"[]", JSON)

    assert seen == [("XN", 1000), ("XN", 0)]


# When something fails


class AbsentError(NotFoundError):
    code = "absent"
    message = N_("It is not there.")
    remedy = N_("Look elsewhere.")


class FullError(PeerError):
    code = "full"
    message = N_("There is no room.")


@pytest.mark.parametrize(
    ("error", "status", "problem"),
    [
        (AbsentError(), 404, "absent"),
        (FullError(), 503, "full"),
        (ValueError("the name of a person"), 500, "failed-here"),
        (MemoryError(), 500, "failed-here"),
    ],
)
def test_a_failure_is_answered_and_says_nothing_of_content(
    asking: Asking,
    error: Exception,
    status: int,
    problem: str,
    caplog: pytest.LogCaptureFixture,
):
    asking.house = replace(asking.house, reception=Failing(error))

    answered = asking("POST", "envelopes", b"", FRAMES)

    assert (answered.status, answered.problem) == (status, problem)
    assert status < 500 or answered.headers["Retry-After"]
    assert b"person" not in answered.content
    assert "person" not in caplog.text
    require_signed(asking, answered)


def test_a_node_that_nobody_fetches_from_says_so(asking: Asking):
    asking.house = replace(asking.house, outgoing=None)

    assert asking("GET", "waiting").problem == "nothing-to-fetch"


def test_a_part_is_given_in_pieces_and_its_file_is_closed(asking: Asking):
    opened: list[io.BytesIO] = []

    class Giving:
        def part(self, *_: object, partner: str) -> BinaryIO:
            opened.append(io.BytesIO(bytes(700_000)))
            return opened[0]

    asking.house = replace(asking.house, outgoing=Giving())

    answered = asking("GET", SEGMENTS_OF_NOBODY)

    assert len(answered.content) == int(answered.headers["Content-Length"]) == 700_000
    assert opened[0].closed


def test_no_more_parts_are_taken_at_a_time_than_leave_room_for_short_messages(asking: Asking):
    asking.limits = DoorLimits(streams=3, streams_of_one=1)
    within: list[Answered] = []

    class Taking:
        def take_part(self, message: str, *_: object, partner: str, at: datetime) -> Outcome:
            if not within:
                within.append(asking("PUT", SEGMENTS_OF_NOBODY, b"", SEGMENTS))
            return Unknown(message)

    asking.house = replace(asking.house, reception=Taking())

    first = asking("PUT", SEGMENTS_OF_NOBODY, b"", SEGMENTS)
    later = asking("PUT", SEGMENTS_OF_NOBODY, b"", SEGMENTS)

    assert (within[0].status, within[0].problem) == (429, "slow-down")
    assert int(within[0].headers["Retry-After"]) > 0
    assert (first.status, later.status) == (200, 200)


def test_parts_that_were_given_or_were_not_there_make_room_again(asking: Asking):
    asking.limits = DoorLimits(streams=1, streams_of_one=1)
    asking.southland.post(b"a file")
    message = next(iter(asking.southland.outbox))

    asked = [f"messages/{message}/parts/{number}?from=0" for number in (0, 7, 0, 7, 0)]

    assert [asking("GET", path).status for path in asked] == [200, 404, 200, 404, 200]


def test_a_request_s_deadline_grows_with_what_it_brings(asking: Asking):
    allowed: list[float] = []

    class Watching(Deadline):
        def allow(self, seconds: float) -> None:
            allowed.append(seconds)

    asking.limits = DoorLimits(seconds=10, slowest=1000)
    request = asking.signed("PUT", SEGMENTS_OF_NOBODY, b"", SEGMENTS)

    asking.put_in(request, bytes(50_000), **{DEADLINE: Watching()})

    assert allowed[0] == 60
    assert 10 < allowed[1] < 12
