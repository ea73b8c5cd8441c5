"""One made-up release in every form in which a release can come."""

from __future__ import annotations

import json
from html import escape

TITLE = "Northland and Southland sign customs agreement"
LINK = "https://customs.northland.example/news/2024/agreement"
GUID = "4711 at https://customs.northland.example"
FEED_LINK = "https://customs.northland.example/news/feed"
BODY = """
<p>PORT NORTH – The Customs Service of Northland today signed a customs agreement with the
customs administration of Southland, the fourth &amp; last of this year.</p>
<figure><img src="a.jpg" alt="Photo 12">
<figcaption>The two heads of customs sign</figcaption></figure>
<p>“This is a good day for trade,” said the head of the service.</p>
<h2>What follows</h2>
<ul><li>Information is exchanged</li><li>Officers are trained</li></ul>
<table><tr><th>Year</th><th>Agreements</th></tr><tr><td>2023</td><td>three</td></tr></table>
"""
TEXT = "\n".join(
    (
        TITLE,
        "PORT NORTH – The Customs Service of Northland today signed a customs agreement with the"
        " customs administration of Southland, the fourth & last of this year.",
        "The two heads of customs sign",
        "“This is a good day for trade,” said the head of the service.",
        "What follows",
        "Information is exchanged",
        "Officers are trained",
        "Year | Agreements",
        "2023 | three",
    )
)
INSTANT = "2024-03-05T19:01:00-04:00"
RFC_822 = "Tue, 05 Mar 2024 19:01:00 -0400"


def rss(*items: str, head: str = "") -> bytes:
    """An RSS document with these items, or with the release."""
    told = "".join(items or (rss_item(),))
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News of Northland</title>'
        f"<link>{FEED_LINK}</link><language>en</language>{head}{told}</channel></rss>"
    ).encode()


def rss_item(
    *,
    title: str = TITLE,
    body: str = BODY,
    guid: str = GUID,
    link: str = LINK,
    published: str = RFC_822,
    author: str = "n.writer",
) -> str:
    """One item of RSS."""
    parts = (
        ("title", title),
        ("link", link),
        ("description", body),
        ("pubDate", published),
        ("dc:creator", author),
        ("guid", guid),
    )
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts if text)
    return f"<item>{inside}</item>"


def atom() -> bytes:
    """The release in Atom."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
        f' xml:lang="en"><title>News of Northland</title><link href="{FEED_LINK}"/>'
        f"<entry><id>{GUID}</id><title>{TITLE}</title><link href='{LINK}'/>"
        f"<published>{INSTANT}</published><updated>2024-03-09T08:00:00Z</updated>"
        f"<author><name>n.writer</name></author>"
        f'<content type="html">{escape(BODY)}</content></entry></feed>'
    ).encode()


def json_feed() -> bytes:
    """The release in JSON Feed."""
    item = {"id": GUID, "url": LINK, "title": TITLE, "content_html": BODY}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News of Northland",
        "home_page_url": FEED_LINK,
        "language": "en",
        "items": [{**item, "date_published": INSTANT, "authors": [{"name": "n.writer"}]}],
    }
    return json.dumps(feed).encode()


def page() -> bytes:
    """The release on a page with everything that stands around one."""
    return (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
        f"<title>{TITLE} | Customs Service</title><link rel='canonical' href='{LINK}'>"
        f"<meta property='article:published_time' content='{INSTANT}'>"
        "<style>p{color:red}</style><script>var news = '<p>No news</p>';</script></head><body>"
        "<header><a href='/'>Customs Service</a></header><nav><ul><li>Home</li></ul></nav>"
        "<div class='breadcrumbs'>Home > News</div>"
        f"<main><h1>{TITLE}</h1><p class='byline'>By n.writer</p>{BODY}"
        "<form><p>Search the news</p></form><aside><p>Other news of ours</p></aside></main>"
        "<div class='cookie-banner'><p>We use cookies on this site.</p></div>"
        "<footer><p>Imprint</p></footer></body></html>"
    ).encode()


def flattened(*bodies: str) -> bytes:
    """A feed of such releases as a tool writes it that takes every feed for a page."""
    told = " ".join(
        f"{TITLE} {LINK} {' '.join(body.split())} {RFC_822} n.writer {GUID.replace('4711', str(n))}"
        for n, body in enumerate(bodies or (BODY,), start=4711)
    )
    return f"News of Northland {FEED_LINK} en {told}\n".encode()
