# SPDX-License-Identifier: Apache-2.0
"""Reads the register from its files: one YAML file for each instrument and each model text.

`load_register` reads the shipped files or another folder of the same shape, checks what no single
file can know (doubles, models, instruments that supersede or complement others), and raises the
first fault with its file and line. It decides nothing about force or permission.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from comity.agreements.instrument import Instrument
from comity.agreements.instrument_entries import FileReader
from comity.agreements.register import Register
from comity.catalogues import N_
from comity.reference.group_files import load_groups
from comity.reference.groups import Groups
from comity.reference.taxonomy import Programme
from comity.reference.yaml_files import DataFileError, Entry, read_yaml

INSTRUMENTS_FOLDER = Path(__file__).parent / "instruments"
MODELS_FOLDER = Path(__file__).parent / "models_of_texts"


class DoubleReferenceError(DataFileError):
    """Two files give the same reference."""

    code = "double-reference"


class UnknownReferenceError(DataFileError):
    """A file refers to an instrument or a model that no file describes."""

    code = "unknown-reference"
    remedy = N_("Add the file of the instrument it refers to, or correct the reference.")


def load_register(folder: Path | None = None) -> Register:
    """The register as one value: shipped files by default, or another folder of instruments.

    The shipped register is read once in a process. Another folder's instruments may follow the
    shipped model texts.

    Raises:
        DataFileError: a file does not hold together; the error names it and the line.
    """
    return _shipped() if folder is None else _register(folder)


@cache
def _shipped() -> Register:
    return _register(INSTRUMENTS_FOLDER)


def _register(folder: Path) -> Register:
    groups = load_groups()
    collecting = gc.isenabled()
    gc.disable()  # thousands of small values are made and kept: collecting meanwhile only costs
    try:
        models, _ = _read(MODELS_FOLDER, groups)
        instruments, entries = _read(folder, groups)
    finally:
        if collecting:
            gc.enable()
    for reference, instrument in instruments.items():
        _check_references(entries[reference], instrument, instruments, models)
    return Register(instruments=instruments, groups=groups, models=models)


def read_instrument(file: Path, groups: Groups | None = None, name: str = "") -> Instrument:
    """The instrument of one file, without what only the whole register can check.

    Raises:
        DataFileError: the file does not hold together; the error names the line.
    """
    return FileReader(read_yaml(file, name), groups or load_groups()).instrument()


def _read(folder: Path, groups: Groups) -> tuple[dict[str, Instrument], dict[str, Entry]]:
    found: dict[str, Instrument] = {}
    entries: dict[str, Entry] = {}
    for file in sorted(folder.rglob("*.yaml")):
        entry = read_yaml(file, file.relative_to(folder).as_posix())
        instrument = FileReader(entry, groups).instrument()
        reference = instrument.reference
        if reference in found:
            raise entry.at("reference").fail(
                expected=f"a reference of its own ({found[reference].file} has it)",
                kind=DoubleReferenceError,
            )
        if reference != file.stem:
            raise entry.at("reference").fail(expected=f"the file's name, {file.stem}")
        found[reference] = instrument
        entries[reference] = entry
    return dict(sorted(found.items())), entries


def _check_references(
    entry: Entry,
    instrument: Instrument,
    instruments: Mapping[str, Instrument],
    models: Mapping[str, Instrument],
) -> None:
    if instrument.model and instrument.model not in models:
        raise entry.at("model").fail(
            expected="a model text: " + ", ".join(models), kind=UnknownReferenceError
        )
    if instrument.programme is Programme.MODEL:
        raise entry.at("programme").fail(expected="a programme; model texts have their own folder")
    for key in ("supersedes", "complements"):
        for each in entry.each(key):
            if each.value not in instruments or each.value == instrument.reference:
                raise each.fail(
                    expected="the reference of another instrument", kind=UnknownReferenceError
                )
    for place, claim in enumerate(instrument.claims):
        if claim.other and claim.other not in instruments:
            raise entry.at("claims", place, "other").fail(
                expected="the reference of another instrument", kind=UnknownReferenceError
            )
