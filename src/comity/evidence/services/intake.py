# SPDX-License-Identifier: Apache-2.0
"""Examining what is taken in: the finding is kept beside the item, whatever it says.

Nothing is refused for being dangerous, since that can be why it is evidence; too large is refused.
"""

from __future__ import annotations

from datetime import datetime

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.evidence import models
from comity.evidence.intake import USUAL_LIMITS, Examined, Limits, examine
from comity.evidence.intake.findings import FindingCode, documents
from comity.evidence.services import keeping
from comity.storage.blob_store import Blob


class FileTooLargeError(InvalidInputError):
    """The file is larger than the node takes in."""

    code = "file-too-large"
    message = N_("The file was not taken in: it has {size} bytes, and {most} at most are taken.")
    remedy = N_("Take it in as several items, each a part of it.")


def examined_content(
    key: bytes, blob: Blob, file_name: str, *, limits: Limits = USUAL_LIMITS
) -> Examined:
    """What a content that was just put into the store is, and what stands against it.

    Raises:
        FileTooLargeError: it is not kept.
    """
    with keeping.store_of(key).open(blob.name) as content:
        found = examine(content, name=file_name, limits=limits)
    if found.has(FindingCode.TOO_LARGE):
        raise FileTooLargeError(size=blob.size, most=limits.longest_file)
    return found


def keep_examination(reference: str, found: Examined, at: datetime) -> None:
    """Keep what was found beside its item, within the caller's transaction."""
    models.Examination.objects.create(
        item=models.Item.objects.only("pk").get(reference=reference),
        at=at,
        findings=documents(found.findings),
        other_types=list(found.other_types),
    )
