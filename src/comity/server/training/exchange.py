# SPDX-License-Identifier: Apache-2.0
"""The exchange in the training nodes' story: two nodes meet, send, one is killed, nothing is lost.

Every step is a command that an officer could type, so that the story shows how it is done. Once
the message is on its way and part of its file has arrived, every process of Southland's node is
killed at once, its database too, as a power cut would; the keeper starts it again.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comity.catalogues import N_, translate
from comity.server.environment import read_environment
from comity.server.node import processes
from comity.server.node.home import Home
from comity.server.training.nodes import TrainingNode
from comity.server.training.preparing import AGREEMENT, token_file

FILE_BYTES = 50 * 1024 * 1024
ENOUGH_TO_KILL = 8 * 1024 * 1024
KIND = "exchange.note/1"
READY_SECONDS = 240.0
LOOK_EVERY = 0.005
ARRIVED = ("relayed", "delivered", "opened")

NO_PARTNER_TOLD = N_("Southland's node did not answer, so no message was sent: {obstacle}")
MET_TOLD = N_(
    "Northland and Southland exchanged cards and compared fingerprints: {ours} and {theirs}."
)
SENT_TOLD = N_("Casey sent a note with a file of {megabytes} MB to Southland under {agreement}:")
KILLED_TOLD = N_(
    "With {arrived} MB of it arrived, every process of Southland's node was killed ({killed} "
    "processes, the database among them)."
)
WHOLE_TOLD = N_(
    "Southland's node was started again and asked for the rest only; the file is whole there, "
    "once, with the same digest {digest}…"
)
KNOWN_TOLD = N_("Southland has the file from an earlier run and did not ask for it again.")
LEDGER_TOLD = N_("{name}: {reference}, {state}; evidences: {evidences}")
JOURNALS_TOLD = N_("Both journals verify: {ours} and {theirs} entries.")


@dataclass(frozen=True, slots=True)
class Side:
    """The message as one node's ledger has it."""

    name: str
    address: str
    reference: str
    state: str
    evidences: tuple[str, ...]
    digest: str
    entries: int
    """In its journal, which was verified."""


@dataclass(frozen=True, slots=True)
class ExchangeTold:
    """What the story tells of the exchange."""

    obstacle: str = ""
    """Why nothing was sent; everything else is empty then."""
    fingerprints: tuple[str, str] = ("", "")
    command: str = ""
    killed: int = 0
    arrived: int = 0
    """Bytes that had arrived when Southland's node was killed."""
    ours: Side | None = None
    theirs: Side | None = None


class NoAnswerError(Exception):
    """A training node did not do what the story asked of it; the text is its own."""


def done(northland: TrainingNode, southland: TrainingNode) -> ExchangeTold:
    """Let the two nodes meet and exchange a message, and kill one in the middle."""
    try:
        return _done(northland, southland)
    except NoAnswerError as error:
        return ExchangeTold(obstacle=str(error))


def _done(northland: TrainingNode, southland: TrainingNode) -> ExchangeTold:
    _wait_until_ready(southland)
    run_command(southland, sys.executable, "-m", "comity.server.training", "--prepare")
    fingerprints = _meet(northland, southland)
    file = _file(northland.home / "training")
    words = (
        "send", str(file), "--to", southland.code, "--kind", KIND, "--under", AGREEMENT,
        "--supply", "--form", "SPONTANEOUS", "--purpose", "ADMIN_ENQUIRY",
        "--class", "TRANSPORT_DOCUMENT",
    )  # fmt: skip
    with PowerCut(southland) as cut:
        reference = str(_as_casey(northland, *words)["reference"])
        _wait_until_arrived(northland, reference)
    _wait_until_ready(southland)
    ours = _side(northland, reference)
    return ExchangeTold(
        fingerprints=fingerprints,
        command=" ".join(["comity", *(file.name if word == str(file) else word for word in words)]),
        killed=cut.killed,
        arrived=cut.arrived,
        ours=ours,
        theirs=_side(southland, _same(southland, ours.digest)),
    )


# Meeting


def _meet(northland: TrainingNode, southland: TrainingNode) -> tuple[str, str]:
    """Exchange cards by file, and confirm each by the fingerprint that the other one tells."""
    ours, theirs = _invite(northland), _invite(southland)
    for node, card in ((northland, theirs), (southland, ours)):
        partner = southland.code if node is northland else northland.code
        known = {one["code"]: one["state"] for one in answer_of(node, "partner", "list")["items"]}
        if known.get(partner) != "active":
            answer_of(node, "partner", "accept", card["file"], "--fingerprint", card["fingerprint"])
    return ours["fingerprint"], theirs["fingerprint"]


def _invite(node: TrainingNode) -> dict[str, Any]:
    card = node.home / "training" / f"card-of-{node.code.lower()}.json"
    card.unlink(missing_ok=True)
    return answer_of(node, "partner", "invite", "--to", str(card))


# Sending


