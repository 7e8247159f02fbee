"""What of the register a filing ended or wrote over: a withdrawal puts it back.

What a filing only added needs no row here: it is found by the filing's own rows.
"""

from datetime import date

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Month, RegionCode, word
from siweb.registry.codes import Insurance, RetirementCategory, Scheme


class EnrolmentBefore(Base):
    """An open enrolment that a row of a filing ended, or took away since it never began."""

    __tablename__ = "enrolment_before"
    __table_args__ = CLUSTERED

    filing_id: Mapped[int] = mapped_column(
        ForeignKey("filing.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(RegionCode(), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True, autoincrement=False
    )
    insuring_employer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_month: Mapped[str] = mapped_column(Month(), primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(SmallInteger(), primary_key=True, autoincrement=False)
    scheme: Mapped[Scheme] = mapped_column(code(Scheme, "scheme"), is_listed("scheme"))
    # None: the person took part alone.
    employer_id: Mapped[int | None]
    # It was deleted since it never began: to undo is to insert it again, not to open its end.
    is_gone: Mapped[bool]


class EmploymentBefore(Base):
    """An employment that was there before a row of a filing wrote on it."""

    __tablename__ = "employment_before"
    __table_args__ = CLUSTERED

    filing_id: Mapped[int] = mapped_column(
        ForeignKey("filing.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    employment_id: Mapped[int]
    hired_on: Mapped[date]
    form: Mapped[str] = mapped_column(String(24))
    declared_name: Mapped[str | None] = mapped_column(String(100))


class PersonBefore(Base):
    """A person of whom a row of a filing filled in what was empty, or changed her post."""

    __tablename__ = "person_before"
    __table_args__ = CLUSTERED

    filing_id: Mapped[int] = mapped_column(
        ForeignKey("filing.id"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # There was no mobile number: the row's own was filled in.
    had_no_mobile: Mapped[bool]
    # What decided about her retirement age before; None when the row said nothing of it.
    retirement_category: Mapped[RetirementCategory | None] = mapped_column(
        word(RetirementCategory, "retirement_category")
    )
