"""Enrolments (参保关系): a person takes part in one insurance, from month to month."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SelectBase,
    SmallInteger,
    and_,
    case,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.among import among_found
from siweb.db.base import CLUSTERED, WITH_EMPTY, Base, prove_by_statement
from siweb.db.codes import CODES, code, is_listed
from siweb.db.types import Month, RegionCode
from siweb.registry.codes import Insurance, Scheme

# The insuring employer is a part of the keys of what a person is insured by or owes. At several
# employers each insures work injury (Order 13 Art. 9); the other insurances are once for a person,
# whoever pays, and have `NO_EMPLOYER`. Said once for the check of a table, for a row that is added,
# and for a SELECT that adds rows.
NO_EMPLOYER = 0
IS_INSURING_EMPLOYER = (
    f"insuring_employer_id = (CASE WHEN insurance = {CODES['insurance'][Insurance.WORK_INJURY]}"
    f" THEN coalesce(employer_id, {NO_EMPLOYER}) ELSE {NO_EMPLOYER} END)"
)
"""The check of a table whose key has it."""


def of_new_row(context: Any) -> int:
    """Return the insuring employer of a row that is being added: a column's default."""
    row = context.get_current_parameters()
    is_injury = row["insurance"] == Insurance.WORK_INJURY
    return (row.get("employer_id") or NO_EMPLOYER) if is_injury else NO_EMPLOYER


def insuring_employer(insurance: Any, employer_id: Any) -> ColumnElement[int]:
    """Return the insuring employer of rows that are added by a SELECT, in SQL."""
    is_injury = insurance == Insurance.WORK_INJURY
    return case((is_injury, func.coalesce(employer_id, NO_EMPLOYER)), else_=NO_EMPLOYER)


_EMPLOYER_GIVEN = f"(scheme = {CODES['scheme']['employee']}) = (employer_id IS NOT NULL)"


class Enrolment(Base):
    """A region's rows lie by person: whoever works through its people reads them in their order."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("to_month IS NULL OR to_month >= from_month", name="to_after_from"),
        CheckConstraint(_EMPLOYER_GIVEN, name="employer_given"),
        CheckConstraint(IS_INSURING_EMPLOYER, name="insuring_employer"),
        # Of whom the region is not known: a person's own pages.
        Index("ix_enrolment_person", "person_id", "insurance"),
        # With what tells who is enrolled in a month, so that an employer's people are counted here.
        Index(
            "ix_enrolment_employer",
            "employer_id",
            "region_code",
            "from_month",
            "to_month",
            "person_id",
            # Whoever insures himself has no employer, and is counted by it for a levy.
            info={WITH_EMPTY: True},
        ),
        # Nobody is open twice in one insurance of one region; work injury is once at each employer
        # (Order 13 Art. 9). A claim (`enrolment_claim`) holds that for all regions, but only where
        # one is made; this holds whoever writes, and a claim can then stand for one row alone.
        Index(
            "uq_enrolment_open",
            "region_code",
            "person_id",
            "insurance",
            "insuring_employer_id",
            unique=True,
            sqlite_where=text("to_month IS NULL"),
            postgresql_where=text("to_month IS NULL"),
        ),
        # Whoever ends in a month or later: they alone may be claimed twice.
        Index(
            "ix_enrolment_ended",
            "region_code",
            "to_month",
            "person_id",
            sqlite_where=text("to_month IS NOT NULL"),
            postgresql_where=text("to_month IS NOT NULL"),
        ),
        CLUSTERED,
    )

    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True, autoincrement=False
    )
    # Work injury is each employer's own, which is in the key there; else 0.
    insuring_employer_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, default=of_new_row
    )
    from_month: Mapped[str] = mapped_column(Month(), primary_key=True, autoincrement=False)
    # One that ended in the month in which it began may begin anew in it: 1 and up, in their order.
    sequence: Mapped[int] = mapped_column(
        SmallInteger(), primary_key=True, autoincrement=False, default=0
    )
    scheme: Mapped[Scheme] = mapped_column(code(Scheme, "scheme"), is_listed("scheme"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    # The last month taken part in; open while None.
    to_month: Mapped[str | None] = mapped_column(Month())


prove_by_statement(Enrolment.__table__)


def is_persons_at(row: Any, person_id: Any, employer_id: Any) -> ColumnElement[bool]:
    """Return the condition that a row with both keys is of a person at an employer.

    It is found by the person, who has few rows: the employer is hidden from the planner, which
    without statistics would go over everybody it has, for each of them.
    """
    return and_(row.person_id == person_id, func.coalesce(row.employer_id, 0) == employer_id)


def are_persons_at(row: Any, people: SelectBase, employer_id: int) -> ColumnElement[bool]:
    """Return the same condition for whom a query finds: they are few of those an employer has."""
    return and_(
        among_found(row.person_id, people), func.coalesce(row.employer_id, 0) == employer_id
    )
