# SPDX-License-Identifier: Apache-2.0
"""What would make an act permitted: every what-if, applied, flips the verdict."""

from dataclasses import replace
from datetime import date

import pytest

from comity.agreements.claim import Event
from comity.agreements.counterfactual import CHANGES, CURES, VALUES, apply, sentence
from comity.agreements.determination import determine
from comity.agreements.domestic_law import DomesticLaws, load_domestic_laws
from comity.agreements.instrument_files import load_register
from comity.agreements.overlay import Overlay
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.question import Ask, Recipient
from comity.agreements.reasons import REASONS
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose, UseRule
from tests.support.agreements import claim, provision
from tests.support.questions import (
    CONFIDENTIAL,
    FORM,
    ON_FORM,
    ON_USE,
    PURPOSE,
    agreement,
    answer,
    ask,
    disclose,
    release,
    use,
    uses,
)
from tests.support.worlds import world

WORLDS = 2500


def changes(determination):
    return [set(c.facts) for c in determination.would_be_permitted_if]


def flips(world_, determination):
    for what_if in determination.would_be_permitted_if:
        question, overlay, laws = apply(what_if, world_.question, world_.overlay, world_.laws)
        after = determine(question, world_.register, overlay, laws)
        assert after.permitted, (what_if, world_.question)
        assert after.verdict is what_if.verdict
        assert not after.blocked or not determination.blocked


@pytest.mark.slow
def test_every_what_if_flips_the_verdict_when_it_is_applied():
    offered = 0
    for number in range(WORLDS):
        drawn = world(number)
        determination = determine(drawn.question, drawn.register, drawn.overlay, drawn.laws)
        flips(drawn, determination)
        offered += len(determination.would_be_permitted_if)

    assert offered > 1000


def test_what_ifs_on_the_shipped_register_flip_as_well():
    shipped, laws = load_register(), load_domestic_laws()
    for asked in ("CV", "CN", "GB", "PY", "KR", "NL", "SE", "UZ", "CA"):
        for purpose in (Purpose.CRIMINAL_EVIDENCE, Purpose.ADMIN_ENQUIRY):
            question = Ask(
                "US", asked, (FormOfAssistance.INFO_OFFENCE,), (purpose,), date(2024, 10, 11),
                (Offence.SMUGGLING_GENERAL,),
            )  # fmt: skip
            determination = determine(question, shipped, Overlay(), laws)
            assert determination.permitted or determination.would_be_permitted_if
            for what_if in determination.would_be_permitted_if:
                asked_otherwise, overlay, law = apply(what_if, question, Overlay(), laws)
                assert determine(asked_otherwise, shipped, overlay, law).permitted


def test_nothing_is_offered_where_the_act_is_permitted():
    assert answer(ask(), agreement()).would_be_permitted_if == ()


def test_a_date():
    determination = answer(ask(on=date(2019, 12, 1)), agreement())

    assert [dict(c.facts) for c in determination.would_be_permitted_if][:1] == [
        {"date": "2020-02-01"}
    ]


def test_a_purpose_and_a_consent():
    text = agreement(uses("9(2)", UseRule.PRIOR_CONSENT, Purpose.CRIMINAL_EVIDENCE))

    determination = answer(use(purpose=Purpose.CRIMINAL_EVIDENCE), text)

    assert {"consent"} in changes(determination)
    assert {"purpose"} in changes(determination)


def test_a_notice_that_blocks():
    text = agreement(
        uses("9(2)", UseRule.PERMITTED_NOTIFY, Purpose.CRIMINAL_EVIDENCE, notice="BEFORE")
    )

    determination = answer(use(purpose=Purpose.CRIMINAL_EVIDENCE), text)

    assert changes(determination) == [{"notice"}]


