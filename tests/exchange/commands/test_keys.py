# SPDX-License-Identifier: Apache-2.0
"""`comity keys` and `comity journal verify --partner`, as an operator types them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from comity import cli
from comity.exchange import models
from comity.exchange.partner import KeyUse, PartnerState
from comity.exchange.services import own_keys, witnessing
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.sealing.checkpoint import Checkpoint, NoteKey, cosign, sign_checkpoint
from comity.sealing.key_folder import KeyFolder, key_folder
from comity.sealing.key_lock import PassphraseLock, is_sealed
from comity.sealing.keys import SigningKey
from tests.support.officers import journal_acts
from tests.support.token import PIN, configure, make_token, token_library

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSPHRASE = "a passphrase of the tests alone"

pytestmark = [pytest.mark.db, pytest.mark.django_db]


@pytest.fixture
def home(db, settings, tmp_path: Path) -> Path:
    """A node whose keys were made without anything to seal them by."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path, administration="XN")
    own_keys.make_own_keys(at=NOON)
    (tmp_path / "keys" / "recovery.public.pem").write_text("a public key stays open")
    return tmp_path


@pytest.fixture
def run(capsys, stop_time):
    """One command line at noon: its exit code, and its answer as JSON or as text."""
    stop_time(2026, 3, 1, 12)

    def run(*words: object):
        code = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if "--json" in words else printed.out + printed.err

    return run


def use(settings, **fields: object) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **fields)


def private_files(home: Path) -> list[Path]:
    return sorted(f for f in (home / "keys").rglob("*.pem") if ".public" not in f.name)


def test_the_keys_and_what_lies_open_are_listed(run, home):
    code, told = run("keys", "show", "--json")
    assert code == 0
    assert told["lock"] == ""
    assert len(told["open_files"]) == len(private_files(home)) == 5
    assert {key["state"] for key in told["keys"]} == {"active"}
    assert "PRIVATE" not in json.dumps(told)


def test_every_private_key_is_sealed_and_still_opens(run, home, settings):
    before = own_keys.signing_key(KeyUse.ENVELOPE, at=NOON).public.key_id
    use(settings, key_passphrase=PASSPHRASE)
    code, told = run("keys", "seal", "--json")
    assert (code, told["lock"], len(told["sealed"])) == (0, "passphrase", 5)
    assert all(is_sealed(file.read_bytes()) for file in private_files(home))
    own_keys.changed()
    assert own_keys.signing_key(KeyUse.ENVELOPE, at=NOON).public.key_id == before
    assert journal.signing_key().public.key_id
    assert journal_acts()[-1][0] == "keys-sealed"
    assert run("keys", "seal", "--json")[1]["sealed"] == []


def test_nothing_is_sealed_where_nothing_was_given_to_seal_by(run, home):
    code, told = run("keys", "seal")
    assert code != 0
    assert "COMITY_KEY_PASSPHRASE_FILE" in told
    assert not any(is_sealed(file.read_bytes()) for file in private_files(home))


def test_a_new_passphrase_takes_the_place_of_the_old_one(run, home, settings, tmp_path):
    use(settings, key_passphrase=PASSPHRASE)
    run("keys", "seal")
    file = tmp_path / "passphrase"
    file.write_text("another passphrase of the tests\n")
    code, told = run("keys", "seal", "--new-passphrase-file", file)
    assert code == 0
    assert "start the node again" in told
    code, told = run("keys", "seal", "--json")  # the settings still name the old one
    assert code != 0 or told["sealed"] == []
    names = [f.relative_to(home / "keys").as_posix() for f in private_files(home)]
    opened = KeyFolder(home / "keys", PassphraseLock("another passphrase of the tests"))
    assert all(b"PRIVATE KEY" in opened.read(name) for name in names)


def test_the_keys_move_from_the_passphrase_to_a_token(
    run, home, settings, monkeypatch, tmp_path_factory
):
    library = token_library()
    configure(tmp_path_factory.mktemp("softhsm"))
    token = make_token("northland keys")
    use(settings, key_passphrase=PASSPHRASE)
    run("keys", "seal")
    use(settings, token_module=str(library), token_label=token.label, token_pin=PIN)
    assert key_folder(settings.ENVIRONMENT).lock is not None
    assert run("keys", "seal", "--with", "token", "--json")[1]["lock"] == "token"
    use(settings, key_passphrase="")
    own_keys.changed()
    assert own_keys.signing_key(KeyUse.ENVELOPE, at=NOON)


@pytest.fixture
def southland(home) -> NoteKey:
    """A partner that saw two of our checkpoints, and whose journal we saw twice."""
    key = SigningKey.from_seed(b"s" * 32)
    note_key = NoteKey("southland.example/journal", key.public)
    row = models.Partner(code="XS", name="Southland", state=PartnerState.ACTIVE, proposed_at=NOON)
    row.save(force_insert=True)
    models.PartnerKey(
        partner=row,
        use=KeyUse.JOURNAL,
        key_id=key.public.key_id,
        public=note_key.text,
        valid_from=NOON,
        valid_until=NOON + timedelta(days=3650),
        known_since=NOON,
    ).save(force_insert=True)
    for _ in range(2):
        with transaction.atomic():
            journal.record("signed-in", "OFF-XN-1", by=Actor("OFF-XN-1", "registrar"), at=NOON)
        journal.checkpoint(at=NOON)
        ours = witnessing.own_log_statement("XS")
        assert ours is not None
        note = cosign(ours.checkpoint, key, name=note_key.name, at=NOON)
        assert witnessing.keep_cosignature("XS", note, at=NOON)
    return note_key


def test_a_partner_that_cosigned_our_journal_bears_it_out(run, southland):
    code, told = run("journal", "verify", "--partner", "XS", "--json")
    assert (code, told["holds"], told["cosigned"]) == (0, True, 2)
    assert run("journal", "verify", "--partner", "XS")[0] == 0
    assert run("journal", "verify")[0] == 0  # without the option it is what it was


def test_a_partner_that_cosigned_another_journal_shows_that_ours_was_altered(run, southland):
    own = own_keys.journal_cosigner()
    key = SigningKey.from_seed(b"s" * 32)
    never = sign_checkpoint(Checkpoint(own.name, 3, bytes(32)), own.key)
    witnessing.keep_cosignature("XS", cosign(never, key, name=southland.name, at=NOON), at=NOON)
    code, told = run("journal", "verify", "--partner", "XS", "--json")
    assert code == 1
    assert [(m["fault"], m["ours"]) for m in told["misfits"]] == [("not-of-our-journal", True)]
    assert len(told["alarms"]) == 1
    assert "our journal was never" in run("journal", "verify", "--partner", "XS")[1]


def test_an_unknown_partner_is_named(run, home):
    assert "XQ" in run("journal", "verify", "--partner", "XQ")[1]
