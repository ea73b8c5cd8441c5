# SPDX-License-Identifier: Apache-2.0
"""Documents as PDF/A-3a and PDF/UA-1 in every script, or an error that names the script."""

from __future__ import annotations

import hashlib
import re
import subprocess
from datetime import UTC, datetime

import pytest

from comity.evidence import typesetting
from comity.evidence.typesetting import (
    FONTS,
    TEMPLATES,
    Attachment,
    MissingGlyphError,
    NotTypesetError,
    TypesetterSilentError,
    script_of,
    typeset,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCRIPTS = {
    "Latin": "Nguyễn Thị Hoà",
    "Greek": "Αλέξανδρος",
    "Cyrillic": "Щукина",
    "Arabic": "فاطمة",
    "Persian": "گفتگو",
    "Hebrew": "שרה",
    "Devanagari": "शर्मा",
    "Bengali": "বন্দ্যোপাধ্যায়",
    "Tamil": "தமிழ்",
    "Thai": "สมชาย",
    "Georgian": "თამარი",
    "Armenian": "Արամ",
    "Ethiopic": "ኃይለ",
    "Khmer": "សុខា",
    "Lao": "ສົມສັກ",
    "Myanmar": "အောင်",
    "Sinhala": "සුනිල්",
    "Tibetan": "བསོད་ནམས",
    "Gujarati": "પટેલ",
    "Telugu": "రావు",
    "Kannada": "ಗೌಡ",
    "Malayalam": "മേനോൻ",
    "Gurmukhi": "ਸਿੰਘ",
    "Thaana": "އަލީ",
    "Chinese": "张伟與龍",
    "Japanese": "北村たろうカ",
    "Korean": "김철수",
}


def document(*texts: str, **more: object) -> bytes:
    data = {
        "title": "Index",
        "issuer": "Northland Customs",
        "number": "IDX-1",
        "language": "en",
        "blocks": [{"kind": "paragraph", "text": text} for text in texts],
    }
    return typeset("document", data, at=AT, **more)


def read_back(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def bare(text: str) -> str:
    """Letters alone: readers break lines and mark directions."""
    return re.sub(r"[\s\u200b-\u200f\u2028-\u202e\u2066-\u2069\u00ad]", "", text)


def test_names_in_every_script_are_set_with_the_shipped_fonts_alone():
    pdf = document(*SCRIPTS.values())

    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout
    rows = fonts.decode().splitlines()[2:]
    assert len(rows) >= 20
    for row in rows:
        assert row.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, readable
    shown = bare(read_back(pdf))
    for script in ("Latin", "Greek", "Cyrillic", "Chinese", "Japanese", "Korean", "Georgian"):
        assert SCRIPTS[script] in shown or bare(SCRIPTS[script]) in shown, script
    for script in ("Arabic", "Hebrew"):  # some readers give lines of these in the order of sight
        assert SCRIPTS[script] in shown or SCRIPTS[script][::-1] in shown, script


@pytest.mark.parametrize("sign", ["\x07", "\x1b"])
def test_a_sign_that_cannot_be_printed_is_named_itself_and_not_by_its_escape(sign):
    with pytest.raises(MissingGlyphError) as refused:
        document(f"Witness {sign}of the port")

    assert refused.value.fields["sign"] == f"U+{ord(sign):04X}"


@pytest.mark.parametrize(
    ("text", "script"),
    [("𒀀𒁀", "Cuneiform"), ("𐌰", "Gothic"), ("ᚠ", "Runic"), ("😀", "symbol"), ("𠀀", "CJK")],
)
def test_a_sign_that_no_font_has_is_an_error_that_names_its_script_and_not_the_text(text, script):
    with pytest.raises(MissingGlyphError) as refused:
        document(f"Witness {text} of the port")

    assert refused.value.fields["script"] == script
    assert "Witness" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_a_template_cannot_use_is_refused_with_the_place_and_not_the_text():
    with pytest.raises(NotTypesetError) as refused:
        typeset("document", {"title": "Secret name"}, at=AT)

    assert re.fullmatch(r"(main|frame\.typ|document\.typ):\d+:\d+", refused.value.fields["place"])
    assert "Secret" not in str(refused.value)


def test_the_same_input_gives_the_same_bytes():
    assert document("A") == document("A")


def test_it_claims_pdf_a_3a_and_pdf_ua_1_and_is_tagged():
    pdf = document("A")

    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    said = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout
    assert re.search(rb"Tagged: +yes", said)
    assert re.search(rb"JavaScript: +no", said)


def test_an_attachment_travels_inside_byte_for_byte(tmp_path):
    content = bytes(range(256)) * 10
    pdf = document(
        "A", attachments=[Attachment("original.bin", content, "application/octet-stream", "It")]
    )
    file = tmp_path / "document.pdf"
    file.write_bytes(pdf)

    out = tmp_path / "out.bin"
    subprocess.run(["pdfdetach", "-save", "1", "-o", str(out), str(file)], check=True)
    assert out.read_bytes() == content
    assert b"/AFRelationship" in pdf


def test_a_document_that_takes_too_long_is_broken_off(monkeypatch):
    monkeypatch.setattr(typesetting, "SECONDS", 0.001)

    with pytest.raises(TypesetterSilentError) as refused:
        document("Secret name")

    assert refused.value.__cause__ is None


def test_a_child_that_dies_is_told_from_a_refusal(monkeypatch):
    monkeypatch.setattr(typesetting.sys, "executable", "/bin/false")

    with pytest.raises(TypesetterSilentError):
        document("A")


def test_templates_ask_for_nothing_outside_their_folder():
    for file in TEMPLATES.glob("*.typ"):
        for asked in re.findall(
            r'(?:#import|#include|read|json|image)\s*\(?"([^"]+)"', file.read_text()
        ):
            assert asked == "data.json" or (TEMPLATES / asked).is_file(), (file.name, asked)


def test_the_fonts_are_those_of_the_manifest_and_stay_small():
    lines = (FONTS / "MANIFEST.txt").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FONTS.glob("*.ttf")
    }

    assert found == listed
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < 25 << 20


def test_every_family_of_the_frame_is_shipped_and_every_shipped_family_used():
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    named = re.findall(r'"((?:Noto|Nanum|Droid)[^"]*)"', (TEMPLATES / "frame.typ").read_text())
    assert set(named) == set(fonts.families())


def test_a_script_is_named_after_its_signs():
    assert script_of("𐎠") == "Old Persian"
    assert script_of("༄") == "Tibetan"
    assert script_of("\ue000") == "symbol"
