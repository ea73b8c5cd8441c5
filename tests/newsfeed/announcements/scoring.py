# SPDX-License-Identifier: Apache-2.0
"""How well what was found agrees with what a careful reader would take, in counts and shares.

Instruments. What is compared is the triple (kind, parties, date), within one announcement and each
triple once; `with_event` adds what happened to it. A found triple that is expected is a true
positive, one that is not a false positive, an expected one not found a false negative. A date is
right only when it is as precise as expected; no date is a value like another. What is found and
tolerated counts nowhere. An older mention ("first signed in 2002") counts like any other.

Other types. Found events are paired with expected events of their type, the best agreement first;
then every value of a main fact (`announcement.FACTS`) counts by itself. All main facts of an event
without a pair are false. Codes, days and hours must be equal. Free text agrees when, in small
letters and without accents, punctuation and little words, one text holds the other and is not more
than three times as long, or six words in ten are shared; of a port its name will do. Quantities
and figures agree when their numbers do. An expected fact may list several ways in which it may be
given; it counts once.

True negatives are announcements in which nothing of the type is expected and nothing was found.
Precision is TP / (TP + FP), recall TP / (TP + FN); both are 1 where there is nothing to count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from comity.newsfeed.announcement import FACTS, AnnouncedEvent, AnnouncementType
from tests.newsfeed.announcements.expectation import NO_DATE, Expected, TestAnnouncement

Found = tuple[AnnouncedEvent, ...]
_LITTLE = """
a an and at by for from in of on or the to with le la les l d de des du un une et en au
aux a el los las del al un una unos unas y e o por para con su sus its their his her
"""
LITTLE_WORDS = frozenset(_LITTLE.split())
_PLACES = """
port entry border crossing station poste point passage bureau douane frontiere entree paso cruce
puesto puerto entrada fronterizo
"""
PLACE_WORDS = frozenset(_PLACES.split())
"""What sort of place a port is: its name alone will do."""
EQUAL = frozenset({"parties", "date", "effective", "hours", "character"})
NUMBERS = frozenset({"quantities", "figures"})


@dataclass(slots=True)
class Count:
    """True and false, found and missed."""

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    true_negative: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right."""
        found = self.true_positive + self.false_positive
        return self.true_positive / found if found else 1.0

    @property
    def recall(self) -> float:
        """Of what should be found, the share that was."""
        wanted = self.true_positive + self.false_negative
        return self.true_positive / wanted if wanted else 1.0

    def add(self, other: Count) -> None:
        """Add another's counts to these."""
        self.true_positive += other.true_positive
        self.false_positive += other.false_positive
        self.false_negative += other.false_negative
        self.true_negative += other.true_negative


