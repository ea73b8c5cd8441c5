"""Foreign keys: they point down the tiers, and across capabilities there is no way back up."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, Model

ROOT = Path(__file__).parents[2]


def tiers() -> dict[str, int]:
    """Capability -> height, read from the import contract (the lowest line is 0)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["id"] == "tiers")["layers"]
    return {
        name.strip(" ()"): height
        for height, line in enumerate(reversed(layers))
        for name in line.split("|")
    }


def foreign_keys() -> Iterator[tuple[str, str, Field, type[Model]]]:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.concrete and field.remote_field and field.remote_field.model is not None:
                target = field.remote_field.model._meta.app_label
                yield model._meta.app_label, target, field, model


OURS = [
    pytest.param(owner, target, field, id=f"{model.__name__}.{field.name}")
    for owner, target, field, model in foreign_keys()
    if owner in tiers() and target in tiers() and owner != target
] or [pytest.param("cli", "errors", None, id="none-yet")]


@pytest.mark.parametrize(("owner", "target", "field"), OURS)
def test_a_foreign_key_points_down_the_tiers(owner: str, target: str, field: Field) -> None:
    assert tiers()[owner] > tiers()[target]


@pytest.mark.parametrize(("owner", "target", "field"), OURS)
def test_a_foreign_key_across_capabilities_has_no_way_back(
    owner: str, target: str, field: Field
) -> None:
    assert field is None or field.remote_field.related_name == "+"
