# SPDX-License-Identifier: Apache-2.0
"""What `comity agreements list|show|history|path|compare|export` do: read, choose, print."""

from __future__ import annotations

import argparse
from datetime import date

from comity.agreements import comparison, export, timeline
from comity.agreements.agreement_state import Standing, Sure, standing_on
from comity.agreements.claim import Claim
from comity.agreements.force import ForceState
from comity.agreements.instrument import Instrument
from comity.agreements.provision import Provision
from comity.agreements.register import Register, country_of
from comity.agreements.state_words import NO_STATE, STATES
from comity.agreements.terminal.options import (
    Setting,
    authority,
    print_json,
    setting_of,
    terminal_width,
    value,
)
from comity.agreements.text_table import scan_table, table
from comity.catalogues import N_
from comity.errors import ComityError
from comity.reference.countries import country_name
from comity.reference.taxonomy import (
    AgreementState,
    InstrumentKind,
    Programme,
    UnknownCodeError,
    label,
)

SURE_WORDS: dict[Sure, str] = {
    Sure.YES: N_("yes"),
    Sure.NO: N_("no"),
    Sure.UNKNOWN: N_("unknown"),
}
FORCE_WORDS: dict[ForceState, str] = {
    ForceState.IN_FORCE: N_("in force"),
    ForceState.NOT_IN_FORCE: N_("not in force"),
    ForceState.UNKNOWN: N_("not known whether in force"),
}
LIST_HEADINGS = (
    N_("reference"),
    N_("state"),
    N_("in force"),
    N_("since"),
    N_("read"),
    N_("title"),
)
CLAIM_HEADINGS = (N_("event"), N_("day"), N_("for"), N_("confidence"), N_("source"))
PROVISION_HEADINGS = (N_("article"), N_("matter"), N_("basis"), N_("reading"))
HISTORY_HEADINGS = (N_("day"), N_("event"), N_("trust"), N_("source"), N_("instrument"))


def list_instruments(arguments: argparse.Namespace) -> int:
    """Print the instruments that fit the filters, with their state on the day."""
    setting = setting_of(arguments)
    chosen = [
        (instrument, standing)
        for instrument in _of_parties(arguments, setting)
        if _fits_kind(instrument, arguments.kind, arguments.programme)
        for standing in [_standing(instrument, setting)]
        if _fits_state(standing, arguments.state)
    ]
    rows = [
        export.list_row(instrument, setting.on, setting.overlay, setting.register)
        for instrument, _ in chosen
    ]
    if arguments.json:
        print_json({"on": setting.on, "count": len(rows), "instruments": rows})
    elif arguments.csv:
        print(export.csv_text(export.LIST_COLUMNS, rows), end="")
    else:
        _print_list(chosen, setting)
    return 0


def show_instrument(arguments: argparse.Namespace) -> int:
    """Print one instrument whole."""
    setting = setting_of(arguments)
    instrument = setting.register.instrument(arguments.instrument)
    standing = _standing(instrument, setting)
    if arguments.json:
        print_json(
            {
                "on": setting.on,
                "standing": standing,
                "instrument": export.instrument_document(instrument),
            }
        )
        return 0
    print(f"{instrument.reference}  {instrument.title}")
    print(_kind_line(instrument, setting))
    print(setting.say(N_("Parties: {parties}"), parties=_party_names(instrument, setting)))
    print(state_sentence(standing, setting, setting.on))
    for note in instrument.notes:
        print(f"  {note}")
    _print_claims(instrument, setting)
    _print_provisions(instrument, setting)
    return 0


def show_history(arguments: argparse.Namespace) -> int:
    """Print the life of one instrument."""
    setting = setting_of(arguments)
    instrument = setting.register.instrument(arguments.instrument)
    happenings = timeline.history(instrument, setting.overlay)
    if arguments.json:
        document = {
            "instrument": instrument.reference,
            "on": setting.on,
            "standing": _standing(instrument, setting),
            "happenings": [timeline.happening_document(h) for h in happenings],
        }
        print_json(document)
        return 0
    print(f"{instrument.reference}  {instrument.title}")
    print(state_sentence(_standing(instrument, setting), setting, setting.on))
    _print_happenings(happenings, setting)
    return 0


