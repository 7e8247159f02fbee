"""Verifications of documents by strangers, and how many an address has left.

Addresses are kept as a keyed hash of their prefix (IPv4 /32, IPv6 /64): enough to count, not
enough to find anybody.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.types import word


class VerificationResult(StrEnum):
    VALID = "valid"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Verification(Base):
    __tablename__ = "document_verification"
    __table_args__ = (Index("ix_document_verification_document", "document_id", "verified_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    verified_at: Mapped[datetime]
    address_hash: Mapped[str] = mapped_column(String(64))
    result: Mapped[VerificationResult] = mapped_column(word(VerificationResult, "result"))
    # None where no paper was found; what was typed is not kept.
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))


class VerificationWindow(Base):
    """How many verifications came from an address in one fixed window, counted for all workers."""

    __tablename__ = "verification_window"
    __table_args__ = (Index("ix_verification_window_started_at", "started_at"), CLUSTERED)

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    verifications: Mapped[int]
