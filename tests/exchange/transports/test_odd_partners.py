# SPDX-License-Identifier: Apache-2.0
"""Partners that answer nonsense, late, too much, or something that is meant for somebody else."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from comity.errors import PeerError
from comity.exchange.door import Door, House
from comity.exchange.outcome import Outcome, Stated, Unknown, Wanted, WantedPart
from comity.exchange.partner import KeyUse
from comity.exchange.transports.https import (
    AnswerUnprovenError,
    AnswerUnreadableError,
    HeldOffError,
    NotAnExchangeError,
    RedirectedError,
    RefusedByPartnerError,
    RequestNotTakenError,
)
from comity.exchange.transports.listener import Listener, make_listener
from comity.exchange.transports.media_types import JSON
from comity.exchange.transports.pull import Pull
from comity.exchange.transports.request_signatures import Request, content_digest, sign_answer
from comity.exchange.transports.tls import server_context
from comity.outbound.peer import (
    PeerAnswerTooLargeError,
    PeerConnectionBrokenError,
    PeerLimits,
    PeerOddAnswerError,
    PeerTooSlowError,
)
from comity.sealing.keys import SigningKey
from tests.support.listeners import (
    house_of,
    https_to,
    listening,
    peer_of,
    serving,
    signed_peer,
)
from tests.support.memory_node import MemoryNode, acquaint, now
from tests.support.odd_server import Answer, answering, says, says_nothing, says_without_end

NOBODY = "00000000-0000-4000-8000-000000000000"
SHORT = PeerLimits(
    connect_seconds=2, silence_seconds=0.5, answer_seconds=1.5, answer_bytes=1_000_000
)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

Nodes = tuple[MemoryNode, MemoryNode]


@pytest.fixture
def nodes(tmp_path: Path) -> Nodes:
    northland, southland = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(northland, southland)
    return northland, southland


@pytest.mark.parametrize(
    ("answer", "error", "permanent"),
    [
        (says(b""), PeerConnectionBrokenError, False),
        (says(b"\x00\x01\x02 nonsense\r\n\r\n"), PeerOddAnswerError, False),
        (says(b"220 mail.example ESMTP\r\n\r\n"), PeerOddAnswerError, False),
        (says(b"HTTP/1.1 200 OK\r\nContent-Le"), PeerConnectionBrokenError, False),
        (says(OK + b"Content-Length: 50\r\n\r\n[]"), PeerConnectionBrokenError, False),
        (says(OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]"), PeerOddAnswerError, False),
        (says(OK + b"Content-Length: 99999999999\r\n\r\n"), PeerAnswerTooLargeError, True),
        (says_without_end(OK + b"\r\n", b"[" * 65536), PeerAnswerTooLargeError, True),
        (says_without_end(b"HTTP/1.1 200 OK\r\n", b"X: " + b"a" * 9000), PeerOddAnswerError, False),
        (says_nothing(3), PeerTooSlowError, False),
        (says_without_end(OK + b"\r\n", b"[", pause=0.1), PeerTooSlowError, False),
        (says(OK + b"Content-Length: 2\r\n\r\n[]"), AnswerUnprovenError, False),
        (
            says(b"HTTP/1.1 302 Found\r\nLocation: https://eastland.example/\r\n\r\n"),
            RedirectedError,
            True,
        ),
        (
            says(b"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno."),
            NotAnExchangeError,
            False,
        ),
        (
            says(b"HTTP/1.1 503 Busy\r\nRetry-After: 999999\r\nContent-Length: 0\r\n\r\n"),
            NotAnExchangeError,
            False,
        ),
    ],
)
def test_an_answer_that_is_none_has_its_own_error_and_settles_nothing(
    nodes: Nodes, answer: Answer, error: type[PeerError], *, permanent: bool
):
    northland, southland = nodes
    message = northland.post()
    begun = time.monotonic()

    with (
        answering(southland, answer) as port,
        peer_of(*nodes, port, limits=SHORT) as peer,
        pytest.raises(error) as raised,
    ):
        northland.send(https_to(peer, *nodes))

    assert type(raised.value) is error
    assert raised.value.permanent is permanent
    assert time.monotonic() - begun < 4
    assert northland.due() == [message]


# Answers that are signed, and yet no answers


class Answering:
    """A node's reception that answers as it is told."""

    def __init__(self, outcome: Callable[[str], Any]) -> None:
        self.outcome = outcome

    def receive(self, frames: Sequence[bytes], *, partner: str, at: datetime) -> list[Outcome]:
        return [self.outcome(NOBODY) for _ in frames]

    def outcome_of(self, message: str, *, partner: str) -> Outcome:
        outcome: Outcome = self.outcome(message)
        return outcome

    def hear(self, statements: Sequence[bytes], *, partner: str, at: datetime) -> list[bool]:
        return [True] * (len(statements) + 1)


