"""Imported bank statements, and how each bank's CSV is to be read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word


class StatementFormat(StrEnum):
    CSV = "csv"
    CAMT_053 = "camt_053"


class BankMapping(Base):
    """How one bank writes its statements as CSV; kept, so that it is said once."""

    __tablename__ = "bank_mapping"
    __table_args__ = (UniqueConstraint("region_code", "bank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    bank: Mapped[str] = mapped_column(String(40))
    # The fields of `read_csv.CsvMapping`.
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by_account_id: Mapped[int | None]


class BankStatement(Base):
    __tablename__ = "bank_statement"
    __table_args__ = (UniqueConstraint("region_code", "content_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    format: Mapped[StatementFormat] = mapped_column(word(StatementFormat, "format"))
    bank: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int]
    # Entries up to this one are in; an import that was killed goes on from here.
    done_entries: Mapped[int] = mapped_column(default=0)
    imported_at: Mapped[datetime]
    imported_by_account_id: Mapped[int | None]
