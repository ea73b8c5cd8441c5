# SPDX-License-Identifier: Apache-2.0
"""The one way in which a package is written, read by the standard library and by the verifier."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.evidence import verify
from comity.evidence.canonical_zip import NotCanonicalZipError, ZipWriter, order

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
NAMES = st.from_regex(r"([a-z0-9]{1,5}/){0,2}[a-z0-9]{1,8}(\.[a-z]{1,3})?", fullmatch=True)


def written(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    writer = ZipWriter(sink)
    writer.add("mimetype", MIMETYPE)
    for name in sorted(files, key=order):
        writer.add(name, io.BytesIO(files[name]))
    assert writer.finish() == len(sink.getvalue())
    return sink.getvalue()


@pytest.mark.slow
@given(st.dictionaries(NAMES.filter(lambda name: name != "mimetype"), st.binary(max_size=50)))
def test_what_is_written_is_read_by_two_others(files: dict[str, bytes]) -> None:
    content = written(files)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {n: archive.read(n) for n in archive.namelist()} == {"mimetype": MIMETYPE, **files}
    container = verify.Container(io.BytesIO(content))
    assert {name: container.read(name) for name in files} == files


def test_the_same_files_are_the_same_bytes() -> None:
    files = {"b.json": b"{}", "a/b.bin": bytes(3_000_000)}

    assert written(files) == written(dict(reversed(files.items())))


@pytest.mark.parametrize(
    "names",
    [
        ["a.json"],
        ["mimetype", "b", "a"],
        ["mimetype", "a", "a"],
        ["mimetype", "META-INF/signatures001.xml", "a"],
        ["mimetype", "../a"],
        ["mimetype", "/a"],
        ["mimetype", "a\\b"],
        ["mimetype", "Müller.pdf"],
        ["mimetype", "a//b"],
    ],
)
def test_names_out_of_order_or_out_of_the_package_are_not_written(names: list[str]) -> None:
    writer = ZipWriter(io.BytesIO())
    for name in names[:-1]:
        writer.add(name, MIMETYPE)

    with pytest.raises(NotCanonicalZipError):
        writer.add(names[-1], MIMETYPE)
