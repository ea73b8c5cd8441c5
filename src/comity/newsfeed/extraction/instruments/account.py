# SPDX-License-Identifier: Apache-2.0
"""What the whole release tells of instruments: sentence by sentence, then the gaps filled.

A sentence often leaves out what the release has said already: "the agreement", "both
administrations", "we". Such gaps are filled from the release, never from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.instruments.actors import actors_in, joints_in
from comity.newsfeed.extraction.instruments.clauses import Cue, cues_in, stretched
from comity.newsfeed.extraction.instruments.counts import Number, counted_in
from comity.newsfeed.extraction.instruments.frames import told_in
from comity.newsfeed.extraction.instruments.gaps import (
    Pairs,
    Raw,
    is_alike,
    is_among_customs,
    with_days,
)
from comity.newsfeed.extraction.instruments.kinds import Named, named_in
from comity.newsfeed.extraction.instruments.rows import LISTS, is_row, owner_of, told_in_row
from comity.newsfeed.extraction.instruments.scene import (
    Scene,
    Told,
    abbreviations_in,
    with_abbreviations,
    with_compounds,
)
from comity.newsfeed.extraction.instruments.spans import across_days
from comity.newsfeed.extraction.instruments.topics import Around, subject_kind
from comity.newsfeed.extraction.instruments.words import (
    AND,
    LOCATIVE,
    Frame,
    cues,
    heads,
    seats,
    word_set,
)
from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.phrases import Token
from comity.newsfeed.extraction.reading import Reading, ReadSentence
from comity.newsfeed.extraction.rules import Rule
from comity.reference.taxonomy import Programme

LEAD = 4
"""How many sentences from the beginning tell the news itself."""


LONGEST = 1000
"""Words of a sentence beyond which nobody wrote it to be read."""


@dataclass(frozen=True, slots=True)
class Account:
    """One act on one instrument as one sentence tells it, completed from the release."""

    index: int
    """Which sentence of the release."""
    rule: Rule
    kind: Programme
    codes: frozenset[str]
    parties: tuple[PartyMention, ...]
    """Those that the sentence itself names."""
    whole: bool
    """Whether its own grammar names all parties."""
    completed: bool
    """Whether parties came from elsewhere in the release."""
    sure: bool
    """Whether the kind stands beside the head word."""
    day: DateMention | None
    announced: bool
    """The day is that of the announcement: "today announced the signing"."""
    named: Named | None
    cue: Cue
    cue_begins: str
    """The first word of the cue, folded."""
    news: bool
    """It stands in the title or the lead."""

    @property
    def event(self) -> str:
        """The `InstrumentEvent`."""
        return self.rule.event

    @property
    def on(self) -> str:
        """The day as the facts have it; empty when unknown."""
        return self.day.value if self.day else ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many instruments of a kind somebody has, as one sentence says it."""

    index: int
    kind: Programme
    named: Named
    number: Number
    parties: tuple[PartyMention, ...]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Read:
    """Everything read of a release: the acts, the counts, and what each sentence names."""

    accounts: tuple[Account, ...] = ()
    counts: tuple[Count, ...] = ()


def read(reading: Reading) -> Read:
    """Every act and count that the release tells, in the order of the text, gaps filled."""
    if reading.words.isdisjoint(_FIRST_HEADS):
        return Read()
    raw, mentioned = _read(reading)
    raw = with_days(raw, reading)
    with_kind = [_with_kind(one, mentioned, reading) for one in raw]
    known = [one for one in with_kind if one.kind is not None]
    if not known:
        return Read(counts=tuple(mentioned.counts))
    return Read(tuple(_completed(known, reading)), tuple(mentioned.counts))


_FIRST_HEADS = heads().first_words


