# SPDX-License-Identifier: Apache-2.0
"""What a court's forum wants of a certified copy, read from `forum_profiles.yaml`.

A profile says which statements a certificate makes, who signs it in which capacity, whether
another official certifies it finally, and which notices are due. It is data with its sources;
what a court then makes of the certificate is the court's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from comity.catalogues import N_
from comity.errors import NotFoundError
from comity.reference.countries import is_country
from comity.reference.yaml_files import Entry, read_yaml

PROFILES_FILE = Path(__file__).parent / "forum_profiles.yaml"
ANY_FORUM = "any"
UNION = "EU"
Code = TypeVar("Code", bound=StrEnum)


class Said(StrEnum):
    """A statement that a certificate makes, or an official who certifies finally."""

    TRUE_COPY = "true-copy"
    OFFICIAL_RECORD = "official-record"
    AUTHORISED_TO_ATTEST = "authorised-to-attest"
    MADE_AT_OR_NEAR_TIME = "made-at-or-near-time"
    KEPT_IN_REGULAR_COURSE = "kept-in-regular-course"
    REGULAR_PRACTICE = "regular-practice"
    DUPLICATE = "duplicate"
    PENALTY = "penalty"
    NO_FURTHER_FORMALITY = "no-further-formality"
    ACQUISITION = "acquisition"
    """Composed of what is known of the item, and says whether it was judicially obtained."""
    CUSTODY = "custody"
    """Composed: how custody stands, gaps disclosed."""
    CONDITIONS = "conditions"
    """Composed: what was laid on the item."""


class FinallySaid(StrEnum):
    """A statement of whoever certifies the certificate itself."""

    GENUINENESS = "genuineness"
    OFFICIAL_POSITION = "official-position"


class Capacity(StrEnum):
    """In which capacity an official signs."""

    CERTIFYING_OFFICIAL = "certifying-official"
    CUSTODIAN = "custodian"
    US_SECRETARY_OF_EMBASSY = "us-secretary-of-embassy"
    US_CONSUL = "us-consul"
    DIPLOMAT_ACCREDITED_TO_US = "diplomat-accredited-to-us"


COMPOSED = frozenset({Said.ACQUISITION, Said.CUSTODY, Said.CONDITIONS})
"""Parts of a certificate whose words depend on the item, each under a heading of its own."""


class Basis(StrEnum):
    """On what a profile's source rests."""

    READ = "read"
    ASSUMED = "assumed"


class UnknownProfileError(NotFoundError):
    """There is no such forum profile."""

    code = "unknown-forum-profile"
    message = N_("There is no forum profile {profile}.")
    remedy = N_("Name one of these: {known}.")


@dataclass(frozen=True, slots=True)
class ProfileSource:
    """From which text a requirement was taken."""

    title: str
    article: str
    url: str
    basis: Basis
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class ForumNotice:
    """A notice that whoever relies on the copy must give in the forum."""

    code: str
    to: str
    by: str
    timing: str
    form: str
    days: int | None = None
    """None where the text counts no days."""


@dataclass(frozen=True, slots=True)
class ForumProfile:
    """What one kind of forum wants."""

    code: str
    title: str
    forum: str
    """Code of the country or union; `any` where no one forum is meant."""
    use: str
    signed_by: tuple[Capacity, ...]
    statements: tuple[Said, ...]
    sources: tuple[ProfileSource, ...]
    notices: tuple[ForumNotice, ...] = ()
    final_certification: bool = False
    final_statements: tuple[FinallySaid, ...] = ()
    final_signed_by: tuple[Capacity, ...] = ()

    @property
    def assumed(self) -> bool:
        """Whether no text was read that says so, in whole or in part."""
        return any(source.basis is Basis.ASSUMED for source in self.sources)


@cache
def forum_profiles(file: Path = PROFILES_FILE) -> Mapping[str, ForumProfile]:
    """Every profile of the file, by its code, in its order.

    Raises:
        DataFileError: something in the file does not hold together; it names the line.
    """
    top = read_yaml(file)
    top.allow(frozenset({"profiles"}), required=("profiles",))
    found: dict[str, ForumProfile] = {}
    for entry in top.each("profiles"):
        profile = _profile(entry)
        if profile.code in found:
            raise entry.at("code").fail(expected="a code that no other profile has")
        found[profile.code] = profile
    return MappingProxyType(found)


def forum_profile(code: str) -> ForumProfile:
    """The profile of this code.

    Raises:
        UnknownProfileError: there is none.
    """
    known = forum_profiles()
    if code not in known:
        raise UnknownProfileError(profile=code, known=", ".join(known))
    return known[code]


def _profile(entry: Entry) -> ForumProfile:
    required = ("code", "title", "forum", "use", "signed_by", "statements", "sources")
    optional = ("final_certification", "final_statements", "final_signed_by", "notices")
    entry.allow(frozenset((*required, *optional)), required=required)
    forum = entry.text("forum")
    if forum not in (ANY_FORUM, UNION) and not is_country(forum):
        raise entry.at("forum").fail(expected="a country, EU or any")
    final = entry.flag("final_certification", default=False)
    profile = ForumProfile(
        code=entry.text("code"),
        title=entry.text("title"),
        forum=forum,
        use=entry.text("use"),
        signed_by=_codes(entry, "signed_by", Capacity),
        statements=_codes(entry, "statements", Said),
        sources=tuple(_source(each) for each in entry.each("sources")),
        notices=tuple(_notice(each) for each in entry.each("notices")),
        final_certification=final,
        final_statements=_codes(entry, "final_statements", FinallySaid),
        final_signed_by=_codes(entry, "final_signed_by", Capacity),
    )
    if final != bool(profile.final_statements and profile.final_signed_by):
        raise entry.fail(
            expected="final statements and signers exactly where it is certified finally"
        )
    return profile


def _codes(entry: Entry, key: str, codes: type[Code]) -> tuple[Code, ...]:
    found = []
    for each in entry.each(key):
        if each.value not in tuple(codes):
            raise each.fail(expected="one of " + ", ".join(codes))
        found.append(codes(str(each.value)))
    return tuple(found)


def _notice(entry: Entry) -> ForumNotice:
    keys = ("code", "to", "by", "timing", "days", "form")
    entry.allow(frozenset(keys), required=keys)
    days = entry.text("days")
    if days != "unknown" and not days.isdecimal():
        raise entry.at("days").fail(expected="a number of days or unknown")
    said = {name: entry.text(name) for name in ("code", "to", "by", "timing", "form")}
    return ForumNotice(**said, days=int(days) if days.isdecimal() else None)


def _source(entry: Entry) -> ProfileSource:
    entry.allow(
        frozenset(("title", "article", "url", "read_on", "basis")),
        required=("title", "article", "basis"),
    )
    basis = entry.code("basis", Basis)
    read_on = entry.day("read_on")
    if basis is Basis.READ and (read_on is None or not entry.has("url")):
        raise entry.fail(expected="address and day of reading, where a text was read")
    return ProfileSource(
        entry.text("title"), entry.text("article"), entry.text("url"), basis, read_on
    )
