# SPDX-License-Identifier: Apache-2.0
"""Numbers with their units, the goods counted by them, and sums of money, in three languages.

"1,650 kg of cocaine", "1 650 kg de cocaïne", "dos toneladas de cocaína", "12,000 counterfeit
watches", "$2.3 million". Values stay as written; a number that is a day, an age or an hour is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from comity.newsfeed.extraction.phrases import Match, Phrases, Token
from comity.newsfeed.extraction.reading import ReadSentence
from comity.newsfeed.extraction.wordlists import phraselist, wordlist, wordset

_SYMBOLS = frozenset("$€£¥")
_SIGNS = _SYMBOLS | frozenset("0123456789")
_CURRENCY_PREFIXES = frozenset({"us", "usd", "eur", "gbp", "cad", "mxn", "r", "aud"})
_OF = frozenset({"of", "de", "d", "du", "des", "del"})
_LONGEST_PHRASE = 9


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """Some words of a sentence: places in the text and indices of its tokens."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, and what it counts where that is said."""

    start: int
    end: int
    first: int
    last: int
    number: float
    goods: NounPhrase | None = None
    money: bool = False
    """Whether it is a sum of money; its goods are then the currency itself."""


def quantities_in(sentence: ReadSentence) -> tuple[Quantity, ...]:
    """Every quantity of the sentence, from left to right, not overlapping."""
    return tuple(_found(sentence))


def _found(sentence: ReadSentence) -> Iterator[Quantity]:
    tokens = sentence.sentence.tokens
    taken = _days(sentence)
    begins = number_places(tokens)
    units = {match.first: match for match in sentence.find(_units())} if begins else {}
    after = 0
    for position in begins:
        if position < after or position in taken:
            continue
        quantity = _money(tokens, position) or _counted(tokens, position, units)
        if quantity is not None:
            yield quantity
            after = max(quantity.last, quantity.goods.last if quantity.goods else 0)


def number_places(tokens: Sequence[Token]) -> list[int]:
    """The places at which a number or a sum of money can begin."""
    words = _beginnings()
    return [at for at, t in enumerate(tokens) if t.text[0] in _SIGNS or t.folded in words]


def _days(sentence: ReadSentence) -> frozenset[int]:
    """Indices of the words that belong to a date."""
    if not any(token.text[:1].isdigit() for token in sentence.sentence.tokens):
        return frozenset()
    return frozenset(index for day in sentence.dates for index in range(day.first, day.last))


def number_at(tokens: Sequence[Token], position: int) -> tuple[int, float] | None:
    """The index after the number that begins here, and the number."""
    end, value = _digits(tokens, position) or _words(tokens, position) or (0, 0.0)
    if not end:
        return None
    while end < len(tokens) and tokens[end].folded in _magnitudes():
        value *= _MAGNITUDES.get(tokens[end].folded, 10)
        end += 1
        end, value = _and_rest(tokens, end, value)
    return (end, value) if value != _THOUSAND_ALONE else _and_rest(tokens, end, value)


def _and_rest(tokens: Sequence[Token], end: int, value: float) -> tuple[int, float]:
    """What follows a magnitude: "mil 190", "sept cent cinquante-deux"."""
    if end >= len(tokens) or tokens[end].start > tokens[end - 1].end + 1:
        return end, value
    rest = _digits(tokens, end) or _words(tokens, end)
    return (rest[0], value + rest[1]) if rest is not None and rest[1] < value else (end, value)


def _digits(tokens: Sequence[Token], position: int) -> tuple[int, float] | None:
    if not tokens[position].text[:1].isdigit() or ":" in tokens[position].text:
        return None
    written, end = tokens[position].text, position + 1
    if (
        end < len(tokens)
        and tokens[end].start == tokens[position].end
        and tokens[end].folded in _ORDINAL
    ):
        return None
    while written.isdigit() and end < len(tokens) and _is_group(tokens, end):
        written += tokens[end].text
        end += 1
    return end, _value(written)


