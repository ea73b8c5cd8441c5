# SPDX-License-Identifier: Apache-2.0
"""Every setting of a node, typed, with its default and its meaning, in one frozen value.

Read from `COMITY_*` variables, from the file each `COMITY_*_FILE` names (secrets), and from
`settings.env` in the node's folder, in that order. An unknown variable or an odd value refuses
to start and names the variable; the value of a secret is never shown. No framework here.
"""

from __future__ import annotations

import difflib
import os
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from comity.catalogues import LANGUAGES, N_
from comity.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SETTINGS_FILE = "settings.env"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MASK = "********"
TEST_PREFIX = "COMITY_TEST_"
"""Variables that only the tests read."""
ACCENTS = ("blue", "teal", "plum", "green", "rust", "slate")


class UnknownSettingError(InvalidInputError):
    """A variable that begins with COMITY_ and that no release knows."""

    code = "unknown-setting"
    message = N_("{variable} is set, but Comity has no setting of that name.")
    remedy = N_("Remove it, or use the setting nearest to it: {nearest}.")


class OddSettingError(InvalidInputError):
    """A setting whose value cannot be used."""

    code = "odd-setting"
    message = N_("{variable} is {value}: {expected} was expected.")
    remedy = N_("Correct {variable}; `comity check` prints what is in effect.")


class UnreadableSettingFileError(InvalidInputError):
    """A file that a setting names and that cannot be read."""

    code = "unreadable-setting-file"
    message = N_("{variable} names {path}, which cannot be read: {reason}.")
    remedy = N_("Let the node's user read {path}, or correct {variable}.")


class SettingGivenTwiceError(InvalidInputError):
    """A secret given both as a value and as a file."""

    code = "setting-given-twice"
    message = N_("{variable} and {variable}_FILE are both set.")
    remedy = N_("Keep {variable}_FILE and remove {variable}.")


def _setting(
    comment: str,
    default: Any = MISSING,  # any: the type is the field's own
    *,
    secret: bool = False,
    variable: str = "",
    shape: Callable[[Any], str] | None = None,
) -> Any:
    """One field with its comment; `shape` says what was expected, or nothing when it fits."""
    metadata = {"comment": comment, "secret": secret, "variable": variable, "shape": shape}
    return field(default=default, metadata=metadata)


def _port(value: int) -> str:
    return "" if 0 <= value <= 65535 else "a port between 0 and 65535"


def _small_count(value: int) -> str:
    return "" if 0 <= value <= 64 else "a number between 0 and 64"


def _positive_count(value: int) -> str:
    return "" if 1 <= value <= 64 else "a number between 1 and 64"


def _language(value: str) -> str:
    return "" if value in LANGUAGES else f"one of {', '.join(LANGUAGES)}"


def _time_zone(value: str) -> str:
    return "" if value in available_timezones() else "a time zone such as Europe/Lisbon"


def _log_level(value: str) -> str:
    return "" if value in LOG_LEVELS else f"one of {', '.join(LOG_LEVELS)}"


def _accent(value: str) -> str:
    return "" if value in ACCENTS else f"one of {', '.join(ACCENTS)}"


