# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.answers import question_document
from comity.agreements.question import (
    Ask,
    Disclose,
    Item,
    Proceeding,
    Recipient,
    Release,
    Retain,
    Use,
)
from comity.agreements.question_reading import QuestionUnreadableError, kind_of, question_of
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
    UnknownCodeError,
)

CODES = st.sampled_from(["US", "US/CBP", "CN", "EU", "SACU"])
DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))
KNOWN = st.sampled_from([None, True, False])


def several(codes: type, *, least: int = 0) -> st.SearchStrategy:
    return st.lists(st.sampled_from(codes), unique=True, min_size=least, max_size=4).map(tuple)


ITEMS = st.builds(
    Item,
    classes=several(InformationClass).map(frozenset),
    caveats=several(Caveat).map(frozenset),
    handling=st.sampled_from([None, *HandlingCode]),
    personal_data=KNOWN,
    judicially_obtained=KNOWN,
    return_or_destroy_by=st.none() | DAYS,
    audience=st.none() | several(Purpose).map(lambda given: frozenset(map(str, given))),
)
COMMON = {"on": DAYS, "under": st.sampled_from(["", "us-cn-1999"]), "known_on": st.none() | DAYS}
QUESTIONS = st.one_of(
    st.builds(
        Ask,
        asker=CODES,
        asked=CODES,
        forms=several(FormOfAssistance, least=1),
        purposes=several(Purpose, least=1),
        offences=several(Offence),
        requested_on=st.none() | DAYS,
        facts=st.lists(ITEMS, max_size=2).map(tuple),
        consent_given=st.booleans(),
        **COMMON,
    ),
    st.builds(
        Release,
        supplier=CODES,
        receiver=CODES,
        forms=several(FormOfAssistance, least=1),
        purposes=several(Purpose, least=1),
        item=ITEMS,
        assurances_given=KNOWN,
        **COMMON,
    ),
    st.builds(
        Use,
        holder=CODES,
        supplier=CODES,
        purpose=st.sampled_from(Purpose),
        supplied_on=st.none() | DAYS,
        proceeding=st.sampled_from(Proceeding),
        item=ITEMS,
        notice_given=st.booleans(),
        **COMMON,
    ),
    st.builds(
        Disclose,
        holder=CODES,
        supplier=CODES,
        recipient=st.sampled_from(Recipient),
        supplied_on=st.none() | DAYS,
        recipient_code=st.sampled_from(["", "XE"]),
        compelled=st.booleans(),
        **COMMON,
    ),
    st.builds(
        Retain,
        holder=CODES,
        supplier=CODES,
        supplied_on=st.none() | DAYS,
        purpose_fulfilled=KNOWN,
        item=ITEMS,
        **COMMON,
    ),
)


@pytest.mark.slow
@given(QUESTIONS)
def test_a_question_is_read_back_from_the_document_that_keeps_it(question):
    assert question_of(question_document(question)) == question


def test_an_empty_audience_stays_nobody_and_never_becomes_everybody():
    question = Retain("US", "NL", date(2024, 1, 1), None, item=Item(audience=frozenset()))

    assert question_of(question_document(question)).item.audience == frozenset()
    assert question_of(question_document(replace(question, item=Item()))).item.audience is None


ASK = {"kind": "ask", "asker": "US", "asked": "CN", "forms": ["INFO_OFFENCE"],
       "purposes": ["ASSESSMENT"], "on": "2024-10-11"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"only_on_mondays": True}, "only_on_mondays"),
        ({"on": "yesterday"}, "on"),
        ({"on": 20241011}, "on"),
        ({"forms": "INFO_OFFENCE"}, "forms"),
        ({"consent_given": "yes"}, "consent_given"),
        ({"facts": ["a letter"]}, "facts"),
        ({"facts": [{"content": "a letter"}]}, "content"),
        ({"asked": 7}, "asked"),
        ({"kind": "guess"}, "kind"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(change, field):
    with pytest.raises(QuestionUnreadableError) as refused:
        question_of(ASK | change)

    assert refused.value.fields["field"] == field


def test_what_is_missing_is_named():
    with pytest.raises(QuestionUnreadableError) as refused:
        question_of({name: value for name, value in ASK.items() if name != "asked"})

    assert refused.value.fields["field"] == "asked"


def test_an_unknown_code_names_the_nearest():
    with pytest.raises(UnknownCodeError) as refused:
        question_of(ASK | {"purposes": ["CRIMINAL_EVIDENSE"]})

    assert "CRIMINAL_EVIDENCE" in refused.value.fields["nearest"]


def test_what_is_not_known_may_be_null_or_left_out():
    use = {"kind": "use", "holder": "US", "supplier": "PY", "purpose": "ASSESSMENT"}

    left_out = question_of(use | {"on": "2024-10-11"})
    null = question_of(use | {"on": "2024-10-11", "supplied_on": None, "known_on": ""})

    assert left_out == null
    assert left_out.supplied_on is None
    assert kind_of(left_out) == "use"
