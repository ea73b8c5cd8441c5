# SPDX-License-Identifier: Apache-2.0
"""The inside of a backup: a plain tar stream, made and read in constant memory.

What has no known length (the database's dump) is cut into numbered pieces, so that `tar` and
`cat` can put it together without this program. The manifest comes last, with every member's
digest. Plain: reads the files and streams it is given.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from comity.catalogues import N_
from comity.errors import VerificationError

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 4 * 1024 * 1024
CHUNK = 256 * 1024


class BackupDamagedError(VerificationError):
    """A backup that opens and does not hold what its manifest says."""

    code = "backup-damaged"
    message = N_("The backup does not hold what its manifest says: {obstacle}.")
    remedy = N_("Use another backup; nothing of this one was kept.")


class Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


@dataclass(slots=True)
class Writer:
    """The members of an archive as bytes, one after another, each counted and digested."""

    digests: dict[str, dict[str, Any]] = field(default_factory=dict)

    def member(self, name: str, content: bytes) -> Iterator[bytes]:
        """One member held in memory."""
        yield from self._member(name, len(content), [content])

    def file(self, name: str, path: Path) -> Iterator[bytes]:
        """One file, whatever its size."""
        size = path.stat().st_size
        with path.open("rb") as opened:
            yield from self._member(name, size, iter(lambda: opened.read(CHUNK), b""))

    def pieces(self, folder: str, source: Source) -> Iterator[bytes]:
        """A stream of unknown length, as `folder/000001` and so on."""
        number = 0
        while piece := _read_full(source, PIECE):
            number += 1
            yield from self.member(f"{folder}/{number:06}", piece)

    def end(self, facts: dict[str, object]) -> Iterator[bytes]:
        """The manifest, and the two blocks of zeros that end a tar stream."""
        manifest = {"format": FORMAT} | facts | {"members": self.digests}
        yield from self.member(MANIFEST, json.dumps(manifest, indent=1).encode())
        yield b"\0" * 2 * tarfile.BLOCKSIZE

    def _member(self, name: str, size: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        yield header.tobuf(tarfile.PAX_FORMAT)
        digest, written = hashlib.sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            written += len(chunk)
            yield chunk
        if written != size:
            raise OSError(f"{name} changed while it was read")
        self.digests[name] = {"bytes": size, "sha256": digest.hexdigest()}
        yield b"\0" * (-size % tarfile.BLOCKSIZE)


class Pulled:
    """An iterator of bytes as something to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.left = b""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        while not self.left:
            piece = next(self.pieces, None)
            if piece is None:
                return b""
            self.left = piece
        taken, self.left = self.left[:size], self.left[size:]
        return taken


def read_archive(stream: Any, take: Callable[[str, Iterator[bytes]], None]) -> dict[str, Any]:
    """Hand every member to `take` as it comes, and return the manifest that they fit.

    Raises:
        BackupDamagedError: a member is missing, foreign, or of another digest.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                opened = archive.extractfile(member)
                if opened is None or manifest is not None:
                    raise BackupDamagedError(obstacle=f"{member.name} has no place in it")
                if member.name == MANIFEST:
                    manifest = json.load(opened)
                else:
                    found[member.name] = _taken(member.name, opened, take)
    except (tarfile.TarError, ValueError) as error:
        raise BackupDamagedError(obstacle="it is not a whole archive") from error
    if manifest is None or manifest.get("format") != FORMAT:
        raise BackupDamagedError(obstacle="it has no manifest of a known format")
    _compare(manifest["members"], found)
    return manifest


def _taken(
    name: str, opened: Source, take: Callable[[str, Iterator[bytes]], None]
) -> dict[str, Any]:
    digest, read = hashlib.sha256(), 0

    def chunks() -> Iterator[bytes]:
        nonlocal read
        while chunk := opened.read(CHUNK):
            digest.update(chunk)
            read += len(chunk)
            yield chunk

    take(name, chunks())
    return {"bytes": read, "sha256": digest.hexdigest()}


def _compare(expected: dict[str, Any], found: dict[str, Any]) -> None:
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise BackupDamagedError(obstacle=f"{name} is missing, foreign or altered")


def _read_full(source: Source, length: int) -> bytes:
    pieces, missing = [], length
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
