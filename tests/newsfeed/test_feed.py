"""Reading documents into articles, whatever form they come in and whatever is wrong with them."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidInputError
from comity.newsfeed.article import BlockKind
from comity.newsfeed.feed import read_feed
from comity.newsfeed.formats.document import (
    MAXIMUM_BYTES,
    DocumentTooLargeError,
    EmptyDocumentError,
    NotTextError,
)
from comity.newsfeed.formats.received import MAXIMUM_ITEMS, FeedFormat, NoteReason
from comity.newsfeed.formats.syndication import (
    DocumentTypeRefusedError,
    FeedTooBrokenError,
    NestedTooDeeplyError,
    NotAFeedError,
)
from tests.newsfeed import made_up_releases as made_up

FORMS = {
    FeedFormat.RSS: made_up.rss(),
    FeedFormat.ATOM: made_up.atom(),
    FeedFormat.JSON_FEED: made_up.json_feed(),
    FeedFormat.HTML: made_up.page(),
    FeedFormat.FLATTENED: made_up.flattened(),
}


def reasons(feed):
    return [note.reason for note in feed.notes]


# ------------------------------------------------------------------ one release, many forms


@pytest.mark.parametrize("form", FORMS)
def test_a_release_has_the_same_text_and_day_in_every_form(form):
    feed = read_feed(FORMS[form])

    (article,) = feed.articles
    assert feed.format is form
    assert article.title == made_up.TITLE
    assert article.text == made_up.TEXT
    assert article.published == date(2024, 3, 5)
    assert article.link == made_up.LINK
    assert article.language == "en"


@pytest.mark.parametrize("form", [form for form in FORMS if form is not FeedFormat.HTML])
def test_a_feed_gives_the_guid_the_instant_and_its_own_title(form):
    feed = read_feed(FORMS[form])

    (article,) = feed.articles
    assert article.guid == made_up.GUID
    assert article.published_at == datetime(2024, 3, 5, 23, 1, tzinfo=UTC)
    assert (article.source, feed.title) == ("News of Northland", "News of Northland")


@pytest.mark.parametrize("form", FORMS)
def test_who_wrote_a_release_is_not_in_its_text(form):
    (article,) = read_feed(FORMS[form]).articles

    assert "n.writer" not in article.text


def test_the_kinds_of_blocks_are_told_apart():
    (article,) = read_feed(made_up.rss()).articles

    kinds = [block.kind for block in article.blocks]
    assert kinds == [
        BlockKind.TITLE,
        BlockKind.PARAGRAPH,
        BlockKind.CAPTION,
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.LIST_ITEM,
        BlockKind.LIST_ITEM,
        BlockKind.TABLE_ROW,
        BlockKind.TABLE_ROW,
    ]


def test_the_format_is_told_by_the_content_and_not_by_what_the_server_says():
    feed = read_feed(made_up.rss(), content_type="text/html; charset=utf-8")

    assert feed.format is FeedFormat.RSS


def test_the_content_of_an_item_counts_before_its_description():
    item = made_up.rss_item(body="In short").replace(
        "</item>",
        "<content:encoded>&lt;p&gt;The whole of the release&lt;/p&gt;</content:encoded></item>",
    )

    (article,) = read_feed(made_up.rss(item)).articles

    assert article.text == f"{made_up.TITLE}\nThe whole of the release"


def test_rss_of_the_first_versions_is_read():
    old = (
        b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        b' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
        b'<rss version="0.91"><channel><title>News</title><item><title>Southland signs</title>'
        b"<link>https://customs.southland.example/1</link></item></channel></rss>"
    )
    rdf = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b"<channel><title>News</title></channel><item><title>Southland signs</title>"
        b"<dc:date>2024-03-05T10:00:00+01:00</dc:date></item></rdf:RDF>"
    )

    of_091, of_10 = read_feed(old), read_feed(rdf)

    assert of_091.articles[0].title == of_10.articles[0].title == "Southland signs"
    assert reasons(of_091) == [NoteReason.DOCUMENT_TYPE_IGNORED]
    assert of_10.articles[0].published == date(2024, 3, 5)


def test_the_rights_of_a_feed_are_kept_with_its_releases():
    feed = read_feed(made_up.rss(head="<copyright>Open licence of Northland</copyright>"))

    assert feed.licence == feed.articles[0].licence == "Open licence of Northland"


def test_the_licence_that_a_source_declares_counts_before_that_of_the_document():
    document = made_up.rss(head="<copyright>All rights</copyright>")

    feed = read_feed(document, licence="Reuse allowed")

    assert feed.articles[0].licence == "Reuse allowed"


# ------------------------------------------------------------------ the day of publication


def test_the_day_is_that_of_the_publisher_and_not_of_greenwich():
    item = made_up.rss_item(
        published="Tue, 05 Mar 2024 23:01:00 +0000",
        body='<time datetime="2024-03-05T19:01:00-04:00">Tue, 03/05/2024 - 19:01</time><p>News</p>',
    )
    late = made_up.rss_item(
        published="Wed, 06 Mar 2024 01:30:00 +0000",
        body='<time datetime="2024-03-05T21:30:00-04:00">Tue, 03/05/2024</time><p>News</p>',
        guid="2",
    )

    articles = read_feed(made_up.rss(item, late)).articles

    assert [article.published for article in articles] == [date(2024, 3, 5), date(2024, 3, 5)]


def test_a_release_day_in_a_field_of_the_body_counts_before_the_day_of_the_feed():
    field = (
        '<div class="field field--name-field-date-release field--label-inline">'
        '<div class="field__label">Release Date</div><div class="field__item">Mon, 03/04/2024</div>'
        "</div>"
    )

    (article,) = read_feed(made_up.rss(made_up.rss_item(body="<p>News.</p>" + field))).articles

    assert article.published == date(2024, 3, 4)
    assert "Release Date" not in article.text


def test_a_day_that_somebody_names_counts_for_a_text_and_fills_gaps_in_a_feed():
    named = date(2024, 5, 2)
    undated = made_up.rss_item(published="", guid="undated")

    text = read_feed(b"Northland signs with Southland\n\nMarch 1, 2024\n\nIt did.", published=named)
    feed = read_feed(made_up.rss(made_up.rss_item(), undated), published=named)

    assert text.articles[0].published == named
    assert [a.published for a in feed.articles] == [date(2024, 3, 5), named]


def test_a_release_without_any_day_has_none():
    (article,) = read_feed(b"Northland signs with Southland\n\nIt did so in 2019.").articles

    assert article.published is None
    assert article.published_at is None


# ------------------------------------------------------------------ guid, language, publisher


def test_a_release_without_a_guid_is_told_by_its_link_and_else_by_its_content():
    linked = made_up.rss_item(guid="")
    bare = made_up.rss_item(guid="", link="", title="Bare")

    by_link, by_content = read_feed(made_up.rss(linked, bare)).articles

    assert by_link.guid == made_up.LINK
    assert by_content.guid.startswith("sha256:")


def test_of_two_releases_with_the_same_guid_the_later_one_counts():
    first = made_up.rss_item(body="<p>The first version.</p>")
    second = made_up.rss_item(body="<p>The corrected version.</p>")

    feed = read_feed(made_up.rss(first, second))

    assert [article.text.split("\n")[1] for article in feed.articles] == ["The corrected version."]
    assert [(n.reason, n.item, n.left_out) for n in feed.notes] == [
        (NoteReason.REPEATED_GUID, 1, True)
    ]


def test_a_language_that_the_words_deny_is_not_believed():
    french = (
        "<p>La douane de Northland et la douane de Southland ont signé un accord dans le cadre de"
        " la coopération entre les deux administrations.</p>"
    )

    (article,) = read_feed(made_up.rss(made_up.rss_item(title="Accord", body=french))).articles

    assert article.language == "fr"


def test_the_publisher_is_told_by_the_address_unless_the_source_declares_it():
    item = made_up.rss_item(link="https://www.customs.gov/news/1")

    assert read_feed(made_up.rss(item)).articles[0].publisher == "US"
    assert read_feed(made_up.rss(item), publisher="CV").articles[0].publisher == "CV"
    assert read_feed(made_up.rss()).articles[0].publisher == ""


def test_an_address_that_is_none_of_the_web_becomes_no_link():
    item = made_up.rss_item(link="javascript:alert(1)", guid="")

    (article,) = read_feed(made_up.rss(item)).articles

    assert article.link == ""
    assert "javascript" not in article.guid


# ------------------------------------------------------------------ a feed that lost its markup


def test_a_feed_on_one_line_gives_the_releases_of_the_feed():
    bodies = (made_up.BODY, "<p>Another release.</p>", "A third one in plain words.")
    items = [
        made_up.rss_item(body=body, guid=made_up.GUID.replace("4711", str(number)))
        for number, body in enumerate(bodies, start=4711)
    ]

    lost, whole = read_feed(made_up.flattened(*bodies)), read_feed(made_up.rss(*items))

    assert lost.format is FeedFormat.FLATTENED
    assert (lost.title, lost.link, lost.language) == (whole.title, whole.link, whole.language)
    assert [(a.guid, a.text, a.published, a.link) for a in lost.articles] == [
        (a.guid, a.text, a.published, a.link) for a in whole.articles
    ]


def test_a_title_that_begins_with_a_language_code_is_kept_where_the_body_repeats_it():
    body = f"<span>{made_up.TITLE}</span><p>News.</p>"
    document = made_up.flattened(body).replace(b" en Northland", b" Northland")

    (article,) = read_feed(document).articles

    assert article.title == made_up.TITLE


def test_a_text_that_names_an_address_is_no_flattened_feed():
    text = b"Southland signs with Northland\n\nMore on Tue, 05 Mar 2024 at https://a.example/1."

    assert read_feed(text).format is FeedFormat.TEXT


# ------------------------------------------------------------------ what is refused


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    b'<!ENTITY lol2 "&lol;&lol;&lol;&lol;">]><rss version="2.0"><channel><title>&lol2;</title>'
    b"</channel></rss>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    b'<rss version="2.0"><channel><title>&secret;</title></channel></rss>'
)
ELSEWHERE = (
    b'<!DOCTYPE rss SYSTEM "https://eastland.example/rss.dtd"><rss version="2.0"><channel/></rss>'
)

REFUSED = {
    "laughs": (LAUGHS, DocumentTypeRefusedError),
    "an entity outside": (OUTSIDE, DocumentTypeRefusedError),
    "a definition elsewhere": (ELSEWHERE, DocumentTypeRefusedError),
    "deep XML": (b"<rss>" + b"<a>" * 1000, NestedTooDeeplyError),
    "deep JSON": (b'{"items":' + b"[" * 200_000, NestedTooDeeplyError),
    "nothing": (b"", EmptyDocumentError),
    "spaces": (b" \n\t ", EmptyDocumentError),
    "too much": (b"a" * (MAXIMUM_BYTES + 1), DocumentTooLargeError),
    "a PDF": (b"%PDF-1.7\n...", NotTextError),
    "a picture": (b"\x89PNG\r\n\x1a\n...", NotTextError),
    "an archive": (b"PK\x03\x04...", NotTextError),
    "zero bytes": (b"Northland\0signs", NotTextError),
    "noise": (bytes(range(1, 32)) * 100, NotTextError),
    "other XML": (b'<?xml version="1.0"?><invoice><total>1</total></invoice>', NotAFeedError),
    "other JSON": (b'{"total": 1}', NotAFeedError),
    "broken JSON": (b'{"items": [', NotAFeedError),
    "a large broken feed": (made_up.rss(*[made_up.rss_item()] * 1500)[:-9], FeedTooBrokenError),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_hostile_or_no_text_is_refused_with_the_next_act(what):
    content, expected = REFUSED[what]

    with pytest.raises(expected) as refused:
        read_feed(content)

    assert isinstance(refused.value, InvalidInputError)
    assert refused.value.advice().endswith(".")
    assert not any(isinstance(value, bytes) for value in refused.value.fields.values())


def test_a_document_type_in_a_comment_harms_nobody():
    content = b"<!-- <!DOCTYPE x [ --> " + made_up.rss().partition(b"?>")[2]

    assert len(read_feed(content).articles) == 1


# ------------------------------------------------------------------ what is odd, and noted


@pytest.mark.slow
def test_more_items_than_are_read_are_left_out_and_counted():
    items = [made_up.rss_item(body="<p>News.</p>", guid=str(n)) for n in range(MAXIMUM_ITEMS + 3)]

    feed = read_feed(made_up.rss(*items))

    assert len(feed.articles) == MAXIMUM_ITEMS
    assert feed.articles[-1].guid == str(MAXIMUM_ITEMS - 1)
    assert [(n.reason, n.count) for n in feed.left_out] == [(NoteReason.TOO_MANY_ITEMS, 3)]


def test_an_item_without_words_is_left_out():
    feed = read_feed(made_up.rss(made_up.rss_item(title="", body="<img src='a.jpg'>")))

    assert feed.articles == ()
    assert [(n.reason, n.item) for n in feed.left_out] == [(NoteReason.EMPTY_ITEM, 1)]


def test_an_item_of_json_that_is_no_object_is_left_out():
    document = json.loads(made_up.json_feed())
    document["items"].insert(0, "no item")

    feed = read_feed(json.dumps(document).encode())

    assert len(feed.articles) == 1
    assert reasons(feed) == [NoteReason.UNREADABLE_ITEM]


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes():
    whole = made_up.rss(made_up.rss_item(guid="1"), made_up.rss_item(guid="2"))

    feed = read_feed(whole[: whole.index(b"<guid>2")])

    assert feed.articles[0].text == made_up.TEXT
    assert NoteReason.NOT_WELL_FORMED in reasons(feed)


def test_an_overlong_item_is_cut_and_noted():
    body = "<p>" + "word " * 300_000 + "</p>"

    feed = read_feed(made_up.rss(made_up.rss_item(body=body)))

    assert reasons(feed) == [NoteReason.CUT_ITEM]
    assert len(feed.articles) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_usual_encoding_is_read(encoding):
    text = '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><item>'.format(
        encoding.removesuffix("-sig")
    )
    text += "<title>Réunion à Port-Épée</title></item></channel></rss>"

    feed = read_feed(text.encode(encoding))

    assert feed.articles[0].title == "Réunion à Port-Épée"
    assert feed.notes == ()


def test_a_document_that_does_not_hold_to_its_encoding_is_read_and_noted():
    text = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><item>'
    text += "<title>Réunion</title></item></channel></rss>"

    feed = read_feed(text.encode("windows-1252"))

    assert feed.articles[0].title == "Réunion"
    assert reasons(feed) == [NoteReason.GUESSED_ENCODING]


def test_an_encoding_that_is_none_of_the_web_is_never_tried():
    feed = read_feed("Réunion à Port-Nord".encode(), content_type="text/plain; charset=utf-7")

    assert feed.articles[0].text == "Réunion à Port-Nord"


def test_marks_that_are_not_seen_do_not_come_in():
    body = "<p>Nor\u00adth\u200bland \u202esigns\x1b[31m with Southland</p>"

    (article,) = read_feed(made_up.rss(made_up.rss_item(body=body)).replace(b"\x1b", b"")).articles
    (text,) = read_feed(f"A title of three words\n\n{body[3:-4]}".encode()).articles

    assert article.text.endswith("Northland signs[31m with Southland")
    assert text.text.endswith("Northland signs[31m with Southland")


# ------------------------------------------------------------------ whatever comes


def holds_together(article):
    """Every block's words stand in the text, in order, and nothing else does."""
    assert "\n".join(map(article.text_of, article.blocks)) == article.text
    end = -1
    for block in article.blocks:
        assert block.start == end + 1
        assert block.start < block.end
        end = block.end
    assert article.guid
    assert article.published_at is None or article.published_at.utcoffset() is not None


