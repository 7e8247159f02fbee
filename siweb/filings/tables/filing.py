"""Filings (申报): what an employer hands in. A draft is checked; confirmed it never changes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import word
from siweb.filings.fields.filing_kind import FilingKind

WITHDRAW = "filings.withdraw"
"""The job that withdraws a long filing: a failure of it counts until somebody lets it go on."""


class FilingState(StrEnum):
    DRAFT = "draft"
    # Only of a long list on SQLite: some of its rows are applied, and the others follow.
    APPLYING = "applying"
    CONFIRMED = "confirmed"


class Filing(Base):
    __tablename__ = "filing"
    __table_args__ = (
        Index("ix_filing_employer", "employer_id", "state", "opened_at"),
        # The same file of an employer is one filing, however often it is uploaded.
        UniqueConstraint("employer_id", "kind", "content_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Public: in addresses, on the receipt.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    kind: Mapped[FilingKind] = mapped_column(word(FilingKind, "kind"))
    state: Mapped[FilingState] = mapped_column(
        word(FilingState, "state"), default=FilingState.DRAFT
    )
    # As the employer calls it among its drafts.
    title: Mapped[str] = mapped_column(String(60), default="", server_default="")
    # A draft that was deleted: its rows are gone, and no page or program finds it. Or one into
    # which a job still puts rows, in portions: it is there with the last of them.
    deleted_at: Mapped[datetime | None]
    # How it came in: "form", "sheet", "api", or "replacement" of rows that were withdrawn.
    origin: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    opened_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # When it was sent. What it declares bears this instant, or one up to the next where there is
    # one: the portions of a long list are applied one after the other.
    confirmed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    confirmed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # The receipt; there is none while a long list is applied.
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    # Of a sheet: its name, the hash of its content and of the answers for columns it has not.
    file_name: Mapped[str | None] = mapped_column(String(200))
    # None also where all of it was withdrawn: then the same file may come again.
    content_hash: Mapped[str | None] = mapped_column(String(64))
    defaults: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # The rows up to this one are in; reading that was killed goes on behind it.
    done_through_row: Mapped[int] = mapped_column(default=0, server_default="0")
    read_at: Mapped[datetime | None]
    # {"code", "facts"}: why the file could not be read.
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # [{"code", "facts"}, ...]: what the page says about the file, such as sheets that are not read.
    notices: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    # What the good rows come to, for the filer to look at before sending.
    totals: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # The rows that were not accepted when this filing was sent became a draft of their own.
    rest_of_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"))
    # What was withdrawn of that filing is corrected and sent again by this one.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"))
    # What it ended or wrote over is kept, so that it can be undone; of earlier ones it is not.
    keeps_before: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def is_read(self) -> bool:
        """Return whether all its rows are in: those of a sheet come one portion after the other."""
        return self.origin != "sheet" or self.read_at is not None

    @property
    def is_withdrawn(self) -> bool:
        """Return whether nothing of what was sent counts any more: its receipt has ended too."""
        codes = (self.totals or {}).get("codes", {})
        return "withdrawn" in codes and "applied" not in codes

    @property
    def applied_between(self) -> tuple[datetime | None, datetime | None]:
        """Return the first and the last instant that what it declared bears."""
        return self.confirmed_at, self.applied_at or self.confirmed_at
