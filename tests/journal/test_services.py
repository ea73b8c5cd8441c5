# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import stat
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comity.journal import queries, services
from comity.journal.chain import Fault, JournalBrokenError, VerificationReport, link
from comity.journal.entry import Act, Actor
from comity.journal.facts import FactRefusedError, PartRefusedError
from comity.sealing.checkpoint import read_checkpoint
from comity.sealing.keys import SigningKey
from tests.journal.conftest import CUSTODIAN, KEY, NOON

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def confirm(number: int = 1, **facts: str):
    return services.record(
        "instrument-confirmed",
        f"CNF-NL-2026-{number:05d}",
        by=CUSTODIAN,
        at=NOON,
        instrument="nl-sl-2020",
        article="12(3)",
        facts=facts,
    )


def test_an_act_is_appended_after_the_last_with_its_digest():
    before = queries.head()

    recorded = confirm(on="2026-03-01")

    assert recorded.sequence == before.size + 1
    assert recorded.digest == link(before.digest, recorded.canonical())
    assert queries.head() == queries.Head(recorded.sequence, recorded.digest)


def test_several_acts_are_chained_one_after_another_or_none_is():
    before = queries.head()
    acts = [Act("seen", f"CNF-NL-2026-{n:05d}", CUSTODIAN, NOON) for n in range(3)]

    services.record_several(acts)
    with pytest.raises(PartRefusedError):
        services.record_several([acts[0], Act("seen", "Ada Lovelace", CUSTODIAN, NOON)])

    stored = [queries.entry(before.size + n) for n in (1, 2, 3)]
    assert [each.subject for each in stored] == [act.subject for act in acts]
    assert queries.head() == queries.Head(stored[2].sequence, stored[2].digest)
    assert stored[2].digest == link(stored[1].digest, stored[2].canonical())


def test_the_stored_entry_says_what_was_recorded():
    recorded = confirm(on="2026-03-01", state="in-force")

    stored = queries.entry(recorded.sequence)

    assert stored.as_dict() == recorded.as_dict()
    assert stored.leaf == hashlib.sha256(b"\x00" + recorded.canonical()).digest()


def test_what_is_not_a_reference_or_code_is_not_recorded():
    before = queries.head()

    with pytest.raises(FactRefusedError):
        confirm(surname="OFF-NL-2")
    with pytest.raises(PartRefusedError):
        services.record("seen", "Ada Lovelace", by=CUSTODIAN, at=NOON)

    assert queries.head() == before


def test_two_entries_of_the_same_act_differ_by_their_identifier():
    first, second = confirm(), confirm()

    assert first.identifier != second.identifier


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
        min_size=7,
        max_size=7,
    ),
    facts=st.dictionaries(
        st.text("abcxyz_", min_size=1), st.text('é"\\/\n\x7f\u2028😀a'), max_size=3
    ),
    at=st.datetimes(datetime(1900, 1, 1), timezones=st.just(NOON.tzinfo)),  # noqa: DTZ001
)
def test_the_database_spells_every_entry_as_the_program_does(texts, facts, at):
    # Beneath the check of forms, with texts that no form would let through.
    from comity.journal.entry import Act
    from comity.journal.services import _append

    act, subject, actor, role, instrument, article, _ = texts
    made = Act(act, subject, Actor(actor, role), at, instrument, article, facts)
    with transaction.atomic():
        before = queries.head()
        stored = queries.entry(_append(made).sequence)

    assert stored.digest == link(before.digest, stored.canonical())


def test_a_checkpoint_signs_what_the_journal_has_come_to(key_folder):
    recorded = confirm()

    made = services.checkpoint(at=NOON)

    assert made.size == recorded.sequence
    assert queries.latest_checkpoint() == made
    assert queries.verify_all(queries.trusted_keys()).holds
    assert made.root.hex() == queries.verify_all().root


def test_a_journal_that_has_not_grown_is_not_signed_again(key_folder):
    confirm()
    first = services.checkpoint(at=NOON)

    assert services.checkpoint(at=NOON + timedelta(days=1)) == first


