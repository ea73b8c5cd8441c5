# SPDX-License-Identifier: Apache-2.0
"""Rules on the instrument itself: who is bound, since when, in which version, with what effect.

They read the standing of the instrument between the two administrations and nothing of what is
asked, but for the day. Each docstring is the rule.
"""

from __future__ import annotations

from comity.agreements.case import Answer, Case, fine
from comity.agreements.claim import Event
from comity.agreements.force import ForceState, force_between, span_of
from comity.agreements.legal_basis import Belonging, LegalBasis
from comity.agreements.provision import Basis, Provision, ProvisionType
from comity.agreements.verdict import Verdict

OK = Verdict.PERMITTED
PERSON = Verdict.PERSON_MUST_DECIDE
NO_BASIS = Verdict.NO_LEGAL_BASIS


def both_are_parties(basis: LegalBasis, case: Case) -> Answer:
    """Both administrations belong to the instrument on the day: as party, or as member of one."""
    facts = {"one": basis.one, "other": basis.other, "on": basis.day.isoformat()}
    for code, capacity in ((basis.one, basis.first), (basis.other, basis.second)):
        known = facts | {"party": code}
        if capacity.belonging is Belonging.LAPSED:
            return Answer(NO_BASIS, "not-a-member-on-the-day", known, basis=Basis.READ)
        if not capacity.belonging.capable:
            return Answer(Verdict.NO_KNOWN_BASIS, "not-a-party", known)
        if not capacity.beginning_known:
            if basis.force.basis is Basis.CONFIRMED:
                return Answer(OK, "membership-confirmed", known, basis=Basis.CONFIRMED)
            return Answer(PERSON, "membership-beginning-unknown", known)
    through = [
        capacity.party.code
        for capacity in (basis.first, basis.second)
        if capacity.party is not None and capacity.belonging not in (Belonging.PARTY,)
    ]
    if through:
        union = ", ".join(dict.fromkeys(through))
        return Answer(OK, "parties-through-a-union", facts | {"union": union})
    return Answer(OK, "both-are-parties", facts)


LIMIT_OF_FORCE = {
    ForceState.IN_FORCE: OK,
    ForceState.UNKNOWN: PERSON,
    ForceState.NOT_IN_FORCE: NO_BASIS,
}


def in_force_on_the_day(basis: LegalBasis, case: Case) -> Answer:
    """The instrument is in force between the two on the day by which the act is judged."""
    force = basis.force
    if force.state is not ForceState.IN_FORCE and _pending_is_completed(basis, case) is not None:
        return Answer(OK, "pending-request-carries-on", force.facts, force.article, force.basis)
    return Answer(
        LIMIT_OF_FORCE[force.state], force.reason, force.facts, force.article, force.basis
    )


def existence_is_verified(basis: LegalBasis, case: Case) -> Answer:
    """That the instrument exists at all has been verified, by a source or by the custodian."""
    facts = {"instrument": basis.instrument.reference}
    if basis.instrument.existence == "verified":
        return Answer(OK, "existence-verified", facts)
    if basis.known.force.get(basis.instrument.reference) and basis.force.in_force:
        return Answer(OK, "existence-confirmed", facts, basis=Basis.CONFIRMED)
    return Answer(PERSON, "existence-unverified", facts)


def authorities_are_named(basis: LegalBasis, case: Case) -> Answer:
    """A service that acts or is asked by name is one that the instrument knows."""
    named = {a.code for a in basis.instrument.authorities}
    known_parties = {a.party for a in basis.instrument.authorities}
    for authority in (case.acting, case.partner):
        country, _, service = authority.partition("/")
        if not service or authority in named:
            continue
        facts = {"authority": authority, "named": ", ".join(sorted(named))}
        if country in known_parties:
            return Answer(PERSON, "authority-not-named", facts)
        return Answer(PERSON, "authority-not-recorded", {"authority": authority})
    services = [a for a in (case.acting, case.partner) if a in named]
    if services:
        return Answer(OK, "authorities-named", {"authority": ", ".join(services)})
    return Answer(OK, "asked-by-country", {"named": ", ".join(sorted(named))})


def union_acts_within_its_competence(basis: LegalBasis, case: Case) -> Answer:
    """Where a party is a union, the act lies within its competence and its members may act."""
    for code, capacity in ((basis.one, basis.first), (basis.other, basis.second)):
        party = capacity.party
        if party is None or capacity.belonging in (Belonging.PARTY, Belonging.TERRITORY):
            continue
        facts = {"party": code, "union": party.code, "competence": party.competence}
        if capacity.belonging is Belonging.TREATED_AS_MEMBER:
            return Answer(OK, "treated-as-member", facts)
        if party.competence:
            return Answer(OK, "union-within-competence", facts)
        return Answer(OK, "members-act-for-the-union", facts)
    return fine("no-union-involved")


def version_is_known(basis: LegalBasis, case: Case) -> Answer:
    """Which version of the text was in force on the day is known."""
    if basis.version is None:
        versions = ", ".join(v.code for v in basis.instrument.versions)
        facts = {"on": basis.day.isoformat(), "versions": versions}
        return Answer(PERSON, "version-unknown", facts)
    return Answer(OK, "version-known", {"version": basis.version or "1"})


