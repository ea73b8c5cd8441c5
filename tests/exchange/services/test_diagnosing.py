# SPDX-License-Identifier: Apache-2.0
"""Every fault is really induced, between this node and Southland's behind a real port."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from comity.accounts.officer import OPERATOR
from comity.exchange import door, models
from comity.exchange.outcome import Held
from comity.exchange.partner import Binding, KeyUse, PartnerState
from comity.exchange.partner_card import PAYLOAD_TYPE, PartnerCard
from comity.exchange.pressure import Hold, Pressure
from comity.exchange.services import diagnosing, maintenance, own_keys, partners
from comity.exchange.services.alarms import EXCHANGE
from comity.exchange.signed_document import signed
from comity.outbound import Policy
from comity.sealing.keys import SigningKey
from tests.support.listeners import house_of, listening
from tests.support.memory_node import MemoryNode, make_keys, now
from tests.support.partner_cards import signing_card_key

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]
YEAR = timedelta(days=365)


@pytest.fixture
def node(settings, tmp_path):
    """Northland's node, with keys of today."""
    home = tmp_path / "northland"
    home.mkdir()
    settings.OUTBOUND = Policy(private=True)
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT,
        home=home,
        administration="XN",
        exchange_url="https://localhost:8443",
        exchange_reserve=0,
    )
    own_keys.make_own_keys(at=now())


@pytest.fixture
def southland(node, tmp_path):
    """Southland's node, which knows ours; a test starts its listener with `open_house`."""
    held = MemoryNode("XS", tmp_path)
    held.partner = replace(held.as_partner(), code="XN", keys=own_keys.own_card_keys(at=now()))
    return held


def card_of(held, endpoint, **changes):
    """Southland's card, signed by a fresh identity."""
    identity = SigningKey.make()
    card = PartnerCard(
        administration="XS",
        name="Customs of Southland",
        version=1,
        issued_at=now(),
        endpoints=(endpoint,),
        wire_versions=(2, 1),
        bindings=tuple(Binding),
        kinds=("exchange.test/1",),
        instruments=(),
        keys=(signing_card_key(KeyUse.IDENTITY, identity, now()), *held.keys.public()),
    )
    card = replace(card, **changes)
    return signed(card.payload(), PAYLOAD_TYPE, [identity])


def acquainted(held, endpoint, **changes):
    record = partners.propose(card_of(held, endpoint, **changes), by=OPERATOR, at=now())
    partners.confirm("XS", record.partner.fingerprint, by=OPERATOR, at=now())


@contextmanager
def open_house(held, **house):
    """Southland listens, and is our partner at that port."""
    with listening(held, house=replace(house_of(held), **house)) as listener:
        acquainted(held, f"https://127.0.0.1:{listener.port}")
        yield listener


def faults(**more):
    settings = {"at": now(), "patience": 0} | more
    return [found.fault for found in diagnosing.diagnose_partner("XS", **settings)]


def test_nothing_stands_in_the_way_and_a_test_message_comes_to_its_receipt(southland):
    with open_house(southland):
        assert faults() == []

    (arrival,) = southland.inbox.values()
    assert arrival.envelope.header.kind == "exchange.test/1"
    assert models.Message.objects.get().state == "relayed"


def test_looking_alone_sends_no_message(southland):
    with open_house(southland):
        assert faults(test_message=False) == []
    assert southland.inbox == {}


# The network


def test_a_name_that_nobody_has(southland):
    acquainted(southland, "https://nobody.invalid:8443")

    assert faults() == ["name-unknown"]


def test_a_port_at_which_nobody_listens(southland):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        acquainted(southland, f"https://127.0.0.1:{taken.getsockname()[1]}")
        assert faults() == ["no-connection"]


