"""The values of a copy: plain ones for the data file, the reader's words for its page."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON
from sqlalchemy.schema import Column

from siweb.data_copies.code_labels import OF_COLUMNS, word_of
from siweb.data_copies.part import Whose
from siweb.db.codes import Code
from siweb.db.sealing.columns import PartlySealed, SealedDocument, unseal_text
from siweb.db.sealing.field_keys import field_keys
from siweb.db.types import Fen, Month, RegionCode
from siweb.secret_keys import SecretFault
from siweb.web.language.formats import day, instant, month, yuan

SELF, OTHER = "self", "other"
_PEOPLE, _ACCOUNTS = ("person_id", "former_id", "relative_id", "reader_id"), ("account_id",)
# Of employers a page shows the name; other keys are of use to programs alone.
_EMPLOYERS = "employer_id"
# And of which review and year a case is: there is one for each.
_CAMPAIGN = "campaign_id"
# As text in the log of looks, whose file may know no types of the tables'.
_REGION = "region_code"

_DOCUMENTS = (JSON, PartlySealed, SealedDocument)
# An instant is a day as well to Python: it comes first.
_WRITTEN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (StrEnum, attrgetter("value")),
    (datetime, datetime.isoformat),
    (date, date.isoformat),
    (frozenset, sorted),
)
# By what a value is, or by its column's type: fen are whole numbers, and months are text.
_IN_WORDS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Fen, yuan),
    (Month, month),
    (bool, lambda value: str(_("yes") if value else _("no"))),
    (datetime, instant),
    (date, day),
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names behind the keys of a copy."""

    employers: Mapping[int, str]
    regions: Mapping[str, str]
    campaigns: Mapping[int, str]


def plain(column: Column[Any], value: Any, whose: Whose) -> Any:
    """Return a value as JSON has it.

    Of others, staff too, a copy does not even have a key: it says whether it was the person.
    """
    if value is None:
        return None
    if column.name.endswith((*_PEOPLE, *_ACCOUNTS)):
        theirs = whose.people if column.name.endswith(_PEOPLE) else whose.accounts
        return SELF if value in theirs else OTHER
    if isinstance(column.type, JSON):
        return _clear(value)
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    return value


def is_shown(column: Column[Any]) -> bool:
    """Return whether a page has a column: keys and what forms hold word by word it leaves out."""
    if isinstance(column.type, _DOCUMENTS) or column.name not in OF_COLUMNS:
        return False
    return not column.name.endswith(("_id", *_PEOPLE, *_ACCOUNTS)) or column.name.endswith(
        (_EMPLOYERS, _CAMPAIGN)
    )


def in_words(table: str, column: Column[Any], value: Any, names: Names) -> str:
    """Return a value as its reader reads it."""
    if value is None or value == "":
        return ""
    named = _named(column, names)
    if named is not None:
        # Of what has a name the key is of use to programs alone; a region's code is its own.
        return named.get(value, value if named is names.regions else "")
    if isinstance(value, frozenset):
        return str(_(", ")).join(word_of(table, column.name, each) for each in sorted(value))
    for kind, words in _IN_WORDS:
        if isinstance(value, kind) or isinstance(column.type, kind):
            return words(value)
    return word_of(table, column.name, value)


def _named(column: Column[Any], names: Names) -> Mapping[Any, str] | None:
    if column.name.endswith(_EMPLOYERS):
        return names.employers
    if column.name == _CAMPAIGN:
        return names.campaigns
    is_region = isinstance(column.type, RegionCode) or column.name == _REGION
    return names.regions if is_region else None


def shape_of(column: Column[Any]) -> dict[str, Any]:
    """Return the JSON Schema of a column's values in the data file."""
    if column.name.endswith((*_PEOPLE, *_ACCOUNTS)):
        found: dict[str, Any] = {"enum": [SELF, OTHER]}
    elif isinstance(column.type, _DOCUMENTS):
        return {}
    elif isinstance(column.type, Fen):
        found = {"type": "integer", "description": "fen"}
    elif isinstance(column.type, Month):
        found = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}
    else:
        found = _shape_of_type(column)
    if not column.nullable:
        return found
    return {"anyOf": [found, {"type": "null"}]}


def _shape_of_type(column: Column[Any]) -> dict[str, Any]:
    words = getattr(column.type, "enum_class", None)
    if isinstance(column.type, Code):
        words = column.type.words
    if words is not None:
        return {"enum": [word.value for word in words]}
    if hasattr(column.type, "enum"):
        return {"type": "array", "items": {"enum": [word.value for word in column.type.enum]}}
    python = column.type.python_type if not isinstance(column.type, RegionCode) else str
    named = {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        datetime: {"type": "string", "format": "date-time"},
        date: {"type": "string", "format": "date"},
    }
    return dict(named.get(python, {"type": "string"}))


def _clear(value: Any) -> Any:
    """Return JSON with what an action sealed within it readable: whose copy it is may read it."""
    if isinstance(value, dict):
        return {name: _clear(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_clear(each) for each in value]
    return _clear_text(value) if isinstance(value, str) else value


def _clear_text(text: str) -> str:
    try:
        is_sealed = field_keys().knows(base64.b64decode(text, validate=True))
        return unseal_text(text) if is_sealed else text
    except (binascii.Error, ValueError, SecretFault):
        # A word that nobody sealed, though it looks like it.
        return text
