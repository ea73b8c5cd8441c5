# SPDX-License-Identifier: Apache-2.0
"""What the kit finds: a verdict for each numbered check, and what was expected where one fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.catalogues import N_, said
from comity.errors import ComityError, VerificationError


class Verdict(StrEnum):
    """What became of one check."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_RUN = "not-run"
    """A check that it builds on has failed."""


VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.HOLDS: N_("holds"),
    Verdict.FAILS: N_("fails"),
    Verdict.NOT_RUN: N_("not run"),
}


class NotConformingError(VerificationError):
    """The node under test does something else than the specification says."""

    code = "not-conforming"
    message = N_("Expected {expected}, found {found}.")
    remedy = N_("Read the chapter of reference/wire.md that the check names.")


@dataclass(frozen=True, slots=True)
class Result:
    """One check's verdict."""

    code: str
    """`CNF-n`, permanent."""
    says: str
    """What conforms, marked for translation."""
    verdict: Verdict
    expected: str = ""
    found: str = ""

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """The result as a program reads it."""
        return {
            "code": self.code,
            "says": said(self.says, {}, language),
            "verdict": self.verdict.value,
            "expected": self.expected,
            "found": self.found,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Every result of one run."""

    administration: str
    at: datetime
    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether every check holds."""
        return all(result.verdict is Verdict.HOLDS for result in self.results)

    def failing(self) -> tuple[str, ...]:
        """Codes of the checks that fail."""
        return tuple(each.code for each in self.results if each.verdict is Verdict.FAILS)

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """The report as a program reads it."""
        return {
            "administration": self.administration,
            "at": self.at.isoformat(),
            "conforms": self.conforms,
            "results": [result.as_dict(language) for result in self.results],
        }


def require(holds: bool, *, expected: str, found: object) -> None:  # noqa: FBT001 - an assertion
    """Raise `NotConformingError` unless this holds."""
    if not holds:
        raise NotConformingError(expected=expected, found=found)


def judged(code: str, says: str, check: Callable[[], None]) -> Result:
    """The result of running this check."""
    try:
        check()
    except NotConformingError as error:
        expected, found = str(error.fields["expected"]), str(error.fields["found"])
        return Result(code, says, Verdict.FAILS, expected, found)
    except ComityError as error:
        detail = error.fields.get("problem") or error.fields.get("obstacle") or ""
        found = f"{error.code} {detail}".strip()
        return Result(code, says, Verdict.FAILS, "an answer as it is specified", found)
    except OSError as error:
        found = type(error).__name__
        return Result(code, says, Verdict.FAILS, "a connection that lasts", found)
    return Result(code, says, Verdict.HOLDS)
