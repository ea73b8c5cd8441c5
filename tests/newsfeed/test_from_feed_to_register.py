# SPDX-License-Identifier: Apache-2.0
"""The whole story: a feed is read, a person decides, and register, answer and our feed follow."""

from __future__ import annotations

import json
from datetime import date

import pytest

from comity.accounts.permissions import Role
from comity.agreements import queries as agreements
from comity.agreements.coverage import PartnerCoverage
from comity.agreements.records import ProposalState
from comity.agreements.timeline import history
from comity.newsfeed import queries, services
from comity.newsfeed.proposal import ChangeKind
from comity.newsfeed.records import TakenIn
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
