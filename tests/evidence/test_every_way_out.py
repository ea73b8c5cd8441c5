# SPDX-License-Identifier: Apache-2.0
"""Every way out of evidence, found by reading the program: none opens an item without a decision.

Whatever opens an item's words or content is followed through every function that refers to it, up
to pages, commands, tasks and the API. A function that asks `let_out`, or that is handed the `Let`
of such a decision, is a way out, and stands in a table; one that opens for what never leaves stands
in another, with its reason. A new one that stands in neither fails here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from comity.evidence.way_out import WAY_WORDS, WayOut
from tests.support.source import MODULES, SOURCE, text_of, tree_of

EVIDENCE = "comity.evidence"

OPENERS = (
    {
        f"{EVIDENCE}.services.keeping.{name}"
        for name in (
            "open_content_inside",
            "description_inside",
            "claims_inside",
            "open_stored",
            "unseal_of_item",
            "store_of",
            "open_brought",
            "Held",
        )
    }
    | {f"{EVIDENCE}.services.previewing.{name}" for name in ("page_images", "preview")}
    | {
        f"{EVIDENCE}.queries.keys.{name}"
        for name in ("item_key", "item_keys", "opened_key", "words_in")
    }
)
"""What opens something of an item: everything else is made of these."""

LET_OUT = f"{EVIDENCE}.services.way_out.let_out"
HANDED = frozenset(("Let", "Shown"))
"""Types that only a decision gives: whoever is handed one was let."""


INSIDE: dict[str, str] = {
    # it seals, and opens nothing
    "services.keeping.seal_for_item": "seals words under the item's key",
    "services.keeping._put": "keeps what was made of an item under its key",
    "services.keeping._remove": "removes files by their names",
    "services.kept_packages.keep_file": "puts away a package that the door let out",
    "services.kept_packages.remove_file": "removes a file by its name",
    "services.custody._sealed": "seals the words of an act of custody",
    "services.telling._sealed_words": "seals what is told of an item",
    "services.narrowing._narrow_channels": "seals the words of a restriction",
    "services.items.add": "keeps the content of a new item",
    "services.items.add_brought": "keeps the content that a partner sent",
    "services.items.add_channel": "seals the words of a restriction",
    "services.items.claim": "seals a claim",
    "services.items.describe": "seals a description",
    "services.taking_in.receive_package": "reads what a partner sent, before it is an item here",
    # it reads, and says no more than a digest, a type or a count
    "services.custody.measure": "a digest",
    "services.integrity._digest_of": "a digest",
    "services.integrity._read": "a digest, or a fault",
    "services.integrity.sweep": "a count of files that nobody noted",
    "services.integrity.stored_contents": "digests, for the proof of a backup",
    "services.intake.examined_content": "the type and the findings, as codes",
    # it reads, and what it makes stays under the item's key or is an item bound by it
    "services.finding.index_items": "keyed digests of words, which go with the item's key",
    "services.stating._read_all": "what `_read` makes hashes of",
    "services.stated._keep_all_stated": "seals values under the items' keys",
    "services.stating._read": "salted hashes leave; the values stay sealed under the item's key",
    "services.redacting._following": "names of leaves",
    "services.redacting.pages_of": "numbers of pages",
    "services.redacting.blacken": "makes an item that is bound by all of the original's conditions",
    "services.stated._stated": "read by what is called `…_inside` alone",
    # what binds whoever sees an item, and what people here and elsewhere wrote about its handling
    "queries.items._restrictions": "restrictions in words bind; they are no part of the item",
    "queries.statements._under_item": "what was told or asked about a use",
    "queries.recalls._words": "what a recall demands",
    "services.deciding._reason": "why a person decided as they did",
    "services.certifying._officials": "who certifies, as the certificate names them",
}
"""Functions that open something which never leaves by them, each with the reason why not."""


@dataclass(slots=True)
class Function:
    """One function of the program, with everything that its body refers to."""

    name: str
    refers: set[str] = field(default_factory=set)
    handed: bool = False
    ways: set[str] = field(default_factory=set)
    """The `WayOut` members that it names."""


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, wherever in the module it is imported."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                found[each.asname or each.name.partition(".")[0]] = (
                    each.name if each.asname else each.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                found[each.asname or each.name] = f"{node.module}.{each.name}"
    return found


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{inner}.{node.attr}" if (inner := dotted(node.value)) else ""
    return ""


def functions_of(path: Path) -> Iterator[Function]:
    """Every function and method of a module, and the module's own statements as one."""
    tree, module = tree_of(path), module_name(path)
    names = imported(tree)
    own = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield read(node, f"{module}.{node.name}", module, names, own)


def read(
    node: ast.FunctionDef | ast.ClassDef,
    name: str,
    module: str,
    names: dict[str, str],
    own: set[str],
) -> Function:
    made = Function(name)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name | ast.Attribute):
            first, _, rest = dotted(inner).partition(".")
            base = names.get(first) or (f"{module}.{first}" if first in own else "")
            if base:
                made.refers.add(f"{base}.{rest}" if rest else base)
            if first == "WayOut" and rest:
                made.ways.add(rest)
        if isinstance(inner, ast.arg) and inner.annotation is not None:
            said = {
                dotted(each) for each in ast.walk(inner.annotation) if isinstance(each, ast.expr)
            }
            made.handed |= bool(said & HANDED)
    made.refers.discard(name)
    return made


