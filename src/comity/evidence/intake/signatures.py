# SPDX-License-Identifier: Apache-2.0
"""Types of content by their first bytes: the table, and what else a file could be read as.

Names are not asked. What no line knows and is no text is `application/octet-stream`.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.evidence.intake.reading import Subject
from comity.evidence.intake.texts import text_type

UNKNOWN = "application/octet-stream"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
PDF = "application/pdf"
HTML = "text/html"
SCRIPT = "text/x-script"


@dataclass(frozen=True, slots=True)
class Signature:
    """Bytes at a place by which a type is known."""

    media_type: str
    start: bytes
    at: int = 0
    also: bytes = b""
    """Further bytes, and where they stand."""
    also_at: int = 0

    def fits(self, head: bytes) -> bool:
        """Whether the file begins so."""
        return head.startswith(self.start, self.at) and head.startswith(self.also, self.also_at)


SIGNATURES: tuple[Signature, ...] = (
    Signature(PDF, b"%PDF-"),
    Signature("image/png", b"\x89PNG\r\n\x1a\n"),
    Signature("image/jpeg", b"\xff\xd8\xff"),
    Signature("image/gif", b"GIF87a"),
    Signature("image/gif", b"GIF89a"),
    Signature("image/tiff", b"II*\0"),
    Signature("image/tiff", b"MM\0*"),
    Signature("image/tiff", b"II+\0"),
    Signature("image/tiff", b"MM\0+"),
    Signature("image/webp", b"RIFF", also=b"WEBP", also_at=8),
    Signature("image/bmp", b"BM", also=b"\0\0\0\0", also_at=6),
    Signature("image/avif", b"ftypavif", at=4),
    Signature("image/heic", b"ftyphei", at=4),
    Signature("image/heic", b"ftypmif1", at=4),
    Signature("image/jp2", b"\0\0\0\x0cjP  \r\n\x87\n"),
    Signature("image/vnd.djvu", b"AT&TFORM"),
    Signature("image/x-icon", b"\0\0\1\0"),
    Signature("image/vnd.adobe.photoshop", b"8BPS"),
    Signature(ZIP, b"PK\3\4"),
    Signature(ZIP, b"PK\5\6"),
    Signature(ZIP, b"PK\7\x08PK\3\4"),
    Signature("application/gzip", b"\x1f\x8b\x08"),
    Signature("application/x-bzip2", b"BZh", also=b"1AY&SY", also_at=4),
    Signature("application/x-xz", b"\xfd7zXZ\0"),
    Signature("application/zstd", b"\x28\xb5\x2f\xfd"),
    Signature("application/x-7z-compressed", b"7z\xbc\xaf\x27\x1c"),
    Signature("application/vnd.rar", b"Rar!\x1a\x07"),
    Signature("application/x-tar", b"ustar", at=257),
    Signature("application/vnd.ms-cab-compressed", b"MSCF\0\0\0\0"),
    Signature("application/x-iso9660-image", b"CD001", at=32769),
    Signature(OLE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    Signature("application/rtf", b"{\\rtf"),
    Signature("application/postscript", b"%!PS"),
    Signature("video/quicktime", b"ftypqt  ", at=4),
    Signature("video/quicktime", b"moov", at=4),
    Signature("audio/mp4", b"ftypM4A", at=4),
    Signature("video/3gpp", b"ftyp3gp", at=4),
    Signature("video/mp4", b"ftyp", at=4),
    Signature("video/x-msvideo", b"RIFF", also=b"AVI ", also_at=8),
    Signature("video/mpeg", b"\0\0\1\xba"),
    Signature("video/x-ms-asf", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    Signature("video/x-flv", b"FLV\1"),
    Signature("audio/wav", b"RIFF", also=b"WAVE", also_at=8),
    Signature("audio/mpeg", b"ID3"),
    Signature("audio/mpeg", b"\xff\xfb"),
    Signature("audio/mpeg", b"\xff\xf3"),
    Signature("audio/mpeg", b"\xff\xf2"),
    Signature("audio/aac", b"\xff\xf1"),
    Signature("audio/flac", b"fLaC"),
    Signature("audio/ogg", b"OggS"),
    Signature("audio/amr", b"#!AMR"),
    Signature("audio/midi", b"MThd\0\0\0\6"),
    Signature("application/vnd.microsoft.portable-executable", b"MZ"),
    Signature("application/x-executable", b"\x7fELF"),
    Signature("application/x-mach-binary", b"\xcf\xfa\xed\xfe"),
    Signature("application/x-mach-binary", b"\xce\xfa\xed\xfe"),
    Signature("application/x-java-class", b"\xca\xfe\xba\xbe"),
    Signature("application/wasm", b"\0asm\1\0\0\0"),
    Signature("application/x-ms-shortcut", b"L\0\0\0\1\x14\2\0"),
    Signature("application/vnd.ms-htmlhelp", b"ITSF\3\0\0\0"),
    Signature("application/x-dex", b"dex\n03"),
    Signature("application/vnd.sqlite3", b"SQLite format 3\0"),
    Signature("application/vnd.ms-outlook-pst", b"!BDN"),
    Signature("application/vnd.tcpdump.pcap", b"\xd4\xc3\xb2\xa1"),
    Signature("application/x-pcapng", b"\x0a\x0d\x0d\x0a", also=b"\x4d\x3c\x2b\x1a", also_at=8),
    Signature("application/x-expert-witness", b"EVF\x09\x0d\x0a\xff\0"),
    Signature("application/x-expert-witness", b"EVF2\r\n\x81\0"),
    Signature("font/ttf", b"\0\1\0\0\0"),
    Signature("font/otf", b"OTTO"),
    Signature("font/woff2", b"wOF2"),
)
"""The first that fits is the type; the order matters where one is a case of another."""

EBML = b"\x1a\x45\xdf\xa3"
EXECUTABLES = frozenset(
    {
        "application/vnd.microsoft.portable-executable",
        "application/x-executable",
        "application/x-mach-binary",
        "application/x-java-class",
        "application/wasm",
        "application/x-ms-shortcut",
        "application/vnd.ms-htmlhelp",
        "application/x-dex",
        SCRIPT,
    }
)
ACTIVE_IN_ANYTHING: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    (HTML, (b"<script", b"<html", b"<iframe", b"<body", b"<svg", b"<object")),
    ("application/x-php", (b"<?php",)),
    ("application/hta", (b"<hta:",)),
)
"""What a reader that ignores types would find and run, wherever it stands."""
SCRIPT_STARTS = (
    b"GIF89a/*",
    b"GIF87a/*",
    b"GIF89a=",
    b"GIF87a=",
    b"BM/*",
    b"BM=",
    b"RIFF/*",
    b"RIFF=",
)
"""A picture that begins so is a script too: its size is written as a comment or a name."""
PACKED = ("application/x-7z-compressed", "application/vnd.rar")
ZIP_FAMILY = (
    "application/zip",
    "application/vnd.openxmlformats",
    "application/vnd.oasis",
    "application/epub",
    "application/java-archive",
    "application/vnd.android",
)
MARKUP = frozenset({HTML, "image/svg+xml", "application/xml"})
PDF_WITHIN = 1024
ZIP_END = b"PK\5\6"


def media_type_of(subject: Subject) -> str:
    """The type that the content has, as far as its first bytes tell."""
    head = subject.head
    if head.startswith(EBML):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    for signature in SIGNATURES:
        if signature.fits(head):
            return signature.media_type
    return text_type(head, whole=subject.whole) or UNKNOWN


def other_types(subject: Subject, media_type: str) -> tuple[str, ...]:
    """As what else its bytes could be read, other than `media_type`."""
    head, others = subject.head, []
    if media_type != PDF and b"%PDF-" in head[:PDF_WITHIN]:
        others.append(PDF)
    if ZIP_END in subject.tail and not media_type.startswith(ZIP_FAMILY):
        others.append(ZIP)
    others += [
        signature.media_type
        for signature in SIGNATURES
        if signature.at and signature.fits(head) and signature.media_type != media_type
    ]
    if not media_type.startswith(("text/", "message/")) and media_type not in MARKUP:
        others += [SCRIPT] if head.startswith(SCRIPT_STARTS) else []
        others += _active(head + subject.tail)
    return tuple(dict.fromkeys(others))


def _active(content: bytes) -> list[str]:
    lowered = content.lower()
    return [
        media_type
        for media_type, marks in ACTIVE_IN_ANYTHING
        if any(mark.lower() in lowered for mark in marks)
    ]
