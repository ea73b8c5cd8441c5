# SPDX-License-Identifier: Apache-2.0
"""People and the capacity in which a text names them: signatories, visitors, nominees.

Found are only people who stand beside their capacity ("CBP Commissioner Alex North", "Alex North,
Chair of the Customs Committee,", "le directeur général des douanes, M. Alex North"). Both are
given as the text has them; a name alone is nobody's. The words are in `vocabulary/people.yaml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.phrases import Match, Phrases, Token, folded
from comity.reference.yaml_files import read_yaml

Stretch = tuple[int, int]
"""Tokens from the first up to but not including the second."""


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A person and the capacity; `start` to `end` is the whole of it, tokens `first` to `last`."""

    start: int
    end: int
    first: int
    last: int
    name_start: int
    name_end: int
    capacity_start: int
    capacity_end: int
    name: Stretch
    """Its tokens."""
    capacity: Stretch
    party: str = ""
    """Country or group for which the person acts, where the capacity names it."""


def people_in(
    tokens: Sequence[Token], parties: Sequence[PartyMention]
) -> tuple[PersonMention, ...]:
    """Everybody named with a capacity, from left to right, not overlapping."""
    found: list[PersonMention] = []
    beyond = 0
    for post in posts().find(tokens):
        if post.first < beyond:
            continue
        person = _person(tokens, parties, post, beyond)
        if person is not None:
            found.append(person)
            beyond = person.last
    return tuple(found)


def name_at(
    tokens: Sequence[Token], at: int, parties: Sequence[PartyMention] = (), *, least: int = 2
) -> Stretch | None:
    """The name that begins at this token, honorifics before it left out."""
    honoured = False
    while _word(tokens, at) in _set("honorifics"):
        honoured = True
        at += 1 + (_word(tokens, at + 1) == ".")
    begin, last, words = at, at, 0
    taken = {p.first for p in parties}
    while at < len(tokens) and words < 7 and at not in taken:
        if words and tokens[at].folded in _set("particles") and not tokens[at].capitalised:
            at += 1
            continue
        if not _goes_on(tokens, at, words):
            break
        words += not tokens[at].hyphened or tokens[at].capitalised
        at += 1
        if _word(tokens, at) == "." and len(tokens[at - 1].text) == 1:
            at += 1
        last = at
    if last > begin and len(tokens[last - 1].text) == 1 and words < 2:
        return None
    return (begin, last) if words >= (1 if honoured else least) else None


def _goes_on(tokens: Sequence[Token], at: int, words: int) -> bool:
    """Whether a name of so many words begins or goes on with this one."""
    token = tokens[at]
    if words and is_form_of_address(token):
        return False
    if _is_name_word(token):
        return True
    # "Kwang-hyo", "Tae-il"; "Tobías del Este"
    continued = (token.hyphened and token.text.isalpha()) or _follows_particle(tokens, at)
    return words > 0 and continued


def is_form_of_address(token: Token) -> bool:
    """Whether a name begins behind it: "Mme", "Sr."."""
    return token.capitalised and token.folded in _set("forms_of_address")


def _follows_particle(tokens: Sequence[Token], at: int) -> bool:
    """Whether a small "del" or "de la" makes a name of a word that else is none."""
    token, before = tokens[at], tokens[at - 1]
    return (
        token.text.istitle()
        and token.folded in _set("no_names")
        and token.folded not in _set("bodies")
        and not before.capitalised
        and before.folded in _set("name_articles")
    )


def names_in(tokens: Sequence[Token], parties: Sequence[PartyMention] = ()) -> tuple[Stretch, ...]:
    """Every name of two words or more, from left to right, with a capacity or without."""
    found: list[Stretch] = []
    at = 0
    while at < len(tokens):
        name = name_at(tokens, at, parties) if tokens[at].capitalised else None
        if name is not None:
            found.append(name)
        at = name[1] if name else at + 1
    return tuple(found)


def capacity_at(
    tokens: Sequence[Token], parties: Sequence[PartyMention], post: Stretch, *, lowest: int = 0
) -> Stretch:
    """The whole capacity of which these tokens are the post."""
    return _left(tokens, parties, post[0], lowest), _capacity_end(tokens, parties, post[1])


def name_before(
    tokens: Sequence[Token], end: int, parties: Sequence[PartyMention] = (), lowest: int = 0
) -> Stretch | None:
    """The name that ends right before this token: two words at least."""
    begin = end
    while begin > lowest and (
        _is_name_word(tokens[begin - 1])
        or tokens[begin - 1].folded in _set("particles")
        or (tokens[begin - 1].text == "." and begin > 1 and len(tokens[begin - 2].text) == 1)
    ):
        begin -= 1
        if is_form_of_address(tokens[begin]):
            break
    while begin < end:
        found = name_at(tokens, begin, parties)
        if found is not None and found[1] == end:
            return found
        begin += 1
    return None


