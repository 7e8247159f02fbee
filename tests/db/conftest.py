import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from siweb.db.engine import make_engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_engine(request, tmp_path):
    """A database without a table, each kind in turn."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        yield engine
        engine.dispose()
        return
    yield from _empty_postgresql(request.getfixturevalue("postgresql_url"), "empty")


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def kept_engine(request, tmp_path_factory):
    """A database without a table that all tests of a file share, each kind in turn."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'kept.sqlite3'}")
        yield engine
        engine.dispose()
        return
    yield from _empty_postgresql(request.getfixturevalue("postgresql_url"), "kept")


@pytest.fixture
def empty_postgresql(postgresql_url):
    """A PostgreSQL database without a table."""
    yield from _empty_postgresql(postgresql_url, "empty")


def _empty_postgresql(url, name):
    server = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        address = make_url(url).set(database=name)
        engine = make_engine(address.render_as_string(hide_password=False))
        yield engine
        engine.dispose()
        connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()
