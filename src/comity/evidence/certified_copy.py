# SPDX-License-Identifier: Apache-2.0
"""What a certificate of true copy says, in one language or two, and in which order.

Plain: everything is an argument, from the item's description to the state of the seal. The page
is drawn by `certificates/certified_copy.typ` from what `certificate_document` composes; what is
not known is said to be unknown and never left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from comity.catalogues import N_
from comity.errors import InvalidInputError, NotPermittedError
from comity.evidence.certificate_wording import Review, Wording, isolated, wording
from comity.evidence.custody import Custody
from comity.evidence.forum_profiles import COMPOSED, Capacity, ForumProfile
from comity.evidence.item import Description, Item
from comity.evidence.new_item import check_words
from comity.handling.marking import Marking, Unsettled
from comity.reference.taxonomy import Caveat

MOST_LANGUAGES = 2
EMBEDDED_UP_TO = 64 << 20
"""Bytes: a larger original goes beside the certified copy, not inside it."""
ATTACHED_AS = "original"
ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/xml": ".xml",
}
"""Endings of the attached file; every other type is `.bin`, so that nothing opens by itself."""


class CertificationWithheldError(NotPermittedError):
    """The item's custody does not bear a certificate."""

    code = "certification-withheld"
    message = N_("{item} cannot be certified: its custody shows {count} gaps or disagreements.")
    remedy = N_("Read them with `comity evidence custody {item}`; access to the item stays.")


class NothingToCertifyError(InvalidInputError):
    """A thing has no copy, and what was destroyed has none any more."""

    code = "no-copy-to-certify"
    message = N_("{item} has no content of which a copy could be certified.")
    remedy = N_("Describe a physical object in a statement; photograph it and certify the picture.")


class CapacityNotSuitableError(InvalidInputError):
    """The forum wants somebody else's signature."""

    code = "capacity-not-suitable"
    message = N_("The profile {profile} is not signed by a {capacity}; it wants {wanted}.")
    remedy = N_(
        "State the official in the capacity that the forum wants, or choose another profile."
    )


class LanguagesError(InvalidInputError):
    """A certificate is written in one language or two."""

    code = "certificate-languages"
    message = N_("A certificate is written in one language or two different ones; found {found}.")
    remedy = N_("Name your own language and, where it differs, the partner's.")


@dataclass(frozen=True, slots=True)
class Official:
    """Who signs, as the certificate names them. Personal: kept sealed."""

    name: str
    capacity: Capacity
    position: str = ""
    """The office held, in the official's own words."""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Issuer:
    """The administration that certifies."""

    code: str
    country: str
    name: str
    address: str = ""
    """Where its register answers for a number; empty where it is not on a network."""
    pilot: bool = True
    """Whether the seal or the time stamp is of a pilot authority."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Under which instrument the copy is given; empty texts for copies of our own accord."""

    instrument: str = ""
    title: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Everything that a certificate of true copy says."""

    number: str
    profile: ForumProfile
    languages: tuple[str, ...]
    issuer: Issuer
    official: Official
    on: date
    basis: Basis
    item: Item
    description: Description = field(repr=False)
    custody: Custody
    marking: Marking
    pages: int
    pages_digest: str
    """SHA-256 over the SHA-256 of each page's picture, in order; empty without pages."""
    final: Official | None = None
    final_on: date | None = None
    title: str = ""
    """Of the copy, where the item's own is not to be named."""

    @property
    def embeds(self) -> bool:
        """Whether the original travels inside the document."""
        return (self.item.size or 0) <= EMBEDDED_UP_TO