@dataclass(slots=True)
class Score:
    """The counts of a set; keys of `instruments` and `others` are (language, …)."""

    instruments: dict[str, Count] = field(default_factory=dict)
    """By language."""
    with_event: dict[str, Count] = field(default_factory=dict)
    """By language, what happened to it compared as well."""
    others: dict[tuple[str, AnnouncementType], Count] = field(default_factory=dict)
    """Main facts, by language and type."""
    confidences: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """Found instruments by confidence, and whether they are right."""
    older: Counter[str] = field(default_factory=Counter)
    """Expected older mentions by the confidence with which they were found, or `missed`."""
    instrument_errors: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What went wrong, by language, in words of `error_of`."""

    def total(self, counts: Iterable[Count]) -> Count:
        """The micro total: every count added before anything is divided."""
        total = Count()
        for count in counts:
            total.add(count)
        return total

    @property
    def all_instruments(self) -> Count:
        """Every language together."""
        return self.total(self.instruments.values())

    @property
    def all_others(self) -> Count:
        """Every other type and every language together."""
        return self.total(self.others.values())

    def of_type(self, type_: AnnouncementType) -> Count:
        """One other type, every language together."""
        return self.total(count for (_, one), count in self.others.items() if one is type_)


def score(
    announcements: Iterable[TestAnnouncement], found_in: Callable[[TestAnnouncement], Found]
) -> Score:
    """Compare what `found_in` finds in every announcement with what is expected."""
    result = Score()
    for announcement in announcements:
        found, language = found_in(announcement), announcement.language
        instruments = [e for e in found if e.type is AnnouncementType.INSTRUMENT]
        expected = [e for e in announcement.expected if e.type is AnnouncementType.INSTRUMENT]
        pairs = instrument_count(expected, instruments, with_event=False)
        result.instruments.setdefault(language, Count()).add(pairs.count)
        strict = instrument_count(expected, instruments, with_event=True)
        result.with_event.setdefault(language, Count()).add(strict.count)
        _note(result, language, pairs)
        for type_ in AnnouncementType:
            if type_ is not AnnouncementType.INSTRUMENT:
                count = facts_count(
                    [e for e in announcement.expected if e.type is type_],
                    [e for e in found if e.type is type_],
                    type_,
                )
                result.others.setdefault((language, type_), Count()).add(count)
    return result


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which expected instruments were found, which were not, and what was found besides."""

    count: Count
    right: tuple[tuple[Expected, AnnouncedEvent], ...]
    missed: tuple[Expected, ...]
    wrong: tuple[AnnouncedEvent, ...]


def instrument_count(
    expected: list[Expected], found: list[AnnouncedEvent], *, with_event: bool
) -> Pairs:
    """Pair each expected instrument with a found one of the same triple."""
    distinct = {_triple(event, with_event=with_event): event for event in reversed(found)}
    left = list(reversed(distinct.values()))
    right, missed = [], []
    for one in (e for e in expected if not e.tolerated):
        same = next((e for e in left if _agrees(one, e, with_event=with_event)), None)
        if same is None:
            missed.append(one)
        else:
            left.remove(same)
            right.append((one, same))
    tolerated = [e for e in expected if e.tolerated]
    wrong = [e for e in left if not any(_agrees(one, e, with_event=True) for one in tolerated)]
    nothing = not (right or missed or wrong)
    count = Count(len(right), len(wrong), len(missed), int(nothing))
    return Pairs(count, tuple(right), tuple(missed), tuple(wrong))


def _triple(event: AnnouncedEvent, *, with_event: bool) -> tuple[str, ...]:
    parties = ",".join(sorted(event.values("parties")))
    happened = event.value("event") if with_event else ""
    return event.value("kind"), parties, event.value("date"), happened


def _agrees(one: Expected, event: AnnouncedEvent, *, with_event: bool) -> bool:
    return (
        (not one.kinds or event.value("kind") in one.kinds)
        and (not one.parties or frozenset(event.values("parties")) == one.parties)
        and (not one.dates or event.value("date") in one.dates)
        and (not with_event or not one.event or event.value("event") == one.event)
    )


def _note(result: Score, language: str, pairs: Pairs) -> None:
    for one, event in pairs.right:
        result.confidences[event.confidence.value, True] += 1
        if one.older:
            result.older[event.confidence.value] += 1
    for event in pairs.wrong:
        result.confidences[event.confidence.value, False] += 1
    result.older["missed"] += sum(one.older for one in pairs.missed)
    for error in errors_of(pairs):
        result.instrument_errors[language, error] += 1


def errors_of(pairs: Pairs) -> Iterator[str]:
    """What went wrong, one line for each missed or wrongly found instrument."""
    wrong = list(pairs.wrong)
    for one in pairs.missed:
        near = min(wrong, key=lambda event: len(_differences(one, event)), default=None)
        differences = _differences(one, near) if near else []
        if near is None or len(differences) > 1:
            yield f"{one.event}{', older mention,' if one.older else ''} missed altogether"
        else:
            wrong.remove(near)
            yield differences[0]
    for event in wrong:
        yield f"{event.value('event')} found where nothing such is said"


