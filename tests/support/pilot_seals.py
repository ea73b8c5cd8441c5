# SPDX-License-Identifier: Apache-2.0
"""A pilot authority made in memory, seals made with it, and other people's tools to verify them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

import pytest

from comity.sealing.seal_certificates import (
    CertificateUse,
    SealCertificate,
    SealKey,
    issue_pilot_certificate,
    make_pilot_root,
    make_revocation_list,
)
from comity.sealing.timestamps import Stamp, make_stamp
from comity.sealing.xml_seals import SIGNATURE_FILE, SealChain, digest_of, seal_xml

AT = datetime.now(UTC).replace(microsecond=0)
"""Today: openssl, xmlsec1 and the JDK look at certificates by their own clock."""
MONTH = timedelta(days=30)
JAVA = Path(__file__).parent.parent / "sealing" / "VerifyXades.java"


@dataclass(frozen=True)
class Pilot:
    """An authority with every key open, for tests only."""

    at: datetime
    root_key: SealKey
    issuing_key: SealKey
    seal_key: SealKey
    stamp_key: SealKey
    root: SealCertificate
    issuing: SealCertificate
    seal: SealCertificate
    stamp: SealCertificate

    @cached_property
    def chain(self) -> SealChain:
        """What stands behind the seal, with a list of each authority."""
        lists = (
            make_revocation_list(
                {}, issuer=issuer, issuer_key=key, number=1, at=self.at, next_at=self.at + MONTH
            )
            for issuer, key in ((self.issuing, self.issuing_key), (self.root, self.root_key))
        )
        return SealChain((self.seal, self.issuing, self.root), tuple(lists), (self.stamp,))

    def stamped(self, digest: bytes) -> Stamp:
        """A stamp over a digest."""
        return make_stamp(
            digest, key=self.stamp_key, certificate=self.stamp, serial=2**64 + 7, at=self.at
        )

    def sealed(self, files: Mapping[str, bytes]) -> bytes:
        """The file of signatures over these files."""
        digests = {name: digest_of(content) for name, content in files.items()}
        return seal_xml(
            digests, key=self.seal_key, chain=self.chain, at=self.at, stamp=self.stamped
        )

    def unpacked(self, folder: Path, files: Mapping[str, bytes]) -> Path:
        """A folder with these files, sealed, and the authority's certificates."""
        for name, content in {**files, SIGNATURE_FILE: self.sealed(files)}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        (folder / "root.crt").write_bytes(self.root.pem)
        (folder / "issuing.crt").write_bytes(self.issuing.pem)
        return folder


def make_pilot(at: datetime = AT, holder: str = "Northland") -> Pilot:
    """A new authority, made at an instant."""
    keys = [SealKey.make() for _ in range(4)]
    root = make_pilot_root(keys[0], holder=holder, at=at)
    issuing = _issued(CertificateUse.ISSUING, keys[1], root, keys[0], at, holder)
    seal = _issued(CertificateUse.SEAL, keys[2], issuing, keys[1], at, holder)
    stamp = _issued(CertificateUse.STAMP, keys[3], issuing, keys[1], at, holder)
    return Pilot(at, *keys, root, issuing, seal, stamp)


@cache
def pilot() -> Pilot:
    """The one authority of a test run that is valid today."""
    return make_pilot()


def tool(name: str) -> str:
    """The path of somebody else's tool; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"the command {name} is not installed")
    return found


def ran(name: str, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a tool said in a folder."""
    command = [tool(name), *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )


def xmlsec_verifies(folder: Path) -> bool:
    """Whether xmlsec1 finds the seal of an unpacked container good up to our root."""
    identifier = "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
    said = ran(
        "xmlsec1", "--verify", "--trusted-pem", "root.crt", *identifier, SIGNATURE_FILE,
        folder=folder,
    )  # fmt: skip
    return said.returncode == 0


def java_verifies(folders: list[Path]) -> list[bool]:
    """Whether the JDK finds each of the seals good: one start of it for all."""
    said = ran("java", "-XX:TieredStopAtLevel=1", JAVA, *folders, folder=folders[0])
    assert said.returncode == 0, said.stderr
    return [line == "valid" for line in said.stdout.splitlines()]


def openssl_verifies_stamp(folder: Path, content: bytes, token: bytes) -> bool:
    """Whether openssl finds that the token stamps this content, by our root."""
    (folder / "stamped").write_bytes(content)
    (folder / "stamp.der").write_bytes(token)
    said = ran(
        "openssl", "ts", "-verify", "-data", "stamped", "-in", "stamp.der", "-token_in",
        "-CAfile", "root.crt", "-untrusted", "issuing.crt", folder=folder,
    )  # fmt: skip
    return said.returncode == 0


def _issued(
    use: CertificateUse,
    key: SealKey,
    issuer: SealCertificate,
    issuer_key: SealKey,
    at: datetime,
    holder: str,
) -> SealCertificate:
    return issue_pilot_certificate(
        use, key.public_pem, holder=holder, issuer=issuer, issuer_key=issuer_key, at=at
    )
