# SPDX-License-Identifier: Apache-2.0
"""Addresses of the desk's pages."""

from __future__ import annotations

from django.urls import path

from comity.desk.pages import components, home

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("desk/components/", components.components, name="components"),
]
