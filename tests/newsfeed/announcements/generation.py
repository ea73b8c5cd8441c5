# SPDX-License-Identifier: Apache-2.0
"""Set A: test announcements made from the grammars beside this module, the same for one seed.

A grammar (`grammar/<language>.yaml`) holds sentence skeletons by what they announce. `[a|b]` is a
choice, `{slot}` is filled; what is expected follows from the skeleton's place and its slots, or
from the notes after `##` (see `Skeleton`). Nothing here knows how the rules read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import yaml

from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.article import Article, BlockKind
from comity.newsfeed.feed import read_feed
from tests.newsfeed.announcements.documents import page_of, rss_of, text_of
from tests.newsfeed.announcements.expectation import Expected, TestAnnouncement, made_article
from tests.newsfeed.announcements.scoring import expected_instrument
from tests.newsfeed.announcements.words import (
    FOLDER,
    LANGUAGES,
    PUBLISHERS,
    Country,
    countries,
    day_in_words,
    number_in_words,
    ordinal_ending,
    polished,
    when_in_words,
)

SEED = 20261121
PER_LANGUAGE = {"instruments": 112, "others": 96, "negatives": 60}
TABLES = 3
PRIMARY = {"when": "any", "lately": "lately", "today": "today", "weekday": "weekday",
           "on": "full", "inmonth": "month", "inyear": "year"}  # fmt: skip
BARE = {"date": "full", "numeric": "numeric", "month": "month", "year": "year"}
SLOT = re.compile(r"\{([^{}]+)\}")
SIGNING = frozenset({"signed", "several", "planned", "text-agreed"})
"""After these the rest of a release may speak of what the instrument is to bring."""
TRAVEL = re.compile(r"visit|flew|travell|déplac|rendu|viaj|gira", re.IGNORECASE)
"""Words of a journey: in a release on an instrument, finding the visit is tolerated."""
CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One text with slots; notes: `kinds=a,b`, or events as `event K AB when`, `~` tolerated."""

    text: str
    event: str = ""
    kinds: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    title: str = ""

    @classmethod
    def read(cls, line: str, event: str = "") -> Skeleton:
        """Read `title || text ## notes`."""
        body, _, notes = line.partition(" ## ")
        title, mark, text = body.partition(" || ")
        if not mark:
            title, text = "", body
        parts = [note.strip() for note in notes.split(";") if note.strip()]
        kinds = next((p[6:].split(",") for p in parts if p.startswith("kinds=")), [])
        gives = tuple(p for p in parts if not p.startswith("kinds="))
        return cls(text, event, tuple(kinds), gives, title)


@dataclass(frozen=True, slots=True)
class Name:
    """How an instrument of some kind is called."""

    kind: str
    bare: str
    short: str
    acronym: str = ""
    feminine: bool = False


