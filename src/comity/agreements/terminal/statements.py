# SPDX-License-Identifier: Apache-2.0
"""What `comity agreements confirm|corroborate|rule|attest` do: a checked statement into a file.

The plain install keeps its statements in one overlay file, under the rules of `confirmation`; an
earlier statement is never changed but by a partner's disagreement. With `--node` the node does it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from comity import clock
from comity.agreements import confirmation as rules
from comity.agreements.instrument_files import load_register
from comity.agreements.overlay import (
    Attestation,
    Confirmation,
    ConfirmedSubject,
    Corroboration,
    Overlay,
    StandingRuling,
)
from comity.agreements.overlay_files import (
    Statement,
    check_statement,
    next_reference,
    read_overlay_or_empty,
    with_statement,
    write_overlay,
)
from comity.agreements.register import Register
from comity.agreements.terminal.options import (
    authority,
    codes,
    day,
    folder,
    needed_day,
    print_json,
    value,
)
from comity.agreements.verdict import Verdict
from comity.catalogues import N_, translate
from comity.errors import InvalidInputError, NotFoundError, NotPermittedError
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule, code_of


class NodeNotInstalledError(NotPermittedError):
    """A statement is to be recorded in a node that this installation does not have."""

    code = "node-not-installed"
    message = N_("This installation has no node to record the statement in.")
    remedy = N_('Install the server with `pip install "comity[server]"`, or name --overlay FILE.')


class NotAUseRuleError(InvalidInputError):
    """A rule of use that does not name a purpose and a rule."""

    code = "not-a-use-rule"
    message = N_("--use is {given}, which is no PURPOSE=RULE.")
    remedy = N_("Write it as in --use CRIMINAL_EVIDENCE=PRIOR_CONSENT.")


class UnknownConfirmationError(NotFoundError):
    """The file has no confirmation of that reference."""

    code = "unknown-confirmation"
    message = N_("The overlay has no confirmation {reference}.")
    remedy = N_("It has these: {known}.")


def confirm(arguments: argparse.Namespace) -> int:
    """Record that an instrument is in force, or what an article of it says."""
    return _record(arguments, _confirmation)


def rule(arguments: argparse.Namespace) -> int:
    """Record a standing ruling."""
    return _record(arguments, _ruling)


def attest(arguments: argparse.Namespace) -> int:
    """Record that the list of two administrations is complete."""
    return _record(arguments, _attestation)


def corroborate(arguments: argparse.Namespace) -> int:
    """Record a partner's statement, and suspend the confirmation when it disagrees."""
    if arguments.node:
        return _in_node(arguments)
    file = Path(arguments.overlay)
    overlay = read_overlay_or_empty(file, two_person_unit=arguments.two_person_unit)
    statement = Corroboration(
        confirmation=arguments.confirmation,
        partner=authority(arguments.partner, _register(arguments)),
        citation=arguments.citation,
        published_on=needed_day(arguments.published_on, "--published-on"),
        agrees=not arguments.disagrees,
        recorded_on=_recorded_on(arguments),
        note=arguments.note,
        by=arguments.by,
    )
    heard = rules.heard_from_partner(_confirmed(overlay, arguments.confirmation), statement)
    kept = tuple(heard if c.reference == heard.reference else c for c in overlay.confirmations)
    write_overlay(file, with_statement(replace(overlay, confirmations=kept), statement))
    words = (
        N_("Recorded the statement of {partner}: {reference} stands.")
        if statement.agrees
        else N_("Recorded the disagreement of {partner}: {reference} is suspended.")
    )
    _report(arguments, words, heard.reference, statement, partner=statement.partner)
    return 0


Maker = Callable[[argparse.Namespace, Register, Overlay, date], Statement]


