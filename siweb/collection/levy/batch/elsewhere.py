"""What other regions load of a month at the same time, out of sight until it is issued."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, exists
from sqlalchemy.orm import Session

from siweb.collection.levy.batch.merged import excludes, other_keys
from siweb.ledgers.month_tables.bare import loading_elsewhere
from siweb.ledgers.tables.contribution_record import RECORDS, place_of


def loaded_elsewhere(session: Session, region_code: str, month: str) -> tuple[Table, ...]:
    """Return the tables that other regions load a month into."""
    place = place_of(region_code, month)
    return tuple(loading_elsewhere(session.connection(), RECORDS, *place))


def not_loaded(tables: Sequence[Table], row: Any, *, merged: bool) -> list[ColumnElement[bool]]:
    """Return the conditions that none of them has a row's person; of merged ones, any key."""
    found = [stands_in(loaded, row) for loaded in tables]
    if merged:
        found += [_stands_in_under_another_key(loaded, row) for loaded in tables]
    return [~condition for condition in found]


def stands_in(loaded: Table, row: Any) -> ColumnElement[bool]:
    """Return the condition that a table of a month has a record that keeps a row from one."""
    there = loaded.c
    return exists().where(
        there.person_id == row.person_id,
        there.insurance == row.insurance,
        excludes(there, row),
    )


def _stands_in_under_another_key(loaded: Table, row: Any) -> ColumnElement[bool]:
    """Return the same of the other keys of a row's person."""
    there, keys = loaded.c, other_keys()
    return exists().where(
        keys.c.person_key == row.person_id,
        there.person_id == keys.c.other_key,
        there.insurance == row.insurance,
        excludes(there, row),
    )
