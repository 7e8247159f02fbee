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
    yield from _empty_postgresql(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def empty_postgresql(postgresql_url):
    """A PostgreSQL database without a table."""
    yield from _empty_postgresql(postgresql_url)


def _empty_postgresql(url):
    server = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE empty"))
        address = make_url(url).set(database="empty")
        engine = make_engine(address.render_as_string(hide_password=False))
        yield engine
        engine.dispose()
        connection.execute(text("DROP DATABASE empty"))
    server.dispose()
