# SPDX-License-Identifier: Apache-2.0
"""The page on packages names every file, leaf and step, and its example is the code's."""

from __future__ import annotations

import re
from pathlib import Path

from comity.evidence import verify
from comity.evidence.package import CUSTODY_FORMAT, FORMAT, ITEM_FORMAT, KEYS_FORMAT
from comity.evidence.package_messages import PACKAGE
from comity.evidence.redaction import NEVER_WITHHELD
from comity.evidence.statement import HEAD_FORMAT, LEAVES_FORMAT, hash_of_leaf, value_digest
from comity.handling.redaction import RedactionReason
from tests.support.evidence_packages import a_package, made_item

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "reference" / "package.md").read_text("utf-8")


def test_every_file_of_a_package_is_named() -> None:
    names = {re.sub(r"\d{4}(?=[/.])", "0001", name) for name in a_package().package.files()}
    numbered = {re.sub(r"\d{5}\.", "00001.", name) for name in names}

    assert not {name for name in numbered if f"`{name}`" not in PAGE}


def test_every_leaf_is_named() -> None:
    names = {re.sub(r"\d{5}", "00001", name) for name in made_item(1).certified().digests}

    assert not {name for name in names if f"`{name}`" not in PAGE}


def test_every_step_stands_in_it_word_for_word() -> None:
    for number, (checks, proves_not) in verify.STEPS.items():
        assert f"{number}. {checks} *This does not prove* {proves_not}" in PAGE


def test_formats_and_rules_are_those_of_the_code() -> None:
    formats = (FORMAT, ITEM_FORMAT, CUSTODY_FORMAT, KEYS_FORMAT, HEAD_FORMAT, LEAVES_FORMAT)
    for said in (*formats, PACKAGE, *NEVER_WITHHELD, RedactionReason.SHOWS_WITHHELD):
        assert f"`{said}`" in PAGE, said


def test_the_example_is_what_the_code_computes() -> None:
    digest = value_digest("Invoice 1")

    assert f"`{digest}`" in PAGE
    assert f"`{hash_of_leaf('description/title', '00' * 32, digest)}`" in PAGE
