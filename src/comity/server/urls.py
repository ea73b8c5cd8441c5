# SPDX-License-Identifier: Apache-2.0
"""Which capability answers which address."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from comity.server import pages, single_sign_on
from comity.server.api import api, documentation, nothing_here

urlpatterns = [
    path("api/v1/", documentation, name="api"),
    path("api/v1/", api.urls),
    path("api/<path:rest>", nothing_here),
    path("admin/", admin.site.urls),
    path("administration/node/", pages.node, name="node"),
    *(single_sign_on.addresses() if settings.ENVIRONMENT.oidc_issuer else []),
    path("", include("comity.accounts.urls")),
    path("language/", set_language, name="set_language"),
    path("agreements/", include("comity.agreements.urls")),
    path("news/", include("comity.newsfeed.urls")),
    path("exchange/", include("comity.exchange.urls")),
    path("evidence/", include("comity.evidence.urls")),
    path("", include("comity.desk.urls")),
]

handler400 = "comity.server.error_pages.bad_request"
handler403 = "comity.server.error_pages.forbidden"
handler404 = "comity.server.error_pages.not_found"
handler500 = "comity.server.error_pages.failed"
