"""Whoever decides about money or rights holds its row: on PostgreSQL a second one waits there.

What is deleted here is missed: a lock that nobody asks for any more, and one that nobody tries.
"""

import ast
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import siweb
from tests.db.waiting.locks import LOCKS, Second

ROOT = Path(siweb.__file__).parent


def locks_of(file):
    """The functions of a file that lock rows, each as often as it does."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        is_asked = isinstance(node.func, ast.Attribute) and node.func.attr == "with_for_update"
        if is_asked or any(given.arg == "with_for_update" for given in node.keywords):
            around = [one for one in functions if one.lineno <= node.lineno <= one.end_lineno]
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            # Of a function within another it is the inner one.
            yield f"{module}:{max(around, key=lambda one: one.lineno).name}"


def test_every_lock_is_tried():
    found = Counter(site for file in ROOT.rglob("*.py") for site in locks_of(file))

    assert found == Counter(lock.site for lock in LOCKS)


@pytest.fixture(scope="module")
def two(postgresql_engine):
    """Two connections: one holds, and the other asks for a moment."""
    with postgresql_engine.connect() as holder, postgresql_engine.connect() as second:
        yield holder, second


@pytest.mark.postgresql
@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: f"{lock.site}-{table_of(lock)}")
def test_a_second_one_waits(two, lock, monkeypatch):
    holder, second = two
    for address, stand_in in lock.without.items():
        monkeypatch.setattr(f"siweb.{address}", stand_in)
    module, name = lock.site.split(":")
    function = getattr(import_module(f"siweb.{module}"), name, None)
    # Reading goes on, and whoever locks a row waits before there is any.
    holder.execute(text(f"LOCK TABLE {table_of(lock)} IN EXCLUSIVE MODE"))
    second.execute(text("SET LOCAL lock_timeout = '10ms'"))
    try:
        with Second(second, table_of(lock)) as session, pytest.raises(OperationalError) as stopped:
            lock.call(function, session)
    finally:
        second.rollback()
        holder.rollback()

    assert isinstance(stopped.value.orig, LockNotAvailable)
    # Not at the writing that follows: then two would have decided on the same row.
    asked = stopped.value.statement
    assert asked.startswith(("SELECT", "DELETE FROM attempt_count"))
    assert any(words in asked for words in lock.words)
    assert table_of(lock) in asked


def table_of(lock):
    return getattr(lock.model, "__tablename__", None) or lock.model.name
