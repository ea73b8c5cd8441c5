# SPDX-License-Identifier: Apache-2.0
"""What a measurement says: figures, each beside a peer or a limit, and the goal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured, and what it stands beside."""

    what: str
    value: float
    unit: str
    beside: str = ""
    """The named peer or physical limit, measured in the same run."""
    beside_value: float | None = None
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """The figure over its peer's, None where it stands alone."""
        return self.value / self.beside_value if self.beside_value else None


@dataclass(frozen=True, slots=True)
class Measurement:
    """A subject measured, with its figures and a sentence on how."""

    subject: str
    how: str
    figures: tuple[Figure, ...]

    def as_markdown(self) -> str:
        """A section of docs/benchmarks.md; without a table where nothing could be measured."""
        if not self.figures:
            return f"## {self.subject}\n\n{self.how}\n"
        rows = "\n".join(
            f"| {f.what} | {number(f.value)} {f.unit} | {f.beside} | "
            f"{number(f.beside_value)} | {number(f.ratio)} | {f.goal} |"
            for f in self.figures
        )
        return (
            f"## {self.subject}\n\n{self.how}\n\n"
            "| what | figure | beside | its figure | ratio | goal |\n"
            f"| --- | --- | --- | --- | --- | --- |\n{rows}\n"
        )


def number(value: float | None) -> str:
    """A figure with three significant digits, empty for none."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
