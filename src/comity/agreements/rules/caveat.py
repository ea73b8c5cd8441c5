# SPDX-License-Identifier: Apache-2.0
"""Rules of the third gate: what an item carries with it, by caveat, handling code and audience.

Two literal tables say what each code limits in which situation; a situation that a code does not
name is not limited by it. Several caveats combine by taking the most restrictive.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from comity.agreements.case import Act, Answer, Case, fine
from comity.agreements.question import Item, Recipient
from comity.agreements.register import country_of
from comity.agreements.verdict import RANKS, NoticeTiming, Verdict
from comity.reference.taxonomy import Caveat, HandlingCode, Purpose

OK = Verdict.PERMITTED
NOTICE = Verdict.PERMITTED_WITH_NOTICE
CONDITIONS = Verdict.PERMITTED_UNDER_CONDITIONS
CONSENT = Verdict.PRIOR_CONSENT
PERSON = Verdict.PERSON_MUST_DECIDE
PROHIBITED = Verdict.PROHIBITED


class Situation(StrEnum):
    """What a caveat can be about."""

    ALWAYS = "always"
    USED = "used"
    LEAVES = "leaves"
    """It goes abroad: released, or told in a request, or passed to a third state."""
    DISCLOSED = "disclosed"
    EVIDENCE = "evidence"
    PROCEEDING = "proceeding"
    CRIMINAL = "criminal"
    NOT_CUSTOMS = "not-customs"
    NOT_CRIME = "not-crime"
    COMPELLED = "compelled"
    PUBLIC = "public"
    THIRD_STATE = "third-state"
    OTHER_AUTHORITY = "other-authority"


S = Situation
CAVEAT_LIMITS: dict[Caveat, dict[Situation, Verdict]] = {
    Caveat.ORIGINATOR_CONSENT_FOR_EVIDENCE: {S.EVIDENCE: CONSENT},
    Caveat.ORIGINATOR_CONSENT_FOR_DISSEMINATION: {S.LEAVES: CONSENT, S.DISCLOSED: CONSENT},
    Caveat.NO_THIRD_STATE: {S.LEAVES: PROHIBITED, S.THIRD_STATE: PROHIBITED},
    Caveat.CUSTOMS_ONLY: {
        S.NOT_CUSTOMS: PROHIBITED,
        S.OTHER_AUTHORITY: PROHIBITED,
        S.PUBLIC: PROHIBITED,
    },
    Caveat.NAMED_OFFICIALS_ONLY: {S.ALWAYS: CONDITIONS, S.LEAVES: CONSENT, S.DISCLOSED: CONSENT},
    Caveat.NOT_TO_BE_USED_AGAINST_PERSON: {
        S.EVIDENCE: PROHIBITED,
        S.PROCEEDING: PROHIBITED,
        S.CRIMINAL: PROHIBITED,
    },
    Caveat.SECRECY_OF_EXISTENCE: {
        S.EVIDENCE: CONSENT,
        S.DISCLOSED: CONSENT,
        S.LEAVES: CONSENT,
        S.PUBLIC: PROHIBITED,
    },
    Caveat.RETURN_OR_DESTROY_BY: {S.ALWAYS: CONDITIONS},
    Caveat.NO_DEATH_PENALTY_OR_INHUMAN_TREATMENT: {
        S.CRIMINAL: CONDITIONS,
        S.EVIDENCE: CONDITIONS,
        S.THIRD_STATE: PERSON,
        S.LEAVES: PERSON,
    },
    Caveat.PERSONAL_DATA_ANNEX_APPLIES: {S.ALWAYS: CONDITIONS},
    Caveat.JUDICIAL_AUTHORISATION_REQUIRED: {
        S.USED: CONSENT,
        S.LEAVES: CONSENT,
        S.DISCLOSED: CONSENT,
    },
    Caveat.COMMERCIAL_SECRET: {
        S.DISCLOSED: CONDITIONS,
        S.LEAVES: CONDITIONS,
        S.THIRD_STATE: CONSENT,
        S.PUBLIC: PROHIBITED,
    },
    Caveat.PENDING_CONFIRMATION_IN_WRITING: {
        S.USED: CONDITIONS,
        S.LEAVES: CONDITIONS,
        S.DISCLOSED: CONDITIONS,
        S.EVIDENCE: PERSON,
    },
    Caveat.COPY_ONLY_ORIGINAL_RETAINED: {S.EVIDENCE: CONDITIONS},
    Caveat.COURT_USE_NOTIFY_SUPPLIER: {S.EVIDENCE: NOTICE, S.PROCEEDING: NOTICE},
    Caveat.COMPELLED_DISCLOSURE_NOTIFY: {S.COMPELLED: NOTICE},
}
"""What each caveat leaves open at best, by situation."""

HANDLING_LIMITS: dict[HandlingCode, dict[Situation, Verdict]] = {
    HandlingCode.H0: {S.NOT_CRIME: PROHIBITED},
    HandlingCode.H1: {S.EVIDENCE: CONSENT, S.PROCEEDING: CONSENT},
    HandlingCode.H2: {S.LEAVES: CONSENT, S.DISCLOSED: CONSENT},
    # H3 is a restriction in free text, which only a person can read.
    HandlingCode.H3: {S.ALWAYS: PERSON},
}

CAVEAT_NOTICE: dict[Caveat, NoticeTiming] = {
    Caveat.COURT_USE_NOTIFY_SUPPLIER: NoticeTiming.ON_USE,
    Caveat.COMPELLED_DISCLOSURE_NOTIFY: NoticeTiming.BEFORE,
}

EVIDENCE = frozenset((Purpose.CRIMINAL_EVIDENCE, Purpose.CIVIL_JUDICIAL))
PROCEEDINGS = frozenset((*EVIDENCE, Purpose.ADMIN_PROCEEDING))
CRIMINAL = frozenset((Purpose.CRIMINAL_EVIDENCE, Purpose.CRIMINAL_INVESTIGATION))
NOT_CUSTOMS = frozenset((Purpose.OTHER_AUTHORITY, Purpose.OTHER_LAW, Purpose.PUBLIC))
NOT_CRIME = frozenset((Purpose.ASSESSMENT, Purpose.STATISTICS, Purpose.PUBLIC, Purpose.OTHER_LAW))
OF_RECIPIENT: dict[Recipient, Situation] = {
    Recipient.OTHER_AUTHORITY: S.OTHER_AUTHORITY,
    Recipient.THIRD_STATE: S.THIRD_STATE,
    Recipient.PUBLIC: S.PUBLIC,
    Recipient.COURT: S.EVIDENCE,
    Recipient.DEFENCE: S.EVIDENCE,
}


def situations_of(case: Case) -> frozenset[Situation]:
    """The situations in which the act puts an item."""
    purposes = set(case.purposes)
    found = {S.ALWAYS}
    if case.asks_or_supplies or case.recipient is Recipient.THIRD_STATE:
        found.add(S.LEAVES)
    if case.act is Act.USE:
        found.add(S.USED)
    if case.act is Act.DISCLOSE:
        found.add(S.DISCLOSED)
    if case.recipient is not None:
        found.add(OF_RECIPIENT[case.recipient])
    if case.compelled:
        found.add(S.COMPELLED)
    # The purposes of a request are those of what comes back, not of the facts told in it.
    if case.act is not Act.ASK:
        for situation, codes in (
            (S.EVIDENCE, EVIDENCE),
            (S.PROCEEDING, PROCEEDINGS),
            (S.CRIMINAL, CRIMINAL),
            (S.NOT_CUSTOMS, NOT_CUSTOMS),
            (S.NOT_CRIME, NOT_CRIME),
        ):
            if purposes & codes:
                found.add(situation)
    return frozenset(found)


def caveat_is_kept(item: Item, case: Case, caveat: Caveat | None) -> Answer:
    """Each caveat that an item carries is kept; one that nobody knows is for a person."""
    if caveat is None:
        return fine("no-caveats")
    facts = {"caveat": str(caveat)}
    limits = CAVEAT_LIMITS.get(caveat)
    if limits is None:
        return Answer(PERSON, "caveat-unknown", facts)
    limit = worst(limits, case)
    if limit is OK:
        return Answer(OK, "caveat-not-touched", facts)
    if limit is NOTICE:
        facts["timing"] = CAVEAT_NOTICE[caveat].value
        if case.notice:
            return Answer(OK, "notice-given", facts)
        return Answer(NOTICE, "caveat-notice", facts)
    return _with_consent(limit, case, "caveat", facts)


def handling_code_is_kept(item: Item, case: Case) -> Answer:
    """The handling code of an item is kept."""
    if item.handling is None:
        return fine("no-handling-code")
    facts = {"handling": str(item.handling)}
    limits = HANDLING_LIMITS.get(item.handling)
    if limits is None:
        return Answer(PERSON, "handling-unknown", facts)
    limit = worst(limits, case)
    if limit is OK:
        return Answer(OK, "handling-not-touched", facts)
    return _with_consent(limit, case, "handling", facts)


def _with_consent(limit: Verdict, case: Case, word: str, facts: dict[str, str]) -> Answer:
    if limit is CONSENT and case.consent:
        return Answer(CONDITIONS, "consent-binds-the-item", facts)
    reason = {
        CONDITIONS: "conditions",
        CONSENT: "consent",
        PERSON: "person",
        PROHIBITED: "forbids",
    }[limit]
    return Answer(limit, f"{word}-{reason}", facts)


def worst(limits: Mapping[Situation, Verdict], case: Case) -> Verdict:
    """The most restrictive limit among the situations that the act brings about."""
    situations = situations_of(case)
    touched = [limit for situation, limit in limits.items() if situation in situations]
    return max(touched, key=RANKS.__getitem__, default=OK)


def audience_is_kept(item: Item, case: Case) -> Answer:
    """An item with a list of recipients goes to those alone; an empty list is nobody."""
    if item.audience is None:
        return fine("no-audience-list")
    facts = {"audience": ", ".join(sorted(item.audience))}
    if not item.audience:
        return Answer(PERSON, "audience-empty", facts)
    if case.act is Act.RETAIN:
        return Answer(OK, "audience-not-touched", facts)
    reader = case.acting if case.act is Act.USE else case.partner
    if case.act is Act.DISCLOSE:
        reader = case.recipient_code
    facts["recipient"] = reader
    if not reader:
        return Answer(PERSON, "audience-recipient-unknown", facts)
    if {reader, country_of(reader)} & item.audience:
        return Answer(OK, "audience-includes", facts)
    return Answer(PROHIBITED, "audience-excludes", facts)


def day_of_return_has_not_passed(item: Item, case: Case) -> Answer:
    """An item is used and kept until the day on which it must be returned or destroyed."""
    day = item.return_or_destroy_by
    if day is None:
        if Caveat.RETURN_OR_DESTROY_BY in item.caveats:
            return Answer(PERSON, "day-of-return-unknown")
        return fine("no-day-of-return")
    facts = {"by": day.isoformat(), "on": case.on.isoformat()}
    if case.on > day:
        return Answer(PROHIBITED, "day-of-return-passed", facts)
    return Answer(OK, "day-of-return-ahead", facts)
