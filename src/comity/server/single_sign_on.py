# SPDX-License-Identifier: Apache-2.0
"""Single sign-on with the administration's own OpenID Connect provider; off until one is named.

Officers are registered here first: the provider says who somebody is, never what they may do.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver

from comity.server.environment import Environment

PROVIDER = "sso"


def providers(environment: Environment) -> dict[str, Any]:
    """The sign-in library's table of providers: one, or none."""
    if not environment.oidc_issuer:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": environment.oidc_name,
        "client_id": environment.oidc_client_id,
        "secret": environment.oidc_client_secret,
        "settings": {"server_url": environment.oidc_issuer},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def applications(environment: Environment) -> list[str]:
    """The sign-in library's part for such a provider, loaded only where one is named."""
    return ["allauth.socialaccount.providers.openid_connect"] if environment.oidc_issuer else []


def origins(environment: Environment) -> list[str]:
    """Where a form of ours may lead besides this node: the provider."""
    parts = urlsplit(environment.oidc_issuer)
    return [f"{parts.scheme}://{parts.netloc}"] if environment.oidc_issuer else []


def addresses() -> list[URLPattern | URLResolver]:
    """The provider's way in and back; nothing else of the library is reachable."""
    from allauth.socialaccount import views
    from django.urls import include, path

    return [
        path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
        path("account/single-sign-on/sign-up/", views.signup, name="socialaccount_signup"),
        path(
            "account/single-sign-on/cancelled/",
            views.login_cancelled,
            name="socialaccount_login_cancelled",
        ),
        path(
            "account/single-sign-on/failed/",
            views.login_error,
            name="socialaccount_login_error",
        ),
    ]
