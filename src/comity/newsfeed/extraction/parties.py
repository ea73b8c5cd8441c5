# SPDX-License-Identifier: Apache-2.0
"""Countries, unions and customs administrations by their many names in three languages.

A party is named by its country ("Cabo Verde", "Costa Rican"), by its seat of government where two
of them act ("Washington and Brasília signed"), or by its administration ("CBP", "Receita Federal",
"HM Revenue and Customs"). A name that means something else here ("New Mexico", "Jordan Smith") is
no party. The names are in `party_names`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from comity.newsfeed.extraction.date_words import MONTHS, WEEKDAYS
from comity.newsfeed.extraction.party_names import (
    AFTER_PEOPLE,
    AFTER_SEATS,
    BEFORE_SEATS,
    CITIES_OF_GEORGIA,
    EXACT,
    GIVEN_NAMES,
    OPENING_ADVERBS,
    PEOPLE,
    PEOPLE_TITLES,
    STATES,
    Meant,
    names,
)
from comity.newsfeed.extraction.phrases import Token


class NamedBy(StrEnum):
    """By what a party is named."""

    COUNTRY = "country"
    ADJECTIVE = "adjective"
    """Such as "Brazilian", "française", "mexicanas"."""
    AUTHORITY = "authority"
    """Such as "CBP" or "Direction générale des douanes et droits indirects"."""


@dataclass(frozen=True, slots=True)
class PartyMention:
    """A party named in the text."""

    start: int
    end: int
    first: int
    """Index of its first token in the sentence."""
    last: int
    code: str
    """ISO 3166-1 alpha-2, or a group's code (`EU`)."""
    named_by: NamedBy = NamedBy.COUNTRY
    authority: str = ""
    """Code of the authority as in the register (`US/CBP`), where it is one."""
    as_place: bool = False
    """Named as where something is: "in Brazil", "at the port of Callao, Peru"."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A name that was found: tokens `first` up to but not including `last`."""

    first: int
    last: int
    meant: Meant


def parties_in(tokens: Sequence[Token]) -> tuple[PartyMention, ...]:
    """Every party among the tokens, from left to right, not overlapping.

    Words that name one party together ("the customs administration of Uruguay", "Brazil's Customs
    Authority Receita Federal", "the Government of the Republic of Chile") are one mention.
    """
    pieces = _with_seats(tokens, _pieces(tokens))
    named = {p.meant.codes[0] for p in pieces if len(p.meant.codes) == 1}
    mentions: list[PartyMention] = []
    waiting: _Piece | None = None
    for place, piece in enumerate(pieces):
        if _is_a_common_name(tokens, pieces, place, named):
            piece = replace(piece, meant=_OFFICE)
        if piece.meant.kind == "office" and mentions and _owns(tokens, mentions[-1], piece):
            mentions[-1] = _widened(tokens, mentions[-1], piece.last)
            waiting = None
        elif piece.meant.kind in ("office", "title"):
            waiting = _joined_pieces(tokens, waiting, piece)
        elif code := _code(piece.meant, _beside(tokens, pieces, place) or named):
            mention = _mention(tokens, piece, code, waiting)
            waiting = None
            if mentions and _same(tokens, mentions[-1], mention):
                mentions[-1] = _merged(tokens, mentions[-1], mention)
            else:
                mentions.append(mention)
    return tuple(mentions)


# ---------------------------------------------------------------- names and what they mean here


def _pieces(tokens: Sequence[Token]) -> list[_Piece]:
    """The names among the tokens that mean a party, or belong to the name of one."""
    found: list[_Piece] = []
    for match in names().find(tokens):
        # "the Netherlands": the article in small letters, the name with a capital.
        capital = any(token.capitalised for token in tokens[match.first : match.last])
        meant = match.value.capital if capital else match.value.small
        if meant is None or meant.kind == "none":
            continue
        piece = _Piece(match.first, match.last, meant)
        if not _is_something_else(tokens, piece, found):
            found.append(piece)
    return found


