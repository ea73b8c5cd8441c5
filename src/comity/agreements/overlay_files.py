# SPDX-License-Identifier: Apache-2.0
"""The file in which the plain install keeps its confirmations, rulings and attestations.

One YAML file with the lists `confirmations`, `rulings`, `attestations` and `corroborations`. Every
statement is checked as it is read, by the rules of `confirmation`; an error names file and line.
A node exports its own overlay in the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from comity.agreements import confirmation as rules
from comity.agreements.documents import plain
from comity.agreements.overlay import (
    Attestation,
    Confirmation,
    ConfirmedSubject,
    Corroboration,
    Overlay,
    StandingRuling,
)
from comity.agreements.verdict import Verdict
from comity.catalogues import N_
from comity.errors import ComityError, ConflictError, InvalidInputError, NotFoundError
from comity.reference.taxonomy import FormOfAssistance, Purpose, UseRule, code_of

Statement = Confirmation | StandingRuling | Attestation | Corroboration
Value = TypeVar("Value", bound=Statement)


class OverlayFileError(InvalidInputError):
    """A line of an overlay file cannot be read or does not hold together."""

    code = "overlay-file"
    message = N_("{file}, line {line}: {problem}")
    remedy = N_("Correct the line; `comity agreements confirm --help` shows a whole statement.")


class OverlayFileMissingError(NotFoundError):
    """There is no such overlay file."""

    code = "overlay-file-missing"
    message = N_("There is no file {file}.")
    remedy = N_("Name an existing file, or make one with `comity agreements confirm --overlay`.")


class DuplicateStatementError(ConflictError):
    """The overlay has a statement of this reference already."""

    code = "duplicate-statement"
    message = N_("The overlay has a statement {reference} already.")
    remedy = N_("Record it under another reference; earlier statements are never replaced.")


class _Lined(dict[str, object]):
    """A mapping that remembers the line of each of its keys."""

    line = 1
    lines: Mapping[str, int]


class _LinedLoader(yaml.SafeLoader):
    """Reads mappings with their lines; days stay text until a field asks for a day."""


def _construct_lined(loader: _LinedLoader, node: yaml.MappingNode) -> _Lined:
    lined = _Lined(loader.construct_mapping(node, deep=True))
    lined.line = node.start_mark.line + 1
    lined.lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    return lined


_LinedLoader.add_constructor("tag:yaml.org,2002:map", _construct_lined)
_LinedLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_overlay(file: Path, *, two_person_unit: bool = False) -> Overlay:
    """Every statement of the file, checked.

    Raises:
        OverlayFileMissingError: there is no such file.
        OverlayFileError: a line cannot be read, or a statement breaks a rule of `confirmation`.
    """
    if not file.is_file():
        raise OverlayFileMissingError(file=file)
    try:
        # A SafeLoader subclass: no tag of the file can construct anything but plain values.
        content = yaml.load(file.read_text("utf-8"), Loader=_LinedLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = str(getattr(error, "problem", "") or "not YAML")
        raise OverlayFileError(file=file, line=line, problem=problem) from error
    return _Reader(file, two_person_unit=two_person_unit).overlay(content)


def write_overlay(file: Path, overlay: Overlay) -> None:
    """Write the whole overlay: first beside the file, then in its place, never half of it."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(overlay_text(overlay), "utf-8")
    beside.replace(file)


def overlay_text(overlay: Overlay) -> str:
    """The overlay as YAML that `read_overlay` reads back to the same value."""
    content = {
        name: [_entry(statement) for statement in getattr(overlay, name)] for name in SECTIONS
    }
    kept = {name: entries for name, entries in content.items() if entries}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100)


def with_statement(overlay: Overlay, statement: Statement) -> Overlay:
    """The overlay with one more statement.

    Raises:
        DuplicateStatementError: a statement of this reference stands in it already.
    """
    reference = getattr(statement, "reference", "")
    if reference and reference in references(overlay):
        raise DuplicateStatementError(reference=reference)
    section = next(name for name, kind in SECTIONS.items() if isinstance(statement, kind))
    return _with(overlay, section, (*getattr(overlay, section), statement))


def references(overlay: Overlay) -> frozenset[str]:
    """The references of all confirmations, rulings and attestations."""
    statements = (*overlay.confirmations, *overlay.rulings, *overlay.attestations)
    return frozenset(statement.reference for statement in statements)


def next_reference(overlay: Overlay, prefix: str, on: date) -> str:
    """The first free reference of the year, such as `CNF-2024-003`."""
    taken = references(overlay)
    number = 1
    while f"{prefix}-{on.year}-{number:03}" in taken:
        number += 1
    return f"{prefix}-{on.year}-{number:03}"


SECTIONS: dict[str, type[Statement]] = {
    "confirmations": Confirmation,
    "rulings": StandingRuling,
    "attestations": Attestation,
    "corroborations": Corroboration,
}
"""The lists of the file, in order."""


def _with(overlay: Overlay, section: str, statements: tuple[Statement, ...]) -> Overlay:
    changed: dict[str, tuple[Statement, ...]] = {section: statements}
    return replace(overlay, **changed)  # type: ignore[arg-type]  # the section names its type


