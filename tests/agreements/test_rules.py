# SPDX-License-Identifier: Apache-2.0
"""Each rule of the assessment, by its code: what it holds, and what it stops."""

from dataclasses import replace
from datetime import date

import pytest

from comity.agreements import rules
from comity.agreements.claim import Confidence, Event
from comity.agreements.domestic_law import DomesticLaws
from comity.agreements.instrument import Authority, Party, ReadState, Reservation, Version
from comity.agreements.overlay import Attestation, Overlay, StandingRuling
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.provision_parameters import UseException
from comity.agreements.question import Item, Recipient
from comity.agreements.reasons import sentence_of
from comity.agreements.rules import APPLIES, RULES, rule_sentence, rules_reference_markdown
from comity.agreements.verdict import NoticeTiming, Verdict
from comity.reference.groups import Group, Groups, Membership
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InstrumentKind,
    Offence,
    Programme,
    Purpose,
    UseRule,
)
from tests.support.agreements import (
    EASTLAND,
    GAZETTE,
    NORTHLAND,
    SOUTHLAND,
    claim,
    force_confirmation,
    provision,
    register,
)
from tests.support.questions import (
    CONFIDENTIAL,
    FORM,
    IN_FORCE,
    LAW,
    LAWS,
    OFFENCE,
    ON_FORM,
    ON_USE,
    PURPOSE,
    agreement,
    answer,
    ask,
    disclose,
    finding,
    release,
    retain,
    use,
    uses,
)

P = ProvisionType
V = Verdict


def reason(determination, rule):
    return finding(determination, rule).reason


def union(since=None, until=None, title="member"):
    membership = Membership(SOUTHLAND, since, until, title)
    return Groups({"EU": Group("EU", "A union", (membership,))})


def test_a_plain_question_under_a_plain_agreement_is_permitted():
    determination = answer(ask(), agreement())

    assert determination.verdict is V.PERMITTED
    assert determination.governing == "xn-xs-2020"


def test_every_rule_that_applies_to_an_act_answers_it():
    for question in (ask(), release(), use(), disclose(Recipient.PUBLIC), retain()):
        act = type(question).__name__.lower()
        answered = {f.rule for f in answer(question, agreement()).findings}
        expected = {code for code, (_, acts) in APPLIES.items() if act in acts}
        by_subject = {f"AGR-{n}" for n in (13, *range(15, 33))}  # put to each form, purpose …
        assert expected - by_subject <= answered <= expected


def test_AGR_1_both_must_be_parties():
    stranger = answer(ask(asked=EASTLAND, under="xn-xs-2020"), agreement())
    assert stranger.verdict is V.NO_KNOWN_BASIS


def test_AGR_1_a_member_is_bound_through_its_union_while_it_is_a_member():
    through = agreement(parties=(Party(NORTHLAND), Party("EU", members_act=True)))
    member = register(through, groups=union(date(2010, 1, 1)))
    left = register(through, groups=union(date(2010, 1, 1), date(2023, 1, 1)))

    assert reason(answer(ask(), known=member), "AGR-1") == "parties-through-a-union"
    assert reason(answer(ask(), known=left), "AGR-1") == "not-a-member-on-the-day"
    assert answer(ask(), known=left).verdict is V.NO_LEGAL_BASIS


def test_AGR_1_members_of_one_union_are_not_bound_to_each_other_by_what_it_agreed_with_others():
    through = agreement(parties=(Party(EASTLAND), Party("EU", members_act=True)))
    members = tuple(Membership(code, date(2010, 1, 1)) for code in (NORTHLAND, SOUTHLAND))
    groups = Groups({"EU": Group("EU", "A union", members)})

    assert answer(ask(), known=register(through, groups=groups)).verdict is V.NO_KNOWN_BASIS


def test_AGR_2_a_signed_agreement_allows_nothing_until_it_is_in_force():
    signed = agreement()

    before = answer(ask(on=date(2019, 12, 1)), signed)

    assert before.verdict is V.NO_LEGAL_BASIS
    assert reason(before, "AGR-2") == "force-not-yet"


def test_AGR_2_unknown_force_is_for_a_person():
    unknown = agreement(claims=(claim(Event.SIGNED, "2019-11-01"),))

    determination = answer(ask(), unknown)

    assert determination.verdict is V.PERSON_MUST_DECIDE
    assert reason(determination, "AGR-2") == "force-signed-only"


def test_AGR_3_an_instrument_that_is_only_recalled_is_for_a_person_until_confirmed():
    recalled = agreement(existence="unverified", claims=())

    assert reason(answer(ask(), recalled), "AGR-3") == "existence-unverified"
    confirmed = Overlay((force_confirmation(),))
    determination = answer(ask(), recalled, overlay=confirmed)
    assert reason(determination, "AGR-3") == "existence-confirmed"
    assert determination.verdict is V.PERMITTED


def test_AGR_4_a_service_that_the_instrument_does_not_name_is_for_a_person():
    named = agreement(authorities=(Authority("XS/CUSTOMS", "Customs of Southland", SOUTHLAND),))

    assert answer(ask(asked="XS/CUSTOMS"), named).verdict is V.PERMITTED
    other = answer(ask(asked="XS/POLICE"), named)
    assert other.verdict is V.PERSON_MUST_DECIDE
    assert reason(other, "AGR-4") == "authority-not-named"
    assert reason(answer(ask(asker="XN/COAST"), named), "AGR-4") == "authority-not-recorded"


