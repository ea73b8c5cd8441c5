# SPDX-License-Identifier: Apache-2.0
"""Which words of a release are no news: who the publisher is, how to follow it, page furniture.

The cues are literal lists in English, French, Spanish and Portuguese, without accents. A standing
sentence in a paragraph takes the rest of that paragraph with it and leaves what comes before.
"""

from __future__ import annotations

import re

from comity.newsfeed.article import BlockKind
from comity.newsfeed.formats.release_day import folded, is_about_publication

Blocks = list[tuple[BlockKind, str]]

STANDING: tuple[tuple[str, ...], ...] = (
    # A sentence in which these words stand, in this order, is the publisher's standing one.
    ("is the unified border agency",),
    ("is the federal agency responsible for",),
    ("is the principal investigative arm",),
    ("learn more about", "www"),
    ("learn more at", "www"),
    ("for more information", "visit"),
    ("for more information", "www"),
    ("for more information", "http"),
    ("visit us at",),
    ("please visit", "to learn more"),
    ("follow", "on twitter"),
    ("follow", "on x at"),
    ("follow us on",),
    ("follow", "on instagram"),
    ("follow", "on facebook"),
    ("on twitter at @",),
    ("subscribe to", "newsletter"),
    ("is the premier news",),
    ("non-profit magazine",),
    ("the archive contains content from a previous",),
    ("all rights reserved",),
    ("pour en savoir plus", "www"),
    ("pour en savoir plus", "http"),
    ("pour plus d", "information", "www"),
    ("suivez", "sur twitter"),
    ("suivez-nous",),
    ("retrouvez", "sur les reseaux sociaux"),
    ("tous droits reserves",),
    ("para mas informacion", "www"),
    ("para mas informacion", "http"),
    ("siguenos en",),
    ("siganos en",),
    ("todos los derechos reservados",),
    ("todos os direitos reservados",),
    ("siga", "nas redes sociais"),
    ("para mais informacoes", "www"),
)

BEGINNINGS: tuple[str, ...] = (
    # A block that begins so is furniture as a whole.
    "last modified",
    "last reviewed",
    "page last",
    "photo credit",
    "photo by",
    "photo courtesy",
    "image credit",
    "credit:",
    "credits:",
    "official website of",
    "an official website of",
    "us flag official website",
    "skip to",
    "aller au contenu",
    "ir al contenido",
    "saltar al contenido",
    "pular para o conteudo",
    "media contact",
    "press contact",
    "contact:",
    "for media inquiries",
    "for media enquiries",
    "for more information\n",
    "tags:",
    "keywords:",
    "copyright ©",
    "copyright (c)",
    "copyright 1",
    "copyright 2",
    "©",
    "credit photo",
    "credits photo",
    "contact presse",
    "contacts presse",
    "derniere mise a jour",
    "mots-cles",
    "ultima actualizacion",
    "ultima modificacion",
    "contacto de prensa",
    "contacto para prensa",
    "contacto para medios",
    "etiquetas:",
    "fotografia:",
    "credito de la foto",
    "ultima atualizacao",
)

SHORT_BEGINNINGS: tuple[str, ...] = (
    # So begins a button; a longer block that begins so may be news.
    "share",
    "print",
    "partager",
    "imprimer",
    "compartir",
    "imprimir",
    "compartilhe",
)
LONGEST_BUTTON = 36
LONGEST_NAME = 60

WHOLE: frozenset[str] = frozenset(
    # A block that is nothing but these words.
    """archived content|for more information|home|news|newsroom|press release|press releases
    media release|news release|for immediate release|from|back to top|read more|print|share|email
    menu|search|close|contact|contacts|advertisement|###|-30-|end|ends|accueil|actualites
    communique de presse|pour diffusion immediate|lire la suite|retour|haut de page|inicio|noticias
    comunicado de prensa|nota de prensa|boletin de prensa|comunicado|leer mas|volver|noticia
    last modified|photo credit|twitter|facebook|linkedin|whatsapp""".replace("\n", "|").split("|")
)
WHOLE = frozenset(words.strip() for words in WHOLE)

ENDINGS: frozenset[str] = frozenset(
    # A heading after which no news follows, once there was some.
    """related articles|latest articles|related content|related news|related links|related posts
    more news|latest news|other news|see also|you may also like|about the author
    recent posts|most read|share this article|leave a reply|tags|articles lies
    a lire aussi|sur le meme sujet|voir aussi|dans la meme rubrique|articles similaires
    dernieres actualites|autres actualites|noticias relacionadas|ultimas noticias|otras noticias
    ver tambien|te puede interesar|articulos relacionados|contenido relacionado|noticias recientes
    leia tambem|noticias relacionadas""".replace("\n", "|").split("|")
)
ENDINGS = frozenset(words.strip() for words in ENDINGS)

AUTHOR_LABELS = frozenset(
    ("author", "authors", "autor", "autores", "auteur", "auteurs", "by", "por", "par")
)
"""Alone on a line, they say that the next line is the name of a writer."""