def test_force_and_articles_confirmed_are_one_what_if():
    text = agreement(claims=(claim(Event.SIGNED, "2019-11-01"),))
    text = replace(
        text,
        provisions=(
            replace(ON_FORM, basis=Basis.ASSUMED),
            replace(ON_USE, basis=Basis.ASSUMED),
            CONFIDENTIAL,
        ),
    )

    found = changes(answer(ask(), text))

    assert {"confirm-force", "confirm-forms", "confirm-use"} in found
    assert {"confirm-force", "ruling"} in found


def test_what_the_model_says_is_what_is_confirmed():
    assumed = uses("9", UseRule.PRIOR_CONSENT, basis=Basis.ASSUMED)
    text = replace(agreement(), provisions=(ON_FORM, assumed, CONFIDENTIAL))

    determination = answer(use(), text)

    facts = [dict(c.facts) for c in determination.would_be_permitted_if]
    rule = f"xn-xs-2020:{PURPOSE}=PRIOR_CONSENT"
    assert {"confirm-use": rule, "consent": "given"} in facts


def test_another_instrument_may_be_named_for_an_item():
    strict = agreement(uses("9(2)", UseRule.PROHIBITED), reference="xn-xs-2021")

    determination = answer(use(), agreement(), strict)

    assert determination.verdict is Verdict.PROHIBITED
    assert {"supplied-under"} in changes(determination)


def test_a_domestic_law_file():
    assert changes(answer(ask(), agreement(), laws=DomesticLaws())) == [{"domestic-law"}]


def test_assurances():
    determination = answer(release(assurance_breached=None, assurances_given=None), agreement())

    assert {"assurances"} in changes(determination)


def test_item_facts_that_nobody_stated():
    clause = provision("15", ProvisionType.PERSONAL_DATA, {"gate": "agreed equivalence"})
    question = release()

    determination = answer(
        replace(question, item=replace(question.item, personal_data=None)), agreement(clause)
    )

    assert {"item-facts"} in changes(determination)


def test_a_recipient_that_the_text_names():
    onward = provision(
        "11",
        ProvisionType.ONWARD_DISCLOSURE,
        {"rules": {Purpose.OTHER_AUTHORITY: UseRule.PERMITTED}, "recipients": ("XE",)},
    )

    determination = answer(
        disclose(Recipient.OTHER_AUTHORITY), agreement(onward), laws=DomesticLaws()
    )

    assert {"recipient", "domestic-law"} in changes(determination)


@pytest.mark.parametrize("reason", sorted(CURES))
def test_every_cure_is_of_a_known_reason_and_can_be_made(reason):
    assert reason in REASONS
    assert set(CURES[reason]) <= set(VALUES) <= set(CHANGES)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_what_if_has_its_words(language):
    text = agreement(uses("9(2)", UseRule.PRIOR_CONSENT, Purpose.CRIMINAL_EVIDENCE))
    determination = answer(use(purpose=Purpose.CRIMINAL_EVIDENCE), text)

    for what_if in determination.would_be_permitted_if:
        words = sentence(what_if, language)
        assert words
        assert "{" not in words


def test_a_broken_assurance_has_no_what_if():
    determination = answer(release(assurance_breached=True), agreement())

    assert determination.verdict is Verdict.PROHIBITED
    assert determination.would_be_permitted_if == ()
    assert FORM in release().forms


def test_an_act_may_rely_on_another_instrument_than_the_one_named():
    silent = agreement(uses("9(2)", UseRule.PROHIBITED), reference="xn-xs-2021")

    determination = answer(ask(under="xn-xs-2021"), agreement(), silent)

    assert determination.verdict is Verdict.PROHIBITED
    assert {"instrument"} in changes(determination)


def test_under_which_instrument_an_item_came_is_a_fact_that_nobody_chooses():
    strict = agreement(uses("9(2)", UseRule.PROHIBITED), reference="xn-xs-2021")

    determination = answer(use(under="xn-xs-2021"), agreement(), strict)

    assert determination.verdict is Verdict.PROHIBITED
    assert not any("supplied-under" in facts for facts in changes(determination))
