# SPDX-License-Identifier: Apache-2.0
"""What the newsfeed's pages have in common: the countries that a field suggests."""

from __future__ import annotations

from typing import Any

from comity.accounts.services.answering import language
from comity.reference.countries import countries


def parties_suggested() -> dict[str, Any]:
    """What a field for a country or union suggests. Any: pairs for the template."""
    french = language() == "fr"
    named = [(c.code, c.name_fr if french else c.name) for c in countries().values()]
    return {"suggested_parties": named}
