"""The shape of a copy's data file, as JSON Schema: made from the tables, so that it never ages."""

from typing import Any

from siweb.data_copies.not_copied import NOT_COPIED
from siweb.data_copies.parts import ACCESS_LOG, PARTS
from siweb.data_copies.values import shape_of

# Raised when a program that reads copies would have to change; new parts and columns are none.
FORMAT = "siweb-data-copy-1"


def shape() -> dict[str, Any]:
    """Return the JSON Schema of `data.json`; what is left out stands in it, with the reasons."""
    parts = {
        part.name: {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {column.name: shape_of(column) for column in part.columns},
                "required": [column.name for column in part.columns],
                "additionalProperties": False,
            },
        }
        for part in (*PARTS.values(), ACCESS_LOG)
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "type": "object",
        "required": ["format", "made_at", "office", "employers", "parts"],
        "properties": {
            "format": {"const": FORMAT},
            "made_at": {"type": "string", "format": "date-time"},
            "office": {"type": "string"},
            "employers": {"type": "object", "additionalProperties": {"type": "string"}},
            "parts": {
                "type": "object",
                "properties": parts,
                "required": list(parts),
                "additionalProperties": False,
            },
        },
        "x-left-out": dict(NOT_COPIED),
    }
