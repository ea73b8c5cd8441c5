# SPDX-License-Identifier: Apache-2.0
"""Every hostile file is examined and drawn: no crash, no hang, no connection, the right finding."""

from __future__ import annotations

import contextlib
import io
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache

import pytest

from comity.evidence.intake import USUAL_LIMITS, Examined, FindingCode, examine
from comity.evidence.intake.findings import WORDS
from comity.evidence.previewing import DrawingLimits, NotDrawnError, Obstacle, draw_pages
from comity.evidence.serving import NEUTRAL, download_headers
from tests.evidence.hostile.corpus import CORPUS, HOSTILE_NAMES
from tests.evidence.hostile.pdfs import a_content_bomb

F = FindingCode
QUICK = DrawingLimits(most_seconds=2)
EXPECTED: dict[str, set[FindingCode]] = {
    "archive/bzip2-bomb": {F.PACKED_TOO_WELL},
    "archive/claims-exabytes": {F.EXPANDS_TOO_FAR},
    "archive/cut-off-zip": {F.DAMAGED},
    "archive/device-name": {F.MEMBER_LEADS_OUT},
    "archive/embedded-object": {F.EMBEDDED_FILES},
    "archive/flat-bomb": {F.PACKED_TOO_WELL},
    "archive/gzip-bomb": {F.PACKED_TOO_WELL},
    "archive/leads-out": {F.MEMBER_LEADS_OUT},
    "archive/leads-out-by-root": {F.MEMBER_LEADS_OUT},
    "archive/link": {F.MEMBER_IS_LINK},
    "archive/macros": {F.MACROS},
    "archive/name-turned-around": {F.MEMBER_NAME_DECEIVES, F.EXECUTABLE_INSIDE},
    "archive/name-with-nul": {F.MEMBER_LEADS_OUT},
    "archive/nested-bomb": {F.NESTED_TOO_DEEP},
    "archive/old-macros": {F.MACROS},
    "archive/overlapping-members": {F.OVERLAPPING_MEMBERS, F.PACKED_TOO_WELL},
    "archive/program-inside": {F.EXECUTABLE_INSIDE},
    "archive/remote-template": {F.FETCHES, F.ACTS_WHEN_OPENED},
    "archive/rtf-object": {F.EMBEDDED_FILES, F.ACTS_WHEN_OPENED},
    "archive/same-names": {F.SAME_NAMED_MEMBERS},
    "archive/says-too-little": {F.EXPANDS_TOO_FAR},
    "archive/tar-claims-exabytes": {F.DAMAGED},
    "archive/tar-in-gzip": {F.MEMBER_LEADS_OUT, F.EXECUTABLE_INSIDE},
    "archive/tar-leads-out": {F.MEMBER_LEADS_OUT, F.MEMBER_IS_LINK},
    "archive/two-names": {F.DIRECTORY_DISAGREES},
    "archive/xz-bomb": {F.PACKED_TOO_WELL},
    "pdf/cut-off": {F.DAMAGED},
    "pdf/embedded-program": {F.EMBEDDED_FILES},
    "pdf/hidden-script": {F.SCRIPT, F.ACTS_WHEN_OPENED},
    "pdf/javascript": {F.SCRIPT, F.ACTS_WHEN_OPENED},
    "pdf/launch": {F.STARTS_PROGRAMS, F.ACTS_WHEN_OPENED},
    "pdf/remote-file": {F.FETCHES},
    "pdf/uri-on-open": {F.FETCHES, F.ACTS_WHEN_OPENED},
    "picture/bmp-of-a-gigapixel": {F.TOO_MANY_PIXELS},
    "picture/gif-huge": {F.TOO_MANY_PIXELS},
    "picture/gif-script": {F.SEVERAL_TYPES},
    "picture/gif-then-script": {F.SEVERAL_TYPES, F.DATA_AFTER_END},
    "picture/pdf-and-zip": {F.SEVERAL_TYPES, F.EXECUTABLE_INSIDE},
    "picture/png-and-pdf": {F.SEVERAL_TYPES},
    "picture/png-bomb": {F.TOO_MANY_PIXELS},
    "picture/png-cut-off": {F.DAMAGED},
    "picture/png-of-a-gigapixel": {F.TOO_MANY_PIXELS},
    "picture/png-then-zip": {F.SEVERAL_TYPES, F.DATA_AFTER_END},
    "picture/program-and-zip": {F.SEVERAL_TYPES, F.EXECUTABLE},
    "text/batch-file": {F.EXECUTABLE},
    "text/billion-laughs": {F.DOCTYPE, F.ENTITIES},
    "text/billion-laughs-in-utf-16": {F.DOCTYPE, F.ENTITIES},
    "text/external-doctype": {F.EXTERNAL_ENTITY},
    "text/external-entity": {F.EXTERNAL_ENTITY},
    "text/html": {F.SCRIPT, F.FETCHES, F.FORM},
    "text/html-refresh": {F.ACTS_WHEN_OPENED},
    "text/mail-with-html": {F.SCRIPT, F.EMBEDDED_FILES},
    "text/mail-with-packed-html": {F.SCRIPT, F.EMBEDDED_FILES},
    "text/page-that-runs-on-the-server": {F.EXECUTABLE},
    "text/shell-script": {F.EXECUTABLE},
    "text/stylesheet": {F.FETCHES},
    "text/svg-fetches": {F.FETCHES},
    "text/svg-handler": {F.SCRIPT},
    "text/svg-script": {F.SCRIPT},
    "text/table-of-formulas": {F.FORMULAS},
}
"""What must be found, at least. The others must only do no harm."""
EXHAUSTED = frozenset({Obstacle.TOO_LARGE, Obstacle.TOO_SLOW, Obstacle.CRASHED})
"""How the child ends whose share of time or memory is used up, whichever is first."""
MALFORMED, TOO_LARGE = frozenset({Obstacle.MALFORMED}), frozenset({Obstacle.TOO_LARGE})
NEVER_DRAWN = {
    "pdf/cut-off": MALFORMED,
    "pdf/forms-in-forms": EXHAUSTED,
    "pdf/only-a-head": MALFORMED,
    "pdf/page-tree-loop": MALFORMED,
    "picture/bmp-of-a-gigapixel": TOO_LARGE,
    "picture/gif-huge": TOO_LARGE,
    "picture/png-bomb": TOO_LARGE,
    "picture/png-cut-off": MALFORMED,
    "picture/png-of-a-gigapixel": TOO_LARGE,
}
DRAWABLE = sorted(name for name in CORPUS if name.startswith(("pdf/", "picture/")))
LONGEST = 4.0
"""Seconds that examining any of them may take, on a busy machine."""


