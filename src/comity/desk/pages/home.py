# SPDX-License-Identifier: Apache-2.0
"""An officer's desk: what waits, by urgency, and the drafts not sent yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils.translation import gettext, ngettext

from comity.accounts import queries as accounts
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.services import officer_page
from comity.agreements import queries as agreements
from comity.agreements.records import ProposalState, RecordState
from comity.clock import now
from comity.desk.waiting import WEEK, Item, by_urgency
from comity.evidence.hand_over import ANSWER_WITHIN
from comity.evidence.lifetime import ListState
from comity.evidence.queries.alarms import open_alarms as evidence_alarms
from comity.evidence.queries.certified_copies import copies_awaiting_final
from comity.evidence.queries.custody import hand_overs_waiting
from comity.evidence.queries.lifetime import destruction_lists
from comity.evidence.queries.obligations import falling_due
from comity.evidence.queries.recalls import recalls_to_decide
from comity.evidence.queries.statements import consents_to_answer
from comity.exchange.alarm import Alarm
from comity.exchange.ledger import LedgerSearch
from comity.exchange.letter import answer_awaited
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.queries import ledger as exchange
from comity.exchange.queries.alarms import open_alarms
from comity.exchange.queries.letters import letters_in
from comity.exchange.queries.outbox import queue_health
from comity.newsfeed import queries as newsfeed

MESSAGES_SHOWN = 10
FROM_NEWS = "newsfeed"
"""The origin of proposals that wait as cards of the newsfeed."""


@officer_page()
def home(request: HttpRequest) -> HttpResponse:
    """The first page after sign-in."""
    officer, at = accounts.officer_of(request.user), now()
    drafts = [(d, _page_of(d.form_key)) for d in accounts.drafts_of(officer)]
    context = {
        "waiting": by_urgency(_items(officer, at), on=at.date()),
        "alarms": _alarms(officer),
        "drafts": drafts,
    }
    return render(request, "desk/home.html", context)


def _page_of(form_key: str) -> str:
    """The page of a form whose key is its path; empty for any other key."""
    path = f"/{form_key}/"
    return path if is_valid_path(path) else ""


def _items(officer: Officer, at: datetime) -> Iterator[Item]:
    """What each capability has waiting for this officer's permissions."""
    for permissions, gather in WAITING:
        if any(officer.may(permission) for permission in permissions):
            yield from gather(officer, at)


def _recoveries(officer: Officer, at: datetime) -> Iterator[Item]:
    what = gettext("A lost second factor waits for an approval")
    for recovery in accounts.open_recoveries(at=at):
        if officer.reference not in (recovery.requested_by, recovery.first_approval_by):
            yield Item(what, recovery.reference, reverse("accounts:recoveries"))


def _confirmations(officer: Officer, at: datetime) -> Iterator[Item]:
    for record in agreements.confirmations(state=RecordState.DRAFTED).rows:
        if record.drafted_by != officer.reference:
            what = gettext("A confirmation of {instrument} waits for a countersignature")
            yield _item(what, record.instrument, record.reference, "agreements:confirmation")


def _rulings(officer: Officer, at: datetime) -> Iterator[Item]:
    for record in agreements.rulings(state=RecordState.DRAFTED).rows:
        if record.drafted_by != officer.reference:
            what = gettext("A standing ruling on {instrument} waits for a countersignature")
            yield _item(what, record.instrument, record.reference, "agreements:ruling")


def _proposals(officer: Officer, at: datetime) -> Iterator[Item]:
    for record in agreements.proposals(state=ProposalState.OPEN).rows:
        if record.origin != FROM_NEWS and record.proposed_by != officer.reference:
            what = gettext("A proposed change of {instrument} waits for a decision")
            yield _item(what, record.instrument, record.reference, "agreements:proposal")


def _news(officer: Officer, at: datetime) -> Iterator[Item]:
    """One item for all cards: they are decided one after the other on their own page."""
    count = newsfeed.cards_waiting()
    if count:
        what = ngettext(
            "{count} announced change waits for a decision",
            "{count} announced changes wait for a decision",
            count,
        )
        yield Item(what.format(count=count), "", reverse("newsfeed:proposals"))


def _reviews(officer: Officer, at: datetime) -> Iterator[Item]:
    for record in agreements.confirmations_to_review(at.date() + WEEK).rows:
        what = gettext("The confirmation of {instrument} is to be reviewed").format(
            instrument=record.instrument
        )
        url = reverse("agreements:confirmation", args=[record.reference])
        yield Item(what, record.reference, url, record.review_by)


def _inbox(officer: Officer, at: datetime) -> Iterator[Item]:
    """What partners sent and nobody has opened yet: the newest few, and how many there are."""
    page = exchange.ledger(LedgerSearch(direction=Direction.IN, unopened=True), size=MESSAGES_SHOWN)
    for row in page.rows:
        what = gettext("A message of {partner} waits to be opened")
        url = reverse("exchange:message", args=[row.reference])
        yield Item(what.format(partner=row.partner_name), row.reference, url)
    if page.older:
        url = f"{reverse('exchange:messages')}?direction=in&unopened=on"
        yield Item(gettext("Older messages wait to be opened"), "", url)


def _letters(officer: Officer, at: datetime) -> Iterator[Item]:
    """Messages to partners without a node: printed, sent and recorded by a person."""
    for row in letters_in(MessageState.QUEUED, most=MESSAGES_SHOWN):
        what = gettext("A letter to {partner} waits to be sent")
        url = reverse("exchange:message", args=[row.reference])
        yield Item(what.format(partner=row.partner_name), row.reference, url)
    for row in letters_in(MessageState.DISPATCHED, most=MESSAGES_SHOWN):
        what = gettext("{partner} should have answered a letter").format(partner=row.partner_name)
        url = reverse("exchange:message", args=[row.reference])
        yield Item(what, row.reference, url, answer_awaited(row.recorded_at))


