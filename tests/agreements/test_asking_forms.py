# SPDX-License-Identifier: Apache-2.0
"""The forms of the five questions: what a person fills in reaches the engine as it stands."""

import pytest

from comity.agreements.forms.asking import DiscloseForm, UseForm
from comity.agreements.question_reading import question_of
from comity.reference.taxonomy import FormOfAssistance

SUPPLIED = {"holder": "US", "supplier": "CN", "supplied_on": "2022-01-10", "on": "2024-10-11"}


def asked(form):
    assert form.is_valid(), form.errors
    return question_of(form.document())


def test_a_use_says_under_which_form_the_item_came_and_when_it_was_asked_for():
    given = {"purpose": "ADMIN_ENQUIRY", "form": "INFO_OFFENCE", "requested_on": "2021-12-01"}

    question = asked(UseForm(SUPPLIED | given))

    assert question.form is FormOfAssistance.INFO_OFFENCE
    assert question.requested_on.isoformat() == "2021-12-01"


@pytest.mark.parametrize(("given", "stated"), [("yes", True), ("no", False), ("", None)])
def test_a_disclosure_says_whether_the_recipient_gave_assurances(given, stated):
    question = asked(
        DiscloseForm(SUPPLIED | {"recipient": "THIRD_STATE", "assurances_given": given})
    )

    assert question.assurances_given is stated
