# SPDX-License-Identifier: Apache-2.0
"""Which of several instruments may be relied upon, and which is offered first."""

from comity.agreements.precedence import KIND_ORDER, SPECIAL_PROGRAMMES
from comity.agreements.provision import Basis, ProvisionType
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FormOfAssistance, InstrumentKind, Programme, UseRule
from tests.support.agreements import claim, provision
from tests.support.questions import agreement, answer, ask, use, uses

OVERRIDES = provision("16.3", ProvisionType.PRECEDENCE, {"overrides_inconsistent_bilaterals": True})
SAVES_WIDER = provision("12.12", ProvisionType.PRECEDENCE, {"wider_help_saved": True})
BLOC = {"reference": "bloc-2021", "kind": InstrumentKind.PROTOCOL_OR_ANNEX}


def test_an_override_sets_an_inconsistent_bilateral_aside():
    bloc = agreement(OVERRIDES, uses("11", UseRule.PRIOR_CONSENT), **BLOC)

    determination = answer(use(), agreement(), bloc)

    assert (determination.governing, determination.verdict) == ("bloc-2021", Verdict.PRIOR_CONSENT)
    assert determination.alternatives[0].note == "set-aside-by-override"


def test_an_override_leaves_a_consistent_bilateral_alone():
    bloc = agreement(OVERRIDES, **BLOC)

    assert [a.note for a in answer(ask(), agreement(), bloc).alternatives] == [""]


def test_an_override_spares_what_the_text_saves():
    saving = provision(
        "16.3",
        ProvisionType.PRECEDENCE,
        {"overrides_inconsistent_bilaterals": True, "saves": ("xn-xs-2020",)},
    )
    bloc = agreement(saving, uses("11", UseRule.PRIOR_CONSENT), **BLOC)

    assert answer(ask(), agreement(), bloc).governing == "xn-xs-2020"


def test_an_override_that_is_assumed_or_not_in_force_prevails_over_nothing():
    assumed = provision(
        "16.3",
        ProvisionType.PRECEDENCE,
        {"overrides_inconsistent_bilaterals": True},
        Basis.ASSUMED,
    )
    consent = uses("11", UseRule.PRIOR_CONSENT)
    from comity.agreements.claim import Event

    later = (claim(Event.IN_FORCE, "2030-01-01"),)

    assert answer(ask(), agreement(), agreement(assumed, consent, **BLOC)).permitted
    assert answer(ask(), agreement(), agreement(OVERRIDES, consent, claims=later, **BLOC)).permitted


def test_what_leaves_closer_agreements_unaffected_governs_no_item_beside_one():
    floor = agreement(SAVES_WIDER, uses("12.5", UseRule.PRIOR_CONSENT), reference="floor-2017")

    beside = answer(use(), agreement(), floor)
    alone = answer(use(), floor)

    assert (beside.governing, beside.verdict) == ("xn-xs-2020", Verdict.PERMITTED)
    assert beside.alternatives[0].note == "set-aside-as-floor"
    assert alone.verdict is Verdict.PRIOR_CONSENT
    assert answer(use(under="floor-2017"), agreement(), floor).verdict is Verdict.PRIOR_CONSENT


def test_for_a_request_the_floor_stays_a_choice():
    floor = agreement(SAVES_WIDER, reference="floor-2017", kind=InstrumentKind.TREATY_MULTILATERAL)

    determination = answer(ask(), agreement(), floor)

    assert determination.governing == "xn-xs-2020"
    assert [(a.instrument, a.note) for a in determination.alternatives] == [("floor-2017", "")]


def test_the_special_instrument_governs_its_form():
    form = FormOfAssistance.VERIFY_ORIGIN
    on_origin = provision("4", ProvisionType.ASSISTANCE, {"forms": (form,)})
    chapter = agreement(
        provision("7", ProvisionType.ASSISTANCE, {"forms": (form,), "threshold": "suspicion"}),
        reference="chapter-2021",
        programme=Programme.TRADE_CHAPTER,
    )
    general = agreement(on_origin)

    determination = answer(ask(forms=(form,)), general, chapter)

    assert determination.governing == "chapter-2021"
    assert determination.verdict is Verdict.PERMITTED_UNDER_CONDITIONS
    assert determination.alternatives[0].note == "set-aside-by-special-instrument"
    assert answer(ask(), general, chapter).alternatives[0].note == ""


def test_a_special_instrument_that_saves_wider_help_sets_nothing_aside():
    form = FormOfAssistance.VERIFY_ORIGIN
    on_origin = provision("4", ProvisionType.ASSISTANCE, {"forms": (form,)})
    chapter = agreement(
        SAVES_WIDER,
        provision("7", ProvisionType.ASSISTANCE, {"forms": (form,), "threshold": "suspicion"}),
        reference="chapter-2021",
        programme=Programme.TRADE_CHAPTER,
    )

    assert answer(ask(forms=(form,)), agreement(on_origin), chapter).governing == "xn-xs-2020"


def test_among_equals_the_binding_and_the_nearer_come_first():
    memorandum = agreement(reference="a-memorandum", binding=False)
    convention = agreement(reference="a-convention", kind=InstrumentKind.TREATY_MULTILATERAL)

    determination = answer(ask(), memorandum, convention, agreement())

    offered = [determination.governing, *(a.instrument for a in determination.alternatives)]
    assert offered == ["xn-xs-2020", "a-convention", "a-memorandum"]


def test_every_kind_has_its_place_and_special_forms_their_programme():
    assert set(KIND_ORDER) == set(InstrumentKind)
    assert all(SPECIAL_PROGRAMMES.values())