def ask_of(nodes: Nodes, house: House) -> Outcome:
    with listening(nodes[1], house=house) as listener, peer_of(*nodes, listener.port) as peer:
        return https_to(peer, *nodes).ask(NOBODY)


def test_an_ask_list_of_ten_thousand_parts_is_refused(nodes: Nodes):
    bomb = Wanted(NOBODY, tuple(WantedPart(n, 0) for n in range(10_000)))

    with pytest.raises(AnswerUnreadableError) as refused:
        ask_of(nodes, replace(house_of(nodes[1]), reception=Answering(lambda _: bomb)))

    assert refused.value.permanent
    assert refused.value.fields["obstacle"] in ("wire-limit", "wire-form")


def test_an_outcome_of_another_message_is_refused(nodes: Nodes):
    another = Unknown("11111111-1111-4111-8111-111111111111")

    with pytest.raises(AnswerUnreadableError):
        ask_of(nodes, replace(house_of(nodes[1]), reception=Answering(lambda _: another)))


def test_another_message_s_receipt_settles_nothing(nodes: Nodes):
    northland, southland = nodes
    with listening(southland) as listener, peer_of(*nodes, listener.port) as peer:
        transport = https_to(peer, *nodes)
        first = northland.post()
        northland.send(transport)
        receipt = northland.outbox[first].receipt
    second = northland.post()
    house = replace(
        house_of(southland), reception=Answering(lambda message: Stated(message, receipt))
    )

    with listening(southland, house=house) as listener, peer_of(*nodes, listener.port) as peer:
        outcome = https_to(peer, *nodes).ask(second)

    assert isinstance(outcome, Stated)
    northland.settle(replace(outcome, message=first))  # it is the first one's, as ever
    assert northland.outbox[second].settled is None


def test_answers_for_more_evidences_than_were_told_are_refused(nodes: Nodes):
    house = replace(house_of(nodes[1]), reception=Answering(Unknown))

    with (
        listening(nodes[1], house=house) as listener,
        peer_of(*nodes, listener.port) as peer,
        pytest.raises(AnswerUnreadableError),
    ):
        https_to(peer, *nodes).tell([b"{}"])


class Signing:
    """A WSGI application that signs whatever it is told to answer."""

    def __init__(self, node: MemoryNode) -> None:
        self.node = node
        self.key: SigningKey = node.keys.sign
        self.status = 200
        self.content_type = JSON
        self.content = b"[]"
        self.further: dict[str, str] = {}
        self.digest_of: bytes | None = None
        self.kept: list[tuple[str, str]] | None = None
        self.replay = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        headers = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        headers["content-type"] = environ["CONTENT_TYPE"]
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        url = f"https://{headers['host']}{environ['REQUEST_URI']}"
        request = Request(environ["REQUEST_METHOD"], url, headers)
        bare = {
            "Content-Type": self.content_type,
            "Content-Digest": content_digest(
                self.content if self.digest_of is None else self.digest_of
            ),
            **self.further,
        }
        signed = list(sign_answer(self.status, bare, request, self.key, at=now()).items())
        if self.kept is None or not self.replay:
            self.kept = signed
        start_response(
            f"{self.status} Said", [*self.kept, ("Content-Length", str(len(self.content)))]
        )
        return [self.content]


def ask_signing(nodes: Nodes, application: Signing) -> None:
    """Ask it about a message."""
    listener = _listener(nodes[1], application)
    with serving(listener), peer_of(*nodes, listener.port, limits=SHORT) as peer:
        https_to(peer, *nodes).ask(NOBODY)


def _listener(node: MemoryNode, application: Any) -> Listener:
    known = [node.partner] if node.partner else []
    context = server_context(node.keys.tls, known, at=now())
    return make_listener(application, address="127.0.0.1", port=0, context=context)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b"[" * 100_000,
        b'{"outcome": "later"}',
        b'{"outcome": "unknown"}',
        b'{"outcome": "unknown", "message": 5}',
        b'{"outcome": "held", "message": "%s", "reason": "x", "retry_after": -1}' % NOBODY.encode(),
        b'{"outcome": "wanted", "message": "%s", "parts": []}' % NOBODY.encode(),
        b"\xff\xfe",
    ],
)
def test_signed_nonsense_is_refused_for_good(nodes: Nodes, content: bytes):
    application = Signing(nodes[1])
    application.content = content

    with pytest.raises(AnswerUnreadableError) as refused:
        ask_signing(nodes, application)

    assert refused.value.permanent


def test_an_answer_of_another_type_is_refused(nodes: Nodes):
    application = Signing(nodes[1])
    application.content_type = "text/html"

    with pytest.raises(AnswerUnreadableError):
        ask_signing(nodes, application)


def test_an_answer_signed_by_somebody_else_is_not_believed(nodes: Nodes):
    application = Signing(nodes[1])
    application.key = SigningKey.make()

    with pytest.raises(AnswerUnprovenError) as refused:
        ask_signing(nodes, application)

    assert refused.value.fields["obstacle"] == "key-unknown"


