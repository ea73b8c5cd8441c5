# SPDX-License-Identifier: Apache-2.0
"""The outbox as the ledger keeps it: what is due for a partner, and what became of it.

Envelopes were signed when they were accepted; they are sealed here, just before they leave, for
the key that the partner has now. What a partner answers counts only once its evidence was
verified and kept, by the same reception that takes evidences told later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q, QuerySet

from comity.catalogues import N_
from comity.errors import PeerError
from comity.exchange import models, sealed_frame
from comity.exchange.courier import Letter, Statement
from comity.exchange.dispatching import (
    MOST_MESSAGES,
    WHOLE_WAY,
    asked_pause,
    batch_length,
    given_up,
    pause_after,
)
from comity.exchange.envelope import PAYLOAD_TYPE
from comity.exchange.evidence import EvidenceKind, Reason
from comity.exchange.fault_points import Point, reach
from comity.exchange.key_schedule import key_to_seal_for
from comity.exchange.message_state import Direction, MessageState
from comity.exchange.outcome import Held, Outcome, Stated, Unknown, Wanted
from comity.exchange.partner import CardKey, KeyUse, Partner
from comity.exchange.pressure import Pressure
from comity.exchange.queries.messages import envelope_document
from comity.exchange.queries.own import own_code
from comity.exchange.queries.partner_records import as_card_key
from comity.exchange.reasons import ReasonCode
from comity.exchange.services.entering import Done, facts_of, record_all
from comity.exchange.services.freshening import keep_checkpoint_fresh
from comity.exchange.services.leasing import lease
from comity.exchange.services.stating import own_statements
from comity.exchange.transports.base import Reception
from comity.sealing.keys import EncryptionKey
from comity.sealing.segments import segments_of
from comity.storage.services import store

MOST_STATEMENTS = 100
TOLD_AGAIN = timedelta(minutes=10)
"""After so long an evidence is told again that the partner did not take: a card may have come."""
LONGEST_CODE = models.CODE
PRESSED = frozenset(Pressure)
"""Holds for which a message is not to blame."""

OF_THE_WAY = frozenset(
    {
        "peer-name-unknown",
        "peer-refuses-connection",
        "peer-unreachable",
        "peer-tls-failed",
        "peer-certificate-unknown",
        "peer-certificate-expired",
        "own-certificate-refused",
        "peer-redirects",
        "not-an-exchange",
        "answer-unproven",
        "refused-by-partner",
        "no-key-to-seal-for",
    }
)
"""Errors that came before anything was said: no message can be their reason."""
IN_THE_MIDDLE = frozenset({"peer-connection-broken", "peer-too-slow"})
"""Errors whose reason may be the message: it goes behind the others, and is not given up."""


HELD_OFF = "held-off"
"""The code of an error by which the partner asks us to wait."""


class NoKeyToSealForError(PeerError):
    """The partner has no encryption key that is valid now."""

    code = "no-key-to-seal-for"
    message = N_("{partner} has no encryption key that is valid at {at}; nothing was sent to it.")
    remedy = N_("Ask the partner for its present card, and accept it.")


@dataclass(slots=True)
class LedgerOutbox:
    """What waits for one partner. `draw` gives a number from 0 to 1 where chance is needed."""

    partner: str
    holder: str
    reception: Reception
    draw: Callable[[], float]
    refused: dict[int, datetime] = field(default_factory=dict)
    """Evidences that the partner did not take, and when each is told again."""
    put_off: bool = False
    """Whether something is due later since this was last asked: `take_put_off`."""

    def take_put_off(self) -> bool:
        """Whether something was put off since the last time: somebody has to wake for it."""
        put_off, self.put_off = self.put_off, False
        return put_off

    def hold(self, *, at: datetime) -> bool:
        """Hold the way from now on; false where somebody else does, or nothing may go."""
        return lease(self.partner, holder=self.holder, at=at)

    def letters(self, *, at: datetime) -> Sequence[Letter]:
        """The next batch, sealed, in the order in which the messages were accepted."""
        partner = models.Partner.objects.select_related("way").get(code=self.partner)
        rows = list(_due(self.partner, MessageState.QUEUED, at)[:MOST_MESSAGES])
        rows = _without_given_up(rows, at=at)
        length = batch_length([len(row.sealed) for row in rows], failures=partner.way.failures)
        rows = rows[:length]
        if not rows:
            return ()
        keep_checkpoint_fresh(at=at)
        key = _key_to_seal_for(partner, at)
        keys = _part_keys(rows)
        return tuple(_sealed(row, partner, key, keys.get(row.pk, ())) for row in rows)

    def unfinished(self, *, at: datetime) -> str:
        """Id of the next message of which the partner wants parts; empty where there is none."""
        rows = _without_given_up(list(_due(self.partner, MessageState.SENDING, at)[:1]), at=at)
        return str(rows[0].identifier) if rows else ""

    def settle(self, answers: Sequence[tuple[str, Outcome]], *, at: datetime) -> None:
        """Keep what the partner answered to each message, all of it or nothing.

        1. Evidences are verified and kept; what they settle is settled by that.
        2. What is wanted, held off or unknown is noted, and when it is tried again.
        3. A message that an evidence did not settle was not answered: another's receipt, or one
           that proves nothing, is a failed attempt.
        """
        with transaction.atomic():
            self._lock(message for message, _ in answers)
            evidences = [answer.evidence for _, answer in answers if isinstance(answer, Stated)]
            if evidences:
                self.reception.hear(evidences, partner=self.partner, at=at)  # (1)
            waiting = {str(row.identifier): row for row in self._unsettled(m for m, _ in answers)}
            for message, answer in answers:
                if message in waiting:
                    self._note(waiting[message], message, answer, at=at)  # (2), (3)
            self._reached(answers, at=at)
            reach(Point.SETTLING)

    def open_part(self, message: str, number: int, from_segment: int) -> BinaryIO | None:
        """A part's sealed segments from the given one on; None where there is no such segment."""
        parts = models.Part.objects.filter(
            message__partner__code=self.partner,
            message__identifier=message,
            message__direction=Direction.OUT,
            number=number,
        )
        part = parts.first()
        if part is None or from_segment >= segments_of(part.size):
            return None
        return store().sealed(part.blob, from_segment)

    def statements(self, *, at: datetime) -> Sequence[Statement]:
        """The next evidences to tell; one that was refused waits a while."""
        self.refused = {number: until for number, until in self.refused.items() if until > at}
        rows = models.Evidence.objects.filter(
            message__partner__code=self.partner, to_tell=True
        ).exclude(pk__in=self.refused)
        told = rows.order_by("pk").values_list("pk", "document")[:MOST_STATEMENTS]
        return tuple(Statement(number, bytes(document)) for number, document in told)

    def told(self, told: Sequence[tuple[int, bool]], *, at: datetime) -> None:
        """Keep which evidences the partner has; one that it did not take is told again later."""
        taken = [number for number, confirmed in told if confirmed]
        for number, confirmed in told:
            if not confirmed:
                self.refused[number] = at + TOLD_AGAIN
        with transaction.atomic():
            models.Evidence.objects.filter(pk__in=taken).update(to_tell=False, told_at=at)
            self._reached((), at=at)

    def came_forward(self, *, at: datetime) -> None:
        """Some of a part came through: a way that is cut again and again leads on all the same."""
        self.hold(at=at)
        ways = models.Way.objects.filter(partner__code=self.partner, failures__gt=0)
        ways.update(failures=0, reached_at=at)

    def failed(self, error: PeerError, messages: Sequence[str], *, at: datetime) -> None:
        """Put off the way, longer each time, or the one message that was the reason."""
        problem = str(error.fields.get("problem") or error.code)[:LONGEST_CODE]
        self.put_off = True
        with transaction.atomic():
            self._lock(messages)  # in the order in which settling does
            if _held_alone(error, problem, messages):
                self._put_behind(messages[0], problem, at=at, pause=self._pause(error, 1))
                return
            way = models.Way.objects.select_for_update().get(partner__code=self.partner)
            way.failures += 1
            way.problem = problem
            way.not_before = at + self._pause(error, way.failures)
            way.save(update_fields=["failures", "problem", "not_before"])
            if len(messages) == 1 and error.code not in OF_THE_WAY | {HELD_OFF}:
                counted = error.code not in IN_THE_MIDDLE
                self._put_behind(messages[0], problem, at=at, counted=counted)

    def _pause(self, error: PeerError, failures: int) -> timedelta:
        asked = error.fields.get("retry_after")
        if isinstance(asked, int):
            return asked_pause(asked, draw=self.draw())
        return pause_after(failures, draw=self.draw())

    def _lock(self, messages: Iterable[str]) -> None:
        """Lock what settling writes before it holds the journal's head: no two block each other."""
        rows = _of(self.partner).filter(identifier__in=list(messages)).order_by("pk")
        list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))
        ways = models.Way.objects.filter(partner__code=self.partner)
        list(ways.select_for_update(of=("self",)).values_list("pk"))

    def _unsettled(self, messages: Iterable[str]) -> Iterable[models.Message]:
        rows = _of(self.partner).filter(
            identifier__in=list(messages), state__in=(MessageState.QUEUED, MessageState.SENDING)
        )
        return rows.defer("sealed", "law", "their_law")

    def _note(self, row: models.Message, message: str, answer: Outcome, *, at: datetime) -> None:
        """What is done about a message that is not settled by its answer."""
        match answer:
            case Wanted() if row.state == MessageState.QUEUED and answer.message == message:
                _change(row, state=MessageState.SENDING, next_try_at=None, problem="")
            case Unknown() if row.state == MessageState.SENDING:
                _change(row, state=MessageState.QUEUED, next_try_at=None, problem="")
            case Held():
                self._hold_off(row, answer, at=at)
            case Stated():
                self._put_off(row, ReasonCode.RECEIPT_WORTHLESS, at=at)
            case _:
                self._put_off(row, ReasonCode.NOTHING_CAME_THROUGH, at=at)

    def _hold_off(self, row: models.Message, answer: Held, *, at: datetime) -> None:
        """The partner said when to come again; only its own failure counts as an attempt."""
        pressed = answer.reason in WHOLE_WAY or answer.reason in PRESSED
        attempts = row.attempts if pressed else row.attempts + 1
        self.put_off = True
        pause = asked_pause(answer.retry_after, draw=self.draw())
        if not pressed:
            pause = max(pause, pause_after(attempts, draw=self.draw()))
        _change(row, attempts=attempts, problem=answer.reason, next_try_at=at + pause)

    def _put_off(self, row: models.Message, problem: str, *, at: datetime) -> None:
        self.put_off = True
        pause = pause_after(row.attempts + 1, draw=self.draw())
        _change(row, attempts=row.attempts + 1, problem=problem, next_try_at=at + pause)

    def _put_behind(
        self,
        message: str,
        problem: str,
        *,
        at: datetime,
        counted: bool = False,
        pause: timedelta | None = None,
    ) -> None:
        """Let the others go first; only what counts brings the end nearer."""
        for row in self._unsettled([message]):
            later = pause or pause_after(row.attempts + 1, draw=self.draw())
            attempts = row.attempts + 1 if counted else row.attempts
            _change(row, attempts=attempts, problem=problem, next_try_at=at + later)

    def _reached(self, answers: Sequence[tuple[str, Outcome]], *, at: datetime) -> None:
        """The way is good; unless the partner asks of everything to come later."""
        held = [answer for _, answer in answers if isinstance(answer, Held)]
        pauses = [answer for answer in held if answer.reason in WHOLE_WAY]
        ways = models.Way.objects.filter(partner__code=self.partner)
        if not pauses:
            ways.update(failures=0, problem="", not_before=None, reached_at=at)
            return
        longest = max(pauses, key=lambda answer: answer.retry_after)
        until = at + asked_pause(longest.retry_after, draw=self.draw())
        ways.update(failures=0, problem=longest.reason, not_before=until, reached_at=at)