def test_AGR_5_a_union_without_acting_members_is_no_basis_for_them():
    alone = agreement(parties=(Party(NORTHLAND), Party("EU")))
    treated = agreement(parties=(Party(NORTHLAND), Party("EU", members_act=True)))
    groups = union(date(2010, 1, 1))
    leaving = union(date(2010, 1, 1), title="treated-as-member")

    assert answer(ask(), known=register(alone, groups=groups)).verdict is V.NO_KNOWN_BASIS
    determination = answer(ask(), known=register(treated, groups=leaving))
    assert reason(determination, "AGR-5") == "treated-as-member"
    assert determination.verdict is V.PERMITTED


def test_AGR_6_an_unknown_version_is_for_a_person():
    revised = agreement(versions=(Version("2", "Protocol", (claim(Event.SIGNED, "2021"),)),))
    in_force = agreement(
        versions=(Version("2", "Protocol", (claim(Event.IN_FORCE, "2021-05-01"),)),)
    )

    assert reason(answer(ask(), revised), "AGR-6") == "version-unknown"
    assert answer(ask(), revised).verdict is V.PERSON_MUST_DECIDE
    assert finding(answer(ask(), in_force), "AGR-6").version == "2"


def test_AGR_6_the_version_of_the_day_of_supply_governs_a_use():
    stricter = replace(uses("9", UseRule.PROHIBITED), since_version="2")
    looser = replace(ON_USE, until_version="2")
    protocol = Version("2", "Protocol", (claim(Event.IN_FORCE, "2023-05-01"),))
    revised = agreement(versions=(protocol,))
    revised = replace(revised, provisions=(ON_FORM, looser, stricter, CONFIDENTIAL))

    assert answer(use(), revised).verdict is V.PERMITTED
    assert answer(use(supplied_on=date(2023, 6, 1)), revised).verdict is V.PROHIBITED


def test_AGR_7_without_effect_in_our_own_law_a_person_decides():
    later = agreement(
        claims=(*IN_FORCE, claim(Event.DOMESTIC_EFFECT, "2024-09-01", party=NORTHLAND))
    )
    theirs = agreement(
        claims=(*IN_FORCE, claim(Event.DOMESTIC_EFFECT, "2024-09-01", party=SOUTHLAND))
    )

    assert reason(answer(ask(), later), "AGR-7") == "domestic-effect-not-yet-ours"
    assert answer(ask(), later).verdict is V.PERSON_MUST_DECIDE
    assert answer(ask(), theirs).verdict is V.PERMITTED


def test_AGR_8_an_excluded_territory_is_not_covered_and_an_extension_has_its_day():
    without = agreement(
        parties=(Party(NORTHLAND), Party("XE", excluded_territories=frozenset({SOUTHLAND})))
    )
    extended = agreement(
        parties=(Party(NORTHLAND), Party("XE", territories=frozenset({SOUTHLAND}))),
        claims=(*IN_FORCE, claim(Event.IN_FORCE, "2024-09-01", party="XE", territory=SOUTHLAND)),
    )

    assert answer(ask(under="xn-xs-2020"), without).verdict is V.NO_KNOWN_BASIS
    assert reason(answer(ask(), extended), "AGR-8") == "territory-not-yet-extended"
    later = answer(ask(on=date(2024, 10, 1)), extended)
    assert later.verdict is V.PERMITTED


def test_AGR_9_what_does_not_bind_is_said_and_gives_no_ground_of_domestic_law():
    memorandum = agreement(binding=False)

    determination = answer(ask(), memorandum)

    assert reason(determination, "AGR-9") == "not-binding"
    assert reason(determination, "AGR-53") == "ground-not-settled"


def test_AGR_10_an_unknown_day_of_supply_is_for_a_person():
    assert reason(answer(use(supplied_on=None), agreement()), "AGR-10") == "day-of-supply-unknown"
    assert answer(use(supplied_on=None), agreement()).verdict is V.PERSON_MUST_DECIDE


@pytest.mark.parametrize("purpose", list(Purpose))
def test_AGR_11_ending_never_widens_a_use_nor_narrows_it(purpose):
    text = (
        uses("9a", UseRule.PRIOR_CONSENT, Purpose.CRIMINAL_EVIDENCE),
        uses("9b", UseRule.PROHIBITED, Purpose.OTHER_LAW),
    )
    standing = agreement(*text)
    ended = agreement(*text, claims=(*IN_FORCE, claim(Event.TERMINATED, "2023-01-01")))

    before = answer(use(purpose=purpose), standing)
    after = answer(use(purpose=purpose), ended)

    assert after.verdict is before.verdict
    assert reason(after, "AGR-11") == "ended-since-and-unchanged"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [(True, V.PERMITTED), (False, V.NO_LEGAL_BASIS), ("may", V.NO_LEGAL_BASIS)],
)
def test_AGR_12_a_pending_request_is_completed_where_the_text_says_so(said, verdict):
    clause = provision("20", P.DURATION_TERMINATION, {"pending_completed": said})
    ended = agreement(clause, claims=(*IN_FORCE, claim(Event.TERMINATED, "2024-01-01")))

    determination = answer(ask(requested_on=date(2023, 11, 1)), ended)

    assert determination.verdict is verdict
    assert answer(ask(requested_on=date(2024, 2, 1)), ended).verdict is V.NO_LEGAL_BASIS


