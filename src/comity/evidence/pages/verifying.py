# SPDX-License-Identifier: Apache-2.0
"""Verification for anyone: hand in a package, read the numbered report. No account is needed.

The file is verified in a child process with limits and kept nowhere; who had something verified
is recorded nowhere either.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from comity.accounts.services.answering import attempted, language
from comity.catalogues import N_
from comity.evidence import verifying
from comity.evidence.forms.verifying import VerifyForm
from comity.evidence.package import KIND_WORDS, PackageKind
from comity.evidence.queries import seals
from comity.evidence.verify import PROVED
from comity.evidence.verifying import VerificationReport
from comity.reference.taxonomy import Purpose, label

PROGRAM, ANCHORS = "verify.py", "anchors.pem"
FACT_NAMES = {
    "sealed-at": N_("Sealed on"),
    "reference": N_("Reference"),
    "kind": N_("Kind"),
    "from": N_("Made by"),
    "to": N_("Made for"),
    "at": N_("Made on"),
    "case": N_("Case file"),
    "purpose": N_("Purpose"),
}
STATES = {"holds": "check", "fails": "close", "not-proved": "help"}


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form; sent, the report."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        report = attempted(form, lambda: _report(form))
    context = {
        "form": form,
        "report": _shown(report) if report else None,
        "command": f"python {PROGRAM} package.asice --anchors {ANCHORS}",
        "program": PROGRAM,
        "roots": ANCHORS,
    }
    return render(request, "evidence/verify.html", context)


def _report(form: VerifyForm) -> VerificationReport:
    given = form.cleaned_data
    anchors = seals.public_anchors() if given["own"] else ""
    if given["anchors"]:
        read = given["anchors"].read(verifying.LONGEST_ANCHORS)
        anchors += "\n" + read.decode("utf-8", "replace")
    return verifying.verified(given["file"].file, anchors=anchors, language=language())


def _shown(report: VerificationReport) -> dict[str, Any]:
    """The report for the template. Any: values of several kinds."""
    return {
        "holds": report.holds,
        "says": report.says,
        "unproved": report.unproved,
        "digest": report.digest,
        "proved": report.identity == PROVED,
        "facts": [(gettext(FACT_NAMES[n]), _fact(n, v)) for n, v in report.facts.items() if v],
        "steps": [
            {
                "number": step.number,
                "checks": step.checks,
                "does_not_prove": step.does_not_prove,
                "state": "open" if step.state == "not-proved" else step.state,
                "icon": STATES[step.state],
                "findings": [
                    {**finding, "icon": STATES[finding["state"]]} for finding in step.findings
                ],
            }
            for step in report.steps
        ],
    }


def _fact(name: str, value: str) -> str:
    """What the file says of itself in words; whatever is not known stays as it is written."""
    if name in ("at", "sealed-at"):
        try:
            return str(date_format(localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT"))
        except ValueError:
            return value
    if name == "kind" and value in frozenset(PackageKind):
        return gettext(KIND_WORDS[PackageKind(value)])
    if name == "purpose" and value in frozenset(Purpose):
        return gettext(label(Purpose(value)))
    return value


@require_safe
def program(request: HttpRequest) -> HttpResponse:
    """The one file that verifies, for whoever would rather do it themselves."""
    content = (Path(verifying.__file__).parent / PROGRAM).read_bytes()
    return _file(content, PROGRAM, "text/x-python; charset=utf-8")


@require_safe
def anchors(request: HttpRequest) -> HttpResponse:
    """The roots of this administration's seals and of those that it trusts: all are public."""
    content = seals.public_anchors().encode()
    return _file(content, ANCHORS, "application/x-pem-file")


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox"
    return response
