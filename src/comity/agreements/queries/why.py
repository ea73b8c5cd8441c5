# SPDX-License-Identifier: Apache-2.0
"""A determination as the Why panel shows it: sentences, rows, duties, ways, other channels.

The panel is `agreements/why.html`; the pages of other capabilities show it as well.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services.answering import language
from comity.agreements import counterfactual, reasons, what_if
from comity.agreements.answers import question_document
from comity.agreements.assessment import (
    Counterfactual,
    Debtor,
    Determination,
    Finding,
    Gate,
    Obligation,
)
from comity.agreements.obligations import OBLIGATIONS
from comity.agreements.question import Question
from comity.agreements.state_words import BASIS_WORDS
from comity.agreements.verdict import NoticeTiming, Verdict, governing_words
from comity.catalogues import N_

SENTENCES: dict[Verdict, str] = {
    Verdict.PERMITTED: N_("Yes."),
    Verdict.PERMITTED_WITH_NOTICE: N_("Yes; the supplying administration is told."),
    Verdict.PERMITTED_UNDER_CONDITIONS: N_("Yes, while the conditions below are kept."),
    Verdict.PRIOR_CONSENT: N_("Not before the supplying administration has consented."),
    Verdict.PERSON_MUST_DECIDE: N_(
        "Neither yes nor no: something is not known or not settled, and a person must decide."
    ),
    Verdict.OTHER_CHANNEL_ONLY: N_("Not in this way: another channel serves it."),
    Verdict.PROHIBITED: N_("No."),
    Verdict.NO_KNOWN_BASIS: N_(
        "No instrument is registered that would allow it; that is not proof that there is none."
    ),
    Verdict.NO_LEGAL_BASIS: N_("No: there is no instrument that would allow it."),
}
NOTICE_WORDS: dict[NoticeTiming, str] = {
    NoticeTiming.BEFORE: N_("Tell the supplying administration first, then act."),
    NoticeTiming.ON_USE: N_("Tell the supplying administration at the time of use."),
    NoticeTiming.WITHIN_N: N_("Tell the supplying administration within {days} days."),
    NoticeTiming.UNSPECIFIED: N_("Tell the supplying administration; the text sets no day."),
}
GATE_WORDS: dict[Gate, str] = {
    Gate.LEGAL_BASIS: N_("Legal basis"),
    Gate.DOMESTIC_LAW: N_("Our domestic law"),
    Gate.CAVEATS: N_("The item's caveats"),
}
DEBTOR_WORDS: dict[Debtor, str] = {
    Debtor.ASKER: N_("who asks"),
    Debtor.ASKED: N_("who is asked"),
    Debtor.HOLDER: N_("who holds the item"),
    Debtor.SUPPLIER: N_("who supplied it"),
}


def panel(found: Determination, officer: Officer) -> dict[str, Any]:
    """Everything that the panel shows of one determination."""
    return {
        "verdict": found.verdict.value,
        "sentence": gettext(SENTENCES[found.verdict]),
        "governing": _governing(found),
        "notice": _notice(found),
        "findings": [finding_row(finding) for finding in found.findings],
        "deciding": [finding_row(finding) for finding in _deciding(found)],
        "conditions": [reasons.sentence(f, language()) for f in found.conditions],
        "obligations": [_duty(obligation) for obligation in found.obligations],
        "ways": [_way(way, found.question, officer) for way in found.would_be_permitted_if],
        "gates": [
            (gettext(GATE_WORDS[gate]), verdict.value) for gate, verdict in found.gates.items()
        ],
        "alternatives": [
            {
                "instrument": other.instrument,
                "verdict": other.verdict.value,
                "article": other.article,
                "note": reasons.sentence_of(other.note, other.facts, language())
                if other.note
                else "",
            }
            for other in found.alternatives
        ],
    }


def _deciding(found: Determination) -> list[Finding]:
    """What stands in the way, the worst first, then conditions and what rests on a source."""
    obstacles = [finding for finding in found.findings if not finding.holds]
    obstacles.sort(key=lambda finding: -finding.limit.rank)
    resting = [f for f in found.findings if f.holds and (f.basis or f.limit.rank > 0)]
    return obstacles + resting


def anchor(article: str) -> str:
    """The place of an article on the instrument's page; of several articles the first one's."""
    first = article.partition(",")[0]
    return f"article-{slugify(first.replace('(', '-').replace('.', '-'))}"


def finding_row(finding: Finding) -> dict[str, Any]:
    """One rule's answer, as the tables of the panel show it."""
    url = ""
    if finding.instrument:
        url = reverse("agreements:instrument", args=[finding.instrument])
        url += f"#{anchor(finding.article)}" if finding.article else ""
    return {
        "rule": finding.rule,
        "holds": finding.holds,
        "because": reasons.sentence(finding, language()),
        "instrument": finding.instrument,
        "article": finding.article,
        "article_url": url,
        "basis": gettext(BASIS_WORDS[finding.basis]) if finding.basis else "",
    }


