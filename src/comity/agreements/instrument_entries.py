# SPDX-License-Identifier: Apache-2.0
"""Turns the entries of one instrument file into values, refusing what does not hold together.

What can be judged within one file is judged here: keys, codes, parameters, days, sources, parties.
What needs the other files (references, models, doubles) is judged by `instrument_files`.
"""

from __future__ import annotations

import re
from datetime import date
from types import MappingProxyType

from comity.agreements.claim import Claim, Confidence, Event, Precision, Source
from comity.agreements.instrument import (
    Authority,
    Instrument,
    Party,
    ReadState,
    Reservation,
    Version,
)
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.agreements.provision_parameters import names, parameter, value_of
from comity.catalogues import N_
from comity.reference.countries import is_country
from comity.reference.days import day_of
from comity.reference.groups import Groups
from comity.reference.taxonomy import InstrumentKind, Programme
from comity.reference.yaml_files import DataFileError, Entry, UnknownKeyError

INSTRUMENT_KEYS = frozenset(
    [
        "reference",
        "title",
        "kind",
        "programme",
        "parties",
        "read",
        "model",
        "binding",
        "existence",
        "languages",
        "prevailing_language",
        "sources",
        "source",
        "recorded_on",
        "authorities",
        "claims",
        "annexes",
        "supersedes",
        "complements",
        "versions",
        "notes",
        "provisions",
    ]
)
PARTY_KEYS = frozenset(
    [
        "code",
        "members_act",
        "competence",
        "annexes",
        "reservations",
        "territories",
        "excluded_territories",
        "obligations_unknown",
    ]
)
CLAIM_KEYS = frozenset(
    [
        "event",
        "date",
        "source",
        "confidence",
        "note",
        "party",
        "annex",
        "territory",
        "other",
        "recorded_on",
    ]
)
PROVISION_KEYS = frozenset(
    [
        "article",
        "type",
        "basis",
        "source",
        "reading",
        "parameters",
        "annex",
        "since_version",
        "until_version",
        "recorded_on",
    ]
)
AUTHORITY_KEYS = frozenset(["code", "name", "contact_point", "matters", "source", "since"])
DATE_FORMS = {
    Precision.DAY: re.compile(r"\d{4}-\d{2}-\d{2}"),
    Precision.MONTH: re.compile(r"\d{4}-\d{2}"),
    Precision.YEAR: re.compile(r"\d{4}"),
}
FIRST_DAY = {Precision.DAY: "", Precision.MONTH: "-01", Precision.YEAR: "-01-01"}


class ForceBeforeSignatureError(DataFileError):
    """A claim to be trusted says that the instrument was in force before anybody had signed it."""

    code = "force-before-signature"
    message = N_(
        "{file}, line {line}: {what} is in force on {found}; expected {expected}, since nobody had "
        "signed before."
    )
    remedy = N_(
        "Correct the day, or keep the conflict as a claim of low confidence with a note of why."
    )


class UnlistedPartyError(DataFileError):
    """A party that is neither a country nor a listed group of states."""

    code = "unlisted-party"
    remedy = N_("Use the ISO code, or list the group and its members in the file of groups.")


