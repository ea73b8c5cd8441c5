# SPDX-License-Identifier: Apache-2.0
"""The frame around every page: the menu by role, the colours, the languages, the policies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

import comity
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission, Role
from comity.agreements.verdict import VERDICT_WORDS, Verdict
from comity.desk.pages.components import SampleForm
from comity.server import frame
from comity.server.environment import ACCENTS
from comity.server.menu import MENU
from comity.server.templatetags.comity import LOOKS

SOURCE = Path(comity.__file__).parent
STYLE = (SOURCE / "server/static/comity/comity.css").read_text("utf-8")
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))


def officer(*roles: Role) -> Officer:
    return Officer("OFF-0001", "Ada North", frozenset(roles))


def pages(*roles: Role) -> set[str]:
    menu = frame._menu(officer(*roles), "/")
    return {line.label for section in menu for line in section.lines}


@pytest.mark.parametrize(
    "entry", [e for g in MENU for e in g.entries], ids=lambda entry: entry.page
)
def test_every_entry_of_the_menu_has_its_page(entry):
    assert reverse(entry.page).startswith("/")


def test_the_menu_shows_an_officer_only_what_the_roles_allow():
    assert "Officers" in pages(Role.ADMINISTRATOR)
    assert "Officers" not in pages(Role.CASE_OFFICER)
    assert "Journal of acts" in pages(Role.AUDITOR)
    assert "Journal of acts" not in pages(Role.CASE_OFFICER)
    assert "My desk" in pages()


def test_a_page_below_an_entry_marks_that_entry():
    below = reverse("accounts:officers") + "OFF-0007/"
    menu = frame._menu(officer(Role.ADMINISTRATOR), below)

    assert [s.label for s in menu if s.current] == ["Administration"]
    assert [x.label for s in menu for x in s.lines if x.current] == ["Officers"]


def test_the_desk_is_marked_on_the_desk_alone():
    at_desk = frame._menu(officer(Role.ADMINISTRATOR), "/")
    elsewhere = frame._menu(officer(Role.ADMINISTRATOR), reverse("accounts:officers"))

    assert [x.label for s in at_desk for x in s.lines if x.current] == ["My desk"]
    assert "My desk" not in [x.label for s in elsewhere for x in s.lines if x.current]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 reckons it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("accent", ACCENTS)
def test_an_accent_carries_white_text_and_its_tint_carries_the_deep_one(accent: str):
    rule = re.search(rf"\.accent-{accent} {{([^}}]*)}}", STYLE)
    assert rule
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", rule[1]))

    assert contrast(colours["accent"], "#ffffff") >= 4.5
    assert contrast(colours["accent-deep"], "#ffffff") >= 4.5
    assert contrast(colours["accent-deep"], colours["accent-tint"]) >= 4.5


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_a_word_an_icon_and_a_legible_colour(verdict: Verdict):
    with translation.override("en"):
        shown = render_to_string("cotton/verdict.html", {"code": verdict})
    tone, icon = LOOKS[verdict]
    rule = re.search(rf"\.verdict--{tone} {{ color: (#[0-9a-f]+); background: (#[0-9a-f]+);", STYLE)

    assert f"#{icon}" in shown
    assert VERDICT_WORDS[verdict] in shown
    assert rule
    assert contrast(rule[1].replace("#fff", "#ffffff")[:7], rule[2]) >= 4.5


def test_no_two_verdicts_look_the_same():
    assert len(set(LOOKS.values())) == len(Verdict)
    assert len({icon for _, icon in LOOKS.values()}) == len(Verdict)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_template_holds_no_inline_script_or_style(path: Path):
    text = path.read_text("utf-8")

    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_template_marks_nothing_as_safe(path: Path):
    assert not re.search(r"\|safe\b|autoescape off", path.read_text("utf-8"))


def test_the_style_sheet_mirrors_for_right_to_left_languages():
    boxes = re.findall(r"(?:margin|padding|border)-(?:left|right)(?!-width: 0)", STYLE)
    places = re.findall(r"(?<![a-z-])(?:left|right):|text-align: (?:left|right)", STYLE)

    assert boxes + places == []


def test_a_refused_field_names_its_hint_and_its_error_for_screen_readers():
    form = SampleForm({"day": "soon"})
    form.is_valid()

    day = render_to_string("cotton/field.html", {"field": form["day"]})
    reference = render_to_string("cotton/field.html", {"field": form["reference"]})

    assert 'aria-invalid="true"' in day
    assert 'aria-describedby="id_day_error"' in day
    assert 'id="id_day_error"' in day
    assert 'aria-describedby="id_reference_helptext id_reference_error"' in reference
    assert 'id="id_reference_helptext"' in reference


def test_every_permission_of_the_menu_is_one_that_somebody_has():
    asked = {entry.permission for group in MENU for entry in group.entries}

    assert asked <= set(Permission) | {None}
