# SPDX-License-Identifier: Apache-2.0
"""Forgetting the files of messages, where what they hold was erased.

Envelope, receipts and the digests of the files stay, so that every proof of the message holds; the
files themselves are removed from the node's storage and cannot be read or fetched any more. A row
names its file until that is gone: forgetting again finishes what was cut short.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from comity.exchange import models
from comity.exchange.message_state import MessageState
from comity.storage.services import store

UNDER_WAY = frozenset({MessageState.QUEUED, MessageState.SENDING, MessageState.ARRIVING})
"""Messages whose files are still on their way; they are forgotten once they are settled."""


@transaction.atomic
def forget_parts(references: Iterable[str]) -> int:
    """Remove the files of these messages; how many. What is still under way is left for later."""
    rows = models.Part.objects.filter(message__reference__in=list(references)).exclude(
        message__state__in=UNDER_WAY
    )
    return _forget(set(rows.exclude(blob="").values_list("blob", flat=True)))


@transaction.atomic
def forget_content(digest: str) -> bool:
    """Remove the file with this SHA-256, whatever message brought it; whether there was one."""
    name = store().has(digest)
    if not name:
        return False
    under_way = models.Part.objects.filter(blob=name, message__state__in=UNDER_WAY)
    return not under_way.exists() and bool(_forget({name}))


def _forget(names: set[str]) -> int:
    waiting = models.Part.objects.filter(blob__in=names, message__state__in=UNDER_WAY)
    free = names - set(waiting.values_list("blob", flat=True))
    models.Part.objects.filter(blob__in=free).update(sealed_key="")
    transaction.on_commit(partial(_remove, free))
    return len(free)


def _remove(names: set[str]) -> None:
    for name in names:
        store().remove(name)
        models.Part.objects.filter(blob=name).update(blob="")
