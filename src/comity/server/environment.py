# SPDX-License-Identifier: Apache-2.0
"""Every setting of a node, typed, with its default and its meaning, in one frozen value.

Read from `COMITY_*` variables, from the file each `COMITY_*_FILE` names (secrets), and from
`settings.env` in the node's folder, in that order. An unknown variable or an odd value refuses
to start and names the variable; the value of a secret is never shown. No framework here.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from comity.catalogues import LANGUAGES, N_
from comity.errors import InvalidInputError

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


class IncompleteSettingError(InvalidInputError):
    """A setting that means nothing without another that is not set."""

    code = "incomplete-setting"
    message = N_("{variable} is set, and {missing} is not.")
    remedy = N_("Set {missing} as well, or remove {variable}.")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the manual says of one field, and what its value must look like."""

    comment: str
    shape: Callable[[Any], str] | None = None
    """Says what was expected, or nothing where the value fits."""
    secret: bool = False
    variable: str = ""
    """The name of its variable where that is not COMITY_ and the field's name."""


def _port(value: int) -> str:
    return "" if 0 <= value <= 65535 else "a port between 0 and 65535"


def _count(least: int) -> Callable[[int], str]:
    return lambda value: "" if least <= value <= 64 else f"a number between {least} and 64"


def _mebibytes(value: int) -> str:
    return "" if value <= 1024 * 1024 else "a number of mebibytes up to 1048576"


def _secure_address(value: str) -> str:
    parts = urlsplit(value)
    fits = not value or (
        parts.scheme == "https" and bool(parts.hostname) and parts.path in ("", "/")
    )
    return "" if fits else "an address such as https://exchange.customs.example:8443"


def _language(value: str) -> str:
    return "" if value in LANGUAGES else f"one of {', '.join(LANGUAGES)}"


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        return "a time zone such as Europe/Lisbon"
    return ""


def _log_level(value: str) -> str:
    return "" if value in LOG_LEVELS else f"one of {', '.join(LOG_LEVELS)}"


def _accent(value: str) -> str:
    return "" if value in ACCENTS else f"one of {', '.join(ACCENTS)}"


def _web_address(value: str) -> str:
    fits = not value or (_is_web(value) and urlsplit(value).path in ("", "/"))
    return "" if fits else "an address such as https://comity.customs.example"


def _web_address_below(value: str) -> str:
    fits = not value or _is_web(value)
    return "" if fits else "an address such as https://sign-in.customs.example/realm"


