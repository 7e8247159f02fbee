"""The tables of docs/bring-in.md: written from the columns, so that the two cannot part."""

from siweb.bring_in.actions import KINDS, BringInKind
from siweb.bring_in.column import Column

_HEAD = "| Column | 中文列名 | Needed | What it holds |\n| --- | --- | --- | --- |"


def column_table(kind: BringInKind) -> str:
    """Return the table of a kind's columns, in Markdown."""
    return "\n".join([_HEAD, *(_line(column) for column in kind.row_import.columns)])


def column_tables() -> str:
    """Return all kinds with their tables, in the order in which they are brought in."""
    return "\n\n".join(
        f"### {kind.name}\n\n"
        f"Handed in and checked by: {kind.function.value}.\n\n{column_table(kind)}"
        for kind in KINDS.values()
    )


def _line(column: Column) -> str:
    needed = "yes" if column.is_needed else ""
    return f"| `{column.name}` | {column.heading} | {needed} | {_holds(column)} |"


def _holds(column: Column) -> str:
    if not column.codes:
        return column.holds
    codes = "; ".join(
        f"`{code}` ({words[0]})" if words else f"`{code}`" for code, words in column.codes.items()
    )
    return f"{column.holds}: {codes}"
