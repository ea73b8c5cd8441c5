# SPDX-License-Identifier: Apache-2.0
"""What one sentence tells of instruments: a cue, its instrument, the parties and the day.

The frames are those of plain grammar: who signs what with whom; what was signed between whom, by
whom; what entered into force. Places, occasions and countries named for comparison are no parties.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.instruments.clauses import Cue, stretched
from comity.newsfeed.extraction.instruments.counts import count_at
from comity.newsfeed.extraction.instruments.kinds import Named
from comity.newsfeed.extraction.instruments.words import (
    AND,
    ARTICLES,
    BETWEEN,
    BREAKS,
    BY,
    DEFINITE,
    INDEFINITE,
    LOCATIVE,
    MULTILATERAL,
    OCCASIONS,
    OTHER_ACTS,
    RESPECTIVELY,
    SINCE,
    THIRD,
    WE,
    WITH,
    Frame,
    compounds,
    neutral,
    rule_of,
    word_set,
)
from comity.newsfeed.extraction.parties import NamedBy, PartyMention
from comity.newsfeed.extraction.phrases import Token
from comity.reference.taxonomy import Programme


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence with everything it names."""

    tokens: Sequence[Token]
    named: Sequence[Named]
    cues: Sequence[Cue]
    parties: Sequence[PartyMention]
    dates: Sequence[DateMention]
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a cue tells of one instrument, as far as its sentence says it."""

    cue: Cue
    named: Named | None
    """None where only the act is named: "the signing ceremony"."""
    parties: tuple[PartyMention, ...]
    codes: frozenset[str]
    whole: bool
    """Whether the grammar names all parties: "between A and B", "A with B"."""
    ours: bool = False
    """The publisher speaks of itself: "we signed"."""
    day: DateMention | None = None
    announced: bool = False
    """The day is that of the announcement: "today announced the signing"."""


BILATERAL = frozenset(
    {Programme.CMAA, Programme.MRA, Programme.JWP, Programme.CSI, Programme.TRADE_DATA}
)


def with_compounds(
    tokens: Sequence[Token], parties: Sequence[PartyMention]
) -> tuple[PartyMention, ...]:
    """The parties and those that stand before a hyphen: "franco-brésilien", "sino-"."""
    found = list(parties)
    begins = {party.first for party in parties}
    for index, token in enumerate(tokens[:-1]):
        code = compounds().get(token.folded)
        if code and index + 1 in begins and index not in begins:
            named_by = NamedBy.ADJECTIVE
            found.append(PartyMention(token.start, token.end, index, index + 1, code, named_by))
    return (
        tuple(sorted(found, key=lambda p: p.first)) if len(found) > len(parties) else tuple(parties)
    )


def told_in(scene: Scene) -> tuple[Told, ...]:
    """Everything that the sentence tells, cue by cue."""
    result: list[Told] = []
    before: Told | None = None
    speaking = [c for c in scene.cues if objects_of(scene, c) or _is_alone(scene.tokens, c)]
    if len(speaking) < len(scene.cues):
        scene = replace(scene, cues=stretched(scene.tokens, speaking))
    for cue in scene.cues:
        here = [_in_place(scene, told) for told in _of_cue(scene, cue, before)]
        result.extend(here)
        if here:
            before = here[-1]
    kept = [told for told in _parties_shared(result) if _is_told(scene.tokens, told)]
    return _one_revision(_days_shared(kept))


def _is_told(tokens: Sequence[Token], told: Told) -> bool:
    """Whether an entry into force without a day is told as done."""
    if told.cue.rule.event != "in-force" or told.day is not None:
        return True
    word = tokens[told.cue.first].folded
    before = tokens[told.cue.first - 1].folded if told.cue.first else ""
    if before in ("will", "shall") or word.endswith(("era", "ara", "eran", "aran", "ira", "ront")):
        return False
    return told.cue.last - told.cue.first > 1 and word not in _STANDING


_STANDING = word_set("is are been en in vigente vigentes es son implemented applies apply")


def _parties_shared(told: Sequence[Told]) -> list[Told]:
    """Two acts on one instrument: "denounced the accord concluded with Niger"."""
    result = list(told)
    for index, one in enumerate(result):
        if one.whole or one.named is None:
            continue
        for other in told:
            if other.named is one.named and other.codes > one.codes:
                result[index] = replace(one, codes=other.codes, whole=other.whole)
    return result


def _one_revision(told: Sequence[Told]) -> tuple[Told, ...]:
    """ "Amended by a protocol signed on": the day of the protocol is that of the amendment."""
    result = list(told)
    for index in range(len(result) - 1, 0, -1):
        before, here = result[index - 1], result[index]
        if (
            before.cue.rule.event == "revised"
            and here.cue.rule.event == "signed"
            and (before.day is None or before.day == here.day)
        ):
            result[index - 1 : index + 1] = [replace(before, day=here.day)]
    return tuple(result)


def _of_cue(scene: Scene, cue: Cue, before: Told | None) -> Iterator[Told]:
    objects = objects_of(scene, cue)
    if not objects:
        if _is_alone(scene.tokens, cue):
            yield from _filled(scene, cue, None, cue.begin, cue.end, before)
        return
    objects = tuple(
        n
        for n in objects
        if _is_fit(cue, n) and not _is_denied(scene, n) and not _is_counted(scene, n)
    )
    if not objects:
        return
    shared = _respective(scene, cue, objects)
    if shared:
        yield from shared
        return
    tails = [one.first for one in objects[1:]] + [cue.end]
    later: list[Told] = []
    for one, tail in zip(reversed(objects), reversed(tails), strict=True):
        begin = one.first if len(objects) > 1 else cue.begin
        told = list(_filled(scene, cue, one, begin, tail, before))
        if later and told and not _partners(scene, one.last, tail) and later[-1].whole:
            told = [replace(t, named=one) for t in later if t.named is later[-1].named]
        later = [*later, *told]
    yield from reversed(later)


def _is_ending(scene: Scene, cue: Cue) -> bool:
    """ "The denunciation takes effect"."""
    return any(t.folded in _ENDINGS for t in scene.tokens[cue.begin : cue.first])


_ENDINGS = word_set("termination denunciation withdrawal denonciation resiliation denuncia retiro")


def _in_place(scene: Scene, told: Told) -> Told:
    """Who joins a convention accedes to it; a termination that takes effect ends it."""
    if told.cue.rule.code == "NWS-125" and _is_ending(scene, told.cue):
        return replace(told, cue=replace(told.cue, rule=rule_of("NWS-145")))
    joins = told.cue.rule.code == "NWS-103" and told.named is not None
    if joins and told.named.kind is Programme.CONVENTION:  # type: ignore[union-attr]  # is named
        return replace(told, cue=replace(told.cue, rule=rule_of("NWS-105")))
    return told


def _is_fit(cue: Cue, one: Named) -> bool:
    """Whether this can happen to an instrument of this kind."""
    kinds = _ONLY.get(cue.rule.code)
    return not one.foreign and (kinds is None or one.kind in kinds)


_ONLY: dict[str, frozenset[Programme]] = {
    "NWS-103": frozenset({Programme.CSI, Programme.TRADE_DATA, Programme.CONVENTION}),
    "NWS-105": frozenset({Programme.CONVENTION}),
}
"""Rules that speak of some kinds only: one joins a convention, but signs an agreement."""


def _is_counted(scene: Scene, one: Named) -> bool:
    """ "Has signed 81 CMAAs with other administrations" tells of no one signature."""
    return bool(count_at(scene.tokens, one)) and not _listed(
        scene, WITH | BETWEEN, one.head, one.head + 20
    )


def _is_denied(scene: Scene, one: Named) -> bool:
    """ "No agreement was signed"."""
    return one.first > 0 and scene.tokens[one.first - 1].folded in _NO


_NO = word_set("no any aucun aucune ningun ninguna sin sans without neither")


def _is_alone(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether the cue speaks of an instrument without naming it."""
    return cue.rule.code == "NWS-101" or _is_it(tokens, cue)


