# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from comity.accounts.officer import OPERATOR, Officer
from comity.accounts.permissions import PermissionMissingError, Role
from comity.errors import ConflictError
from comity.exchange.acquaintance import (
    FingerprintDiffersError,
    OwnCardError,
    PartnerExistsError,
    PartnerStepError,
    ReasonMissingError,
    UnknownPartnerError,
)
from comity.exchange.card_change import CardNotNewerError
from comity.exchange.ceilings import OddCeilingError
from comity.exchange.partner import Binding, KeyUse, PartnerState
from comity.exchange.partner_card import CardUntrustedError, read_card
from comity.exchange.queries.alarms import open_alarms
from comity.exchange.queries.partner_records import (
    active_partners,
    partner_card,
    partner_record,
    partner_records,
)
from comity.exchange.services import cards, partners
from comity.sealing.keys import SigningKey
from tests.support.officers import journal_acts
from tests.support.partner_cards import DAY, NOON, held_card, signing_card_key

pytestmark = [pytest.mark.db, pytest.mark.django_db]

CASE_OFFICER = Officer("OFF-00007", "N. Case", frozenset({Role.CASE_OFFICER}))
REGISTRAR = Officer("OFF-00008", "N. Registrar", frozenset({Role.REGISTRAR}))


@pytest.fixture(autouse=True)
def northland(settings, tmp_path):
    """Northland's node, with a folder of its own."""
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT,
        home=tmp_path,
        administration="XN",
        exchange_url="https://localhost:8443",
    )


def propose(document, by=OPERATOR, at=NOON):
    return partners.propose(document, by=by, at=at)


def accepted(held):
    record = propose(held.document)
    return partners.confirm("XS", record.partner.fingerprint, by=OPERATOR, at=NOON)


# Becoming a partner


def test_a_card_makes_a_proposed_partner_and_its_fingerprint_compared_an_active_one():
    held = held_card()

    record = propose(held.document)

    assert record.partner.state is PartnerState.PROPOSED
    assert active_partners() == []
    assert record.partner.fingerprint == held.card.fingerprint

    record = partners.confirm("XS", held.card.fingerprint, by=OPERATOR, at=NOON)

    assert record.partner.state is PartnerState.ACTIVE
    assert active_partners() == ["XS"]
    assert record.partner.binding is Binding.PUSH
    assert record.partner.kinds == {"exchange.note/1", "exchange.test/1"}
    assert {key.use for key in record.partner.keys} == {key.use for key in held.card.keys}
    assert [act for act, *_ in journal_acts()] == ["partner-proposed", "partner-confirmed"]


def test_the_fingerprint_may_be_typed_as_one_likes_but_must_be_whole():
    held = held_card()
    propose(held.document)

    for typed in ("", "ABCD", held.card.fingerprint[:-1], held_card().card.fingerprint):
        with pytest.raises(FingerprintDiffersError):
            partners.confirm("XS", typed, by=OPERATOR, at=NOON)
    typed = held.card.fingerprint.lower().replace("-", " ")
    assert partners.confirm("XS", typed, by=OPERATOR, at=NOON).partner.state == "active"


def test_only_an_administrator_accepts_and_confirms_and_sets_ceilings():
    document = held_card().document
    for officer in (CASE_OFFICER, REGISTRAR):
        with pytest.raises(PermissionMissingError):
            propose(document, by=officer)
    propose(document)
    for officer in (CASE_OFFICER, REGISTRAR):
        with pytest.raises(PermissionMissingError):
            partners.confirm("XS", "…", by=officer, at=NOON)
        with pytest.raises(PermissionMissingError):
            partners.set_ceilings("XS", parts=1, by=officer, at=NOON)


def test_our_own_card_makes_no_partner():
    with pytest.raises(OwnCardError):
        propose(cards.own_card(at=NOON).document)


