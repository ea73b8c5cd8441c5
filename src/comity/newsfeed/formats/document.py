# SPDX-License-Identifier: Apache-2.0
"""Bytes as text: what is too large, empty or no text at all is refused; encodings are told.

The byte order mark counts first, then the encoding that the transport or the document names, then
UTF-8. What fits none of them is read as Windows-1252, and that is noted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from comity.catalogues import N_
from comity.errors import InvalidInputError

MAXIMUM_BYTES = 8 * 1024 * 1024
"""The largest document that is read."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "GZIP"),
    (b"\xd0\xcf\x11\xe0", "OLE"),
    (b"{\\rtf", "RTF"),
    (b"RIFF", "RIFF"),
    (b"\x7fELF", "ELF"),
)
"""How documents that are no text begin."""

_NAMES_IN_USE = """
utf-8 utf8 us-ascii ascii iso-8859-1 latin1 latin-1 windows-1252 cp1252 iso-8859-2 iso-8859-3
iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-9 iso-8859-10 iso-8859-13
iso-8859-14 iso-8859-15 iso-8859-16 windows-1250 windows-1251 windows-1253 windows-1254
windows-1255 windows-1256 windows-1257 windows-1258 koi8-r koi8-u macintosh utf-16 utf-16le
utf-16be shift_jis euc-jp iso-2022-jp gb2312 gbk gb18030 big5 euc-kr tis-620
"""
_ENCODINGS = frozenset(_NAMES_IN_USE.split())
"""Encodings that pages and feeds are written in. No other codec of the machine is ever called."""

_READ_AS = dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "windows-1252")
"""As every browser does (WHATWG Encoding Standard, section 4.2)."""

_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,20})""")
_OF_TRANSPORT = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,20})""", re.IGNORECASE)


class EmptyDocumentError(InvalidInputError):
    """A document without any words."""

    code = "empty-document"
    message = N_("The document is empty.")
    remedy = N_("Check the address or the file; an empty answer is often a page that has moved.")


class DocumentTooLargeError(InvalidInputError):
    """A document larger than what is read."""

    code = "document-too-large"
    message = N_("The document has {size} bytes; at most {limit} are read.")
    remedy = N_("Give a shorter feed, or the pages of its releases one by one.")


class NotTextError(InvalidInputError):
    """A document that is no text: a picture, a PDF, an archive."""

    code = "document-not-text"
    message = N_("The document is no text: it is of the kind {kind}.")
    remedy = N_("Give a feed, a page or plain text; have the words of a PDF saved as text first.")


@dataclass(frozen=True, slots=True)
class DecodedDocument:
    """The text of a document and how it was decoded."""

    text: str
    encoding: str
    guessed: bool = False
    """Whether none of the encodings that it names fits."""


def decoded(content: bytes, content_type: str = "") -> DecodedDocument:
    """The document's text.

    Raises:
        EmptyDocumentError: it has no words.
        DocumentTooLargeError: it is larger than what is read.
        NotTextError: it is no text.
    """
    if len(content) > MAXIMUM_BYTES:
        raise DocumentTooLargeError(size=len(content), limit=MAXIMUM_BYTES)
    if not content.strip():
        raise EmptyDocumentError
    _refuse_other_kinds(content)
    document = _decoded(content, content_type)
    if _is_no_text(document.text):
        raise NotTextError(kind="binary")
    if not document.text.strip():
        raise EmptyDocumentError
    return document


def _refuse_other_kinds(content: bytes) -> None:
    for beginning, kind in _KINDS:
        if content.startswith(beginning):
            raise NotTextError(kind=kind)


def _decoded(content: bytes, content_type: str) -> DecodedDocument:
    first, guessed = True, False
    for encoding in _candidates(content, content_type):
        try:
            return DecodedDocument(_plain(content.decode(encoding)), encoding, guessed=guessed)
        except UnicodeError:
            guessed, first = guessed or first, False
    text = content.decode("windows-1252", errors="replace")
    return DecodedDocument(_plain(text), "windows-1252", guessed=True)


def _candidates(content: bytes, content_type: str) -> Iterator[str]:
    """The encodings to try, the likeliest first; UTF-8 proves itself, so it may come early."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            yield encoding
    named = [*_OF_TRANSPORT.findall(content_type)]
    named += [name.decode("ascii") for name in _DECLARED.findall(content[:2048])[:2]]
    for name in named:
        if name.lower() in _ENCODINGS:
            yield _READ_AS.get(name.lower(), name.lower())
    yield "utf-8"


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _is_no_text(text: str) -> bool:
    """Whether the characters are those of a file for machines."""
    beginning = text[:4096]
    odd = sum(1 for c in beginning if c == "\ufffd" or (c < " " and c not in "\n\t\f\v"))
    return "\0" in text or odd * 20 > len(beginning)
