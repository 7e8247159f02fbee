"""What each insurance's fund took in (SIL 64): funds are kept apart. Rows are only added."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb import clock
from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.next_number import counted_by, number_rows
from siweb.db.types import Day, Fen, Month, RegionCode
from siweb.registry.codes import Insurance


class FundEntryKind(StrEnum):
    PREMIUM = "premium"
    LATE_FEE = "late_fee"


class FundEntry(Base):
    """One line of a bill that was paid, or a late fee; what is taken back is a negative row."""

    __tablename__ = "fund_entry"
    __table_args__ = CLUSTERED

    # Region and first month are the bill's.
    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True
    )
    contribution_month: Mapped[str] = mapped_column(Month(), primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), primary_key=True)
    # A later entry of a bill has a larger one; seals name an entry by it.
    entry_number: Mapped[int] = mapped_column(
        counted_by("fund_entry"), primary_key=True, autoincrement=False
    )
    # Where the money lies: maternity shares the fund of medical where it is collected with it.
    fund: Mapped[str] = mapped_column(String(24))
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance")
    )
    kind: Mapped[FundEntryKind] = mapped_column(
        code(FundEntryKind, "fund_entry_kind"), is_listed("kind", "fund_entry_kind")
    )
    amount_fen: Mapped[int] = mapped_column(Fen())
    # What of it belongs to individual accounts; the rest is the pool's (SIL 12).
    account_fen: Mapped[int] = mapped_column(Fen())
    posted_on: Mapped[date] = mapped_column(Day())
    # When it was written, whichever day it counts from: the day it is sealed under.
    recorded_on: Mapped[date] = mapped_column(Day(), default=clock.today)


number_rows(
    FundEntry.entry_number, FundEntry.region_code, FundEntry.contribution_month, FundEntry.bill_id
)
