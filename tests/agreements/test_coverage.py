# SPDX-License-Identifier: Apache-2.0
"""The coverage of made-up administrations, and of the shipped register against single answers."""

import csv
import io
import json
import random
from datetime import date, timedelta

import pytest

from comity.agreements.claim import Event
from comity.agreements.coverage import Coverage, Gap, coverage, partners_of
from comity.agreements.coverage_matrix import CELLS, FORMS, OFFENCES, PURPOSES
from comity.agreements.coverage_report import (
    cells_csv,
    coverage_csv,
    coverage_document,
    families,
)
from comity.agreements.determination import verdict_of
from comity.agreements.domestic_law import DomesticLaws, load_domestic_laws
from comity.agreements.instrument_files import load_register
from comity.agreements.overlay import Overlay, StandingRuling
from comity.agreements.provision import ProvisionType
from comity.agreements.question import Ask
from comity.agreements.register import Register
from comity.agreements.verdict import Verdict
from comity.reference.taxonomy import FORM_GROUPS, Offence, Programme, Purpose, UseRule
from comity.reference.taxonomy import FormOfAssistance as Form
from tests.support.agreements import claim, force_confirmation, instrument, provision, register

DAY = date(2024, 10, 11)
SIGNED = claim(Event.SIGNED, "2020-05-04")
IN_FORCE = claim(Event.IN_FORCE, "2021-03-15")
ENQUIRIES = provision("3", ProvisionType.ASSISTANCE, {"forms": (Form.ENQUIRY,), "duty": "shall"})
USES = provision(
    "11",
    ProvisionType.USE,
    {
        "rules": {
            Purpose.ADMIN_ENQUIRY: UseRule.PERMITTED,
            Purpose.CRIMINAL_EVIDENCE: UseRule.PRIOR_CONSENT,
        }
    },
)
LAWS = load_domestic_laws()


def northlands(*instruments, overlay: Overlay | None = None, **more: object) -> Coverage:
    return coverage("XN", DAY, register(*instruments), overlay, partners=["XS", "XE"], **more)


def differing(whole: Coverage, number: int, laws: DomesticLaws, seed: int) -> list[object]:
    chance = random.Random(seed)
    found = []
    for _ in range(number):
        partner = chance.choice(list(whole.matrices))
        cell = (chance.choice(FORMS), chance.choice(OFFENCES), chance.choice(PURPOSES))
        form, offence, purpose = cell
        question = Ask(whole.administration, partner, (form,), (purpose,), whole.on, (offence,))
        expected = verdict_of(question, whole.register, whole.overlay, laws)
        if whole.verdict(partner, *cell) is not expected:
            found.append((partner, *cell, expected))
    return found


def test_a_stranger_is_a_partner_with_nothing():
    stranger = northlands(instrument(SIGNED, IN_FORCE)).partner("XE")

    assert stranger.gap is Gap.NOTHING
    assert stranger.best is Verdict.NO_KNOWN_BASIS
    assert stranger.counts == {Verdict.NO_KNOWN_BASIS: CELLS}
    assert (stranger.forms, stranger.purposes, stranger.permitted) == ((), (), 0)


def test_a_partner_under_an_agreement_in_force_has_no_gap():
    partner = northlands(instrument(SIGNED, IN_FORCE, provisions=(ENQUIRIES, USES))).partner("XS")

    assert partner.gap is None
    assert [each.reference for each in partner.working] == ["xn-xs-2020"]


def test_a_signed_agreement_awaits_confirmation_and_its_days_are_counted():
    whole = northlands(instrument(SIGNED))

    (partner,) = [each for each in whole.gaps() if each.partner == "XS"]

    assert partner.gap is Gap.AWAITING_CONFIRMATION
    assert partner.instruments[0].waiting_days == (DAY - date(2020, 5, 4)).days
    assert [each.reference for each in partner.awaiting] == ["xn-xs-2020"]


def test_a_confirmation_closes_the_gap():
    overlay = Overlay(confirmations=(force_confirmation(),))

    assert northlands(instrument(SIGNED), overlay=overlay).partner("XS").gap is None


def test_an_agreement_known_not_yet_in_force_is_signed_only():
    later = claim(Event.IN_FORCE, "2025-01-01")

    partner = northlands(instrument(SIGNED, later)).partner("XS")

    assert partner.gap is Gap.SIGNED_ONLY


def test_an_agreement_that_ended_is_a_gap_of_its_own():
    ended = instrument(SIGNED, IN_FORCE, claim(Event.TERMINATED, "2023-01-01"))

    assert northlands(ended).partner("XS").gap is Gap.ENDED


def test_recognition_of_operators_alone_is_no_agreement_on_assistance():
    recognition = instrument(SIGNED, IN_FORCE, programme=Programme.MRA)

    assert northlands(recognition).partner("XS").gap is Gap.OTHER_SUBJECT


def test_every_cell_of_a_small_register_is_the_verdict_itself():
    agreement = instrument(SIGNED, IN_FORCE, provisions=(ENQUIRIES, USES))
    whole = northlands(agreement)

    for form in (Form.ENQUIRY, Form.ORIGINALS):
        for offence in (Offence.NARCOTICS, Offence.TERRORISM, Offence.SANCTIONS):
            for purpose in PURPOSES:
                question = Ask("XN", "XS", (form,), (purpose,), DAY, (offence,))
                expected = verdict_of(question, whole.register)
                assert whole.verdict("XS", form, offence, purpose) is expected


