# SPDX-License-Identifier: Apache-2.0
"""The seal: what it seals with, where time stamps come from, and whose seals are trusted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.evidence.forms.sealing import CertificateForm, RequestForm, RootForm, StampsForm
from comity.evidence.pages import telling
from comity.evidence.pages.signs import Sign
from comity.evidence.queries import seals as queries
from comity.evidence.seal import ROOT_STATE_WORDS, RootState, TrustedRoot
from comity.evidence.services import seal_administration, seal_trust, seals
from comity.exchange.queries.ledger import partner_choices
from comity.sealing.seal_certificates import SealCertificate

SHORT = 16
"""Digits of a fingerprint that name it on a page."""
SIGNS: dict[RootState, tuple[str, str]] = {
    RootState.LEARNED: ("help", "person"),
    RootState.TRUSTED: ("verified_user", "yes"),
    RootState.REFUSED: ("do_not_disturb", "no"),
    RootState.ENDED: ("link_off", "none"),
}


@require_safe
@officer_page(Permission.ADMINISTER_SEALS)
def seal(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@officer_page(Permission.ADMINISTER_SEALS)
def make(request: HttpRequest) -> HttpResponse:
    """Make the seal now rather than at its first use."""
    seals.make_seal(at=clock.now())
    messages.success(request, gettext("The node has its seal."))
    return redirect("evidence:seal")


@require_POST
@officer_page(Permission.ADMINISTER_SEALS)
def ask(request: HttpRequest) -> HttpResponse:
    """A request for a trust service, to be saved and sent."""
    form = RequestForm(request.POST)
    if form.is_valid():
        made = attempted(
            form,
            lambda: seal_administration.request_certificate(
                subject=form.subject(),
                new_key=form.cleaned_data["new_key"],
                by=officer_of(request.user),
                at=clock.now(),
            ),
        )
        if made is not None:
            response = HttpResponse(made, content_type="application/pkcs10")
            response["Content-Disposition"] = 'attachment; filename="seal-request.pem"'
            return response
    return _page(request, request_form=form)


@require_POST
@officer_page(Permission.ADMINISTER_SEALS)
def take(request: HttpRequest) -> HttpResponse:
    """Take in what a trust service issued; it seals from now on."""
    form = CertificateForm(request.POST, request.FILES)
    return _done(
        request,
        form,
        "certificate_form",
        lambda given: seal_administration.take_certificate(
            given["file"], by=officer_of(request.user), at=clock.now()
        ),
        gettext("The certificate is taken in, and seals from now on."),
    )


@require_POST
@officer_page(Permission.ADMINISTER_SEALS)
def stamps(request: HttpRequest) -> HttpResponse:
    """Where time stamps are asked for from now on; the authority is tried at once."""
    form = StampsForm(request.POST, request.FILES)
    return _done(
        request,
        form,
        "stamps_form",
        lambda given: seal_administration.set_stamps(
            given["address"],
            certificates=given["certificates"],
            pilot_allowed=given["pilot_allowed"],
            by=officer_of(request.user),
            at=clock.now(),
        ),
        gettext("Time stamps come from there now; a first one was asked for and holds."),
    )


@require_POST
@officer_page(Permission.ADMINISTER_SEALS)
def revoke(request: HttpRequest) -> HttpResponse:
    """Seal with this certificate no more."""
    seal_administration.revoke_certificate(
        request.POST.get("fingerprint", ""), by=officer_of(request.user), at=clock.now()
    )
    messages.success(request, gettext("It seals no more. What it sealed before stays as it was."))
    return redirect("evidence:seal")


@require_POST
@officer_page(Permission.ADMINISTER_SEALS)
def trust(request: HttpRequest) -> HttpResponse:
    """Trust the root in a file, whose fingerprint a person compared."""
    form = RootForm(request.POST, request.FILES, partners=partner_choices())
    return _done(
        request,
        form,
        "root_form",
        lambda given: seal_trust.trust_file(
            given["partner"],
            given["file"],
            given["fingerprint"],
            by=officer_of(request.user),
            at=clock.now(),
        ),
        gettext("Seals that lead to this root are trusted from now on."),
    )


@require_POST
@officer_page(Permission.ADMINISTER_SEALS)
def decide(request: HttpRequest) -> HttpResponse:
    """Trust, refuse or give up a root that is known."""
    given = request.POST
    act = ACTS.get(given.get("act", ""))
    if act is not None:
        by, at = officer_of(request.user), clock.now()
        act(given.get("partner", ""), given.get("fingerprint", ""), by=by, at=at)
        messages.success(request, gettext("Recorded."))
    return redirect("evidence:seal")


ACTS: dict[str, Callable[..., TrustedRoot]] = {
    "trust": seal_trust.trust_root,
    "refuse": seal_trust.refuse_root,
    "end": seal_trust.end_trust,
}


def _done(
    request: HttpRequest, form: Any, name: str, act: Callable[[Any], Any], said: str
) -> HttpResponse:
    """Do the act of a form, or show the form again. Any: forms and results of several kinds."""
    if form.is_valid() and attempted(form, lambda: act(form.cleaned_data)) is not None:
        messages.success(request, said)
        return redirect("evidence:seal")
    return _page(request, **{name: form})


def _page(request: HttpRequest, **given: Any) -> HttpResponse:
    """The page. Any: forms that were sent and refused."""
    at = clock.now()
    own, asked = queries.own_seal(at=at), queries.stamp_settings()
    context = {
        "own": own,
        "sign": _seal_sign(own.certificate) if own else None,
        "chain": [_certificate(each) for each in own.chain] if own else [],
        "stamps": asked,
        "roots": [_root(each) for each in queries.roots()],
        "request_form": RequestForm(),
        "certificate_form": CertificateForm(),
        "stamps_form": StampsForm(
            initial={"address": asked.address, "pilot_allowed": asked.pilot_allowed}
        ),
        "root_form": RootForm(partners=partner_choices()),
        **given,
    }
    return render(request, "evidence/seal.html", context)


def _seal_sign(one: SealCertificate) -> Sign:
    if one.pilot:
        return Sign(gettext("pilot: no trust service vouches for it"), "help", "person")
    return Sign(gettext("vouched for by a trust service"), "verified_user", "yes")


def _certificate(one: SealCertificate) -> dict[str, Any]:
    return {
        "certificate": one,
        "short": one.fingerprint[:SHORT],
        "from": telling.day(one.valid_from),
        "until": telling.day(one.valid_until),
    }


def _root(one: TrustedRoot) -> dict[str, Any]:
    return {
        "root": one,
        "partner": telling.administration(one.administration),
        "fingerprint": one.certificate.fingerprint,
        "sign": Sign(gettext(ROOT_STATE_WORDS[one.state]), *SIGNS[one.state]),
        "until": telling.day(one.certificate.valid_until),
    }
