"""What columns keep: whole fen, instants in UTC, fixed words; references without doubtful signs."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from siweb.db.json_text import json_text, json_value
from siweb.db.reference_code import ALPHABET, grouped, new_reference, normalise
from siweb.db.types import Fen, Month, UtcDateTime, word


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


KEPT = Table(
    "kept_values",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("fen", Fen),
    Column("month", Month),
    Column("at", UtcDateTime),
    Column("colour", word(Colour, "colour")),
)


@pytest.fixture
def keep(connection):
    """Write one value of a column and return what is read back."""
    KEPT.create(connection)

    def write(name, value):
        connection.execute(insert(KEPT), [{name: value}])
        return connection.scalars(select(KEPT.c[name]).order_by(KEPT.c.id.desc())).first()

    return write


@pytest.mark.parametrize("fen", [0, -5, 2**31, 10**15, None])
def test_money_is_whole_fen(keep, fen):
    assert keep("fen", fen) == fen


@pytest.mark.parametrize("fen", [1.0, "1", True])
def test_anything_else_is_refused(keep, fen):
    with pytest.raises(StatementError, match="money is whole fen"):
        keep("fen", fen)


def test_an_instant_comes_back_in_utc(keep):
    shanghai = timezone(timedelta(hours=8))

    found = keep("at", datetime(2026, 11, 24, 10, 0, tzinfo=shanghai))

    assert found == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)
    assert keep("at", None) is None


def test_an_instant_without_a_zone_is_refused(keep):
    with pytest.raises(StatementError, match="time zone"):
        keep("at", datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001


def test_a_word_is_one_of_its_list(keep, connection):
    assert keep("colour", Colour.BLUE) is Colour.BLUE
    assert keep("month", "2026-11") == "2026-11"
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.exec_driver_sql("INSERT INTO kept_values (colour) VALUES ('green')")


@pytest.mark.parametrize("length", [10, 12, 20])
def test_a_reference_has_no_doubtful_signs(length):
    found = new_reference(length)

    assert len(found) == length
    assert set(found) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0O1IL2Z5S8BUV")
    assert found != new_reference(length)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("abcde-fghjk", "ABCDEFGHJK"),
        (" ABCDE FGHJK ", "ABCDEFGHJK"),
        ("ＡＢＣ－３４", "ABC34"),
        ("a\u00a0b\u3000c", "ABC"),
    ],
)
def test_a_typed_reference_is_read_as_it_was_meant(typed, found):
    assert normalise(typed) == found


@pytest.mark.parametrize(
    ("code", "printed"), [("ABCDEFGHJK", "ABCDE-FGHJK"), ("ABCDEF", "ABCDE-F"), ("", "")]
)
def test_a_reference_is_printed_in_groups(code, printed):
    assert grouped(code) == printed


def test_json_keeps_what_it_is_given():
    value = {"名": ["张", 1, None, True], 2026: {"a": 10**15}}

    assert json_text(value) == '{"名":["张",1,null,true],"2026":{"a":1000000000000000}}'
    assert json_value(json_text(value)) == {"名": ["张", 1, None, True], "2026": {"a": 10**15}}