@pytest.mark.parametrize(
    ("offence", "verdict"),
    [
        (Offence.TOBACCO, V.PERMITTED),
        (Offence.HUMAN_TRAFFICKING, V.OTHER_CHANNEL_ONLY),
        (Offence.MIGRANT_SMUGGLING, V.OTHER_CHANNEL_ONLY),
        (Offence.TERRORISM, V.OTHER_CHANNEL_ONLY),
        (Offence.MONEY_LAUNDERING, V.PERSON_MUST_DECIDE),
    ],
)
def test_AGR_13_offences_outside_customs_go_through_other_channels(offence, verdict):
    assert answer(ask(offences=(offence,)), agreement()).verdict is verdict


def test_AGR_13_the_text_may_name_its_offences():
    named = agreement(provision("2", P.SCOPE, {"offences": (Offence.TERRORISM,)}))
    excluding = agreement(provision("2", P.SCOPE, {"excluded_offences": (OFFENCE,)}))

    assert answer(ask(offences=(Offence.TERRORISM,)), named).verdict is V.PERMITTED
    assert reason(answer(ask(), named), "AGR-13") == "offence-not-named"
    assert reason(answer(ask(), excluding), "AGR-13") == "offence-excluded"


def test_AGR_14_help_against_an_offence_names_the_offence():
    assert reason(answer(ask(offences=()), agreement()), "AGR-14") == "offence-not-stated"
    assert answer(ask(offences=()), agreement()).verdict is V.PERSON_MUST_DECIDE


def test_AGR_15_where_the_text_is_silent_a_person_decides():
    whole, part = agreement(), agreement(read=ReadState.PART)
    other = ask(forms=(FormOfAssistance.NOTIFICATION,))

    assert reason(answer(other, whole), "AGR-15") == "form-silent"
    assert reason(answer(other, part), "AGR-15") == "form-not-read"
    assert answer(other, whole).verdict is V.PERSON_MUST_DECIDE


def test_AGR_15_what_is_given_unasked_only_cannot_be_asked_for():
    unasked = provision("3", P.ASSISTANCE, {"forms": (FORM,), "trigger": ("spontaneous",)})
    text = replace(agreement(), provisions=(unasked, ON_USE, CONFIDENTIAL))

    assert reason(answer(ask(), text), "AGR-15") == "form-not-on-request"
    assert answer(release(), text).verdict is V.PERMITTED


def test_AGR_16_an_excluded_form_has_another_channel_or_none():
    excluding = agreement(
        provision(
            "2",
            P.SCOPE,
            {"excluded_forms": (FormOfAssistance.RECOVERY, FormOfAssistance.INTERVIEW)},
        )
    )

    recovery = answer(ask(forms=(FormOfAssistance.RECOVERY,)), excluding)
    interview = answer(ask(forms=(FormOfAssistance.INTERVIEW,)), excluding)

    assert recovery.verdict is V.OTHER_CHANNEL_ONLY
    assert interview.verdict is V.PROHIBITED
    assert finding(interview, "AGR-16").article == "2"


def test_AGR_17_an_annex_binds_those_who_accepted_it():
    def bound(ours, theirs):
        parties = (Party(NORTHLAND, annexes=ours), Party(SOUTHLAND, annexes=theirs))
        text = replace(
            agreement(parties=parties, annexes=(("II", "assessment"),)),
            provisions=(replace(ON_FORM, annex="II"), ON_USE, CONFIDENTIAL),
        )
        return answer(ask(), text).verdict

    assert bound(frozenset({"II"}), frozenset({"I", "II"})) is V.PERMITTED
    assert bound(frozenset({"I"}), frozenset({"II"})) is V.NO_LEGAL_BASIS
    assert bound(None, frozenset({"II"})) is V.PERSON_MUST_DECIDE
    assert bound(None, frozenset({"I"})) is V.NO_LEGAL_BASIS


@pytest.mark.parametrize(
    ("heading", "reserved", "bound"),
    [
        ("20", "20", False),
        ("20(1)", "20", False),
        ("19,20", "20", False),
        ("20(2)", "20(1)", True),
        ("2", "20", True),
        ("20(1),(2)", "20", False),
    ],
)
def test_AGR_18_a_reservation_takes_an_article_away(heading, reserved, bound):
    reservation = Reservation(frozenset({reserved}), GAZETTE)
    text = replace(
        agreement(parties=(Party(NORTHLAND), Party(SOUTHLAND, reservations=(reservation,)))),
        provisions=(replace(ON_FORM, article=heading), ON_USE, CONFIDENTIAL),
    )

    verdict = answer(ask(), text).verdict

    assert verdict is (V.PERMITTED if bound else V.NO_LEGAL_BASIS)


def test_AGR_19_a_form_kept_for_certain_offences_is_had_for_those_only():
    limited = replace(ON_FORM, parameters={"forms": (FORM,), "limited_to": (OFFENCE,)})
    text = replace(agreement(), provisions=(limited, ON_USE, CONFIDENTIAL))

    assert answer(ask(), text).verdict is V.PERMITTED
    assert answer(ask(offences=(Offence.IPR,)), text).verdict is V.PROHIBITED
    assert reason(answer(ask(offences=()), text), "AGR-19") == "form-limited-and-no-offence"


def test_AGR_20_a_fixed_term_runs_out():
    term = (date(2024, 1, 1), date(2024, 6, 3))
    limited = replace(ON_FORM, parameters={"forms": (FORM,), "fixed_term": term})
    text = replace(agreement(), provisions=(limited, ON_USE, CONFIDENTIAL))

    assert answer(ask(), text).verdict is V.PERMITTED
    assert answer(ask(on=date(2024, 6, 4)), text).verdict is V.NO_LEGAL_BASIS


