# SPDX-License-Identifier: Apache-2.0
"""Every page of the node: its address with sample objects, and the role that opens it.

`pages()` walks the named addresses. An address is either a page, or stands in `NOT_PAGES` with
the reason; an address with parts needs its sample in `SAMPLES`. So a new page cannot be
forgotten by the browser's tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from comity import clock

# Part of an address -> the sample that stands for it.
SAMPLES: dict[str, object] = {
    "reference": "OFF-T001",
    "agreements:instrument.reference": "us-cv-2023",
    "agreements:confirmation.reference": "CNF-00001",
    "agreements:ruling.reference": "RUL-00001",
    "agreements:proposal.reference": "PRP-00001",
    "agreements:assessment.reference": "ASM-00001",
    "agreements:propose.kind": "claim",
    "newsfeed:proposal.reference": "NPR-00003",
    "newsfeed:release.reference": "REL-00012",
    "newsfeed:change-source.code": "northland-press",
    "exchange:message.reference": "MSG-00002",
    "exchange:dispatch.reference": "MSG-00004",
    "exchange:came-back.reference": "MSG-00005",
    "exchange:alarm.reference": "ALM-00001",
    "evidence:item.reference": "ITM-00001",
    **{
        f"evidence:{name}.reference": "ITM-00001"
        for name in (
            "custody-act",
            "hand-over",
            "checklist",
            "certify",
            "redact",
            "use",
            "recall-item",
            "correct",
            "return",
        )
    },
    "evidence:ruling.reference": "USE-00001",
    "evidence:case.reference": "CASE-2026-41",
    "evidence:blacken.reference": "ITM-00001",
    "evidence:change-case.reference": "CASE-2026-41",
    "evidence:disclosure.reference": "DSC-00001",
    "evidence:assurance.reference": "ASR-00001",
    "evidence:copy.number": f"US-{clock.today().year}-00001",
    "evidence:package.reference": "PKG-00001",
    "evidence:packing-order.reference": "PKO-00001",
    "evidence:close-alarm.reference": "EAL-00001",
    "evidence:consent.reference": "CNS-00001",
    "evidence:recall.reference": "RCL-00001",
    "evidence:destruction-list.reference": "DST-00001",
    "evidence:subject.reference": "SUB-00001",
    "evidence:register.name": "assurances",
    "code": "CV",
    "at": "us-cv-2023",
    "sequence": 1,
}

# Addresses that are no page to look at, by name or by the beginning of the name.
NOT_PAGES: dict[str, str] = {
    "admin:": "Django's own, read-only, in English",
    "api-": "for programs",
    "set_language": "a form's target",
    "account_logout": "a form's target",
    "account_reauthenticate": "asks for a password that the officers of this node do not have",
    "mfa_authenticate": "half-way through a sign-in",
    "mfa_reauthenticate": "asks for a factor that the officers of this node do not have",
    "mfa_deactivate_totp": "for officers who have an authenticator",
    "mfa_view_recovery_codes": "for officers who have an authenticator",
    "mfa_generate_recovery_codes": "for officers who have an authenticator",
    "mfa_download_recovery_codes": "a text file",
    "mfa_remove_webauthn": "for officers who have a passkey",
    "mfa_edit_webauthn": "for officers who have a passkey",
    "mfa_login_webauthn": "for scripts",
    "accounts:draft": "for scripts",
    "agreements:register-": "a file",
    "agreements:instrument-": "a file",
    "agreements:coverage-": "a file",
    "agreements:assess-why": "a part of a page",
    "agreements:decide": "a form's target",
    "agreements:statement": "a form's target",
    "agreements:keep": "a form's target",
    "newsfeed:feed-": "for programs",
    "newsfeed:of-register": "leads to a card",
    "newsfeed:decide": "a form's target",
    "newsfeed:source-act": "a form's target",
    "newsfeed:fetch": "a form's target",
    "newsfeed:take-back": "a form's target",
    "exchange:evidence": "a file",
    "exchange:alarm-proof": "a file",
    "exchange:invited-card": "a file",
    "evidence:verify-": "a file, or a form's target",
    "evidence:page": "a picture",
    "evidence:register-file": "a file",
    "evidence:obligations-file": "a file",
    "desk:search": "leads on: a reference to its page, words to the register",
    "desk:journal_proof": "a file",
    "desk:journal_verify": "a form's target",
    "desk:journal_sign": "a form's target",
    "desk:journal_export": "a form's target",
    "desk:journal_keys": "a text file",
    "desk:journal_checkpoint": "a text file",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One page and the role that opens it; no role where nobody need be signed in."""

    name: str
    path: str
    role: str


def named() -> Iterator[tuple[str, tuple[str, ...], object]]:
    """Every named address: its name, the parts it needs, its view."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, tuple[str, ...], object]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                parts = tuple(pattern.pattern.converters)
                yield f"{prefix}{pattern.name}", parts, pattern.callback
        elif isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern, inner)


def pages() -> list[Route]:
    """Every page that answers a GET."""
    found = {}
    for name, parts, view in named():
        if any(name.startswith(beginning) for beginning in NOT_PAGES) or _only_post(view):
            continue
        path = reverse(name, kwargs={part: sample(name, part) for part in parts})
        found[name] = Route(name, path, role_for(name, view))
    return list(found.values())


def sample(name: str, part: str) -> object:
    """The sample for this part of this address: the page's own, or the part's."""
    return SAMPLES.get(f"{name}.{part}", SAMPLES.get(part, ""))


def _only_post(view: object) -> bool:
    """Whether `require_POST` stands around the view."""
    methods = _methods(view)
    return bool(methods) and "GET" not in methods


def _methods(view: object) -> list[str]:
    while view is not None:
        cells = getattr(view, "__closure__", None) or ()
        for cell in cells:
            content = cell.cell_contents
            if isinstance(content, (list, tuple)) and content and set(content) <= {
                "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH",
            }:  # fmt: skip
                return list(content)
        view = getattr(view, "__wrapped__", None)
    return []


# Pages that everybody may open, and on which these have most to do.
BUSIEST = {
    "exchange:partner": "administrator",
    "exchange:partners": "administrator",
    "exchange:queue": "registrar",
    "exchange:alarm": "registrar",
    "evidence:destruction-list": "unit-head",
    "evidence:recall": "unit-head",
    "evidence:consent": "unit-head",
    "evidence:copy": "approving-officer",
    "evidence:subject": "data-protection-officer",
    "evidence:ceilings": "administrator",
    "evidence:assurance": "unit-head",
    "evidence:disclosure": "unit-head",
    "evidence:item": "case-officer",
    "evidence:package": "case-officer",
    "evidence:packing-order": "approving-officer",
}
SIGNED_OUT = {"account_login", "account_inactive", "accounts:lost", "evidence:verify"}


def role_for(name: str, view: object) -> str:
    """A role that opens the page: its own, or the first that its permission names."""
    from comity.accounts.permissions import roles_with

    if name in SIGNED_OUT:
        return ""
    if name in BUSIEST:
        return BUSIEST[name]
    while view is not None:
        permission = getattr(view, "permission", None)
        if permission is not None:
            return roles_with(permission)[0].value
        view = getattr(view, "__wrapped__", None)
    return "case-officer"
