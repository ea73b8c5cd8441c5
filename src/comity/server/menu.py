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
    """One line of the menu: its words, the name of its page, what the page answers, who may."""

    label: str
    page: str
    about: str = ""
    """One sentence for the desk of an officer who is new here."""
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
            Entry(
                N_("Register"),
                "agreements:register",
                N_("Every instrument with its parties, its claims and their sources."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Coverage"),
                "agreements:coverage",
                N_("Which partners can be asked for what on a day, as a map and a table."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("May we?"),
                "agreements:assess",
                N_("Assess the legal basis of a request, a use or a disclosure."),
                Permission.ASSESS,
            ),
            Entry(
                N_("Compare"),
                "agreements:compare",
                N_("Two instruments side by side, provision by provision."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Confirmations"),
                "agreements:confirmations",
                N_("What the treaty custodian has confirmed, and what still waits."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Rulings"),
                "agreements:rulings",
                N_("Questions settled once by a person, for twelve months at most."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Attestations"),
                "agreements:attestations",
                N_("Pairs of administrations whose list of instruments is complete."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Proposals"),
                "agreements:proposals",
                N_("Changes to the register that wait for a second person."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Models"),
                "agreements:models",
                N_("The model texts and what each provision of theirs allows."),
                Permission.VIEW_REGISTER,
            ),
        ),
    ),
    Group(
        N_("News"),
        "announcement",
        (
            Entry(
                N_("Announced changes"),
                "newsfeed:proposals",
                N_("What public announcements would change in the register, card by card."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Announcements"),
                "newsfeed:archive",
                N_("Every release that was read, with what it announces."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("News sources"),
                "newsfeed:sources",
                N_("Where announcements are read from, and how the visits went."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Our public feed"),
                "newsfeed:published",
                N_("Accepted changes of the register that everybody may read."),
                Permission.VIEW_REGISTER,
            ),
            Entry(
                N_("Rules of reading"),
                "newsfeed:rules",
                N_("By which phrases a machine finds what a release announces."),
                Permission.VIEW_REGISTER,
            ),
        ),
    ),
    Group(
        N_("Evidence"),
        "topic",
        (
            Entry(
                N_("Case files"),
                "evidence:cases",
                N_("What evidence is for, stated once; each with its board and what is missing."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Items"),
                "evidence:items",
                N_("Documents, data and things with their custody and their conditions."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Hand-overs"),
                "evidence:hand-overs",
                N_("What passes from hand to hand and waits for the other side's word."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Packages"),
                "evidence:packages",
                N_("What was packed for partners and courts, and the builder."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Certified copies"),
                "evidence:copies",
                N_("The register of numbers, each standing for one sealed document."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Obligations"),
                "evidence:obligations",
                N_("Who owes what for which item, until when, under which article."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Consent"),
                "evidence:consents",
                N_("What partners ask of us, and what we asked of them."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Recalls"),
                "evidence:recalls",
                N_("Items that were taken back, and what every holder answered."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Legal holds"),
                "evidence:holds",
                N_("What must be kept, whatever a schedule says."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Destruction"),
                "evidence:destruction",
                N_("What may be kept no longer, and the lists that two persons sign."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Registers of evidence"),
                "evidence:registers",
                N_("Disclosures, assurances, originals, uses, destructions; each as a file."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Persons"),
                "evidence:subjects",
                N_("Whom items are about, so that a person's data can be erased."),
                Permission.VIEW_EVIDENCE,
            ),
            Entry(
                N_("Ceilings"),
                "evidence:ceilings",
                N_("The most that our desk may handle, and that may pass to and from a partner."),
                Permission.VIEW_PARTNERS,
            ),
            Entry(
                N_("Verify a package"),
                "evidence:verify",
                N_("The numbered report on a package or a certified copy; for anybody."),
            ),
            Entry(
                N_("The seal"),
                "evidence:seal",
                N_("What this node seals with, its time stamps, and whose seals it trusts."),
                Permission.ADMINISTER_SEALS,
            ),
        ),
    ),
    Group(
        N_("Partners"),
        "people",
        (
            Entry(
                N_("Partners"),
                "exchange:partners",
                N_("The administrations we exchange messages with, and how the way to each is."),
                Permission.VIEW_PARTNERS,
            ),
            Entry(
                N_("Messages"),
                "exchange:messages",
                N_("Every message sent and received, with its whole life and its proofs."),
                Permission.VIEW_MESSAGES,
            ),
            Entry(
                N_("Letters"),
                "exchange:letters",
                N_("For partners without a node: what is to be sent, and what came back."),
                Permission.VIEW_MESSAGES,
            ),
            Entry(
                N_("Queue health"),
                "exchange:queue",
                N_("What waits for whom and why, what was given up, alarms and maintenance."),
                Permission.VIEW_PARTNERS,
            ),
        ),
    ),
    Group(
        N_("Journal"),
        "history",
        (
            Entry(
                N_("Journal of acts"),
                "desk:journal",
                N_("Who did what, when and under which article, provably unaltered."),
                Permission.VIEW_JOURNAL,
            ),
            Entry(
                N_("Verification of the journal"),
                "desk:journal_verification",
                N_("Whether every digest, checkpoint and signature fits."),
                Permission.VERIFY_JOURNAL,
            ),
        ),
    ),
    Group(
        N_("Administration"),
        "settings",
        (
            Entry(
                N_("Officers"),
                "accounts:officers",
                N_("Who works here, in which roles."),
                Permission.VIEW_OFFICERS,
            ),
            Entry(
                N_("API tokens"),
                "accounts:tokens",
                N_("Your keys for programs that work in your name."),
                Permission.ISSUE_TOKENS,
            ),
            Entry(
                N_("Node"),
                "node",
                N_("How the node is, its settings and its last backup."),
                Permission.BACK_UP_NODE,
            ),
        ),
    ),
)
