# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from django.test import Client

from comity import clock
from comity.accounts.officer import OPERATOR
from comity.exchange.partner_card import read_card
from comity.exchange.services import cards
from tests.support.partner_cards import DAY

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland_node")]


def test_whoever_has_the_address_gets_our_card_without_signing_in():
    invited = cards.invite(by=OPERATOR, at=clock.now())

    answer = Client().get(cards.INVITATION_PATH + invited.token)

    assert answer.status_code == 200
    assert read_card(answer.content).fingerprint == invited.fingerprint
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["guessed", "%00", "a" * 400])
def test_whoever_guesses_finds_nothing(token):
    assert Client().get(cards.INVITATION_PATH + token).status_code == 404


def test_an_invitation_whose_time_is_over_is_gone():
    invited = cards.invite(by=OPERATOR, at=clock.now() - 9 * DAY, days=8)

    assert Client().get(cards.INVITATION_PATH + invited.token).status_code == 404
