"""What changed lawfully of a sealed row after it was written: rows that are only added."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base


class BookChange(Base):
    """One change of one column; the table itself keeps the value that holds now.

    `siweb.ledgers.seals.watch` writes them beside every change, and nobody else.
    """

    __tablename__ = "book_change"
    __table_args__ = CLUSTERED

    # The row by its place in the seals, and by the natural key of its book, in JSON.
    region_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    book: Mapped[str] = mapped_column(String(32), primary_key=True)
    recorded_on: Mapped[date] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(primary_key=True)
    # Empty where the whole row was taken away.
    column_name: Mapped[str] = mapped_column(String(32), primary_key=True)
    # The changes of a column in their order, from 1.
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # In JSON.
    was: Mapped[str]
    now: Mapped[str]
    changed_at: Mapped[datetime]