def program() -> dict[str, Function]:
    return {function.name: function for path in MODULES for function in functions_of(path)}


PROGRAM = program()


def aliases() -> dict[str, str]:
    """Names that a package gives again (`services.add` for `services.items.add`)."""
    found = {}
    for path in SOURCE.rglob("__init__.py"):
        package = module_name(path)
        for name, target in imported(tree_of(path)).items():
            found[f"{package}.{name}"] = target
    return found


ALIASES = aliases()


def resolved(name: str) -> str:
    """The function that is meant, through packages that give a name again."""
    seen = set()
    while name not in PROGRAM and name not in seen:
        seen.add(name)
        head, _, tail = name.rpartition(".")
        name = ALIASES.get(name) or (f"{ALIASES[head]}.{tail}" if head in ALIASES else name)
    return name


def is_opener(name: str) -> bool:
    """Whether it opens by itself: named above, or called `…_inside` by its own author."""
    inside = name.startswith(f"{EVIDENCE}.services.") and name.endswith("_inside")
    return name in OPENERS or inside


ASKS = {name for name, one in PROGRAM.items() if LET_OUT in map(resolved, one.refers)}
"""Functions that ask for a decision themselves."""


def is_let(function: Function) -> bool:
    """Whether it was handed a decision, or asks for one itself or through one that does."""
    return function.handed or any(
        resolved(each) in ASKS or resolved(each) == LET_OUT for each in function.refers
    )


def opening() -> dict[str, set[str]]:
    """Functions that open something without a decision, and by which others."""
    edges: dict[str, set[str]] = {}
    for function in PROGRAM.values():
        for each in function.refers:
            edges.setdefault(resolved(each), set()).add(function.name)
    found: dict[str, set[str]] = {}
    waiting = sorted(name for name in {*OPENERS, *PROGRAM} if is_opener(name))
    while waiting:
        opened = waiting.pop()
        for name in sorted(edges.get(opened, ())):
            if is_opener(name) or is_let(PROGRAM[name]):
                continue
            if name not in found and name.removeprefix(f"{EVIDENCE}.") not in INSIDE:
                waiting.append(name)
            found.setdefault(name, set()).add(opened)
    return found


def is_private(name: str) -> bool:
    """A part of a service: those who call it are looked at, up to one that is not private."""
    inner = name.removeprefix(f"{EVIDENCE}.")
    within = inner.startswith(("services.", "queries."))
    return within and inner.rpartition(".")[2].startswith("_")


def test_nothing_opens_an_item_without_a_decision() -> None:
    found = {
        name: sorted(by)
        for name, by in opening().items()
        if name.removeprefix(f"{EVIDENCE}.") not in INSIDE and not is_private(name)
    }

    assert not found, "these open something of an item, and ask no let_out: " + str(found)


def test_what_opens_inside_only_is_still_there_and_still_opens() -> None:
    reached = {name.removeprefix(f"{EVIDENCE}.") for name in opening()}

    assert set(INSIDE) <= reached, sorted(set(INSIDE) - reached)


def test_the_openers_are_where_they_are_sought() -> None:
    assert {name for name in OPENERS if name not in PROGRAM} == set()


WAYS_OUT: dict[str, tuple[str, ...]] = {
    "pages.opening.shown": (),
    "pages.item.save": ("EXPORT",),
    "pages.duties.save": ("REPORT",),
    "pages.previews.page": ("PAGE",),
    "pages.checklists.checklist": ("REPORT",),
    "commands.items.show": ("COMMAND",),
    "commands.items.custody": ("COMMAND",),
    "commands.proofs._write_content": ("COMMAND",),
    "endpoints.items.show": ("API",),
    "endpoints.items.content": ("API",),
    "endpoints.custody.custody": ("API",),
    "services.certifying._ready": ("CERTIFIED_COPY",),
    "services.handing_over._words_go": ("MESSAGE",),
    "services.packing._chosen": ("PACKAGE",),
    "services.packed_copies.copies_for": ("PACKAGE",),
    "services.kept_packages.fetch_package": ("PACKAGE",),
    "services.finding._let_out": ("SEARCH",),
    "services.giving_out.give_out": ("EXPORT",),
    "services.giving_out.words_of_disclosure": ("REPORT",),
}
"""Every function that asks for a decision, and the way that it names; none where it is given."""


def test_every_way_out_is_in_the_table_and_names_its_way() -> None:
    found = {name.removeprefix(f"{EVIDENCE}."): tuple(sorted(PROGRAM[name].ways)) for name in ASKS}

    assert found == WAYS_OUT


def test_a_decision_is_made_nowhere_but_at_the_door() -> None:
    made = set()
    for path in [each for each in MODULES if "Let(" in text_of(each)]:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "Let":
                made.add(module_name(path))

    assert made == {f"{EVIDENCE}.services.way_out"}


def test_a_new_exporter_without_a_decision_is_found() -> None:
    """The search itself: a page that reads a description past the door is seen through a helper."""
    helper = Function("comity.intake.pages.helper", {f"{EVIDENCE}.services.keeping.store_of"})
    page = Function("comity.intake.pages.leak", {"comity.intake.pages.helper"})
    PROGRAM.update({helper.name: helper, page.name: page})
    try:
        assert {helper.name, page.name} <= set(opening())
    finally:
        del PROGRAM[helper.name], PROGRAM[page.name]


def test_every_way_has_words() -> None:
    assert set(WAY_WORDS) == set(WayOut)
