# SPDX-License-Identifier: Apache-2.0
"""The page that lists what is in a court's bundle: one static file that travels inside the package.

It needs no program but a browser, loads nothing and runs nothing: its one style is named by its
digest. The seal covers it as it covers every member; what proves are the documents it links to.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape

from comity.catalogues import N_, translate
from comity.evidence.item import KIND_WORDS as ITEM_KIND_WORDS
from comity.evidence.item import ItemKind
from comity.evidence.package import KIND_WORDS, Package, PackedItem, PackedStatement
from comity.evidence.stated_fields import DIGEST, TITLE
from comity.handling.redaction import REASON_WORDS, RedactionReason
from comity.reference.countries import country_name, is_country
from comity.reference.taxonomy import Purpose, label

NAME = "index.html"
DATE = "acquisition/at"
STYLE = (
    ":root{color-scheme:light;font:16px/1.5 Georgia,'Noto Serif',serif;color:#1b1b1b;"
    "background:#fff}body{margin:0 auto;max-width:72rem;padding:2rem 1.5rem}"
    "h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}"
    "a{color:#0b4778}a:focus-visible,summary:focus-visible,div:focus-visible{outline:3px solid "
    "#0b4778;outline-offset:2px}dl{display:grid;grid-template-columns:max-content 1fr;"
    "gap:.25rem 1.5rem;margin:1rem 0}dt{color:#4a5260}dd{margin:0;overflow-wrap:anywhere}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9375rem}"
    "caption{text-align:start;font-weight:700;padding:.5rem 0}th,td{text-align:start;"
    "vertical-align:top;padding:.5rem .75rem .5rem 0;border-bottom:1px solid #b9c0c8}"
    "thead th{border-bottom:2px solid #1b2a41}.n{text-align:end;font-variant-numeric:tabular-nums;"
    "white-space:nowrap}code{font:.8125rem/1.4 'Noto Sans Mono',monospace;overflow-wrap:anywhere}"
    ".digest{display:block;width:17em}ul,ol{margin:.25rem 0;padding-inline-start:1.25rem}"
    ".pages{display:flex;flex-wrap:wrap;gap:0 .75rem;list-style:none;padding:0}"
    "li a{display:inline-block;min-width:1.5rem;min-height:1.5rem}summary{min-height:1.5rem}"
    "tbody th{min-width:14rem}small{font-weight:400}time{white-space:nowrap}"
    "tbody tr{break-inside:avoid}@media print{body{padding:0;max-width:none;font-size:9pt}"
    "details,nav{display:none}a{color:inherit;text-decoration:none}}"
)
STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; base-uri 'none'; form-action 'none'"
)

HEADING = N_("Index of the bundle")
FACTS = {
    "reference": N_("Package"),
    "sender": N_("Packed by"),
    "recipient": N_("For"),
    "at": N_("On"),
    "case": N_("Case file"),
    "purpose": N_("What for"),
    "instrument": N_("Under"),
    "count": N_("Items"),
    "pages": N_("Pages"),
}
COLUMNS = (
    N_("Number"),
    N_("Description"),
    N_("Date"),
    N_("Page"),
    N_("Digest of the file (SHA-256)"),
    N_("What is withheld, and why"),
    N_("Files in this package"),
)
CAPTION = N_("Items in the bundle, in their order")
PAGES_OF = N_("Pages of number {number}")
UNDISCLOSED = N_("(not disclosed)")
NO_FILE = N_("no file")
NOTHING = N_("nothing")
FILES = {
    "content.bin": N_("the file itself"),
    "copy.pdf": N_("certified copy"),
    "custody.json": N_("custody"),
    "item.json": N_("what is certified of it"),
}
PARTS = {
    "pages": N_("Page {number}"),
    "chunks": N_("Part {number} of the file"),
    "custody": N_("Acts of custody: {count}"),
    "": N_("Fields: {count}"),
}
HOW = N_("How it proves itself")
HOW_SAID = (
    N_(
        "This page is for reading. It is sealed with all other files of the package, and nothing "
        "rests on it: what proves are the statements, the custody and the seal."
    ),
    N_(
        "Have the package, as the one file that you were given, verified with the program "
        "verify.py or with “comity verify”; neither needs a network."
    ),
    N_("Open the links after all files were taken out of the package, into a folder of their own."),
    N_("The file itself has no ending of its own: its type stands in what is certified of it."),
)


def index_page(package: Package, language: str) -> bytes:
    """The page, in this language."""
    withheld = _withheld(package.statements)
    title = f"{translate(HEADING, language)} {package.reference}"
    rows = "".join(
        _row(number, item, withheld.get(item.listed.identity, {}), language)
        for number, item in enumerate(package.items, start=1)
    )
    head = "".join(f'<th scope="col">{_said(each, language)}</th>' for each in COLUMNS)
    caption = _said(CAPTION, language)
    said = "".join(f"<p>{_said(each, language)}</p>" for each in HOW_SAID)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n<dl>{_facts(package, language)}</dl>\n"
        f'<div class="wide" role="region" aria-label="{caption}" tabindex="0">'
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody></table></div>\n"
        f"<h2>{_said(HOW, language)}</h2>\n{said}\n</main>\n</body>\n</html>\n"
    ).encode()


def _facts(package: Package, language: str) -> str:
    sender = package.sender
    name = country_name(sender, language) if is_country(sender) else ""
    purpose = package.purpose
    values = {
        "reference": package.reference,
        "sender": f"{sender}, {name}" if name else sender,
        "recipient": package.recipient,
        "at": package.at.isoformat(sep=" ", timespec="minutes"),
        "case": package.case,
        "purpose": translate(label(Purpose(purpose)), language) if purpose else "",
        "instrument": package.instrument,
        "count": str(len(package.items)),
        "pages": str(sum(item.listed.pages for item in package.items)),
    }
    kind = escape(translate(KIND_WORDS[package.kind], language).capitalize())
    found = [(_said(FACTS[key], language), value) for key, value in values.items() if value]
    lines = "".join(f"<dt>{name}</dt><dd><bdi>{escape(value)}</bdi></dd>" for name, value in found)
    return f"<dt>{_said(N_('Kind'), language)}</dt><dd>{kind}</dd>{lines}"


def _row(number: int, item: PackedItem, withheld: Mapping[str, list[str]], language: str) -> str:
    fields = {name: value for said in item.fields.values() for name, value in said.items()}
    title = str(fields.get(TITLE) or "")
    kind = _said(ITEM_KIND_WORDS[ItemKind(item.listed.kind)], language)
    described = f"<bdi>{escape(title)}</bdi>" if title else _said(UNDISCLOSED, language)
    day = str(fields.get(DATE) or "")[:10]
    digest = str(fields.get(DIGEST) or "")
    without = NO_FILE if not digest and not _has_file(withheld) else UNDISCLOSED
    return (
        f'<tr id="n{number}"><td class="n">{number}</td>'
        f'<th scope="row">{described}<br><small>{kind} · '
        f"<code>{escape(item.listed.identity)}</code></small></th>"
        f"<td>{f'<time datetime={_quoted(day)}>{escape(day)}</time>' if day else '–'}</td>"
        f'<td class="n">{_pages(number, item)}</td>'
        f"<td>{_digest(digest) if digest else _said(without, language)}</td>"
        f"<td>{_withheld_words(withheld, language)}</td>"
        f"<td>{_links(number, item, language)}</td></tr>\n"
    )


def _pages(number: int, item: PackedItem) -> str:
    """From which page to which, in the bundle's own count."""
    first, count = item.listed.first_page, item.listed.pages
    if not count:
        return "–"
    return str(first) if count == 1 else f"{first}–{first + count - 1}"


