# SPDX-License-Identifier: Apache-2.0
import json
from dataclasses import replace
from datetime import date

from comity.agreements import answers
from comity.agreements.determination import determine
from comity.agreements.domestic_law import load_domestic_laws
from comity.agreements.instrument_files import load_register
from comity.agreements.question import Ask, Item, Release, Use
from comity.agreements.question_reading import question_of
from comity.reference.taxonomy import Caveat, FormOfAssistance, InformationClass, Offence, Purpose

ASK_CHINA = Ask(
    asker="US",
    asked="CN",
    forms=(FormOfAssistance.INFO_OFFENCE,),
    purposes=(Purpose.CRIMINAL_EVIDENCE,),
    on=date(2024, 10, 11),
    offences=(Offence.SMUGGLING_GENERAL,),
)
FINDING_KEYS = {
    "rule",
    "holds",
    "reason",
    "because",
    "instrument",
    "version",
    "article",
    "basis",
}


def answered(question: object, language: str = "en") -> dict[str, object]:
    found = determine(question, load_register(), laws=load_domestic_laws())  # type: ignore[arg-type]
    return json.loads(json.dumps(answers.document_of(found, language)))


def test_an_answer_has_the_keys_that_programs_rely_on():
    document = answered(ASK_CHINA)

    assert {
        "verdict",
        "findings",
        "obligations",
        "would_be_permitted_if",
        "alternatives",
        "question",
        "gates",
        "governing",
    } <= set(document)
    assert document["verdict"] == "prior-consent"
    assert document["permitted"] is False
    assert document["governing"] == "us-cn-1999"


def test_every_finding_says_its_rule_whether_it_holds_why_and_where():
    findings = answered(ASK_CHINA)["findings"]

    assert isinstance(findings, list)
    assert all(set(finding) >= FINDING_KEYS for finding in findings)
    consent = next(each for each in findings if each["rule"] == "AGR-30")
    assert consent["holds"] is False
    assert consent["article"] == "12(2)"
    assert consent["basis"] == "read"
    assert "consents beforehand" in consent["because"]


def test_what_would_change_the_answer_is_said_in_words_and_in_codes():
    changes = answered(ASK_CHINA)["would_be_permitted_if"]

    assert isinstance(changes, list)
    assert any(change["change"] == "consent" for change in changes)
    assert all(change["words"] and change["verdict"] for change in changes)


def test_duties_of_a_permitted_act_name_debtor_trigger_due_and_discharge():
    permitted = Ask("US", "CN", ASK_CHINA.forms, (Purpose.INTELLIGENCE,), ASK_CHINA.on)
    document = answered(replace(permitted, offences=ASK_CHINA.offences))
    assert document["verdict"] == "permitted"

    duties = document["obligations"]
    assert isinstance(duties, list)
    assert duties
    assert all(
        {"code", "debtor", "trigger", "due", "discharge", "article"} <= set(d) for d in duties
    )


def test_a_question_is_written_so_that_it_is_read_back_the_same():
    item = Item(
        classes=frozenset({InformationClass.DECLARATION}),
        caveats=frozenset({Caveat.CUSTOMS_ONLY}),
        personal_data=False,
        audience=frozenset({"US/CBP"}),
    )
    questions = (
        ASK_CHINA,
        Release("US", "BR", ASK_CHINA.forms, ASK_CHINA.purposes, ASK_CHINA.on, item=item),
        Use("US", "PY", Purpose.CRIMINAL_EVIDENCE, date(2021, 1, 1), None),
    )

    for question in questions:
        document = json.loads(json.dumps(answers.question_document(question)))
        assert question_of(document) == question


def test_the_gates_are_named_with_their_verdicts():
    gates = answered(ASK_CHINA)["gates"]

    assert gates == {
        "legal-basis": "prior-consent",
        "domestic-law": "permitted",
        "caveats": "permitted",
    }


def test_every_other_basis_says_in_words_why_it_is_not_the_one():
    asked = Ask(
        asker="BR",
        asked="ZA",
        forms=(FormOfAssistance.INFO_OFFENCE,),
        purposes=(Purpose.CRIMINAL_EVIDENCE,),
        on=date(2018, 10, 11),
        offences=(Offence.SMUGGLING_GENERAL,),
    )

    others = {each["instrument"]: each for each in answered(asked)["alternatives"]}

    assert "mercosur-sacu-2008" in others["br-za-2012"]["because"]
    assert "?" not in others["wto-tfa-12"]["because"]
