"""The register of what was destroyed (销毁清册): it stays for good, and names no person."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, word
from siweb.keeping.tables.keeping_term import KeptClass


class Destruction(Base):
    """What two people had destroyed together, by which term; its task says who they are."""

    __tablename__ = "destruction"
    __table_args__ = (CheckConstraint("scans > 0 AND size > 0", name="of_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    kept_class: Mapped[KeptClass] = mapped_column(word(KeptClass, "kept_class"))
    scans: Mapped[int]
    size: Mapped[int]
    # Cases that were closed before this day, by the term that held.
    closed_before: Mapped[date]
    keeping_term_id: Mapped[int] = mapped_column(ForeignKey("keeping_term.id"))
    # SHA-256 over the lines, in their order: the list cannot become another one.
    digest: Mapped[str] = mapped_column(String(64))
    destroyed_at: Mapped[datetime]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), unique=True)


class DestructionLine(Base):
    """One scan of the list: its number, its case, the hash of its content, and its days."""

    __tablename__ = "destruction_line"

    destruction_id: Mapped[int] = mapped_column(ForeignKey("destruction.id"), primary_key=True)
    scan_number: Mapped[str] = mapped_column(String(24), primary_key=True)
    case_number: Mapped[str] = mapped_column(String(24))
    content_digest: Mapped[str] = mapped_column(String(64))
    attached_on: Mapped[date]
    closed_on: Mapped[date]