def test_AGR_21_a_one_sided_article_serves_one_side():
    ours = replace(ON_FORM, parameters={"forms": (FORM,), "supplier": SOUTHLAND})
    theirs = replace(ON_FORM, parameters={"forms": (FORM,), "supplier": NORTHLAND})

    assert answer(ask(), replace(agreement(), provisions=(ours, ON_USE, CONFIDENTIAL))).permitted
    other = answer(ask(), replace(agreement(), provisions=(theirs, ON_USE, CONFIDENTIAL)))
    assert reason(other, "AGR-21") == "other-direction-only"
    assert other.verdict is V.PROHIBITED


def test_AGR_22_a_suspensive_condition_waits_for_a_person():
    words = "law enacted on both sides"
    text = provision(
        "8", P.SPECIAL, {"forms": (FormOfAssistance.RECOVERY,), "suspensive_condition": words}
    )

    determination = answer(ask(forms=(FormOfAssistance.RECOVERY,)), agreement(text))

    assert determination.verdict is V.PERSON_MUST_DECIDE
    assert finding(determination, "AGR-22").facts["condition"] == words


def test_AGR_23_a_controlled_delivery_is_always_agreed_case_by_case():
    text = provision("8", P.SPECIAL, {"forms": (FormOfAssistance.CONTROLLED_DELIVERY,)})

    determination = answer(ask(forms=(FormOfAssistance.CONTROLLED_DELIVERY,)), agreement(text))

    assert determination.verdict is V.PERMITTED_UNDER_CONDITIONS
    assert "agree-case-by-case" in {o.code for o in determination.obligations}


def test_AGR_24_a_threshold_is_a_condition():
    stated = replace(ON_FORM, parameters={"forms": (FORM,), "threshold": "reasonable suspicion"})
    text = replace(agreement(), provisions=(stated, ON_USE, CONFIDENTIAL))

    determination = answer(ask(), text)

    assert determination.verdict is V.PERMITTED_UNDER_CONDITIONS
    assert [f.rule for f in determination.conditions] == ["AGR-24"]


def test_AGR_24_the_article_that_leaves_most_open_is_relied_upon():
    stated = provision("7", P.ASSISTANCE, {"forms": (FORM,), "threshold": "reasonable suspicion"})

    assert answer(ask(), agreement(stated)).verdict is V.PERMITTED


def test_AGR_25_an_assumed_article_is_for_a_person_until_confirmed_or_ruled():
    text = replace(
        agreement(), provisions=(replace(ON_FORM, basis=Basis.ASSUMED), ON_USE, CONFIDENTIAL)
    )

    assert reason(answer(ask(), text), "AGR-25") == "form-assumed"
    assert answer(ask(), text).verdict is V.PERSON_MUST_DECIDE
    confirmed = force_confirmation(
        subject="provision", in_force_from=None, article="3", forms=(FORM,)
    )
    assert answer(ask(), text, overlay=Overlay((confirmed,))).verdict is V.PERMITTED


def test_AGR_26_criminal_matters_go_where_the_text_sends_them():
    channel = provision(
        "2(4)",
        P.PRECEDENCE,
        {"criminal_channel": UseRule.OTHER_CHANNEL_ONLY, "named_channels": ("the treaty of 1981",)},
    )
    evidence = uses("9(2)", UseRule.PERMITTED, Purpose.CRIMINAL_EVIDENCE)
    text = agreement(channel, evidence)

    asked = answer(ask(purposes=(Purpose.CRIMINAL_EVIDENCE,)), text)

    assert asked.verdict is V.OTHER_CHANNEL_ONLY
    assert finding(asked, "AGR-26").facts["channels"] == "the treaty of 1981"
    # What was supplied for an enquiry may still be used as the article on use says.
    assert answer(use(purpose=Purpose.CRIMINAL_EVIDENCE), text).verdict is V.PERMITTED


def test_AGR_27_the_most_restrictive_article_on_a_purpose_wins():
    text = agreement(uses("9(2)", UseRule.PROHIBITED))

    determination = answer(use(), text)

    assert determination.verdict is V.PROHIBITED
    assert finding(determination, "AGR-27").article == "9(2)"


def test_AGR_27_silence_is_for_a_person():
    determination = answer(use(purpose=Purpose.PUBLIC), agreement())

    assert determination.verdict is V.PERSON_MUST_DECIDE
    assert reason(determination, "AGR-27") == "purpose-silent"


def test_AGR_27_an_exception_holds_for_its_offences_only():
    narcotics = UseException(UseRule.PERMITTED, (Offence.NARCOTICS,))
    text = agreement(uses("9(2)", UseRule.PROHIBITED, Purpose.OTHER_LAW, exception=narcotics))

    def verdict(*offences):
        return answer(use(purpose=Purpose.OTHER_LAW, offences=offences), text).verdict

    assert verdict(Offence.NARCOTICS) is V.PERMITTED
    assert verdict(Offence.NARCOTICS, OFFENCE) is V.PROHIBITED
    assert verdict() is V.PROHIBITED


def test_AGR_28_an_assumed_rule_settles_nothing_either_way():
    for rule in UseRule:
        text = replace(
            agreement(), provisions=(ON_FORM, uses("9", rule, basis=Basis.ASSUMED), CONFIDENTIAL)
        )
        assert answer(use(), text).verdict is V.PERSON_MUST_DECIDE


