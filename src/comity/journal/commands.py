# SPDX-License-Identifier: Apache-2.0
"""The commands `comity journal …` that read or sign the node's own journal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.db.utils import OperationalError

from comity import clock
from comity.catalogues import N_
from comity.errors import ConflictError, PeerError
from comity.journal import queries, services
from comity.journal.entry import Actor
from comity.journal.export import export_lines
from comity.journal.terminal import (
    DONE,
    Subparsers,
    acts_of,
    add_act,
    read_checkpoints,
    read_keys,
    tell,
    tell_report,
    verify_file,
)

OPERATOR = Actor(reference="NODE", role="administrator")
"""Whoever works at the command line of the node's own machine: the system's log says who."""
EXPORTED = N_("Exported {entries} entries and {checkpoints} checkpoints to {file}.")
SIGNED = N_("The checkpoint at {size} entries has the root {root}.")
KEY_CHANGED = N_("Checkpoints are signed by a new key now. Hand it to whoever verifies:\n{key}")
NOTHING_TO_SIGN = N_("The journal is empty: there is nothing to sign yet.")


class JournalUnreachableError(PeerError):
    """The node's database does not answer."""

    code = "journal-unreachable"
    message = N_("The node's journal cannot be read: its database does not answer.")
    remedy = N_("Start the node with “comity node run”, or name an export to verify.")


class ExportNotWrittenError(ConflictError):
    """The file of an export could not be made."""

    code = "journal-export-not-written"
    message = N_("The journal was not exported to {path}: {obstacle}.")
    remedy = N_("Name a file that does not exist yet, in a folder where you may write.")


def add_commands(subparsers: Subparsers) -> None:
    """Add to `journal` what needs the node, and let `verify` read the node's journal."""
    acts = acts_of(subparsers)
    acts.choices["verify"].set_defaults(run=verify)
    export = add_act(
        acts,
        "export",
        export_journal,
        N_("Write the journal with its checkpoints as lines of JSON, to be verified anywhere."),
        "comity journal export --to journal.jsonl",
    )
    export.add_argument("--to", type=Path, metavar="FILE", help=N_("the file; else the terminal"))
    proof = add_act(
        acts,
        "proof",
        print_proof,
        N_("Print the proof that an entry stands under the newest checkpoint."),
        "comity journal proof 41 > proof-41.json\n  comity journal proof 41 --tlog",
    )
    proof.add_argument("sequence", type=int, metavar="SEQ", help=N_("the entry's sequence"))
    proof.add_argument(
        "--tlog", action="store_true", help=N_("as the text of c2sp.org/tlog-proof, not as JSON")
    )
    add_act(
        acts,
        "checkpoint",
        sign_checkpoint,
        N_("Sign what the journal has come to, now and not at the next turn."),
        "comity journal checkpoint --json",
    )
    add_act(
        acts,
        "new-key",
        change_key,
        N_("Make a new signing key, once the old one was moved away; old signatures stay good."),
        "comity journal new-key",
    )
    add_act(
        acts,
        "keys",
        print_keys,
        N_("Print the public keys that sign the checkpoints, to hand to whoever verifies."),
        "comity journal keys > northland.keys",
    )


def _of_node(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """The act, with a silent database said in our words."""

    @wraps(run)
    def guarded(arguments: argparse.Namespace) -> int:
        try:
            return run(arguments)
        except OperationalError as error:
            raise JournalUnreachableError from error

    return guarded


@_of_node
def verify(arguments: argparse.Namespace) -> int:
    """Verify the export that was named, or the node's own journal."""
    if arguments.file is not None:
        return verify_file(arguments)
    keys = read_keys(arguments.key) or queries.trusted_keys()
    kept_elsewhere = read_checkpoints(arguments.checkpoint)
    return tell_report(arguments, queries.verify_all(keys, kept_elsewhere=kept_elsewhere))


@_of_node
def export_journal(arguments: argparse.Namespace) -> int:
    """Write every entry and checkpoint."""
    notes = [stored.note for stored in reversed(queries.checkpoints())]
    lines = export_lines(queries.all_entries(), notes)
    if arguments.to is None:
        sys.stdout.writelines(lines)
        return DONE
    try:
        with arguments.to.open("x", encoding="utf-8") as file:
            written = sum(1 for line in lines if file.write(line))
    except OSError as error:
        obstacle = error.strerror or "it cannot be written"
        raise ExportNotWrittenError(path=arguments.to, obstacle=obstacle) from error
    entries = written - len(notes) - 1  # the first line is the format
    facts = {"entries": entries, "checkpoints": len(notes), "file": str(arguments.to)}
    tell(arguments, facts, EXPORTED)
    return DONE


@_of_node
def print_proof(arguments: argparse.Namespace) -> int:
    """Print one entry's proof; it is JSON already."""
    proof = queries.proof(arguments.sequence)
    if arguments.tlog:
        sys.stdout.write(proof.as_note())
        return DONE
    arguments.json = True
    tell(arguments, proof.as_dict(), "")
    return DONE


@_of_node
def sign_checkpoint(arguments: argparse.Namespace) -> int:
    """Sign a checkpoint now."""
    made = services.checkpoint(at=clock.now())
    if made is None:
        tell(arguments, {"size": 0}, NOTHING_TO_SIGN)
        return DONE
    tell(arguments, {"size": made.size, "root": made.root.hex(), "checkpoint": made.note}, SIGNED)
    return DONE


@_of_node
def change_key(arguments: argparse.Namespace) -> int:
    """Make a new signing key and print its public half."""
    made = services.change_signing_key(by=OPERATOR, at=clock.now())
    tell(arguments, {"key": made.text}, KEY_CHANGED)
    return DONE


def print_keys(arguments: argparse.Namespace) -> int:
    """Print the verifier keys, one a line."""
    keys = [key.text for key in queries.trusted_keys()]
    if arguments.json:
        tell(arguments, {"keys": keys}, "")
    else:
        sys.stdout.writelines(f"{key}\n" for key in keys)
    return DONE
