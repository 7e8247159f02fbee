"""JSON as the databases and our own processes exchange it: the same on both, and fast."""

from typing import Any

import orjson


def json_text(value: Any) -> str:
    """Return a value as JSON text without spaces; keys that are no text become text."""
    # Not the standard library's: the rows of a list pass here several times over.
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def json_value(text: str | bytes) -> Any:
    """Return what JSON text says."""
    return orjson.loads(text)
