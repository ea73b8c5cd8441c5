# SPDX-License-Identifier: Apache-2.0
"""Values as a reader meets them: codes as words, days written out, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from comity.agreements.agreement_state import Standing, Sure
from comity.agreements.claim import Claim, Confidence, Precision
from comity.agreements.instrument import Instrument, ReadState
from comity.agreements.records import RecordState
from comity.agreements.state_words import FORCE_UNKNOWN, NO_STATE, STATES
from comity.agreements.timeline import EVENT_WORDS, Happening
from comity.catalogues import N_
from comity.reference.countries import country_name
from comity.reference.taxonomy import label

CONFIDENCE_WORDS: dict[Confidence, str] = {
    Confidence.HIGH: N_("high"),
    Confidence.MEDIUM: N_("medium"),
    Confidence.LOW: N_("low"),
    Confidence.UNVERIFIED: N_("unverified"),
}
READ_WORDS: dict[ReadState, str] = {
    ReadState.WHOLE: N_("The whole text was read"),
    ReadState.PART: N_("Part of the text was read"),
    ReadState.NONE: N_("Nobody has read the text"),
}
RECORD_ICONS: dict[str, tuple[str, str]] = {
    RecordState.DRAFTED: ("schedule", "consent"),
    RecordState.IN_EFFECT: ("check_circle", "yes"),
    RecordState.REFUSED: ("do_not_disturb", "no"),
    RecordState.SUSPENDED: ("warning", "person"),
    RecordState.WITHDRAWN: ("remove_circle", "none"),
    "open": ("schedule", "consent"),
    "accepted": ("check_circle", "yes"),
    "rejected": ("do_not_disturb", "no"),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with its icon and tone, as the `state` include of the templates shows it."""

    word: str
    icon: str
    tone: str
    more: str = ""


def language() -> str:
    """The reader's language as the catalogues name it."""
    return (get_language() or "en").partition("-")[0]


def words_of(code: str) -> str:
    """The words for a code of the taxonomy."""
    return gettext(label(code))


def codes_in_words(codes: Iterable[str]) -> str:
    """Several codes as one phrase."""
    return ", ".join(words_of(code) for code in codes)


def party_name(code: str) -> str:
    """The party's name with its code: `Cabo Verde (CV)`."""
    country, _, service = code.partition("/")
    name = country_name(country, language())
    return code if name == country else f"{name} ({country}){' · ' + service if service else ''}"


def parties_of(instrument: Instrument) -> str:
    """The parties' names, at most four of them, then how many more there are."""
    names = [party_name(party.code) for party in instrument.parties]
    more = len(names) - 4
    shown = ", ".join(names[:4])
    return f"{shown} +{more}" if more > 0 else shown


def sign_of(standing: Standing) -> Sign:
    """Where an instrument stands; that its force is not known is said beside the state."""
    word, icon, tone = STATES[standing.state] if standing.state else NO_STATE
    unsure = standing.in_force is Sure.UNKNOWN
    return Sign(gettext(word), icon, tone, gettext(FORCE_UNKNOWN) if unsure else "")


def record_sign(state: str, words: Mapping[str, str]) -> Sign:
    """The state of a confirmation, ruling or proposal."""
    icon, tone = RECORD_ICONS[state]
    return Sign(gettext(words[state]), icon, tone)


def day(on: date | None) -> str:
    """The day written out; empty where there is none."""
    return date_format(on, "DATE_FORMAT") if on else ""


def moment(at: datetime) -> str:
    """The instant written out in the node's time zone."""
    return date_format(localtime(at), "DATETIME_FORMAT")


def claimed_day(claim: Claim) -> str:
    """The day, month or year of a claim as far as it is known; empty when it is unknown."""
    if claim.on is None:
        return ""
    forms = {Precision.MONTH: "YEAR_MONTH_FORMAT", Precision.YEAR: "Y"}
    return date_format(claim.on, forms.get(claim.precision, "DATE_FORMAT"))


def claim_rows(happenings: Iterable[Happening]) -> list[dict[str, Any]]:
    """Claims for the `c-claims` component, those of one event together, conflicts marked."""
    return [
        {
            "what": _what(happening),
            "value": claimed_day(claim),
            "conflicts": happening.in_conflict,
            "source": claim.source.title,
            "source_url": claim.source.url,
            "read_on": day(claim.source.read_on),
            "confidence": gettext(CONFIDENCE_WORDS[claim.confidence]),
            "note": claim.note,
        }
        for happening in happenings
        for claim in happening.claims
    ]


def timeline_rows(happenings: Iterable[Happening], *, titles: bool = False) -> list[dict[str, Any]]:
    """Happenings for the `c-timeline` component."""
    return [
        {
            "when": _when(happening),
            "what": _what(happening) + (f" · {happening.instrument}" if titles else ""),
            "who": _who(happening),
            "url": reverse("agreements:instrument", args=[happening.instrument]) if titles else "",
        }
        for happening in happenings
    ]


def _what(happening: Happening) -> str:
    words = gettext(EVENT_WORDS[happening.event]).capitalize()
    limits = [happening.limited_to, happening.version]
    shown = ", ".join(filter(None, limits))
    return f"{words} ({shown})" if shown else words


def _when(happening: Happening) -> str:
    if happening.confirmed_on:
        return day(happening.confirmed_on)
    days = dict.fromkeys(claimed_day(claim) for claim in happening.claims)
    return " / ".join(filter(None, days)) or gettext("day unknown")


def _who(happening: Happening) -> str:
    if happening.confirmed_by:
        return gettext("Confirmed by us: {reference}").format(reference=happening.confirmed_by)
    sources = dict.fromkeys(claim.source.title for claim in happening.claims)
    if happening.in_conflict:
        return gettext("Sources disagree: {sources}").format(sources=" / ".join(sources))
    return " / ".join(sources)
