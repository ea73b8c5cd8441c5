"""HTML as the blocks of a release: what is news, what is furniture, what a page says of itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from textwrap import dedent

import pytest

from comity.newsfeed.article import BlockKind
from comity.newsfeed.formats.markup_reader import MAXIMUM_BLOCKS, MAXIMUM_TEXT
from comity.newsfeed.markup import plain_words, read_markup

LONG = (
    "The Customs Service of Northland signed an agreement with the customs administration of"
    " Southland on the exchange of information about containers."
)


def blocks(html, **known):
    """Kind and words of every block."""
    return [(kind.value, text) for kind, text in read_markup(html, **known).blocks]


def news(html, **known):
    """The words of every block that is news."""
    page = read_markup(html, **known)
    return [text for kind, text in page.blocks if kind is not BlockKind.BOILERPLATE]


# ------------------------------------------------------------------ blocks


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One</p><p>Two</p>", [("paragraph", "One"), ("paragraph", "Two")]),
        ("<p>One<p>Two", [("paragraph", "One"), ("paragraph", "Two")]),
        ("One<br>line", [("paragraph", "One line")]),
        ("One<br><br>Two", [("paragraph", "One"), ("paragraph", "Two")]),
        ("<div>One<div>Two</div>Three</div>", [("paragraph", w) for w in ("One", "Two", "Three")]),
        ("<h3>One</h3>Two", [("heading", "One"), ("paragraph", "Two")]),
        ("<ul><li>One<li><p>Two</p></ul>", [("list-item", "One"), ("list-item", "Two")]),
        ("<dl><dt>One<dd>Two</dl>", [("list-item", "One"), ("list-item", "Two")]),
        ("<table><tr><td>a<td>b<tr><td>c</table>", [("table-row", "a | b"), ("table-row", "c")]),
        ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", [("table-row", "a b")]),
        ("<blockquote><p>One</p></blockquote>", [("paragraph", "One")]),
        ("<p><b>PORT NORTH</b>— News</p>", [("paragraph", "PORT NORTH— News")]),
        ("<p>a&nbsp;b &amp; c&#8217;s &lt;d&gt;</p>", [("paragraph", "a b & c’s <d>")]),
        ("<p>1 < 2 and 3 > 2</p>", [("paragraph", "1 < 2 and 3 > 2")]),
        ("<p>One</div></b></p>", [("paragraph", "One")]),
    ],
)
def test_every_element_makes_its_block(html, expected):
    assert blocks(html) == expected


def test_a_caption_never_runs_into_the_paragraph_below_it():
    html = "<figure><img src=a><figcaption>Heads of customs</figcaption></figure>Northland signs."

    assert blocks(html) == [("caption", "Heads of customs"), ("paragraph", "Northland signs.")]


def test_a_table_made_for_layout_is_read_as_paragraphs():
    html = f"<table><tr><td><p>{LONG}</p><p>{LONG * 4}</p></td><td>Menu of it</td></tr></table>"

    assert blocks(f"<table><tr><td>A line<br><br>{LONG * 2}</td></tr></table>") == [
        ("paragraph", "A line"),
        ("paragraph", LONG * 2),
    ]
    assert blocks(html) == [
        ("paragraph", LONG),
        ("paragraph", LONG * 4),
        ("paragraph", "Menu of it"),
    ]


def test_what_only_repeats_the_title_is_left_out():
    html = f"<span class='field--name-title'>A title</span><h1>A  TITLE</h1><p>{LONG}</p>"

    assert blocks(html, title="A title") == [("paragraph", LONG)]


def test_a_short_line_marked_as_one_is_a_subtitle_and_a_long_one_is_a_paragraph():
    short = f"<p class='usa-intro'>It helps trade</p><p>{LONG}</p>"
    long = f"<div class='field field--name-field-page-header'><p>{LONG * 2}</p></div>"

    assert blocks(short)[0] == ("subtitle", "It helps trade")
    assert blocks(long) == [("paragraph", LONG * 2)]


# ------------------------------------------------------------------ pictures


def test_the_description_of_a_picture_counts_where_it_says_what_stands_nowhere_else():
    html = (
        "<p>Northland signs.</p>"
        "<img alt='Chart: 120 requests answered in ninety days'>"
        "<figure><img alt='The two heads of customs in Port North'>"
        "<figcaption>The two heads of customs in Port North, yesterday</figcaption></figure>"
        "<img alt='IMG_2012.jpg'><img alt='photo'><img alt='Event photo; described in caption.'>"
    )

    assert blocks(html) == [
        ("paragraph", "Northland signs."),
        ("caption", "Chart: 120 requests answered in ninety days"),
        ("caption", "The two heads of customs in Port North, yesterday"),
    ]


# ------------------------------------------------------------------ furniture


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>if (a < b) document.write('<p>News</p>')</script>",
        "<style>p::before{content:'News'}</style>",
        "<nav><p>Menu</p></nav>",
        "<footer><p>Imprint</p></footer>",
        "<aside><p>Other news</p></aside>",
        "<form><p>Search</p><input value=x></form>",
        "<div hidden><p>Unseen</p></div>",
        "<div style='color:red; display : none'><p>Unseen</p></div>",
        "<p aria-hidden='true'>Unseen</p>",
        "<div role='navigation'><p>Menu</p></div>",
        "<div class='share-buttons'><p>Share</p></div>",
        "<div id='cookie-banner'><p>Cookies</p></div>",
        "<div class='block-related articles'><p>Other news</p></div>",
        "<p class='byline'>By a writer</p>",
        "<span itemprop='author'>a.writer</span>",
        "<a rel='author' href='/w'>a.writer</a>",
        "<div class='field field--name-uid field--type-entity'><span>a.writer</span></div>",
        "<!-- <p>Comment</p> -->",
        "<![CDATA[ news ]]>",
        "<?php echo 'news' ?>",
        "<template><p>News</p></template>",
    ],
)
def test_what_stands_around_a_release_is_dropped(furniture):
    assert blocks(f"<p>{LONG}</p>{furniture}<p>It did.</p>") == [
        ("paragraph", LONG),
        ("paragraph", "It did."),
    ]


def test_a_page_whose_classes_would_drop_everything_is_read_without_them():
    assert news(f"<div class='widget'><p>{LONG}</p></div>") == [LONG]


def test_the_classes_of_a_whole_page_say_nothing_about_its_words():
    html = f"<html><body class='sidebar nav-open'><article class='share'><p>{LONG}</p></article>"

    assert news(html, whole=True) == [LONG]


@pytest.mark.parametrize(
    "standing",
    [
        "The Customs Service is the unified border agency of Northland.",
        "Learn more about the service at www.customs.northland.example.",
        "Follow the service on Twitter at @northland.",
        "Last modified: February 9, 2017",
        "Photo credit: A Photographer",
        "Pour en savoir plus : www.douane.southland.example",
        "Síguenos en redes sociales",
        "For Immediate Release",
        "Release Date: November 8, 2010",
        "###",
    ],
)
def test_standing_words_are_kept_and_marked_as_no_news(standing):
    assert blocks(f"<p>{LONG}</p><p>{standing}</p>")[1] == ("boilerplate", standing)


def test_a_standing_sentence_leaves_the_news_before_it():
    html = f"<p>{LONG} Learn more about it at www.customs.northland.example.</p>"

    assert blocks(html) == [
        ("paragraph", LONG),
        ("boilerplate", "Learn more about it at www.customs.northland.example."),
    ]


def test_a_credit_is_parted_from_the_caption_before_it():
    html = "<p>Containers in Port North. Photo Credit: A Photographer</p>"

    assert blocks(html) == [
        ("caption", "Containers in Port North"),
        ("boilerplate", "Photo Credit: A Photographer"),
    ]


def test_after_the_heading_of_other_news_there_is_no_news():
    html = f"<p>{LONG}</p><p>{LONG} Again.</p><h3>Related articles</h3><p>Eastland signs.</p>"

    assert news(html) == [LONG, f"{LONG} Again."]


def test_the_page_footer_of_a_content_system_is_no_news():
    html = f"<p>{LONG}</p><div class='field field--name-field-page-footer'><p>We guard.</p></div>"

    assert blocks(html)[1] == ("boilerplate", "We guard.")


def test_lines_that_are_nothing_but_links_are_no_news():
    html = f"<p>{LONG}</p><ul><li><a href='/a'>Agreements of Northland</a></li></ul>"

    assert news(html) == [LONG]


# ------------------------------------------------------------------ whole pages


def page(main, head="", before="", after=""):
    return f"<!DOCTYPE html><html><head>{head}</head><body>{before}{main}{after}</body></html>"


def test_only_the_main_part_of_a_page_is_read():
    teaser = "<div><p>Eastland opens a port; this is told elsewhere.</p></div>"

    html = page(f"<main><p>{LONG}</p></main>", before=teaser, after=teaser)

    assert news(html, whole=True) == [LONG]


def test_of_several_articles_on_a_page_the_longest_is_read():
    html = page(f"<article><p>{LONG}</p></article><article><p>A teaser.</p></article>")

    assert news(html, whole=True) == [LONG]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>A title | Service</title>", "", "A title"),
        ("<title>A title - Service</title>", "", "A title"),
        ("<title>Service</title>", "<h1>A <em>title</em></h1>", "A title"),
        ("<title>x</title><meta property='og:title' content='A title'>", "", "A title"),
        ("<meta property='og:title' content='A title'>", "<h1>The Service</h1>", "A title"),
        ("<meta property='og:title' content='A title | Service'>", "<h1>A title</h1>", "A title"),
    ],
)
def test_the_title_is_the_heading_of_the_page_without_the_name_of_the_site(head, body, expected):
    assert read_markup(page(f"{body}<p>{LONG}</p>", head), whole=True).title == expected


SAID = {
    "a property": "<meta property='article:published_time' content='2024-03-05T19:01:00-04:00'>",
    "Dublin Core": "<meta name='dc.date' content='2024-03-05'>",
    "linked data": "<script type='application/ld+json'>"
    '{"@graph":[{"@type":"NewsArticle","datePublished":"2024-03-05T19:01:00-04:00"}]}</script>',
}


@pytest.mark.parametrize("way", SAID)
def test_the_day_of_publication_is_what_the_page_says_of_itself(way):
    html = page(f"<main><p>{LONG}</p></main>", SAID[way])

    assert read_markup(html, whole=True).published == date(2024, 3, 5)


def test_the_instant_of_a_page_keeps_its_offset():
    found = read_markup("<time datetime='2024-03-05T19:01:00-04:00'>5 March</time><p>News</p>")

    assert found.published_at == datetime(2024, 3, 5, 23, 1, tzinfo=UTC)
    assert found.published == date(2024, 3, 5)


def test_an_instant_given_twice_counts_in_the_offset_of_the_publisher():
    head = "<meta property='article:published_time' content='2024-03-05T23:30:00+00:00'>"
    html = page(f"<time datetime='2024-03-06T00:30:00+01:00'>today</time><p>{LONG}</p>", head)

    assert read_markup(html, whole=True).published == date(2024, 3, 6)


def test_a_time_in_the_middle_of_the_news_is_not_that_of_the_page():
    html = (
        f"<p>{LONG}</p><p>It meets on <time datetime='2025-01-01T10:00:00Z'>1 January</time>.</p>"
    )

    assert read_markup(html).published is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Release Date: November 8, 2010", date(2010, 11, 8)),
        ("Friday, October 11, 2024", date(2024, 10, 11)),
        ("Publié le 3 mars 2024", date(2024, 3, 3)),
        ("Madrid, 4 de mayo de 2023", date(2023, 5, 4)),
        ("Port-Sud, le 12/03/2024", date(2024, 3, 12)),
        ("Port Sud, 1er août 2023 – La douane", date(2023, 8, 1)),
        ("Brasília, 7 de setembro de 2022", date(2022, 9, 7)),
        ("The first agreement dates of November 8, 2010.", None),
        ("On November 8, 2010 - a Monday - it rained.", None),
    ],
)
def test_the_top_of_a_page_says_when_it_was_published(line, expected):
    assert read_markup(f"<p>{line}</p><p>{LONG}</p>", whole=True).published == expected


def test_a_field_with_the_day_of_release_is_metadata():
    html = dedent(
        """
        <div class="field field--name-field-date-release field--label-inline clearfix">
        <div class="field__label">Release Date</div><div class="field__item">Wed, 06/07/2023</div>
        </div><div class="field field--name-field-news-info field--label-inline clearfix">
        <div class="field__label">For More Information</div>
        <div class="field__item">(555) 010-0100</div></div><p>Northland signs.</p>
        """
    )

    found = read_markup(html)

    assert found.published == date(2023, 6, 7)
    assert news(html) == ["Northland signs."]


def test_language_licence_and_address_are_what_the_page_declares():
    html = page(
        f"<p>{LONG}</p>",
        "<link rel='canonical' href='https://customs.northland.example/1'>"
        "<link rel='license' href='https://licence.example/open'>",
    ).replace("<html>", "<html lang='en-GB'>")

    found = read_markup(html, whole=True)

    assert found.language == "en-GB"
    assert found.link == "https://customs.northland.example/1"
    assert found.licence == "https://licence.example/open"


# ------------------------------------------------------------------ limits


def test_a_page_with_too_much_text_is_cut():
    found = read_markup("<p>" + "word " * (MAXIMUM_TEXT // 5) + "</p><p>The end, at last</p>")

    assert found.cut
    assert "The end, at last" not in [text for _, text in found.blocks]


def test_a_page_with_too_many_blocks_is_cut():
    found = read_markup("<p>a b c</p>" * (MAXIMUM_BLOCKS + 100))

    assert found.cut
    assert len(found.blocks) == MAXIMUM_BLOCKS


def test_deep_markup_keeps_its_words():
    found = read_markup("<div>" * 3000 + "Northland signs." + "</div>" * 3000)

    assert found.cut
    assert [text for _, text in found.blocks] == ["Northland signs."]


def test_a_comment_that_never_ends_ends_the_page():
    assert news(f"<p>{LONG}</p><!-- " + "never ending " * 20_000) == [LONG]


def test_a_picture_written_into_the_page_is_no_hindrance():
    html = f"<p>{LONG}</p><img src='data:image/png;base64,{'A' * 400_000}'><p>It did.</p>"

    assert news(html) == [LONG, "It did."]


def test_the_words_of_a_title_with_markup_are_plain():
    assert plain_words("Northland &amp; <em>Southland</em>\n sign") == "Northland & Southland sign"


def test_of_a_main_part_with_teasers_the_article_is_read_and_what_stands_above_it():
    teaser = "<article><p>Eastland opens a port; this is told elsewhere.</p></article>"
    html = page(
        f"<main><h1>A title</h1><p>2 May 2024</p>{teaser}<article><p>{LONG * 2}</p></article>"
        f"{teaser}{teaser}</main>"
    )

    found = read_markup(html, whole=True)

    assert found.published == date(2024, 5, 2)
    assert [text for _, text in found.blocks] == ["2 May 2024", LONG * 2]
