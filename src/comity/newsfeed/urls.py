# SPDX-License-Identifier: Apache-2.0
"""Addresses of the newsfeed's pages, under /news/; the two feeds are open to everybody."""

from __future__ import annotations

from django.urls import path

from comity.newsfeed.pages import (
    feeds,
    proposing,
    publishing,
    reading,
    rule_book,
    sourcing,
    taking_in,
)

app_name = "newsfeed"

CARDS = [
    path("proposals/", proposing.proposals, name="proposals"),
    path("proposals/<slug:reference>/", proposing.proposal, name="proposal"),
    path("proposals/of/<slug:proposal>/", proposing.of_register, name="of-register"),
    path("proposals/<slug:reference>/decide/", proposing.decide, name="decide"),
]

READING = [
    path("", reading.archive, name="archive"),
    path("releases/<slug:reference>/", reading.release, name="release"),
    path("rules/", rule_book.rules, name="rules"),
]

SOURCES = [
    path("sources/", sourcing.sources, name="sources"),
    path("sources/new/", sourcing.add, name="add-source"),
    path("sources/read/", taking_in.read, name="read"),
    path("sources/<slug:code>/", sourcing.change, name="change-source"),
    path("sources/<slug:code>/act/", sourcing.act, name="source-act"),
    path("sources/<slug:code>/fetch/", sourcing.fetch, name="fetch"),
]

PUBLISHING = [
    path("published/", publishing.published, name="published"),
    path("published/<slug:proposal>/publish/", publishing.publish, name="publish"),
    path("published/<slug:reference>/take-back/", publishing.take_back, name="take-back"),
    path("feed.xml", feeds.rss, name="feed-rss"),
    path("feed.json", feeds.json, name="feed-json"),
]

urlpatterns = [*CARDS, *READING, *SOURCES, *PUBLISHING]
