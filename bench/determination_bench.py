# SPDX-License-Identifier: Apache-2.0
"""Whole answers of the assessment, beside the bare decisions of a general policy engine.

A whole answer has every finding, obligation, what-if and alternative; `cedarpy` says allow or deny
for one agreement translated to its language. Questions are drawn at random over every pair that
the shipped register knows. Times are of the process: a busy neighbour counts less.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

import cedarpy
from tests.support.cedar import policies, request_of
from tests.support.worlds import agreement

from bench.measurement import Figure, Measurement
from comity.agreements.determination import determine, verdict_of
from comity.agreements.domestic_law import load_domestic_laws
from comity.agreements.instrument_files import load_register
from comity.agreements.overlay import Overlay
from comity.agreements.question import Ask, Disclose, Question, Recipient, Release, Retain, Use
from comity.agreements.register import Register
from comity.reference.taxonomy import FormOfAssistance, Offence, Purpose

QUESTIONS = 4_000
CEDAR_REQUESTS = 4_000
FIRST_DAY = date(1990, 1, 1)
DAYS = 365 * 36
OVERLAY = Overlay()


def run() -> Measurement:
    """Whole answers a second on one core, verdicts a second, and the policy engine's decisions."""
    register, laws = load_register(), load_domestic_laws()
    questions = list(drawn(register, QUESTIONS))
    whole = _per_second(questions, lambda q: determine(q, register, OVERLAY, laws))
    again = _per_second(questions, lambda q: determine(q, register, OVERLAY, laws))
    bare = _per_second(questions, lambda q: verdict_of(q, register, OVERLAY, laws))
    peer = _cedar()
    beside = "cedarpy: allow or deny, one agreement, no reasons"
    goal = "≥ 1,000 /s on one core"
    return Measurement(
        "The legal-basis assessment",
        f"{QUESTIONS} questions of the five kinds, over every pair of the shipped register "
        f"({len(register.instruments)} instruments) and 36 years; process time of one core.",
        (
            Figure(
                "whole answers, each day seen for the first time", whole, "/s", beside, peer, goal
            ),
            Figure("whole answers, asked again", again, "/s", beside, peer, goal),
            Figure("verdicts alone, asked again", bare, "/s", beside, peer),
        ),
    )


def drawn(register: Register, wanted: int) -> Sequence[Question]:
    """Questions between random pairs that have an instrument; two in five concern the US."""
    random = Random(20261121)
    parties = sorted(
        {code for i in register.instruments.values() for code in _countries(i, register)}
    )
    pairs = [(a, b) for a in parties for b in parties if a != b and register.between(a, b)]
    ours = [pair for pair in pairs if "US" in pair]
    return [
        _question(random, *random.choice(ours if random.random() < 0.4 else pairs))
        for _ in range(wanted)
    ]


def _countries(instrument: object, register: Register) -> set[str]:
    found: set[str] = set()
    for party in instrument.parties:  # type: ignore[attr-defined]
        found |= register.groups.members_ever(party.code) or {party.code}
    return found


def _question(random: Random, one: str, other: str) -> Question:
    on = FIRST_DAY + timedelta(random.randrange(DAYS))
    form, purpose = random.choice(list(FormOfAssistance)), random.choice(list(Purpose))
    offences, kind = (random.choice(list(Offence)),), random.random()
    if kind < 0.5:
        return Ask(one, other, (form,), (purpose,), on, offences)
    if kind < 0.6:
        return Release(one, other, (form,), (purpose,), on, offences=offences)
    if kind < 0.8:
        return Use(one, other, purpose, on, on)
    if kind < 0.9:
        return Disclose(one, other, random.choice(list(Recipient)), on, on)
    return Retain(one, other, on, on)


def _per_second(questions: Sequence[Question], put: Callable[[Question], object]) -> float:
    begun = time.process_time()
    for question in questions:
        put(question)
    return len(questions) / (time.process_time() - begun)


def _cedar() -> float:
    """Bare decisions a second, the policies parsed before, each request put by itself."""
    random = Random(7)
    parsed = cedarpy.PolicySet.from_str(policies(agreement(random)))
    entities = cedarpy.Entities.from_json_str("[]")
    asked = [
        request_of(
            Ask(
                "XN", "XS", (random.choice(list(FormOfAssistance)),),
                (random.choice(list(Purpose)),), FIRST_DAY + timedelta(random.randrange(DAYS)),
                (random.choice(list(Offence)),),
            )
        )
        for _ in range(CEDAR_REQUESTS)
    ]  # fmt: skip
    begun = time.process_time()
    for request in asked:
        cedarpy.is_authorized(request, parsed, entities)
    return len(asked) / (time.process_time() - begun)
