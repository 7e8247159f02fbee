"""Entries of the individual account (个人账户, SIL 12, 14). Rows are only added."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column

from siweb import clock
from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.next_number import counted_by, number_rows
from siweb.db.types import Day, Fen, Month, RegionCode
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance

# What names the record of an entry, in the order of that key.
KEY_OF_RECORD = (
    "region_code",
    "contribution_month",
    "person_id",
    "record_insurance",
    "record_employer_id",
    "record_sequence",
)
# A reference of which a part is empty would not be looked up.
_ONE_RECORD = (
    "record_sequence IS NULL AND record_insurance IS NULL AND record_employer_id IS NULL"
    " OR record_sequence IS NOT NULL AND record_insurance IS NOT NULL"
    " AND record_employer_id IS NOT NULL AND contribution_month IS NOT NULL"
)


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
    """Rows lie by person: an account is read as a whole, and every query names whose it is."""

    __tablename__ = "account_entry"
    __table_args__ = (
        CheckConstraint(_ONE_RECORD, name="one_record"),
        ForeignKeyConstraint(
            KEY_OF_RECORD,
            [f"contribution_record.{key.name}" for key in ContributionRecord.__table__.primary_key],
            name="fk_account_entry_record",
        ),
        CLUSTERED,
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # A later entry of a person has a larger one; seals name an entry by it.
    entry_number: Mapped[int] = mapped_column(
        counted_by("account_entry"), primary_key=True, autoincrement=False
    )
    # That of the record; of money that is of no record, the region that wrote the entry.
    region_code: Mapped[str] = mapped_column(
        RegionCode(), ForeignKey("region.code"), primary_key=True
    )
    year: Mapped[int] = mapped_column(Integer())
    kind: Mapped[EntryKind] = mapped_column(
        code(EntryKind, "entry_kind"), is_listed("kind", "entry_kind")
    )
    # None of what is of no month, such as interest or what another office transferred.
    contribution_month: Mapped[str | None] = mapped_column(Month())
    # Interest counts from this month; None where that is the contribution month itself.
    interest_month: Mapped[str | None] = mapped_column(Month())
    amount_fen: Mapped[int] = mapped_column(Fen())
    # Which record of the region, month and person it is about, by the rest of its key; of money
    # that is of no record they are empty.
    record_insurance: Mapped[Insurance | None] = mapped_column(
        code(Insurance, "insurance"), is_listed("record_insurance", "insurance")
    )
    record_employer_id: Mapped[int | None]
    record_sequence: Mapped[int | None] = mapped_column(SmallInteger())
    # Interest: the yearly rate used, in ppm.
    rate_ppm: Mapped[int | None] = mapped_column(Integer())
    posted_on: Mapped[date] = mapped_column(Day())
    # When it was written, whichever day it counts from: the day it is sealed under.
    recorded_on: Mapped[date] = mapped_column(Day(), default=clock.today)


number_rows(AccountEntry.entry_number, AccountEntry.person_id)


def is_about(entry: Any = AccountEntry, record: Any = ContributionRecord) -> ColumnElement[bool]:
    """Return the condition that an entry is about a record; it leads with the person."""
    return and_(
        entry.person_id == record.person_id,
        entry.region_code == record.region_code,
        entry.contribution_month == record.contribution_month,
        entry.record_insurance == record.insurance,
        entry.record_employer_id == record.insuring_employer_id,
        entry.record_sequence == record.sequence,
    )