@pytest.mark.parametrize(
    ("timing", "blocked"),
    [("BEFORE", True), ("ON_USE", False), ("WITHIN_N", False), ("UNSPECIFIED", False)],
)
def test_AGR_29_only_a_notice_before_the_act_blocks_it(timing, blocked):
    text = agreement(
        uses(
            "9(2)",
            UseRule.PERMITTED_NOTIFY,
            Purpose.CRIMINAL_EVIDENCE,
            notice=timing,
            notice_days=10,
        )
    )
    question = use(purpose=Purpose.CRIMINAL_EVIDENCE)

    determination = answer(question, text)

    assert determination.verdict is V.PERMITTED_WITH_NOTICE
    assert determination.notice == timing
    assert determination.notice_days == 10
    assert determination.blocked is blocked
    told = answer(replace(question, notice_given=True), text)
    assert told.verdict is V.PERMITTED
    assert not told.blocked


def test_AGR_30_consent_is_given_by_whom_the_text_names_and_its_conditions_bind():
    text = agreement(
        uses("9(2)", UseRule.PRIOR_CONSENT, Purpose.CRIMINAL_EVIDENCE, consenter="the prosecutor")
    )
    question = use(purpose=Purpose.CRIMINAL_EVIDENCE)

    without = answer(question, text)

    assert without.verdict is V.PRIOR_CONSENT
    assert finding(without, "AGR-30").facts["consenter"] == "the prosecutor"
    given = answer(replace(question, consent_given=True), text)
    assert given.verdict is V.PERMITTED_UNDER_CONDITIONS


def test_AGR_30_whoever_releases_for_a_purpose_consents_to_it():
    text = agreement(uses("9(2)", UseRule.PRIOR_CONSENT, Purpose.CRIMINAL_EVIDENCE))

    determination = answer(release(purposes=(Purpose.CRIMINAL_EVIDENCE,)), text)

    assert reason(determination, "AGR-30") == "release-is-the-consent"
    assert determination.verdict is V.PERMITTED_UNDER_CONDITIONS


def test_AGR_31_a_restriction_at_supply_is_a_condition():
    text = agreement(uses("9(2)", UseRule.CONDITION_AT_SUPPLY, Purpose.CRIMINAL_EVIDENCE))

    determination = answer(use(purpose=Purpose.CRIMINAL_EVIDENCE), text)

    assert determination.verdict is V.PERMITTED_UNDER_CONDITIONS
    assert reason(determination, "AGR-31") == "condition-at-supply"


def test_AGR_32_a_condition_of_the_article_is_kept():
    text = agreement(
        uses("9(2)", UseRule.PERMITTED, Purpose.CIVIL_JUDICIAL, condition="in customs courts")
    )

    determination = answer(use(purpose=Purpose.CIVIL_JUDICIAL), text)

    assert determination.verdict is V.PERMITTED_UNDER_CONDITIONS
    assert finding(determination, "AGR-32").facts["condition"] == "in customs courts"


@pytest.mark.parametrize(
    ("judicial", "consent", "verdict"),
    [
        (True, False, V.PRIOR_CONSENT),
        (True, True, V.PERMITTED_UNDER_CONDITIONS),
        (None, False, V.PERSON_MUST_DECIDE),
        (False, False, V.PERMITTED),
    ],
)
def test_AGR_33_information_of_a_judge_is_released_with_the_judge(judicial, consent, verdict):
    clause = provision("2", P.SCOPE, {"judicial_information": "only-if-judicial-authority-agrees"})
    item = Item(personal_data=False, judicially_obtained=judicial)

    determination = answer(release(item=item, consent_given=consent), agreement(clause))

    assert determination.verdict is verdict


@pytest.mark.parametrize(
    ("personal", "verdict"),
    [(True, V.PERSON_MUST_DECIDE), (None, V.PERSON_MUST_DECIDE), (False, V.PERMITTED)],
)
def test_AGR_34_personal_data_wait_for_the_gate(personal, verdict):
    clause = provision("15", P.PERSONAL_DATA, {"gate": "agreed equivalence"})
    item = Item(personal_data=personal, judicially_obtained=False)

    assert answer(release(item=item), agreement(clause)).verdict is verdict


def test_AGR_35_the_facts_of_a_request_pass_as_a_release():
    bare = answer(ask(), agreement())
    secret = Item(caveats=frozenset({Caveat.NO_THIRD_STATE}), personal_data=False)
    telling = answer(
        ask(facts=(secret,), assurances_given=True, assurance_breached=False), agreement()
    )

    assert reason(bare, "AGR-35") == "only-own-words"
    assert reason(telling, "AGR-35") == "facts-judged-as-a-release"
    assert telling.verdict is V.PROHIBITED


def test_AGR_36_an_article_on_named_recipients_allows_no_others():
    onward = provision(
        "11",
        P.ONWARD_DISCLOSURE,
        {"rules": {Purpose.THIRD_STATE: UseRule.PERMITTED}, "recipients": ("EU", EASTLAND)},
    )
    law = replace(LAW, testimony_recipients=frozenset(Recipient))  # our own law is no obstacle
    laws = DomesticLaws({NORTHLAND: law})

    def to(code):
        question = disclose(Recipient.THIRD_STATE, recipient_code=code)
        return answer(question, agreement(onward), laws=laws)

    assert to(EASTLAND).permitted
    assert reason(to("XO"), "AGR-36") == "recipient-not-named"
    assert reason(to(""), "AGR-36") == "recipient-not-stated"
    assert to("XO").verdict is to("").verdict is V.PERSON_MUST_DECIDE


