# SPDX-License-Identifier: Apache-2.0
"""A store in a folder of this machine.

content/ab/abcdef…   blobs by their names, each written elsewhere and named when it is whole
arriving/…           what is on its way in, under a keyed digest of its arrival's id
finished/…           which content an arrival brought whole, until it is abandoned
unfinished/…         what is being put; a crash leaves it there for `sweep`
lock                 held while a blob is given its name
"""

from __future__ import annotations

import contextlib
import hmac
import io
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from comity.catalogues import N_, Phrase
from comity.sealing.encryption import Readable
from comity.sealing.segments import (
    SEALED_SEGMENT_LENGTH,
    SEGMENT_LENGTH,
    TAG_LENGTH,
    Segments,
    make_content_key,
)
from comity.sealing.short_secrets import derived_key
from comity.storage import arrival, disk
from comity.storage.blob_file import (
    UNKNOWN,
    BlobHeader,
    PlainContent,
    fill,
    offset_of,
    read_header,
    write_header,
    write_segment,
)
from comity.storage.blob_store import (
    ArrivalMissingError,
    Blob,
    BlobDamagedError,
    BlobMissingError,
    Contents,
    DiskFullError,
    Verification,
)
from comity.storage.hashing import Buffers, Digest

CONTENT, ARRIVING, UNFINISHED, LOCK = "content", "arriving", "unfinished", "lock"
FINISHED = "finished"
PASSING = frozenset({ARRIVING, FINISHED, UNFINISHED, LOCK})
"""What a backup leaves out: content that is arriving is asked for again."""
KEPT_PROGRESS = 256
"""Arrivals whose progress is kept in memory; that of others is read from their files again."""