def _held_alone(error: PeerError, problem: str, messages: Sequence[str]) -> bool:
    """Whether the partner asks us to wait with this one message, and takes others."""
    return error.code == HELD_OFF and len(messages) == 1 and problem not in WHOLE_WAY


def _without_given_up(rows: list[models.Message], *, at: datetime) -> list[models.Message]:
    """The rows that are still tried; the others are given up here and now, with the reason."""
    over = {
        row.pk: reason
        for row in rows
        if (reason := given_up(attempts=row.attempts, expires_at=row.expires_at, at=at))
    }
    if over:
        with transaction.atomic():
            acts = [_given_up(row, over[row.pk], at=at) for row in rows if row.pk in over]
            record_all(acts, at=at)
    return [row for row in rows if row.pk not in over]


def _given_up(row: models.Message, reason: str, *, at: datetime) -> Done:
    """A dead letter: why stands in the ledger, in an evidence and in the journal."""
    _change(row, state=MessageState.DEAD, problem=reason)
    facts = {"attempts": str(row.attempts)} | ({"problem": row.problem} if row.problem else {})
    known = models.Evidence.objects.filter(message=row, kind=EvidenceKind.RELAY_FAILED)
    if not known.filter(by=own_code()).exists():
        stating = own_statements(row.partner.wire, at=at)
        evidence = stating.row(EvidenceKind.RELAY_FAILED, row, reason=Reason(reason, facts))
        evidence.save(force_insert=True)
    return Done(
        "message-relay-failed", row.reference, facts_of(row, row.partner.code, reason=reason)
    )