def _is_web(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _on_off(value: str) -> str:
    return "" if value in ("on", "off") else "on or off"


def _database_address(value: str) -> str:
    scheme = urlsplit(value).scheme
    fits = not value or scheme in ("postgresql", "postgres")
    return "" if fits else "an address such as postgresql://user@host/database"


def _code(value: str) -> str:
    fits = not value or (value.isascii() and value.isalpha() and value.isupper())
    return "" if fits else "a code in capitals such as US"


@dataclass(frozen=True, slots=True)
class Environment:
    """What the node was told about the place where it runs."""

    home: Annotated[Path, Setting("Folder of the node: database, keys, blobs, backups.")] = Path(
        ".comity"
    )
    administration: Annotated[
        str,
        Setting("Code of the administration that runs this node, as in the register.", _code),
    ] = ""
    node_name: Annotated[
        str, Setting("Name of this node as its pages show it; empty is `Comity`.")
    ] = ""
    accent: Annotated[
        str, Setting("Colour of this node's pages, so that two nodes are not confused.", _accent)
    ] = "blue"
    training: Annotated[bool, Setting("Whether this is a training node with made-up officers.")] = (
        False
    )
    language: Annotated[str, Setting("Language of pages until an officer chooses.", _language)] = (
        "en"
    )
    time_zone: Annotated[str, Setting("Time zone in which pages show times.", _time_zone)] = "UTC"
    public_url: Annotated[
        str,
        Setting(
            "Address under which people reach the node; https makes cookies secure.",
            _web_address,
        ),
    ] = ""
    address: Annotated[str, Setting("Network address on which the web server listens.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Setting("Port of the web server.", _port)] = 8000
    local_port: Annotated[
        int, Setting("Port of health and metrics, on the loopback address only.", _port)
    ] = 8001
    trusted_proxies: Annotated[
        int,
        Setting("Number of reverse proxies whose forwarding headers are believed.", _count(0)),
    ] = 0
    web_processes: Annotated[int, Setting("Processes of the web server.", _count(1))] = 1
    web_threads: Annotated[int, Setting("Threads of each web process.", _count(1))] = 4
    job_threads: Annotated[int, Setting("Jobs that run at the same time.", _count(1))] = 1
    database_pool: Annotated[
        int,
        Setting(
            "Most database connections of one web process; 0 opens one per request.", _count(0)
        ),
    ] = 8
    database_url: Annotated[
        str,
        Setting(
            "Address of a PostgreSQL server (17 or later); empty starts the embedded one.",
            _database_address,
            secret=True,
            variable="DATABASE_URL",
        ),
    ] = ""
    owner_database_url: Annotated[
        str,
        Setting(
            "The same database as the role that owns the tables and migrates them.",
            _database_address,
            secret=True,
        ),
    ] = ""
    pg_bindir: Annotated[
        str, Setting("Folder of PostgreSQL programs to use in place of the embedded ones.")
    ] = ""
    backup_folder: Annotated[str, Setting("Folder of backups; empty is `backups` in the home.")] = (
        ""
    )
    two_person_unit: Annotated[
        bool, Setting("Whether the profile for a unit of two people is in effect.")
    ] = False
    secret_key: Annotated[
        str,
        Setting(
            "Key that signs sessions; empty is the one made by `comity node init`.", secret=True
        ),
    ] = ""
    oidc_issuer: Annotated[
        str,
        Setting(
            "Address of an OpenID Connect provider for sign-in; empty is off.", _web_address_below
        ),
    ] = ""
    oidc_name: Annotated[str, Setting("Name of that provider on the sign-in page.")] = (
        "Single sign-on"
    )
    oidc_client_id: Annotated[str, Setting("Name of this node at that provider.")] = ""
    oidc_client_secret: Annotated[
        str, Setting("Secret of this node at that provider.", secret=True)
    ] = ""
    outbound: Annotated[
        str,
        Setting("Whether this node asks addresses outside (`on`) or never does (`off`).", _on_off),
    ] = "on"
    outbound_contact: Annotated[
        str,
        Setting("Address or mailbox that publishers see in our requests and can write to."),
    ] = ""
    outbound_proxy: Annotated[
        str,
        Setting(
            "Proxy through which everything outside is asked; empty asks directly.",
            _web_address,
            secret=True,
        ),
    ] = ""
    outbound_certificates: Annotated[
        str, Setting("File of further certificate authorities (PEM) for what is outside.")
    ] = ""
    outbound_private: Annotated[
        bool,
        Setting("Whether private addresses and unusual ports may be asked, as on an intranet."),
    ] = False
    exchange_port: Annotated[
        int,
        Setting(
            "Port on which partners' nodes hand over messages (TLS); 0 does not listen.", _port
        ),
    ] = 0
    exchange_address: Annotated[
        str, Setting("Network address on which the exchange listens for partners' nodes.")
    ] = "127.0.0.1"
    exchange_url: Annotated[
        str,
        Setting(
            "Address under which partners' nodes reach the exchange, as our card says it.",
            _secure_address,
        ),
    ] = ""
    exchange_folder: Annotated[
        str,
        Setting("Folder of the messages that travel as files; empty is `exchange` in the home."),
    ] = ""
    exchange_threads: Annotated[
        int, Setting("Requests of partners' nodes that are answered at the same time.", _count(1))
    ] = 4
    exchange_reserve: Annotated[
        int,
        Setting(
            "Mebibytes of disk that are left free: large parts are refused below twice as much, "
            "everything below it.",
            _mebibytes,
        ),
    ] = 512
    key_passphrase: Annotated[
        str,
        Setting(
            "Passphrase that seals this node's private keys; empty leaves them open.", secret=True
        ),
    ] = ""
    token_module: Annotated[
        str, Setting("Library of a PKCS#11 token that holds the node's keys; empty is the folder.")
    ] = ""
    token_label: Annotated[str, Setting("Label of that token.")] = ""
    token_pin: Annotated[str, Setting("PIN of that token.", secret=True)] = ""
    feed_licence: Annotated[
        str,
        Setting("Terms under which others may use this node's public feed; empty says nothing."),
    ] = ""
    log_level: Annotated[str, Setting("Least level of log lines written.", _log_level)] = "INFO"

    @property
    def embedded(self) -> bool:
        """Whether the node runs its own PostgreSQL."""
        return not self.database_url

    @property
    def secure(self) -> bool:
        """Whether people reach the node over https."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of `Environment` with its type and its description."""

    name: str
    kind: type
    default: Any  # any: the value of each field's own type
    setting: Setting

    @property
    def variable(self) -> str:
        return self.setting.variable or f"COMITY_{self.name.upper()}"


@cache
def _fields() -> tuple[_Field, ...]:
    hints = get_type_hints(Environment, include_extras=True)
    found = []
    for field in fields(Environment):
        kind, setting = get_args(hints[field.name])
        found.append(_Field(field.name, kind, field.default, setting))
    return tuple(found)


def variable_name(name: str) -> str:
    """The variable that sets this field of `Environment`."""
    return next(field.variable for field in _fields() if field.name == name)


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The environment that these variables and the node's settings file describe."""
    given = dict(os.environ if variables is None else variables)
    home = Path(given.get("COMITY_HOME", ".comity")).absolute()
    kept = _settings_file(home / SETTINGS_FILE)
    for variable in given:  # a variable wins over the file, in whichever form it is given
        kept.pop(variable.removesuffix("_FILE"), None)
        kept.pop(f"{variable}_FILE", None)
    given = kept | given | {"COMITY_HOME": str(home)}
    _refuse_unknown(given)
    environment = Environment(**{field.name: _value(field, given) for field in _fields()})
    _refuse_incomplete(environment)
    return environment


def _settings_file(path: Path) -> dict[str, str]:
    """The lines NAME=value of the settings file; no quoting, no expansion."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise UnreadableSettingFileError(
            variable="COMITY_HOME", path=path, reason=error.strerror
        ) from error
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = {field.variable for field in _fields()}
    known |= {f"{field.variable}_FILE" for field in _fields() if field.setting.secret}
    for variable in sorted(given):
        ours = variable.startswith("COMITY_") and not variable.startswith(TEST_PREFIX)
        if ours and variable not in known:
            nearest = difflib.get_close_matches(variable, sorted(known), 1, cutoff=0)
            raise UnknownSettingError(variable=variable, nearest=nearest[0])


def _refuse_incomplete(environment: Environment) -> None:
    """A setting that means nothing without another."""
    needs = {
        "owner_database_url": ("database_url",),
        "oidc_issuer": ("oidc_client_id", "oidc_client_secret"),
        "token_module": ("token_label", "token_pin"),
    }
    for name, others in needs.items():
        for other in others:
            if getattr(environment, name) and not getattr(environment, other):
                raise IncompleteSettingError(
                    variable=variable_name(name), missing=variable_name(other)
                )


def _value(field: _Field, given: Mapping[str, str]) -> Any:  # any: each field's own type
    text = _text(field, given)
    if text is None:
        return field.default
    value = _typed(field, text)
    expected = field.setting.shape(value) if field.setting.shape else ""
    if expected:
        raise _odd(field, text, expected)
    return value


def _text(field: _Field, given: Mapping[str, str]) -> str | None:
    file = given.get(f"{field.variable}_FILE") if field.setting.secret else None
    if file is None:
        return given.get(field.variable)
    if field.variable in given:
        raise SettingGivenTwiceError(variable=field.variable)
    try:
        return Path(file).read_text("utf-8").strip()
    except OSError as error:
        raise UnreadableSettingFileError(
            variable=f"{field.variable}_FILE", path=file, reason=error.strerror
        ) from error


def _typed(field: _Field, text: str) -> Any:  # any: each field's own type
    if field.kind is bool:
        if text.lower() not in ("true", "false"):
            raise _odd(field, text, "true or false")
        return text.lower() == "true"
    if field.kind is int:
        if not (text.isascii() and text.isdigit()):
            raise _odd(field, text, "a whole number")
        return int(text)
    return field.kind(text)


def _odd(field: _Field, text: str, expected: str) -> OddSettingError:
    value = MASK if field.setting.secret else repr(text)
    return OddSettingError(variable=field.variable, value=value, expected=expected)


def _shown(field: _Field, value: object) -> str:
    if field.setting.secret and value:
        return MASK
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_variables(environment: Environment) -> dict[str, str]:
    """The variables that describe exactly this environment, for a process started by us."""
    values = {f.variable: getattr(environment, f.name) for f in _fields()}
    return {name: str(v).lower() if isinstance(v, bool) else str(v) for name, v in values.items()}


def without_settings(variables: Mapping[str, str]) -> dict[str, str]:
    """These variables without any of ours."""
    ours = ("COMITY_", "DATABASE_URL")
    return {name: value for name, value in variables.items() if not name.startswith(ours)}


def in_effect(environment: Environment) -> dict[str, str]:
    """Each variable and its value in effect, secrets masked."""
    return {f.variable: _shown(f, getattr(environment, f.name)) for f in _fields()}


def reference_markdown() -> str:
    """The manual page of every setting, made from the fields above."""
    lines = [
        "# Settings",
        "",
        "A node reads these variables, and the lines `NAME=value` of `settings.env` in its home;",
        "a variable wins over the file. A secret may stand in a file that `NAME_FILE` names.",
        "An unknown `COMITY_` variable or an odd value refuses to start. `comity check` prints",
        "what is in effect, secrets masked.",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    for field in _fields():
        default = _shown(field, field.default)
        comment = field.setting.comment + (" Secret." if field.setting.secret else "")
        lines.append(f"| `{field.variable}` | {f'`{default}`' if default else '–'} | {comment} |")
    return "\n".join(lines) + "\n"
