# SPDX-License-Identifier: Apache-2.0
"""What one sentence tells of instruments: a cue, its instrument, the parties and the day.

The frames are those of plain grammar: who signs what with whom; what was signed between whom, by
whom; what entered into force. Places, occasions and countries named for comparison are no parties.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from comity.newsfeed.extraction.dates import DateMention
from comity.newsfeed.extraction.instruments.actors import (
    addressees_of,
    codes_of,
    joints_in,
    listed,
    named_before,
    pair_of,
    parted,
    partners_of,
    signers_of,
    speakers_of,
    speaks_of_us,
    unique,
    within,
)
from comity.newsfeed.extraction.instruments.asides import as_aside
from comity.newsfeed.extraction.instruments.clauses import Cue, is_by_procedures, stretched
from comity.newsfeed.extraction.instruments.days import day_of, days_shared, is_announcement
from comity.newsfeed.extraction.instruments.kinds import Named
from comity.newsfeed.extraction.instruments.objects import (
    fitting,
    is_alone,
    is_ending,
    objects_of,
)
from comity.newsfeed.extraction.instruments.scene import Scene, Told
from comity.newsfeed.extraction.instruments.words import (
    AND,
    BETWEEN,
    BY,
    MULTILATERAL,
    RESPECTIVELY,
    Frame,
    rule_of,
    word_set,
)
from comity.newsfeed.extraction.parties import PartyMention
from comity.newsfeed.extraction.phrases import Token
from comity.reference.taxonomy import Programme


def told_in(scene: Scene) -> tuple[Told, ...]:
    """Everything that the sentence tells, cue by cue."""
    result: list[Told] = []
    before: Told | None = None
    speaking = [c for c in scene.cues if objects_of(scene, c) or is_alone(scene.tokens, c)]
    if len(speaking) < len(scene.cues):
        scene = replace(
            scene, cues=stretched(scene.tokens, speaking, joints_in(scene.tokens, scene.parties))
        )
    for cue in scene.cues:
        told_here = [_in_place(scene, told) for told in _of_cue(scene, cue, before)]
        here = [part for told in told_here for part in _each_its_own(scene, told)]
        result.extend(here)
        if here:
            before = here[-1]
    shared = _parties_shared(result)
    kept = [
        told for told in shared if _is_told(scene.tokens, told) and not _is_attribute(told, shared)
    ]
    return _one_revision(days_shared([as_aside(scene.tokens, told) for told in kept]))


def _is_attribute(told: Told, others: Sequence[Told]) -> bool:
    """Whether it only describes what something happens to: "the accord signed with A ended"."""
    return (
        told.cue.rule.event == "signed"
        and told.day is None
        and told.named is not None
        and told.named.head <= told.cue.first
        and any(o.named is told.named and o.cue.rule.event != "signed" for o in others)
    )


def _is_told(tokens: Sequence[Token], told: Told) -> bool:
    """Whether an act without a day is told as done, and as news."""
    if told.day is not None:
        return True
    if told.cue.rule.event == "signed":
        stretch = tokens[told.cue.begin : told.cue.first]
        return not any(t.folded in _EVER_SINCE for t in stretch)
    if told.cue.rule.event in _DATED_ONLY and _is_conditional(tokens, told.cue):
        return False
    if told.cue.rule.event != "in-force":
        return True
    word = tokens[told.cue.first].folded
    before = tokens[told.cue.first - 1].folded if told.cue.first else ""
    if before in ("will", "shall") or word.endswith(("era", "ara", "eran", "aran", "ira", "ront")):
        return False
    return told.cue.last - told.cue.first > 1 and word not in _STANDING


def _is_conditional(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether only a day makes news of it: "would be signed", "will cease to apply"."""
    words = [t.folded for t in tokens[max(0, cue.first - 1) : cue.last]]
    return is_by_procedures(tokens, cue) or any(
        w in _WOULD or w.endswith(("ria", "rian")) for w in words
    )


_DATED_ONLY = frozenset({"planned", "terminated", "notified"})
_WOULD = word_set("would serait seraient signerait signeraient will shall cessera dejara prendra")
_EVER_SINCE = word_set("since desde depuis")
_STANDING = word_set(
    "would entrerait entreraient entraria entrarian bound linked lie lies liees unis unido "
    "unidos vinculado vinculados ligados se tiene tienen now is are been est sont esta estan "
    "en in vigente vigentes es son implemented applies apply"
)


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
    """In "amended by a protocol signed on", the protocol's day is that of the amendment."""
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
        if is_alone(scene.tokens, cue):
            yield from _filled(scene, cue, None, cue.begin, cue.end, before)
        return
    objects = fitting(scene, cue, objects)
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
        if later and told and not partners_of(scene, one.last, tail) and later[-1].whole:
            told = [replace(t, named=one) for t in later if t.named is later[-1].named]
        later = [*later, *told]
    yield from reversed(later)


