# SPDX-License-Identifier: Apache-2.0
"""What the database itself refuses, what it cannot refuse and verification finds, and what
writers at the same time, a rollback and a killed process leave behind.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError
from django.test.utils import CaptureQueriesContext
from psycopg.conninfo import make_conninfo

from comity.journal import queries, services
from comity.journal.chain import Fault
from tests.journal.conftest import CUSTODIAN, KEY, NOON

pytestmark = [pytest.mark.db]

in_one_transaction = pytest.mark.django_db
with_real_commits = pytest.mark.django_db(transaction=True)

CHANGES = [
    "UPDATE journal_entry SET act = 'other'",
    "UPDATE journal_entry SET act = 'other' WHERE false",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry",
    "UPDATE journal_checkpoint SET note = ''",
    "DELETE FROM journal_checkpoint",
    "TRUNCATE journal_checkpoint",
    "UPDATE journal_subtree SET hash = sha256('')",
    "DELETE FROM journal_subtree",
    "TRUNCATE journal_subtree",
]
APPLICATION_ONLY = [
    "INSERT INTO journal_entry SELECT * FROM journal_entry",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_entry_append_only ON journal_entry",
    "DROP TABLE journal_entry",
    "CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NULL; END'",
    "SET session_replication_role = 'replica'",
]


def see(count: int = 1) -> list[int]:
    with transaction.atomic():
        return [
            services.record("seen", "REQ-NL-1", by=CUSTODIAN, at=NOON).sequence
            for _ in range(count)
        ]


@pytest.fixture
def as_application_role():
    """Act in this transaction as pages and jobs do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = 'comity_application'")
        if cursor.fetchone() is None:
            pytest.skip("this server has no application role")
        cursor.execute("SET LOCAL ROLE comity_application")


@in_one_transaction
@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_of_the_tables_is_refused_by_the_trigger(change):
    see()

    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        connection.cursor().execute(change)


@in_one_transaction
def test_the_trigger_does_not_sleep_in_a_session_that_plays_a_replica():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'journal_%_append_only'"
        )
        found = dict(cursor.fetchall())

    assert found == {
        "journal_entry_append_only": "A",
        "journal_checkpoint_append_only": "A",
        "journal_subtree_append_only": "A",
    }


@in_one_transaction
@pytest.mark.parametrize("change", CHANGES + APPLICATION_ONLY)
@pytest.mark.usefixtures("as_application_role")
def test_the_application_role_has_no_right_to_change_the_journal(change):
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
    ):
        connection.cursor().execute(change)


@in_one_transaction
@pytest.mark.usefixtures("as_application_role")
def test_the_application_role_appends_and_verifies():
    before = queries.head().size

    see(3)
    services.checkpoint(at=NOON, key=KEY)

    assert queries.head().size == before + 3
    assert queries.verify_all().holds


@in_one_transaction
@pytest.mark.usefixtures("as_application_role")
def test_a_table_of_the_same_name_in_the_session_deceives_nobody():
    before = queries.head().size
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE journal_entry (sequence bigint, digest bytea)")
        cursor.execute(
            "SELECT new_sequence FROM journal_append(gen_random_uuid(), now(), 'OFF-1', 'auditor',"
            " 'seen', 'REQ-1', '', '', '{}')"
        )
        [sequence] = cursor.fetchone()
        cursor.execute("DROP TABLE journal_entry")

    assert sequence == before + 1


@in_one_transaction
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE journal_entry SET actor = 'OFF-2' WHERE sequence = %s", Fault.DIGEST),
        ('UPDATE journal_entry SET facts = \'{"count": "2"}\' WHERE sequence = %s', Fault.DIGEST),
        ("UPDATE journal_entry SET digest = sha256('') WHERE sequence = %s", Fault.DIGEST),
        ("UPDATE journal_entry SET leaf = sha256('') WHERE sequence = %s", Fault.LEAF),
        ("DELETE FROM journal_entry WHERE sequence = %s", Fault.SEQUENCE),
        (
            "UPDATE journal_entry SET at = at + interval '1 microsecond' WHERE sequence = %s",
            Fault.DIGEST,
        ),
    ],
)
def test_what_was_changed_while_the_triggers_slept_is_found(statement, fault):
    first, *_ = see(3)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
        cursor.execute(statement, [first])
        cursor.execute("ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_append_only")
    report = queries.verify_all()

    assert (report.broken_at.fault, report.broken_at.sequence) == (fault, first)
    assert report.broken_at.expected != report.broken_at.found


