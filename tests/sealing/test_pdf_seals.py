# SPDX-License-Identifier: Apache-2.0
"""Seals in PDFs: pdfsig and openssl find them good, and notice every byte that was altered."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from comity.sealing.pdf_seals import PdfUnsealableError, SealPlace, seal_pdf
from comity.sealing.timestamps import read_stamp, verify_stamp
from tests.support.pilot_seals import pilot, ran

TEXT = """
#set document(title: "A copy", author: "Northland", date: datetime(year: 2026, month: 5, day: 4))
#set text(lang: "en")
= A copy
One page.
"""


@cache
def document() -> bytes:
    """A PDF/A-3a of one page."""
    typst = pytest.importorskip("typst")
    return bytes(typst.compile(TEXT.encode(), format="pdf", pdf_standards=["a-3a", "ua-1"]))


@cache
def sealed(place: SealPlace | None = None) -> bytes:
    """The document with a seal."""
    authority = pilot()
    return seal_pdf(
        document(),
        key=authority.seal_key,
        chain=authority.chain,
        at=authority.at,
        stamp=authority.stamped,
        reason="Certified copy",
        place=place,
    )


def ranges(pdf: bytes) -> tuple[int, int, int, int]:
    """What the seal covers."""
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", pdf)
    assert found is not None
    first, second, third, fourth = map(int, found.groups())
    return first, second, third, fourth


def signature(pdf: bytes) -> bytes:
    """The CMS in the document, with the zeros after it."""
    _, before, after, _ = ranges(pdf)
    return bytes.fromhex(pdf[before + 1 : after - 1].decode())


def pdfsig_finds_it_valid(folder: Path, pdf: bytes) -> bool:
    (folder / "copy.pdf").write_bytes(pdf)
    said = ran("pdfsig", "copy.pdf", folder=folder).stdout
    return "Signature is Valid." in said and "Total document signed" in said


def openssl_finds_it_valid(folder: Path, pdf: bytes) -> bool:
    """By the CMS alone and the bytes that it covers, up to our root."""
    first, before, after, rest = ranges(pdf)
    (folder / "covered").write_bytes(pdf[first : first + before] + pdf[after : after + rest])
    (folder / "seal.der").write_bytes(signature(pdf))
    (folder / "root.crt").write_bytes(pilot().root.pem)
    said = ran(
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal.der",
        "-content", "covered", "-CAfile", "root.crt", "-purpose", "any", "-cades",
        "-out", "checked", folder=folder,
    )  # fmt: skip
    return said.returncode == 0


def altered(pdf: bytes, place: int) -> bytes:
    """The document with another byte there; a digit stays one of base 16."""
    changed = bytearray(pdf)
    changed[place] = ord("1") if changed[place] != ord("1") else ord("2")
    return bytes(changed)


def places(pdf: bytes) -> dict[str, int]:
    """A byte of each class that a seal covers, or consists of."""
    _, before, _, _ = ranges(pdf)
    cms = signature(pdf)
    return {
        "the document": pdf.index(b"/Pages"),
        "its metadata": pdf.index(b"xmpmeta"),
        "the revision": len(document()) + 20,
        "what is said of the seal": pdf.index(b"(Certified copy)") + 2,
        "a revocation list": pdf.rindex(b"endstream", 0, before) - 20,
        "after the seal": pdf.rindex(b"/Type /Sig") + 8,
        "the digest": before + 1 + 2 * cms.index(b"\x04\x20", cms.index(b"\x09\x04\x31")) + 8,
    }


def test_the_seal_is_appended_and_the_document_stays_as_it_was():
    assert sealed().startswith(document())
    first, before, after, rest = ranges(sealed())
    assert (first, after + rest) == (0, len(sealed()))
    assert sealed()[before : before + 1] == b"<"
    assert sealed()[after - 1 : after] == b">"


@pytest.mark.slow
def test_after_the_signature_stand_zeros_alone():
    from asn1crypto import cms

    content = signature(sealed())
    whole = cms.ContentInfo.load(content, strict=False).dump()
    assert content[: len(whole)] == whole
    assert not any(content[len(whole) :])


def test_pdfsig_finds_the_seal_good_and_every_alteration_bad(tmp_path):
    assert pdfsig_finds_it_valid(tmp_path, sealed())
    found = {
        name: pdfsig_finds_it_valid(tmp_path, altered(sealed(), place))
        for name, place in places(sealed()).items()
    }
    assert not any(found.values()), found


def test_openssl_finds_the_seal_good_up_to_our_root_and_every_alteration_bad(tmp_path):
    assert openssl_finds_it_valid(tmp_path, sealed())
    for name, place in places(sealed()).items():
        assert not openssl_finds_it_valid(tmp_path, altered(sealed(), place)), name


def test_a_visible_field_is_as_good(tmp_path):
    place = SealPlace(page=-1, left=50, bottom=50, right=200, top=100)
    assert pdfsig_finds_it_valid(tmp_path, sealed(place))


def test_the_stamp_is_over_the_signature():
    from asn1crypto import cms

    signer = cms.ContentInfo.load(signature(sealed()))["content"]["signer_infos"][0]
    kept = {each["type"].native: each["values"][0] for each in signer["unsigned_attrs"]}
    stamp = read_stamp(kept["signature_time_stamp_token"].dump())
    digest = hashlib.sha256(signer["signature"].native).digest()
    verify_stamp(stamp, digest, anchors=[pilot().root], others=[pilot().issuing])


def test_a_document_brings_its_certificates_and_lists_inside_what_is_signed():
    from pyhanko.pdf_utils.reader import PdfFileReader

    store = PdfFileReader(BytesIO(sealed())).root["/DSS"]
    authority = pilot()
    held = {bytes(each.get_object().data) for each in store["/Certs"]}
    behind = (authority.seal, authority.issuing, authority.root, authority.stamp)
    assert held == {each.der for each in behind}
    lists = {bytes(each.get_object().data) for each in store["/CRLs"]}
    assert lists == {each.der for each in authority.chain.revocations}


def test_what_makes_it_a_pdf_a_is_not_touched():
    from pyhanko.pdf_utils.reader import PdfFileReader

    before, after = PdfFileReader(BytesIO(document())), PdfFileReader(BytesIO(sealed()))
    for name in ("/Metadata", "/StructTreeRoot", "/MarkInfo", "/OutputIntents", "/Lang"):
        assert before.root.raw_get(name) == after.root.raw_get(name), name
    assert before.trailer.raw_get("/Info") == after.trailer.raw_get("/Info")
    field = after.root["/AcroForm"]["/Fields"][0].get_object()
    printed, hidden_or_no_view = 4, 2 | 1 | 32
    assert int(field["/F"]) & printed
    assert not int(field["/F"]) & hidden_or_no_view
    assert "/NeedAppearances" not in after.root["/AcroForm"]
    assert b"/DigestMethod" not in sealed()[len(document()) :]


def test_nothing_may_be_added_after_the_seal():
    from pyhanko.pdf_utils.reader import PdfFileReader

    granted = PdfFileReader(BytesIO(sealed())).root["/Perms"]["/DocMDP"]
    parameters = granted["/Reference"][0]["/TransformParams"]
    assert int(parameters["/P"]) == 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"no PDF at all", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_refused_in_words(content):
    authority = pilot()
    with pytest.raises(PdfUnsealableError):
        seal_pdf(
            content,
            key=authority.seal_key,
            chain=authority.chain,
            at=authority.at,
            stamp=authority.stamped,
        )


def test_a_document_is_sealed_once():
    authority = pilot()
    with pytest.raises(PdfUnsealableError):
        seal_pdf(
            sealed(),
            key=authority.seal_key,
            chain=authority.chain,
            at=authority.at,
            stamp=authority.stamped,
        )
