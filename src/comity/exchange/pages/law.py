# SPDX-License-Identifier: Apache-2.0
"""The two sides' answers to the question of the law, side by side, with the differences marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from comity.accounts.services.answering import language
from comity.agreements import reasons
from comity.agreements.provision import Basis
from comity.agreements.queries import register
from comity.agreements.queries.why import anchor
from comity.agreements.state_words import BASIS_WORDS
from comity.agreements.verdict import Verdict
from comity.catalogues import N_

POINTS: tuple[tuple[str, str], ...] = (
    ("verdict", N_("Verdict")),
    ("governing", N_("Instrument")),
    ("version", N_("The instrument as the register has it")),
    ("article", N_("Article")),
)
SHORT_DIGEST = 12

Law = Mapping[str, Any] | None  # any: the JSON of a legal finding


def sides(ours: Law, theirs: Law) -> dict[str, Any] | None:
    """Both findings for the `law` include; None where no question of the law was put."""
    if not ours and not theirs:
        return None
    points = [_point(name, label, ours, theirs) for name, label in POINTS]
    return {
        "points": points,
        "differing": [point["label"] for point in points if point["differs"]],
        "rules": _rules(ours, theirs),
        "theirs_known": bool(theirs),
        "ours_known": bool(ours),
        "theirs_stated": _stated(theirs),
        "ours_stated": _stated(ours),
    }


def _point(name: str, label: str, ours: Law, theirs: Law) -> dict[str, Any]:
    one, other = (str((law or {}).get(name, "")) for law in (ours, theirs))
    return {
        "name": name,
        "label": gettext(label),
        "ours": _shown(name, one),
        "theirs": _shown(name, other),
        "differs": bool(ours and theirs) and one != other,
    }


def _shown(name: str, value: str) -> dict[str, Any]:
    url = _instrument_page(value) if name == "governing" else ""
    short = value[:SHORT_DIGEST] if name == "version" else value
    known_verdict = name == "verdict" and value in frozenset(Verdict)
    return {"value": value, "short": short, "url": url, "verdict": known_verdict}


def _instrument_page(reference: str) -> str:
    """The instrument's page; empty where our register has none of that reference."""
    known = reference in register().instruments
    return reverse("agreements:instrument", args=[reference]) if known else ""


def _rules(ours: Law, theirs: Law) -> list[dict[str, Any]]:
    """The findings of both sides, rule by rule; a side without one sees no limit there."""
    one, other = _by_rule(ours), _by_rule(theirs)
    both = _stated(ours) and _stated(theirs)
    return [
        {
            "rule": rule,
            "ours": one.get(rule, []),
            "theirs": other.get(rule, []),
            "differs": both and _decided(one.get(rule, [])) != _decided(other.get(rule, [])),
        }
        for rule in sorted({*one, *other}, key=_number)
    ]


def _stated(law: Law) -> bool:
    """Whether a side said what limits it: an envelope says the verdict alone."""
    known = law or {}
    return bool(known.get("findings")) or known.get("verdict") == Verdict.PERMITTED


def _by_rule(law: Law) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    instrument = str((law or {}).get("governing", ""))
    for finding in (law or {}).get("findings", ()):
        found.setdefault(str(finding.get("rule", "")), []).append(_finding(finding, instrument))
    return found


def _finding(finding: Mapping[str, Any], instrument: str) -> dict[str, Any]:
    article = str(finding.get("article", ""))
    given = str(finding.get("basis", ""))
    basis = BASIS_WORDS[Basis(given)] if given in frozenset(Basis) else ""
    url = _instrument_page(instrument) if article else ""
    return {
        "holds": bool(finding.get("holds")),
        "because": _because(finding),
        "article": article,
        "article_url": f"{url}#{anchor(article)}" if url else "",
        "basis": gettext(basis) if basis else "",
        "reason": str(finding.get("reason", "")),
    }


def _because(finding: Mapping[str, Any]) -> str:
    """The sentence; only the code where a partner's reason is newer than this release, or odd."""
    reason, facts = str(finding.get("reason", "")), finding.get("facts")
    if reason not in reasons.REASONS or not isinstance(facts, Mapping):
        return reason
    said = {str(name): str(value) for name, value in facts.items()}
    try:
        return reasons.sentence_of(reason, said, language())
    except (ValueError, LookupError):
        return reason


def _decided(findings: list[dict[str, Any]]) -> list[tuple[bool, str, str]]:
    return [(each["holds"], each["reason"], each["article"]) for each in findings]


def _number(rule: str) -> tuple[str, int, str]:
    letters, _, number = rule.partition("-")
    return letters, int(number) if number.isdecimal() else 0, rule
