# SPDX-License-Identifier: Apache-2.0
"""Of which kind an instrument is, by the subjects named beside its head word.

Where the words leave it open, what the release around it speaks of decides, with a doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comity.newsfeed.extraction.instruments.words import (
    Head,
    Subject,
    subjects,
    word_set,
)
from comity.newsfeed.extraction.phrases import Match, Token
from comity.reference.taxonomy import Programme


@dataclass(frozen=True, slots=True)
class Around:
    """What the release around the sentence says."""

    customs: bool
    """It speaks of customs."""
    programme: bool
    """It speaks of authorised operators."""
    acronyms: Mapping[str, Programme | None]
    """Acronyms that it has defined so far; None for one of another trade."""


@dataclass(frozen=True, slots=True)
class Context:
    """The subjects beside a head word, by how near they stand."""

    near: frozenset[Subject]
    """In the same breath: before a comma that ends it."""
    here: frozenset[Subject]
    """As far as the name may reach."""
    sentence: frozenset[Subject]
    foreign: bool
    """A subject of another trade stands nearer than any of ours."""
    adjacent: bool
    """Customs stand right beside the head word: "customs agreement", "accord douanier"."""
    matters: bool
    """It is about matters of customs: "on customs security measures"."""
    of_customs: bool
    """It is between two customs, and nothing says what about."""
    programme_head: bool
    """Its word is one that authorised operators are recognised with."""
    customs: bool
    """Customs are named with it."""


_CUSTOMS = frozenset({Subject.CUSTOMS, Subject.AUTHORITY})
_OURS = frozenset(
    {
        Subject.CUSTOMS,
        Subject.OFFENCES,
        Subject.ADMINISTRATIVE,
        Subject.ASSISTANCE,
        Subject.RECOGNITION,
        Subject.PROGRAMME,
        Subject.CONTAINER,
        Subject.DATA,
        Subject.TRADE_DATA,
        Subject.CULTURAL,
    }
)


def context_of(
    tokens: Sequence[Token],
    match: Match[Head | Programme],
    beside: Sequence[Match[Subject]],
    topics: Sequence[Match[Subject]],
) -> Context:
    """The subjects beside a head word, and how they stand to it."""
    begins = {t.first for t in topics}
    comma = next(
        (
            index
            for index in range(match.last, len(tokens))
            if tokens[index].folded == "," and not begins & {index + 1, index + 2, index + 3}
        ),
        len(tokens),
    )
    distances = {True: 99, False: 99}
    adjacent = matters = False
    for topic in beside:
        away = topic.first - match.last if topic.first >= match.last else 0
        if topic.value is Subject.FOREIGN:
            distances[True] = min(distances[True], away)
        elif topic.value in _OURS:
            following = tokens[topic.last].folded if topic.last < len(tokens) else ""
            beside_head = topic.last == match.first or away == 0 or following in _MATTERS
            adjacent |= topic.value is Subject.CUSTOMS and beside_head
            matters |= topic.value is Subject.CUSTOMS and _is_of_matters(tokens, topic)
            distances[False] = min(distances[False], away)
    return Context(
        near=_with_assistance(t.value for t in beside if t.first < comma),
        here=_with_assistance(t.value for t in beside),
        sentence=_with_assistance(t.value for t in topics),
        foreign=distances[True] < distances[False],
        adjacent=adjacent,
        matters=matters,
        of_customs=len(beside) > 1 and all(t.value in _CUSTOMS for t in beside),
        programme_head=tokens[match.first].folded in _RECOGNISING,
        customs=any(
            t.value in _CUSTOMS or any(w.folded in _OF_CUSTOMS for w in tokens[t.first : t.last])
            for t in beside
        ),
    )


def _is_of_matters(tokens: Sequence[Token], topic: Match[Subject]) -> bool:
    """Whether a word for what customs do stands beside: "customs controls"."""
    around = (*tokens[max(0, topic.first - 1) : topic.first], *tokens[topic.last : topic.last + 2])
    return any(t.folded in _CUSTOMS_WORK for t in around)


_CUSTOMS_WORK = word_set(
    "controls control formalities procedures security facilitation simplification measures "
    "controles controle formalites mesures securite procedimientos formalidades medidas seguridad "
    "tramites facilitacion simplificacion systems systemes informatiques sistemas informaticos"
)


def _with_assistance(subjects_named: Iterable[Subject]) -> frozenset[Subject]:
    """Administrative assistance is assistance, trade data are data."""
    named = frozenset(subjects_named)
    return named.union(*(_WIDER[subject] for subject in named if subject in _WIDER))


_WIDER = {
    Subject.ADMINISTRATIVE: {Subject.ASSISTANCE},
    Subject.TRADE_DATA: {Subject.DATA},
    Subject.OFFENCES: {Subject.COOPERATION, Subject.CUSTOMS},
}


_OF_CUSTOMS = word_set(
    "customs douane douanes douanier douaniere douaniers douanieres aduana aduanas aduanero "
    "aduanera aduaneros aduaneras"
)
_MATTERS = word_set("matters affairs issues")
_RECOGNISING = word_set("agreement arrangement acuerdo arreglo accord arrangement")
_Kind = tuple[Programme | None, bool, bool]
_FOREIGN: _Kind = (None, True, True)
_UNKNOWN: _Kind = (None, False, False)


def kind_of(head: Head, context: Context, around: Around) -> _Kind:
    """The kind, whether it is of another trade, and whether the words beside the head say so."""
    here, near = context.here, context.near
    if head is Head.PLAN:
        return _plan(near, customs=context.customs, around=around)
    if Subject.RECOGNITION in near:
        return _recognition(context, around)
    if context.foreign:
        return _FOREIGN
    if Subject.CONTAINER in near:
        return Programme.CSI, False, True
    if Subject.TRADE in near:
        said = context.sentence
        ours = said & _CUSTOMS and (Subject.CHAPTER in said or here & _CHAPTER)
        return (Programme.TRADE_CHAPTER, False, True) if ours else _FOREIGN
    found = _assistance(context, around)
    if found == _UNKNOWN and context.matters and Subject.FOREIGN not in here:
        return Programme.OTHER, False, False
    return found


_CHAPTER = frozenset({Subject.CHAPTER, Subject.ASSISTANCE, Subject.COOPERATION})


def _recognition(context: Context, around: Around) -> _Kind:
    ours = bool(context.here & (_CUSTOMS | {Subject.PROGRAMME}))
    if Subject.FOREIGN in context.near and Subject.PROGRAMME not in context.here:
        return _FOREIGN
    if Subject.FOREIGN in context.sentence and not ours and not around.customs:
        return _FOREIGN
    return Programme.MRA, False, ours or around.programme or around.customs


def _assistance(context: Context, around: Around) -> _Kind:
    """Kinds that only the whole of the subjects tells."""
    here, near, customs = context.here, context.near, context.customs
    if Subject.CULTURAL in near:
        return Programme.OTHER, False, True
    alone = Subject.ADMINISTRATIVE in near and Subject.FOREIGN not in context.sentence
    if Subject.ASSISTANCE in near and (customs or around.customs or alone):
        return Programme.CMAA, False, customs or alone or around.customs
    if Subject.PROGRAMME in near and context.programme_head:
        return Programme.MRA, False, False
    if Subject.DATA in near and (customs or around.customs or Subject.TRADE_DATA in near):
        return Programme.TRADE_DATA, False, True
    whole = Subject.CUSTOMS in near and Subject.COOPERATION in near
    if near & _MATTER and (customs or around.customs or Subject.SMUGGLING in near) and not whole:
        return Programme.OTHER, False, customs
    if Subject.TRAINING in near and customs and Subject.COOPERATION not in near:
        return Programme.OTHER, False, False
    if Subject.COOPERATION in near and (customs or context.sentence & _CUSTOMS):
        return Programme.CMAA, False, Subject.CUSTOMS in here
    if Subject.CUSTOMS in near and (context.adjacent or context.of_customs):
        return Programme.CMAA, False, False
    if here & {Subject.ASSISTANCE, Subject.COOPERATION} and context.sentence & _CUSTOMS:
        return Programme.CMAA, False, False
    return _UNKNOWN


_MATTER = frozenset({Subject.MATTER, Subject.SMUGGLING})


def _plan(here: frozenset[Subject], *, customs: bool, around: Around) -> _Kind:
    if here & {Subject.RECOGNITION, Subject.PROGRAMME}:
        return Programme.JWP, False, True
    if Subject.FOREIGN in here or (Subject.JOINT not in here and not customs):
        return (Programme.JWP, False, False) if around.programme and not here else _FOREIGN
    # A joint work plan of customs says "joint"; without a word of customs it is one with a doubt.
    return Programme.JWP, False, False


def subject_kind(tokens: Sequence[Token]) -> Programme | None:
    """The kind that the subjects of a sentence suggest where no head word gives one."""
    named = _with_assistance(topic.value for topic in subjects().find(tokens))
    if Subject.FOREIGN in named:
        return None
    if Subject.RECOGNITION in named:
        return Programme.MRA
    if not named & _CUSTOMS:
        return None
    if Subject.DATA in named:
        return Programme.TRADE_DATA
    return Programme.CMAA if named & {Subject.ASSISTANCE, Subject.COOPERATION} else None