def _entry(statement: Statement) -> dict[str, object]:
    """The statement as a mapping without its empty fields."""
    entry = {field.name: plain(getattr(statement, field.name)) for field in fields(statement)}
    if isinstance(statement, Confirmation) and statement.use_rules:
        entry["use_rules"] = {purpose.value: rule.value for purpose, rule in statement.use_rules}
    # False is a statement of its own (a partner that does not agree), not an empty field.
    return {name: value for name, value in entry.items() if value not in (None, "", [])}


def _text(value: object) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ValueError("text is expected here")
    return str(value)


def _day(value: object) -> date:
    return date.fromisoformat(_text(value))


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("`true` or `false` is expected here")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("a list is expected here")
    return tuple(_text(item) for item in value)


def _codes(codes: type[StrEnum]) -> Callable[[object], StrEnum]:
    return lambda value: code_of(codes, _text(value))


def _use_rules(value: object) -> tuple[tuple[Purpose, UseRule], ...]:
    if not isinstance(value, dict):
        raise ValueError("a mapping of purpose to rule is expected here")
    return tuple(
        (code_of(Purpose, str(purpose)), code_of(UseRule, _text(rule)))
        for purpose, rule in value.items()
    )


READERS: dict[str, Callable[[object], object]] = {
    "subject": _codes(ConfirmedSubject),
    "evidence": lambda value: rules.evidence_of(_text(value)),
    "form": _codes(FormOfAssistance),
    "purpose": _codes(Purpose),
    "verdict": _codes(Verdict),
    "agrees": _truth,
    "forms": lambda value: tuple(code_of(FormOfAssistance, code) for code in _texts(value)),
    "use_rules": _use_rules,
    "conditions": _texts,
    "parties": lambda value: frozenset(_texts(value)),
    **dict.fromkeys(
        (
            "recorded_on",
            "review_by",
            "in_force_from",
            "in_force_until",
            "suspended_on",
            "withdrawn_on",
            "valid_from",
            "valid_until",
            "published_on",
        ),
        _day,
    ),
}
"""How each field is read; a field not listed is text."""


class _Reader:
    """Turns the content of one file into statements, and every fault into file and line."""

    def __init__(self, file: Path, *, two_person_unit: bool) -> None:
        self.file = file
        self.two_person_unit = two_person_unit

    def overlay(self, content: object) -> Overlay:
        overlay = Overlay()
        if content is None:
            return overlay
        if not isinstance(content, _Lined):
            raise self._fault(1, f"the lists {', '.join(SECTIONS)} are expected here")
        for section, entries in content.items():
            if section not in SECTIONS:
                raise self._fault(content.lines[section], f"there is no list {section}")
            overlay = self._section(overlay, section, entries, content.lines[section])
        return overlay

    def _section(self, overlay: Overlay, section: str, entries: object, line: int) -> Overlay:
        if not isinstance(entries, list):
            raise self._fault(line, f"{section} is not a list")
        for entry in entries:
            if not isinstance(entry, _Lined):
                raise self._fault(line, f"an entry of {section} is not a mapping")
            statement = self._statement(SECTIONS[section], entry)
            try:
                overlay = with_statement(overlay, statement)
            except DuplicateStatementError as error:
                raise self._fault(entry.line, str(error)) from error
        return overlay

    def _statement(self, kind: type[Value], entry: _Lined) -> Value:
        known = {field.name for field in fields(kind)}
        values: dict[str, object] = {}
        for name, value in entry.items():
            if name not in known:
                raise self._fault(entry.lines[name], f"there is no field {name}")
            values[name] = self._value(name, value, entry.lines[name])
        try:
            statement = kind(**values)  # type: ignore[arg-type]  # each read by READERS
        except TypeError as error:
            missing = str(error).partition("argument")[2].lstrip("s: ") or str(error)
            raise self._fault(entry.line, f"missing: {missing}") from error
        self._check(statement, entry)
        return statement

    def _value(self, name: str, value: object, line: int) -> object:
        try:
            return READERS.get(name, _text)(value)
        except ComityError as error:
            raise self._fault(line, f"{error} {error.advice()}") from error
        except ValueError as error:
            raise self._fault(line, f"{name}: {error}") from error

    def _check(self, statement: Statement, entry: _Lined) -> None:
        try:
            check_statement(statement, two_person_unit=self.two_person_unit)
        except ComityError as error:
            raise self._fault(entry.line, str(error)) from error

    def _fault(self, line: int, problem: str) -> OverlayFileError:
        return OverlayFileError(file=self.file, line=line, problem=problem)


def check_statement(statement: Statement, *, two_person_unit: bool = False) -> None:
    """The rule of `confirmation` for this kind of statement.

    Raises:
        ComityError: the rule that the statement breaks.
    """
    if isinstance(statement, Confirmation):
        rules.check_confirmation(statement, two_person_unit=two_person_unit)
    elif isinstance(statement, StandingRuling):
        rules.check_ruling(statement, two_person_unit=two_person_unit)
    elif isinstance(statement, Attestation):
        rules.check_attestation(statement)


def read_overlay_or_empty(file: Path | None, *, two_person_unit: bool = False) -> Overlay:
    """The file's overlay, and an empty one where no file is named or none exists yet.

    Raises:
        OverlayFileError: the file exists and cannot be read.
    """
    with suppress(OverlayFileMissingError):
        if file is not None:
            return read_overlay(file, two_person_unit=two_person_unit)
    return Overlay()