def domestic_effect_has_begun(basis: LegalBasis, case: Case) -> Answer:
    """Where a party published the instrument later than it entered into force, that day counts."""
    claims = [c for c in basis.instrument.claims if c.event is Event.DOMESTIC_EFFECT]
    for code in (basis.one, basis.other):
        span = span_of([c for c in claims if c.party == code])
        if span is None or span.happened(basis.day) is ForceState.IN_FORCE:
            continue
        since = span.latest.isoformat() if span.latest else ""
        facts = {"party": code, "since": since, "on": basis.day.isoformat()}
        if code == case.acting.partition("/")[0]:
            return Answer(PERSON, "domestic-effect-not-yet-ours", facts, basis=Basis.READ)
        return Answer(OK, "domestic-effect-not-yet-theirs", facts, basis=Basis.READ)
    return fine("domestic-effect-not-in-question")


def territory_is_covered(basis: LegalBasis, case: Case) -> Answer:
    """The instrument applies to the territory of both administrations."""
    for code, capacity in ((basis.one, basis.first), (basis.other, basis.second)):
        if capacity.belonging is Belonging.EXCLUDED:
            return Answer(Verdict.NO_KNOWN_BASIS, "territory-excluded", {"party": code})
        if capacity.belonging is Belonging.TERRITORY and capacity.party is not None:
            return _extended(basis, code, capacity.party.code)
    listed = sorted({t for p in basis.parties for t in p.territories})
    if listed:
        return Answer(OK, "territory-listed", {"territories": ", ".join(listed)})
    return fine("territory-covered")


def _extended(basis: LegalBasis, code: str, party: str) -> Answer:
    """An extension by notes: from its own day where claims name one."""
    facts = {"territory": code, "party": party, "on": basis.day.isoformat()}
    events = (Event.IN_FORCE, Event.PROVISIONALLY_APPLIED)
    of_territory = [c for c in basis.instrument.claims if c.territory == code]
    span = span_of([c for c in of_territory if c.event in events])
    if not of_territory:
        return Answer(OK, "territory-extended", facts)
    state = span.happened(basis.day) if span else ForceState.UNKNOWN
    reason = {
        ForceState.IN_FORCE: "territory-extended",
        ForceState.UNKNOWN: "territory-extension-unknown",
        ForceState.NOT_IN_FORCE: "territory-not-yet-extended",
    }[state]
    return Answer(LIMIT_OF_FORCE[state], reason, facts)


def instrument_is_binding(basis: LegalBasis, case: Case) -> Answer:
    """Whether the instrument binds in law is said; without that, help rests on goodwill."""
    facts = {"instrument": basis.instrument.reference}
    if basis.instrument.binding:
        return Answer(OK, "binding", facts)
    return Answer(OK, "not-binding", facts)


def day_of_supply_is_known(basis: LegalBasis, case: Case) -> Answer:
    """What was supplied is judged by the law of the day of supply, so that day must be known."""
    if case.supply_day_known:
        return Answer(OK, "judged-by-the-day-of-supply", {"supplied_on": basis.day.isoformat()})
    return Answer(PERSON, "day-of-supply-unknown")


def ending_changes_nothing(basis: LegalBasis, case: Case) -> Answer:
    """That an instrument ended neither widens what may be done with an item nor lifts a duty."""
    today = force_between(
        basis.instrument, case.on, basis.one, basis.other, basis.register, basis.known
    )
    facts = {"supplied_on": basis.day.isoformat(), "on": case.on.isoformat()}
    if today.ended:
        article = _survival(basis)
        return Answer(OK, "ended-since-and-unchanged", facts, article.article if article else "")
    return Answer(OK, "not-ended-since", facts)


def _survival(basis: LegalBasis) -> Provision | None:
    return basis.terms.first(
        ProvisionType.DURATION_TERMINATION, "confidentiality_survives"
    ) or basis.terms.first(ProvisionType.CONFIDENTIALITY, "survives_termination")


def pending_request_may_be_completed(basis: LegalBasis, case: Case) -> Answer:
    """A request received before the instrument ended is completed where its text says so."""
    if case.requested_on is None:
        return fine("no-earlier-request")
    if basis.force.state is ForceState.IN_FORCE:
        return Answer(OK, "still-in-force", {"requested_on": case.requested_on.isoformat()})
    provision = basis.terms.first(ProvisionType.DURATION_TERMINATION, "pending_completed")
    facts = {"requested_on": case.requested_on.isoformat()}
    if provision is None:
        return Answer(PERSON, "pending-not-provided", facts)
    said = str(provision.parameters.get("pending_completed")).lower()
    article, known = provision.article, provision.basis
    if _pending_is_completed(basis, case) is not None:
        return Answer(OK, "pending-completed", facts, article, known)
    if said == "false" and known is not Basis.ASSUMED:
        return Answer(NO_BASIS, "pending-not-completed", facts, article, known)
    return Answer(PERSON, "pending-unclear", facts | {"said": said}, article, known)


def _pending_is_completed(basis: LegalBasis, case: Case) -> Provision | None:
    """The article by which the earlier request is carried to its end, where one does."""
    if case.requested_on is None or not basis.force.ended:
        return None
    provision = basis.terms.first(ProvisionType.DURATION_TERMINATION, "pending_completed")
    if provision is None or provision.basis is Basis.ASSUMED:
        return None
    if str(provision.parameters.get("pending_completed")).lower() != "true":
        return None
    then = force_between(
        basis.instrument, case.requested_on, basis.one, basis.other, basis.register, basis.known
    )
    return provision if then.in_force else None
