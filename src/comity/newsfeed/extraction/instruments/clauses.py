# SPDX-License-Identifier: Apache-2.0
"""The cues of a sentence that hold, and the stretch of words that belongs to each.

A cue behind a hope, a plan, a denial or a condition announces nothing; so does one in a question.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from comity.newsfeed.extraction.instruments.meanings import (
    NEGOTIATIONS,
    OF,
    TELLS,
    TEXT,
    is_other_word,
    meant,
)
from comity.newsfeed.extraction.instruments.words import (
    AND,
    BREAKS,
    FRAMES,
    MEANT_ELSEWHERE,
    PASSIVE,
    PRESENT_BASE,
    SUBORDINATORS,
    TAKES_BACK,
    Frame,
    hoped,
    refuted,
    rule_of,
    taken_back,
    word_set,
)
from comity.newsfeed.extraction.phrases import Match, Token
from comity.newsfeed.extraction.rules import Rule

_NEAR = 5
"""How far back a condition or a denial reaches to a verb that tells of something done."""
_FAR = 16
"""How far back a hope reaches to a verb or a noun that may be still to come."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue that holds, and its stretch of the sentence."""

    first: int
    last: int
    rule: Rule
    frame: Frame
    begin: int = 0
    """Index of the first token of its stretch."""
    end: int = 0
    """Index after the last token of its stretch."""
    follows: bool = False
    """Its stretch has no subject of its own: it goes on from the cue before."""
    passive: bool = False


def cues_in(tokens: Sequence[Token], spoken: Sequence[Match[Rule]]) -> tuple[Cue, ...]:
    """Of the cues found, those that hold, each with its stretch, from left to right."""
    if (tokens and tokens[-1].text == "?") or refuted().find(tokens):
        return ()
    found = [meant(tokens, match) for match in spoken if not is_other_word(tokens, match)]
    found = [_scheduled(tokens, match) for match in found]
    held = [m for m in found if m.value.code != MEANT_ELSEWHERE and _holds(tokens, m)]
    held = _told_once(tokens, held)
    begun = {m.first for m in spoken if m.value.code == MEANT_ELSEWHERE}
    made = []
    for match in held:
        frame = _frame(tokens, match)
        passive = frame is Frame.ACT and (
            _is_passive(tokens, match) or _is_done_to(tokens, match, begun)
        )
        made.append(Cue(match.first, match.last, match.value, frame, passive=passive))
    return stretched(tokens, made)


def _told_once(tokens: Sequence[Token], held: Sequence[Match[Rule]]) -> list[Match[Rule]]:
    """Of "told B that it had completed its procedures" only the telling."""
    telling = [
        m.first for m in held if m.value.code == "NWS-120" and tokens[m.first].folded in TELLS
    ]
    return [m for m in held if m.value.code != "NWS-120" or not telling or m.first <= telling[0]]


