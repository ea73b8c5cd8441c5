# SPDX-License-Identifier: Apache-2.0
"""The whole API against its own description, with requests that nobody would think of."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection

from comity.accounts.permissions import Role
from comity.server.wsgi import application
from tests.support.officers import registered, token_of

pytestmark = [pytest.mark.db, pytest.mark.django_db, pytest.mark.slow]

# A change without If-Match is refused with 428, one with another version's with 412; the tool
# does not expect either by itself, nor that one idempotency key serves one request (409). A
# failure of ours (5xx) is never expected.
EXPECTED = ["2xx", 304, 401, 403, 404, 409, 412, 428]
CHECKS = {
    "negative_data_rejection": {
        "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 412, 415, 422, 428, 429, "5xx"]
    },
    "missing_required_header": {"expected-statuses": [400, 401, 403, 409, 422, 428]},
    "positive_data_acceptance": {"expected-statuses": EXPECTED},
}
# What these take is judged as a whole, beyond what a schema can say: a term has a beginning before
# its end, a change to the register has the form of an instrument file, a source of news has the
# code of a country and an address of the web, a card of a partner is signed, a reason says why, a
# message names files that were handed over before, and a body that its kind has; a thing of the
# evidence has no file, its case file's reference a number, a hold or a hand-over one target, a
# package each item once, a recall what it demands.
JUDGED_AS_A_WHOLE = [
    "/api/v1/agreements/attestations",
    "/api/v1/agreements/proposals",
    "/api/v1/evidence/cases",
    "/api/v1/evidence/holds",
    "/api/v1/evidence/items",
    "/api/v1/evidence/items/{reference}/hand-overs",
    "/api/v1/evidence/items/{reference}/recalls",
    "/api/v1/evidence/packages",
    "/api/v1/evidence/releases",
    "/api/v1/exchange/messages",
    "/api/v1/exchange/partners",
    "/api/v1/exchange/partners/{code}/suspend",
    "/api/v1/exchange/partners/{code}/end",
    "/api/v1/news/sources",
    "/api/v1/news/sources/{code}",
]
WHOLES = [
    {
        "include-path": path,
        "checks": {"positive_data_acceptance": {"expected-statuses": [*EXPECTED, 400]}},
    }
    for path in JUDGED_AS_A_WHOLE
]
NUMBERS = itertools.count(10_000_000)
schema = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json",
    application,
    config=SchemathesisConfig.from_dict({"checks": CHECKS, "operations": WHOLES}),
)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Passwords are hashed in no time; their hashing is Django's and tested there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def one_connection():
    """Every request stays inside the test's transaction, as those of Django's own client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token that may do everything, as often as it likes: no refusal hides another fault."""
    monkeypatch.setattr("comity.accounts.services.tokens.REQUESTS_PER_MINUTE", 1_000_000)
    registered(Role.ADMINISTRATOR, name="stays")
    return token_of(registered(*[r for r in Role if r is not Role.PROSECUTOR], name="everything"))


@pytest.fixture(autouse=True)
def _a_home_for_files(tmp_path_factory):
    """Files that are handed over have to lie somewhere."""
    from django.conf import settings as node
    from django.test import override_settings

    home = tmp_path_factory.mktemp("home")
    (home / "keys").mkdir()
    with override_settings(ENVIRONMENT=replace(node.ENVIRONMENT, home=home)):
        yield


# The question of five kinds has so many fields that its cases alone take minutes; its departures
# from the description are tested by hand in tests/agreements/test_endpoints.py. A file is verified
# in a process of its own, and what is sent beside a file has no null: they are tested by hand in
# tests/evidence/test_endpoints.py and tests/exchange/test_endpoints.py.
BY_HAND = [
    "/api/v1/agreements/determinations",
    "/api/v1/evidence/items/files",
    "/api/v1/evidence/verification",
    "/api/v1/exchange/messages/files",
]
# Acts on one item of the evidence, where there is none: more examples would find no more. What
# they do with items is tested by hand in the same place.
ON_ONE_ITEM = r"^/api/v1/evidence/(?!(cases|items|holds|packages)$)"
ALIKE = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


BY_TOOL = schema.exclude(path=BY_HAND)


@BY_TOOL.exclude(path_regex=ON_ONE_ITEM).parametrize()
@settings(max_examples=8, **ALIKE)
def test_an_endpoint_answers_as_it_is_described(case, token):
    answers_as_described(case, token)


@BY_TOOL.exclude(path_regex=rf"^(?!{ON_ONE_ITEM[1:]})").parametrize()
@settings(max_examples=2, **ALIKE)
def test_an_act_on_one_item_answers_as_it_is_described(case, token):
    answers_as_described(case, token)


def answers_as_described(case: schemathesis.Case, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and len(key) > 0 and key.isprintable() and key.isascii():
        # The tool likes "0"; every request of its own is to reach its endpoint.
        headers["Idempotency-Key"] = f"{next(NUMBERS)}{key}"[: max(len(key), 8)]
    # A request that the tool meant to have refused for want of a token gets ours all the same.
    tokenless = "Authorization" not in (case.headers or {})
    excluded = [negative_data_rejection] if tokenless else []
    case.call_and_validate(headers=headers, excluded_checks=excluded)
