"""Bring a backup into an empty database: of this version or an earlier one, on either database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, delete, exists, select, update
from sqlalchemy.orm import Session

from siweb.audit.access_log.store import FILE_NAME, open_access_log
from siweb.audit.actor import SYSTEM
from siweb.audit.record import record_activity
from siweb.backup.archive import Reader
from siweb.backup.manifest import Manifest, NotABackup
from siweb.backup.tables import (
    ACCESS_LOG,
    CannotRestore,
    count_on,
    empty_out,
    empty_tables,
    write_rows,
    writing,
)
from siweb.clock import now
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.collection.tables.levy_sum import LevySum
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrate import SCRIPTS, migrate
from siweb.db.statistics import collect_after
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.number_keys import hold_number_keys, require_number_keys
from siweb.secret_keys import SECRETS, keep_secret
from siweb.settings import Settings

_OWNER_ONLY = 0o600


def restore_backup(settings: Settings, archive: Reader) -> int:
    """Bring in all that a backup holds; return how many rows. Whole, or not at all.

    Secrets that it holds become files where there is none yet.

    :raises CannotRestore: when an office is there, or the settings name no folder for its files.
    :raises NotABackup: when it is damaged, or was made by a later version.
    :raises SecretFault: when the keys of its numbers are missing, or are others.
    """
    manifest = archive.manifest
    _require_understood(manifest)
    if manifest.files and settings.files_folder is None:
        raise CannotRestore(
            "The backup holds files of a folder: set SIWEB_FILES_DIR to an empty one."
        )
    # Before any row comes in: without the keys its numbers could not be opened or proved.
    for secret in SECRETS:
        if secret.name in manifest.secrets:
            keep_secret(
                secret, settings.secrets_folder, archive.file(f"secrets/{secret.name}").read()
            )
    hold_number_keys(settings)
    require_number_keys(settings)
    rows = sum(kept.rows for kept in manifest.tables)
    with _new_database(settings, manifest.revision) as engine:
        try:
            with writing(engine) as connection:
                for kept in manifest.tables:
                    if kept.name != ACCESS_LOG or engine.dialect.name == "postgresql":
                        write_rows(connection, kept, archive.rows(kept.name))
            migrate(engine)
            # Keys of another office open none of these numbers.
            require_number_keys(settings, engine)
            with engine.begin() as connection:
                count_on(connection)
            _bring_access_log(settings, engine, archive)
            _bring_files(settings, archive)
        except BaseException:
            # So that whoever mends what was wrong may begin again.
            empty_out(engine)
            raise
        with make_sessions(engine).begin() as session:
            _begin_loading_again(session)
            _note(session, manifest)
            collect_after(session, rows)
    return rows


def _require_understood(manifest: Manifest) -> None:
    revisions = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    if manifest.revision not in revisions:
        raise NotABackup(
            f"A later version made it (siweb {manifest.version}): restore it with that one."
        )


@contextmanager
def _new_database(settings: Settings, revision: str) -> Iterator[Engine]:
    engine = make_engine(settings.engine_url)
    try:
        # To the backup's schema and no further:
        # its columns are those. The rest follows with its rows.
        migrate(engine, revision)
        if not empty_tables(engine):
            raise CannotRestore(
                "The database holds an office already. Name an empty one by SIWEB_DATABASE_URL, "
                "or an empty folder by SIWEB_VAR_DIR."
            )
        yield engine
    finally:
        engine.dispose()


def _bring_access_log(settings: Settings, engine: Engine, archive: Reader) -> None:
    """On SQLite who looked stands in a file beside the office's."""
    kept = [each for each in archive.manifest.tables if each.name == ACCESS_LOG]
    if engine.dialect.name == "postgresql" or not kept:
        return
    log = open_access_log(engine, make_sessions(engine), settings.var_dir)
    with log.begin():
        pass  # its table is made with the file
    beside = make_engine(f"sqlite:///{settings.var_dir / FILE_NAME}")
    try:
        with writing(beside) as connection:
            write_rows(connection, kept[0], archive.rows(ACCESS_LOG))
    finally:
        beside.dispose()


def _bring_files(settings: Settings, archive: Reader) -> None:
    folder = settings.files_folder
    for name in archive.manifest.files:
        assert folder is not None
        path = (folder / name.removeprefix("files/")).resolve()
        # An archive's names may climb (`../`), and whoever restores is the owner of the machine.
        if not path.is_relative_to(folder.resolve()):
            raise NotABackup(f"{name} would lie outside the folder of the files.")
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, archive, name)


def _write(path: Path, archive: Reader, name: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "wb") as file, archive.file(name) as kept:
        while piece := kept.read(1 << 20):
            file.write(piece)


def _begin_loading_again(session: Session) -> None:
    """Let a levy that was at work begin anew where its rows are not among the records yet.

    PostgreSQL loads a month into a table of its own, which no backup sees before it is issued.
    """
    loaded = exists().where(ContributionRecord.levy_run_id == LevyRun.id)
    lost = [
        run.id
        for run in session.scalars(
            select(LevyRun).where(
                LevyRun.kind == LevyKind.REGULAR,
                LevyRun.state.in_((LevyState.COMPUTING, LevyState.SHOWN)),
                LevyRun.done_through_person_id > 0,
                ~loaded,
            )
        )
    ]
    session.execute(delete(LevySum).where(LevySum.levy_run_id.in_(lost)))
    session.execute(
        update(LevyRun)
        .where(LevyRun.id.in_(lost))
        .values(state=LevyState.COMPUTING, done_through_person_id=0, totals={})
    )


def _note(session: Session, manifest: Manifest) -> None:
    """Let the log say from when on it may lack what happened meanwhile."""
    record_activity(
        session,
        "office.restored",
        actor=SYSTEM,
        at=now(),
        subject=("office", 1),
        facts={"made_at": manifest.made_at.isoformat(), "version": manifest.version},
    )
