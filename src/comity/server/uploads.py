# SPDX-License-Identifier: Apache-2.0
"""Files on their way in from a form: small ones in memory, others sealed on the node's own disk.

Django would write them, readable, into the machine's folder for temporary files, which some
machines keep in memory. Here a file of any length takes some mebibytes of memory, and what lies
on the disk can be opened by this process alone. What does not fit is refused before it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse

from comity.catalogues import N_
from comity.errors import ComityError, InvalidInputError
from comity.server.error_pages import obstacle_of, page
from comity.storage import disk
from comity.storage.blob_store import DiskFullError
from comity.storage.passing import PassingContent

FOLDER = "uploads"
LONGEST = 64 << 30
"""Bytes of what an officer may send at once."""
LONGEST_OF_STRANGERS = 512 << 20
"""The same of anybody else, who has nothing to send but a package to be verified."""
KEPT_FREE = 1 << 30
"""Bytes that an upload leaves on the disk, for the journal and the database."""
TWICE = 2
"""An upload lies on the disk twice for a moment: in passing, and where it is kept."""


class UploadTooLargeError(InvalidInputError):
    """More came than one form may bring."""

    code = "upload-too-large"
    message = N_("What was sent is too large: {length} bytes, and {longest} at most are taken.")
    remedy = N_("Send it in several parts, or bring it on a medium.")


class UploadLimits:
    """The middleware that refuses what is too large, before any of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on where its files can be taken. The API has limits of its own."""
        if not request.path.startswith("/api/"):
            try:
                _require_room(request)
            except ComityError as error:
                return page(request, obstacle_of(error))
        return self.get_response(request)


class SealedUploads(FileUploadHandler):
    """Django's port for uploads: takes each file as it comes, piece by piece."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._content: PassingContent | None = None

    def new_file(self, *arguments: Any, **named: Any) -> None:
        """A file begins."""
        super().new_file(*arguments, **named)
        self._content = PassingContent(settings.ENVIRONMENT.home / FOLDER)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The file goes on."""
        if self._content is not None:
            self._content.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """The file is whole: something that reads as any file does."""
        if self._content is None:
            return None
        content, self._content = self._content.opened(), None
        return UploadedFile(content, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        """It will not be whole."""
        if self._content is not None:
            self._content.close()
            self._content = None


def _require_room(request: HttpRequest) -> None:
    """Raise unless what the request announces may be sent and fits."""
    announced = request.headers.get("Content-Length") or "0"
    length = int(announced) if announced.isdigit() else 0
    longest = LONGEST if request.user.is_authenticated else LONGEST_OF_STRANGERS
    if length > longest:
        raise UploadTooLargeError(length=length, longest=longest)
    if length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        needed, free = length * TWICE + KEPT_FREE, disk.free_bytes(settings.ENVIRONMENT.home)
        if needed > free:
            raise DiskFullError(needed=needed, free=free)
