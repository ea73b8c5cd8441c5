# SPDX-License-Identifier: Apache-2.0
"""The application role reads and writes rows, and can do nothing to the journal but add."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from comity.server.database import APPLICATION
from comity.server.environment import read_environment
from comity.server.roles import APPEND_ONLY_TABLES, application_role

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def refused(statement: str) -> str:
    """Why the application role is not let do it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            cursor.execute(statement)
        cursor.execute("RESET ROLE")
    return str(error.value)


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
@pytest.mark.parametrize("act", ["DELETE FROM {}", "TRUNCATE {}"])
def test_no_row_of_the_journal_is_removed(table: str, act: str):
    assert "permission denied" in refused(act.format(table))


def test_an_entry_is_added_by_its_function_alone():
    assert "permission denied" in refused("INSERT INTO journal_entry (sequence) VALUES (1)")
    assert "permission denied" in refused("UPDATE journal_entry SET act = 'x'")


def test_no_table_is_made_or_changed():
    assert "permission denied" in refused("CREATE TABLE another (number int)")
    assert "must be owner" in refused("ALTER TABLE accounts_officer ADD COLUMN x int")
    assert "must be owner" in refused("DROP TRIGGER journal_entry_append_only ON journal_entry")


def test_rows_of_every_other_table_are_read_and_written():
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        cursor.execute("SELECT count(*) FROM accounts_officer")
        cursor.execute("DELETE FROM accounts_draft")
        cursor.execute("RESET ROLE")


def test_one_role_for_everything_is_told_apart_from_two():
    one = {"COMITY_HOME": "/nonexistent", "DATABASE_URL": "postgresql://app@db/comity"}
    two = one | {"COMITY_OWNER_DATABASE_URL": "postgresql://owner@db/comity"}

    assert application_role(read_environment(one)) == ""
    assert application_role(read_environment(two)) == "app"