def letters_that_left(partner: str, *, after: int, at: datetime) -> tuple[int, Sequence[Letter]]:
    """What left as files and has no receipt, the oldest after this row; and the last one's row.

    The signed envelopes are the ones that left: whoever gets both takes each once.
    """
    rows = _of(partner).filter(state=MessageState.DISPATCHED, pk__gt=after).order_by("pk")
    rows = rows.filter(Q(expires_at=None) | Q(expires_at__gt=at)).defer("law", "their_law")
    found = list(rows[:MOST_MESSAGES])
    if not found:
        return after, ()
    row = models.Partner.objects.get(code=partner)
    key, keys = _key_to_seal_for(row, at), _part_keys(found)
    letters = tuple(_sealed(each, row, key, keys.get(each.pk, ())) for each in found)
    return found[-1].pk, letters


def _of(partner: str) -> QuerySet[models.Message]:
    return models.Message.objects.filter(partner__code=partner, direction=Direction.OUT)


def _due(partner: str, state: MessageState, at: datetime) -> QuerySet[models.Message]:
    due = Q(next_try_at=None) | Q(next_try_at__lte=at)
    rows = _of(partner).filter(due, state=state).order_by("pk")
    return rows.select_related("partner").defer("law", "their_law", "partner__card")


def _change(row: models.Message, **columns: object) -> None:
    models.Message.objects.filter(pk=row.pk).update(**columns)