@dataclass(slots=True)
class _Mentioned:
    """The kinds that the release names, sentence by sentence."""

    kinds: list[tuple[int, int, Programme | None]]
    """Sentence, place in the text, kind; None for an instrument of another trade."""
    counts: list[Count] = field(default_factory=list)

    def take(self, index: int, scene: Scene) -> dict[str, Programme | None]:
        """Keep what the sentence names, and give the acronyms it defines."""
        named = [one for one in scene.named if one.kind is not None or one.foreign]
        self.kinds += [(index, scene.tokens[one.first].start, one.kind) for one in named]
        return {one.acronym: one.kind for one in named if one.acronym}

    def before(self, index: int, place: int) -> tuple[bool, Programme | None]:
        """The instrument named last before this place: whether there is one, and its kind."""
        earlier = [kind for at, start, kind in self.kinds if (at, start) < (index, place)]
        return (bool(earlier), earlier[-1] if earlier else None)

    @property
    def only(self) -> Programme | None:
        """The kind, where the release names one kind only."""
        kinds = {kind for _, _, kind in self.kinds}
        return next(iter(kinds)) if len(kinds) == 1 else None


def _read(reading: Reading) -> tuple[list[Raw], _Mentioned]:
    words, with_cues = reading.words, frozenset(reading.places_of(cues()))
    acronyms: dict[str, Programme | None] = {}
    explained = _explained(reading) if with_cues else {}
    around = Around(
        customs=not words.isdisjoint(_CUSTOMS_WORDS),
        programme=not words.isdisjoint(_PROGRAMME_WORDS),
        acronyms=acronyms,
    )
    raw: list[Raw] = []
    mentioned = _Mentioned([])
    header: tuple[int, Scene] | None = None
    for index, sentence in enumerate(reading.sentences):
        is_list = sentence.sentence.block in LISTS
        known = not sentence.words.isdisjoint(_FIRST_HEADS) or (
            bool(acronyms) and not sentence.words.isdisjoint(acronyms)
        )
        cued = index in with_cues
        if not is_list and _leads_in(sentence):
            # Every list takes its own lead-in, not that of the list before it.
            header = None
        listed = is_list and (header is not None or cued)
        if not (known or listed or (cued and sentence.words & _ACTS)):
            continue
        scene = _scene(reading, sentence, around, named=known, cued=cued)
        if explained and scene.cues:
            told_of = with_abbreviations(scene.tokens, scene.parties, explained)
            scene = replace(scene, parties=told_of)
        if is_list and not scene.dates and index:
            scene = replace(scene, dates=_day_alone(reading.sentences[index - 1]))
        acronyms |= mentioned.take(index, scene)
        mentioned.counts += _counts(index, sentence, scene, reading.article.publisher)
        row = is_list and is_row(scene.tokens)
        told = (told_in_row(scene, owner_of(reading)) if row else ()) or told_in(scene)
        if row and told and header is not None:
            # What stands above the rows only says what they list.
            raw = [one for one in raw if one.index != header[0] or one.told.day is not None]
        if is_list and header is not None and not told:
            told = _from_header(header[1], scene)
            if told:
                # The line above the list tells nothing by itself.
                raw = [one for one in raw if one.index != header[0]]
        raw += [
            Raw(index, one, one.named.kind if one.named else None, _refers(one), _town(scene, one))
            for one in told
        ]
        heads_row = is_list and bool(scene.cues) and not sentence.parties
        if heads_row or (not is_list and (known or scene.cues)):
            header = (index, scene)
    return raw, mentioned


def _explained(reading: Reading) -> dict[str, str]:
    """The abbreviations that the release gives to administrations, with their codes."""
    found: dict[str, str] = {}
    for sentence in reading.sentences:
        tokens = sentence.sentence.tokens
        if "(" in sentence.sentence.text and len(tokens) <= LONGEST:
            found.update(abbreviations_in(tokens, sentence.parties))
    return found


def _leads_in(sentence: ReadSentence) -> bool:
    """Whether it is a line that ends with a colon, a list to follow."""
    tokens = sentence.sentence.tokens
    return len(tokens) > _HEADING and tokens[-1].text == ":"


def _day_alone(sentence: ReadSentence) -> Sequence[DateMention]:
    """The day that stands by itself before the words of a list entry."""
    tokens = sentence.sentence.tokens
    alone = sentence.sentence.block in LISTS and len(tokens) <= _HEADING
    return sentence.dates if alone and not sentence.parties else ()