@cache
def examined(name: str) -> Examined:
    return examine(io.BytesIO(CORPUS[name]))


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_a_hostile_file_is_examined_to_its_finding(name: str) -> None:
    began = time.monotonic()
    found = examined(name)

    codes = {finding.code for finding in found.findings}
    assert codes >= EXPECTED.get(name, set())
    assert time.monotonic() - began < LONGEST


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWABLE)
def test_a_hostile_file_is_drawn_or_refused(name: str) -> None:
    why = drawn(CORPUS[name])

    assert name not in NEVER_DRAWN or why in NEVER_DRAWN[name]


@pytest.mark.slow
def test_a_page_that_unpacks_to_a_hundred_megabytes_harms_nobody() -> None:
    assert drawn(a_content_bomb()) in EXHAUSTED


def drawn(content: bytes) -> Obstacle | None:
    """Why it was not drawn; None where it was, or has no pages."""
    media_type = "application/pdf" if content.startswith(b"%PDF") else head_type(content)
    try:
        for page in draw_pages(io.BytesIO(content), media_type, limits=QUICK):
            assert page.startswith(b"\x89PNG")
    except NotDrawnError as error:
        return error.why
    return None


def head_type(content: bytes) -> str:
    return examine(io.BytesIO(content[:4096])).media_type


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_a_hostile_name_is_found_and_never_becomes_a_header(name: str) -> None:
    found = examine(io.BytesIO(b"%PDF-1.7\n%%EOF"), name=name)
    headers = download_headers(name, found.media_type)

    assert {F.NAME_LEADS_OUT, F.NAME_DECEIVES} & {finding.code for finding in found.findings}
    assert not any(mark in value for value in headers.values() for mark in "\r\n\0<\\")