def _is_it(tokens: Sequence[Token], cue: Cue) -> bool:
    """ "It was signed", "its signature", "signed it"."""
    around = {t.folded for t in tokens[max(cue.begin, cue.first - 4) : cue.first]}
    after = {t.folded for t in tokens[cue.last : cue.last + 1]}
    return bool((around | after) & {"it", "its", "signatories", "lo"})


# ---------------------------------------------------------------- which instrument


def objects_of(scene: Scene, cue: Cue) -> tuple[Named, ...]:
    """The instruments that the cue speaks of."""
    named = [n for n in scene.named if not _is_ground(scene, n)]
    after = [n for n in named if cue.last <= n.first and n.head <= cue.end]
    ahead = [n for n in named if cue.begin <= n.first and n.head <= cue.first]
    inside = [n for n in named if n.first < cue.last and cue.first < n.head]
    if cue.rule.code == "NWS-112":
        return tuple(n for n in after[:1] if _is_beside(scene.tokens[cue.last : n.first]))
    if inside:
        # "The Revised Kyoto Convention" tells of no revision.
        return tuple(n for n in inside if n.kind is not Programme.CONVENTION)
    if cue.frame is Frame.STATE:
        chosen = ahead[-1:] or _earlier(scene, cue) or after[:1]
        return tuple(chosen)
    if cue.frame is Frame.NOUN:
        chosen_noun = [n for n in after if n.first - cue.last <= 12]
        if not chosen_noun and ahead and cue.first - ahead[-1].last <= 3:
            return (ahead[-1],)
        return _coordinated(scene.tokens, chosen_noun, cue) or tuple(
            ahead[-1:] if _is_it(scene.tokens, cue) else ()
        )
    if cue.passive:
        chosen = _heads_ahead(scene.tokens, ahead) or after[:1] or _before_stretch(scene, cue)
        return tuple(chosen)
    if _is_participle(scene, cue, after):
        near = _directly_before(scene, cue)
        if near is not None:
            return (near,)
    chosen_after = [n for n in after if n.first - cue.last <= 45]
    if chosen_after:
        return _coordinated(scene.tokens, chosen_after, cue)
    if scene.tokens[cue.last - 1].folded not in _PARTICIPLES:
        return ()
    near = _directly_before(scene, cue)
    return (near,) if near is not None else tuple(ahead[-1:])