def show_path(arguments: argparse.Namespace) -> int:
    """Print everything between two administrations as one timeline."""
    setting = setting_of(arguments)
    one, other = (authority(code, setting.register) for code in (arguments.one, arguments.other))
    path = timeline.path_between(
        setting.register, one, other, on=setting.on, overlay=setting.overlay
    )
    if arguments.json:
        print_json(timeline.path_document(path))
        return 0
    for stage in path.stages:
        print(f"{setting.say(label(stage.programme))}: {stage.instrument}  {stage.title}")
        print(f"  {state_sentence(stage.standing, setting, setting.on)}")
        between = setting.say(FORCE_WORDS[stage.between])
        print(
            "  "
            + setting.say(
                N_("Between {one} and {other}: {between}."), one=one, other=other, between=between
            )
        )
    for programme in path.missing():
        print(setting.say(N_("{programme}: nothing registered"), programme=label(programme)))
    _print_happenings(path.happenings(), setting, named=True)
    return 0


def compare_instruments(arguments: argparse.Namespace) -> int:
    """Print two instruments side by side."""
    setting = setting_of(arguments)
    first = setting.register.instrument(arguments.first)
    second = setting.register.instrument(arguments.second)
    compared = comparison.compare(first, second)
    if arguments.json:
        print_json(comparison.document_of(compared))
        return 0
    names = {"first": first.reference, "second": second.reference}
    rows = compared.differing() if arguments.differing else compared.rows
    for matter in comparison.Matter:
        of_matter = [row for row in rows if row.matter is matter]
        if of_matter:
            print(f"\n{setting.say(comparison.MATTER_WORDS[matter])}")
            cells = [
                (
                    setting.say(label(row.topic)) if "." not in row.topic else row.topic,
                    _side(row.first),
                    _side(row.second),
                    setting.say(comparison.RELATION_WORDS[row.relation], **names),
                )
                for row in of_matter
            ]
            headings = (setting.say(N_("matter")), *names.values(), setting.say(N_("how")))
            print(table(headings, cells, terminal_width()))
    return 0


def export_instruments(arguments: argparse.Namespace) -> int:
    """Print instruments as YAML, JSON or CSV."""
    setting = setting_of(arguments)
    register = setting.register
    chosen = [register.instrument(r) for r in arguments.references] or [
        *register.instruments.values()
    ]
    if arguments.json or arguments.format == "json":
        print(export.instruments_json(chosen))
    elif arguments.format == "yaml":
        print(export.instruments_yaml(chosen), end="")
    elif arguments.table == "list":
        print(export.list_csv(chosen, setting.on, setting.overlay, register), end="")
    else:
        print(export.TABLES[arguments.table](chosen), end="")
    return 0


def state_words(standing: Standing, setting: Setting) -> str:
    """The state in words, in the officer's language."""
    return setting.say((STATES[standing.state] if standing.state else NO_STATE)[0])


def state_sentence(standing: Standing, setting: Setting, on: date) -> str:
    """Where an instrument stands, in one sentence."""
    since = N_("since {since}") if standing.exact else N_("since {since} at the latest")
    sentence = setting.say(
        N_("{state} ({since}). In force on {on}: {in_force}."),
        state=state_words(standing, setting),
        since=setting.say(since, since=standing.since or setting.say(N_("an unknown day"))),
        on=on,
        in_force=setting.say(SURE_WORDS[standing.in_force]),
    )
    if standing.ends_on is not None:
        ends = setting.say(N_("The notice runs out on {ends_on}."), ends_on=standing.ends_on)
        return f"{sentence} {ends}"
    return sentence


def belongs_on(instrument: Instrument, party: str, on: date, register: Register) -> bool:
    """Whether the party is one of the instrument's, itself or through a group on that day."""
    code = country_of(party)
    return any(
        each.code == code or code in register.groups.members(each.code, on)
        for each in instrument.parties
    )


def _of_parties(arguments: argparse.Namespace, setting: Setting) -> list[Instrument]:
    chosen = [*setting.register.instruments.values()]
    for given in filter(None, (arguments.party, arguments.partner)):
        party = authority(given, setting.register)
        chosen = [i for i in chosen if belongs_on(i, party, setting.on, setting.register)]
    return chosen


def _fits_kind(instrument: Instrument, kind: str | None, programme: str | None) -> bool:
    if programme and instrument.programme is not value(Programme, programme):
        return False
    if not kind:
        return True
    try:
        return instrument.programme is value(Programme, kind)
    except UnknownCodeError as neither:
        try:
            return instrument.kind is value(InstrumentKind, kind)
        except ComityError:
            raise neither from None