def _in_place(scene: Scene, told: Told) -> Told:
    """Who joins a convention accedes to it; a termination that takes effect ends it."""
    if is_ending(scene.tokens, told.cue):
        return replace(told, cue=replace(told.cue, rule=rule_of("NWS-145")))
    if told.cue.rule.event == "signed" and _is_amending(scene, told.named):
        return replace(told, cue=replace(told.cue, rule=rule_of("NWS-130")))
    joins = told.cue.rule.code == "NWS-103" and told.named is not None
    if joins and told.named.kind is Programme.CONVENTION:  # type: ignore[union-attr]  # is named
        return replace(told, cue=replace(told.cue, rule=rule_of("NWS-105")))
    return told


def _is_amending(scene: Scene, named: Named | None) -> bool:
    """Whether what is signed only changes an older one: "a protocol amending the accord"."""
    return named is not None and any(
        t.folded in _AMENDING for t in scene.tokens[named.first : named.last]
    )


_AMENDING = word_set(
    "amending amendment modifying revising avenant modifiant modificatif modificatorio "
    "modificatoria enmienda addendum additif adenda adendum"
)

BILATERAL = frozenset(
    {
        Programme.CMAA,
        Programme.MRA,
        Programme.JWP,
        Programme.CSI,
        Programme.TRADE_DATA,
        Programme.OTHER,
    }
)


def _filled(
    scene: Scene, cue: Cue, one: Named | None, begin: int, end: int, before: Told | None
) -> Iterator[Told]:
    """The parties and the day of one instrument; several where each partner has its own."""
    pair = pair_of(scene, one)
    between = listed(scene, BETWEEN, max(cue.begin, min(begin, cue.first)), end)
    by = listed(scene, BY, cue.last, cue.end) if cue.frame is not Frame.STATE else ()
    partners = partners_of(scene, begin, end)
    if one is not None and one.head <= cue.first:
        # "The accord with Chile, signed in 2020, and Norway": the partner stands beside its name.
        partners = tuple(p for p in partners if p.last <= cue.first) or partners
    signers = signers_of(scene, cue, one, before)
    if cue.frame is Frame.ACT and partners:
        after = {p.first for p in partners if p.first >= cue.last}
        signers = tuple(p for p in signers if p.first not in after)
    ours = speaks_of_us(scene, cue)
    day = day_of(scene, cue, one, begin, end)

    def told(parties: Sequence[PartyMention], *, whole: bool, on: DateMention | None = day) -> Told:
        codes = frozenset(p.code for p in parties)
        whole = whole and len(codes) > 1
        announced = on is not None and is_announcement(scene, cue, on)
        return Told(cue, one, tuple(parties), codes, whole, ours, on, announced)

    if len(codes_of(between)) > 1:
        yield told(between, whole=True)
        return
    if len(codes_of(pair)) > 1:
        yield told(pair, whole=True)
        return
    subject, partners = _subject_and_partners(scene, cue, one, (*signers, *by), partners)
    if partners:
        own = codes_of(subject) or (
            frozenset({scene.publisher}) if scene.publisher else frozenset()
        )
        others = [p for p in partners if p.code not in own]
        kinds = one.kind if one else None
        many = len(codes_of(others)) > 1
        if many and day is None and _is_overview(scene, cue, others):
            return
        if many and len(own) <= 1 and _is_distributed(scene, cue, kinds):
            yield from _distributed(scene, told, subject, others, day, end)
            return
        yield told((*subject, *others), whole=bool(subject))
        return
    if len(codes_of(subject)) > 1:
        yield told(subject, whole=True)
        return
    rest = [p for p in within(scene, cue.begin, end) if p not in subject]
    genitive = (*subject, *pair, *between, *(rest if len(codes_of((*subject, *rest))) <= 2 else ()))
    yield told(unique(genitive), whole=False)


_Parties = tuple[PartyMention, ...]


def _subject_and_partners(
    scene: Scene, cue: Cue, one: Named | None, named: _Parties, partners: _Parties
) -> tuple[_Parties, _Parties]:
    """Who does it, also where the sentence names them otherwise than as its subject."""
    subject = (*named, *addressees_of(scene, cue))
    if len(codes_of(subject)) < 2 and _is_the_two(scene, cue):
        subject = named_before(scene, cue) or subject
    if not subject and speaks_of_us(scene, cue):
        subject = tuple(speakers_of(scene, partners))
    if partners and not subject and cue.passive and one is not None:
        subject = tuple(within(scene, cue.begin, one.first))
    if partners and not subject:
        partners, subject = parted(scene, partners)
    return subject, partners