def _is_name_word(token: Token) -> bool:
    text = token.text
    if not text[0].isupper() or not text[0].isalpha():
        return False
    word = token.folded
    if word in _set("no_names") or word in _set("bodies") or word in _post_words():
        return False
    # Capitals only: a surname as French has it (DUPONT), or initials (J.P.), but no acronym.
    return not text.isupper() or len(text) == 1 or len(text) > 4 or "." in text


def _person(
    tokens: Sequence[Token], parties: Sequence[PartyMention], post: Match[str], lowest: int
) -> PersonMention | None:
    first = _left(tokens, parties, post.first, lowest)
    before = _named_before(tokens, parties, first, lowest)
    if before is not None:
        last = _capacity_end(tokens, parties, post.last)
        return _made(tokens, parties, before, (first, last))
    if _is_definite(tokens, first):
        last = _capacity_end(tokens, parties, post.last)
        name = name_at(tokens, last + 1, parties) if _word(tokens, last) == "," else None
        if name is not None:
            return _made(tokens, parties, name, (first, last))
    last = _right(tokens, parties, post.last)
    name = name_at(tokens, last, parties, least=1 if last == post.last else 2)
    return None if name is None else _made(tokens, parties, name, (first, last))


def _left(tokens: Sequence[Token], parties: Sequence[PartyMention], at: int, lowest: int) -> int:
    """Where the capacity begins: at the party, the body or the rank before the post."""
    ends = {p.last: p.first for p in parties}
    begin = at
    while begin > lowest:
        before = begin - 1
        if begin in ends:
            begin = ends[begin]
        elif tokens[before].folded == "s" and before in ends:
            begin = ends[before]
        elif tokens[before].folded == "s" and _is_body(tokens, before - 1):
            begin = before - 1
        elif _leads_to_post(tokens, before):
            begin = before
        elif (
            tokens[before].folded in ("of", "and")
            and before > lowest
            and tokens[before - 1].capitalised
            and tokens[before - 1].folded in _set("bodies")
        ):
            begin = before - 1
        else:
            break
    return max(begin, lowest)


