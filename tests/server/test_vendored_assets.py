# SPDX-License-Identifier: Apache-2.0
"""The vendored files are those of the manifest, whole, and small enough."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

import comity.server
from comity.server.menu import MENU
from comity.server.templatetags.comity import LOOKS

STATIC = Path(comity.server.__file__).parent / "static" / "comity"
VENDOR = STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text())
FILES = {name: digest for part in MANIFEST["parts"] for name, digest in part["files"].items()}
WORLD = json.loads((VENDOR / "world" / "world.json").read_text())


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_vendored_file_has_the_digest_of_the_manifest(name: str):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == FILES[name]


def test_nothing_is_vendored_that_the_manifest_does_not_name():
    present = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()}

    assert present - {"MANIFEST.json"} == set(FILES)


def test_every_part_names_its_version_and_licence():
    assert all(part["version"] and part["licence"] for part in MANIFEST["parts"])


@pytest.mark.parametrize("style", ["uswds.css", "uswds.rtl.css"])
def test_every_file_that_a_style_sheet_names_is_there(style: str):
    text = (VENDOR / "uswds" / style).read_text("utf-8")
    named = set(re.findall(r"url\([\"']?([^\"')]+)[\"']?\)", text))

    assert named
    assert {name for name in named if not (VENDOR / "uswds" / name).exists()} == set()


def test_every_icon_that_a_template_or_module_names_is_in_the_sprite():
    sprite = (VENDOR / "uswds" / "icons.svg").read_text()
    icons = set(re.findall(r'<symbol id="([a-z_]+)"', sprite))
    root = STATIC.parents[2]
    named: set[str] = set()
    for path in root.rglob("templates/**/*.html"):
        text = path.read_text("utf-8")
        named |= set(re.findall(r'(?:<c-icon name|icon)="([a-z_]+)"', text))
    named |= {group.icon for group in MENU} | {icon for _, icon in LOOKS.values()}

    assert "check_circle" in named
    assert named <= icons


def test_the_world_map_knows_the_countries_that_maps_often_lose():
    shapes = {feature["properties"]["iso_a2"] for feature in WORLD["features"]}
    reachable = shapes | set(WORLD["points"])

    assert {"FR", "NO", "TW", "XK", "US", "BR"} <= shapes
    assert {"SG", "MT", "TV", "GI", "AD", "LI", "MC", "MV", "HK", "MO"} <= reachable
    assert all(re.fullmatch(r"[A-Z]{2}", code) for code in reachable)
    assert len(reachable) > 235


def test_the_assets_of_an_ordinary_page_are_small():
    first = ["vendor/uswds/uswds.css", "comity.css", "comity.js", "vendor/uswds/icons.svg"]
    packed = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in first)

    assert packed < 45_000