def test_an_article_kept_for_some_offences_tells_them_apart():
    kept = provision(
        "4",
        ProvisionType.SPECIAL,
        {"forms": (Form.CONTROLLED_DELIVERY,), "limited_to": (Offence.NARCOTICS,)},
    )
    whole = northlands(instrument(SIGNED, IN_FORCE, provisions=(kept, USES)))

    def verdict(offence: Offence) -> Verdict:
        return whole.verdict("XS", Form.CONTROLLED_DELIVERY, offence, Purpose.ADMIN_ENQUIRY)

    assert verdict(Offence.NARCOTICS) is not verdict(Offence.TOBACCO)
    assert differing(whole, 1500, DomesticLaws(), seed=1) == []


def test_a_standing_ruling_settles_one_form_and_one_purpose():
    silent = instrument(SIGNED, IN_FORCE, provisions=(ENQUIRIES,))
    ruling = StandingRuling(
        reference="RUL-2024-001",
        instrument="xn-xs-2020",
        form=Form.ENQUIRY,
        purpose=Purpose.INTELLIGENCE,
        verdict=Verdict.PROHIBITED,
        conditions=(),
        grounds="Opinion 7/2024",
        by="OFF-CUSTODIAN",
        countersigned_by="OFF-ADVISER",
        recorded_on=date(2024, 1, 1),
        valid_from=date(2024, 1, 1),
        valid_until=date(2025, 1, 1),
    )
    without = northlands(silent)
    ruled = northlands(silent, overlay=Overlay(rulings=(ruling,)))

    changed = [
        place
        for place in range(CELLS)
        if without.matrices["XS"].ranks[place] != ruled.matrices["XS"].ranks[place]
    ]
    assert 0 < len(changed) <= len(OFFENCES)
    for offence in OFFENCES:
        question = Ask("XN", "XS", (Form.ENQUIRY,), (Purpose.INTELLIGENCE,), DAY, (offence,))
        expected = verdict_of(question, ruled.register, ruled.overlay)
        assert ruled.verdict("XS", Form.ENQUIRY, offence, Purpose.INTELLIGENCE) is expected


@pytest.mark.slow
@pytest.mark.parametrize("administration", ["US", "ZA", "BR", "DE"])
def test_random_cells_of_the_shipped_register_are_the_verdicts_themselves(administration):
    whole = coverage(administration, DAY, load_register(), laws=LAWS)

    assert differing(whole, 400, LAWS, seed=2) == []


@pytest.mark.slow
def test_ten_thousand_random_cells_on_several_days_are_the_verdicts_themselves():
    shipped = load_register()
    for seed, administration in enumerate(("US", "ZA", "BR", "NL", "CN")):
        day = DAY - timedelta(days=1500 * seed)
        whole = coverage(administration, day, shipped, laws=LAWS)
        assert differing(whole, 2000, LAWS, seed) == []


def test_partners_are_the_countries_of_today_and_the_other_parties_but_not_ourselves():
    shipped = load_register()
    partners = partners_of(shipped, "US/CBP")

    assert len(partners) > 200
    assert "US" not in partners
    assert "SU" not in partners, "the Soviet Union answers no request"
    assert {"EU", "CN", "BR"} <= set(partners)
    assert not [code for code in partners if code.startswith("WTO")], "no administration"


def test_a_part_of_the_matrix_has_its_own_best_verdict():
    whole = northlands(instrument(SIGNED, IN_FORCE, provisions=(ENQUIRIES, USES)))

    enquiry = whole.best("XS", forms=(Form.ENQUIRY,))
    assert enquiry.rank <= whole.best("XS", forms=(Form.HOT_PURSUIT,)).rank
    assert whole.best("XS") is min(
        (whole.best("XS", forms=(form,)) for form in FORMS), key=lambda verdict: verdict.rank
    )
    assert set(families(whole, "XS")) == set(FORM_GROUPS)


def test_the_coverage_is_written_for_programs_and_a_spreadsheet():
    whole = northlands(instrument(SIGNED, IN_FORCE, provisions=(ENQUIRIES, USES)))

    document = json.loads(json.dumps(coverage_document(whole)))
    rows = list(csv.DictReader(io.StringIO(coverage_csv(whole))))
    cells = list(csv.DictReader(io.StringIO(cells_csv(whole, ["XS"]))))

    assert [each["partner"] for each in document["partners"]] == ["XE", "XS"]
    assert document["gaps"]["nothing"] == ["XE"]
    assert [row["in_force"] for row in rows] == ["", "xn-xs-2020"]
    assert len(cells) == CELLS
    assert {cell["verdict"] for cell in cells} == {
        verdict.value for verdict in whole.partner("XS").counts
    }


def test_counts_add_up_to_every_combination():
    whole = coverage("US", DAY, load_register(), laws=LAWS, partners=["CN", "CV", "XE"])

    for partner in whole.partners:
        assert sum(partner.counts.values()) == CELLS


def test_an_administration_that_nobody_knows_has_nothing_anywhere():
    whole = coverage("XN", DAY, Register({}, load_register().groups), partners=["BR"])

    assert whole.partner("BR").gap is Gap.NOTHING


def test_a_gap_is_judged_by_what_the_articles_provide_for_not_by_the_programme_alone():
    only_origin = provision("7", ProvisionType.ASSISTANCE, {"forms": (Form.VERIFY_ORIGIN,)})

    helps = northlands(instrument(SIGNED, IN_FORCE, provisions=(ENQUIRIES, USES)))
    other = northlands(instrument(SIGNED, IN_FORCE, provisions=(only_origin, USES)))

    assert helps.partner("XS").gap is None
    assert other.partner("XS").gap is Gap.OTHER_SUBJECT