class LocalStore:
    """A `BlobStore` in a folder, for any number of threads and processes at once."""

    def __init__(self, folder: Path, storage_key: bytes) -> None:
        self.folder = folder
        self._key = storage_key
        self._naming_key = derived_key(storage_key, "comity blob names")
        self._arrivals: OrderedDict[str, arrival.Arrival] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, source: Readable) -> Blob:
        """Keep all of the source, read once; content that is here already is kept once."""
        path = self.folder / UNFINISHED / secrets.token_hex(16)
        with self._new_file(path) as file:
            header = _write_content(file, source)
            write_header(file, header, self._key)
            disk.sync(file)
            return self._keep(path, header)

    def blob(self, name: str) -> Blob:
        """What is known of it, its frame verified: it opens, and has its length."""
        file, header = self._opened(name)
        os.close(file)
        return _blob(name, header)

    def open(self, name: str) -> BinaryIO:
        """The plain content, seekable; each segment is verified before its first byte is given."""
        plain = PlainContent(*self._opened(name))
        return cast("BinaryIO", io.BufferedReader(plain, SEGMENT_LENGTH))

    def sealed(self, name: str, from_segment: int = 0) -> BinaryIO:
        """The segments as they lie, from the given one on, nothing of them verified."""
        file, _ = self._opened(name)
        opened = os.fdopen(file, "rb", buffering=0)
        opened.seek(offset_of(from_segment))
        return cast("BinaryIO", opened)

    def content_key(self, name: str) -> bytes:
        """The key that opens its segments."""
        file, header = self._opened(name)
        os.close(file)
        return header.content_key

    def has(self, digest: str) -> str:
        """The name of the content with this SHA-256; empty where it is not here."""
        name = self._name_of(bytes.fromhex(digest))
        return name if self._sound(name) else ""

    def names(self) -> Iterator[str]:
        """Every blob's name, in order."""
        for folder in _listed(self.folder / CONTENT):
            for path in _listed(folder):
                if path.name.startswith(folder.name) and _is_name(path.name):
                    yield path.name

    def begin(self, arrival_id: str, content_key: bytes, size: int) -> int:
        """Prepare to take sealed segments; how many are here already."""
        header = BlobHeader(content_key, size)
        known = self._known(arrival_id)
        if known is not None and _same_content(known.header, header):
            return known.count()
        free = self.free_bytes()
        if free < header.length:
            raise DiskFullError(needed=header.length, free=free)
        path = self.folder / UNFINISHED / secrets.token_hex(16)
        with self._new_file(path) as file:
            write_header(file, header, self._key)
            disk.sync(file)
            disk.place(path, self._arriving(arrival_id))
        return 0

    def take(self, arrival_id: str, from_segment: int, stream: Readable) -> int:
        """Take segments from the given one on, as far as they come; how many are here now."""
        try:
            return self._arrival(arrival_id).take(from_segment, stream)
        except FileNotFoundError as error:
            raise ArrivalMissingError from error

    def segments_there(self, arrival_id: str) -> int:
        """How many segments are here from the first on; 0 where nothing was begun."""
        try:
            return self._arrival(arrival_id).count()
        except (ArrivalMissingError, FileNotFoundError):
            return 0

    def finish(self, arrival_id: str, digest: str, size: int) -> Blob:
        """Keep what arrived whole, once it proves to be the content announced."""
        path, name = self._arriving(arrival_id), self._name_of(bytes.fromhex(digest))
        if not path.exists():
            if self._path(name).exists():  # finished before, or the same content came otherwise
                return self.blob(name)
            raise ArrivalMissingError
        arriving = self._arrival(arrival_id)
        arriving.finish(self._key, digest, size)
        self._note_finished(arrival_id, name)
        kept = self._keep(path, arriving.header.with_digest(digest))
        with self._lock:
            self._arrivals.pop(arrival_id, None)
        return kept

    def brought(self, arrival_id: str, digest: str) -> str:
        """The content's name where this very arrival brought all of it; else empty."""
        try:
            noted = self._finished(arrival_id).read_text("ascii")
        except FileNotFoundError:
            return ""
        return noted if noted and noted == self.has(digest) else ""

    def abandon(self, arrival_id: str) -> None:
        """Forget what arrived."""
        with self._lock:
            self._arrivals.pop(arrival_id, None)
        self._finished(arrival_id).unlink(missing_ok=True)
        disk.remove(self._arriving(arrival_id))

    def sweep(self, older_than: datetime) -> int:
        """Remove arrivals and leftovers of crashes untouched since then; how many."""
        removed = 0
        for folder in (ARRIVING, FINISHED, UNFINISHED):
            for path in _listed(self.folder / folder):
                removed += _swept(path, older_than.timestamp())
        return removed

    def verify(self, name: str) -> Blob:
        """Open all of a blob and compare its digest; raise `BlobDamagedError` where it is off."""
        file, header = self._opened(name)
        digest = Digest()
        with contextlib.closing(PlainContent(file, header)) as content:
            for buffer, length in content.segments(Buffers(min(SEGMENT_LENGTH, header.size))):
                digest.update(buffer, length)
        if digest.hexdigest() != header.digest.hex():
            raise BlobDamagedError(obstacle=N_("it opens, and its digest is another"))
        return _blob(name, header)

    def verify_all(self) -> Verification:
        """Verify every blob, going on past those that are damaged."""
        whole: list[int] = []
        damaged: list[str] = []
        for name in self.names():
            try:
                whole.append(self.verify(name).size)
            except BlobDamagedError:
                damaged.append(name)
            except BlobMissingError:  # removed meanwhile
                continue
        return Verification(len(whole) + len(damaged), sum(whole), tuple(damaged))

    def remove(self, name: str) -> bool:
        """Remove a blob for good; whether it was here."""
        return disk.remove(self._path(name))

    def contents(self) -> Contents:
        """How much lies here."""
        blobs = [_size(self._path(name)) for name in self.names()]
        arriving = [_size(path) for path in _listed(self.folder / ARRIVING)]
        free = self.free_bytes()
        return Contents(len(blobs), sum(blobs), len(arriving), sum(arriving), free)

    def free_bytes(self) -> int:
        """How many bytes more can be kept."""
        return disk.free_bytes(self.folder)

    def _opened(self, name: str) -> tuple[int, BlobHeader]:
        """The file of a blob and its header: opened by our key, of that name, whole in length."""
        path = self._path(name)
        try:
            file = disk.open_file(path)
        except FileNotFoundError as error:
            raise BlobMissingError from error
        try:
            header = read_header(file, self._key)
            self._check(name, header, os.fstat(file).st_size)
        except BaseException:
            os.close(file)
            raise
        return file, header

    def _check(self, name: str, header: BlobHeader, length: int) -> None:
        if header.digest == UNKNOWN or self._name_of(header.digest) != name:
            raise BlobDamagedError(obstacle=N_("it lies under another content's name"))
        if header.length != length:
            obstacle = Phrase(
                N_("expected {expected} bytes, found {found}"), expected=header.length, found=length
            )
            raise BlobDamagedError(obstacle=obstacle)

    def _keep(self, path: Path, header: BlobHeader) -> Blob:
        """Give a whole file its name, or drop it where the same content is kept already."""
        name = self._name_of(header.digest)
        with self._naming():
            if self._sound(name):
                disk.remove(path)
                self._path(name).touch()  # so that whoever sweeps by age sees it wanted again
            else:
                disk.place(path, self._path(name))
        return _blob(name, header)

    def _sound(self, name: str) -> bool:
        try:
            self.blob(name)
        except (BlobMissingError, BlobDamagedError):
            return False
        return True

    def _arrival(self, arrival_id: str) -> arrival.Arrival:
        known = self._known(arrival_id)
        if known is None:
            raise ArrivalMissingError
        return known

    def _known(self, arrival_id: str) -> arrival.Arrival | None:
        """The arrival as its file says, with the progress in memory where that belongs to it."""
        try:
            found = arrival.known(self._arriving(arrival_id), self._key)
        except (FileNotFoundError, BlobDamagedError):  # a header torn by a power cut
            return None
        with self._lock:
            kept = self._arrivals.get(arrival_id)
            if kept is None or not _same_content(kept.header, found.header):
                self._arrivals[arrival_id] = kept = found
            self._arrivals.move_to_end(arrival_id)
            while len(self._arrivals) > KEPT_PROGRESS:
                self._arrivals.popitem(last=False)
            return kept

    def _name_of(self, digest: bytes) -> str:
        return hmac.digest(self._naming_key, b"content " + digest, "sha256").hex()

    def _path(self, name: str) -> Path:
        if not _is_name(name):
            raise BlobMissingError
        return self.folder / CONTENT / name[:2] / name

    def _arriving(self, arrival_id: str) -> Path:
        named = hmac.digest(self._naming_key, b"arrival " + arrival_id.encode(), "sha256").hex()
        return self.folder / ARRIVING / named

    def _finished(self, arrival_id: str) -> Path:
        return self.folder / FINISHED / self._arriving(arrival_id).name

    def _note_finished(self, arrival_id: str, name: str) -> None:
        """Where a power cut takes the note, the content is asked for again: nothing is synced."""
        path = self._finished(arrival_id)
        disk.make_folder(path.parent)
        path.unlink(missing_ok=True)
        with disk.closing(disk.make_file(path)) as file:
            disk.write_at(file, name.encode("ascii"), 0)

    @contextlib.contextmanager
    def _new_file(self, path: Path) -> Iterator[int]:
        """A file that is gone in the end unless it was given another name."""
        disk.make_folder(path.parent)
        with disk.closing(disk.make_file(path)) as file:
            disk.take_if_free(file)  # so that `sweep` leaves it alone
            try:
                yield file
            finally:
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _naming(self) -> Iterator[None]:
        """Nobody else gives or takes a name meanwhile."""
        with (self.folder / LOCK).open("w") as lock, disk.alone(lock.fileno()):
            yield


