# SPDX-License-Identifier: Apache-2.0
"""`comity partner …`: other administrations' nodes, from the first card to the end.

What is read from a card is shown and proves nothing; a partner becomes one by the fingerprint
that two people compared by telephone or in person, typed with `--fingerprint`.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from comity import clock
from comity.accounts.services.acting import officer_of, officer_options
from comity.agreements.text_table import table
from comity.catalogues import N_, translate
from comity.command_line import (
    DONE,
    REFUSED,
    Subparsers,
    act,
    group,
    print_json,
    read_file,
    say,
    write_new_file,
)
from comity.exchange.acquaintance import STATE_WORDS, PartnerRecord
from comity.exchange.ceilings import NUMBERS, SETS, ceilings_document
from comity.exchange.commands import partner_keys
from comity.exchange.own_card import INVITATION_DAYS, Invited
from comity.exchange.own_details_file import read_own_details
from comity.exchange.partner import Binding, CardKey, PartnerState
from comity.exchange.partner_documents import (
    card_document,
    finding_document,
    findings_document,
    partner_document,
    who_in_words,
)
from comity.exchange.queries.partner_records import partner_record, partner_records
from comity.exchange.services import card_fetching, cards, diagnosing, partners
from comity.exchange.wire import DOCUMENT_BYTES
from comity.exchange.words import BINDING_WORDS, KEY_USE_WORDS, problem_in_words

ALL = "all"
WROTE = N_("Wrote our card, version {version}, to {file}.")
AT_ADDRESS = N_("Our card stands at {address} until {expires}.")
TELL = N_("Fingerprint: {fingerprint}\nTell it by telephone or in person, never with the card.")
PROPOSED = N_(
    "{partner}: card version {version} of “{name}” was read; nothing is accepted from it yet.\n"
    "Fingerprint: {fingerprint}\n"
    "Compare it with the partner by telephone; then:\n"
    "  comity partner accept {partner} --fingerprint FINGERPRINT"
)
UPDATED = N_("{partner}: card version {version} was taken; it is {state}.")
IS_NOW = N_("{partner}: {state}.")
GOES_BY = N_("What we have for {partner} goes this way from now on: {way}.")
NO_PARTNERS = N_("There are no partners.")
WELL = N_("{partner}: nothing stands in the way.")
AT_MOST = N_("Allowed at most:")
EVERY_ONE = N_("all")
REVOKED_KEY, NEXT_KEY = N_("revoked"), N_("next")
LABELS = {
    "code": N_("partner"),
    "name": N_("name"),
    "state": N_("state"),
    "reason": N_("reason"),
    "binding": N_("way"),
    "endpoint": N_("endpoint"),
    "wire": N_("wire version"),
    "kinds": N_("kinds of message that it takes"),
    "card_version": N_("version of its card"),
    "fingerprint": N_("fingerprint"),
    "proposed_at": N_("proposed"),
    "confirmed_by": N_("confirmed by"),
    "confirmed_at": N_("confirmed"),
    "reached_at": N_("reached"),
    "heard_at": N_("heard from"),
    "problem": N_("problem"),
    "failures": N_("failed attempts"),
}
CEILING_LABELS = {
    "message_bytes": N_("bytes of one message with its files"),
    "parts": N_("files of one message"),
    "messages_a_day": N_("messages a day"),
    "bytes_a_day": N_("bytes a day"),
    "waiting": N_("messages that wait for it"),
    "kinds": N_("kinds of message"),
    "forms": N_("forms of assistance"),
}
FOUND = N_("{code} {says}\n  {do} ({who})")


def add_commands(subparsers: Subparsers) -> None:
    """Add the group `partner`."""
    acts = group(subparsers, "partner", N_("Other administrations' nodes, and our card for them."))
    _our_card(acts)
    _acquaintance(acts)
    _showing(acts)
    _allowing(acts)
    _changing(acts)
    partner_keys.add_acts(acts)
    _diagnosing(acts)


def _our_card(acts: Subparsers) -> None:
    parser = act(
        acts,
        "invite",
        invite,
        N_("Hand out our card: as a file, or at an address that lasts some days."),
        "comity partner invite --to northland.card.json",
        "comity partner invite --days 3 --json",
    )
    parser.add_argument("--to", metavar="FILE", help=N_("a new file for the card"))
    parser.add_argument(
        "--days", type=int, default=INVITATION_DAYS, help=N_("how long the address lasts")
    )
    officer_options(parser)
    parser = act(
        acts,
        "card",
        show_card,
        N_("Show our card as it is now, or change what it says of us."),
        "comity partner card",
        "comity partner card --details details.yaml",
    )
    parser.add_argument(
        "--details",
        metavar="FILE",
        help=N_("YAML with name, time_zone, hours and officials; what it leaves out stays"),
    )
    officer_options(parser)


def _acquaintance(acts: Subparsers) -> None:
    parser = act(
        acts,
        "accept",
        accept,
        N_("Read a partner's card in from a file or address; confirm it by its fingerprint."),
        "comity partner accept southland.card.json",
        "comity partner accept https://comity.southland.example/exchange/cards/…",
        "comity partner accept XS --fingerprint 3F7K-9QWE-…",
    )
    parser.add_argument("card", metavar="FILE|URL|PARTNER")
    parser.add_argument(
        "--fingerprint", metavar="TEXT", help=N_("as the partner said it, out of band")
    )
    officer_options(parser)
    parser = act(
        acts,
        "without-node",
        without_node,
        N_("Register a partner that has no node: it gets letters."),
        'comity partner without-node XE --name "Customs of Eastland"',
    )
    _partner_argument(parser)
    parser.add_argument("--name", required=True, help=N_("as letters address it"))
    officer_options(parser)


def _showing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "list",
        list_partners,
        N_("List the partners."),
        "comity partner list",
        "comity partner list --state active --json",
    )
    states = [state.value for state in PartnerState]
    parser.add_argument("--state", choices=states, help=N_("only those in this state"))
    parser = act(
        acts,
        "show",
        show,
        N_("Show one partner: keys, ceilings, ways."),
        "comity partner show XS --json",
    )
    _partner_argument(parser)


def _allowing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "ceilings",
        set_ceilings,
        N_("Show or set what a partner is allowed at most."),
        "comity partner ceilings XS",
        "comity partner ceilings XS --parts 20 --message-bytes 1073741824",
        "comity partner ceilings XS --kinds exchange.note/1,assistance.request/1 --forms all",
    )
    _partner_argument(parser)
    for name in NUMBERS:
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="NUMBER")
    for name in SETS:
        parser.add_argument(f"--{name}", metavar="CODES", help=N_("with commas; or all"))
    officer_options(parser)


def _changing(acts: Subparsers) -> None:
    for name, run, meaning in (
        ("suspend", suspend, N_("Hold off what a partner sends, and keep what we have for it.")),
        ("end", end, N_("End the exchange with a partner; its keys count no longer.")),
    ):
        example = f'comity partner {name} XS --reason "Agreed by telephone on 2 March"'
        parser = act(acts, name, run, meaning, example)
        _partner_argument(parser)
        parser.add_argument("--reason", required=True, help=N_("why, for those who read it later"))
        officer_options(parser)
    meaning = N_("Exchange messages again with a suspended partner.")
    parser = act(acts, "resume", resume, meaning, "comity partner resume XS")
    _partner_argument(parser)
    officer_options(parser)
    parser = act(
        acts,
        "way",
        choose_way,
        N_("Choose by which way what we have for a partner travels."),
        "comity partner way XS folder",
    )
    _partner_argument(parser)
    parser.add_argument("binding", choices=[binding.value for binding in Binding])
    officer_options(parser)


def _diagnosing(acts: Subparsers) -> None:
    parser = act(
        acts,
        "diagnose",
        diagnose,
        N_("Find what stands between us and a partner, and say what to do."),
        "comity partner diagnose XS",
        "comity partner diagnose XS --no-test-message --json",
    )
    _partner_argument(parser)
    parser.add_argument(
        "--no-test-message",
        action="store_true",
        help=N_("look only; do not send a message there and back"),
    )


def _partner_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("partner", metavar="PARTNER", help=N_("its code in the register"))


# Our card


def invite(arguments: argparse.Namespace) -> int:
    """Hand out our card."""
    invited = cards.invite(
        by=officer_of(arguments), at=clock.now(), days=arguments.days, address=not arguments.to
    )
    address = _address(invited) if invited.token else ""
    if arguments.to:
        write_new_file(arguments.to, invited.document)
    if arguments.json:
        expires = invited.expires_at.isoformat() if invited.expires_at else None
        print_json(
            {
                "version": invited.version,
                "fingerprint": invited.fingerprint,
                "file": arguments.to,
                "address": address or None,
                "expires_at": expires,
            }
        )
        return DONE
    if arguments.to:
        say(arguments, WROTE, version=invited.version, file=arguments.to)
    else:
        say(arguments, AT_ADDRESS, address=address, expires=f"{invited.expires_at:%Y-%m-%d %H:%M}")
    say(arguments, TELL, fingerprint=invited.fingerprint)
    return DONE


def _address(invited: Invited) -> str:
    environment = settings.ENVIRONMENT
    base = environment.public_url or f"http://{environment.address}:{environment.port}"
    return f"{base.rstrip('/')}{cards.INVITATION_PATH}{invited.token}"


def show_card(arguments: argparse.Namespace) -> int:
    """Show our card, or change what people say on it."""
    at = clock.now()
    if arguments.details:
        details = read_own_details(read_file(arguments.details), cards.own_details(at=at))
        signed = cards.change_details(details, by=officer_of(arguments), at=at)
        partners.announce_card(at=at)
    else:
        signed = cards.own_card(at=at)
    document = card_document(signed)
    if arguments.json:
        print_json(document)
        return DONE
    print("\n".join(f"{name}: {_short(value)}" for name, value in document.items() if value))
    return DONE


def _short(value: object) -> str:
    if not isinstance(value, list):
        return str(value)
    return ", ".join(
        " ".join(str(part) for part in each.values() if part)
        if isinstance(each, dict)
        else str(each)
        for each in value
    )


# Becoming partners


def accept(arguments: argparse.Namespace) -> int:
    """Read a card in, confirm a partner, or both."""
    by, at, named = officer_of(arguments), clock.now(), arguments.card
    if named.startswith(("https://", "http://")):
        record = partners.propose(card_fetching.fetch_card(named), by=by, at=at)
    elif arguments.fingerprint and not Path(named).exists():
        record = partner_record(named)
    else:
        record = partners.propose(read_file(named, most=DOCUMENT_BYTES), by=by, at=at)
    code = record.partner.code
    if arguments.fingerprint and record.partner.state is PartnerState.PROPOSED:
        record = partners.confirm(code, arguments.fingerprint, by=by, at=at)
    return _tell_accepted(arguments, record)


def _tell_accepted(arguments: argparse.Namespace, record: PartnerRecord) -> int:
    partner = record.partner
    if arguments.json:
        print_json(partner_document(record))
        return DONE
    words = PROPOSED if partner.state is PartnerState.PROPOSED else UPDATED
    say(
        arguments,
        words,
        partner=partner.code,
        name=partner.name,
        version=partner.card_version,
        fingerprint=partner.fingerprint,
        state=translate(STATE_WORDS[partner.state], arguments.language),
    )
    return DONE


def without_node(arguments: argparse.Namespace) -> int:
    """Register a partner that gets letters."""
    return _tell(
        arguments,
        partners.register_without_node(
            arguments.partner, arguments.name, by=officer_of(arguments), at=clock.now()
        ),
    )


# Looking


def list_partners(arguments: argparse.Namespace) -> int:
    """Print the partners."""
    state = PartnerState(arguments.state) if arguments.state else None
    records, language = partner_records(state=state), arguments.language
    if arguments.json:
        print_json({"items": [partner_document(record) for record in records]})
    elif not records:
        say(arguments, NO_PARTNERS)
    else:
        headings = (N_("partner"), N_("name"), N_("state"), N_("way"), N_("reached"))
        rows = [
            (
                record.partner.code,
                record.partner.name,
                translate(STATE_WORDS[record.partner.state], language),
                record.partner.binding.value,
                f"{record.reached_at:%Y-%m-%d %H:%M}" if record.reached_at else "",
            )
            for record in records
        ]
        print(table([translate(word, language) for word in headings], rows, 100))
    return DONE


def show(arguments: argparse.Namespace) -> int:
    """Print one partner."""
    record = partner_record(arguments.partner)
    document = partner_document(record)
    if arguments.json:
        print_json(document)
        return DONE
    partner, language = record.partner, arguments.language
    document["state"] = translate(STATE_WORDS[partner.state], language)
    document["binding"] = translate(BINDING_WORDS[partner.binding], language)
    document["problem"] = problem_in_words(record.problem, language) if record.problem else ""
    for name, label in LABELS.items():
        if document[name]:
            print(f"{translate(label, language)}: {_short(document[name])}")
    print(_ceilings_text(document["ceilings"], language))
    for key in partner.keys:
        print(_key_line(key, clock.now(), language))
    return DONE


def _key_line(key: CardKey, at: datetime, language: str) -> str:
    use = translate(KEY_USE_WORDS[key.use], language)
    end = key.revoked_at or key.valid_until
    line = f"{key.key_id}  {key.valid_from:%Y-%m-%d} – {end:%Y-%m-%d}  {use}"
    if key.revoked_at is not None:
        return f"{line} ({translate(REVOKED_KEY, language)})"
    return f"{line} ({translate(NEXT_KEY, language)})" if at < key.valid_from else line


def _ceilings_text(ceilings: dict[str, object], language: str) -> str:
    """Each ceiling in words, with the option that sets it."""
    lines = [translate(AT_MOST, language)]
    for name, label in CEILING_LABELS.items():
        value = translate(EVERY_ONE, language) if ceilings[name] is None else ceilings[name]
        option = f"--{name.replace('_', '-')}"
        lines.append(f"  {translate(label, language)} ({option}): {_short(value)}")
    return "\n".join(lines)


# Changing


def set_ceilings(arguments: argparse.Namespace) -> int:
    """Show the ceilings, or set the named ones."""
    changes: dict[str, Any] = {  # any: each ceiling's own type
        name: getattr(arguments, name) for name in NUMBERS if getattr(arguments, name) is not None
    }
    for name in SETS:
        text = getattr(arguments, name)
        if text is not None:
            codes = [code.strip() for code in text.split(",") if code.strip()]
            changes[name] = None if text == ALL else codes
    if changes:
        by = officer_of(arguments)
        record = partners.set_ceilings(arguments.partner, by=by, at=clock.now(), **changes)
    else:
        record = partner_record(arguments.partner)
    ceilings = ceilings_document(record.partner.ceilings)
    if arguments.json:
        print_json({"partner": arguments.partner, "ceilings": ceilings})
    else:
        print(_ceilings_text(ceilings, arguments.language))
    return DONE


def suspend(arguments: argparse.Namespace) -> int:
    """Suspend a partner."""
    by, at = officer_of(arguments), clock.now()
    return _tell(arguments, partners.suspend(arguments.partner, arguments.reason, by=by, at=at))


def resume(arguments: argparse.Namespace) -> int:
    """Resume a partner."""
    by, at = officer_of(arguments), clock.now()
    return _tell(arguments, partners.resume(arguments.partner, by=by, at=at))


def end(arguments: argparse.Namespace) -> int:
    """End the exchange with a partner."""
    by, at = officer_of(arguments), clock.now()
    return _tell(arguments, partners.end(arguments.partner, arguments.reason, by=by, at=at))


def choose_way(arguments: argparse.Namespace) -> int:
    """Choose how what we have for a partner travels."""
    by, at, binding = officer_of(arguments), clock.now(), Binding(arguments.binding)
    record = partners.choose_binding(arguments.partner, binding, by=by, at=at)
    if arguments.json:
        return _tell(arguments, record)
    way = translate(BINDING_WORDS[binding], arguments.language)
    say(arguments, GOES_BY, partner=record.partner.code, way=way)
    return DONE


def _tell(arguments: argparse.Namespace, record: PartnerRecord) -> int:
    if arguments.json:
        print_json(partner_document(record))
    else:
        state = translate(STATE_WORDS[record.partner.state], arguments.language)
        say(arguments, IS_NOW, partner=record.partner.code, state=state)
    return DONE


# Diagnosing


def diagnose(arguments: argparse.Namespace) -> int:
    """Say what stands between us and a partner; refused where something does."""
    findings = diagnosing.diagnose_partner(
        arguments.partner, at=clock.now(), test_message=not arguments.no_test_message
    )
    language = arguments.language
    if arguments.json:
        print_json(findings_document(arguments.partner, findings, language))
    elif not findings:
        say(arguments, WELL, partner=arguments.partner)
    for finding in findings if not arguments.json else ():
        told = finding_document(finding, language)
        say(arguments, FOUND, **{**told, "who": who_in_words(finding, language)})
    return REFUSED if findings else DONE
