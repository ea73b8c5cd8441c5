# SPDX-License-Identifier: Apache-2.0
"""`comity partner rotate-keys|revoke`: our own keys as partners know them.

Who has a node announces the change to every active partner by itself; the others need the card
by file (`comity partner invite --to`).
"""

from __future__ import annotations

import argparse
from datetime import datetime

from comity import clock
from comity.accounts.services.acting import officer_of, officer_options
from comity.catalogues import N_
from comity.command_line import DONE, Subparsers, act, print_json, say
from comity.errors import InvalidInputError
from comity.exchange.key_schedule import MADE_USES, OwnKey
from comity.exchange.partner import KeyUse
from comity.exchange.partner_card import RevocationReason
from comity.exchange.services import key_changes

TAKES_OVER = N_("{use}: key {key} takes over at {at}; partners are told.")
REVOKED = N_("{use}: key {key} counts no longer from {at} on; partners are told.")


class NotAnInstantError(InvalidInputError):
    """An instant that cannot be read."""

    code = "not-an-instant"
    message = N_("{given} is no instant.")
    remedy = N_("Write it with its offset, such as 2026-03-02T12:00:00+00:00.")


def add_acts(acts: Subparsers) -> None:
    """Add what is done with our own keys."""
    parser = act(
        acts,
        "rotate-keys",
        rotate_keys,
        N_("Let new keys take over from the present ones, and tell every partner before."),
        "comity partner rotate-keys",
        "comity partner rotate-keys --use envelope --at 2026-03-02T12:00:00+00:00",
    )
    uses = [use.value for use in MADE_USES]
    parser.add_argument(
        "--use", action="append", choices=uses, help=N_("only this use; repeat for several")
    )
    parser.add_argument("--at", metavar="INSTANT", help=N_("when they take over"))
    officer_options(parser)
    parser = act(
        acts,
        "revoke",
        revoke,
        N_("Take a key of ours back at once, and tell every partner."),
        "comity partner revoke 0123456789abcdef --reason compromised",
        "comity partner revoke 0123456789abcdef --reason lost --from 2026-03-01T00:00:00+00:00",
    )
    parser.add_argument("key", metavar="KEY", help=N_("the id of the key, on our card"))
    reasons = [reason.value for reason in RevocationReason]
    parser.add_argument("--reason", required=True, choices=reasons)
    parser.add_argument(
        "--from",
        dest="from_",
        metavar="INSTANT",
        help=N_("from when on what it signed counts no longer; now when left out"),
    )
    officer_options(parser)


def rotate_keys(arguments: argparse.Namespace) -> int:
    """Let the next keys take over."""
    uses = [KeyUse(use) for use in arguments.use] if arguments.use else key_changes.ROTATED
    changes = key_changes.rotate(
        uses,
        by=officer_of(arguments),
        at=clock.now(),
        active_from=_instant(arguments.at) if arguments.at else None,
    )
    next_keys = [change.takes_over for change in changes if change.takes_over is not None]
    if arguments.json:
        print_json({"keys": [_document(key) for key in next_keys]})
        return DONE
    for key in next_keys:
        at = key.active_from.isoformat(timespec="minutes")
        say(arguments, TAKES_OVER, use=key.use.value, key=key.key_id, at=at)
    return DONE


def revoke(arguments: argparse.Namespace) -> int:
    """Take a key back."""
    change = key_changes.revoke(
        arguments.key,
        RevocationReason(arguments.reason),
        by=officer_of(arguments),
        at=clock.now(),
        revoked_at=_instant(arguments.from_) if arguments.from_ else None,
    )
    revoked, next_one = change.revoked, change.takes_over
    if arguments.json:
        told = {"revoked": revoked, "takes_over": next_one}
        print_json({name: _document(key) if key else None for name, key in told.items()})
    elif revoked is not None and revoked.revoked_at is not None:
        at = revoked.revoked_at.isoformat(timespec="seconds")
        say(arguments, REVOKED, use=revoked.use.value, key=revoked.key_id, at=at)
    return DONE


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotAnInstantError(given=text[:40]) from error
    if at.tzinfo is None:
        raise NotAnInstantError(given=text[:40])
    return at


def _document(key: OwnKey) -> dict[str, object]:
    return {
        "use": key.use.value,
        "key_id": key.key_id,
        "active_from": key.active_from.isoformat(),
        "valid_until": key.valid_until.isoformat(),
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }
