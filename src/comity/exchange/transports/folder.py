# SPDX-License-Identifier: Apache-2.0
"""The binding by files, in a shared folder or on a stick that somebody carries.

Ours lie in `out`, the partner's in `into`; a message is `<id>.envelope`, `<id>.part-<n>` and,
written last, `<id>.manifest`, which names the others with their sizes. Evidences are sealed
frames too; `<digest>.heard` says that one arrived. Every file appears whole or not at all and is
on the disk before the next one. What is not whole is left lying and read the next time; what can
never be read goes to `refused` with its reason. Names say nothing but ids.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from comity.catalogues import N_
from comity.errors import ComityError, InvalidInputError, PeerError, VerificationError
from comity.exchange import evidence, wire
from comity.exchange.fault_points import Point, reach
from comity.exchange.outcome import Outcome, Stated, Wanted
from comity.exchange.sealed_frame import (
    PRELUDE_LENGTH,
    FrameHeader,
    open_frame,
    read_header,
    seal,
)
from comity.exchange.signed_document import read_signed
from comity.exchange.transports.appearing import Appearing, opened, size_of, sweep
from comity.exchange.transports.base import Outgoing, Reception
from comity.sealing.keys import DecryptionKey, EncryptionKey
from comity.sealing.segments import SEALED_SEGMENT_LENGTH

LARGEST_FRAME = (
    PRELUDE_LENGTH + wire.FRAME_HEADER_BYTES + wire.KEY_LIST_BYTES + wire.DOCUMENT_BYTES + 1024
)
LARGEST_MANIFEST = 256 * 1024
REFUSED = "refused"
TOGETHER = 50
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MESSAGE_FILE = re.compile(rf"({_UUID})\.(envelope|manifest|part-(?:0|[1-9][0-9]{{0,3}}))")
_EVIDENCE_FILE = re.compile(rf"({_UUID})\.([0-9a-f]{{64}})\.evidence")
_HEARD_FILE = re.compile(r"([0-9a-f]{64})\.heard")


class FolderUnusableError(PeerError):
    """The folder is not there, full, or may not be written."""

    code = "folder-unusable"
    message = N_("The folder of the files for {partner} cannot be used: {obstacle}.")
    remedy = N_("Check that the stick is plugged in and has room, and that the node may write it.")


class FileNotOursError(InvalidInputError):
    """A file is of another partner, for somebody else, or not what its name says."""

    code = "file-not-ours"
    message = N_("The file is not one that {partner} wrote for this node: {obstacle}.")
    remedy = N_("Check which stick this is, and give the file to whom it is for.")


class PartsDifferError(VerificationError):
    """The parts of a message are not the ones that its envelope names."""

    code = "files-do-not-fit"
    message = N_("The files of the message do not fit together.")
    remedy = N_("Ask the partner to write the message again: it was changed or mixed up.")


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the files of one partner lie."""

    out: Path
    """What we write; it becomes the partner's `into`."""
    into: Path
    """What the partner wrote."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Between whom the files go, and how they are sealed."""

    own: str
    partner: str
    seal_for: Callable[[], EncryptionKey]
    """The partner's key of now: evidences are sealed here, envelopes are sealed already."""
    keys: Callable[[], Mapping[str, DecryptionKey]]
    """Ours, by their key ids."""


