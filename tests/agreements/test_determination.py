# SPDX-License-Identifier: Apache-2.0
"""The assessment as a whole: its laws, proved on worlds drawn at random, and its replay."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.agreements.assessment import Gate
from comity.agreements.claim import Event
from comity.agreements.determination import determine, verdict_of
from comity.agreements.domestic_law import DomesticLaws, load_domestic_laws
from comity.agreements.force import ForceState, force_on
from comity.agreements.instrument import Party
from comity.agreements.instrument_files import load_register
from comity.agreements.overlay import Overlay
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.question import Ask, Disclose, Item, Recipient, Release, Use
from comity.agreements.reasons import REASONS, sentence, sentence_of
from comity.agreements.register import UnknownInstrumentError
from comity.agreements.verdict import RANKS, Verdict, least_restrictive, most_restrictive
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    Offence,
    Purpose,
    UseRule,
)
from tests.agreements.overlays import confirmation, ruling
from tests.support.agreements import claim, force_confirmation, instrument, provision, register
from tests.support.questions import (
    FORM,
    IN_FORCE,
    LAWS,
    PURPOSE,
    agreement,
    answer,
    ask,
    finding,
    use,
)
from tests.support.worlds import stricter, world

numbers = st.integers(0, 10**9)


def judged(drawn):
    return determine(drawn.question, drawn.register, drawn.overlay, drawn.laws)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(numbers)
def test_one_more_restriction_never_widens(number):
    drawn = world(number)
    strict = {r: stricter(Random(number), i) for r, i in drawn.register.instruments.items()}
    tightened = replace(drawn, register=register(*strict.values()))

    before, after = judged(drawn).verdict, judged(tightened).verdict

    assert RANKS[after] >= RANKS[before]


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(numbers, st.sampled_from([*Caveat, *HandlingCode]))
def test_one_more_caveat_never_widens(number, more):
    drawn = world(number)
    question = drawn.question
    if isinstance(question, Ask):
        items = question.facts or (Item(),)
        burdened = replace(question, facts=tuple(with_more(item, more) for item in items))
        question = replace(question, facts=items)
    else:
        burdened = replace(question, item=with_more(question.item, more))

    before = judged(replace(drawn, question=question)).verdict
    after = judged(replace(drawn, question=burdened)).verdict

    assert RANKS[after] >= RANKS[before]


def with_more(item, more):
    if isinstance(more, Caveat):
        return replace(item, caveats=item.caveats | {more})
    return replace(item, handling=more) if item.handling is None else item


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(numbers)
def test_nothing_is_permitted_without_an_article_in_force_for_both(number):
    drawn = world(number)
    determination = judged(drawn)
    if not determination.permitted or isinstance(drawn.question, Disclose):
        return

    text = drawn.register.instrument(determination.governing)
    supplied = getattr(drawn.question, "supplied_on", drawn.question.on)
    force = force_on(
        text,
        supplied,
        parties=("XN", "XS"),
        register=drawn.register,
        overlay=drawn.overlay,
    )
    assert force.state is ForceState.IN_FORCE
    if isinstance(drawn.question, Ask | Release | Use):
        cited = [
            f
            for f in determination.findings
            if f.instrument == text.reference
            and f.article
            and f.basis in (Basis.READ, Basis.CONFIRMED)
        ]
        ruled = any(
            f.reason in ("ruling-settles", "settled-by-ruling") for f in determination.findings
        )
        assert cited or ruled


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(numbers)
def test_the_verdict_is_the_worst_of_the_gates_and_a_gate_the_worst_of_its_limits(number):
    determination = judged(world(number))

    assert determination.verdict is most_restrictive(determination.gates.values())
    for gate in Gate:
        limits = [f.limit for f in determination.findings if f.gate is gate]
        assert determination.gates[gate] is most_restrictive(limits)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(numbers)
def test_the_short_way_gives_the_same_verdict(number):
    drawn = world(number)

    short = verdict_of(drawn.question, drawn.register, drawn.overlay, drawn.laws)

    assert short is judged(drawn).verdict


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(numbers, st.integers(1, 2000))
def test_ending_never_widens_what_may_be_done_with_an_item_held(number, after):
    drawn = world(number)
    question = drawn.question
    if not isinstance(question, Use | Disclose) or question.supplied_on is None:
        return
    ends = claim(Event.TERMINATED, (question.on + timedelta(after)).isoformat())
    later = replace(question, on=question.on + timedelta(after))
    standing = {r: replace(i, claims=tuple(c for c in i.claims if c.event is not Event.TERMINATED))
                for r, i in drawn.register.instruments.items()}  # fmt: skip
    ended = {r: replace(i, claims=(*i.claims, ends)) for r, i in standing.items()}

    def verdict(instruments):
        known = register(*instruments.values())
        return determine(later, known, drawn.overlay, drawn.laws).verdict

    # A credible ending contradicts a confirmation only from its own day on, never at supply.
    assert verdict(ended) is verdict(standing)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(numbers)
def test_what_nobody_knows_is_never_better_than_for_a_person(number):
    drawn = world(number)
    determination = judged(drawn)
    unknown = {
        "force-signed-only",
        "force-no-date",
        "force-day-disputed",
        "version-unknown",
        "existence-unverified",
        "day-of-supply-unknown",
        "personal-data-unknown",
        "judicial-origin-unknown",
        "audience-empty",
        "breach-unknown",
        "assurances-unknown",
        "caveat-unknown",
        "evaluation-error",
        "domestic-law-missing",
    }

    if unknown & {f.reason for f in determination.findings}:
        assert determination.verdict.rank >= Verdict.PERSON_MUST_DECIDE.rank


verdicts = st.sampled_from(Verdict)


@given(st.lists(verdicts), st.lists(verdicts), verdicts)
def test_limits_combine_as_a_lattice(some, others, one):
    both = most_restrictive((most_restrictive(some), most_restrictive(others)))

    assert most_restrictive((one, one)) is one
    assert both is most_restrictive([*others, *some])
    assert both is most_restrictive([*some, *others])
    assert most_restrictive([*some, one]).rank >= most_restrictive(some).rank
    assert least_restrictive([*some, one]).rank <= max(least_restrictive(some).rank, one.rank)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(numbers, st.randoms(use_true_random=False))
def test_the_order_of_articles_and_instruments_does_not_matter(number, random):
    drawn = world(number)
    shuffled = []
    for text in drawn.register.instruments.values():
        articles = list(text.provisions)
        random.shuffle(articles)
        shuffled.append(replace(text, provisions=tuple(articles)))
    random.shuffle(shuffled)

    other = judged(replace(drawn, register=register(*shuffled)))

    assert other.verdict is judged(drawn).verdict


def test_a_past_decision_is_recomputed_bit_for_bit():
    shipped, laws = load_register(), load_domestic_laws()
    recorded = max(i.recorded_on for i in shipped.instruments.values())
    days = [recorded, recorded + timedelta(30)]
    random = Random(4)
    confirmation = force_confirmation(
        instrument="us-cv-2023",
        in_force_from=date(2024, 1, 1),
        recorded_on=recorded + timedelta(20),
        review_by=date(2030, 1, 1),
    )
    before, later = Overlay(), Overlay((confirmation,))
    partners = sorted(p.code for i in shipped.of("US") for p in i.parties if len(p.code) == 2)
    for _ in range(200):
        question = Ask(
            "US",
            random.choice([p for p in partners if p != "US"]),
            (random.choice(list(FormOfAssistance)),),
            (random.choice(list(Purpose)),),
            date(2024, 10, 11),
            (random.choice(list(Offence)),),
            known_on=days[0],
        )
        decided = determine(question, shipped, before, laws)
        replayed = determine(question, shipped, later, laws)
        assert replayed == decided
        assert repr(replayed) == repr(decided)
    known = replace(question, asked="CV", known_on=days[1])
    assert "force-confirmed" in {f.reason for f in determine(known, shipped, later, laws).findings}


def test_a_claim_recorded_later_changes_no_earlier_decision():
    early = claim(Event.SIGNED, "2019-11-01")
    text = agreement(claims=(early,))
    learned = agreement(claims=(early, replace(IN_FORCE[1], recorded_on=date(2024, 3, 1))))
    then = replace(ask(), known_on=date(2024, 2, 1))

    assert answer(then, learned).findings == answer(then, text).findings
    assert answer(replace(then, known_on=date(2024, 3, 1)), learned).verdict is Verdict.PERMITTED


def test_an_unknown_instrument_is_an_error_and_never_no_basis():
    with pytest.raises(UnknownInstrumentError):
        answer(ask(under="xn-xs-1899"), agreement())


def test_the_named_instrument_governs_and_the_others_are_listed():
    other = agreement(reference="xn-xs-2021")

    determination = answer(ask(under="xn-xs-2021"), agreement(), other)

    assert determination.governing == "xn-xs-2021"
    assert [a.instrument for a in determination.alternatives] == ["xn-xs-2020"]


def test_for_a_request_the_best_channel_and_for_an_item_the_strictest():
    looser = agreement()
    stricter_ = replace(agreement(reference="xn-xs-2021"), provisions=agreement().provisions[:1])

    asked, held = answer(ask(), looser, stricter_), answer(use(), looser, stricter_)

    assert (asked.governing, asked.verdict) == ("xn-xs-2020", Verdict.PERMITTED)
    assert (held.governing, held.verdict) == ("xn-xs-2021", Verdict.PERSON_MUST_DECIDE)


def test_an_item_supplied_when_one_of_two_was_in_force_is_judged_by_that_one():
    not_yet = replace(
        agreement(claims=(claim(Event.IN_FORCE, "2024-01-01"),), reference="xn-xs-2021"),
        provisions=(),
    )

    assert answer(use(), agreement(), not_yet).governing == "xn-xs-2020"


@settings(max_examples=300, deadline=None)
@given(numbers)
def test_every_finding_has_its_words(number):
    for found in judged(world(number)).findings:
        assert found.reason in REASONS, found
        words = sentence(found)
        assert words
        assert "{" not in words
        assert "?" not in words.replace("(?)", "") or "" in found.facts.values(), (found, words)


def test_every_reason_that_a_rule_gives_has_its_sentence():
    """The reasons are read from the rules' own source, so that none is forgotten."""
    import ast
    from pathlib import Path

    import comity.agreements as package

    folder = Path(package.__path__[0])
    given_ = set()
    for file in [*folder.glob("rules/*.py"), folder / "force.py"]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "")
            if called in ("Answer", "Force") and len(node.args) > 1:
                for part in ast.walk(node.args[1]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        given_.add(part.value)
    fragments = {"purpose-", "-", "_"}  # of reasons that are put together
    assert {r for r in given_ - fragments if r and r not in REASONS} == set()


def test_a_courtesy_request_has_its_words():
    determination = answer(ask(), known=register())

    notes = [a.note for a in determination.alternatives]
    assert notes == ["courtesy-request-on-assurances"]
    assert "courtesy" in sentence_of(notes[0], {}).lower()
    without = answer(ask(), known=register(), laws=DomesticLaws())
    assert [a.note for a in without.alternatives] == ["courtesy-request"]


def test_compulsion_is_never_a_bare_prohibition_even_without_any_basis():
    question = Disclose("XN", "XS", Recipient.COURT, date(2024, 6, 3), None, compelled=True)

    determination = answer(question, known=register(), laws=LAWS)

    assert determination.verdict is Verdict.PERSON_MUST_DECIDE


SILENT = provision("3", ProvisionType.ASSISTANCE, {"forms": (FORM,), "duty": "shall"})
RULED = ruling("xn-xs-2020", FORM, PURPOSE, **{"from": "2024-01-01", "until": "2024-12-01"})


def test_a_ruling_settles_the_use_of_what_came_under_its_form():
    text = instrument(*IN_FORCE, provisions=(SILENT,))
    overlay = Overlay(rulings=(RULED,))

    settled = answer(use(form=FORM), text, overlay=overlay)
    other = answer(use(form=FormOfAssistance.ORIGINALS), text, overlay=overlay)
    later = answer(use(form=FORM, on=date(2025, 1, 1)), text, overlay=overlay)

    assert settled.permitted
    assert finding(settled, "AGR-27").reason == "settled-by-ruling"
    assert other.verdict is later.verdict is Verdict.PERSON_MUST_DECIDE


def test_a_ruling_settles_no_use_while_the_form_is_not_stated_and_the_answer_says_so():
    text = instrument(*IN_FORCE, provisions=(SILENT,))

    open_ = answer(use(), text, overlay=Overlay(rulings=(RULED,)))

    assert open_.verdict is Verdict.PERSON_MUST_DECIDE
    assert finding(open_, "AGR-41").reason == "ruling-on-a-form-not-stated"
    assert {"form": FORM.value} in [dict(c.facts) for c in open_.would_be_permitted_if]


def test_what_was_supplied_to_complete_a_request_in_time_keeps_the_rules_of_the_instrument():
    completed = provision("20", ProvisionType.DURATION_TERMINATION, {"pending_completed": True})
    text = agreement(completed, claims=(*IN_FORCE, claim(Event.TERMINATED, "2022-01-01")))

    bare = answer(use(), text)
    carried = answer(use(requested_on=date(2021, 12, 1)), text)
    too_late = answer(use(requested_on=date(2022, 2, 1)), text)

    assert bare.verdict is too_late.verdict is Verdict.NO_LEGAL_BASIS
    assert carried.verdict is Verdict.PERMITTED
    assert finding(carried, "AGR-2").reason == "pending-request-carries-on"


def test_an_instrument_named_that_stands_between_others_is_said_to_be_no_basis():
    elsewhere = instrument(*IN_FORCE, reference="xn-xe-2020", parties=(Party("XN"), Party("XE")))

    asked = answer(ask(under="xn-xe-2020"), agreement(), elsewhere)

    assert asked.verdict is Verdict.NO_KNOWN_BASIS
    assert finding(asked, "AGR-43").reason == "not-between-the-two"


def test_what_is_confirmed_of_a_disclosure_takes_the_place_of_the_model_on_disclosure():
    rules = {Purpose.OTHER_AUTHORITY: UseRule.UNSPECIFIED}
    onward = provision(
        "9(3)", ProvisionType.ONWARD_DISCLOSURE, {"rules": rules}, basis=Basis.ASSUMED
    )
    said = confirmation("xn-xs-2020", article="9", use_rules={"OTHER_AUTHORITY": "PERMITTED"})
    question = use(purpose=Purpose.OTHER_AUTHORITY)

    before = answer(question, agreement(onward))
    after = answer(question, agreement(onward), overlay=Overlay(confirmations=(said,)))

    assert before.verdict is Verdict.PERSON_MUST_DECIDE
    assert after.verdict is Verdict.PERMITTED
