"""Employments (用工关系): a person works for an employer from hired_on to ended_on."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base, prove_by_statement


class Employment(Base):
    __tablename__ = "employment"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= hired_on", name="ended_after"),
        Index("ix_employment_person", "person_id", "hired_on"),
        Index("ix_employment_employer", "employer_id", "ended_on"),
        # One open employment of a person at one employer; past ones stay as they were.
        Index(
            "uq_employment_open",
            "person_id",
            "employer_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    hired_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(String(24))
    form: Mapped[str] = mapped_column(String(24), default="full_time")
    # As the employer wrote it, where that is not the register's name.
    declared_name: Mapped[str | None] = mapped_column(String(100))
    post: Mapped[str | None] = mapped_column(String(60))
    registered_at: Mapped[datetime]


prove_by_statement(Employment.__table__)
