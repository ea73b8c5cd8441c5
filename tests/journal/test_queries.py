# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.journal import queries, services
from comity.journal.entry import Actor
from comity.journal.reading import EntryFilter
from tests.journal.conftest import CUSTODIAN, KEY, NOON

pytestmark = [pytest.mark.db, pytest.mark.django_db]
ADVISER = Actor("OFF-NL-2", "legal-adviser")
CONFIRMED = EntryFilter(act="test-confirmed")


@pytest.fixture
def sequences() -> list[int]:
    """Ten confirmations, one a day, each second one by the adviser."""
    return [
        services.record(
            "test-confirmed",
            f"CNF-NL-{number % 3}",
            by=ADVISER if number % 2 else CUSTODIAN,
            at=NOON + timedelta(days=number),
        ).sequence
        for number in range(10)
    ]


def sequences_of(page) -> list[int]:
    return [entry.sequence for entry in page.entries]


def test_entries_are_listed_newest_first_page_by_page(sequences):
    newest = queries.entries(CONFIRMED, limit=4)
    middle = queries.entries(CONFIRMED, before=newest.older_than, limit=4)
    oldest = queries.entries(CONFIRMED, before=middle.older_than, limit=4)

    pages = [*sequences_of(newest), *sequences_of(middle), *sequences_of(oldest)]
    assert pages == sequences[::-1]
    assert newest.newer_than is None
    assert oldest.older_than is None


def test_one_turns_back_to_the_page_one_came_from(sequences):
    newest = queries.entries(CONFIRMED, limit=4)
    middle = queries.entries(CONFIRMED, before=newest.older_than, limit=4)

    back = queries.entries(CONFIRMED, after=middle.newer_than, limit=4)

    assert sequences_of(back) == sequences_of(newest)
    assert back.newer_than is None
    assert back.older_than == newest.older_than


def test_a_page_turned_back_to_shows_those_next_to_it_and_not_the_newest(sequences):
    back = queries.entries(CONFIRMED, after=sequences[2], limit=3)

    assert sequences_of(back) == sequences[3:6][::-1]
    assert (back.newer_than, back.older_than) == (sequences[5], sequences[3])


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EntryFilter(act="test-confirmed", actor="OFF-NL-2"), [9, 7, 5, 3, 1]),
        (EntryFilter(act="test-confirmed", subject="CNF-NL-0"), [9, 6, 3, 0]),
        (EntryFilter(act="test-confirmed", since=date(2026, 3, 9)), [9, 8]),
        (EntryFilter(act="test-confirmed", until=date(2026, 3, 2)), [1, 0]),
        (
            EntryFilter(
                "test-confirmed", "CNF-NL-0", "OFF-NL-2", date(2026, 3, 2), date(2026, 3, 9)
            ),
            [3],
        ),
        (EntryFilter(act="test-unknown"), []),
    ],
)
def test_entries_are_found_by_act_subject_actor_and_day(sequences, wanted, numbers):
    assert sequences_of(queries.entries(wanted)) == [sequences[number] for number in numbers]


def test_the_last_and_the_first_day_there_are_can_be_asked_for(sequences):
    whole = queries.entries(EntryFilter("test-confirmed", since=date.min, until=date.max))

    assert sequences_of(whole) == sequences[::-1]


def test_a_page_has_a_longest_and_a_shortest_length(sequences):
    assert len(queries.entries(CONFIRMED, limit=0).entries) == 1
    assert len(queries.entries(CONFIRMED, limit=10**9).entries) == 10


def test_a_page_costs_one_question_to_the_database_however_many_entries(sequences):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        queries.entries(CONFIRMED)

    assert len(asked) == 1


def test_every_kind_of_act_is_named_once(sequences):
    named = queries.acts()

    assert "test-confirmed" in named
    assert list(named) == sorted(set(named))


def test_what_was_done_on_one_thing_is_told_in_order(sequences):
    told = queries.entries_about("CNF-NL-1")

    assert [entry.sequence for entry in told] == [sequences[n] for n in (1, 4, 7)]


def test_every_entry_proves_its_place_under_the_newest_checkpoint(sequences):
    made = services.checkpoint(at=NOON, key=KEY)
    note_key = services.note_key(KEY.public)

    for sequence in sequences:
        assert queries.proof(sequence).verify([note_key]).root == made.root


def test_a_checkpoint_proves_to_extend_every_earlier_one(sequences):
    first = services.checkpoint(at=NOON, key=KEY)
    note_key = services.note_key(KEY.public)
    for number in range(5):
        services.record("test-confirmed", f"CNF-NL-{number}", by=CUSTODIAN, at=NOON)
    second = services.checkpoint(at=NOON, key=KEY)

    older, newer = queries.extension(first.size, second.size).verify([note_key])

    assert (older.size, newer.size) == (first.size, second.size)


def test_what_is_not_there_is_said_by_its_place(sequences):
    services.checkpoint(at=NOON, key=KEY)
    later = services.record("test-confirmed", "CNF-NL-4", by=CUSTODIAN, at=NOON).sequence

    with pytest.raises(queries.UnknownEntryError):
        queries.entry(later + 1)
    with pytest.raises(queries.NotYetProvedError):
        queries.proof(later)
    with pytest.raises(queries.UnknownCheckpointError):
        queries.checkpoint_of_size(later)


def test_a_proof_reads_few_rows_however_long_the_journal(sequences):
    services.checkpoint(at=NOON, key=KEY)

    with CaptureQueriesContext(connection) as asked:
        queries.proof(sequences[3])

    size = queries.head().size
    assert len(asked) <= 2 + size.bit_length() * 2


def test_without_a_folder_of_keys_there_are_no_trusted_keys(key_folder):
    assert queries.trusted_keys() == ()
