# SPDX-License-Identifier: Apache-2.0
"""The word lists of `vocabulary/*.yaml`: by name, then by language.

They hold the words that more than one family of rules understands in the same way. What a list is
for stands beside it in its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from comity.newsfeed.extraction.phrases import Phrases, folded, tokens_of
from comity.reference.yaml_files import read_yaml

VOCABULARY_FOLDER = Path(__file__).parent / "vocabulary"


@cache
def wordlist(file: str, name: str) -> tuple[str, ...]:
    """The phrases of one list, in all its languages."""
    lists: Mapping[str, Any] = read_yaml(VOCABULARY_FOLDER / f"{file}.yaml").value  # type: ignore[assignment]  # a mapping
    return tuple(phrase for phrases in lists[name].values() for phrase in phrases)


@cache
def wordset(file: str, name: str) -> frozenset[str]:
    """The single words of a list, folded: for looking one word up. Longer phrases are left out."""
    options = [o for p in wordlist(file, name) if " " not in p for o in p.split("|")]
    spelled = [tokens_of(option) for option in options]
    return frozenset(tokens[0].folded for tokens in spelled if len(tokens) == 1)


@cache
def phraselist(file: str, name: str) -> Phrases[str]:
    """The phrases of one list, to be found in a text."""
    return Phrases((phrase, folded(phrase)) for phrase in wordlist(file, name))


@cache
def named_phrases(file: str, prefix: str) -> Phrases[str]:
    """The phrases of every list whose name begins with the prefix; each stands for the rest."""
    lists: Mapping[str, Any] = read_yaml(VOCABULARY_FOLDER / f"{file}.yaml").value  # type: ignore[assignment]  # a mapping
    return Phrases(
        (phrase, name.removeprefix(prefix))
        for name, languages in lists.items()
        if name.startswith(prefix)
        for phrases in languages.values()
        for phrase in phrases
    )
