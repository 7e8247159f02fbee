"""Options out of a JSON object, so that a program need not spell each one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import click

from siweb.cli.calc.options.names import option_named, option_word, options_by_name
from siweb.cli.calc.options.structured import Structured, parse_json

INPUTS = "--inputs"
PARAMS = "--params"
# A worked case holds its inputs under one of these, the parameters among them under `params`.
_NESTED = ("inputs", "given", "params")
_OF_A_CASE = ("id", "area", "title", "expected", "derivation", "basis", "certainty", "note")
# So alike that a typing slip is likelier than a word of somebody else's.
_SLIP = 0.8


def expand_json(command: click.Command, arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the arguments with the contents of --inputs in front, so that others go before.

    `--json '{…}'` is the same with the answer in JSON. The second list names the keys that the
    calculation does not use; the answer warns of them.

    :raises click.UsageError: when it is no JSON object, or a key is nearly an option's name.
    """
    options = options_by_name(command.params)
    found: list[str] = []
    unused: list[str] = []
    kept: list[str] = []
    remaining = iter(_joined(arguments))
    for word in remaining:
        name, is_joined, text = word.partition("=")
        if name not in {INPUTS, PARAMS, "--json"} or (name == "--json" and not is_joined):
            kept.append(word)
            continue
        if name == "--json":
            kept.append(name)
        inputs = _read(name, text if is_joined else next(remaining, ""))
        found += _of_object(inputs, options, unused)
    return [*found, *kept], unused


def _joined(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the arguments; an object after --json, which otherwise takes no value, goes with it."""
    is_joined = False
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if is_joined:
            is_joined = False
        elif word == "--json" and following.lstrip().startswith("{"):
            is_joined = True
            yield f"{word}={following}"
        else:
            yield word


def _read(name: str, text: str) -> dict[str, Any]:
    try:
        found = parse_json(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise click.UsageError(f"{name} is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"{name} is not a JSON object.")
    return found


def _of_object(
    values: Mapping[str, Any], options: Mapping[str, click.Option], unused: list[str]
) -> Iterator[str]:
    is_case = any(isinstance(values.get(name), dict) for name in ("inputs", "given"))
    for name, value in values.items():
        if isinstance(value, dict) and name in _NESTED:
            yield from _of_object(value, options, unused)
        elif not (is_case and name in _OF_A_CASE):
            option = _option_of(name, options)
            if option is None:
                unused.append(name)
            else:
                yield from _of_value(option, value)


def _option_of(name: str, options: Mapping[str, click.Option]) -> click.Option | None:
    """Return the option that a key means, or None where it means none.

    :raises click.UsageError: when the key is surely a slip.
    """
    wanted = option_word(name)
    if wanted in options or get_close_matches(wanted, options, 1, _SLIP):
        return option_named(name, options, "key")
    return None


def _of_value(option: click.Option, value: Any) -> Iterator[str]:
    """Yield an option and its value; what is no value of it is left to the option to refuse."""
    flag = option.opts[0]
    if value is None:
        # Null is a value that is not given, unless the option knows what nothing means.
        if isinstance(option.type, Structured) and option.type.knows_null:
            yield from (flag, "null")
    elif option.is_flag and isinstance(value, bool):
        if value or option.secondary_opts:
            yield flag if value else option.secondary_opts[0]
    elif isinstance(value, str):
        yield from (flag, value)
    else:
        yield from (flag, json.dumps(value, ensure_ascii=False))