@dataclass(slots=True)
class Filling:
    """What stands in the slots of one text, chosen once and remembered."""

    language: str
    random: Random
    published: date
    parties: dict[str, Country]
    names: dict[str, Name]
    lists: dict[str, list[Any]]
    known: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    """`when`, `old` and `next` as ISO dates, as precise as the text gives them."""

    def render(self, text: str) -> str:
        """The text with every choice made and every slot filled."""
        while CHOICE.search(text):
            text = CHOICE.sub(lambda m: self.random.choice(m.group(1).split("|")), text)
        filled = SLOT.sub(lambda m: self.slot(m.group(1)), text)
        return polished(filled, self.language)

    def slot(self, name: str) -> str:
        """What a slot is filled with."""
        head, _, form = name.partition(".")
        if head in self.parties:
            return self._party(self.parties[head], form)
        if head in self.names:
            return self._instrument(self.names[head], form)
        if head in PRIMARY or head in BARE or head in ("old", "next", "early"):
            return self._time(head, form)
        if name not in self.known:
            self.known[name] = self._listed(name)
        return self.known[name]

    def _party(self, one: Country, form: str) -> str:
        if form == "any":
            form = self.random.choice(("", "", "off", "auth"))
        if form == "customs":
            return self._customs(one)
        if form == "gen" and self.language == "en":
            return one.name + ("'" if one.name.endswith("s") else "'s")
        if form == "gen":
            return f"de {one.name}"
        if form == "in":
            return f"{self._in(one)}"
        forms = {
            "": one.name,
            "off": one.official,
            "adj": one.masculine,
            "adjf": one.feminine,
            "adjp": plural(one.masculine, self.language),
            "adjfp": plural(one.feminine, self.language),
            "cap": one.capital,
            "CAP": one.capital.upper(),
            "auth": one.authority,
            "acr": one.acronym,
            "authacr": f"{one.authority} ({one.acronym})",
            "bare": re.sub(r"^(?:the|le|la|les|el|los) |^l'", "", one.name),
        }
        return forms[form]

    def _customs(self, one: Country) -> str:
        genitive = self._party(one, "gen")
        ways = {
            "en": (f"{genitive} customs administration", f"{one.masculine} Customs",
                   f"the customs authorities of {one.name}", f"the customs service of {one.name}",
                   f"{one.masculine} customs authorities"),
            "fr": (f"l'administration des douanes {genitive}", f"la douane {one.feminine}",
                   f"les douanes {plural(one.feminine, 'fr')}",
                   f"l'administration douanière {one.feminine}", f"les autorités douanières {genitive}"),
            "es": (f"la aduana {one.feminine}", f"la administración de aduanas {genitive}",
                   f"la aduana {genitive}", f"la administración aduanera {one.feminine}",
                   f"las autoridades aduaneras {genitive}"),
        }  # fmt: skip
        if one.code == "EU":
            return one.name
        return self.random.choice(ways[self.language])

    def _in(self, one: Country) -> str:
        if self.language != "fr":
            return ("in " if self.language == "en" else "en ") + one.name
        for article, instead in (("le ", "au "), ("les ", "aux "), ("la ", "en "), ("l'", "en ")):
            if one.name.startswith(article):
                return instead + one.name.removeprefix(article)
        return f"à {one.name}"

    def _instrument(self, one: Name, form: str) -> str:
        full = f"{one.bare} ({one.acronym})" if one.acronym else one.bare
        starts_with_vowel = one.bare[0].lower() in "aeiou"
        if self.language == "en":
            article = "an" if starts_with_vowel else "a"
            forms = {"": f"{article} {one.bare}", "full": f"{article} {full}",
                     "the": f"the {one.bare}", "bare": one.bare, "barefull": full,
                     "short": one.short}  # fmt: skip
        elif self.language == "fr":
            un, le = ("une", "la ") if one.feminine else ("un", "le ")
            le = "l'" if one.bare[0].lower() in "aeéiou" else le
            forms = {"": f"{un} {one.bare}", "full": f"{un} {full}", "the": f"{le}{one.bare}",
                     "bare": one.bare, "barefull": full, "short": one.short,
                     "e": "e" if one.feminine else ""}  # fmt: skip
        else:
            un, le = ("una", "la") if one.feminine else ("un", "el")
            forms = {"": f"{un} {one.bare}", "full": f"{un} {full}", "the": f"{le} {one.bare}",
                     "bare": one.bare, "barefull": full, "short": one.short,
                     "o": "a" if one.feminine else "o"}  # fmt: skip
        forms["acr"] = one.acronym or one.short
        return forms[form]

    def _time(self, head: str, form: str) -> str:
        if head == "old":
            day = self.published - timedelta(self.random.randint(1500, 9000))
            self.dates.setdefault("old", _iso(day, form))
            day = date.fromisoformat(_padded(self.dates["old"]))
            return day_in_words(day, self.language, form or "year", self.random)
        if head == "next":
            day = self.published + timedelta(self.random.randint(12, 80))
            self.dates["next"] = _iso(day, form)
            return day_in_words(day, self.language, form or "full", self.random)
        if head in BARE:
            if "when" not in self.dates:
                day = self.published - timedelta(self.random.randint(1, 25))
                self.dates["when"] = _iso(day, BARE[head])
            day = date.fromisoformat(_padded(self.dates["when"]))
            return day_in_words(day, self.language, BARE[head], self.random)
        words, self.dates["when"] = when_in_words(
            self.published, self.language, PRIMARY[head], self.random
        )
        return words

    def _listed(self, name: str) -> str:
        if name == "place":
            return self.random.choice([p.capital for k, p in self.parties.items() if k in "AB"])
        if name == "nth":
            number = self.random.randint(3, 80)
            return {"en": f"{number}{ordinal_ending(number)}", "fr": f"{number}e",
                    "es": f"{number}.º"}[self.language]  # fmt: skip
        if name == "count":
            return str(self.random.randint(9, 95))
        if name == "thousands":
            return number_in_words(self.random.randint(1100, 98000), self.language)
        if name == "share":
            return str(self.random.randint(3, 94))
        head = name.rstrip("0123456789")
        taken = set(self.known.values())
        left = [one for one in self.lists[head] if _text(one) not in taken]
        return _text(self.random.choice(left))


