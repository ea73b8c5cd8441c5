# SPDX-License-Identifier: Apache-2.0
"""Set A: test announcements made from the grammars beside this module, the same for one seed.

A grammar (`grammar/<language>.yaml`) holds sentence skeletons by what they announce. `[a|b]` is a
choice, `{slot}` is filled; what is expected follows from the skeleton's place and its slots, or
from the notes after `##` (see `filling.Skeleton`). Nothing here knows how the rules read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from comity.newsfeed.announcement import AnnouncementType
from comity.newsfeed.article import Article, BlockKind
from comity.newsfeed.feed import read_feed
from tests.newsfeed.announcements.documents import page_of, rss_of, text_of
from tests.newsfeed.announcements.expectation import Expected, TestAnnouncement, made_article
from tests.newsfeed.announcements.filling import (
    Filling,
    Skeleton,
    grammar,
    instrument_skeletons,
    names,
)
from tests.newsfeed.announcements.main_facts import main_facts
from tests.newsfeed.announcements.scoring import expected_instrument
from tests.newsfeed.announcements.words import (
    LANGUAGES,
    NEIGHBOURS,
    PUBLISHERS,
    Country,
    countries,
)

SEED = 20261121
PER_LANGUAGE = {"instruments": 200, "others": 132, "negatives": 80}
TABLES = 3
UNION = "EU"
MEMBERS = frozenset({"BE", "DE", "ES", "FR", "IT", "NL", "PT"})
SIGNING = frozenset({"signed", "several", "planned", "text-agreed"})
"""After these the rest of a release may speak of what the instrument is to bring."""
TRAVEL = re.compile(r"visit|flew|travell|déplac|rendu|viaj|gira", re.IGNORECASE)
"""Words of a journey: in a release on an instrument, finding the visit is tolerated."""


@cache
def generated(seed: int = SEED, *, development: bool = False) -> tuple[TestAnnouncement, ...]:
    """Set A, whole; or what is made from the other half of the skeletons."""
    made: list[TestAnnouncement] = []
    for language in LANGUAGES:
        maker = Maker(language, Random(f"{seed}-{language}"), development)
        made += maker.all()
    return tuple(made)


@dataclass(slots=True)
class Maker:
    """Makes the announcements of one language, one after another."""

    language: str
    random: Random
    development: bool = False
    number: int = 0

    @property
    def words(self) -> dict[str, Any]:
        """The grammar, with the words of this half in its slots."""
        return grammar(self.language, unseen=not self.development)

    def all(self) -> Iterator[TestAnnouncement]:
        """Instruments, the other types, then what announces nothing."""
        wanted = PER_LANGUAGE
        yield from self._instruments(wanted["instruments"])
        for _ in range(TABLES):
            yield self._table()
        yield from self._others(wanted["others"])
        yield from self._negatives(wanted["negatives"])

    def _half(self, lines: list[Any]) -> list[Any]:
        """The skeletons of a list that belong to this half."""
        return lines[0 if self.development else 1 :: 2]

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
        neighbours: bool = False,
    ) -> Filling:
        parties = self._parties(adjective=adjective, csi=csi, neighbours=neighbours)
        called = names(self.language)
        kind = self.random.choice(kinds or ("cmaa", "cmaa", "cmaa", "mra", "mra", "jwp", "other"))
        others_kinds = [k for k in ("cmaa", "mra", "jwp") if k != kind]
        chosen = {
            "K": self.random.choice(
                [n for n in called[kind] if not three or "bilat" not in n.bare]
            ),
            "L": self.random.choice(called[self.random.choice(others_kinds)]),
            "CSI": self.random.choice(called["csi"]),
        }
        if csi:
            chosen["K"] = chosen["CSI"]  # the rest of the release speaks of nothing else
        return Filling(
            self.language,
            self.random,
            date(2019, 1, 1) + timedelta(self.random.randrange(2400)),
            parties,
            chosen,
            self.words["lists"],
        )

    def _parties(self, *, adjective: bool, csi: bool, neighbours: bool) -> dict[str, Country]:
        """Who publishes, and two partners; the Union never beside one of its members."""
        known = countries(self.language)
        publishers = [p for p in PUBLISHERS[self.language] if not (adjective and p == UNION)]
        if csi:
            publishers = ["US"]
        if neighbours:
            publishers = [p for p in publishers if p in NEIGHBOURS]
        first = self.random.choice(publishers)
        inside = first == UNION or first in MEMBERS
        others = [c for c in known if c != first and not ((adjective or inside) and c == UNION)]
        if first == UNION:
            others = [c for c in others if c not in MEMBERS]
        second, third = self.random.sample(others, 2)
        if neighbours:
            second = NEIGHBOURS[first]
        if third in (second, UNION) or (second == UNION and third in MEMBERS):
            third = next(c for c in ("JP", "NO", "CL") if c not in (first, second))
        return {"A": known[first], "B": known[second], "C": known[third]}

    def _filling_for(self, skeleton: Skeleton) -> Filling:
        three = any(" ABC " in line for line in skeleton.gives)
        return self._filling(skeleton.kinds, adjective=".adj" in skeleton.text, three=three,
                             csi="{CSI" in skeleton.text)  # fmt: skip

    def _code(self) -> str:
        self.number += 1
        return f"A-{self.language}-{self.number:04}"

    # -- instruments ---------------------------------------------------------------------------

    def _instruments(self, wanted: int) -> Iterator[TestAnnouncement]:
        skeletons = self._shuffled(self._half(instrument_skeletons(self.language)), wanted)
        while skeletons:
            shape = self.random.choice(("release", "release", "release", "note", "newspaper",
                                        "page", "digest"))  # fmt: skip
            count = min(len(skeletons), self.random.randint(2, 4)) if shape == "digest" else 1
            taken, skeletons = skeletons[:count], skeletons[count:]
            yield self._digest(taken) if shape == "digest" else self._release(taken[0], shape)

    def _release(self, skeleton: Skeleton, shape: str) -> TestAnnouncement:
        words = self.words
        filling = self._filling_for(skeleton)
        lead = filling.render(skeleton.text)
        expected = list(self._given(skeleton, filling))
        several = "{C" in skeleton.text
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
            if not several and self.random.random() < 0.35:
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
        words = self.words
        blocks: list[tuple[BlockKind, str]] = []
        expected: list[Expected] = [tolerated("counted")]
        filling = self._filling()
        for skeleton in skeletons:
            again = self._filling_for(skeleton)
            again.published = filling.published
            blocks.append((BlockKind.LIST_ITEM, again.render(skeleton.text)))
            expected += self._given(skeleton, again)
            if TRAVEL.search(skeleton.text):
                expected.append(Expected(AnnouncementType.VISIT, tolerated=True))
        title = filling.render(self.random.choice(words["digest_titles"]))
        return self._made(title, blocks, expected, filling, "digest")

    def _table(self) -> TestAnnouncement:
        """A treaty office's list: one partner a row, signature and entry into force in words."""
        words = self.words["table"]
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
                filling.names[name].kinds,
                event,
                [filling.parties[letter].code for letter in letters],
                filling.dates.get(when, ""),
                tolerated=line.startswith("~"),
                older="older" in more,
            )

    # -- the other types -----------------------------------------------------------------------

    def _others(self, wanted: int) -> Iterator[TestAnnouncement]:
        groups = {
            AnnouncementType(name): text.splitlines() for name, text in self.words["others"].items()
        }
        each = -(-wanted // len(groups))
        for type_, lines in groups.items():
            for line in self._shuffled(self._half(lines), each):
                yield self._other(type_, Skeleton.read(line))

    def _other(self, type_: AnnouncementType, skeleton: Skeleton) -> TestAnnouncement:
        words = self.words
        filling = self._filling(adjective=True, neighbours="mirrored" in skeleton.gives)
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
        lines = self._half(self.words["negatives"].splitlines())
        for line in self._shuffled(lines, wanted):
            skeleton = Skeleton.read(line)
            filling = self._filling(("cmaa", "mra"), adjective=True)
            text = filling.render(skeleton.text)
            title = filling.render(skeleton.title)
            blocks = [(BlockKind.PARAGRAPH, part) for part in text.split(" // ")]
            if self.random.random() < 0.4:
                words = self.words["boilerplate"]
                blocks.append((BlockKind.BOILERPLATE, filling.render(self.random.choice(words))))
            allowed = [tolerated(event) for event in skeleton.gives]
            if "planned" in skeleton.gives:  # a call may be taken for a recommendation
                allowed.append(Expected(AnnouncementType.RECOMMENDATION, tolerated=True))
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
