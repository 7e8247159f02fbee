"""What every kind of file has in common: find whom a row is about, compare, write what is new."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.bring_in.column import Column
from siweb.bring_in.read_rows import Row
from siweb.db.among import among
from siweb.registry.find_person import registrations_by_number
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of

Key = Hashable


@dataclass(frozen=True, slots=True)
class Terms:
    """For which region a file is brought in, and when: all of its rows are of one instant."""

    region_code: str
    at: datetime


class RowImport(ABC):
    """Brings in the rows of one file, a portion at a time, in the caller's transaction."""

    columns: ClassVar[Sequence[Column]]
    # Columns that a row that is there already must agree in; others change later in other ways.
    compared: ClassVar[tuple[str, ...]]

    def __init__(self, session: Session, terms: Terms) -> None:
        self.session = session
        self.terms = terms

    def resolve(self, rows: Sequence[Row]) -> None:
        """Find the persons and employers that rows name; whoever is unknown is a problem.

        A number leads to the registration that has it: what a file brought before two were joined
        is found there when the file comes again.
        """
        people = registrations_by_number(
            self.session, {row.values["id_number"] for row in rows if row.get("id_number")}
        )
        employers = self._employers({row.values["uscc"] for row in rows if row.get("uscc")})
        for row in rows:
            row.person_id = people.get(row.get("id_number"))
            row.employer_id = employers.get(row.get("uscc"))
            if row.get("id_number") and row.person_id is None:
                row.refuse("id_number", "unknown_person")
            if row.get("uscc") and row.employer_id is None:
                row.refuse("uscc", "unknown_employer", text=row.values["uscc"])

    def hold_lives(self, rows: Sequence[Row]) -> None:
        """Name whatever lies before somebody's birth or after their death: one rule for all kinds.

        By the register, since a corrected birth date is not that of the number. One statement a
        portion; a month counts as whole, so that the month of a birth or a death is within.
        """
        asked = [column for column in self.columns if column.is_when]
        if not asked or not (keys := people_of(rows)):
            return
        query = select(Person.id, Person.born_on, Person.died_on).where(among(Person.id, keys))
        lives = {found.id: (found.born_on, found.died_on) for found in self.session.execute(query)}
        for row in rows:
            if row.person_id not in lives:
                continue
            born_on, died_on = lives[row.person_id]
            for column in asked:
                given = row.get(column.name)
                if given is None:
                    continue
                if given < _as_fine(given, born_on):
                    row.refuse(column.name, "before_birth", text=str(born_on))
                elif died_on and not column.may_follow_death and given > _as_fine(given, died_on):
                    row.refuse(column.name, "after_death", text=str(died_on))

    @abstractmethod
    def key(self, row: Row) -> Key:
        """Return what names a row: two rows of a file with one key contradict each other."""

    def hold(self, row: Row) -> None:
        """Name what is wrong with a row by itself."""
        return

    @abstractmethod
    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        """Return by key the compared columns of what the register has already."""

    def hold_together(self, rows: Sequence[Row]) -> None:
        """Name what is wrong with new rows beside what is there and beside each other."""
        return

    @abstractmethod
    def add(self, rows: Sequence[Row]) -> None:
        """Write new rows."""

    def amount(self, row: Row) -> int:
        """Return what a row adds to the books, in fen: `siweb check` holds the books to it."""
        return 0

    def text(self, name: str, value: Any) -> str:
        """Return a value of a column as the file writes it."""
        if value is None:
            return "—"
        is_sum = any(column.is_sum for column in self.columns if column.name == name)
        return yuan_text(value) if is_sum else str(value)

    def _employers(self, codes: Iterable[str]) -> dict[str, int]:
        query = select(Employer.uscc, Employer.id).where(among(Employer.uscc, codes))
        return {row.uscc: row.id for row in self.session.execute(query)}


def _as_fine(given: Any, day: date) -> Any:
    """Return a day as fine as what is compared with it: a month where that is one."""
    return day if isinstance(given, date) else month_of(day)


def yuan_text(fen: int) -> str:
    """Return an amount in yuan, as files and controls write it."""
    sign, above = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{above // 100}.{above % 100:02d}"


def people_of(rows: Iterable[Row]) -> list[int]:
    """Return the persons that rows are about."""
    return [row.person_id for row in rows if row.person_id is not None]