_HEADING = 4
"""Words of a heading within a list: "Asia:", "June 2007"."""
_CUSTOMS_WORDS = word_set(
    "customs douane douanes douanier douaniere douaniers douanieres aduana aduanas aduanero "
    "aduanera aduaneros aduaneras cbp cbsa hmrc dgddi dian border"
)
_PROGRAMME_WORDS = word_set("aeo aeos oea oec ctpat authorised authorized trusted")
_ACTS = word_set(
    "lo il elle este esta ci it signature signing signatories ceremony ceremonia ceremonie "
    "firma suscripcion"
)


_PLAIN = 200
"""Words of a sentence up to which a cue is looked for around a day in its midst."""


def _scene(
    reading: Reading, sentence: ReadSentence, around: Around, *, named: bool, cued: bool
) -> Scene:
    tokens = sentence.sentence.tokens
    if len(tokens) > LONGEST:
        return Scene(tokens, (), (), (), ())
    spoken = cues().find(tokens) if cued else ()
    if cued and named and len(tokens) < _PLAIN:
        spoken = across_days(tokens, spoken, sentence.dates)
    found = named_in(tokens, around, {cue.first for cue in spoken}) if named else ()
    held = cues_in(tokens, spoken) if spoken else ()
    if not held and sentence.sentence.block not in LISTS:
        return Scene(tokens, found, held, (), ())
    parties = with_compounds(tokens, sentence.parties)
    held = stretched(tokens, held, joints_in(tokens, parties))
    return Scene(tokens, found, held, parties, sentence.dates, reading.article.publisher)


def _counts(index: int, sentence: ReadSentence, scene: Scene, publisher: str) -> Iterator[Count]:
    for one, number in counted_in(scene.tokens, scene.named):
        before = tuple(p for p in sentence.parties if p.last <= number.first)
        codes = frozenset(p.code for p in before) or frozenset({publisher} - {""})
        if len(codes) == 1 and one.kind is not None:
            yield Count(index, one.kind, one, number, before, codes)


def _from_header(header: Scene, row: Scene) -> tuple[Told, ...]:
    """A list entry under "agreements signed with:": its party and its day."""
    codes = frozenset(p.code for p in row.parties)
    if not codes or len(codes) > 2 or not header.cues:
        return ()
    named = [n for n in row.named if n.kind] or [n for n in header.named if n.kind]
    if not named or (not row.dates and not header.named):
        return ()
    if len(codes) < 2:
        subject = frozenset(p.code for p in header.parties)
        codes |= subject if len(subject) == 1 else frozenset({row.publisher} - {""})
    own = named[0] if row.named else replace(named[0], first=0, head=0, last=0)
    days: list[DateMention | None] = list(row.dates)
    acts = header.cues if len(days) == len(header.cues) else header.cues[:1]
    return tuple(
        Told(
            replace(cue, first=0, last=0, begin=0, end=len(row.tokens)),
            own,
            tuple(row.parties),
            codes,
            whole=len(codes) > 1,
            day=day if day and (day.past or cue.rule.event == "in-force") else None,
        )
        for cue, day in zip(acts, days or [None], strict=False)
    )


def _town(scene: Scene, told: Told) -> str:
    """The country of the seat where officers of two countries signed, one of them unnamed."""
    cue = told.cue
    alone = len(told.codes) == 1 and told.cue.rule.event == "signed" and not cue.passive
    if not alone or any(party.first > cue.first for party in told.parties):
        return ""
    if AND.isdisjoint(t.folded for t in scene.tokens[cue.begin : cue.first]):
        return ""
    towns = {m.value for m in seats().find(scene.tokens) if _is_in(scene.tokens, m.first)}
    return towns.pop() if len(towns) == 1 else ""


def _is_in(tokens: Sequence[Token], first: int) -> bool:
    before = tokens[first - 1] if first else None
    return before is not None and (before.folded in LOCATIVE or before.text in ("à", "À", "a"))


def _refers(told: Told) -> bool:
    named = told.named
    return named is None or (named.kind is None and named.bare)


# ---------------------------------------------------------------- which kind


def _with_kind(one: Raw, mentioned: _Mentioned, reading: Reading) -> Raw:
    """The kind that the release names; what customs sign with each other is theirs at least."""
    found = _with_kind_named(one, mentioned, reading)
    if found.kind is None and not mentioned.kinds and is_among_customs(one, reading):
        return replace(found, kind=Programme.OTHER)
    return found


