# SPDX-License-Identifier: Apache-2.0
"""What a site's robots.txt asks of us, read as RFC 9309 says.

The longest rule that fits a path decides, and allowing wins a tie. `*` and `$` are understood
(the standard library's parser takes them literally), without regular expressions, so that no
file can make the matching slow. Fetching the file is `fetching`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PRODUCT = "comity"
LARGEST = 512 * 1024
"""Bytes of the file that are read; RFC 9309 asks for at least 500 KiB."""
KEPT_FOR = timedelta(days=1)
FAILURE_KEPT_FOR = timedelta(minutes=1)
LONGEST_DELAY = 60.0
"""A site that asks for a longer pause between requests is asked this seldom at most."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: a beginning of paths that may, or may not, be asked for."""

    pattern: str
    allows: bool

    def fits(self, path: str) -> bool:
        """Whether the pattern fits the path from its beginning."""
        pattern, anchored = self.pattern.removesuffix("$"), self.pattern.endswith("$")
        first, *others = pattern.split("*")
        if not path.startswith(first):
            return False
        place = len(first)
        last = others.pop() if anchored and others else None
        for part in others:
            found = path.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        if last is not None:
            return path.endswith(last) and len(path) - len(last) >= place
        return not anchored or place == len(path)


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site asks of us, as of an instant."""

    read_at: datetime
    rules: tuple[Rule, ...] = ()
    delay: float = 0
    """Seconds between two requests."""
    reachable: bool = True
    """False where the site could not say: then nothing is asked of it for now."""

    def allow(self, path: str) -> bool:
        """Whether the path, with its query, may be asked for."""
        fitting = [rule for rule in self.rules if rule.fits(path)]
        best = max(fitting, key=lambda rule: (len(rule.pattern), rule.allows), default=None)
        return self.reachable and (best is None or best.allows)

    def stale(self, at: datetime) -> bool:
        """Whether the site is to be asked again what it wants."""
        kept = KEPT_FOR if self.reachable else FAILURE_KEPT_FOR
        return not timedelta(0) <= at - self.read_at < kept


def read_robots(content: bytes, *, at: datetime, product: str = PRODUCT) -> Robots:
    """What this file asks of us: the groups that name us, or else those for everybody."""
    text = content[:LARGEST].decode("utf-8", "replace").removeprefix("\ufeff")
    ours, everybodys = _Group(), _Group()
    named: list[str] = []
    naming = False
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            named = [*named, value.lower()] if naming else [value.lower()]
            naming = True
            for group, name in ((ours, product), (everybodys, "*")):
                group.named |= name in named
        elif key in ("allow", "disallow", "crawl-delay"):
            naming = False
            for group, name in ((ours, product), (everybodys, "*")):
                if name in named:
                    group.take(key, value)
    group = ours if ours.named else everybodys
    return Robots(at, tuple(group.rules), group.delay)


class _Group:
    """The lines for one crawler, gathered."""

    def __init__(self) -> None:
        self.named = False
        self.rules: list[Rule] = []
        self.delay = 0.0

    def take(self, key: str, value: str) -> None:
        if key == "crawl-delay":
            self.delay = _seconds(value)
        elif value:
            self.rules.append(Rule(value, key == "allow"))


def _seconds(value: str) -> float:
    whole = value.partition(".")[0]
    if not (whole.isascii() and whole.isdigit()):
        return 0
    return min(float(whole[:6]), LONGEST_DELAY)