def _is_beside(gap: Sequence[Token]) -> bool:
    """Whether only articles and neutral words stand between."""
    allowed = INDEFINITE | DEFINITE | neutral() | {"on", "upon", "de", "d"}
    return len(gap) <= 4 and all(t.folded in allowed for t in gap)


def _is_ground(scene: Scene, one: Named) -> bool:
    """Whether it is named as the ground on which something else is done: "under the CMAA"."""
    words = {t.folded for t in scene.tokens[max(0, one.first - 4) : one.first]}
    return bool(words & _GROUNDS)


_GROUNDS = word_set("framework marco cadre pursuant virtud amparo conformement vertu")


def _heads_ahead(tokens: Sequence[Token], ahead: list[Named]) -> list[Named]:
    """Subjects of a passive: "a CMAA and an MRA were signed"."""
    if len(ahead) > 1:
        between = [t.folded for t in tokens[ahead[-2].last : ahead[-1].first]]
        if set(between) & AND and len(between) <= 4:
            return ahead[-2:]
    return ahead[-1:]


def _before_stretch(scene: Scene, cue: Cue) -> list[Named]:
    """The instrument that a relative or joined clause goes on about."""
    return [n for n in scene.named if n.head <= cue.begin][-1:] if cue.follows else []


def _earlier(scene: Scene, cue: Cue) -> list[Named]:
    """The instrument named last before the stretch."""
    return [n for n in scene.named if n.head <= cue.begin][-1:]


def _is_participle(scene: Scene, cue: Cue, after: Sequence[Named]) -> bool:
    word = scene.tokens[cue.last - 1].folded
    return word in _PARTICIPLES and (
        not after or (_directly_before(scene, cue) is not None and not _has_subject(scene, cue))
    )


_PARTICIPLES = word_set(
    "signed inked penned concluded initialled initialed sealed signe signee signes signees paraphe "
    "paraphee conclu conclue firmado firmada firmados firmadas suscrito suscrita suscritos "
    "suscripto rubricado celebrado celebrada concluido sellado revised amended updated renewed "
    "revise modifie actualizado renovado adopted notified suspended terminated denonce denoncee "
    "denunciado suspendu suspendido proroge prorogee renouvele prorrogado"
)


