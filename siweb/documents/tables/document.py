"""Documents given to people: receipts, statements, certificates. Each can be verified by its code.

The verification code itself is never in the table. It is derived from the document's reference
with the office's secret key (see `verification_code`), so it can be printed again, and the table
holds its SHA-256, by which it is found: a stolen table opens nothing, a lost key only means that a
document must be issued anew to be printed with its code.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, word


class DocumentKind(StrEnum):
    REVIEW_RECEIPT = "review_receipt"
    FILING_RECEIPT = "filing_receipt"
    RIGHTS_RECORD = "rights_record"
    CONTRIBUTION_CERTIFICATE = "contribution_certificate"
    ASSESSMENT_NOTICE = "assessment_notice"
    BILL_NOTICE = "bill_notice"
    ENROLMENT_CERTIFICATE = "enrolment_certificate"
    PENSION_CERTIFICATE = "pension_certificate"
    BENEFIT_STATEMENT = "benefit_statement"


class Document(Base):
    __tablename__ = "document"
    __table_args__ = (
        # The same request twice is one document; a new version of it says which one it supersedes.
        UniqueConstraint("kind", "subject_kind", "subject_id", "version"),
        CheckConstraint("person_id IS NOT NULL OR employer_id IS NOT NULL", name="holder"),
        CheckConstraint("(version = 1) = (supersedes_id IS NULL)", name="version"),
        Index("ix_document_person", "person_id", "issued_at"),
        Index("ix_document_employer", "employer_id", "issued_at"),
        # What was revoked is published by kind and month; of all papers these are few.
        Index(
            "ix_document_revoked",
            "kind",
            "issued_at",
            sqlite_where=text("revoked_at IS NOT NULL"),
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Public: printed, read out on the telephone, part of its owner's addresses.
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[DocumentKind] = mapped_column(word(DocumentKind, "kind"))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    # Of both, it is the employer's: the person is who asked for it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    # What the paper says, words in both languages: it reads the same however the office changes.
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime]
    # The last day on which a verification shows it; None for receipts, which do not run out.
    valid_until_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))

    def is_expired(self, on: date) -> bool:
        """Return whether the last day of the document is past."""
        return self.valid_until_on is not None and on > self.valid_until_on
