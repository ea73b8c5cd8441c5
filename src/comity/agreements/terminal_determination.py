# SPDX-License-Identifier: Apache-2.0
"""What `comity determine ask|release|use|disclose|retain` do: build the question, print the answer.

Exit code 0 for the three verdicts that permit, 1 for every other. The printed answer has the
verdict in one sentence, every rule's finding with its article, the duties that follow, what would
change the answer, and the other legal bases.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from comity.agreements import answers, reasons
from comity.agreements.assessment import Counterfactual, Determination, Finding, Obligation
from comity.agreements.determination import determine
from comity.agreements.domestic_law import load_domestic_laws
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
from comity.agreements.terminal_options import (
    Setting,
    authority,
    codes,
    day,
    print_json,
    setting_of,
    terminal_width,
    truth,
    value,
)
from comity.agreements.text_table import table
from comity.agreements.verdict import VERDICT_WORDS, NoticeTiming
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
        under=_under(arguments, setting),
        consent_given=arguments.consent_given,
        notice_given=arguments.notice_given,
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
    laws = load_domestic_laws(Path(arguments.laws) if arguments.laws else None)
    answer = determine(question, setting.register, setting.overlay, laws)
    if arguments.json:
        print_json(answers.document_of(answer, setting.language))
    else:
        print("\n".join(_lines(answer, setting)))
    return 0 if answer.permitted else 1


def _lines(answer: Determination, setting: Setting) -> list[str]:
    verdict = setting.say(VERDICT_WORDS[answer.verdict])
    lines = [f"{verdict}: {_question_in_words(answer.question, setting)}."]
    if answer.governing:
        lines.append(setting.say(N_("It rests on {governing}."), governing=answer.governing))
    if answer.notice is not None:
        lines.append(setting.say(NOTICE_WORDS[answer.notice], days=answer.notice_days))
    lines += ["", _findings(answer.findings, setting)]
    lines += _listed(N_("Duties that follow"), [_duty(o, setting) for o in answer.obligations])
    changes = [_change(c, setting) for c in answer.would_be_permitted_if]
    lines += _listed(N_("Would be permitted if"), changes, setting)
    others = [
        f"{each.instrument}: {setting.say(VERDICT_WORDS[each.verdict])}"
        for each in answer.alternatives
    ]
    return lines + _listed(N_("Legal bases, best first"), others, setting)


def _question_in_words(question: Question, setting: Setting) -> str:
    facts = {
        name: ", ".join(setting.say(label(str(code))).lower() for code in given)
        if isinstance(given, tuple)
        else given
        for name, given in ((name, getattr(question, name)) for name in question.__slots__)
    }
    return setting.say(QUESTION_WORDS[type(question)], **facts)


def _findings(findings: tuple[Finding, ...], setting: Setting) -> str:
    rows = [
        (
            finding.rule,
            setting.say(N_("yes") if finding.holds else N_("no")),
            reasons.sentence(finding, setting.language),
            " ".join(filter(None, (finding.instrument, finding.version, finding.article))),
            finding.basis.value if finding.basis else "",
        )
        for finding in findings
    ]
    headings = ("rule", "holds", "because", "article", "basis")
    return table([setting.say(h) for h in headings], rows, terminal_width())


def _listed(title: str, entries: list[str], setting: Setting | None = None) -> list[str]:
    if not entries:
        return []
    shown = setting.say(title) if setting else title
    return ["", shown, *(f"  - {entry}" for entry in entries)]


def _duty(obligation: Obligation, setting: Setting) -> str:
    return f"{obligation.code} ({obligation.debtor}, {obligation.due})"


def _change(change: Counterfactual, setting: Setting) -> str:
    return f"{change.change}: {', '.join(change.facts.values())}"