@pytest.mark.parametrize("recipient", [Recipient.COURT, Recipient.DEFENCE])
@pytest.mark.parametrize("rule", list(UseRule))
def test_AGR_37_compulsion_is_never_a_bare_prohibition(recipient, rule):
    text = agreement(uses("9(2)", rule, Purpose.CRIMINAL_EVIDENCE))
    item = Item(caveats=frozenset({Caveat.NO_THIRD_STATE, Caveat.SECRECY_OF_EXISTENCE}))

    determination = answer(disclose(recipient, compelled=True, item=item), text)

    assert determination.verdict.rank <= V.PERSON_MUST_DECIDE.rank
    assert reason(determination, "AGR-37") == "compelled-and-silent"
    assert finding(determination, "AGR-37").article == "10"


def test_AGR_37_what_the_text_foresees_is_told_beforehand_and_counsel_consulted():
    clause = provision(
        "13", P.COMPELLED_DISCLOSURE, {"notice": "BEFORE", "basis_of_obligation": "law"}
    )

    determination = answer(disclose(Recipient.COURT, compelled=True), agreement(clause))

    assert determination.permitted
    assert determination.blocked
    assert {"notify-compelled-disclosure", "consult-counsel"} <= {
        o.code for o in determination.obligations
    }


def test_AGR_37_a_court_is_not_the_constitution():
    clause = provision(
        "13", P.COMPELLED_DISCLOSURE, {"notice": "BEFORE", "basis_of_obligation": "constitution"}
    )

    court = answer(disclose(Recipient.COURT, compelled=True), agreement(clause))
    defence = answer(disclose(Recipient.DEFENCE), agreement(clause))

    assert reason(court, "AGR-37") == "compelled-by-constitution-only"
    assert reason(defence, "AGR-37") == "compelled-notify"


def test_AGR_38_a_term_of_retention_runs_out():
    clause = provision("15", P.PERSONAL_DATA, {"retention_days": 365})
    personal = Item(personal_data=True)

    kept = retain(on=date(2023, 6, 3), item=personal)
    assert answer(kept, agreement(clause)).verdict is V.PERMITTED
    assert answer(retain(item=personal), agreement(clause)).verdict is V.PROHIBITED
    assert answer(retain(), agreement(clause)).verdict is V.PERSON_MUST_DECIDE
    assert answer(retain(item=Item(personal_data=False)), agreement(clause)).permitted


@pytest.mark.parametrize(
    ("fulfilled", "verdict"),
    [(True, V.PROHIBITED), (None, V.PERSON_MUST_DECIDE), (False, V.PERMITTED)],
)
def test_AGR_39_what_is_no_longer_needed_is_destroyed(fulfilled, verdict):
    clause = provision("15", P.PERSONAL_DATA, {"destroy_when_not_needed": True})
    question = retain(item=Item(personal_data=True), purpose_fulfilled=fulfilled)

    assert answer(question, agreement(clause)).verdict is verdict


def test_AGR_40_the_end_of_the_instrument_may_ask_for_destruction():
    clause = provision("15", P.PERSONAL_DATA, {"destroy_on_termination": True})
    personal = retain(item=Item(personal_data=True))
    ended = agreement(clause, claims=(*IN_FORCE, claim(Event.TERMINATED, "2023-01-01")))

    assert answer(personal, agreement(clause)).verdict is V.PERMITTED
    assert answer(personal, ended).verdict is V.PROHIBITED


def ruling(verdict=V.PERMITTED, **more):
    return StandingRuling(
        **{
            "reference": "RUL-1",
            "instrument": "xn-xs-2020",
            "form": FORM,
            "purpose": PURPOSE,
            "verdict": verdict,
            "conditions": (),
            "grounds": "settled practice",
            "by": "OFF-1",
            "countersigned_by": "OFF-2",
            "recorded_on": date(2024, 1, 2),
            "valid_from": date(2024, 1, 1),
            "valid_until": date(2025, 1, 1),
        }
        | more
    )


def test_AGR_41_a_standing_ruling_settles_silence_but_makes_no_law():
    silent = replace(agreement(), provisions=(CONFIDENTIAL,))
    settled = Overlay(rulings=(ruling(),))
    excluding = replace(
        agreement(provision("2", P.SCOPE, {"excluded_forms": (FORM,)})),
        provisions=(provision("2", P.SCOPE, {"excluded_forms": (FORM,)}), ON_USE, CONFIDENTIAL),
    )

    assert answer(ask(), silent).verdict is V.PERSON_MUST_DECIDE
    assert answer(ask(), silent, overlay=settled).verdict is V.PERMITTED
    assert answer(ask(), excluding, overlay=settled).verdict is V.PROHIBITED
    both = ask(purposes=(PURPOSE, Purpose.OTHER_LAW))
    assert answer(both, silent, overlay=settled).verdict is V.PERSON_MUST_DECIDE
    later = ask(on=date(2025, 1, 1))
    assert answer(later, silent, overlay=settled).verdict is V.PERSON_MUST_DECIDE


def test_AGR_41_a_narrower_ruling_narrows():
    narrowed = Overlay(rulings=(ruling(V.PROHIBITED),))

    assert answer(ask(), agreement(), overlay=narrowed).verdict is V.PROHIBITED


