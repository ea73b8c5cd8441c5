# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from comity import clock
from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import Role
from comity.exchange.partner_card import Official
from comity.exchange.services import cards, officials
from tests.support.officers import registered, row_of, sign_in

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland_node")]
PAGE = "/exchange/official-key/"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def browser(officer):
    client = sign_in(Client(), officer)
    UserSession.objects.create(
        user=row_of(officer),
        session_key=client.session.session_key,
        ip="127.0.0.1",
        user_agent="a browser",
    )
    return client


def test_a_designated_official_makes_a_key_on_the_page():
    officer = registered(Role.UNIT_HEAD)
    details = cards.own_details(at=clock.now())
    officials_now = (Official(officer.reference, "An official"),)
    cards.change_details(replace(details, officials=officials_now), by=OPERATOR, at=clock.now())
    client = browser(officer)

    assert b"<button" in client.get(PAGE).content
    assert client.post(PAGE).status_code == 302
    key = officials.key_of_official(officer.reference, at=clock.now())
    assert key.key_id.encode() in client.get(PAGE).content


def test_who_is_not_designated_is_told_so_and_makes_none():
    officer = registered(Role.UNIT_HEAD)
    client = browser(officer)

    assert "designated officials on our card" in client.get(PAGE).content.decode()
    assert client.post(PAGE).status_code == 403
    assert officials.key_of_official(officer.reference, at=clock.now()) is None


def test_who_sends_no_messages_has_no_such_page():
    assert browser(registered(Role.TRADE_ANALYST)).get(PAGE).status_code == 403
