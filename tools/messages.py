# SPDX-License-Identifier: Apache-2.0
"""The catalogues: gather every text, merge it into each language, compile, check.

    python -m tools.messages            update, then compile
    python -m tools.messages update     gather the texts and merge them into every catalogue
    python -m tools.messages compile    write the .mo that programs read
    python -m tools.messages check      refuse what is untranslated, fuzzy, stale or misfilled
    python -m tools.messages missing    print what a translator still has to do

A translation made by a machine carries the comment `# machine-made, unreviewed` above it. The
mark survives every update; a person who has read the translation removes it. `compile` counts the
marks into the catalogue's header, where the pages read them. Babel is all that is needed.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "comity"
LOCALE = SOURCE / "locale"
LANGUAGES = ("fr",)
UNREVIEWED = "machine-made, unreviewed"

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
FIELD = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")


def po_file(language: str) -> Path:
    """The catalogue that people edit."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def found() -> Catalog:
    """Every text of the sources, with the file it stands in (no line: lines move)."""
    catalog = Catalog(project="Comity", charset="utf-8")
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            for _, message, comments, context in extract_from_file(
                extract_python, str(path), KEYWORDS, ["Translators:"]
            ):
                _add(catalog, path, message, comments, context)
    for path in sorted(SOURCE.rglob("extraction/rules/*.yaml")):
        for sentence in re.findall(r"^ +says: (.+)$", path.read_text("utf-8"), re.MULTILINE):
            _add(catalog, path, sentence, [], None)
    for path in sorted([*SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("templates/**/*.txt")]):
        for _, message, comments, context in _from_template(path):
            _add(catalog, path, message, comments, context)
    return catalog


def _from_template(
    path: Path,
) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Django's own reading of a template, handed on as Python to Babel."""
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    text = templatize(path.read_text("utf-8"), origin=str(path))
    from babel.messages.extract import extract

    yield from extract("python", io.BytesIO(text.encode()), KEYWORDS)  # type: ignore[misc]


def _add(
    catalog: Catalog,
    path: Path,
    message: str | tuple[str, ...],
    comments: list[str],
    context: str | None,
) -> None:
    place = path.relative_to(SOURCE.parents[1]).as_posix()
    catalog.add(message, None, [(place, 0)], auto_comments=comments, context=context)


def read(language: str) -> Catalog:
    """The catalogue of this language as it stands; empty when there is none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, project="Comity", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def written(catalog: Catalog) -> bytes:
    """The text of a catalogue: sorted, without dates, so that only changes change it."""
    buffer = io.BytesIO()
    write_po(
        buffer, catalog, width=96, omit_header=False, sort_output=True,
        include_lineno=False, ignore_obsolete=True,
    )  # fmt: skip
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator',
             '"Language-Team', '"Report-Msgid-Bugs-To')  # fmt: skip
    return "".join(line for line in lines if not line.startswith(dated)).encode()


def merged(language: str) -> Catalog:
    """The catalogue with today's texts: new ones empty, vanished ones gone, none guessed."""
    catalog = read(language)
    catalog.update(found(), no_fuzzy_matching=True)
    catalog.header_comment = (
        f"# Comity in the language {language}. Edit, then run tools/messages.py."
    )
    catalog.fuzzy = False
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """The bytes of the .mo, its header telling how many texts nobody has read."""
    buffer = io.BytesIO()
    write_mo(buffer, _with_count(catalog))
    return buffer.getvalue()


class _Shipped(Catalog):
    """A catalogue whose header holds what programs need, and no dates."""

    header = ""

    def __iter__(self) -> Iterator[Message]:
        """The header, then the messages."""
        yield Message("", self.header)
        yield from self._messages.values()


def _with_count(catalog: Catalog) -> Catalog:
    count = sum(1 for message in catalog if message.id and unreviewed(message))
    copy = _Shipped(locale=catalog.locale, charset="utf-8")
    copy.header = (
        "Content-Type: text/plain; charset=utf-8\n"
        f"Plural-Forms: {catalog.plural_forms}\n"
        f"X-Unreviewed: {count}\n"
    )
    for message in catalog:
        if message.id and message.string:
            copy.add(message.id, message.string, context=message.context)
    return copy


def unreviewed(message: Message) -> bool:
    """Whether a machine made this translation and no person has read it."""
    return UNREVIEWED in message.user_comments


def faults(language: str) -> list[str]:
    """What stops this language from being shipped, a line each."""
    catalog, wanted = read(language), {(m.id, m.context) for m in found() if m.id}
    have = {(m.id, m.context) for m in catalog if m.id}
    lines = [
        f"{language}: not in the catalogue: {id_!r}" for id_, _ in sorted(wanted - have, key=str)
    ]
    lines += [
        f"{language}: in no source any more: {id_!r}" for id_, _ in sorted(have - wanted, key=str)
    ]
    for message in catalog:
        if message.id:
            lines += [f"{language}: {fault}: {message.id!r}" for fault in faults_of(message)]
    mo = po_file(language).with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalog):
        lines.append(
            f"{language}: {mo.name} is not what {po_file(language).name} says: run compile"
        )
    return lines


def faults_of(message: Message) -> Iterator[str]:
    """What is wrong with one translation: nothing, when it can be shipped."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(strings):
        yield "untranslated"
        return
    if message.fuzzy:
        yield "fuzzy"
    wanted = set(FIELD.findall(ids[-1]))
    if any(set(FIELD.findall(string)) != wanted for string in strings):
        yield "its fields differ"


def missing(language: str) -> list[str]:
    """The texts without a translation, in the order of the catalogue."""
    return [str(m.id) for m in merged(language) if m.id and "untranslated" in faults_of(m)]


def update(language: str) -> list[str]:
    """Merge today's texts into the catalogue."""
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(merged(language)))
    return []


def write_compiled(language: str) -> list[str]:
    """Write the .mo beside the .po."""
    po_file(language).with_suffix(".mo").write_bytes(compiled(read(language)))
    return []


ACTS: dict[str, Callable[[str], list[str]]] = {
    "update": update,
    "compile": write_compiled,
    "check": faults,
    "missing": missing,
}


def main() -> int:
    """Do what was asked for every language; 1 when `check` finds a fault."""
    parser = argparse.ArgumentParser(description="The catalogues of Comity's texts.")
    parser.add_argument("act", nargs="?", choices=ACTS, help="default: update, then compile")
    act = parser.parse_args().act
    acts = (act,) if act else ("update", "compile")
    lines = [line for name in acts for language in LANGUAGES for line in ACTS[name](language)]
    print("\n".join(lines) or f"{' and '.join(acts)}: done for {', '.join(LANGUAGES)}.")
    return 1 if act == "check" and lines else 0


if __name__ == "__main__":
    sys.exit(main())
