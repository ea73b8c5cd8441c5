# SPDX-License-Identifier: Apache-2.0
"""A backup opens with one key alone, proves itself, and brings the node up elsewhere."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.sealing.keys import DecryptionKey
from comity.sealing.segments import SEALED_SEGMENT_LENGTH
from comity.server import postgres
from comity.server.node.backup_files import backups, latest_backup
from comity.server.node.databases import reachable, running
from comity.server.node.home import held
from comity.server.postgres_programs import find_programs
from comity.storage.local import LocalStore
from comity.storage.storage_key import storage_key
from tests.support.nodes import Node, new_node, removed

pytestmark = [pytest.mark.node, pytest.mark.slow]
CONTENT = bytes(range(256)) * 5000


def store_of(node: Node) -> LocalStore:
    """The store of a node."""
    return LocalStore(node.home.blobs, storage_key(node.home.keys, node.home.blobs))


def item_on(node: Node) -> Path:
    """The stored file of an item that was added to the node just now."""
    with reachable(node.environment, "test"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.item_on_node"],
            env=node.all_variables() | {"COMITY_DATABASE_POOL": "0"},
            capture_output=True,
            text=True,
            check=True,
        )
    return node.home.evidence / "content" / done.stdout[:2] / done.stdout


@pytest.fixture(scope="module")
def backed_up(original: Node) -> Iterator[Node]:
    """The original with stored content, more of it on its way in, and one backup."""
    store = store_of(original)
    kept = store.put(io.BytesIO(CONTENT))
    with store.sealed(kept.name) as sealed:
        store.begin("a part", store.content_key(kept.name), kept.size)
        assert store.take("a part", 0, io.BytesIO(sealed.read(SEALED_SEGMENT_LENGTH))) == 1
    (store.folder / "unfinished" / "leftover").write_bytes(b"half a blob")
    item_on(original)
    (original.home.keys / "exchange").mkdir()
    (original.home.keys / "exchange" / "own.pem").write_bytes(b"a key below a folder")
    original.answer("node", "backup")
    yield original
    for file in backups(original.home):
        file.unlink()


@pytest.fixture
def empty() -> Iterator[Node]:
    """Another machine: a folder in which there is nothing yet."""
    with removed(new_node()) as node:
        yield node


def restored(node: Node, file: Path, key: Path) -> subprocess.CompletedProcess[str]:
    """Restore the file into the node's folder."""
    return node.command("node", "restore", str(file), "--recovery-key-file", str(key), "--json")


def test_a_backup_brings_the_node_up_in_an_empty_folder(backed_up: Node, empty: Node):
    file = latest_backup(backed_up.home)
    assert file is not None

    answer = empty.answer(
        "node", "restore", str(file), "--recovery-key-file", str(backed_up.recovery_key)
    )

    assert answer["entries"] >= 1
    assert answer["checkpoints"] >= 1
    for name in ("django-secret", "journal-signing.pem", "recovery.public.pem"):
        assert (empty.home.keys / name).read_bytes() == (backed_up.home.keys / name).read_bytes()
    assert answer["blobs"] == 2
    assert answer["blobs_damaged"] == 0
    assert (empty.home.keys / "exchange" / "own.pem").read_bytes() == b"a key below a folder"
    store = store_of(empty)
    assert store.open(next(store.names())).read() == CONTENT
    assert (store.contents().arriving, store.segments_there("a part")) == (0, 0)
    assert not (store.folder / "unfinished").exists()
    assert empty.answer("storage", "verify") == {
        "holds": True,
        "blobs": 1,
        "bytes": len(CONTENT),
        "damaged": [],
    }
    empty.begin()
    with empty.database() as database:
        officers = database.execute("SELECT sign_in_name FROM accounts_officer").fetchall()
        may = database.execute(
            "SELECT has_table_privilege('comity_application', 'journal_entry', 'DELETE')"
        ).fetchone()
    assert officers == [("administrator",)]
    assert may == (False,)
    assert empty.end() == 0


