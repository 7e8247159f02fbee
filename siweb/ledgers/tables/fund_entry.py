"""What each insurance's fund took in (SIL 64): funds are kept apart. Rows are only added."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb import clock
from siweb.db.base import Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, RegionCode
from siweb.registry.codes import Insurance


class FundEntryKind(StrEnum):
    PREMIUM = "premium"
    LATE_FEE = "late_fee"


class FundEntry(Base):
    """One line of a bill that was paid, or a late fee; what is taken back is a negative row."""

    __tablename__ = "fund_entry"
    __table_args__ = (
        Index("ix_fund_entry_bill", "bill_id", "insurance"),
        Index("ix_fund_entry_fund", "region_code", "fund", "posted_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # Where the money lies: maternity shares the fund of medical where it is collected with it.
    fund: Mapped[str] = mapped_column(String(24))
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance")
    )
    kind: Mapped[FundEntryKind] = mapped_column(
        code(FundEntryKind, "fund_entry_kind"), is_listed("kind", "fund_entry_kind")
    )
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    amount_fen: Mapped[int] = mapped_column(Fen())
    # What of it belongs to individual accounts; the rest is the pool's (SIL 12).
    account_fen: Mapped[int] = mapped_column(Fen())
    posted_on: Mapped[date]
    # When it was written, whichever day it counts from: the day it is sealed under.
    recorded_on: Mapped[date] = mapped_column(default=clock.today)
