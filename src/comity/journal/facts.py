# SPDX-License-Identifier: Apache-2.0
"""What may stand in the journal beside an act: references and codes, never a person's data.

An entry is kept for ever and erasure cannot reach it. Therefore a fact has a name from the
table below and a value of the form that the table gives; there is no form for free text. The
forms keep out names, addresses and sentences; they cannot tell a code from a nickname, so
whoever adds a line to the table answers for what will be written there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from comity.catalogues import N_
from comity.errors import InvalidInputError

# All capitals or none: "SOUTHLAND", never "Southland". One way to read each word only, so that no
# text, however made, takes long to refuse.
_WORD = r"(?>[A-Z0-9]++(?![a-z])|[a-z0-9]++(?![A-Z]))"
_REFERENCE = rf"(?=[^,]*[-A-Z0-9]){_WORD}(?:[-_./:#+]{_WORD}|\({_WORD}\))*"
_CODE = r"(?:[A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)*|[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)"
_DATE = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_STEP_DOWN = r"(?:\([0-9a-zA-Z]{1,5}\)|\.\d{1,4})"
_NUMBERED = rf"(?:(?:\d{{1,4}}[a-zA-Z]{{0,2}}|[IVXLC]{{1,8}}|[a-zA-Z]){_STEP_DOWN}*|{_STEP_DOWN}+)"
_ARTICLE_WORDS = (
    "article articles art. annex annexes appendix protocol chapter section part title preamble "
    "paragraph paragraphs para. note notes plan outline final and to of the bis ter quater "
    "definitions scope cooperation originals refusal exchange use information customs provisions "
    "confidentiality assistance recognition data declaration "
    "first second third fourth fifth sixth seventh eighth ninth tenth last sentence subparagraph"
)
"""Words that name a place in a text: an article is none of an officer's own words."""
_ARTICLE_WORD = "|".join(
    f"[{word[0]}{word[0].upper()}]{re.escape(word[1:])}" for word in _ARTICLE_WORDS.split()
)
_ARTICLE_STEP = rf"(?:(?:{_ARTICLE_WORD})(?![a-z])|{_NUMBERED})"
_LIST_LIMIT = 100


class Form(Enum):
    """The forms that a value can have."""

    REFERENCE = re.compile(_REFERENCE)
    REFERENCES = re.compile(rf"(?:{_REFERENCE}(?:,{_REFERENCE}){{0,{_LIST_LIMIT}}})?")
    ARTICLE = re.compile(rf"{_ARTICLE_STEP}(?:(?:[ /:–-]|[,;] ?){_ARTICLE_STEP}){{0,30}}")
    CODE = re.compile(_CODE)
    CODES = re.compile(rf"(?:{_CODE}(?:,{_CODE}){{0,{_LIST_LIMIT}}})?")
    DATE = re.compile(rf"{_DATE}|unknown|open|")
    INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|\+00:00)")
    NUMBER = re.compile(r"-?\d{1,18}")
    DIGEST = re.compile(r"[0-9a-f]{16,128}")
    FLAG = re.compile(r"yes|no|true|false")


FACTS: dict[str, Form] = {
    # States and kinds of things
    "state": Form.CODE,
    "was": Form.CODE,
    "kind": Form.CODE,
    "reason": Form.CODE,
    "outcome": Form.CODE,
    "verdict": Form.CODE,
    "basis": Form.CODE,
    "question": Form.CODE,
    "scope": Form.CODES,
    "roles": Form.CODES,
    "roles_before": Form.CODES,
    "permission": Form.CODE,
    "method": Form.CODE,
    "language": Form.CODE,
    "format": Form.CODE,
    "fields": Form.CODES,
    "act": Form.CODE,
    "message_kind": Form.REFERENCE,
    # Places in the law
    "instrument": Form.REFERENCE,
    "provision": Form.REFERENCE,
    "article": Form.ARTICLE,
    "party": Form.CODE,
    "asker": Form.CODE,
    "asked": Form.CODE,
    "form": Form.CODE,
    "forms": Form.CODES,
    "purpose": Form.CODE,
    "purposes": Form.CODES,
    "offence": Form.CODE,
    "offences": Form.CODES,
    "precision": Form.CODE,
    "succeeded_by": Form.REFERENCE,
    "source": Form.REFERENCE,
    # Other records
    "proposal": Form.REFERENCE,
    "confirmation": Form.REFERENCE,
    "ruling": Form.REFERENCE,
    "attestation": Form.REFERENCE,
    "officer": Form.REFERENCE,
    "drafted_by": Form.REFERENCE,
    "approved_by": Form.REFERENCE,
    "token": Form.REFERENCE,
    "recovery": Form.REFERENCE,
    "request": Form.REFERENCE,
    "references": Form.REFERENCES,
    "case": Form.REFERENCE,
    "item": Form.REFERENCE,
    "way": Form.CODE,
    # Days, numbers, digests
    "on": Form.DATE,
    "from": Form.DATE,
    "until": Form.DATE,
    "review_on": Form.DATE,
    "expires_on": Form.DATE,
    "due_on": Form.DATE,
    "at": Form.INSTANT,
    "expires_at": Form.INSTANT,
    "version": Form.NUMBER,
    "count": Form.NUMBER,
    "size": Form.NUMBER,
    "sequence": Form.NUMBER,
    "checkpoints": Form.NUMBER,
    "digest": Form.DIGEST,
    "key_id": Form.DIGEST,
    "proof": Form.DIGEST,
    "confirmed": Form.FLAG,
    # The profile of a two-person unit, where an act made use of what it relaxes
    "profile": Form.CODE,
    "relaxation": Form.CODE,
}
"""Every fact's name and the form of its value."""

_LIMIT = 2000


class FactRefusedError(InvalidInputError):
    """A fact is not on the list, or its value could be a person's data."""

    code = "journal-fact-refused"
    message = N_("The journal does not take the fact “{name}” of the act “{act}”: {obstacle}.")
    remedy = N_("Record a reference or a code; a new fact is a line in comity/journal/facts.py.")


class PartRefusedError(InvalidInputError):
    """A part of an entry is not a reference or a code."""

    code = "journal-part-refused"
    message = N_("The journal does not take this {part}: it is not of the form of a {form}.")
    remedy = N_("Record a reference or a code; what a person wrote or is called stays outside.")


def check_facts(act: str, facts: Mapping[str, str]) -> None:
    """Raise `FactRefusedError` unless every fact is listed and of its form."""
    for name, value in facts.items():
        form = FACTS.get(name)
        if form is None:
            raise FactRefusedError(name=name, act=act, obstacle="no such fact is listed")
        if not _has_form(value, form):
            obstacle = f"its value is not of the form “{form.name.lower()}”"
            raise FactRefusedError(name=name, act=act, obstacle=obstacle)


def check_part(part: str, value: str, form: Form, *, may_be_empty: bool = False) -> None:
    """Raise `PartRefusedError` unless this part of an entry has the form; the value stays out."""
    if value == "" and may_be_empty:
        return
    if not _has_form(value, form):
        raise PartRefusedError(part=part, form=form.name.lower())


def _has_form(value: str, form: Form) -> bool:
    return len(value) <= _LIMIT and form.value.fullmatch(value) is not None
