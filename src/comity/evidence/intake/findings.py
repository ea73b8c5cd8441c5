# SPDX-License-Identifier: Apache-2.0
"""What can stand against a file: codes, their weight, and the words for people.

Facts of a finding are counts, sizes and types; nothing that the file says of itself, no name of
its members: those can be personal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from comity.catalogues import N_


class Severity(StrEnum):
    """What a finding asks of whoever opens the file elsewhere."""

    DANGER = "danger"
    CARE = "care"
    NOTE = "note"


SEVERITY_WORDS: dict[Severity, str] = {
    Severity.DANGER: N_("dangerous to open"),
    Severity.CARE: N_("open with care"),
    Severity.NOTE: N_("for information"),
}


class FindingCode(StrEnum):
    """What was found."""

    UNKNOWN_TYPE = "unknown-type"
    NAME_DISAGREES = "name-disagrees"
    SEVERAL_TYPES = "several-types"
    EXECUTABLE = "executable"
    EXECUTABLE_INSIDE = "executable-inside"
    TOO_LARGE = "too-large"
    TOO_MANY_MEMBERS = "too-many-members"
    EXPANDS_TOO_FAR = "expands-too-far"
    PACKED_TOO_WELL = "packed-too-well"
    NESTED_TOO_DEEP = "nested-too-deep"
    OVERLAPPING_MEMBERS = "overlapping-members"
    SAME_NAMED_MEMBERS = "same-named-members"
    DIRECTORY_DISAGREES = "directory-disagrees"
    MEMBER_LEADS_OUT = "member-leads-out"
    MEMBER_NAME_DECEIVES = "member-name-deceives"
    MEMBER_IS_LINK = "member-is-link"
    NAME_LEADS_OUT = "name-leads-out"
    NAME_DECEIVES = "name-deceives"
    LOCKED = "locked"
    EXAMINED_IN_PART = "examined-in-part"
    DAMAGED = "damaged"
    DATA_AFTER_END = "data-after-end"
    TOO_MANY_PIXELS = "too-many-pixels"
    DOCTYPE = "doctype"
    ENTITIES = "entities"
    EXTERNAL_ENTITY = "external-entity"
    SCRIPT = "script"
    MACROS = "macros"
    ACTS_WHEN_OPENED = "acts-when-opened"
    STARTS_PROGRAMS = "starts-programs"
    FETCHES = "fetches"
    FORM = "form"
    EMBEDDED_FILES = "embedded-files"
    FORMULAS = "formulas"


WORDS: dict[FindingCode, str] = {
    FindingCode.UNKNOWN_TYPE: N_("Its type could not be told from its content."),
    FindingCode.NAME_DISAGREES: N_("Its name promises another type than its content has: {type}."),
    FindingCode.SEVERAL_TYPES: N_("It can be read as more than one type; also as: {types}."),
    FindingCode.EXECUTABLE: N_("It is a program or a script."),
    FindingCode.EXECUTABLE_INSIDE: N_("Programs or scripts lie in it: {count}."),
    FindingCode.TOO_LARGE: N_("It is larger than this node takes in: {size} bytes."),
    FindingCode.TOO_MANY_MEMBERS: N_("The archive holds more members than are examined: {count}."),
    FindingCode.EXPANDS_TOO_FAR: N_("Unpacked it would fill {size} bytes or more."),
    FindingCode.PACKED_TOO_WELL: N_(
        "It is packed as bombs are: one byte of it becomes {ratio} or more."
    ),
    FindingCode.NESTED_TOO_DEEP: N_("More archives lie in each other than are examined: {depth}."),
    FindingCode.OVERLAPPING_MEMBERS: N_(
        "Members of the archive share the same bytes, as in bombs: {count}."
    ),
    FindingCode.SAME_NAMED_MEMBERS: N_(
        "Members of the archive have the same name; which one is unpacked depends on the program."
    ),
    FindingCode.DIRECTORY_DISAGREES: N_(
        "The archive's directory and its members disagree; programs will show different contents."
    ),
    FindingCode.MEMBER_LEADS_OUT: N_(
        "Names in the archive lead out of the folder into which it is unpacked: {count}."
    ),
    FindingCode.MEMBER_NAME_DECEIVES: N_("Names in the archive deceive the reader: {count}."),
    FindingCode.MEMBER_IS_LINK: N_("The archive holds links to files elsewhere: {count}."),
    FindingCode.NAME_LEADS_OUT: N_("Its name is a path, and was not used."),
    FindingCode.NAME_DECEIVES: N_(
        "Its name holds marks that make it look like another one, and was not used."
    ),
    FindingCode.LOCKED: N_("It is locked with a password, and was not examined inside."),
    FindingCode.EXAMINED_IN_PART: N_("Only a part of it was examined."),
    FindingCode.DAMAGED: N_("It is cut off, damaged, or not built as its type should be."),
    FindingCode.DATA_AFTER_END: N_("More data follow after its end: {size} bytes."),
    FindingCode.TOO_MANY_PIXELS: N_(
        "The picture claims {width} × {height} pixels, more than is drawn."
    ),
    FindingCode.DOCTYPE: N_("It brings its own document type; readers that heed it can be misled."),
    FindingCode.ENTITIES: N_("It declares entities, with which readers can be made to run out."),
    FindingCode.EXTERNAL_ENTITY: N_("It asks its reader to fetch files from elsewhere."),
    FindingCode.SCRIPT: N_("It contains scripts."),
    FindingCode.MACROS: N_("It contains macros."),
    FindingCode.ACTS_WHEN_OPENED: N_("It acts as soon as it is opened."),
    FindingCode.STARTS_PROGRAMS: N_("It asks its reader to start programs."),
    FindingCode.FETCHES: N_("It refers to places elsewhere, which learn that it was opened."),
    FindingCode.FORM: N_("It has a form that sends what is filled in."),
    FindingCode.EMBEDDED_FILES: N_("Other files are embedded in it: {count}."),
    FindingCode.FORMULAS: N_(
        "Cells begin as formulas do, which a spreadsheet would compute: {count}."
    ),
}

SEVERITIES: dict[FindingCode, Severity] = {
    FindingCode.UNKNOWN_TYPE: Severity.NOTE,
    FindingCode.NAME_DISAGREES: Severity.CARE,
    FindingCode.SEVERAL_TYPES: Severity.CARE,
    FindingCode.EXECUTABLE: Severity.DANGER,
    FindingCode.EXECUTABLE_INSIDE: Severity.DANGER,
    FindingCode.TOO_LARGE: Severity.CARE,
    FindingCode.TOO_MANY_MEMBERS: Severity.CARE,
    FindingCode.EXPANDS_TOO_FAR: Severity.DANGER,
    FindingCode.PACKED_TOO_WELL: Severity.DANGER,
    FindingCode.NESTED_TOO_DEEP: Severity.DANGER,
    FindingCode.OVERLAPPING_MEMBERS: Severity.DANGER,
    FindingCode.SAME_NAMED_MEMBERS: Severity.CARE,
    FindingCode.DIRECTORY_DISAGREES: Severity.CARE,
    FindingCode.MEMBER_LEADS_OUT: Severity.DANGER,
    FindingCode.MEMBER_NAME_DECEIVES: Severity.CARE,
    FindingCode.MEMBER_IS_LINK: Severity.CARE,
    FindingCode.NAME_LEADS_OUT: Severity.CARE,
    FindingCode.NAME_DECEIVES: Severity.CARE,
    FindingCode.LOCKED: Severity.NOTE,
    FindingCode.EXAMINED_IN_PART: Severity.NOTE,
    FindingCode.DAMAGED: Severity.CARE,
    FindingCode.DATA_AFTER_END: Severity.CARE,
    FindingCode.TOO_MANY_PIXELS: Severity.CARE,
    FindingCode.DOCTYPE: Severity.CARE,
    FindingCode.ENTITIES: Severity.DANGER,
    FindingCode.EXTERNAL_ENTITY: Severity.DANGER,
    FindingCode.SCRIPT: Severity.DANGER,
    FindingCode.MACROS: Severity.DANGER,
    FindingCode.ACTS_WHEN_OPENED: Severity.DANGER,
    FindingCode.STARTS_PROGRAMS: Severity.DANGER,
    FindingCode.FETCHES: Severity.CARE,
    FindingCode.FORM: Severity.CARE,
    FindingCode.EMBEDDED_FILES: Severity.CARE,
    FindingCode.FORMULAS: Severity.CARE,
}

ADDED_UP = frozenset({"count"})
"""Facts that are summed where the same is found in several parts; of others the last counts."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands against a file."""

    code: FindingCode
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How heavy it weighs."""
        return SEVERITIES[self.code]

    @property
    def words(self) -> str:
        """The sentence for people, a template over `facts`, for the catalogues."""
        return WORDS[self.code]


def found(code: FindingCode, **facts: object) -> Finding:
    """A finding with its facts as words."""
    return Finding(code, {name: str(value) for name, value in facts.items()})


def gathered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each code once, counts summed, in the order in which codes stand."""
    by_code: dict[FindingCode, dict[str, str]] = {}
    for finding in findings:
        facts = by_code.setdefault(finding.code, {})
        for name, value in finding.facts.items():
            both = name in ADDED_UP and name in facts
            facts[name] = str(int(facts[name]) + int(value)) if both else value
    return tuple(Finding(code, by_code[code]) for code in FindingCode if code in by_code)


def documents(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """As a table or a program holds them."""
    return [{"code": str(finding.code), "facts": dict(finding.facts)} for finding in findings]


def read_documents(documents: Iterable[Mapping[str, object]]) -> tuple[Finding, ...]:
    """Findings again."""
    return tuple(
        Finding(FindingCode(str(document["code"])), _facts(document.get("facts")))
        for document in documents
    )


def _facts(facts: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in facts.items()} if isinstance(facts, Mapping) else {}
