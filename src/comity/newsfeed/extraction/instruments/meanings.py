# SPDX-License-Identifier: Apache-2.0
"""What the words of a cue mean where they stand.

"Concluded" may be said of an accord, of its text or of the talks on it; "signs" may be marks.
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.newsfeed.extraction.instruments.words import (
    BREAKS,
    DEFINITE,
    INDEFINITE,
    PASSIVE,
    rule_of,
    word_set,
)
from comity.newsfeed.extraction.phrases import Match, Token
from comity.newsfeed.extraction.rules import Rule

OF = word_set("of de du del negotiations talks negociations negociaciones ratification")


def meant(tokens: Sequence[Token], match: Match[Rule]) -> Match[Rule]:
    """What the cue speaks of: "negotiations on a treaty were concluded" of negotiations."""
    word = tokens[match.first].folded
    begin = max(0, match.first - 40)
    before = {t.folded for t in tokens[begin : match.first]}
    after = tokens[match.last].folded if match.last < len(tokens) else ""
    if word == "firma" and after in ("de", "del", "por"):
        return match._replace(value=rule_of("NWS-101"))
    short = match.last - match.first <= 3
    if word in _OPENED and (before & NEGOTIATIONS or (short and _is_of_talks(tokens, match.last))):
        return match._replace(value=rule_of("NWS-115"))
    closed = word in _CLOSED and short
    about = before & (NEGOTIATIONS | TEXT) and not _has_object(tokens, match.last)
    if closed and (about or _is_of_text(tokens, match.last)):
        return match._replace(value=rule_of("NWS-110"))
    if closed and _is_of_talks(tokens, match.last):
        return match._replace(value=rule_of("NWS-110"))
    return match


def _is_of_talks(tokens: Sequence[Token], last: int) -> bool:
    """Whether talks are what follows, a day between: "opened on Monday negotiations on"."""
    for index in range(last, min(len(tokens), last + 12)):
        if tokens[index].folded in BREAKS or tokens[index].folded in _ROUNDS:
            return False
        if tokens[index].folded in NEGOTIATIONS:
            return True
    return False


_ROUNDS = word_set("round rounds session day cycle tour serie ronda rondas sesion jornada")


def _has_object(tokens: Sequence[Token], last: int) -> bool:
    """Whether it is done to something named next: "after talks they concluded an accord"."""
    for token in tokens[last : last + 9]:
        if token.folded in BREAKS or token.folded in (",", "."):
            return False
        if token.folded in INDEFINITE:
            return True
    return False


def _is_of_text(tokens: Sequence[Token], last: int) -> bool:
    """Whether a text is what follows, a day between: "settled on Monday the text of"."""
    for index in range(last, min(len(tokens) - 1, last + 14)):
        if tokens[index].folded in BREAKS:
            return False
        if tokens[index].folded in TEXT:
            return tokens[index + 1].folded in OF | {"d", "des", "for"}
    return False


_OPENED = word_set(
    "debute commence commencees demarre empezaron arrancaron comenzado iniciado opened "
    "launched started began begun commenced initiated under underway got ouvertes ouvert "
    "ouvrent lance lancent lancees entame entamees engage engagees iniciadas iniciaron inicio "
    "inician abiertas abrio comenzaron abrieron lanzaron lanzo entablaron comenzo arranco "
    "emprendieron entablado abierto"
)
_CLOSED = word_set(
    "concluded completed finalised finalized closed agreed approved settled wrapped "
    "conclu conclus convenu agree arretent arrete achevees acheve conclues closes finalise "
    "boucle bouclent bouclees cloture termine terminees entendus entendues "
    "cerraron cerro acordaron acordo aprobaron consensuaron finalizo concluyo concluyeron "
    "concluidas culmino culminaron finalizaron cerradas acordado consensuado finalizado "
    "terminaron dieron ultimaron"
)
NEGOTIATIONS = word_set(
    "negotiations talks negociations pourparlers discussions negociaciones conversaciones"
)
TEXT = word_set("text texte texto wording")


def is_other_word(tokens: Sequence[Token], match: Match[Rule]) -> bool:
    """A cue's word in another meaning: "warning signs", "la firma Pérez", "signed into law"."""
    first, last = match.first, match.last
    word = tokens[first].text.casefold()
    before = tokens[first - 1].folded if first else ""
    after = tokens[last].folded if last < len(tokens) else ""
    if match.value.code == "NWS-130" and last - first == 1 and _is_attribute(tokens, first):
        return True
    if match.value.code == "NWS-100" and _is_of_law(tokens, first):
        return True
    if match.value.code == "NWS-135" and before in DEFINITE and first > 1:
        return tokens[first - 2].folded in _LIFTS
    if match.value.code == "NWS-120" and tokens[first].folded in TELLS:
        return _PROCEDURES.isdisjoint(t.folded for t in tokens[last : last + 40])
    if match.value.code == "NWS-106" and word in _DONE_AT:
        return not tokens[first].capitalised or len(tokens) < first + 5
    if match.value.code == "NWS-100":
        if word in ("sign", "signs", "signe", "signes", "firma", "pen", "pens", "ink") and (
            before in DEFINITE - {"that"} or before in INDEFINITE or before in _ADJECTIVES
        ):
            return True
        if (
            word == "signed"
            and after in ("into", "up", "off", "in")
            and (after != "in" and not (after == "off" and before in PASSIVE))
        ):
            return True
        if word == "sign" and after in ("up", "off", "into", "language", "of"):
            return True
    return word in ("agréé", "agréés", "agréée", "agréées")


def _is_attribute(tokens: Sequence[Token], first: int) -> bool:
    """Whether it only describes what is signed or applied: "signed a revised arrangement"."""
    before = tokens[first - 1].folded if first else ""
    return before in INDEFINITE or (
        before in DEFINITE - {"that"} and tokens[first].folded.endswith("ed")
    )


def _is_of_law(tokens: Sequence[Token], first: int) -> bool:
    """Whether an act of one state is signed: "le décret signé par le président"."""
    return any(t.folded in _LAWS for t in tokens[max(0, first - 2) : first])


_LAWS = word_set(
    "decree decrees bill law act decret decrets loi lois ordonnance dahir decreto decretos ley "
    "leyes"
)


_LIFTS = word_set("lifted lifts lift ended ends leve levent levee levanto levantaron levanta")
TELLS = word_set(
    "told tells informed informs advised advises fait informe avise comunico "
    "comunicaron informo informaron aviso hizo"
)
_PROCEDURES = word_set(
    "procedures requirements formalities formalites tramites requisitos procedimientos "
    "formalidades accomplissement cumplimiento completion"
)
_DONE_AT = word_set("done fait faite hecho hecha dado")
_ADJECTIVES = word_set("warning neon road traffic stop vital no clear positive")
