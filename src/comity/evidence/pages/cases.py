# SPDX-License-Identifier: Apache-2.0
"""Case files: opened with their purpose, and each with its evidence board and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity import clock
from comity.accounts.officer import Officer
from comity.accounts.permissions import Permission
from comity.accounts.queries import officer_of
from comity.accounts.services import officer_page
from comity.accounts.services.answering import attempted
from comity.evidence.board import Board, Link, LinkKind, lay_out
from comity.evidence.forms.keeping import CaseForm
from comity.evidence.item import CaseFile, Item, ItemState, Rank
from comity.evidence.pages import duties, opening, rows, telling
from comity.evidence.pages.conditions import laid
from comity.evidence.pages.custody import workers
from comity.evidence.pages.signs import Sign
from comity.evidence.queries import cases as queries
from comity.evidence.queries import items
from comity.evidence.queries.cases import UnknownCaseFileError
from comity.evidence.queries.decisions import OVERSEES
from comity.evidence.queries.items import ItemSearch
from comity.evidence.queries.lifetime import corrections
from comity.evidence.queries.obligations import calendar
from comity.evidence.queries.packages import stated_among
from comity.evidence.services import cases as services
from comity.evidence.services.way_out import may_give
from comity.evidence.way_out import A_COURT, WayOut
from comity.handling.marking import join_all
from comity.reference.taxonomy import Purpose

MOST_ITEMS = 200
"""So many items stand on a board; a larger case is worked with by its list."""
WIDTH, HEIGHT, GAP_X, GAP_Y, EDGE = 216, 64, 64, 18, 10
LONGEST_TITLE = 27


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def cases(request: HttpRequest) -> HttpResponse:
    closed = request.GET.get("show") == "closed"
    officer = officer_of(request.user)
    context = {
        "rows": [_row(case) for case in _cases(officer, closed=closed)],
        "closed": closed,
        "may_open": officer.may(Permission.USE_EVIDENCE),
    }
    return render(request, "evidence/cases.html", context)


def _cases(officer: Officer, *, closed: bool) -> list[CaseFile]:
    """All for whoever answers for evidence, their own for everybody else."""
    sees_all = bool(officer.roles & OVERSEES)
    if closed:
        found = queries.case_files(closed=True)
        return [case for case in found if sees_all or officer.reference in case.officers]
    return list(queries.open_case_files("" if sees_all else officer.reference))


@require_http_methods(["GET", "HEAD", "POST"])
@officer_page(Permission.USE_EVIDENCE)
def open_case(request: HttpRequest) -> HttpResponse:
    """A new case file: its purpose is stated once, here."""
    officer = officer_of(request.user)
    given = request.POST if request.method == "POST" else None
    form = CaseForm(given, officers=workers(but=officer))
    if request.method == "POST" and form.is_valid():
        made = attempted(form, lambda: _opened(form, officer))
        if made is not None:
            text = gettext("{reference} is open; items put into it are read for its purpose.")
            messages.success(request, text.format(reference=made.reference))
            return redirect("evidence:case", made.reference)
    return render(request, "evidence/open_case.html", {"form": form})


def _opened(form: CaseForm, officer: Officer) -> CaseFile:
    given = form.cleaned_data
    return services.open_case_file(
        given["reference"],
        Purpose(given["purpose"]),
        offences=form.named_offences(),
        officers=frozenset(given["officers"]),
        by=officer,
        at=clock.now(),
    )


@require_safe
@officer_page(Permission.VIEW_EVIDENCE)
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The board of a case: its items, what was made of what, and what is still missing."""
    file, officer, at = queries.case_file(reference), officer_of(request.user), clock.now()
    if officer.reference not in file.officers and not officer.roles & OVERSEES:
        raise UnknownCaseFileError(case=reference)
    page = items.items(ItemSearch(case=reference), size=MOST_ITEMS)
    shown = rows.of_items(page.rows, WayOut.PAGE, officer, at=at)
    links = _links(page.rows)
    changes = officer.may(Permission.USE_EVIDENCE) or services.may_change_officers(officer)
    context = {
        "case": file,
        "sign": _sign(file),
        "purpose": telling.word(file.purpose),
        "offences": telling.words(file.offences),
        "officers": [telling.officer(each) for each in sorted(file.officers | {file.opened_by})],
        "rows": shown,
        "more": page.older,
        "board": _drawn(lay_out([item.reference for item in page.rows], links), shown),
        "links": [_link(link) for link in links],
        "missing": _missing(page.rows, shown),
        "duties": [duties.row(one) for one in calendar(case=reference)],
        "laid": laid(join_all(row["marking"] for row in shown if row["title"]), words=False),
        "handling": opening.banner(row["marking"] for row in shown if row["title"]),
        "may": {
            "keep": officer.may(Permission.KEEP_EVIDENCE) and file.closed_at is None,
            "pack": may_give(officer, A_COURT) and bool(page.rows),
            "change": changes and file.closed_at is None,
            "close": officer.may(Permission.USE_EVIDENCE) and file.closed_at is None,
        },
    }
    return render(request, "evidence/case.html", context)


