# SPDX-License-Identifier: Apache-2.0
"""The words with which instruments are named and their events told, read once from the tables.

What an instrument is called stands in `vocabulary/instruments.yaml`, the cues of its events in
`rules/instruments.yaml`. The small closed word classes of the three languages (determiners,
conjunctions, prepositions) stand here, because they are grammar and not subject matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from comity.newsfeed.extraction.phrases import Phrases
from comity.newsfeed.extraction.rules import LANGUAGES, Rule, rules_of
from comity.reference.taxonomy import Programme
from comity.reference.yaml_files import read_yaml

_FILE = Path(__file__).parent.parent / "vocabulary" / "instruments.yaml"


def word_set(text: str) -> frozenset[str]:
    """The words of a text, folded as the text of a release is."""
    return frozenset(text.split())


AND = word_set("and et y e ainsi asi &")
DEFINITE = word_set(
    "the this that these those le la l les ce cet cette ces el los las este esta estos estas "
    "dicho dicha ese esa del al du au said both ledit"
)
INDEFINITE = word_set("a an un une una another")
WITH = word_set("with avec con")
BETWEEN = word_set("between entre")
BY = word_set("by par por")
LOCATIVE = word_set("in at en aux dans inside near outside chez")
SUBORDINATORS = word_set(
    "which that who whose qui dont cuyo cuya quienes while whereas mientras tandis"
)
WHO = word_set("who qui quien quienes")
ARTICLES = word_set("the la le les l el los las republic kingdom de du des del of d s")
PASSIVE = word_set(
    "was were been being is are be ete est sont fut furent etait etaient fue fueron sido es son "
    "se quedo quedaron queda quedan esta estan estaba siendo etre ser gets got"
)
PRESENT_BASE = word_set("sign ink pen conclude seal adopt enter")
OCCASIONS = word_set(
    "conference summit meeting meetings session sessions forum visit council congress assembly "
    "sidelines margins week workshop seminar dialogue committee ceremony event commission reunion "
    "sommet conference forum conseil visite session assemblee marge seminaire commission comite "
    "cumbre conferencia reunion foro visita consejo asamblea seminario margen comite comision "
    "encuentro evento embassy ambassade embajada consulate border frontera frontiere headquarters "
    "sede siege trade-fair expo"
)
STATUSES = Phrases(
    (phrase, True)
    for phrase in (
        "once|when|until|after it|they|signed? enters|enter|entered into force",
        "once in force",
        "will|shall enter into force once|when|after|upon|following",
        "not yet in force",
        "subject to|awaiting|awaits|pending ratification|approval",
        "une fois entré|entrée|entrés|entrées en vigueur",
        "entrera|entreront en vigueur dès|lorsque|quand|après",
        "entrera|entreront en vigueur une fois",
        "pas encore en vigueur",
        "sous réserve de sa|leur? ratification|approbation",
        "una vez en vigor",
        "una vez que? entre|entren en vigor",
        "entrará|entrarán en vigor cuando|tras|después",
        "entrará|entrarán en vigor una vez",
        "aún|todavía no está|están en vigor",
        "pendiente|pendientes|sujeto|sujeta de|a ratificación|aprobación",
    )
)
"""What still stands between a signature and force."""
OCCASION_MARKS = Phrases(
    (phrase, True)
    for phrase in (
        "during the?",
        "at the",
        "on the margins|sidelines of the?",
        "in the margins of the?",
        "as part of the?",
        "in the framework of the?",
        "lors de|du|d' la?|l'?",
        "en marge de|du|des|d' la?|l'?",
        "à l'occasion de|du la?",
        "dans le cadre de|du la?",
        "durante el|la",
        "al margen de|del la?",
        "en el marco de|del la?",
        "en ocasión de|del la?",
    )
)
THIRD = word_set(
    "like after following besides joining joins alongside unlike including comme apres suivant "
    "outre como tras ademas incluidos incluyendo despues presence presencia witnessed attended "
    "witness temoin testigo member membre miembro members membres"
)
SINCE = word_set("since depuis desde until jusqu hasta before avant antes")
OTHER_ACTS = word_set(
    "launched began begun started opened negotiations negotiation talks founded created "
    "established lance entame negociations commence debute ouvertes iniciadas "
    "iniciado iniciaron "
    "negociaciones comenzaron comenzo creado creada adopted join joined member"
)
WE = word_set("we our us notre nos nous nuestra nuestro nuestras nuestros")
MULTILATERAL = word_set(
    "trilateral tripartite multilateral quadrilateral regional plurilateral trilaterale "
    "multilaterale multilateraux tripartito tripartita cuatripartito regionale"
)
RESPECTIVELY = word_set("respectively respectivement respectivamente")
QUOTES = frozenset("\"“”«»„'")
BREAKS = frozenset(";:!?…—–|•")


class Subject(StrEnum):
    """What words beside the head say the instrument is about."""

    CUSTOMS = "customs"
    AUTHORITY = "authority"
    ADMINISTRATIVE = "administrative"
    """Mutual administrative assistance, which customs give each other if nothing else is said."""
    ASSISTANCE = "assistance"
    COOPERATION = "cooperation"
    OFFENCES = "offences"
    """Those against customs law, which customs cooperate against."""
    RECOGNITION = "recognition"
    PROGRAMME = "programme"
    JOINT = "joint"
    CONTAINER = "container"
    DATA = "data"
    TRADE_DATA = "trade-data"
    """Data that only customs exchange."""
    TRADE = "trade"
    CHAPTER = "chapter"
    CULTURAL = "cultural"
    TRAINING = "training"
    SMUGGLING = "smuggling"
    MATTER = "matter"
    """One matter only, such as smuggling: less than cooperation as a whole."""
    FOREIGN = "foreign"


class Head(StrEnum):
    """What sort of word names an instrument."""

    AGREEMENT = "agreement"
    PLAN = "plan"
    PLAIN = "plain"
    """"The document": only an instrument named before."""


class Frame(StrEnum):
    """How a cue stands to its instrument."""

    ACT = "act"
    """Somebody does it to the instrument: "signed", "denounced"."""
    NOUN = "noun"
    """The act as a noun: "the signing of"."""
    STATE = "state"
    """The instrument does it: "entered into force"."""


FRAMES: dict[str, Frame] = {
    "NWS-100": Frame.ACT,
    "NWS-101": Frame.NOUN,
    "NWS-102": Frame.ACT,
    "NWS-103": Frame.ACT,
    "NWS-105": Frame.ACT,
    "NWS-106": Frame.NOUN,
    "NWS-110": Frame.ACT,
    "NWS-112": Frame.ACT,
    "NWS-115": Frame.ACT,
    "NWS-116": Frame.ACT,
    "NWS-120": Frame.ACT,
    "NWS-125": Frame.STATE,
    "NWS-126": Frame.NOUN,
    "NWS-127": Frame.ACT,
    "NWS-130": Frame.ACT,
    "NWS-135": Frame.ACT,
    "NWS-140": Frame.ACT,
    "NWS-145": Frame.STATE,
    "NWS-150": Frame.ACT,
    "NWS-155": Frame.STATE,
}
COUNTED = "NWS-160"


def _phrases(table: Mapping[str, list[str]]) -> Iterator[str]:
    for language in LANGUAGES:
        yield from table.get(language, ())


@cache
def _vocabulary() -> Mapping[str, Mapping[str, object]]:
    return read_yaml(_FILE).value  # type: ignore[return-value]  # a mapping of mappings


@cache
def heads() -> Phrases[Head | Programme]:
    """Head words, and names that tell the kind by themselves."""
    words = _vocabulary()
    entries: list[tuple[str, Head | Programme]] = []
    for section, head in (
        ("plain_words", Head.PLAIN),
        ("heads", Head.AGREEMENT),
        ("plans", Head.PLAN),
    ):
        entries += [(p, head) for p in _phrases(words[section])]  # type: ignore[arg-type]
    for kind, table in words["names"].items():
        entries += [(p, Programme(kind)) for p in _phrases(table)]  # type: ignore[arg-type]
    return Phrases(entries)


@cache
def subjects() -> Phrases[Subject]:
    """Words that say what an instrument is about."""
    table = _vocabulary()["subjects"]
    return Phrases(
        (phrase, Subject(name))
        for name, entry in table.items()
        for phrase in _phrases(entry)  # type: ignore[arg-type]
    )


@cache
def neutral() -> frozenset[str]:
    """Words that may stand beside a head and say nothing of its subject."""
    table = _vocabulary()["neutral"]
    return frozenset(
        word
        for phrase in _phrases(table)  # type: ignore[arg-type]
        for part in phrase.split("|")
        for word in Phrases([(part, True)]).first_words
    )


@cache
def seats() -> Phrases[str]:
    """Seats of government and the codes of their countries."""
    capitals: Mapping[str, Mapping[str, list[str]]] = read_yaml(
        _FILE.parent / "capitals.yaml"
    ).value  # type: ignore[assignment]  # a mapping of mappings
    towns: Mapping[str, list[str]] = _vocabulary()["towns"]  # type: ignore[assignment]  # codes and names
    tables = (towns, capitals["seats"])
    return Phrases(
        (name, code) for table in tables for code, names in table.items() for name in names
    )


@cache
def compounds() -> Mapping[str, str]:
    """First halves of compounds and the codes they stand for: `franco` for FR."""
    return _vocabulary()["compounds"]  # type: ignore[return-value]  # words and codes


@cache
def rule_of(code: str) -> Rule:
    """The rule of this code."""
    return next(rule for rule in rules_of("instruments") if rule.code == code)


@cache
def cues() -> Phrases[Rule]:
    """The cues of all rules."""
    return Phrases((phrase, rule) for rule in rules_of("instruments") for phrase in rule.phrases)


MEANT_ELSEWHERE = "NWS-116"
"""Its cues hold only where they speak of negotiations or of the text."""

TAKES_BACK: dict[str, str] = {
    "NWS-115": "plan",
    "NWS-125": "condition",
    "NWS-126": "condition",
    "NWS-127": "condition",
    "NWS-150": "plan",
    "NWS-155": "plan",
}
"""Which list of the vocabulary takes back the cues of a rule; of every other rule, `denied`."""


@cache
def taken_back(code: str) -> Phrases[str]:
    """Words before a cue of the rule of this code that take it back."""
    table = _vocabulary()["takes_back"][TAKES_BACK.get(code, "denied")]
    listed = (*_phrases(table), *rule_of(code).unless)  # type: ignore[arg-type]
    return Phrases((phrase, phrase) for phrase in listed)


@cache
def refuted() -> Phrases[str]:
    """Words that make what a sentence reports untrue."""
    table = _vocabulary()["takes_back"]["refuted"]
    return Phrases((phrase, phrase) for phrase in _phrases(table))  # type: ignore[arg-type]


@cache
def hoped() -> Phrases[str]:
    """Words before a cue that make it a hope or a plan."""
    table = _vocabulary()["takes_back"]["hoped"]
    return Phrases((phrase, phrase) for phrase in _phrases(table))  # type: ignore[arg-type]
