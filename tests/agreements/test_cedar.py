# SPDX-License-Identifier: Apache-2.0
"""A second evaluator agrees: the allow-or-deny part, translated to Cedar, on 100,000 questions."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import cedarpy
import pytest

from comity.agreements.determination import verdict_of
from comity.agreements.instrument import Party
from comity.agreements.provision import Basis
from comity.agreements.question import Ask, Item, Proceeding, Use
from comity.reference.taxonomy import Offence
from tests.support.agreements import NORTHLAND, SOUTHLAND, register
from tests.support.cedar import policies, request_of
from tests.support.questions import IN_FORCE, LAWS
from tests.support.worlds import agreement, question

AGREEMENTS = 500
QUESTIONS = 200
DAYS = [date(2020, 1, 1) + timedelta(100 * n) for n in range(20)]
CUSTOMS = ((Offence.TOBACCO,), (Offence.NARCOTICS,), (Offence.TOBACCO, Offence.NARCOTICS))


def drawn_questions(random, wanted):
    """Bare requests and plain uses, most of them about customs offences, on a few days."""
    found = []
    while len(found) < wanted:
        drawn = question(random)
        if not isinstance(drawn, Ask | Use):
            continue
        day = random.choice(DAYS)
        offences = random.choice((*CUSTOMS, drawn.offences))
        if isinstance(drawn, Ask):
            plain = replace(drawn, forms=drawn.forms[:1], purposes=drawn.purposes[:1], facts=())
            plain = replace(plain, assurances_given=None, assurance_breached=None, on=day)
        else:
            supplied = random.choice((day, day, day, None))
            plain = replace(
                drawn, item=Item(), proceeding=Proceeding.NONE, on=day, supplied_on=supplied
            )
        found.append(replace(plain, offences=offences))
    return found


def drawn_agreement(number):
    """Half of the agreements are in force, read and binding, so that something is allowed."""
    text = agreement(Random(number))
    if number % 2:
        return text
    return replace(
        text,
        claims=IN_FORCE,
        provisions=tuple(replace(p, basis=Basis.READ) for p in text.provisions),
        parties=(Party(NORTHLAND), Party(SOUTHLAND)),
        existence="verified",
        binding=True,
    )


@pytest.mark.slow
def test_cedar_and_the_engine_agree_on_one_hundred_thousand_questions():
    allowed, random = 0, Random(0)
    pool = drawn_questions(random, 5_000)
    for number in range(AGREEMENTS):
        text = drawn_agreement(number)
        known, questions = register(text), random.sample(pool, QUESTIONS)
        granted = cedarpy.is_authorized_batch(
            [request_of(q) for q in questions], cedarpy.PolicySet.from_str(policies(text)), []
        )
        for asked, result in zip(questions, granted, strict=True):
            assert not result.diagnostics.errors, (number, result.diagnostics.errors)
            permits = verdict_of(asked, known, laws=LAWS).permits
            assert permits == result.allowed, (number, asked)
            allowed += permits

    assert AGREEMENTS * QUESTIONS == 100_000
    assert allowed > 3_000  # the worlds are not all refusals


def test_a_forbid_that_cannot_be_evaluated_is_skipped_which_is_why_cedar_is_no_gate():
    """Cedar drops a policy whose attribute is missing; our engine leaves it to a person."""
    request = {
        "principal": {"type": "Administration", "id": "XN"},
        "action": {"type": "Action", "id": "use"},
        "resource": {"type": "Administration", "id": "XS"},
        "context": {},
    }
    text = (
        "permit (principal, action, resource);"
        'forbid (principal, action, resource) when { context.purpose == "PUBLIC" };'
    )

    assert cedarpy.is_authorized(request, text, []).allowed
