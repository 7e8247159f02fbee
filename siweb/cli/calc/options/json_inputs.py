"""Options out of a JSON object, so that a program need not spell each one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from siweb.cli.calc.options.names import option_named, options_by_name

# `params` is what the worked cases call the parameters among their inputs.
JSON_OPTIONS = ("--inputs", "--params")


def expand_json(command: click.Command, arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the contents of --inputs in front, so that others go before.

    :raises click.UsageError: when it is no JSON object, or a key is no option.
    """
    options = options_by_name(command.params)
    found: list[str] = []
    kept: list[str] = []
    remaining = iter(arguments)
    for word in remaining:
        name, is_joined, text = word.partition("=")
        if name not in JSON_OPTIONS:
            kept.append(word)
        elif is_joined:
            found += _of_object(_read(name, text), options)
        else:
            found += _of_object(_read(name, next(remaining, "")), options)
    return [*found, *kept]


def _read(name: str, text: str) -> dict[str, Any]:
    try:
        # Numbers stay the text they are, so that no amount passes through a binary fraction.
        found = json.loads(text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{name} is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"{name} is not a JSON object.")
    return found


def _of_object(values: Mapping[str, Any], options: Mapping[str, click.Option]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict) and name in {"inputs", "params"}:
            yield from _of_object(value, options)
        elif value is not None:
            yield from _of_value(option_named(name, options, "key"), value)


def _of_value(option: click.Option, value: Any) -> Iterator[str]:
    flag = option.opts[0]
    if isinstance(value, bool):
        if value or option.secondary_opts:
            yield flag if value else option.secondary_opts[0]
    elif isinstance(value, dict):
        for name, pair in value.items():
            yield from (flag, f"{name}={'/'.join(map(str, pair))}")
    elif isinstance(value, list):
        yield from (flag, json.dumps(value, ensure_ascii=False))
    else:
        yield from (flag, str(value))
