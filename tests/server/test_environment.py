# SPDX-License-Identifier: Apache-2.0
"""Settings are typed, documented and checked; a secret is never shown."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from comity.server.environment import (
    MASK,
    Environment,
    IncompleteSettingError,
    OddSettingError,
    SettingGivenTwiceError,
    UnknownSettingError,
    UnreadableSettingFileError,
    as_variables,
    in_effect,
    read_environment,
    reference_markdown,
    variable_name,
    without_settings,
)

SECRET = "correct-horse"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Variables that name an empty home."""
    return {"COMITY_HOME": str(tmp_path)}


def test_nothing_set_gives_every_default(home: dict[str, str]):
    environment = read_environment(home)

    assert environment == Environment(home=Path(home["COMITY_HOME"]))
    assert environment.embedded
    assert not environment.secure


def test_the_home_is_an_absolute_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)

    assert read_environment({}).home == tmp_path / ".comity"


def test_a_variable_wins_over_the_file_in_the_home(home: dict[str, str]):
    Path(home["COMITY_HOME"], "settings.env").write_text(
        "# kept with the node\nCOMITY_PORT=9000\nCOMITY_LANGUAGE = fr\n"
    )

    environment = read_environment(home | {"COMITY_PORT": "9001"})

    assert (environment.port, environment.language) == (9001, "fr")


def test_an_unknown_variable_is_refused_and_the_nearest_named(home: dict[str, str]):
    with pytest.raises(UnknownSettingError) as refused:
        read_environment(home | {"COMITY_PROT": "1"})

    assert refused.value.fields == {"variable": "COMITY_PROT", "nearest": "COMITY_PORT"}


def test_an_unknown_line_of_the_file_is_refused_too(home: dict[str, str]):
    Path(home["COMITY_HOME"], "settings.env").write_text("COMITY_COLOUR=red\n")

    with pytest.raises(UnknownSettingError):
        read_environment(home)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COMITY_PORT", "eighty"),
        ("COMITY_PORT", "70000"),
        ("COMITY_PORT", "-1"),
        ("COMITY_TRAINING", "yes"),
        ("COMITY_LANGUAGE", "xx"),
        ("COMITY_TIME_ZONE", "Middle/Earth"),
        ("COMITY_LOG_LEVEL", "loud"),
        ("COMITY_PUBLIC_URL", "comity.customs.example"),
        ("COMITY_PUBLIC_URL", "https://comity.customs.example/below"),
        ("COMITY_ADMINISTRATION", "us"),
        ("COMITY_WEB_PROCESSES", "0"),
        ("COMITY_OUTBOUND", "sometimes"),
        ("COMITY_OUTBOUND_PRIVATE", "on"),
    ],
)
def test_an_odd_value_is_refused_with_variable_and_value(
    home: dict[str, str], variable: str, value: str
):
    with pytest.raises(OddSettingError) as refused:
        read_environment(home | {variable: value})

    assert variable in str(refused.value)
    assert repr(value) in str(refused.value)


def test_the_value_of_a_secret_is_never_in_an_error(home: dict[str, str]):
    with pytest.raises(OddSettingError) as refused:
        read_environment(home | {"DATABASE_URL": f"mysql://u:{SECRET}@db/x"})

    assert SECRET not in str(refused.value)
    assert SECRET not in str(refused.value.fields)
    assert "DATABASE_URL" in str(refused.value)


def test_a_secret_may_stand_in_a_file(home: dict[str, str], tmp_path: Path):
    (tmp_path / "key").write_text(f"{SECRET}\n")

    environment = read_environment(home | {"COMITY_SECRET_KEY_FILE": str(tmp_path / "key")})

    assert environment.secret_key == SECRET


def test_a_secret_in_the_file_of_the_home_gives_way_to_a_named_file(
    home: dict[str, str], tmp_path: Path
):
    Path(home["COMITY_HOME"], "settings.env").write_text("COMITY_SECRET_KEY=older\n")
    (tmp_path / "key").write_text(SECRET)

    environment = read_environment(home | {"COMITY_SECRET_KEY_FILE": str(tmp_path / "key")})

    assert environment.secret_key == SECRET


def test_a_secret_given_as_value_and_as_file_is_refused(home: dict[str, str], tmp_path: Path):
    (tmp_path / "key").write_text(SECRET)
    both = {"COMITY_SECRET_KEY": SECRET, "COMITY_SECRET_KEY_FILE": str(tmp_path / "key")}

    with pytest.raises(SettingGivenTwiceError):
        read_environment(home | both)


def test_a_file_that_cannot_be_read_is_named(home: dict[str, str], tmp_path: Path):
    with pytest.raises(UnreadableSettingFileError, match="COMITY_SECRET_KEY_FILE"):
        read_environment(home | {"COMITY_SECRET_KEY_FILE": str(tmp_path / "absent")})


def test_only_a_secret_may_stand_in_a_file(home: dict[str, str]):
    with pytest.raises(UnknownSettingError):
        read_environment(home | {"COMITY_PORT_FILE": "x"})


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"COMITY_OIDC_ISSUER": "https://sso.example"}, "COMITY_OIDC_CLIENT_ID"),
        ({"COMITY_OWNER_DATABASE_URL": "postgresql://o@db/x"}, "DATABASE_URL"),
    ],
)
def test_a_setting_that_needs_another_says_which(
    home: dict[str, str], given: dict[str, str], missing: str
):
    with pytest.raises(IncompleteSettingError) as refused:
        read_environment(home | given)

    assert refused.value.fields["missing"] == missing


def test_what_is_in_effect_masks_secrets(home: dict[str, str]):
    shown = in_effect(read_environment(home | {"COMITY_SECRET_KEY": SECRET}))

    assert shown["COMITY_SECRET_KEY"] == MASK
    assert shown["COMITY_OIDC_CLIENT_SECRET"] == ""
    assert SECRET not in str(shown)


def test_a_started_process_sees_exactly_the_same_settings(home: dict[str, str]):
    given = {"COMITY_TRAINING": "true", "COMITY_PORT": "9000", "DATABASE_URL": "postgresql://u@h/d"}
    environment = read_environment(home | given)

    assert read_environment(as_variables(environment)) == environment


def test_a_started_process_inherits_no_setting_of_ours():
    variables = {"PATH": "/bin", "COMITY_PORT": "1", "DATABASE_URL": "x", "DATABASE_URL_FILE": "y"}

    assert without_settings(variables) == {"PATH": "/bin"}


def test_every_setting_has_its_line_in_the_reference():
    manual = reference_markdown()

    for setting in fields(Environment):
        line = f"| `{variable_name(setting.name)}` |"
        assert manual.count(line) == 1
        assert not manual.split(line)[1].splitlines()[0].endswith("|  |")