def _with_kind_named(one: Raw, mentioned: _Mentioned, reading: Reading) -> Raw:
    """The kind of "the agreement" is that of the instrument named before it."""
    if one.kind is not None or not one.referring:
        return one
    named = one.told.named
    tokens = reading.sentences[one.index].sentence.tokens
    place = tokens[named.first if named else one.told.cue.first].start
    found, kind = mentioned.before(one.index, place)
    if named is None or named.definite:
        if found:
            return replace(one, kind=kind)
        if named is None and one.told.cue.frame is Frame.ACT and not mentioned.kinds:
            # "They signed it": something that is no instrument of ours.
            return one
        if mentioned.kinds:
            return replace(one, kind=mentioned.only)
        around = (reading.sentences[0], *reading.sentences[one.index : one.index + 2])
        suggested = (subject_kind(sentence.sentence.tokens) for sentence in around)
        return replace(one, kind=next((k for k in suggested if k is not None), None))
    # "signed an agreement": the kind that the title or the rest of the release gives, if but one.
    if not mentioned.kinds:
        return replace(one, kind=subject_kind(tokens))
    kinds = {k for _, _, k in mentioned.kinds if k is not None}
    foreign = any(k is None for _, _, k in mentioned.kinds)
    return replace(one, kind=next(iter(kinds)) if len(kinds) == 1 and not foreign else None)


# ---------------------------------------------------------------- which parties


def _completed(known: Sequence[Raw], reading: Reading) -> Iterator[Account]:
    publisher = reading.article.publisher
    paired = [o for o in known if o.told.whole or (o.told.aside and len(o.told.codes) == 2)]
    pairs = Pairs(paired, _lead_codes(reading), publisher)
    for one in known:
        told, kind = one.told, one.kind
        assert kind is not None
        if told.aside:
            continue
        if len(told.codes) != 1 and not told.whole and is_alike(one, reading):
            continue
        codes, completed = told.codes, False
        if not told.whole and (len(codes) < 2) and kind is not Programme.CONVENTION:
            if told.ours and publisher:
                codes |= {publisher}
            completing = replace(one, told=replace(told, codes=codes))
            more = pairs.completing(completing) if _may_complete(one) else None
            if more is not None:
                codes, completed = more, True
        elif one.referring and not told.whole:
            # "It was signed at the meeting of the directors of C and D": not their agreement.
            known_pair = pairs.completing(replace(one, told=replace(told, codes=frozenset())))
            if known_pair is not None and known_pair.isdisjoint(codes):
                codes, completed = known_pair, True
        if len(codes) < (1 if kind is Programme.CONVENTION else 2):
            continue
        yield Account(
            index=one.index,
            rule=told.cue.rule,
            kind=kind,
            codes=codes,
            parties=told.parties,
            whole=told.whole,
            completed=completed,
            sure=told.named is not None and told.named.sure and not one.referring,
            day=told.day,
            announced=told.announced,
            named=told.named,
            cue=told.cue,
            cue_begins=reading.sentences[one.index].sentence.tokens[told.cue.first].folded,
            news=one.index < LEAD,
        )


def _may_complete(one: Raw) -> bool:
    """Whether the sentence speaks of a certain instrument, not of such instruments at large."""
    named = one.told.named
    if named is None or named.definite or one.told.codes:
        return True
    if one.told.cue.frame is Frame.NOUN or one.told.day is not None or one.index == 0:
        return not named.plural or one.index == 0 or one.told.day is not None
    return not named.plural and one.index < LEAD


def actors_of(sentence: ReadSentence) -> Sequence[PartyMention]:
    """The parties that the sentence names otherwise than for a place or an occasion."""
    tokens = sentence.sentence.tokens
    if len(tokens) > LONGEST:
        return ()
    return actors_in(Scene(tokens, (), (), with_compounds(tokens, sentence.parties), ()))


def _lead_codes(reading: Reading) -> frozenset[str]:
    """The parties that the title and the first sentences name."""
    for count in (1, 2, 3):
        codes = frozenset(
            p.code for sentence in reading.sentences[:count] for p in actors_of(sentence)
        )
        if len(codes) >= 2:
            return codes
    return codes if reading.sentences else frozenset()