@contextmanager
def plain_server(answer):
    """A server without TLS, or whatever `answer` does with a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server, ExitStack() as stack:

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        stack.callback(thread.join, 5)
        stack.callback(server.shutdown, socket.SHUT_RDWR)
        yield server.getsockname()[1]


def test_a_port_that_does_not_speak_tls(southland):
    def answer(connection):
        connection.recv(1024)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with plain_server(answer) as port:
        acquainted(southland, f"https://127.0.0.1:{port}")
        assert faults() == ["no-tls"]


def test_a_certificate_that_is_not_on_the_card(southland, tmp_path):
    with listening(southland) as listener:
        other = MemoryNode("XS", tmp_path)
        acquainted(other, f"https://127.0.0.1:{listener.port}")
        assert faults() == ["another-certificate"]


def test_a_certificate_on_the_card_whose_time_is_over(southland, tmp_path):
    southland.keys = replace(southland.keys, **vars_of(make_keys(tmp_path, "XS", days=(-9, -2))))
    with open_house(southland):
        assert faults() == ["their-key-expired"]


def vars_of(keys):
    return {"tls": keys.tls, "certificate": keys.certificate}


def test_our_certificate_that_the_partner_does_not_know(southland, tmp_path):
    stranger = MemoryNode("XN", tmp_path)
    southland.partner = replace(southland.partner, keys=stranger.keys.public())
    with open_house(southland):
        assert faults() == ["own-certificate-unknown"]


def test_the_partner_no_longer_counts_us_among_its_own(southland):
    with open_house(southland, partner_of=lambda *_: None):
        assert faults() == ["own-certificate-unknown"]


# Keys and clocks


def test_our_signing_key_that_the_partner_does_not_know(southland):
    other = signing_card_key(KeyUse.ENVELOPE, SigningKey.make(), now())
    keys = [k for k in southland.partner.keys if k.use is not KeyUse.ENVELOPE]
    southland.partner = replace(southland.partner, keys=(*keys, other))
    with open_house(southland):
        assert faults() == ["own-key-unknown"]


def test_the_partner_answers_with_a_key_that_is_not_on_its_card(southland):
    fresh = SigningKey.make()
    with open_house(southland, key=lambda _: fresh):
        assert faults() == ["their-key-unknown"]


def test_our_own_keys_have_expired(southland):
    with open_house(southland):
        assert faults(at=now() + 30 * YEAR) == ["own-key-expired", "their-key-expired"]
    assert diagnosing.diagnose_partner("XS", at=now() + 5 * YEAR)[0].facts == {
        "uses": "envelope, encryption, tls"
    }


def test_our_own_keys_alone_have_expired(southland):
    uses = (KeyUse.ENVELOPE, KeyUse.ENCRYPTION, KeyUse.TLS)
    with open_house(southland):
        models.OwnKey.objects.filter(use__in=uses).update(valid_until=now() - timedelta(days=1))
        own_keys.changed()
        assert faults() == ["own-key-expired"]


def test_the_partners_keys_have_expired(southland):
    with open_house(southland):
        models.PartnerKey.objects.filter(use="encryption").update(
            valid_until=now() - timedelta(days=1)
        )
        assert faults() == ["their-key-expired"]


@pytest.mark.parametrize("minutes", [-6, 6, 600])
def test_two_clocks_that_differ_by_more_than_five_minutes(southland, minutes):
    with open_house(southland, clock=lambda: now() + timedelta(minutes=minutes)):
        assert faults() == ["clock-skew"]


def test_our_own_clock_that_is_wrong(southland):
    with open_house(southland):
        assert faults(at=now() - timedelta(minutes=7)) == ["clock-skew"]


def test_two_clocks_that_differ_a_little_are_well(southland):
    with open_house(southland, clock=lambda: now() + timedelta(minutes=3)):
        assert faults(test_message=False) == []


def test_a_request_that_was_seen_before(southland):
    with open_house(southland, nonces=SimpleNamespace(use=lambda *_, **__: False)):
        assert faults() == ["replay"]


# What answers


def test_a_server_with_the_certificate_that_is_no_exchange(southland, monkeypatch):
    monkeypatch.setattr(door.Door, "_signed", lambda self, status, headers, *_: headers)
    with open_house(southland):
        (row,) = models.Partner.objects.all()
        models.Partner.objects.update(endpoint=f"{row.endpoint}/elsewhere")
        assert faults() == ["wrong-endpoint"]


def test_an_exchange_with_another_wire_version(southland, monkeypatch):
    monkeypatch.setattr(door, "WIRE_VERSIONS", (3,))
    with open_house(southland):
        assert faults() == ["wrong-version"]


@pytest.mark.parametrize(
    ("pressure", "fault"),
    [
        (Pressure.MAINTENANCE, "their-maintenance"),
        (Pressure.SUSPENDED, "suspended-by-them"),
        (Pressure.SLOW_DOWN, "slow-down"),
        (Pressure.QUOTA, "quota-reached"),
        (Pressure.DISK_LOW, "their-disk-low"),
    ],
)
def test_a_partner_that_takes_nothing_just_now_says_why(southland, pressure, fault):
    with open_house(southland, held_off=lambda *_: Hold(pressure, 60)):
        assert faults() == [fault]


def test_a_partner_that_suspended_us(southland):
    southland.partner = replace(southland.partner, state=PartnerState.SUSPENDED)
    with open_house(southland):
        assert faults() == ["suspended-by-them"]


def test_a_quota_that_is_used_up_for_this_message(southland):
    southland.hold = Held("", "quota-reached", 60)
    with open_house(southland):
        assert faults() == ["quota-reached"]


def test_a_partner_that_does_not_know_the_kind(southland):
    southland.refuses = {"exchange.test/1": "kind-unknown"}
    with open_house(southland):
        assert faults() == ["kind-refused"]


def test_a_test_message_that_comes_to_no_receipt(southland):
    southland.forge_next_receipt = True
    with open_house(southland):
        assert faults() == ["loop-back-failed"]


def test_a_test_message_whose_answer_does_not_come_back(southland):
    with open_house(southland):
        assert faults(patience=0.3) == ["no-way-back"]


# Our own side


def test_messages_refused_for_an_instrument_are_named(southland):
    with open_house(southland):
        assert faults() == []
        models.Message.objects.update(
            state="refused", problem="instrument-unknown", settled_at=now()
        )
        assert faults() == ["instrument-refused"]


def test_our_own_maintenance_our_suspension_and_the_end_are_named_first(southland):
    with open_house(southland):
        maintenance.begin_maintenance("New disks", by=EXCHANGE, at=now())
        assert faults() == ["own-maintenance"]
        maintenance.end_maintenance(by=EXCHANGE, at=now())
        partners.suspend("XS", "Doubts about its keys", by=OPERATOR, at=now())
        assert faults() == ["suspended-by-us"]
        partners.end("XS", "Doubts were right", by=OPERATOR, at=now())
        assert faults()[0] == "ended"


def test_a_partner_that_nobody_confirmed(southland):
    partners.propose(card_of(southland, "https://127.0.0.1:9"), by=OPERATOR, at=now())

    assert faults() == ["not-confirmed"]


def test_our_own_disk_that_is_nearly_full(southland, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, exchange_reserve=1024 * 1024 * 1024)
    with open_house(southland):
        assert faults(test_message=False) == ["own-disk-low"]


def test_a_ceiling_of_what_waits_that_is_reached(southland):
    with open_house(southland):
        partners.set_ceilings("XS", waiting=0, by=OPERATOR, at=now())
        assert faults(test_message=False) == ["waiting-full"]
