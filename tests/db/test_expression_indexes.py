"""Unique indexes over an expression: reflection does not see them, so a batch may lose them."""

import pytest
from sqlalchemy import Index, text
from sqlalchemy.sql.elements import TextClause

from siweb import schema
from siweb.db.migrate import migrate

EXPRESSIONS = [
    index
    for table in schema.metadata.tables.values()
    for index in table.indexes
    if isinstance(index, Index) and any(isinstance(one, TextClause) for one in index.expressions)
]
ASKED = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = :name",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = :name",
}


@pytest.mark.parametrize("index", EXPRESSIONS, ids=lambda index: index.name)
def test_a_migrated_database_has_every_index_over_an_expression(empty_engine, index):
    migrate(empty_engine)

    with empty_engine.connect() as connection:
        asked = text(ASKED[connection.dialect.name])
        made = connection.scalar(asked, {"name": index.name})

    assert made is not None
    assert made.upper().startswith("CREATE UNIQUE INDEX")
    assert "insurance = 4" in made  # work injury


def test_work_injury_has_one():
    assert [index.name for index in EXPRESSIONS] == ["uq_enrolment_open"]
