# SPDX-License-Identifier: Apache-2.0
"""Tools that we did not write agree on a package: unzip's and xmlsec1's and the JDK's readings."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.support.evidence_packages import Made, a_package
from tests.support.pilot_seals import java_verifies, tool, xmlsec_verifies


def unpacked(made: Made, folder: Path, *, altered: str = "") -> Path:
    """The package as anybody unpacks it, with the root that the reader trusts."""
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        archive.extractall(folder)
    (folder / "root.crt").write_bytes(made.sealer.root.pem)
    (folder / "issuing.crt").write_bytes(made.sealer.chain.certificates[1].pem)
    if altered:
        content = bytearray((folder / altered).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / altered).write_bytes(content)
    return folder


@pytest.mark.slow
def test_xmlsec1_and_the_jdk_find_the_seal_good_and_every_altered_file_bad(tmp_path: Path) -> None:
    tool("xmlsec1")
    tool("java")
    made = a_package()
    made.write()
    names = ("", "package.json", "items/0001/content.bin", "statements/0001/leaves.json")
    folders = [
        unpacked(made, tmp_path / str(number), altered=name) for number, name in enumerate(names)
    ]

    expected = [True, False, False, False]
    assert [xmlsec_verifies(folder) for folder in folders] == expected
    assert java_verifies(folders) == expected