def check_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages as given, where a certificate can be written in them.

    Raises:
        LanguagesError: none, more than two, or one twice.
        UnknownCertificateLanguageError: there is no wording in one of them.
    """
    found = tuple(languages)
    if not 1 <= len(found) <= MOST_LANGUAGES or len(set(found)) != len(found):
        raise LanguagesError(found=", ".join(found) or "none")
    for language in found:
        wording(language)
    return found


def check_capacity(profile: ForumProfile, official: Official, *, final: bool = False) -> None:
    """Raise unless the forum takes this official's signature, named in words that do not mislead.

    Raises:
        CapacityNotSuitableError: it wants another official's. MisleadingWordsError: by a name.
    """
    check_words(official.name, official.position, official.place)
    wanted = profile.final_signed_by if final else profile.signed_by
    if official.capacity not in wanted:
        raise CapacityNotSuitableError(
            profile=profile.code, capacity=official.capacity, wanted=", ".join(wanted)
        )


def require_certifiable(item: Item, custody: Custody) -> None:
    """Raise unless a copy of the item can be certified: it has content and an unbroken custody."""
    if item.is_object or not item.digest:
        raise NothingToCertifyError(item=item.reference)
    if not item.certifiable or custody.findings:
        raise CertificationWithheldError(item=item.reference, count=len(custody.findings))


def digest_of_pages(pages: Iterable[bytes]) -> str:
    """SHA-256 over the SHA-256 of each page; empty where there are none."""
    digests = [hashlib.sha256(page).digest() for page in pages]
    return hashlib.sha256(b"".join(digests)).hexdigest() if digests else ""


def attached_name(item: Item) -> str:
    """What the original is called inside the copy: never as its author called it."""
    return ATTACHED_AS + ENDINGS.get(item.media_type, ".bin")


def certificate_document(certificate: Certificate, at: datetime) -> dict[str, Any]:
    """What the template draws: each text in each language, in the order of the page."""
    words = [wording(language) for language in certificate.languages]
    first = words[0]
    return {
        "number": certificate.number,
        "language": certificate.languages[0],
        "languages": [
            {"code": each.language, "rtl": each.right_to_left, "machine": _machine(each)}
            for each in words
        ],
        "title": f"{first.said('headings.title')} {certificate.number}",
        "issuer": certificate.issuer.name,
        "headings": _in_all(words, "headings"),
        "labels": _in_all(words, "labels"),
        "facts": _facts(certificate, words),
        "statements": [_statements(certificate, each) for each in words],
        "item": _item_rows(certificate, words),
        "acquisition": _acquisition_rows(certificate, words),
        "acquisition_said": [_judicial(certificate, each) for each in words],
        "custody_said": [_custody(certificate.custody, each) for each in words],
        "conditions": [_conditions(certificate, each) for each in words],
        "digests": _digests(certificate, words),
        "verification": [_verification(certificate, each) for each in words],
        "original": [_original(certificate, each) for each in words],
        "official": _signature(certificate.official, certificate.on, words),
        "final": _final(certificate, words),
        "pages": [_page(certificate, number, first) for number in range(1, certificate.pages + 1)],
        "emblem_alt": first.said("sentences.emblem_alt"),
        "issuer_code": certificate.issuer.code,
        "sealed_at": at.isoformat(timespec="seconds"),
    }


def _in_all(words: Sequence[Wording], section: str) -> dict[str, list[str]]:
    names = [name for name in words[0].texts if name.startswith(f"{section}.")]
    return {name.partition(".")[2]: [each.said(name) for each in words] for name in names}


def _machine(words: Wording) -> str:
    return words.said("sentences.machine") if words.review is Review.MACHINE else ""


def _row(words: Sequence[Wording], label: str, value: str | list[str]) -> dict[str, Any]:
    """A row of the page: its label in each language, and a value, or one in each language."""
    if isinstance(value, list):
        values = value
    else:
        values = [isolated(value) if any(each.right_to_left for each in words) else value]
    return {"labels": [each.said(f"labels.{label}") for each in words], "values": values}


def _facts(certificate: Certificate, words: Sequence[Wording]) -> list[dict[str, Any]]:
    """The numbered box at the head: who certifies, where, when, under what number and text."""
    official, basis, issuer = certificate.official, certificate.basis, certificate.issuer
    unknown = _each(words, "sentences.unknown")
    position = official.position or _each(words, f"capacities.{official.capacity}")
    rows = [
        _row(words, "country", issuer.country),
        _row(words, "authority", issuer.name),
        _row(words, "official", official.name),
        _row(words, "capacity", position),
        _row(words, "place", official.place or unknown),
        _row(words, "date", certificate.on.isoformat()),
        _row(words, "number", certificate.number),
        _row(words, "instrument", basis.title or basis.instrument or unknown),
        _row(words, "article", basis.article or unknown),
    ]
    return rows


def _statements(certificate: Certificate, words: Wording) -> list[str]:
    made = [each for each in certificate.profile.statements if each not in COMPOSED]
    return [words.said(f"statements.{each}") for each in made]


def _item_rows(certificate: Certificate, words: Sequence[Wording]) -> list[dict[str, Any]]:
    item, description = certificate.item, certificate.description
    channel = certificate.item.channels[0] if item.channels else None
    supplier = channel.supplier if channel and channel.supplier else ""
    rows = [
        _row(words, "title", certificate.title or description.title),
        _row(words, "kind", [_kind(item, each) for each in words]),
        _row(words, "supplier", supplier or _each(words, "sentences.own")),
        _row(words, "reference", f"{item.reference} · {item.identity}"),
    ]
    if description.marks:
        rows.append(_row(words, "marks", ", ".join(description.marks)))
    size = "size" if not certificate.pages else "pages"
    rows.append(_row(words, size, [_extent(certificate, each) for each in words]))
    if item.return_by or certificate.marking.return_or_destroy_by:
        day = item.return_by or certificate.marking.return_or_destroy_by
        rows.append(_row(words, "return_by", day.isoformat() if day else ""))
    return rows


def _page(certificate: Certificate, number: int, words: Wording) -> dict[str, str]:
    """What stands over a page's picture, and what is said of it to whoever cannot see it."""
    pages, reference = certificate.pages, certificate.item.reference
    over = words.said("sentences.page", page=number, pages=pages)
    copied = f"{words.said('labels.copy_of')} {reference} · {certificate.number}"
    alternative = words.said("sentences.page_alt", page=number, pages=pages, reference=reference)
    return {"over": f"{over} · {copied}", "alternative": alternative}


