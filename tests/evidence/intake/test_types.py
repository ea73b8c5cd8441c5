# SPDX-License-Identifier: Apache-2.0
"""A file is what its content says, whatever its name is; what nobody knows is of no type."""

from __future__ import annotations

import io
import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.evidence.intake import UNKNOWN, FindingCode, Limits, examine
from comity.evidence.intake.findings import documents, read_documents
from comity.evidence.intake.signatures import SIGNATURES, Signature
from tests.evidence.hostile.archives import a_tar, a_word_document, a_zip
from tests.evidence.hostile.pdfs import a_pdf
from tests.evidence.hostile.pictures import a_bmp, a_gif, a_png

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"
TYPES: dict[str, bytes] = {
    "application/pdf": a_pdf(),
    "image/png": a_png(),
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1",
    "image/tiff": b"MM\0*\0\0\0\x08\0\0",
    "image/gif": a_gif(),
    "image/webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "image/bmp": a_bmp(1, 1),
    "text/plain": "Décision du 3 mars, signée à la frontière.".encode(),
    "text/csv": b"name,amount\nA,1\nB,2\n",
    "application/json": json.dumps({"a": [1, 2]}).encode(),
    "application/xml": b'<?xml version="1.0"?>\n<!-- a --><declaration/>',
    "text/html": b"<!DOCTYPE html>\n<p>Good day",
    "image/svg+xml": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "application/zip": a_zip(("a.txt", b"a")),
    f"{OFFICE}.wordprocessingml.document": a_word_document(),
    f"{OFFICE}.spreadsheetml.sheet": a_zip(("xl/workbook.xml", b"<workbook/>")),
    f"{OFFICE}.presentationml.presentation": a_zip(("ppt/presentation.xml", b"<p/>")),
    "application/vnd.oasis.opendocument.text": a_zip(
        ("mimetype", OPEN_DOCUMENT), ("content.xml", b"<o/>")
    ),
    "application/vnd.etsi.asic-e+zip": a_zip(("mimetype", b"application/vnd.etsi.asic-e+zip")),
    "application/x-tar": a_tar(("a.txt", b"a")),
    "message/rfc822": b"From: a@example.org\nTo: b@example.org\nSubject: c\n\nGood day\n",
    "video/mp4": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2",
    "video/quicktime": b"\0\0\0\x14ftypqt  \0\0\2\0qt  ",
    "video/webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\x82\x84webm",
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "audio/mpeg": b"ID3\4\0\0\0\0\0\0",
    "application/vnd.microsoft.portable-executable": b"MZ\x90\0\3\0\0\0",
    "application/x-executable": b"\x7fELF\2\1\1\0",
    "text/x-script": b"#!/usr/bin/env python\nimport os\n",
    UNKNOWN: b"\0\1\2\3\4\5\6\7",
}


@pytest.mark.parametrize("media_type", TYPES)
def test_a_file_is_what_its_content_says(media_type: str) -> None:
    assert examine(io.BytesIO(TYPES[media_type]), name="holiday.jpg").media_type == media_type


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda s: f"{s.media_type} at {s.at}")
def test_every_line_of_the_table_can_be_reached(signature: Signature) -> None:
    raw = bytearray(b"\x01" * (signature.at + len(signature.start) + signature.also_at + 32))
    raw[signature.at : signature.at + len(signature.start)] = signature.start
    raw[signature.also_at : signature.also_at + len(signature.also)] = signature.also
    found = examine(io.BytesIO(bytes(raw)))

    assert signature.media_type in (found.media_type, *found.other_types)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"]
)
def test_markup_is_found_in_every_encoding(encoding: str) -> None:
    raw = '<?xml version="1.0"?><a>é</a>'.encode(encoding)

    assert examine(io.BytesIO(raw)).media_type == "application/xml"


