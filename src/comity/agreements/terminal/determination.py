# SPDX-License-Identifier: Apache-2.0
"""What `comity determine ask|release|use|disclose|retain` do: build the question, print the answer.

Exit code 0 for the three verdicts that permit, 1 for every other. The printed answer has the
verdict in one sentence, every rule's finding with its article, the duties that follow, what would
change the answer, and the other legal bases.
"""

from __future__ import annotations

import argparse
from dataclasses import fields
from enum import StrEnum

from comity.agreements import answers, counterfactual, reasons
from comity.agreements.assessment import (
    Alternative,
    Debtor,
    Determination,
    Finding,
    Obligation,
)
from comity.agreements.determination import determine
from comity.agreements.obligations import OBLIGATIONS
from comity.agreements.provision import Basis
from comity.agreements.question import (
    Ask,
    Disclose,
    Item,
    Proceeding,
    Question,
    Recipient,
    Release,
    Retain,
    Use,
)
from comity.agreements.terminal.options import (
    Setting,
    authority,
    codes,
    day,
    domestic_laws,
    print_json,
    setting_of,
    terminal_width,
    truth,
    value,
)
from comity.agreements.text_table import table
from comity.agreements.verdict import VERDICT_WORDS, NoticeTiming, governing_words
from comity.catalogues import N_
from comity.reference.taxonomy import (
    Caveat,
    FormOfAssistance,
    HandlingCode,
    InformationClass,
    Offence,
    Purpose,
    code_of,
    label,
)

QUESTION_WORDS: dict[type[Question], str] = {
    Ask: N_("{asker} asks {asked} for {forms}; purpose: {purposes}; on {on}"),
    Release: N_("{supplier} supplies {receiver} with {forms}; purpose: {purposes}; on {on}"),
    Use: N_("{holder} uses what {supplier} supplied on {supplied_on} for {purpose}; on {on}"),
    Disclose: N_(
        "{holder} passes what {supplier} supplied on {supplied_on} to {recipient}; on {on}"
    ),
    Retain: N_("{holder} keeps what {supplier} supplied on {supplied_on}; on {on}"),
}
NOTICE_WORDS: dict[NoticeTiming, str] = {
    NoticeTiming.BEFORE: N_("The supplying administration must be told before the act."),
    NoticeTiming.ON_USE: N_("The supplying administration must be told at the time of use."),
    NoticeTiming.WITHIN_N: N_("The supplying administration must be told within {days} days."),
    NoticeTiming.UNSPECIFIED: N_(
        "The supplying administration must be told; the text sets no day."
    ),
}
DUE_WORDS: dict[str, str] = {
    "by-date": N_("by {by}"),
    "within-days": N_("within {days} days"),
    "before": N_("before the act"),
    "on-use": N_("at the time of use"),
    "promptly": N_("promptly, which is our service standard"),
    "none": "",
}
DEBTOR_WORDS: dict[Debtor, str] = {
    Debtor.ASKER: N_("the asking side"),
    Debtor.ASKED: N_("the asked side"),
    Debtor.HOLDER: N_("the holder"),
    Debtor.SUPPLIER: N_("the supplier"),
}
BASIS_WORDS: dict[Basis, str] = {
    Basis.READ: N_("read"),
    Basis.CONFIRMED: N_("confirmed by us"),
    Basis.ASSUMED: N_("assumed from the model"),
}
RECIPIENT_WORDS: dict[Recipient, str] = {
    Recipient.OTHER_AUTHORITY: N_("another domestic authority"),
    Recipient.THIRD_STATE: N_("a third state"),
    Recipient.COURT: N_("a court"),
    Recipient.DEFENCE: N_("the defence"),
    Recipient.PUBLIC: N_("the public"),
}
HEADINGS = (N_("rule"), N_("holds"), N_("because"), N_("article"), N_("basis"))
YES, NO = N_("yes"), N_("no")


def ask(arguments: argparse.Namespace) -> int:
    """Whether one administration may ask another."""
    setting = setting_of(arguments)
    item = _item(arguments)
    question = Ask(
        asker=authority(arguments.asker, setting.register),
        asked=authority(arguments.asked, setting.register),
        forms=codes(FormOfAssistance, arguments.form),
        purposes=codes(Purpose, arguments.purpose),
        on=setting.on,
        offences=codes(Offence, arguments.offence),
        requested_on=day(arguments.requested_on, "--requested-on"),
        facts=(item,) if item != Item() else (),
        assurances_given=truth(arguments.assurances_given),
        assurance_breached=truth(arguments.assurance_breached),
        consent_given=arguments.consent_given,
        under=_under(arguments, setting),
        known_on=day(arguments.known_on, "--known-on"),
    )
    return _answer(question, setting, arguments)


