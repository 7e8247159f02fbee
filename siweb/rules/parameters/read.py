"""Read a pack's TOML into rows; collect everything that is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from typing import Any

from siweb.rules.parameters import values
from siweb.rules.parameters.check import check_completeness, check_rows
from siweb.rules.parameters.row import Problem, Row, Sentence, row_source
from siweb.rules.parameters.tables import DATING, DATING_OPTIONAL, TABLES, Table
from siweb.rules.parameters.values import Reader, ValueRefused

NATIONAL = "CN"
# Raised when a key changes its meaning, so that an old siweb refuses a newer pack.
FORMAT = 1
# What an editor puts before a text that it calls "UTF-8 with BOM": it says nothing of the text.
_BOM = "\ufeff"
# A key of many parts, `a.a.a…`, costs the square of its parts, minutes in a pack as long as may be.
_MOST_DOTS = 400
_PLACE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)\Z")
PACK_KEYS: dict[str, Reader] = {
    "format": values.whole,
    "region": values.region_code,
    "name_zh": values.text,
    "name_en": values.text,
}


@dataclass(frozen=True, slots=True)
class Pack:
    """One region's parameters, or the nation's; `rows` in the file's order."""

    region: str
    name_zh: str
    name_en: str
    rows: tuple[Row, ...]
    text: str
    file: str = ""


def read_pack(text: str, file: str) -> tuple[Pack | None, list[Problem]]:
    """Return the pack, or None when something is wrong, and all that is wrong."""
    try:
        return _read_text(text.removeprefix(_BOM), file)
    # Also of what could be read: a value is named in the sentence that refuses it.
    except RecursionError:
        return None, [_nested(file)]


def _nested(file: str) -> Problem:
    return Problem(file, "", "", Sentence("this is nested too deeply for a pack"))


def _not_toml(text: str, file: str, error: tomllib.TOMLDecodeError) -> Problem:
    """Return where a text stops being TOML: the reader's own reasons are English alone."""
    place = _PLACE.search(str(error))
    # At its end the reader names no place.
    lines = text.split("\n")
    line, column = place.groups() if place else (len(lines), len(lines[-1]) + 1)
    what = Sentence("line %(line)s is not TOML, from column %(column)s", line=line, column=column)
    return Problem(file, "", "", what)


def _read_text(text: str, file: str) -> tuple[Pack | None, list[Problem]]:
    if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
        return None, [_nested(file)]
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_not_toml(text, file, error)]
    head = {key: value for key, value in document.items() if not isinstance(value, list | dict)}
    problems = list(_unknown_keys(file, "", head, [*PACK_KEYS]))
    head_values, wrong = _read_values(head, PACK_KEYS, {}, file, "")
    problems += wrong
    if head_values.get("format", FORMAT) != FORMAT:
        problems.append(
            Problem(
                file, "", "format", Sentence("this reads format %(format)s only", format=FORMAT)
            )
        )
    region = str(head_values.get("region"))
    rows: list[Row] = []
    for name, entries in document.items():
        if isinstance(entries, list | dict):
            found, wrong = _read_table(file, region, name, entries)
            rows += found
            problems += wrong
    problems += check_rows(file, rows)
    # Whether something is missing can only be said of a pack that could be read in full.
    if not problems:
        problems = check_completeness(file, rows)
    if problems:
        return None, problems
    return Pack(region, head_values["name_zh"], head_values["name_en"], tuple(rows), text, file), []


def _read_table(file: str, region: str, name: str, entries: Any) -> tuple[list[Row], list[Problem]]:
    table = TABLES.get(name)
    if table is None:
        return [], list(_unknown_keys(file, "", {name: entries}, [*TABLES]))
    if not isinstance(entries, list) or not all(isinstance(item, dict) for item in entries):
        return [], [
            Problem(
                file, name, "", Sentence("write every row under its own [[%(name)s]]", name=name)
            )
        ]
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, entry in enumerate(entries, 1):
        found, wrong = _read_row(file, region, table, entry, f"{name} row {number}")
        rows += found
        problems += wrong
    return rows, problems


def _read_row(
    file: str, region: str, table: Table, entry: Mapping[str, Any], place: str
) -> tuple[list[Row], list[Problem]]:
    required = {**table.values, **DATING}
    optional = {**table.optional, **DATING_OPTIONAL}
    problems = list(_unknown_keys(file, place, entry, [*table.series, *required, *optional]))
    found, wrong = _read_values(entry, required, optional, file, place)
    problems += wrong
    series: list[list[str]] = []
    for key, reader in table.series.items():
        try:
            series.append(_read_series(entry, key, reader))
        except ValueRefused as error:
            problems.append(Problem(file, place, key, error.sentence))
    if problems:
        return [], problems
    note = found.get("note", "")
    own = {key: found[key] for key in (*table.values, *table.optional) if key in found}
    return [
        Row(table.name, names, own, row_source(region, table.name, names, found), note)
        # One row of the file for several insurances that share a figure is one row for each of
        # them here, so that each ages and is corrected by itself.
        for names in product(*series)
    ], []


def _read_series(entry: Mapping[str, Any], key: str, reader: Reader) -> list[str]:
    """Return the one or the several that a row is for, as text."""
    if key not in entry:
        raise ValueRefused(Sentence("is missing"))
    given = entry[key] if isinstance(entry[key], list) else [entry[key]]
    if not given:
        raise ValueRefused(Sentence("names nothing"))
    return [str(reader(value)) for value in given]


def _read_values(
    entry: Mapping[str, Any],
    required: Mapping[str, Reader],
    optional: Mapping[str, Reader],
    file: str,
    place: str,
) -> tuple[dict[str, Any], list[Problem]]:
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, reader in {**required, **optional}.items():
        if key in entry:
            try:
                found[key] = reader(entry[key])
            except ValueRefused as error:
                problems.append(Problem(file, place, key, error.sentence))
        elif key in required:
            problems.append(Problem(file, place, key, Sentence("is missing")))
    return found, problems


def _unknown_keys(
    file: str, place: str, entry: Mapping[str, Any], allowed: list[str]
) -> Iterator[Problem]:
    for key in entry:
        if key not in allowed:
            near = get_close_matches(key, allowed)
            yield Problem(
                file,
                place,
                key,
                Sentence("is not known; did you mean %(near)s?", near=near[0])
                if near
                else Sentence("is not known; use one of %(known)s", known=", ".join(allowed)),
            )
