"""No index is over an expression: reflection does not see those, so that a batch would lose them."""

from sqlalchemy.sql.elements import TextClause

from siweb import schema

EXPRESSIONS = [
    index
    for table in schema.metadata.tables.values()
    for index in table.indexes
    if any(isinstance(one, TextClause) for one in index.expressions)
]


def test_what_a_key_needs_is_a_column_of_its_own():
    assert not EXPRESSIONS