@require_POST
@officer_page(Permission.USE_EVIDENCE)
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing more is put into it; its items stay as they are."""
    services.close_case_file(reference, by=officer_of(request.user), at=clock.now())
    messages.success(request, gettext("The case file is closed; its items stay as they are."))
    return redirect("evidence:case", reference)


def _row(file: CaseFile) -> dict[str, Any]:
    return {
        "case": file,
        "sign": _sign(file),
        "purpose": telling.word(file.purpose),
        "offences": telling.words(file.offences),
        "opened_by": telling.officer(file.opened_by),
        "officers": len(file.officers | {file.opened_by}),
    }


def _sign(file: CaseFile) -> Sign:
    if file.closed_at is None:
        return Sign(gettext("open"), "lock_open", "yes")
    return Sign(gettext("closed"), "lock", "unknown")


def _links(found: tuple[Item, ...]) -> list[Link]:
    """What was made of what, and what stands in the place of what."""
    links = [Link(source, item.reference) for item in found for source in item.derived_from]
    for item in found:
        for each in corrections(item=item.reference):
            if each.replacement:
                links.append(Link(item.reference, each.replacement, LinkKind.SUPERSEDES))
    return links


def _link(link: Link) -> dict[str, str]:
    if link.kind is LinkKind.SUPERSEDES:
        says = gettext("stands in the place of")
    else:
        says = gettext("was made from")
    return {"source": link.source, "target": link.target, "says": says}


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that a case still needs before it can be packed for a court."""

    says: str
    items: tuple[str, ...] = ()
    tone: str = "no"


def _missing(found: tuple[Item, ...], shown: list[dict[str, Any]]) -> list[Lacking]:
    """What stands in the way of packing the case, item by item."""
    kept = [item for item in found if item.state is not ItemState.DESTROYED]
    proved = {item.reference for item in kept if item.rank is Rank.CERTIFIED_COPY}
    stated = stated_among([item.reference for item in kept]) | proved  # a copy has its own seal
    groups = (
        (
            ngettext(
                "{count} item cannot be certified: its custody does not account for everything.",
                "{count} items cannot be certified: their custody does not account for everything.",
                sum(not item.certifiable for item in kept),
            ),
            [item.reference for item in kept if not item.certifiable],
        ),
        (
            ngettext(
                "{count} item may not be read for the purpose of this case.",
                "{count} items may not be read for the purpose of this case.",
                sum(not row["title"] for row in shown),
            ),
            [row["item"].reference for row in shown if not row["title"]],
        ),
        (
            ngettext(
                "{count} item is not certified yet.",
                "{count} items are not certified yet.",
                sum(item.reference not in stated for item in kept),
            ),
            [item.reference for item in kept if item.reference not in stated],
        ),
    )
    return [Lacking(says.format(count=len(names)), tuple(names)) for says, names in groups if names]


def _drawn(board: Board, shown: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The picture in units of the screen. Any: values for the template."""
    if not board.links:
        return None  # a picture of boxes without lines says less than the table
    by_reference = {row["item"].reference: row for row in shown}
    corner = {
        reference: (EDGE + at.column * (WIDTH + GAP_X), EDGE + at.row * (HEIGHT + GAP_Y))
        for reference, at in board.places.items()
    }
    boxes = [_box(by_reference[each], *corner[each]) for each in board.places]
    lines = [
        {"path": _path(corner[link.source], corner[link.target]), "kind": link.kind.value}
        for link in board.links
    ]
    return {
        "boxes": boxes,
        "lines": lines,
        "width": 2 * EDGE + board.columns * WIDTH + (board.columns - 1) * GAP_X,
        "height": 2 * EDGE + board.rows * HEIGHT + (board.rows - 1) * GAP_Y,
        "box_width": WIDTH,
        "box_height": HEIGHT,
    }


def _box(row: dict[str, Any], x: int, y: int) -> dict[str, Any]:
    """One item on the board. Any: values for the template."""
    item: Item = row["item"]
    title = str(row["title"] or item.reference)
    return {
        "x": x,
        "y": y,
        "row": row,
        "title": title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…",
        "withheld": not item.certifiable,
        "gone": item.state is ItemState.DESTROYED,
    }


def _path(start: tuple[int, int], end: tuple[int, int]) -> str:
    """A line from the right edge of one box to the left edge of another."""
    x1, y1 = start[0] + WIDTH, start[1] + HEIGHT // 2
    x2, y2 = end[0] - 8, end[1] + HEIGHT // 2
    bend = max((x2 - x1) // 2, 24)
    return f"M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
