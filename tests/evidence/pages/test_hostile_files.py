# SPDX-License-Identifier: Apache-2.0
"""A hostile file comes in by the form and out by the door: nothing of it is shown but words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client

from comity.accounts.permissions import Role
from tests.evidence.hostile.corpus import CORPUS
from tests.support.evidence import a_case
from tests.support.officers import registered, sign_in

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("evidence_home")]
NEVER = (b"<script>alert", b"<svg onload", b"<script>fetch", b'<body onload="x()"')
TRIED = ("text/html", "text/mail-with-html", "picture/gif-script", "pdf/javascript")


def upload(client: Client, content: bytes, name: str) -> str:
    """The address of the item that was added with this file."""
    file = io.BytesIO(content)
    file.name = name
    fields = {"kind": "document", "rank": "original", "title": "A file", "case": "CASE-2026-7"}
    reply = client.post("/evidence/items/new/", {**fields, "file": file})
    assert reply.status_code == 302, reply.content.decode()
    return str(reply.url)


def test_nothing_of_a_hostile_file_is_shown_by_the_browser(client: Client) -> None:
    officer = registered(Role.EVIDENCE_CUSTODIAN, Role.CASE_OFFICER)
    a_case(officers=(officer,))
    sign_in(client, officer)
    for tried in TRIED:
        address = upload(client, CORPUS[tried], "invoice\u202efdp.exe")

        page = client.get(address)
        saved = client.post(f"{address}file/")
        picture = client.get(f"{address}pages/1.png")

        assert page.status_code == 200
        assert not any(mark in page.content for mark in NEVER)
        assert saved.status_code == 200
        assert b"".join(saved.streaming_content) == CORPUS[tried]
        assert saved["Content-Type"] == "application/octet-stream"
        assert saved["Content-Disposition"].startswith('attachment; filename="ITM-')
        assert saved["Content-Disposition"].endswith('.bin"')
        assert saved["X-Content-Type-Options"] == "nosniff"
        assert saved["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert not saved.has_header("Set-Cookie")
        if picture.status_code == 200:
            assert picture["Content-Type"] == "image/png"
            assert picture.content.startswith(b"\x89PNG")
            assert picture["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        else:
            assert picture.status_code == 404


def test_an_upload_that_does_not_fit_in_memory_passes_sealed(
    client: Client, evidence_home: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comity.evidence.queries.items import item
    from comity.storage import passing

    written = []
    real = passing.PassingContent.write
    monkeypatch.setattr(
        passing.PassingContent,
        "write",
        lambda self, content: (written.append(len(content)), real(self, content))[1],
    )
    officer = registered(Role.EVIDENCE_CUSTODIAN, Role.CASE_OFFICER)
    a_case(officers=(officer,))
    sign_in(client, officer)
    content = b"Consignment 4711; tobacco\n" * 150_000
    address = upload(client, content, "list.txt")

    added = item(address.rstrip("/").rsplit("/", 1)[-1])
    assert added.size == len(content) == sum(written) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert MemoryFileUploadHandler.__name__ in settings.FILE_UPLOAD_HANDLERS[0]
    assert list((evidence_home / "uploads").iterdir()) == []
    assert not any(
        b"tobacco" in path.read_bytes() for path in evidence_home.rglob("*") if path.is_file()
    )
