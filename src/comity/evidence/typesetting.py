# SPDX-License-Identifier: Apache-2.0
"""Documents set as PDF/A-3a and PDF/UA-1 with the shipped fonts: the only home of typst.

Setting runs in a child process that ends with the document: what it read stays in no memory of
the node, and pictures and attachments reach it as anonymous memory, never as files on a disk.
A sign that no shipped font has is an error that names its script, never a box on the page.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError, PeerError

FONTS = Path(__file__).parent / "fonts"
TEMPLATES = Path(__file__).parent / "certificates"
STANDARDS = ("a-3a", "ua-1")
SECONDS = 120
"""Longest time for one document; a thousand pages of pictures take a tenth of it."""
MEMORY = 4 << 30
_OPEN_FILES = "/proc/self/fd"
_NO_GLYPH = "could not be displayed with font"
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}")
"""How typst quotes a sign that cannot be printed."""
_TEMPLATE_REFUSED = 3
_BEFORE_KIND = frozenset(
    {"LETTER", "SIGN", "SYLLABLE", "SYLLABICS", "VOWEL", "DIGIT", "IDEOGRAPH", "HIEROGLYPH"}
    | {"CAPITAL", "SMALL", "CONSONANT", "NUMBER", "MARK", "CHARACTER", "INDEPENDENT", "SUBJOINED"}
)
"""Words of a sign's Unicode name that stand after the name of its script."""


class MissingGlyphError(InvalidInputError):
    """No shipped font has a sign of the text."""

    code = "missing-glyph"
    message = N_(
        "The document cannot be typeset: no shipped font has the sign {sign} ({script} script)."
    )
    remedy = N_(
        "Write the text in a script that the shipped fonts have, beside the original spelling "
        "where it matters; the scripts are listed in the fonts' manifest."
    )


class NotTypesetError(InvalidInputError):
    """A template and what it was given do not fit."""

    code = "not-typeset"
    message = N_("The document {template} cannot be typeset ({place}).")
    remedy = N_("Compare what the template reads with what it was given.")


class TypesetterSilentError(PeerError):
    """The child process that sets documents ended without one."""

    code = "typesetter-silent"
    message = N_("Setting the document {template} was broken off after {seconds} seconds or less.")
    remedy = N_("Look for memory that ran out, then try again with fewer or smaller pages.")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the document (PDF/A-3, associated file)."""

    name: str
    """A reference or number with an ending; never as its author called it."""
    content: bytes
    media_type: str
    description: str
    relationship: str = "source"
    """source, data, alternative or supplement."""


def typeset(
    template: str,
    data: Mapping[str, object],
    *,
    at: datetime,
    pictures: Sequence[bytes] = (),
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Set a template of `certificates/` with this data; the same input gives the same bytes.

    The template reads `data.json`: what is given here, with `pictures` and `attachments` as lists
    whose entries have a `path` that typst can read.

    Raises:
        MissingGlyphError: no shipped font has a sign of the text.
        NotTypesetError: the template does not fit the data, or the standards refuse the document.
        TypesetterSilentError: memory or time ran out.
    """
    with ExitStack() as stack:
        shown = [stack.enter_context(_in_memory(picture)) for picture in pictures]
        added = [stack.enter_context(_in_memory(each.content)) for each in attachments]
        order = {
            "template": template,
            "at": int(at.timestamp()),
            "data": {
                **data,
                "pictures": [{"path": f"/{number}"} for number in shown],
                "attachments": [
                    {
                        "path": f"/{number}",
                        "name": each.name,
                        "media_type": each.media_type,
                        "description": each.description,
                        "relationship": each.relationship,
                    }
                    for number, each in zip(added, attachments, strict=True)
                ],
            },
        }
        return _set_in_child(template, json.dumps(order).encode(), (*shown, *added))


def script_of(sign: str) -> str:
    """The script that a sign belongs to, after its Unicode name: "Tibetan", "Old Persian"."""
    words = unicodedata.name(sign, "").replace("-", " ").split()
    if words[:1] == ["CJK"]:
        return "CJK"
    for count, word in enumerate(words):
        if word in _BEFORE_KIND and count:
            return " ".join(words[:count]).title()
    return "symbol"


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    """A file without a name, which exists only while somebody holds its number."""
    number = os.memfd_create("typesetting", 0)
    try:
        with open(number, "wb", closefd=False) as file:
            file.write(content)
        yield number
    finally:
        os.close(number)


def _set_in_child(template: str, order: bytes, numbers: Sequence[int]) -> bytes:
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-m", "comity.evidence.typesetting"],
            input=order,
            capture_output=True,
            pass_fds=numbers,
            # Nothing of the node's settings or secrets, and no way out: a package that a
            # template asked for would be sought at a proxy that is not there.
            env={"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        # Not `from`: the expired call carries the document's text.
        raise TypesetterSilentError(template=template, seconds=SECONDS) from None
    if child.returncode == _TEMPLATE_REFUSED:
        raise _refusal(template, json.loads(child.stderr))
    if child.returncode != 0 or not child.stdout.startswith(b"%PDF-"):
        raise TypesetterSilentError(template=template, seconds=SECONDS)
    return child.stdout


def _refusal(template: str, said: Mapping[str, str]) -> InvalidInputError:
    """What typst said, without the document's text that it quotes."""
    if _NO_GLYPH in said["message"]:
        quoted = _ESCAPED.sub(_sign, said["message"].split("`")[1].strip('"'))
        sign = max(quoted, key=_strangeness, default="?")
        return MissingGlyphError(sign=f"U+{ord(sign):04X}", script=script_of(sign))
    return NotTypesetError(template=template, place=said["place"])


def _sign(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def _strangeness(sign: str) -> tuple[bool, bool]:
    """What no font has comes last: neither a letter of ours nor a plain sign."""
    return not (sign.isascii() and sign.isprintable()), sign.isalnum()


def _place(diagnostic: str) -> str:
    """Where in the templates typst stopped: `frame.typ:12:4`, or `main:12:4` for the one asked."""
    after = diagnostic.partition("┌─ ")[2].splitlines()
    return after[0].rpartition("/")[2].strip() if after else "main"


def _compile(order: Mapping[str, Any]) -> bytes:
    # Here and not above: the plain install has no typst, and a node holds it only in the child.
    import typst

    sources = {file.name: file.read_bytes() for file in TEMPLATES.glob("*.typ")}
    sources["data.json"] = json.dumps(order["data"]).encode()
    sources["main"] = sources[f"{order['template']}.typ"]
    compiler: Any = typst.Compiler  # its stub leaves out that sources may be given by name
    document = compiler(
        sources,
        root=_OPEN_FILES,
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
        ),
    ).compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=order["at"])
    return bytes(document)


def _child() -> int:
    """Set one document from standard input to standard output."""
    import typst

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        document = _compile(json.load(sys.stdin))
    except typst.TypstError as error:
        said = {"message": error.message, "place": _place(error.diagnostic)}
        print(json.dumps(said), file=sys.stderr)
        return _TEMPLATE_REFUSED
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(_child())
