# SPDX-License-Identifier: Apache-2.0
"""The menu: one literal list of every page that has a place in it, and who sees it.

A page stands here when its capability exists; what an officer's roles never allow is left out.
Every other page is one link away from one of these, so that two clicks reach any page.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.accounts.permissions import Permission
from comity.catalogues import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: its words, the name of its page, and the permission that opens it."""

    label: str
    page: str
    permission: Permission | None = None
    """None where every signed-in officer may open the page."""


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one capability under its name."""

    label: str
    icon: str
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group(N_("Desk"), "topic", (Entry(N_("My desk"), "desk:home"),)),
    Group(
        N_("Agreements"),
        "local_library",
        (
            Entry(N_("Register"), "agreements:register", Permission.VIEW_REGISTER),
            Entry(N_("Coverage"), "agreements:coverage", Permission.VIEW_REGISTER),
            Entry(N_("Ask: may we?"), "agreements:assess", Permission.ASSESS),
            Entry(N_("Compare"), "agreements:compare", Permission.VIEW_REGISTER),
            Entry(N_("Confirmations"), "agreements:confirmations", Permission.VIEW_REGISTER),
            Entry(N_("Proposals"), "agreements:proposals", Permission.VIEW_REGISTER),
            Entry(N_("Models"), "agreements:models", Permission.VIEW_REGISTER),
        ),
    ),
    Group(
        N_("Journal"),
        "history",
        (Entry(N_("Journal of acts"), "desk:journal", Permission.VIEW_JOURNAL),),
    ),
    Group(
        N_("Administration"),
        "settings",
        (
            Entry(N_("Officers"), "accounts:officers", Permission.VIEW_OFFICERS),
            Entry(N_("API tokens"), "accounts:tokens", Permission.ISSUE_TOKENS),
            Entry(N_("Node"), "desk:node", Permission.BACK_UP_NODE),
        ),
    ),
)