def _is_something_else(tokens: Sequence[Token], piece: _Piece, found: Sequence[_Piece]) -> bool:
    """Whether it is a man's name, a town of the same name, or a state of the US."""
    first, last = piece.first, piece.last
    if piece.meant.kind == "compound":
        return last == len(tokens) or not tokens[last].hyphened
    if piece.meant.kind not in ("country", "adjective"):
        return False
    if last - first == 1 and tokens[first].text in EXACT:
        return True
    if piece.meant.kind == "country" and _word(tokens, last) == ",":
        states = STATES.at(tokens, last + 1) if last + 1 < len(tokens) else None
        if states is not None and piece.meant.codes != ("US",):
            return True
    word = tokens[first].folded
    if word == "georgia" and _is_state(tokens, first, found):
        return True
    return last - first == 1 and word in PEOPLE and _is_person(tokens, first)


def _is_state(tokens: Sequence[Token], at: int, found: Sequence[_Piece]) -> bool:
    """Whether it is the Georgia of "Atlanta, Georgia"."""
    if _word(tokens, at - 1) != "," or at < 2:
        return False
    city = tokens[at - 2]
    named = bool(found) and found[-1].last == at - 1
    opens = city.folded in MONTHS or city.folded in WEEKDAYS or city.folded in OPENING_ADVERBS
    known = city.folded in CITIES_OF_GEORGIA or opens
    return city.capitalised and not known and not named


def _is_person(tokens: Sequence[Token], at: int) -> bool:
    """Whether the country is part of somebody's name: "Jordan Smith", "Officer Jordan"."""
    before = _word(tokens, at - 1)
    if before == ".":
        before = _word(tokens, at - 2)
    if before in PEOPLE_TITLES or before in GIVEN_NAMES:
        return True
    if at + 1 >= len(tokens) or tokens[at + 1].start - tokens[at].end != 1:
        return False
    after = tokens[at + 1]
    surname = after.capitalised and not after.in_capitals and after.text.isalpha()
    return surname and after.folded not in AFTER_PEOPLE and names().at(tokens, at + 1) is None


def _with_seats(tokens: Sequence[Token], pieces: list[_Piece]) -> list[_Piece]:
    """Without cities, but for two seats of government that act together."""
    if not any(piece.meant.kind == "seat" for piece in pieces):
        return pieces
    kept = []
    for place, piece in enumerate(pieces):
        beside = [p for p in pieces[max(0, place - 1) : place + 2] if p.meant.kind == "seat"]
        if piece.meant.kind != "seat" or _act(tokens, beside):
            kept.append(piece)
    return kept


def _act(tokens: Sequence[Token], seats: Sequence[_Piece]) -> bool:
    if len(seats) < 2:
        return False
    one, other = seats[:2]
    joint = tokens[one.last].folded if other.first - one.last == 1 else ""
    if joint not in ("and", "et", "y", "e"):
        return False
    return _word(tokens, one.first - 1) in BEFORE_SEATS or (
        _word(tokens, other.last) in AFTER_SEATS
    )


_OFFICE = Meant((), "office")
_GENITIVES = frozenset(("of", "for", "de", "du", "des", "del", "d"))


def _is_a_common_name(
    tokens: Sequence[Token], pieces: Sequence[_Piece], place: int, named: set[str]
) -> bool:
    """Whether an administration's name is another's here: "… General de Aduanas de China"."""
    piece = pieces[place]
    if piece.meant.kind != "authority":
        return False
    last = piece.last
    genitive = last < len(tokens) and tokens[last].folded in _GENITIVES
    for after in pieces[place + 1 :] if genitive else ():
        if not _connected(tokens, last, after.first, _CONNECTING):
            break
        if after.meant.kind == "country":
            return not set(after.meant.codes) & set(piece.meant.codes)
        if after.meant.kind != "title":
            break
        last = after.last
    return not _code(piece.meant, _beside(tokens, pieces, place) or named)


def _beside(tokens: Sequence[Token], pieces: Sequence[_Piece], place: int) -> set[str]:
    """Of a shared name, the country that stands with it: "SAT de Guatemala"."""
    if len(pieces[place].meant.codes) == 1:
        return set()
    by = _CONNECTING | _OWNING
    next_to = [
        (pieces[place - 1], pieces[place - 1].last, pieces[place].first) if place else None,
        (pieces[place + 1], pieces[place].last, pieces[place + 1].first)
        if place + 1 < len(pieces)
        else None,
    ]
    return {
        code
        for found in next_to
        if found is not None and _connected(tokens, found[1], found[2], by)
        for code in found[0].meant.codes
    }


def _code(meant: Meant, named: set[str]) -> str:
    """Whose name it is; of a shared one, whichever the sentence names besides."""
    if len(meant.codes) == 1:
        return meant.codes[0]
    besides = [code for code in meant.codes if code in named]
    return besides[0] if len(besides) == 1 else meant.default