def release(arguments: argparse.Namespace) -> int:
    """Whether the supplier may supply the item."""
    setting = setting_of(arguments)
    question = Release(
        supplier=authority(arguments.supplier, setting.register),
        receiver=authority(arguments.receiver, setting.register),
        forms=codes(FormOfAssistance, arguments.form),
        purposes=codes(Purpose, arguments.purpose),
        on=setting.on,
        item=_item(arguments),
        offences=codes(Offence, arguments.offence),
        requested_on=day(arguments.requested_on, "--requested-on"),
        assurances_given=truth(arguments.assurances_given),
        assurance_breached=truth(arguments.assurance_breached),
        consent_given=arguments.consent_given,
        under=_under(arguments, setting),
        known_on=day(arguments.known_on, "--known-on"),
    )
    return _answer(question, setting, arguments)


def use(arguments: argparse.Namespace) -> int:
    """Whether the holder may use what was supplied."""
    setting = setting_of(arguments)
    question = Use(
        holder=authority(arguments.holder, setting.register),
        supplier=authority(arguments.supplier, setting.register),
        purpose=code_of(Purpose, arguments.purpose),
        on=setting.on,
        supplied_on=day(arguments.supplied_on, "--supplied-on"),
        proceeding=Proceeding(value(Proceeding, arguments.proceeding)),
        offences=codes(Offence, arguments.offence),
        item=_item(arguments),
        form=code_of(FormOfAssistance, arguments.form) if arguments.form else None,
        requested_on=day(arguments.requested_on, "--requested-on"),
        under=_under(arguments, setting),
        consent_given=arguments.consent_given,
        notice_given=arguments.notice_given,
        known_on=day(arguments.known_on, "--known-on"),
    )
    return _answer(question, setting, arguments)


def disclose(arguments: argparse.Namespace) -> int:
    """Whether the holder may pass on what was supplied."""
    setting = setting_of(arguments)
    question = Disclose(
        holder=authority(arguments.holder, setting.register),
        supplier=authority(arguments.supplier, setting.register),
        recipient=code_of(Recipient, arguments.recipient),
        on=setting.on,
        supplied_on=day(arguments.supplied_on, "--supplied-on"),
        recipient_code=arguments.recipient_code,
        compelled=arguments.compelled,
        offences=codes(Offence, arguments.offence),
        item=_item(arguments),
        requested_on=day(arguments.requested_on, "--requested-on"),
        under=_under(arguments, setting),
        consent_given=arguments.consent_given,
        notice_given=arguments.notice_given,
        assurances_given=truth(arguments.assurances_given),
        assurance_breached=truth(arguments.assurance_breached),
        known_on=day(arguments.known_on, "--known-on"),
    )
    return _answer(question, setting, arguments)


def retain(arguments: argparse.Namespace) -> int:
    """Whether the holder may keep what was supplied."""
    setting = setting_of(arguments)
    question = Retain(
        holder=authority(arguments.holder, setting.register),
        supplier=authority(arguments.supplier, setting.register),
        on=setting.on,
        supplied_on=day(arguments.supplied_on, "--supplied-on"),
        purpose_fulfilled=truth(arguments.purpose_fulfilled),
        item=_item(arguments),
        requested_on=day(arguments.requested_on, "--requested-on"),
        under=_under(arguments, setting),
        known_on=day(arguments.known_on, "--known-on"),
    )
    return _answer(question, setting, arguments)


def _item(arguments: argparse.Namespace) -> Item:
    audience = arguments.audience
    return Item(
        classes=frozenset(codes(InformationClass, arguments.classes)),
        caveats=frozenset(codes(Caveat, arguments.caveat)),
        handling=code_of(HandlingCode, arguments.handling) if arguments.handling else None,
        personal_data=truth(arguments.personal_data),
        judicially_obtained=truth(arguments.judicially_obtained),
        return_or_destroy_by=day(arguments.return_or_destroy_by, "--return-or-destroy-by"),
        audience=None if audience is None else frozenset(filter(None, audience)),
    )