def _has_subject(scene: Scene, cue: Cue) -> bool:
    """Whether a party stands between the instrument before and the cue."""
    near = _directly_before(scene, cue)
    return near is not None and any(
        near.last <= p.first and p.last <= cue.first for p in scene.parties
    )


def _directly_before(scene: Scene, cue: Cue) -> Named | None:
    """The instrument that ends close before the cue: "the CMAA, first signed in 2002"."""
    for one in reversed(scene.named):
        if one.head <= cue.first:
            gap = [t.folded for t in scene.tokens[one.last : cue.first]]
            light = all(
                w in _GAP or any(p.first <= one.last + k < p.last for p in scene.parties)
                for k, w in enumerate(gap)
            )
            return one if len(gap) <= 14 and light else None
    return None


_GAP = word_set(
    ", ( ) originally first initially already previously that was which were has have been had "
    "between and with customs administrations of the countries two both y et entre los las les de "
    "del con avec la le el ya qui que a ete ont fue ont deja recently newly ’ ' s \" ” » “ on "
    "governments gobiernos gouvernements"
)


def _coordinated(tokens: Sequence[Token], after: Sequence[Named], cue: Cue) -> tuple[Named, ...]:
    """The first instrument after the cue, and those joined to it by "and"."""
    chosen = list(after[:1])
    for one in after[1:]:
        begin = one.first
        while begin and tokens[begin - 1].folded in INDEFINITE | DEFINITE | {"also", "new", "two"}:
            begin -= 1
        before = {t.folded for t in tokens[max(0, begin - 2) : begin]}
        if before & (AND | {",", "well", "como"}) and not one.foreign:
            chosen.append(one)
        else:
            break
    return tuple(chosen)


# ---------------------------------------------------------------- which parties


def _filled(
    scene: Scene, cue: Cue, one: Named | None, begin: int, end: int, before: Told | None
) -> Iterator[Told]:
    """The parties and the day of one instrument; several where each partner has its own."""
    pair = _pair(scene, one)
    listed = _listed(scene, BETWEEN, max(cue.begin, min(begin, cue.first)), end)
    by = _listed(scene, BY, cue.last, cue.end) if cue.frame is not Frame.STATE else ()
    partners = _partners(scene, begin, end)
    signers = _signers(scene, cue, one, before)
    if cue.frame is Frame.ACT and partners:
        after = {p.first for p in partners if p.first >= cue.last}
        signers = tuple(p for p in signers if p.first not in after)
    ours = _speaks_of_us(scene, cue)
    day = _day(scene, cue, one, begin, end)

    def told(parties: Sequence[PartyMention], *, whole: bool, on: DateMention | None = day) -> Told:
        codes = frozenset(p.code for p in parties)
        whole = whole and len(codes) > 1
        announced = on is not None and _is_announcement(scene, cue, on)
        return Told(cue, one, tuple(parties), codes, whole, ours, on, announced)

    if len(_codes(listed)) > 1:
        yield told(listed, whole=True)
        return
    if len(_codes(pair)) > 1:
        yield told(pair, whole=True)
        return
    subject = (*signers, *by)
    if partners:
        own = _codes(subject) or (frozenset({scene.publisher}) if scene.publisher else frozenset())
        others = [p for p in partners if p.code not in own]
        kinds = one.kind if one else None
        many = len(_codes(others)) > 1
        if many and day is None and _is_overview(scene, cue, others):
            return
        if many and len(own) <= 1 and _is_distributed(scene, cue, kinds):
            yield from _distributed(scene, told, subject, others, day, end)
            return
        yield told((*subject, *others), whole=bool(subject))
        return
    if len(_codes(subject)) > 1:
        yield told(subject, whole=True)
        return
    rest = [p for p in _within(scene, cue.begin, end) if p not in subject]
    genitive = (*subject, *pair, *listed, *(rest if len(_codes((*subject, *rest))) <= 2 else ()))
    yield told(_unique(genitive), whole=False)


