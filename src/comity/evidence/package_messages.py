# SPDX-License-Identifier: Apache-2.0
"""What goes with a package of evidence from one administration to another: a body and one part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.exchange.members import CODE, DIGEST, NOTE, Members, filled

PACKAGE = "evidence.package/1"
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class PackageNote:
    """The body of a message that brings a package."""

    package: str
    """As whoever made it calls it."""
    digest: str
    """SHA-256 of the file."""
    text: str = ""
    """What its sender writes to whoever opens it."""

    def body(self) -> dict[str, Any]:
        """The body of the message."""
        return filled({"package": self.package, "digest": self.digest, "text": self.text})


def read_package_note(body: Mapping[str, Any]) -> PackageNote:
    """The note of a body; members that this release does not know are left as they are."""
    members = Members(dict(body), PACKAGE)
    return PackageNote(
        package=members.text("package", CODE, most=24),
        digest=members.text("digest", DIGEST),
        text=members.text_or_none("text", NOTE, most=LONGEST_TEXT),
    )
