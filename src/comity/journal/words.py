# SPDX-License-Identifier: Apache-2.0
"""The journal's codes in words that a person reads: every act, and every fact beside one.

A new act or fact is a line here; a test holds the tables against what the services record.
"""

from __future__ import annotations

from comity.catalogues import N_

ACT_WORDS: dict[str, str] = {
    # Officers and their sign-in
    "officer-registered": N_("registered an officer"),
    "officer-roles-changed": N_("changed an officer's roles"),
    "officer-details-changed": N_("changed an officer's details"),
    "officer-suspended": N_("suspended an officer"),
    "officer-reactivated": N_("reactivated an officer"),
    "officer-password-reset": N_("reset an officer's password"),
    "officer-password-changed": N_("changed the password"),
    "signed-in": N_("signed in"),
    "session-ended": N_("ended a session"),
    "other-sessions-ended": N_("ended the other sessions"),
    "account-locked": N_("locked an account"),
    "address-locked": N_("locked a network address"),
    "second-factor-postponed": N_("postponed the second factor"),
    "second-factor-added": N_("added a second factor"),
    "second-factor-removed": N_("removed a second factor"),
    "recovery-requested": N_("asked for the recovery of a second factor"),
    "recovery-approved": N_("approved a recovery"),
    "recovery-declined": N_("declined a recovery"),
    "recovery-completed": N_("completed a recovery"),
    "token-issued": N_("issued an API token"),
    "token-revoked": N_("revoked an API token"),
    # The register and the law
    "confirmation-drafted": N_("drafted a confirmation"),
    "confirmation-countersigned": N_("countersigned a confirmation"),
    "confirmation-refused": N_("refused a confirmation"),
    "confirmation-withdrawn": N_("withdrew a confirmation"),
    "confirmation-corroborated": N_("recorded a partner's agreement with a confirmation"),
    "confirmation-suspended": N_("suspended a confirmation for a partner's disagreement"),
    "ruling-drafted": N_("drafted a standing ruling"),
    "ruling-countersigned": N_("countersigned a standing ruling"),
    "ruling-refused": N_("refused a standing ruling"),
    "ruling-withdrawn": N_("withdrew a standing ruling"),
    "completeness-attested": N_("attested that the register is complete"),
    "attestation-withdrawn": N_("withdrew an attestation"),
    "change-proposed": N_("proposed a change to the register"),
    "change-accepted": N_("accepted a change to the register"),
    "change-rejected": N_("rejected a change to the register"),
    "proposal-withdrawn": N_("withdrew a proposal"),
    "assessment-made": N_("made a legal-basis assessment"),
    # An instrument's life
    "instrument-register": N_("registered an instrument"),
    "instrument-open-negotiation": N_("opened a negotiation"),
    "instrument-agree-text": N_("recorded that the text was agreed"),
    "instrument-sign": N_("recorded a signature"),
    "instrument-notify": N_("recorded a notification"),
    "instrument-apply-provisionally": N_("recorded provisional application"),
    "instrument-bring-into-force": N_("recorded the entry into force"),
    "instrument-succeed": N_("recorded a succession"),
    "instrument-record-domestic-effect": N_("recorded the domestic effect"),
    "instrument-open-revision": N_("opened a revision"),
    "instrument-revise": N_("recorded a revision"),
    "instrument-suspend": N_("recorded a suspension"),
    "instrument-resume": N_("recorded a resumption"),
    "instrument-give-notice": N_("recorded a notice of termination"),
    "instrument-end": N_("recorded the end of an instrument"),
    "instrument-supersede": N_("recorded a supersession"),
    # The journal itself
    "journal-verified": N_("verified the journal"),
    "journal-exported": N_("exported the journal"),
    "journal-key-changed": N_("changed the journal's signing key"),
}

FACT_WORDS: dict[str, str] = {
    "act": N_("act"),
    "approved_by": N_("approved by"),
    "article": N_("article"),
    "asked": N_("administration asked"),
    "asker": N_("asking administration"),
    "at": N_("at"),
    "attestation": N_("attestation"),
    "basis": N_("basis"),
    "checkpoints": N_("checkpoints"),
    "confirmation": N_("confirmation"),
    "confirmed": N_("confirmed"),
    "count": N_("number"),
    "digest": N_("digest"),
    "drafted_by": N_("drafted by"),
    "due_on": N_("due on"),
    "expires_at": N_("expires at"),
    "expires_on": N_("expires on"),
    "fields": N_("fields"),
    "form": N_("form of assistance"),
    "format": N_("format"),
    "forms": N_("forms of assistance"),
    "from": N_("from"),
    "instrument": N_("instrument"),
    "key_id": N_("key"),
    "kind": N_("kind"),
    "language": N_("language"),
    "method": N_("method"),
    "offence": N_("offence"),
    "offences": N_("offences"),
    "officer": N_("officer"),
    "on": N_("on"),
    "outcome": N_("outcome"),
    "party": N_("party"),
    "permission": N_("permission"),
    "precision": N_("precision"),
    "profile": N_("profile of the unit"),
    "proposal": N_("proposal"),
    "provision": N_("provision"),
    "purpose": N_("purpose"),
    "purposes": N_("purposes"),
    "question": N_("question"),
    "reason": N_("reason"),
    "recovery": N_("recovery"),
    "references": N_("references"),
    "relaxation": N_("relaxation made use of"),
    "request": N_("request"),
    "review_on": N_("review on"),
    "roles": N_("roles"),
    "roles_before": N_("roles before"),
    "ruling": N_("standing ruling"),
    "scope": N_("scope"),
    "sequence": N_("sequence"),
    "size": N_("size"),
    "source": N_("source"),
    "state": N_("state"),
    "succeeded_by": N_("succeeded by"),
    "token": N_("API token"),
    "until": N_("until"),
    "verdict": N_("verdict"),
    "version": N_("version"),
    "was": N_("was"),
}


def act_in_words(act: str) -> str:
    """What the act says after its actor's reference; the code itself where no words are known."""
    return ACT_WORDS.get(act, act)


def fact_in_words(name: str) -> str:
    """What the fact is called; its own name where no words are known."""
    return FACT_WORDS.get(name, name)