_OVERVIEW = 3
"""More partners than these without a day are an overview, no news."""


def _is_overview(scene: Scene, cue: Cue, others: Sequence[PartyMention]) -> bool:
    """ "With 19 partners, among them A and B" tells how things stand."""
    gap = scene.tokens[cue.last : others[0].first]
    examples = any(t.folded in _EXAMPLES or t.text.isdigit() for t in gap)
    return examples or len(_codes(others)) > _OVERVIEW


_EXAMPLES = word_set("among including notamment dont incluidos ellos ellas parmi")


def _unique(parties: Sequence[PartyMention]) -> list[PartyMention]:
    return sorted({p.first: p for p in parties}.values(), key=lambda p: p.first)


def _codes(parties: Sequence[PartyMention]) -> frozenset[str]:
    return frozenset(p.code for p in parties)


def _is_distributed(scene: Scene, cue: Cue, kind: Programme | None) -> bool:
    """Instruments that are bilateral by nature are signed with each partner."""
    words = {t.folded for t in scene.tokens[cue.begin : cue.end]}
    return not words & MULTILATERAL and (kind is None or kind in BILATERAL)


def _distributed(
    scene: Scene,
    told: object,
    subject: Sequence[PartyMention],
    others: Sequence[PartyMention],
    day: DateMention | None,
    end: int,
) -> Iterator[Told]:
    """One instrument with each partner, each with the day that follows its name."""
    days = [d for d in scene.dates if others[0].first <= d.first < end and d.past]
    respectively = any(t.folded in RESPECTIVELY for t in scene.tokens)
    seen: set[str] = set()
    for number, other in enumerate(others):
        if other.code in seen:
            continue
        seen.add(other.code)
        following = others[number + 1].first if number + 1 < len(others) else end
        own = [d for d in days if other.last <= d.first < following]
        chosen = day
        if len(days) > 1:
            if respectively and len(days) == len(others):
                chosen = days[number]
            elif own:
                chosen = own[0]
        yield told((*subject, other), whole=True, on=chosen)  # type: ignore[operator]  # a closure


def _respective(scene: Scene, cue: Cue, objects: Sequence[Named]) -> list[Told]:
    """ "An MRA and a JWP with A and B, respectively"."""
    if len(objects) < 2 or not any(t.folded in RESPECTIVELY for t in scene.tokens):
        return []
    subject = _signers(scene, cue, objects[0], None)
    partners = [p for p in _partners(scene, objects[-1].first, cue.end)]
    if len(partners) != len(objects):
        return []
    day = _day(scene, cue, objects[-1], cue.begin, cue.end)
    return [
        Told(cue, one, (*subject, p), _codes((*subject, p)), whole=bool(subject), day=day)
        for one, p in zip(objects, partners, strict=True)
    ]


def _pair(scene: Scene, one: Named | None) -> tuple[PartyMention, ...]:
    """Two parties that stand as one modifier: "the U.S.-Chile agreement", "franco-brésilien"."""
    if one is None:
        return ()
    near = [
        p
        for p in scene.parties
        if p.last <= one.head and one.first - p.last <= 2 and p.last > one.first - 6
    ]
    near = [p for p in near if p.first >= one.first - 6]
    if len(near) >= 2 and near[-1].first - near[-2].last <= 1 and _no_prep(scene, near[-1], one):
        return tuple(near[-2:])
    after = [p for p in scene.parties if one.head <= p.first <= one.last + 2]
    if (
        len(after) >= 2
        and after[1].first - after[0].last <= 1
        and after[0].named_by in (NamedBy.ADJECTIVE, NamedBy.COUNTRY)
    ):
        return tuple(after[:2])
    return ()


def _no_prep(scene: Scene, party: PartyMention, one: Named) -> bool:
    """Whether nothing but modifiers stands between the pair and the head."""
    words = {t.folded for t in scene.tokens[party.last : one.first]}
    return party.last > one.first or not words or words <= neutral()


