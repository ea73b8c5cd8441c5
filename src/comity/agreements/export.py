# SPDX-License-Identifier: Apache-2.0
"""The register, or one instrument, as YAML, JSON or CSV for other programs and other offices.

An instrument's YAML and JSON have the form of the instrument files, so that an export can be read
back with `instrument_files`. CSV has one row per instrument (the list), per claim, or per
provision. What a user's own file carries is text only: a spreadsheet executes none of it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import yaml

from comity.agreements.agreement_state import standing_on
from comity.agreements.claim import Claim, Precision, Source
from comity.agreements.documents import Document, plain
from comity.agreements.instrument import Authority, Instrument, Party, Version
from comity.agreements.overlay import Overlay
from comity.agreements.provision import Provision
from comity.agreements.register import Register
from comity.reference.taxonomy import Programme

LIST_COLUMNS = (
    "reference",
    "title",
    "programme",
    "kind",
    "parties",
    "state",
    "in_force",
    "since",
    "read",
    "existence",
    "binding",
    "source",
)
CLAIM_COLUMNS = (
    "instrument",
    "event",
    "date",
    "precision",
    "party",
    "annex",
    "territory",
    "other",
    "confidence",
    "source",
    "url",
    "recorded_on",
    "note",
)
PROVISION_COLUMNS = (
    "instrument",
    "article",
    "type",
    "basis",
    "reading",
    "parameters",
    "annex",
    "since_version",
    "until_version",
    "source",
)


def instrument_document(instrument: Instrument) -> Document:
    """The instrument in the form of its file, without empty fields."""
    sources = _Sources(instrument)
    document: Document = {
        "reference": instrument.reference,
        "title": instrument.title,
        "kind": instrument.kind.value,
        "programme": instrument.programme.value,
        "parties": [_party(party, sources) for party in instrument.parties],
        "read": instrument.read.value,
        "model": instrument.model,
        "existence": instrument.existence,
        "languages": list(instrument.languages),
        "prevailing_language": instrument.prevailing_language,
        "source": sources.key(instrument.source),
        "recorded_on": instrument.recorded_on.isoformat(),
        "authorities": [_authority(a, sources) for a in instrument.authorities],
        "claims": [_claim(claim, instrument, sources) for claim in instrument.claims],
        "annexes": dict(instrument.annexes),
        "supersedes": list(instrument.supersedes),
        "complements": list(instrument.complements),
        "versions": [_version(v, instrument, sources) for v in instrument.versions],
        "notes": list(instrument.notes),
        "provisions": [_provision(p, instrument, sources) for p in instrument.provisions],
    }
    kept = _without_empty(document)
    if not instrument.binding:
        kept["binding"] = False
    if instrument.programme is Programme.MODEL:
        kept.pop("parties", None)
    return {**kept, "sources": sources.documents()}


def instrument_yaml(instrument: Instrument) -> str:
    """The instrument as YAML that `instrument_files.read_instrument` reads back."""
    document = instrument_document(instrument)
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def instruments_json(instruments: Iterable[Instrument]) -> str:
    """The instruments as a JSON list, each in the form of its file."""
    documents = [instrument_document(instrument) for instrument in instruments]
    return json.dumps(documents, ensure_ascii=False, indent=2)


def instruments_yaml(instruments: Iterable[Instrument]) -> str:
    """The instruments as a stream of YAML documents."""
    return "---\n".join(instrument_yaml(instrument) for instrument in instruments)


def list_row(
    instrument: Instrument,
    on: date,
    overlay: Overlay | None = None,
    register: Register | None = None,
) -> dict[str, str]:
    """The instrument as one row of the register's list, with its state on the day."""
    standing = standing_on(instrument, on, overlay, register)
    return {
        "reference": instrument.reference,
        "title": instrument.title,
        "programme": instrument.programme.value,
        "kind": instrument.kind.value,
        "parties": " ".join(party.code for party in instrument.parties),
        "state": standing.state.value if standing.state else "unknown",
        "in_force": standing.in_force.value,
        "since": standing.since.isoformat() if standing.since else "",
        "read": instrument.read.value,
        "existence": instrument.existence,
        "binding": "yes" if instrument.binding else "no",
        "source": instrument.source.url or instrument.source.title,
    }


def list_csv(
    instruments: Iterable[Instrument],
    on: date,
    overlay: Overlay | None = None,
    register: Register | None = None,
) -> str:
    """The register's list on a day, one row per instrument."""
    return csv_text(LIST_COLUMNS, (list_row(each, on, overlay, register) for each in instruments))


def claims_csv(instruments: Iterable[Instrument]) -> str:
    """Every claim, conflicting ones in rows of their own."""
    return csv_text(
        CLAIM_COLUMNS,
        (
            {
                "instrument": instrument.reference,
                **{name: str(plain(getattr(claim, name)) or "") for name in _CLAIM_FIELDS},
                "date": claim_date(claim),
                "source": claim.source.title,
                "url": claim.source.url,
            }
            for instrument in instruments
            for claim in instrument.claims
        ),
    )