def test_the_signing_key_is_made_once_and_kept_for_its_owner(key_folder):
    confirm()
    services.checkpoint(at=NOON)
    kept = (key_folder / queries.SIGNING_KEY).read_bytes()
    confirm()
    services.checkpoint(at=NOON)

    assert (key_folder / queries.SIGNING_KEY).read_bytes() == kept
    assert stat.S_IMODE((key_folder / queries.SIGNING_KEY).stat().st_mode) == 0o600
    assert len(queries.trusted_keys()) == 1


def test_a_lost_signing_key_is_said_and_not_silently_replaced(key_folder):
    confirm()
    services.checkpoint(at=NOON)
    (key_folder / queries.SIGNING_KEY).unlink()
    confirm()

    with pytest.raises(services.SigningKeyMissingError):
        services.checkpoint(at=NOON)

    assert not (key_folder / queries.SIGNING_KEY).exists()


def test_after_a_change_of_key_old_and_new_checkpoints_verify(key_folder):
    confirm()
    first = services.checkpoint(at=NOON)
    (key_folder / queries.SIGNING_KEY).rename(key_folder / "old.pem")
    confirm()
    services.make_signing_key(key_folder)
    second = services.checkpoint(at=NOON)

    assert queries.verify_all(queries.trusted_keys()).holds
    assert read_checkpoint(first.note).origin == read_checkpoint(second.note).origin
    assert len(queries.trusted_keys()) == 2


def test_a_broken_stretch_is_never_signed():
    confirm()
    services.checkpoint(at=NOON, key=KEY)
    broken = confirm()
    tamper("UPDATE journal_entry SET act = 'other' WHERE sequence = %s", [broken.sequence])

    with pytest.raises(JournalBrokenError):
        services.checkpoint(at=NOON, key=KEY)


def test_a_tree_that_was_rewritten_under_a_checkpoint_is_never_signed_again():
    forged = confirm()
    services.checkpoint(at=NOON, key=KEY)
    tamper("UPDATE journal_entry SET leaf = sha256('') WHERE sequence = %s", [forged.sequence])
    confirm()

    with pytest.raises(JournalBrokenError) as caught:
        services.checkpoint(at=NOON, key=KEY)

    assert caught.value.fields["fault"] == "root"


def test_a_verification_is_itself_recorded():
    report = VerificationReport(3, "ab" * 32, "cd" * 32, 1, signatures_checked=True)

    recorded = services.record_verification(report, by=CUSTODIAN, at=NOON)

    assert recorded.act == "journal-verified"
    assert recorded.facts["outcome"] == "holds"


@pytest.mark.slow
def test_subtrees_are_kept_level_by_level_and_prove_every_entry():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(journal_append(gen_random_uuid(), now(), 'OFF-1', 'auditor', 'seen',"
            " 'REQ-1', '', '', '{}')) FROM generate_series(1, 700)"
        )
    services.checkpoint(at=NOON, key=KEY)
    size = queries.head().size
    note_key = [services.note_key(KEY.public)]

    for sequence in (1, 255, 256, 257, 511, 512, 513, size - 1, size):
        assert queries.proof(sequence).verify(note_key).size == size


@pytest.mark.slow
def test_a_kept_subtree_that_was_changed_is_found():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(journal_append(gen_random_uuid(), now(), 'OFF-1', 'auditor', 'seen',"
            " 'REQ-1', '', '', '{}')) FROM generate_series(1, 300)"
        )
    services.checkpoint(at=NOON, key=KEY)
    assert queries.verify_all().holds

    tamper("UPDATE journal_subtree SET hash = sha256('') WHERE position = %s", [0])
    broken = queries.verify_all().broken_at

    assert (broken.fault, broken.sequence) == (Fault.SUBTREE, 256)


def tamper(statement: str, parameters: list[object]) -> None:
    """What an owner of the database can do: put the triggers to sleep, and write."""
    table = statement.split()[1]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        cursor.execute(statement, parameters)
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")


def test_a_key_given_signs_under_the_journals_origin():
    confirm()

    made = services.checkpoint(at=NOON, key=SigningKey.make())

    assert read_checkpoint(made.note).origin.startswith("comity-journal/")
