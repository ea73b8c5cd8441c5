# SPDX-License-Identifier: Apache-2.0
"""Markings are a join-semilattice: a million draws, and the same laws by a second model of them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from comity.errors import InvalidInputError
from comity.handling.marking import (
    ERASED,
    NOTHING,
    STRICTNESS,
    Marking,
    MarkingUnreadableError,
    Unsettled,
    join_all,
    marking_document,
    open_document,
    read_marking,
)
from comity.reference.taxonomy import Caveat, HandlingCode, InformationClass, Purpose, UseRule

FIRST_DAY = date(2026, 1, 1)
DAYS = 6
READERS = ("XN", "XS", "XE", "XS/CUSTOMS")
WORDS = ("Not for the trial.", "Call first.")
POOL = 1000


def drawn(of: random.Random) -> Marking:
    """Any marking; small domains, so that every part meets every other."""

    def some(codes: object) -> frozenset:
        return frozenset(code for code in codes if of.random() < 0.25)  # type: ignore[attr-defined]

    day = FIRST_DAY + timedelta(days=of.randrange(DAYS))
    return Marking(
        caveats=some(Caveat),
        handling=some(HandlingCode),
        use_rules=frozenset(
            (purpose, of.choice(STRICTNESS)) for purpose in Purpose if of.random() < 0.3
        ),
        audience=None if of.random() < 0.4 else some(READERS),
        classes=some(InformationClass),
        personal_data=of.choice((None, False, True)),
        judicially_obtained=of.choice((None, False, True)),
        return_or_destroy_by=None if of.random() < 0.4 else day,
        restrictions=some(WORDS),
        unsettled=some(Unsettled),
    )


PLACES = {
    member: place
    for place, member in enumerate([*Caveat, *HandlingCode, *InformationClass, *WORDS, *Unsettled])
}
"""A bit for each member of the parts that are sets."""
AFTER_SETS = len(PLACES)
AFTER_READERS = AFTER_SETS + len(READERS)
AFTER_DAYS = AFTER_READERS + DAYS
AFTER_FACTS = AFTER_DAYS + 4
FACT_BITS = {False: 0, None: 1, True: 3}
RULE_BITS = {rule: (1 << (place + 1)) - 1 for place, rule in enumerate(STRICTNESS)}


@cache
def set_bits(part: frozenset[str]) -> int:
    return sum(1 << PLACES[member] for member in part)


@cache
def audience_bits(audience: frozenset[str] | None) -> int:
    """Shut out is whoever is not named."""
    out = () if audience is None else set(READERS) - audience
    return sum(1 << (AFTER_SETS + READERS.index(reader)) for reader in out)


@cache
def day_bits(day: date | None) -> int:
    left = 0 if day is None else DAYS - (day - FIRST_DAY).days
    return ((1 << left) - 1) << AFTER_READERS


@cache
def rule_bits(purpose: Purpose, rule: UseRule) -> int:
    return RULE_BITS[rule] << (AFTER_FACTS + list(Purpose).index(purpose) * len(STRICTNESS))


def bits(marking: Marking) -> int:
    """The marking as a number in which every restriction is a bit: its join can only be `or`."""
    found = (
        set_bits(marking.caveats)
        | set_bits(marking.handling)
        | set_bits(marking.classes)
        | set_bits(marking.restrictions)
        | set_bits(marking.unsettled)
        | audience_bits(marking.audience)
        | day_bits(marking.return_or_destroy_by)
        | FACT_BITS[marking.personal_data] << AFTER_DAYS
        | FACT_BITS[marking.judicially_obtained] << (AFTER_DAYS + 2)
    )
    for purpose, rule in marking.use_rules:
        found |= rule_bits(purpose, rule)
    return found


def test_the_join_of_a_few_thousand_pairs_is_the_union_of_their_restrictions() -> None:
    of = random.Random(1)
    pool = [(one := drawn(of), bits(one)) for _ in range(70)]

    for one, its in pool:
        for other, others in pool:
            assert bits(one.join(other)) == its | others


@pytest.mark.slow
def test_a_million_joins_are_the_unions_of_their_restrictions() -> None:
    of = random.Random(2)
    pool = [(one := drawn(of), bits(one)) for _ in range(POOL)]
    count = 0

    for one, its in pool:
        for other, others in pool:
            if bits(one.join(other)) != its | others:
                raise AssertionError((one, other))
            count += 1

    assert count == 1_000_000


@pytest.mark.slow
def test_the_laws_of_a_semilattice_hold_of_drawn_markings() -> None:
    of = random.Random(3)
    for _ in range(3000):
        a, b, c = drawn(of), drawn(of), drawn(of)
        joined = a.join(b)

        assert joined == b.join(a)
        assert joined.join(c) == a.join(b.join(c))
        assert a.join(a) == a
        assert a.join(replace(a)) == a
        assert NOTHING.join(a) == a == a.join(NOTHING)
        assert joined.covers(a)
        assert joined.covers(b)
        assert a.join(c).join(b).covers(joined)  # adding never takes away
        assert joined.covers(c) == (joined.join(c) == joined)
        assert join_all([a, b, c, b]) == join_all([c, b, a])


def test_what_covers_another_is_an_order() -> None:
    of = random.Random(4)
    for _ in range(500):
        a, b, c = drawn(of), drawn(of), drawn(of)
        above = a.join(b)

        assert not a.covers(above) or a == above
        assert above.join(c).covers(a)


def test_the_strictest_rule_for_a_purpose_stands_and_silence_is_stricter_than_consent() -> None:
    both = Marking(
        use_rules=frozenset(
            {(Purpose.PUBLIC, UseRule.PRIOR_CONSENT), (Purpose.PUBLIC, UseRule.UNSPECIFIED)}
        )
    )

    assert both.rule_for(Purpose.PUBLIC) is UseRule.UNSPECIFIED
    assert both.rule_for(Purpose.STATISTICS) is None
    assert set(STRICTNESS) == set(UseRule)


def test_the_order_of_use_rules_is_that_of_their_verdicts_in_the_law() -> None:
    from comity.agreements.rules.purpose import SEVERITY
    from comity.agreements.verdict import RANKS

    ranks = [RANKS[SEVERITY[rule]] for rule in STRICTNESS]

    assert ranks == sorted(ranks)


def test_an_empty_audience_is_nobody_and_stays_nobody() -> None:
    nobody = Marking(audience=frozenset())

    assert Marking(audience=frozenset({"XN"})).join(Marking(audience=frozenset({"XS"}))) == nobody
    assert nobody.join(Marking()).audience == frozenset()


def test_what_is_unknown_of_a_part_stays_unsettled_beside_what_is_known_of_another() -> None:
    known = Marking(judicially_obtained=True)
    day = Marking(return_or_destroy_by=FIRST_DAY)
    dayless = Marking(caveats=frozenset({Caveat.RETURN_OR_DESTROY_BY}))

    assert known.join(Marking()).judicially_obtained is True
    assert Unsettled.JUDICIAL_ORIGIN in known.join(Marking()).unsettled
    assert day.join(dayless).return_or_destroy_by == FIRST_DAY
    assert Unsettled.DAY_OF_RETURN in day.join(dayless).unsettled


def test_a_marking_comes_back_whole_from_its_document() -> None:
    of = random.Random(5)
    for _ in range(300):
        marking = drawn(of)
        document = json.loads(json.dumps(marking_document(marking)))
        kept = json.loads(json.dumps(open_document(marking)))

        assert read_marking(document) == marking
        assert read_marking(kept, restrictions=marking.restrictions) == marking
        assert not any(word in json.dumps(kept) for word in WORDS)


def test_restrictions_that_were_erased_still_bind() -> None:
    kept = open_document(Marking(restrictions=frozenset({"Call first."})))

    with pytest.raises(MarkingUnreadableError):
        read_marking(kept)
    assert read_marking(kept, restrictions=[ERASED]).restrictions == {ERASED}


WHOLE = marking_document(Marking())
BROKEN = {
    "an operand is dropped": {name: value for name, value in WHOLE.items() if name != "audience"},
    "an operand is added": WHOLE | {"colour": "amber"},
    "an unknown caveat": WHOLE | {"caveats": ["TLP_GREEN"]},
    "a caveat in other letters": WHOLE | {"caveats": ["customs_only"]},
    "an unknown handling code": WHOLE | {"handling": ["H4"]},
    "an unknown rule": WHOLE | {"use_rules": {"PUBLIC": "MAYBE"}},
    "an unknown purpose": WHOLE | {"use_rules": {"FUN": "PERMITTED"}},
    "rules as a list": WHOLE | {"use_rules": []},
    "a list of recipients that is text": WHOLE | {"audience": "XN"},
    "a recipient without a name": WHOLE | {"audience": [""]},
    "a fact that is a number": WHOLE | {"personal_data": 0},
    "a fact that is text": WHOLE | {"judicially_obtained": "false"},
    "a day in another writing": WHOLE | {"return_or_destroy_by": "1.1.2026"},
    "a day that is a number": WHOLE | {"return_or_destroy_by": 20260101},
    "caveats that are null": WHOLE | {"caveats": None},
    "restrictions that lie elsewhere": WHOLE | {"restrictions": None},
    "too many recipients": WHOLE | {"audience": [f"X{n}" for n in range(501)]},
    "no object": [],
}


@pytest.mark.parametrize("said", BROKEN)
def test_a_document_that_does_not_say_everything_in_known_words_is_refused(said: str) -> None:
    with pytest.raises(InvalidInputError):
        read_marking(BROKEN[said])  # type: ignore[arg-type]
