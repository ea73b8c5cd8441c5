"""Doors: only frozen values cross a capability's wall."""

import importlib
import inspect
import pkgutil
import re
import typing
from pathlib import Path

import pytest
from django.db.models import Model, QuerySet

import comity

SOURCE = Path(comity.__file__).parent
DOORS = sorted(
    module.name
    for module in pkgutil.walk_packages([str(SOURCE)], "comity.")
    if re.search(r"\.(services|queries)(\.|$)", module.name)
)


def named_types(annotation: object) -> set[type]:
    """Every class that an annotation names, however deep."""
    parts = typing.get_args(annotation)
    own = {annotation} if isinstance(annotation, type) else set()
    return own.union(*(named_types(part) for part in parts)) if parts else own


@pytest.mark.parametrize("name", DOORS)
def test_services_and_queries_speak_in_values_only(name: str) -> None:
    module = importlib.import_module(name)
    public = [
        f
        for key, f in inspect.getmembers(module, inspect.isfunction)
        if not key.startswith("_") and f.__module__ == name
    ]

    for function in public:
        hints = typing.get_type_hints(inspect.unwrap(function))
        for part, annotation in hints.items():
            for kind in named_types(annotation):
                assert not issubclass(kind, Model | QuerySet), f"{name}.{function.__name__}: {part}"


def test_nobody_takes_a_model_by_its_name() -> None:
    offenders = [
        str(path)
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts and re.search(r"\bget_model\(", path.read_text("utf-8"))
    ]

    assert offenders == []
