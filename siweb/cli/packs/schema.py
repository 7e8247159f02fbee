"""The JSON Schema of a pack, from the same tables that read it.

TOML's days are JSON strings of the format "date", as editors' TOML extensions expect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siweb.rules.parameters import values
from siweb.rules.parameters.read import FORMAT, PACK_KEYS
from siweb.rules.parameters.tables import DATING, DATING_OPTIONAL, TABLES, Table
from siweb.rules.parameters.values import OneOf, Reader

_MONEY = {
    "description": "Yuan as a string, exact to the fen.",
    "anyOf": [
        {"type": "string", "pattern": r"^(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2}0*)?$"},
        {"type": "integer", "minimum": 0},
    ],
}
_RATE = {
    "description": "Percent as a string, in whole parts per million.",
    "anyOf": [
        {"type": "string", "pattern": r"^\d+(\.\d{1,4}0*)?%?$"},
        {"type": "integer", "minimum": 0},
    ],
}
_WHOLE = {"type": "integer", "minimum": 0}
_DAY = {"type": "string", "format": "date"}
_PAIR = {"type": "array", "items": _WHOLE, "minItems": 2, "maxItems": 2}
_FRAGMENTS: dict[Reader, Mapping[str, Any]] = {
    values.money: _MONEY,
    values.rate: _RATE,
    values.rates: {"type": "array", "items": _RATE, "minItems": 1},
    values.month: {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
    values.start: {
        "description": "A month, or its first day.",
        "type": "string",
        "pattern": r"^\d{4}-(0[1-9]|1[0-2])(-01)?$",
    },
    values.day: _DAY,
    values.days: {"type": "array", "items": _DAY, "uniqueItems": True},
    values.whole: _WHOLE,
    values.flag: {"type": "boolean"},
    values.text: {"type": "string", "pattern": r"\S"},
    values.pairs: {"type": "array", "items": _PAIR, "minItems": 1},
    values.region_code: {"type": "string", "pattern": r"^(CN|\d{6})$"},
}


def schema_of_packs() -> dict[str, Any]:
    """Return the schema; `siweb/rules/parameters/pack.schema.json` is a copy of it."""
    head = {key: _fragment(reader) for key, reader in PACK_KEYS.items()}
    head["format"] = {"const": FORMAT}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "siweb parameter pack",
        "description": "One region's dated parameters of social insurance; docs/parameters.md.",
        "type": "object",
        "required": list(PACK_KEYS),
        "additionalProperties": False,
        "properties": head | {name: _table(table) for name, table in TABLES.items()},
    }


def _table(table: Table) -> dict[str, Any]:
    required = {**table.values, **DATING}
    optional = {**table.optional, **DATING_OPTIONAL}
    properties = {key: _one_or_several(reader) for key, reader in table.series.items()}
    properties |= {key: _fragment(reader) for key, reader in (required | optional).items()}
    return {
        "type": "array",
        "description": table.about,
        "items": {
            "type": "object",
            "required": [*table.series, *required],
            "additionalProperties": False,
            "properties": properties,
        },
    }


def _one_or_several(reader: Reader) -> dict[str, Any]:
    fragment = _fragment(reader)
    return {"anyOf": [fragment, {"type": "array", "items": fragment, "minItems": 1}]}


def _fragment(reader: Reader) -> dict[str, Any]:
    if isinstance(reader, OneOf):
        return {"enum": list(reader.words)}
    return dict(_FRAGMENTS[reader])
