"""Entries of the individual account (个人账户, SIL 12, 14). Rows are only added."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from siweb import clock
from siweb.db.base import Base
from siweb.db.codes import code, is_listed
from siweb.db.types import Fen, Month


class EntryKind(StrEnum):
    OPENING = "opening"
    CREDIT = "credit"
    INTEREST = "interest"
    PROVISIONAL_INTEREST = "provisional_interest"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    INHERITANCE = "inheritance"
    REVERSAL = "reversal"


class AccountEntry(Base):
    __tablename__ = "account_entry"
    __table_args__ = (
        Index("ix_account_entry_person", "person_id", "year", "kind"),
        Index("ix_account_entry_record", "contribution_record_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    year: Mapped[int] = mapped_column(Integer())
    kind: Mapped[EntryKind] = mapped_column(
        code(EntryKind, "entry_kind"), is_listed("kind", "entry_kind")
    )
    contribution_month: Mapped[str | None] = mapped_column(Month())
    # Interest counts from this month; None where that is the contribution month itself.
    interest_month: Mapped[str | None] = mapped_column(Month())
    amount_fen: Mapped[int] = mapped_column(Fen())
    contribution_record_id: Mapped[int | None] = mapped_column(ForeignKey("contribution_record.id"))
    # Interest: the yearly rate used, in ppm.
    rate_ppm: Mapped[int | None] = mapped_column(Integer())
    posted_on: Mapped[date]
    # When it was written, whichever day it counts from: the day it is sealed under.
    recorded_on: Mapped[date] = mapped_column(default=clock.today)
