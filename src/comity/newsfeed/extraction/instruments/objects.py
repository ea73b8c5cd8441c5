# SPDX-License-Identifier: Apache-2.0
"""The instruments that a cue speaks of: what is signed, what enters into force."""

from __future__ import annotations

from collections.abc import Sequence

from comity.newsfeed.extraction.instruments.actors import listed
from comity.newsfeed.extraction.instruments.clauses import Cue
from comity.newsfeed.extraction.instruments.counts import count_at
from comity.newsfeed.extraction.instruments.kinds import Named
from comity.newsfeed.extraction.instruments.scene import Scene
from comity.newsfeed.extraction.instruments.words import (
    AND,
    BETWEEN,
    DEFINITE,
    INDEFINITE,
    WITH,
    Frame,
    neutral,
    word_set,
)
from comity.newsfeed.extraction.phrases import Token
from comity.reference.taxonomy import Programme


def objects_of(scene: Scene, cue: Cue) -> tuple[Named, ...]:
    """The instruments that the cue speaks of."""
    named = [n for n in scene.named if not _is_ground(scene, cue, n)]
    inside = [
        n
        for n in named
        if n.first < cue.last and cue.first < n.head and not (n.bare and n is not named[-1])
    ]
    if inside:
        # "The Revised Kyoto Convention" tells of no revision.
        return tuple(n for n in inside if n.kind is not Programme.CONVENTION)
    after = [n for n in named if cue.last <= n.first and n.head <= cue.end]
    if len(after) > 1 and after[0].bare and _is_text_of(scene.tokens, *after[:2]):
        after = after[1:]
    ahead = [n for n in named if cue.begin <= n.first and n.head <= cue.first]
    if cue.rule.code == "NWS-112":
        return tuple(n for n in after[:1] if _is_beside(scene.tokens[cue.last : n.first]))
    if cue.frame is Frame.STATE:
        return tuple(ahead[-1:] or _earlier(scene, cue) or after[:1])
    if cue.frame is Frame.NOUN:
        return _of_noun(scene, cue, ahead, after)
    if cue.passive:
        chosen = _heads_ahead(scene.tokens, ahead) or after[:1] or _before_stretch(scene, cue)
        return tuple(chosen)
    return _of_verb(scene, cue, ahead, after)


def _is_text_of(tokens: Sequence[Token], one: Named, other: Named) -> bool:
    """Whether the first names the words of the second: "the text of an accord"."""
    gap = [t.folded for t in tokens[one.head : other.first]]
    return len(gap) <= 3 and bool(gap) and gap[0] in ("of", "de", "d", "del", "du", "des")


def _of_noun(
    scene: Scene, cue: Cue, ahead: Sequence[Named], after: Sequence[Named]
) -> tuple[Named, ...]:
    """What "the signing of" speaks of."""
    reach = 22 if cue.rule.code == "NWS-106" else 16
    chosen = [n for n in after if n.first - cue.last <= reach and _is_linked(scene, cue, n)]
    if not chosen and ahead and cue.first - ahead[-1].last <= 3:
        return (ahead[-1],)
    found = _coordinated(scene.tokens, chosen)
    return found or tuple(ahead[-1:] if _is_it(scene.tokens, cue) else ())


def _is_linked(scene: Scene, cue: Cue, one: Named) -> bool:
    """Whether a comma that ends "At the signing, the minister spoke of" does not part them."""
    gap = [t.folded for t in scene.tokens[cue.last : one.first]]
    if cue.rule.code != "NWS-101" or "," not in gap:
        return True
    return not _OF.isdisjoint(gap[-3:]) and _SAYING.isdisjoint(gap)


_OF = word_set("of de du del d des")
_SAYING = word_set("said says that dit que declare dijo senalo emphasized emphasised stressed")


def _of_verb(
    scene: Scene, cue: Cue, ahead: Sequence[Named], after: Sequence[Named]
) -> tuple[Named, ...]:
    """What somebody signs, or what stands before "signed" as its participle."""
    near = _directly_before(scene, cue)
    if near is not None and (_is_participle(scene, cue, after) or _is_relative(scene, cue, near)):
        return (near,)
    chosen = [n for n in after if n.first - cue.last <= 45]
    if chosen and _is_other_object(scene.tokens, cue, chosen[0]):
        return ()
    if chosen:
        return _coordinated(scene.tokens, chosen)
    if cue.first == cue.begin and scene.tokens[cue.first].folded in _PARTICIPLES:
        # "Signed in 2019, the accord with Chile entered into force".
        return tuple(n for n in scene.named if 0 <= n.first - cue.end <= 2)[:1]
    relative = scene.tokens[cue.first - 1] if cue.first else scene.tokens[cue.begin]
    if relative.folded in _RELATIVES or (
        cue.follows and scene.tokens[cue.begin].folded in _RELATIVES
    ):
        return tuple(_earlier(scene, cue))
    if scene.tokens[cue.last - 1].folded not in _PARTICIPLES:
        return ()
    return (near,) if near is not None else tuple(ahead[-1:])


