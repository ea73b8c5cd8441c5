# SPDX-License-Identifier: Apache-2.0
"""PDFs written by hand: sound ones for tests, and hostile ones of every kind that we know."""

from __future__ import annotations

import zlib

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<<>>>>"


def a_stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), more, content)


def of_objects(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1 on, with a sound table of them."""
    raw, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    size = b"/Size %d" % (len(objects) + 1)
    end = b"trailer\n<<%s%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(raw))
    return raw + head + table + end


def a_pdf(pages: int = 1, drawing: bytes = b"1 0 0 rg 20 20 100 80 re f") -> bytes:
    """A sound PDF with a red rectangle on each page."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * number) for number in range(pages))
    objects = [CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages)]
    for number in range(pages):
        contents = b"/Contents %d 0 R" % (4 + 2 * number)
        objects += [PAGE.replace(b"/Contents 4 0 R", contents), a_stream(drawing)]
    return of_objects(*objects)


def with_catalog(more: bytes, *objects: bytes) -> bytes:
    """A PDF whose catalogue says more; further objects begin at number 5."""
    catalog = CATALOG[:-2] + more + b">>"
    return of_objects(catalog, PAGES, PAGE, a_stream(b"0 0 10 10 re f"), *objects)


def hidden_script() -> bytes:
    """A script whose names are packed into an object stream and written with escapes."""
    hidden = b"5 0 <</S/J#61vaScript/JS(app.launchURL\\(1\\))>>"
    packed = zlib.compress(hidden)
    more = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
    return with_catalog(b"/OpenAction 5 0 R", a_stream(packed, more))


def a_content_bomb() -> bytes:
    """One page whose drawing unpacks from some kilobytes to a hundred megabytes."""
    packed = zlib.compress(b"0 0 m 9 9 l S\n" * 8_000_000, 9)
    return of_objects(CATALOG, PAGES, PAGE, a_stream(packed, b"/Filter/FlateDecode"))


def forms_in_forms(depth: int = 28) -> bytes:
    """Each form draws the next one twice: two to the power of `depth` drawings."""
    objects = [
        CATALOG,
        PAGES,
        PAGE.replace(b"/Resources<<>>", b"/Resources<</XObject<</A 5 0 R>>>>"),
    ]
    objects.append(a_stream(b"/A Do /A Do"))
    for number in range(5, 5 + depth):
        more = b"/Type/XObject/Subtype/Form/BBox[0 0 300 200]"
        more += b"/Resources<</XObject<</A %d 0 R>>>>" % (number + 1)
        objects.append(a_stream(b"/A Do /A Do", more))
    objects.append(a_stream(b"0 0 300 200 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"))
    return of_objects(*objects)


HOSTILE: dict[str, bytes] = {
    "page-tree-loop": of_objects(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
    "page-tree-claims-millions": of_objects(
        CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>", PAGE, a_stream(b"")
    ),
    "huge-page": of_objects(
        CATALOG, PAGES, PAGE.replace(b"300 200", b"2000000000 2000000000"), a_stream(b"")
    ),
    "page-of-no-size": of_objects(CATALOG, PAGES, PAGE.replace(b"300 200", b"0 0"), a_stream(b"")),
    "page-of-negative-size": of_objects(
        CATALOG, PAGES, PAGE.replace(b"300 200", b"-1e30 1e-30"), a_stream(b"")
    ),
    "broken-table": a_pdf().replace(b"0000000", b"9999999"),
    "table-loop": of_objects(CATALOG, PAGES, PAGE, a_stream(b""), trailer=b"/Root 1 0 R/Prev 9"),
    "cut-off": a_pdf()[:200],
    "length-lies": a_pdf().replace(b"/Length 2", b"/Length 2000000000"),
    "deep-arrays": with_catalog(b"/X " + b"[" * 100_000),
    "forms-in-forms": forms_in_forms(),
    "only-a-head": b"%PDF-1.7\n",
    "javascript": with_catalog(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    "hidden-script": hidden_script(),
    "launch": with_catalog(b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "uri-on-open": with_catalog(b"/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>"),
    "remote-file": with_catalog(b"/OpenAction<</S/GoToR/F<</FS/URL/F(http://127.0.0.1:9/)>>>>"),
    "external-stream": of_objects(
        CATALOG, PAGES, PAGE, b"<</Length 0/F(/etc/passwd)>>\nstream\n\nendstream"
    ),
    "embedded-program": with_catalog(
        b"/Names<</EmbeddedFiles<</Names[(a.exe)5 0 R]>>>>",
        b"<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>",
        a_stream(b"MZ", b"/Type/EmbeddedFile"),
    ),
    "xfa": with_catalog(b"/AcroForm<</XFA 5 0 R>>", a_stream(b"<xdp/>")),
}
"""What it tries → the file."""