def _signers(
    scene: Scene, cue: Cue, one: Named | None, before: Told | None
) -> tuple[PartyMention, ...]:
    """Who does it: the parties before the cue, or after it where the verb comes first."""
    if cue.frame is Frame.STATE:
        return ()
    together = _listed(scene, WITH, cue.begin, cue.first)
    found = _within(scene, _subject_begin(scene, cue), cue.first)
    if one is not None and one.head <= cue.first and cue.frame is Frame.ACT:
        found = [p for p in found if p.last <= one.first] if not cue.passive else []
    if one is not None and one.first >= cue.last:
        inner = _within(scene, cue.last, one.first)
        found += [p for p in inner if not _after_with(scene, p)]
    if not found and not together and cue.follows and before is not None:
        return tuple(p for p in before.parties if p.last <= before.cue.first)
    return tuple(_unique([*found, *together]))


def _subject_begin(scene: Scene, cue: Cue) -> int:
    """The subject of "when A and B signed" stands after "when"."""
    begin = cue.begin
    for index in range(cue.begin, cue.first):
        if scene.tokens[index].folded in _CLAUSE_WORDS:
            begin = index + 1
    return begin if _within(scene, begin, cue.first) else cue.begin


_CLAUSE_WORDS = word_set("when lorsque lorsqu quand cuando that que qu")


def _after_with(scene: Scene, party: PartyMention) -> bool:
    return any(t.folded in WITH for t in scene.tokens[max(0, party.first - 4) : party.first])


def _partners(scene: Scene, begin: int, end: int) -> tuple[PartyMention, ...]:
    return _listed(scene, WITH, begin, end)


def _listed(
    scene: Scene, markers: frozenset[str], begin: int, end: int
) -> tuple[PartyMention, ...]:
    """The parties that follow one of these words, joined by commas and "and"."""
    found: list[PartyMention] = []
    for index in range(begin, min(end, len(scene.tokens))):
        if scene.tokens[index].folded in markers:
            found += _chain(scene, index + 1, end)
    return tuple(_unique(found))


_FIRST_REACH = 18
_NEXT_REACH = 14


def _chain(scene: Scene, begin: int, end: int) -> Iterator[PartyMention]:
    at, reach, first = begin, _FIRST_REACH, True
    for party in scene.parties:
        if party.first < begin or party.first >= end:
            continue
        gap = [t.folded for t in scene.tokens[at : party.first]]
        if len(gap) > reach or set(gap) & (BREAKS - {"–", "—"}) or _is_outside(scene, party):
            break
        if not first and not set(gap) & (AND | {",", "con", "with", "avec"}):
            # A second name of the same person's office ("Ambassador to the U.S.") joins nothing.
            if len(gap) > 3:
                break
        yield party
        at, reach, first = party.last, _NEXT_REACH, False


def _within(scene: Scene, begin: int, end: int) -> list[PartyMention]:
    return [
        p for p in scene.parties if begin <= p.first and p.last <= end and not _is_outside(scene, p)
    ]


def actors_in(scene: Scene) -> list[PartyMention]:
    """The parties named otherwise than for a place, an occasion or a comparison."""
    return _within(scene, 0, len(scene.tokens))


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
    """ "During the U.S.-Cabo Verde Trade Conference", "at the embassy of Chile"."""
    if party.named_by is NamedBy.AUTHORITY:
        return False
    for token in scene.tokens[party.last : party.last + 7]:
        word = token.folded
        if word in OCCASIONS:
            return _is_at_event(scene, party.first)
        if word in WITH | BY | BETWEEN or word in BREAKS or word in (",", "signed", "of"):
            break
    for index in range(party.first - 1, max(-1, party.first - 6), -1):
        word = scene.tokens[index].folded
        if word in OCCASIONS:
            return not any(t.folded in WITH | BY for t in scene.tokens[index : party.first])
        if word not in ARTICLES and word not in ("to", "a", "between", "entre"):
            break
    return False


_AT_EVENT = word_set(
    "during at on in of sidelines margins lors durant pendant marge durante en el al del au cours "
    "first second third this the last"
)


def _is_at_event(scene: Scene, first: int) -> bool:
    return any(t.folded in _AT_EVENT for t in scene.tokens[max(0, first - 6) : first])


