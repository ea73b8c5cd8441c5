#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signs a file of domestic law, with a key given or with a new one whose public half is kept.

The private key belongs to the legal service that vouches for the file; it is never shipped.

    python tools/sign_domestic_law.py src/comity/agreements/domestic_law/us.yaml --key legal.pem
    python tools/sign_domestic_law.py src/comity/agreements/domestic_law/us.yaml --new-key legal.pem
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from comity.agreements.domestic_law import read_law, sign_law, trusted_keys
from comity.errors import ComityError
from comity.sealing.keys import SigningKey


def main() -> int:
    """Sign the file and check that it can now be relied upon."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    keys = parser.add_mutually_exclusive_group(required=True)
    keys.add_argument("--key", type=Path, help="the private key, PEM")
    keys.add_argument("--new-key", type=Path, help="where to write a new private key")
    given = parser.parse_args()
    try:
        key = _key(given)
        print(f"signed: {sign_law(given.file, key)}")
        law = read_law(given.file, trusted_keys(given.file.parent))
    except ComityError as error:
        print(f"{error} {error.advice()}", file=sys.stderr)
        return 1
    print(f"verified: the law of {law.administration}, {len(law.grounds)} grounds")
    return 0


def _key(given: argparse.Namespace) -> SigningKey:
    if given.key is not None:
        return SigningKey.load(given.key)
    key = SigningKey.make()
    key.save(given.new_key)
    key.public.save(given.file.parent / f"{key.public.key_id}.pub")
    return key


if __name__ == "__main__":
    sys.exit(main())