def _is_relative(scene: Scene, cue: Cue, near: Named) -> bool:
    """Whether its clause says who did it: "the accord that A and B signed"."""
    gap = scene.tokens[near.last : cue.first]
    return bool(gap) and (gap[0].folded in _RELATIVES or gap[-1].folded in _RELATIVES)


def _is_other_object(tokens: Sequence[Token], cue: Cue, one: Named) -> bool:
    """Whether something else is signed: "signed the minutes of a meeting on the agreement"."""
    if cue.rule.code != "NWS-100":
        return False
    gap = tokens[cue.last : one.first]
    if any(t.folded in _LAWS for t in gap) or _is_in_clause_before(tokens, cue, gap):
        return True
    if tokens[cue.last].text.casefold() not in _ARTICLES:
        return False
    thing = [t.folded for t in tokens[cue.last + 1 : one.first]]
    ends = [k for k, word in enumerate(thing) if word in _ENDS_OBJECT]
    return bool(ends) and ends[0] > 0 and thing[ends[0] - 1] not in _FORMS_OF_IT


_ARTICLES = word_set("a an the un une una")
_LAWS = word_set("decree bill decret loi ordonnance dahir decreto ley")
_PLAIN_PARTICIPLES = word_set(
    "signe signes signee signees conclu conclue conclus conclues firmado firmada firmados "
    "firmadas suscrito suscrita suscritos suscritas"
)
_HAVING = word_set("a ont avait avaient ayant avoir avons ha han habia habian haber hemos vient")


def _is_in_clause_before(tokens: Sequence[Token], cue: Cue, gap: Sequence[Token]) -> bool:
    """Whether the participle describes what its own clause names: "les accords signés, ce"."""
    return (
        cue.first > cue.begin
        and tokens[cue.first].folded in _PLAIN_PARTICIPLES
        and any(t.folded == "," for t in gap)
        and _HAVING.isdisjoint(t.folded for t in tokens[max(0, cue.first - 5) : cue.first])
    )


_ENDS_OBJECT = word_set("of for with that which , to de del du que qui et and")
_FORMS_OF_IT = word_set(
    "version copy text series number package set pair couple part total serie ensemble texte texto "
    "paquete version"
)


def _is_beside(gap: Sequence[Token]) -> bool:
    """Whether only articles and neutral words stand between."""
    allowed = INDEFINITE | DEFINITE | neutral() | {"on", "upon", "de", "d"}
    return len(gap) <= 4 and all(t.folded in allowed for t in gap)


def _is_ground(scene: Scene, cue: Cue, one: Named) -> bool:
    """Whether it is named as the ground on which something else is done: "under the CMAA"."""
    words = {t.folded for t in scene.tokens[max(0, one.first - 4) : one.first]}
    if words & _GROUNDS:
        return True
    beside = one.head <= cue.first <= one.last + 3
    return not beside and any(t.folded in _UNDER for t in scene.tokens[one.first - 2 : one.first])


_GROUNDS = word_set("framework marco cadre pursuant virtud amparo conformement vertu")
_UNDER = word_set("under sous bajo")


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
    """The instrument named last before the cue."""
    return [n for n in scene.named if n.head <= cue.first][-1:]


def _is_participle(scene: Scene, cue: Cue, after: Sequence[Named]) -> bool:
    word = scene.tokens[cue.last - 1].folded
    return word in _PARTICIPLES and (
        not after or (_directly_before(scene, cue) is not None and not _has_subject(scene, cue))
    )


