"""Make a backup of an office while it runs."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, Table

from siweb.audit.access_log.store import FILE_NAME
from siweb.backup.archive import SEALED, Writer, write_archive
from siweb.backup.manifest import Manifest, TableInBackup
from siweb.backup.tables import ACCESS_LOG, columns_of, read_rows, snapshot, tables_to_keep
from siweb.db.engine import make_engine
from siweb.secret_keys import SECRETS
from siweb.settings import Settings

_PIECE = 1 << 20
_NAME = "siweb-{at:%Y%m%dT%H%M%SZ}.zip"


def name_of(at: datetime, *, is_sealed: bool) -> str:
    """Return the name of a backup made at an instant."""
    return _NAME.format(at=at.astimezone(UTC)) + (SEALED if is_sealed else "")


def make_backup(
    settings: Settings,
    folder: Path,
    *,
    at: datetime,
    recipients: Sequence[str] = (),
    with_secrets: bool = False,
    prove: Callable[[Path], None] | None = None,
) -> Path:
    """Write a backup of the database, as it is at one moment, and of the files beside it.

    Whoever writes meanwhile is not held up. Files of an object store are its own matter. `prove`
    is handed the archive before it is sealed.

    :raises WrongKey: when a recipient is no public key.
    :raises OSError: when the folder takes nothing.
    """
    path = folder / name_of(at, is_sealed=bool(recipients))
    engine = make_engine(settings.engine_url)
    try:
        with write_archive(path, recipients, prove) as archive, snapshot(engine) as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            tables = tuple(_tables(archive, connection, settings))
            # After the tables: a file is kept before the row that names it, so that no row of the
            # snapshot lacks its file.
            files = tuple(_files(archive, settings))
            secrets = tuple(_secrets(archive, settings)) if with_secrets else ()
            archive.manifest(
                Manifest(
                    version("siweb"),
                    str(revision),
                    engine.dialect.name,
                    at.astimezone(UTC),
                    tables,
                    files,
                    secrets,
                )
            )
    finally:
        engine.dispose()
    return path


def _tables(archive: Writer, connection: Connection, settings: Settings) -> Iterator[TableInBackup]:
    for table in tables_to_keep():
        if table.name == ACCESS_LOG and connection.dialect.name == "sqlite":
            yield from _access_log(archive, table, settings)
        else:
            yield _written(archive, connection, table)


def _written(archive: Writer, connection: Connection, table: Table) -> TableInBackup:
    rows, digest = archive.table(table.name, read_rows(connection, table))
    return TableInBackup(table.name, columns_of(table), rows, digest)


def _access_log(archive: Writer, table: Table, settings: Settings) -> Iterator[TableInBackup]:
    """Write who looked: a file of its own on SQLite, there once somebody has."""
    file = settings.var_dir / FILE_NAME
    if not file.exists():
        return
    engine: Engine = make_engine(f"sqlite:///{file}")
    try:
        with snapshot(engine) as connection:
            yield _written(archive, connection, table)
    finally:
        engine.dispose()


def _files(archive: Writer, settings: Settings) -> Iterator[str]:
    folder = settings.files_folder
    if folder is None:
        return
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = f"files/{path.relative_to(folder).as_posix()}"
        try:
            archive.file(name, _pieces(path))
        except FileNotFoundError:
            continue  # deleted since it was listed: nothing in the database needs it any more
        yield name


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _secrets(archive: Writer, settings: Settings) -> Iterator[str]:
    """Write the secrets as they are in use, wherever they came from."""
    for secret in SECRETS:
        value = settings.secret(secret)
        archive.file(f"secrets/{secret.name}", [value.encode()])
        yield secret.name
