# SPDX-License-Identifier: Apache-2.0
"""The two nodes of `comity training run`: Northland's, and its partner Southland's beside it.

Both are whole nodes in folders of their own, with ports counted from one. Northland's runs in the
process that was started; Southland's is a child that is started again when it dies, for the
story kills it. No framework here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.agreements.domestic_law import sign_law
from comity.sealing.keys import SigningKey
from comity.server.environment import read_environment, without_settings
from comity.server.node.home import Home
from comity.server.node.making import MadeNode, make_node

MADE_UP = Path(__file__).parent / "made_up"
LAWS = "domestic_law"
FIRST_PORT = 8001
LOCAL_PORTS_FROM = 10
EXCHANGE_PORTS_FROM = 20
PAUSE_BEFORE_RESTART = 1.0


@dataclass(frozen=True, slots=True)
class TrainingNode:
    """One of the two, and how it is set."""

    code: str
    name: str
    home: Path
    settings: Mapping[str, str]

    @property
    def port(self) -> str:
        """Where its pages are."""
        return self.settings["COMITY_PORT"]

    @property
    def address(self) -> str:
        """Its pages for programs, whatever resolves names here."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def public_address(self) -> str:
        """Its pages for people: a host of its own, so that each node has its own cookies."""
        return self.settings["COMITY_PUBLIC_URL"]

    def variables(self) -> dict[str, str]:
        """What a command of this node is started with."""
        return without_settings(os.environ) | dict(self.settings) | {"COMITY_HOME": str(self.home)}

    def command(self, *words: str) -> list[str]:
        """The words that start `comity` here."""
        return [sys.executable, "-m", "comity.cli", *words]


def training_nodes() -> tuple[TrainingNode, TrainingNode]:
    """Northland's node in the folder that is set, Southland's beside it."""
    home = read_environment().home
    first = int(os.environ.get("COMITY_PORT", FIRST_PORT))
    local = int(os.environ.get("COMITY_LOCAL_PORT", first + LOCAL_PORTS_FROM))
    exchange = int(os.environ.get("COMITY_EXCHANGE_PORT", first + EXCHANGE_PORTS_FROM))
    ports = [(first + n, local + n, exchange + n) for n in range(2)]
    return (
        _node("XN", "Northland", "blue", home, ports[0]),
        _node("XS", "Southland", "rust", home.with_name(f"{home.name}-southland"), ports[1]),
    )


def _node(
    code: str, name: str, accent: str, home: Path, ports: tuple[int, int, int]
) -> TrainingNode:
    web, local, exchange = ports
    return TrainingNode(
        code,
        name,
        home,
        {
            "COMITY_TRAINING": "true",
            "COMITY_ADMINISTRATION": code,
            "COMITY_NODE_NAME": f"{name} training node",
            "COMITY_ACCENT": accent,
            "COMITY_PORT": str(web),
            "COMITY_LOCAL_PORT": str(local),
            "COMITY_PUBLIC_URL": f"http://{name.lower()}.localhost:{web}",
            "COMITY_EXCHANGE_PORT": str(exchange),
            "COMITY_EXCHANGE_URL": f"https://127.0.0.1:{exchange}",
            "COMITY_OUTBOUND_PRIVATE": "true",
        },
    )


def recovery_key_of(node: TrainingNode) -> Path:
    """Where the key that opens its backups is written."""
    return node.home.with_name(f"{node.home.name}-recovery-key.pem")


def is_made(node: TrainingNode) -> bool:
    """Whether the node is there already."""
    return Home.of(read_environment(node.variables())).made


def make(node: TrainingNode) -> MadeNode:
    """Make the node, with its made-up law."""
    environment = read_environment(node.variables())
    key = recovery_key_of(node)
    key.unlink(missing_ok=True)
    made = make_node(environment, settings=dict(node.settings), recovery_key_file=key)
    _enact(node)
    return made


def _enact(node: TrainingNode) -> None:
    """Sign the made-up law with a key that is forgotten at once, and trust that key."""
    folder = node.home / LAWS
    folder.mkdir(mode=0o700, exist_ok=True)
    law = Path(shutil.copy(MADE_UP / f"{node.code.lower()}.yaml", folder))
    key = SigningKey.make()
    trusted = folder / f"{key.public.key_id}.pub"
    key.public.save(trusted)
    sign_law(law, key)


class Keeper:
    """Keeps Southland's node running beside this process until it is told to stop."""

    def __init__(self, node: TrainingNode) -> None:
        self.node = node
        self.stopping = threading.Event()
        self.running: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep, name="southland", daemon=True)

    def __enter__(self) -> Keeper:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                self.running.terminate()
        self.thread.join(60)

    def _keep(self) -> None:
        while not self.stopping.is_set():
            self.running = subprocess.Popen(
                self.node.command("node", "run", "--log", str(self.node.home / "node.log")),
                env=self.node.variables(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches the keeper, which ends it in order
            )
            self.running.wait()
            self.stopping.wait(PAUSE_BEFORE_RESTART)