def test_no_hostile_file_is_served_as_what_it_is() -> None:
    for name in CORPUS:
        found = examined(name)
        headers = download_headers("ITM-00001", found.media_type, dangerous=found.dangerous)

        assert headers["Content-Type"] == NEUTRAL
        assert headers["Content-Disposition"].startswith('attachment; filename="ITM-00001.')
        if found.dangerous:
            assert headers["Content-Disposition"].endswith('.bin"')


def test_no_hostile_file_connects_to_anything() -> None:
    """Every address in the files leads to a listener that counts; nobody comes."""
    with listening() as (port, visitors), heard() as reached_for:
        for content in CORPUS.values():
            if b"127.0.0.1:9/" in content:
                drawn(content.replace(b"127.0.0.1:9/", b"127.0.0.1:%d/" % port))
        socket.create_connection(("127.0.0.1", port)).close()
        wait_for(visitors)

    assert len(visitors) == 1  # ours, just now
    assert reached_for == [("127.0.0.1", port)]


def test_what_draws_is_never_loaded_by_the_node() -> None:
    """Asked of a process that has done nothing else: this one may have loaded it for a test."""
    examines_and_draws = (
        "import io, sys\n"
        "from comity.evidence.intake import examine\n"
        "from comity.evidence.previewing import draw_pages\n"
        "content = sys.stdin.buffer.read()\n"
        "media_type = examine(io.BytesIO(content)).media_type\n"
        "pages = sum(1 for _ in draw_pages(io.BytesIO(content), media_type))\n"
        "print(media_type, pages, *({'pypdfium2', 'PIL'} & sys.modules.keys()))\n"
    )
    answered = subprocess.run(
        [sys.executable, "-c", examines_and_draws],
        input=CORPUS["pdf/javascript"],
        capture_output=True,
        check=True,
    )

    assert answered.stdout.decode().split() == ["application/pdf", "1"]


def test_whatever_lies_in_an_archive_stays_within_the_budget() -> None:
    limits = type(USUAL_LIMITS)(most_unpacked=1 << 20, most_members=10)
    many = examine(io.BytesIO(CORPUS["archive/many-members"]), limits=limits)
    bomb = examine(io.BytesIO(CORPUS["archive/flat-bomb"]), limits=limits)

    assert many.has(F.TOO_MANY_MEMBERS)
    assert bomb.has(F.EXAMINED_IN_PART)


@pytest.mark.slow
def test_every_finding_can_be_said() -> None:
    for name in CORPUS:
        for finding in examined(name).findings:
            assert "{" not in finding.words.format(**finding.facts)
    assert set(WORDS) == set(FindingCode)


@contextlib.contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and who came to it."""
    visitors: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))

    def welcome() -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, address = server.accept()
                visitor.close()
                visitors.append(address)

    thread = threading.Thread(target=welcome, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], visitors
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


@contextlib.contextmanager
def heard() -> Iterator[list[object]]:
    """Every address that this process connects to meanwhile, as the interpreter itself tells."""
    addresses: list[object] = []
    listens = [True]

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if listens[0] and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
            addresses.extend(arguments[1:2] if event == "socket.connect" else ())

    sys.addaudithook(hear)
    try:
        yield addresses
    finally:
        listens[0] = False


def wait_for(visitors: list[object]) -> None:
    end = time.monotonic() + 5
    while not visitors and time.monotonic() < end:
        time.sleep(0.01)