class FileReader:
    """Reads one instrument file; keeps what every part of it needs: sources, day, groups."""

    def __init__(self, top: Entry, groups: Groups) -> None:
        self.top = top
        self.groups = groups
        self.sources: dict[str, Source] = {}
        self.recorded_on = date.min
        self.main_source = Source(title="")

    def instrument(self) -> Instrument:
        """The whole file as an instrument."""
        top = self.top
        top.allow(
            INSTRUMENT_KEYS,
            required=("reference", "title", "kind", "programme", "sources", "source"),
        )
        self.sources = {key: self._listed_source(key) for key in top.at("sources").names()}
        self.main_source = self._source(top, required=True)
        self.recorded_on = self._recorded_on()
        programme = top.code("programme", Programme)
        if programme is not Programme.MODEL and not top.has("parties"):
            raise top.fail(expected="parties")
        claims = self._claims(top)
        self._check_force_follows_signature(top, claims)
        return Instrument(
            reference=top.text("reference"),
            title=top.text("title"),
            kind=top.code("kind", InstrumentKind),
            programme=programme,
            parties=self._parties(),
            claims=claims,
            provisions=tuple(self._provision(each) for each in top.each("provisions")),
            read=top.code("read", ReadState, ReadState.NONE),
            source=self.main_source,
            recorded_on=self.recorded_on,
            authorities=tuple(self._authority(each) for each in top.each("authorities")),
            model=top.text("model"),
            languages=top.texts("languages"),
            prevailing_language=top.text("prevailing_language"),
            versions=tuple(self._version(each) for each in top.each("versions")),
            annexes=self._annexes(),
            binding=top.flag("binding", default=True),
            existence=self._existence(claims),
            supersedes=top.texts("supersedes"),
            complements=top.texts("complements"),
            notes=top.texts("notes"),
            file=top.name,
        )

    # Sources and days

    def _listed_source(self, key: str) -> Source:
        entry = self.top.at("sources", key)
        entry.allow(frozenset({"title", "url", "read_on"}), required=("title",))
        return Source(entry.text("title"), entry.text("url"), entry.day("read_on"))

    def _source(self, entry: Entry, *, required: bool) -> Source:
        key = entry.text("source")
        if not key and not required:
            return self.main_source
        if key not in self.sources:
            raise entry.at("source").fail(
                expected="one of the file's sources: " + ", ".join(self.sources)
            )
        return self.sources[key]

    def _recorded_on(self) -> date:
        day = self.top.day("recorded_on")
        if day is None:
            raise self.top.at("recorded_on").fail(expected="the day of recording (YYYY-MM-DD)")
        return day

    # Parties

    def _parties(self) -> tuple[Party, ...]:
        parties = tuple(self._party(each) for each in self.top.each("parties"))
        if len({party.code for party in parties}) < len(parties):
            raise self.top.at("parties").fail(expected="each party once")
        return parties

    def _party(self, entry: Entry) -> Party:
        if isinstance(entry.value, str):
            return Party(self._party_code(entry))
        entry.allow(PARTY_KEYS, required=("code",))
        annexes = frozenset(entry.texts("annexes")) if "annexes" in entry.names() else None
        for annex in annexes or ():
            self._check_annex(entry.at("annexes"), annex)
        return Party(
            code=self._party_code(entry.at("code")),
            members_act=entry.flag("members_act", default=False),
            competence=entry.text("competence"),
            annexes=annexes,
            reservations=tuple(self._reservation(each) for each in entry.each("reservations")),
            territories=frozenset(entry.texts("territories")),
            excluded_territories=frozenset(entry.texts("excluded_territories")),
            obligations_unknown=entry.flag("obligations_unknown", default=False),
        )

    def _party_code(self, entry: Entry) -> str:
        code = str(entry.value)
        if is_country(code) or code in self.groups.by_code:
            return code
        listed = ", ".join(sorted(self.groups.by_code))
        raise entry.fail(
            expected=f"a country's code or a listed group of states ({listed})",
            kind=UnlistedPartyError,
        )

    def _reservation(self, entry: Entry) -> Reservation:
        entry.allow(frozenset({"articles", "source", "note"}), required=("articles", "source"))
        return Reservation(
            articles=frozenset(entry.texts("articles")),
            source=self._source(entry, required=True),
            note=entry.text("note"),
        )

    def _check_party(self, entry: Entry, code: str) -> None:
        """The code is a party, or a member (on any day) of a party that is a group."""
        parties = [each.value for each in self.top.each("parties")]
        codes = {each["code"] if isinstance(each, dict) else each for each in parties}
        members = {m for each in codes for m in self.groups.members_ever(str(each))}
        if code not in codes | members:
            raise entry.fail(
                expected="a party of the instrument or a member of one: "
                + ", ".join(sorted(map(str, codes))),
                kind=UnlistedPartyError,
            )

    def _authority(self, entry: Entry) -> Authority:
        entry.allow(AUTHORITY_KEYS, required=("code", "name"))
        party, _, name = entry.text("code").partition("/")
        if not name:
            raise entry.at("code").fail(expected="<party>/<short name>")
        self._check_party(entry.at("code"), party)
        return Authority(
            code=entry.text("code"),
            name=entry.text("name"),
            party=party,
            contact_point=entry.text("contact_point"),
            matters=entry.text("matters"),
            source=self._source(entry, required=False),
            since=entry.day("since"),
        )

    # Claims and versions

    def _claims(self, entry: Entry) -> tuple[Claim, ...]:
        return tuple(self._claim(each) for each in entry.each("claims"))

    def _claim(self, entry: Entry) -> Claim:
        entry.allow(CLAIM_KEYS, required=("event", "date", "source", "confidence"))
        day, precision = _dated(entry)
        if entry.has("party"):
            self._check_party(entry.at("party"), entry.text("party"))
        if entry.has("annex"):
            self._check_annex(entry.at("annex"), entry.text("annex"))
        return Claim(
            event=entry.code("event", Event),
            source=self._source(entry, required=True),
            confidence=entry.code("confidence", Confidence),
            recorded_on=entry.day("recorded_on") or self.recorded_on,
            on=day,
            precision=precision,
            party=entry.text("party"),
            annex=entry.text("annex"),
            territory=entry.text("territory"),
            other=entry.text("other"),
            note=entry.text("note"),
        )

    def _check_force_follows_signature(self, top: Entry, claims: tuple[Claim, ...]) -> None:
        signed = [c.on for c in claims if c.event is Event.SIGNED and c.credible and c.on]
        if not signed:
            return
        for place, claim in enumerate(claims):
            before = claim.latest is not None and claim.latest < min(signed)
            if claim.event is Event.IN_FORCE and claim.credible and before:
                raise top.at("claims", place).fail(
                    expected=f"a day from {min(signed)} on",
                    found=claim.latest,
                    kind=ForceBeforeSignatureError,
                )

    def _version(self, entry: Entry) -> Version:
        entry.allow(frozenset({"code", "title", "claims"}), required=("code", "title"))
        return Version(entry.text("code"), entry.text("title"), self._claims(entry))

    def _existence(self, claims: tuple[Claim, ...]) -> str:
        existence = self.top.text("existence", "verified")
        if existence not in ("verified", "unverified"):
            raise self.top.at("existence").fail(expected="verified or unverified")
        if existence == "unverified":
            for place, claim in enumerate(claims):
                if claim.credible:
                    raise self.top.at("claims", place, "confidence").fail(
                        expected="low or unverified, because the instrument is only recalled"
                    )
        return existence

    # Annexes and provisions

    def _annexes(self) -> tuple[tuple[str, str], ...]:
        entry = self.top.at("annexes")
        if entry.value == "":
            return ()
        return tuple((annex, entry.text(annex)) for annex in entry.names())

    def _check_annex(self, entry: Entry, annex: str) -> None:
        known = [name for name, _ in self._annexes()]
        if annex not in known:
            raise entry.fail(expected="an annex of the instrument: " + ", ".join(known))

    def _provision(self, entry: Entry) -> Provision:
        entry.allow(PROVISION_KEYS, required=("article", "type", "basis", "reading"))
        if entry.has("annex"):
            self._check_annex(entry.at("annex"), entry.text("annex"))
        versions = [each.text("code") for each in self.top.each("versions")]
        for key in ("since_version", "until_version"):
            if entry.has(key) and entry.text(key) not in versions:
                raise entry.at(key).fail(expected="a version: " + ", ".join(versions))
        basis = entry.code("basis", Basis)
        if basis is Basis.CONFIRMED:
            raise entry.at("basis").fail(expected="read or assumed; confirmations are local")
        type_ = entry.code("type", ProvisionType)
        return Provision(
            article=entry.text("article"),
            type=type_,
            basis=basis,
            reading=entry.text("reading"),
            parameters=MappingProxyType(_parameters(entry.at("parameters"), type_)),
            source=self._source(entry, required=False),
            recorded_on=entry.day("recorded_on") or self.recorded_on,
            annex=entry.text("annex"),
            since_version=entry.text("since_version"),
            until_version=entry.text("until_version"),
        )


def _parameters(entry: Entry, type_: ProvisionType) -> dict[str, object]:
    if entry.value == "":
        return {}
    found: dict[str, object] = {}
    for name in entry.names():
        known = parameter(type_, name)
        if known is None:
            raise entry.at(name).fail(
                expected=", ".join(names(type_)), found=name, kind=UnknownKeyError
            )
        value = entry.at(name)
        try:
            found[name] = value_of(known, value.value)
        except ValueError as error:
            wrong = value.value if isinstance(value.value, str) else error.args[0]
            raise value.fail(expected=known.expected, found=wrong) from None
    return found


def _dated(entry: Entry) -> tuple[date | None, Precision]:
    given = entry.text("date")
    if given == "unknown":
        return None, Precision.UNKNOWN
    expected = "a day (YYYY-MM-DD), a month (YYYY-MM), a year (YYYY) or unknown"
    for precision, form in DATE_FORMS.items():
        if form.fullmatch(given):
            try:
                return day_of(given + FIRST_DAY[precision]), precision
            except ValueError:
                break
    raise entry.at("date").fail(expected=expected)
