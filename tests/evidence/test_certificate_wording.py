# SPDX-License-Identifier: Apache-2.0
"""The words of certificates: the same texts in every language, and who answers for them."""

from __future__ import annotations

import pytest
import yaml

from comity.evidence import certificate_wording
from comity.evidence.certificate_wording import (
    WORDING,
    Review,
    UnknownCertificateLanguageError,
    fields_of,
    wording,
    wordings,
)
from comity.evidence.item import OBJECTS, ItemKind, Rank
from comity.reference.taxonomy import Caveat, HandlingCode, Purpose, UseRule
from comity.reference.yaml_files import DataFileError


def test_certificates_are_written_in_six_languages():
    assert set(wordings()) == {"en", "fr", "es", "pt", "de", "ar"}
    assert [words.language for words in wordings().values() if words.right_to_left] == ["ar"]


def test_a_machines_translation_says_so_on_the_page():
    for words in wordings().values():
        assert (words.review is Review.MACHINE) == bool(words.said("sentences.machine"))
    assert wording("en").review is Review.SOURCE


def test_every_code_that_can_be_laid_on_an_item_has_words():
    codes = (*Caveat, *HandlingCode, *Purpose, *UseRule, *Rank, *(set(ItemKind) - OBJECTS))
    for words in wordings().values():
        for code in codes:
            assert words.said(f"codes.{code}")


def test_no_two_texts_of_a_language_were_left_in_english():
    english = wording("en")
    for words in list(wordings().values())[1:]:
        same = [
            name
            for name, text in words.texts.items()
            if text == english.texts[name] and not fields_of(text) and len(text) > 12
        ]
        assert not same, (words.language, same)


def test_in_a_line_from_right_to_left_a_day_keeps_its_own_direction():
    said = wording("ar").said("sentences.destroy_by", day="2027-01-31")

    assert "\u20682027-01-31\u2069" in said


@pytest.mark.parametrize("spoil", ["drop", "add", "field"])
def test_a_language_with_other_texts_or_fields_is_refused(tmp_path, monkeypatch, spoil):
    for file in WORDING.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    french = yaml.safe_load((tmp_path / "fr.yaml").read_text("utf-8"))
    if spoil == "drop":
        del french["labels"]["place"]
    elif spoil == "add":
        french["labels"]["more"] = "plus"
    else:
        french["sentences"]["page"] = "Page {page}"
    french["sentences"]["machine"] = french["sentences"]["machine"] or ""
    (tmp_path / "fr.yaml").write_text(yaml.safe_dump(french, allow_unicode=True), "utf-8")
    monkeypatch.setattr(certificate_wording, "WORDING", tmp_path)

    with pytest.raises(DataFileError):
        wordings.__wrapped__()


def test_a_language_without_wording_is_refused_with_those_that_have_one():
    with pytest.raises(UnknownCertificateLanguageError) as refused:
        wording("tlh")

    assert "fr" in refused.value.advice()