def _part_keys(rows: Sequence[models.Message]) -> dict[int, tuple[bytes, ...]]:
    """The content key of every part, by message, in the order of the parts."""
    parts = models.Part.objects.filter(message__in=rows).order_by("message_id", "number")
    keys: dict[int, tuple[bytes, ...]] = {}
    for message, blob in parts.values_list("message_id", "blob"):
        keys[message] = (*keys.get(message, ()), store().content_key(blob))
    return keys


def _sealed(
    row: models.Message, partner: models.Partner, key: EncryptionKey, keys: Sequence[bytes]
) -> Letter:
    message = str(row.identifier)
    frame = sealed_frame.seal(
        envelope_document(row.sealed),
        message=message,
        sender=own_code(),
        recipient=partner.code,
        payload_type=PAYLOAD_TYPE,
        part_keys=keys,
        to=key,
        version=partner.wire,
    )
    return Letter(message, frame)


def _key_to_seal_for(partner: models.Partner, at: datetime) -> EncryptionKey:
    rows = partner.keys.filter(use=KeyUse.ENCRYPTION)
    return _newest_key(partner.code, [as_card_key(row) for row in rows], at)


def encryption_key_of(partner: Partner, *, at: datetime) -> EncryptionKey:
    """For which of its keys a partner's frames are sealed now.

    Raises:
        NoKeyToSealForError: none of them is valid.
    """
    return _newest_key(partner.code, partner.keys, at)


def _newest_key(partner: str, keys: Sequence[CardKey], at: datetime) -> EncryptionKey:
    key = key_to_seal_for(keys, at=at)
    if key is None:
        raise NoKeyToSealForError(partner=partner, at=at.isoformat(timespec="seconds"))
    return _public(key.public)


@lru_cache(maxsize=64)
def _public(pem: str) -> EncryptionKey:
    return EncryptionKey.from_pem(pem.encode())