def test_AGR_42_an_instrument_that_overrides_prevails():
    bloc = agreement(
        provision("16", P.PRECEDENCE, {"overrides_inconsistent_bilaterals": True}),
        uses("11", UseRule.PRIOR_CONSENT),
        reference="bloc-2021",
        kind=InstrumentKind.PROTOCOL_OR_ANNEX,
    )

    chosen = answer(ask(), agreement(), bloc)
    named = answer(ask(under="xn-xs-2020"), agreement(), bloc)

    assert chosen.governing == "bloc-2021"
    assert chosen.verdict is V.PRIOR_CONSENT
    assert reason(named, "AGR-42") == "set-aside-by-override"
    assert named.verdict is V.PERSON_MUST_DECIDE


def test_AGR_43_absence_proves_something_only_on_a_list_attested_complete():
    attested = Attestation(
        "ATT-1", frozenset({NORTHLAND, SOUTHLAND}), date(2024, 1, 1), date(2025, 1, 1), "OFF-1",
        date(2024, 1, 2), "Treaty section's list",
    )  # fmt: skip

    assert answer(ask(), known=register()).verdict is V.NO_KNOWN_BASIS
    complete = answer(ask(), known=register(), overlay=Overlay(attestations=(attested,)))
    assert complete.verdict is V.NO_LEGAL_BASIS
    assert [a.note for a in complete.alternatives] == ["courtesy-request-on-assurances"]


def test_AGR_50_domestic_law_is_asked_only_where_something_leaves():
    assert reason(answer(use(), agreement(), laws=DomesticLaws()), "AGR-50") == "nothing-leaves"
    assert answer(use(), agreement(), laws=DomesticLaws()).verdict is V.PERMITTED
    assert answer(retain(), agreement(), laws=DomesticLaws()).verdict is V.PERMITTED
    assert reason(answer(release(), agreement()), "AGR-50") == "information-leaves"


def test_AGR_51_without_a_file_that_is_trusted_a_person_decides():
    broken = DomesticLaws(refused={NORTHLAND: "domestic-law-signature-broken"})

    assert answer(ask(), agreement(), laws=DomesticLaws()).verdict is V.PERSON_MUST_DECIDE
    determination = answer(ask(), agreement(), laws=broken)
    assert determination.verdict is V.PERSON_MUST_DECIDE
    assert reason(determination, "AGR-51") == "domestic-law-signature-broken"


def test_AGR_52_of_an_act_that_the_file_does_not_name_it_decides_nothing():
    onward = provision("11", P.ONWARD_DISCLOSURE, {"rules": {Purpose.PUBLIC: UseRule.PERMITTED}})

    determination = answer(disclose(Recipient.PUBLIC), agreement(onward))

    assert determination.verdict is V.PERSON_MUST_DECIDE
    assert reason(determination, "AGR-52") == "domestic-law-silent-on-act"


def test_AGR_53_an_agreement_in_force_is_a_ground_and_assurances_need_another():
    assert reason(answer(release(), agreement()), "AGR-53") == "ground-agreement"
    without = answer(release(), known=register())
    assert reason(without, "AGR-53") == "ground-to-be-found"
    assert reason(answer(release(assurances_given=None), known=register()), "AGR-53") == (
        "ground-not-settled"
    )


@pytest.mark.parametrize(
    ("given", "verdict"),
    [(True, V.PERMITTED), (False, V.PROHIBITED), (None, V.PERMITTED)],
)
def test_AGR_54_assurances_are_given_or_stand_in_the_agreement(given, verdict):
    assert answer(release(assurances_given=given), agreement()).verdict is verdict


def test_AGR_54_an_assumed_article_assures_nothing():
    text = replace(
        agreement(), provisions=(ON_FORM, ON_USE, replace(CONFIDENTIAL, basis=Basis.ASSUMED))
    )

    determination = answer(release(assurances_given=None), text)

    assert reason(determination, "AGR-54") == "assurances-unknown"
    assert determination.verdict is V.PERSON_MUST_DECIDE


@pytest.mark.parametrize(
    ("broken", "verdict"),
    [(True, V.PROHIBITED), (None, V.PERSON_MUST_DECIDE), (False, V.PERMITTED)],
)
def test_AGR_55_nothing_goes_to_an_agency_that_broke_an_assurance(broken, verdict):
    assert answer(release(assurance_breached=broken), agreement()).verdict is verdict


def test_AGR_56_testimony_is_authorised_first():
    witness = provision("10", P.EXPERTS_WITNESSES, {"duty": "may"})

    determination = answer(release(forms=(FormOfAssistance.EXPERTS_WITNESSES,)), agreement(witness))

    assert determination.verdict is V.PERMITTED_UNDER_CONDITIONS
    assert finding(determination, "AGR-56").facts["decider"] == "the solicitor"


def test_AGR_57_the_partners_law_is_not_assessed_and_limits_nothing():
    found = finding(answer(ask(), agreement()), "AGR-57")

    assert found.reason == "partner-law-not-assessed"
    assert found.limit is V.PERMITTED


@pytest.mark.parametrize("caveat", list(Caveat))
def test_AGR_60_every_caveat_is_known_and_never_widens(caveat):
    item = Item(caveats=frozenset({caveat}), personal_data=False)
    text = agreement(uses("9(2)", UseRule.PERMITTED, Purpose.CRIMINAL_EVIDENCE))
    for purpose in (PURPOSE, Purpose.CRIMINAL_EVIDENCE):
        plain = answer(use(purpose=purpose), text)
        burdened = answer(use(purpose=purpose, item=item), text)
        assert burdened.verdict.rank >= plain.verdict.rank
        assert reason(burdened, "AGR-60") != "caveat-unknown"


