# SPDX-License-Identifier: Apache-2.0
"""The sentence of every reason code, in English, marked for the catalogues.

Findings, obligations, what-ifs and alternatives carry codes and facts; this is the one place that
turns them into words. A fact that is a code of the taxonomy is shown by its label, translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from comity.agreements.verdict import VERDICT_WORDS, Verdict
from comity.catalogues import N_, translate
from comity.reference.taxonomy import label

REASONS: dict[str, str] = {
    # AGR-1 parties
    "both-are-parties": N_("Both {one} and {other} are parties."),
    "parties-through-a-union": N_("{one} and {other} are bound, through {union}."),
    "not-a-party": N_("{party} is not bound by the instrument."),
    "not-a-member-on-the-day": N_("{party} did not belong to the instrument's party on {on}."),
    "membership-confirmed": N_(
        "That {party} belongs to the instrument's party follows from the confirmation of its force."
    ),
    "membership-beginning-unknown": N_(
        "{party} belongs to the instrument's party; since when is not recorded."
    ),
    # AGR-2 force
    "force-since": N_("In force for {party} since {since}."),
    "force-provisional": N_("Applied provisionally since {since}."),
    "force-not-yet": N_("Not yet in force on {on}: it entered into force on {entered}."),
    "force-not-yet-signed": N_("Not in force on {on}: it was signed later, on {signed}."),
    "force-day-disputed": N_(
        "Whether it was in force on {on} is not known: sources give days between {earliest} and "
        "{latest}."
    ),
    "force-signed-only": N_("Signed on {signed}; no entry into force is known."),
    "force-no-date": N_("No source that can be relied upon says when it entered into force."),
    "force-accession-unknown": N_("Whether and since when {party} is bound is not known."),
    "force-obligations-not-notified": N_(
        "{party} is bound only from a day that it notifies, and that day is not known."
    ),
    "force-ended": N_("It ended on {ended}."),
    "force-perhaps-ended": N_("It may have ended: the day is not known for certain."),
    "force-suspended": N_("Suspended since {since}."),
    "force-perhaps-suspended": N_("It may be suspended: the day is not known for certain."),
    "force-superseded": N_("Superseded by {successor}, which is in force."),
    "force-perhaps-superseded": N_(
        "Superseded once {successor} is in force, and whether it is, is not known."
    ),
    "force-confirmed": N_("In force since {since}, as the treaty custodian confirmed."),
    "force-not-yet-confirmed": N_("Not yet in force: confirmed as in force from {since}."),
    "force-confirmed-ended": N_("Ended on {until}, as the treaty custodian confirmed."),
    "force-review-is-due": N_(
        "Confirmed as in force, but the confirmation was to be reviewed by {review_by}."
    ),
    "force-confirmation-contradicted": N_(
        "The confirmation {confirmation} and a source that can be relied upon disagree."
    ),
    "force-confirmations-disagree": N_("Confirmations disagree: {confirmations}."),
    "pending-request-carries-on": N_(
        "No longer in force, but the request was received in time and is completed."
    ),
    # AGR-3 … AGR-12
    "existence-verified": N_("That it exists has been read in a source."),
    "existence-confirmed": N_("That it exists has been confirmed by the treaty custodian."),
    "existence-unverified": N_(
        "Nobody has verified that {instrument} exists: it is only recalled."
    ),
    "authorities-named": N_("{authority} is named by the instrument."),
    "authority-not-named": N_("{authority} is not among the authorities named: {named}."),
    "authority-not-recorded": N_("Which authorities act beside or as {authority} is not recorded."),
    "asked-by-country": N_("Asked by country; the customs administration is understood."),
    "treated-as-member": N_("{party} was treated as a member of {union} on the day."),
    "union-within-competence": N_("{union} is competent for: {competence}."),
    "members-act-for-the-union": N_("The members' own services act for {union}."),
    "no-union-involved": N_("Neither side acts through a union."),
    "version-known": N_("The version in force on the day is {version}."),
    "version-unknown": N_("Which version was in force on {on} is not known: {versions}."),
    "domestic-effect-not-in-question": N_("Nothing delays its effect in domestic law."),
    "domestic-effect-not-yet-ours": N_(
        "In force between the parties, but without effect in our own law before {since}."
    ),
    "domestic-effect-not-yet-theirs": N_(
        "Published in {party} on {since} only; the partner may be unable to act before."
    ),
    "territory-covered": N_("It applies to the whole territory of both."),
    "territory-listed": N_("It applies to the territories listed: {territories}."),
    "territory-excluded": N_("It does not apply to {party}."),
    "territory-extended": N_("Extended to {territory} by {party}."),
    "territory-extension-unknown": N_("Whether it extends to {territory} on {on} is not known."),
    "territory-not-yet-extended": N_("Not yet extended to {territory} on {on}."),
    "binding": N_("It binds in law."),
    "not-binding": N_("It does not bind in law: help under it rests on goodwill."),
    "judged-by-the-day-of-supply": N_("Judged by the law of the day of supply, {supplied_on}."),
    "day-of-supply-unknown": N_("The day of supply is not known, and its law governs."),
    "ended-since-and-unchanged": N_(
        "The instrument has ended since; what was supplied on {supplied_on} stays bound as it was."
    ),
    "not-ended-since": N_("The instrument has not ended since the supply."),
    "no-earlier-request": N_("No earlier request is to be completed."),
    "still-in-force": N_("The instrument is still in force."),
    "pending-completed": N_("Requests received before the end are completed."),
    "pending-not-completed": N_("Requests that are pending at the end are not completed."),
    "pending-not-provided": N_("Nothing is known of requests that are pending at the end."),
    "pending-unclear": N_("Whether a pending request is completed is not clear ({said})."),
    # AGR-13, AGR-14 offences
    "offence-is-customs": N_("{offence}: a customs matter."),
    "offence-named": N_("{offence} is named by the text."),
    "offence-not-named": N_("{offence} is not among the offences that the text names."),
    "offence-excluded": N_("{offence} is excluded by the text."),
    "offence-outside-customs": N_(
        "{offence} lies outside customs matters: use police or judicial channels."
    ),
    "offence-depends-on-law": N_("Whether {offence} is a customs matter depends on both laws."),
    "offences-stated": N_("The offences are stated."),
    "offence-not-stated": N_("{form} needs a suspected offence, and none is stated."),
    "no-offence-needed": N_("No offence needs to be stated."),
    # AGR-15 … AGR-25 forms
    "form-provided": N_("{form}: the text provides for it."),
    "form-may": N_("{form}: the requested side may give it."),
    "form-endeavour": N_("{form}: the parties endeavour to give it."),
    "form-silent": N_("{form}: the text, read as a whole, is silent."),
    "form-not-read": N_("{form}: no article that was read provides for it."),
    "form-not-on-request": N_("{form}: provided for without a request only."),
    "form-not-excluded": N_("{form}: not excluded."),
    "form-excluded": N_("{form}: excluded by the text."),
    "form-excluded-by-model": N_("{form}: excluded by the model, whose text this one may follow."),
    "no-annex": N_("{form}: in the body of the text."),
    "annex-accepted": N_("Both accepted annex {annex}."),
    "annex-not-accepted": N_("{party} has not accepted annex {annex}."),
    "annex-acceptance-unknown": N_("Whether {party} accepted annex {annex} is not known."),
    "no-reservation": N_("No reservation stands in the way."),
    "reserved": N_("{party} is not bound by article {article}: it made a reservation."),
    "article-not-extended": N_("Article {article} was not extended to the territory."),
    "form-not-limited": N_("{form}: not limited to certain offences."),
    "form-covers-offence": N_("{form}: available for the offence."),
    "form-does-not-cover-offence": N_("{form}: available for these offences only: {offences}."),
    "form-limited-and-no-offence": N_(
        "{form}: available for certain offences only, and none is stated: {offences}."
    ),
    "no-fixed-term": N_("{form}: no fixed term."),
    "within-fixed-term": N_("{form}: within its term, {since} to {until}."),
    "outside-fixed-term": N_("{form}: stood from {since} to {until} only."),
    "both-directions": N_("{form}: owed in both directions."),
    "this-direction": N_("{form}: owed by {supplier} to {receiver}."),
    "other-direction-only": N_("{form}: owed by {supplier} to {receiver} only."),
    "no-suspensive-condition": N_("{form}: no suspensive condition."),
    "suspensive-condition": N_("{form}: without effect until: {condition}."),
    "case-by-case": N_("{form}: agreed case by case."),
    "not-case-by-case": N_("{form}: no agreement in each case is needed."),
    "threshold": N_("{form}: the request shows “{threshold}”."),
    "qualifier": N_("{form}: with the words “{qualifier}”."),
    "no-threshold": N_("{form}: no threshold."),
    "no-article-on-the-form": N_("{form}: there is no article to be known."),
    "form-read": N_("{form}: the article was read."),
    "form-confirmed": N_("{form}: the article was confirmed ({confirmation})."),
    "form-assumed": N_("{form}: assumed from the model; nobody has read or confirmed the article."),
    # AGR-26 … AGR-32 use
    "not-criminal": N_("{purpose}: not a criminal matter."),
    "criminal-channel-open": N_("{purpose}: the text names no other channel."),
    "criminal-channel-elsewhere": N_("{purpose}: asked for through another channel ({channels})."),
    "criminal-channel-assumed": N_("{purpose}: the model names another channel ({channels})."),
    "purpose-silent": N_("{purpose}: the text, read as a whole, is silent."),
    "purpose-not-read": N_("{purpose}: no article that was read speaks of it."),
    "purpose-unspecified": N_("{purpose}: the text leaves it open."),
    "purpose-prohibited": N_("{purpose}: not permitted."),
    "purpose-other-channel": N_("{purpose}: only through another channel."),
    "purpose-permitted": N_("{purpose}: permitted."),
    "purpose-permitted-notify": N_("{purpose}: permitted, with notice."),
    "purpose-prior-consent": N_("{purpose}: with prior consent."),
    "purpose-condition-at-supply": N_("{purpose}: unless restricted at supply."),
    "purpose-by-exception": N_("{purpose}: by an exception for this case."),
    "purpose-assumed-rule": N_("{purpose}: the model says “{rule}”."),
    "no-article-on-the-purpose": N_("{purpose}: there is no article to be known."),
    "purpose-read": N_("{purpose}: the article was read."),
    "purpose-confirmed": N_("{purpose}: the article was confirmed ({confirmation})."),
    "purpose-assumed": N_(
        "{purpose}: assumed from the model; nobody has read or confirmed the article."
    ),
    "no-notice-asked": N_("{purpose}: no notice is asked."),
    "notice-before": N_("{purpose}: the supplier is told before the use."),
    "notice-on-use": N_("{purpose}: the supplier is told when it is used."),
    "notice-within-days": N_("{purpose}: the supplier is told within the days set."),
    "notice-unspecified": N_("{purpose}: the supplier is told; the text does not say when."),
    "notice-given": N_("The supplier has been told."),
    "no-consent-asked": N_("{purpose}: no consent is asked."),
    "consent-needed": N_("{purpose}: the supplier consents beforehand."),
    "consent-of-another": N_("{purpose}: beforehand consents: {consenter}."),
    "consent-binds": N_("{purpose}: consent was given, and its conditions bind."),
    "release-is-the-consent": N_("{purpose}: releasing for it is the consent; say so in writing."),
    "no-restriction-foreseen": N_("{purpose}: no restriction at supply is foreseen."),
    "condition-at-supply": N_("{purpose}: within any restriction attached at supply."),
    "no-condition-on-use": N_("{purpose}: no condition."),
    "condition-on-use": N_("{purpose}: on condition: {condition}."),
    # AGR-33 … AGR-40 items
    "no-judicial-information-clause": N_("The text sets nothing apart for judicial information."),
    "judge-agreed": N_("Gained at a judge's request; the judge agreed."),
    "judge-must-agree": N_("Gained at a judge's request: the judicial authority must agree."),
    "judicial-origin-unknown": N_("Whether it was gained at a judge's request is not stated."),
    "not-judicially-obtained": N_("Not gained at a judge's request."),
    "no-personal-data-gate": N_("No gate for personal data applies."),
    "no-personal-data": N_("It holds no personal data."),
    "personal-data-gate": N_("Personal data pass only after: {gate}."),
    "personal-data-unknown": N_(
        "Whether it holds personal data is not stated; such data pass only after: {gate}."
    ),
    "facts-judged-as-a-release": N_("The facts told in the request are judged as a release."),
    "only-own-words": N_("The request discloses its own words only."),
    "no-recipients-named": N_("The text names no recipients."),
    "recipient-named": N_("{recipient} is among the recipients named."),
    "recipient-not-named": N_("{recipient} is not among the recipients named: {recipients}."),
    "recipient-not-stated": N_("The recipient is not stated; these are named: {recipients}."),
    "court-may-compel": N_(
        "Judged as offered freely. Should the court compel it: tell the supplying administration "
        "and consult counsel."
    ),
    "not-compelled": N_("Nobody compels the disclosure."),
    "compelled-notify": N_(
        "Compelled: tell the supplying administration ({timing}) and consult counsel."
    ),
    "compelled-and-notified": N_("Compelled; the supplying administration has been told."),
    "compelled-by-constitution-only": N_(
        "Only what the constitution compels: counsel confirms it, and the supplier is told "
        "({timing})."
    ),
    "compelled-and-silent": N_(
        "Compelled, and the text is silent: tell the supplying administration and consult counsel."
    ),
    "compelled-assumed": N_(
        "Compelled, and the article is only assumed: tell the supplying administration and "
        "consult counsel."
    ),
    "retention-runs": N_("May be kept until {last}."),
    "retention-over": N_("Was to be destroyed after {last}."),
    "retention-term-perhaps": N_("May have to be destroyed after {last}."),
    "supplier-sets-retention": N_("The supplier sets the day of erasure: keep within it."),
    "retention-not-read": N_("Nobody has read what the text says of keeping."),
    "no-term-of-retention": N_("The text sets no term for keeping it."),
    "no-duty-to-destroy-when-done": N_("The text sets no duty to destroy what is not needed."),
    "still-needed": N_("It is still needed for its purpose."),
    "need-unknown": N_("Whether it is still needed is not stated."),
    "no-longer-needed": N_("No longer needed: it is destroyed."),
    "no-duty-to-destroy-at-the-end": N_("The instrument's end requires no destruction."),
    "instrument-still-in-force": N_("The instrument is in force; its end requires nothing yet."),
    "destruction-perhaps-due": N_("The instrument's end may require its destruction."),
    "destruction-due": N_("The instrument ended: personal data are destroyed."),
    # AGR-41 … AGR-43 choice
    "ruling-on-a-form-not-stated": N_(
        "Standing rulings apply to what came under: {forms}; the form is not stated."
    ),
    "no-ruling": N_("No standing ruling applies."),
    "ruling-settles": N_("Standing ruling {ruling}, until {until}: {verdict}{conditions}."),
    "settled-by-ruling": N_("Settled by standing ruling {ruling}."),
    "nothing-prevails": N_("No other instrument prevails over it."),
    "set-aside-by-override": N_("Agreements that say otherwise give way to {prevailing}."),
    "set-aside-by-special-instrument": N_("The special instrument for this form is {prevailing}."),
    "set-aside-as-floor": N_("It leaves {prevailing} unaffected, which is the closer agreement."),
    "basis-registered": N_("Instruments registered between {one} and {other}: {count}."),
    "not-between-the-two": N_("Between {one} and {other} the instrument {instrument} is no basis."),
    "none-known": N_(
        "No instrument between {one} and {other} that could be the basis is registered; "
        "the list is not attested complete."
    ),
    "none-and-list-complete": N_(
        "No instrument between {one} and {other}, and the list is attested complete."
    ),
    # AGR-50 … AGR-57 domestic law
    "nothing-leaves": N_(
        "Nothing leaves the administration: its domestic law limits nothing here."
    ),
    "own-words-leave": N_("A request leaves the administration, with its own words only."),
    "information-leaves": N_("Information leaves the administration."),
    "domestic-law-not-engaged": N_("Not a matter of this rule of domestic law."),
    "domestic-law-on-file": N_("Signed and on file: {title}."),
    "domestic-law-missing": N_("The domestic law of {administration} is not on file."),
    "domestic-law-signature-broken": N_(
        "The domestic-law file of {administration} bears no signature that can be trusted."
    ),
    "domestic-law-unreadable": N_("The domestic-law file of {administration} cannot be read."),
    "domestic-law-speaks": N_("The domestic law on file speaks of this act."),
    "domestic-law-silent-on-act": N_("The domestic law on file does not speak of this act."),
    "ground-agreement": N_("Allowed by domestic law to carry out {instrument}."),
    "ground-is-the-proceeding": N_("Allowed by domestic law in a legal proceeding."),
    "ground-to-be-found": N_(
        "Without an agreement, {authoriser} must find one of the grounds: {grounds}."
    ),
    "ground-not-settled": N_(
        "No ground of domestic law is met by an agreement in force; {authoriser} decides on: "
        "{grounds}."
    ),
    "own-words-need-no-assurance": N_("Own words alone need no assurance."),
    "assurances-given": N_("Assurances of confidence and purpose were given."),
    "assurances-refused": N_("Assurances of confidence and purpose were not given."),
    "assured-by-agreement": N_("Assured by article {article} of the agreement."),
    "assurances-unknown": N_("Whether assurances of confidence and purpose were given is unknown."),
    "no-assurance-broken": N_("The recipient has broken no assurance."),
    "assurance-broken": N_("The recipient has broken an assurance: nothing is given to it."),
    "breach-unknown": N_("Whether the recipient has broken an assurance is not stated."),
    "no-testimony": N_("No testimony or record for a proceeding is given."),
    "testimony-authorised-first": N_("To be authorised first by {decider}."),
    "partner-law-not-assessed": N_("The domestic law of {partner} is not assessed."),
    # AGR-60 … AGR-63 caveats
    "no-caveats": N_("It carries no caveat."),
    "caveat-not-touched": N_("{caveat}: not touched by this act."),
    "caveat-notice": N_("{caveat}: the supplier is told."),
    "caveat-conditions": N_("{caveat}: kept as a condition."),
    "caveat-consent": N_("{caveat}: the originator consents first."),
    "caveat-person": N_("{caveat}: a person must weigh it."),
    "caveat-forbids": N_("{caveat}: forbids this act."),
    "caveat-unknown": N_("{caveat}: nobody knows this caveat."),
    "consent-binds-the-item": N_("Consent was given, and its conditions bind."),
    "no-handling-code": N_("It carries no handling code."),
    "handling-not-touched": N_("Handling code {handling}: not touched by this act."),
    "handling-conditions": N_("Handling code {handling}: kept as a condition."),
    "handling-consent": N_("Handling code {handling}: the provider consents first."),
    "handling-person": N_("Handling code {handling}: a restriction in words that a person reads."),
    "handling-forbids": N_("Handling code {handling}: forbids this act."),
    "handling-unknown": N_("Handling code {handling}: nobody knows this code."),
    "no-audience-list": N_("It carries no list of recipients."),
    "audience-empty": N_("Its list of recipients is empty: nobody may have it."),
    "audience-not-touched": N_("It goes to nobody."),
    "audience-recipient-unknown": N_("The recipient is not stated; the list names: {audience}."),
    "audience-includes": N_("{recipient} is on its list of recipients."),
    "audience-excludes": N_("{recipient} is not on its list of recipients: {audience}."),
    "no-day-of-return": N_("No day of return or destruction is set."),
    "day-of-return-unknown": N_("It is to be returned or destroyed, and the day is not stated."),
    "day-of-return-passed": N_("It was to be returned or destroyed by {by}."),
    "day-of-return-ahead": N_("It is to be returned or destroyed by {by}."),
    # any rule
    "evaluation-error": N_("Rule {rule} could not be put ({error}): a person must decide."),
    # alternatives
    "courtesy-request": N_(
        "A courtesy request may be possible where both domestic laws allow help without an "
        "instrument."
    ),
    "courtesy-request-on-assurances": N_(
        "A courtesy request may be possible: our law allows release on assurances without an "
        "agreement; the partner's law is not assessed."
    ),
}
"""Reason code → English sentence. The codes are permanent."""

CODED = frozenset(
    ("form", "purpose", "offence", "caveat", "rule_of_use", "timing", "recipient_kind")
)
"""Facts that are a code of the taxonomy, shown by its label."""

DOMESTIC_WORDS: dict[str, str] = {
    "compliance": N_("to ensure compliance with the law"),
    "agreement": N_("to carry out an agreement"),
    "proceeding": N_("to assist a proceeding at home"),
    "comparable-action": N_("for a comparable action of a foreign agency"),
    "the Commissioner or a designee": N_("the Commissioner or a designee"),
    "the Chief Counsel": N_("the Chief Counsel"),
}
"""Grounds of domestic law by code, and who decides in the files that are shipped."""

NOTICE_WORDS: dict[str, str] = {
    "BEFORE": N_("before"),
    "ON_USE": N_("on use"),
    "WITHIN_N": N_("within the days set"),
    "UNSPECIFIED": N_("at a time that the text does not say"),
}


class Reasoned(Protocol):
    """Anything with a reason code and facts."""

    @property
    def reason(self) -> str:
        """A code of `REASONS`."""

    @property
    def facts(self) -> Mapping[str, str]:
        """What fills the sentence."""


def sentence(finding: Reasoned, language: str = "en") -> str:
    """The reason in words, in this language."""
    return sentence_of(finding.reason, finding.facts, language)


def sentence_of(reason: str, facts: Mapping[str, str], language: str = "en") -> str:
    """The sentence of a reason code with these facts, in this language."""
    template = translate(REASONS.get(reason, reason), language)
    return template.format_map(_Shown(facts, language)).strip()


class _Shown(dict[str, str]):
    """The facts as words: codes by their labels, what is missing as a question mark."""

    def __init__(self, facts: Mapping[str, str], language: str) -> None:
        super().__init__({name: shown(name, value, language) for name, value in facts.items()})

    def __missing__(self, name: str) -> str:
        return "?"


def shown(name: str, value: str, language: str) -> str:
    """One fact in words."""
    if name == "conditions":
        return f" ({value})" if value else ""
    if name == "timing":
        return translate(NOTICE_WORDS.get(value, value), language)
    if name == "verdict":
        words = VERDICT_WORDS.get(Verdict(value)) if value in set(Verdict) else None
        return translate(words or value, language)
    if name == "rule" and "-" not in value:
        return translate(label(value), language)
    if name in CODED:
        return translate(label(value), language)
    if name in ("grounds", "authoriser", "decider"):
        return ", ".join(translate(DOMESTIC_WORDS.get(w, w), language) for w in value.split(", "))
    if name in ("offences", "forms"):
        return ", ".join(translate(label(code), language) for code in value.split(", "))
    return value or "?"