# ---------------------------------------------------------------- names that belong together

_NAMED_BY = {
    "country": NamedBy.COUNTRY,
    "seat": NamedBy.COUNTRY,
    "adjective": NamedBy.ADJECTIVE,
    "compound": NamedBy.ADJECTIVE,
    "authority": NamedBy.AUTHORITY,
}
_WEIGHT = (NamedBy.ADJECTIVE, NamedBy.COUNTRY, NamedBy.AUTHORITY)
_ARTICLES = frozenset(("the", "la", "le", "les", "los", "las", "el", "l"))
_CONNECTING = _ARTICLES | {"of", "for", "de", "du", "des", "del", "d", "do", "da", "dos"}
_OWNING = frozenset(("s", "("))
_LOCATING = frozenset(("in", "en", "within", "inside", "throughout", "across"))
_TO_PLACES = frozenset(("in", "at", "from", "to", "near", "of", "en", "a", "de", "desde", "hasta"))


def _mention(
    tokens: Sequence[Token], piece: _Piece, code: str, waiting: _Piece | None
) -> PartyMention:
    """The mention, with the office or the title that stands before the country."""
    kind = piece.meant.kind
    named_by = _NAMED_BY[kind]
    first = piece.first
    if waiting is not None and _connected(tokens, waiting.last, first, _CONNECTING):
        first = waiting.first
        if waiting.meant.kind == "office":
            named_by = NamedBy.AUTHORITY
    place = named_by is NamedBy.COUNTRY and kind != "seat" and _stands_as_place(tokens, first)
    start, end = tokens[first].start, tokens[piece.last - 1].end
    authority = piece.meant.authority
    return PartyMention(start, end, first, piece.last, code, named_by, authority, place)


def _joined_pieces(tokens: Sequence[Token], waiting: _Piece | None, piece: _Piece) -> _Piece:
    """The `Customs Committee` and `of the Republic of` wait together for their country."""
    if waiting is None or not _connected(tokens, waiting.last, piece.first, _CONNECTING):
        return piece
    meant = waiting.meant if waiting.meant.kind == "office" else piece.meant
    return _Piece(waiting.first, piece.last, meant)


def _owns(tokens: Sequence[Token], mention: PartyMention, office: _Piece) -> bool:
    """Whether the office is theirs: `Brazil's Customs Authority`, `Jordan Customs`."""
    return _connected(tokens, mention.last, office.first, _OWNING)


def _same(tokens: Sequence[Token], before: PartyMention, mention: PartyMention) -> bool:
    return before.code == mention.code and _connected(
        tokens, before.last, mention.first, _CONNECTING | _OWNING
    )


def _connected(tokens: Sequence[Token], last: int, first: int, by: frozenset[str]) -> bool:
    """Whether at most four such words stand between, and nothing else."""
    return first - last <= 4 and all(token.folded in by for token in tokens[last:first])


def _merged(tokens: Sequence[Token], one: PartyMention, other: PartyMention) -> PartyMention:
    named_by = max(one.named_by, other.named_by, key=_WEIGHT.index)
    authority = one.authority or other.authority
    return replace(
        _widened(tokens, one, other.last),
        named_by=named_by,
        authority=authority,
        as_place=one.as_place and named_by is not NamedBy.AUTHORITY,
    )


def _widened(tokens: Sequence[Token], mention: PartyMention, last: int) -> PartyMention:
    """The mention up to this token, and the bracket that closes what it opened."""
    opened = any(token.text == "(" for token in tokens[mention.first : last])
    last += opened and _word(tokens, last) == ")"
    end = tokens[last - 1].end
    return replace(mention, last=last, end=end, named_by=NamedBy.AUTHORITY, as_place=False)


def _stands_as_place(tokens: Sequence[Token], at: int) -> bool:
    before = at - 1
    while _word(tokens, before) in _ARTICLES:
        before -= 1
    if _word(tokens, before) in _LOCATING:
        return True
    if _word(tokens, before) != ",":
        return False
    city = before - 1
    while city >= 0 and before - city <= 4 and tokens[city].capitalised:
        city -= 1
    return before - 1 - city > 0 and _word(tokens, city) in _TO_PLACES


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].folded if 0 <= at < len(tokens) else ""
