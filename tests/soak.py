# SPDX-License-Identifier: Apache-2.0
"""`make soak`: the randomised run of the exchange with as many messages as there is time for.

python -m tests.soak --messages 100000 --seed 7
"""

from __future__ import annotations

import argparse
import sys
from random import SystemRandom

from tests.support.random_faults import Run, faulty_pair, planned

BURST = 60
"""Messages of a step, in the middle."""


def main() -> int:
    """Run, say how it goes, and say in a line what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else SystemRandom().randrange(10**6)
    print(f"seed {seed}, {given.messages} messages", flush=True)
    with faulty_pair() as (pair, networks):
        run = Run(seed, pair, networks, report=lambda line: print(line, flush=True))
        run.go(planned(seed, given.messages, burst=BURST))
    if run.wrong:
        print(run.failure(f"make soak SOAK={given.messages} SEED={seed}"))
        return 1
    print(run.summary)
    return 0


if __name__ == "__main__":
    sys.exit(main())