def _links(number: int, item: PackedItem, language: str) -> str:
    """To each file of the item; its pages fold away, under their numbers in the bundle."""
    folder, first = f"items/{item.listed.folder}", item.listed.first_page
    there = {
        "content.bin": item.content is not None,
        "copy.pdf": bool(item.copy),
        "custody.json": bool(item.custody),
        "item.json": True,
    }
    links = "".join(
        f'<li><a href="{folder}/{name}" aria-describedby="n{number}">{_said(FILES[name], language)}'
        "</a></li>"
        for name, exists in there.items()
        if exists
    )
    pages = "".join(
        f'<li><a href="{folder}/pages/{page:05}.png">{first + place}</a></li>'
        for place, page in enumerate(item.pages)
    )
    named = escape(translate(PAGES_OF, language).format(number=number))
    listed = f'<ol class="pages">{pages}</ol>'
    folded = f"<details><summary>{named}</summary>{listed}</details>" if pages else ""
    return f"<ul>{links}</ul>{folded}"


def _withheld(statements: Iterable[PackedStatement]) -> dict[str, dict[str, list[str]]]:
    """Of each item the parts that are withheld, by the reason; each part once."""
    found: dict[str, dict[str, list[str]]] = {}
    for statement in statements:
        for leaves in statement.leaves:
            reasons = found.setdefault(leaves.identity, {})
            for leaf in leaves.leaves:
                if not leaf.disclosed and leaf.name not in reasons.setdefault(leaf.reason, []):
                    reasons[leaf.reason].append(leaf.name)
    return {item: {r: n for r, n in reasons.items() if n} for item, reasons in found.items()}


def _withheld_words(withheld: Mapping[str, list[str]], language: str) -> str:
    lines = []
    for reason, names in withheld.items():
        known = reason in frozenset(RedactionReason)
        why = translate(REASON_WORDS[RedactionReason(reason)], language) if known else reason
        parts = "; ".join(_parts(names, language))
        lines.append(f"<li>{escape(parts)} – {escape(why)}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else _said(NOTHING, language)


def _parts(names: Iterable[str], language: str) -> list[str]:
    """Pages and parts of the file by their numbers, acts of custody and fields by their count."""
    counts, found = {"custody": 0, "": 0}, []
    for name in names:
        kind, _, rest = name.partition("/")
        if kind in ("pages", "chunks"):
            found.append(translate(PARTS[kind], language).format(number=int(rest)))
        else:
            counts["custody" if kind == "custody" else ""] += 1
    texts = {kind: translate(PARTS[kind], language) for kind in counts}
    return found + [texts[kind].format(count=n) for kind, n in counts.items() if n]


def _has_file(withheld: Mapping[str, list[str]]) -> bool:
    return any(name == DIGEST for names in withheld.values() for name in names)


def _digest(text: str) -> str:
    """Broken after each eighth sign, so that a person can compare it and a program copy it."""
    parts = (text[at : at + 8] for at in range(0, len(text), 8))
    return f'<code class="digest">{"<wbr>".join(map(escape, parts))}</code>'


def _said(text: str, language: str) -> str:
    return escape(translate(text, language))


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'
