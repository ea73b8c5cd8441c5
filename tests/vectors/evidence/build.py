# SPDX-License-Identifier: Apache-2.0
"""Makes a package of the present format; run once for each format, and never again for an old one.

    python -m tests.vectors.evidence.build package-1.asice

A file that exists is not written over: later releases must verify what earlier ones made.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.evidence_packages import a_package, made_item

FOLDER = Path(__file__).parent


def main(name: str) -> None:
    """Write the package, and the root that vouches for it."""
    made = a_package(items=(made_item(1), made_item(2)))
    with (FOLDER / name).open("xb") as file:
        file.write(made.write())
    (FOLDER / name).with_suffix(".pem").write_bytes(made.sealer.root.pem)


if __name__ == "__main__":
    main(sys.argv[1])
