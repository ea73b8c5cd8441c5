# SPDX-License-Identifier: Apache-2.0
"""The whole story: a feed is read, a person decides, and register, answer and our feed follow."""

from __future__ import annotations

import json
from datetime import date

import pytest

from comity.accounts.permissions import Role
from comity.agreements import queries as agreements
from comity.agreements.agreement_state import standing_on
from comity.agreements.claim import Confidence, Event
from comity.agreements.coverage import PartnerCoverage
from comity.agreements.instrument_files import load_register
from comity.agreements.question import Ask
from comity.agreements.records import ProposalState
from comity.agreements.timeline import history
from comity.agreements.verdict import Verdict
from comity.newsfeed import queries, services
from comity.newsfeed.proposal import FORCE, ChangeKind
from comity.newsfeed.records import TakenIn
from comity.reference.taxonomy import FormOfAssistance, Purpose
from tests.support.exercise_news import MONDAY, TUESDAY, WEDNESDAY

pytestmark = [
    pytest.mark.db,
    pytest.mark.scenario,
    pytest.mark.django_db,
    pytest.mark.usefixtures("exercises", "shipped_register"),
]

NORTH, SOUTH = "exercise-north", "exercise-south"
SIGNED = "EXERCISE cmaa signed FJ,US 2025-06-01"


