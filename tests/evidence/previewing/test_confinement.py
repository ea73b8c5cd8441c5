# SPDX-License-Identifier: Apache-2.0
"""A confined process keeps its pipes, and nothing else that it could do harm with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from comity.evidence.previewing.frames import Layer

CONFINED = """
import ctypes, os, socket, sys, time
from comity.evidence.previewing.confinement import confine
layers = confine(most_memory=512, most_seconds=1)
try:
    {attempt}
except BaseException as error:
    os.write(1, b"refused " + type(error).__name__.encode())
else:
    os.write(1, b"done %d" % layers)
os._exit(0)
"""
SIGSYS, SIGXCPU = 31, 24


def attempt(what: str) -> tuple[int, str]:
    """The end of a process that tries this once it is confined, and what it said."""
    ended = subprocess.run(
        [sys.executable, "-I", "-c", CONFINED.format(attempt=what)],
        env={},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return -ended.returncode, ended.stdout.decode()


def test_the_layers_that_matter_hold() -> None:
    ended, said = attempt("pass")

    assert ended == 0
    layers = Layer(int(said.removeprefix("done ")))
    assert Layer.LIMITS | Layer.CALLS in layers


@pytest.mark.parametrize(
    "what",
    [
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
        "os.fork()",
        "os.kill(1, 0)",
        "os.execv('/bin/true', ['true'])",
        "ctypes.CDLL(None).ptrace(0, 0, 0, 0)",
        "ctypes.CDLL(None).unshare(0x10000000)",
    ],
)
def test_reaching_out_ends_it(what: str) -> None:
    ended, said = attempt(what)

    assert ended == SIGSYS
    assert said == ""


@pytest.mark.parametrize(
    "what",
    [
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "os.listdir('/')",
        "os.open('/tmp/left-behind', os.O_CREAT | os.O_WRONLY)",
        "os.dup(1)",
        "os.setuid(0)",
        "bytearray(600 << 20)",
    ],
)
def test_everything_else_is_refused(what: str) -> None:
    ended, said = attempt(what)

    assert ended == 0
    assert said.startswith("refused ")


@pytest.mark.slow
def test_a_process_that_never_ends_is_ended() -> None:
    ended, said = attempt("exec('while True: pass')")

    assert ended in (SIGXCPU, 9)
    assert said == ""


def test_it_inherits_no_open_file(tmp_path: Path) -> None:
    """What the node holds open, and lets others inherit, is closed for the child."""
    secret = os.open(tmp_path / "secret", os.O_CREAT | os.O_RDWR)
    os.set_inheritable(secret, True)  # noqa: FBT003 - its own name
    try:
        ended, said = attempt(f"os.read({secret}, 1)")
    finally:
        os.close(secret)

    assert ended == 0
    assert said == "refused OSError"
