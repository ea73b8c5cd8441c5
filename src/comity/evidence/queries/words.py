# SPDX-License-Identifier: Apache-2.0
"""Keyed digests of words: what the search compares, where titles themselves lie sealed.

The key is derived from the node's storage key. Whoever has the tables alone sees which items share
a word and how often one occurs, and no word; whoever has the key too can try words.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from comity.sealing.short_secrets import derived_key
from comity.storage.services import storage_key

PURPOSE = "evidence words"
LENGTH = 16


def digests_of(words: Iterable[str]) -> tuple[bytes, ...]:
    """The digest of each of these words, in their order."""
    key = derived_key(storage_key(), PURPOSE)
    return tuple(hmac.digest(key, word.encode(), "sha256")[:LENGTH] for word in words)
