# SPDX-License-Identifier: Apache-2.0
"""Cards: what announcements would change in the register, one at a time, decided by a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from comity import clock
from comity.accounts.administration import ChangedMeanwhileError
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission, PermissionMissingError
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import beside, holders, in_words, keys
from comity.agreements.records import ProposalState
from comity.errors import ComityError
from comity.newsfeed import queries, services
from comity.newsfeed.forms import CardFilterForm, DecisionForm
from comity.newsfeed.pages import signs, words
from comity.newsfeed.pages.answering import parties_suggested
from comity.newsfeed.proposal import CHANGE_WORDS, ChangeKind, ClaimSide
from comity.newsfeed.records import CardRecord, Evidence

CARDS_ON_A_PAGE = 20
CHANGE_ICONS: dict[ChangeKind, str] = {
    ChangeKind.NEW_INSTRUMENT: "add",
    ChangeKind.NEW_CLAIM: "edit",
    ChangeKind.CONFLICT: "warning",
}


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def proposals(request: HttpRequest) -> HttpResponse:
    return _queue(request, request.GET)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def proposal(request: HttpRequest, reference: str) -> HttpResponse:
    return _alone(request, reference)


@require_safe
@officer_page(Permission.VIEW_REGISTER)
def of_register(request: HttpRequest, proposal: str) -> HttpResponse:
    """From a proposal of the register to the card on which it is decided."""
    return redirect("newsfeed:proposal", queries.card_of_proposal(proposal))


@require_POST
@officer_page(Permission.VIEW_REGISTER)
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept or reject, as the button says; the service judges who may. Then the next card."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    decided = {"by": officer_of(request.user), "at": clock.now(), "version": given["version"]}
    try:
        if given["decision"] == "accept":
            card = services.accept(
                reference, reason=given["reason"], public=given["public"], **decided
            )
        else:
            card = services.reject(reference, reason=given["reason"], **decided)
    except (PermissionMissingError, ChangedMeanwhileError):
        raise
    except ComityError as error:
        return _refused(request, reference, given, in_words(error))
    _tell(request, card)
    if not given["back"]:
        return redirect("newsfeed:proposal", reference)
    return redirect(f"{reverse('newsfeed:proposals')}?{_address(given['back'])}")


def _address(back: str) -> str:
    """The conditions of the list, written anew: nothing else can be led to."""
    return QueryDict(back).urlencode()


def _tell(request: HttpRequest, card: CardRecord) -> None:
    accepted = card.state is ProposalState.ACCEPTED
    text = gettext("{reference} is accepted; the register has it now.")
    if not accepted:
        text = gettext("{reference} is rejected; the register stays as it was.")
    messages.success(request, text.format(reference=card.reference))


def _refused(
    request: HttpRequest, reference: str, given: dict[str, Any], obstacle: str
) -> HttpResponse:
    """The same card again with the obstacle, so that nothing typed is lost."""
    said = {"obstacle": obstacle, "reason": given["reason"], "public": given["public"]}
    if given["back"]:
        conditions = QueryDict(given["back"], mutable=True)
        conditions["card"] = reference
        return _queue(request, conditions, **said)
    return _alone(request, reference, **said)


def _queue(request: HttpRequest, asked: QueryDict, **said: Any) -> HttpResponse:
    """The page of the queue. Any: values for the template."""
    form = CardFilterForm(asked)
    page = queries.cards(**form.wanted(), **keys(asked), size=CARDS_ON_A_PAGE)
    officer = officer_of(request.user)
    places = {card.reference: place for place, card in enumerate(page.rows)}
    here = places.get(asked.get("card", ""), 0)
    card = page.rows[here] if page.rows else None
    context = {
        "form": form,
        "filtered": form.narrows(),
        "queue_title": _queue_title(form, len(page.rows), more=bool(page.older)),
        "rows": [_row(each, asked, here=each is card) for each in page.rows],
        "card": _view(card, officer) if card else None,
        "place": here + 1,
        "previous": _to(asked, page.rows[here - 1]) if here else "",
        "following": _to(asked, page.rows[here + 1]) if here + 1 < len(page.rows) else "",
        "back": _after_deciding(asked, page.rows, here),
        **parties_suggested(),
        **beside(asked, page, without="card"),
        **said,
    }
    return render(request, "newsfeed/proposals.html", context)


def _alone(request: HttpRequest, reference: str, **said: Any) -> HttpResponse:
    """The page of one card. Any: values for the template."""
    record = queries.card(reference)
    officer = officer_of(request.user)
    context = {
        "card": _view(record, officer) | _places(record, officer),
        "text": words.text_view(
            record.release.article, [one.event for one in record.release.events]
        ),
        "back": "",
        **said,
    }
    response = render(request, "newsfeed/proposal.html", context)
    response["ETag"] = f'"{reference}.{record.version}"'
    return response


def _queue_title(form: CardFilterForm, count: int, *, more: bool) -> str:
    if form.wanted()["state"] is not ProposalState.OPEN:
        return gettext("Cards")
    waiting = queries.cards_waiting() if more and not form.narrows() else count
    return ngettext("{count} card waits", "{count} cards wait", waiting).format(count=waiting)


def _conditions(asked: QueryDict, card: str) -> str:
    kept = asked.copy()
    kept.pop("card", None)
    if card:
        kept["card"] = card
    return kept.urlencode()


def _to(asked: QueryDict, card: CardRecord) -> str:
    return f"?{_conditions(asked, card.reference)}"


def _after_deciding(asked: QueryDict, rows: tuple[CardRecord, ...], here: int) -> str:
    """Where a decision leads: the next card, or the one before the last; the list otherwise."""
    beside_it = rows[here + 1 : here + 2] or rows[max(here - 1, 0) : here]
    return _conditions(asked, beside_it[0].reference if beside_it else "") or "card="


def _row(card: CardRecord, asked: QueryDict, *, here: bool) -> dict[str, Any]:
    return {
        "url": _to(asked, card),
        "headline": words.headline(card.event),
        "change_word": gettext(CHANGE_WORDS[card.change.kind]),
        "change_icon": CHANGE_ICONS[card.change.kind],
        "source": card.release.source_title,
        "published": card.release.article.published,
        "decided": "" if card.state is ProposalState.OPEN else signs.state_sign(card.state).word,
        "here": here,
    }


def _view(card: CardRecord, officer: Officer) -> dict[str, Any]:
    """A card as the `card` and `decision` includes show it."""
    change, record = card.change, card.proposal
    return {
        "reference": card.reference,
        "version": card.version,
        "url": reverse("newsfeed:proposal", args=[card.reference]),
        "change": change.kind.value,
        "change_word": gettext(CHANGE_WORDS[change.kind]),
        "change_icon": CHANGE_ICONS[change.kind],
        "sentence": words.said(change.why),
        "notes": [words.said(note) for note in change.notes],
        "confidence": signs.confidence_sign(card.event.confidence),
        "rule": words.rule_view(card.event.rule),
        "release": words.release_view(card.release),
        "excerpts": words.excerpt_views(card.release, card.event),
        "facts": words.fact_rows(card.event),
        "claims": _claims(card) if change.against else [],
        "also": [_also(evidence) for evidence in card.also],
        "rejected": [
            {
                "reference": one.card,
                "reason": one.reason,
                "source": one.source_title,
                "url": reverse("newsfeed:proposal", args=[one.card]),
            }
            for one in card.earlier
        ],
        "beside": [(each, reverse("newsfeed:proposal", args=[each])) for each in card.beside],
        "gone": card.vanished_in
        and {
            "reference": card.vanished_in,
            "by_rules": card.vanished_in == card.release.reference,
            "url": reverse("newsfeed:release", args=[card.vanished_in]),
        },
        "differences": _difference(card),
        "open": card.state is ProposalState.OPEN,
        "sign": None if card.state is ProposalState.OPEN else signs.state_sign(card.state),
        "decided_by": record.decided_by,
        "decided_at": record.decided_at,
        "reason": record.reason,
        "public": card.public.reference if card.public else "",
        **_may(officer, own=record.proposed_by == officer.reference),
    }


def _may(officer: Officer, *, own: bool) -> dict[str, Any]:
    needed = Permission.ACCEPT_REGISTER_CHANGE
    because = gettext("To accept or reject a change is for these roles: {roles}.")
    if own:
        because = gettext("You read this release in: another person decides.")
    return {
        "may_decide": officer.may(needed) and not own,
        "may_publish": officer.may(Permission.PUBLISH_REGISTER_CHANGE),
        "why_not": because.format(roles=holders(needed)),
    }


def _places(card: CardRecord, officer: Officer) -> dict[str, str]:
    """Where a card leads: its proposal and instrument in the register, its acts."""
    record, instrument = card.proposal, card.change.instrument
    known = card.change.kind is not ChangeKind.NEW_INSTRUMENT
    known = known or card.state is ProposalState.ACCEPTED
    journal = f"{reverse('desk:journal')}?subject={record.reference}"
    return {
        "register_reference": record.reference,
        "register_url": reverse("agreements:proposal", args=[record.reference]),
        "instrument": instrument,
        "instrument_url": reverse("agreements:instrument", args=[instrument]) if known else "",
        "journal_url": journal if officer.may(Permission.VIEW_JOURNAL) else "",
    }


def _claims(card: CardRecord) -> list[dict[str, Any]]:
    """The announcement's claim, then those of the register, for the `c-claims` component."""
    ours, against = card.change.ours, card.change.against
    announced = gettext("{source} (this announcement)").format(source=ours.source)
    return [
        _claim(ours, announced, conflicts=False),
        *(_claim(one, one.source, conflicts=_disagree(ours, one)) for one in against),
    ]