def _text(one: Any) -> str:
    return str(one)


def _iso(day: date, style: str) -> str:
    return day.isoformat()[: {"month": 7, "year": 4, "": 4}.get(style, 10)]


def _padded(day: str) -> str:
    return day + "-01" * ((10 - len(day)) // 3)


def plural(word: str, language: str) -> str:
    """A plural good enough for the adjectives of the table."""
    if language == "fr":
        return word if word.endswith(("s", "x")) else f"{word}s"
    if language == "es":
        if word.endswith("í"):
            return f"{word}es"
        if word[-1] in "aeiou":
            return f"{word}s"
        for end, instead in (("és", "eses"), ("án", "anes"), ("ón", "ones")):
            if word.endswith(end):
                return word.removesuffix(end) + instead
        return f"{word}es"
    return word


@cache
def grammar(language: str) -> dict[str, Any]:
    """The grammar of one language as it stands in its file."""
    text = (FOLDER / "grammar" / f"{language}.yaml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


@cache
def names(language: str) -> dict[str, tuple[Name, ...]]:
    """The ways in which instruments of each kind are called: `gender | name | short | acronym`."""
    found = {}
    for kind, lines in grammar(language)["names"].items():
        rows = [[part.strip() for part in line.split("|")] for line in lines]
        found[kind] = tuple(
            Name(kind, bare, short, acronym, feminine=gender == "f")
            for gender, bare, short, acronym in rows
        )
    return found


def instrument_skeletons(language: str) -> list[Skeleton]:
    """Every skeleton that announces an instrument, in the order of the file."""
    groups = grammar(language)["instruments"]
    return [
        Skeleton.read(line, event) for event, text in groups.items() for line in text.splitlines()
    ]


def generated(seed: int = SEED) -> tuple[TestAnnouncement, ...]:
    """Set A, whole."""
    made: list[TestAnnouncement] = []
    for language in LANGUAGES:
        maker = Maker(language, Random(f"{seed}-{language}"))
        made += maker.all()
    return tuple(made)


@dataclass(slots=True)
class Maker:
    """Makes the announcements of one language, one after another."""

    language: str
    random: Random
    number: int = 0

    def all(self) -> Iterator[TestAnnouncement]:
        """Instruments, the other types, then what announces nothing."""
        wanted = PER_LANGUAGE
        yield from self._instruments(wanted["instruments"])
        for _ in range(TABLES):
            yield self._table()
        yield from self._others(wanted["others"])
        yield from self._negatives(wanted["negatives"])

    # -- choosing ------------------------------------------------------------------------------

    def _shuffled(self, lines: list[Any], wanted: int) -> list[Any]:
        """`wanted` of the lines, each as often as any other."""
        taken: list[Any] = []
        while len(taken) < wanted:
            again = list(lines)
            self.random.shuffle(again)
            taken += again
        return taken[:wanted]

    def _filling(
        self,
        kinds: tuple[str, ...] = (),
        *,
        adjective: bool = False,
        three: bool = False,
        csi: bool = False,
    ) -> Filling:
        known = countries(self.language)
        first = self.random.choice(PUBLISHERS[self.language])
        if csi:
            first = "US"
        while adjective and first == "EU":
            first = self.random.choice(PUBLISHERS[self.language])
        others = [c for c in known if c != first and not (adjective and c == "EU")]
        if first == "EU":
            others = [c for c in others if c not in ("FR", "BE", "DE", "NL", "IT", "PT", "ES")]
        second, third = self.random.sample(others, 2)
        called = names(self.language)
        kind = self.random.choice(kinds or ("cmaa", "cmaa", "cmaa", "mra", "mra", "jwp", "other"))
        others_kinds = [k for k in ("cmaa", "mra", "jwp") if k != kind]
        filling = Filling(
            self.language,
            self.random,
            date(2019, 1, 1) + timedelta(self.random.randrange(2400)),
            {"A": known[first], "B": known[second], "C": known[third]},
            {
                "K": self.random.choice(
                    [n for n in called[kind] if not three or "bilat" not in n.bare]
                ),
                "L": self.random.choice(called[self.random.choice(others_kinds)]),
                "CSI": self.random.choice(called["csi"]),
            },
            grammar(self.language)["lists"],
        )
        return filling

    def _filling_for(self, skeleton: Skeleton) -> Filling:
        three = any(" ABC " in line for line in skeleton.gives)
        return self._filling(skeleton.kinds, adjective=".adj" in skeleton.text, three=three,
                             csi="{CSI" in skeleton.text)  # fmt: skip

    def _code(self) -> str:
        self.number += 1
        return f"A-{self.language}-{self.number:04}"

    # -- instruments ---------------------------------------------------------------------------

    def _instruments(self, wanted: int) -> Iterator[TestAnnouncement]:
        skeletons = self._shuffled(instrument_skeletons(self.language), wanted)
        while skeletons:
            shape = self.random.choice(("release", "release", "release", "note", "newspaper",
                                        "page", "digest"))  # fmt: skip
            count = min(len(skeletons), self.random.randint(2, 4)) if shape == "digest" else 1
            taken, skeletons = skeletons[:count], skeletons[count:]
            yield self._digest(taken) if shape == "digest" else self._release(taken[0], shape)

    def _release(self, skeleton: Skeleton, shape: str) -> TestAnnouncement:
        words = grammar(self.language)
        filling = self._filling_for(skeleton)
        lead = filling.render(skeleton.text)
        expected = list(self._given(skeleton, filling))
        several = "C" in "".join(g.split()[-2] for g in skeleton.gives if len(g.split()) > 2)
        titles = words["titles"].get(skeleton.event, [])
        if several or skeleton.gives:
            titles = words["titles"]["plain"]
        title = filling.render(self.random.choice(titles or words["titles"]["plain"]))
        blocks: list[tuple[BlockKind, str]] = []
        if shape in ("release", "page", "newspaper"):
            dateline = filling.render(self.random.choice(words["datelines"])) + " "
            lead = (dateline if self.random.random() < 0.7 else "") + lead
        blocks.append((BlockKind.PARAGRAPH, lead))
        if shape != "note":
            signing = skeleton.event in SIGNING
            lines = words["neutral"] + (words["follow"] if signing else [])
            follow = self.random.sample(lines, self.random.randint(1, 3))
            for line in follow:
                blocks.append((BlockKind.PARAGRAPH, filling.render(line)))
            if self.random.random() < 0.35:
                text, older = self._older(filling, words)
                blocks.append((BlockKind.PARAGRAPH, text))
                expected += older
            if signing and self.random.random() < 0.3:
                text = filling.render(self.random.choice(words["counts"]))
                blocks.append((BlockKind.PARAGRAPH, text))
        expected.append(tolerated("counted"))
        if TRAVEL.search(lead):
            expected.append(Expected(AnnouncementType.VISIT, tolerated=True))
        if shape in ("release", "page"):
            if self.random.random() < 0.5:
                signed = words["signing_captions"] if skeleton.event == "signed" else []
                text = filling.render(self.random.choice(words["captions"] + signed))
                blocks.append((BlockKind.CAPTION, text))
            text = filling.render(self.random.choice(words["boilerplate"]))
            blocks.append((BlockKind.BOILERPLATE, text))
        return self._made(title, blocks, expected, filling, shape)

    def _digest(self, skeletons: list[Skeleton]) -> TestAnnouncement:
        words = grammar(self.language)
        blocks: list[tuple[BlockKind, str]] = []
        expected: list[Expected] = [tolerated("counted")]
        filling = self._filling()
        for skeleton in skeletons:
            again = self._filling_for(skeleton)
            again.published = filling.published
            blocks.append((BlockKind.LIST_ITEM, again.render(skeleton.text)))
            expected += self._given(skeleton, again)
        title = filling.render(self.random.choice(words["digest_titles"]))
        return self._made(title, blocks, expected, filling, "digest")

    def _table(self) -> TestAnnouncement:
        """A treaty office's list: one partner a row, signature and entry into force in words."""
        words = grammar(self.language)["table"]
        filling = self._filling(("cmaa", "mra"))
        title = filling.render(words["title"])
        blocks = [(BlockKind.PARAGRAPH, filling.render(words["lead"]))]
        expected: list[Expected] = [tolerated("counted")]
        for _ in range(3):
            again = self._filling(("cmaa", "mra"))
            again.published, again.parties["A"] = filling.published, filling.parties["A"]
            if again.parties["B"] == again.parties["A"]:
                continue
            row = self.random.choice(words["rows"])
            blocks.append((BlockKind.TABLE_ROW, again.render(row)))
            codes = [again.parties[letter].code for letter in "AB"]
            kind = again.names["K"].kind
            if "old" in again.dates:
                day = again.dates["old"]
                expected.append(expected_instrument(kind, "signed", codes, day, older=True))
            if "when" in again.dates:
                day = again.dates["when"]
                expected.append(expected_instrument(kind, "in-force", codes, day))
        return self._made(title, blocks, expected, filling, "table")

    def _older(self, filling: Filling, words: dict[str, Any]) -> tuple[str, list[Expected]]:
        filling.dates.pop("old", None)
        text = filling.render(self.random.choice(words["older"]))
        name = filling.names["L"]
        codes = [filling.parties[p].code for p in "AB"]
        one = expected_instrument(
            name.kind, "signed", codes, filling.dates.get("old", ""), older=True
        )
        return text, [one]

    def _given(self, skeleton: Skeleton, filling: Filling) -> Iterator[Expected]:
        lines = skeleton.gives
        if not any(not line.startswith("~") for line in lines) and skeleton.event:
            lines = (f"{skeleton.event} K AB when", *lines)
        for line in lines:
            event, name, letters, when, *more = line.removeprefix("~").split()
            yield expected_instrument(
                filling.names[name].kind,
                event,
                [filling.parties[letter].code for letter in letters],
                filling.dates.get(when, ""),
                tolerated=line.startswith("~"),
                older="older" in more,
            )

    # -- the other types -----------------------------------------------------------------------

    def _others(self, wanted: int) -> Iterator[TestAnnouncement]:
        groups = {
            AnnouncementType(name): text.splitlines()
            for name, text in grammar(self.language)["others"].items()
        }
        each = -(-wanted // len(groups))
        for type_, lines in groups.items():
            for line in self._shuffled(lines, each):
                yield self._other(type_, Skeleton.read(line))

    def _other(self, type_: AnnouncementType, skeleton: Skeleton) -> TestAnnouncement:
        words = grammar(self.language)
        filling = self._filling(adjective=True)
        text = filling.render(skeleton.text)
        title = filling.render(skeleton.title)
        expected = [Expected(type_, facts=main_facts(type_, skeleton, filling))]
        if type_ is AnnouncementType.REPATRIATION:
            expected.append(Expected(AnnouncementType.SEIZURE, tolerated=True))
        shape = self.random.choice(("release", "note", "newspaper"))
        blocks = [(BlockKind.PARAGRAPH, part) for part in text.split(" // ")]
        if shape == "release":
            blocks.append((BlockKind.PARAGRAPH, filling.render(self.random.choice(words["talk"]))))
            blocks.append(
                (BlockKind.BOILERPLATE, filling.render(self.random.choice(words["boilerplate"])))
            )
        return self._made(title, blocks, expected, filling, shape)

    def _negatives(self, wanted: int) -> Iterator[TestAnnouncement]:
        for line in self._shuffled(grammar(self.language)["negatives"].splitlines(), wanted):
            skeleton = Skeleton.read(line)
            filling = self._filling(("cmaa", "mra"), adjective=True)
            text = filling.render(skeleton.text)
            title = filling.render(skeleton.title)
            blocks = [(BlockKind.PARAGRAPH, part) for part in text.split(" // ")]
            if self.random.random() < 0.4:
                words = grammar(self.language)["boilerplate"]
                blocks.append((BlockKind.BOILERPLATE, filling.render(self.random.choice(words))))
            allowed = [tolerated(event) for event in skeleton.gives]
            yield self._made(title, blocks, allowed, filling, "negative")

    # -- putting together ----------------------------------------------------------------------

    def _made(
        self,
        title: str,
        blocks: list[tuple[BlockKind, str]],
        expected: list[Expected],
        filling: Filling,
        shape: str,
    ) -> TestAnnouncement:
        code = self._code()
        form = self.random.choice(("page", "rss", "text", "", "", ""))
        if shape in ("table", "page"):
            form = "page"
        article = self._article(form, code, title, blocks, filling.published)
        return TestAnnouncement(code, self.language, shape, article, tuple(expected))

    def _article(
        self, form: str, code: str, title: str, blocks: list[tuple[BlockKind, str]], day: date
    ) -> Article:
        """Half of them go through the reader of feeds."""
        if not form:
            return made_article(code, title, tuple(blocks), language=self.language, published=day)
        documents = {
            "page": lambda: page_of(title, blocks, day=day, language=self.language),
            "rss": lambda: rss_of([(code, title, blocks, day)], language=self.language),
            "text": lambda: text_of(title, blocks),
        }
        (article,) = read_feed(documents[form](), published=day).articles
        return article


def tolerated(event: str) -> Expected:
    """An instrument's event that is neither right nor wrong here, of whatever kind and parties."""
    return Expected(AnnouncementType.INSTRUMENT, event=event.lstrip("~"), tolerated=True)


def main_facts(
    type_: AnnouncementType, skeleton: Skeleton, filling: Filling
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The main facts that the slots of a skeleton give, in every way they may be given."""
    slots = {slot.partition(".")[0] for slot in SLOT.findall(skeleton.text + skeleton.title)}

    def listed(*wanted: str) -> tuple[tuple[str, ...], ...]:
        found = [filling.known[name] for name in wanted if name in filling.known]
        return tuple((value,) for value in found)

    def codes(letters: str) -> tuple[tuple[str, ...], ...]:
        return tuple((filling.parties[one].code,) for one in letters if one in slots)

    def country(letter: str) -> tuple[tuple[str, ...], ...]:
        one = filling.parties[letter]
        return ((one.code, one.name, one.official),) if letter in slots else ()

    when = ((filling.dates["when"],),) if filling.dates.get("when") else ()
    following = ((filling.dates["next"],),) if filling.dates.get("next") else ()
    kinds = AnnouncementType
    facts: dict[AnnouncementType, dict[str, tuple[tuple[str, ...], ...]]] = {
        kinds.JOINT_OPERATION: {
            "character": ((skeleton.gives[0] if skeleton.gives else "joint",),),
            "parties": codes("ABC"),
            "name": listed("operation"),
        },
        kinds.SEIZURE: {
            "goods": listed("goods", "goods2"),
            "quantities": listed("quantity", "quantity2"),
            "place": listed("spot"),
        },
        kinds.REPATRIATION: {"objects": listed("objects"), "recipient": country("B"), "date": when},
        kinds.FUGITIVE_RETURN: {
            "located_in": country("B"),
            "returned_to": country("A"),
            "offence": listed("offence"),
        },
        kinds.INTAKE_FIGURES: {"figures": listed("intake", "intake2")},
        kinds.PORT_HOURS: {
            "port": listed("port"),
            "hours": tuple(_hours(v[0], filling) for v in listed("hours", "allday")),
            "effective": following or when,
        },
        kinds.VISIT: {
            "visitor": listed("person"),
            "place": ((filling.parties["B"].capital, *country("B")[0]),)
            if "B" in slots
            else listed("spot"),
        },
        kinds.APPOINTMENT: {"person": listed("person"), "post": listed("post")},
        kinds.NOMINATION: {"person": listed("person"), "post": listed("post")},
        kinds.RECOMMENDATION: {"title": listed("recommendation"), "owner": listed("owner")},
        kinds.CAPACITY_BUILDING: {"parties": codes("AB"), "subject": listed("subject")},
    }
    return facts[type_]


def _hours(text: str, filling: Filling) -> tuple[str, ...]:
    return tuple(grammar(filling.language)["lists"]["hours_as"][text].split("|"))
