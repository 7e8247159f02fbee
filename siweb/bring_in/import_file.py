"""Bring a file in: all of it or nothing, and the same file again changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.staff.relatives import barred_keys
from siweb.bring_in.column import Column
from siweb.bring_in.problem import BringInRefused, Problem
from siweb.bring_in.read_rows import Row, read_portions
from siweb.bring_in.row_import import Key, RowImport, Terms, people_of, yuan_text
from siweb.clock import office_day
from siweb.db.among import among
from siweb.registry.tables.person_alias import PersonAlias

MOST_PROBLEMS = 1_000
"""Problems that are kept to be shown: more are counted."""
COUNT = "rows"
_SHOWN_ROWS = 3


@dataclass(slots=True)
class Outcome:
    """What a file comes to: its rows and sums, what is new, what is wrong."""

    rows: int = 0
    added: int = 0
    # Of all rows, by column, in fen.
    sums: dict[str, int] = field(default_factory=dict)
    # Of the new rows, in fen.
    added_fen: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    # For so long a trial kept others from writing, and so will bringing it in; 0 where it does not.
    seconds: int = 0
    # Rows about whoever brings it in: the checker sees how many.
    own_rows: int = 0
    first: list[dict[str, str]] = field(default_factory=list)
    # Of whom a named problem says what the register has: they are told who looked.
    people: set[int] = field(default_factory=set)

    @property
    def unchanged(self) -> int:
        """How many rows are there already, as the file has them."""
        return self.rows - self.added

    def totals(self) -> dict[str, int]:
        """Return what controls are held against: the number of rows, and sums in fen."""
        return {COUNT: self.rows, **self.sums}


def import_file(
    session: Session,
    row_import: type[RowImport],
    file: Path,
    terms: Terms,
    *,
    controls: Mapping[str, int],
    own_person_id: int | None = None,
) -> Outcome:
    """Write what is new in a file and return what it comes to; with a problem nothing is whole.

    The caller takes everything back unless `refuse_unless_whole` lets it pass.

    :raises SheetRefused: when the file as a whole cannot be read.
    """
    outcome = Outcome(sums={column.name: 0 for column in row_import.columns if column.is_sum})
    work = row_import(session, terms)
    own = set(barred_keys(session, own_person_id, on=office_day(terms.at)))
    seen: dict[Key, int] = {}
    for portion in read_portions(file, row_import.columns):
        _count(outcome, portion, row_import.columns)
        work.resolve(portion)
        outcome.own_rows += sum(1 for row in portion if row.person_id in own)
        good = [row for row in portion if not row.problems]
        for row in good:
            work.hold(row)
        work.hold_lives([row for row in good if not row.problems])
        new = _new_rows(work, [row for row in good if not row.problems], seen)
        new = _of_standing_keys(session, new)
        work.hold_together(new)
        _name(outcome, portion)
        # Once something is wrong nothing will be kept: what follows is read to name the rest.
        if not outcome.problem_count:
            work.add(new)
            outcome.added += len(new)
            outcome.added_fen += sum(work.amount(row) for row in new)
    _hold_controls(outcome, controls)
    return outcome


def refuse_unless_whole(outcome: Outcome) -> None:
    """Refuse a file with problems, and one in which nothing is new.

    :raises BringInRefused: "bring_in_problems", "bring_in_nothing".
    """
    if outcome.problem_count:
        raise BringInRefused("bring_in_problems", count=outcome.problem_count)
    if not outcome.added:
        raise BringInRefused("bring_in_nothing")


def _count(outcome: Outcome, portion: list[Row], columns: Sequence[Column]) -> None:
    outcome.rows += len(portion)
    for name in outcome.sums:
        outcome.sums[name] += sum(row.get(name) or 0 for row in portion)
    for row in portion[: max(0, _SHOWN_ROWS - len(outcome.first))]:
        outcome.first.append(
            {column.name: _shown(column, row) for column in columns if column.name in row.values}
        )


def _shown(column: Column, row: Row) -> str:
    value = row.values[column.name]
    if column.name == "id_number":
        return f"**{value[-4:]}"
    return yuan_text(value) if column.is_sum else str(value)


def _new_rows(work: RowImport, rows: list[Row], seen: dict[Key, int]) -> list[Row]:
    """Return the rows that are not there, and name those that contradict what is."""
    there = work.there(rows) if rows else {}
    new = []
    for row in rows:
        key = work.key(row)
        if (first := seen.setdefault(key, row.number)) != row.number:
            row.refuse("", "twice", first=first)
        elif (found := there.get(key)) is None:
            new.append(row)
        else:
            _refuse_other_values(row, found, work)
    return [row for row in new if not row.problems]


def _of_standing_keys(session: Session, rows: list[Row]) -> list[Row]:
    """Return the rows without those of a registration that was joined: nothing begins there."""
    former = set(
        session.scalars(
            select(PersonAlias.former_id).where(among(PersonAlias.former_id, people_of(rows)))
        )
    )
    for row in rows:
        if row.person_id in former:
            row.refuse("id_number", "joined")
    return [row for row in rows if not row.problems]


def _refuse_other_values(row: Row, found: Mapping[str, Any], work: RowImport) -> None:
    for name in work.compared:
        if found[name] != (given := row.get(name)):
            facts = {"found": work.text(name, found[name]), "given": work.text(name, given)}
            row.refuse(name, "differs", **facts)


def _name(outcome: Outcome, portion: list[Row]) -> None:
    for row in portion:
        outcome.problem_count += len(row.problems)
        if len(outcome.problems) < MOST_PROBLEMS:
            outcome.problems += row.problems
            if row.problems and row.person_id is not None:
                outcome.people.add(row.person_id)


def _hold_controls(outcome: Outcome, controls: Mapping[str, int]) -> None:
    totals = outcome.totals()
    for name, expected in controls.items():
        if totals[name] != expected:
            outcome.problem_count += 1
            facts = {"expected": _total(name, expected), "found": _total(name, totals[name])}
            outcome.problems.insert(0, Problem(0, name, "control", facts))


def _total(name: str, value: int) -> str:
    return str(value) if name == COUNT else yuan_text(value)
