# SPDX-License-Identifier: Apache-2.0
"""What the door out decides: fail-open cases of other systems, and taint through all that is made.

The corpus re-enacts how restriction models elsewhere came to answer yes: an empty group that
reached everybody, a condition removed because nobody could evaluate it, a prohibition skipped
because an attribute was missing, an evaluator that broke. Here each of them is no.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from comity.agreements.determination import determine
from comity.agreements.provision import ProvisionType
from comity.agreements.question import Proceeding, Question, Recipient
from comity.agreements.verdict import RANKS, Verdict
from comity.evidence.item import Channel, Item, ItemKind, ItemState, Rank
from comity.evidence.lawful_channel import decided_by_person, scopes_of, weigh
from comity.evidence.use import Given, Scope
from comity.evidence.way_out import (
    READING,
    Act,
    IntendedRecipient,
    IntendedUse,
    Refusal,
    WayOut,
    Weighed,
)
from comity.handling.marking import NOTHING, Marking, join_all
from comity.reference.taxonomy import (
    Caveat,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
    UseRule,
)
from tests.support.agreements import EASTLAND, NORTHLAND, SOUTHLAND, provision, register
from tests.support.questions import LAWS, agreement, uses

ON, SUPPLIED = date(2026, 3, 2), date(2026, 2, 2)
AT = datetime(2026, 3, 2, tzinfo=UTC)
COURT_USE = Purpose.CRIMINAL_EVIDENCE
REGISTER = register(
    agreement(
        uses("9(2)", UseRule.PERMITTED_NOTIFY, COURT_USE, notice="BEFORE"),
        uses("9(3)", UseRule.PRIOR_CONSENT, Purpose.CIVIL_JUDICIAL),
        uses("9(4)", UseRule.PERMITTED, Purpose.CRIMINAL_INVESTIGATION),
        uses("11", UseRule.PRIOR_CONSENT, Purpose.THIRD_STATE),
        provision("12", ProvisionType.SCOPE, {"judicial_information": "with consent"}),
    )
)
ENQUIRY = IntendedUse(Purpose.ADMIN_ENQUIRY)
TRIAL = IntendedUse(COURT_USE, Proceeding.CRIMINAL)
COURT = IntendedRecipient("COURT-1", Recipient.COURT)
_KEPT: dict[Question, Any] = {}


def law(question: Question) -> Any:
    if question not in _KEPT:
        _KEPT[question] = determine(question, REGISTER, laws=LAWS)
    return _KEPT[question]


def nothing_given(_item: Item, _channel: Channel, _scopes: tuple[Scope, ...]) -> Given:
    return Given()


def channel(supplier: str = SOUTHLAND, marking: Marking = NOTHING, **more: Any) -> Channel:
    named = {"instrument": "xn-xs-2020" if supplier == SOUTHLAND else "", "supplied_on": SUPPLIED}
    return Channel(**({"number": 1, "supplier": supplier, "marking": marking} | named | more))


def item(reference: str, *channels: Channel, made_of: tuple[str, ...] = ()) -> Item:
    return Item(
        reference,
        "00000000-0000-4000-8000-000000000000",
        ItemKind.DOCUMENT,
        Rank.DERIVED if made_of else Rank.ORIGINAL,
        ItemState.HELD,
        "",
        channels,
        "OFF-00001",
        AT,
        derived_from=made_of,
    )


def weighed(
    *channels: Channel,
    way: WayOut = WayOut.PAGE,
    use: IntendedUse = ENQUIRY,
    recipient: IntendedRecipient | None = None,
    given: Any = nothing_given,
    asked: Any = law,
    own: str = NORTHLAND,
) -> Weighed:
    act = Act(way, ON, own, use, recipient)
    return weigh(item("ITM-1", *channels), {}, act, asked, given)


def test_what_the_agreement_permits_is_read() -> None:
    found = weighed(channel())

    assert found.permitted
    assert found.determination is not None
    assert found.determination.governing == "xn-xs-2020"


# The corpus: each line is a marking, a channel or a law that somewhere else meant yes.


def broken(_question: Question) -> Any:
    raise KeyError("an attribute that nobody gave")


ODD_CAVEAT: Any = "TLP_GREEN"
ODD_CODE: Any = "H9"
ODD_RULE: Any = "PERHAPS"
FAIL_OPEN: dict[str, dict[str, Any]] = {
    "MISP#4200: an empty group": {"channels": [channel(marking=Marking(audience=frozenset()))]},
    "MISP: the join of two groups is empty": {
        "channels": [
            channel(
                marking=Marking(audience=frozenset({NORTHLAND})).join(
                    Marking(audience=frozenset({EASTLAND}))
                )
            )
        ]
    },
    "MISP: a group that does not name us": {
        "channels": [channel(marking=Marking(audience=frozenset({EASTLAND})))]
    },
    "EDC: a constraint that nobody can evaluate": {
        "channels": [channel(marking=replace(NOTHING, caveats=frozenset({ODD_CAVEAT})))]
    },
    "EDC: an unknown handling code": {
        "channels": [channel(marking=replace(NOTHING, handling=frozenset({ODD_CODE})))]
    },
    "EDC: an operand that is no rule": {
        "channels": [
            channel(
                marking=replace(NOTHING, use_rules=frozenset({(Purpose.ADMIN_ENQUIRY, ODD_RULE)}))
            )
        ]
    },
    "EDC: a condition in words that no machine reads": {
        "channels": [
            channel(marking=replace(NOTHING, restrictions=frozenset({"Only on Mondays."})))
        ]
    },
    "Cedar: an attribute is missing, the day of return": {
        "channels": [
            channel(marking=replace(NOTHING, caveats=frozenset({Caveat.RETURN_OR_DESTROY_BY})))
        ]
    },
    "Cedar: the day is known of a part only": {
        "channels": [
            channel(
                marking=replace(NOTHING, caveats=frozenset({Caveat.RETURN_OR_DESTROY_BY})).join(
                    replace(NOTHING, return_or_destroy_by=date(2030, 1, 1))
                )
            )
        ]
    },
    "the evaluator breaks": {"channels": [channel()], "asked": broken},
    "the instrument is unknown": {"channels": [channel(instrument="no-such")]},
    "no instrument stands between the two": {"channels": [channel(EASTLAND)]},
    "what was told before cannot be found": {
        "channels": [channel()],
        "given": lambda *_: 1 / 0,
    },
    "it came by no way": {"channels": []},
    "every way was withdrawn": {"channels": [channel(withdrawn_on=ON)]},
    "nobody knows who we are": {"channels": [channel()], "own": ""},
    "the day of return has passed": {
        "channels": [channel(marking=replace(NOTHING, return_or_destroy_by=date(2026, 3, 1)))]
    },
    "OpenCTI: several markings, one of them forbids": {
        "channels": [
            channel(
                marking=join_all(
                    [
                        replace(NOTHING, handling=frozenset({HandlingCode.H0})),
                        replace(NOTHING, handling=frozenset({HandlingCode.H3})),
                    ]
                )
            )
        ]
    },
}


@pytest.mark.parametrize("way", [WayOut.PAGE, WayOut.EXPORT])
@pytest.mark.parametrize("case", FAIL_OPEN)
def test_what_failed_open_elsewhere_is_no_here(case: str, way: WayOut) -> None:
    given = dict(FAIL_OPEN[case])
    channels = given.pop("channels")

    assert not weighed(*channels, way=way, **given).permitted


def test_a_source_that_is_not_recorded_closes_what_was_made_of_it() -> None:
    made = item("ITM-2", channel(""), made_of=("ITM-1",))

    found = weigh(made, {}, Act(WayOut.PAGE, ON, NORTHLAND, ENQUIRY), law, nothing_given)

    assert found.reason is Refusal.SOURCE_MISSING


def test_one_broken_channel_does_not_close_a_lawful_one() -> None:
    found = weighed(channel(instrument="no-such"), channel(number=2))

    assert found.permitted
    assert found.channel is not None
    assert found.channel.number == 2


def test_reading_towards_a_trial_is_the_investigation_and_showing_the_court_is_not() -> None:
    for way in WayOut:
        read = weighed(channel(), way=way, use=IntendedUse(COURT_USE))
        assert read.permitted == (way in READING)
    before = weighed(channel(), way=WayOut.PACKAGE, use=TRIAL, recipient=COURT)
    told = Given(notice=True)
    after = weighed(
        channel(), way=WayOut.PACKAGE, use=TRIAL, recipient=COURT, given=lambda *_: told
    )

    assert before.reason is Refusal.NOTICE_FIRST
    assert after.permitted


def test_a_notice_must_speak_of_exactly_this_act() -> None:
    act = Act(WayOut.PACKAGE, ON, NORTHLAND, TRIAL, COURT)
    civil = replace(act, use=IntendedUse(Purpose.CIVIL_JUDICIAL, Proceeding.CIVIL))

    assert not set(scopes_of(act)) & set(scopes_of(civil)) - {
        scope for scope in scopes_of(act) if scope.recipient is not None
    }
    assert scopes_of(act)[0].proceeding is Proceeding.CRIMINAL


def test_what_is_passed_on_to_a_third_state_is_asked_as_release_and_as_disclosure() -> None:
    to_east = IntendedRecipient(EASTLAND)
    closed = weighed(channel(), way=WayOut.PACKAGE, recipient=to_east)
    kept = replace(NOTHING, caveats=frozenset({Caveat.NO_THIRD_STATE}))

    assert not closed.permitted
    assert len(closed.answers) == 2
    assert weighed(channel(marking=kept), way=WayOut.PACKAGE, recipient=to_east).verdict is not (
        Verdict.PERMITTED
    )


def test_what_goes_back_to_its_supplier_is_not_bound_by_what_that_supplier_laid_on_it() -> None:
    kept = replace(NOTHING, caveats=frozenset({Caveat.NO_THIRD_STATE}), audience=frozenset())
    back = replace(IntendedRecipient(SOUTHLAND), assurances_given=True, assurance_breached=False)
    forms = replace(back, forms=agreement().provisions[0].parameters["forms"])

    use = replace(ENQUIRY, offences=(Offence.TOBACCO,))

    home = weighed(channel(marking=kept), way=WayOut.PACKAGE, use=use, recipient=forms)
    ours = weighed(channel("", marking=kept), way=WayOut.PACKAGE, use=use, recipient=forms)

    assert home.permitted
    assert not ours.permitted


def test_a_person_lifts_what_is_left_to_one_and_never_a_consent_or_a_notice() -> None:
    words = replace(NOTHING, restrictions=frozenset({"Call first."}))
    consent = replace(words, caveats=frozenset({Caveat.ORIGINATOR_CONSENT_FOR_EVIDENCE}))

    lifted = decided_by_person(weighed(channel(marking=words)))
    trial = weighed(channel(marking=consent), way=WayOut.EXPORT, use=TRIAL)
    notice = weighed(channel(marking=words), way=WayOut.EXPORT, use=TRIAL)

    assert lifted.permitted
    assert trial.verdict is Verdict.PERSON_MUST_DECIDE
    assert decided_by_person(trial).verdict is Verdict.PRIOR_CONSENT
    assert decided_by_person(notice).reason is Refusal.NOTICE_FIRST
    prohibited = weighed(channel(marking=Marking(audience=frozenset())))
    assert decided_by_person(prohibited) == prohibited


# Taint: nothing that is made of others leaves where one of them may not, or with less laid on it.

DRAWN_CAVEATS = [*Caveat]
DRAWN_RULES = [
    (purpose, rule) for purpose in (Purpose.ADMIN_ENQUIRY, COURT_USE) for rule in UseRule
]


def drawn_marking(of: random.Random) -> Marking:
    return Marking(
        caveats=frozenset(c for c in DRAWN_CAVEATS if of.random() < 0.06),
        handling=frozenset(h for h in HandlingCode if of.random() < 0.08),
        use_rules=frozenset({of.choice(DRAWN_RULES)} if of.random() < 0.2 else ()),
        audience=of.choice([None, None, None, frozenset({NORTHLAND}), frozenset()]),
        classes=frozenset(of.sample([*InformationClass][:4], of.randrange(2))),
        personal_data=of.choice([None, False, True]),
        judicially_obtained=of.choice([None, False, False, True]),
        return_or_destroy_by=of.choice([None, None, date(2026, 2, 1), date(2027, 1, 1)]),
        restrictions=frozenset({"Call first."} if of.random() < 0.05 else ()),
    )


ACTS = [
    Act(WayOut.PAGE, ON, NORTHLAND, ENQUIRY),
    Act(WayOut.SEARCH, ON, NORTHLAND, IntendedUse(COURT_USE)),
    Act(WayOut.FIGURE, ON, NORTHLAND, ENQUIRY),
    Act(WayOut.CERTIFIED_COPY, ON, NORTHLAND, ENQUIRY),
    Act(WayOut.PACKAGE, ON, NORTHLAND, TRIAL, COURT),
    Act(WayOut.MESSAGE, ON, NORTHLAND, ENQUIRY, IntendedRecipient(SOUTHLAND)),
    Act(WayOut.EXPORT, ON, NORTHLAND, ENQUIRY, IntendedRecipient("", Recipient.DEFENCE)),
]


def test_nothing_made_of_items_is_let_out_more_freely_or_marked_more_weakly_than_they() -> None:
    of = random.Random(7)
    permitted = refused = 0
    for _ in range(120):
        sources = {
            f"ITM-{n}": item(
                f"ITM-{n}",
                *(
                    channel(of.choice([SOUTHLAND, SOUTHLAND, ""]), drawn_marking(of), number=k)
                    for k in range(1, 1 + of.randint(1, 2))
                ),
            )
            for n in range(1, 4)
        }
        first = item("ITM-8", channel(""), made_of=("ITM-1", "ITM-2"))
        made = item("ITM-9", channel("", NOTHING), made_of=("ITM-8", "ITM-3"))
        known = sources | {"ITM-8": first}
        act = of.choice(ACTS)
        whole = weigh(made, known, act, law, nothing_given)
        parts = [weigh(each, {}, act, law, nothing_given) for each in sources.values()]
        if whole.permitted:
            permitted += 1
            assert all(part.permitted for part in parts)
            shown = join_all(whole.markings)
            assert all(shown.covers(m) for part in parts for m in part.markings)
        else:
            refused += 1
            assert not all(part.permitted for part in parts) or whole.reason is not None
    assert permitted > 5
    assert refused > 5


def test_the_join_of_two_markings_is_never_let_out_where_one_of_them_is_not() -> None:
    """What a partner is told of a derived item binds it at least as much as each input would."""
    of = random.Random(8)
    permitted = 0
    for _ in range(250):
        one, other = drawn_marking(of), drawn_marking(of)
        act = {"way": WayOut.PAGE, "use": of.choice([ENQUIRY, IntendedUse(COURT_USE)])}
        joined = weighed(channel(marking=one.join(other)), **act)
        if joined.permitted:
            permitted += 1
            for marking in (one, other):
                assert weighed(channel(marking=marking), **act).permitted
        for marking in (one, other):
            alone = weighed(channel(marking=marking), **act)
            assert alone.permitted or not joined.permitted
            if not joined.permitted and alone.verdict.permits:
                assert RANKS[joined.verdict] >= RANKS[alone.verdict] or joined.reason
    assert permitted > 10
