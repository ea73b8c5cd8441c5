# SPDX-License-Identifier: Apache-2.0
"""The binding by files under the conformance suite, and what lies about in folders."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from comity.exchange.transports.appearing import Appearing
from comity.exchange.transports.folder import (
    Correspondence,
    FolderBinding,
    Folders,
    FolderUnusableError,
    Read,
    RefusedFile,
)
from comity.outbound.peer import PeerConnectionBrokenError
from comity.sealing.keys import EncryptionKey
from tests.exchange.transports.conformance import Conformance, Way
from tests.support.memory_node import MemoryNode, acquaint, make_keys, now


def binding(ours: MemoryNode, theirs: MemoryNode, folders: Folders) -> FolderBinding:
    """Our side of the correspondence."""
    key: EncryptionKey = theirs.keys.open.public
    return FolderBinding(
        folders,
        Correspondence(
            own=ours.code,
            partner=theirs.code,
            seal_for=lambda: key,
            keys=lambda: {ours.keys.open.public.key_id: ours.keys.open},
        ),
    )


class FolderWay(Way):
    """Two folders at each side, and a stick that is carried between them."""

    answers = False

    def __init__(self, sender: MemoryNode, recipient: MemoryNode, folder: Path) -> None:
        super().__init__(sender, recipient)
        at_sender = Folders(folder / "sender-out", folder / "sender-in")
        at_recipient = Folders(folder / "recipient-out", folder / "recipient-in")
        for each in (at_sender, at_recipient):
            each.out.mkdir()
            each.into.mkdir()
        self.here = binding(sender, recipient, at_sender)
        self.there = binding(recipient, sender, at_recipient)
        self.cut_after = 0
        self.losing = False

    def carry(self) -> None:
        self.sender.time_passes()
        self.here.write(self.sender, at=now())
        cut, self.cut_after = self.cut_after, 0
        carry_files(self.here.folders.out, self.there.folders.into, cut_after=cut)
        self.there.read(self.recipient, self.recipient, at=now())
        self.there.write(self.recipient, at=now())
        if self.losing:
            self.losing = False
            for file in self.there.folders.out.iterdir():
                file.unlink()
        carry_files(self.there.folders.out, self.here.folders.into)
        self.here.read(self.sender, self.sender, at=now())
        if cut:
            raise PeerConnectionBrokenError(host="the stick")

    def cut_next_part(self, after: int) -> None:
        self.cut_after = after

    def lose_next_answer(self) -> None:
        self.losing = True


def carry_files(source: Path, target: Path, *, cut_after: int = 0) -> None:
    """Move the files; with a cut, a large one arrives in part and stays where it was."""
    for file in sorted(source.iterdir()):
        if file.is_dir():
            continue
        if cut_after and file.stat().st_size > cut_after:
            with file.open("rb") as whole:
                (target / file.name).write_bytes(whole.read(cut_after))
        else:
            shutil.copyfile(file, target / file.name)
            if not cut_after:
                file.unlink()


class TestFolder(Conformance):
    @pytest.fixture
    def way(self, tmp_path: Path) -> FolderWay:
        sender, recipient = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
        acquaint(sender, recipient)
        return FolderWay(sender, recipient, tmp_path)


# What else lies about in folders


@pytest.fixture
def way(tmp_path: Path) -> FolderWay:
    sender, recipient = MemoryNode("XN", tmp_path), MemoryNode("XS", tmp_path)
    acquaint(sender, recipient)
    return FolderWay(sender, recipient, tmp_path)


def written(way: FolderWay, *contents: bytes) -> tuple[str, Path]:
    """A message as it lies before its recipient, and the folder."""
    message = way.sender.post(*contents)
    way.here.write(way.sender, at=now())
    carry_files(way.here.folders.out, way.there.folders.into)
    return message, way.there.folders.into


def read(way: FolderWay) -> Read:
    return way.there.read(way.recipient, way.recipient, at=now())


def require_refused(way: FolderWay, done: Read, name: str, code: str) -> None:
    aside = way.there.folders.into / "refused"
    assert RefusedFile(name, code) in done.refused
    assert (aside / f"{name}.reason").read_text().startswith(f"{code}\n")
    assert not (way.there.folders.into / name).exists()
    assert read(way).refused == [], "what was put aside is not read again"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_files_say_nothing_but_ids(way: FolderWay):
    message = way.sender.post(b"a file", text="a secret")
    way.here.write(way.sender, at=now())

    assert names(way.here.folders.out) == {
        f"{message}.envelope",
        f"{message}.part-0",
        f"{message}.manifest",
    }
    for path in way.here.folders.out.iterdir():
        assert b"secret" not in path.read_bytes()
        assert b"a file" not in path.read_bytes()


def test_what_was_read_is_removed_and_what_is_settled_is_written_no_more(way: FolderWay):
    written(way, b"a file")

    done = read(way)
    carry_files(way.there.folders.out, way.here.folders.into)
    way.here.read(way.sender, way.sender, at=now())

    assert len(done.messages) == 1
    assert names(way.there.folders.into) == set()
    assert names(way.here.folders.into) == set()
    way.sender.time_passes()
    assert way.here.write(way.sender, at=now()).messages == []
    way.require_equal()


def test_nothing_is_written_twice_while_it_lies_there(way: FolderWay):
    message = way.sender.post(b"a file")
    first = way.here.write(way.sender, at=now())
    way.sender.time_passes()

    second = way.here.write(way.sender, at=now())

    assert (first.messages, second.messages) == ([message], [])


@pytest.mark.parametrize("missing", ["envelope", "part-1", "manifest"])
def test_a_message_of_which_a_file_is_missing_waits(way: FolderWay, missing: str):
    message, folder = written(way, b"one", b"two")
    (folder / f"{message}.{missing}").rename(folder.parent / "later")

    assert read(way).waiting == [message]
    assert way.recipient.inbox == {}

    (folder.parent / "later").rename(folder / f"{message}.{missing}")
    assert read(way).messages == [message]


@pytest.mark.parametrize("cut", ["envelope", "part-0"])
def test_a_message_of_which_a_file_is_cut_off_waits(way: FolderWay, cut: str):
    message, folder = written(way, b"one" * 1000)
    path = folder / f"{message}.{cut}"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])

    assert read(way).waiting == [message]

    path.write_bytes(whole)
    assert read(way).messages == [message]


def test_an_unfinished_file_is_nobody_s(way: FolderWay):
    (way.there.folders.into / ".something.envelope.new").write_bytes(b"half")

    assert read(way) == Read()


@pytest.mark.parametrize(
    "name", ["holiday.jpg", "README", "x.envelope", "00.manifest", "a" * 200, "é.part-0"]
)
def test_a_strange_file_is_put_aside(way: FolderWay, name: str):
    (way.there.folders.into / name).write_bytes(b"strange")

    require_refused(way, read(way), name, "file-not-ours")


def test_two_strange_files_of_one_name_are_both_kept(way: FolderWay):
    for content in (b"one", b"two"):
        (way.there.folders.into / "x").write_bytes(content)
        read(way)

    aside = way.there.folders.into / "refused"
    assert {(aside / name).read_bytes() for name in ("x", "x~1")} == {b"one", b"two"}


def test_a_link_is_put_aside_and_never_followed(way: FolderWay, tmp_path: Path):
    message, folder = written(way, b"a file")
    secret = tmp_path / "secret"
    secret.write_bytes(b"ours")
    (folder / f"{message}.part-0").unlink()
    (folder / f"{message}.part-0").symlink_to(secret)

    done = read(way)

    assert RefusedFile(f"{message}.part-0", "file-not-ours") in done.refused
    assert secret.read_bytes() == b"ours"
    assert way.recipient.inbox == {}


def test_nothing_is_written_through_links_that_somebody_laid(way: FolderWay, tmp_path: Path):
    message, folder = written(way, b"a file")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(b"ours")
    way.there.read(way.recipient, way.recipient, at=now())
    (statement,) = way.there.folders.out.glob("*.evidence")
    statement.rename(way.there.folders.out / f".{statement.name}.new")
    hidden = way.there.folders.out / f".{statement.name}.new"
    hidden.unlink()
    hidden.symlink_to(elsewhere / "precious")
    (folder / "refused").symlink_to(elsewhere)
    (folder / "planted").write_bytes(b"strange")

    with Appearing(way.there.folders.out) as files:
        files.write(statement.name, b"evidence")
    with pytest.raises(FolderUnusableError):
        read(way)

    assert (elsewhere / "precious").read_bytes() == b"ours"
    assert names(elsewhere) == {"precious"}
    assert message in way.recipient.inbox


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b'{"files": 5}',
        b'{"files": {"../../x": 5}}',
        b'{"files": {"x": "many"}}',
        b"{" * 100_000,
        b" " * 300_000,
    ],
)
def test_a_manifest_that_cannot_be_read_is_put_aside_with_its_message(
    way: FolderWay, manifest: bytes
):
    message, folder = written(way, b"a file")
    (folder / f"{message}.manifest").write_bytes(manifest)

    require_refused(way, read(way), f"{message}.manifest", "file-not-ours")


@pytest.mark.parametrize("frame", [b"", b"nonsense", bytes(6_000_000), bytes(1000)])
def test_an_envelope_that_is_none_is_put_aside(way: FolderWay, frame: bytes):
    message, folder = written(way)
    (folder / f"{message}.envelope").write_bytes(frame)
    _correct_manifest(folder, message)

    done = read(way)

    assert {refused.name for refused in done.refused} == {
        f"{message}.envelope",
        f"{message}.manifest",
    }
    assert way.recipient.inbox == {}


def _correct_manifest(folder: Path, message: str) -> None:
    sizes = {
        path.name: path.stat().st_size
        for path in folder.glob(f"{message}.*")
        if path.suffix != ".manifest"
    }
    manifest = json.dumps({"wire": 2, "files": sizes})
    (folder / f"{message}.manifest").write_text(manifest)


def test_an_envelope_for_somebody_else_is_put_aside(way: FolderWay, tmp_path: Path):
    eastland = MemoryNode("XE", tmp_path)
    way.sender.partner = eastland.as_partner()
    message, _ = written(way)

    require_refused(way, read(way), f"{message}.envelope", "file-not-ours")


def test_an_envelope_under_another_s_name_is_put_aside(way: FolderWay):
    message, folder = written(way)
    other = "00000000-0000-4000-8000-000000000000"
    for kind in ("envelope", "manifest"):
        (folder / f"{message}.{kind}").rename(folder / f"{other}.{kind}")
    _correct_manifest(folder, other)

    require_refused(way, read(way), f"{other}.envelope", "file-not-ours")


def test_an_envelope_sealed_for_a_key_that_we_lost_is_put_aside(way: FolderWay, tmp_path: Path):
    message, _ = written(way)
    way.recipient.keys = make_keys(tmp_path, "XS")

    require_refused(way, read(way), f"{message}.envelope", "encryption-key-unknown")


def test_parts_that_were_mixed_up_are_put_aside(way: FolderWay):
    message, folder = written(way, b"one", b"two")
    one, two = (folder / f"{message}.part-{number}" for number in range(2))
    mixed = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(mixed)

    done = read(way)

    assert {refused.code for refused in done.refused} <= {"seal-broken", "files-do-not-fit"}
    assert len(done.refused) == 4
    assert way.recipient.inbox[message].stated == b""


def test_an_evidence_about_nothing_of_ours_is_put_aside(way: FolderWay, tmp_path: Path):
    written(way)
    read(way)
    forgetful = MemoryNode("XN", tmp_path)
    forgetful.keys, forgetful.partner = way.sender.keys, way.sender.partner
    carry_files(way.there.folders.out, way.here.folders.into)

    done = way.here.read(forgetful, forgetful, at=now())

    assert [refused.code for refused in done.refused] == ["file-not-ours"]


def test_bad_files_stand_in_nobody_s_way(way: FolderWay):
    good, folder = written(way, b"a file")
    bad, _ = written(way, b"a file")
    (folder / f"{bad}.envelope").write_bytes(b"nonsense")
    _correct_manifest(folder, bad)
    (folder / "strange").write_bytes(b"")

    done = read(way)

    assert done.messages == [good]
    assert len(done.refused) == 4


def test_what_a_crash_left_of_a_settled_message_is_cleared_and_the_receipt_is_written_again(
    way: FolderWay,
):
    message, folder = written(way, b"a file")
    kept = (folder / f"{message}.manifest").read_bytes()
    read(way)
    receipts = names(way.there.folders.out)
    for name in receipts:
        (way.there.folders.out / name).unlink()
    (folder / f"{message}.manifest").write_bytes(kept)

    assert read(way).messages == [message]

    assert names(folder) == set()
    assert names(way.there.folders.out) == receipts
    assert way.recipient.inbox[message].effects == 1


def test_a_stick_that_is_not_there_is_named_and_nothing_is_lost(way: FolderWay):
    message = way.sender.post()
    way.here.folders.out.rmdir()

    with pytest.raises(FolderUnusableError):
        way.here.write(way.sender, at=now())
    with pytest.raises(FolderUnusableError):
        way.here.read(way.sender, way.sender, at=now())

    way.here.folders.out.mkdir()
    way.sender.time_passes()
    assert way.here.write(way.sender, at=now()).messages == [message]


def test_a_full_stick_leaves_nothing_half_written(way: FolderWay, monkeypatch: pytest.MonkeyPatch):
    message = way.sender.post(b"a file")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(FolderUnusableError) as raised:
            way.here.write(way.sender, at=now())

    assert raised.value.fields["obstacle"] == os.strerror(errno.ENOSPC)
    assert names(way.here.folders.out) == set()
    way.sender.time_passes()
    assert way.here.write(way.sender, at=now()).messages == [message]


def test_what_a_crash_left_unfinished_is_swept(way: FolderWay):
    (way.here.folders.out / ".left.envelope.new").write_bytes(b"half")

    way.here.write(way.sender, at=now())

    assert names(way.here.folders.out) == set()


@pytest.mark.slow
def test_ten_thousand_files_are_read_in_one_round(way: FolderWay):
    messages = [way.sender.post(b"a file", text=str(number)) for number in range(3400)]
    way.here.write(way.sender, at=now())
    carry_files(way.here.folders.out, way.there.folders.into)
    assert len(names(way.there.folders.into)) == 10_200

    done = read(way)
    carry_files(way.there.folders.out, way.here.folders.into)
    way.here.read(way.sender, way.sender, at=now())

    assert sorted(done.messages) == sorted(messages)
    way.require_equal()
