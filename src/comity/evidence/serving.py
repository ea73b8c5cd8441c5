# SPDX-License-Identifier: Apache-2.0
"""Under which headers something of an item goes to a browser: as a download, of a neutral type.

Content that others made is never shown in the browser, whatever it is. What is shown are pictures
that we drew ourselves, and they are of one type. Whoever serves uses these and adds nothing.
"""

from __future__ import annotations

NEUTRAL = "application/octet-stream"
PICTURE = "image/png"
NOTHING_RUNS = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Should a browser show it after all: no script, no form, no origin, nothing fetched."""

ENDINGS: dict[str, str] = {
    "application/pdf": "pdf",
    "application/json": "json",
    "application/zip": "zip",
    "application/gzip": "gz",
    "application/msword": "doc",
    "application/rtf": "rtf",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.etsi.asic-e+zip": "asice",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "text/csv": "csv",
    "text/plain": "txt",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}
"""Types as intake found them → the ending under which they are downloaded.

What is missing here on purpose (HTML, SVG, XML, mail, programs, scripts) and whatever is unknown
is downloaded as `bin`, which no double click opens.
"""
NO_ENDING = "bin"


def neutral_name(reference: str, media_type: str, *, dangerous: bool = False) -> str:
    """A file name that says which item it is and nothing else; ours, never the author's."""
    ending = NO_ENDING if dangerous else ENDINGS.get(media_type, NO_ENDING)
    return f"{_plain(reference)}.{ending}"


def download_headers(
    reference: str, media_type: str, *, size: int | None = None, dangerous: bool = False
) -> dict[str, str]:
    """Headers for content that somebody else made, and for every file that leaves."""
    name = neutral_name(reference, media_type, dangerous=dangerous)
    headers = _headers(NEUTRAL, f'attachment; filename="{name}"')
    headers["X-Download-Options"] = "noopen"
    return headers | ({"Content-Length": str(size)} if size is not None else {})


def picture_headers(reference: str, page: int) -> dict[str, str]:
    """Headers for a page that we drew: the only thing of an item that a browser shows."""
    return _headers(PICTURE, f'inline; filename="{_plain(reference)}-{page:04d}.png"')


def _headers(content_type: str, disposition: str) -> dict[str, str]:
    return {
        "Content-Type": content_type,
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": NOTHING_RUNS,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
        "Content-Encoding": "identity",  # so that no middleware packs gibibytes anew
    }


def _plain(reference: str) -> str:
    """Letters, digits and hyphens of a reference: whatever it is, it ends no header."""
    kept = (letter for letter in reference if letter == "-" or letter.isalnum())
    return "".join(letter for letter in kept if letter.isascii()) or "item"