def _is_group(tokens: Sequence[Token], at: int) -> bool:
    """Whether three digits follow after a space: "1 066,5" is one number."""
    before, token = tokens[at - 1], tokens[at]
    digits = token.text.replace(".", ",").split(",")[0]
    if token.start != before.end + 1 or len(before.text) > 3 or not before.text.isdigit():
        return False
    return digits.isdigit() and len(digits) == 3 and ":" not in token.text


def _value(written: str) -> float:
    """A number as written with points or commas: three digits after each make them groups."""
    parts = written.replace(",", ".").split(".")
    grouped = len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and parts[0] != "0"
    if grouped:
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1]) if len(parts) > 1 else float(written)


def _words(tokens: Sequence[Token], position: int) -> tuple[int, float] | None:
    end, value = position, 0.0
    while end < len(tokens) and tokens[end].folded in _number_words():
        value += _NUMBERS.get(tokens[end].folded, 1)
        end += 1
        if end + 1 < len(tokens) and tokens[end].folded in {"y", "et"}:
            end += tokens[end + 1].folded in _number_words()
    if end == position and tokens[position].folded in _THOUSAND:
        return position + 1, _THOUSAND_ALONE
    return (end, value) if end > position else None


def _money(tokens: Sequence[Token], position: int) -> Quantity | None:
    """A sum of money that begins here: its currency stands before or after the number."""
    at = position
    if tokens[at].folded in _CURRENCY_PREFIXES and at + 1 < len(tokens):
        at += 1
    if tokens[at].text in _SYMBOLS and at + 1 < len(tokens):
        found = _digits(tokens, at + 1) and number_at(tokens, at + 1)
    elif at > position:
        found = None if tokens[position].folded in {"us", "r"} else number_at(tokens, at)
    else:
        return _money_after(tokens, position)
    return _sum(tokens, position, *found) if found else None


def _money_after(tokens: Sequence[Token], position: int) -> Quantity | None:
    found = number_at(tokens, position)
    if found is None or found[0] >= len(tokens):
        return None
    end, number = found
    at = end + (tokens[end].folded in _OF)
    if at < len(tokens) and tokens[at].text in _SYMBOLS:
        return _sum(tokens, position, at + 1, number)
    match = _starting(_currencies(), tokens, at)
    return _sum(tokens, position, match.last, number) if match else None


def _sum(tokens: Sequence[Token], first: int, last: int, number: float) -> Quantity:
    goods = _undeclared(tokens, last)
    at = last if goods is None else len(tokens)
    while at < len(tokens) and tokens[at].folded in _JOINS_CASH:
        at += 1
    if at < len(tokens):
        phrase = noun_phrase(tokens, at)
        if phrase and any(t.folded in _cash() for t in tokens[phrase.first : phrase.last]):
            goods = phrase
    return Quantity(
        tokens[first].start, tokens[last - 1].end, first, last, number, goods, money=True
    )


def _undeclared(tokens: Sequence[Token], last: int) -> NounPhrase | None:
    """Money is the goods where it was not declared: "75.000 dólares no declarados"."""
    end = last
    while end < len(tokens) and end < last + 3 and tokens[end].folded in _UNDECLARED:
        end += 1
    if end == last or not tokens[last - 1].text[0].isalpha():
        return None
    return NounPhrase(tokens[last - 1].start, tokens[end - 1].end, last - 1, end)


