# SPDX-License-Identifier: Apache-2.0
"""The binding by files under the conformance suite, and what lies about in folders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from comity.exchange.transports.folder import Correspondence, FolderBinding, Folders
from comity.outbound.peer import PeerConnectionBrokenError
from comity.sealing.keys import EncryptionKey
from tests.exchange.transports.conformance import Conformance, Way
from tests.support.memory_node import MemoryNode, acquaint, now


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