def test_AGR_60_a_caveat_that_nobody_knows_is_for_a_person():
    item = Item(caveats=frozenset({"EYES_ONLY"}))

    determination = answer(use(item=item), agreement())

    assert determination.verdict is V.PERSON_MUST_DECIDE
    assert reason(determination, "AGR-60") == "caveat-unknown"


@pytest.mark.parametrize(
    ("handling", "purpose", "verdict"),
    [
        (HandlingCode.H0, Purpose.CRIMINAL_EVIDENCE, V.PERMITTED),
        (HandlingCode.H0, Purpose.ASSESSMENT, V.PROHIBITED),
        (HandlingCode.H1, Purpose.CRIMINAL_EVIDENCE, V.PRIOR_CONSENT),
        (HandlingCode.H1, Purpose.ADMIN_ENQUIRY, V.PERMITTED),
        (HandlingCode.H2, Purpose.ADMIN_ENQUIRY, V.PERMITTED),
        (HandlingCode.H3, Purpose.ADMIN_ENQUIRY, V.PERSON_MUST_DECIDE),
        ("H9", Purpose.ADMIN_ENQUIRY, V.PERSON_MUST_DECIDE),
    ],
)
def test_AGR_61_handling_codes_limit_what_they_name(handling, purpose, verdict):
    text = agreement(
        uses("9(2)", UseRule.PERMITTED, Purpose.CRIMINAL_EVIDENCE),
        uses("9(3)", UseRule.PERMITTED, Purpose.ASSESSMENT),
    )

    assert answer(use(purpose=purpose, item=Item(handling=handling)), text).verdict is verdict


@pytest.mark.parametrize(
    ("audience", "verdict"),
    [
        (None, V.PERMITTED),
        (frozenset(), V.PERSON_MUST_DECIDE),
        (frozenset({NORTHLAND}), V.PERMITTED),
        (frozenset({EASTLAND}), V.PROHIBITED),
    ],
)
def test_AGR_62_an_empty_audience_is_nobody_and_never_everybody(audience, verdict):
    assert answer(use(item=Item(audience=audience)), agreement()).verdict is verdict


def test_AGR_63_nothing_is_used_beyond_its_day_of_return():
    day = Item(return_or_destroy_by=date(2024, 6, 2))
    unknown = Item(caveats=frozenset({Caveat.RETURN_OR_DESTROY_BY}))

    assert answer(use(item=day), agreement()).verdict is V.PROHIBITED
    assert answer(use(item=day, on=date(2024, 6, 2)), agreement()).verdict is V.PERMITTED
    assert answer(use(item=unknown), agreement()).verdict is V.PERSON_MUST_DECIDE


def test_a_rule_that_breaks_leaves_the_matter_to_a_person(monkeypatch):
    def broken(basis, case):
        """A rule that cannot be put."""
        raise KeyError("planted")

    monkeypatch.setitem(RULES, "AGR-9", broken)
    rules.rules_for.cache_clear()
    try:
        determination = answer(ask(), agreement(reference="xn-xs-2021"))
    finally:
        monkeypatch.undo()
        rules.rules_for.cache_clear()

    assert determination.verdict is V.PERSON_MUST_DECIDE
    found = finding(determination, "AGR-9")
    assert (found.reason, found.facts["error"]) == ("evaluation-error", "KeyError")


def test_a_broken_parameter_never_permits():
    garbled = provision("20", P.PRECEDENCE, {"criminal_channel": "SOMEWHERE"})
    text = agreement(garbled, uses("9(2)", UseRule.PERMITTED, Purpose.CRIMINAL_EVIDENCE))

    determination = answer(ask(purposes=(Purpose.CRIMINAL_EVIDENCE,)), text)

    assert determination.verdict is V.PERSON_MUST_DECIDE
    assert reason(determination, "AGR-26") == "evaluation-error"


def test_the_reference_names_every_rule_with_its_sentence():
    text = rules_reference_markdown()

    for code in RULES:
        assert f"| `{code}` | {rule_sentence(code)} |" in text


def test_a_programmes_arrangement_serves_its_own_forms_only():
    recognition = agreement(programme=Programme.MRA, reference="mra-2021")

    assert answer(ask(), recognition).verdict is V.NO_KNOWN_BASIS
    assert answer(ask(under="mra-2021"), recognition).governing == "mra-2021"


def test_low_confidence_settles_nothing():
    doubtful = agreement(claims=(claim(Event.IN_FORCE, "2020-02-01", confidence=Confidence.LOW),))

    assert answer(ask(), doubtful).verdict is V.PERSON_MUST_DECIDE
    assert answer(use(), doubtful, laws=LAWS).verdict is V.PERSON_MUST_DECIDE


def test_agr_37_what_goes_to_a_court_freely_says_what_to_do_should_the_court_compel_it():
    clause = provision("14", ProvisionType.COMPELLED_DISCLOSURE, {"notice": NoticeTiming.BEFORE})
    forbidden = uses("9(2)", UseRule.PROHIBITED, Purpose.CRIMINAL_EVIDENCE)

    determination = answer(disclose(Recipient.COURT), agreement(clause, forbidden))

    assert determination.verdict is Verdict.PROHIBITED
    assert reason(determination, "AGR-37") == "court-may-compel"
    assert finding(determination, "AGR-37").article == "14"


def test_agr_53_grounds_are_named_in_words_of_the_reader_s_language():
    facts = {"authoriser": "the Chief Counsel", "grounds": "compliance, agreement"}

    words = sentence_of("ground-not-settled", facts)

    assert "to ensure compliance with the law, to carry out an agreement" in words