def _claim(side: ClaimSide, source: str, *, conflicts: bool) -> dict[str, Any]:
    return {
        "what": words.fact_value("event", side.event).capitalize(),
        "value": words.day_written(side.date),
        "conflicts": conflicts,
        "source": source,
        "source_url": words.safe_link(side.url),
        "read_on": "",
        "confidence": signs.confidence_word(side.confidence),
    }


def _disagree(one: ClaimSide, other: ClaimSide) -> bool:
    """Whether two days, each as far as it is known, cannot both be true."""
    if not one.date or not other.date:
        return False
    shared = min(len(one.date), len(other.date))
    return one.date[:shared] != other.date[:shared]


def _also(evidence: Evidence) -> dict[str, Any]:
    return {
        "source": evidence.source_title,
        "title": evidence.title,
        "published": evidence.published,
        "url": reverse("newsfeed:release", args=[evidence.release]),
        "gone": evidence.vanished_in
        and {
            "reference": evidence.vanished_in,
            "url": reverse("newsfeed:release", args=[evidence.vanished_in]),
        },
    }


def _difference(card: CardRecord) -> list[Any]:
    """The paragraphs that this edition says differently; none for a first edition."""
    if card.release.edition < 2:
        return []
    found = queries.release_difference(card.release.reference)
    return list(found.changed_blocks) if found else []