def _under(arguments: argparse.Namespace, setting: Setting) -> str:
    """The instrument named at supply: it must be one that the register has."""
    if not arguments.under:
        return ""
    return setting.register.instrument(arguments.under).reference


def _answer(question: Question, setting: Setting, arguments: argparse.Namespace) -> int:
    laws = domestic_laws(arguments.laws)
    answer = determine(question, setting.register, setting.overlay, laws)
    if arguments.json:
        print_json(answers.document_of(answer, setting.language))
    else:
        print("\n".join(_lines(answer, setting, everything=arguments.all)))
    return 0 if answer.permitted else 1


def _lines(answer: Determination, setting: Setting, *, everything: bool) -> list[str]:
    verdict = setting.say(VERDICT_WORDS[answer.verdict])
    lines = [f"{verdict}: {_question_in_words(answer.question, setting)}."]
    if answer.governing:
        words = governing_words(answer.verdict)
        lines.append(setting.say(words, governing=answer.governing))
    if answer.notice is not None:
        lines.append(setting.say(NOTICE_WORDS[answer.notice], days=answer.notice_days))
    lines += ["", *_findings(answer.findings, setting, everything=everything)]
    duties = list(dict.fromkeys(_duty(each, setting) for each in answer.obligations))
    changes = [
        counterfactual.sentence(change, setting.language) for change in answer.would_be_permitted_if
    ]
    others = [_alternative(alternative, setting) for alternative in answer.alternatives]
    lines += _listed(N_("Duties that follow:"), duties, setting)
    lines += _listed(N_("Would be permitted if:"), changes, setting)
    return lines + _listed(N_("Other legal bases, best first:"), others, setting)


def _question_in_words(question: Question, setting: Setting) -> str:
    facts = {
        field.name: _in_words(getattr(question, field.name), setting) for field in fields(question)
    }
    return setting.say(QUESTION_WORDS[type(question)], **facts)


def _in_words(given: object, setting: Setting) -> object:
    """Codes as their words; a day that is missing is an unknown day."""
    if isinstance(given, tuple):
        return ", ".join(str(_in_words(each, setting)) for each in given)
    if isinstance(given, Recipient):
        return setting.say(RECIPIENT_WORDS[given])
    if isinstance(given, StrEnum):
        words = setting.say(label(given))
        return words[:1].lower() + words[1:]
    return setting.say(N_("an unknown day")) if given is None else given


def _findings(findings: tuple[Finding, ...], setting: Setting, *, everything: bool) -> list[str]:
    """What stands in the way first, then the conditions, then what an article supports."""
    shown = [f for f in findings if everything or _matters(f)]
    rows = [
        (
            finding.rule,
            setting.say(YES if finding.holds else NO),
            reasons.sentence(finding, setting.language),
            " ".join(filter(None, (finding.instrument, finding.version, finding.article))),
            setting.say(BASIS_WORDS[finding.basis]) if finding.basis else "",
        )
        for finding in sorted(shown, key=lambda f: -f.limit.rank)
    ]
    left = len(findings) - len(shown)
    more = N_("{count} more rules hold; --all prints them.")
    return [
        table(setting.headings(HEADINGS), rows, terminal_width()),
        *([setting.say(more, count=left)] if left else []),
    ]


def _matters(finding: Finding) -> bool:
    """Whether a reader needs the finding: it limits, or it rests on an article or a claim."""
    return not finding.holds or finding.limit.rank > 0 or finding.basis is not None


def _listed(title: str, entries: list[str], setting: Setting) -> list[str]:
    return ["", setting.say(title), *(f"  - {entry}" for entry in entries)] if entries else []


def _duty(obligation: Obligation, setting: Setting) -> str:
    words = setting.say(OBLIGATIONS[obligation.code])
    when = setting.say(DUE_WORDS[obligation.due], days=obligation.days, by=obligation.by or "")
    debtor = setting.say(DEBTOR_WORDS[obligation.debtor])
    article = " ".join(filter(None, (obligation.instrument, obligation.article)))
    return f"{words} ({', '.join(filter(None, (debtor, when, article)))})"


def _alternative(alternative: Alternative, setting: Setting) -> str:
    verdict = setting.say(VERDICT_WORDS[alternative.verdict])
    note = alternative.note and reasons.sentence_of(
        alternative.note, alternative.facts, setting.language
    )
    named = alternative.instrument or setting.say(N_("without an instrument"))
    return " ".join(filter(None, (f"{named}: {verdict}.", note)))
