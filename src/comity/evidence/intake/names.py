# SPDX-License-Identifier: Apache-2.0
"""What a file's name tries: to lead out of its folder, or to look like another one.

Names are examined and kept as words; none of them is ever used as the name of a file we write.
"""

from __future__ import annotations

import re
import unicodedata

from comity.evidence.intake.findings import Finding, FindingCode, found

DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""Names that Windows takes for devices."""
DRIVE = re.compile(r"[A-Za-z]:")
DECEIVING = frozenset("\u061c\u200b\u200e\u200f\u2060\ufeff") | {
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
"""Marks without a shape of their own: reversing, isolating, of no width."""
STARTS = frozenset(
    {
        "apk",
        "app",
        "appx",
        "bat",
        "chm",
        "cmd",
        "com",
        "cpl",
        "dll",
        "exe",
        "hta",
        "iso",
        "jar",
        "jnlp",
        "js",
        "jse",
        "lnk",
        "msc",
        "msi",
        "msix",
        "ps1",
        "reg",
        "scr",
        "sct",
        "settingcontent-ms",
        "sh",
        "url",
        "vb",
        "vbe",
        "vbs",
        "wsf",
        "wsh",
        "xll",
    }
)
"""Endings with which a double click starts something."""
LONGEST = 255

ENDINGS: dict[str, frozenset[str]] = {
    "pdf": frozenset({"application/pdf"}),
    "png": frozenset({"image/png"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "tif": frozenset({"image/tiff"}),
    "tiff": frozenset({"image/tiff"}),
    "gif": frozenset({"image/gif"}),
    "webp": frozenset({"image/webp"}),
    "bmp": frozenset({"image/bmp"}),
    "svg": frozenset({"image/svg+xml"}),
    "txt": frozenset({"text/plain", "text/csv", "application/json"}),
    "csv": frozenset({"text/csv", "text/plain"}),
    "json": frozenset({"application/json"}),
    "xml": frozenset({"application/xml", "image/svg+xml"}),
    "html": frozenset({"text/html", "application/xml"}),
    "htm": frozenset({"text/html", "application/xml"}),
    "eml": frozenset({"message/rfc822"}),
    "zip": frozenset({"application/zip"}),
    "mp4": frozenset({"video/mp4"}),
    "mov": frozenset({"video/quicktime"}),
    "webm": frozenset({"video/webm"}),
    "wav": frozenset({"audio/wav"}),
    "mp3": frozenset({"audio/mpeg"}),
    "docx": frozenset({"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}),
    "xlsx": frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
    "pptx": frozenset(
        {"application/vnd.openxmlformats-officedocument.presentationml.presentation"}
    ),
    "odt": frozenset({"application/vnd.oasis.opendocument.text"}),
    "ods": frozenset({"application/vnd.oasis.opendocument.spreadsheet"}),
    "odp": frozenset({"application/vnd.oasis.opendocument.presentation"}),
    "doc": frozenset({"application/msword", "application/rtf"}),
    "xls": frozenset({"application/vnd.ms-excel"}),
    "ppt": frozenset({"application/vnd.ms-powerpoint"}),
    "msg": frozenset({"application/vnd.ms-outlook"}),
    "rtf": frozenset({"application/rtf"}),
}
"""What a name's ending promises."""


def leads_out(name: str) -> bool:
    """Whether unpacking under this name could write outside the folder, or to a device."""
    parts = re.split(r"[/\\]", name)
    return (
        name.startswith(("/", "\\"))
        or bool(DRIVE.match(name))
        or ".." in parts
        or "\0" in name
        or any(DEVICE.fullmatch(part.rstrip(" .")) for part in parts)
    )


def deceives(name: str) -> bool:
    """Whether it looks like another name: turned around, padded, or of two endings."""
    last = re.split(r"[/\\]", name)[-1]
    return (
        any(letter in DECEIVING or unicodedata.category(letter) == "Cc" for letter in name)
        or last != last.strip(" .")
        or "   " in last
        or len(last) > LONGEST
        or _two_endings(last)
    )


def starts_something(name: str) -> bool:
    """Whether a double click on it would start a program."""
    return ending_of(name) in STARTS


def ending_of(name: str) -> str:
    """What follows the last point, in small letters."""
    return name.rsplit(".", 1)[-1].strip(" ").casefold() if "." in name else ""


def examine_name(name: str, media_type: str) -> tuple[Finding, ...]:
    """What stands against the name that somebody gave to content of this type."""
    findings = []
    if leads_out(name) or "/" in name or "\\" in name:
        findings.append(found(FindingCode.NAME_LEADS_OUT))
    if deceives(name):
        findings.append(found(FindingCode.NAME_DECEIVES))
    promised = ENDINGS.get(ending_of(name))
    if promised is not None and media_type not in promised:
        findings.append(found(FindingCode.NAME_DISAGREES, type=media_type))
    if starts_something(name):
        findings.append(found(FindingCode.EXECUTABLE))
    return tuple(findings)


def _two_endings(name: str) -> bool:
    parts = [part.strip().casefold() for part in name.rsplit(".", 2)]
    return len(parts) == 3 and parts[1] in ENDINGS and parts[2] in STARTS
