# SPDX-License-Identifier: Apache-2.0
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.comparison import (
    RELATION_WORDS,
    Matter,
    Relation,
    compare,
    document_of,
)
from comity.agreements.instrument import Instrument, ReadState
from comity.agreements.instrument_files import load_register
from comity.agreements.provision import Basis, ProvisionType
from comity.reference.taxonomy import FormOfAssistance as Form
from comity.reference.taxonomy import GroundForRefusal as Ground
from comity.reference.taxonomy import Programme, Purpose, UseRule
from tests.support.agreements import instrument, provision


def assists(*forms: Form, duty: str = "shall", article: str = "3") -> Instrument:
    parameters = {"forms": forms, "duty": duty}
    return instrument(
        provisions=(provision(article, ProvisionType.ASSISTANCE, parameters),), reference="first"
    )


def uses(rule: UseRule, **more: object) -> Instrument:
    rules = {"rules": {Purpose.CRIMINAL_EVIDENCE: rule}}
    return instrument(provisions=(provision("11", ProvisionType.USE, rules),), **more)


def relation(first: Instrument, second: Instrument, matter: Matter, topic: str) -> Relation:
    rows = compare(first, second).rows
    return next(row.relation for row in rows if (row.matter, row.topic) == (matter, topic))


def test_a_form_that_only_one_text_provides_for_is_shown_as_such():
    compared = compare(assists(Form.ENQUIRY, Form.ORIGINALS), assists(Form.ENQUIRY))

    assert [row.topic for row in compared.only_first()] == ["ORIGINALS"]
    assert compared.only_second() == ()


def test_a_duty_is_wider_than_a_discretion():
    firm, free = assists(Form.ENQUIRY), assists(Form.ENQUIRY, duty="may")

    assert relation(firm, free, Matter.FORM, "ENQUIRY") is Relation.WIDER
    assert relation(free, firm, Matter.FORM, "ENQUIRY") is Relation.STRICTER


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (UseRule.PERMITTED, UseRule.PRIOR_CONSENT, Relation.WIDER),
        (UseRule.PROHIBITED, UseRule.OTHER_CHANNEL_ONLY, Relation.STRICTER),
        (UseRule.PERMITTED, UseRule.PERMITTED, Relation.SAME),
        (UseRule.UNSPECIFIED, UseRule.PROHIBITED, Relation.DIFFERENT),
    ],
)
def test_uses_are_ordered_and_silence_has_no_place_in_the_order(ours, theirs, expected):
    found = relation(uses(ours), uses(theirs), Matter.USE, "CRIMINAL_EVIDENCE")

    assert found is expected


def test_more_grounds_to_refuse_are_stricter():
    def refusing(*grounds: Ground) -> Instrument:
        said = provision("14", ProvisionType.REFUSAL, {"grounds": grounds})
        return instrument(provisions=(said,))

    fewer, more = refusing(Ground.SOVEREIGNTY), refusing(Ground.SECURITY, Ground.SOVEREIGNTY)

    assert relation(fewer, more, Matter.PARAMETER, "refusal.grounds") is Relation.WIDER
    assert relation(more, fewer, Matter.PARAMETER, "refusal.grounds") is Relation.STRICTER


def test_a_list_in_another_order_is_the_same_list():
    one = assists(Form.ENQUIRY, Form.ORIGINALS)
    other = assists(Form.ORIGINALS, Form.ENQUIRY)

    assert compare(one, other).differing() == ()


def test_what_is_missing_from_a_text_nobody_read_whole_is_not_known():
    unread = instrument(read=ReadState.PART, reference="second")

    assert relation(assists(Form.ENQUIRY), unread, Matter.FORM, "ENQUIRY") is (
        Relation.SECOND_NOT_KNOWN
    )
    assert relation(unread, assists(Form.ENQUIRY), Matter.FORM, "ENQUIRY") is (
        Relation.FIRST_NOT_KNOWN
    )


