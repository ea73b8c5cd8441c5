# SPDX-License-Identifier: Apache-2.0
"""Where the browser finds a static file: under a name with its digest, compressed, once collected.

Where nothing was collected (a checkout, the tests) the plain names serve, so that no page needs a
build.
"""

from __future__ import annotations

from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Names with digests when a manifest is there, plain names when it is not."""

    def url(self, name: str | None, force: bool = False) -> str:  # noqa: FBT001, FBT002 - Django's
        """The address of a file."""
        if self.hashed_files:
            return str(super().url(name, force))
        return FileSystemStorage.url(self, name)
