# SPDX-License-Identifier: Apache-2.0
"""The node's keys renewed, rolled over and taken back, with their files and in the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from comity.exchange import models
from comity.exchange.alarm import AlarmKind
from comity.exchange.key_schedule import MADE_USES, OVERLAP, PRE_ANNOUNCED
from comity.exchange.partner import KeyUse, PartnerState
from comity.exchange.partner_card import RevocationReason
from comity.exchange.queries import alarms
from comity.exchange.services import key_rotation, own_keys
from comity.journal.entry import Actor
from comity.journal.queries import all_entries
from comity.sealing.certificates import read_certificate

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADMINISTRATOR = Actor("OFF-XN-9", "administrator")

pytestmark = pytest.mark.db


@pytest.fixture
def home(db, settings, tmp_path: Path) -> Path:
    """A node whose keys were made at noon."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path, administration="XN")
    own_keys.make_own_keys(at=NOON)
    return tmp_path


def key_of(use: KeyUse, at: datetime) -> str:
    return own_keys.signing_key(use, at=at).public.key_id


def roll_over(active_from: datetime, *, use: KeyUse = KeyUse.ENVELOPE, at: datetime = NOON):
    return key_rotation.schedule_rollover(use, active_from=active_from, by=ADMINISTRATOR, at=at)


def revoke(key_id: str, revoked_at: datetime, *, at: datetime) -> key_rotation.KeyChange:
    return key_rotation.revoke_own_key(
        key_id,
        revoked_at=revoked_at,
        reason=RevocationReason.COMPROMISED,
        by=ADMINISTRATOR,
        at=at,
    )


def test_a_scheduled_successor_signs_from_its_instant_on(home):
    old, later = key_of(KeyUse.ENVELOPE, NOON), NOON + timedelta(days=20)
    change = roll_over(later)
    assert change.made is not None
    assert key_of(KeyUse.ENVELOPE, later - timedelta(seconds=1)) == old
    assert key_of(KeyUse.ENVELOPE, later) == change.made.key_id
    assert change.made.key_id in {key.key_id for key in own_keys.own_card_keys(at=NOON)}


def test_only_one_successor_waits_at_a_time(home):
    roll_over(NOON + timedelta(days=20))
    with pytest.raises(key_rotation.RolloverPendingError):
        roll_over(NOON + timedelta(days=30))


def test_a_successor_takes_over_neither_in_the_past_nor_after_the_end(home):
    for odd in (NOON - timedelta(seconds=1), NOON + timedelta(days=5000)):
        with pytest.raises(key_rotation.OddActivationError):
            roll_over(odd)


def test_the_journals_key_is_not_rotated_here(home):
    with pytest.raises(key_rotation.NotRotatedError):
        roll_over(NOON, use=KeyUse.JOURNAL)


def test_a_key_taken_back_is_replaced_in_the_same_act(home):
    old, at = key_of(KeyUse.ENVELOPE, NOON), NOON + timedelta(days=3)
    change = revoke(old, at - timedelta(days=1), at=at)
    assert change.takes_over is not None
    assert key_of(KeyUse.ENVELOPE, at) == change.takes_over.key_id != old
    listed = {key.key_id: key for key in own_keys.own_card_keys(at=at)}
    assert listed[old].revoked_at == at - timedelta(days=1)
    assert listed[old].fits(at - timedelta(days=2))
    assert not listed[old].fits(at)


def test_a_key_is_not_taken_back_twice_unless_from_earlier_on(home):
    old, at = key_of(KeyUse.ENVELOPE, NOON), NOON + timedelta(days=3)
    revoke(old, at, at=at)
    with pytest.raises(key_rotation.KeyRevokedError):
        revoke(old, at, at=at)
    assert revoke(old, at - timedelta(days=1), at=at).made is None


def test_a_key_that_is_not_ours_is_not_taken_back(home):
    with pytest.raises(key_rotation.UnknownOwnKeyError):
        revoke("0" * 16, NOON, at=NOON)


def test_what_came_late_still_opens_with_a_key_that_was_taken_back(home):
    (old,) = own_keys.decryption_keys()
    revoke(old, NOON, at=NOON)
    assert old in own_keys.decryption_keys()
    assert len(own_keys.decryption_keys()) == 2


def test_nothing_is_renewed_before_its_time(home):
    assert key_rotation.renew_due(at=NOON + timedelta(days=30)) == ()


def test_the_tls_certificate_is_renewed_before_it_ends(home):
    (old,) = [key for key in own_keys.own_keys() if key.use is KeyUse.TLS]
    due = old.valid_until - OVERLAP[KeyUse.TLS] - PRE_ANNOUNCED[KeyUse.TLS]
    (change,) = key_rotation.renew_due(at=due)
    assert change.made is not None
    assert change.use is KeyUse.TLS
    assert read_certificate(change.made.public.encode()).valid_until > old.valid_until
    assert key_rotation.renew_due(at=due + timedelta(hours=1)) == ()
    before, _ = own_keys.tls_paths(at=change.made.active_from - timedelta(seconds=1))
    after, _ = own_keys.tls_paths(at=change.made.active_from)
    assert read_certificate(before.read_bytes()).key_id == old.key_id
    assert read_certificate(after.read_bytes()).key_id == change.made.key_id


def test_a_node_that_moved_gets_a_certificate_for_its_new_name(home, settings):
    settings.ENVIRONMENT = replace(
        settings.ENVIRONMENT, exchange_url="https://exchange.southland.example:8443"
    )
    (change,) = key_rotation.renew_due(at=NOON)
    assert change.made is not None
    names = read_certificate(change.made.public.encode()).names
    assert names == ("exchange.southland.example",)
    assert key_rotation.renew_due(at=NOON) == ()


def test_every_change_of_keys_stands_in_the_journal(home):
    change = roll_over(NOON + timedelta(days=20))
    assert change.made is not None
    revoke(change.made.key_id, NOON, at=NOON)
    acts = [entry.act for entry in all_entries()]
    assert acts == ["own-key-made"] * len(MADE_USES) + ["own-key-made", "own-key-revoked"]


def test_a_partners_key_that_ends_without_a_successor_is_told(home):
    row = models.Partner(code="XS", name="Southland", state=PartnerState.ACTIVE, proposed_at=NOON)
    row.save(force_insert=True)
    key = {"partner": row, "use": KeyUse.ENVELOPE, "public": "", "known_since": NOON}
    key |= {"valid_from": NOON}
    models.PartnerKey(key_id="1" * 16, valid_until=NOON + timedelta(days=30), **key).save()
    assert key_rotation.watch_keys(at=NOON) == 0
    assert key_rotation.watch_keys(at=NOON + timedelta(days=28)) == 1
    assert alarms.open_alarms(partner="XS")[0].kind is AlarmKind.PARTNER_KEY_EXPIRING
    models.PartnerKey(key_id="2" * 16, valid_until=NOON + timedelta(days=300), **key).save()
    assert key_rotation.watch_keys(at=NOON + timedelta(days=28)) == 0


def test_a_folder_that_takes_no_keys_is_told_and_closed_once_it_does(home, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, key_passphrase="too short")
    due = NOON + timedelta(days=390)
    with key_rotation.alarmed(at=due):
        key_rotation.renew_due(at=due)
    (alarm,) = alarms.open_alarms()
    assert alarm.kind is AlarmKind.KEY_RENEWAL_FAILED
    assert alarm.facts == {"reason": "key-passphrase-weak"}
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, key_passphrase="")
    with key_rotation.alarmed(at=due):
        assert key_rotation.renew_due(at=due)
    assert alarms.open_alarms() == ()