def test_another_card_in_the_same_name_takes_the_place_of_one_that_nobody_confirmed():
    impostor, held = held_card(), held_card()
    propose(impostor.document)

    record = propose(held.document)

    trusted = {key.key_id for key in record.partner.keys if key.fits(NOON)}
    assert trusted == {key.key_id for key in held.card.keys}
    with pytest.raises(FingerprintDiffersError):
        partners.confirm("XS", impostor.card.fingerprint, by=OPERATOR, at=NOON)


def test_a_partner_that_ended_begins_anew_with_its_card():
    held = held_card()
    accepted(held)
    partners.end("XS", "The arrangement was denounced.", by=OPERATOR, at=NOON)
    assert not any(key.fits(NOON) for key in partner_record("XS").partner.keys)

    record = propose(held.signed(version=2).document)

    assert record.partner.state is PartnerState.PROPOSED
    assert all(key.fits(NOON) for key in record.partner.keys)


def test_a_partner_without_a_node_gets_letters_and_can_have_a_node_later():
    record = partners.register_without_node("XS", "Customs of Southland", by=OPERATOR, at=NOON)

    assert record.partner.binding is Binding.LETTER
    assert record.partner.state is PartnerState.ACTIVE
    assert active_partners() == []  # none by machine
    assert partner_card("XS") is None
    with pytest.raises(PartnerExistsError):
        partners.register_without_node("XS", "Again", by=OPERATOR, at=NOON)

    assert propose(held_card().document).partner.state is PartnerState.PROPOSED


# Suspending and ending


def test_a_partner_is_suspended_with_a_reason_and_resumed_by_who_operates_the_exchange():
    accepted(held_card())

    with pytest.raises(ReasonMissingError):
        partners.suspend("XS", " . ", by=REGISTRAR, at=NOON)
    record = partners.suspend("XS", "Doubts about its keys", by=REGISTRAR, at=NOON)
    assert (record.partner.state, record.suspended_reason) == (
        PartnerState.SUSPENDED,
        "Doubts about its keys",
    )
    assert active_partners() == []
    assert partners.resume("XS", by=REGISTRAR, at=NOON).partner.state is PartnerState.ACTIVE


def test_a_proposed_partner_is_never_made_active_but_by_its_fingerprint():
    propose(held_card().document)

    with pytest.raises(PartnerStepError):
        partners.resume("XS", by=OPERATOR, at=NOON)
    with pytest.raises(PartnerStepError):
        partners.suspend("XS", "Not yet confirmed", by=OPERATOR, at=NOON)


def test_nobody_unknown_is_confirmed_suspended_or_shown():
    for act in (
        lambda: partners.confirm("XE", "…", by=OPERATOR, at=NOON),
        lambda: partners.suspend("XE", "No reason at all", by=OPERATOR, at=NOON),
        lambda: partner_record("XE"),
    ):
        with pytest.raises(UnknownPartnerError):
            act()


# Ceilings


def test_ceilings_are_set_one_by_one_and_journalled_by_name():
    accepted(held_card())

    partners.set_ceilings("XS", parts=3, kinds=["exchange.note/1"], by=OPERATOR, at=NOON)
    record = partners.set_ceilings("XS", messages_a_day=10, by=OPERATOR, at=NOON)

    ceilings = record.partner.ceilings
    assert (ceilings.parts, ceilings.messages_a_day) == (3, 10)
    assert ceilings.kinds == {"exchange.note/1"}
    assert journal_acts()[-1][0] == "partner-ceilings-set"


@pytest.mark.parametrize(
    "odd",
    [{"parts": -1}, {"parts": True}, {"kinds": "exchange.note/1"}, {"forms": ["TEA"]}],
)
def test_a_ceiling_that_cannot_be_meant_is_refused(odd):
    accepted(held_card())

    with pytest.raises(OddCeilingError):
        partners.set_ceilings("XS", **odd, by=OPERATOR, at=NOON)


def test_a_change_to_a_version_that_is_no_more_is_refused():
    version = accepted(held_card()).version
    partners.set_ceilings("XS", parts=3, by=OPERATOR, at=NOON, version=version)

    with pytest.raises(ConflictError):
        partners.set_ceilings("XS", parts=4, by=OPERATOR, at=NOON, version=version)