def feed(*texts: str, who: str = "north") -> bytes:
    """A feed of the training exercise, one release for each text."""
    items = [
        {
            "id": f"{who}-{number}",
            "title": "Training exercise: customs news",
            "content_text": text,
            "date_published": "2026-03-01T08:00:00Z",
        }
        for number, text in enumerate(texts)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


def fiji() -> PartnerCoverage:
    """What the coverage, and with it the map, says of Fiji on Wednesday."""
    return agreements.coverage_of("US", date(2026, 3, 4)).partner("FJ")


def may_we(partner: str, form: FormOfAssistance, purpose: Purpose) -> Verdict:
    """The answer of this node on Wednesday, by the United States' register."""
    question = Ask("US", partner, (form,), (purpose,), date(2026, 3, 4))
    return agreements.assessed(question).verdict


def test_no_announcement_makes_an_agreement_one_to_rely_on(sources, officer):
    adviser = officer(Role.LEGAL_ADVISER)
    asked = (FormOfAssistance.INFO_OFFENCE, Purpose.ADMIN_PROCEEDING)
    in_force = "EXERCISE cmaa in-force FJ,US 2025-09-01 high"
    more = (
        ([SIGNED], "north", NORTH),
        ([SIGNED, in_force], "north", NORTH),
        (["As published.", in_force.replace("-01 high", "-02 high")], "south", SOUTH),
        (["EXERCISE cmaa provisionally-applied FJ,US 2025-07-01 high"], "south-2", SOUTH),
        (["EXERCISE cmaa resumed FJ,US 2025-12-01 high"], "south-3", SOUTH),
        (["EXERCISE cmaa signed FJ,US 2025-06-02 high"], "south-4", SOUTH),
    )
    for texts, who, source in more:
        services.take_in_document(feed("\n\n".join(texts), who=who), source, TUESDAY)
        for card in queries.cards(state=ProposalState.OPEN).rows:
            services.accept(card.reference, version=card.version, by=adviser, at=WEDNESDAY)

    claims = agreements.register().instrument("us-fj-2025").claims
    begun = [claim for claim in claims if claim.event in FORCE]
    assert len(begun) == 2
    assert {claim.confidence for claim in begun} == {Confidence.LOW}
    assert len([claim for claim in claims if claim.event is Event.SIGNED]) == 2, "side by side"
    assert may_we("FJ", *asked) is Verdict.PERSON_MUST_DECIDE
    assert fiji().permitted == 0
    assert "us-fj-2025" in [each.reference for each in fiji().awaiting]
    assert not fiji().working


def test_an_announced_arrangement_is_one_to_confirm_and_not_to_rely_on(sources, officer):
    adviser = officer(Role.LEGAL_ADVISER)
    lines = ("EXERCISE mra signed FJ,US 2025-06-01", "EXERCISE mra in-force FJ,US 2025-07-01")
    services.take_in_document(feed("\n\n".join(lines)), NORTH, TUESDAY)
    for _ in lines:
        card = queries.cards(state=ProposalState.OPEN).rows[-1]
        services.accept(card.reference, version=None, by=adviser, at=WEDNESDAY)

    answer = may_we("FJ", FormOfAssistance.AEO_RECOGNITION, Purpose.ADMIN_PROCEEDING)

    assert answer is Verdict.PERSON_MUST_DECIDE
    assert agreements.register().instrument("us-fj-mra-2025").provisions


def test_a_second_month_leaves_the_shipped_claim_as_it_was(sources, officer):
    shipped = load_register().instrument("us-in-mra-2021")
    services.take_in_document(feed("EXERCISE mra signed IN,US 2021-10"), NORTH, MONDAY)
    (card,) = queries.cards().rows
    services.accept(card.reference, version=None, by=officer(Role.LEGAL_ADVISER), at=TUESDAY)

    told = agreements.register().instrument("us-in-mra-2021")

    assert told.claims[: len(shipped.claims)] == shipped.claims
    assert load_register().instrument("us-in-mra-2021") == shipped
    (signed,) = [each for each in history(told) if each.event is Event.SIGNED]
    assert signed.in_conflict
    assert [claim.on for claim in signed.claims] == [date(2021, 9, 1), date(2021, 10, 1)]
    assert standing_on(told, date(2026, 3, 4)).state == standing_on(shipped, date(2026, 3, 4)).state


def test_a_site_that_moves_and_numbers_its_releases_anew_proposes_nothing_twice(sources, officer):
    adviser = officer(Role.LEGAL_ADVISER)
    texts = (SIGNED, "EXERCISE mra signed FJ,US 2025-07-01", "EXERCISE jwp signed FJ,US 2025-08-01")
    assert services.take_in_document(feed(*texts), NORTH, MONDAY).proposed == 3
    first, second, third = (card.reference for card in queries.cards().rows)
    services.accept(first, version=None, by=adviser, at=MONDAY)
    services.reject(second, reason="A rehearsal.", version=None, by=adviser, at=MONDAY)

    moved = services.take_in_document(feed(*texts, who="moved"), NORTH, TUESDAY)

    assert (moved.new, moved.proposed, moved.joined) == (3, 0, 1)
    assert [card.reference for card in queries.cards(state=ProposalState.OPEN).rows] == [third]
    assert len(queries.releases().rows) == 6, "nothing that was received is thrown away"


def test_what_a_feed_drops_stays_in_the_archive(sources):
    services.take_in_document(feed(SIGNED, "Old news."), NORTH, MONDAY)

    again = services.take_in_document(feed(SIGNED), NORTH, TUESDAY)

    assert (again, len(queries.releases().rows)) == (TakenIn(known=1), 2)


def test_a_guid_used_again_for_other_news_is_an_edition_and_its_first_card_says_so(sources):
    services.take_in_document(feed(SIGNED), NORTH, MONDAY)
    (first,) = queries.cards().rows

    again = services.take_in_document(feed("EXERCISE mra signed TO,US 2025-07"), NORTH, TUESDAY)

    assert (again.edited, again.proposed) == (1, 1)
    second = queries.cards().rows[0]
    assert second.release.edition == 2
    assert queries.card(first.reference).vanished_in == second.release.reference


def test_a_feed_changes_the_register_once_a_person_has_decided(sources, officer):
    custodian, adviser = officer(Role.TREATY_CUSTODIAN), officer(Role.LEGAL_ADVISER)
    before = fiji()
    texts = (SIGNED, "VISIT Suva", "EXERCISE mra planned FJ,US 2027", "No news at all.")

    taken = services.take_in_document(feed(*texts), NORTH, MONDAY)
    again = services.take_in_document(feed(*texts), NORTH, TUESDAY)

    assert (taken.new, taken.proposed, again) == (4, 1, TakenIn(known=4))
    (card,) = queries.cards().rows
    assert "us-fj-2025" not in agreements.register().instruments, "a person decides"
    assert fiji() == before

    accepted = services.accept(
        card.reference, reason="", public=True, version=card.version, by=custodian, at=TUESDAY
    )

    register = agreements.register()
    (happening,) = history(register.instrument("us-fj-2025"), agreements.overlay())
    assert (happening.event, happening.on, happening.confirmed_by) == (
        "signed", date(2025, 6, 1), "",
    )  # fmt: skip
    assert "us-fj-2025" in [each.reference for each in fiji().awaiting]
    assert "us-fj-2025" not in [each.reference for each in before.awaiting]
    (public,) = queries.public_changes().rows
    assert (public, public.instrument) == (accepted.public, "us-fj-2025")
    assert custodian.reference not in repr(public)

    # An edited release: its difference, and only what is new
    edited = f"{SIGNED}\n\nEXERCISE cmaa in-force FJ,US 2025-09-01"
    assert services.take_in_document(feed(edited), NORTH, TUESDAY).proposed == 1
    (force,) = queries.cards(state=ProposalState.OPEN).rows
    assert force.release.edition == 2
    assert queries.release_difference(force.release.reference).changed_blocks
    services.accept(force.reference, version=None, by=adviser, at=WEDNESDAY)
    added = agreements.register().instrument("us-fj-2025").claims[-1]
    assert not added.credible, "an announcement never settles force"

    # Another source, another month: a conflict, rejected here and told again there
    other = "EXERCISE cmaa signed FJ,US 2025-07"
    assert services.take_in_document(feed(other, who="s"), SOUTH, WEDNESDAY).proposed == 1
    (conflict,) = queries.cards(state=ProposalState.OPEN).rows
    assert conflict.change.kind is ChangeKind.CONFLICT
    assert (conflict.change.ours.date, conflict.change.against[0].date) == (
        "2025-07", "2025-06-01",
    )  # fmt: skip
    services.reject(conflict.reference, reason="A slip.", version=None, by=adviser, at=WEDNESDAY)
    again = services.take_in_document(feed(f"{other}\n\nStill.", who="s2"), SOUTH, WEDNESDAY)
    assert again.proposed == 0
    elsewhere = services.take_in_document(feed(other, who="n2"), NORTH, WEDNESDAY)
    assert elsewhere.proposed == 1
    (anew,) = queries.cards(state=ProposalState.OPEN).rows
    assert [(e.card, e.source, e.reason) for e in anew.earlier] == [
        (conflict.reference, SOUTH, "A slip.")
    ]
