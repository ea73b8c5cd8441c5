# SPDX-License-Identifier: Apache-2.0
"""Uploads: never whole in memory, never readable on a disk, refused before they are read."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadhandler import load_handler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory

from comity.server.uploads import LONGEST, LONGEST_OF_STRANGERS, UploadLimits

MEBIBYTE = 1 << 20
BOUNDARY = "b"
HEAD = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    b"Content-Type: application/pdf\r\n\r\n"
)
END = b"\r\n--b--\r\n"


class Coming(io.RawIOBase):
    """A form with a file of this size, which is nowhere whole."""

    def __init__(self, size: int) -> None:
        self._left, self._piece = size, b"0123456789abcdef" * 4096
        self._ends = [HEAD, END]

    def read(self, size: int = -1) -> bytes:
        if len(self._ends) == 2:
            return self._ends.pop(0)
        if self._left:
            piece = self._piece[: min(size, self._left, len(self._piece))]
            self._left -= len(piece)
            return piece
        return self._ends.pop(0) if self._ends else b""


def received(size: int, settings: Any, home: Path) -> Any:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=home)
    length = len(HEAD) + size + len(END)
    meta = {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}", "CONTENT_LENGTH": length}
    handlers = [load_handler(name, HttpRequest()) for name in settings.FILE_UPLOAD_HANDLERS]
    return MultiPartParser(meta, Coming(size), handlers).parse()[1]["file"]


@pytest.mark.slow
def test_a_large_upload_takes_little_memory_and_nothing_that_can_be_read(
    settings: Any, tmp_path: Path
) -> None:
    size = 96 * MEBIBYTE
    tracemalloc.start()
    try:
        file = received(size, settings, tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
    finally:
        tracemalloc.stop()
    file.close()

    assert file.size == size
    assert digest.hexdigest() == hashlib.sha256(b"0123456789abcdef" * (size // 16)).hexdigest()
    assert peak < 12 * MEBIBYTE
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_small_upload_never_touches_the_disk(settings: Any, tmp_path: Path) -> None:
    file = received(1000, settings, tmp_path)

    assert len(file.read()) == 1000
    assert list(tmp_path.iterdir()) == []


class Somebody:
    def __init__(self, *, signed_in: bool) -> None:
        self.is_authenticated = signed_in


def answered(length: int, *, signed_in: bool, monkeypatch: pytest.MonkeyPatch) -> int:
    """The status of a form of this length, of which nothing was read."""
    from comity.server import uploads

    def shown(request: HttpRequest, obstacle: Any) -> HttpResponse:
        return HttpResponse(obstacle.code, status=obstacle.status)

    monkeypatch.setattr(uploads, "page", shown)
    request = RequestFactory().post("/verify/", CONTENT_LENGTH=str(length))
    request.user = Somebody(signed_in=signed_in)
    return UploadLimits(lambda _: HttpResponse())(request).status_code


def test_a_stranger_may_send_a_package_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.storage.disk.free_bytes", lambda _: 1 << 60)

    assert answered(LONGEST_OF_STRANGERS, signed_in=False, monkeypatch=monkeypatch) == 200
    assert answered(LONGEST_OF_STRANGERS + 1, signed_in=False, monkeypatch=monkeypatch) == 400
    assert answered(LONGEST, signed_in=True, monkeypatch=monkeypatch) == 200
    assert answered(LONGEST + 1, signed_in=True, monkeypatch=monkeypatch) == 400


def test_what_does_not_fit_on_the_disk_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.storage.disk.free_bytes", lambda _: 2 << 30)

    assert answered(100 * MEBIBYTE, signed_in=True, monkeypatch=monkeypatch) == 200
    assert answered(900 * MEBIBYTE, signed_in=True, monkeypatch=monkeypatch) == 507