_RELATIVES = word_set("which that que qu")
_PARTICIPLES = word_set(
    "signed inked penned concluded initialled initialed sealed signe signee signes signees "
    "paraphe paraphee conclu conclue firmado firmada firmados firmadas suscrito suscrita "
    "suscritos suscripto rubricado celebrado celebrada concluido sellado revised amended "
    "updated renewed revise modifie actualizado renovado adopted notified suspended "
    "terminated denonce denoncee denunciado suspendu suspendue suspendido suspendida "
    "suspendidos suspendidas suspendus suspendues frozen gele gelee geles congelado congelada "
    "terminado terminada resilie resiliee modificado modificada enmendado enmendada revisado "
    "revisada renovada prorrogada actualizada modifiee revisee renouvelee actualisee amendee "
    "proroge prorogee renouvele prorrogado"
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


def _coordinated(tokens: Sequence[Token], after: Sequence[Named]) -> tuple[Named, ...]:
    """The first instrument after the cue, and those joined to it by "and"."""
    chosen = list(after[:1])
    for one in after[1:]:
        begin = one.first
        while begin and tokens[begin - 1].folded in INDEFINITE | DEFINITE | {"also", "new", "two"}:
            begin -= 1
        before = {t.folded for t in tokens[max(0, begin - 2) : begin]}
        joined = before & (AND | {",", "well", "como"}) or _is_after_acronym(
            tokens, chosen[-1], one
        )
        if joined and not one.foreign:
            chosen.append(one)
        else:
            break
    return tuple(chosen)


def _is_after_acronym(tokens: Sequence[Token], one: Named, other: Named) -> bool:
    """Whether only "and", an article and an acronym part them: "and the Operator (AEO) MRA"."""
    gap = [t.folded for t in tokens[one.head : other.first]]
    return (
        other.kind is not None
        and len(gap) <= _ACRONYM_REACH
        and ")" in gap[-1:]
        and any(word in AND and gap[at + 1] in _ARTICLES for at, word in enumerate(gap[:-1]))
        and WITH.isdisjoint(gap)
        and BETWEEN.isdisjoint(gap)
    )


_ACRONYM_REACH = 14


def fitting(scene: Scene, cue: Cue, objects: Sequence[Named]) -> tuple[Named, ...]:
    """Those to which this can happen, and of which the sentence does not deny it."""
    if _is_of_act(scene, cue, objects):
        return ()
    return tuple(
        one
        for one in objects
        if _fits(cue, one) and not _is_denied(scene, one) and not _is_counted(scene, one)
    )


def _is_of_act(scene: Scene, cue: Cue, objects: Sequence[Named]) -> bool:
    """Whether the signing or the talks stop, not the instrument: "the signing was suspended"."""
    if cue.rule.event not in ("suspended", "terminated") or not objects:
        return False
    before = scene.tokens[cue.begin : objects[0].first]
    return any(t.folded in _ACTS_ON_IT for t in before)


_ACTS_ON_IT = word_set(
    "signature signing firma suscripcion negotiations negotiation talks negociations pourparlers "
    "negociaciones conversaciones"
)


def _fits(cue: Cue, one: Named) -> bool:
    """Whether this can happen to an instrument of this kind."""
    kinds = _ONLY.get(cue.rule.code)
    return not one.foreign and (kinds is None or one.kind in kinds)


_ONLY: dict[str, frozenset[Programme]] = {
    "NWS-103": frozenset({Programme.CSI, Programme.TRADE_DATA, Programme.CONVENTION}),
    "NWS-105": frozenset({Programme.CONVENTION}),
}
"""Rules that speak of some kinds only: one joins a convention, but signs an agreement."""


def _is_counted(scene: Scene, one: Named) -> bool:
    """Whether only a number is told: "has signed 81 CMAAs with other administrations"."""
    return bool(count_at(scene.tokens, one)) and not listed(
        scene, WITH | BETWEEN, one.head, one.head + 20
    )


def _is_denied(scene: Scene, one: Named) -> bool:
    """Whether the name itself is denied: "no agreement was signed"."""
    return one.first > 0 and scene.tokens[one.first - 1].folded in _NO


_NO = word_set("no any aucun aucune ningun ninguna sin sans without neither")


def is_alone(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether the cue speaks of an instrument without naming it."""
    alone = cue.rule.code in ("NWS-101", "NWS-106")
    return alone or _is_it(tokens, cue) or is_ending(tokens, cue)


def is_ending(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether an end takes effect: "the denunciation takes effect"."""
    return cue.rule.code == "NWS-125" and any(
        t.folded in _ENDINGS for t in tokens[cue.begin : cue.first]
    )


_ENDINGS = word_set("termination denunciation withdrawal denonciation resiliation denuncia retiro")


_PRONOUNS = word_set("it il elle ci este esta aquel")
"""What may stand for an instrument before "entered into force"; "celui-ci" ends with "ci"."""


_IT = word_set("it its signatories lo")


def _is_it(tokens: Sequence[Token], cue: Cue) -> bool:
    """Whether a pronoun stands for it: "it was signed", "its signature", "signed it"."""
    around = {t.folded for t in tokens[max(cue.begin, cue.first - 4) : cue.first]}
    after = {t.folded for t in tokens[cue.last : cue.last + 1]}
    if cue.passive and around & {"il", "elle", "celui", "celle"}:
        return True
    if cue.frame is Frame.STATE:
        near = {t.folded for t in tokens[max(cue.begin, cue.first - 2) : cue.first]}
        return not near.isdisjoint(_PRONOUNS)
    return bool((around & _IT) | (after & (_IT - {"its"})))
