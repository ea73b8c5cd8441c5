# SPDX-License-Identifier: Apache-2.0
"""The keys of designated officials: each made by the official, and used by nobody else.

An administrator names who is designated (on our card); the officer then makes the key after
signing in. The private half lies sealed with the node's storage key, bound to its holder, and is
opened only for a session of that officer which is good at this moment: no token, no command and
no other officer signs with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import sessions_of
from comity.catalogues import N_
from comity.errors import NotFoundError, NotPermittedError
from comity.exchange import models
from comity.exchange.key_schedule import SKEW, OwnKey
from comity.exchange.partner import KeyUse
from comity.exchange.services import cards, own_keys
from comity.exchange.services.announcing import announce_card
from comity.journal import services as journal
from comity.sealing.key_folder import key_folder
from comity.sealing.keys import SigningKey
from comity.storage.services import seal_record, unseal_record

LASTS = timedelta(days=365)
FOLDER = "officials"


class NotDesignatedError(NotPermittedError):
    """The officer is not a designated official on our card."""

    code = "not-designated"
    message = N_("{officer} is not among the designated officials on our card.")
    remedy = N_("Ask an administrator to name you there, with a call-back contact.")


class OwnSessionNeededError(NotPermittedError):
    """A designated official's key outside a session of that officer."""

    code = "own-session-needed"
    message = N_("The key of {officer} is used only in a session of {officer}, and this is none.")
    remedy = N_("Sign in, and sign there.")


class NoOfficialKeyError(NotFoundError):
    """The officer has no key that counts now."""

    code = "no-official-key"
    message = N_("{officer} has no key of a designated official that counts now.")
    remedy = N_("Make one in your own account; partners get the card that names it.")


@transaction.atomic
def make_official_key(*, by: Officer, session: str, at: datetime) -> OwnKey:
    """A designated official makes a key; partners learn of it with our next card."""
    actor = by.acting(Permission.SEND_MESSAGES)
    _require_session(by, session)
    cards.own_card(at=at)
    if not is_designated(by.reference):
        raise NotDesignatedError(officer=by.reference)
    key = SigningKey.make()
    key_id = key.public.key_id
    sealed = seal_record(key.private_pem(), _purpose(by.reference, key_id))
    key_folder(settings.ENVIRONMENT).write(_file(key_id), sealed)
    models.OwnKey(
        use=KeyUse.OFFICIAL,
        key_id=key_id,
        public=key.public.pem.decode(),
        holder=by.reference,
        made_at=at,
        valid_from=at - SKEW,
        valid_until=at + LASTS,
        active_from=at,
        announced_at=at,
    ).save(force_insert=True)
    own_keys.changed()
    announce_card(at=at)
    facts = {"officer": by.reference, "key_id": key_id}
    journal.record("official-key-made", key_id.upper(), by=actor, at=at, facts=facts)
    return next(each for each in own_keys.own_keys() if each.key_id == key_id)


def official_key(*, by: Officer, session: str, at: datetime) -> SigningKey:
    """The officer's own key, for this officer's own session.

    Raises:
        OwnSessionNeededError: the session is not one of this officer that is good now.
        NoOfficialKeyError: there is no key, or it was revoked or has expired.
    """
    by.require(Permission.SEND_MESSAGES)
    _require_session(by, session)
    key_id = official_key_of(by.reference, at=at).key_id
    content = key_folder(settings.ENVIRONMENT).read(_file(key_id))
    pem = unseal_record(content, _purpose(by.reference, key_id))
    return SigningKey.from_pem(pem, named=_file(key_id))


def official_key_of(officer: str, *, at: datetime) -> OwnKey:
    """The newest key of this official that counts now: its public half."""
    found = key_of_official(officer, at=at)
    if found is None:
        raise NoOfficialKeyError(officer=officer)
    return found


def key_of_official(officer: str, *, at: datetime) -> OwnKey | None:
    """The same; None where there is none."""
    fitting = [
        key
        for key in own_keys.own_keys()
        if key.use is KeyUse.OFFICIAL and key.holder == officer and key.card_key.fits(at)
    ]
    return max(fitting, key=lambda key: (key.active_from, key.key_id), default=None)


def is_designated(officer: str) -> bool:
    """Whether the last card that we issued names this officer."""
    last = cards.last_card()
    return last is not None and officer in {each.reference for each in last.card.officials}


def _require_session(by: Officer, session: str) -> None:
    if not session or not any(each.current for each in sessions_of(by, current=session)):
        raise OwnSessionNeededError(officer=by.reference)


def _purpose(officer: str, key_id: str) -> str:
    """Binds the sealed half to holder and key, so that one never opens as another's."""
    return f"official-key/{officer}/{key_id}"


def _file(key_id: str) -> str:
    return f"{FOLDER}/{key_id}.key"
