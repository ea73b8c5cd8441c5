# SPDX-License-Identifier: Apache-2.0
"""The envelope's whole way in memory, beside the Python package as4 in an environment of its own.

as4 0.2 needs another release of the cryptography library, so it is installed, once, into a
virtual environment in the user's cache folder. Where that cannot be done, the measurement says so
and leaves the peer's figures empty.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from bench.measurement import Figure, Measurement

PEER = "as4==0.2.0"
ROUNDS = 3
SECONDS = ("3", "4")
MOST_SECONDS = 600
FOLDER = Path(__file__).parent


def run() -> Measurement:
    """Measure both sides in turns, each in a process of its own."""
    peer = _peer_python()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_measured([sys.executable, "-m", "bench.envelope_path"]))
        if peer is not None:
            theirs.append(_measured([str(peer), str(FOLDER / "as4_path.py")]))
    how = (
        "Build, sign, encrypt; parse, verify, decrypt, sign a receipt; verify the receipt: in "
        "memory, one core, the median of three processes in turns. Ours signs with Ed25519 and "
        "seals with X25519 and AES-256-GCM; the peer has RSA of 2048 bits and AES-128-GCM. The "
        "10 kB are records in the body (JSON) and an XML document; the 8 MB are an XML document."
    )
    if peer is None:
        how += f" **The peer {PEER} could not be installed here: its figures are missing.**"
    return Measurement("An envelope's whole way", how, _figures(ours, theirs))


def _figures(ours: list[dict[str, object]], theirs: list[dict[str, object]]) -> tuple[Figure, ...]:
    rows = (
        ("10 kB, the whole way", "short", None, "ms", "≥ 5 times faster (ratio ≤ 0.2)"),
        ("8 MB, the whole way", "long", None, "ms", "≥ 5 times faster (ratio ≤ 0.2)"),
        ("10 kB, most memory of the process", "short_memory", 0, "MiB", ""),
        ("8 MB, most memory of the process", "long_memory", 0, "MiB", ""),
        ("8 MB, of which for the message", "long_memory", 1, "MiB", ""),
    )
    found = []
    for what, name, index, unit, goal in rows:
        value, beside = _median(ours, name, index), _median(theirs, name, index)
        if value is not None:
            found.append(Figure(what, value, unit, PEER.replace("==", " "), beside, goal))
    return tuple(found)


def _median(runs: list[dict[str, object]], name: str, index: int | None) -> float | None:
    values = [found for one in runs if (found := _value(one[name], index)) is not None]
    return statistics.median(values) if values else None


def _value(found: object, index: int | None) -> float | None:
    if index is None:
        return float(str(found)) * 1000
    return float(found[index]) if isinstance(found, list) else None


def _measured(command: list[str]) -> dict[str, object]:
    done = subprocess.run(
        [*command, *SECONDS], cwd=FOLDER.parent, capture_output=True, check=True, timeout=600
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _peer_python() -> Path | None:
    """The interpreter of an environment that has the peer; None, and why, where there is none."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "comity" / f"bench-{PEER.replace('==', '-')}"
    python = folder / "bin" / "python"
    try:
        if not _has_peer(python):
            print(f"bench: installing {PEER} into {folder}", flush=True)
            _quietly([sys.executable, "-m", "venv", "--clear", str(folder)])
            _quietly([str(python), "-m", "pip", "install", "--quiet", PEER])
    except (OSError, subprocess.SubprocessError) as error:
        print(f"bench: {PEER} could not be installed ({error}): no figures of it", flush=True)
        return None
    return python


def _has_peer(python: Path) -> bool:
    if not python.exists():
        return False
    probe = [str(python), "-c", "import as4"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _quietly(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=True, timeout=MOST_SECONDS)