def is_by_procedures(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether it is told by its procedures, which is news on a stated day only."""
    word = tokens[cue.first].folded
    return cue.rule.code == "NWS-120" and (word in TELLS or cue.last - cue.first > 3)


def _is_done_to(tokens: Sequence[Token], match: Match[Rule], begun: Set[int]) -> bool:
    """Whether the instrument, or talks on it, stand before: "talks on an accord began"."""
    if match.first not in begun:
        return False
    before = {t.folded for t in tokens[max(0, match.first - 40) : match.first]}
    return bool(before & (NEGOTIATIONS | TEXT))


def _scheduled(tokens: Sequence[Token], match: Match[Rule]) -> Match[Rule]:
    """A signing whose day is set is planned: "the signing of the accord is scheduled for"."""
    if match.value.code == "NWS-101" and (
        _is_set(tokens, match.last) or _is_set_before(tokens, match.first)
    ):
        return match._replace(value=rule_of("NWS-150"))
    return match


def _is_set(tokens: Sequence[Token], last: int) -> bool:
    """Whether what follows sets a day for the act, and does not call it off."""
    if any(t.folded in _OFF for t in tokens[last : last + 40]):
        return False
    for index in range(last, min(len(tokens) - 1, last + 30)):
        word, after = tokens[index].folded, tokens[index + 1].folded
        if word in BREAKS:
            return False
        if word in _SET or (word in _FUTURE and after in _TAKES_PLACE):
            return True
    return False


_OFF = word_set(
    "postponed cancelled canceled delayed suspended reporte reportee annule annulee ajournee "
    "suspendue suspendida suspendido pospuesta aplazada aplazado cancelada cancelado"
)


def _is_set_before(tokens: Sequence[Token], first: int) -> bool:
    """Whether what stands before says that it is to come: "tendrá lugar la ceremonia de"."""
    before = [t.folded for t in tokens[max(0, first - 8) : first]]
    return any(
        word in _FUTURE - {"se", "is"} and before[at + 1] in _TAKES_PLACE
        for at, word in enumerate(before[:-1])
    )


_SET = word_set(
    "scheduled planned slated prevue prevu prevues prevista previsto previstas programada "
    "programado programmee fixee fijada interviendra"
)


def stretched(
    tokens: Sequence[Token], held: Sequence[Cue], joints: Set[int] = frozenset()
) -> tuple[Cue, ...]:
    """The cues, each with its stretch of the sentence, which does not part at the `joints`."""
    splits = [_split(tokens, before, after, joints) for before, after in pairwise(held)]
    begins = [(0, False), *splits]
    ends = [*(at for at, _ in splits), len(tokens)]
    return tuple(
        replace(cue, begin=begin, end=end, follows=follows)
        for cue, (begin, follows), end in zip(held, begins, ends, strict=False)
    )


def _frame(tokens: Sequence[Token], match: Match[Rule]) -> Frame:
    frame = FRAMES[match.value.code]
    if match.value.code == "NWS-150" and tokens[match.first].folded in _NOMINAL:
        return Frame.NOUN
    if match.value.code == "NWS-120" and match.last - match.first > 2:
        return Frame.ACT
    word = tokens[match.last - 1].folded
    if frame is Frame.ACT and (word in OF or word.endswith(("sion", "tion", "cion", "ncia"))):
        return Frame.NOUN
    return frame


_NOMINAL = word_set(
    "signature signatures signing signings ceremonie ceremony la una su esta con tras dicha acto "
    "ceremonia rubrica firma"
)


def _holds(tokens: Sequence[Token], match: Match[Rule]) -> bool:
    """Whether nothing before the cue takes it back."""
    first = match.first
    word = tokens[first].folded
    before = tokens[first - 1].folded if first else ""
    if word in PRESENT_BASE and before == "to":
        return _is_done_infinitive(tokens, first)
    if word in ("pour", "para"):
        return _is_done_infinitive(tokens, first)
    if before == "to" and match.value.event in ("signed", "revised", "suspended", "terminated"):
        return False
    far = max(_clause_begin(tokens, first), first - _FAR)
    if match.value.code in TAKES_BACK:
        return not _backs(tokens, far, match)
    if _is_to_be(tokens, first) or (word in _ASKED_FOR and _is_suggested(tokens, far, first)):
        return False
    unsettled = FRAMES[match.value.code] is Frame.NOUN or word in PRESENT_BASE
    if FRAMES[match.value.code] is Frame.NOUN and _is_ahead(tokens, match.last):
        return False
    if unsettled and _is_generic(tokens, far, first):
        return False
    if unsettled or _is_infinitive(tokens, first):
        return not _backs(tokens, far, match) and not hoped().find(tokens[far:first])
    near = max(far, first - _NEAR)
    return not _backs(tokens, near, match) or _is_past_condition(tokens, near, first)


def _is_to_be(tokens: Sequence[Token], first: int) -> bool:
    """Whether it is to be done: "will soon be concluded", "sera conclu", "serán suscritos"."""
    before = [t.folded for t in tokens[max(0, first - 4) : first]]
    if not _WILL_BE.isdisjoint(before[-2:]):
        return True
    return before[-1:] == ["be"] and not _WILL.isdisjoint(before)


_WILL_BE = word_set("sera seront seran")
_WILL = word_set("will shall")


def _is_suggested(tokens: Sequence[Token], begin: int, first: int) -> bool:
    """Whether somebody only asks for it: "suggested that both countries update the accord"."""
    return any(t.folded in _SUGGESTING for t in tokens[begin:first])


_ASKED_FOR = word_set(
    "review revise update amend renew extend modernise modernize sign conclude adopt launch "
    "establish suspend terminate revisent modifient renouvellent actualisent signent concluent "
    "adoptent lancent"
)
_SUGGESTING = word_set(
    "suggest suggests suggested recommend recommends recommended propose proposes proposed urge "
    "urges urged request requests requested demand demands demanded asked ask asks suggere "
    "suggerent recommande recommandent propose proposent souhaite demande demandent"
)


def _is_ahead(tokens: Sequence[Token], last: int) -> bool:
    """Whether the act is still to come, or off: "the signature will take place in May"."""
    for index in range(last, min(len(tokens) - 1, last + 26)):
        word, after = tokens[index].folded, tokens[index + 1].folded
        if word in _AHEAD or (word in _FUTURE and after in _TAKES_PLACE):
            return True
        if word in BREAKS:
            return False
    return False


_AHEAD = word_set(
    "suivra suivront seguira seguiran interviendra prevue prevu prevista previsto planned "
    "scheduled postponed cancelled canceled delayed reportee annulee ajournee pospuesta "
    "aplazada cancelada"
)
_FUTURE = word_set("will shall aura tendra se is sera")
_TAKES_PLACE = word_set(
    "follow come suivre producira tener take happen occur lieu lugar llevara realizara "
    "celebrara tiendra expected due set planned"
)


def _backs(tokens: Sequence[Token], begin: int, match: Match[Rule]) -> bool:
    """Whether words before the cue take it back; the month of May does not."""
    before = tokens[begin : match.first]
    found = taken_back(match.value.code).find(before)
    return any(not _is_date_word(before, one.first) for one in found)


def _is_date_word(tokens: Sequence[Token], at: int) -> bool:
    """The month of May, and eleven in Spanish: "el once de marzo"."""
    word = tokens[at]
    after = tokens[at + 1].folded if at + 1 < len(tokens) else ""
    if word.folded == "pas" and at:
        # "a franchi un pas" is a step and no denial.
        return tokens[at - 1].folded in ("un", "premier", "nouveau", "grand", "ce", "tel")
    return word.text == "May" or (word.folded == "once" and after == "de")


def _is_past_condition(tokens: Sequence[Token], begin: int, first: int) -> bool:
    """Whether something done is told: "when A signed the accord in 2002"."""
    words = [t.folded for t in tokens[begin:first]]
    only = [w for w in words if w in _WHEN]
    others = taken_back_but_when(words)
    return bool(only) and not others and tokens[first].folded in _TOLD


_WHEN = word_set("when lorsque lorsqu quand cuando")
_TOLD = word_set("signed signe signee firmo firmaron suscribieron suscribio inked entered")


def taken_back_but_when(words: Sequence[str]) -> bool:
    """Whether more than a "when" stands there."""
    return any(w in _CONDITIONAL for w in words)


_CONDITIONAL = word_set(
    "if whether unless not could would may might should hope hopes expect si no ne n pas podria "
    "pourrait once"
)


def _is_infinitive(tokens: Sequence[Token], first: int) -> bool:
    before = [t.folded for t in tokens[max(0, first - 2) : first]]
    return "be" in before or "etre" in before or "ser" in before


def _is_done_infinitive(tokens: Sequence[Token], first: int) -> bool:
    """Whether a signature is told: "met in Rabat to sign", "were pleased to sign"."""
    words = {t.folded for t in tokens[max(0, first - 22) : first]}
    return bool(words & _DONE) and not words & _NOT_DONE


_DONE = word_set(
    "rendu rendue rendus retrouves reunis reunies deplace deplaces viajo viajaron reunieron "
    "acudio acudieron trasladaron traslado desplazo congregaron dieron latest newest became "
    "becomes become devenu devenue devient convirtio convierte met gathered pleased proud "
    "honoured honored delighted travelled traveled convened assembled privileged"
)
_NOT_DONE = word_set(
    "ne n pas no sera seran seront doivent doit espere esperan espera prochain will would "
    "hope hopes not expected plan plans ready if"
)


def _is_generic(tokens: Sequence[Token], begin: int, first: int) -> bool:
    """Whether no one signature is told: "countries that sign such agreements"."""
    words = [t.folded for t in tokens[begin:first]]
    return any(w in _ANYBODY for w in words[-4:])


_ANYBODY = word_set("countries who anyone any every")


def _clause_begin(tokens: Sequence[Token], first: int) -> int:
    """Where the clause of this token begins, as far as marks and joining words tell."""
    for index in range(first - 1, -1, -1):
        token = tokens[index]
        if token.folded in BREAKS or token.folded in ("(", ")"):
            return index + 1
        if token.folded == "," and not _is_list_comma(tokens, index, first):
            return index + 1
        if token.folded in ("but", "mais", "pero", "sino", "although"):
            return index + 1
    return 0


def _is_list_comma(tokens: Sequence[Token], index: int, first: int) -> bool:
    """Whether an inserted remark, and no new clause, follows: "the parties hope, in time, to"."""
    return any(t.folded == "," for t in tokens[index + 1 : first]) is False and (
        tokens[first - 1].folded == "to"
    )


def _is_passive(tokens: Sequence[Token], match: Match[Rule]) -> bool:
    before = [t.folded for t in tokens[max(0, match.first - 3) : match.first]]
    if "se" in before[-1:] or tokens[match.first].folded in ("on", "en", "vu"):
        return True
    return any(w in PASSIVE - {"se", "is", "are", "es", "son", "est", "sont"} for w in before) or (
        bool(before) and before[-1] in PASSIVE
    )


def _split(tokens: Sequence[Token], before: Cue, after: Cue, joints: Set[int]) -> tuple[int, bool]:
    """Where the stretch of the second cue begins, and whether it goes on without a subject."""
    words = [
        "" if before.last + offset in joints else token.folded
        for offset, token in enumerate(tokens[before.last : after.first])
    ]
    led = any(t.folded in _HAVING for t in tokens[max(0, before.first - 3) : before.first])
    found = _after_lead(words) if led else None
    found = found or _at_break(words) or _at_joint(words) or _at_clause(words) or _at_comma(words)
    offset, follows = found or (len(words), True)
    return before.last + offset, follows


_At = tuple[int, bool] | None


def _at_break(words: Sequence[str]) -> _At:
    """After a mark that parts sentences."""
    places = [offset for offset, word in enumerate(words) if word in BREAKS]
    return (places[-1] + 1, False) if places else None


def _after_lead(words: Sequence[str]) -> _At:
    """After the comma that ends "Having signed an accord in 2015,"; not one inside a date."""
    for offset, word in enumerate(words[:-1]):
        after = words[offset + 1]
        if word == "," and not after[:1].isdigit() and words[offset - 1] not in _WEEKDAYS:
            return offset + 1, False
    return None


_HAVING = word_set("having ayant habiendo haber avoir")
_WEEKDAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")


def _at_joint(words: Sequence[str]) -> _At:
    """At "and also signed": the subject goes on."""
    start = len(words)
    while start and words[start - 1] in _LIGHT:
        start -= 1
    return (start - 1, True) if start and words[start - 1] in AND else None


def _at_clause(words: Sequence[str]) -> _At:
    """At ", and C and D", ", which", "that"."""
    for offset, word in enumerate(words[:-1]):
        if word == "," and words[offset + 1] in AND | SUBORDINATORS:
            return offset + 1, words[offset + 1] in SUBORDINATORS
    for offset, word in enumerate(words):
        if word in SUBORDINATORS:
            return offset, True
        if word in _WHENEVER:
            return offset, False
    return None


_WHENEVER = word_set("after when before since lorsque lorsqu quand apres cuando despues tras")


def _at_comma(words: Sequence[str]) -> _At:
    """At the last "and" or comma."""
    joints = [offset for offset, word in enumerate(words) if word in AND]
    if joints:
        inside = words[joints[-1] + 1 :]
        return joints[-1], not inside or inside[0] in _FRONT
    commas = [offset for offset, word in enumerate(words) if word == ","]
    return (commas[-1] + 1, False) if commas else None


_LIGHT = word_set(
    "also then later has have had ha han a ont subsequently tambien egalement ensuite luego "
    "today was were fue fueron aussi posteriormente it se asimismo been ete"
)
_FRONT = word_set("in on en le el on")
