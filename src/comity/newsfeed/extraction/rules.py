# SPDX-License-Identifier: Apache-2.0
"""The rules of the extraction: permanent codes, plain sentences, phrases, examples.

They stand in `rules/*.yaml`, one file for each family. A rule's code is never used again for
another rule. Its examples are tests, and its phrases are the whole of its vocabulary: what a rule
does with them is in the module named for the family.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from comity.agreements.claim import Confidence
from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.extraction.phrases import Phrases
from comity.reference.taxonomy import code_of
from comity.reference.yaml_files import read_yaml

RULES_FOLDER = Path(__file__).parent / "rules"
LANGUAGES = ("en", "fr", "es")


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up sentence and the main facts that the rule reads from it; none for a negative."""

    text: str
    published: str
    gives: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when these words stand in a sentence, this is announced."""

    code: str
    """`NWS-…`, permanent."""
    says: str
    """What it takes for what, in one sentence."""
    type: AnnouncementType
    confidence: Confidence
    phrases: tuple[str, ...]
    """In all languages, in the form of `phrases.Phrases`."""
    event: str = ""
    """For instruments: the `InstrumentEvent`."""
    unless: tuple[str, ...] = ()
    """Phrases in the same clause that take the announcement back: hopes, plans, denials."""
    examples: tuple[Example, ...] = ()


@cache
def rules_of(family: str) -> tuple[Rule, ...]:
    """The rules of one family, in the order of the file: the first that fits a place wins.

    What stands under `unless` beside `rules` holds for every rule of the file.
    """
    file: Mapping[str, Any] = read_yaml(RULES_FOLDER / f"{family}.yaml").value  # type: ignore[assignment]  # a mapping
    shared = _all_languages(file.get("unless", {}))
    return tuple(_rule(entry, shared) for entry in file["rules"])


@cache
def families() -> tuple[str, ...]:
    """The names of the families, which are the names of the files."""
    return tuple(sorted(path.stem for path in RULES_FOLDER.glob("*.yaml")))


def phrases_of(rules: Iterable[Rule]) -> Phrases[Rule]:
    """The rules' phrases, to be found all at once."""
    return Phrases((phrase, rule) for rule in rules for phrase in rule.phrases)


def _rule(entry: Mapping[str, Any], unless: tuple[str, ...]) -> Rule:
    return Rule(
        code=entry["code"],
        says=entry["says"],
        type=code_of(AnnouncementType, entry["type"]),
        confidence=code_of(Confidence, entry.get("confidence", "high")),
        phrases=_all_languages(entry.get("phrases", {})),
        event=entry.get("event", ""),
        unless=(*unless, *_all_languages(entry.get("unless", {}))),
        examples=tuple(_example(each) for each in entry.get("examples", ())),
    )


def _all_languages(entry: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(phrase for language in LANGUAGES for phrase in entry.get(language, ()))


def _example(entry: Mapping[str, Any]) -> Example:
    return Example(
        text=entry["text"],
        published=str(entry.get("published", "")),
        gives=tuple(entry.get("gives", ())),
    )
