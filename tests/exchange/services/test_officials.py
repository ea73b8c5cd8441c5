# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from comity import clock
from comity.accounts.officer import OPERATOR
from comity.accounts.permissions import Role
from comity.exchange.draft import Draft
from comity.exchange.envelope import PAYLOAD_TYPE
from comity.exchange.note import NOTE
from comity.exchange.partner import KeyUse
from comity.exchange.partner_card import Official, RevocationReason
from comity.exchange.services import cards, key_changes, officials
from comity.exchange.services.assembling import outbox_of
from comity.exchange.services.posting import post
from comity.exchange.signed_document import read_signed
from comity.sealing.signing import pre_authentication_encoding
from tests.support.exchange import asked, southland_node
from tests.support.officers import registered, row_of, sign_in
from tests.support.partner_cards import DAY

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.usefixtures("northland_node")]


def at_work(officer):
    """A session of this officer."""
    key = sign_in(Client(), officer).session.session_key
    UserSession.objects.create(
        user=row_of(officer), session_key=key, ip="127.0.0.1", user_agent="a browser"
    )
    return key


def designated(*officers):
    listed = tuple(Official(each.reference, "An official") for each in officers)
    details = replace(cards.own_details(at=clock.now()), officials=listed)
    cards.change_details(details, by=OPERATOR, at=clock.now())


@pytest.fixture
def head():
    officer = registered(Role.UNIT_HEAD, name="a.head")
    designated(officer)
    return officer


def made(officer):
    session = at_work(officer)
    key = officials.make_official_key(by=officer, session=session, at=clock.now())
    return key, session


def test_a_designated_official_makes_a_key_that_our_card_names(head):
    key, session = made(head)

    (listed,) = [k for k in cards.own_card(at=clock.now()).card.keys if k.use is KeyUse.OFFICIAL]
    assert (listed.key_id, listed.holder) == (key.key_id, head.reference)
    opened = officials.official_key(by=head, session=session, at=clock.now())
    assert opened.public.key_id == key.key_id


def test_who_is_not_on_our_card_makes_no_key(head):
    other = registered(Role.UNIT_HEAD, name="b.head")

    with pytest.raises(officials.NotDesignatedError):
        made(other)


def test_nobody_uses_the_key_without_a_session_of_its_holder(head):
    _, session = made(head)
    other = registered(Role.UNIT_HEAD, name="b.head")
    designated(head, other)
    _, others_session = made(other)

    for by, used in ((head, ""), (head, "guessed"), (head, others_session), (other, session)):
        with pytest.raises(officials.OwnSessionNeededError):
            officials.official_key(by=by, session=used, at=clock.now())


def test_the_private_half_lies_in_no_file_that_can_be_read(head, settings):
    key, _ = made(head)

    (file,) = settings.ENVIRONMENT.home.rglob(f"{key.key_id}.key")
    assert b"PRIVATE KEY" not in file.read_bytes()


def test_a_key_that_was_taken_back_signs_no_more(head):
    key, session = made(head)

    key_changes.revoke(key.key_id, RevocationReason.HOLDER_LEFT, by=OPERATOR, at=clock.now())

    with pytest.raises(officials.NoOfficialKeyError):
        officials.official_key(by=head, session=session, at=clock.now())


def test_a_key_ends_after_a_year(head):
    _, session = made(head)

    with pytest.raises(officials.NoOfficialKeyError):
        officials.official_key(by=head, session=session, at=clock.now() + 366 * DAY)


def test_a_message_bears_the_officials_signature_beside_the_nodes(head):
    southland = southland_node(at=clock.now())
    _, session = made(head)
    key = officials.official_key(by=head, session=session, at=clock.now())

    draft = Draft(NOTE, "XS", {"subject": "Good day"}, question=asked(), official=head.reference)
    posted = post(draft, by=head, at=clock.now(), official_key=key)

    assert posted.accepted, posted.reason
    (letter,) = [
        each
        for each in outbox_of("XS", holder="test").letters(at=clock.now())
        if each.message == posted.identifier
    ]
    signed = read_signed(southland.opened(letter.frame).document, PAYLOAD_TYPE)
    to_verify = pre_authentication_encoding(signed.payload_type, signed.payload)
    assert len(signed.signatures) == 2
    assert any(key.public.fits(each.signature, to_verify) for each in signed.signatures)