def _is_comparison(scene: Scene, party: PartyMention) -> bool:
    """ "Like Peru", "after similar arrangements with Canada and Mexico"."""
    for index in range(party.first - 1, max(-1, party.first - 12), -1):
        word = scene.tokens[index].folded
        if word in BREAKS or any(cue.first <= index < cue.last for cue in scene.cues):
            return False
        if word in _SIMILAR or (word in THIRD and not _in_name(scene, index)):
            return True
        if word == "," and not _in_name(scene, index - 1):
            return False
    return False


_SIMILAR = word_set("similar existing similaires similares existants existentes")


def _in_name(scene: Scene, index: int) -> bool:
    return any(party.first <= index < party.last for party in scene.parties)


def _speaks_of_us(scene: Scene, cue: Cue) -> bool:
    return any(t.folded in WE for t in scene.tokens[cue.begin : cue.end])


# ---------------------------------------------------------------- which day


def _day(scene: Scene, cue: Cue, one: Named | None, begin: int, end: int) -> DateMention | None:
    """The day of the cue: after it before any other instrument, else the nearest before it."""
    usable = [d for d in scene.dates if cue.begin <= d.first < cue.end and _is_day(scene, cue, d)]
    after = [d for d in usable if d.first >= cue.last and begin <= d.first < end]
    after = after or [d for d in usable if d.first >= cue.last]
    before = [d for d in usable if d.last <= cue.first]
    for candidate in (after[:1], before[-1:]):
        if candidate:
            chosen = candidate[0]
            if chosen.relative and len(chosen.value) == len("YYYY-MM-DD"):
                chosen = _dateline(scene, chosen)
            same = [d for d in usable if d.value.startswith(chosen.value)]
            return max([chosen, *same], key=lambda d: len(d.value))
    return None


def _dateline(scene: Scene, today: DateMention) -> DateMention:
    """ "BERNE, 14 March 2024 – Today": the day of the dateline is meant."""
    if scene.tokens[today.first].folded not in _TODAY:
        return today
    for day in scene.dates:
        following = scene.tokens[day.last : day.last + 3]
        if day.first < 9 and not day.relative and any(t.text in "—–-" for t in following):
            return day
    return today


_TODAY = word_set("today hoy aujourd ce this heute")


def _is_announcement(scene: Scene, cue: Cue, day: DateMention) -> bool:
    """Whether the day stands with "announced" and before the cue."""
    if day.first > cue.first:
        return False
    near = scene.tokens[max(0, day.first - 4) : min(cue.first, day.last + 5)]
    return any(t.folded.startswith(("announc", "annonc", "anunci")) for t in near)


def _is_day(scene: Scene, cue: Cue, day: DateMention) -> bool:
    """Whether the date can be the cue's: not an older instrument's year, not "since 2014"."""
    event = cue.rule.event
    if event in ("signed", "text-agreed", "notified", "revised") and not day.past:
        return False
    before = [t.folded for t in scene.tokens[max(0, day.first - 4) : day.first]]
    if event != "in-force" and before and before[-1] in SINCE:
        return False
    if event != "negotiation-opened" and not day.relative and set(before[-3:]) & OTHER_ACTS:
        return False
    for one in scene.named:
        # "the 2005 agreement", "the agreement of 2005": the date names the instrument.
        if event == "revised" and day.last <= cue.first and one.bare:
            continue
        if day.last == one.first or one.first <= day.first < one.head:
            return False
        if one.last <= day.first <= one.last + 1 and before[-1:] in (
            ["of"],
            ["de"],
            ["du"],
            ["del"],
        ):
            return event in ("signed",) and one.first < cue.first
    return True


def _days_shared(told: Sequence[Told]) -> tuple[Told, ...]:
    """A day named once for two acts that are joined: "signed X and also signed Y on 19 July"."""
    result = list(told)
    for index, one in enumerate(result):
        if one.day is not None:
            continue
        other = None
        if one.cue.follows and index:
            other = result[index - 1]
        elif index + 1 < len(result) and result[index + 1].cue.follows:
            other = result[index + 1]
        if (
            other is not None
            and other.day is not None
            and other.cue.rule.event == one.cue.rule.event
        ):
            result[index] = replace(one, day=other.day)
    return tuple(result)
