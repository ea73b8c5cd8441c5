# SPDX-License-Identifier: Apache-2.0
"""A token in software, for the tests alone: SoftHSM with a store of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from comity.sealing.token import Token

PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
PIN = "123456"


def token_library() -> Path:
    """The library of SoftHSM; skips the test, and says so, where it is not here."""
    found = next((Path(place) for place in PLACES if Path(place).exists()), None)
    if found is None or shutil.which("softhsm2-util") is None or find_spec("pkcs11") is None:
        pytest.skip("TOKEN TESTS SKIPPED: softhsm2 or python-pkcs11 is not installed")
    return found


def configure(folder: Path) -> None:
    """Let SoftHSM of this process keep its tokens in this folder; once, before it is loaded."""
    tokens = folder / "tokens"
    tokens.mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)


def make_token(label: str) -> Token:
    """A fresh token."""
    library = token_library()
    subprocess.run(
        [
            *("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN),
            *("--so-pin", "87654321", "--module", str(library)),
        ],
        check=True,
        capture_output=True,
    )
    import pkcs11

    pkcs11.lib(str(library)).reinitialize()  # it lists what tokens there are only once
    return Token(library, label, PIN)
