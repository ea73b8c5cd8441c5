# SPDX-License-Identifier: Apache-2.0
"""Who acts by a command: the node's operator, or an officer by a token of their own.

Whoever holds the node's machine acts as its operator; an officer's token says that it is that
officer, so that nobody signs for another.
"""

from __future__ import annotations

import argparse

from comity import clock
from comity.accounts.officer import OPERATOR, Officer
from comity.accounts.services.tokens import use_token
from comity.catalogues import N_
from comity.command_line import read_file
from comity.errors import InvalidInputError, NotPermittedError


class OfficersTokenNeededError(InvalidInputError):
    """An officer is named, and no token says that it is that officer who acts."""

    code = "officers-token-needed"
    message = N_("{officer} is named, and no token of that officer was given.")
    remedy = N_("Name a file that holds it with --token-file, or give it on standard input with -.")


class OfficersTokenError(NotPermittedError):
    """The token belongs to another officer than the one named."""

    code = "officers-token-differs"
    message = N_("The token is not one of {officer}, who is named with --by.")
    remedy = N_("Let {officer} act with a token of their own.")


def officer_options(parser: argparse.ArgumentParser) -> None:
    """Who acts, where it is not the node's operator."""
    parser.add_argument("--by", metavar="OFFICER", default="", help=N_("the officer who acts"))
    parser.add_argument(
        "--token-file", metavar="FILE", help=N_("holds that officer's API token; - reads input")
    )


def officer_of(arguments: argparse.Namespace) -> Officer:
    """The officer behind the token; the node's operator where none is named."""
    if not arguments.token_file:
        if arguments.by:
            raise OfficersTokenNeededError(officer=arguments.by)
        return OPERATOR
    text = read_file(arguments.token_file).decode("ascii", "replace").strip()
    officer = use_token(text, at=clock.now()).officer
    if arguments.by and officer.reference != arguments.by:
        raise OfficersTokenError(officer=arguments.by)
    return officer
