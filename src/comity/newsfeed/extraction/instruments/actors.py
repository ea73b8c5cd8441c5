# SPDX-License-Identifier: Apache-2.0
"""The parties that act in a sentence: who signs, with whom, between whom.

Places, occasions and countries named for comparison are no parties of what is signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from comity.newsfeed.extraction.instruments.clauses import Cue
from comity.newsfeed.extraction.instruments.kinds import Named
from comity.newsfeed.extraction.instruments.scene import Scene, Told
from comity.newsfeed.extraction.instruments.words import (
    AND,
    ARTICLES,
    BETWEEN,
    BREAKS,
    BY,
    LOCATIVE,
    OCCASIONS,
    QUOTES,
    THIRD,
    WE,
    WITH,
    Frame,
    neutral,
    word_set,
)
from comity.newsfeed.extraction.parties import NamedBy, PartyMention
from comity.newsfeed.extraction.phrases import Token


def unique(parties: Sequence[PartyMention]) -> list[PartyMention]:
    """Each mention once, in the order of the text."""
    return sorted({p.first: p for p in parties}.values(), key=lambda p: p.first)


def codes_of(parties: Sequence[PartyMention]) -> frozenset[str]:
    """Their codes."""
    return frozenset(p.code for p in parties)


def pair_of(scene: Scene, one: Named | None) -> tuple[PartyMention, ...]:
    """Two parties that stand as one modifier: "the U.S.-Chile agreement", "franco-brésilien"."""
    if one is None:
        return ()
    near = [
        p
        for p in scene.parties
        if p.last <= one.head and one.first - p.last <= 2 and p.last > one.first - 6
    ]
    near = [p for p in near if p.first >= one.first - 6]
    if len(near) >= 2 and _are_paired(scene, near[-2], near[-1]) and _no_prep(scene, near[-1], one):
        return tuple(near[-2:])
    after = [p for p in scene.parties if one.head <= p.first <= one.last + 2]
    if (
        len(after) >= 2
        and _are_paired(scene, after[0], after[1])
        and after[0].named_by in (NamedBy.ADJECTIVE, NamedBy.COUNTRY)
    ):
        return tuple(after[:2])
    return ()


def _are_paired(scene: Scene, one: PartyMention, other: PartyMention) -> bool:
    """Whether at most a dash stands between."""
    between = scene.tokens[one.last : other.first]
    return not between or (len(between) == 1 and between[0].text in "–—-/‑")


def _no_prep(scene: Scene, party: PartyMention, one: Named) -> bool:
    """Whether nothing but modifiers stands between the pair and the head."""
    words = {t.folded for t in scene.tokens[party.last : one.first]}
    return party.last > one.first or not words or words <= neutral()


def joints_in(tokens: Sequence[Token], parties: Sequence[PartyMention]) -> frozenset[int]:
    """Where "and" joins two parties for good: "between A and B", "concluded by A and B"."""
    found = set()
    for one, other in pairwise(parties):
        gap = [t.folded for t in tokens[one.last : other.first]]
        if len(gap) > 6 or AND.isdisjoint(gap) or not BREAKS.isdisjoint(gap):
            continue
        led = {t.folded for t in tokens[max(0, one.first - 6) : one.first]}
        if led & (BETWEEN | BY):
            found.add(one.last + next(k for k, word in enumerate(gap) if word in AND))
    return frozenset(found)


def signers_of(
    scene: Scene, cue: Cue, one: Named | None, before: Told | None
) -> tuple[PartyMention, ...]:
    """Who does it: the parties before the cue, or after it where the verb comes first."""
    if cue.frame is Frame.STATE and (one is None or one.first < cue.first):
        return ()
    together = listed(scene, WITH, cue.begin, cue.first)
    found = within(scene, _subject_begin(scene, cue), cue.first)
    if one is not None and one.head <= cue.first and cue.frame is Frame.ACT:
        found = [p for p in found if p.last <= one.first] if not cue.passive else []
    if one is not None and one.first >= cue.last:
        inner = within(scene, cue.last, one.first)
        found += [p for p in inner if not _after_with(scene, p)]
    if not found and not together and cue.follows and before is not None:
        return tuple(p for p in before.parties if p.last <= before.cue.first)
    return tuple(unique([*found, *together]))


def _subject_begin(scene: Scene, cue: Cue) -> int:
    """The subject of "when A and B signed" stands after "when"."""
    begin = cue.begin
    for index in range(cue.begin, cue.first):
        if scene.tokens[index].folded in _CLAUSE_WORDS:
            begin = index + 1
    return begin if within(scene, begin, cue.first) else cue.begin


_CLAUSE_WORDS = word_set("when lorsque lorsqu quand cuando that que qu")


def _after_with(scene: Scene, party: PartyMention) -> bool:
    return any(t.folded in WITH for t in scene.tokens[max(0, party.first - 4) : party.first])


def partners_of(scene: Scene, begin: int, end: int) -> tuple[PartyMention, ...]:
    """With whom: the parties after "with"."""
    return listed(scene, WITH, begin, end)


def listed(scene: Scene, markers: frozenset[str], begin: int, end: int) -> tuple[PartyMention, ...]:
    """The parties that follow one of these words, joined by commas and "and"."""
    found: list[PartyMention] = []
    for index in range(begin, min(end, len(scene.tokens))):
        after = scene.tokens[index + 1].folded if index + 1 < len(scene.tokens) else ""
        if scene.tokens[index].folded in markers and after not in _OF_THEM:
            between = scene.tokens[index].folded in BETWEEN
            found += _chain(scene, index + 1, end, between=between)
    return tuple(unique(found))


_OF_THEM = word_set("ellos ellas otros otras elles eux autres them others")
"""After "entre" they name examples, not the two sides: "entre ellos", "entre autres"."""
_FIRST_REACH = 18
_NEXT_REACH = 14


def _is_across_cue(scene: Scene, begin: int, end: int) -> bool:
    """Whether a verb stands between: "between A and B entered into force, the one with C"."""
    return any(begin <= cue.first < end for cue in scene.cues)


def _chain(scene: Scene, begin: int, end: int, *, between: bool) -> Iterator[PartyMention]:
    at, reach, first = begin, _FIRST_REACH, True
    for party in scene.parties:
        if party.first < begin or party.first >= end:
            continue
        gap = [t.folded for t in scene.tokens[at : party.first]]
        if len(gap) > reach or set(gap) & (BREAKS - {"–", "—"}) or _is_outside(scene, party):
            break
        if between and not set(gap).isdisjoint(WITH):
            # "assistance between customs with Chile": the name of the instrument says nobody.
            break
        if not first and not _OF_THEM.isdisjoint(gap):
            break
        if not first and (set(gap) & QUOTES or _is_across_cue(scene, at, party.first)):
            break
        # A second name of the same person's office ("Ambassador to the U.S.") joins nothing.
        if not first and len(gap) > 3 and not set(gap) & (AND | WITH | {","}):
            break
        yield party
        at, reach, first = party.last, _NEXT_REACH, False


def within(scene: Scene, begin: int, end: int) -> list[PartyMention]:
    """The parties between these places that are named as actors."""
    return [
        p for p in scene.parties if begin <= p.first and p.last <= end and not _is_outside(scene, p)
    ]


def actors_in(scene: Scene) -> list[PartyMention]:
    """The parties named otherwise than for a place, an occasion or a comparison."""
    return within(scene, 0, len(scene.tokens))


def _is_outside(scene: Scene, party: PartyMention) -> bool:
    """Whether the party is named for a place, an occasion or a comparison."""
    return _is_place(scene, party) or _is_occasion(scene, party) or _is_comparison(scene, party)


def _is_place(scene: Scene, party: PartyMention) -> bool:
    if party.named_by is NamedBy.AUTHORITY:
        return False
    index = party.first - 1
    while index >= 0 and scene.tokens[index].folded in ARTICLES:
        index -= 1
    if index < 0:
        return False
    token = scene.tokens[index]
    if token.text in ("à", "À"):
        # "à Cuba" is a place, "à la France" is somebody.
        return party.first - 1 == index
    if token.folded in LOCATIVE or token.text == "au":
        return True
    # "in Boston, United States", "Rabat, Morocco": a place with its country.
    if token.folded == "," and index > 1 and scene.tokens[index - 1].capitalised:
        return _is_after_place(scene, party, index)
    return False


def _is_after_place(scene: Scene, party: PartyMention, comma: int) -> bool:
    """Whether a town stands before the comma and nothing but a mark or a date follows."""
    after = scene.tokens[party.last].folded if party.last < len(scene.tokens) else "."
    if after.isalnum() and after not in _AFTER_PLACE:
        return False
    name = comma - 1
    while name > 0 and scene.tokens[name - 1].capitalised:
        name -= 1
    if any(p.first <= comma - 1 < p.last for p in scene.parties):
        return False
    return name == 0 or (
        scene.tokens[name - 1].folded in LOCATIVE or scene.tokens[name - 1].text in ("à", "a")
    )


_AFTER_PLACE = word_set("on el le during durante lors at today hoy this ce este where ou donde")


def _is_occasion(scene: Scene, party: PartyMention) -> bool:
    """Whether it names an occasion: "during the U.S.-Cabo Verde Trade Conference"."""
    if party.named_by is NamedBy.AUTHORITY:
        return False
    for token in scene.tokens[party.last : party.last + 7]:
        word = token.folded
        if word in OCCASIONS:
            return _is_at_event(scene, party.first)
        if word in _NAME_ENDS or word in BREAKS or not token.text[0].isalpha():
            break
    for index in range(party.first - 1, max(-1, party.first - 6), -1):
        word = scene.tokens[index].folded
        if word in OCCASIONS:
            return not any(t.folded in WITH | BY for t in scene.tokens[index : party.first])
        if word not in ARTICLES and word not in ("to", "a", "between", "entre"):
            break
    return False


_AT_EVENT = word_set(
    "during at of in sidelines margins lors durant pendant marge durante al del au cours"
)
_NAME_ENDS = (
    WITH | BY | BETWEEN | AND | LOCATIVE | word_set("on of to for during from le el signed que a")
)


def _is_at_event(scene: Scene, first: int) -> bool:
    return any(t.folded in _AT_EVENT for t in scene.tokens[max(0, first - 6) : first])


def _is_comparison(scene: Scene, party: PartyMention) -> bool:
    """Whether it is named beside the matter: "like Peru", "after accords with A and B"."""
    in_list = True
    for index in range(party.first - 1, max(-1, party.first - 12), -1):
        word = scene.tokens[index].folded
        if word in BREAKS or any(cue.first <= index < cue.last for cue in scene.cues):
            return False
        if word in _SIMILAR:
            return True
        if word in _AS and scene.tokens[index - 1].folded in _SUCH and not _in_name(scene, index):
            return True
        if word in THIRD and in_list and not _in_name(scene, index):
            return not (word in _AFTER and _acts(scene, party))
        if word == ",":
            in_list = False
            if not _in_name(scene, index - 1):
                return False
    return False


def _acts(scene: Scene, party: PartyMention) -> bool:
    """Whether the party is the subject of a cue: "after A and B signed"."""
    for cue in scene.cues:
        if party.last <= cue.first <= party.last + 10:
            return all(t.folded != "," for t in scene.tokens[party.last : cue.first])
    return False


_AS = word_set("as que qu")
_SUCH = word_set("such tel tels telle telles")
_AFTER = word_set("after following tras despues apres suivant")
_SIMILAR = word_set(
    "similar existing similaires similares existants existentes including incluidos incluyendo"
)


def _in_name(scene: Scene, index: int) -> bool:
    return any(party.first <= index < party.last for party in scene.parties)


def speaks_of_us(scene: Scene, cue: Cue) -> bool:
    """Whether the publisher speaks of itself."""
    return any(t.folded in WE for t in scene.tokens[cue.begin : cue.end])


def named_before(scene: Scene, cue: Cue) -> tuple[PartyMention, ...]:
    """The two parties named before the cue, be it for a place: whom "the two countries" means."""
    before = tuple(p for p in scene.parties if p.last <= cue.first)
    return before if len(codes_of(before)) == 2 else ()


def speakers_of(scene: Scene, partners: Sequence[PartyMention]) -> list[PartyMention]:
    """Whose officer says "we signed": the one party named outside the quotation marks."""
    marks = [index for index, token in enumerate(scene.tokens) if token.text in QUOTES]
    if not marks:
        return []
    others = [
        p
        for p in actors_in(scene)
        if not marks[0] < p.first < marks[-1] and p.code not in codes_of(partners)
    ]
    return others if len(codes_of(others)) == 1 else []


def parted(
    scene: Scene, partners: Sequence[PartyMention]
) -> tuple[tuple[PartyMention, ...], tuple[PartyMention, ...]]:
    """Partners, and the subject that follows them: "By signing it with A, B gains a partner"."""
    for number, (one, other) in enumerate(pairwise(partners), start=1):
        gap = [t.folded for t in scene.tokens[one.last : other.first]]
        rest = [t.folded for t in scene.tokens[other.first : partners[-1].first]]
        if "," in gap and AND.isdisjoint(gap) and AND.isdisjoint(rest) and WITH.isdisjoint(gap):
            return tuple(partners[:number]), tuple(partners[number:])
    return tuple(partners), ()


def addressees_of(scene: Scene, cue: Cue) -> tuple[PartyMention, ...]:
    """Who is told of it: "notified Portugal", "a fait part à l'Égypte"."""
    if cue.rule.event not in ("notified", "termination-notified"):
        return ()
    found = []
    for party in scene.parties:
        if not cue.begin <= party.first < cue.end:
            continue
        index = party.first - 1
        while index > 0 and scene.tokens[index].folded in ARTICLES:
            index -= 1
        word = scene.tokens[index].folded if index >= 0 else ""
        if word in _TOLD_TO or party.first == cue.last:
            found.append(party)
    return tuple(found)


_TOLD_TO = word_set("to a au aux al informed advised notified told informe avise avisado")
