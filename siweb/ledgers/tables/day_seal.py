"""Seals over the rows of the books: what was written by the end of a day, hashed and chained."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class Book(StrEnum):
    """The tables that are sealed, by their names."""

    CONTRIBUTION_RECORD = "contribution_record"
    ACCOUNT_ENTRY = "account_entry"
    FUND_ENTRY = "fund_entry"
    PAYMENT = "payment"
    ALLOCATION = "allocation"
    BILL = "bill"
    BILL_LINE = "bill_line"
    # What a bill was worked out by.
    LEVY_TERM = "levy_term"
    # What its late fee goes by.
    BILL_MONTH = "bill_month"
    DEFERRAL = "deferral"


class DaySeal(Base):
    """A stretch of rows; each seal carries the hash of the one before it in its book."""

    __tablename__ = "day_seal"
    __table_args__ = (
        UniqueConstraint("book", "first_id"),
        CheckConstraint("last_id >= first_id", name="id_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[Book] = mapped_column(word(Book, "book"))
    sealed_on: Mapped[date]
    # Every row from one id through another, both included.
    first_id: Mapped[int]
    last_id: Mapped[int]
    rows: Mapped[int]
    # Eight bytes of each row's hash, in the order of ids: they tell which row was changed.
    row_marks: Mapped[bytes] = mapped_column(LargeBinary())
    previous_hash: Mapped[str] = mapped_column(String(64))
    seal_hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