def _web_address(value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    fits = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
    return "" if fits else "an address such as https://comity.customs.example"


def _database_address(value: str) -> str:
    scheme = urlsplit(value).scheme
    fits = not value or scheme in ("postgresql", "postgres")
    return "" if fits else "an address such as postgresql://user@host/database"


def _administration(value: str) -> str:
    fits = not value or (value.isascii() and value.isalpha() and value.isupper())
    return "" if fits else "a code in capitals such as US"


@dataclass(frozen=True, slots=True)
class Environment:
    """What the node was told about the place where it runs."""

    home: Path = _setting("Folder of the node: database, keys, blobs, backups.", Path(".comity"))
    administration: str = _setting(
        "Code of the administration that runs this node, as in the register of agreements.",
        "",
        shape=_administration,
    )
    node_name: str = _setting("Name of this node as its pages show it; empty is `Comity`.", "")
    accent: str = _setting(
        "Colour of this node's pages, so that two nodes are not confused.",
        "blue",
        shape=_accent,
    )
    training: bool = _setting("Whether this is a training node with made-up officers.", False)
    language: str = _setting("Language of pages until an officer chooses.", "en", shape=_language)
    time_zone: str = _setting("Time zone in which pages show times.", "UTC", shape=_time_zone)
    public_url: str = _setting(
        "Address under which people reach the node; https makes cookies secure.",
        "",
        shape=_web_address,
    )
    address: str = _setting("Network address on which the web server listens.", "127.0.0.1")
    port: int = _setting("Port of the web server.", 8000, shape=_port)
    local_port: int = _setting(
        "Port of health and metrics, on the loopback address only.", 8001, shape=_port
    )
    trusted_proxies: int = _setting(
        "Number of reverse proxies in front whose forwarding headers are believed.",
        0,
        shape=_small_count,
    )
    web_processes: int = _setting("Processes of the web server.", 1, shape=_positive_count)
    web_threads: int = _setting("Threads of each web process.", 4, shape=_positive_count)
    job_threads: int = _setting("Jobs that run at the same time.", 1, shape=_positive_count)
    database_pool: int = _setting(
        "Most database connections of one web process; 0 opens one per request.",
        8,
        shape=_small_count,
    )
    database_url: str = _setting(
        "Address of a PostgreSQL server (17 or later); empty starts the embedded one.",
        "",
        secret=True,
        variable="DATABASE_URL",
        shape=_database_address,
    )
    owner_database_url: str = _setting(
        "The same database as the role that owns the tables and migrates them.",
        "",
        secret=True,
        shape=_database_address,
    )
    pg_bindir: str = _setting(
        "Folder of PostgreSQL programs to use in place of the embedded ones.", ""
    )
    backup_folder: str = _setting("Folder of backups; empty is `backups` in the home.", "")
    two_person_unit: bool = _setting(
        "Whether the profile for a unit of two people is in effect.", False
    )
    secret_key: str = _setting(
        "Key that signs sessions; empty is the one made by `comity node init`.",
        "",
        secret=True,
    )
    oidc_issuer: str = _setting(
        "Address of an OpenID Connect provider for sign-in; empty is off.",
        "",
    )
    oidc_name: str = _setting("Name of that provider on the sign-in page.", "Single sign-on")
    oidc_client_id: str = _setting("Name of this node at that provider.", "")
    oidc_client_secret: str = _setting("Secret of this node at that provider.", "", secret=True)
    log_level: str = _setting("Least level of log lines written.", "INFO", shape=_log_level)

    @property
    def embedded(self) -> bool:
        """Whether the node runs its own PostgreSQL."""
        return not self.database_url

    @property
    def secure(self) -> bool:
        """Whether people reach the node over https."""
        return self.public_url.startswith("https://")


def variable_name(name: str) -> str:
    """The variable that sets this field of `Environment`."""
    known = {f.name: f.metadata["variable"] for f in fields(Environment)}
    return known[name] or f"COMITY_{name.upper()}"


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The environment that these variables and the node's settings file describe."""
    given = dict(os.environ if variables is None else variables)
    home = Path(given.get("COMITY_HOME", ".comity")).absolute()
    given = {**_settings_file(home / SETTINGS_FILE), **given, "COMITY_HOME": str(home)}
    _refuse_unknown(given)
    return Environment(**{f.name: _value(f, given) for f in fields(Environment)})


def _settings_file(path: Path) -> dict[str, str]:
    """The lines NAME=value of the settings file; no quoting, no expansion."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UnreadableSettingFileError(
            variable="COMITY_HOME", path=path, reason=error.strerror
        ) from error
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = {variable_name(f.name) for f in fields(Environment)}
    known |= {f"{variable_name(f.name)}_FILE" for f in fields(Environment) if f.metadata["secret"]}
    for variable in sorted(given):
        ours = variable.startswith("COMITY_") and not variable.startswith(TEST_PREFIX)
        if ours and variable not in known:
            nearest = difflib.get_close_matches(variable, sorted(known), 1, cutoff=0)
            raise UnknownSettingError(variable=variable, nearest=nearest[0])


def _value(setting: Any, given: Mapping[str, str]) -> Any:  # any: one value of each field's type
    variable = variable_name(setting.name)
    text = _text(variable, given, secret=setting.metadata["secret"])
    if text is None:
        return setting.default
    value = _typed(variable, text, setting)
    expected = setting.metadata["shape"](value) if setting.metadata["shape"] else ""
    if expected:
        raise _odd(variable, text, expected, setting)
    return value


def _text(variable: str, given: Mapping[str, str], *, secret: bool) -> str | None:
    file = given.get(f"{variable}_FILE") if secret else None
    if file is None:
        return given.get(variable)
    if variable in given:
        raise SettingGivenTwiceError(variable=variable)
    try:
        return Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise UnreadableSettingFileError(
            variable=f"{variable}_FILE", path=file, reason=error.strerror
        ) from error


def _typed(variable: str, text: str, setting: Any) -> Any:
    kind = type(setting.default)
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise _odd(variable, text, "true or false", setting)
        return text.lower() == "true"
    if kind is int:
        if not (text.isascii() and text.isdigit()):
            raise _odd(variable, text, "a whole number", setting)
        return int(text)
    return kind(text)


def _odd(variable: str, text: str, expected: str, setting: Any) -> OddSettingError:
    value = MASK if setting.metadata["secret"] else repr(text)
    return OddSettingError(variable=variable, value=value, expected=expected)


def in_effect(environment: Environment) -> dict[str, str]:
    """Each variable and its value in effect, secrets masked."""
    shown = {}
    for setting in fields(Environment):
        value = getattr(environment, setting.name)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        shown[variable_name(setting.name)] = MASK if setting.metadata["secret"] and value else text
    return shown


def reference_markdown() -> str:
    """The manual page of every setting, made from the fields above."""
    lines = [
        "# Settings",
        "",
        "Made from `src/comity/server/environment.py`; do not edit by hand.",
        "",
        "A node reads these variables, and the lines `NAME=value` of `settings.env` in its folder;",
        "a variable wins over the file. A secret may stand in a file that `NAME_FILE` names.",
        "An unknown `COMITY_` variable or an odd value refuses to start.",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    for setting in fields(Environment):
        default = str(setting.default)
        default = default.lower() if isinstance(setting.default, bool) else default
        comment = setting.metadata["comment"] + (" Secret." if setting.metadata["secret"] else "")
        shown = f"`{default}`" if default else "–"
        lines.append(f"| `{variable_name(setting.name)}` | {shown} | {comment} |")
    return "\n".join(lines) + "\n"
