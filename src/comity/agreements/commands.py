# SPDX-License-Identifier: Apache-2.0
"""`comity agreements confirm|corroborate|rule|attest --node`, and what only a node can do.

The options are those of the plain commands. An officer acts with an API token of their own, so
that nobody who merely holds the machine signs for another; what the legal adviser signs is signed
by the legal adviser with `comity agreements countersign`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from comity import clock
from comity.accounts import services as accounts
from comity.accounts.officer import NODE, Officer
from comity.agreements import queries, services
from comity.agreements.confirmation import evidence_of
from comity.agreements.overlay import ConfirmedSubject
from comity.agreements.overlay_files import overlay_text
from comity.agreements.records import KIND_WORDS, STATE_WORDS, ProposalState, Stance
from comity.agreements.schemas import sent
from comity.agreements.services import ConfirmationDraft, RulingDraft
from comity.agreements.terminal import in_node
from comity.agreements.terminal.options import codes, day, needed_day, print_json, value
from comity.agreements.terminal.statements import use_rule
from comity.agreements.text_table import table
from comity.agreements.verdict import Verdict
from comity.catalogues import N_, translate
from comity.errors import ConflictError, InvalidInputError, NotPermittedError
from comity.reference.taxonomy import FormOfAssistance, Purpose, code_of

DONE = 0
Subparsers = Any  # argparse keeps the type of its subparsers private

DRAFTED = N_("Drafted {reference}; it counts once another person has countersigned.")
SIGNED = N_("Countersigned {reference}: it counts from now on.")
REFUSED = N_("Refused {reference}.")
ATTESTED = N_("Attested {reference}.")
CORROBORATED = N_("Recorded the statement of {partner}: {reference} stands.")
DISPUTED = N_("Recorded the disagreement of {partner}: {reference} is suspended.")
DECIDED = N_("{reference}: {state}.")
WRITTEN = N_("Wrote {count} statements to {file}.")
NO_PROPOSALS = N_("No proposal is in this state.")


class TokenNeededError(InvalidInputError):
    """An act in the node without the token of the officer who acts."""

    code = "token-needed"
    message = N_("An act in the node needs the API token of the officer who acts.")
    remedy = N_("Name a file that holds it with --token-file, or give it on standard input with -.")


class OverlayNotWrittenError(ConflictError):
    """The file of an export exists, or cannot be made."""

    code = "overlay-not-written"
    message = N_("The overlay was not written to {file}: {reason}.")
    remedy = N_("Name a new file in a folder that you may write to.")


class AnothersTokenError(NotPermittedError):
    """The token belongs to another officer than the one named."""

    code = "token-of-another"
    message = N_("The token is not one of {officer}, who is named with --by.")
    remedy = N_("Let {officer} act with a token of their own.")


class CountersignedInNodeError(NotPermittedError):
    """A countersignature given by somebody else than the countersigner."""

    code = "countersigned-in-node"
    message = N_("In a node nobody countersigns for another; {officer} was named.")
    remedy = N_("Leave --countersigned-by out; then `comity agreements countersign REFERENCE`.")


def add_commands(subparsers: Subparsers) -> None:
    """Let the plain commands act in the node, and add those that need one."""
    group = subparsers.choices["agreements"]
    commands = next(a for a in group._actions if isinstance(a, argparse._SubParsersAction))
    for name, run in IN_NODE.items():
        in_node(subparsers, name, run)
        _token_option(commands.choices[name])
        for action in commands.choices[name]._actions:
            if action.dest == "countersigned_by":
                action.required, action.default = False, ""
    _countersigning(commands)
    _proposals(commands)
    _exporting(commands)


def _countersigning(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "countersign",
        countersign,
        N_("Countersign a confirmation or ruling that another person drafted, or refuse it."),
        "comity agreements countersign CNF-00012 --token-file adviser.token",
        "comity agreements countersign CNF-00012 --refuse 'The note says 2022' --token-file -",
    )
    parser.add_argument("record", metavar="REFERENCE")
    parser.add_argument("--refuse", metavar="REASON", default="", help=N_("refuse, with reason"))
    _token_option(parser)


def _proposals(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "proposals",
        proposals,
        N_("List the proposals to change the register, or decide one."),
        "comity agreements proposals --state open",
        "comity agreements proposals --accept PRP-00003 --token-file adviser.token",
    )
    parser.add_argument("--state", default="open", help=N_("open, accepted, rejected, withdrawn"))
    decision = parser.add_mutually_exclusive_group()
    decision.add_argument("--accept", metavar="REFERENCE", help=N_("accept this one"))
    decision.add_argument("--reject", metavar="REFERENCE", help=N_("reject this one"))
    parser.add_argument("--reason", default="", help=N_("why; a rejection needs it"))
    _token_option(parser)


def _exporting(commands: Subparsers) -> None:
    parser = _command(
        commands,
        "export-overlay",
        export_overlay,
        N_("Write confirmations, rulings and attestations as the file of the plain install."),
        "comity agreements export-overlay --to ours.yaml",
    )
    parser.add_argument("--to", metavar="FILE", help=N_("a new file; the terminal when left out"))


def _command(
    commands: Subparsers,
    name: str,
    run: Callable[[argparse.Namespace], int],
    meaning: str,
    *examples: str,
) -> argparse.ArgumentParser:
    lines = "\n".join(f"  {example}" for example in examples)
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=meaning, description=meaning, epilog=f"examples:\n{lines}"
    )
    parser.add_argument("--node", action="store_true", help=N_("the node is meant in any case"))
    parser.add_argument("--json", action="store_true", help=N_("print for programs"))
    parser.set_defaults(run=run)
    return parser


def _token_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--token-file", metavar="FILE", help=N_("holds the API token of the officer who acts")
    )


def confirm(arguments: argparse.Namespace) -> int:
    """Draft a confirmation of force or of a provision in the node."""
    of_provision = bool(arguments.article or arguments.form or arguments.use)
    draft = ConfirmationDraft(
        instrument=arguments.instrument,
        subject=ConfirmedSubject.PROVISION if of_provision else ConfirmedSubject.FORCE,
        evidence=evidence_of(arguments.evidence),
        citation=arguments.citation,
        review_by=needed_day(arguments.review_by, "--review-by"),
        in_force_from=day(arguments.in_force_from, "--in-force-from"),
        in_force_until=day(arguments.in_force_until, "--in-force-until"),
        article=arguments.article,
        forms=codes(FormOfAssistance, arguments.form),
        use_rules=tuple(use_rule(given) for given in arguments.use),
    )
    record = services.draft_confirmation(draft, by=_author(arguments), at=clock.now())
    return _told(arguments, DRAFTED, record)


def corroborate(arguments: argparse.Namespace) -> int:
    """Record a partner's statement in the node; a disagreement suspends."""
    record = services.record_statement(
        arguments.confirmation,
        stance=Stance.DISAGREES if arguments.disagrees else Stance.CORROBORATES,
        partner=arguments.partner.upper(),
        citation=arguments.citation,
        made_on=needed_day(arguments.published_on, "--published-on"),
        by=_author(arguments),
        at=clock.now(),
    )
    words = DISPUTED if arguments.disagrees else CORROBORATED
    return _told(arguments, words, record, partner=arguments.partner.upper())


