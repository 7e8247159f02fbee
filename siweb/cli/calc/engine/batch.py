"""Many calculations by a CSV file: one row a calculation, columns named like the options.

A wrong row carries its own sentence in the column `error`; it never stops the others.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import click

from siweb.cli.calc.engine.answer import Answer, dump, flatten
from siweb.cli.calc.engine.sentences import sentence_of_usage
from siweb.cli.calc.options.names import option_named, options_by_name

# Kept from the file beside the answer, so that a person finds the row again.
_LABEL = "id"
_YES = frozenset({"1", "true", "yes", "y", "是"})
_NO = frozenset({"0", "false", "no", "n", "否"})


class RowCommand(Protocol):
    """A calculation that is asked again for each row."""

    params: list[click.Parameter]

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None
    ) -> click.Context:
        """Read a row's options."""

    def take_common(self, ctx: click.Context) -> tuple[bool, str | None]:
        """Take --json and --batch out of the options."""

    def answer(self, ctx: click.Context) -> Answer:
        """Return the answer to the context's options."""


def run_batch(
    command: RowCommand, ctx: click.Context, path: Path, shared: Sequence[str], *, as_json: bool
) -> Iterator[str]:
    """Yield the lines of the answer: JSON lines, or CSV with a column for every figure.

    `shared` are options that hold for every row unless the row has its own.
    """
    header, rows = _read(path)
    columns = _columns(command, header)
    answers = [
        {"row": number, **_label(header, row), **_answer(command, ctx, columns, row, shared)}
        for number, row in enumerate(rows, 1)
    ]
    if as_json:
        return (dump(answer) for answer in answers)
    return _as_csv(answers)


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets on Chinese machines save CSV so.
        text = content.decode("gb18030", errors="replace")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    if not rows:
        raise click.UsageError(f"{path.name} is empty.")
    return [name.strip() for name in rows[0]], rows[1:]


def _columns(command: RowCommand, header: Sequence[str]) -> list[click.Option | None]:
    options = options_by_name(command.params)
    return [None if name == _LABEL else option_named(name, options, "column") for name in header]


def _answer(
    command: RowCommand,
    ctx: click.Context,
    columns: Sequence[click.Option | None],
    row: Sequence[str],
    shared: Sequence[str],
) -> dict[str, Any]:
    try:
        arguments = [*shared, *_arguments(columns, row)]
        with command.make_context(ctx.info_name, arguments, parent=ctx.parent) as row_ctx:
            command.take_common(row_ctx)
            return command.answer(row_ctx).as_json()
    except click.UsageError as error:
        return {"error": sentence_of_usage(error)}


def _arguments(columns: Sequence[click.Option | None], row: Sequence[str]) -> Iterator[str]:
    if len(row) > len(columns):
        raise click.UsageError("The row has more cells than there are columns.")
    for option, cell in zip(columns, row, strict=False):
        if option is None or not cell.strip():
            continue
        if option.is_flag:
            yield from _flag(option, cell.strip().lower())
            continue
        for value in cell.split(";") if option.multiple else (cell,):
            yield from (option.opts[0], value.strip())


def _flag(option: click.Option, cell: str) -> Iterator[str]:
    if cell in _YES:
        yield option.opts[0]
    elif cell not in _NO:
        raise click.UsageError(f"{cell!r} is not true or false ({option.opts[0]}).")
    elif option.secondary_opts:
        yield option.secondary_opts[0]


def _label(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {_LABEL: row[header.index(_LABEL)]} if _LABEL in header and row else {}


def _as_csv(answers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        flatten(
            {name: value for name, value in answer.items() if name not in {"result", "explanation"}}
            | answer.get("result", {})
        )
        for answer in answers
    ]
    names = dict.fromkeys(name for row in rows for name in row if name != "error")
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, [*names, "error"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    yield from sheet.getvalue().splitlines()