def _fits_state(standing: Standing, state: str | None) -> bool:
    """`in-force` is what is surely in force; other words are states of the life."""
    if not state:
        return True
    word = state.strip().lower().replace("_", "-")
    if word == "in-force":
        return standing.in_force is Sure.YES
    if word == "awaiting":
        return standing.awaiting
    if word == "unknown":
        return standing.in_force is Sure.UNKNOWN
    return standing.state is value(AgreementState, word)


def _standing(instrument: Instrument, setting: Setting) -> Standing:
    return standing_on(instrument, setting.on, setting.overlay, setting.register)


def _print_list(chosen: list[tuple[Instrument, Standing]], setting: Setting) -> None:
    rows = [
        (
            instrument.reference,
            state_words(standing, setting),
            setting.say(SURE_WORDS[standing.in_force]),
            standing.since.isoformat() if standing.since else "",
            instrument.read.value,
            instrument.title,
        )
        for instrument, standing in chosen
    ]
    if rows:
        print(scan_table(setting.headings(LIST_HEADINGS), rows, terminal_width()))
    print(setting.say(N_("{count} instruments on {on}."), count=len(rows), on=setting.on))


def _kind_line(instrument: Instrument, setting: Setting) -> str:
    words = [setting.say(label(instrument.programme)), setting.say(label(instrument.kind))]
    if not instrument.binding:
        words.append(setting.say(N_("not binding under law")))
    if instrument.existence != "verified":
        words.append(setting.say(N_("existence unverified")))
    words.append(setting.say(N_("text read: {read}"), read=instrument.read.value))
    return " · ".join(words)


def _party_names(instrument: Instrument, setting: Setting) -> str:
    return ", ".join(
        f"{party.code} {country_name(party.code, setting.language)}"
        if country_name(party.code) != party.code
        else party.code
        for party in instrument.parties
    )


def _print_claims(instrument: Instrument, setting: Setting) -> None:
    rows = [_claim_row(claim, setting) for claim in instrument.claims]
    if rows:
        print(f"\n{table(setting.headings(CLAIM_HEADINGS), rows, terminal_width())}")


def _claim_row(claim: Claim, setting: Setting) -> tuple[str, ...]:
    limited = " ".join(filter(None, (claim.party, claim.annex, claim.territory)))
    return (
        setting.say(timeline.EVENT_WORDS[claim.event]),
        export.claim_date(claim),
        limited,
        claim.confidence.value,
        claim.source.title,
    )


def _print_provisions(instrument: Instrument, setting: Setting) -> None:
    rows = [_provision_row(provision, setting) for provision in instrument.provisions]
    if rows:
        print(f"\n{table(setting.headings(PROVISION_HEADINGS), rows, terminal_width())}")


def _provision_row(provision: Provision, setting: Setting) -> tuple[str, ...]:
    return (
        provision.article,
        setting.say(label(provision.type)),
        provision.basis.value,
        provision.reading,
    )


def _print_happenings(
    happenings: tuple[timeline.Happening, ...], setting: Setting, *, named: bool = False
) -> None:
    rows = []
    for happening in happenings:
        event = setting.say(timeline.EVENT_WORDS[happening.event])
        what = " ".join(filter(None, (event, happening.limited_to, happening.version)))
        if happening.confirmed_by:
            confirmed = setting.say(N_("confirmed by us"))
            rows.append((str(happening.on), what, confirmed, happening.confirmed_by, happening))
        for claim in happening.claims:
            sign = setting.say(N_("in conflict")) if happening.in_conflict else claim.confidence
            rows.append((export.claim_date(claim), what, sign, claim.source.title, happening))
    headings = HISTORY_HEADINGS if named else HISTORY_HEADINGS[:-1]
    cells = [(*row[:4], row[4].instrument) if named else row[:4] for row in rows]
    if cells:
        print(f"\n{table(setting.headings(headings), cells, terminal_width())}")


def _side(side: comparison.Side | None) -> str:
    if side is None:
        return "–"
    said = "" if side.value in (True, "") else _words(side.value)
    return " ".join(filter(None, (said, f"(art. {side.article}, {side.basis})")))


def _words(given: object) -> str:
    if isinstance(given, list | tuple | set | frozenset):
        return ", ".join(sorted(map(str, given)))
    return str(given)
