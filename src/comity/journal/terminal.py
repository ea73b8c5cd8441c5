# SPDX-License-Identifier: Apache-2.0
"""The commands `comity journal …` that need no node: verifying an export, checking a proof.

In a node, `commands` adds those that read its database, to the same group.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.catalogues import N_, translate
from comity.errors import InvalidInputError

if TYPE_CHECKING:
    from comity.journal.chain import VerificationReport
    from comity.sealing.checkpoint import NoteKey

DONE, REFUSED, MISUSE = 0, 1, 2
Subparsers = Any  # argparse keeps the type of its subparsers private

HOLDS = N_(
    "The journal holds: {entries} entries and {checkpoints} checkpoints fit.\n"
    "Digest of the last entry: {head}\n"
    "Root of the tree: {root}"
)
UNCHECKED = N_(
    "No key was given: roots were compared, but whose signatures the checkpoints bear was not"
    " checked."
)
BROKEN = N_(
    "The journal does not verify. The first that does not fit is sequence {sequence}: {fault}.\n"
    "expected: {expected}\n"
    "found:    {found}"
)
PROVED = N_(
    "Proved: {act} on {subject} by {actor} ({role}) at {at} is entry {sequence} of {origin},"
    " as its checkpoint at {size} entries signs."
)


class JournalFileNeededError(InvalidInputError):
    """A plain install was asked to verify a journal without being given one."""

    code = "journal-file-needed"
    message = N_("No journal was named, and this installation has no node of its own.")
    remedy = N_("Name the file of an export: “comity journal verify journal.jsonl”.")


class JournalFileUnreadableError(InvalidInputError):
    """A file named on the command line cannot be read."""

    code = "journal-file-unreadable"
    message = N_("The file {path} cannot be read: {obstacle}.")
    remedy = N_("Check the file's name and whether you may read it.")


def add_commands(subparsers: Subparsers) -> None:
    """Add `journal` with what it can do without a node."""
    meaning = N_("The record of every act: verify, export, prove.")
    journal = subparsers.add_parser("journal", help=meaning, description=meaning)
    journal.set_defaults(run=partial(_print_help, journal))
    acts = journal.add_subparsers(metavar="ACT")
    verify = add_act(
        acts,
        "verify",
        verify_file,
        N_("Recompute every digest, the tree and the checkpoints; name the first that is off."),
        "comity journal verify --checkpoint kept-in-march.txt\n"
        "  comity journal verify journal.jsonl --key northland.keys --json",
    )
    verify.add_argument(
        "file", nargs="?", type=Path, help=N_("an export; without one, the node's own journal")
    )
    _key_option(verify)
    verify.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=N_("a checkpoint kept elsewhere, which the journal must fit too; may be repeated"),
    )
    check = add_act(
        acts,
        "check-proof",
        check_proof,
        N_("Check, far from its node, that an entry stands in the journal."),
        "comity journal check-proof proof-41.json --key northland.keys",
    )
    check.add_argument("file", type=Path, help=N_("a proof as the entry's page gives it"))
    _key_option(check, required=True)


def add_act(
    acts: Subparsers,
    name: str,
    run: Callable[[argparse.Namespace], int],
    meaning: str,
    example: str,
) -> argparse.ArgumentParser:
    """Add one act to the group, with `--json` and its examples."""
    parser: argparse.ArgumentParser = acts.add_parser(
        name, help=meaning, description=meaning, epilog=f"examples:\n  {example}"
    )
    parser.add_argument("--json", action="store_true", help=N_("answer for programs"))
    parser.set_defaults(run=run)
    return parser


def acts_of(subparsers: Subparsers) -> Subparsers:
    """The group's acts, for `commands` to add to."""
    journal = subparsers.choices["journal"]
    return next(a for a in journal._actions if isinstance(a, argparse._SubParsersAction))


def verify_file(arguments: argparse.Namespace) -> int:
    """Verify an export."""
    from comity.journal.chain import verify
    from comity.journal.export import read_export

    if arguments.file is None:
        raise JournalFileNeededError
    keys = read_keys(arguments.key)
    try:
        with arguments.file.open(encoding="utf-8") as file:
            export = read_export(file, named=str(arguments.file))
            notes = (*export.notes, *read_checkpoints(arguments.checkpoint))
            report = verify(export.entries, notes, keys)
    except OSError as error:
        raise _unreadable(arguments.file, error) from error
    return tell_report(arguments, report)


def check_proof(arguments: argparse.Namespace) -> int:
    """Check a proof; one that does not fit ends in an error of its own."""
    from comity.journal.proof import ProofUnreadableError, read_proof

    try:
        members = json.loads(_text_of(arguments.file))
    except ValueError as error:
        raise ProofUnreadableError(obstacle="it is not JSON") from error
    if not isinstance(members, dict):
        raise ProofUnreadableError(obstacle="it is not an object")
    proof = read_proof(members)
    checkpoint = proof.verify(read_keys(arguments.key))
    facts = {**proof.entry.as_dict(), "origin": checkpoint.origin, "size": checkpoint.size}
    tell(arguments, {"proved": True, **facts}, PROVED)
    return DONE


def tell_report(arguments: argparse.Namespace, report: VerificationReport) -> int:
    """Print a report and return the exit code that it deserves."""
    from comity.journal.chain import FAULTS

    if arguments.json:
        tell(arguments, report.as_dict(), "")
    elif report.broken_at is not None:
        facts = report.as_dict()["broken_at"]
        fault = translate(FAULTS[report.broken_at.fault], arguments.language)
        tell(arguments, {**facts, "fault": fault}, BROKEN)
    else:
        tell(arguments, report.as_dict(), HOLDS)
        if not report.signatures_checked and report.checkpoints:
            tell(arguments, {}, UNCHECKED)
    return DONE if report.holds else REFUSED


def tell(arguments: argparse.Namespace, facts: dict[str, Any], said: str) -> None:
    """Print facts as JSON, or as the sentence that says them."""
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        print(translate(said, arguments.language).format(**facts))


def read_keys(path: Path | None) -> tuple[NoteKey, ...]:
    """The verifier keys of a file, one a line; none without a file."""
    from comity.sealing.checkpoint import read_note_key

    if path is None:
        return ()
    return tuple(read_note_key(line) for line in _text_of(path).splitlines() if line.strip())


def read_checkpoints(paths: Sequence[Path]) -> tuple[str, ...]:
    """The signed notes of these files, verbatim."""
    return tuple(map(_text_of, paths))


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeError as error:
        raise JournalFileUnreadableError(path=path, obstacle="it is not text") from error


def _unreadable(path: Path, error: OSError) -> JournalFileUnreadableError:
    return JournalFileUnreadableError(path=path, obstacle=error.strerror or "it cannot be opened")


def _key_option(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        required=required,
        help=N_("the log's verifier keys, one a line, as “comity journal keys” prints them"),
    )


def _print_help(parser: argparse.ArgumentParser, _arguments: argparse.Namespace) -> int:
    parser.print_help()
    return MISUSE