def rule(arguments: argparse.Namespace) -> int:
    """Draft a standing ruling in the node."""
    draft = RulingDraft(
        instrument=arguments.instrument,
        form=code_of(FormOfAssistance, arguments.form),
        purpose=code_of(Purpose, arguments.purpose),
        verdict=Verdict(value(Verdict, arguments.verdict)),
        grounds=arguments.grounds,
        valid_from=needed_day(arguments.valid_from, "--valid-from"),
        valid_until=needed_day(arguments.valid_until, "--valid-until"),
        conditions=tuple(arguments.condition),
    )
    record = services.draft_ruling(draft, by=_author(arguments), at=clock.now())
    return _told(arguments, DRAFTED, record)


def attest(arguments: argparse.Namespace) -> int:
    """Attest the completeness of a pair's list in the node."""
    record = services.attest(
        arguments.one,
        arguments.other,
        valid_from=needed_day(arguments.valid_from, "--valid-from"),
        valid_until=needed_day(arguments.valid_until, "--valid-until"),
        citation=arguments.citation,
        by=_author(arguments),
        at=clock.now(),
    )
    return _told(arguments, ATTESTED, record)


IN_NODE: dict[str, Callable[[argparse.Namespace], int]] = {
    "confirm": confirm,
    "corroborate": corroborate,
    "rule": rule,
    "attest": attest,
}
"""The plain commands that act in the node when told so with `--node`."""


