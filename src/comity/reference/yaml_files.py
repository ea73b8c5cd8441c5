# SPDX-License-Identifier: Apache-2.0
"""YAML read as plain text, lists and mappings, with the line of a value when an error needs it.

Scalars stay text: NO is Norway and not a boolean, 1999-04 is a month and not a sum. The first
reading keeps no places, because it must be quick; only an error composes the file again to find
the line. What a value means is for the reader of each kind of file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from comity.catalogues import N_
from comity.errors import InvalidInputError
from comity.reference.days import day_of

Code = TypeVar("Code", bound=StrEnum)
Path_ = tuple[str | int, ...]


class DataFileError(InvalidInputError):
    """A file of the register or of the reference data does not hold together."""

    code = "data-file"
    message = N_("{file}, line {line}: {what} is {found}; expected {expected}.")
    remedy = N_("Correct the line and load again with `comity agreements list`.")


class UnreadableYamlError(DataFileError):
    """The file is not YAML."""

    code = "unreadable-yaml"
    message = N_("{file}, line {line}: not readable as YAML ({found}); expected {expected}.")


class UnknownKeyError(DataFileError):
    """A key that this place of the file does not know."""

    code = "unknown-key"
    message = N_("{file}, line {line}: {what} has the key {found}; expected one of {expected}.")


class MissingKeyError(DataFileError):
    """A key without which this place of the file says nothing."""

    code = "missing-key"
    message = N_("{file}, line {line}: {what} has no {expected}; found {found}.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a file and the path to it. Every reading method says where and what was wrong."""

    file: Path
    name: str
    """What errors call the file: its path within its folder."""
    value: object
    path: Path_ = ()

    @property
    def what(self) -> str:
        """The path in words, for an error."""
        return ".".join(str(step) for step in self.path) or "the file"

    def fail(
        self,
        *,
        expected: str,
        found: object = None,
        kind: type[DataFileError] = DataFileError,
        **fields: object,
    ) -> DataFileError:
        """The error that this value deserves, with its file and line, to be raised."""
        shown = self.value if found is None else found
        if isinstance(shown, dict | list):
            shown = "a mapping" if isinstance(shown, dict) else "a list"
        return kind(
            file=self.name,
            line=line_of(self.file, self.path),
            what=self.what,
            found=shown if shown != "" else "empty",
            expected=expected,
            **fields,
        )

    def at(self, *steps: str | int) -> Entry:
        """The value further inside; text that is empty where there is none."""
        value = self.value
        for step in steps:
            if isinstance(value, dict):
                value = value.get(step, "")
            elif isinstance(value, list) and isinstance(step, int):
                value = value[step]
            else:
                value = ""
        return Entry(self.file, self.name, value, (*self.path, *steps))

    def has(self, key: str) -> bool:
        """Whether the mapping has the key with a value."""
        return isinstance(self.value, dict) and self.value.get(key, "") != ""

    def names(self) -> list[str]:
        """The keys of the mapping, in the file's order."""
        return list(self._mapping())

    def allow(self, keys: frozenset[str], required: tuple[str, ...] = ()) -> None:
        """Refuse a key that is not among these, and the lack of a required one."""
        mapping = self._mapping()
        for key in mapping:
            if key not in keys:
                raise self.at(key).fail(
                    expected=", ".join(sorted(keys)), found=key, kind=UnknownKeyError
                )
        for key in required:
            if mapping.get(key, "") in ("", [], {}):
                raise self.fail(
                    expected=key, found=", ".join(mapping) or "nothing", kind=MissingKeyError
                )

    def text(self, key: str, default: str = "") -> str:
        """The text under the key."""
        entry = self.at(key)
        if entry.value == "":
            return default
        if not isinstance(entry.value, str):
            raise entry.fail(expected="text")
        return entry.value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false under the key."""
        entry = self.at(key)
        if entry.value == "":
            return default
        if entry.value not in ("true", "false"):
            raise entry.fail(expected="true or false")
        return entry.value == "true"

    def day(self, key: str) -> date | None:
        """The day under the key, None when there is none or it is `unknown`."""
        entry = self.at(key)
        if entry.value in ("", "unknown"):
            return None
        try:
            return day_of(str(entry.value))
        except ValueError:
            raise entry.fail(expected="a day (YYYY-MM-DD) or unknown") from None

    def code(self, key: str, codes: type[Code], default: Code | None = None) -> Code:
        """The code under the key, one of this list."""
        entry = self.at(key)
        if entry.value == "" and default is not None:
            return default
        try:
            return codes(str(entry.value))
        except ValueError:
            raise entry.fail(expected="one of " + ", ".join(codes)) from None

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under the key; empty where there is none."""
        found = []
        for each in self.each(key):
            if not isinstance(each.value, str):
                raise each.fail(expected="text")
            found.append(each.value)
        return tuple(found)

    def each(self, key: str) -> Iterator[Entry]:
        """The entries of the list under the key; none where there is no list."""
        entry = self.at(key)
        if entry.value == "":
            return
        if not isinstance(entry.value, list):
            raise entry.fail(expected="a list")
        for place in range(len(entry.value)):
            yield entry.at(place)

    def _mapping(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self.fail(expected="a mapping")
        return self.value


def read_yaml(file: Path, name: str = "") -> Entry:
    """The whole file as one entry.

    Raises:
        UnreadableYamlError: it is not YAML, or a key stands twice in one mapping.
    """
    name = name or file.name
    try:
        events = yaml.parse(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        return Entry(file, name, _document(events))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _unreadable(name, line, error.problem or "") from error
    except _NotTakenError as error:
        raise _unreadable(name, error.line, error.problem) from error


def _unreadable(name: str, line: int, problem: str) -> UnreadableYamlError:
    return UnreadableYamlError(file=name, line=line, found=problem, expected="one YAML document")


class _NotTakenError(Exception):
    """YAML that these files do not use."""

    def __init__(self, problem: str, event: yaml.Event) -> None:
        self.problem = problem
        self.line = (event.start_mark.line if event.start_mark else 0) + 1
        super().__init__(problem)


def line_of(file: Path, path: Path_) -> int:
    """The line on which the value at this path (or its nearest ancestor) begins."""
    node = yaml.compose(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    line = 1
    for step in path:
        found = _child(node, step)
        if found is None:
            break
        key, node = found
        line = int(key.start_mark.line) + 1
    return line


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _document(events: Iterator[yaml.Event]) -> object:
    for event in events:
        if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            return "" if isinstance(event, yaml.StreamEndEvent) else _value(event, events)
    return ""


def _value(event: yaml.Event, events: Iterator[yaml.Event]) -> object:
    kind = type(event)
    if kind is yaml.ScalarEvent:
        return event.value  # type: ignore[attr-defined]  # a scalar event has a value
    if kind is yaml.SequenceStartEvent:
        items = []
        while type(inner := next(events)) is not yaml.SequenceEndEvent:
            items.append(_value(inner, events))
        return items
    if kind is yaml.MappingStartEvent:
        mapping: dict[str, object] = {}
        while type(key := next(events)) is not yaml.MappingEndEvent:
            name = str(_value(key, events))
            if name in mapping:
                raise _NotTakenError(f"the key {name} stands twice", key)
            mapping[name] = _value(next(events), events)
        return mapping
    raise _NotTakenError("an anchor or alias, which these files do not use", event)