def _record(arguments: argparse.Namespace, make: Maker) -> int:
    """Read the file, make the statement, check it, write the file: all or nothing."""
    if arguments.node:
        return _in_node(arguments)
    file = Path(arguments.overlay)
    overlay = read_overlay_or_empty(file, two_person_unit=arguments.two_person_unit)
    statement = make(arguments, _register(arguments), overlay, _recorded_on(arguments))
    check_statement(statement, two_person_unit=arguments.two_person_unit)
    write_overlay(file, with_statement(overlay, statement))
    reference = getattr(statement, "reference", "")
    _report(arguments, N_("Recorded {reference} in {file}."), reference, statement, file=file)
    return 0


def _confirmation(
    arguments: argparse.Namespace, register: Register, overlay: Overlay, on: date
) -> Confirmation:
    of_provision = bool(arguments.article or arguments.form or arguments.use)
    return Confirmation(
        reference=arguments.reference or next_reference(overlay, "CNF", on),
        instrument=register.instrument(arguments.instrument).reference,
        subject=ConfirmedSubject.PROVISION if of_provision else ConfirmedSubject.FORCE,
        evidence=rules.evidence_of(arguments.evidence),
        citation=arguments.citation,
        by=arguments.by,
        countersigned_by=arguments.countersigned_by,
        recorded_on=on,
        review_by=needed_day(arguments.review_by, "--review-by"),
        in_force_from=day(arguments.in_force_from, "--in-force-from"),
        in_force_until=day(arguments.in_force_until, "--in-force-until"),
        article=arguments.article,
        forms=codes(FormOfAssistance, arguments.form),
        use_rules=tuple(use_rule(given) for given in arguments.use),
    )


def _ruling(
    arguments: argparse.Namespace, register: Register, overlay: Overlay, on: date
) -> StandingRuling:
    return StandingRuling(
        reference=arguments.reference or next_reference(overlay, "RUL", on),
        instrument=register.instrument(arguments.instrument).reference,
        form=code_of(FormOfAssistance, arguments.form),
        purpose=code_of(Purpose, arguments.purpose),
        verdict=Verdict(value(Verdict, arguments.verdict)),
        conditions=tuple(arguments.condition),
        grounds=arguments.grounds,
        by=arguments.by,
        countersigned_by=arguments.countersigned_by,
        recorded_on=on,
        valid_from=needed_day(arguments.valid_from, "--valid-from"),
        valid_until=needed_day(arguments.valid_until, "--valid-until"),
    )


def _attestation(
    arguments: argparse.Namespace, register: Register, overlay: Overlay, on: date
) -> Attestation:
    return Attestation(
        reference=arguments.reference or next_reference(overlay, "ATT", on),
        parties=frozenset(authority(code, register) for code in (arguments.one, arguments.other)),
        valid_from=needed_day(arguments.valid_from, "--valid-from"),
        valid_until=needed_day(arguments.valid_until, "--valid-until"),
        by=arguments.by,
        recorded_on=on,
        citation=arguments.citation,
    )


def use_rule(given: str) -> tuple[Purpose, UseRule]:
    """The purpose and the rule of `PURPOSE=RULE`."""
    purpose, sign, rule_ = given.partition("=")
    if not sign:
        raise NotAUseRuleError(given=given)
    return code_of(Purpose, purpose), code_of(UseRule, rule_)


def _confirmed(overlay: Overlay, reference: str) -> Confirmation:
    found = {confirmation.reference: confirmation for confirmation in overlay.confirmations}
    if reference not in found:
        raise UnknownConfirmationError(reference=reference, known=", ".join(found) or "–")
    return found[reference]


def _in_node(arguments: argparse.Namespace) -> int:
    run: Callable[[argparse.Namespace], int] | None = getattr(arguments, "run_in_node", None)
    if run is None:
        raise NodeNotInstalledError
    return run(arguments)


def _register(arguments: argparse.Namespace) -> Register:
    return load_register(folder(arguments.register, "--register"))


def _recorded_on(arguments: argparse.Namespace) -> date:
    return day(arguments.on, "--on") or clock.today()


def _report(
    arguments: argparse.Namespace,
    words: str,
    reference: str,
    statement: Statement,
    **facts: object,
) -> None:
    if arguments.json:
        print_json({"recorded": reference, "statement": statement})
    else:
        print(translate(words, arguments.language).format(reference=reference, **facts))
