# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.journal.entry import Act, Actor
from comity.journal.facts import FACTS, FactRefusedError, Form, PartRefusedError, check_facts
from tests.journal.conftest import CUSTODIAN, NOON

PERSONAL = [
    "Ada Lovelace",
    "Lovelace",
    "ada.lovelace@customs.example",
    "ada@customs.example",
    "Ada-Lovelace",
    "Ångström",
    "+352 621 000 000",
    "12 Harbour Street",
    "spoke to the driver",
    "O'Brien",
    "name: x",
    "1990-01-01 Riga",
    "a\nb",
]
TAKEN = {
    Form.REFERENCE: ["us-cn-1999", "OFF-NL-1", "NODE", "REQ-NL-2026-00041", "nl-sl-2020/12(3)"],
    Form.REFERENCES: ["", "CNF-1", "CNF-1,CNF-2"],
    Form.ARTICLE: [
        "12(3)(a)",
        "Article 10, paragraph 2",
        "15-18",
        "Annex II",
        "20, 21 and 23",
        "11(3)-(4)",
        "use of information",
    ],
    Form.CODE: ["in-force", "INFO_OFFENCE", "US", "holds"],
    Form.CODES: ["", "auditor,unit-head", "CRIMINAL_EVIDENCE"],
    Form.DATE: ["", "unknown", "open", "2026", "2026-03", "2026-03-01"],
    Form.INSTANT: ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000001+00:00"],
    Form.NUMBER: ["0", "-3", "41"],
    Form.DIGEST: ["ab" * 32, "0123456789abcdef"],
    Form.FLAG: ["yes", "false"],
}


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("value", PERSONAL)
def test_no_form_takes_what_looks_like_a_person(form, value):
    assert form.value.fullmatch(value) is None


@pytest.mark.parametrize(("form", "value"), [(f, v) for f, vs in TAKEN.items() for v in vs])
def test_references_and_codes_are_taken(form, value):
    assert form.value.fullmatch(value)


def test_every_article_and_reference_of_the_shipped_register_is_taken():
    from comity.agreements.instrument_files import load_register

    instruments = load_register().instruments.values()
    articles = {p.article for i in instruments for p in i.provisions if p.article}

    assert [a for a in articles if not Form.ARTICLE.value.fullmatch(a)] == []
    assert [i for i in instruments if not Form.REFERENCE.value.fullmatch(i.reference)] == []


def test_every_form_has_an_example_here():
    assert set(TAKEN) == set(Form)


@given(st.text(st.characters(exclude_characters="abcdefghijklmnopqrstuvwxyz"), min_size=1))
def test_no_white_space_and_no_at_sign_passes_as_reference_or_code(text):
    for form in (Form.REFERENCE, Form.REFERENCES, Form.CODE, Form.CODES):
        if form.value.fullmatch(text):
            assert "@" not in text
            assert text.split() == [text]


def test_a_fact_that_is_not_listed_is_refused_by_name():
    with pytest.raises(FactRefusedError) as caught:
        check_facts("officer-added", {"surname": "OFF-1"})

    assert caught.value.fields["name"] == "surname"
    assert "facts.py" in caught.value.advice()


def test_a_refused_value_is_not_repeated_in_the_refusal():
    with pytest.raises(FactRefusedError) as caught:
        check_facts("officer-added", {"officer": "Ada Lovelace"})

    assert "Lovelace" not in str(caught.value)
    assert "Lovelace" not in str(caught.value.fields)


def test_an_endless_value_is_refused():
    with pytest.raises(FactRefusedError):
        check_facts("roles-changed", {"roles": ",".join(["auditor"] * 2000)})


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize(
    "piece",
    ["a", "1(1)", "a-", "A1,", "1.1", "(1)", "IX", "1 ", "A1", "1-", "(1)(", "II,", "2026-"],
)
def test_no_text_takes_long_to_refuse(form, piece):
    begun = perf_counter()

    assert form.value.fullmatch(piece * (2000 // len(piece)) + "!") is None

    assert perf_counter() - begun < 1


def test_no_listed_fact_is_named_after_a_person():
    words = {word for name in FACTS for word in name.split("_")}

    assert words.isdisjoint({"name", "surname", "email", "mail", "phone", "address", "birth"})


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("act", {"act": "Sent a request"}),
        ("subject", {"subject": "Ada Lovelace"}),
        ("actor", {"by": Actor("ada@customs.example", "auditor")}),
        ("role", {"by": Actor("OFF-NL-1", "Head of unit")}),
        ("instrument", {"instrument": "The agreement of 2020"}),
        ("article", {"article": "as agreed on the phone"}),
    ],
)
def test_every_part_of_an_act_is_a_reference_or_a_code(part, change):
    whole = {"act": "request-sent", "subject": "REQ-NL-1", "by": CUSTODIAN, "at": NOON}

    Act(**whole).check()
    with pytest.raises(PartRefusedError) as caught:
        Act(**{**whole, **change}).check()

    assert caught.value.fields["part"] == part
