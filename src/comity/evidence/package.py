# SPDX-License-Identifier: Apache-2.0
"""A package of evidence: one file for a reply or a court, with everything that proves it.

An ASiC-E container (ETSI EN 319 162-1) in a ZIP of which every byte is accounted for. Names in it
are numbers. This module says where what stands and writes it; what may stand in it is decided by
`services.packing`, and whether it holds by `verify`. The format: docs/reference/package.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO

from comity.catalogues import N_
from comity.evidence.canonical_zip import FIRST, LAST, ZipWriter, order
from comity.evidence.statement import ItemLeaves, leaves_document
from comity.journal.entry import instant
from comity.sealing.canonical_json import Json, canonical
from comity.sealing.encryption import Readable

FORMAT, ITEM_FORMAT, CUSTODY_FORMAT = "comity-package/1", "comity-item/1", "comity-custody/1"
KEYS_FORMAT = "comity-keys/1"
MEDIA_TYPE = "application/vnd.etsi.asic-e+zip"
MANIFEST = "META-INF/manifest.xml"
EXTENSION = "asice"

Content = bytes | Callable[[], Readable]
Seal = Callable[[Mapping[str, bytes]], bytes]
"""Name → SHA-256 of every file; the signature file over them."""


class PackageKind(StrEnum):
    """What a package is made for."""

    REPLY = "reply"
    """For a partner administration, in a message or by hand."""
    COURT = "court"
    """For a court, ordered and paginated."""


KIND_WORDS: dict[PackageKind, str] = {
    PackageKind.REPLY: N_("reply to a partner"),
    PackageKind.COURT: N_("bundle for a court"),
}


class Disclosure(StrEnum):
    """How much of an item is in a package."""

    WHOLE = "whole"
    REDACTED = "redacted"
    RECORD = "record"
    """Nothing but what is recorded of it: of a thing, or where its file is withheld."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as `package.json` lists it."""

    folder: str
    identity: str
    kind: str
    rank: str
    disclosure: Disclosure
    statements: tuple[str, ...]
    """Folders of the statements that speak of it."""
    marking: Mapping[str, Json]
    """What binds whoever receives it, as `handling` writes markings."""
    title: str = ""
    """Only where it is disclosed."""
    first_page: int = 0
    """In the bundle's own count, from 1; 0 for an item without pages."""
    pages: int = 0
    derived_from: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Json]:
        """The item as JSON."""
        return {
            "folder": self.folder,
            "identity": self.identity,
            "kind": self.kind,
            "rank": self.rank,
            "disclosure": self.disclosure.value,
            "statements": list(self.statements),
            "marking": dict(self.marking),
            "title": self.title,
            "first_page": self.first_page,
            "pages": self.pages,
            "derived_from": list(self.derived_from),
        }


@dataclass(frozen=True, slots=True)
class PackedStatement:
    """A statement as it was sealed, and the leaves that this package shows or withholds."""

    folder: str
    reference: str
    issuer: str
    head: bytes
    signature: bytes
    leaves: tuple[ItemLeaves, ...]

    def files(self) -> dict[str, Content]:
        """The statement's files."""
        folder = f"statements/{self.folder}"
        return {
            f"{folder}/head.json": self.head,
            f"{folder}/signature.xml": self.signature,
            f"{folder}/leaves.json": leaves_document(self.leaves),
        }


@dataclass(frozen=True, slots=True)
class CustodyChain:
    """One administration's record of an item."""

    by: str
    events: tuple[Mapping[str, Any], ...]
    certified: Mapping[str, int] = field(default_factory=dict)
    """Folder of a statement → how many of the first events it certifies."""

    def as_dict(self) -> dict[str, Any]:
        """The chain as JSON."""
        return {
            "by": self.by,
            "certified": dict(self.certified),
            "events": list(self.events),
        }


@dataclass(frozen=True, slots=True)
class PackedItem:
    """What a package holds of one item."""

    listed: Listed
    fields: Mapping[str, Mapping[str, Json]]
    """Folder of a statement → the fields that it certifies and this package discloses."""
    custody: tuple[CustodyChain, ...] = ()
    content: Content | None = None
    pages: Mapping[int, Content] = field(default_factory=dict)
    chunks: Mapping[int, Content] = field(default_factory=dict)
    """Parts of the file that are disclosed where the whole is not."""
    copy: Content = b""
    """The certified copy, a sealed PDF."""

    def files(self) -> dict[str, Content]:
        """The item's files."""
        folder = f"items/{self.listed.folder}"
        statements = {number: {"fields": dict(said)} for number, said in self.fields.items()}
        document: dict[str, Json] = {
            "format": ITEM_FORMAT,
            "identity": self.listed.identity,
            "statements": statements,
        }
        files: dict[str, Content] = {f"{folder}/item.json": canonical(document)}
        if self.custody:
            chains = [chain.as_dict() for chain in self.custody]
            custody = canonical({"format": CUSTODY_FORMAT, "chains": chains})
            files[f"{folder}/custody.json"] = custody
        if self.content is not None:
            files[f"{folder}/content.bin"] = self.content
        if self.copy:
            files[f"{folder}/copy.pdf"] = self.copy
        files |= {f"{folder}/pages/{n:05}.png": page for n, page in self.pages.items()}
        files |= {f"{folder}/chunks/{n:05}.bin": part for n, part in self.chunks.items()}
        return files