def _file(folder: Path) -> Path:
    """A file of noise, the same in every run: whoever has it once need not be sent it again."""
    file = folder / "scan-of-a-manifest.bin"
    if not file.exists() or file.stat().st_size != FILE_BYTES:
        file.write_bytes(random.Random(FILE_BYTES).randbytes(FILE_BYTES))
    return file


class PowerCut:
    """Kills a node, once, as soon as enough of a part has arrived there.

    It looks while others work, for a part of this size is there within a second. Nothing is killed
    where the file is there already: then nothing of it travels.
    """

    def __init__(self, node: TrainingNode) -> None:
        self.node = node
        self.killed = 0
        """How many processes."""
        self.arrived = 0
        """Bytes that were there at that moment."""
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PowerCut:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.done.wait(LOOK_EVERY):
            self.arrived = _arriving(self.node)
            if self.arrived >= ENOUGH_TO_KILL:
                self.killed = _kill(self.node)
                return


def _arriving(node: TrainingNode) -> int:
    """Bytes of parts that are not whole yet."""
    folder = Home.of(read_environment(node.variables())).blobs / "arriving"
    total = 0
    with contextlib.suppress(FileNotFoundError):
        for path in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                total += path.stat().st_size
    return total


def _kill(node: TrainingNode) -> int:
    """Kill every process of the node, the supervisor first, so that it mends nothing."""
    noted = processes.noted(Home.of(read_environment(node.variables())))
    noted.sort(key=lambda process: process.name != "supervisor")
    victims = [pid for process in noted for pid in processes.members(process)]
    for pid in [*(process.pid for process in noted if process.alive), *victims]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len({*victims, *(process.pid for process in noted)})


# Looking


def _side(node: TrainingNode, reference: str) -> Side:
    message = _as_casey(node, "message", "show", reference)
    journal = answer_of(node, "journal", "verify")
    return Side(
        name=node.name,
        address=f"{node.public_address}/exchange/messages/{reference}/",
        reference=reference,
        state=message["state"],
        evidences=tuple(each["kind"] for each in message["evidences"]),
        digest=message["files"][0]["digest"],
        entries=journal["entries"],
    )


def _same(node: TrainingNode, digest: str) -> str:
    """The reference of the latest message with a part of this digest."""
    found = _as_casey(node, "message", "list", digest)["items"]
    if not found:
        raise NoAnswerError(f"{node.name}: no message with {digest[:16]}…")
    return str(found[0]["reference"])


def _state(node: TrainingNode, reference: str) -> str:
    return str(_as_casey(node, "message", "show", reference)["state"])


def _wait_until_arrived(node: TrainingNode, reference: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while (state := _state(node, reference)) not in ARRIVED:
        if time.monotonic() > until:
            raise NoAnswerError(f"{reference}: {state}")
        time.sleep(0.5)


def _wait_until_ready(node: TrainingNode) -> None:
    address = f"http://127.0.0.1:{node.settings['COMITY_LOCAL_PORT']}/health/ready"
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise NoAnswerError(f"{node.name}: not ready after {READY_SECONDS:.0f} s")


def _as_casey(node: TrainingNode, *words: str) -> dict[str, Any]:
    """The answer to the node's case officer."""
    return answer_of(node, *words, "--token-file", str(token_file(node.home)))


def answer_of(node: TrainingNode, *words: str) -> dict[str, Any]:
    """What a command of this node answers a program."""
    answer: dict[str, Any] = json.loads(run_command(node, *node.command(*words, "--json")))
    return answer


def run_command(node: TrainingNode, *words: str) -> str:
    """What a process with this node's settings prints; its complaint as an error."""
    ran = subprocess.run(words, env=node.variables(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NoAnswerError((ran.stderr or ran.stdout).strip()[-2000:])
    return ran.stdout


# Telling


def lines(told: ExchangeTold, language: str) -> Iterator[str]:
    """The exchange in words, line by line."""

    def say(template: str, **facts: object) -> str:
        return translate(template, language).format(**facts)

    if told.ours is None or told.theirs is None:
        yield say(NO_PARTNER_TOLD, obstacle=told.obstacle)
        return
    yield say(MET_TOLD, ours=told.fingerprints[0], theirs=told.fingerprints[1])
    yield say(SENT_TOLD, megabytes=FILE_BYTES // 1024**2, agreement=AGREEMENT)
    yield f"  {told.command}"
    if told.killed:
        yield say(KILLED_TOLD, arrived=told.arrived // 1024**2, killed=told.killed)
        yield say(WHOLE_TOLD, digest=told.theirs.digest[:16])
    else:
        yield say(KNOWN_TOLD)
    for side in (told.ours, told.theirs):
        evidences = ", ".join(side.evidences)
        yield say(
            LEDGER_TOLD,
            name=side.name,
            reference=side.reference,
            state=side.state,
            evidences=evidences,
        )
        yield f"  {side.address}"
    yield say(JOURNALS_TOLD, ours=told.ours.entries, theirs=told.theirs.entries)
