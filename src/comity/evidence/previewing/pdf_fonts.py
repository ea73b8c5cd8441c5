# SPDX-License-Identifier: Apache-2.0
"""The fonts for letters whose font a PDF names and does not bring. Imported in the child only.

They are ours, read before the child gives its files up; the machine's own are never asked. So a
page looks the same on every node, and Chinese or Cyrillic is not left out where it matters.
"""

from __future__ import annotations

import ctypes
import mmap
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

LATIN_FOLDER = Path(__file__).parent / "fonts"
FOLDER = Path(__file__).parent.parent / "fonts"
"""Of the fonts with which documents are set."""
BOLD = 600
"""From this weight on, letters are bold."""
FIXED, ROMAN = pdfium.FXFONT_FF_FIXEDPITCH, pdfium.FXFONT_FF_ROMAN

LATIN: dict[str, tuple[str, str, str, str]] = {
    family: tuple(f"Liberation{family}-{style}.ttf" for style in styles)  # type: ignore[misc]
    for family, styles in {
        "Sans": ("Regular", "Bold", "Italic", "BoldItalic"),
        "Serif": ("Regular", "Bold", "Italic", "BoldItalic"),
        "Mono": ("Regular", "Bold", "Regular", "Bold"),
    }.items()
}
"""Family → its files: plain, bold, slanted, both. With Greek and Cyrillic letters."""
OF_FAMILY: tuple[tuple[str, bytes], ...] = (
    ("Mono", b"courier|mono|consol|typewriter"),
    ("Serif", b"times|serif|roman|georgia|garamond|cambria|palatino|bookman|century|minion"),
)
"""Which family a font is of, by its name; of the first where none says otherwise."""
IN_LATIN = frozenset(
    {
        pdfium.FXFONT_ANSI_CHARSET,
        pdfium.FXFONT_DEFAULT_CHARSET,
        pdfium.FXFONT_GREEK_CHARSET,
        pdfium.FXFONT_VIETNAMESE_CHARSET,
        pdfium.FXFONT_CYRILLIC_CHARSET,
        pdfium.FXFONT_EASTERNEUROPEAN_CHARSET,
    }
)
"""Groups of letters that the Latin fonts have."""
HAN, HANGUL = "DroidSansFallbackFull.ttf", "NanumMyeongjo.ttf"
OTHERS: dict[int, tuple[str, str]] = {
    pdfium.FXFONT_SHIFTJIS_CHARSET: (HAN, HAN),
    pdfium.FXFONT_GB2312_CHARSET: (HAN, HAN),
    pdfium.FXFONT_CHINESEBIG5_CHARSET: (HAN, HAN),
    pdfium.FXFONT_HANGEUL_CHARSET: (HANGUL, HANGUL),
    pdfium.FXFONT_HEBREW_CHARSET: ("NotoSerifHebrew-Regular.ttf", "NotoSerifHebrew-Bold.ttf"),
    pdfium.FXFONT_ARABIC_CHARSET: ("NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf"),
    pdfium.FXFONT_THAI_CHARSET: ("NotoSerifThai-Regular.ttf", "NotoSerifThai-Bold.ttf"),
}
"""Other groups of letters → the plain and the bold file. Signs the library draws by itself."""
BUILT_IN = (b"symbol", b"dingbats")


def file_for(charset: int, face: bytes, *, weight: int, italic: bool, pitch: int) -> str | None:
    """The file for these letters; None where the library's own font is the right one."""
    name = face.lower()
    if any(sign in name for sign in BUILT_IN):
        return None
    bold = weight >= BOLD or b"bold" in name
    if charset in OTHERS:
        return OTHERS[charset][bold]
    if charset not in IN_LATIN:
        return None
    slanted = italic or b"italic" in name or b"oblique" in name
    return LATIN[_family(name, pitch)][bold + 2 * slanted]


def _family(name: bytes, pitch: int) -> str:
    if pitch & FIXED:
        return "Mono"
    told = (family for family, names in OF_FAMILY if re.search(names, name))
    return next(told, "Serif" if pitch & ROMAN else "Sans")


@dataclass(frozen=True, slots=True)
class _Font:
    name: str
    charset: int
    """A group of letters that it has, the one that the library is told."""
    content: mmap.mmap

    def part(self, table: int) -> bytes:
        """The whole file for 0, else the table with this name; empty where there is none."""
        if not table:
            return self.content[:]
        count = int.from_bytes(self.content[4:6], "big")
        for at in range(12, 12 + 16 * count, 16):
            if int.from_bytes(self.content[at : at + 4], "big") == table:
                start = int.from_bytes(self.content[at + 8 : at + 12], "big")
                length = int.from_bytes(self.content[at + 12 : at + 16], "big")
                return self.content[start : start + length]
        return b""


class OwnFonts(pypdfium2.PdfSysfontBase):  # type: ignore[misc]  # it has no types
    """The library's port for the fonts of a system, with ours behind it."""

    def __init__(self) -> None:
        super().__init__()
        names = {name: charset for charset, files in OTHERS.items() for name in files}
        self._fonts = [_Font(name, names[name], _mapped(FOLDER / name)) for name in names]
        latin = sorted({name for files in LATIN.values() for name in files})
        for name in latin:
            content = _mapped(LATIN_FOLDER / name)
            self._fonts.append(_Font(name, pdfium.FXFONT_ANSI_CHARSET, content))
        self._places = {font.name: place for place, font in enumerate(self._fonts, 1)}

    def EnumFonts(self, _: Any, mapper: Any) -> None:  # noqa: N802 - the library's names
        """Name every font."""
        for font in self._fonts:
            pdfium.FPDF_AddInstalledFont(mapper, font.name.encode() + b"\0", font.charset)

    def MapFont(  # noqa: N802
        self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any
    ) -> int | None:
        """The font for these letters, as the number of its place; None for the library's own."""
        name = file_for(charset, _name(face), weight=weight, italic=bool(italic), pitch=pitch)
        return self._places[name] if name else None

    def GetFont(self, _: Any, face: Any) -> int | None:  # noqa: N802
        """The font of this name."""
        return self._places.get(_name(face).decode("latin-1"))

    def GetFontData(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        """A part of the font's file; how long it is, copied where there is room."""
        part = self._fonts[font - 1].part(table)
        return _copied(part, buffer, size)

    def GetFaceName(self, _: Any, font: int, buffer: Any, size: int) -> int:  # noqa: N802
        """Its name."""
        return _copied(self._fonts[font - 1].name.encode() + b"\0", buffer, size)

    def GetFontCharset(self, _: Any, font: int) -> int:  # noqa: N802
        """For which letters it is."""
        return self._fonts[font - 1].charset

    def DeleteFont(self, _: Any, font: int) -> None:  # noqa: N802
        """Nothing: they stay for as long as the child."""

    def Release(self, _: Any) -> None:  # noqa: N802
        """Nothing."""


def load_fonts() -> None:
    """Have the library ask for our fonts; to be called while files can be opened."""
    OwnFonts().setup()


def _name(face: Any) -> bytes:
    return ctypes.cast(face, ctypes.c_char_p).value or b""


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _copied(part: bytes, buffer: Any, size: int) -> int:
    if buffer and size >= len(part):
        ctypes.memmove(buffer, part, len(part))
    return len(part)
