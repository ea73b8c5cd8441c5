# SPDX-License-Identifier: Apache-2.0
"""What partners say anew of themselves: `exchange.card/1` and `exchange.revocation/1`.

A card that follows, signed by the identity that is known, replaces keys, endpoint and kinds; it
never raises a ceiling and never begins an acquaintance. A revocation counts from the instant that
it names, for whatever was signed from then on. What a person should see raises an alarm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from comity.catalogues import N_
from comity.errors import ComityError, InvalidInputError, NotPermittedError
from comity.exchange import models
from comity.exchange.alarm import AlarmKind
from comity.exchange.card_change import CardNotNewerError, changes, read_successor, to_be_seen
from comity.exchange.kind import Arrived, Kind
from comity.exchange.partner import CardKey
from comity.exchange.partner_card import Revocation, read_card, read_revocation
from comity.exchange.queries.partner_records import as_card_key
from comity.exchange.services.alarms import raise_alarm
from comity.exchange.services.partner_rows import _keep_keys, _locked, _save, _take_card
from comity.journal import services as journal
from comity.journal.entry import Actor
from comity.sealing.canonical_json import canonical

CARD_KIND, REVOCATION_KIND = "exchange.card/1", "exchange.revocation/1"
EXCHANGE = Actor("EXCHANGE", "integrator")


class CardMessageError(InvalidInputError):
    """A message of these kinds does not hold what it should."""

    code = "card-message-unreadable"
    message = N_("The message has no signed {what} in its body.")
    remedy = N_("Ask the partner which release wrote it.")


class CardRefusedError(NotPermittedError):
    """A card or revocation that the known identity of the partner did not sign."""

    code = "card-refused"
    message = N_("The {what} that {partner} sent is not taken ({obstacle}).")
    remedy = N_("Send it signed by the identity key that was confirmed, or begin anew by file.")


def receive_card(arrived: Arrived, at: datetime) -> None:
    """Take a partner's new card in; one that is not newer has no effect."""
    sender = arrived.envelope.header.sender
    row = _locked(sender)
    document = _document(arrived.envelope.body, "card")
    try:
        _update_by(document, row, by=EXCHANGE, at=at)
    except CardNotNewerError:
        return  # repeated, or overtaken by a later one
    except ComityError as error:
        raise _refused("card", sender, error) from error


def receive_revocation(arrived: Arrived, at: datetime) -> None:
    """Trust a partner's key no longer for what was signed from the named instant on.

    The card with the keys that take its place may come along; it is taken first.
    """
    sender = arrived.envelope.header.sender
    if "card" in arrived.envelope.body:
        receive_card(arrived, at)
    row = _locked(sender)
    try:
        told = read_revocation(_document(arrived.envelope.body, "revocation"), _keys(row, at=at))
    except ComityError as error:
        raise _refused("revocation", sender, error) from error
    if told.administration != sender:
        raise CardRefusedError(what="revocation", partner=sender, obstacle="sender-differs")
    _take_revocation(row, told, by=EXCHANGE, at=at)


def _update_by(document: bytes, row: models.Partner, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """Let a newer card of a known partner take effect; what it changed, by name.

    Raises:
        CardNotNewerError: it is the known card or an older one.
        CardUntrustedError, SignatureBrokenError: the known identity did not sign it.
    """
    signed = read_successor(
        document, administration=row.code, version=row.card_version, keys=_keys(row, at=at)
    )
    changed = changes(read_card(bytes(row.card)).card, signed.card)
    _take_card(row, signed)
    _keep_keys(row, signed.card, at=at)
    _save(row)
    seen = to_be_seen(changed)
    if seen:
        facts = {"fields": ", ".join(seen), "version": str(signed.card.version)}
        proof = {"digest": hashlib.sha256(signed.payload).hexdigest()}
        raise_alarm(
            AlarmKind.PARTNER_CARD_CHANGED, at=at, partner=row.code, facts=facts, proof=proof
        )
    told = {"version": str(signed.card.version), "fields": ",".join(changed).replace("_", "-")}
    journal.record("partner-card-updated", row.code, by=by, at=at, facts=told)
    return changed


def _take_revocation(row: models.Partner, told: Revocation, *, by: Actor, at: datetime) -> None:
    """Keep the earliest instant that was ever named; a key that is not known has no effect."""
    key = row.keys.filter(use=told.use, key_id=told.key_id).first()
    if key is None or (key.revoked_at is not None and key.revoked_at <= told.revoked_at):
        return
    key.revoked_at, key.revoked_reason = told.revoked_at, told.reason
    key.save(update_fields=["revoked_at", "revoked_reason"])
    _save(row)  # so that whoever remembers the partner's keys reads them anew
    facts = {"key": told.key_id, "use": told.use.value, "reason": told.reason.value}
    raise_alarm(AlarmKind.PARTNER_KEY_REVOKED, at=at, partner=row.code, facts=facts)
    facts = {"key_id": told.key_id, "kind": told.use.value, "reason": told.reason.value}
    journal.record("partner-key-revoked", row.code, by=by, at=at, facts=facts)


def _keys(row: models.Partner, *, at: datetime) -> tuple[CardKey, ...]:
    """The keys that may still speak for the partner.

    What a card or a revocation says of its own issue is the signer's word: one that was taken back
    signs nothing that comes from then on, however it is dated.
    """
    keys = (as_card_key(key) for key in row.keys.all())
    return tuple(key for key in keys if key.revoked_at is None or at < key.revoked_at)


def _document(body: Mapping[str, Any], what: str) -> bytes:
    """The signed document of a message's body, in the one spelling that it has."""
    inner = body.get(what)
    if not isinstance(inner, Mapping):
        raise CardMessageError(what=what)
    return canonical(inner)


def _refused(what: str, partner: str, error: ComityError) -> CardRefusedError:
    return CardRefusedError(what=what, partner=partner, obstacle=error.code)


CARD = Kind(
    CARD_KIND,
    N_("a partner's new card"),
    receive_card,
    needs_basis=False,
    for_the_desk=False,
)
REVOCATION = Kind(
    REVOCATION_KIND,
    N_("the revocation of a partner's key"),
    receive_revocation,
    needs_basis=False,
    for_the_desk=False,
)
