# SPDX-License-Identifier: Apache-2.0
"""The file in which the plain install keeps its confirmations, rulings and attestations.

One YAML file with the lists `confirmations`, `rulings`, `attestations` and `corroborations`. Every
statement is checked as it is read, by the rules of `confirmation`; an error names file and line.
A node exports its own overlay in the same form.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import yaml

from comity.agreements import confirmation as rules
from comity.agreements.documents import plain
from comity.agreements.overlay import (
    Attestation,
    Confirmation,
    ConfirmationEvidence,
    ConfirmedSubject,
    Corroboration,
    Overlay,
    StandingRuling,
)
from comity.agreements.verdict import Verdict
from comity.catalogues import N_
from comity.errors import ComityError, ConflictError, InvalidInputError, NotFoundError
from comity.reference.taxonomy import Code, FormOfAssistance, Purpose, UseRule, code_of
from comity.reference.yaml_files import DataFileError, Entry, read_yaml

Statement = Confirmation | StandingRuling | Attestation | Corroboration


class BrokenStatementError(DataFileError):
    """A statement of an overlay file breaks a rule of `confirmation`."""

    code = "overlay-statement"
    message = N_("{file}, line {line}: {found}")
    remedy = N_("{expected}")


class OverlayFileMissingError(NotFoundError):
    """There is no such overlay file."""

    code = "overlay-file-missing"
    message = N_("There is no file {file}.")
    remedy = N_("Name an existing file, or make one with `comity agreements confirm --overlay`.")


class OverlayFileUnusableError(InvalidInputError):
    """The overlay file cannot be opened, read as text, or written."""

    code = "overlay-file-unusable"
    message = N_("The file {file} cannot be used: {obstacle}.")
    remedy = N_("Name a text file in a folder where you may read and write.")


class DuplicateStatementError(ConflictError):
    """The overlay has a statement of this reference already."""

    code = "duplicate-statement"
    message = N_("The overlay has a statement {reference} already.")
    remedy = N_("Record it under another reference; earlier statements are never replaced.")


def read_overlay(file: Path, *, two_person_unit: bool = False) -> Overlay:
    """Every statement of the file, checked.

    Raises:
        OverlayFileMissingError: there is no such file.
        OverlayFileUnusableError: it cannot be opened, or is no text.
        DataFileError: a line cannot be read, or a statement breaks a rule of `confirmation`.
    """
    if not file.is_file():
        raise OverlayFileMissingError(file=file)
    try:
        whole = read_yaml(file, str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise OverlayFileUnusableError(file=file, obstacle=_obstacle(error)) from error
    overlay = Overlay()
    if whole.value == "":
        return overlay
    whole.allow(frozenset(SECTIONS))
    for section, read in READERS.items():
        for entry in whole.each(section):
            overlay = _with_checked(overlay, read(entry), entry, two_person_unit=two_person_unit)
    return overlay


def read_overlay_or_empty(file: Path | None, *, two_person_unit: bool = False) -> Overlay:
    """The file's overlay, and an empty one where no file is named or none exists yet.

    Raises:
        DataFileError: the file exists and cannot be read.
    """
    with suppress(OverlayFileMissingError):
        if file is not None:
            return read_overlay(file, two_person_unit=two_person_unit)
    return Overlay()


def write_overlay(file: Path, overlay: Overlay) -> None:
    """Write the whole overlay: first beside the file, then in its place, never half of it.

    Raises:
        OverlayFileUnusableError: the file cannot be written there.
    """
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(overlay_text(overlay), "utf-8")
        beside.replace(file)
    except OSError as error:
        raise OverlayFileUnusableError(file=file, obstacle=_obstacle(error)) from error


def overlay_text(overlay: Overlay) -> str:
    """The overlay as YAML that `read_overlay` reads back to the same value."""
    content = {
        name: [_entry(statement) for statement in getattr(overlay, name)] for name in SECTIONS
    }
    kept = {name: entries for name, entries in content.items() if entries}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100)


def _obstacle(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or "") if isinstance(error, OSError) else "it is not UTF-8 text"


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
    return frozenset(
        [statement.reference for statement in overlay.confirmations]
        + [statement.reference for statement in overlay.rulings]
        + [statement.reference for statement in overlay.attestations]
    )


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


def _confirmation(entry: Entry) -> Confirmation:
    entry.allow(
        _names(Confirmation),
        ("reference", "instrument", "subject", "evidence", "citation", "by", "countersigned_by"),
    )
    return Confirmation(
        reference=entry.text("reference"),
        instrument=entry.text("instrument"),
        subject=entry.code("subject", ConfirmedSubject),
        evidence=_evidence(entry.at("evidence")),
        citation=entry.text("citation"),
        by=entry.text("by"),
        countersigned_by=entry.text("countersigned_by"),
        recorded_on=_day(entry, "recorded_on"),
        review_by=_day(entry, "review_by"),
        in_force_from=entry.day("in_force_from"),
        in_force_until=entry.day("in_force_until"),
        article=entry.text("article"),
        forms=tuple(_code(form, FormOfAssistance) for form in entry.each("forms")),
        use_rules=_use_rules(entry.at("use_rules")),
        suspended_on=entry.day("suspended_on"),
        suspension_note=entry.text("suspension_note"),
        withdrawn_on=entry.day("withdrawn_on"),
    )


def _ruling(entry: Entry) -> StandingRuling:
    entry.allow(
        _names(StandingRuling),
        ("reference", "instrument", "form", "purpose", "verdict", "grounds", "by"),
    )
    return StandingRuling(
        reference=entry.text("reference"),
        instrument=entry.text("instrument"),
        form=_code(entry.at("form"), FormOfAssistance),
        purpose=_code(entry.at("purpose"), Purpose),
        verdict=_code(entry.at("verdict"), Verdict),
        conditions=entry.texts("conditions"),
        grounds=entry.text("grounds"),
        by=entry.text("by"),
        countersigned_by=entry.text("countersigned_by"),
        recorded_on=_day(entry, "recorded_on"),
        valid_from=_day(entry, "valid_from"),
        valid_until=_day(entry, "valid_until"),
        withdrawn_on=entry.day("withdrawn_on"),
    )


def _attestation(entry: Entry) -> Attestation:
    entry.allow(_names(Attestation), ("reference", "parties", "by"))
    return Attestation(
        reference=entry.text("reference"),
        parties=frozenset(entry.texts("parties")),
        valid_from=_day(entry, "valid_from"),
        valid_until=_day(entry, "valid_until"),
        by=entry.text("by"),
        recorded_on=_day(entry, "recorded_on"),
        citation=entry.text("citation"),
        withdrawn_on=entry.day("withdrawn_on"),
    )


def _corroboration(entry: Entry) -> Corroboration:
    entry.allow(_names(Corroboration), ("confirmation", "partner", "citation", "agrees"))
    return Corroboration(
        confirmation=entry.text("confirmation"),
        partner=entry.text("partner"),
        citation=entry.text("citation"),
        published_on=_day(entry, "published_on"),
        agrees=entry.flag("agrees", default=False),
        recorded_on=_day(entry, "recorded_on"),
        note=entry.text("note"),
        by=entry.text("by"),
    )


READERS: dict[str, Callable[[Entry], Statement]] = {
    "confirmations": _confirmation,
    "rulings": _ruling,
    "attestations": _attestation,
    "corroborations": _corroboration,
}
"""How an entry of each list is read."""


def _with_checked(
    overlay: Overlay, statement: Statement, entry: Entry, *, two_person_unit: bool
) -> Overlay:
    try:
        check_statement(statement, two_person_unit=two_person_unit)
        return with_statement(overlay, statement)
    except ComityError as error:
        raise _broken(entry, error) from error


def _evidence(entry: Entry) -> ConfirmationEvidence:
    try:
        return rules.evidence_of(str(entry.value))
    except ComityError as error:
        raise _broken(entry, error) from error


def _code(entry: Entry, codes: type[Code]) -> Code:
    try:
        return code_of(codes, str(entry.value))
    except ComityError as error:
        raise _broken(entry, error) from error


def _use_rules(entry: Entry) -> tuple[tuple[Purpose, UseRule], ...]:
    if entry.value == "":
        return ()
    given = entry.names()
    return tuple((_purpose(entry.at(key), key), _code(entry.at(key), UseRule)) for key in given)


def _purpose(entry: Entry, key: str) -> Purpose:
    try:
        return code_of(Purpose, key)
    except ComityError as error:
        raise _broken(entry, error) from error


def _day(entry: Entry, key: str) -> date:
    day = entry.day(key)
    if day is None:
        raise entry.at(key).fail(expected="a day (YYYY-MM-DD)")
    return day


def _names(kind: type[Statement]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))


def _broken(entry: Entry, error: ComityError) -> DataFileError:
    return entry.fail(expected=error.advice(), found=str(error), kind=BrokenStatementError)


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
