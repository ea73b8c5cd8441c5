# SPDX-License-Identifier: Apache-2.0
"""A node is made once, whole or not at all, and keeps none of the secrets it shows."""

from __future__ import annotations

import stat

import pytest

from comity.server.node.home import UNFINISHED_FILE
from tests.support.nodes import Node, new_node, removed

pytestmark = pytest.mark.node


def test_a_second_init_changes_nothing(original: Node):
    before = {path: path.stat().st_mtime_ns for path in original.home.keys.iterdir()}

    answer = original.answer("node", "init")

    assert answer["made"] is False
    assert before == {path: path.stat().st_mtime_ns for path in original.home.keys.iterdir()}


def test_only_its_user_reads_the_keys_of_a_node(original: Node):
    assert stat.S_IMODE(original.home.keys.stat().st_mode) == 0o700
    for name in ("django-secret", "journal-signing.pem"):
        assert stat.S_IMODE((original.home.keys / name).stat().st_mode) == 0o600


def test_the_key_that_opens_backups_is_not_in_the_node(original: Node):
    kept_elsewhere = original.recovery_key.read_bytes().splitlines()[1]

    for path in (path for path in original.path.rglob("*") if path.is_file()):
        assert kept_elsewhere not in path.read_bytes(), path


@pytest.mark.slow
def test_a_making_that_was_cut_short_is_started_over_and_its_secrets_are_shown_once():
    with removed(new_node()) as node:
        node.path.mkdir()
        (node.path / UNFINISHED_FILE).touch()
        (node.path / "keys").mkdir()
        (node.path / "keys" / "django-secret").write_text("left behind")

        answer = node.answer("node", "init", "--training", "--administration", "NL")

        assert answer["made"] is True
        assert "PRIVATE KEY" in answer["recovery_key"]
        assert len(answer["password"]) >= 16
        assert node.environment.training
        assert node.environment.administration == "NL"
        assert (node.path / "keys" / "django-secret").read_text() != "left behind"
        everything = b"".join(p.read_bytes() for p in node.path.rglob("*") if p.is_file())
        assert answer["password"].encode() not in everything


def test_a_folder_with_something_else_in_it_is_refused():
    with removed(new_node()) as node:
        node.path.mkdir()
        (node.path / "letter.txt").write_text("not a node")

        assert node.refusal("node", "init") == "folder-not-empty"
        assert [path.name for path in node.path.iterdir()] == ["letter.txt"]


def test_a_folder_without_a_node_cannot_be_run():
    with removed(new_node()) as node:
        assert node.refusal("node", "run") == "node-missing"
        assert node.refusal("node", "status") == "node-missing"