def test_an_answer_signed_by_a_key_whose_time_is_over_is_not_believed(nodes: Nodes):
    northland, southland = nodes
    public = southland.keys.public
    late = [
        replace(key, valid_until=now() - timedelta(days=1)) if key.use is KeyUse.ENVELOPE else key
        for key in public()
    ]
    southland.keys.public = lambda: tuple(late)  # type: ignore[method-assign]

    with pytest.raises(AnswerUnprovenError) as refused:
        ask_signing(nodes, Signing(southland))

    assert refused.value.fields["obstacle"] == "key-expired"
    assert not northland.outbox


def test_an_answer_whose_content_was_changed_is_not_believed(nodes: Nodes):
    application = Signing(nodes[1])
    application.digest_of = b"something else"

    with pytest.raises(AnswerUnprovenError) as refused:
        ask_signing(nodes, application)

    assert refused.value.fields["obstacle"] == "content-digest-differs"


def test_an_answer_to_an_earlier_request_is_not_believed(nodes: Nodes):
    application = Signing(nodes[1])
    application.content = json.dumps({"outcome": "unknown", "message": NOBODY}).encode()
    ask_signing(nodes, application)
    application.replay = True

    with pytest.raises(AnswerUnprovenError) as refused:
        ask_signing(nodes, application)

    assert refused.value.fields["obstacle"] == "http-signature-broken"


@pytest.mark.parametrize(
    ("status", "error", "permanent"),
    [
        (401, RefusedByPartnerError, False),
        (403, RefusedByPartnerError, False),
        (404, RefusedByPartnerError, False),
        (409, RefusedByPartnerError, False),
        (400, RequestNotTakenError, True),
        (413, RequestNotTakenError, True),
        (415, RequestNotTakenError, True),
        (422, RequestNotTakenError, True),
        (429, HeldOffError, False),
        (503, HeldOffError, False),
        (500, RefusedByPartnerError, False),
    ],
)
def test_a_signed_problem_keeps_its_code_whatever_it_is(
    nodes: Nodes, status: int, error: type[PeerError], *, permanent: bool
):
    application = Signing(nodes[1])
    application.status, application.content_type = status, "application/problem+json"
    application.content = b'{"type": "some-code"}'

    with pytest.raises(error) as refused:
        ask_signing(nodes, application)

    assert refused.value.fields["problem"] == "some-code"
    assert refused.value.permanent is permanent


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"type": 5}', b'{"type": "A name <b>"}', b'{"type": "%s"}' % (b"a" * 100)],
)
def test_a_problem_without_a_plain_code_is_unnamed(nodes: Nodes, content: bytes):
    application = Signing(nodes[1])
    application.status, application.content_type = 403, "application/problem+json"
    application.content = content

    with pytest.raises(RefusedByPartnerError) as refused:
        ask_signing(nodes, application)

    assert refused.value.fields["problem"] == "unnamed"


@pytest.mark.parametrize(
    ("asked", "waited"), [("17", 17), ("99999999", 604800), ("soon", 60), ("-5", 60), ("", 60)]
)
def test_the_pause_that_is_asked_for_is_bounded(nodes: Nodes, asked: str, waited: int):
    application = Signing(nodes[1])
    application.status, application.content_type = 503, "application/problem+json"
    application.content = b'{"type": "maintenance"}'
    application.further = {"Retry-After": asked} if asked else {}

    with pytest.raises(HeldOffError) as held:
        ask_signing(nodes, application)

    assert held.value.fields["retry_after"] == waited


@pytest.mark.parametrize("content", [b"\x00\x00", b"\xff" * 8, bytes(8) * 101])
def test_nonsense_instead_of_waiting_envelopes_is_refused(nodes: Nodes, content: bytes):
    northland, southland = nodes

    class Giving(Answering):
        def statements(self, *, partner: str) -> list[bytes]:
            return []

    house = replace(house_of(southland), outgoing=Giving(Unknown))
    door = Door(house)

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if not environ["PATH_INFO"].endswith("/waiting"):
            return door(environ, start)
        signing = Signing(southland)
        signing.content, signing.content_type = content, "application/vnd.comity.frames"
        return signing(environ, start)

    listener = _listener(southland, application)
    with serving(listener), peer_of(*nodes, listener.port) as peer:
        pull = Pull(signed_peer(peer, *nodes), northland, southland.code, now)

        with pytest.raises(AnswerUnreadableError):
            pull.fetch()


def test_nonces_are_never_used_twice(nodes: Nodes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(secrets, "token_hex", lambda _: "0123456789abcdef")

    with listening(nodes[1]) as listener, peer_of(*nodes, listener.port) as peer:
        transport = https_to(peer, *nodes)
        assert transport.ask(NOBODY) == Unknown(NOBODY)
        with pytest.raises(RefusedByPartnerError) as refused:
            transport.ask(NOBODY)

    assert refused.value.fields["problem"] == "replay"