def _leads_to_post(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word belongs to the post behind it: "Acting", "Asst.", "Customs"."""
    rank = at - 1 if tokens[at].text == "." else at
    return _word(tokens, rank) in _set("before_posts") or _is_body(tokens, at)


def _is_body(tokens: Sequence[Token], at: int) -> bool:
    return at >= 0 and tokens[at].capitalised and tokens[at].folded in _set("bodies")


def _right(tokens: Sequence[Token], parties: Sequence[PartyMention], at: int) -> int:
    """Where the capacity ends when the name follows it."""
    begins = {p.first: p.last for p in parties}
    end = at
    while at < len(tokens):
        if at in begins:
            at = end = begins[at]
        elif _goes_with_post(tokens[at]):
            at = end = at + 1
        elif tokens[at].folded in _set("connecting") | {"s"} and not tokens[at].capitalised:
            at += 1
        elif _is_bracketed(tokens, at):
            at = end = at + 3
        else:
            break
    return end


def _goes_with_post(token: Token) -> bool:
    """Whether it is a body, an acronym of one, or a rank behind the post."""
    acronym = token.in_capitals and len(token.text) <= 5 and "." not in token.text
    return acronym or token.folded in _set("after_posts") or token.folded in _set("bodies")


def _is_bracketed(tokens: Sequence[Token], at: int) -> bool:
    """An acronym in brackets: "(DIAN)"."""
    return (
        _word(tokens, at) == "("
        and at + 2 < len(tokens)
        and tokens[at + 1].in_capitals
        and tokens[at + 2].text == ")"
    )


def _capacity_end(tokens: Sequence[Token], parties: Sequence[PartyMention], at: int) -> int:
    """Where the capacity ends that stands behind the name: at a mark, a verb or the next name."""
    begins = {p.first: p.last for p in parties}
    begin = end = at
    while at < len(tokens):
        if at in begins:
            at = end = begins[at]
        elif _is_bracketed(tokens, at):
            at = end = at + 3
        elif tokens[at].folded in ("and", "et", "y") and _names_somebody(tokens, at + 1, parties):
            second = posts().at(tokens, at + 1)
            if second is None or name_at(tokens, _right(tokens, parties, second.last)) is not None:
                break
            at = end = second.last
        elif _connects(tokens, at, post_end=begin):
            at += 1
        elif _belongs_to_post(tokens, at, post_end=begin):
            at = end = at + 1
        else:
            break
    return end


def _connects(tokens: Sequence[Token], at: int, *, post_end: int) -> bool:
    """Whether more of the capacity may follow: "of", or a comma within "Trade, Industry"."""
    if tokens[at].text != ",":
        return tokens[at].folded in _set("connecting") or tokens[at].folded == "s"
    following = at + 1
    while _word(tokens, following) in _set("articles") | _set("genitives"):
        following += 1
    ministry = _word(tokens, post_end - 1).startswith("minist")
    return ministry and following < len(tokens) and _is_body(tokens, following)


def _belongs_to_post(tokens: Sequence[Token], at: int, *, post_end: int) -> bool:
    """Whether the word goes on with the capacity: a body, or what the post is of."""
    token = tokens[at]
    if not token.text[0].isalpha():
        return False
    if token.capitalised or token.folded in _set("bodies") or token.folded in _set("after_posts"):
        return True
    lead = at - 1
    while lead > post_end and tokens[lead].folded in _set("articles"):
        lead -= 1
    before = tokens[lead - 1].folded
    directly = lead == post_end or before in ("and", "et", "y") or before in _set("units")
    return tokens[lead].folded in _set("genitives") and directly


def _names_somebody(tokens: Sequence[Token], at: int, parties: Sequence[PartyMention]) -> bool:
    """Whether somebody else is named here: a name before a comma, or another post."""
    while _word(tokens, at) in ("the", "le", "la", "el", "l"):
        at += 1
    name = name_at(tokens, at, parties)
    if name is not None and _word(tokens, name[1]) in (",", "(", ""):
        return True
    following = posts().at(tokens, at)
    begins = {p.first: p.last for p in parties}
    beyond = begins.get(at, at)
    beyond += _word(tokens, beyond) == "s"
    while _word(tokens, beyond) in _set("before_posts"):
        beyond += 1
    return following is not None or (beyond > at and posts().at(tokens, beyond) is not None)


def _named_before(
    tokens: Sequence[Token], parties: Sequence[PartyMention], first: int, lowest: int
) -> Stretch | None:
    """The name before the capacity, a comma or a bracket between them."""
    at = first - 1
    while _word(tokens, at) in ("the", "le", "la", "el", "l", "an", "a", "new", "its", "their"):
        at -= 1
    if at < 1:
        return None
    if _word(tokens, at) == "(":
        return name_before(tokens, at, parties, lowest)
    if _word(tokens, at) != ",":
        return None
    if _word(tokens, at - 1) == ")":
        opened = at - 2
        while opened > lowest and tokens[opened].text != "(" and at - opened < 6:
            opened -= 1
        return name_before(tokens, opened, parties, lowest) if tokens[opened].text == "(" else None
    return name_before(tokens, at, parties, lowest)


def _is_definite(tokens: Sequence[Token], first: int) -> bool:
    """Whether an article stands before the capacity: only then its bearer may follow a comma."""
    return first == 0 or _word(tokens, first - 1) in _DEFINITE or _word(tokens, first + 1) == "s"


_DEFINITE = frozenset(
    ("the", "le", "la", "el", "l", "al", "del", "au", "du", "its", "their", "su", "son", "sa")
)


def _made(
    tokens: Sequence[Token],
    parties: Sequence[PartyMention],
    name: Stretch,
    capacity: Stretch,
) -> PersonMention:
    first, last = min(name[0], capacity[0]), max(name[1], capacity[1])
    party = next((p.code for p in parties if capacity[0] <= p.first < capacity[1]), "")
    return PersonMention(
        start=tokens[first].start,
        end=tokens[last - 1].end,
        first=first,
        last=last,
        name_start=tokens[name[0]].start,
        name_end=tokens[name[1] - 1].end,
        capacity_start=tokens[capacity[0]].start,
        capacity_end=tokens[capacity[1] - 1].end,
        name=name,
        capacity=capacity,
        party=party,
    )


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].folded if 0 <= at < len(tokens) else ""


_FILE = read_yaml(Path(__file__).parent / "vocabulary" / "people.yaml")


@cache
def posts(kind: str = "posts") -> Phrases[str]:
    """The words for posts, to be found in a text; also `seats` and `organisations`."""
    return Phrases(
        (phrase, phrase)
        for language in _FILE.at(kind).names()
        for phrase in _FILE.at(kind).texts(language)
    )


@cache
def _post_words() -> frozenset[str]:
    return posts().first_words | _set("before_posts")


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(folded(word) for word in _FILE.text(name).split())
