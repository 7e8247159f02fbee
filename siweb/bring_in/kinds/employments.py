"""Employments (用工关系) of an old system: who worked where, from day to day."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.bring_in.kinds.shared_columns import EMPLOYER, PERSON, day, words
from siweb.bring_in.read_rows import Row
from siweb.bring_in.row_import import Key, RowImport, people_of
from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.filings.fields.choices import CHOICES
from siweb.registry.tables.employment import Employment

_FORM, _REASON = CHOICES["form"], CHOICES["end_reason"]
_FULL_TIME = "full_time"


class Employments(RowImport):
    """One row for each time that somebody worked for an employer."""

    columns: ClassVar[Sequence[Column]] = (
        PERSON,
        Column(
            name="uscc",
            heading=EMPLOYER.heading,
            holds="The employer's unified social credit code",
            read=cells.uscc,
            is_needed=True,
        ),
        day("hired_on", "入职日期", "First day of work", is_needed=True),
        day("ended_on", "离职日期", "Last day of work; empty while it lasts"),
        Column(
            name="end_reason",
            heading="离职原因",
            holds="Why it ended",
            read=cells.choice(_REASON),
            codes=_REASON,
        ),
        Column(
            name="form",
            heading="用工形式",
            holds="Form of employment; empty is full_time",
            read=cells.choice(_FORM),
            codes=_FORM,
        ),
        words("post", "岗位", "What the work is", 60),
    )
    compared = ("ended_on",)

    def key(self, row: Row) -> Key:
        return (row.person_id, row.employer_id, row.values["hired_on"])

    def hold(self, row: Row) -> None:
        ended_on = row.get("ended_on")
        if ended_on and ended_on < row.values["hired_on"]:
            row.refuse("ended_on", "ends_before")

    def there(self, rows: Sequence[Row]) -> Mapping[Key, Mapping[str, Any]]:
        return {
            (found.person_id, found.employer_id, found.hired_on): {"ended_on": found.ended_on}
            for found in self._employments(rows)
        }

    def hold_together(self, rows: Sequence[Row]) -> None:
        """Nobody works twice at one employer at a time: such months would be two or one."""
        spans: dict[Any, list[Any]] = {}
        for found in self._employments(rows):
            spans.setdefault((found.person_id, found.employer_id), []).append(
                (found.hired_on, found.ended_on)
            )
        for row in rows:
            mine = (row.values["hired_on"], row.get("ended_on"))
            others = spans.setdefault((row.person_id, row.employer_id), [])
            if any(overlap(mine, other) for other in others):
                row.refuse("hired_on", "overlaps")
            others.append(mine)

    def add(self, rows: Sequence[Row]) -> None:
        names = (
            "person_id", "employer_id", "hired_on", "ended_on", "end_reason", "form", "post",
            "registered_at",
        )  # fmt: skip
        insert_many(
            self.session,
            Employment.__table__,
            names,
            (
                (
                    row.person_id,
                    row.employer_id,
                    row.values["hired_on"],
                    row.get("ended_on"),
                    row.get("end_reason"),
                    row.get("form") or _FULL_TIME,
                    row.get("post"),
                    self.terms.at,
                )
                for row in rows
            ),
        )

    def _employments(self, rows: Sequence[Row]) -> Sequence[Any]:
        query = select(
            Employment.person_id, Employment.employer_id, Employment.hired_on, Employment.ended_on
        ).where(among(Employment.person_id, people_of(rows)))
        return self.session.execute(query).all()


def overlap(first: tuple[Any, Any], second: tuple[Any, Any]) -> bool:
    """Return whether two spans have a day or month in common; without an end they last."""
    (begun, ended), (begun_too, ended_too) = first, second
    return (ended is None or begun_too <= ended) and (ended_too is None or begun <= ended_too)