def test_a_backup_proves_itself_in_scratch(backed_up: Node, tmp_path: Path):
    file = latest_backup(backed_up.home)

    proved = backed_up.answer(
        "node", "backup", "--verify", str(file),
        "--recovery-key-file", str(backed_up.recovery_key),
    )  # fmt: skip

    assert proved["entries"] >= 1
    assert proved["members"] >= 5
    assert (proved["blobs"], proved["blobs_damaged"]) == (2, 0)
    without_key = backed_up.command("node", "backup", "--verify", str(file))
    assert without_key.returncode == 2
    assert "--recovery-key-file" in without_key.stderr


def test_content_that_was_damaged_before_the_backup_is_told(node: Node, empty: Node):
    store = store_of(node)
    name = store.put(io.BytesIO(b"to be spoilt")).name
    path = store.folder / "content" / name[:2] / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    of_an_item = item_on(node)
    of_an_item.write_bytes(of_an_item.read_bytes()[:-1] + b"?")
    made = node.answer("node", "backup")
    key = ("--recovery-key-file", str(node.recovery_key))

    proving = node.command("node", "backup", "--verify", made["file"], *key)

    assert proving.returncode == 1
    assert "2 were damaged" in proving.stdout
    answer = empty.answer("node", "restore", made["file"], *key)
    assert answer["blobs_damaged"] == 2


def test_a_folder_that_holds_a_node_is_not_restored_over(backed_up: Node):
    file = latest_backup(backed_up.home)
    assert file is not None

    done = restored(backed_up, file, backed_up.recovery_key)

    assert done.returncode == 1
    assert '"node-exists"' in done.stdout
    assert backed_up.home.made


def test_the_wrong_key_a_cut_and_an_alteration_are_told_and_leave_nothing(
    backed_up: Node, empty: Node
):
    file = latest_backup(backed_up.home)
    assert file is not None
    whole = file.read_bytes()
    folder = empty.path.parent
    DecryptionKey.make().save(folder / "other.pem")
    (folder / "cut").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "altered").write_bytes(whole[:-2000] + b"\0" + whole[-1999:])
    (folder / "foreign").write_bytes(b"not a backup at all" * 100)
    key = backed_up.recovery_key

    answers = {
        "other key": restored(empty, file, folder / "other.pem"),
        "cut": restored(empty, folder / "cut", key),
        "altered": restored(empty, folder / "altered", key),
        "foreign": restored(empty, folder / "foreign", key),
        "missing": restored(empty, folder / "missing", key),
    }

    codes = {
        name: done.stdout.split('"type": "')[1].split('"')[0] for name, done in answers.items()
    }
    assert codes == {
        "other key": "sealed-for-another",
        "cut": "seal-broken",
        "altered": "seal-broken",
        "foreign": "not-sealed",
        "missing": "backup-unreadable",
    }
    assert all(done.returncode != 0 for done in answers.values())
    assert not empty.path.exists()


def test_a_backup_that_cannot_be_written_to_its_end_leaves_nothing(backed_up: Node):
    before = sorted(backed_up.home.backup_folder.iterdir())
    program = [sys.executable, "-m", "comity.cli", "node", "backup"]

    def smaller_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    cluster = postgres.cluster_of(backed_up.path, find_programs())
    with held(backed_up.home, "a test"), running(cluster):
        done = subprocess.run(
            program,
            env=backed_up.all_variables(),
            preexec_fn=smaller_files,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1, done.stderr
    assert "nothing half-written was kept" in done.stderr
    assert sorted(backed_up.home.backup_folder.iterdir()) == before


def test_only_the_latest_backups_are_kept_when_told_so(node: Node):
    for file in backups(node.home):
        file.unlink()
    for name in ("20200101T000000Z", "20210101T000000Z"):
        (node.home.backup_folder / f"{name}.comity-backup").write_bytes(b"old")

    node.answer("node", "backup", "--keep", "2")

    kept = [file.name[:4] for file in backups(node.home)]
    assert kept[0] == "2021"
    assert len(kept) == 2


def test_a_new_recovery_key_opens_what_is_written_after_it(node: Node, empty: Node):
    renewed = node.path.parent / "renewed.pem"

    node.answer("node", "recovery-key", "--recovery-key-file", str(renewed))
    made = node.answer("node", "backup")

    assert made["sealed_for"] == DecryptionKey.load(renewed).public.key_id
    old = node.command(
        "node", "backup", "--verify", made["file"],
        "--recovery-key-file", str(node.recovery_key), "--json",
    )  # fmt: skip
    assert '"sealed-for-another"' in old.stdout
