"""Imported bank statements, and how each bank's CSV is to be read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, word


class StatementFormat(StrEnum):
    CSV = "csv"
    CAMT_053 = "camt_053"
    SHEET = "sheet"


class BankMapping(Base):
    """How one bank writes its statements as CSV; kept, so that it is said once."""

    __tablename__ = "bank_mapping"
    __table_args__ = (UniqueConstraint("region_code", "bank"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    bank: Mapped[str] = mapped_column(String(40))
    # The fields of `read_csv.CsvMapping`.
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by_account_id: Mapped[int | None]


class BankStatement(Base):
    """A file that was handed in: the same content is one statement until it is withdrawn."""

    __tablename__ = "bank_statement"
    __table_args__ = (
        Index(
            "ux_bank_statement_content",
            "region_code",
            "content_hash",
            "account",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    format: Mapped[StatementFormat] = mapped_column(word(StatementFormat, "format"))
    bank: Mapped[str] = mapped_column(String(40))
    # The account that was named when the file was handed in; empty where the file names it.
    account: Mapped[str] = mapped_column(String(40), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int]
    # Entries up to this one are in; an import that was killed goes on from here.
    done_entries: Mapped[int] = mapped_column(default=0)
    imported_at: Mapped[datetime]
    imported_by_account_id: Mapped[int | None]
    # What the statement states of itself against what stands in it (statements.control.Control).
    control: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # Why it was not imported at all: code, line, column, text.
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # What became of its entries (statements.import_entries.Imported).
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    finished_at: Mapped[datetime | None]
    # A person answers for a statement that contradicts itself.
    confirmed_at: Mapped[datetime | None]
    confirmed_by_account_id: Mapped[int | None]
    confirmed_because: Mapped[str] = mapped_column(String(200), default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_account_id: Mapped[int | None]
    withdrawn_because: Mapped[str] = mapped_column(String(200), default="")