def _each_its_own(scene: Scene, told: Told) -> Iterator[Told]:
    """Signatories of several instruments, each the partner of another one."""
    named_after = all(party.first >= told.cue.last for party in told.parties)
    if len(told.codes) < 2 or not named_after or not _is_one_by_one(scene):
        yield told
        return
    by = listed(scene, BY, told.cue.last, len(scene.tokens))
    if not {p.first for p in told.parties} <= {p.first for p in by}:
        yield told
        return
    for party in told.parties:
        yield replace(told, parties=(party,), codes=frozenset({party.code}), whole=False)


def _is_one_by_one(scene: Scene) -> bool:
    """Whether several are told one after the other: "the first was signed by A, the second by"."""
    words = {t.folded for t in scene.tokens}
    return not words.isdisjoint(_FIRST) and not words.isdisjoint(_SECOND)


_FIRST = word_set("first premier premiere primer primero primera")
_SECOND = word_set("second deuxieme seconde segundo segunda")


def _is_the_two(scene: Scene, cue: Cue) -> bool:
    """Whether "the two countries" do it."""
    before = [t.folded for t in scene.tokens[max(cue.begin, cue.first - 5) : cue.first]]
    after = [t.folded for t in scene.tokens[cue.last : cue.last + 6]]
    if cue.passive and after[:1] and after[0] in BY:
        before = after
    return any(w in _TWO for w in before) and any(w in _SIDES for w in before)


_TWO = word_set("two both deux dos ambos ambas")
_SIDES = word_set(
    "countries sides parties administrations governments nations pays parties gouvernements "
    "paises partes administraciones gobiernos naciones services services servicios aduanas "
    "douanes customs"
)

_OVERVIEW = 3
"""More partners than these without a day are an overview, no news."""


def _is_overview(scene: Scene, cue: Cue, others: Sequence[PartyMention]) -> bool:
    """Whether it is told how things stand: "with 19 partners, among them A and B"."""
    gap = scene.tokens[cue.last : others[0].first]
    examples = any(t.folded in _EXAMPLES or t.text.isdigit() for t in gap)
    return examples or len(codes_of(others)) > _OVERVIEW


_EXAMPLES = word_set("among including notamment dont incluidos ellos ellas parmi")


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
    if respectively and day is not None:
        days = _days_of_one_month(scene, day) or _years_in_row(scene, day) or days
    seen: set[str] = set()
    for number, other in enumerate(others):
        if other.code in seen:
            continue
        seen.add(other.code)
        following = others[number + 1].first if number + 1 < len(others) else end
        own = [d for d in days if other.last <= d.first < following]
        chosen = day
        if len(days) > 1:
            if respectively:
                chosen = days[number] if len(days) == len(others) else None
            elif own:
                chosen = own[0]
        yield told((*subject, other), whole=True, on=chosen)  # type: ignore[operator]  # a closure


def _years_in_row(scene: Scene, day: DateMention) -> list[DateMention]:
    """Each year of "2017, 2018 and 2019"."""
    if len(day.value) > len("YYYY"):
        return []
    years = []
    for token in scene.tokens[day.first : day.first + 12]:
        if token.text.isdigit() and len(token.text) == len("YYYY"):
            years.append(replace(day, value=token.text, start=token.start, end=token.end))
        elif token.folded not in AND and token.folded not in _ROW:
            break
    return years if len(years) > 1 else []


_ROW = word_set(", in en")


def _days_of_one_month(scene: Scene, day: DateMention) -> list[DateMention]:
    """Each day of "3 and 5 May 2022"."""
    begin = max(0, day.first - 2)
    numbers = [
        int(token.text)
        for token in scene.tokens[begin : day.last]
        if token.text.isdigit() and 0 < int(token.text) < 32
    ]
    if len(numbers) < 2 or len(day.value) < len("YYYY-MM-DD"):
        return []
    return [replace(day, value=f"{day.value[:8]}{number:02}") for number in numbers]


def _respective(scene: Scene, cue: Cue, objects: Sequence[Named]) -> list[Told]:
    """Each its own partner: "an MRA and a JWP with A and B, respectively"."""
    if len(objects) < 2 or not any(t.folded in RESPECTIVELY for t in scene.tokens):
        return []
    subject = signers_of(scene, cue, objects[0], None)
    partners = [p for p in partners_of(scene, objects[-1].first, cue.end)]
    if len(partners) != len(objects):
        return []
    day = day_of(scene, cue, objects[-1], cue.begin, cue.end)
    return [
        Told(cue, one, (*subject, p), codes_of((*subject, p)), whole=bool(subject), day=day)
        for one, p in zip(objects, partners, strict=True)
    ]
