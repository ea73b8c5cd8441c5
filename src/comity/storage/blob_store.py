# SPDX-License-Identifier: Apache-2.0
"""What a store of content promises, whatever it is made of, and what it refuses with.

A blob is named by a keyed digest of its content: who sees names learns nothing, and identical
content is kept once. It lies as sealed segments (`sealing.segments`) that travel as they lie.
No error here says a name, a digest or anything of the content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from comity.catalogues import N_
from comity.errors import ConflictError, NotFoundError, PeerError, VerificationError
from comity.sealing.encryption import Readable


class BlobMissingError(NotFoundError):
    """The store has no content of that name."""

    code = "blob-missing"
    message = N_("The node's storage does not hold this content.")
    remedy = N_("Restore the node's folder of blobs from a backup, or ask for the content again.")


class BlobDamagedError(VerificationError):
    """What lies in the store is not what was put there; it is not served."""

    code = "blob-damaged"
    message = N_("Stored content was refused: {obstacle}.")
    remedy = N_("Run `comity storage verify`, and restore what it names from a backup.")


class ArrivalMissingError(NotFoundError):
    """Nothing of that content is arriving."""

    code = "arrival-missing"
    message = N_("Nothing is known of an arrival of this content.")
    remedy = N_("Begin it again: what had come before was given up or swept away.")


class ArrivalIncompleteError(ConflictError):
    """The content is not whole yet."""

    code = "arrival-incomplete"
    message = N_("The content is not whole: {expected} segments expected, {found} are here.")
    remedy = N_("Fetch the segments from number {found} on.")


class ArrivalDiffersError(VerificationError):
    """Content arrived whole, and is not what was announced."""

    code = "arrival-differs"
    message = N_("The content that arrived is not what was announced: its {what} is another.")
    remedy = N_("Ask the sender for the content again; what came is not kept.")


class DiskFullError(PeerError):
    """The disk, or the node's share of it, is full."""

    code = "disk-full"
    message = N_("The disk of the node's storage is full: {needed} bytes needed, {free} are free.")
    remedy = N_("Free space where the node's folder lies; nothing half-written was kept.")


class StorageFailedError(PeerError):
    """The disk did not do its part."""

    code = "storage-failed"
    message = N_("The node's storage failed: {reason}.")
    remedy = N_("Examine the disk with `comity check`; nothing half-written was kept.")


@dataclass(frozen=True, slots=True)
class Blob:
    """Content that a store holds."""

    name: str
    """By which the store finds it: a keyed digest, 64 hexadecimal digits."""
    digest: str
    """SHA-256 of the plain content, in hexadecimal."""
    size: int
    """Bytes of the plain content."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of opening every blob of a store."""

    blobs: int
    bytes: int
    """Plain bytes of those that are whole."""
    damaged: tuple[str, ...]
    """Names of those that are not."""

    @property
    def holds(self) -> bool:
        """Whether everything is what was put there."""
        return not self.damaged


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in a store, as counted and not verified."""

    blobs: int
    bytes: int
    """Of the files, sealed."""
    arriving: int
    arriving_bytes: int
    free: int


class BlobStore(Protocol):
    """A store of content. Every act is durable when it returns, and leaves nothing half done."""

    def put(self, source: Readable) -> Blob:
        """Keep all of the source, read once; content that is here already is kept once.

        Raises:
            DiskFullError, StorageFailedError: nothing was kept.
        """
        ...

    def blob(self, name: str) -> Blob:
        """What is known of it, its frame verified: it opens, and has its length."""
        ...

    def open(self, name: str) -> BinaryIO:
        """The plain content, seekable; each segment is verified before its first byte is given.

        Raises:
            BlobMissingError: there is none. BlobDamagedError: now or at a later read.
        """
        ...

    def sealed(self, name: str, from_segment: int = 0) -> BinaryIO:
        """The segments as they lie, from the given one on, nothing of them verified."""
        ...

    def content_key(self, name: str) -> bytes:
        """The key that opens its segments: for the recipient's key list, and for nobody else."""
        ...

    def has(self, digest: str) -> str:
        """The name of the content with this SHA-256; empty where it is not here."""
        ...

    def names(self) -> Iterator[str]:
        """Every blob's name, in order."""
        ...

    def begin(self, arrival_id: str, content_key: bytes, size: int) -> int:
        """Prepare to take sealed segments; how many are here already.

        Beginning again goes on where it was, unless key or size are others: then from nothing.

        Raises:
            DiskFullError: there is no room for all of it.
        """
        ...

    def take(self, arrival_id: str, from_segment: int, stream: Readable) -> int:
        """Take segments from the given one on, as far as they come; how many are here now.

        Each is verified before it counts, and all that count are durable on return. Segments
        that are here are skipped; where the first ones given are missing, nothing is read.

        Raises:
            SealBrokenError: a segment was altered; those before it are kept.
            DiskFullError, StorageFailedError: those before it are kept.
        """
        ...

    def segments_there(self, arrival_id: str) -> int:
        """How many segments are here from the first on; 0 where nothing was begun."""
        ...

    def finish(self, arrival_id: str, digest: str, size: int) -> Blob:
        """Keep what arrived whole, once it proves to be the content announced.

        Finishing twice gives the same blob. Content that differs stays until `abandon`.

        Raises:
            ArrivalMissingError, ArrivalIncompleteError, ArrivalDiffersError: why it is not kept.
        """
        ...

    def brought(self, arrival_id: str, digest: str) -> str:
        """The name of the content with this SHA-256, where this arrival finished with it.

        Empty until then and after `abandon`, whoever else brought the same content: that it is
        here is no secret of whoever announces it, but of whoever gave it.
        """
        ...

    def abandon(self, arrival_id: str) -> None:
        """Forget what arrived."""
        ...

    def sweep(self, older_than: datetime) -> int:
        """Remove arrivals and leftovers of crashes untouched since then; how many."""
        ...

    def verify(self, name: str) -> Blob:
        """Open all of a blob and compare its digest; raise `BlobDamagedError` where it is off."""
        ...

    def verify_all(self) -> Verification:
        """Verify every blob, going on past those that are damaged."""
        ...

    def remove(self, name: str) -> bool:
        """Remove a blob for good; whether it was here."""
        ...

    def contents(self) -> Contents:
        """How much lies here."""
        ...

    def free_bytes(self) -> int:
        """How many bytes more can be kept."""
        ...