def _given_up(officer: Officer, at: datetime) -> Iterator[Item]:
    """Messages that were given up: one item for each partner."""
    for queue in queue_health():
        if queue.dead:
            what = ngettext(
                "{count} message to {partner} was given up",
                "{count} messages to {partner} were given up",
                queue.dead,
            ).format(count=queue.dead, partner=queue.partner)
            yield Item(what, "", f"{reverse('exchange:queue')}#dead")


def _hand_overs(officer: Officer, at: datetime) -> Iterator[Item]:
    """Items that are being handed to this officer, or to us by another administration."""
    for one in hand_overs_waiting():
        if one.officer == officer.reference or one.incoming:
            what = gettext("{item} is being handed over: confirm that you have it, or refuse it")
            url = reverse("evidence:hand-overs")
            if one.item:
                url = f"{reverse('evidence:item', args=[one.item])}#custody"
            due = (one.proposed_at + ANSWER_WITHIN).date()
            named = one.item or gettext("What {giver} sends").format(giver=one.administration)
            yield Item(what.format(item=named), one.reference, url, due)


def _evidence_alarms(officer: Officer, at: datetime) -> Iterator[Item]:
    """What is wrong with an item's custody or content: it is not certified meanwhile."""
    for alarm in evidence_alarms(limit=MESSAGES_SHOWN):
        what = (
            f"{gettext(alarm.words.title)}: {alarm.item}"
            if alarm.item
            else gettext(alarm.words.title)
        )
        yield Item(what, alarm.reference, reverse("evidence:close-alarm", args=[alarm.reference]))


def _duties(officer: Officer, at: datetime) -> Iterator[Item]:
    """What we owe for items of evidence, overdue or soon due."""
    for one in falling_due(at.date(), within=WEEK):
        what = gettext("A duty for {item} falls due").format(item=one.item)
        yield Item(what, one.reference, reverse("evidence:obligations"), one.due_on)


def _recalls(officer: Officer, at: datetime) -> Iterator[Item]:
    """Items that their suppliers take back, and nobody here has decided about."""
    for one in recalls_to_decide(today=at.date()):
        what = gettext("A recall waits for our answer")
        soon = one.answer_by <= at.date() + WEEK
        url = reverse("evidence:recall", args=[one.reference])
        yield Item(what, one.reference, url, one.answer_by if soon else None)


def _consents(officer: Officer, at: datetime) -> Iterator[Item]:
    """What partners ask us to consent to."""
    for one in consents_to_answer()[:MESSAGES_SHOWN]:
        what = gettext("{partner} asks for our consent").format(partner=one.partner)
        yield Item(what, one.reference, reverse("evidence:consent", args=[one.reference]))


def _destructions(officer: Officer, at: datetime) -> Iterator[Item]:
    """Destruction lists that a second person decides on."""
    for one in destruction_lists(state=ListState.DRAFTED):
        if one.drafted_by != officer.reference:
            what = gettext("A destruction list waits for your approval")
            url = reverse("evidence:destruction-list", args=[one.reference])
            yield Item(what, one.reference, url)


def _copies(officer: Officer, at: datetime) -> Iterator[Item]:
    """Certified copies that another official certifies finally."""
    for one in copies_awaiting_final():
        if one.prepared_by != officer.reference:
            what = gettext("A certified copy waits for its final certification")
            yield Item(what, one.number, reverse("evidence:copy", args=[one.number]))


def _alarms(officer: Officer) -> list[tuple[Alarm, str, str]]:
    """The open alarms for who operates the exchange: with their words and their page."""
    if not officer.may(Permission.OPERATE_EXCHANGE):
        return []
    return [
        (alarm, gettext(alarm.words.title), reverse("exchange:alarm", args=[alarm.reference]))
        for alarm in open_alarms(limit=MESSAGES_SHOWN)
    ]


def _item(what: str, instrument: str, reference: str, page: str) -> Item:
    return Item(what.format(instrument=instrument), reference, reverse(page, args=[reference]))


WAITING: tuple[
    tuple[tuple[Permission, ...], Callable[[Officer, datetime], Iterator[Item]]], ...
] = (
    ((Permission.CONFIRM_FORCE,), _reviews),
    ((Permission.COUNTERSIGN,), _confirmations),
    ((Permission.COUNTERSIGN, Permission.RULE), _rulings),
    ((Permission.ACCEPT_REGISTER_CHANGE,), _proposals),
    ((Permission.ACCEPT_REGISTER_CHANGE,), _news),
    ((Permission.SEND_MESSAGES,), _inbox),
    ((Permission.SEND_MESSAGES,), _letters),
    ((Permission.OPERATE_EXCHANGE,), _given_up),
    ((Permission.KEEP_EVIDENCE,), _hand_overs),
    ((Permission.KEEP_EVIDENCE,), _evidence_alarms),
    ((Permission.USE_EVIDENCE,), _duties),
    ((Permission.DECIDE_ON_USE,), _recalls),
    ((Permission.DECIDE_ON_USE,), _consents),
    ((Permission.APPROVE_DESTRUCTION,), _destructions),
    ((Permission.CERTIFY_EVIDENCE,), _copies),
    ((Permission.APPROVE_RECOVERY,), _recoveries),
)
"""Who is shown what: the permissions, any of which suffices, and where the items come from."""
