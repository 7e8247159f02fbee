"""Values as a backup holds them: the same whichever database they came from or go to.

A backup must outlive the version that made it, so it holds what the tables hold, numbers of words
and sealed bytes as they are, and not what this version's classes make of them. Only days, instants,
truth and bytes are written in one form, since the two databases keep them differently.
"""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from siweb.db.types import Day, Instant

_FIRST_DAY, _FIRST_INSTANT = date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Form(StrEnum):
    """How a column's values are written."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    BYTES = "bytes"
    DAY = "day"
    INSTANT = "instant"
    # Text as it stands: seals are over every character of it.
    JSON = "json"


Change = Callable[[Any], Any]


def form_of(column_type: TypeEngine[Any]) -> Form:
    """Return the form of a column's values.

    :raises TypeError: for a kind of column that no backup was told of.
    """
    if isinstance(column_type, Day | Date):
        return Form.DAY
    if isinstance(column_type, Instant):
        return Form.INSTANT
    kept = column_type.impl_instance if isinstance(column_type, TypeDecorator) else column_type
    forms: tuple[tuple[type[TypeEngine[Any]], Form], ...] = (
        (Boolean, Form.TRUTH),
        (DateTime, Form.INSTANT),
        (Date, Form.DAY),
        (Integer, Form.NUMBER),
        (LargeBinary, Form.BYTES),
        (JSON, Form.JSON),
        (String, Form.TEXT),
    )
    for kind, form in forms:
        if isinstance(kept, kind):
            return form
    raise TypeError(f"no form in a backup for {column_type!r}")


def written(value: Any, form: Form) -> Any:
    """Return a value as either database's driver read it, as it is written."""
    if value is None:
        return None
    change = _WRITTEN.get(form)
    return value if change is None else change(value)


def changes(forms: Sequence[Form], types: Sequence[str] | None) -> list[Change | None]:
    """Return what makes each column's written values what a driver takes, None for nothing.

    `types` are the declared types of a SQLite table's columns; None stands for PostgreSQL.
    """
    if types is None:
        return [_FOR_POSTGRESQL.get(form) for form in forms]
    # STRICT tables know INTEGER, TEXT and BLOB alone.
    return [
        _FOR_SQLITE.get((form, declared == "INTEGER"))
        for form, declared in zip(forms, types, strict=True)
    ]


def _written_day(value: Any) -> str:
    if isinstance(value, int):
        return (_FIRST_DAY + timedelta(days=value)).isoformat()
    return value if isinstance(value, str) else value.isoformat()


def _written_instant(value: Any) -> str:
    if isinstance(value, int):
        instant = _FIRST_INSTANT + value * _MICROSECOND
    elif isinstance(value, str):
        instant = datetime.fromisoformat(value)
    else:
        instant = value
    # SQLite drops the zone; what was written is UTC.
    instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds")


_WRITTEN: dict[Form, Change] = {
    Form.TRUTH: bool,
    Form.BYTES: lambda value: base64.b64encode(value).decode("ascii"),
    Form.DAY: _written_day,
    Form.INSTANT: _written_instant,
}
_FOR_POSTGRESQL: dict[Form, Change] = {
    Form.BYTES: base64.b64decode,
    Form.DAY: date.fromisoformat,
    Form.INSTANT: datetime.fromisoformat,
}
_FOR_SQLITE: dict[tuple[Form, bool], Change] = {
    (Form.TRUTH, True): int,
    (Form.BYTES, False): base64.b64decode,
    (Form.DAY, True): lambda value: (date.fromisoformat(value) - _FIRST_DAY).days,
    (Form.INSTANT, True): lambda value: (
        (datetime.fromisoformat(value) - _FIRST_INSTANT) // _MICROSECOND
    ),
    # As SQLAlchemy writes an instant there: without its zone, with all six places.
    (Form.INSTANT, False): lambda value: value.partition("+")[0].replace("T", " "),
}