def provisions_csv(instruments: Iterable[Instrument]) -> str:
    """Every provision with its reading; parameters as JSON in one column."""
    return csv_text(
        PROVISION_COLUMNS,
        (
            {
                "instrument": instrument.reference,
                **{name: str(plain(getattr(each, name)) or "") for name in _PROVISION_FIELDS},
                "parameters": json.dumps(plain(each.parameters), ensure_ascii=False),
                "source": each.source.url or each.source.title,
            }
            for instrument in instruments
            for each in instrument.provisions
        ),
    )


TABLES: dict[str, Callable[[Iterable[Instrument]], str]] = {
    "claims": claims_csv,
    "provisions": provisions_csv,
}
"""The tables beside the list, by name."""


def csv_text(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows under a heading; cells that a spreadsheet would take for a formula are quoted."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def claim_date(claim: Claim) -> str:
    """The day, month or year as far as it is known, or `unknown`."""
    if claim.on is None:
        return "unknown"
    return claim.on.isoformat()[: _DATE_LENGTH[claim.precision]]


_DATE_LENGTH = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4, Precision.UNKNOWN: 10}
_CLAIM_FIELDS = (
    "event",
    "precision",
    "party",
    "annex",
    "territory",
    "other",
    "confidence",
    "recorded_on",
    "note",
)
_PROVISION_FIELDS = (
    "article",
    "type",
    "basis",
    "reading",
    "annex",
    "since_version",
    "until_version",
)


class _Sources:
    """The sources of one instrument by key, in the order in which they are first named."""

    def __init__(self, instrument: Instrument) -> None:
        self.keys: dict[Source, str] = {}
        self.key(instrument.source)

    def key(self, source: Source) -> str:
        return self.keys.setdefault(source, f"s{len(self.keys) + 1}")

    def documents(self) -> Document:
        return {
            key: _without_empty(
                {
                    "title": source.title,
                    "url": source.url,
                    "read_on": source.read_on.isoformat() if source.read_on else "",
                }
            )
            for source, key in self.keys.items()
        }


def _party(party: Party, sources: _Sources) -> object:
    document = _without_empty(
        {
            "code": party.code,
            "members_act": party.members_act,
            "competence": party.competence,
            "reservations": [
                _without_empty(
                    {
                        "articles": sorted(reservation.articles),
                        "source": sources.key(reservation.source),
                        "note": reservation.note,
                    }
                )
                for reservation in party.reservations
            ],
            "territories": sorted(party.territories),
            "excluded_territories": sorted(party.excluded_territories),
            "obligations_unknown": party.obligations_unknown,
        }
    )
    if party.annexes is not None:
        document["annexes"] = sorted(party.annexes)
    return party.code if list(document) == ["code"] else document


def _authority(authority: Authority, sources: _Sources) -> Document:
    return _without_empty(
        {
            "code": authority.code,
            "name": authority.name,
            "contact_point": authority.contact_point,
            "matters": authority.matters,
            "source": sources.key(authority.source) if authority.source else "",
            "since": authority.since.isoformat() if authority.since else "",
        }
    )


def _claim(claim: Claim, instrument: Instrument, sources: _Sources) -> Document:
    return _without_empty(
        {
            "event": claim.event.value,
            "date": claim_date(claim),
            "source": sources.key(claim.source),
            "confidence": claim.confidence.value,
            "party": claim.party,
            "annex": claim.annex,
            "territory": claim.territory,
            "other": claim.other,
            "recorded_on": _unless(claim.recorded_on, instrument.recorded_on),
            "note": claim.note,
        }
    )


def _version(version: Version, instrument: Instrument, sources: _Sources) -> Document:
    claims = [_claim(claim, instrument, sources) for claim in version.claims]
    return _without_empty({"code": version.code, "title": version.title, "claims": claims})


def _provision(provision: Provision, instrument: Instrument, sources: _Sources) -> Document:
    return _without_empty(
        {
            "article": provision.article,
            "type": provision.type.value,
            "basis": provision.basis.value,
            "source": sources.key(provision.source),
            "reading": provision.reading,
            "parameters": plain(provision.parameters),
            "annex": provision.annex,
            "since_version": provision.since_version,
            "until_version": provision.until_version,
            "recorded_on": _unless(provision.recorded_on, instrument.recorded_on),
        }
    )


def _unless(day: date, usual: date) -> str:
    return "" if day == usual else day.isoformat()


def _without_empty(document: Document) -> Document:
    return {k: v for k, v in document.items() if v not in ("", None, [], {}) and v is not False}


def _cell(value: str) -> str:
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
