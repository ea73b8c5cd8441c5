# SPDX-License-Identifier: Apache-2.0
"""Write docs/reference/ from the program itself; `--check` says what differs instead.

python -m tools.reference
python -m tools.reference --check
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import comity
from comity import cli
from comity.agreements import determination
from comity.errors import ComityError
from comity.newsfeed.extraction.rules import Rule, families, rules_of
from comity.reference import taxonomy

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
HEADER = "<!-- Written by `make docs` from the program. Change the program, not this page. -->\n\n"


def errors() -> str:
    """Every error: its code, its message, what to do next."""
    rows = "\n".join(
        f"| `{kind.code}` | {family(kind)} | {cell(kind.message)} | {cell(kind.remedy)} |"
        for kind in sorted(error_classes(), key=lambda kind: kind.code)
    )
    return (
        "# Errors\n\nThe code is permanent: programs read the code and the fields, people the "
        "message and what to do next.\n\n| code | family | message | what to do next |\n"
        f"| --- | --- | --- | --- |\n{rows}\n"
    )


def rules() -> str:
    """Every rule of the assessment, in its own words."""
    return determination.rules_reference_markdown()


def commands() -> str:
    """Every command with its options and examples."""
    return cli.commands_reference_markdown()


def settings() -> str:
    """Every setting of a node."""
    from comity.server import environment

    return environment.reference_markdown()


def roles() -> str:
    """Who may do what."""
    from comity.accounts.permissions import PERMISSIONS

    rows = "\n".join(
        f"| `{permission.value}` | {', '.join(sorted(role.value for role in roles))} |"
        for permission, roles in PERMISSIONS.items()
    )
    return f"# Roles\n\n| permission | roles that have it |\n| --- | --- |\n{rows}\n"


def codes() -> str:
    """The code lists."""
    lists = (
        taxonomy.FormOfAssistance,
        taxonomy.Purpose,
        taxonomy.Offence,
        taxonomy.UseRule,
        taxonomy.InformationClass,
        taxonomy.Caveat,
        taxonomy.HandlingCode,
        taxonomy.GroundForRefusal,
        taxonomy.GroundForPostponement,
        taxonomy.InstrumentKind,
        taxonomy.Programme,
        taxonomy.AgreementState,
    )
    parts = ["# Codes\n\nThe closed lists; a code that is not here is misuse.\n"]
    for codes in lists:
        rows = "\n".join(f"| `{code.value}` | {taxonomy.label(code.value)} |" for code in codes)
        meaning = (codes.__doc__ or "").splitlines()[0]
        parts.append(
            f"\n## {codes.__name__}\n\n{meaning}\n\n| code | meaning |\n| --- | --- |\n{rows}\n"
        )
    return "".join(parts)


def news_rules() -> str:
    """Every rule by which announcements are read, with its phrases and examples."""
    parts = [
        "# Rules of the newsfeed\n\nWhen these words stand in a sentence, this is announced. A "
        "rule's code is permanent. In a phrase `a|b` allows either word, `word?` may be left out, "
        "`begin*` allows every word that begins so; case, accents and hyphens do not matter.\n"
    ]
    for family in families():
        parts.append(f"\n## {family.replace('-', ' ').replace('_', ' ').capitalize()}\n")
        parts.extend(_news_rule(rule) for rule in rules_of(family))
    return "".join(parts)


def _news_rule(rule: Rule) -> str:
    head = f"\n### {rule.code}\n\n{rule.says} Confidence: {rule.confidence.value}.\n"
    lists = (("Phrases", rule.phrases), ("Unless", rule.unless))
    shown = "".join(
        f"\n{name}: {', '.join(f'`{phrase}`' for phrase in phrases)}\n"
        for name, phrases in lists
        if phrases
    )
    examples = "".join(f"- {example.text}\n" for example in rule.examples)
    return head + shown + (f"\nExamples:\n\n{examples}" if examples else "")


def reasons() -> str:
    """Why a message can be refused, held off or given up."""
    from comity.exchange.reasons import REASONS, REFUSED_BY_A_PERSON, TRY_AGAIN, ReasonCode

    def effect(code: ReasonCode) -> str:
        return "holds off" if code in TRY_AGAIN else "a person's" * (code in REFUSED_BY_A_PERSON)

    rows = "\n".join(
        f"| `{code.value}` | {cell(words.says)} | {effect(code)} | {cell(words.change)} |"
        for code, words in REASONS.items()
    )
    return (
        "# Reasons\n\nWhy a message was refused, held off or given up, as it stands in evidences "
        "([wire](wire.md#reasons)). Codes are permanent. What holds off refuses nothing: the "
        "sender tries again.\n\n| code | says | | what would change it |\n"
        f"| --- | --- | --- | --- |\n{rows}\n"
    )


PAGES: dict[str, Callable[[], str]] = {
    "codes.md": codes,
    "commands.md": commands,
    "errors.md": errors,
    "news-rules.md": news_rules,
    "reasons.md": reasons,
    "roles.md": roles,
    "rules.md": rules,
    "settings.md": settings,
}


def error_classes() -> Iterator[type[ComityError]]:
    """Every concrete error of the installed program."""
    for module in pkgutil.walk_packages(comity.__path__, "comity."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    pending = [ComityError]
    seen: set[type[ComityError]] = set()
    while pending:
        for kind in pending.pop().__subclasses__():
            if kind not in seen and kind.__module__.startswith("comity."):
                seen.add(kind)
                pending.append(kind)
    return iter(kind for kind in seen if "code" in vars(kind))


def family(kind: type[ComityError]) -> str:
    """Which of the six families an error belongs to."""
    return next(c.__name__ for c in kind.__mro__ if ComityError in c.__bases__)


def cell(text: str) -> str:
    """Text that fits a table's cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write the pages, or with --check name those that differ."""
    import django
    from django.conf import settings as configured

    if not configured.configured:
        import os

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.server.settings")
    django.setup()
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, page in PAGES.items():
        text, path = HEADER + page().strip() + "\n", FOLDER / name
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, "utf-8")
    if "--check" in sys.argv and stale:
        print(f"docs/reference is behind the program: {', '.join(stale)}. Run `make docs`.")
        return 1
    print(f"docs/reference: {len(PAGES)} pages, {len(stale)} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
