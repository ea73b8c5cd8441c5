# SPDX-License-Identifier: Apache-2.0
"""`comity verify`: whether a package of evidence, or a sealed PDF, is what was sealed.

The same procedure as the one file `verify.py`, read in the officer's language. It needs no node,
opens no connection and reads no clock.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.catalogues import N_, translate
from comity.errors import InvalidInputError

if TYPE_CHECKING:
    from comity.evidence.verify import Report, Trust

DONE = 0
VERIFIER = "verify.py"


class VerificationFileUnreadableError(InvalidInputError):
    """A file that is to be verified, or what is trusted, cannot be read."""

    code = "verification-file-unreadable"
    message = N_("{path} cannot be read: {obstacle}.")
    remedy = N_("Name the package (.asice) or PDF, and anchors as certificates in PEM.")


class VerificationDayError(InvalidInputError):
    """A day is none."""

    code = "verification-day"
    message = N_("“{day}” is no day: expected one such as 2046-01-31.")
    remedy = N_("Give the day as year, month and day.")


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Register `comity verify`."""
    parser = subparsers.add_parser(
        "verify",
        help=N_("verify a package of evidence or a sealed PDF, offline"),
        description=N_(
            "Goes through the whole procedure of verification and says of each step what was "
            "found, and what that does not prove. Exit 0: all holds, and the anchors given vouch "
            "for whose seals these are; 1: something fails; 3: all holds, but whose seals these "
            "are was not proved."
        ),
        epilog=N_(
            "examples:\n"
            "  comity verify package.asice --anchors trusted.pem\n"
            "  comity verify package.asice --anchors trusted.pem --json\n"
            "  comity verify copy.pdf --anchors trusted.pem --at 2046-01-31 "
            "--renewals renewal-001.json\n"
            "  comity verify --write-verifier verify.py"
        ),
    )
    parser.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", help=N_("the package (.asice) or PDF")
    )
    parser.add_argument(
        "--anchors",
        metavar="FILE",
        type=Path,
        help=N_("what you trust: certificates in PEM"),
    )
    parser.add_argument(
        "--at", metavar="DATE", help=N_("also say which certificates had ended by this day")
    )
    parser.add_argument(
        "--renewals",
        metavar="FILE",
        type=Path,
        nargs="+",
        default=[],
        help=N_("renewals of its time stamps, which prove it after its certificates ended"),
    )
    parser.add_argument(
        "--write-verifier",
        metavar="FILE",
        type=Path,
        help=N_("write the one file that verifies without Comity, and do nothing else"),
    )
    parser.add_argument("--json", action="store_true", help=N_("answer for programs"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify the file, or write the verifier."""
    if arguments.write_verifier is not None:
        return _write(arguments.write_verifier, as_json=arguments.json)
    if arguments.file is None:
        raise VerificationFileUnreadableError(path="", obstacle=N_("no file was named"))
    from comity.evidence.verify import exit_code

    report = _report(arguments.file, arguments.anchors, arguments.at, arguments.renewals)

    def say(text: str) -> str:
        return translate(text, arguments.language)

    if arguments.json:
        print(json.dumps(report.as_dict(say), ensure_ascii=False, indent=2))
    else:
        print(report.as_text(say))
    return exit_code(report)


def verifier_source() -> bytes:
    """The one file that verifies without Comity, byte for byte."""
    return (Path(__file__).parent / VERIFIER).read_bytes()


def _report(path: Path, anchors: Path | None, day: str | None, renewals: Sequence[Path]) -> Report:
    from comity.evidence.verify import verify

    at = _day(day) if day else None
    trust = _trust(anchors) if anchors else None
    held = {str(each): _content(each) for each in renewals}
    try:
        with path.open("rb") as source:
            return verify(source, trust, at, held)
    except OSError as error:
        raise _unreadable(path, error) from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _trust(path: Path) -> Trust:
    from comity.evidence.verify import ODD_FORMS, Broken, read_anchors

    try:
        return read_anchors(path.read_text("utf-8"))
    except OSError as error:
        raise _unreadable(path, error) from error
    except (Broken, *ODD_FORMS) as error:
        raise VerificationFileUnreadableError(
            path=path, obstacle=N_("it holds no certificates in PEM")
        ) from error


def _day(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise VerificationDayError(day=text) from error


def _write(path: Path, *, as_json: bool) -> int:
    try:
        path.write_bytes(verifier_source())
    except OSError as error:
        raise _unreadable(path, error) from error
    print(json.dumps({"written": str(path)}) if as_json else path)
    return DONE


def _unreadable(path: Path, error: OSError) -> VerificationFileUnreadableError:
    obstacle = error.strerror or N_("it cannot be opened")
    return VerificationFileUnreadableError(path=path, obstacle=obstacle)
