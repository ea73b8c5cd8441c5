# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest

from comity.errors import InvalidInputError
from comity.exchange.own_card import OwnDetails, bindings_of, details_of, next_card
from comity.exchange.own_details_file import read_own_details
from comity.exchange.partner import Binding
from tests.support.partner_cards import DAY, NOON, held_card

DETAILS = OwnDetails("Customs of Northland", time_zone="Europe/Lisbon")
KEYS = held_card("XN").card.keys


def due(before, at=NOON, **more):
    given = {
        "administration": "XN",
        "details": DETAILS,
        "endpoint": "https://localhost:8443",
        "kinds": ("exchange.note/1", "exchange.test/1"),
        "instruments": ("xn-xs-2020",),
        "keys": KEYS,
    }
    return next_card(before, at=at, **(given | more))


def test_the_first_card_has_version_one_and_the_next_is_due_only_when_something_changed():
    first = due(None)

    assert first.version == 1
    assert due(first, at=NOON + DAY) is None
    assert due(first, kinds=("exchange.test/1", "exchange.note/1")) is None  # another order


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": ""},
        {"kinds": ("exchange.note/1",)},
        {"instruments": ()},
        {"keys": KEYS[:3]},
        {"details": replace(DETAILS, name="Northland Customs")},
    ],
)
def test_whatever_changes_makes_the_next_version(change):
    first = due(None)

    second = due(first, **change)

    assert second.version == 2
    assert second.issued_at > first.issued_at


def test_a_clock_that_went_back_makes_no_card_older_than_the_last():
    first = due(None)

    assert due(first, at=NOON - DAY, kinds=()).issued_at > first.issued_at


def test_a_node_without_an_endpoint_fetches():
    assert Binding.PUSH not in bindings_of("")
    assert bindings_of("https://localhost:8443")[0] is Binding.PUSH


def test_what_people_said_is_remembered_by_the_card():
    assert details_of(due(None)) == DETAILS


def test_what_the_file_leaves_out_stays_and_what_it_empties_goes():
    before = replace(DETAILS, officials=held_card().card.officials)

    assert read_own_details(b"name: Customs", before) == replace(before, name="Customs")
    assert read_own_details(b"officials: []", before).officials == ()


@pytest.mark.parametrize(
    "content",
    [
        b"- a list",
        b"name: [1]",
        b"nickname: Norte",
        b"time_zone: Mars/Olympus",
        b"hours: [{day: 1, opens: '17:00', closes: '08:00'}]",
        b"hours: [{day: 9, opens: '08:00', closes: '17:00'}]",
        b"officials: [{name: nobody}]",
        b"{",
        b"\xff\xfe\x00",
        b"a: &a [*a]",
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(content):
    with pytest.raises(InvalidInputError):
        read_own_details(content, DETAILS)
