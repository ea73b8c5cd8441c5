# SPDX-License-Identifier: Apache-2.0
"""The ports of the Container Security Initiative: where containers were screened before loading.

A port belongs to the declaration of principles with its country (`instrument`, a reference in the
register). The table is `data/container_security_ports.csv`; a port that is only recalled says so.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PORTS_FILE = Path(__file__).parent / "data" / "container_security_ports.csv"


@dataclass(frozen=True, slots=True)
class Port:
    """A port with its UN/LOCODE, and the day from which it took part as far as it is known."""

    unlocode: str
    name: str
    country: str
    instrument: str
    """The declaration of principles under which it takes part, by its reference."""
    operational_from: str
    """YYYY-MM-DD or YYYY-MM; empty when not known. It says nothing of today."""
    confidence: str
    source: str


@cache
def container_security_ports() -> tuple[Port, ...]:
    """Every port, by country and name."""
    with PORTS_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(Port(**row) for row in csv.DictReader(lines))


def ports_of(instrument: str) -> tuple[Port, ...]:
    """The ports that take part under this declaration of principles."""
    return tuple(port for port in container_security_ports() if port.instrument == instrument)
