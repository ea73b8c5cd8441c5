# SPDX-License-Identifier: Apache-2.0
"""Hostile archives, office documents and packed streams, each of some kilobytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from typing import Any

MEBIBYTE = 1 << 20


def a_zip(*members: tuple[str, bytes], **more: Any) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return raw.getvalue()


def nested(depth: int, width: int = 1) -> bytes:
    """An archive in an archive in an archive; at each depth `width` of them, as in 42.zip."""
    inner = a_zip(("0", b"\0" * MEBIBYTE))
    for _ in range(depth):
        inner = a_zip(*[(f"{number}.zip", inner) for number in range(width)])
    return inner


def overlapping(members: int = 200) -> bytes:
    """Every member of the directory is the same kernel of bytes."""
    kernel = zlib.compress(b"\0" * (4 * MEBIBYTE), 9)[2:-4]
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(kernel), 4 * MEBIBYTE, 1, 0)
    raw = local + b"a" + kernel
    entry = struct.pack(
        "<4s6H3I5H2I",
        b"PK\1\2",
        20,
        20,
        0,
        8,
        0,
        0,
        0,
        len(kernel),
        4 * MEBIBYTE,
        1,
        *[0] * 4,
        0,
        0,
    )
    directory = (entry + b"a") * members
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, members, members, len(directory), len(raw), 0)
    return raw + directory + end


def says_too_little() -> bytes:
    """A member that unpacks to far more than the directory says."""
    raw = a_zip(("a", b"\0" * (8 * MEBIBYTE)))
    size = struct.pack("<I", 8 * MEBIBYTE)
    return raw.replace(size, struct.pack("<I", 100))


def claims_exabytes() -> bytes:
    """A directory in the large format that claims 2^60 bytes and as many members."""
    extra = struct.pack("<HHQQ", 1, 16, 1 << 60, 1 << 60)
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 45, 45, 0, 8, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 1, len(extra),
        0, 0, 0, 0, 0,
    )  # fmt: skip
    directory = entry + b"a" + extra
    end64 = struct.pack(
        "<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1 << 60, 1 << 60, len(directory), 0
    )
    place = struct.pack("<4sIQI", b"PK\6\7", 0, len(directory), 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, *[0xFFFFFFFF] * 2, 0)
    return directory + end64 + place + end


def with_link() -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        link = zipfile.ZipInfo("innocent")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return raw.getvalue()


def two_names() -> bytes:
    """The directory calls the member otherwise than its own head does."""
    raw = a_zip(("harmless.txt", b"x"))
    return raw[:30] + b"dropper.exe!" + raw[42:]


def a_tar(*members: tuple[str, bytes], link: str = "") -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, content in members:
            head = tarfile.TarInfo(name)
            head.size = len(content)
            archive.addfile(head, io.BytesIO(content))
        if link:
            head = tarfile.TarInfo("link")
            head.type, head.linkname = tarfile.SYMTYPE, link
            archive.addfile(head)
    return raw.getvalue()


def a_word_document(*more: tuple[str, bytes]) -> bytes:
    return a_zip(
        ("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"), *more
    )


REMOTE_TEMPLATE = (
    b'<Relationships><Relationship Id="1" Type="http://schemas/attachedTemplate" '
    b'Target="http://127.0.0.1:9/evil.dotm" TargetMode="External"/></Relationships>'
)

HOSTILE: dict[str, bytes] = {
    "flat-bomb": a_zip(("a", b"\0" * (40 * MEBIBYTE))),
    "nested-bomb": nested(5, 4),
    "overlapping-members": overlapping(),
    "says-too-little": says_too_little(),
    "claims-exabytes": claims_exabytes(),
    "many-members": a_zip(*[(str(number), b"") for number in range(3_000)]),
    "leads-out": a_zip(("../../etc/passwd", b"x"), ("C:\\Windows\\a.txt", b"x")),
    "leads-out-by-root": a_zip(("/etc/passwd", b"x")),
    "name-turned-around": a_zip(("invoice\u202efdp.exe", b"x")),
    "name-with-nul": a_zip(("a.txt", b"x")).replace(b"a.txt", b"a\0txt"),
    "device-name": a_zip(("CON.txt", b"x")),
    "link": with_link(),
    "same-names": a_zip(("a", b"1"), ("A", b"2")),
    "two-names": two_names(),
    "program-inside": a_zip(("photo.jpg", b"MZ" + b"\0" * 100)),
    "cut-off-zip": a_zip(("a", b"x" * 1000))[:60],
    "end-alone": b"PK\5\6" + b"\xff" * 18,
    "directory-loops": b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 1, 1, 46, 0, 0),
    "gzip-bomb": gzip.compress(b"\0" * (80 * MEBIBYTE)),
    "bzip2-bomb": bz2.compress(b"\0" * (40 * MEBIBYTE)),
    "xz-bomb": lzma.compress(b"\0" * (40 * MEBIBYTE), preset=0),
    "gzip-cut-off": gzip.compress(b"x" * 1000)[:20],
    "tar-leads-out": a_tar(("../../x", b"x"), link="/etc/passwd"),
    "tar-claims-exabytes": a_tar(("a", b"x")).replace(b"00000000001\0", b"77777777777\0"),
    "tar-in-gzip": gzip.compress(a_tar(("../x.exe", b"x"))),
    "macros": a_word_document(("word/vbaProject.bin", b"x")),
    "remote-template": a_word_document(("word/_rels/settings.xml.rels", REMOTE_TEMPLATE)),
    "embedded-object": a_word_document(("word/embeddings/oleObject1.bin", b"x")),
    "old-macros": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le") * 9,
    "rtf-object": rb"{\rtf1{\object\objupdate{\*\objdata 00}}}",
}
"""What it tries → the file."""
