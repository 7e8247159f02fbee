"""A copy of the database by its own means, from before an upgrade: the new version cannot read it.

A backup (`siweb backup`) is made of this version's tables, so that it needs the newest schema. What
an upgrade may have to go back to is the older one, byte for byte.
"""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from siweb.audit.access_log.store import FILE_NAME
from siweb.backup.archive import seal_file
from siweb.db.claim import database_file
from siweb.db.engine import READ_ONLY
from siweb.settings import Settings
from siweb.web.serving.readiness import LEAST_FREE_BYTES

_OWNER_ONLY = 0o600
_PREFIX = "before-upgrade"
_MEGABYTE = 1_000_000
# SQLite writes every table anew within one transaction, and then the whole file.
_PLACES_OF_A_MIGRATION = 2
# PostgreSQL counts a connection for some milliseconds after it was closed.
_GOING_SECONDS = 0.5


class CannotCopy(Exception):
    """Nothing was copied, and nothing may be changed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, and the lines by which one goes back to it."""

    paths: tuple[Path, ...]
    way_back: tuple[str, ...]


def require_room(settings: Settings, engine: Engine, folder: Path) -> None:
    """Stop before anything is begun where the disk has no room for it.

    :raises CannotCopy: saying how much is missing.
    """
    size = _size(engine)
    needs = {folder: size}
    if engine.dialect.name == "sqlite":
        is_one_disk = settings.var_dir.stat().st_dev == folder.stat().st_dev
        needs[settings.var_dir] = size * (_PLACES_OF_A_MIGRATION + is_one_disk)
    for place, bytes_needed in needs.items():
        missing = bytes_needed + LEAST_FREE_BYTES - shutil.disk_usage(place).free
        if missing > 0:
            raise CannotCopy(
                f"{place} has too little room: make {missing / _MEGABYTE:,.0f} MB free first."
            )


def copy_database(
    engine: Engine, folder: Path, *, revision: str, at: datetime, recipients: Sequence[str] = ()
) -> Copied:
    """Copy the database as it stands, sealed for the recipients; nobody may write meanwhile.

    :raises CannotCopy: when somebody wrote, or the database's own program is not here.
    """
    name = f"{_PREFIX}-{revision}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    copied = (
        _copy_sqlite(engine, folder, name)
        if engine.dialect.name == "sqlite"
        else _copy_postgresql(engine.url, engine, folder, name)
    )
    if not recipients:
        return copied
    paths = tuple(seal_file(path, recipients) for path in copied.paths)
    opened = (f"age -d -i KEY -o {path.with_suffix('')} {path}" for path in paths)
    return Copied(paths, (*opened, *copied.way_back))


def _size(engine: Engine) -> int:
    with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
        if engine.dialect.name == "postgresql":
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def _copy_sqlite(engine: Engine, folder: Path, name: str) -> Copied:
    if (file := database_file(engine.url.database)) is None:
        raise CannotCopy("A database in memory has no file to copy.")
    office = file.absolute()
    # Who looked stands in a file beside it; it is there once somebody has.
    beside = office.with_name(FILE_NAME)
    pairs = [(office, folder / f"{name}.sqlite3")]
    if beside.exists():
        pairs.append((beside, folder / f"{name}-{beside.name}"))
    with closing(sqlite3.connect(office)) as watch:
        before = _writes(watch)
        for source, target in pairs:
            _copy_file(source, target)
        if _writes(watch) != before:
            _forget(target for _source, target in pairs)
            raise CannotCopy(
                "Somebody wrote into the database while it was copied: stop siweb and its worker "
                "first (systemctl stop siweb siweb-work), then run this again."
            )
    return Copied(
        tuple(target for _source, target in pairs),
        tuple(
            f"rm -f {source}-wal {source}-shm && mv {source} {source}.after && cp {target} {source}"
            for source, target in pairs
        ),
    )


def _writes(connection: sqlite3.Connection) -> int:
    """Return a number that changes whenever another connection has written."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _copy_file(source: Path, target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    with closing(sqlite3.connect(source)) as office, closing(sqlite3.connect(target)) as copy:
        office.backup(copy)
        # One file and none beside it, whatever the office's is.
        copy.execute("PRAGMA journal_mode=DELETE")
        # Damage is found now, while the old database still runs, and not on the way back.
        if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise CannotCopy(
                f"The copy {target} is damaged, and the database may be: run siweb check."
            )


def _copy_postgresql(url: URL, engine: Engine, folder: Path, name: str) -> Copied:
    dump, restore = shutil.which("pg_dump"), shutil.which("pg_restore")
    if dump is None or restore is None:
        raise CannotCopy(
            "pg_dump is not here, so no copy can be made: install PostgreSQL's client programs, or "
            "copy the database by other means and say --copied."
        )
    _require_nobody(engine)
    target = folder / f"{name}.dump"
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    # By its environment: what stands among a command's words is seen by everybody on the machine.
    given = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = os.environ | {key: str(value) for key, value in given.items() if value}
    # Listed at once: a dump cut off by a full disk would be found out after the upgrade.
    for command in ([dump, "-Fc", "-f", str(target)], [restore, "--list", str(target)]):
        done = subprocess.run(  # noqa: S603 - both are named here
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            _forget([target])
            raise CannotCopy(f"No copy could be made: {done.stderr.strip()}")
    return Copied(
        (target,),
        (
            f"createdb {url.database}_before",
            f"pg_restore -d {url.database}_before {target}",
            f"let SIWEB_DATABASE_URL name {url.database}_before",
        ),
    )


def _require_nobody(engine: Engine) -> None:
    """Whoever is connected may write; on PostgreSQL no number tells afterwards that nobody did."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    # This process's own idle connections would be counted among the others.
    engine.dispose()
    until = time.monotonic() + _GOING_SECONDS
    while True:
        with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
            number = connection.scalar(others)
        if not number:
            return
        if time.monotonic() > until:
            raise CannotCopy(
                f"{number} others are connected to the database: stop siweb and its worker first "
                "(systemctl stop siweb siweb-work), then run this again."
            )
        time.sleep(_GOING_SECONDS / 10)


def _forget(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