_NUMBERED = re.compile(
    r"(?:press release|news release|media release|release|statement|communique(?: de presse)?"
    r"|comunicado(?: de prensa)?|boletin(?: de prensa| informativo)?|nota(?: de prensa"
    r"| informativa)?|nota a imprensa)\s*[:,]?\s*(?:no|n[°º]|nro|num|number|#)?\.?\s*"
    r"[0-9][\w/.\- ]{0,14}"
)
_BYLINE = re.compile(
    r"(?:By|Por|Par|BY|POR|PAR|Author|Autor|Auteur)\s*:?(?:\s+[A-ZÀ-ÖØ-Þ][\w.'’\-]{0,20}){1,4}"
)
_SENTENCE = re.compile(r"[.!?]['\"”’»)]{0,3}\s+(?=[\"“«(]?[A-ZÀ-ÖØ-Þ¿¡])")
_PICTURED = ("photo", "image", "picture")
_CREDIT = re.compile(r"(?:photo|image|picture)s?\s+(?:credit|courtesy|by)\b", re.IGNORECASE)
_FIGURE_ONLY = re.compile(r"[\d\s.,:/°%+()\-]{0,24}[A-Z]?")
_ADDRESS = re.compile(r"https?://|www\.")


def marked(blocks: Blocks) -> Blocks:
    """The blocks, those that are no news marked as boilerplate; the words stay as they are."""
    result: Blocks = []
    ended = signed = False
    news = 0
    for kind, text in blocks:
        named, signed = signed, folded(text[:20]).strip(" :") in AUTHOR_LABELS
        if named and len(text) < LONGEST_NAME and not text.endswith("."):
            result.append((BlockKind.BOILERPLATE, text))
            continue
        ended = ended or (news > 1 and folded(text[:60]).strip(" :.") in ENDINGS)
        if ended or kind is BlockKind.BOILERPLATE or is_furniture(text):
            result.append((BlockKind.BOILERPLATE, text))
            continue
        pieces = _parted(kind, text)
        news += pieces[0][0] is BlockKind.PARAGRAPH
        result += pieces
    return result


def is_furniture(text: str) -> bool:
    """Whether a block as a whole belongs to the page and not to the release."""
    beginning = folded(text[:60]).strip()
    if beginning.startswith(BEGINNINGS) or _is_one_of(beginning, WHOLE):
        return True
    if len(text) < LONGEST_NAME and _names_itself(text, beginning):
        return True
    if len(text) <= LONGEST_BUTTON and beginning.startswith(SHORT_BEGINNINGS):
        return True
    if len(text) <= 120 and (
        is_about_publication(text) or _FIGURE_ONLY.fullmatch(text.strip()) is not None
    ):
        return True
    return len(text) < 100 and _ADDRESS.search(text) is not None and len(text.split()) < 6


def _names_itself(line: str, beginning: str) -> bool:
    """Whether a line is the number of the release, or says who wrote it."""
    if beginning in AUTHOR_LABELS or _NUMBERED.fullmatch(beginning.strip(" .")):
        return True
    return _BYLINE.fullmatch(line.strip()) is not None


def is_boilerplate(text: str) -> bool:
    """Whether nothing of the block is news."""
    if is_furniture(text):
        return True
    return all(kind is BlockKind.BOILERPLATE for kind, _ in _parted(BlockKind.PARAGRAPH, text))


def _is_one_of(beginning: str, words: frozenset[str]) -> bool:
    return beginning.strip(" :.–—-") in words or beginning in words


def _parted(kind: BlockKind, text: str) -> Blocks:
    """The block up to its standing sentence or its credit, then the rest as boilerplate."""
    words = folded(text)
    # Most blocks have none of the words at all, and this is told faster than it is searched.
    may_credit = len(text) < 500 and any(word in words for word in _PICTURED)
    credit = _CREDIT.search(text) if may_credit else None
    if credit:
        before, rest = text[: credit.start()].rstrip(" .(-–—"), text[credit.start() :]
        caption = [(BlockKind.CAPTION, before)] if before else []
        return [*caption, (BlockKind.BOILERPLATE, rest)]
    place = _standing(words)
    if place < 0:
        return [(kind, text)]
    cut = 0
    for stop in _SENTENCE.finditer(text, 0, place + 1):
        cut = stop.end()
    standing = [(BlockKind.BOILERPLATE, text[cut:])]
    return [(kind, text[:cut].rstrip()), *standing] if text[:cut].strip() else standing


def _standing(text: str) -> int:
    """Where the first standing sentence says so; -1 when there is none."""
    spoken = [cue for cue in STANDING if cue[0] in text]
    places = [place for cue in spoken if (place := _place_of(cue, text)) >= 0]
    return min(places, default=-1)


def _place_of(cue: tuple[str, ...], text: str) -> int:
    first = place = text.find(cue[0])
    for word in cue[1:]:
        if place < 0:
            return -1
        place = text.find(word, place)
        if place - first > 300:
            return -1
    return first if place >= 0 else -1
