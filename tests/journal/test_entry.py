# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.journal.entry import EntryUnreadableError, instant, read_entry
from tests.journal.conftest import made_entries


def test_the_bytes_of_an_entry_are_these_and_no_others():
    # Golden: a change here breaks every chain that exists.
    [entry] = made_entries(1)

    assert entry.canonical() == (
        b'{"act":"instrument-confirmed","actor":"OFF-NL-1","article":"12(3)",'
        b'"at":"2026-03-01T12:01:00.000000Z","facts":{"from":"2020-01-01"},'
        b'"id":"00000000-0000-4000-8000-000000000001","instrument":"nl-sl-2020",'
        b'"role":"treaty-custodian","sequence":1,"subject":"CNF-NL-2026-00001"}'
    )
    assert entry.digest == hashlib.sha256(bytes(32) + entry.canonical()).digest()


@given(st.datetimes(min_value=datetime(1900, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
def test_an_instant_has_one_spelling_in_whatever_zone_it_was_given(naive, hours):
    aware = naive.replace(tzinfo=UTC)

    assert instant(aware.astimezone(timezone(timedelta(hours=hours)))) == instant(aware)
    assert len(instant(aware)) == 27
    assert datetime.fromisoformat(instant(aware)) == aware


def test_an_exported_entry_reads_back_as_itself():
    for entry in made_entries(3):
        assert read_entry(entry.as_dict(), line=1) == entry


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": "1"},
        {"sequence": True},
        {"digest": "zz"},
        {"digest": None},
        {"at": "yesterday"},
        {"facts": []},
        {"facts": {"count": 1}},
        {"actor": None},
    ],
)
def test_a_line_with_a_part_of_another_type_is_refused(change):
    [entry] = made_entries(1)

    with pytest.raises(EntryUnreadableError) as caught:
        read_entry({**entry.as_dict(), **change}, line=7)

    assert caught.value.fields["line"] == 7


@pytest.mark.parametrize("part", list(made_entries(1)[0].as_dict()))
def test_a_line_without_a_part_is_refused(part):
    members = made_entries(1)[0].as_dict()
    del members[part]

    with pytest.raises(EntryUnreadableError, match="is missing"):
        read_entry(members, line=1)
