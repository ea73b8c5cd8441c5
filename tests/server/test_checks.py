# SPDX-License-Identifier: Apache-2.0
"""An examination names each finding, what to do about it, and what stands in the way."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from comity.server import checks
from comity.server.checks import Finding, Node
from comity.server.environment import Environment
from comity.server.node.home import Home, make_folders
from comity.server.node.preparing import SchemaBehindError
from comity.storage.storage_key import STORAGE_KEY, storage_key

MEBIBYTE = checks.MEBIBYTE


@pytest.fixture
def node(tmp_path: Path) -> Node:
    """A folder with a node that does not run."""
    environment = Environment(home=tmp_path / "home")
    home = Home.of(environment)
    make_folders(home)
    home.describe(release="1")
    home.recovery_public_key.write_text("public")
    return Node(environment, home, None, "it is not running")


class Answers:
    """A database that tells its time and that of the journal's last act."""

    def __init__(self, now: datetime, latest: datetime | None) -> None:
        self.answers = {"clock_timestamp": (now,), "to_regclass": ("journal_entry",)}
        self.answers["ORDER BY sequence"] = (latest,) if latest else None

    def execute(self, statement: str) -> Answers:
        """Choose the answer."""
        self.answer = next(row for words, row in self.answers.items() if words in statement)
        return self

    def fetchone(self) -> tuple[object, ...] | None:
        """Give it."""
        return self.answer


def found(rule: str, node: Node) -> list[Finding]:
    """What one rule finds."""
    return list(checks.RULES[rule](node))


def test_every_rule_has_a_number_and_says_what_it_asks_for():
    assert list(checks.RULES) == [f"NODE-{number}" for number in range(1, len(checks.RULES) + 1)]
    assert all(rule.__doc__ for rule in checks.RULES.values())


def test_NODE_1_a_folder_without_a_node_is_an_obstacle(node: Node, tmp_path: Path):
    elsewhere = replace(node, home=Home(tmp_path / "empty", tmp_path / "empty" / "backups"))

    assert [f.kind for f in found("NODE-1", node)] == ["fine"]
    assert [f.kind for f in found("NODE-1", elsewhere)] == ["obstacle"]


def test_NODE_2_a_key_that_others_can_read_is_named_and_how_to_close_it(node: Node):
    key = node.home.keys / "django-secret"
    key.write_text("secret")
    key.chmod(0o640)
    public = node.home.keys / "public.pem"
    public.write_text("-----BEGIN PUBLIC KEY-----")
    public.chmod(0o644)

    findings = found("NODE-2", node)

    assert [f.facts["path"] for f in findings] == [key]
    assert f"chmod go= {key}" in findings[0].text()
    key.chmod(0o600)
    assert found("NODE-2", node) == []


def test_NODE_3_a_database_that_does_not_answer_says_why(node: Node):
    assert "it is not running" in found("NODE-3", node)[0].text()


def test_NODE_4_tables_of_another_release_are_an_obstacle(
    node: Node, monkeypatch: pytest.MonkeyPatch
):
    def behind(_: Environment) -> None:
        raise SchemaBehindError(home=node.home.path, count=3)

    monkeypatch.setattr(checks, "look", behind)

    findings = found("NODE-4", replace(node, database=Answers(datetime.now(UTC), None)))

    assert [f.kind for f in findings] == ["obstacle"]
    assert "comity node upgrade" in findings[0].text()


def test_NODE_5_one_role_for_everything_is_a_warning(node: Node):
    served = replace(node.environment, database_url="postgresql://app@db/comity")
    two = replace(served, owner_database_url="postgresql://owner@db/comity")

    assert [f.kind for f in found("NODE-5", replace(node, environment=served))] == ["warning"]
    assert found("NODE-5", replace(node, environment=two)) == []
    assert found("NODE-5", node) == []


@pytest.mark.parametrize(("free", "kind"), [(100, "obstacle"), (1000, "warning"), (10_000, "fine")])
def test_NODE_6_little_room_warns_and_none_stops(
    node: Node, monkeypatch: pytest.MonkeyPatch, free: int, kind: str
):
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(free * MEBIBYTE))

    assert [f.kind for f in found("NODE-6", node)] == [kind]


def test_NODE_7_a_clock_that_nobody_keeps_or_that_runs_apart_is_told(
    node: Node, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checks, "_unsynchronised", lambda: False)
    now = datetime.now(UTC)

    def kinds(server: datetime, latest: datetime | None) -> list[str]:
        return [f.kind for f in found("NODE-7", replace(node, database=Answers(server, latest)))]

    assert kinds(now, now - timedelta(days=1)) == []
    assert kinds(now - timedelta(minutes=5), None) == ["obstacle"]
    assert kinds(now, now + timedelta(hours=1)) == ["obstacle"]
    monkeypatch.setattr(checks, "_unsynchronised", lambda: True)
    assert kinds(now, None) == ["warning"]


def test_NODE_8_passwords_cross_a_network_only_encrypted(node: Node):
    def kinds(**settings: object) -> list[str]:
        environment = replace(node.environment, **settings)  # type: ignore[arg-type]
        return [f.kind for f in found("NODE-8", replace(node, environment=environment))]

    assert kinds() == []
    assert kinds(address="::1") == []
    assert kinds(address="0.0.0.0") == ["obstacle"]
    assert kinds(address="0.0.0.0", training=True) == ["warning"]
    assert kinds(address="10.0.0.5", public_url="https://comity.customs.example") == []


def test_NODE_9_an_old_backup_and_a_missing_key_are_told(node: Node):
    assert [f.kind for f in found("NODE-9", node)] == ["warning"]
    backup = node.home.backup_folder / "20260101T000000Z.comity-backup"
    backup.write_bytes(b"sealed")
    assert [f.kind for f in found("NODE-9", node)] == ["fine"]

    old = time.time() - 8 * 86400
    os.utime(backup, (old, old))
    node.home.recovery_public_key.unlink()

    assert [f.kind for f in found("NODE-9", node)] == ["obstacle", "warning"]


def test_NODE_10_a_node_for_real_work_does_not_run_as_root(
    node: Node, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    training = replace(node, environment=replace(node.environment, training=True))

    assert [f.kind for f in found("NODE-10", node)] == ["warning"]
    assert found("NODE-10", training) == []
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert found("NODE-10", node) == []


def test_NODE_11_a_lost_storage_key_is_an_obstacle(node: Node):
    assert found("NODE-11", node) == []
    storage_key(node.home.keys, node.home.blobs)
    assert found("NODE-11", node) == []

    (node.home.keys / STORAGE_KEY).unlink()

    assert [f.kind for f in found("NODE-11", node)] == ["obstacle"]


def test_a_finding_reads_the_same_for_people_and_programs(node: Node):
    finding = found("NODE-9", node)[0]

    assert finding.as_dict()["kind"] == "warning"
    assert str(finding.as_dict()["remedy"]) in finding.text()
    assert finding.rule in finding.text()