SEEDS = [*FORMS.values(), LAUGHS, b"Northland signs with Southland\n\nMarch 1, 2024\n\n- It did\n"]
PIECES = (
    b"<", b">", b"&", b'"', b"'", b"<!", b"<![CDATA[", b"]]>", b"<?", b"&#x110000;", b"&#xD800;",
    b"\xff", b"\0", b"<!DOCTYPE", b"<item>", b"</item>", b"<table>", b"</p>", b"{", b"}", b"[",
    b"<!--", b"-->", b'href="http://[bad"', b"99999999999999", b"T25:61", b"\xe2\x80\xae",
    b'type="application/xhtml+xml"', b"<pubDate>Mon, 99 Foo 99999</pubDate>", b'encoding="utf-7"',
    b"1e999", b"NaN", b"at https://a.example", b"<main>", b"<article>", b"<td>", b"<li>",
)  # fmt: skip


@st.composite
def mutated_documents(draw):
    """A document of ours with pieces put in and pieces torn out."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 12))):
        place = draw(st.integers(0, len(content)))
        if draw(st.booleans()):
            content[place:place] = draw(st.sampled_from(PIECES))
        else:
            del content[place : place + draw(st.integers(1, 300))]
    return bytes(content)


@given(st.one_of(mutated_documents(), st.binary(max_size=2000)))
def test_whatever_comes_gives_articles_that_hold_together_or_an_error_of_the_house(content):
    begun = time.process_time()

    try:
        articles = read_feed(content, address="https://customs.northland.example/").articles
    except InvalidInputError:
        articles = ()

    for article in articles:
        holds_together(article)
    assert time.process_time() - begun < 2


# Without the letters of which a mistake in encoding is made: feedparser mends such a mistake.
WORDS = st.text("abcXYZ0189éñçãœЖ日—–“”‘’&<>'\"/;#.,:!?()[]{}|_ \n\t", max_size=60)


@given(st.lists(st.tuples(st.sampled_from(["p", "li", "h2", "div", "blockquote"]), WORDS)))
def test_no_words_of_a_paragraph_are_lost_or_run_into_the_next(parts):
    from html import escape

    body = "".join(f"<{tag}>{escape(words)}</{tag}>" for tag, words in parts)

    feed = read_feed(made_up.rss(made_up.rss_item(title="A title", body=body or "<p></p>")))

    (article,) = feed.articles
    expected = [" ".join(words.split()) for _, words in parts]
    lines = [words for words in expected if words and words != "A title"]
    assert "".join(article.text.split()) == "".join("".join(["A title", *lines]).split())
    holds_together(article)


HOSTILE = ("<div>", "<b>", "<!--", "<", "<a b='", "&", "<a ", "<![CDATA[", "<li>a", "<table><tr>")


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_much_of_the_same_hostile_piece_takes_no_long_time(piece):
    body = "<p>Words.</p>" + piece * (400_000 // len(piece))
    begun = time.process_time()

    feed = read_feed(made_up.rss(made_up.rss_item(body=body)))
    read_feed(b"<html><body>" + body.encode())

    assert feed.articles[0].text.startswith(f"{made_up.TITLE}\nWords.")
    assert time.process_time() - begun < 10


def test_a_release_day_written_at_the_top_of_an_item_counts_before_that_of_the_feed():
    item = made_up.rss_item(body="<p>Release Date: March 1, 2024</p><p>Northland signs.</p>")

    (article,) = read_feed(made_up.rss(item)).articles

    assert article.published == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("published", "2024-03-05T19:01:00-04:00"),
        ("updated", "2024-03-05T19:01:00-04:00"),
        ("published", "2024-03-05"),
        ("published", "5 March 2024"),
    ],
)
def test_the_day_of_an_atom_entry_is_read_as_it_is_written(name, written):
    entry = f"<entry><id>1</id><title>Signed</title><{name}>{written}</{name}></entry>"
    document = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{entry}</feed>'

    (article,) = read_feed(document.encode()).articles

    assert article.published == date(2024, 3, 5)


def test_a_link_written_from_the_feed_on_is_completed():
    item = made_up.rss_item(link="/news/2024/agreement", guid="")

    (article,) = read_feed(made_up.rss(item)).articles

    assert article.link == article.guid == made_up.LINK