def _differences(one: Expected, event: AnnouncedEvent) -> list[str]:
    differences = []
    if event.value("kind") not in one.kinds:
        differences.append(f"kind {'/'.join(sorted(one.kinds))} taken for {event.value('kind')}")
    if (parties := frozenset(event.values("parties"))) != one.parties:
        missing, besides = one.parties - parties, parties - one.parties
        what = [f"{len(missing)} missing"] if missing else []
        what += [f"{len(besides)} too many"] if besides else []
        differences.append(f"parties: {', '.join(what)}")
    if (day := event.value("date")) not in one.dates:
        differences.append(f"date: {_shape(min(one.dates))} taken for {_shape(day)}")
    return differences


def _shape(day: str) -> str:
    return {0: "none", 4: "a year", 7: "a month", 10: "a day"}.get(len(day), "something else")


def facts_count(
    expected: list[Expected], found: list[AnnouncedEvent], type_: AnnouncementType
) -> Count:
    """Pair events of one type, then count each value of each main fact."""
    count, left = Count(), list(found)
    tolerated = [one for one in expected if one.tolerated]
    for one in (e for e in expected if not e.tolerated):
        best = max(left, key=lambda e: _compared(one, e).true_positive, default=None)
        if best is None or not _compared(one, best).true_positive:
            count.false_negative += sum(map(len, one.facts.values()))
        else:
            left.remove(best)
            count.add(_compared(one, best))
    if not tolerated:
        main = [name.name for name in FACTS[type_] if name.main]
        count.false_positive += sum(len(set(e.values(name))) for e in left for name in main)
    if not (count.true_positive or count.false_positive or count.false_negative):
        count.true_negative = 1
    return count


def _compared(one: Expected, event: AnnouncedEvent) -> Count:
    count = Count()
    for name in (name.name for name in FACTS[one.type] if name.main):
        left = list(dict.fromkeys(event.values(name)))
        for ways in one.facts.get(name, ()):
            same = [value for value in left if any(agree(name, way, value) for way in ways)]
            count.true_positive += bool(same)
            count.false_negative += not same
            left = [value for value in left if value not in same]
        count.false_positive += len(left)
    return count


def agree(name: str, expected: str, found: str) -> bool:
    """Whether two values of one fact say the same."""
    if name in EQUAL:
        return expected == found
    if name in NUMBERS:
        return _numbers(expected) == _numbers(found)
    kinds_of_place = PLACE_WORDS if name == "port" else frozenset()
    sides = [[w for w in _words(text) if w not in kinds_of_place] for text in (expected, found)]
    return _free_text_agrees(*sides)


def _numbers(text: str) -> list[float]:
    joined = re.sub(r"(?<=\d)[ .,\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    found = re.findall(r"(\d+(?:[.,]\d+)?)\s*(mill)?", joined)
    return [float(n.replace(",", ".")) * (1_000_000 if many else 1) for n, many in found]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = [w for w in re.findall(r"\w+", plain) if w not in LITTLE_WORDS]
    return words or re.findall(r"\w+", plain)


def _free_text_agrees(one: list[str], other: list[str]) -> bool:
    if not one or not other:
        return False
    shared = len(set(one) & set(other))
    short, long = sorted((len(set(one)), len(set(other))))
    contained = shared == short and long <= 3 * short
    return contained or shared >= 0.6 * long


def expected_instrument(
    kind: str, event: str, parties: Iterable[str], day: str = NO_DATE, **more: object
) -> Expected:
    """An instrument with one acceptable reading; alternatives are given with `|`."""
    return Expected(
        AnnouncementType.INSTRUMENT,
        kinds=frozenset(kind.split("|")),
        event=event,
        parties=frozenset(parties),
        dates=frozenset(day.split("|")),
        **more,  # type: ignore[arg-type]  # fields by name
    )