def test_a_sound_file_has_nothing_against_it() -> None:
    for media_type in ("application/pdf", "image/png", "image/gif", "text/plain", "text/csv"):
        assert examine(io.BytesIO(TYPES[media_type])).findings == ()
    assert examine(io.BytesIO(a_zip(("letter.txt", b"Good day" * 99)))).findings == ()
    assert examine(io.BytesIO(a_word_document())).findings == ()


def test_negative_amounts_are_no_formulas() -> None:
    table = b"name,change,phone\nA,-12.50,+41 31 322\nB,-3,+1\n"

    assert examine(io.BytesIO(table)).findings == ()


def test_a_name_that_promises_another_type_is_found() -> None:
    found = examine(io.BytesIO(a_pdf()), name="invoice.docx")

    assert found.has(FindingCode.NAME_DISAGREES)
    assert not examine(io.BytesIO(a_pdf()), name="Invoice.PDF").has(FindingCode.NAME_DISAGREES)


@pytest.mark.parametrize("name", ["Rechnung Nr. 7.pdf", "发票.pdf", "فاتورة.pdf", "a.b.c.pdf"])
def test_ordinary_names_in_any_script_are_left_alone(name: str) -> None:
    assert examine(io.BytesIO(a_pdf()), name=name).findings == ()


def test_a_file_larger_than_the_node_takes_is_said_to_be() -> None:
    found = examine(io.BytesIO(b"x" * 101), limits=Limits(longest_file=100))

    assert found.has(FindingCode.TOO_LARGE)


def test_little_of_a_large_file_is_read() -> None:
    class Counting(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 <= size <= 4 << 20
            part = super().read(size)
            self.count += len(part)
            return part

    stream = Counting(b"RIFF\0\0\0\0WAVE" + b"\0" * (40 << 20))
    found = examine(stream)

    assert found.size == 40 * (1 << 20) + 12
    assert stream.count < 6 << 20
    assert stream.tell() == 0


def test_a_long_document_is_searched_piece_by_piece() -> None:
    sought, edge = b"/OpenAction<</S/JavaScript", (4 << 20) - 20
    found = examine(io.BytesIO(b"%PDF-1.7\n".ljust(edge) + sought + b" " * (9 << 20) + b"%%EOF"))

    assert found.has(FindingCode.SCRIPT)
    assert found.has(FindingCode.ACTS_WHEN_OPENED)
    assert not found.has(FindingCode.EXAMINED_IN_PART)


BEGINNINGS = (b"<!doctype ", b"<!--", b"<?", b"<a ", b"%PDF-1.7 /ObjStm ")


@pytest.mark.slow
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_nothing_made_up_of_beginnings_alone_takes_long(beginning: bytes) -> None:
    """Looking for the end of each would take as long as the square of the file's length."""
    began = time.monotonic()
    examine(io.BytesIO(beginning * ((4 << 20) // len(beginning))))

    assert time.monotonic() - began < 6


def test_chance_in_packed_data_is_no_finding() -> None:
    noise = random.Random(7).randbytes(8 << 20)
    found = examine(io.BytesIO(b"%PDF-1.7\nstream\n" + noise + b"endstream\n%%EOF"))

    assert found.findings == ()


def test_an_error_of_the_store_is_none_of_the_file() -> None:
    class Damaged(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        examine(Damaged(a_pdf()))


@settings(max_examples=300)
@given(start=st.sampled_from(sorted(TYPES)), noise=st.binary(max_size=300), at=st.floats(0, 1))
def test_no_content_makes_examining_fail(start: str, noise: bytes, at: float) -> None:
    raw = TYPES[start]
    cut = int(len(raw) * at)
    found = examine(io.BytesIO(raw[:cut] + noise + raw[cut + len(noise) // 2 :]), name="a")

    assert read_documents(documents(found.findings)) == found.findings


@given(name=st.text())
def test_no_name_makes_examining_fail(name: str) -> None:
    assert examine(io.BytesIO(b"x"), name=name).media_type == "text/plain"
