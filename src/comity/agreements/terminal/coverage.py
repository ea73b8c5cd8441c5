# SPDX-License-Identifier: Apache-2.0
"""What `comity agreements coverage` does: which partners can be asked for what, and the gaps."""

from __future__ import annotations

import argparse

from comity.agreements import coverage_report
from comity.agreements.coverage import GAP_WORDS, Coverage, PartnerCoverage, coverage
from comity.agreements.coverage_matrix import FORMS, PURPOSES
from comity.agreements.terminal.options import (
    Setting,
    authority,
    domestic_laws,
    print_json,
    setting_of,
    terminal_width,
    value,
)
from comity.agreements.terminal.register import FORCE_WORDS
from comity.agreements.text_table import table
from comity.agreements.verdict import VERDICT_WORDS, Verdict
from comity.catalogues import N_
from comity.reference.countries import country_name
from comity.reference.taxonomy import label

PARTNER_HEADINGS = (
    N_("partner"),
    N_("best answer"),
    N_("forms"),
    N_("purposes"),
    N_("instruments"),
    N_("gap"),
)
FORM_HEADINGS = (N_("form of assistance"), N_("best answer"), N_("permitted for"))


def show_coverage(arguments: argparse.Namespace) -> int:
    """Print the coverage of one administration on a day, or one partner of it in full."""
    setting = setting_of(arguments)
    partners = [authority(arguments.partner, setting.register)] if arguments.partner else None
    whole = coverage(
        authority(arguments.administration, setting.register),
        setting.on,
        setting.register,
        setting.overlay,
        domestic_laws(arguments.laws),
        partners=partners,
    )
    if arguments.json:
        _print_json(whole, setting, partners)
    elif arguments.csv:
        _print_csv(whole, setting, partners)
    elif partners:
        _print_partner(whole, whole.partner(partners[0]), setting)
    else:
        _print_partners(whole, setting, arguments.verdict)
    return 0


def _print_json(whole: Coverage, setting: Setting, partners: list[str] | None) -> None:
    document = coverage_report.coverage_document(whole, setting.language)
    if partners:
        document["cells"] = {
            form.value: {
                purpose.value: whole.best(partners[0], forms=(form,), purposes=(purpose,))
                for purpose in PURPOSES
            }
            for form in FORMS
        }
    print_json(document)


def _print_csv(whole: Coverage, setting: Setting, partners: list[str] | None) -> None:
    text = (
        coverage_report.cells_csv(whole, partners)
        if partners
        else coverage_report.coverage_csv(whole, setting.language)
    )
    print(text, end="")


def _print_partners(whole: Coverage, setting: Setting, verdict: str | None) -> None:
    wanted = Verdict(value(Verdict, verdict)) if verdict else None
    shown = [each for each in whole.partners if wanted in (None, each.best)]
    with_something = [each for each in shown if each.instruments]
    rows = [_row(each, setting) for each in with_something]
    if rows:
        print(table(setting.headings(PARTNER_HEADINGS), rows, terminal_width()))
    counts = {verdict: sum(each.best is verdict for each in shown) for verdict in Verdict}
    for best, count in counts.items():
        if count:
            print(f"{setting.say(VERDICT_WORDS[best])}: {count}")
    print(
        setting.say(
            N_("{count} partners have no instrument with {administration} on {on}."),
            count=len(shown) - len(with_something),
            administration=whole.administration,
            on=whole.on,
        )
    )


def _row(partner: PartnerCoverage, setting: Setting) -> tuple[str, ...]:
    name = country_name(partner.partner, setting.language)
    return (
        f"{partner.partner} {name}" if name != partner.partner else name,
        setting.say(VERDICT_WORDS[partner.best]),
        str(len(partner.forms)),
        str(len(partner.purposes)),
        ", ".join(each.reference for each in partner.instruments),
        _gap(partner, setting),
    )


def _gap(partner: PartnerCoverage, setting: Setting) -> str:
    if partner.gap is None:
        return ""
    waits = [each.waiting_days for each in partner.instruments if each.waiting_days is not None]
    words = setting.say(GAP_WORDS[partner.gap])
    if not waits:
        return words
    waiting = setting.say(N_("signed {days} days ago"), days=max(waits))
    return f"{words} ({waiting})"


def _print_partner(whole: Coverage, partner: PartnerCoverage, setting: Setting) -> None:
    name = country_name(partner.partner, setting.language)
    print(f"{partner.partner} {name}: {setting.say(VERDICT_WORDS[partner.best])}")
    for each in partner.instruments:
        force = setting.say(FORCE_WORDS[each.between])
        print(f"  {each.reference} ({force}): {each.title}")
    if partner.gap is not None:
        print(f"  {_gap(partner, setting)}")
    rows = [
        (
            setting.say(label(form)),
            setting.say(VERDICT_WORDS[whole.best(partner.partner, forms=(form,))]),
            ", ".join(
                setting.say(label(purpose)).lower()
                for purpose in PURPOSES
                if whole.best(partner.partner, forms=(form,), purposes=(purpose,)).permits
            ),
        )
        for form in FORMS
    ]
    print(f"\n{table(setting.headings(FORM_HEADINGS), rows, terminal_width())}")
