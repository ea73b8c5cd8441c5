# SPDX-License-Identifier: Apache-2.0
"""Domestic law as signed files: what is trusted, what is refused, and what a refusal leads to."""

import shutil

import pytest

from comity.agreements.case import Act
from comity.agreements.domestic_law import (
    SHIPPED,
    DomesticLawUnreadableError,
    DomesticLawUnsignedError,
    load_domestic_laws,
    read_law,
    sign_law,
    signature_file,
    trusted_keys,
)
from comity.agreements.question import Recipient
from comity.agreements.verdict import Verdict
from comity.sealing.keys import SigningKey
from tests.support.questions import agreement, answer, ask


@pytest.fixture
def folder(tmp_path):
    for file in SHIPPED.iterdir():
        if file.suffix in (".yaml", ".sig", ".pub"):
            shutil.copy(file, tmp_path / file.name)
    return tmp_path


def test_the_shipped_law_of_the_united_states_is_signed_and_complete():
    law = load_domestic_laws().of("US")

    assert law is not None
    assert [g.code for g in law.grounds] == [
        "compliance",
        "agreement",
        "proceeding",
        "comparable-action",
    ]
    assert law.assurances_article == "19 CFR 103.33(b)(1)"
    assert law.breach_article == "19 CFR 103.33(b)(2)"
    assert law.testimony_decider == "the Chief Counsel"
    assert (Act.ASK, None) in law.acts
    assert (Act.DISCLOSE, Recipient.OTHER_AUTHORITY) not in law.acts


def test_one_changed_byte_takes_the_law_away(folder):
    file = folder / "us.yaml"
    file.write_text(file.read_text().replace("19 CFR 103.33(b)(2)", "19 CFR 103.33(b)(9)"))

    laws = load_domestic_laws(folder)

    assert laws.of("US") is None
    assert laws.refused == {"US": "domestic-law-signature-broken"}
    question = ask(asker="US")
    determination = answer(question, agreement(parties=agreement().parties), laws=laws)
    assert determination.verdict is not Verdict.PERMITTED


def test_a_signature_that_is_missing_or_damaged_is_no_signature(folder):
    signature_file(folder / "us.yaml").write_text("not base64!")
    with pytest.raises(DomesticLawUnsignedError):
        read_law(folder / "us.yaml", trusted_keys(folder))

    signature_file(folder / "us.yaml").unlink()
    with pytest.raises(DomesticLawUnsignedError):
        read_law(folder / "us.yaml", trusted_keys(folder))


def test_a_signature_of_a_key_that_is_not_trusted_counts_for_nothing(folder):
    sign_law(folder / "us.yaml", SigningKey.make())

    with pytest.raises(DomesticLawUnsignedError):
        read_law(folder / "us.yaml", trusted_keys(folder))


def test_an_administration_signs_its_own_law(folder):
    key = SigningKey.make()
    key.public.save(folder / "own.pub")
    (folder / "xn.yaml").write_text(
        "administration: XN\ntitle: Customs Secrecy Act\n"
        "acts: [{act: ask, article: s 1}]\n"
        "grounds: [{code: agreement, article: s 2, reading: To carry out an agreement.}]\n"
    )

    sign_law(folder / "xn.yaml", key)
    laws = load_domestic_laws(folder)

    assert laws.of("XN").title == "Customs Secrecy Act"
    assert laws.of("US") is not None
    assert answer(ask(), agreement(), laws=laws).verdict is Verdict.PERMITTED


@pytest.mark.parametrize(
    "text",
    ["administration: XN\n", "[]", "title: x\nadministration: XN\nacts: yes\n", "a: [", ""],
)
def test_a_file_that_does_not_hold_together_is_never_signed(folder, text):
    (folder / "xn.yaml").write_text(text)

    with pytest.raises(DomesticLawUnreadableError):
        sign_law(folder / "xn.yaml", SigningKey.make())


def test_a_signed_file_that_does_not_hold_together_is_refused(folder):
    import base64

    key = SigningKey.make()
    key.public.save(folder / "own.pub")
    (folder / "xn.yaml").write_text("administration: XN\n")
    signature = base64.b64encode(key.sign(b"administration: XN\n"))
    signature_file(folder / "xn.yaml").write_bytes(signature)

    assert load_domestic_laws(folder).refused == {"XN": "domestic-law-unreadable"}


def test_a_node_adds_its_own_law_to_the_shipped_ones(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    _sign_law_of_northland(own)

    laws = load_domestic_laws(SHIPPED, own)

    assert laws.of("XN").title == "Customs Secrecy Act"
    assert laws.of("US") is not None


def test_a_law_in_the_nodes_folder_with_a_broken_signature_stands_for_no_law_at_all(tmp_path):
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    for folder in (shipped, own):
        folder.mkdir()
        _sign_law_of_northland(folder)
    with (own / "xn.yaml").open("a") as file:
        file.write("# altered\n")

    laws = load_domestic_laws(shipped, own)

    assert laws.of("XN") is None
    assert laws.refused == {"XN": "domestic-law-signature-broken"}


def test_a_node_without_a_folder_of_its_own_knows_the_shipped_laws(tmp_path):
    assert load_domestic_laws(SHIPPED, tmp_path / "none") == load_domestic_laws()


def _sign_law_of_northland(folder):
    key = SigningKey.make()
    key.public.save(folder / "own.pub")
    (folder / "xn.yaml").write_text(
        "administration: XN\ntitle: Customs Secrecy Act\n"
        "acts: [{act: ask, article: s 1}]\n"
        "grounds: [{code: agreement, article: s 2, reading: To carry out an agreement.}]\n"
    )
    sign_law(folder / "xn.yaml", key)
