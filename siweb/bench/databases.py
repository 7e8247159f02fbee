"""Databases of a PostgreSQL server that are thrown away after something was measured in them."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url, text

from siweb.db.engine import make_engine


@contextmanager
def throwaway_database(server: str) -> Iterator[str]:
    """Yield the address of an empty database of a server; it is dropped afterwards."""
    name = f"siweb_bench_{secrets.token_hex(4)}"
    engine = make_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