@in_one_transaction
def test_entries_cut_off_the_end_are_found_by_the_checkpoint():
    _, second, third = see(3)
    services.checkpoint(at=NOON, key=KEY)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM journal_entry WHERE sequence >= %s", [second])
    report = queries.verify_all()

    assert report.broken_at.fault is Fault.MISSING
    assert (report.broken_at.sequence, report.broken_at.expected) == (second, f"{third} entries")


@in_one_transaction
def test_a_fact_that_is_not_text_never_enters():
    with pytest.raises(DatabaseError, match="is text"), transaction.atomic():
        connection.cursor().execute(
            "SELECT journal_append(gen_random_uuid(), now(), 'OFF-1', 'auditor', 'seen', 'REQ-1',"
            " '', '', '{\"count\": 1}')"
        )


@with_real_commits
def test_recording_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="outside the transaction"):
        services.record("seen", "REQ-NL-1", by=CUSTODIAN, at=NOON)


@with_real_commits
def test_an_act_is_on_the_disk_when_its_transaction_has_ended():
    with transaction.atomic():
        see(2)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_current_wal_insert_lsn(), current_setting('synchronous_commit')"
            )
            written, waits = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [written])
        [on_disk] = cursor.fetchone()
        cursor.execute("SELECT current_setting('synchronous_commit')")
        [waits_again] = cursor.fetchone()

    assert (waits, on_disk, waits_again) == ("off", True, "on")


@with_real_commits
def test_many_acts_of_one_transaction_wait_for_the_disk_once():
    with CaptureQueriesContext(connection) as asked:
        see(3)

    assert sum("pg_logical_emit_message" in question["sql"] for question in asked) == 1


@with_real_commits
def test_an_act_that_was_rolled_back_leaves_no_gap():
    [before] = see()

    with transaction.atomic():
        see(2)
        transaction.set_rollback(True)
    [after] = see()

    assert after == before + 1
    assert queries.verify_all().holds


@with_real_commits
def test_writers_at_the_same_time_make_one_chain():
    before, each, writers = queries.head().size, 25, 4
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with connect() as session:
                for _ in range(each):
                    session.execute(APPEND)
                    session.commit()
        except psycopg.Error as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert queries.head().size == before + each * writers
    assert queries.verify_all().holds


@with_real_commits
def test_a_process_killed_in_the_middle_of_an_act_leaves_the_chain_whole():
    [before] = see()
    program = (
        "import sys, psycopg, time\n"
        "session = psycopg.connect(sys.argv[1])\n"
        "session.execute(sys.argv[2])\n"
        "print('appended', flush=True)\n"
        "time.sleep(60)\n"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", program, address(), APPEND], stdout=subprocess.PIPE
    )
    with killed:
        assert killed.stdout.readline() == b"appended\n"
        killed.send_signal(signal.SIGKILL)

    [after] = see()

    assert killed.returncode == -signal.SIGKILL
    assert after == before + 1
    assert queries.verify_all().holds


@with_real_commits
def test_a_snapshot_older_than_the_head_is_refused_and_breaks_nothing():
    with connect() as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session.execute("SELECT count(*) FROM journal_entry")
        see()
        with pytest.raises(psycopg.errors.UniqueViolation):
            session.execute(APPEND)

    assert queries.verify_all().holds


@with_real_commits
def test_entries_keep_the_order_of_the_chain_whatever_instant_they_name():
    first, second = see(2)
    with transaction.atomic():
        earlier = services.record(
            "seen", "REQ-NL-1", by=CUSTODIAN, at=NOON - timedelta(days=9)
        ).sequence

    assert first < second < earlier
    assert queries.verify_all().holds


APPEND = (
    "SELECT journal_append(gen_random_uuid(), now(), 'OFF-1', 'auditor', 'seen', 'REQ-1', '', '',"
    " '{}')"
)


def address() -> str:
    """Where the tests' database is, for another session: as another process of the node has."""
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "host", "port", "password")
    return make_conninfo(**{name: parameters[name] for name in names if parameters.get(name)})


def connect() -> psycopg.Connection:
    return psycopg.connect(address())