def _kind(item: Item, words: Wording) -> str:
    return f"{words.said(f'codes.{item.kind}')}, {words.said(f'codes.{item.rank}')}"


def _extent(certificate: Certificate, words: Wording) -> str:
    size = str(certificate.item.size or 0)
    if not certificate.pages:
        return size
    return f"{certificate.pages} · {words.said('labels.size')}: {size}"


def _acquisition_rows(certificate: Certificate, words: Sequence[Wording]) -> list[dict[str, Any]]:
    acquired = certificate.description.acquisition
    unknown = _each(words, "sentences.unknown")
    return [
        _row(words, "acquired_on", acquired.at.date().isoformat() if acquired.at else unknown),
        _row(words, "acquired_place", acquired.place or unknown),
        _row(words, "acquired_by", acquired.by or unknown),
        _row(words, "acquired_how", acquired.how or unknown),
        _row(words, "acquired_power", acquired.power or unknown),
    ]


def _judicial(certificate: Certificate, words: Wording) -> str:
    """Judicially obtained if anybody says so; not so only where nothing says or doubts it."""
    said = certificate.description.acquisition.judicially_obtained
    marked = certificate.marking.judicially_obtained
    if said or marked:
        return words.said("sentences.judicial")
    doubted = Unsettled.JUDICIAL_ORIGIN in certificate.marking.unsettled
    if said is False and (certificate.item.is_ours or not doubted):
        return words.said("sentences.not_judicial")
    known = marked is False and not doubted
    return words.said("sentences.not_judicial" if known else "sentences.judicial_unknown")


def _custody(custody: Custody, words: Wording) -> str:
    count = len(custody.events)
    if not custody.findings:
        return words.said("sentences.custody_whole", count=count)
    gaps = sum(finding.is_gap for finding in custody.findings)
    numbers = sorted({finding.number for finding in custody.findings})
    return words.said(
        "sentences.custody_gaps",
        count=count,
        gaps=gaps,
        faults=len(custody.findings) - gaps,
        numbers=", ".join(str(number) for number in numbers),
    )


def _conditions(certificate: Certificate, words: Wording) -> list[str]:
    marking = certificate.marking
    said = []
    if certificate.basis.instrument:
        said.append(words.said("sentences.instrument_conditions"))
    said += [words.said(f"codes.{code}") + "." for code in sorted(marking.handling)]
    timed = {Caveat.RETURN_OR_DESTROY_BY} if marking.return_or_destroy_by else set()
    said += [words.said(f"codes.{each}") + "." for each in sorted(marking.caveats - timed)]
    for purpose, rule in sorted(marking.use_rules):
        said.append(
            words.said(
                "sentences.use_rule",
                purpose=words.said(f"codes.{purpose}"),
                rule=words.said(f"codes.{rule}"),
            )
        )
    if marking.audience is not None:
        names = ", ".join(sorted(marking.audience)) or "—"
        said.append(words.said("sentences.audience", names=names))
    if marking.return_or_destroy_by:
        day = marking.return_or_destroy_by.isoformat()
        said.append(words.said("sentences.destroy_by", day=day))
    if marking.personal_data:
        said.append(words.said("sentences.personal_data"))
    said += [
        words.said("sentences.restriction", text=each) for each in sorted(marking.restrictions)
    ]
    return said or [words.said("sentences.no_conditions")]


def _digests(certificate: Certificate, words: Sequence[Wording]) -> list[dict[str, Any]]:
    rows = [_row(words, "digest", [certificate.item.digest])]
    if certificate.pages_digest:
        rows.append(_row(words, "copy_digest", [certificate.pages_digest]))
    return rows


def _verification(certificate: Certificate, words: Wording) -> list[str]:
    said = [words.said("sentences.sealed")]
    if certificate.issuer.address:
        said.append(words.said("sentences.verify", address=certificate.issuer.address))
    else:
        said.append(words.said("sentences.verify_offline"))
    if certificate.issuer.pilot:
        said.append(words.said("sentences.pilot"))
    return said


def _original(certificate: Certificate, words: Wording) -> str:
    if not certificate.embeds:
        return words.said("sentences.beside")
    said = words.said("sentences.embedded", file=attached_name(certificate.item))
    return said if certificate.pages else f"{words.said('sentences.no_pages')} {said}"


def _signature(official: Official, on: date | None, words: Sequence[Wording]) -> dict[str, Any]:
    return {
        "name": official.name,
        "position": official.position,
        "capacity": _each(words, f"capacities.{official.capacity}"),
        "place": official.place,
        "on": on.isoformat() if on else "",
    }


def _final(certificate: Certificate, words: Sequence[Wording]) -> dict[str, Any] | None:
    if certificate.final is None:
        return None
    said = certificate.profile.final_statements
    return {
        **_signature(certificate.final, certificate.final_on, words),
        "statements": [[each.said(f"statements.{code}") for code in said] for each in words],
    }


def _each(words: Sequence[Wording], name: str) -> list[str]:
    return [each.said(name) for each in words]