def test_what_the_model_has_and_this_text_lacks_is_listed():
    model = instrument(
        provisions=(
            provision("12", ProvisionType.SPECIAL, {"forms": (Form.CONTROLLED_DELIVERY,)}),
        ),
        programme=Programme.MODEL,
        read=ReadState.NONE,
        reference="model",
    )

    compared = compare(assists(Form.ENQUIRY), model)

    assert "CONTROLLED_DELIVERY" in [row.topic for row in compared.only_second()]
    assert "ENQUIRY" in [row.topic for row in compared.only_first()]


def test_two_articles_on_one_matter_count_as_the_text_that_they_are():
    twice = instrument(
        provisions=(
            provision("3", ProvisionType.ASSISTANCE, {"forms": (Form.ENQUIRY,), "duty": "may"}),
            provision("5", ProvisionType.ASSISTANCE, {"forms": (Form.ENQUIRY,), "duty": "shall"}),
            provision(
                "11",
                ProvisionType.USE,
                {"rules": {Purpose.CRIMINAL_EVIDENCE: UseRule.PERMITTED}},
            ),
            provision(
                "12",
                ProvisionType.USE,
                {"rules": {Purpose.CRIMINAL_EVIDENCE: UseRule.PRIOR_CONSENT}},
                basis=Basis.ASSUMED,
            ),
        )
    )

    rows = {(row.matter, row.topic): row for row in compare(twice, twice).rows}

    form = rows[Matter.FORM, "ENQUIRY"].first
    assert form is not None
    assert (form.value, form.article) == ("shall", "3, 5")
    use = rows[Matter.USE, "CRIMINAL_EVIDENCE"].first
    assert use is not None
    assert (use.value, use.basis) == ("PRIOR_CONSENT", Basis.ASSUMED)


def test_a_provision_that_a_version_dropped_is_left_out():
    dropped = instrument(
        provisions=(
            provision(
                "9", ProvisionType.ASSISTANCE, {"forms": (Form.RECOVERY,)}, until_version="2"
            ),
        )
    )

    assert compare(dropped, dropped).rows == ()


def test_every_relation_has_words():
    assert set(RELATION_WORDS) == set(Relation)


def test_an_instrument_of_the_register_is_compared_with_a_model_text_and_written_as_json():
    register = load_register()
    compared = compare(register.instrument("us-nl-1996"), register.instrument("us-cmaa"))

    document = json.loads(json.dumps(document_of(compared)))

    assert document["first"] == "us-nl-1996"
    assert document["only_second"] == [
        f"{row.matter}:{row.topic}" for row in compared.only_second()
    ]
    assert len(document["rows"]) == len(compared.rows) > 20


MIRRORED = {
    Relation.SAME: Relation.SAME,
    Relation.DIFFERENT: Relation.DIFFERENT,
    Relation.WIDER: Relation.STRICTER,
    Relation.STRICTER: Relation.WIDER,
    Relation.ONLY_FIRST: Relation.ONLY_SECOND,
    Relation.ONLY_SECOND: Relation.ONLY_FIRST,
    Relation.FIRST_NOT_KNOWN: Relation.SECOND_NOT_KNOWN,
    Relation.SECOND_NOT_KNOWN: Relation.FIRST_NOT_KNOWN,
}
REFERENCES = sorted(load_register().instruments)


@given(st.sampled_from(REFERENCES), st.sampled_from(REFERENCES))
def test_read_from_the_other_side_every_relation_is_mirrored(one, other):
    first, second = (load_register().instrument(each) for each in (one, other))

    forth, back = compare(first, second), compare(second, first)

    assert [MIRRORED[row.relation] for row in forth.rows] == [row.relation for row in back.rows]


@given(st.sampled_from(REFERENCES))
def test_an_instrument_does_not_differ_from_itself(reference):
    instrument_ = load_register().instrument(reference)

    assert compare(instrument_, instrument_).differing() == ()
