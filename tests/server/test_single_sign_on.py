# SPDX-License-Identifier: Apache-2.0
"""Single sign-on: off by default; then only for officers who are registered here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.providers import registry
from django.test import Client
from django.utils.module_loading import import_string
from pytest_django import Settings

from comity import clock
from comity.accounts import services as accounts
from comity.server import single_sign_on, urls


@dataclass(slots=True)
class Provider:
    """A provider on this machine that says whoever it is told to say."""

    address: str = ""
    says: str = ""
    asked_with: dict[str, list[str]] | None = None


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The administration's provider."""
    ours = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {
                "/.well-known/openid-configuration": {
                    "issuer": ours.address,
                    "authorization_endpoint": f"{ours.address}/authorize",
                    "token_endpoint": f"{ours.address}/token",
                    "userinfo_endpoint": f"{ours.address}/who",
                    "jwks_uri": f"{ours.address}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                },
                "/who": {"sub": "4711", "preferred_username": ours.says},
            }
            self.answer(pages[self.path])

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            ours.asked_with = parse_qs(self.rfile.read(length).decode())
            self.answer({"access_token": "token", "token_type": "Bearer"})

        def answer(self, facts: dict[str, object]) -> None:
            sent = json.dumps(facts).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ours.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ours
    server.shutdown()
    server.server_close()


@pytest.fixture
def configured(provider: Provider, settings: Settings) -> Provider:
    """A node that was told of the provider."""
    environment = replace(
        settings.ENVIRONMENT,
        oidc_issuer=provider.address,
        oidc_name="Northland sign-on",
        oidc_client_id="comity",
        oidc_client_secret="word",
    )
    (application,) = single_sign_on.applications(environment)
    registry.register(import_string(f"{application}.provider.OpenIDConnectProvider"))
    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on.providers(environment)
    addresses = ModuleType("addresses")
    vars(addresses).update(vars(urls))
    addresses.urlpatterns = [*single_sign_on.addresses(), *urls.urlpatterns]
    settings.ROOT_URLCONF = addresses
    return provider


def come_back(client: Client, provider: Provider) -> object:
    """Go to the provider and come back as whoever it says."""
    sent = client.post("/account/oidc/sso/login/")
    assert sent.status_code == 302
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert sent["Location"].startswith(f"{provider.address}/authorize")
    assert asked["client_id"] == ["comity"]
    assert asked["code_challenge_method"] == ["S256"]
    return client.get(
        "/account/oidc/sso/login/callback/", {"state": asked["state"][0], "code": "code"}
    )


def test_it_is_off_until_a_provider_is_named(settings: Settings):
    assert single_sign_on.providers(settings.ENVIRONMENT) == {}
    assert single_sign_on.applications(settings.ENVIRONMENT) == []
    assert single_sign_on.origins(settings.ENVIRONMENT) == []
    assert settings.SOCIALACCOUNT_PROVIDERS == {}


def test_forms_may_lead_to_the_provider_and_nowhere_else(settings: Settings):
    environment = replace(settings.ENVIRONMENT, oidc_issuer="https://sso.example/realms/north")

    assert single_sign_on.origins(environment) == ["https://sso.example"]


@pytest.mark.db
@pytest.mark.django_db
def test_without_a_provider_there_is_no_way_to_one():
    assert Client().post("/account/oidc/sso/login/").status_code == 404


@pytest.mark.db
@pytest.mark.django_db
def test_an_officer_who_is_registered_signs_in(configured: Provider):
    made = accounts.register_first_administrator(at=clock.now())
    configured.says = made.sign_in_name
    client = Client()

    come_back(client, configured)

    assert "_auth_user_id" in client.session
    assert configured.asked_with is not None
    assert configured.asked_with["code_verifier"]
    assert configured.asked_with["client_secret"] == ["word"]


@pytest.mark.db
@pytest.mark.django_db
def test_nobody_becomes_an_officer_by_signing_in(configured: Provider):
    configured.says = "stranger"
    client = Client()

    response = come_back(client, configured)

    assert response.status_code in (200, 302, 403)
    assert "_auth_user_id" not in client.session


@pytest.mark.db
@pytest.mark.django_db
def test_the_sign_in_page_offers_it_by_name(configured: Provider):
    assert b"Northland sign-on" in Client().get("/account/sign-in/").content