@dataclass(slots=True)
class Written:
    """What one round wrote."""

    messages: list[str] = field(default_factory=list)
    statements: int = 0


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was put aside."""

    name: str
    code: str


@dataclass(slots=True)
class Read:
    """What one round read."""

    messages: list[str] = field(default_factory=list)
    """That are settled: received or refused."""
    statements: int = 0
    waiting: list[str] = field(default_factory=list)
    """That are not whole yet, or that the node does not take just now."""
    refused: list[RefusedFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FolderBinding:
    """Writes and reads the files of one partner."""

    folders: Folders
    between: Correspondence

    # Writing

    def write(self, outgoing: Outgoing, *, at: datetime) -> Written:
        """Write everything that is due, and is not there already.

        Raises:
            FolderUnusableError: what was written before it is whole.
        """
        partner, written = self.between.partner, Written()
        with self._usable():
            sweep(self.folders.out)
            with Appearing(self.folders.out) as files:
                for statement in outgoing.statements(partner=partner):
                    written.statements += self._write_statement(statement, files)
            seen: set[str] = set()
            while frames := outgoing.waiting(partner=partner, at=at):
                headers = [read_header(frame) for frame in frames]
                ids = {header.message for header in headers}
                if ids <= seen:
                    break
                seen |= ids
                with Appearing(self.folders.out) as files:
                    for header, frame in zip(headers, frames, strict=True):
                        self._write_message(header, frame, outgoing, files)
                written.messages += files.manifests
        return written

    def _write_message(
        self, header: FrameHeader, frame: bytes, outgoing: Outgoing, files: Appearing
    ) -> None:
        message = header.message
        if (self.folders.out / f"{message}.manifest").exists():
            return  # not fetched yet; what would be written anew is the same
        sizes = {f"{message}.envelope": files.write(f"{message}.envelope", frame)}
        for number in range(header.parts):
            sealed = outgoing.part(message, number, 0, partner=self.between.partner)
            if sealed is None:
                return  # settled or taken back meanwhile; without a manifest it is nothing
            name = f"{message}.part-{number}"
            with sealed:
                sizes[name] = files.copy(name, sealed)
        manifest = json.dumps({"wire": header.wire, "files": sizes})
        files.write(f"{message}.manifest", manifest.encode())
        files.manifests.append(message)

    def _write_statement(self, statement: bytes, files: Appearing) -> bool:
        """Whether it had to be written."""
        about = _message_of(statement)
        name = f"{about}.{hashlib.sha256(statement).hexdigest()}.evidence"
        if (self.folders.out / name).exists():
            return False
        frame = seal(
            statement,
            message=about,
            sender=self.between.own,
            recipient=self.between.partner,
            payload_type=evidence.PAYLOAD_TYPE,
            to=self.between.seal_for(),
        )
        files.write(name, frame)
        return True

    # Reading

    def read(self, reception: Reception, outgoing: Outgoing, *, at: datetime) -> Read:
        """Read everything that is whole; evidences first, for they settle what we wrote."""
        read = Read()
        with self._usable():
            lying, ours = _lying_in(self.folders.into), _lying_in(self.folders.out)
            self._confirm(lying.heard, ours, outgoing, at)
            for names in _some(list(lying.evidences.values())):
                self._read_statements(names, ours, reception, read, at)
            for messages in _some(list(lying.messages)):
                chosen = {message: lying.messages[message] for message in messages}
                self._read_messages(chosen, reception, read, at)
            for name in lying.strange:
                self._refuse(name, FileNotOursError(**self._why("its name is none of ours")), read)
        return read

    def _confirm(
        self, heard: Mapping[str, str], ours: _Lying, outgoing: Outgoing, at: datetime
    ) -> None:
        if heard:
            outgoing.confirmed(list(heard), partner=self.between.partner, at=at)
        for digest, name in heard.items():
            self._forget([ours.evidences[digest]] if digest in ours.evidences else [])
            self._remove(name)

    def _read_statements(
        self, names: Sequence[str], ours: _Lying, reception: Reception, read: Read, at: datetime
    ) -> None:
        about: dict[str, str] = {}
        with Appearing(self.folders.out) as files:
            for name in names:
                with self._refusing([name], read):
                    about[name] = self._read_statement(name, reception, files, at)
        if about:
            reach(Point.FILE_READ)
        for name, message in about.items():
            self._forget(ours.messages.get(message, ()))  # nothing is left to send of it
            self._remove(name)
        read.statements += len(about)

    def _read_statement(
        self, name: str, reception: Reception, files: Appearing, at: datetime
    ) -> str:
        """Of which message of ours the evidence speaks."""
        frame = self._frame(name)
        header = self._checked(frame, name, evidence.PAYLOAD_TYPE)
        statement = open_frame(frame, self.between.keys()).document
        if not reception.hear([statement], partner=self.between.partner, at=at)[0]:
            raise FileNotOursError(**self._why("it is an evidence about nothing of ours"))
        files.write(f"{hashlib.sha256(statement).hexdigest()}.heard", b"")
        return header.message

    def _read_messages(
        self,
        messages: Mapping[str, Sequence[str]],
        reception: Reception,
        read: Read,
        at: datetime,
    ) -> None:
        settled: list[str] = []
        with Appearing(self.folders.out) as files:
            for message, names in messages.items():
                with self._refusing(names, read):
                    outcome = self._outcome(message, names, reception, at)
                    if isinstance(outcome, Stated):
                        self._write_statement(outcome.evidence, files)
                        settled.append(message)
                    else:
                        read.waiting.append(message)
        if settled:
            reach(Point.FILE_READ)
        for message in settled:
            for name in sorted(messages[message], key=lambda name: name.endswith(".manifest")):
                self._remove(name)
        read.messages += settled

    def _outcome(
        self, message: str, names: Sequence[str], reception: Reception, at: datetime
    ) -> Outcome | None:
        """What became of a message, which may have been settled before; None where it waits."""
        known = reception.outcome_of(message, partner=self.between.partner)
        if isinstance(known, Stated):
            return known
        return self._taken(message, reception, at) if self._is_whole(message, names) else None

    def _taken(self, message: str, reception: Reception, at: datetime) -> Outcome:
        """What became of a message whose files are all there."""
        frame = self._frame(f"{message}.envelope")
        self._checked(frame, f"{message}.envelope", None)
        partner = self.between.partner
        outcome = reception.receive([frame], partner=partner, at=at)[0]
        while isinstance(outcome, Wanted):
            part = outcome.parts[0]
            with opened(self.folders.into / f"{message}.part-{part.number}") as sealed:
                sealed.seek(part.from_segment * SEALED_SEGMENT_LENGTH)
                answer = reception.take_part(
                    message, part.number, part.from_segment, sealed, partner=partner, at=at
                )
            if answer == outcome:
                raise PartsDifferError
            outcome = answer
        return outcome

    def _is_whole(self, message: str, names: Sequence[str]) -> bool:
        """Whether everything is here that the manifest names, in its full length."""
        if f"{message}.manifest" not in names:
            return False
        sizes = self._manifest(message)
        return all(
            name in names and size_of(self.folders.into / name) == size
            for name, size in sizes.items()
        )

    def _manifest(self, message: str) -> dict[str, int]:
        path = self.folders.into / f"{message}.manifest"
        unfit = FileNotOursError(**self._why("its manifest cannot be read"))
        if size_of(path) > LARGEST_MANIFEST:
            raise unfit
        with opened(path) as file:
            try:
                files = json.loads(file.read())["files"]
                sizes = {str(name): int(size) for name, size in files.items()}
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise unfit from error
        named = all(name.startswith(f"{message}.") for name in sizes)
        if f"{message}.envelope" not in sizes or len(sizes) > wire.PARTS + 1 or not named:
            raise unfit
        return sizes

    def _frame(self, name: str) -> bytes:
        path = self.folders.into / name
        if size_of(path) > LARGEST_FRAME:
            raise FileNotOursError(**self._why("it is larger than any envelope"))
        with opened(path) as file:
            return file.read()

    def _checked(self, frame: bytes, name: str, payload_type: str | None) -> FrameHeader:
        header = read_header(frame)
        if header.sender != self.between.partner or header.recipient != self.between.own:
            raise FileNotOursError(**self._why("it goes between other administrations"))
        other = payload_type is not None and header.payload_type != payload_type
        if not name.startswith(f"{header.message}.") or other:
            raise FileNotOursError(**self._why("it is not what its name says"))
        return header

    # Putting aside and removing

    @contextmanager
    def _refusing(self, names: Sequence[str], read: Read) -> Iterator[None]:
        try:
            yield
        except (InvalidInputError, VerificationError) as error:
            for name in names:
                self._refuse(name, error, read)

    def _refuse(self, name: str, error: ComityError, read: Read) -> None:
        """Put the file aside; a new one of the same name does not replace an older one."""
        aside = self.folders.into / REFUSED
        aside.mkdir(exist_ok=True)
        if aside.is_symlink():  # whoever shares the folder would choose where files of ours go
            raise FolderUnusableError(**self._why(f"{REFUSED} in it is a link"))
        kept, count = name, 0
        while (aside / kept).exists():
            count += 1
            kept = f"{name}~{count}"
        with Appearing(aside) as files:
            files.write(f"{kept}.reason", f"{error.code}\n{error}\n{error.advice()}\n".encode())
        with suppress(FileNotFoundError):
            os.replace(self.folders.into / name, aside / kept)
        read.refused.append(RefusedFile(name, error.code))

    def _remove(self, name: str) -> None:
        (self.folders.into / name).unlink(missing_ok=True)

    def _forget(self, names: Sequence[str]) -> None:
        """Remove files of ours, a manifest first: without it the others are no message."""
        for name in sorted(names, key=lambda name: not name.endswith(".manifest")):
            (self.folders.out / name).unlink(missing_ok=True)

    def _why(self, obstacle: str) -> dict[str, object]:
        return {"partner": self.between.partner, "obstacle": obstacle}

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = self._why(error.strerror or type(error).__name__)
            raise FolderUnusableError(**why) from error


@dataclass(slots=True)
class _Lying:
    """What lies in a folder, by what it is."""

    messages: dict[str, list[str]] = field(default_factory=dict)
    """Names by the id of the message."""
    evidences: dict[str, str] = field(default_factory=dict)
    """Name by the digest of the evidence."""
    heard: dict[str, str] = field(default_factory=dict)
    """Likewise."""
    strange: list[str] = field(default_factory=list)

    def sort_in(self, name: str, *, plain: bool) -> None:
        """Put one name where it belongs; a link or a device belongs nowhere."""
        if plain and (found := _MESSAGE_FILE.fullmatch(name)):
            self.messages.setdefault(found[1], []).append(name)
        elif plain and (found := _EVIDENCE_FILE.fullmatch(name)):
            self.evidences[found[2]] = name
        elif plain and (found := _HEARD_FILE.fullmatch(name)):
            self.heard[found[1]] = name
        else:
            self.strange.append(name)


def _lying_in(folder: Path) -> _Lying:
    """One look at the folder. Hidden files are somebody's unfinished ones, folders are nobody's."""
    lying = _Lying()
    with os.scandir(folder) as entries:
        found = [
            (entry.name, entry.is_file(follow_symlinks=False))
            for entry in entries
            if not entry.name.startswith(".") and not entry.is_dir(follow_symlinks=False)
        ]
    for name, plain in sorted(found):
        lying.sort_in(name, plain=plain)
    return lying


def _message_of(statement: bytes) -> str:
    """Of which message a signed evidence speaks; whether it is to be believed is not asked."""
    return evidence.read_evidence(read_signed(statement, evidence.PAYLOAD_TYPE).payload).message


def _some(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """A few at a time: they share the waits for the disk."""
    return (names[start : start + TOGETHER] for start in range(0, len(names), TOGETHER))