@dataclass(frozen=True, slots=True)
class Package:
    """A package before it is written."""

    reference: str
    kind: PackageKind
    sender: str
    recipient: str
    """Code of the partner, or what the court's officers call the court; never a person."""
    at: datetime
    case: str
    purpose: str
    items: tuple[PackedItem, ...]
    statements: tuple[PackedStatement, ...]
    instrument: str = ""
    article: str = ""
    others: Mapping[str, Content] = field(default_factory=dict)
    """Law, exchange, journal, trust: by their names in the package."""

    def as_dict(self) -> dict[str, Json]:
        """What `package.json` says."""
        return {
            "format": FORMAT,
            "reference": self.reference,
            "kind": self.kind.value,
            "from": self.sender,
            "to": self.recipient,
            "at": instant(self.at),
            "case": self.case,
            "purpose": self.purpose,
            "instrument": self.instrument,
            "article": self.article,
            "items": [item.listed.as_dict() for item in self.items],
            "statements": [
                {"folder": each.folder, "reference": each.reference, "issuer": each.issuer}
                for each in self.statements
            ],
        }

    def files(self) -> dict[str, Content]:
        """Every file but the manifest and the seal."""
        files: dict[str, Content] = {"package.json": canonical(self.as_dict()), **self.others}
        for item in self.items:
            files |= item.files()
        for statement in self.statements:
            files |= statement.files()
        return files


def write_package(
    package: Package, sink: BinaryIO, seal: Seal, told: Callable[[int, int], None] | None = None
) -> int:
    """Write the package, each file read once; its length. `told` hears how many files are done."""
    return write_container(package.files(), sink, seal, told)


def write_container(
    files: Mapping[str, Content],
    sink: BinaryIO,
    seal: Seal,
    told: Callable[[int, int], None] | None = None,
) -> int:
    """Write these files with their manifest, and a seal over all of them."""
    writer = ZipWriter(sink)
    writer.add(FIRST, MEDIA_TYPE.encode())
    everything = {**files, MANIFEST: manifest(files)}
    for done, name in enumerate(sorted(everything, key=order)):
        if told is not None:
            told(done, len(everything))
        _add(writer, name, everything[name])
    digests = {file.name: bytes.fromhex(file.digest) for file in writer.files[1:]}
    writer.add(LAST, seal(digests))
    return writer.finish()


def custody_leaves(event: Mapping[str, Any]) -> dict[str, Json]:
    """A custody event as the leaves of a statement: what was done, its digests, its words."""
    name = f"custody/{event['number']:05}"
    digests = {key: event[key] for key in CUSTODY_DIGESTS}
    hidden = (*CUSTODY_DIGESTS, "words")
    leaves: dict[str, Json] = {name: {k: v for k, v in event.items() if k not in hidden}}
    leaves[f"{name}/digests"] = digests
    if "words" in event:
        leaves[f"{name}/words"] = event["words"]
    return leaves


def shown_event(event: Mapping[str, Any], shown: Iterable[str]) -> dict[str, Any] | None:
    """The event as far as these leaves are shown; None where nothing of it is."""
    name, names = f"custody/{event['number']:05}", set(shown)
    if name not in names:
        return None
    left = {key: value for key, value in event.items() if key != "words"}
    if f"{name}/digests" not in names:
        left = {key: value for key, value in left.items() if key not in CUSTODY_DIGESTS}
    if f"{name}/words" in names and "words" in event:
        left["words"] = event["words"]
    return left


CUSTODY_DIGESTS = ("digest_before", "digest_after", "previous", "digest")
"""Members of a custody event by which a guess of withheld content could be confirmed."""

_MEDIA_TYPES = {
    "json": "application/json",
    "xml": "text/xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "pem": "application/x-pem-file",
    "txt": "text/plain",
    "html": "text/html",
    "py": "text/x-python",
}


def manifest(names: Iterable[str]) -> bytes:
    """The list of files that ASiC-E asks for (OpenDocument 1.2, part 3)."""
    lines = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="'
        f'{_MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")}"/>'
        for name in sorted(names)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{MEDIA_TYPE}"/>{lines}</manifest:manifest>'
    ).encode()


def folder_of(number: int) -> str:
    """The folder of the n-th item or statement, from 1."""
    return f"{number:04}"


def paginated(counts: Sequence[int]) -> tuple[int, ...]:
    """The first page of each item in the bundle's own count; 0 for items without pages."""
    first, firsts = 1, []
    for count in counts:
        firsts.append(first if count else 0)
        first += count
    return tuple(firsts)


def _add(writer: ZipWriter, name: str, content: Content) -> None:
    if isinstance(content, bytes):
        writer.add(name, content)
        return
    source = content()
    try:
        writer.add(name, source)
    finally:
        if hasattr(source, "close"):
            source.close()
