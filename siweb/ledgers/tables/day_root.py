"""Seals over the rows of a day, and the roots of each closing, chained region by region."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base


class DayRoot(Base):
    """What was sealed of a region at one closing; each carries the root of the one before it."""

    __tablename__ = "day_root"

    # What is of no region stands under 000000: no key of the region's table.
    region_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    # The closings of a region in their order, from 1.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_on: Mapped[date]
    sealed_at: Mapped[datetime]
    # Days before this one are over: a row of theirs that is not sealed was added behind the back.
    open_from: Mapped[date]
    rows: Mapped[int]
    # Tells which key the marks and roots were made with.
    key_mark: Mapped[str] = mapped_column(String(16))
    previous_root: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))


class BookSeal(Base):
    """Rows of a book that were recorded on one day, as a closing found them, in their order."""

    __tablename__ = "book_seal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region_code", "root_number"],
            ["day_root.region_code", "day_root.number"],
            name="fk_book_seal_root",
        ),
    )

    region_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    book: Mapped[str] = mapped_column(String(32), primary_key=True)
    recorded_on: Mapped[date] = mapped_column(primary_key=True)
    # A day with many rows, or with more than one closing, has several.
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root_number: Mapped[int]
    rows: Mapped[int]
    # Eight bytes a row, keyed: of all that counts of it, and of what names it.
    row_marks: Mapped[bytes] = mapped_column(LargeBinary())
    key_marks: Mapped[bytes] = mapped_column(LargeBinary())


class FormerHead(Base):
    """The last seal of a book under the way before this one, where the roots began."""

    __tablename__ = "former_head"

    book: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed_on: Mapped[date]
    rows: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