# A later card by file


def test_a_later_card_by_file_updates_a_partner_and_never_its_ceilings():
    held = held_card()
    accepted(held)
    partners.set_ceilings("XS", parts=3, by=OPERATOR, at=NOON)
    envelope = SigningKey.make()
    keys = (*held.card.keys, signing_card_key(KeyUse.ENVELOPE, envelope))

    record = propose(
        held.signed(
            version=2, endpoints=("https://new.example:9443",), keys=keys, kinds=("a/1",)
        ).document
    )

    assert record.partner.state is PartnerState.ACTIVE
    assert record.partner.endpoint == "https://new.example:9443"
    assert record.partner.kinds == {"a/1"}
    assert envelope.public.key_id in {key.key_id for key in record.partner.keys}
    assert record.partner.ceilings.parts == 3
    assert [alarm.kind for alarm in open_alarms(partner="XS")] == ["partner-card-changed"]


def test_a_later_card_by_somebody_else_or_an_old_one_changes_nothing():
    held = held_card()
    accepted(held)

    with pytest.raises(CardUntrustedError):
        propose(held_card().signed(version=2).document)
    with pytest.raises(CardNotNewerError):
        propose(held.document)
    assert partner_record("XS").partner.card_version == 1


def test_a_key_that_a_later_card_leaves_out_still_proves_what_it_signed_before():
    held = held_card()
    accepted(held)
    fresh = SigningKey.make()
    others = tuple(key for key in held.card.keys if key.use is not KeyUse.ENVELOPE)
    later = NOON + timedelta(hours=1)
    keys = (*others, signing_card_key(KeyUse.ENVELOPE, fresh))

    record = propose(held.signed(version=2, keys=keys, issued_at=later).document, at=later)

    (old,) = [k for k in record.partner.keys if k.key_id == held.envelope.public.key_id]
    assert old.fits(NOON)
    assert not old.fits(later)


# Our own card


def test_our_card_is_issued_once_and_anew_when_something_on_it_changes(settings):
    first = cards.own_card(at=NOON)

    assert cards.own_card(at=NOON + DAY).document == first.document
    assert cards.issue_if_changed(at=NOON + DAY) is None
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, exchange_url="https://moved.example:1")
    second = cards.own_card(at=NOON + DAY)
    assert second.card.version == first.card.version + 1
    assert second.card.endpoints == ("https://moved.example:1",)
    uses = {key.use for key in second.card.keys}
    assert uses >= {KeyUse.IDENTITY, KeyUse.ENVELOPE, KeyUse.ENCRYPTION, KeyUse.TLS}


def test_what_people_say_on_our_card_lasts_until_they_say_something_else():
    officials = held_card().card.officials
    details = replace(cards.own_details(at=NOON), officials=officials, time_zone="Europe/Lisbon")

    cards.change_details(details, by=OPERATOR, at=NOON)

    assert cards.own_card(at=NOON + DAY).card.officials == officials
    assert cards.own_card(at=NOON + DAY).card.time_zone == "Europe/Lisbon"
    with pytest.raises(PermissionMissingError):
        cards.change_details(details, by=CASE_OFFICER, at=NOON)


def test_an_invitation_hands_our_card_out_until_its_time_is_over():
    invited = cards.invite(by=OPERATOR, at=NOON, days=3)

    assert read_card(cards.invited_card(invited.token, at=NOON + DAY)).card.administration == "XN"
    for token, at in ((invited.token, NOON + 3 * DAY), ("guessed", NOON), ("\udc80", NOON)):
        with pytest.raises(cards.NoInvitationError):
            cards.invited_card(token, at=at)
    with pytest.raises(cards.OddInvitationError):
        cards.invite(by=OPERATOR, at=NOON, days=400)


def test_partners_are_listed_by_code_and_by_state():
    accepted(held_card())
    propose(held_card("XE").document)

    assert [r.partner.code for r in partner_records()] == ["XE", "XS"]
    assert [r.partner.code for r in partner_records(state=PartnerState.ACTIVE)] == ["XS"]