def _write_content(file: int, source: Readable) -> BlobHeader:
    """Seal all of the source into the file, and say what it was."""
    header = BlobHeader(make_content_key(), 0)
    segments, digest, buffers = Segments(header.content_key), Digest(), Buffers(SEGMENT_LENGTH)
    sealed = memoryview(bytearray(SEALED_SEGMENT_LENGTH))
    size = number = 0
    current = buffers.next()
    length = fill(source, current.view)
    while True:
        following = buffers.next()
        further = fill(source, following.view) if length == SEGMENT_LENGTH else 0
        digest.update(current, length)
        target = sealed[: length + TAG_LENGTH]
        segments.seal_into(number, current.view[:length], target, final=not further)
        write_segment(file, number, target)
        size, number = size + length, number + 1
        if not further:
            return BlobHeader(header.content_key, size, bytes.fromhex(digest.hexdigest()))
        current, length = following, further


def _blob(name: str, header: BlobHeader) -> Blob:
    return Blob(name, header.digest.hex(), header.size)


def _same_content(one: BlobHeader, other: BlobHeader) -> bool:
    return (one.content_key, one.size) == (other.content_key, other.size)


def _is_name(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _swept(path: Path, before: float) -> bool:
    """Remove one file that nobody holds and that was not touched since then."""
    try:
        with disk.closing(disk.open_file(path)) as file:
            if os.fstat(file).st_mtime >= before or not disk.take_if_free(file):
                return False
            return disk.remove(path)
    except FileNotFoundError:
        return False
