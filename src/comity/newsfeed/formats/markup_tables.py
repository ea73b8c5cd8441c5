# SPDX-License-Identifier: Apache-2.0
"""What the elements and classes of a page mean to whoever reads its news: literal tables.

Classes are those that content systems give (Drupal, WordPress, the design systems of the United
States, the United Kingdom and France); a class counts when it begins with a cue of the table.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from comity.newsfeed.article import BlockKind


class Treatment(Enum):
    """What becomes of an element's words."""

    DROP = "drop"
    BOILERPLATE = "boilerplate"
    RELEASED = "released"
    """Its words are the day of publication, and no text."""
    CAPTION = "caption"
    SUBTITLE = "subtitle"


_VOID_WORDS = """
area base br col embed hr img input link meta param source track wbr
"""
VOID = frozenset(_VOID_WORDS.split())
"""Elements that never have an end."""

_DROPPED_WORDS = """
script style noscript template svg math canvas iframe object embed audio video map nav form
button select textarea dialog menu datalist footer aside applet frameset noframes
"""
DROPPED = frozenset(_DROPPED_WORDS.split())
"""Elements whose words are no part of a release."""

_BLOCKS_WORDS = """
address article blockquote body caption center dd details div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main ol p pre section summary table tbody
tfoot thead tr ul nav aside
"""
BLOCKS = frozenset(_BLOCKS_WORDS.split())
"""Elements at whose beginning and end a block of text ends."""

KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("figure", "figcaption", "caption"), BlockKind.CAPTION),
    "table": BlockKind.PARAGRAPH,
    "tr": BlockKind.TABLE_ROW,
}
"""The kind of block that the words in an element make; the innermost of these counts."""

ENDED_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys(BLOCKS, frozenset(("p",))),
    **dict.fromkeys(("center", "details", "summary"), frozenset[str]()),
    "li": frozenset(("li", "p")),
    "dt": frozenset(("dt", "dd", "p")),
    "dd": frozenset(("dt", "dd", "p")),
    "tr": frozenset(("td", "th", "tr", "p")),
    "td": frozenset(("td", "th", "p")),
    "th": frozenset(("td", "th", "p")),
    "tbody": frozenset(("td", "th", "tr", "thead", "p")),
}
"""Open elements that end where another begins, because their own end may be left out."""

_DROPPED_ROLES_WORDS = """
navigation search contentinfo complementary dialog alertdialog menu menubar toolbar
"""
DROPPED_ROLES = frozenset(_DROPPED_ROLES_WORDS.split())

_BEFORE = (
    r"(?:block-|view-|views-|region-|field--name-(?:field-)?|field-name-(?:field-)?|js-|gem-c-|c-"
    r"|o-)?"
)
_CLASSES: dict[Treatment, str] = {
    Treatment.RELEASED: r"""date-release|release-date|date-released|publication-date|publish-date
        |published-date|date-published|news-date|article-date|post-date|entry-date|pubdate
        |date-publication|fecha-publicacion|datePublished""",
    Treatment.DROP: r"""name-title|(?<=field--name-)title|(?<=field-name-)title|(?<=field--name-)uid
        |(?<=field-name-)uid|(?<=field--name-)created|(?<=field-name-)created|author|byline
        |submitted|cookies?|consent|gdpr|breadcrumbs?|skip-?(?:link|nav|to)|visually-hidden|sr-only
        |screen-reader|element-invisible|a11y-hidden|social(?!-ser|-sec|-prot)|share|sharing
        |addtoany|addthis|sharethis|related|more-(?:news|articles|stories)|you-may-also|newsletter
        |subscribe|signup|navbar|main-menu|nav|navigation|main-navigation|site-nav|menu|pagination
        |pager|site-header|site-footer|global-header|global-footer|footer|usa-banner|usa-footer
        |usa-header|usa-skipnav|gov-banner|govuk-(?:header|footer|cookie|phase|skip|breadcrumbs)
        |fr-(?:header|footer|nav|breadcrumb|share|skiplinks|follow)|sidebar|contextual|comments?|disqus
        |advert|ad-slot|banner-ad|sponsored|print-(?:link|only|button)|tags|tag-list|widget
        |language-switch|lang-switch|toolbar|modal|popup|search-form|screen-only""",
    Treatment.BOILERPLATE: r"""page-footer|boilerplate|about-(?:us|the|cbp|agency|company|author)
        |news-info|news-location|press-contacts?|media-contacts?|contact-info|photo-credits?
        |image-credits?|copyright|credits?|disclaimer""",
    Treatment.CAPTION: r"caption|wp-caption|image-caption|photo-caption|legend|pie-de-foto",
    Treatment.SUBTITLE: r"""page-header|subtitle|sub-title|subhead|subheadline|sub-headline
        |standfirst|kicker|deck|dek|usa-intro|chapo|entradilla|bajada""",
}
_TREATMENTS = tuple(
    (treatment, re.compile(rf"(?:^|\s){_BEFORE}(?:{cues})(?![A-Za-z])", re.VERBOSE))
    for treatment, cues in _CLASSES.items()
)

NEVER_BY_CLASS = frozenset(("html", "body", "main", "article", "h1", "table", "tr", "td", "tbody"))
"""Elements that hold the whole of a page too often to be judged by their classes."""

GENERIC_ALT = re.compile(
    r"(?:photo|image|picture|graphic|logo|icon|banner|event photo|news photo|file photo|flag|seal"
    r"|photographie|imagen|foto|fotografia)\b.{0,48}|\S+\.(?:jpe?g|png|gif|webp|svg)",
    re.IGNORECASE,
)
"""Descriptions of a picture that say only that it is one, or repeat the name of its file."""

REPEATS_CAPTION = re.compile(r"in (?:the )?caption|see caption|voir (?:la )?legende", re.IGNORECASE)


@lru_cache(maxsize=4096)
def treatment_of(classes: str) -> Treatment | None:
    """What an element's classes (or its id) say about its words; None when they say nothing."""
    named = classes[:400].strip()
    return next((each for each, cues in _TREATMENTS if cues.search(named)), None)