def query_of(question: Question) -> str:
    """The question as the query of its page's address."""
    document = question_document(question)
    item = document.pop("item", None)
    flat = {**document, **(item if isinstance(item, dict) else {})}
    flat.pop("facts", None)
    flat.pop("audience", None)
    given = {name: _query_value(v) for name, v in flat.items() if v not in (None, "", [], False)}
    return urlencode(given, doseq=True)


def _query_value(value: object) -> Any:
    if isinstance(value, bool):
        return "yes"
    return value


def _governing(found: Determination) -> str:
    """The sentence that names the governing instrument, with the way to its page."""
    if not found.governing:
        return ""
    address = reverse("agreements:instrument", args=[found.governing])
    link = format_html('<a href="{}">{}</a>', address, found.governing)
    return format_html(gettext(governing_words(found.verdict)), governing=link)


def _notice(found: Determination) -> str:
    if found.notice is None:
        return ""
    return gettext(NOTICE_WORDS[found.notice]).format(days=found.notice_days)


def _duty(obligation: Obligation) -> dict[str, Any]:
    return {
        "what": gettext(OBLIGATIONS[obligation.code]),
        "who": gettext(DEBTOR_WORDS[obligation.debtor]),
        "by": date_format(obligation.by, "DATE_FORMAT") if obligation.by else "",
        "article": " · ".join(filter(None, (obligation.instrument, obligation.article))),
        "treaty": obligation.treaty_deadline,
    }


def _way(way: Counterfactual, question: Question, officer: Officer) -> dict[str, Any]:
    """One what-if: each change in words, with the act that begins it for an officer who may."""
    parts = []
    for change, value in way.facts.items():
        alone = Counterfactual(change, {change: value}, way.verdict)
        text = counterfactual.sentence(alone, language())
        parts.append({"text": text, "url": _start(change, value, question, officer)})
    return {"parts": parts, "verdict": way.verdict.value}


def _start(change: str, value: str, question: Question, officer: Officer) -> str:
    """The page on which the change can be begun: a form, or the question put otherwise."""
    if change in STARTS:
        permission, page = STARTS[change]
        return f"{reverse(page)}?{_prefilled(change, value)}" if officer.may(permission) else ""
    otherwise = what_if.ASKED_OTHERWISE.get(change)
    if otherwise is None:
        return ""
    return f"{reverse('agreements:assess')}?{query_of(otherwise(question, value))}"


STARTS: dict[str, tuple[Permission, str]] = {
    "confirm-force": (Permission.CONFIRM_FORCE, "agreements:confirm-force"),
    "confirm-forms": (Permission.CONFIRM_FORCE, "agreements:confirm-provision"),
    "confirm-use": (Permission.CONFIRM_FORCE, "agreements:confirm-provision"),
    "ruling": (Permission.RULE, "agreements:rule"),
}
"""The changes that are acts of this node: who may begin them, and on which page."""


def _prefilled(change: str, value: str) -> str:
    """What the form of the act begins with: what is asked for, never the answer itself."""
    instrument, _, codes = value.partition(":")
    given: dict[str, Any] = {"instrument": instrument}
    if change == "confirm-forms":
        given["forms"] = codes.split(",")
    if change == "ruling":
        given["form"], _, given["purpose"] = codes.split(",")[0].partition("/")
    return urlencode(given, doseq=True)
