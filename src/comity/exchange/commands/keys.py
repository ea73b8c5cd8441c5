# SPDX-License-Identifier: Apache-2.0
"""`comity keys show|seal`, and `comity journal verify --partner`.

Which keys this node has and whether their private halves lie sealed; sealing them; and holding
our journal and a partner's to what each signed of the other's.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from comity import clock
from comity.accounts.services.acting import officer_of, officer_options
from comity.catalogues import N_, translate
from comity.command_line import DONE, REFUSED, Subparsers, act, group, print_json, read_file, say
from comity.errors import InvalidInputError
from comity.exchange.queries.witnessed import partner_log_report
from comity.exchange.services import key_sealing
from comity.exchange.witnessed_log import FAULT_WORDS, PartnerLogReport
from comity.journal.terminal import acts_of
from comity.sealing.key_lock import PassphraseLock

MEANING = N_("This node's own keys: which there are, and sealing them.")
LOCKED_BY = N_("The folder of keys is sealed by a {lock}; {open} of {files} files lie open.")
NOT_LOCKED = N_("The folder of keys is not sealed; {open} of {files} files lie open.")
KEY_LINE = N_("{state:10} {use:11} {key}  from {active_from} until {valid_until}")
SEALED = N_("Sealed {count} key files by a {lock}.")
LOCK_CHANGED = N_(
    "The keys are sealed by a new {lock} now. Put it where the node's settings read it, and"
    " start the node again."
)
LOG_HOLDS = N_(
    "{partner} cosigned our journal {cosigned} times, at last at {cosigned_size} entries: all of"
    " it is our journal.\nWe witnessed the journal of {partner} {witnessed} times, at last at"
    " {witnessed_size} entries: it only grew."
)
LOG_BROKEN = N_("What {partner} and we signed of one another's journals does not hold together.")
OUR_MISFIT = N_("our journal at {size} entries: {fault}")
THEIR_MISFIT = N_("journal of {partner} at {size} entries: {fault}")
OPEN_ALARM = N_("alarm {reference} is open")


class PassphraseFileEmptyError(InvalidInputError):
    """The file of a new passphrase holds none."""

    code = "passphrase-file-empty"
    message = N_("The file {path} holds no passphrase: expected one line, found none.")
    remedy = N_("Make one with `openssl rand -base64 32`.")


def add_commands(subparsers: Subparsers) -> None:
    """Add `keys`, and the option of `journal verify`."""
    acts = group(subparsers, "keys", MEANING)
    act(
        acts,
        "show",
        show,
        N_("List this node's keys, and which private ones lie sealed."),
        "comity keys show",
        "comity keys show --json",
    )
    parser = act(
        acts,
        "seal",
        seal,
        N_("Seal every private key that lies open; or change what seals them."),
        "comity keys seal",
        "comity keys seal --new-passphrase-file /media/safe/passphrase",
        "comity keys seal --with token",
    )
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--new-passphrase-file",
        metavar="FILE",
        help=N_("holds the passphrase to seal them by from now on"),
    )
    change.add_argument(
        "--with",
        dest="lock",
        choices=("passphrase", "token"),
        help=N_("seal them by this from now on; the settings describe both"),
    )
    officer_options(parser)
    _add_partner_option(subparsers)


class _OfPartner(argparse.Action):
    """Names the partner, and lets another function answer."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Remember the partner."""
        namespace.partner = values
        namespace.run = verify_partner


def _add_partner_option(subparsers: Subparsers) -> None:
    if "journal" not in subparsers.choices:
        return
    acts_of(subparsers).choices["verify"].add_argument(
        "--partner",
        metavar="CODE",
        action=_OfPartner,
        help=N_("verify what this partner cosigned of our journal, and we of its"),
    )


def show(arguments: argparse.Namespace) -> int:
    """List the keys."""
    shown = key_sealing.keys_shown(at=clock.now())
    if arguments.json:
        print_json(shown.as_dict())
        return DONE
    words = LOCKED_BY if shown.lock else NOT_LOCKED
    say(arguments, words, lock=shown.lock, open=len(shown.open_files), files=shown.files)
    for key in shown.keys:
        say(
            arguments,
            KEY_LINE,
            state=key.state,
            use=key.key.use.value,
            key=key.key.key_id,
            active_from=key.key.active_from.date(),
            valid_until=key.key.valid_until.date(),
        )
    return DONE


def seal(arguments: argparse.Namespace) -> int:
    """Seal what lies open, or change the lock."""
    actor = officer_of(arguments)
    if arguments.new_passphrase_file:
        lock = PassphraseLock(_passphrase(arguments.new_passphrase_file))
        done = key_sealing.change_lock(lock, by=actor, at=clock.now())
    elif arguments.lock:
        done = key_sealing.seal_by(arguments.lock, by=actor, at=clock.now())
    else:
        done = key_sealing.seal_keys(by=actor, at=clock.now())
    if arguments.json:
        print_json(done.as_dict())
        return DONE
    if done.lock_changed:
        say(arguments, LOCK_CHANGED, lock=done.lock)
    say(arguments, SEALED, count=len(done.sealed), lock=done.lock)
    return DONE


def _passphrase(path: str) -> str:
    text = read_file(path, most=4096).decode("utf-8", "replace").strip()
    if not text:
        raise PassphraseFileEmptyError(path=path)
    return text


def verify_partner(arguments: argparse.Namespace) -> int:
    """Verify what a partner and we signed of one another's journals."""
    report = partner_log_report(arguments.partner)
    if arguments.json:
        print_json(report.as_dict())
    elif report.holds:
        say(arguments, LOG_HOLDS, **_facts(report))
    else:
        _say_misfits(arguments, report)
    return DONE if report.holds else REFUSED


def _say_misfits(arguments: argparse.Namespace, report: PartnerLogReport) -> None:
    say(arguments, LOG_BROKEN, partner=report.partner)
    for each in report.misfits:
        fault = translate(FAULT_WORDS[each.fault], arguments.language)
        line = OUR_MISFIT if each.ours else THEIR_MISFIT
        say(arguments, line, partner=report.partner, size=each.size, fault=fault)
    for reference in report.alarms:
        say(arguments, OPEN_ALARM, reference=reference)


def _facts(report: PartnerLogReport) -> dict[str, object]:
    return {name: value for name, value in report.as_dict().items() if name != "holds"}
