# SPDX-License-Identifier: Apache-2.0
"""Verifying a file that anybody hands in: by `verify.py`, in a child process with limits.

The file is a stranger's. Whatever it makes its reader do ends with the child: it has little
memory, little time and no way to start anything, and at most a few of them run at once.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from comity.catalogues import N_, translate
from comity.errors import InvalidInputError, PeerError

LONGEST_FILE = 128 << 20
"""Bytes of a file that are verified here, in memory; what is larger needs the one file itself."""
SECONDS = 60
MEMORY = 1 << 30
MOST_AT_ONCE = 2
LONGEST_ANCHORS = 1 << 20
_PIECE = 1 << 20
ANCHORS_UNREADABLE = 3
"""How the child ends where what is trusted cannot be read."""
BUSY_WORDS = N_("Try again in a minute, or verify it on your own machine with the file verify.py.")


class FileTooLongError(InvalidInputError):
    """The file is longer than this page verifies."""

    code = "verification-file-too-long"
    message = N_("The file has more than {most} bytes, which is the most that is verified here.")
    remedy = N_("Verify it on your own machine with the file verify.py, which has no such limit.")


class VerificationBusyError(PeerError):
    """Others are having files verified right now."""

    code = "verification-busy"
    message = N_("{count} files are being verified already, and no more than that at once.")
    remedy = BUSY_WORDS


class AnchorsUnreadableError(InvalidInputError):
    """What is to be trusted is no certificate."""

    code = "verification-anchors-unreadable"
    message = N_("What you trust could not be read: expected certificates in PEM.")
    remedy = N_("Give a file of certificates in PEM.")


class VerificationBrokenOffError(PeerError):
    """The child ended without a report."""

    code = "verification-broken-off"
    message = N_("The file could not be verified within {seconds} seconds and {memory} bytes.")
    remedy = N_("Verify it on your own machine with the file verify.py, which has no such limit.")


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step of the procedure with what it found; `state` is the worst of its findings."""

    number: int
    checks: str
    does_not_prove: str
    state: str
    findings: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What `verify.py` reported, in the language that was asked for."""

    holds: bool
    identity: str
    """`proved` where anchors vouch for whose seals these are, otherwise `not-proved`."""
    says: str
    """The same in words."""
    digest: str
    facts: Mapping[str, str]
    steps: tuple[StepReport, ...]

    @property
    def unproved(self) -> bool:
        """Whether something neither holds nor fails, such as who made a seal."""
        return any(step.state == "not-proved" for step in self.steps)


def verified(source: BinaryIO, *, anchors: str = "", language: str = "en") -> VerificationReport:
    """The report on a file, made in a child process; the file is in memory only.

    Raises:
        FileTooLongError: it is longer than what is verified here.
        AnchorsUnreadableError: what is to be trusted cannot be read.
        VerificationBusyError: too many are being verified now.
        VerificationBrokenOffError: the child did not come to its end.
    """
    with _one_of_few(), _in_memory(source) as file:
        command = [sys.executable, "-m", __name__, str(file), language]
        try:
            done = subprocess.run(
                command,
                input=anchors[:LONGEST_ANCHORS].encode(),
                pass_fds=(file,),
                capture_output=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise VerificationBrokenOffError(seconds=SECONDS, memory=MEMORY) from error
    if done.returncode == ANCHORS_UNREADABLE:
        raise AnchorsUnreadableError
    if done.returncode:
        raise VerificationBrokenOffError(seconds=SECONDS, memory=MEMORY)
    return _read(json.loads(done.stdout))


@contextmanager
def _in_memory(source: BinaryIO) -> Iterator[int]:
    """The file as memory that a child can read, and nobody else."""
    file = os.memfd_create("verifying", 0)
    try:
        length = 0
        while piece := source.read(_PIECE):
            length += len(piece)
            if length > LONGEST_FILE:
                raise FileTooLongError(most=LONGEST_FILE)
            os.write(file, piece)
        os.lseek(file, 0, os.SEEK_SET)
        yield file
    finally:
        os.close(file)


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Hold one of the few places, whichever process of the node asks."""
    for number in range(MOST_AT_ONCE):
        place = Path(tempfile.gettempdir()) / f"comity-verifying-{os.getuid()}-{number}"
        file = os.open(place, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                yield
                return
            finally:
                os.close(file)
        os.close(file)
    raise VerificationBusyError(count=MOST_AT_ONCE)


def _read(said: Mapping[str, Any]) -> VerificationReport:  # any: the JSON of our own child
    return VerificationReport(
        holds=said["holds"],
        identity=said["identity"],
        says=said["says"],
        digest=said["sha256"],
        facts=said["facts"],
        steps=tuple(
            StepReport(
                step["step"],
                step["checks"],
                step["does_not_prove"],
                _worst([finding["state"] for finding in step["findings"]]),
                tuple(step["findings"]),
            )
            for step in said["steps"]
        ),
    )


def _worst(states: list[str]) -> str:
    return next((state for state in ("fails", "not-proved") if state in states), "holds")


def main() -> int:
    """The child: read what is trusted, give up everything, verify, print the report as JSON."""
    datetime.strptime("2000", "%Y")  # noqa: DTZ007  # loads its module while files can be read

    from comity.evidence.previewing.confinement import confine
    from comity.evidence.verify import ODD_FORMS, Broken, Trust, read_anchors, verify

    file, language = int(sys.argv[1]), sys.argv[2]
    anchors = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        trust = read_anchors(anchors) if anchors.strip() else Trust()
    except (Broken, *ODD_FORMS):
        return ANCHORS_UNREADABLE
    translate(BUSY_WORDS, language)  # the catalogue is read while files can be
    with os.fdopen(file, "rb") as source:
        confine(most_memory=MEMORY >> 20, most_seconds=SECONDS)
        report = verify(source, trust)
        sys.stdout.write(json.dumps(report.as_dict(lambda text: translate(text, language))))
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
