# SPDX-License-Identifier: Apache-2.0
"""The instruments that a sentence names, and of which kind each is.

The kind follows from the subjects named beside the head word, so that an agreement is found under
any of its many names; an instrument of another trade (double taxation, extradition) is none.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from comity.newsfeed.extraction.instruments.topics import Around, context_of, kind_of
from comity.newsfeed.extraction.instruments.words import (
    AND,
    BETWEEN,
    BREAKS,
    DEFINITE,
    INDEFINITE,
    QUOTES,
    Head,
    Subject,
    heads,
    neutral,
    subjects,
    word_set,
)
from comity.newsfeed.extraction.phrases import Match, Token
from comity.reference.taxonomy import Programme

_LEFT_REACH = 9
_RIGHT_REACH = 34


@dataclass(frozen=True, slots=True)
class Named:
    """An instrument named in a sentence."""

    first: int
    """Index of the first token of its name, the determiner left out."""
    head: int
    """Index after its head word; what follows may still belong to the name."""
    last: int
    """Index after the last token of its name."""
    kind: Programme | None
    """None where the words do not say it: "the agreement"."""
    definite: bool
    plural: bool
    foreign: bool = False
    """An instrument of another trade."""
    sure: bool = True
    """Whether the words beside the head say the kind, not only the release around it."""
    bare: bool = False
    """Nothing beside the head says what it is about."""
    acronym: str = ""
    """Given in parentheses: `CMAA`."""


def named_in(tokens: Sequence[Token], around: Around, stops: Set[int]) -> tuple[Named, ...]:
    """The instruments that the sentence names, from left to right.

    A name does not reach across the tokens `stops`, where the cues of events begin.
    """
    found = heads().find(tokens)
    places = [*found, *_defined(tokens, found, around)]
    places.sort(key=lambda match: match.first)
    if not places:
        return ()
    topics = subjects().find(tokens)
    named: list[Named] = []
    for number, match in enumerate(places):
        if named and match.first < named[-1].last:
            continue
        following = len(tokens)
        if number + 1 < len(places):
            # What stands before the next head belongs to that one.
            following = max(match.last, _begin(tokens, places[number + 1].first, stops))
        one = _plan_towards(tokens, match, places[number + 1 : number + 2], stops)
        one = one or _named(tokens, match, topics, stops, following, around)
        if one is not None:
            named.append(one)
    return _joined(tokens, named)


def _defined(
    tokens: Sequence[Token], found: Sequence[Match[Head | Programme]], around: Around
) -> list[Match[Head | Programme]]:
    """Places of acronyms that the release has defined itself."""
    taken = {index for match in found for index in range(match.first, match.last)}
    defined: list[Match[Head | Programme]] = []
    for index, token in enumerate(tokens):
        if index in taken or token.folded not in around.acronyms or not _in_capitals(token):
            continue
        kind = around.acronyms[token.folded]
        defined.append(Match(token.start, token.end, index, index + 1, kind or Head.PLAIN))
    return defined


def _in_capitals(token: Token) -> bool:
    text = token.text.removesuffix("s")
    return len(text) > 1 and text.isupper()


def _named(
    tokens: Sequence[Token],
    match: Match[Head | Programme],
    topics: Sequence[Match[Subject]],
    stops: Set[int],
    following: int,
    around: Around,
) -> Named | None:
    first = _begin(tokens, match.first, stops)
    end = _reach(tokens, match.last, stops, following)
    beside = [t for t in topics if t.first >= first and t.last <= end]
    acronym, after = _acronym(tokens, match.last, end, beside)
    name_end = max(match.last, after, _name_end(tokens, beside, match.last))
    determiner = tokens[first - 1].folded if first else ""
    word = tokens[match.first].folded
    made = Named(
        first=first,
        head=match.last,
        last=name_end,
        kind=None,
        definite=determiner in DEFINITE,
        plural=_plural(tokens, match),
        acronym=acronym,
    )
    if isinstance(match.value, Programme):
        return _short(made, match.value, {t.value for t in beside}, tokens, around)
    if match.value is Head.PLAIN:
        known = around.acronyms.get(word, Programme.OTHER) is None
        return replace(made, bare=True, foreign=known) if made.definite or known else None
    context = context_of(tokens, match, beside, topics)
    kind, foreign, sure = kind_of(match.value, context, around)
    if kind is None and match.value is Head.PLAN:
        return replace(made, foreign=True)
    if kind is None and word in ("initiative", "iniciativa", "understanding"):
        return None
    bare = kind is None and _is_bare(tokens, match, first, end)
    return replace(made, kind=kind, foreign=foreign, sure=sure, bare=bare)


def _plan_towards(
    tokens: Sequence[Token],
    match: Match[Head | Programme],
    following: Sequence[Match[Head | Programme]],
    stops: Set[int],
) -> Named | None:
    """A plan whose aim is recognition: "planes de trabajo para lograr un ARM"."""
    if match.value is not Head.PLAN or not following:
        return None
    aim = following[0]
    gap = [t.folded for t in tokens[match.last : aim.first]]
    if len(gap) > _TO_THE_AIM or _AIMS.isdisjoint(gap) or stops & set(range(match.last, aim.first)):
        return None
    begin = max(match.last, aim.first - 4)
    said = subjects().find(tokens[begin : aim.last + 4])
    recognised = [begin + t.last for t in said if t.value is Subject.RECOGNITION]
    if aim.value is not Programme.MRA and not recognised:
        return None
    first = _begin(tokens, match.first, stops)
    return Named(
        first=first,
        head=match.last,
        last=max([aim.last, *recognised]),
        kind=Programme.JWP,
        definite=first > 0 and tokens[first - 1].folded in DEFINITE,
        plural=_plural(tokens, match),
    )


_TO_THE_AIM = 8
_AIMS = word_set("towards toward for leading vers vue menant pour hacia para miras vistas rumbo")


def _short(
    made: Named, kind: Programme, here: set[Subject], tokens: Sequence[Token], around: Around
) -> Named | None:
    """An acronym or a name: the release may have given it another meaning."""
    word = tokens[made.head - 1].folded
    if word in around.acronyms:
        defined = around.acronyms[word]
        return replace(made, kind=defined, foreign=defined is None)
    if Subject.FOREIGN in here and kind is Programme.MRA:
        return replace(made, foreign=True)
    return replace(made, kind=kind, sure=kind is not Programme.MRA or around.customs)


def _begin(tokens: Sequence[Token], head: int, stops: Set[int]) -> int:
    """Where the name begins: modifiers before the head, back to a determiner or preposition."""
    first = head
    while first > 0 and head - first < _LEFT_REACH:
        token = tokens[first - 1]
        word = token.folded
        if first - 1 in stops or word in DEFINITE or word in INDEFINITE or word in _LEFT_STOPS:
            break
        if word in AND and not _continues(tokens, first - 1):
            break
        if not (word.isalnum() or word in AND):
            break
        first -= 1
    return first


_LEFT_STOPS = word_set(
    "of with for to in on by at from de d des en con avec por par para pour sobre sur our its "
    "their his her su sus notre nos nuestra nuestro ses leur leurs s under through as or ou o "
    "no aucun aucune ningun ninguna has have had is are was were will been also today "
    "que qui which that un une new sendos"
)


def _continues(tokens: Sequence[Token], at: int) -> bool:
    """Whether "and" joins two modifiers: "cooperation and mutual assistance agreement"."""
    return (
        at > 0
        and bool(subjects().find(tokens[max(0, at - 2) : at]))
        and not tokens[at - 1].text.isupper()
    )


def _reach(tokens: Sequence[Token], start: int, stops: Set[int], following: int) -> int:
    """How far what follows the head may belong to the name."""
    limit = min(len(tokens), start + _RIGHT_REACH, following)
    for index in range(start, limit):
        word = tokens[index].folded
        if index in stops or word in BREAKS or word in _RIGHT_STOPS:
            return index
    return limit


_RIGHT_STOPS = word_set("which who whose qui dont cuyo cuya while mientras tandis .")


def _name_end(tokens: Sequence[Token], beside: Sequence[Match[Subject]], head: int) -> int:
    """The name ends with the last subject that follows closely, parties between them apart."""
    end = head
    for topic in beside:
        if topic.first < head - 1 or topic.last <= end or topic.value in _NO_PART:
            continue
        gap = [t.folded for t in tokens[end : topic.first]]
        reach = 18 if BETWEEN & set(gap) else 8
        if len(gap) > reach or _has_purpose(gap):
            break
        end = topic.last
    return end


_NO_PART = frozenset({Subject.AUTHORITY, Subject.FOREIGN})


def _has_purpose(gap: Sequence[str]) -> bool:
    """Whether a purpose follows: "to exchange data"; not a noun: "for the prevention of"."""
    following = (*gap[1:], "")
    return any(
        word in _PURPOSE or (word in _FOR and after not in DEFINITE)
        for word, after in zip(gap, following, strict=False)
    )


_PURPOSE = word_set("to that which qui que afin")
_FOR = word_set("pour para")


def _acronym(
    tokens: Sequence[Token], head: int, end: int, beside: Sequence[Match[Subject]]
) -> tuple[str, int]:
    """The acronym in parentheses after the name, and where it ends."""
    for index in range(head, min(end, len(tokens) - 2, head + 22)):
        if tokens[index].text == "(" and tokens[index + 2].text == ")":
            inside = tokens[index + 1]
            if _in_capitals(inside) and 2 < len(inside.text) < 9 and inside.folded not in _NO_NAMES:
                return inside.folded.removesuffix("s"), index + 3
    return "", head


_NO_NAMES = word_set("cbp usa cbsa aeo oea dian hmrc dgddi ice dhs wco oma omd sat afip abf")


def _plural(tokens: Sequence[Token], match: Match[Head | Programme]) -> bool:
    word = tokens[match.first].folded
    return word.endswith("s") and word not in ("customs", "naples", "napoles")


def _is_bare(tokens: Sequence[Token], match: Match[Head | Programme], first: int, end: int) -> bool:
    """Whether only neutral words stand beside the head: "a new bilateral agreement"."""
    allowed = neutral()
    before = all(t.folded in allowed or t.folded in QUOTES for t in tokens[first : match.first])
    after = tokens[match.last].folded if match.last < end else ""
    following = tokens[match.last + 1 : match.last + 3]
    if following and following[0].folded in _OF_THIS:
        return before
    dated = after == "on" and any(t.text[:1].isdigit() for t in following)
    return before and (after not in _SAYS_MORE or dated)


_OF_THIS = word_set("this that its ese este ce cette such")
_SAYS_MORE = word_set("on for of sur pour sobre para de d relating regarding concerning")


def _joined(tokens: Sequence[Token], named: Sequence[Named]) -> tuple[Named, ...]:
    """Two heads of one name made one: "protocol to the agreement", "declaration on the CSI"."""
    result: list[Named] = []
    for one in named:
        before = result[-1] if result else None
        if before is not None and _is_plan_of(tokens, before, one):
            # "MRA Action Plan": its head is the plan, the recognition only its aim.
            result[-1] = replace(
                one, first=before.first, kind=Programme.JWP, foreign=False, sure=True, bare=False
            )
        elif before is not None and _is_part(tokens, before, one):
            kind, foreign = before.kind or one.kind, before.foreign or one.foreign
            trade = one.foreign or one.kind is Programme.TRADE_CHAPTER
            if before.kind is Programme.CMAA and trade:
                # A protocol on assistance to a trade agreement: the register's trade chapter.
                kind, foreign = Programme.TRADE_CHAPTER, False
            elif before.kind is None and one.kind is not None:
                foreign = one.foreign
            result[-1] = replace(
                before,
                last=one.last,
                kind=None if foreign else kind,
                foreign=foreign,
                bare=False,
                acronym=one.acronym or before.acronym,
            )
        else:
            result.append(one)
    return tuple(result)


def _is_plan_of(tokens: Sequence[Token], before: Named, one: Named) -> bool:
    """Whether a plan follows the name of a recognition without a word between."""
    words = [t.folded for t in tokens[before.last : one.head]]
    return before.kind is Programme.MRA and 0 < len(words) <= 2 and words[-1] in _PLANS


_PLANS = word_set("plan plans workplan workplans programme program roadmap map")


def _is_part(tokens: Sequence[Token], before: Named, one: Named) -> bool:
    between = tokens[before.last : one.first]
    if len(between) > 5:
        return False
    words = [t.folded for t in between]
    if any(w in AND or w in "," for w in words) or set(words) & BETWEEN:
        return False
    first_word = tokens[before.first].folded
    if before.kind is Programme.JWP and not one.foreign:
        return not _TOWARDS.isdisjoint(words)
    linking = set(words) & _PART_LINKS
    is_protocol = tokens[before.head - 1].folded in _PROTOCOLS
    return bool(linking) and (is_protocol or first_word in ("joint", "declaration", "statement"))


_TOWARDS = word_set("towards toward to leading vers vue menant hacia para al rumbo")
_PART_LINKS = word_set(
    "to of on amending a al del de du l modifying updating extending modifiant "
    "modificatorio que modifica sur sobre para por"
)
_PROTOCOLS = word_set(
    "protocol protocols protocole protocolo addendum additif adenda adendum declaration "
    "principles principes principios avenant amendment annex annexe anexo notes letters "
    "lettres notas cartas memorandum understanding entendimiento intent"
)