def countersign(arguments: argparse.Namespace) -> int:
    """Countersign, or refuse to, whichever kind of record the reference names."""
    by, at = _caller(arguments), clock.now()
    of_ruling = arguments.record.startswith("RUL")
    if arguments.refuse:
        refuse = services.refuse_ruling if of_ruling else services.refuse_confirmation
        record: Any = refuse(arguments.record, reason=arguments.refuse, version=None, by=by, at=at)
        return _told(arguments, REFUSED, record)
    sign = services.countersign_ruling if of_ruling else services.countersign_confirmation
    record = sign(arguments.record, version=None, by=by, at=at)
    return _told(arguments, SIGNED, record)


def proposals(arguments: argparse.Namespace) -> int:
    """List proposals in one state, or accept or reject one."""
    decided = arguments.accept or arguments.reject
    if decided:
        act = services.accept_proposal if arguments.accept else services.reject_proposal
        by = _caller(arguments)
        record = act(decided, reason=arguments.reason, version=None, by=by, at=clock.now())
        state = translate(STATE_WORDS[record.state], arguments.language)
        return _told(arguments, DECIDED, record, state=state)
    page = queries.proposals(state=ProposalState(value(ProposalState, arguments.state)), size=200)
    if arguments.json:
        print_json({"items": [sent(each) for each in page.rows], "next": page.older or None})
    elif page.rows:
        say = [N_("reference"), N_("instrument"), N_("change"), N_("proposed by")]
        rows = [
            (p.reference, p.instrument, translate(KIND_WORDS[p.kind], arguments.language),
             p.proposed_by)
            for p in page.rows
        ]  # fmt: skip
        print(table([translate(word, arguments.language) for word in say], rows, 100))
    else:
        print(translate(NO_PROPOSALS, arguments.language))
    return DONE


def export_overlay(arguments: argparse.Namespace) -> int:
    """Write the overlay of this node; an existing file is never replaced."""
    overlay = services.export_overlay(by=NODE, at=clock.now())
    if arguments.to is None:
        print(overlay_text(overlay), end="")
        return DONE
    try:
        with Path(arguments.to).open("x", encoding="utf-8") as file:
            file.write(overlay_text(overlay))
    except OSError as error:
        raise OverlayNotWrittenError(file=arguments.to, reason=error.strerror) from error
    count = len(overlay.confirmations) + len(overlay.rulings) + len(overlay.attestations)
    if arguments.json:
        print_json({"file": arguments.to, "statements": count})
    else:
        print(translate(WRITTEN, arguments.language).format(count=count, file=arguments.to))
    return DONE


def _author(arguments: argparse.Namespace) -> Officer:
    """The officer behind the token, who must be the one named with --by."""
    if getattr(arguments, "countersigned_by", ""):
        raise CountersignedInNodeError(officer=arguments.countersigned_by)
    officer = _caller(arguments)
    if arguments.by != officer.reference:
        raise AnothersTokenError(officer=arguments.by)
    return officer


def _caller(arguments: argparse.Namespace) -> Officer:
    """The officer behind the token of the file, or of standard input."""
    if not arguments.token_file:
        raise TokenNeededError
    if arguments.token_file == "-":
        text = sys.stdin.readline()
    else:
        try:
            text = Path(arguments.token_file).read_text("utf-8")
        except OSError as error:
            raise TokenNeededError from error
    return accounts.use_token(text.strip(), at=clock.now()).officer


def _told(arguments: argparse.Namespace, words: str, record: Any, **facts: str) -> int:
    """Say what was done with its reference. Any: a record of any kind."""
    if arguments.json:
        print_json(sent(record))
    else:
        text = translate(words, arguments.language)
        print(text.format(reference=record.reference, **facts))
    return DONE