def _counted(
    tokens: Sequence[Token], position: int, units: dict[int, Match[str]]
) -> Quantity | None:
    found = number_at(tokens, position) or _one_weight(tokens, position)
    if found is None:
        return None
    end, number = found
    at = end + (end < len(tokens) and tokens[end].folded in _OF and _large(tokens[end - 1]))
    if at >= len(tokens) or tokens[at].text in {"%", "º", "°"}:
        return None
    unit = units.get(at)
    if unit is None or _goes_on(tokens, unit.last):
        goods = noun_phrase(tokens, at)
        if goods is None or _counts_no_goods(tokens, at):
            return None
        return Quantity(tokens[position].start, tokens[end - 1].end, position, end, number, goods)
    at, end = unit.last, unit.last - (tokens[unit.last - 1].folded in {"of", "de", "d"})
    if at < len(tokens) and tokens[at].text == "." and tokens[at].start == tokens[at - 1].end:
        at += 1
    goods = _of_goods(tokens, at, units) if at < len(tokens) else None
    return Quantity(tokens[position].start, tokens[end - 1].end, position, end, number, goods)


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a unit is itself the thing counted: "20 piezas arqueológicas"."""
    if at >= len(tokens) or tokens[at].folded in _OF | _articles() | {"the"}:
        return False
    if tokens[at - 1].folded in _OF:
        return False  # a unit that has its "of" already: "comprimés de tramadol"
    return tokens[at].text[0].isalpha() and not _ends(tokens, at, at)


def _of_goods(tokens: Sequence[Token], at: int, units: dict[int, Match[str]]) -> NounPhrase | None:
    """What stands after a unit and "of"; a unit between is passed over ("packs of bottles of")."""
    begun = tokens[at - 1].folded in _OF
    while at < len(tokens) and tokens[at].folded in _OF | {"the"}:
        begun, at = True, at + 1
    return noun_phrase(tokens, at) if begun and at < len(tokens) else None


def _one_weight(tokens: Sequence[Token], position: int) -> tuple[int, float] | None:
    """The number one in "une tonne", "half a ton", "media tonelada"."""
    following = position + 1
    if tokens[position].folded not in {"a", "une", "una", "media", "half"}:
        return None
    if tokens[position].text in {"à", "À"} or following >= len(tokens):
        return None
    return (following, 1.0) if tokens[following].folded in {"ton", "tonne", "tonelada"} else None


def _counts_no_goods(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].folded in _no_goods() or not tokens[at].text[:1].isalpha()


def _large(token: Token) -> bool:
    return token.folded in _magnitudes()


def noun_phrase(tokens: Sequence[Token], at: int) -> NounPhrase | None:
    """The words from here to where a noun phrase ends, without an article before it."""
    while at < len(tokens) and tokens[at].folded in _articles() and tokens[at].text != "à":
        at += 1
    end = at + (at + 1 < len(tokens) and tokens[at].folded in _ADJECTIVES)
    while end < len(tokens) and end - at < _LONGEST_PHRASE and not _ends(tokens, at, end):
        end += 1
    while end > at and tokens[end - 1].folded in _OF | _articles():
        end -= 1
    if end == at or tokens[at].folded in _OF:
        return None
    return NounPhrase(tokens[at].start, tokens[end - 1].end, at, end)


def _ends(tokens: Sequence[Token], at: int, end: int) -> bool:
    token = tokens[end]
    if not token.text[:1].isalnum():
        return True
    if token.folded in {"or", "argent"} and end and tokens[end - 1].folded in {"d", "en"}:
        return False
    if token.folded in _OF and end + 1 < len(tokens) and tokens[end + 1].folded in _ONE:
        return True  # "d'une valeur de", "de un valor"
    if token.folded in {"en", "a"} and end + 1 < len(tokens):
        return tokens[end + 1].folded not in wordset("quantities", "materials")
    if token.folded in _phrase_ends():
        return True
    return bool(
        token.text[0].isdigit() and end > at and token.text.isdigit() and len(token.text) != 4
    )


def object_after(tokens: Sequence[Token], at: int) -> tuple[NounPhrase, ...]:
    """The noun phrases that stand here, joined by commas and "and": objects of a verb before."""
    found: list[NounPhrase] = []
    while at < len(tokens):
        phrase = noun_phrase(tokens, at)
        if phrase is None or phrase.first - at > 2:
            break
        found.append(phrase)
        at = phrase.last
        while at < len(tokens) and tokens[at].folded in _JOINS and at - phrase.last < 2:
            at += 1
        if at == phrase.last:
            break
    return tuple(found)


def _starting(phrases: Phrases[str], tokens: Sequence[Token], at: int) -> Match[str] | None:
    """The phrase that begins exactly here."""
    found = phrases.find(tokens[at : at + 4])
    if not found or found[0].first != 0:
        return None
    match = found[0]
    return Match(match.start, match.end, at, at + match.last, match.value)


_UNDECLARED = frozenset({"no", "non", "sin", "declarados", "declares", "undeclared", "declarar"})
_ADJECTIVES = frozenset({"looted", "stolen", "smuggled", "mixed"})
"""Words that end a phrase, but may begin one."""
_ORDINAL = frozenset({"th", "st", "nd", "rd", "er", "ere", "e", "eme"})
_ONE = frozenset({"une", "un", "una"})
_JOINS = frozenset({",", "and", "et", "y", "e", "or", "as", "well"})
_JOINS_CASH = frozenset({"in", "en", "of", "de", "d"})
_THOUSAND_ALONE = 1000.0
_THOUSAND = frozenset({"mil", "mille"})
_MAGNITUDES = {
    **dict.fromkeys(("hundred", "cent", "cents", "cien", "cientos", "centaine", "centaines"), 100),
    **dict.fromkeys(("centenar", "centenares"), 100),
    **dict.fromkeys(("thousand", "mille", "millier", "milliers", "mil", "miles"), 1000),
    **dict.fromkeys(("million", "millions", "millon", "millones"), 10**6),
    **dict.fromkeys(("billion", "milliard", "milliards"), 10**9),
    **dict.fromkeys(("dozen", "dozens", "douzaine", "douzaines", "docena", "docenas"), 12),
}
_NUMBERS = {
    word: number
    for number, words in {
        1: "one", 2: "two deux dos", 3: "three trois tres", 4: "four quatre cuatro",
        5: "five cinq cinco", 6: "six seis", 7: "seven sept siete", 8: "eight huit ocho",
        9: "nine neuf nueve", 10: "ten dix diez", 11: "eleven onze", 12: "twelve douze doce",
        13: "thirteen treize trece", 14: "fourteen quatorze catorce", 15: "fifteen quinze quince",
        16: "sixteen dieciseis", 17: "seventeen diecisiete", 18: "eighteen dieciocho",
        19: "nineteen diecinueve", 20: "twenty vingt veinte", 21: "veintiun veintiuno",
        22: "veintidos", 23: "veintitres", 24: "veinticuatro", 25: "veinticinco",
        26: "veintiseis", 27: "veintisiete", 28: "veintiocho", 29: "veintinueve",
        30: "thirty trente treinta", 40: "forty quarante cuarenta",
        50: "fifty cinquante cincuenta", 60: "sixty soixante sesenta", 70: "seventy setenta",
        80: "eighty ochenta", 90: "ninety noventa", 200: "doscientos doscientas",
        300: "trescientos trescientas", 400: "cuatrocientos cuatrocientas",
        500: "quinientos quinientas", 600: "seiscientos seiscientas",
    }.items()
    for word in words.split()
}  # fmt: skip


@cache
def _beginnings() -> frozenset[str]:
    return _number_words() | _THOUSAND | _CURRENCY_PREFIXES | {"a", "une", "una", "media", "half"}


@cache
def _units() -> Phrases[str]:
    return phraselist("quantities", "units")


@cache
def _currencies() -> Phrases[str]:
    return Phrases((phrase, phrase) for phrase in wordlist("quantities", "currencies"))


@cache
def _magnitudes() -> frozenset[str]:
    return wordset("quantities", "magnitudes")


@cache
def _number_words() -> frozenset[str]:
    return wordset("quantities", "number_words")


@cache
def _cash() -> frozenset[str]:
    return wordset("quantities", "cash")


@cache
def _no_goods() -> frozenset[str]:
    return wordset("quantities", "no_goods")


@cache
def _phrase_ends() -> frozenset[str]:
    return wordset("quantities", "phrase_ends")


@cache
def _articles() -> frozenset[str]:
    return wordset("quantities", "articles")
