"""Appointments (岗位授权): the functions that a person holds for an agency, from day to day."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, word


class Function(StrEnum):
    """What a member of staff may do (岗位); the law's groups of posts stand in `functions.py`."""

    REGISTRATION = "registration"
    CONTRIBUTIONS = "contributions"
    FINANCE = "finance"
    REVIEW = "review"
    AUDIT = "audit"
    PARAMETERS = "parameters"
    ADMINISTRATION = "administration"


_OF_AGENCY = text("ended_at IS NULL AND agency_id IS NOT NULL")
_OF_OFFICE = text("ended_at IS NULL AND agency_id IS NULL AND area_code IS NULL")
_OF_AREA = text("ended_at IS NULL AND area_code IS NOT NULL")


class Appointment(Base):
    """Never changed but by its end. It follows the person: a new account changes nothing."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="until_after_from"),
        # Nobody checks what they made themselves; the first two are made by who opens the office.
        CheckConstraint("made_by_account_id <> checked_by_account_id", name="two_people"),
        # A superior body supervises what lies below it and does none of its work (上级监督).
        CheckConstraint(
            "area_code IS NULL OR agency_id IS NULL AND function = 'audit'", name="area_is_read"
        ),
        CheckConstraint("area_code % 10000 = 0", name="area_is_a_province"),
        # One appointment to a function at a time, of an agency, a province or the whole office.
        Index(
            "uq_appointment_of_agency",
            "person_id",
            "function",
            "agency_id",
            unique=True,
            sqlite_where=_OF_AGENCY,
            postgresql_where=_OF_AGENCY,
        ),
        Index(
            "uq_appointment_of_office",
            "person_id",
            "function",
            unique=True,
            sqlite_where=_OF_OFFICE,
            postgresql_where=_OF_OFFICE,
        ),
        Index(
            "uq_appointment_of_area",
            "person_id",
            "function",
            "area_code",
            unique=True,
            sqlite_where=_OF_AREA,
            postgresql_where=_OF_AREA,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    function: Mapped[Function] = mapped_column(word(Function, "function"))
    # None: for every agency of the office, or of an area.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    # A province, by its code (GB/T 2260): all its regions of this office, also those to come.
    area_code: Mapped[str | None] = mapped_column(RegionCode())
    from_on: Mapped[date]
    # The last day; without an end while None.
    until_on: Mapped[date | None]
    # None for the first two, whom the command that opens the office appoints.
    made_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    # None also where it ran out by its last day: who asks for what stands asks for both.
    ended_at: Mapped[datetime | None]
